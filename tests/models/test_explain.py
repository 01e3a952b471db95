"""Why the week is what it is, and that what is said is what was done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from models import explain, limits, policy
from models.caps import CAPS
from models.counterfactual import counterfactuals
from models.decision import Action, Reason, WeekPlan
from models.history import Day, History
from models.plan import plan
from models.policy import RULES, decide
from models.state import State
from tests.models.policy_fuzz import random_states
from tests.models.policy_people import SUNDAY, live, person

DAY = SUNDAY + timedelta(days=28)


@pytest.fixture(scope="module")
def beginner() -> History:
    return live(person(experience="active"), SUNDAY, 4, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})[0]


def with_days(history: History, **values: Any) -> WeekPlan:
    from dataclasses import replace

    weeks = tuple(w for w in history.weeks if w.as_of < DAY)
    return plan(replace(history, weeks=weeks, days=(*history.days, Day(DAY, values))), DAY)


def reason(week: WeekPlan, rule: str) -> Reason:
    return next(r for r in week.reasons if r.rule == rule)


def test_removing_the_binding_rules_changes_a_target():
    s = random_states(500, np.random.default_rng(11))
    d = decide(s)
    without = explain.without_each(s, d)
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
    from dataclasses import replace

    silent = plan(replace(beginner, days=(), weeks=()), DAY)
    rules = {r.rule for r in silent.reasons}
    assert {"no_pain_report", "heart_rate_believed", "goal_unknown", "screening_unanswered"} <= rules
    assert "no_pain_report" not in {r.rule for r in with_days(beginner, pain=0.0).reasons}


def test_a_date_that_comes_too_soon_is_told_with_one_that_does_not():
    week = live(person(experience="active", goal="mile", goal_date=SUNDAY + timedelta(days=14)), SUNDAY, 0)[1][0]
    text = reason(week, "goal_date").sentence
    assert text.startswith("15 Mar 2026 is too soon for the mile")
    assert "10 May 2026 is safe" in text


def test_a_goal_date_never_changes_the_week():
    wish = live(person(experience="active", goal="mile", goal_date=SUNDAY + timedelta(days=14)), SUNDAY, 4)[1]
    none = live(person(experience="active", goal="mile"), SUNDAY, 4)[1]
    assert [p.planned for p in wish] == [p.planned for p in none]


def test_headlines_tell_decision_reason_and_next_step_in_one_line(beginner):
    week = with_days(beginner, pain=0.0)
    assert week.action == Action.ADVANCE
    assert week.headline.startswith("One step further. Your finished, comfortable runs earned the next step: ")
    assert week.headline.endswith("min of running in all.")
    assert "\n" not in week.headline


def test_a_counterfactual_finds_the_smallest_change():
    history, _ = live(person(experience="active"), SUNDAY, 3, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    week = history.weeks[-1]
    pain = next(c for c in counterfactuals(week) if c.field == "pain")
    assert (pain.now, pain.wanted, pain.better) == (0.0, 3.0, False)  # 2 is still fine, 3 holds


def test_a_counterfactual_is_what_the_policy_would_decide():
    history, _ = live(person(experience="active"), SUNDAY, 3, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    week = history.weeks[-1]
    s = State.from_stored(week.state).signals
    from dataclasses import replace

    for c in counterfactuals(week):
        dtype = getattr(s, c.field).dtype
        d = decide(replace(s, **{c.field: np.array([c.wanted], dtype=dtype)}))
        assert (int(d.action[0]), round(float(d.week_min[0]), 2)) == (int(c.action), c.run_min), c.field


def test_only_what_would_allow_more_on_request(beginner):
    week = with_days(beginner, ill=True)
    assert {c.field for c in counterfactuals(week, more_only=True)} >= {"ill"}
    assert all(c.better for c in counterfactuals(week, more_only=True))


def test_a_week_without_a_sync_is_told_as_that_and_not_as_a_week_without_running(beginner):
    _, silent = live(beginner, SUNDAY + timedelta(days=28), 2, lambda w, p: None)
    week = next(p for p in silent if reason(p, "earned").fired and any(r.rule == "unsynced" for r in p.reasons))
    assert "Nothing has arrived from your watch" in week.headline


def test_every_cap_that_is_named_changes_the_week_when_it_is_lifted():
    s = random_states(3000, np.random.default_rng(6))
    d = decide(s)
    lifted = limits.lifted_each(s, d)
    facts: dict[str, Any] = {"ids": {}}
    named = 0
    for i in range(s.n):
        one = s.take(np.array([i]))
        caps = [r.rule.removeprefix("cap_") for r in limits.cap_reasons(one, d, i, lifted, facts)]
        if not caps:
            continue
        named += 1
        off = np.array([[c in caps for c in CAPS]])
        again = decide(one, lifted=off)
        assert policy.differs(d, np.array([i]), again)[0], caps
    assert named > 500


def test_a_week_that_caps_cut_names_one():
    s = random_states(3000, np.random.default_rng(7))
    d = decide(s)
    lifted = limits.lifted_each(s, d)
    for i in np.flatnonzero((d.action != Action.STOP) & (lifted.first >= 0)):
        assert limits.cap_reasons(s.take(np.array([i])), d, int(i), lifted, {"ids": {}})


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
