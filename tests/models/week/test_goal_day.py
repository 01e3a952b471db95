"""The goal's own day: what the week before it, and the one after, do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from steadymile.models.policy.build_state import state_of
from steadymile.models.session import Day
from steadymile.models.week.easing import revise
from steadymile.models.week.plan import plan
from steadymile.models.week.replay import replay
from steadymile.models.weekplan import RUN_KINDS, Action, PlannedSession, WeekPlan

from tests.models.policy_people import SUNDAY, live, person, run, walk
from tests.models.week.test_plays import past

WEEKS = 7
DAY = SUNDAY + timedelta(weeks=WEEKS)
WEDNESDAY = DAY - timedelta(days=4)
FINE: dict[str, Any] = {"pain": 0.0, "fatigue": 2.0, "soreness": 2.0}
TIRED = {"fatigue": 7.0, "sleep_quality": 7.0, "stress": 7.0, "soreness": 7.0}
FAR, NEAR = "10k", "mile"


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def weeks_of(
    goal: str, said: dict[str, Any], effort: Callable[[PlannedSession], float] = lambda p: 3.0
) -> list[WeekPlan]:
    """The week of the goal's day, with its revisions, when something is said from its Wednesday on."""

    def told(week: int, day: date) -> dict[str, Any]:
        once = day == WEDNESDAY or (said == TIRED and day > WEDNESDAY)
        return {**FINE, **said} if once else FINE

    history, _ = live(
        person(goal=goal, goal_date=DAY, experience="active"), SUNDAY, WEEKS,
        lambda w, p: {"rpe": effort(p), "talk_test": "yes"}, told=told, nightly=True,
    )  # fmt: skip
    return [w for w in history.weeks if w.week == f"{DAY:%G-W%V}"]


def on_the_day(week: WeekPlan) -> PlannedSession:
    return next(p for p in week.planned if p.day == DAY)


@pytest.mark.parametrize("goal", [FAR, NEAR])
@pytest.mark.parametrize("said", [{"red_flag": "chest_pain"}, {"pain": 6.0}], ids=["sign", "pain"])
def test_under_a_stop_the_goals_day_says_not_to_run_it(goal: str, said: dict[str, Any]) -> None:
    before, stopped = weeks_of(goal, said)[:2]
    assert on_the_day(before).title.startswith("Your day")
    day = on_the_day(stopped)
    assert (stopped.action, day.kind, day.title) == (Action.STOP, "rest", "Rest")
    assert "As things stand, do not run it" in day.instruction
    assert stopped.headline.endswith("Sunday, your day, is off.")


def test_a_distance_out_of_reach_is_off_once_somebody_is_ill() -> None:
    before, ill = weeks_of(FAR, {"ill": True})[:2]
    assert "If you go, choose a shorter distance" in on_the_day(before).instruction
    assert "As things stand, do not run it" in on_the_day(ill).instruction


@pytest.mark.parametrize("said", [{"ill": True}, {"pain": 4.0, "pain_next_morning": "worse"}, TIRED])
def test_an_easy_run_on_the_goals_day_says_that_it_is_all(said: dict[str, Any]) -> None:
    eased = weeks_of(NEAR, said)[1]
    assert eased.action == Action.BACK_OFF
    assert on_the_day(eased).kind == "run"
    assert "run no more than this today" in on_the_day(eased).instruction
    assert eased.headline.endswith("Sunday, your day, is off.")


def test_a_run_that_felt_too_hard_shortens_the_runs_before_the_day_and_not_the_day() -> None:
    monday = DAY - timedelta(days=6)
    first, eased = weeks_of(NEAR, {}, lambda p: 8.0 if p.day == monday else 3.0)[:2]
    assert on_the_day(eased) == on_the_day(first)
    assert sum(p.run_min for p in eased.planned if p.day < DAY) < sum(p.run_min for p in first.planned if p.day < DAY)
    assert eased.headline.endswith("Sunday is your day.")


def test_a_well_week_keeps_the_day_as_it_is() -> None:
    found = weeks_of(NEAR, {})
    assert [on_the_day(w).purpose for w in found] == ["goal_day"]


def test_weeks_with_a_goals_day_are_replayed_as_they_stand() -> None:
    for goal in (FAR, NEAR):
        for said in ({"pain": 6.0}, {"ill": True}, TIRED):
            assert all(replay(w) == w for w in weeks_of(goal, said))


def established(answers: Callable[[PlannedSession], dict[str, Any] | None]) -> list[WeekPlan]:
    """Five weeks of an established runner whose 10 km are on the Saturday of the third."""
    day = SUNDAY + timedelta(days=20)
    runner = person(past((45.0, 45.0, 90.0), (2, 4, 7), 12), goal="10k", goal_date=day)
    _, plans = live(runner, SUNDAY, 5, lambda w, p: answers(p), told=lambda w, d: FINE)
    return plans


