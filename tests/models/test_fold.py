"""What a session earns: comfort and credit of runs and walks, from what was done and said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.decision import Action, PlannedSession, Step, WeekPlan
from models.fold import Scored, score
from models.history import Session
from models.matching import match, week_of
from tests.models.policy_people import run, walk

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
    # (3 x 1 talk + 3 x 1 effort 3 + 2 x 1 done + 1.5) / 11 = 9.5 / 11
    found = ran(talk_test="yes", rpe=3.0)
    assert (found.comfort, found.credit) == (pytest.approx(9.5 / 11), 1.0)


def test_talking_is_not_scored_after_bouts_of_less_than_two_minutes():
    assert ran(bout=1.9, talk_test="no").gate is False
    assert ran(bout=2.0, talk_test="no").gate is True


def test_a_walk_is_long_enough_to_be_asked_about_talking():
    assert (walked(talk_test="no").gate, walked(talk_test="no").credit) == (True, 0.0)
    assert walked(talk_test="yes").comfort == pytest.approx((3 + 2 + 1.5) / 8)


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
