"""Versions of the policy that are kept: they decide as they did."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from steadymile.models.policy.build_state import state_of
from steadymile.models.policy.decide import decide, decide_v1
from steadymile.models.policy.parameters import IN_FORCE, KEPT, UNTUNED, V2, V3_1, Parameters, version_of
from steadymile.models.week.override import apply_override
from steadymile.models.week.plan import build
from steadymile.models.week.replay import replay
from steadymile.models.weekplan import Action

from tests.models.policy.frozen_states import digests, states, states_3
from tests.models.policy_people import SUNDAY, live, person

DATA = Path(__file__).parents[2] / "data"
STORED = json.loads((DATA / "policy_2_1.json").read_text())
FROZEN = [p for p in KEPT if p not in (V2, IN_FORCE)]
SEEDS = ("1", "2", "3")


@pytest.mark.parametrize("seed", sorted(STORED))
def test_kept_versions_decide_thousands_of_random_states_as_they_did(seed: str) -> None:
    s = states(5000, int(seed))
    assert digests(decide(s, parameters=V2)) == STORED[seed]["2.1"]
    assert digests(decide(s, parameters=UNTUNED)) == STORED[seed]["2-untuned"]
    assert digests(decide_v1(s)) == STORED[seed]["1"]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kept", FROZEN, ids=lambda p: p.version)
def test_a_version_that_is_kept_decides_thousands_of_random_states_as_it_did(kept: Parameters, seed: str) -> None:
    stored = json.loads((DATA / f"policy_{kept.version.replace('.', '_')}.json").read_text())
    assert set(stored) == set(SEEDS)
    assert digests(decide(states_3(5000, int(seed)), parameters=kept)) == stored[seed][kept.version]


def test_an_override_of_an_older_week_is_replayed_by_the_numbers_of_its_version() -> None:
    """A week of three runs of 8 min that a limit cuts to 18: 3.1 cut the last one, 3.2 has no run of 2 min."""
    history, _ = live(person(experience="active"), SUNDAY, 3, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    state = state_of(history, SUNDAY + timedelta(days=21), parameters=V3_1)
    there = {"level": 4, "k_last": 4, "gap_base": 4, "credit": 0.0, "week_best_min": 9.0, "session_max_min": 8.0,
             "bout_max_min": 1.0, "week_last_min": np.inf, "run_last_min": np.inf, "bout_last_min": np.inf}  # fmt: skip
    cut = replace(state, signals=state.signals.but(**{name: np.array([value]) for name, value in there.items()}))
    then, now = build(cut, "frozen", V3_1), build(cut, "frozen")
    assert [p.run_min for p in then.planned if p.run_min] == [8.0, 8.0, 2.0]
    assert [p.run_min for p in now.planned if p.run_min] == [8.0, 5.0, 5.0]
    asked = {"share": 0.8, "who": "coach", "why": "a trip"}
    assert replay(apply_override(then, asked)) == apply_override(then, asked)
    assert replay(apply_override(now, asked)) == apply_override(now, asked)


def test_a_week_published_under_2_1_is_replayed_under_2_1() -> None:
    """Morning answers of 7 held nothing in 2.1; the same state under the version in force holds."""
    history, _ = live(person(experience="active"), SUNDAY, 2, lambda w, p: {"rpe": 3.0, "talk_test": "yes"},
                      told=lambda w, d: {"fatigue": 7.0, "soreness": 7.0})  # fmt: skip
    state = state_of(history, SUNDAY + timedelta(days=14))
    then, now = build(state, "frozen", V2), build(state, "frozen")
    assert (then.policy_version, now.policy_version) == ("2.1", IN_FORCE.version)
    assert then.action == Action.ADVANCE
    assert now.action == Action.HOLD
    assert replay(then) == then
    assert replay(now) == now


def test_a_stored_week_names_the_version_that_decides_it_again() -> None:
    assert version_of("2.1") is V2
    assert version_of(IN_FORCE.version) is IN_FORCE
    assert version_of("0.9") is IN_FORCE
