"""The way back after a stop, with walks as watches record them: a little short, sometimes sore."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from models.decision import Action, PlannedSession, WeekPlan
from models.history import Day
from models.plan import plan
from tests.models.policy_people import SUNDAY, live, person, run

RUNS = ("run", "hills", "test")


def after_strong_pain(walk_pain: float | None = None, watch_s: float = 0.0) -> list[WeekPlan]:
    """Someone active whose knee hurts 6 of 10 in week 4, is calm a week later, and does every walk since."""

    def told(week: int, day: date) -> dict[str, Any]:
        if week == 4 and day.isoweekday() == 4:
            return {"pain": 6.0}
        if week == 5 and day.isoweekday() in (3, 5):
            return {"pain": 1.0}
        if week >= 6 and walk_pain is not None:
            return {"pain": walk_pain}
        return {}

    def done(week: int, p: PlannedSession) -> dict[str, Any]:
        if p.kind != "walk":
            return {"rpe": 3.0, "talk_test": "yes"}
        seconds = p.minutes * 60.0 - watch_s
        return {"elapsed_s": p.minutes * 60.0, "moving_s": seconds, "walking_s": seconds}

    _, plans = live(person(experience="active"), SUNDAY, 16, done, nightly=True, told=told)
    return [p for p in plans if p.status == "frozen" and p.revision == 1]


@pytest.mark.parametrize("watch_s", [0.0, 40.0])
def test_a_test_walk_opens_running_even_if_the_watch_saw_it_a_little_short(watch_s):
    plans = after_strong_pain(watch_s=watch_s)
    stop = next(i for i, p in enumerate(plans) if p.action == Action.STOP)
    assert any(p.sessions > 0 for p in plans[stop + 1 : stop + 4])


def test_a_walk_that_hurts_does_not_open_running():
    plans = after_strong_pain(walk_pain=4.0)
    stop = next(i for i, p in enumerate(plans) if p.action == Action.STOP)
    assert all(p.sessions == 0 for p in plans[stop + 1 :])


def test_walks_done_in_the_weeks_before_running_again_are_not_missed():
    plans = after_strong_pain(walk_pain=4.0)
    assert not any(r.rule == "missed" and r.fired for p in plans for r in p.reasons)


def told_late(day: date, values: dict[str, Any], weeks: int = 12) -> WeekPlan:
    """The plan of someone for whom an old answer arrives after weeks that were published without it."""
    lived, _ = live(person(experience="active"), SUNDAY, weeks, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    known = tuple(sorted((*lived.days, Day(day, values)), key=lambda d: d.day))
    return plan(replace(lived, days=known), SUNDAY + timedelta(days=7 * weeks))


@pytest.mark.parametrize("days_ago", [3, 20, 34, 50, 80])
@pytest.mark.parametrize("values", [{"pain": 8.0}, {"red_flag": "chest_pain"}])
def test_a_stop_stands_however_late_it_was_told(days_ago, values):
    day = SUNDAY + timedelta(days=7 * 12 - days_ago)
    assert told_late(day, values).action == Action.STOP


@pytest.mark.parametrize("days_ago", [20, 61, 200])
def test_a_stop_before_the_first_plan_stands(days_ago):
    history = person((run(SUNDAY - timedelta(days=2), 20.0),), (Day(SUNDAY - timedelta(days=days_ago), {"pain": 7.0}),))
    assert plan(history, SUNDAY).action == Action.STOP


def test_two_calm_days_clear_strong_pain_of_long_ago():
    said = {300: 7.0, 290: 2.0, 280: 1.0}
    days = tuple(Day(SUNDAY - timedelta(days=ago), {"pain": p}) for ago, p in said.items())
    history = person((run(SUNDAY - timedelta(days=2), 20.0),), days)
    assert plan(history, SUNDAY).action != Action.STOP


def test_nothing_clears_a_warning_sign_on_its_own_day():
    history = person((), (Day(SUNDAY, {"red_flag": "fainting", "cleared": True}),), experience="active")
    assert plan(history, SUNDAY).action == Action.STOP


def test_one_calm_day_does_not_clear_a_stop_also_when_the_first_plan_falls_within_the_week():
    days = (Day(SUNDAY, {"pain": 7.0}), Day(SUNDAY + timedelta(days=3), {"pain": 1.0}))
    history = person((run(SUNDAY - timedelta(days=2), 20.0),), days)
    first = plan(history, SUNDAY + timedelta(days=3))
    later = replace(history, weeks=(first,))
    assert plan(later, SUNDAY + timedelta(days=7)).action == Action.STOP
