"""The table of state fields, and all that is derived from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pytest
from steadymile.models.explain.counterfactual import INPUTS
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import state_of
from steadymile.models.policy.decide import RULES
from steadymile.models.policy.memory import policy_memory
from steadymile.models.policy.parameters import GROUPS, IN_FORCE, Parameters, sources
from steadymile.models.policy.rules.rule import Effect
from steadymile.models.policy.state import Signal, StateArrays, signal, signals
from steadymile.models.weekplan import Action

from tests.models.policy_fuzz import drawn, fuzz, random_states, worse
from tests.models.policy_people import SUNDAY, person, run

TABLE = signals(StateArrays)


@pytest.mark.parametrize("x", TABLE.values(), ids=list(TABLE))
def test_every_field_says_what_it_is_and_which_way_is_worse(x: Signal) -> None:
    assert x.unit
    assert x.meaning
    assert x.low < x.high
    assert x.worse in (-1, 0, 1)
    assert bool(x.why) == (x.worse == 0), "a field without a worse direction gives a reason, and no other does"


def test_every_remembered_field_is_filled_by_the_memory() -> None:
    m = policy_memory.initial(1, ladder.J1)
    kept = {name for name in policy_memory.REMEMBERED if name != "stop_recent"}
    assert all(hasattr(m, name) for name in kept)


def test_every_other_field_is_filled_from_somebodys_history(monkeypatch: pytest.MonkeyPatch) -> None:
    filled: set[str] = set()
    make = StateArrays.make.__func__

    def watching(cls: type[StateArrays], n: int = 1, **known: object) -> StateArrays:
        filled.update(known)
        return make(cls, n, **known)

    monkeypatch.setattr(StateArrays, "make", classmethod(watching))
    habit = tuple(run(SUNDAY - timedelta(days=n), 40.0) for n in range(1, 84, 2))
    for history in (person(), person(tuple(reversed(habit)))):
        state_of(history, SUNDAY)
    assert set(TABLE) - filled == set(), "fields of the state that nothing fills"


def test_the_fuzzer_makes_every_field_with_a_direction_worse_and_varies_all_others() -> None:
    rng = np.random.default_rng(5)
    s = random_states(2000, rng)
    made_worse = worse(s, rng)
    assert set(made_worse) == {name for name, x in TABLE.items() if x.worse}
    for name, changed in made_worse.items():
        before, after = (np.asarray(getattr(x, name), dtype=float) for x in (s, changed))
        wrong = (after < before) if TABLE[name].worse > 0 else (after > before)
        assert not wrong.any(), name
        assert (after != before).mean() > 0.2, name
    for name in TABLE:
        assert len(np.unique(getattr(s, name))) > 1, f"{name} is the same in every random state"


@dataclass(frozen=True, slots=True)
class WithHeat(StateArrays):
    """The table with one field more, as somebody would add it."""

    temperature_c: np.ndarray = signal(15.0, "degC", "heat at the usual hour", worse=1, low=-10, high=45)  # noqa: RUF009  (as the table has it)


def test_a_rule_that_advances_at_40_degrees_is_found_because_its_field_is_in_the_table() -> None:
    def only_when_cool(s: StateArrays, p: Parameters) -> Effect:
        return Effect(s.temperature_c < 40.0, Action.HOLD, 0, 0)

    heat = replace(RULES[0], id="heat", effect=only_when_cool)
    found = fuzz(20_000, np.random.default_rng(1), rules=(*RULES, heat), table=WithHeat)
    assert any("worse temperature_c raises" in name for name in found)
    assert not fuzz(5_000, np.random.default_rng(1), table=WithHeat)


def test_a_drawn_field_stays_within_its_bounds() -> None:
    x = replace(TABLE["pain"], low=2.0, high=7.0, default=3.0)
    values = drawn(x, 1000, np.random.default_rng(2))
    assert (values.min() >= 2.0, values.max() <= 7.0, np.isin(5.0, values)) == (True, True, True)


def test_what_has_words_is_tried_as_a_counterfactual_and_everything_is_stored() -> None:
    assert {x.name for x in INPUTS} == {name for name, x in TABLE.items() if x.words}
    assert set(StateArrays.make().scalars()) == set(TABLE)


def test_every_number_of_the_policy_has_a_unit_evidence_and_a_source() -> None:
    named = {f for group in GROUPS for f in group.__dataclass_fields__}
    assert named | {"version", "amended"} == set(Parameters.__dataclass_fields__)
    assert all(x.unit and x.source and x.evidence in ("strong", "moderate", "weak", "practice") for x in
               sources(IN_FORCE))  # fmt: skip
