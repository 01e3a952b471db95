"""The learned choice takes the highest step that is unlikely to feel hard, and only where the policy lets it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.learning import attendance, effort
from steadymile.models.learning.choice import BOUNDS, choose, learned_rules
from steadymile.models.learning.effort import Belief
from steadymile.models.policy import ladder
from steadymile.models.policy.decide import decide
from steadymile.models.policy.memory import policy_memory
from steadymile.models.policy.rules.found import RULES
from steadymile.models.weekplan import Action

MILE = np.zeros(1, dtype=np.int64)
YES = np.ones(1, dtype=bool)
TARGETS = ("action", "level", "run_min", "bout_min", "week_min", "sessions")


def sure(ease: float, answered: float = 10.0) -> Belief:
    return Belief(np.array([[ease, 0.0, 0.0]]), np.diag([0.1, 1.0, 1.0])[None], np.array([answered]))


def step(ease: float, level: int = ladder.J1 + 3, weeks: float = 1.0, **more: object) -> int:
    belief = sure(ease, **more)
    return int(choose(belief, np.array([level]), MILE, YES, np.array([weeks])).step[0])


@given(st.floats(-5, 5), st.floats(-5, 5), st.integers(ladder.J1, ladder.M7 - 1))
def test_more_ease_never_gives_a_smaller_step(a: float, b: float, level: int) -> None:
    low, high = sorted((a, b))
    assert step(low, level) <= step(high, level)


def test_who_finds_all_easy_goes_two_steps_and_who_finds_all_hard_one_down() -> None:
    assert step(4.0) == 2
    assert step(-5.0) == -1


def test_waiting_at_a_level_raises_what_is_acceptable_and_never_to_a_step_down() -> None:
    level = ladder.J1 + 3
    hard = choose(sure(0.3), np.array([level]), MILE, YES, np.ones(1)).hard[0]
    assert BOUNDS.up < hard[1] < BOUNDS.down
    assert step(0.3, level) == 0
    assert step(0.3, level, weeks=6.0) == 1


@pytest.mark.parametrize(
    ("answered", "lately", "level"), [(5.0, True, 5), (9.0, False, 5), (9.0, True, 1), (9.0, True, ladder.M7)]
)
def test_it_waits_for_six_answers_speaks_of_a_week_with_answers_and_of_running_levels(answered, lately, level) -> None:
    c = choose(sure(3.0, answered), np.array([level]), MILE, np.array([lately]), np.ones(1))
    assert not c.active[0]
    state = policy_memory.state(policy_memory.initial(1, level), sessions_7d=3.0)
    ours, learned = decide(state), decide(state, learned_rules(c))
    for name in TARGETS:
        np.testing.assert_array_equal(getattr(ours, name), getattr(learned, name))


signals = st.fixed_dictionaries({
    "pain": st.sampled_from([0.0, 3.0, 6.0]), "fat_upper": st.floats(0.3, 0.9), "gate": st.booleans(),
    "comfort": st.floats(0.0, 1.0), "days_since_run": st.sampled_from([1.0, 8.0, 20.0, 60.0]), "ill": st.booleans(),
    "sessions_7d": st.sampled_from([0.0, 3.0]), "overshoot": st.booleans(), "red_flag": st.booleans(),
    "session_max_min": st.floats(0.0, 30.0), "bout_max_min": st.floats(0.0, 30.0),
    "coverage": st.sampled_from([0.0, 1.0]),
})  # fmt: skip
VETOES = [r.id for r in RULES if r.id not in ("earned", "one_step", "uncomfortable")]


@given(signals, st.floats(-5, 5), st.integers(ladder.J1, ladder.M7 - 1))
def test_every_veto_and_every_cap_stands_above_the_learned_step(values, ease, level) -> None:
    memory = policy_memory.initial(1, level)
    state = policy_memory.state(memory, week_best_min=30.0, **values)
    c = choose(sure(ease), np.array([level]), MILE, YES, np.ones(1))
    d = decide(state, learned_rules(c))
    generous = decide(replace(state, credit=np.full(1, 99.0), comfort=np.ones(1), answered=YES))
    # Whatever is learned, the week asks for no more than the policy would after the best of sessions.
    assert d.action[0] <= generous.action[0]
    for name in ("level", "run_min", "bout_min", "week_min", "sessions"):
        assert getattr(d, name)[0] <= getattr(generous, name)[0] + 1e-9, name
    for cap in ("session_cap_min", "bout_cap_min", "week_cap_min", "distance_cap_m"):
        np.testing.assert_array_equal(getattr(d, cap), getattr(generous, cap))
    fired = {r.id for r, on in zip(RULES, d.fired[0], strict=True) if on}
    before = {r.id for r, on in zip(RULES, decide(state).fired[0], strict=True) if on}
    assert fired & set(VETOES) == before & set(VETOES)


def test_red_flags_stop_whoever_finds_all_easy() -> None:
    state = policy_memory.state(policy_memory.initial(1, ladder.J1 + 3), red_flag=True, sessions_7d=3.0)
    c = choose(sure(5.0), np.array([ladder.J1 + 3]), MILE, YES, np.ones(1))
    assert decide(state, learned_rules(c)).action[0] == Action.STOP


def test_the_likeliest_day_is_the_one_that_is_kept_and_the_first_while_nothing_is_known() -> None:
    assert np.argmax(attendance.likely(np.zeros(3), np.zeros(3))) == 0
    assert np.argmax(attendance.likely(np.array([1.0, 5.0, 5.0]), np.full(3, 6.0))) == 1


def test_a_share_of_nothing_known_is_the_prior_with_a_wide_interval() -> None:
    unknown, known = attendance.share(0.0, 0.0), attendance.share(30.0, 40.0)
    assert unknown.mean == known.mean == pytest.approx(0.75)
    assert unknown.high - unknown.low > 2 * (known.high - known.low)


@given(st.floats(0, 50), st.floats(0, 50))
def test_more_runs_of_as_many_chances_is_never_a_smaller_share(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert attendance.share(low, 50.0).mean <= attendance.share(high, 50.0).mean + 1e-12


def test_effort_answers_are_what_calibrates() -> None:
    belief = effort.population(1)
    for _ in range(6):
        belief = effort.observe(belief, effort.Witness.of(1, 1.0, 8.0, finished=1.0, share_above=0.2))
    assert not belief.calibrated[0]
