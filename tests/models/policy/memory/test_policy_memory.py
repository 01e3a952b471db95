"""What is remembered from week to week."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.models.policy import ladder
from steadymile.models.policy.decide import decide
from steadymile.models.policy.memory import policy_memory
from steadymile.models.policy.memory.policy_memory import Memory, Outcome
from steadymile.models.policy.parameters import UNTUNED
from steadymile.models.weekplan import Action

FIT = {"session_max_min": 40.0, "bout_max_min": 40.0, "week_best_min": 120.0, "comfort": 0.5}


def after(m: Memory, **signals: Any) -> Memory:
    return policy_memory.after_decision(m, decide(policy_memory.state(m, **{**FIT, **signals}), parameters=UNTUNED))


def lived(m: Memory, **outcome: Any) -> Memory:
    return policy_memory.after_week(
        m, Outcome.make(1, **{"ran": True, "adherence": 1.0, "credit_level": m.k_last, **outcome})
    )


def test_credits_last_three_weeks():
    m = policy_memory.initial(1, 6)
    for _ in range(4):
        m = lived(m, credit=0.5)
    assert m.credit[0] == pytest.approx(1.5)


def test_an_advance_uses_the_credits_up():
    m = after(lived(policy_memory.initial(1, 6), credit=2.0))
    assert (int(m.level[0]), float(m.credit[0])) == (7, 0.0)


def test_credits_of_an_easier_week_do_not_count_for_the_level_above():
    m = after(policy_memory.initial(1, 6), fat_upper=0.7)  # one easier week for tiredness
    m = lived(m, credit=3.0, credit_level=5)
    assert m.credit[0] == 0.0


def test_after_one_tired_week_the_level_before_is_allowed_again():
    m = after(policy_memory.initial(1, 6), fat_upper=0.7)
    d = decide(policy_memory.state(lived(m), **FIT), parameters=UNTUNED)
    assert (int(d.action[0]), int(d.level[0])) == (Action.HOLD, 6)


def test_after_two_tired_weeks_the_lower_level_stays():
    m = lived(after(policy_memory.initial(1, 6), fat_upper=0.7))
    m = lived(after(m, fat_upper=0.7))
    d = decide(policy_memory.state(m, **FIT), parameters=UNTUNED)
    assert int(d.level[0]) == 5


def plan_through(gap_weeks: int, plan_every: int, level: int = ladder.M7) -> int:
    """The earned level after a gap, planned every few weeks of it, the last plan at its end."""
    m = lived(policy_memory.initial(1, level))
    for week in range(1, gap_weeks + 1):
        if week % plan_every == 0 or week == gap_weeks:
            m = after(m, days_since_run=7.0 * week, sessions_7d=0.0, walk_ok=True)
        m = policy_memory.after_week(m, Outcome.make(1))
    return int(m.level[0])


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(3, ladder.M7))
def test_planning_weekly_through_a_gap_and_once_after_it_give_the_same_level(weeks, every, level):
    assert plan_through(weeks, every, level) == plan_through(weeks, weeks, level)


def test_eight_weeks_away_cost_eight_levels_once():
    assert plan_through(8, 1) == ladder.M7 - 8


def test_weeks_that_hardly_happened_lower_the_level_once_not_every_week():
    m = lived(policy_memory.initial(1, 10))
    for _ in range(8):
        m = after(m, days_since_run=6.0)
        m = policy_memory.after_week(m, Outcome.make(1, adherence=0.0))
    assert int(m.level[0]) == 9


def test_a_week_that_does_not_count_freezes_the_count_of_missed_weeks():
    m = lived(lived(policy_memory.initial(1, 6), adherence=0.0), adherence=0.0)
    assert int(m.low_weeks[0]) == 2
    assert int(lived(m, adherence=np.nan).low_weeks[0]) == 2
    assert int(lived(m, adherence=0.5).low_weeks[0]) == 0


def test_strong_pain_stands_through_silence():
    m = lived(policy_memory.initial(1, 6), pain_most=7.0)
    for _ in range(30):
        m = lived(m)
    assert m.pain_latched[0]


def test_one_calm_day_does_not_clear_pain_but_two_do():
    m = lived(policy_memory.initial(1, 6), pain_most=7.0, calm_days=1)
    assert m.pain_latched[0]
    m = lived(m, calm_days=1)
    assert not m.pain_latched[0]
    assert m.walk_due[0]


def test_a_warning_sign_is_cleared_by_a_professional_only():
    m = lived(policy_memory.initial(1, 6), red_flag=True, calm_days=5)
    assert m.flag_latched[0]
    assert not lived(m, cleared=True).flag_latched[0]


def cleared_and_walked() -> Memory:
    m = lived(policy_memory.initial(1, 10), pain_most=7.0)
    return lived(m, calm_days=2, test_walk=True)


def test_after_the_test_walk_running_starts_two_levels_lower_for_a_week():
    d = decide(policy_memory.state(cleared_and_walked(), **FIT), parameters=UNTUNED)
    assert (int(d.action[0]), int(d.level[0]), int(d.earned[0])) == (Action.REBUILD, 8, 10)


def test_without_the_walk_there_is_no_running():
    m = lived(lived(policy_memory.initial(1, 10), pain_most=7.0), calm_days=2)
    for _ in range(5):
        d = decide(policy_memory.state(m, **FIT), parameters=UNTUNED)
        assert d.week_min[0] == 0
        m = lived(policy_memory.after_decision(m, d), ran=False)


def test_nothing_goes_up_for_fourteen_days_after_a_stop():
    m = cleared_and_walked()
    actions = []
    for _ in range(4):
        d = decide(policy_memory.state(m, **FIT), parameters=UNTUNED)
        actions.append(int(d.action[0]))
        m = lived(policy_memory.after_decision(m, d), credit=3.0)
    assert actions == [Action.REBUILD, Action.HOLD, Action.ADVANCE, Action.ADVANCE]


def test_an_illness_that_ended_is_followed_by_one_level_week():
    m = lived(policy_memory.initial(1, 6), ill=True)
    assert m.ill[0]
    m = lived(m, ill=False)
    assert m.after_illness[0]
    assert not lived(m).after_illness[0]


def test_a_stored_memory_comes_back_as_it_was():
    m = lived(after(policy_memory.initial(1, 6)), credit=1.5, pain_most=6.0)
    back = Memory.from_scalars(m.scalars())
    for name in m.__dataclass_fields__:
        assert np.array_equal(getattr(back, name), getattr(m, name)), name


def test_an_outcome_refuses_a_field_it_does_not_have():
    with pytest.raises(ValueError, match="no field luck"):
        Outcome.make(1, luck=1)
