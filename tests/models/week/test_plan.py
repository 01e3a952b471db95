"""The published week: deterministic, replayable, storable."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from steadymile.models.session import Day, History
from steadymile.models.week import plan as planning
from steadymile.models.week import replay as replaying
from steadymile.models.weekplan import WeekPlan

from tests.models.policy_people import SUNDAY, live, person, run

EASY = {"rpe": 3.0, "talk_test": "yes"}


@pytest.fixture(scope="module")
def lived() -> tuple[History, list[WeekPlan]]:
    def answers(week: int, _: Any) -> dict[str, Any] | None:
        return None if week in (6, 7, 8) else {"rpe": 9.0} if week == 4 else dict(EASY)

    def told(week: int, day: Any) -> dict[str, Any]:
        return {"pain": 7.0} if week == 12 and day.weekday() == 2 else {"pain": 0.0, "fatigue": 2.0, "soreness": 2.0}

    return live(person(experience="active", birth_year=1980), SUNDAY, 14, answers, nightly=True, told=told)


def test_planning_twice_gives_the_identical_week(lived):
    history, _ = lived
    day = SUNDAY + timedelta(days=7 * 14)
    assert planning.plan(history, day) == planning.plan(history, day)


def test_every_published_week_replays_to_the_identical_result(lived):
    for published in lived[1]:
        assert replaying.replay(published) == published, (published.week, published.revision)


def test_a_week_replays_from_its_state_after_a_round_through_json(lived):
    for published in lived[1]:
        stored = json.loads(json.dumps(published.state, allow_nan=False))
        assert replaying.replay(replace(published, state=stored)).planned == published.planned


def test_the_hash_changes_with_the_inputs_only(lived):
    history, _ = lived
    day = SUNDAY + timedelta(days=7 * 14)
    base = planning.plan(history, day)
    assert len(base.inputs_hash) == 64
    sore = replace(history, days=(*history.days[:-1], Day(history.days[-1].day, {"pain": 1.0})))
    assert planning.plan(sore, day).inputs_hash != base.inputs_hash


def test_many_athletes_are_planned_like_one_each(lived):
    history, _ = lived
    day = SUNDAY + timedelta(days=7 * 14)
    others = [person(experience="active"), history, person((run(day - timedelta(days=2), 12.0),))]
    assert planning.plan_many(others, day) == [planning.plan(h, day) for h in others]


def test_planning_nobody_gives_nothing():
    assert planning.plan_many([], SUNDAY) == []


def test_no_week_is_harder_after_missed_ones(lived):
    _, plans = lived
    frozen = [p for p in plans if p.status == "frozen" and p.revision == 1]
    before, after = frozen[6], frozen[9]  # three weeks were missed between
    assert after.run_min <= before.run_min


def test_units_change_nothing(lived):
    history, _ = lived
    day = SUNDAY + timedelta(days=7 * 14)
    miles = replace(history, athlete=replace(history.athlete, units="miles"))
    assert planning.plan(miles, day) == planning.plan(history, day)


def test_the_order_of_sessions_with_equal_times_changes_nothing():
    first = run(SUNDAY, 10.0)
    twin = replace(first, activity_id="twin", kind="other", sport="cycling")
    a = planning.plan(person((first, twin)), SUNDAY)
    b = planning.plan(person((twin, first)), SUNDAY)
    assert a == b


def test_a_week_whose_running_is_done_already_says_so() -> None:
    wednesday = SUNDAY + timedelta(days=3)
    before = [run(SUNDAY - timedelta(days=2 * i), 22.0) for i in range(9)]
    since = [run(wednesday - timedelta(days=i), 25.0) for i in range(3)]
    began = planning.plan(person([*before[::-1], *since[::-1]], goal="mile"), wednesday)
    assert not [p for p in began.planned if p.kind == "run"]
    assert "You have run 75 min since Monday, which is all the running of this week." in began.headline


def test_a_week_with_running_to_come_says_nothing_of_what_was_run() -> None:
    wednesday = SUNDAY + timedelta(days=3)
    before = [run(SUNDAY - timedelta(days=2 * i), 22.0) for i in range(9)]
    began = planning.plan(
        person(sorted([*before, run(SUNDAY + timedelta(days=1), 22.0)], key=lambda s: s.started_at)), wednesday
    )
    assert [p for p in began.planned if p.kind == "run"]
    assert "since Monday" not in began.headline
