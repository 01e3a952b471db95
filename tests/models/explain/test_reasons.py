"""Why the week is what it is, and that what is said is what was done."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from steadymile.models.athlete import Facts
from steadymile.models.explain import cap_attribution, caveats, reasons
from steadymile.models.explain.counterfactual import counterfactuals
from steadymile.models.policy import decide as policy
from steadymile.models.policy.build_state import State
from steadymile.models.policy.caps import CAPS
from steadymile.models.policy.decide import RULES, decide
from steadymile.models.policy.habit import habit_is_enough
from steadymile.models.policy.parameters import V2, V3_8
from steadymile.models.policy.rules.earning import ENOUGH
from steadymile.models.policy.state import StateArrays
from steadymile.models.session import Day, History
from steadymile.models.week.layout import Chosen
from steadymile.models.week.plan import plan
from steadymile.models.weekplan import Action, Reason, WeekPlan

from tests.models.policy.frozen_states import states
from tests.models.policy_fuzz import random_states
from tests.models.policy_people import SUNDAY, live, person, run

DAY = SUNDAY + timedelta(days=28)


@pytest.fixture(scope="module")
def beginner() -> History:
    return live(person(experience="active"), SUNDAY, 4, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})[0]


def with_days(history: History, **values: Any) -> WeekPlan:
    weeks = tuple(w for w in history.weeks if w.as_of < DAY)
    return plan(replace(history, weeks=weeks, days=(*history.days, Day(DAY, values))), DAY)


def reason(week: WeekPlan, rule: str) -> Reason:
    return next(r for r in week.reasons if r.rule == rule)


def test_removing_the_binding_rules_changes_a_target():
    s = random_states(500, np.random.default_rng(11))
    d = decide(s)
    without = reasons.without_each(s, d)
    named = 0
    for i in range(s.n):
        rows = range(without.first[i], without.first[i + 1])
        alone = [RULES[without.rule[j]].id for j in rows if without.changes[j]]
        for binding in [[rule] for rule in alone] or [list(without.together.get(i, ()))]:
            if not binding:
                continue  # a cap or the ladder's end holds, whatever the rules say
            named += 1
            again = decide(s.take(np.array([i])), tuple(r for r in RULES if r.id not in binding))
            assert any(
                not np.array_equal(getattr(again, t), getattr(d, t)[i : i + 1], equal_nan=True) for t in policy.TARGETS
            ), binding
    assert named > 400


def test_every_rule_that_fired_is_told(beginner):
    week = with_days(beginner, pain=3.0, ill=True)
    s = State.from_stored(week.state).signals
    fired = {r.id for r, on in zip(RULES, decide(s).fired[0]) if on}
    assert fired == {r.rule for r in week.reasons if r.fired and not r.rule.startswith("cap_")}
    assert {"illness", "sore"} <= fired


def test_the_strictest_rule_is_told_first(beginner):
    week = with_days(beginner, pain=8.0, ill=True)
    assert week.reasons[0].rule == "stop"
    assert week.headline.startswith("No running for now. You reported strong pain (8 out of 10).")


def test_a_reason_tells_observed_threshold_and_what_would_change_it(beginner):
    sore = reason(with_days(beginner, pain=3.0), "sore")
    assert (sore.observed, sore.threshold, sore.window) == (3.0, 2.0, "last 7 days")
    assert sore.what_would_change_it.startswith("A week with pain of 2 or less.")


def test_the_sessions_behind_a_decision_are_named(beginner):
    earned = reason(with_days(beginner, pain=0.0), "earned")
    assert earned.activity_ids
    assert set(earned.activity_ids) <= {s.activity_id for s in beginner.sessions}


def test_as_many_sessions_are_named_as_earned_a_credit(beginner):
    earned = reason(with_days(beginner, pain=0.0), "earned")
    assert len(earned.activity_ids) == earned.observed == 3.0  # every one of the week's three runs earned a whole one
    assert "3 credits, and 2 are needed" in earned.sentence


def test_a_walker_is_not_told_of_two_steps_at_once():
    week = live(person(experience="never"), SUNDAY, 0)[1][-1]
    assert "one_step" not in {r.rule for r in week.reasons}
    assert reason(week, "earned").sentence.startswith("Six finished, easy walks lead to the next step;")


def test_the_minutes_with_and_without_a_rule_stand_beside_each_other(beginner):
    week = with_days(beginner, ill=True)
    illness = reason(week, "illness")
    assert illness.before > illness.after


def test_what_nearly_bound_is_told(beginner):
    near = reason(with_days(beginner, pain=2.0), "sore")
    assert not near.fired
    assert near.sentence == "Your pain report (2) is at the limit of 2."


def test_a_cap_that_bound_is_told_with_its_number():
    _, plans = live(
        person(experience="active"), SUNDAY, 3, lambda w, p: {"rpe": 2.0, "talk_test": "yes", "feel": 100.0}
    )
    capped = [r for p in plans for r in p.reasons if r.rule.startswith("cap_")]
    for r in capped:
        assert r.observed > r.threshold
        assert r.evidence in {"strong", "moderate", "weak", "practice"}


def test_missing_answers_and_believed_numbers_are_said_openly(beginner):
    silent = plan(replace(beginner, days=(), weeks=()), DAY)
    rules = {r.rule for r in silent.reasons}
    assert {"no_pain_report", "heart_rate_believed", "goal_unknown", "screening_unanswered"} <= rules
    assert "no_pain_report" not in {r.rule for r in with_days(beginner, pain=0.0).reasons}


def test_a_walker_is_asked_for_no_run():
    plans = live(person(goal="walk", screening=False), SUNDAY, 4)[1]
    told = [r for p in plans for r in p.reasons]
    assert plans[-1].level == "W6"
    assert "speed_unknown" not in {r.rule for r in told}
    believed = {r.what_would_change_it for r in told if r.rule == "heart_rate_believed"}
    assert believed == {"A measured maximum makes it exact."}


def test_a_usual_week_grows_slowly_towards_a_date():
    def weeks(long_min: float, goal: str) -> int:
        one = usual_week(usual_long_min=long_min, session_max_min=long_min, run_speed_m_s=2.0)
        return caveats.weeks_to(one, goal, int(one.level[0]))

    # 90 % of 10 km take 75 min at 2.0 m/s: ln 1.25 / ln 1.03 is 7.5 weeks from 60 min.
    assert (weeks(75.0, "10k"), weeks(60.0, "10k"), weeks(60.0, "mile")) == (0, 8, 0)


def test_a_date_that_comes_too_soon_is_told_with_one_that_does_not():
    week = live(person(experience="active", goal="mile", goal_date=SUNDAY + timedelta(days=14)), SUNDAY, 0)[1][0]
    text = reason(week, "goal_date").sentence
    assert text.startswith("15 Mar 2026 is too soon for the mile")
    assert "10 May 2026 is safe" in text


def test_a_goal_date_never_hurries_and_changes_no_week_but_those_around_it():
    wish = live(person(experience="active", goal="mile", goal_date=SUNDAY + timedelta(days=14)), SUNDAY, 4)[1]
    none = live(person(experience="active", goal="mile"), SUNDAY, 4)[1]
    assert all(a.run_min <= b.run_min for a, b in zip(wish, none, strict=True))
    assert wish[0].planned == none[0].planned


def test_headlines_tell_decision_reason_and_next_step_in_one_line(beginner):
    week = with_days(beginner, pain=0.0)
    assert week.action == Action.ADVANCE
    assert week.headline.startswith("Two steps further. Your finished, comfortable runs earned the next step: ")
    assert week.headline.endswith("min of running in all.")
    assert "\n" not in week.headline


def test_a_counterfactual_finds_the_smallest_change():
    history, _ = live(person(experience="active"), SUNDAY, 3, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    week = history.weeks[-1]
    pain = next(c for c in counterfactuals(week) if c.field == "pain")
    assert (pain.now, pain.wanted, pain.better) == (0.0, 3.0, False)  # 2 is still fine, 3 holds


def test_a_counterfactual_calls_silence_silence_and_an_answer_an_answer(beginner):
    history, _ = live(person(experience="active"), SUNDAY, 3, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    unsaid = next(c.sentence for c in counterfactuals(history.weeks[-1]) if c.field == "pain")
    said = next(c.sentence for c in counterfactuals(with_days(beginner, pain=0.0)) if c.field == "pain")
    assert unsaid.startswith("With pain of 3 out of 10 (nothing was said): ")
    assert said.startswith("With pain of 3 out of 10 (it was 0): ")


def test_a_counterfactual_gives_both_amounts_their_unit():
    history, _ = live(person(experience="active"), SUNDAY, 12, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    amounts = ("distance_max_m", "week_best_min")
    told = [c.sentence for week in history.weeks for c in counterfactuals(week) if c.field in amounts]
    assert told
    for sentence in told:
        wanted, now = re.fullmatch(r"With ([\d.]+ \w+) .* \(it was (.*?)\): .*", sentence).groups()
        assert {wanted.split()[1], now.split()[1]} <= {"km", "min"}


def test_a_counterfactual_is_what_the_policy_would_decide():
    history, _ = live(person(experience="active"), SUNDAY, 3, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    week = history.weeks[-1]
    s = State.from_stored(week.state).signals
    for c in counterfactuals(week):
        dtype = getattr(s, c.field).dtype
        d = decide(replace(s, **{c.field: np.array([c.wanted], dtype=dtype)}))
        assert (int(d.action[0]), round(float(d.week_min[0]), 2)) == (int(c.action), c.run_min), c.field


def test_a_change_that_leaves_the_minutes_names_the_level_it_leads_to_and_the_decided_one():
    history, _ = live(person(experience="active"), SUNDAY, 9, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    week = next(w for w in history.weeks if w.level == "M3")
    alike = [c for c in counterfactuals(week) if "about as much running" in c.sentence]
    assert {c.sentence.split("running, ")[1] for c in alike} == {"at level M4 instead of M3."}


def test_only_what_would_allow_more_on_request(beginner):
    week = with_days(beginner, ill=True)
    assert {c.field for c in counterfactuals(week, more_only=True)} >= {"ill"}
    assert all(c.better for c in counterfactuals(week, more_only=True))


def test_a_week_without_a_sync_is_told_as_that_and_not_as_a_week_without_running(beginner):
    _, silent = live(beginner, SUNDAY + timedelta(days=28), 2, lambda w, p: None)
    week = next(p for p in silent if reason(p, "earned").fired and any(r.rule == "unsynced" for r in p.reasons))
    assert "Nothing has arrived from your watch" in week.headline


def test_after_an_illness_no_missing_sync_is_spoken_of(beginner):
    monday = DAY + timedelta(days=1)
    days = (Day(DAY, {"ill": True}), Day(monday + timedelta(days=4), {"ill": False}))
    plans = live(replace(beginner, days=(*beginner.days, *days)), DAY, 1, lambda w, p: None)[1]
    assert {"after_illness", "quiet_week"} <= {r.rule for r in plans[-1].reasons}
    assert "You were ill until recently" in plans[-1].headline


def test_after_a_month_of_silence_the_plan_waits(beginner):
    plans = live(beginner, DAY, 8, lambda w, p: None)[1]
    last = beginner.sessions[-1].local_day
    days = (plans[-1].as_of - last).days
    assert plans[-1].headline.startswith(f"The plan waits. Nothing has been recorded for {days} days: ")
    assert "missed" in {r.rule for r in plans[-1].reasons if r.fired}


def test_every_cap_that_is_named_changes_the_week_when_it_is_lifted():
    s = random_states(7000, np.random.default_rng(6))
    d = decide(s)
    lifted = cap_attribution.lifted_each(s, d)
    facts: dict[str, Any] = {"ids": {}}
    named = 0
    for i in range(s.n):
        one = s.take(np.array([i]))
        caps = [r.rule.removeprefix("cap_") for r in cap_attribution.cap_reasons(one, d, i, lifted, facts)]
        if not caps:
            continue
        named += 1
        off = np.array([[c in caps for c in CAPS]])
        again = decide(one, lifted=off)
        assert policy.differs(d, np.array([i]), again)[0], caps
    assert named > 500


def test_a_week_that_caps_cut_names_one():
    silent = usual = 0
    for seed in (7, 8, 9):
        s = states(3000, seed)  # goals without a ceiling: what cuts a week here is a cap
        d = decide(s)
        lifted = cap_attribution.lifted_each(s, d)
        for i in np.flatnonzero((d.action != Action.STOP) & (lifted.first >= 0)):
            named = bool(cap_attribution.cap_reasons(s.take(np.array([i])), d, int(i), lifted, {"ids": {}}))
            assert named or s.established[i]
            if s.established[i] and not s.restart[i]:  # a restart puts established runners on the ladder for a week
                usual, silent = usual + 1, silent + (not named)
    assert silent <= 0.1 * usual  # states in which a limit holds the level beneath a usual week, and with it its size


def test_a_limit_is_named_only_with_a_number_beyond_it():
    s = random_states(7000, np.random.default_rng(8))
    d = decide(s)
    lifted = cap_attribution.lifted_each(s, d)
    told = [
        r for i in range(s.n) for r in cap_attribution.cap_reasons(s.take(np.array([i])), d, i, lifted, {"ids": {}})
    ]
    assert len(told) > 500
    assert all(r.observed >= r.threshold for r in told)  # two decimals, so a hair above looks equal


def test_a_limit_on_the_ladders_level_beneath_a_usual_week_is_not_named():
    s = usual_week(track=2, level=26, k_last=26, top=29, distance_max_m=9200.0)  # D8 is 10.9 km, the hour alone 10.1
    assert int(decide(s).level[0]) == 26  # its own week has no walks around it
    d = decide(s, parameters=V3_8)
    assert int(d.level[0]) < 26
    assert not cap_attribution.cap_reasons(s, d, 0, cap_attribution.lifted_each(s, d, V3_8), {"ids": {}})


def test_the_weeks_at_the_goal_are_counted_and_another_goal_is_named():
    plans = live(person(goal="walk"), SUNDAY, 12)[1]
    told = reason(plans[-1], "earned")
    assert told.sentence == "For 6 weeks you have been at the level your goal asks for; the plan keeps you there."
    assert told.what_would_change_it == "Another goal, if you like: `steadymile athlete set goal=mile`."


def test_a_step_that_was_earned_but_not_taken_waits(beginner):
    eased = reason(with_days(beginner, ill=True), "earned")
    assert eased.sentence == (
        "Your finished, comfortable runs would do for a step (3 credits, and 2 are needed), but it waits."
    )


def test_what_binds_only_together_begins_with_no_space():
    alone = Reason("unsynced", "Nothing arrived.", what_would_change_it="")
    told = reasons._not_alone(alone, ("unsynced", "quiet_week"))
    assert told.what_would_change_it == "1 other reason asks for the same."


def test_a_usual_week_that_no_step_would_lengthen_is_told_as_enough():
    s = usual_week(usual_session_min=44.0, usual_week_min=147.5, usual_long_min=59.5, credit=4.0, week_last_min=150.0,
                   run_last_min=60.0, bout_last_min=60.0)  # fmt: skip
    d = decide(s)
    assert not habit_is_enough(s, V2)[0]
    facts = live(person(goal="mile"), SUNDAY, 0)[1][0].state["facts"]
    told = next(r for r in reasons.reasons(s, d, 0, reasons.without_each(s, d), facts) if r.rule == "earned")
    assert (int(d.action[0]), told.sentence) == (Action.HOLD, ENOUGH[True])


def test_no_step_is_spoken_of_where_the_way_back_is_limited():
    assert (
        cap_attribution._without_it(Action.REBUILD, Action.REBUILD, False)
        == "Without this limit the week would ask for"
    )
    assert cap_attribution._without_it(Action.HOLD, Action.ADVANCE, False) == "The next step asks for"
    assert cap_attribution._without_it(Action.ADVANCE, Action.ADVANCE, True) == "This step in full asks for"


def chosen(action: Action, level: int, week_min: float, established: bool = False) -> Chosen:
    return Chosen(
        action, level, 0, established, 30.0, 16.5, 30.0, week_min, 3, 2, 20.0, False, False, False, False, None, None
    )


def test_a_week_that_is_no_longer_is_not_called_longer():
    before = reasons.Before(level=23, bout_min=30.0, week_min=63.0, usual_min=np.nan)
    assert reasons.lead(chosen(Action.ADVANCE, 24, 62.6), before) == "One step further, not longer."
    assert reasons.lead(chosen(Action.ADVANCE, 24, 66.0), before) == "One step further."
    assert reasons.lead(chosen(Action.ADVANCE, 24, 63.0), replace(before, bout_min=29.5)) == "One step further."


def test_a_level_below_the_last_is_no_same_step():
    assert reasons.lead(chosen(Action.HOLD, 15, 50.0), reasons.Before(16, 26.0, 55.0, np.nan)) == "A step back."
    assert reasons.lead(chosen(Action.HOLD, 16, 55.0), reasons.Before(16, 26.0, 55.0, np.nan)) == "The same step again."


def test_a_step_back_names_the_limit_that_asked_for_it():
    earned = Reason("earned", "One credit so far.", observed=1.0, threshold=2.0, binding=True, fired=True,
                    what_would_change_it="One more run.")  # fmt: skip
    cap = Reason("cap_bout", "27 minutes is the most.", binding=True, fired=True)
    facts = {"first_plan": False, "silent_days": 0, "run_min_done": 0.0}

    def told(last_level: int) -> str:
        before = reasons.Before(last_level, 30.0, 55.0, np.nan)
        return reasons.headline(chosen(Action.HOLD, 16, 54.0), facts, [earned, cap], (), before)[1]

    assert told(23).startswith("A step back. 27 minutes is the most.")
    assert told(16).startswith("The same step again. One credit so far.")


def test_a_usual_week_is_held_against_the_usual_minutes():
    before = reasons.Before(level=18, bout_min=50.0, week_min=120.0, usual_min=150.0)
    leads = [reasons.lead(chosen(Action.ADVANCE, 18, m, established=True), before) for m in (155.0, 150.0, 130.0)]
    assert leads == ["A little more than usual.", "Your usual week.", "Back towards your usual week."]


def test_a_goal_that_leads_another_way_is_told_as_a_new_one():
    history, _ = live(person(experience="active", goal="mile"), SUNDAY, 4)
    week = plan(with_goal(history, "10k"), DAY)
    assert week.headline.startswith("A new goal: 10 km. ")
    assert reason(week, "goal_new").sentence == "Your goal is now 10 km; the plan goes on from where you are."
    assert not plan(with_goal(history, "mile"), DAY).headline.startswith("A new goal")


def with_goal(history: History, goal: str) -> History:
    weeks = tuple(w for w in history.weeks if w.as_of < DAY)
    return replace(history, athlete=replace(history.athlete, dated={DAY: Facts(goal=goal)}), weeks=weeks)


def usual_week(**values: Any) -> StateArrays:
    """An established runner of 3 x 40 min and a long run of an hour."""
    habit = {"established": True, "usual_session_min": 40.0, "usual_long_min": 60.0, "usual_week_min": 140.0,
             "usual_days": 3.0, "week_top_min": 300.0, "long_top_min": 60.0, "run_speed_m_s": 2.8}  # fmt: skip
    run = {"session_max_min": 62.0, "bout_max_min": 62.0, "week_best_min": 150.0, "week_last_min": 140.0}
    return StateArrays.make(1, **{"track": 0, "level": 18, "k_last": 18, "top": 24, **habit, **run, **values})


def test_a_warning_sign_is_told_without_a_number_of_pain(beginner):
    stop = reason(with_days(beginner, red_flag="chest_pain"), "stop")
    assert (stop.observed, stop.threshold) == (None, None)
    assert stop.what_would_change_it.endswith("`steadymile log cleared=yes`.")


def test_two_steps_at_once_are_no_matter_where_nothing_goes_up(beginner):
    assert "one_step" not in {r.rule for r in with_days(beginner, ill=True).reasons}


def test_a_counterfactual_always_changes_what_is_read(beginner):
    week = with_days(beginner, pain=0.0)
    told = [c for c in counterfactuals(week) if c.action == week.action and c.level == week.level]
    assert all(abs(c.run_min - week.state["decision"]["week_min"]) >= 1.0 for c in told)


def test_of_a_pause_only_its_whole_length_is_told():
    plan = live(person(tuple(run(SUNDAY - timedelta(days=3 * i + 30), 30.0) for i in range(9))[::-1]), SUNDAY, 0)[1][0]
    told = [r.rule for r in plan.reasons if r.fired and r.rule.startswith("gap")]
    assert told == ["gap28"]


def test_a_week_that_comes_back_is_not_said_to_be_at_the_goal():
    usual = ((1, 79), (3, 50), (5, 50))
    past = tuple(run(SUNDAY - timedelta(days=7 * w + d + 20), m) for w in range(8) for d, m in usual)
    plan = live(person(tuple(sorted(past, key=lambda s: s.started_at)), goal="10k"), SUNDAY, 0)[1][0]
    assert plan.action == Action.REBUILD
    assert [r.sentence for r in plan.reasons if "your goal asks for" in r.sentence] == []


def test_a_walker_of_the_first_days_is_told_of_the_two_weeks():
    plan = live(person(experience="never"), SUNDAY, 1, lambda w, p: {"rpe": 2.0})[1][1]
    earned = next(r for r in plan.reasons if r.rule == "earned")
    assert earned.what_would_change_it.endswith("and two weeks of walking in all.")


@pytest.mark.parametrize(("undated", "said"), [(0, 0), (1, 1), (3, 1)])
def test_recordings_without_a_day_are_counted_beside_the_days_since_the_last_run(beginner, undated, said):
    weeks = tuple(w for w in beginner.weeks if w.as_of < DAY)
    found = plan(replace(beginner, weeks=weeks, undated=undated), DAY).reasons
    assert len([r for r in found if r.rule == "undated_recordings"]) == said


FELT_EASY = {"rpe": 2.0, "talk_test": "yes"}


@pytest.mark.parametrize(
    ("answers", "said"), [({}, "Your finished runs"), (FELT_EASY, "Your finished, comfortable runs")]
)
def test_runs_are_called_comfortable_only_where_somebody_said_so(answers, said):
    plans = live(person(experience="active"), SUNDAY, 6, lambda w, p: dict(answers))[1]
    earned = [r.sentence for p in plans[1:] for r in p.reasons if r.rule == "earned"]
    told = [sentence for sentence in earned if "earned the next step" in sentence]
    assert told
    assert all(s.startswith(said) for s in told)
