"""The state of one athlete on a day, from the history as of that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from steadymile.models.athlete import Facts
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import State, _nothing_late, state_of, target_week
from steadymile.models.policy.evidence import Evidence
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.models.policy.signals.person import most_runs
from steadymile.models.session import Day, History
from steadymile.models.week.easing import tonight
from steadymile.models.week.plan import plan

from tests.models.policy_people import SUNDAY, live, person, run, walk

MONDAY = SUNDAY + timedelta(days=1)


def ago(n: int) -> date:
    return SUNDAY - timedelta(days=n)


def runs(*days_and_minutes: tuple[int, float], **more: Any) -> tuple[Any, ...]:
    return tuple(run(ago(d), m, **more) for d, m in sorted(days_and_minutes, reverse=True))


def signal(history: History, name: str, as_of: date = SUNDAY) -> Any:
    return getattr(state_of(history, as_of).signals, name)[0].item()


# weeks


def test_a_sunday_freezes_the_coming_week():
    assert target_week(SUNDAY, []) == ("2026-W10", "frozen")


def test_a_later_first_plan_freezes_the_current_week():
    assert target_week(SUNDAY + timedelta(days=3), []) == ("2026-W10", "frozen")


def test_once_the_current_week_is_frozen_plans_for_the_next_are_provisional():
    history, _ = live(person(), SUNDAY, 0)
    assert target_week(SUNDAY + timedelta(days=3), history.weeks) == ("2026-W11", "provisional")


# no leakage


def test_nothing_later_than_the_day_changes_the_state():
    history, _ = live(person(experience="active"), SUNDAY, 6, lambda w, p: {"rpe": 3.0},
                      told=lambda w, d: {"pain": 1.0, "fatigue": 3.0, "soreness": 2.0})  # fmt: skip
    day = SUNDAY + timedelta(days=21)
    truncated = replace(
        history,
        sessions=tuple(s for s in history.sessions if s.local_day <= day),
        days=tuple(d for d in history.days if d.day <= day),
        weeks=tuple(w for w in history.weeks if w.as_of <= day),
        last_file_day=max(s.local_day for s in history.sessions if s.local_day <= day),
    )
    assert state_of(history, day).stored() == state_of(truncated, day).stored()


# entry


@pytest.mark.parametrize(
    ("facts", "level"), [({}, 1), ({"experience": "walker"}, 1), ({"experience": "active"}, 2), ({"goal": "walk"}, 1)]
)
def test_without_runs_people_enter_by_what_they_told(facts, level):
    assert signal(person(**facts), "level") == level


def test_six_runs_enter_at_the_third_largest_session_and_bout():
    history = person(runs((20, 20), (17, 18), (14, 16), (11, 12), (8, 12), (5, 12)))
    assert ladder.level_of(0, signal(history, "level")).id == "J8"  # third largest: 16 min
    walked = person(runs((20, 20), (17, 18), (14, 18), (11, 12), (8, 12), (5, 12), bout_min=3.0))
    assert ladder.level_of(0, signal(walked, "level")).id == "J6"


def test_five_runs_enter_at_j3_at_most():
    history = person(runs((20, 30), (17, 30), (14, 30), (11, 30), (8, 30)))
    assert ladder.level_of(0, signal(history, "level")).id == "J3"


def test_an_entry_held_low_by_few_runs_says_so():
    few = person(runs((20, 30), (17, 30), (14, 30), (11, 30), (8, 30)))
    said = "(8 jogs of 1 min with walking between): with fewer than 6 runs in the last 30 days nobody starts higher."
    assert f"You start at J3 {said}" in headline(few)
    assert "that is what your one run of the last 30 days can carry" in headline(person(runs((8, 2))))


def headline(history: History) -> str:
    return plan(history, SUNDAY).headline


def test_years_of_files_that_arrive_after_the_first_plan_still_count_for_the_entry():
    history, _ = live(person(), SUNDAY, 0)
    late = replace(history, sessions=runs(*((d, 20) for d in range(2, 30, 3))))
    assert signal(late, "level", SUNDAY + timedelta(days=2)) >= 11


# established runners


def habit(weeks: int = 9, minutes: float = 45.0) -> History:
    return person(runs(*((7 * w + k, minutes) for w in range(weeks) for k in (1, 3, 5))))


def test_four_of_eight_weeks_with_75_minutes_in_two_runs_or_more_make_an_established_runner():
    assert signal(habit(), "established")
    assert signal(habit(4), "established")
    assert not signal(habit(3), "established")
    assert not signal(habit(minutes=24.0), "established")


def test_the_usual_week_is_a_median_that_one_light_week_does_not_lower():
    history = habit()
    light = tuple(s for s in history.sessions if not ago(13) <= s.local_day <= ago(7)) + runs((9, 10))
    light = tuple(sorted(light, key=lambda s: s.local_day))
    assert signal(replace(history, sessions=light), "usual_week_min") == pytest.approx(135.0)


# caps from runs alone


def test_only_runs_feed_the_maxima():
    history = person((*runs((6, 12)), walk(ago(4), 90.0), replace(run(ago(2), 60.0), kind="other", activity_id="ride")))
    assert signal(history, "session_max_min") == 12
    assert signal(history, "distance_max_m") == pytest.approx(12 * 60 * 2.1 + 600 * 1.4)


def test_a_run_counts_in_full_for_thirty_days_and_then_on_a_slope():
    assert signal(person(runs((29, 25), (3, 10))), "session_max_min") == 25
    assert signal(person(runs((49, 25), (3, 10))), "session_max_min") == pytest.approx(0.6 * 25)
    assert signal(person(runs((62, 12), (3, 10))), "session_max_min") == 10


def test_unknown_distance_is_no_limit_and_no_run_is_zero():
    assert signal(person(runs((3, 10), distance_m=None)), "distance_max_m") == float("inf")
    assert signal(person(), "distance_max_m") == 0


@pytest.mark.parametrize(("days", "share"), [(26, 1.0), (46, 0.6), (109, 0.3), (221, 0.15), (545, 0.0)])
def test_after_a_pause_a_share_of_the_former_longest_still_counts(days, share):
    longest = signal(person(runs((days, 1), (days + 3, 30))), "session_max_min")
    assert longest == pytest.approx(share * 30, abs=0.01)


@pytest.mark.parametrize(
    ("days", "session_min", "bout_min", "week_min"),
    [
        (7, 40.0, 40.0, 40.0),
        (14, 30.0, 30.0, 40.0),
        (21, 21.0, 16.0, 32.0),
        (28, 12.0, 2.0, 24.0),
        (41, 12.0, 2.0, 24.0),
    ],
)
def test_after_a_pause_for_pain_runs_count_on_a_slope_down_to_j5(days, session_min, bout_min, week_min):
    """A run of 40 min and pain the day after. J5 holds 6 x 2 min, two such runs a week: what a stop leaves, too."""
    history = person(runs((days, 40)), (Day(ago(days - 1), {"pain": 4.0}),))
    found = [signal(history, x) for x in ("session_max_min", "bout_max_min", "week_best_min")]
    assert found == pytest.approx([session_min, bout_min, week_min])


def test_pain_before_the_last_run_is_no_pause_for_pain():
    assert signal(person(runs((21, 40)), (Day(ago(23), {"pain": 4.0}),)), "session_max_min") == 40


def test_a_spike_beyond_the_caps_is_seen_for_a_week():
    history = person(runs((10, 10), (3, 20)))
    assert signal(history, "overshoot")
    assert not signal(history, "overshoot", SUNDAY + timedelta(days=7))


def test_a_pack_is_held_against_the_caps_and_never_makes_them_grow():
    # Longest 10 min: 13 are allowed, 14.3 forgiven. 14 min with a tenth of the body's mass are felt as 15.4.
    plain, loaded = (person(runs((10, 10), (3, 14), **pack)) for pack in ({}, {"pack_kg": 7.0, "impact_ratio": 1.1}))
    assert [signal(h, "overshoot") for h in (plain, loaded)] == [False, True]
    assert [signal(h, "session_max_min") for h in (plain, loaded)] == [14.0, 14.0]
    assert [signal(h, "week_best_min") for h in (plain, loaded)] == [14.0, 14.0]


# gaps and silence


def test_days_since_the_last_run_are_counted():
    assert signal(person(runs((9, 10))), "days_since_run") == 9


def test_a_never_runner_is_not_rebuilt_for_ever():
    _, plans = live(person(experience="active"), SUNDAY, 12, lambda w, p: None)
    assert plans[1].action.word == "hold"
    _, plans = live(person(experience="active"), SUNDAY, 12, lambda w, p: {} if p.kind == "walk" or w > 8 else None)
    assert plans[-1].run_min > 12


def test_no_file_for_a_week_is_silence_and_after_four_it_is_absence():
    history = person(runs((9, 10)))
    assert signal(history, "unsynced")
    assert not signal(history, "unsynced", SUNDAY + timedelta(days=19))
    assert not signal(replace(history, days=(Day(ago(1), {"fatigue": 2.0}),)), "unsynced")


def test_a_week_without_sync_is_not_a_missed_week():
    history, _ = live(person(experience="active"), SUNDAY, 2, lambda w, p: {})
    _, plans = live(history, SUNDAY + timedelta(days=14), 3, lambda w, p: None)
    assert all(p.action.word != "back_off" for p in plans)


def test_two_walks_of_fifteen_minutes_open_running_again():
    assert signal(person((walk(ago(9), 20.0), walk(ago(3), 16.0))), "walk_ok")
    assert not signal(person((walk(ago(9), 20.0), walk(ago(3), 14.0))), "walk_ok")
    sore = (Day(ago(3), {"pain": 3.0}),)
    assert not signal(person((walk(ago(9), 20.0), walk(ago(3), 16.0)), sore), "walk_ok")


# answers


def test_the_worst_pain_of_seven_days_counts():
    days = (Day(ago(7), {"pain": 5.0}), Day(ago(6), {"pain": 2.0}), Day(ago(2), {"pain": 1.0}))
    assert signal(person(days=days), "pain") == 2


def test_pain_persists_after_two_sore_days_or_a_worse_morning():
    assert signal(person(days=(Day(ago(4), {"pain": 5.0}), Day(ago(2), {"pain": 5.0}))), "pain_persist")
    assert not signal(person(days=(Day(ago(4), {"pain": 4.0}), Day(ago(2), {"pain": 4.0}))), "pain_persist")
    assert signal(person(days=(Day(ago(2), {"pain_next_morning": "worse"}),)), "pain_persist")
    assert not signal(person(days=(Day(ago(2), {"pain": 4.0}),)), "pain_persist")


def test_an_illness_lasts_seven_days_or_until_well():
    assert signal(person(days=(Day(ago(6), {"ill": True}),)), "ill")
    assert not signal(person(days=(Day(ago(7), {"ill": True}),)), "ill")
    well = person(days=(Day(ago(3), {"ill": True}), Day(ago(1), {"ill": False})))
    assert not signal(well, "ill")
    assert signal(well, "after_illness")


def test_a_first_plan_knows_a_stop_that_was_reported_before_it():
    assert signal(person(days=(Day(ago(20), {"pain": 8.0}),)), "stop_latched")
    assert signal(person(days=(Day(ago(20), {"red_flag": "chest_pain"}),)), "stop_latched")
    assert not signal(person(days=(Day(ago(20), {"red_flag": "none"}),)), "stop_latched")


def test_a_yes_to_a_health_question_waits_for_a_doctor():
    assert signal(person(screening=True), "needs_clearance")
    assert not signal(person(screening=True, cleared=True), "needs_clearance")
    assert not signal(person(), "needs_clearance")


@pytest.mark.parametrize(
    ("facts", "apart", "most"),
    [({}, False, 3), ({"days_free": (1, 2, 3)}, False, 2), ({"days_free": (6, 7, 1)}, False, 2),
     ({"days_free": (2,)}, False, 1), ({}, True, 6), ({"max_run_days": 2}, True, 2)],
)  # fmt: skip
def test_run_days_fit_the_free_days_and_stay_apart(facts, apart, most):
    assert most_runs(Facts(**facts), apart) == most


def test_a_body_mass_index_of_thirty_limits_the_first_running_week():
    assert signal(person(height_cm=170.0, weight_kg=87.0), "heavy_first_week")
    assert not signal(person(height_cm=170.0, weight_kg=86.0), "heavy_first_week")
    assert not signal(person(runs((10, 10)), height_cm=170.0, weight_kg=87.0), "heavy_first_week")


def test_a_stored_state_comes_back_as_it_was():
    history, _ = live(person(experience="active"), SUNDAY, 3)
    state = state_of(history, SUNDAY + timedelta(days=21))
    assert State.from_stored(state.stored()).stored() == state.stored()


def test_a_changed_goal_keeps_the_level_that_both_tracks_share():
    history, _ = live(person(experience="active"), SUNDAY, 5)
    level = signal(history, "level", SUNDAY + timedelta(days=36))
    longer = replace(history, athlete=replace(history.athlete, base=Facts(experience="active", goal="10k")))
    assert signal(longer, "level", SUNDAY + timedelta(days=36)) == level
    assert signal(longer, "track", SUNDAY + timedelta(days=36)) == ladder.DISTANCE


def test_a_run_that_was_only_told_counts_and_a_recorded_one_is_not_counted_twice():
    told = (Day(ago(3), {"run_min": 12.0}),)
    assert signal(person(days=told), "session_max_min") == 12
    assert signal(person(runs((3, 10)), told), "session_max_min") == 10


def month_of(minutes: float, **facts: Any) -> History:
    return person(tuple(run(SUNDAY - timedelta(days=3 * i), minutes) for i in range(7))[::-1], **facts)


def test_who_runs_further_than_a_mile_and_told_no_goal_keeps_what_is_run():
    plan = live(month_of(47.0), SUNDAY, 0)[1][0]
    assert (plan.level, plan.longest_bout_min) == ("D5", 46.0)


def test_without_a_goal_a_runner_is_not_led_further_than_now():
    _, plans = live(month_of(47.0), SUNDAY, 10, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    assert {p.level for p in plans} <= {"D5", "E"}
    assert max(p.longest_bout_min for p in plans) <= 47.0


def test_with_the_mile_as_goal_the_same_runner_enters_at_half_an_hour():
    assert live(month_of(47.0, goal="mile"), SUNDAY, 0)[1][0].level == "M7"


def test_a_goal_told_later_leads_on_from_there():
    lived, _ = live(month_of(47.0), SUNDAY, 2, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    told = replace(lived, athlete=replace(lived.athlete, base=replace(lived.athlete.base, goal="half")))
    _, plans = live(told, SUNDAY + timedelta(days=14), 4, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    assert plans[-1].level > "D5"


def test_three_runs_in_the_month_are_enough_after_a_season_of_twelve():
    season = runs(*[(3 * i + 40, 30.0) for i in range(9)], (20, 24.0), (10, 25.0), (3, 31.0))
    assert live(person(season, goal="mile"), SUNDAY, 0)[1][0].level == "M4"  # the third-largest of the month: 24 min


def test_three_runs_in_the_month_are_not_enough_alone():
    assert live(person(runs((20, 24.0), (10, 25.0), (3, 31.0)), goal="mile"), SUNDAY, 0)[1][0].level == "J3"


def test_a_night_on_which_nothing_came_late_goes_on_from_the_newest_plan():
    lived, _ = live(person(experience="active"), SUNDAY, 8, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    before = replace(lived, weeks=lived.weeks[:-1])
    newest = lived.weeks[-2]
    e = Evidence.of(before, lived.weeks[-1].as_of, lived.weeks[-1].week, IN_FORCE)
    assert _nothing_late(newest, e)
    missing = [m for m in e.matched if m.session.activity_ids[0] != newest.state["facts"]["known_ids"][-1]]
    assert not _nothing_late(newest, replace(e, matched=missing))


def test_a_late_file_after_a_changed_goal_takes_nothing_of_the_new_way_back():
    walked, _ = live(person(goal="walk"), SUNDAY, 8, lambda w, p: {"rpe": 2.0})
    onward = replace(walked, athlete=replace(walked.athlete, base=Facts(goal="mile")))
    start = SUNDAY + timedelta(days=56)
    lived, _ = live(onward, start, 4, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    as_of = start + timedelta(days=28)
    late = walk(as_of - timedelta(days=12), 25.0, activity_id="late")
    found = replace(lived, sessions=tuple(sorted((*lived.sessions, late), key=lambda s: s.started_at)))
    level = signal(lived, "level", as_of)
    assert level >= ladder.J1
    assert signal(found, "level", as_of) == level


def test_a_test_walk_counts_however_long_nobody_planned_after_it():
    stopped, _ = live(person(experience="active"), SUNDAY, 4, lambda w, p: {"rpe": 3.0},
                      told=lambda w, d: {"pain": 7.0} if d == SUNDAY + timedelta(days=26) else {})  # fmt: skip
    calm = tuple(Day(SUNDAY + timedelta(days=n), {"pain": 1.0}) for n in (30, 32))
    healed = replace(stopped, days=(*stopped.days, *calm))
    test_walk = walk(SUNDAY + timedelta(days=36), 31.0)
    walked = replace(healed, sessions=(*healed.sessions, test_walk), last_file_day=SUNDAY + timedelta(days=36))
    for days in (42, 84, 140):
        assert not signal(walked, "walk_due", SUNDAY + timedelta(days=days))


def test_an_answer_without_meaning_changes_no_plan_however_late_it_comes():
    """A stop, a test walk whose file came late, running again: a trifle about days long past changes nothing of it."""
    hurt = SUNDAY + timedelta(days=57)
    lived, _ = live(person(experience="active"), SUNDAY, 8, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    told = {hurt: 7.0, hurt + timedelta(days=7): 1.0, hurt + timedelta(days=9): 0.0}
    lived = replace(lived, days=(*lived.days, *(Day(d, {"pain": v}) for d, v in told.items())))
    lived, _ = live(lived, SUNDAY + timedelta(days=57), 9, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    for n in range(60, 120, 6):
        as_of = SUNDAY + timedelta(days=n)
        for back in (3, 10, 25):
            trifle = Day(as_of - timedelta(days=back), {"note_x": 1.0})
            days = sorted((*(d for d in lived.days if d.day != trifle.day), trifle), key=lambda d: d.day)
            if any(d.day == trifle.day for d in lived.days):
                continue
            before, after = (state_of(h, as_of).memory.scalars() for h in (lived, replace(lived, days=tuple(days))))
            assert before == after


def test_a_silent_week_is_judged_alike_whenever_one_looks_back():
    lived, _ = live(person(experience="active"), SUNDAY, 6, lambda w, p: {"rpe": 3.0})
    away = [tonight(lived, SUNDAY + timedelta(days=42 + 7 * n)) for n in range(3)]
    silent = replace(lived, weeks=(*lived.weeks, *(w for plans in away for w in plans if w.status == "frozen")))
    as_of = SUNDAY + timedelta(days=42 + 21)
    back = run(as_of - timedelta(days=1), 8.0, 2.0)
    synced = replace(silent, sessions=(*silent.sessions, back), last_file_day=back.local_day)
    trifle = replace(synced, days=(*synced.days, Day(as_of - timedelta(days=18), {"pain": 0.0})))
    assert signal(synced, "low_weeks", as_of) == signal(trifle, "low_weeks", as_of)


@pytest.mark.parametrize(("days", "share"), [(28, 1.0), (49, 0.6), (112, 0.3), (224, 0.15), (548, 0.0)])
def test_after_a_pause_a_share_of_the_former_best_week_still_counts(days, share):
    past = [run(ago(7 * w + d + days), 40.0) for w in range(10, -1, -1) for d in (4, 2, 0)]
    assert signal(person(tuple(past)), "week_best_min") == pytest.approx(120.0 * share)


def test_an_established_runner_without_a_goal_is_given_the_usual_week_and_no_more():
    habit = tuple(run(ago(7 * w + d), 45.0) for w in range(11, -1, -1) for d in (5, 3, 1))
    _, plans = live(person(habit), SUNDAY, 20, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    assert {(p.level, round(p.run_min)) for p in plans} == {("E", 135)}
    assert "No goal is set" in plans[-1].headline
