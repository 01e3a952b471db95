"""Which session fulfils which planned one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from steadymile.models.policy.training import matching
from steadymile.models.policy.training.matching import completion, join, match, week_of
from steadymile.models.weekplan import Action, PlannedSession, Step, WeekPlan

from tests.models.policy_people import SUNDAY, run, walk

MONDAY = date(2026, 3, 2)
STEPS = (Step(1, 0, 300), Step(6, 60, 90), Step(1, 0, 210))


def planned(weekday: int, slot: int, kind: str = "run", title: str = "Jog-walk 6 x 1 min") -> PlannedSession:
    steps = STEPS if kind != "walk" else (Step(1, 0, 1200),)
    return PlannedSession(MONDAY + timedelta(days=weekday), kind, 23.5 if kind != "walk" else 20.0, "", steps,
                          slot=slot, title=title)  # fmt: skip


def plan(*sessions: PlannedSession, **changed: object) -> WeekPlan:
    base = WeekPlan("a", week_of(MONDAY), MONDAY - timedelta(days=1), Action.HOLD, "J2", "J2", 18.0, 1.0, 60.0, None,
                    None, None, None, None, 3, "", sessions, (), status="frozen")  # fmt: skip
    return replace(base, **changed)


THREE = plan(planned(1, 1), planned(3, 2), planned(5, 3))


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


def test_the_nth_run_of_the_week_is_the_nth_planned_run_on_whatever_day():
    sessions = [run(day(0), 6.0), run(day(6), 6.0)]
    assert [m.planned.slot for m in match(sessions, [THREE])] == [1, 2]


def test_a_run_beyond_the_planned_ones_is_an_extra_without_credit():
    sessions = [run(day(n), 6.0) for n in range(4)]
    extra = match(sessions, [THREE])[2]  # two stand on their own days, and of the others the earlier one counts
    assert (extra.extra, extra.planned, extra.completion) == (True, None, None)


LONG_FIRST = plan(
    replace(planned(1, 1, title="Jog-walk 12 x 1 min"), steps=(Step(1, 0, 300), Step(12, 60, 90))),
    planned(3, 2),
    planned(5, 3),
)


def test_a_run_belongs_to_the_run_that_was_shown_for_its_day():
    matched = match([run(day(3), 6.0, 1.0), run(day(5), 6.0, 1.0)], [LONG_FIRST])
    assert [(m.planned.slot, m.completion) for m in matched] == [(2, 1.0), (3, 1.0)]


@pytest.mark.parametrize(("minutes", "slot"), [(12.0, 1), (6.0, 2)])
def test_a_run_on_another_day_belongs_to_the_planned_run_that_it_fits_best(minutes, slot):
    assert match([run(day(2), minutes, 1.0)], [LONG_FIRST])[0].planned.slot == slot


def test_the_name_of_a_watch_workout_counts_more_than_the_day():
    done = match([run(day(3), 12.0, 1.0, workout="Jog-walk 12 x 1 min")], [LONG_FIRST])[0]
    assert done.planned.slot == 1


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
    kinds = [(m.session.foot, m.planned.kind) for m in match([walk(day(0), 20.0), run(day(1), 6.0)], [week])]
    assert kinds == [("walk", "walk"), ("run", "run")]


@pytest.mark.parametrize(("minutes", "kind"), [(0.0, "walk"), (0.98, "walk"), (1.0, "run")])
def test_a_run_file_without_a_minute_of_running_is_a_walk(minutes, kind):
    assert join([run(day(1), minutes)])[0].foot == kind


def test_only_runs_that_were_planned_as_a_test_are_tests():
    week = plan(planned(1, 1), planned(3, 2, "test"))
    matched = match([run(day(1), 6.0), run(day(3), 6.0), run(day(5), 6.0)], [week])
    assert matching.tests(matched) == {f"run-{day(3)}"}


def test_an_answer_about_talking_that_is_none_of_three_is_not_known():
    assert [join([run(day(1), 6.0, talk_test=said)])[0].talk for said in ("yes", "maybe", None)] == [
        "yes", None, None,
    ]  # fmt: skip


def test_a_pack_of_no_weight_is_no_pack():
    assert join([run(day(1), 6.0, pack_kg=-1.0, impact_ratio=1.5)])[0].impact == 1.0


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


HALF_MINUTES = (Step(1, 0, 300), Step(8, 30, 90), Step(1, 0, 210))
J1_RUN = replace(planned(1, 1), steps=HALF_MINUTES, minutes=24.5)


def by_speed(run_min: float, bout_min: float, run_speed_m_s: float = 2.1, week: WeekPlan = THREE):
    session = run(day(1), run_min, bout_min, running_source="two speeds", moving_s=1470.0, run_speed_m_s=run_speed_m_s)
    done = match([session], [week])[0]
    return done.completion, done.run_min, done.bout_min


def test_speed_alone_is_believed_where_it_fits_the_planned_timing():
    assert by_speed(5.5, 1.2) == (pytest.approx(5.5 / 6.0), 5.5, 1.2)


def test_a_warm_up_walk_taken_for_running_counts_for_no_more_than_was_planned():
    # 14 min of "running" where 8 jogs of half a minute were asked for: the limits must not grow by it.
    assert by_speed(14.0, 5.0, 1.8, plan(J1_RUN)) == (pytest.approx(1.0), 4.0, 0.5)


def test_stretches_far_longer_than_planned_are_doubted_even_when_the_sum_fits():
    # 4/3 of a minute and a minute more is 2.33 min.
    assert by_speed(6.0, 2.4) == (pytest.approx(1470 / 60 / 23.5), 6.0, 1.0)
    assert by_speed(6.0, 2.3) == (1.0, 6.0, 2.3)


def test_what_nobody_can_walk_is_running_whatever_was_planned():
    assert by_speed(20.0, 20.0, 2.2) == (pytest.approx(20 / 6), 20.0, 20.0)
    assert by_speed(20.0, 20.0, 2.19)[1] == 6.0


def test_half_minute_jogs_that_a_track_did_not_show_are_no_missed_jogs():
    assert by_speed(2.7, 0.5, 2.2, plan(J1_RUN)) == (pytest.approx(1.0), 4.0, 0.5)


def test_seven_tenths_of_the_half_minute_jogs_are_enough_to_go_by():
    assert by_speed(2.8, 0.5, 2.2, plan(J1_RUN)) == (pytest.approx(0.7), 2.8, 0.5)


def test_minute_jogs_that_were_not_seen_were_not_run():
    assert by_speed(2.7, 1.0) == (pytest.approx(0.45), 2.7, 1.0)


def test_steps_need_no_plan_to_be_believed():
    session = run(day(1), 14.0, 5.0, running_source="cadence", run_speed_m_s=1.8)
    assert match([session], [THREE])[0].run_min == 14.0


def test_without_a_plan_there_is_nothing_to_check_speed_against():
    session = run(day(1), 14.0, 5.0, running_source="two speeds", run_speed_m_s=1.8)
    assert match([session], [])[0].run_min == 14.0


def test_a_pack_weighs_on_the_minutes_and_leaves_them_as_they_are():
    # 7 kg on 70 kg: 30 min are felt as 33.
    done = match([run(day(1), 30.0, pack_kg=7.0, impact_ratio=1.1)], [])[0]
    assert (done.run_min, done.loaded_min) == (30.0, pytest.approx(33.0))


def test_a_pack_on_a_body_of_unknown_mass_weighs_as_on_75_kg():
    assert match([run(day(1), 30.0, pack_kg=7.5)], [])[0].loaded_min == pytest.approx(33.0)


@pytest.mark.parametrize("extra", [{"pack_kg": 5.0}, {"surface": "sand_soft"}, {"surface": "sand_firm"}])
def test_decoupling_under_a_pack_or_on_sand_is_not_the_runners(extra):
    assert match([run(day(1), 30.0, decoupling_pct=9.0, **extra)], [])[0].session.own_decoupling_pct is None
    assert match([run(day(1), 30.0, decoupling_pct=9.0, surface="road")], [])[0].session.own_decoupling_pct == 9.0


def test_without_a_pack_minutes_weigh_what_they_are():
    assert match([run(day(1), 30.0, impact_ratio=1.1)], [])[0].loaded_min == 30.0


def test_without_a_plan_the_current_level_stands_in():
    assert match([run(day(1), 3.0)], [], planned(1, 1))[0].completion == pytest.approx(0.5)


def test_runs_before_the_first_day_of_a_partial_week_are_extras():
    week = plan(planned(3, 1), planned(5, 2), state={"start": day(2).isoformat()})
    assert [m.extra for m in match([run(day(0), 6.0), run(day(3), 6.0)], [week])] == [True, False]


def test_the_latest_revision_of_a_week_is_the_plan():
    eased = plan(planned(1, 1), revision=2)
    assert [m.extra for m in match([run(day(1), 6.0), run(day(3), 6.0)], [eased, THREE])] == [False, True]


def test_the_order_of_equal_times_makes_no_difference():
    from itertools import permutations

    at = datetime.combine(SUNDAY, time(7), UTC)
    three = [
        run(SUNDAY, 40.0, activity_id="a", started_at=at), run(SUNDAY, 40.0, activity_id="b", started_at=at),
        walk(SUNDAY, 20.0, activity_id="c", started_at=at),
    ]  # fmt: skip
    assert len({tuple(join(order)) for order in permutations(three)}) == 1


def test_two_runs_around_a_short_walk_are_one_session():
    at = datetime.combine(SUNDAY, time(7), UTC)
    files = [
        run(SUNDAY, 20.0, activity_id="a", started_at=at, elapsed_s=1200.0),
        walk(SUNDAY, 10.0, activity_id="b", started_at=at + timedelta(minutes=20)),
        run(SUNDAY, 20.0, activity_id="c", started_at=at + timedelta(minutes=32)),
    ]
    assert [d.activity_ids for d in join(files)] == [("a", "c"), ("b",)]


def test_across_the_date_line_a_week_is_matched_as_one():
    flown = [
        run(MONDAY, 6.0, 1.0, started_at=datetime.combine(MONDAY, time(1), UTC)),
        run(MONDAY - timedelta(days=1), 6.0, 1.0, started_at=datetime.combine(MONDAY, time(9), UTC)),  # a day back
        run(MONDAY + timedelta(days=2), 6.0, 1.0),
    ]
    matched = match(flown, [plan(planned(1, 1), planned(3, 2))])
    assert [m.planned.slot for m in matched if m.planned is not None] == [1, 2]


def with_planned_week(*sessions):
    return match(list(sessions), [THREE])


def test_a_run_as_planned_counts_in_full():
    assert [m.counted_min for m in with_planned_week(run(day(1), 6.0, 1.0))] == [6.0]


def test_what_went_beyond_the_longest_planned_run_counts_as_far_as_it_was_planned():
    # 1.1 times six minutes and one more is 7.6.
    twice = with_planned_week(run(day(1), 12.0, 2.0))[0]
    assert (twice.counted_min, twice.counted_bout_min) == (pytest.approx(7.6), pytest.approx(2.0 * 7.6 / 12.0))
    assert twice.run_min == 12.0


def test_a_week_of_more_runs_than_planned_counts_as_far_as_it_was_planned():
    # Six runs of 6 min where three were planned: 1.1 times 18 and 3 min is 22.8 of 36.
    six = with_planned_week(*(run(day(n), 6.0, 1.0) for n in range(6)))
    assert sum(m.counted_min * m.week_counted for m in six) == pytest.approx(22.8)


def test_what_was_run_before_the_plan_began_counts_in_full():
    late = replace(THREE, state={"start": day(3).isoformat()})
    assert [m.counted_min for m in match([run(day(1), 40.0), run(day(3), 6.0)], [late])] == [40.0, 6.0]


def test_a_run_that_only_crossings_interrupt_is_one_bout():
    stops = run(day(1), 60.0, 12.0, walking_s=60.0, moving_s=3660.0, elapsed_s=3900.0)
    assert join([stops])[0].bout_min == 60.0


@pytest.mark.parametrize("broken", [{"walking_s": 400.0}, {"elapsed_s": 4600.0}])
def test_walk_breaks_and_long_stops_end_a_bout(broken):
    seconds = {"walking_s": 60.0, "moving_s": 3660.0, "elapsed_s": 3700.0, **broken}
    assert join([run(day(1), 60.0, 12.0, **seconds)])[0].bout_min == 12.0
