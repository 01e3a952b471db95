"""What must hold for every state: monotone, within caps, live. Random states far wider than life."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.models.policy import ladder
from steadymile.models.policy.decide import RULES, StateArrays, decide
from steadymile.models.policy.memory import policy_memory
from steadymile.models.policy.parameters import IN_FORCE, UNTUNED, V2, Parameters
from steadymile.models.policy.rules.rule import Effect
from steadymile.models.weekplan import Action

from tests.models.policy_fuzz import fuzz, random_states


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([IN_FORCE, V2, UNTUNED]))
def test_no_random_state_breaks_an_invariant(seed, parameters):
    assert fuzz(400, np.random.default_rng(seed), parameters=parameters) == Counter()


def test_the_fuzzer_sees_a_rule_that_rewards_tiredness():
    def backwards(s: StateArrays, p: Parameters) -> Effect:
        return Effect(s.fat_upper < 0.5, Action.HOLD, 0, 0)

    wrong = tuple(replace(r, effect=backwards) if r.id == "tired" else r for r in RULES)
    assert any("fat_upper" in name for name in fuzz(30_000, np.random.default_rng(1), rules=wrong))


def test_the_fuzzer_sees_a_missing_stop():
    without = tuple(r for r in RULES if r.id != "stop")
    assert fuzz(4000, np.random.default_rng(1), rules=without)["stop dominates"] > 0


def test_the_order_of_athletes_changes_nothing():
    s = random_states(500, np.random.default_rng(3))
    order = np.random.default_rng(4).permutation(500)
    a, b = decide(s), decide(s.take(order))
    for name in a.__dataclass_fields__:
        assert np.array_equal(getattr(a, name)[order], getattr(b, name), equal_nan=True), name


def weeks_to_the_mile(credit_a_week: float, sessions: int = 3, **signals: float) -> int:
    """Weeks from J1 until M1 has been lived, when everything prescribed is done."""
    m = policy_memory.initial(1, ladder.J1)
    longest, bout, weeks = np.zeros(1), np.zeros(1), [0.0] * 4
    for week in range(1, 60):
        s = policy_memory.state(
            m,
            session_max_min=longest,
            bout_max_min=bout,
            week_best_min=np.array([max(weeks[-4:])]),
            max_runs=float(sessions),
            **signals,
        )
        d = decide(s)
        m = policy_memory.after_decision(m, d)
        longest, bout = np.maximum(longest, d.run_min), np.maximum(bout, d.bout_min)
        weeks.append(float(d.week_min[0]))
        if d.level[0] >= ladder.M1:
            return week - 1
        m = policy_memory.after_week(
            m, policy_memory.Outcome.make(1, credit=credit_a_week, credit_level=d.level, ran=True, adherence=1.0)
        )
    return 99


@pytest.mark.parametrize(
    ("credit", "sessions", "signals", "weeks"),
    [
        (3.0, 3, {"comfort": 0.6}, 8),  # easy throughout, steps of two where the caps allow
        (3.0, 3, {"comfort": 0.5}, 10),
        (2.01, 3, {"comfort": 0.5, "coverage": 0.0}, 10),  # no word on how it felt: two thirds of a credit each
        (1.34, 2, {"comfort": 0.5, "coverage": 0.0}, 20),
    ],
)
def test_whoever_completes_everything_reaches_the_mile(credit, sessions, signals, weeks):
    assert weeks_to_the_mile(credit, sessions, **signals) <= weeks


@pytest.mark.parametrize("level", range(ladder.J1, ladder.M1))
def test_nobody_is_stuck_on_any_level_without_a_stop(level):
    m = policy_memory.initial(1, level)
    run, bout = ladder.RUN_MIN[0, level], ladder.BOUT_MIN[0, level]
    for _ in range(20):
        d = decide(policy_memory.state(m, comfort=0.5, session_max_min=run, bout_max_min=bout, week_best_min=3 * run))
        m = policy_memory.after_decision(m, d)
        run, bout = max(run, float(d.run_min[0])), max(bout, float(d.bout_min[0]))
        m = policy_memory.after_week(
            m, policy_memory.Outcome.make(1, credit=2.0, credit_level=d.level, ran=True, adherence=1.0)
        )
    assert m.level[0] >= ladder.M1
