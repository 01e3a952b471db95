"""The decision, rule by rule, with worked numbers of the untuned parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from steadymile.models.policy import ladder
from steadymile.models.policy.decide import RULES, StateArrays, decide, decide_v1
from steadymile.models.policy.parameters import UNTUNED, V2
from steadymile.models.week.plan import plan
from steadymile.models.weekplan import Action

from tests.models.policy_people import SUNDAY, live, person

J5 = 6
READY = {"level": J5, "session_max_min": 12.0, "bout_max_min": 2.0, "week_best_min": 100.0, "credit": 2.0,
         "comfort": 0.55, "fat_upper": 0.3, "gain_mean_4w_m": 50.0}  # fmt: skip


def one(**changed: Any) -> Any:
    return decide(StateArrays.make(1, **{**READY, **changed}), parameters=UNTUNED)


def action(**changed: Any) -> Action:
    return Action(int(one(**changed).action[0]))


def level(**changed: Any) -> int:
    return int(one(**changed).level[0])


def test_two_credits_advance_one_level():
    assert (action(), level()) == (Action.ADVANCE, J5 + 1)


def test_one_and_a_half_credits_hold():
    assert (action(credit=1.5), level(credit=1.5)) == (Action.HOLD, J5)


EASY = {"comfort": 0.7, "session_max_min": 30.0, "bout_max_min": 30.0, "credit": 3.0}


def test_clearly_easy_sessions_advance_two_levels():
    assert level(**EASY) == J5 + 2


@pytest.mark.parametrize("hard", [{"gate": True}, {"comfort": 0.59}, {"fat_upper": 0.46}, {"coverage": 0.0}])
def test_two_levels_need_ease_freshness_and_answers(hard):
    assert level(**{**EASY, **hard}) == J5 + 1


@pytest.mark.parametrize(
    "sign", [{"fat_upper": 0.61}, {"pain": 3.0}, {"overshoot": True}, {"sessions_7d": 0.0}, {"unsynced": True},
             {"after_illness": True}, {"stop_recent": True}, {"days_since_run": 7.0}],
)  # fmt: skip
def test_signs_that_hold_the_level(sign):
    assert (action(**sign), level(**sign)) == (Action.HOLD, J5)


def test_after_three_advances_from_m2_on_a_week_is_level():
    m2 = {"level": 13, "consecutive_advances": 3, "session_max_min": 30.0, "bout_max_min": 30.0}
    assert action(**m2) == Action.HOLD
    assert action(**{**m2, "consecutive_advances": 2}) == Action.ADVANCE
    assert action(**{**m2, "level": 12}) == Action.ADVANCE


def test_tiredness_lowers_the_week_but_not_the_level():
    d = one(fat_upper=0.70)
    assert (int(d.action[0]), int(d.level[0]), int(d.earned[0])) == (Action.BACK_OFF, J5 - 1, J5)


def test_tiredness_two_weeks_running_lowers_the_level_too():
    assert int(one(fat_upper=0.70, prev_back_off=True).earned[0]) == J5 - 1


def test_strong_tiredness_takes_two_levels_and_a_run():
    d = one(fat_upper=0.85)
    assert (int(d.level[0]), int(d.sessions[0])) == (J5 - 2, 2)


@pytest.mark.parametrize("sign", [{"pain_persist": True}, {"comfort": 0.25}])
def test_lasting_pain_and_discomfort_lower_the_level(sign):
    d = one(**sign)
    assert (int(d.action[0]), int(d.earned[0])) == (Action.BACK_OFF, J5 - 1)


def test_illness_leaves_two_easy_runs_and_the_level():
    d = one(ill=True)
    assert (int(d.sessions[0]), int(d.level[0]), int(d.earned[0])) == (2, J5 - 1, J5)


@pytest.mark.parametrize("sign", [{"red_flag": True}, {"pain": 6.0}, {"stop_latched": True}])
def test_a_stop_leaves_nothing_to_do_and_keeps_the_level(sign):
    d = one(**sign)
    assert int(d.action[0]) == Action.STOP
    assert (d.week_min[0], d.sessions[0], d.walks[0], int(d.earned[0])) == (0, 0, 0, J5)


def test_a_stop_does_not_hide_what_other_rules_take():
    assert int(one(red_flag=True, pain_persist=True).earned[0]) == J5 - 1


def test_illness_on_top_of_a_pause_never_asks_for_more_than_the_pause_alone():
    gap = {"level": 15, "days_since_run": 30.0, "session_max_min": 24.0, "bout_max_min": 24.0}
    assert one(**gap, ill=True).week_min[0] <= one(**gap).week_min[0]


@pytest.mark.parametrize(("days", "prescribed", "earned"), [(14, -2, -1), (28, -4, -3), (56, -8, -8)])
def test_a_pause_lowers_the_week_and_the_level(days, prescribed, earned):
    d = one(level=16, days_since_run=float(days), session_max_min=30.0, bout_max_min=30.0, walk_ok=True)
    assert (int(d.level[0]) - 16, int(d.earned[0]) - 16) == (prescribed, earned)


def test_a_pause_lowers_once_whatever_was_lowered_before():
    d = one(level=15, gap_base=18, k_last=14, days_since_run=35.0, session_max_min=30.0, bout_max_min=30.0)
    assert (int(d.level[0]), int(d.earned[0])) == (14, 15)


def test_without_walks_a_long_pause_leads_back_through_walking():
    far = {"level": 6, "days_since_run": 60.0}
    assert level(**far) == 1
    assert level(**far, walk_ok=True) == ladder.J1


def test_a_hold_never_raises_above_the_week_prescribed_last():
    assert level(credit=0.0, k_last=J5 - 2) == J5 - 2


def test_an_advance_continues_from_the_week_prescribed_last():
    assert level(k_last=J5 - 2) == J5 - 1


def test_an_advance_that_the_caps_swallow_is_called_a_hold():
    d = one(bout_max_min=1.4)  # three minutes without a break would be 2.9 at most
    assert (int(d.action[0]), int(d.level[0])) == (Action.HOLD, J5)


def test_walking_needs_six_walks_and_twelve_days_before_the_first_jog():
    w2 = {"level": 1, "session_max_min": 0.0, "bout_max_min": 0.0}
    assert action(**w2, credit=6.0, days_at_level=12.0) == Action.ADVANCE
    assert action(**w2, credit=5.0, days_at_level=12.0) == Action.HOLD
    assert action(**w2, credit=6.0, days_at_level=7.0) == Action.HOLD


def test_an_open_health_question_keeps_the_plan_at_walking():
    assert level(needs_clearance=True) == 1


def test_after_a_stop_there_is_one_walk_of_thirty_minutes_before_running():
    d = one(walk_due=True)
    assert (int(d.sessions[0]), int(d.walks[0]), float(d.walk_min[0])) == (0, 3, 30.0)


def test_the_first_week_after_a_stop_is_two_levels_lower():
    d = one(restart=True)
    assert (int(d.action[0]), int(d.level[0]), int(d.earned[0])) == (Action.REBUILD, J5 - 2, J5)


def test_climbing_rises_only_on_levels_that_are_about_climbing():
    assert one().gain_factor[0] == 1.0
    top = {"session_max_min": 30.0, "bout_max_min": 30.0}
    assert one(level=ladder.P2, **top).gain_factor[0] == pytest.approx(1.1)
    assert one(level=ladder.P4, **top).gain_factor[0] == 1.0


def test_at_least_twenty_metres_of_climbing_are_allowed():
    assert one(gain_mean_4w_m=0.0).gain_m[0] == 20.0


def test_the_ceiling_is_a_quarter_of_reserve_above_the_threshold_when_running():
    body = {"heart_rate_rest_bpm": 60.0, "heart_rate_max_bpm": 185.0, "vt1": 0.35}
    assert one(**body).heart_rate_ceiling_bpm[0] == pytest.approx(135.0)
    assert one(**body, level=1, k_last=1).heart_rate_ceiling_bpm[0] == pytest.approx(60 + 0.35 * 125)


def test_unknown_heart_rate_gives_no_ceiling():
    assert np.isnan(one().heart_rate_ceiling_bpm[0])


def test_two_uncomfortable_holds_in_a_row_ease_the_session():
    assert not one(credit=0.0, comfort=0.5).ease[0]
    assert one(credit=0.0, comfort=0.5, comfort_holds=1).ease[0]


HABIT = {"level": 18, "established": True, "usual_session_min": 45.0, "usual_long_min": 60.0, "usual_week_min": 195.0,
         "usual_days": 4.0, "session_max_min": 62.0, "bout_max_min": 62.0, "week_best_min": 200.0}  # fmt: skip


def test_an_established_runner_keeps_the_usual_week_on_hold():
    d = one(**HABIT, credit=0.0)
    assert (d.week_min[0], d.run_min[0], d.other_min[0], d.sessions[0]) == (195.0, 60.0, 45.0, 4.0)


def test_an_established_runner_advances_by_five_percent_within_the_caps():
    d = one(**HABIT)
    assert d.week_min[0] == pytest.approx(1.05 * 195.0)
    assert d.run_min[0] == pytest.approx(63.0)


def test_an_established_runner_backs_off_by_fifteen_percent():
    assert one(**HABIT, fat_upper=0.7).week_min[0] == pytest.approx(0.85 * 195.0)


def test_an_established_runner_is_not_raised_above_the_week_prescribed_last_without_an_advance():
    assert one(**HABIT, credit=0.0, week_last_min=150.0).week_min[0] == pytest.approx(150.0)


def test_deciding_twice_gives_the_same():
    a, b = one(), one()
    assert all(np.array_equal(getattr(a, f), getattr(b, f), equal_nan=True) for f in a.__dataclass_fields__)


def test_many_athletes_decide_like_one_each():
    s = StateArrays.make(3, level=np.array([6, 12, 1]), credit=np.array([2.0, 0.0, 6.0]))
    together = decide(s)
    for i in range(3):
        alone = decide(s.take(np.array([i])))
        assert (alone.level[0], alone.week_min[0], alone.action[0]) == (
            together.level[i], together.week_min[i], together.action[i],
        )  # fmt: skip


def test_the_first_version_knows_nothing_of_the_later_rules():
    s = StateArrays.make(1, **READY, unsynced=True, stop_latched=True, sessions_7d=0.0)
    assert int(decide_v1(s).action[0]) == Action.ADVANCE


def test_a_state_refuses_a_field_it_does_not_have():
    with pytest.raises(ValueError, match="no field mood"):
        StateArrays.make(1, mood=3)


def test_every_rule_has_its_words():
    for r in RULES:
        assert r.says.endswith(".")
        assert r.change.endswith(".")
        assert r.evidence in {"strong", "moderate", "weak", "practice"}


def test_a_hold_holds_no_more_minutes_than_the_week_before_although_its_caps_have_grown():
    known = {
        "level": ladder.M1 + 4,
        "credit": 0.0,
        "session_max_min": 40.0,
        "bout_max_min": 40.0,
        "week_best_min": 90.0,
    }
    last = {"run_last_min": 26.0, "bout_last_min": 26.0, "week_last_min": 51.0}
    free, held = decide(StateArrays.make(1, **known)), decide(StateArrays.make(1, **known, **last))
    assert free.week_min[0] > 51.0
    assert (held.action[0], held.week_min[0]) == (Action.HOLD, 51.0)


def test_a_step_that_the_caps_allow_in_part_is_taken_in_part_and_keeps_the_caps():
    s = StateArrays.make(
        1, level=ladder.J1 + 6, credit=3.0, session_max_min=13.0, bout_max_min=4.0, week_best_min=39.0, sessions_7d=3.0
    )
    d = decide(s)
    assert d.action[0] == Action.ADVANCE
    assert d.bout_min[0] == 7.0  # J9 asks for 9; 3 min more than the longest of 30 days is 7.0
    assert decide(s, parameters=V2).bout_min[0] == 6.0  # up to 3.1, J8's 6.5 was cut to half as much again
    assert d.run_min[0] <= d.session_cap_min[0]


def test_the_caps_in_force_are_those_of_the_published_version():
    from steadymile.models.policy.caps import bout_cap, session_cap, week_cap

    caps = session_cap(12.0, V2), bout_cap(2.0, V2), week_cap(36.0, V2)
    assert [float(c) for c in caps] == [15.0, 3.5, 45.0]


def in_force(**changed: Any) -> Any:
    return decide(StateArrays.make(1, **{**READY, **changed}))


def test_sessions_of_which_nothing_was_told_never_go_two_steps():
    easy = {**EASY, "level": J5}
    assert int(in_force(**easy).level[0]) == J5 + 2
    assert int(in_force(**easy, answered=False).level[0]) == J5 + 1


# 2.0 m/s: 1.02 x 1609.344 m / 120 m/min = 13.68 min, told as 13.75
NEAR_THE_MILE = {"level": ladder.J9 + 1, "session_max_min": 20.0, "bout_max_min": 12.0, "run_speed_m_s": 2.0,
                 "mile_done": False, "credit": 0.0}  # fmt: skip


def test_near_the_mile_the_longest_bout_lasts_until_it_is_done():
    assert float(in_force(**NEAR_THE_MILE).bout_min[0]) == 13.75


@pytest.mark.parametrize(
    "changed",
    [
        {"mile_done": True},
        {"run_speed_m_s": 1.75},  # 15.75 min, more than M1's 15
        {"fat_upper": 0.7, "level": ladder.M1},  # an easier week is a step down and no attempt
    ],
)
def test_no_bout_is_stretched_for_a_mile_that_is_done_too_far_or_unwise(changed):
    assert float(in_force(**{**NEAR_THE_MILE, **changed}).bout_min[0]) == 12.0


def test_the_mile_itself_keeps_to_the_cap():
    assert float(in_force(**{**NEAR_THE_MILE, "bout_max_min": 9.0}).bout_min[0]) == 13.5


def test_a_week_that_repeats_does_not_begin_to_reach_for_the_mile():
    assert float(in_force(**NEAR_THE_MILE, run_last_min=18.0, bout_last_min=12.0).bout_min[0]) == 12.0


def test_a_step_down_from_speed_work_is_also_shorter():
    high = {"level": ladder.P6, "session_max_min": 30.0, "bout_max_min": 30.0, "week_best_min": 90.0, "credit": 0.0}
    # 0.85 x 30 min, and 0.85 twice for two steps
    assert float(in_force(**high, fat_upper=0.7).run_min[0]) == pytest.approx(25.5)
    assert float(in_force(**high, restart=True).run_min[0]) == pytest.approx(21.675)


LONG_HABIT = {"established": True, "level": ladder.P6, "usual_session_min": 40.0, "usual_long_min": 58.0,
         "usual_week_min": 160.0, "usual_days": 4.0, "session_max_min": 60.0, "bout_max_min": 60.0,
         "week_best_min": 170.0, "week_last_min": 160.0, "week_top_min": 240.0}  # fmt: skip


def test_a_long_run_grows_only_as_far_as_the_goal_asks():
    assert float(in_force(**LONG_HABIT).run_min[0]) == pytest.approx(60.9)
    assert float(in_force(**LONG_HABIT, long_top_min=60.0).run_min[0]) == pytest.approx(60.0)


def test_a_long_run_beyond_what_the_goal_asks_is_kept_not_cut():
    assert float(in_force(**LONG_HABIT, long_top_min=50.0).run_min[0]) == pytest.approx(58.0)


def test_a_habit_that_holds_what_the_goal_asks_does_not_grow():
    enough = {**LONG_HABIT, "usual_session_min": 45.0, "usual_long_min": 60.0, "long_top_min": 60.0}
    assert Action(int(in_force(**enough).action[0])) == Action.HOLD
    assert Action(int(in_force(**{**enough, "usual_session_min": 40.0}).action[0])) == Action.ADVANCE


def test_fewer_free_days_keep_the_usual_sessions_and_do_not_shrink_them():
    week = {**LONG_HABIT, "usual_days": 5.0, "usual_week_min": 200.0, "max_runs": 3.0, "credit": 0.0}
    first = in_force(**{**week, "week_last_min": np.inf})
    # the long run of 58 and two of 40
    assert float(first.week_min[0]) == pytest.approx(138.0)
    again = in_force(**{**week, "week_last_min": 138.0})
    assert float(again.week_min[0]) == pytest.approx(138.0)


def test_who_comes_back_from_a_pause_may_take_two_steps_again():
    back = {**EASY, "level": ladder.M7 + 4, "k_last": J5, "gap_base": ladder.M7 + 4, "consecutive_advances": 3}
    assert int(in_force(**back).level[0]) == J5 + 2


def test_an_established_runner_who_just_ran_the_usual_week_is_given_it_at_once():
    low = {**LONG_HABIT, "level": ladder.M7, "week_last_min": 60.0}
    assert float(in_force(**low).week_min[0]) == pytest.approx(160.0)
    assert float(in_force(**{**low, "week_best_min": 150.0}).week_min[0]) == pytest.approx(69.0)  # 15 % above 60


def test_a_growing_habit_goes_on_from_what_was_run_lately_and_not_from_a_median_that_lags():
    grown = in_force(**{**LONG_HABIT, "week_last_min": 176.0, "week_best_min": 176.0})
    assert float(grown.week_min[0]) == pytest.approx(1.05 * 176.0)


def test_the_long_run_of_a_growing_habit_goes_on_from_the_longest_lately():
    grown = in_force(**{**LONG_HABIT, "session_max_min": 62.0, "run_last_min": 62.0, "long_top_min": 150.0})
    assert float(grown.run_min[0]) == pytest.approx(1.05 * 62.0)


def test_a_week_run_far_beyond_the_plan_does_not_lead_far_beyond_it():
    spree = in_force(**{**LONG_HABIT, "week_last_min": 160.0, "week_best_min": 230.0})
    assert float(spree.week_min[0]) == pytest.approx(1.15 * 160.0)


def test_a_week_as_long_as_the_goal_asks_stays_while_its_long_run_grows():
    full = {**LONG_HABIT, "usual_week_min": 240.0, "week_last_min": 240.0, "week_best_min": 240.0,
            "usual_days": 5.0, "long_top_min": 90.0}  # fmt: skip
    grown = in_force(**full)
    assert float(grown.week_min[0]) == pytest.approx(240.0)
    assert float(grown.run_min[0]) == pytest.approx(1.05 * 58.0)


def test_in_a_week_as_long_as_the_goal_asks_three_quarters_of_its_long_run_will_do():
    full = {**LONG_HABIT, "usual_week_min": 240.0, "week_last_min": 240.0, "week_best_min": 240.0,
            "run_last_min": 58.0}  # fmt: skip
    actions = [Action(int(in_force(**full, long_top_min=top).action[0])) for top in (58.0 / 0.75, 90.0)]
    assert actions == [Action.HOLD, Action.ADVANCE]


def test_a_habit_low_on_the_ladder_is_planned_as_the_ladder_says():
    low = {**LONG_HABIT, "level": J5, "week_last_min": 26.0, "credit": 0.0}
    assert (float(in_force(**low).run_min[0]), float(in_force(**low).week_min[0])) == (12.0, 26.0)


def test_at_the_top_a_week_that_limits_had_cut_is_filled_up():
    top = {**EASY, "track": ladder.DISTANCE, "top": ladder.M7 + 11, "level": ladder.M7 + 11, "k_last": ladder.M7 + 11,
           "session_max_min": 80.0, "bout_max_min": 80.0, "week_best_min": 154.0, "run_last_min": 79.0,
           "bout_last_min": 79.0}  # fmt: skip
    filled = in_force(**top, week_last_min=154.0)
    assert (Action(int(filled.action[0])), float(filled.week_min[0])) == (Action.ADVANCE, pytest.approx(1.2 * 154.0))
    assert Action(int(in_force(**top, week_last_min=float(filled.week_min[0]) + 60).action[0])) == Action.HOLD


def test_who_is_free_on_two_neighbouring_days_goes_on_with_one_run_and_then_with_two():
    for days in ((6, 7), (1, 2)):
        _, plans = live(person(experience="active", goal="mile", days_free=days), SUNDAY, 45,
                        lambda w, p: {"rpe": 3.0, "talk_test": "yes"})  # fmt: skip
        assert (plans[-1].level, plans[-1].sessions) == ("P6", 2)


@pytest.mark.parametrize("hard", [{"rpe": 7.0}, {"rpe": 5.0, "talk_test": "no"}])
def test_a_hard_answer_gives_no_more_than_silence(hard):
    lived, plans = live(person(experience="active"), SUNDAY, 3, lambda w, p: {})
    last = lived.sessions[-1]
    told = replace(lived, sessions=(*lived.sessions[:-1], replace(last, **hard)))
    before = replace(told, weeks=lived.weeks[:-1])
    assert plan(before, lived.weeks[-1].as_of).run_min <= plans[-1].run_min


def test_speed_work_goes_on_although_its_stretches_are_shorter_than_its_minutes():
    short = {**READY, "level": ladder.P6, "k_last": ladder.P6, "session_max_min": 30.0, "bout_max_min": 18.5,
             "week_best_min": 63.0, "run_last_min": 30.0, "week_last_min": 63.0, "credit": 3.0}  # fmt: skip
    assert int(in_force(**short).level[0]) == ladder.P6


def test_an_advance_of_a_usual_week_that_brings_no_more_is_a_hold():
    less = {**LONG_HABIT, "usual_days": 4.0, "max_runs": 2.0, "week_last_min": 120.0, "week_best_min": 100.0,
            "run_last_min": 70.0, "bout_last_min": 70.0, "session_max_min": 60.0}  # fmt: skip
    assert Action(int(in_force(**less).action[0])) == Action.HOLD
