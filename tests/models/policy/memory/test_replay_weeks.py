"""What a session earns: comfort and credit of runs and walks, from what was done and said."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from steadymile.models.physiology.symptoms import Span
from steadymile.models.policy.memory import replay_weeks
from steadymile.models.policy.parameters import V3_2
from steadymile.models.policy.training.matching import match, week_of
from steadymile.models.policy.training.scoring import Scored, score
from steadymile.models.session import Session
from steadymile.models.weekplan import Action, PlannedSession, Step, WeekPlan

from tests.models.policy_people import person, run, walk

MONDAY = date(2026, 3, 2)
RUN = PlannedSession(MONDAY, "run", 24.0, "", (Step(1, 0, 300), Step(3, 240, 60), Step(1, 0, 240)), slot=1)
WALK = PlannedSession(MONDAY + timedelta(days=1), "walk", 20.0, "", (Step(1, 0, 1200),), slot=1)
WEEK = WeekPlan("a", week_of(MONDAY), MONDAY - timedelta(days=1), Action.HOLD, "J6", "J6", 12.0, 4.0, 20.0, None, None,
                None, None, None, 1, "", (RUN, WALK), (), status="frozen")  # fmt: skip


def scored(session: Session) -> Scored:
    return score(match([session], [WEEK]))[0]


def ran(minutes: float = 12.0, bout: float = 4.0, **said: object) -> Scored:
    return scored(run(MONDAY, minutes, bout, **said))


def walked(minutes: float = 20.0, **said: object) -> Scored:
    return scored(walk(MONDAY, minutes, **said))


def test_a_finished_run_of_which_nothing_was_said_earns_two_thirds():
    assert (ran().credit, ran().gate) == (0.67, False)


def test_an_easy_finished_run_earns_a_whole_credit():
    # (3 x 1 talk + 3 x 1 effort 3 + 1.5) / 9: having finished adds nothing to the answers
    found = ran(talk_test="yes", rpe=3.0)
    assert (found.comfort, found.credit) == (pytest.approx(7.5 / 9), 1.0)


def test_that_talking_was_not_possible_counts_of_bouts_under_two_minutes_too_and_that_it_was_does_not():
    """Up to version 3.2 nothing said of talking in such bouts counted."""
    assert ran(bout=1.9, talk_test="no").gate is True
    assert score([ran(bout=1.9, talk_test="no").matched], V3_2)[0].gate is False
    assert ran(bout=1.9, talk_test="yes").comfort == ran(bout=1.9).comfort
    assert ran(bout=2.0, talk_test="no").gate is True


def test_a_walk_is_long_enough_to_be_asked_about_talking():
    assert (walked(talk_test="no").gate, walked(talk_test="no").credit) == (True, 0.0)
    assert walked(talk_test="yes").comfort == pytest.approx((3 + 1.5) / 6)


def test_a_breathless_walk_that_was_told_to_be_easy_counts():
    assert walked(talk_test="no", rpe=3.0).credit == 1.0


def test_a_walk_of_eighty_percent_at_an_easy_effort_earns_a_credit():
    assert [walked(minutes).credit for minutes in (16.0, 15.9)] == [1.0, 0.0]
    assert [walked(rpe=effort).credit for effort in (4.0, 4.5)] == [1.0, 0.0]


def test_an_extra_earns_nothing():
    both = score(match([run(MONDAY, 12.0), run(MONDAY + timedelta(days=2), 12.0, rpe=3.0)], [WEEK]))
    assert [(s.matched.extra, s.credit) for s in both] == [(False, 0.67), (True, 0.0)]


def test_a_run_cut_short_closes_the_gate():
    assert (ran(8.3).gate, ran(8.3).credit) == (True, 0.0)
    assert ran(8.4).gate is False


# how much of a week was done

SUNDAY = MONDAY + timedelta(days=6)
QUIET = Span(0.0, 0, False, False, False, False, None)


def share(ran: int, planned: int, span: Span = QUIET, last: date = SUNDAY, **changed: Any) -> float:
    """Of `planned` runs, beside two planned walks, so many done."""
    slots = tuple(replace(RUN, day=MONDAY + timedelta(days=i), slot=i + 1) for i in range(planned))
    state = {"facts": {"start": changed.pop("start", MONDAY).isoformat()}}
    week = replace(WEEK, planned=(*slots, WALK, WALK), state=state, **{"sessions": planned, **changed})
    sessions = [run(MONDAY + timedelta(days=i), 12.0, 4.0) for i in range(ran)]
    history = person(tuple(sessions)) if sessions else replace(person(), last_file_day=MONDAY)
    return replay_weeks._adherence(week, history, score(match(sessions, [week])), last, last, span)


@pytest.mark.parametrize(
    ("ran", "planned", "expected"), [(3, 3, 1.0), (1, 4, 0.25), (2, 3, 2 / 3), (0, 3, 0.0), (4, 3, 1.0)]
)
def test_a_week_was_done_as_far_as_its_planned_runs_were(ran: int, planned: int, expected: float) -> None:
    assert share(ran, planned) == pytest.approx(expected)


@pytest.mark.parametrize(("start", "counts"), [(0, True), (2, True), (3, False)])
def test_a_week_of_less_than_five_planned_days_says_nothing(start: int, counts: bool) -> None:
    assert math.isnan(share(0, 3, start=MONDAY + timedelta(days=start))) is not counts


def test_a_week_under_way_a_stop_and_an_illness_say_nothing() -> None:
    assert math.isnan(share(0, 3, last=SUNDAY - timedelta(days=1)))
    assert math.isnan(share(0, 3, action=Action.STOP))
    assert math.isnan(share(0, 3, replace(QUIET, ill=True)))
    assert math.isnan(share(0, 3, replace(QUIET, ill_ended=True)))


@pytest.mark.parametrize(("days", "silent"), [(27, True), (28, False)])
def test_a_watch_that_has_not_synced_for_four_weeks_was_not_worn(days: int, silent: bool) -> None:
    state = {"facts": {"start": MONDAY.isoformat()}}
    week = replace(WEEK, state=state)
    history = replace(person(), last_file_day=SUNDAY - timedelta(days=days))
    assert math.isnan(replay_weeks._adherence(week, history, [], SUNDAY, SUNDAY, QUIET)) is silent