def test_a_day_that_was_run_is_recovered_from() -> None:
    ran = established(lambda p: {"rpe": 4.0})
    assert "The day of your goal is behind you: this week is for recovery" in ran[3].headline


def test_a_day_that_was_not_run_is_not_recovered_from_once_a_session_after_it_is_known() -> None:
    """The watch has shown nothing since before the day, until a run of the week after it."""
    missed = established(lambda p: None if p.purpose == "goal_day" else {"rpe": 4.0})
    ran = established(lambda p: {"rpe": 4.0})
    assert ["is for recovery" in w.headline for w in missed[3:5]] == [True, False]
    assert ["is for recovery" in w.headline for w in ran[3:5]] == [True, True]
    assert missed[4].run_min > ran[4].run_min


def after_a_stop(goal_day: date | None) -> list[WeekPlan]:
    """A runner of 140 min a week with a calf that was cleared after twelve days, by week as each ended."""
    runner = person(past((40.0, 40.0, 60.0), (2, 4, 7), 10), goal="10k", goal_date=goal_day)
    stop, clear = SUNDAY + timedelta(days=22), SUNDAY + timedelta(days=34)

    def told(week: int, day: date) -> dict[str, Any]:
        return {"red_flag": "calf"} if day == stop else {"cleared": True, "pain": 0.0} if day == clear else FINE

    _, plans = live(
        runner, SUNDAY, 9, lambda w, p: None if stop <= p.day < clear else {"rpe": 3.0, "talk_test": "yes"},
        nightly=True, told=told,
    )  # fmt: skip
    return list({w.week: w for w in plans if w.status == "frozen"}.values())


def test_a_goals_day_makes_the_way_back_from_a_stop_neither_steeper_nor_slower() -> None:
    day = SUNDAY + timedelta(days=48)
    dated, free = after_a_stop(day), after_a_stop(None)
    assert [(w.level, w.run_min) for w in dated[5:]] == [(w.level, w.run_min) for w in free[5:]]
    race = next(w for w in dated if w.week == f"{day:%G-W%V}")
    assert race.headline.endswith("Saturday, your day, is off.")
    assert "too soon on the way back to running" in next(p.instruction for p in race.planned if p.day == day)


def test_all_running_is_easy_until_two_weeks_after_a_stop() -> None:
    weeks = after_a_stop(None)
    recent = [w for w in weeks if {"restart", "after_stop"} & {r.rule for r in w.reasons if r.fired} and w.sessions]
    assert len(recent) >= 2
    assert not [p for w in recent for p in w.planned if p.purpose == "hard" or p.kind in ("test", "hills")]


@pytest.mark.parametrize("ahead", range(1, 8))
def test_a_day_of_which_nothing_is_asked_leaves_the_week_its_runs(ahead: int) -> None:
    runner = person(past((20.0, 20.0, 29.0), (2, 4, 7), 8), goal="half", goal_date=SUNDAY + timedelta(days=ahead))
    week = plan(runner, SUNDAY)
    runs = [p for p in week.planned if p.kind in RUN_KINDS]
    assert len(runs) >= 2
    assert all(abs((p.day - SUNDAY).days - ahead) > 1 for p in runs)


def test_a_goals_day_told_on_the_day_of_the_plan_is_the_reason_for_the_change() -> None:
    runner = person(past((45.0, 45.0, 70.0), (2, 4, 7), 10), goal="10k")
    first = plan(runner, SUNDAY)
    base = replace(runner.athlete.base, goal_date=SUNDAY + timedelta(days=5))
    told = replace(runner, athlete=replace(runner.athlete, base=base), weeks=(first,))
    changed = revise(told, SUNDAY, first)
    assert changed is not None
    assert changed.run_min < first.run_min
    assert "What you have said about yourself since asks for less." in str(changed.revision_reason)
    assert [p.purpose for p in changed.planned if p.day == SUNDAY + timedelta(days=5)] == ["goal_day"]


@pytest.mark.parametrize("minutes", [75.0, 100.0])
def test_after_a_day_further_than_any_run_nothing_more_is_asked_in_its_week(minutes: float) -> None:
    """Ten kilometres, for whom 75 min of running are too little of them to be a test, and 100 min enough."""
    tuesday = SUNDAY + timedelta(days=2)
    runner = person(past((40.0, 40.0, 40.0, minutes), (1, 3, 5, 7), 10), goal="10k", goal_date=tuesday)
    week = plan(runner, SUNDAY)
    race = next(p for p in week.planned if p.day == tuesday)
    after = [p.day for p in week.planned if p.kind in RUN_KINDS and p.day > tuesday]
    if race.kind == "test":
        assert after
        assert all((b - a).days > 1 for a, b in pairwise([tuesday, *after]))
    else:
        assert "is further than any run of your training" in race.instruction
        assert after == []


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ({}, 0.5),
        ({"rpe": 9.0, "talk_test": "no"}, 0.5),
        ({"fatigue": 5.0, "soreness": 6.0}, 0.5),
    ],
)
def test_answers_alone_are_no_word_that_a_goals_day_was_not_run(said: dict[str, Any], share: float) -> None:
    """The day on Saturday, the watch not synced; answers of the day, or of the morning after."""
    saturday, sunday = SUNDAY - timedelta(days=1), SUNDAY
    runs = [s for s in past((45.0, 45.0, 90.0), (2, 4, 7), 12) if s.local_day < saturday]
    days = tuple(Day(d, said) for d in (saturday, sunday) if said)
    runner = person(tuple(runs), days, goal="10k", goal_date=saturday)
    assert float(state_of(replace(runner, last_file_day=sunday), SUNDAY).signals.recovery_share[0]) == share


