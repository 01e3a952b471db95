"""Which session fulfils which planned one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.decision import Action, PlannedSession, Step, WeekPlan
from models.matching import completion, join, match, week_of
from tests.models.policy_people import run, walk

MONDAY = date(2026, 3, 2)
STEPS = (Step(1, 0, 300), Step(6, 60, 90), Step(1, 0, 210))


def planned(weekday: int, slot: int, kind: str = "run", title: str = "Jog-walk 6 x 1 min") -> PlannedSession:
    steps = STEPS if kind != "walk" else (Step(1, 0, 1200),)
    return PlannedSession(MONDAY + timedelta(days=weekday), kind, 23.5 if kind != "walk" else 20.0, "", steps,
                          slot=slot, title=title)  # fmt: skip


def plan(*sessions: PlannedSession, **changed: object) -> WeekPlan:
    base = WeekPlan("a", week_of(MONDAY), MONDAY - timedelta(days=1), Action.HOLD, "J2", "J2", 18.0, 1.0, 60.0, None,
                    None, None, None, None, 3, "", sessions, (), status="frozen")  # fmt: skip
    return replace(base, **changed)  # type: ignore[arg-type]


THREE = plan(planned(1, 1), planned(3, 2), planned(5, 3))


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


def test_the_nth_run_of_the_week_is_the_nth_planned_run_on_whatever_day():
    sessions = [run(day(0), 6.0), run(day(6), 6.0)]
    assert [m.planned.slot for m in match(sessions, [THREE])] == [1, 2]


def test_a_run_beyond_the_planned_ones_is_an_extra_without_credit():
    sessions = [run(day(n), 6.0) for n in range(4)]
    last = match(sessions, [THREE])[-1]
    assert (last.extra, last.planned, last.completion) == (True, None, None)


def test_completion_is_run_minutes_done_over_planned():
    assert completion([run(day(1), 4.5)], [THREE]) == {f"run-{day(1)}": pytest.approx(0.75)}


def test_files_less_than_half_an_hour_apart_are_one_session():
    first = run(day(1), 3.0)
    second = replace(run(day(1), 3.0, 1.0), activity_id="b", started_at=first.started_at + timedelta(minutes=40))
    joined = join([first, second])
    assert [d.activity_ids for d in joined] == [(first.activity_id, "b")]
    assert joined[0].run_min == pytest.approx(6.0)


def test_files_half_an_hour_apart_are_two_sessions():
    first = run(day(1), 3.0)  # 13 min long
    second = replace(run(day(1), 3.0), activity_id="b", started_at=first.started_at + timedelta(minutes=44))
    assert len(join([first, second])) == 2


def test_the_worst_answer_of_joined_files_counts():
    first = run(day(1), 3.0, rpe=3.0, talk_test="yes")
    second = replace(
        first, activity_id="b", started_at=first.started_at + timedelta(minutes=20), rpe=7.0, talk_test="no"
    )
    assert (join([first, second])[0].rpe, join([first, second])[0].talk_test) == (7.0, "no")


def test_a_watch_workout_is_matched_by_its_own_name():
    hills = planned(5, 3, "hills", "Short hills 4 x 30 s")
    week = plan(planned(1, 1), planned(3, 2), hills)
    done = match([run(day(1), 6.0, workout="Short hills 4 x 30 s")], [week])[0]
    assert done.planned.kind == "hills"


def test_walks_are_matched_with_walks():
    week = plan(planned(1, 1), planned(2, 1, "walk"))
    kinds = [(m.done.kind, m.planned.kind) for m in match([walk(day(0), 20.0), run(day(1), 6.0)], [week])]
    assert kinds == [("walk", "walk"), ("run", "run")]


def test_a_run_file_without_running_is_a_walk():
    assert join([run(day(1), 0.5)])[0].kind == "walk"


def test_rides_and_swims_are_no_sessions_on_foot():
    assert join([replace(run(day(1), 30.0), kind="other")]) == []


def test_caps_see_what_was_done_even_when_it_was_nearly_what_was_planned():
    done = match([run(day(1), 5.8, 0.95)], [THREE])[0]
    assert (done.run_min, done.bout_min) == (pytest.approx(5.8), pytest.approx(0.95))


def test_a_bout_far_shorter_than_planned_counts_as_it_is():
    assert match([run(day(1), 5.0, 0.7)], [THREE])[0].bout_min == pytest.approx(0.7)


def test_with_unknown_running_the_total_decides_and_caps_see_no_more_than_planned():
    done = match([replace(run(day(1), 6.0), running_s=None, longest_run_s=None, moving_s=1410.0)], [THREE])[0]
    assert (done.completion, done.run_min, done.bout_min) == (pytest.approx(1.0), 6.0, 1.0)


def test_without_a_plan_the_current_level_stands_in():
    assert match([run(day(1), 3.0)], [], planned(1, 1))[0].completion == pytest.approx(0.5)


def test_runs_before_the_first_day_of_a_partial_week_are_extras():
    week = plan(planned(3, 1), planned(5, 2), state={"start": day(2).isoformat()})
    assert [m.extra for m in match([run(day(0), 6.0), run(day(3), 6.0)], [week])] == [True, False]


def test_the_latest_revision_of_a_week_is_the_plan():
    eased = plan(planned(1, 1), revision=2)
    assert [m.extra for m in match([run(day(1), 6.0), run(day(3), 6.0)], [eased, THREE])] == [False, True]
