"""The days of a week: what is run when, and what a beginner reads."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.models.week import layout as week_module
from steadymile.models.week.edits import Lower, edit_of, edited, stored
from steadymile.models.week.sessions import weekdays as days
from steadymile.models.week.sessions import wording, workouts
from steadymile.models.weekplan import RUN_KINDS, PlannedSession, Step, WeekPlan

from tests.models.policy_people import SUNDAY, live, person, run


def first(start: Any = SUNDAY, **facts: Any) -> WeekPlan:
    return live(person(**{"experience": "active", **facts}), start, 0)[1][0]


def weekdays(plan: WeekPlan, *kinds: str) -> list[int]:
    return [p.day.isoweekday() for p in plan.planned if p.kind in kinds]


def test_runs_stand_on_tuesday_thursday_and_saturday_when_every_day_is_free():
    assert weekdays(first(), *RUN_KINDS) == [2, 4, 6]


def test_runs_keep_to_the_free_days():
    assert weekdays(first(days_free=(1, 3, 5, 7)), *RUN_KINDS) == [1, 3, 5]


@pytest.mark.parametrize("free", [(1, 2), (5, 6, 7), (1, 7), (3,)])
def test_beginners_never_run_two_days_in_a_row(free):
    chosen = weekdays(first(days_free=free), *RUN_KINDS)
    assert days.smallest_gap(tuple(chosen)) >= 2
    assert set(chosen) <= set(free)


def test_a_run_on_sunday_keeps_monday_free():
    history = person((run(SUNDAY, 4.0, 0.5),), experience="active", days_free=(1, 3, 5))
    assert 1 not in weekdays(live(history, SUNDAY, 0)[1][0], *RUN_KINDS)


@pytest.mark.parametrize("facts", [{}, {"goal": "walk"}, {"experience": None}, {"days_free": (6, 7)}])
def test_every_week_has_a_day_without_anything(facts):
    assert weekdays(first(**facts), "rest")


def test_strength_comes_twice_and_not_on_neighbouring_days():
    lifting = weekdays(first(), "strength")
    assert len(lifting) == 2
    assert days.smallest_gap(tuple(lifting)) >= 2


@pytest.mark.parametrize(("weekday", "runs"), [(1, 3), (3, 2), (5, 1), (6, 1)])
def test_a_first_partial_week_has_half_the_days_left_at_most_three(weekday, runs):
    plan = first(SUNDAY + timedelta(days=weekday))
    left = 7 - weekday + 1
    assert len(weekdays(plan, *RUN_KINDS)) == min(3, (left + 1) // 2)
    assert min(p.day for p in plan.planned) >= SUNDAY + timedelta(days=weekday)


def test_the_sums_of_the_week_are_the_sums_of_its_sessions():
    plan = first()
    assert plan.run_min == pytest.approx(sum(p.run_min for p in plan.planned))
    assert plan.sessions == len(weekdays(plan, *RUN_KINDS))


def test_the_first_jog_session_is_eight_times_half_a_minute():
    session = next(p for p in first().planned if p.kind == "run")
    assert session.title == "Jog-walk 8 x 30 s"
    assert session.steps == (Step(1, 0, 300), Step(8, 30, 90), Step(1, 0, 210))


def test_the_instruction_tells_a_beginner_all_there_is_to_do():
    text = wording.run_text((Step(1, 0, 300), Step(8, 60, 90), Step(1, 0, 210)), 150, False, False, False)
    assert text == (
        "Walk 5 min to warm up. Then 8 times: jog 1 min, walk 1 min 30 s. Walk 3 min 30 s to cool down. "
        "You should be able to speak full sentences; if not, slow down or walk. "
        "Above 150 beats a minute, slow down or walk; being able to talk counts more than the number."
    )


@pytest.mark.parametrize("track", [ladder.MILE, ladder.DISTANCE])
def test_the_steps_of_every_level_hold_its_running_minutes_and_bout(track):
    for level in ladder.LEVELS[track][ladder.J1 : ladder.M4]:
        steps = workouts.jog_steps(level, level.run_min, level.longest_bout_min, ease=False)
        assert sum(s.reps * s.run_s for s in steps) == pytest.approx(60 * level.run_min)
        assert max(s.run_s for s in steps) == pytest.approx(60 * level.longest_bout_min)
        walking = sum(s.reps * s.walk_s for s in steps) / 60
        assert walking == pytest.approx(level.breaks_min + 2 * ladder.WARM_MIN, abs=1e-6)


def test_easing_lengthens_the_walks_by_half_and_not_the_jogs():
    level = ladder.level_of(0, 4)
    steps = workouts.jog_steps(level, level.run_min, level.longest_bout_min, ease=True)
    assert (steps[1].run_s, steps[1].walk_s) == (60, 135)


def test_hills_get_one_more_repetition_a_week_up_to_eight_then_longer():
    titles = [workouts.special("P3", 30.0, weeks, None, True).title for weeks in (0, 1, 4, 5, 10)]
    assert titles == ["Short hills 4 x 30 s", "Short hills 5 x 30 s", "Short hills 8 x 30 s", "Middle hills 3 x 1 min",
                      "Long hills 2 x 2 min"]  # fmt: skip


@pytest.mark.parametrize("level", ["P2", "P3", "P4", "P5", "P6"])
def test_hard_sessions_hold_no_more_running_than_the_level(level):
    session = workouts.special(level, 30.0, 2, 150.0, True)
    assert sum(s.reps * s.run_s for s in session.steps) <= 30 * 60


def test_goal_pace_is_at_most_two_percent_faster_than_the_best_mile():
    assert workouts.goal_400_s(400.0, 600.0) == pytest.approx(0.98 * 600 * 400 / 1609.344)
    assert workouts.goal_400_s(590.0, 600.0) == pytest.approx(590 * 400 / 1609.344)
    assert workouts.goal_400_s(400.0, None) is None


def year(**facts: Any) -> list[WeekPlan]:
    return live(person(**{"experience": "active", **facts}), SUNDAY, 52, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})[
        1
    ]


@pytest.fixture(scope="module")
def mile_year() -> list[WeekPlan]:
    return year(equipment=("backpack",), weight_kg=70.0)


def test_a_week_never_has_more_than_one_hard_session(mile_year):
    for plan in mile_year:
        words = ("strides", "mile pace", "Steady")
        hard = [p for p in plan.planned if p.kind in ("hills", "test") or any(w in p.title for w in words)]
        assert len(hard) <= 1, plan.week


def test_hills_of_several_kinds_strides_steady_and_tests_come_within_the_year(mile_year):
    titles = {p.title for plan in mile_year for p in plan.planned}
    for wanted in ("Easy run with 6 strides", "Rolling route", "Steady 2 x 6 min", "Mile test", "Short hills"):
        assert any(t.startswith(wanted) for t in titles), wanted


def test_no_hills_before_m4(mile_year):
    for plan in mile_year:
        if plan.level[0] in "WJ" or plan.level in ("M1", "M2", "M3"):
            assert not weekdays(plan, "hills")


def test_the_backpack_starts_at_five_percent_after_m4_and_never_grows_with_running(mile_year):
    packed = [(p, s) for p in mile_year for s in p.planned if "kg" in s.title]
    assert packed
    assert packed[0][1].title == "Brisk walk 20 min with 3.5 kg"
    assert packed[0][0].level in ("M4", "M5", "M6", "M7", "P1", "P2", "P3", "P4", "P5", "P6")


def test_strength_takes_less_time_than_running_from_m1_on(mile_year):
    for plan in mile_year:
        if plan.level[0] in "MPE":
            assert sum(p.minutes for p in plan.planned if p.kind == "strength") < plan.run_min, plan.week


def test_a_load_range_is_given_once_loads_are_known(mile_year):
    assert mile_year[0].load_high is None
    for plan in mile_year[2:]:
        assert 0 < plan.load_low < plan.load_high


def test_a_half_marathon_goal_lengthens_one_run_and_breaks_no_cap():
    plans = year(goal="half")
    assert max(p.longest_bout_min for p in plans) > 60
    for plan in plans:
        assert plan.run_min <= plan.state["decision"]["week_cap_min"] + 1e-6


def test_bouts_are_cut_to_what_the_cap_allows():
    level = ladder.LEVELS[0][ladder.index_of(0, "J8")]
    steps = workouts.jog_steps(level, level.run_min, 5.0, ease=False)
    assert max(step.run_s for step in steps) == 300


def long_runs_first(plan: WeekPlan) -> bool:
    minutes = [p.run_min for p in plan.planned if p.kind in RUN_KINDS]
    return minutes[0] == max(minutes) > minutes[-1]


def test_on_the_way_to_the_mile_the_longest_run_comes_first():
    assert long_runs_first(live(person(experience="active"), SUNDAY, 8)[1][-1])


def test_on_the_way_to_a_half_marathon_the_longest_run_comes_last():
    done = tuple(run(SUNDAY - timedelta(days=2 * i), 45.0) for i in range(11))[::-1]
    plan = live(person(done, goal="half"), SUNDAY, 0)[1][0]
    minutes = [p.run_min for p in plan.planned if p.kind in RUN_KINDS]
    assert plan.level.startswith("D")
    assert minutes[-1] == max(minutes) > minutes[0]


def test_who_runs_two_of_three_runs_every_week_still_runs_the_mile():
    def skips_the_last(week: int, p: Any) -> dict[str, Any] | None:
        return None if p.kind in RUN_KINDS and p.slot == 3 else {"rpe": 3.0, "talk_test": "yes"}

    lived, _ = live(person(experience="active"), SUNDAY, 20, skips_the_last)
    assert max(s.longest_run_s or 0.0 for s in lived.sessions) * 2.1 >= 1609.344


def test_the_text_says_where_a_stretch_is_a_whole_mile():
    lived, _ = live(person(experience="active"), SUNDAY, 20, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    ladder_runs = [p for w in lived.weeks if w.level < "M4" for p in w.planned if p.kind == "run"]
    for p in ladder_runs:
        longest = max((s.run_s for s in p.steps), default=0)
        assert ("whole mile" in p.instruction) == (longest * 2.1 >= 1609.344)


def test_the_pack_grows_only_four_weeks_after_it_last_grew():
    history = person(tuple(run(SUNDAY - timedelta(days=3 * i), 30.0) for i in range(9))[::-1], goal="mile",
                     weight_kg=70.0, equipment=("backpack",))  # fmt: skip

    def carries(week: int, p: Any) -> dict[str, Any]:
        kg = p.title.partition(" with ")[2].removesuffix(" kg") if p.kind == "walk" else ""
        return {"rpe": 3.0, "talk_test": "yes", **({"pack_kg": float(kg)} if kg else {})}

    lived, _ = live(history, SUNDAY, 30, carries)
    packs = [(s.local_day, s.pack_kg) for s in lived.sessions if s.pack_kg]
    grown = [day for (day, kg), (_, before) in zip(packs[1:], packs) if kg > before + 0.3]
    assert grown
    assert min((b - a).days for a, b in zip([packs[0][0], *grown], grown)) >= 28


def test_a_mile_test_fills_the_rest_of_the_run_with_easy_running():
    test = workouts.mile_test(30.0, 660.0, walk=True)
    # 12 min easy, the mile in 11, and 7 that are left
    assert [s.run_s for s in test.steps if s.run_s] == [720, 660, 420]


def test_strength_stays_shorter_than_the_running_of_the_week():
    assert week_module._lifted(2, 42.0, IN_FORCE) == (2, 20.0)
    assert week_module._lifted(2, 20.4, IN_FORCE) == (1, 15.0)
    assert week_module._lifted(2, 9.0, IN_FORCE) == (0, 0.0)


def test_easy_runs_are_rounded_down_so_that_no_cap_is_passed():
    assert workouts.easy_steps(12.76, walk=False) == (Step(1, 750, 0),)


@cache
def cut_habit() -> list[WeekPlan]:
    """420 min a week in six runs for months, then two runs a week for some weeks, then all that is asked."""
    start = date(2026, 8, 2)
    minutes = (60, 60, 60, 60, 60, 120)
    past = [run(start - timedelta(days=7 * w - d - 1), m) for w in range(16, 0, -1) for d, m in enumerate(minutes)]
    who = person(tuple(past), goal="10k", experience="runner")
    easy = {"rpe": 3.0, "talk_test": "yes"}
    return live(who, start, 24, lambda w, p: None if w < 7 and p.slot > 2 else dict(easy))[1]


def test_a_habit_that_was_cut_comes_back_by_steps():
    weeks = [p.run_min for p in cut_habit()]
    lowest = weeks.index(min(weeks))
    assert weeks[lowest] < 0.55 * 420  # the longest run of a cut week stands among the two that are done
    assert max(weeks[lowest:]) > 270


def test_a_habit_that_was_cut_never_falls_again_far_below_what_is_run():
    weeks = [p.run_min for p in cut_habit()][8:]
    assert all(after > 0.8 * before for before, after in pairwise(weeks))


def test_no_run_of_a_cut_habit_is_too_short_to_be_worth_it():
    for plan in cut_habit():
        assert min(p.run_min for p in plan.planned if p.kind in RUN_KINDS) >= 19.0


def test_the_long_run_of_a_cut_habit_is_cut_with_it():
    for plan in cut_habit():
        minutes = [p.run_min for p in plan.planned if p.kind in RUN_KINDS]
        assert max(minutes) <= 0.4 * sum(minutes)


def test_no_jog_of_a_minute_is_left_of_a_session():
    level = ladder.LEVELS[0][ladder.index_of(0, "J3")]
    assert IN_FORCE.walk_below * level.run_min - 0.5 > 1.0


def test_what_a_cut_week_leaves_is_laid_out_as_runs():
    """One run a week for six weeks, then all that is asked: the limits cut every week for long."""
    easy = {"rpe": 3.0, "talk_test": "yes"}
    _, plans = live(person(experience="active", goal="mile"), SUNDAY, 26,
                    lambda w, p: None if 6 <= w < 12 and p.kind != "walk" and p.slot > 1 else dict(easy))  # fmt: skip
    for plan in plans[1:]:
        assert plan.run_min >= plan.state["decision"]["week_min"] - 2.0
    assert plans[-1].sessions == 3


@pytest.mark.parametrize("share", [0.25, 0.4, 2 / 3, 0.8, 0.85, 0.95])
@pytest.mark.parametrize(
    "bouts",
    [
        ((2, 540, 120),),
        ((2, 285, 120),),
        ((2, 30, 90),),
        ((3, 270, 120),),
        ((8, 30, 90),),
        ((1, 360, 120), (2, 270, 120)),
    ],
)
def test_a_run_that_is_lowered_is_never_longer_than_its_share(bouts, share):
    steps = (Step(1, 0, 300), *(Step(*bout) for bout in bouts))
    seconds = sum(s.reps * (s.run_s + s.walk_s) for s in steps)
    run = PlannedSession(date(2026, 12, 1), "run", seconds / 60, "", steps, title="Jog-walk")
    shorter = week_module.lowered(run, share)
    assert 0 < shorter.run_min <= share * run.run_min + 1e-9


def test_two_bouts_that_are_lowered_stay_two_and_are_shorter():
    steps = (Step(1, 0, 300), Step(2, 540, 120), Step(1, 0, 180))
    run = PlannedSession(date(2026, 12, 1), "run", 30.0, "", steps, title="Jog-walk 2 x 9 min")
    shorter = week_module.lowered(run, 0.85)
    assert [s for s in shorter.steps if s.run_s] == [Step(2, 450, 120)]
    assert shorter.title == "Jog-walk 2 x 7 min 30 s"


def test_a_week_that_was_lowered_in_whole_bouts_is_laid_out_again_as_it_was():
    steps = (Step(1, 0, 300), Step(2, 540, 120), Step(1, 0, 180))
    run = PlannedSession(date(2026, 12, 1), "run", 30.0, "", steps, title="Jog-walk 2 x 9 min")
    before = edit_of({"day": "2026-12-01", "kind": "run", "do": "lower", "share": 0.85})
    assert edited(run, before).run_min == run.run_min
    assert edit_of(stored(before)) == before
    after = Lower(run.day, run.kind, 0.85)
    assert edit_of(stored(after)) == after
    assert edited(run, after).run_min < run.run_min