@pytest.mark.parametrize("said", [{"red_flag": "chest_pain"}, {"pain": 7.0}], ids=["sign", "pain"])
def test_a_week_planned_under_a_stop_says_that_the_day_is_off(said: dict[str, Any]) -> None:
    day = SUNDAY + timedelta(days=6)
    runner = person(past((40.0, 40.0, 60.0), (2, 4, 7), 10), (Day(SUNDAY, said),), goal="10k", goal_date=day)
    week = plan(runner, SUNDAY)
    race = next(p for p in week.planned if p.day == day)
    assert (week.action, race.kind, race.purpose) == (Action.STOP, "rest", "goal_off")
    assert "As things stand, do not run it" in race.instruction
    assert week.headline.endswith("Saturday, your day, is off.")


def test_walks_on_the_way_back_keep_their_days_and_the_goals_day_is_off() -> None:
    day = SUNDAY + timedelta(days=41)
    dated, free = (next(w for w in after_a_stop(d) if w.week == f"{day:%G-W%V}") for d in (day, None))
    assert (dated.level, dated.sessions, free.sessions) == ("W2", 0, 0)
    assert dated.walk_min == free.walk_min
    assert next(p for p in dated.planned if p.purpose == "goal_off").day == day


def test_after_a_crash_the_plan_does_not_ask_for_the_goals_day() -> None:
    day = SUNDAY + timedelta(days=6)
    runs = past((40.0, 40.0, 90.0), (2, 4, 7), 10)
    worse = (Day(SUNDAY - timedelta(days=3), {"after_effort": "worse"}),)
    races = [
        next(p for p in plan(person(runs, days, goal="10k", goal_date=day), SUNDAY).planned if p.day == day)
        for days in (worse, ())
    ]
    assert [p.kind for p in races] == ["rest", "test"]
    assert "the plan does not ask for 10 km today" in races[0].instruction


def shares_after(sessions: tuple[Any, ...], days: tuple[Day, ...] = ()) -> float:
    """The share of the week after a half marathon on Saturday, planned on the Sunday, after these sessions."""
    saturday = SUNDAY - timedelta(days=1)
    before = tuple(s for s in past((45.0, 45.0, 130.0), (2, 4, 7), 12) if s.local_day < saturday)
    runner = person((*before, *sessions), days, goal="half", goal_date=saturday)
    return float(state_of(replace(runner, last_file_day=SUNDAY), SUNDAY).signals.recovery_share[0])


def test_a_distance_that_was_covered_in_parts_or_walked_is_recovered_from() -> None:
    saturday = SUNDAY - timedelta(days=1)
    later = walk(SUNDAY, 20.0)
    halves = tuple(run(saturday, 80.0, activity_id=f"half-{n}", started_at=at(saturday, 7 + 2 * n)) for n in (0, 1))
    assert shares_after((*halves, later)) == 0.5
    assert shares_after((walk(saturday, 240.0), later)) == 0.5
    assert shares_after((run(saturday, 20.0), later)) == 1.0


def test_an_illness_after_the_day_takes_no_recovery_away() -> None:
    raced = (run(SUNDAY - timedelta(days=1), 160.0),)
    assert shares_after(raced, (Day(SUNDAY, {"ill": True}),)) == 0.5
    assert shares_after((), (Day(SUNDAY, {"ill": True}),)) == 1.0


def test_a_day_that_is_called_off_crowds_no_runs_together() -> None:
    """After sixteen days away, of a runner of four days a week."""
    day = SUNDAY + timedelta(days=6)
    runs = tuple(s for s in past((40.0, 40.0, 40.0, 70.0), (1, 3, 5, 7), 12) if (SUNDAY - s.local_day).days >= 16)
    dated, free = (plan(person(runs, goal="10k", goal_date=d), SUNDAY) for d in (day, None))
    assert [p.purpose for p in dated.planned if p.day == day] == ["goal_off"]
    assert [(p.day, p.run_min) for p in dated.planned if p.run_min] == [
        (p.day, p.run_min) for p in free.planned if p.run_min
    ]
