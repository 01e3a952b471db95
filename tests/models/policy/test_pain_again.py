"""Pain that a run should not have, and that comes back: remembered for twelve weeks."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from steadymile.models.physiology.symptoms import Record, bad_pain_of
from steadymile.models.policy.decide import decide
from steadymile.models.policy.parameters import V3_6, V3_8
from steadymile.models.policy.state import StateArrays
from steadymile.models.session import Day
from steadymile.models.weekplan import RUN_KINDS, Action, WeekPlan

from tests.models.policy_people import SUNDAY, live, person
from tests.models.week.test_plays import past

FINE = {"rpe": 3.0, "talk_test": "yes"}
LAST = date(2026, 6, 28)


def told(*ago: int, **values: float | str) -> list[Day]:
    """Days so long ago with these values."""
    return [Day(LAST - timedelta(days=n), dict(values)) for n in sorted(ago, reverse=True)]


@pytest.mark.parametrize(
    ("days", "weeks", "last"),
    [
        (told(3, pain_next_morning="worse"), 1, 3.0),
        (told(3, 17, 40, pain=6.0), 3, 3.0),
        (told(0, 1, 2, pain=8.0), 1, 0.0),
        (told(0, 7, 14, pain=8.0), 1, 0.0),
        (told(0, 8, 15, pain=8.0), 2, 0.0),
        (told(83, pain=6.0), 1, 83.0),
        (told(84, pain=6.0), 0, np.inf),
        (told(3, 17, 40, pain=5.0), 0, np.inf),
        (told(3, 17, 40, pain_next_morning="same"), 0, np.inf),
        ([*told(30, 40, pain=6.0), *told(20, cleared=True), *told(3, pain=6.0)], 1, 3.0),
        ([*told(30, 40, pain=6.0), *told(20, cleared=True)], 0, np.inf),
    ],
)
def test_how_often_pain_was_more_than_a_run_should_have(days: list[Day], weeks: int, last: float) -> None:
    assert bad_pain_of(Record.of(days), LAST) == (weeks, last)


def ready(**known: float) -> StateArrays:
    """A beginner with a step earned."""
    return StateArrays.make(
        1, level=9, k_last=9, gap_base=9, credit=6.0, comfort=0.9, answered=True, coverage=1.0, fat_upper=0.1,
        session_max_min=20.0, bout_max_min=9.0, week_best_min=50.0, sessions_7d=3.0, days_since_run=1.0, **known,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("weeks", "ago", "action"),
    [(1, 7, Action.HOLD), (1, 13, Action.HOLD), (1, 14, Action.ADVANCE), (2, 14, Action.ADVANCE), (3, 14, Action.HOLD),
     (3, 27, Action.HOLD), (3, 28, Action.ADVANCE), (0, np.inf, Action.ADVANCE)],
)  # fmt: skip
def test_two_calm_weeks_come_before_a_step_and_four_after_the_third_time(
    weeks: int, ago: float, action: Action
) -> None:
    s = ready(bad_times=float(weeks), bad_days_ago=float(ago))
    assert int(decide(s).action[0]) == action
    assert int(decide(s, parameters=V3_6).action[0]) == Action.ADVANCE


@pytest.mark.parametrize(("weeks", "steps"), [(0, 2), (1, 2), (2, 1), (3, 1)])
def test_after_the_second_time_nothing_goes_up_by_two_steps(weeks: int, steps: int) -> None:
    s = ready(bad_times=float(weeks), bad_days_ago=45.0 if weeks else np.inf)
    assert int(decide(s).level[0]) - 9 == steps


@pytest.mark.parametrize(("ago", "steps"), [(14, 1), (41, 1), (42, 2), (80, 2)])
def test_after_the_first_time_nothing_goes_up_by_two_steps_for_six_weeks(ago: int, steps: int) -> None:
    s = ready(bad_times=1.0, bad_days_ago=float(ago))
    assert int(decide(s).level[0]) - 9 == steps
    assert int(decide(s, parameters=V3_8).level[0]) - 9 == 2


def doses(morning: str | None) -> list[WeekPlan]:
    """Half a year of a runner whose pain of 3 is worse next morning whenever a run is longer than an hour."""
    runner = person(past((35.0, 35.0, 60.0), (2, 4, 6), 14), experience="runner", goal="10k", birth_year=1985)
    ran: dict[date, float] = {}

    def answers(w: int, p: object) -> dict[str, float | str]:
        if p.kind in RUN_KINDS:
            ran[p.day] = p.run_min
        return FINE

    def said(w: int, day: date) -> dict[str, float | str]:
        before = ran.get(day - timedelta(days=1), 0.0)
        return {"pain": 3.0, "pain_next_morning": morning} if morning and before > 62.0 else {}

    _, plans = live(runner, SUNDAY, 26, answers, told=said)
    return list({p.week: p for p in plans if p.status == "frozen"}.values())


def test_a_dose_that_hurts_again_and_again_is_named_to_a_physiotherapist() -> None:
    plans = doses("worse")
    hurt = [p for p in plans if any("physiotherapist" in r.sentence for r in p.reasons if r.fired)]
    assert hurt
    assert sum(max(q.run_min for q in p.planned) > 62.0 for p in plans) <= 8
    assert not any("physiotherapist" in r.sentence for p in doses(None) for r in p.reasons if r.fired)


def test_strong_pain_once_a_month_is_named_and_takes_no_two_steps() -> None:
    days = {
        SUNDAY + timedelta(days=24 + 30 * n + k): {"pain": x}
        for n in range(5)
        for k, x in ((0, 7.0), (3, 1.0), (6, 1.0))
    }
    runner = person(past((35.0, 35.0, 60.0), (2, 4, 6), 14), experience="runner", goal="10k", birth_year=1985)
    _, plans = live(runner, SUNDAY, 24, lambda w, p: FINE, nightly=True, told=lambda w, day: days.get(day, {}))
    weeks = list({p.week: p for p in plans if p.status == "frozen"}.values())
    named = [p.week for p in weeks if any("physiotherapist" in r.sentence for r in p.reasons if r.fired)]
    assert named
    assert not any(p.headline.startswith("Two steps") for p in weeks if p.week > named[0])
