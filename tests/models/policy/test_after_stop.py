"""The way back after a stop, with walks as watches record them: a little short, sometimes sore."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from steadymile.models.policy import ladder
from steadymile.models.policy.decide import decide
from steadymile.models.policy.parameters import V3_4
from steadymile.models.policy.state import StateArrays
from steadymile.models.session import Day
from steadymile.models.week.easing import tonight
from steadymile.models.week.plan import plan
from steadymile.models.weekplan import RUN_KINDS, Action, PlannedSession, WeekPlan

from tests.models.policy_people import SUNDAY, live, person, run, walk


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


def walker_after_a_stop(weeks: int = 16, **facts: Any) -> list[WeekPlan]:
    told = {SUNDAY + timedelta(days=3): 7.0, SUNDAY + timedelta(days=4): 1.0, SUNDAY + timedelta(days=5): 1.0}
    _, plans = live(person(**facts), SUNDAY, weeks, lambda w, p: {"rpe": 2.0, "talk_test": "yes"},
                    told=lambda w, d: {"pain": told[d]} if d in told else {})  # fmt: skip
    return [p for p in plans if p.status == "frozen"]


def test_a_walker_finds_the_way_back_after_a_stop():
    plans = walker_after_a_stop(goal="walk")
    assert plans[-1].level == "W8"


def test_a_beginner_who_was_stopped_while_walking_jogs_in_the_end():
    assert walker_after_a_stop(weeks=12, experience="never")[-1].sessions > 0


def test_who_walks_by_level_is_tested_by_no_longer_walk_than_their_own():
    tests = [p for plan in walker_after_a_stop(experience="never")[1:4] for p in plan.planned if p.kind == "walk"]
    assert max(p.minutes for p in tests) <= 20.0


@pytest.mark.parametrize("late", [0, 2, 9])
def test_the_first_running_week_after_a_stop_is_lower_whenever_the_test_walk_arrives(late):
    """Strong pain on Tuesday, two calm days, half an hour of walking on Friday; its file comes `late` days on."""
    lived, _ = live(person(experience="active"), SUNDAY, 8, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    hurt = SUNDAY + timedelta(days=58)
    calm = tuple(Day(hurt + timedelta(days=n), {"pain": 1.0}) for n in (1, 2))
    history = replace(lived, days=(*lived.days, Day(hurt, {"pain": 7.0}), *calm))
    friday = hurt + timedelta(days=3)
    test_walk = walk(friday, 30.0)
    levels = []
    day = hurt
    while day <= hurt + timedelta(days=28):
        if day == friday + timedelta(days=late):
            history = replace(history, sessions=(*history.sessions, test_walk), last_file_day=friday)
        known = replace(history, days=tuple(d for d in history.days if d.day <= day))
        for week in tonight(known, day):
            if week.status == "frozen":
                history = replace(history, weeks=(*history.weeks, week))
                levels += [week] if week.sessions and week.as_of > friday else []
        day += timedelta(days=1)
    before = lived.weeks[-1].state["decision"]["level"]
    assert levels[0].state["decision"]["level"] <= before - 2
    assert levels[0].action == Action.REBUILD


def test_the_first_running_after_a_stop_begins_lower_with_every_day_without_it() -> None:
    """Somebody with long runs of 110 min: M7 at most after two weeks, J5 after four, and a level a day between."""
    known = {
        "level": 30, "k_last": 30, "gap_base": 30, "track": 2, "top": 36, "restart": True, "established": True,
        "usual_long_min": 110.0, "usual_session_min": 55.0, "usual_week_min": 270.0, "usual_days": 4.0,
        "session_max_min": 110.0, "bout_max_min": 110.0, "week_best_min": 270.0, "distance_max_m": np.inf,
        "week_last_min": 270.0, "run_last_min": 110.0, "bout_last_min": 110.0,
    }  # fmt: skip
    days = range(14, 36)
    lengths = [decide(StateArrays.make(1, **{**known, "days_since_run": float(n)})) for n in days]
    levels = [int(d.level[0]) for d in lengths]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] <= ladder.M7
    assert levels[-1] == ladder.J1 + 4
    assert max(a - b for a, b in pairwise(levels)) == 1
    at_three_weeks = lengths[7]
    assert float(at_three_weeks.run_min[0]) <= 20.0
    before = decide(StateArrays.make(1, **{**known, "days_since_run": 21.0}), parameters=V3_4)
    assert float(before.run_min[0]) >= 60.0


@pytest.mark.parametrize("weeks", [4, 6, 7])
def test_a_runner_of_hours_comes_back_from_a_long_stop_at_j5(weeks: int) -> None:
    """Cleared by a doctor after a warning sign: two runs of 6 x 2 min at most, and not 8 x 30 s as if never run."""
    told = {10: {"red_flag": "chest_pain"}, 10 + 7 * weeks: {"cleared": True}}
    ran = tuple(run(SUNDAY - timedelta(days=2 * i + 1), 60.0) for i in range(50))[::-1]
    history = person(ran, experience="runner", goal="10k", birth_year=1990)
    _, plans = live(
        history, SUNDAY, weeks + 5, lambda w, p: {"rpe": 3.0, "talk_test": "yes"}, nightly=True,
        told=lambda w, day: told.get((day - SUNDAY).days, {}),
    )  # fmt: skip
    stop = next(i for i, p in enumerate(plans) if p.action == Action.STOP)
    back = next(p for p in plans[stop:] if p.status == "frozen" and p.sessions > 0 and p.action == Action.REBUILD)
    asked = [p.run_min for p in back.planned if p.kind in RUN_KINDS]
    assert len(asked) <= 2
    assert 6.0 <= max(asked) <= 12.0


def after_a_sore_day(days_after: int, said: dict[str, Any]) -> list[WeekPlan]:
    """Somebody cleared after a warning sign who walks as asked and says so many days after each walk how it hurts."""
    history = person(experience="active")
    history, plans = live(
        history, SUNDAY, 3, lambda w, p: {"rpe": 3.0, "talk_test": "yes"}, nightly=True,
        told=lambda w, day: {15: {"red_flag": "chest_pain"}, 20: {"cleared": True}}.get((day - SUNDAY).days, {}),
    )  # fmt: skip
    start = SUNDAY + timedelta(weeks=3, days=1)
    published = list(plans)
    for n in range(20):
        day = start + timedelta(days=n)
        hurt = any(s.kind == "walk" and (day - s.local_day).days == days_after for s in history.sessions[-7:])
        history, plans = live(
            history, day, 0, lambda w, p: {}, told=lambda w, d, h=hurt: dict(said) if h else {}
        )  # fmt: skip
        published += [p for p in plans if p.status == "frozen"]
    return [p for p in published if p.as_of >= start]


@pytest.mark.parametrize("said", [{"pain": 4.0}, {"pain_next_morning": "worse"}])
@pytest.mark.parametrize("days_after", [1, 2])
def test_pain_in_the_two_days_after_the_walk_keeps_running_closed(days_after: int, said: dict[str, Any]) -> None:
    plans = after_a_sore_day(days_after, said)
    newest = {p.week: p for p in plans}
    assert all(q.day <= p.as_of or q.kind not in RUN_KINDS for p in newest.values() for q in p.planned)


def test_little_pain_after_the_walk_opens_running() -> None:
    plans = after_a_sore_day(1, {"pain": 2.0})
    assert any(q.kind in RUN_KINDS for p in plans for q in p.planned)
