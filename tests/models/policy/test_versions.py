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
from steadymile.models.policy.parameters import (
    IN_FORCE,
    UNTUNED,
    V2,
    V3,
    V3_1,
    V3_2,
    V3_3,
    V3_4,
    V3_5,
    V3_6,
    version_of,
)
from steadymile.models.week.override import apply_override
from steadymile.models.week.plan import build
from steadymile.models.week.replay import replay
from steadymile.models.weekplan import Action

from tests.models.policy.frozen_states import digests, states, states_3
from tests.models.policy_people import SUNDAY, live, person

STORED = json.loads((Path(__file__).parents[2] / "data" / "policy_2_1.json").read_text())
STORED_3_1 = json.loads((Path(__file__).parents[2] / "data" / "policy_3_1.json").read_text())
STORED_3_2 = json.loads((Path(__file__).parents[2] / "data" / "policy_3_2.json").read_text())
STORED_3_3 = json.loads((Path(__file__).parents[2] / "data" / "policy_3_3.json").read_text())
STORED_3_4 = json.loads((Path(__file__).parents[2] / "data" / "policy_3_4.json").read_text())
STORED_3_5 = json.loads((Path(__file__).parents[2] / "data" / "policy_3_5.json").read_text())
STORED_3_6 = json.loads((Path(__file__).parents[2] / "data" / "policy_3_6.json").read_text())
STORED_3 = json.loads((Path(__file__).parents[2] / "data" / "policy_3.json").read_text())


@pytest.mark.parametrize("seed", sorted(STORED))
def test_kept_versions_decide_thousands_of_random_states_as_they_did(seed: str) -> None:
    s = states(5000, int(seed))
    assert digests(decide(s, parameters=V2)) == STORED[seed]["2.1"]
    assert digests(decide(s, parameters=UNTUNED)) == STORED[seed]["2-untuned"]
    assert digests(decide_v1(s)) == STORED[seed]["1"]


@pytest.mark.parametrize("seed", sorted(STORED_3))
def test_version_3_decides_thousands_of_random_states_as_it_did(seed: str) -> None:
    assert digests(decide(states_3(5000, int(seed)), parameters=V3)) == STORED_3[seed]["3"]


@pytest.mark.parametrize("seed", sorted(STORED_3_1))
def test_version_3_1_decides_thousands_of_random_states_as_it_did(seed: str) -> None:
    assert digests(decide(states_3(5000, int(seed)), parameters=V3_1)) == STORED_3_1[seed]["3.1"]


@pytest.mark.parametrize("seed", sorted(STORED_3_2))
def test_version_3_2_decides_thousands_of_random_states_as_it_did(seed: str) -> None:
    assert digests(decide(states_3(5000, int(seed)), parameters=V3_2)) == STORED_3_2[seed]["3.2"]


@pytest.mark.parametrize("seed", sorted(STORED_3_3))
def test_version_3_3_decides_thousands_of_random_states_as_it_did(seed: str) -> None:
    assert digests(decide(states_3(5000, int(seed)), parameters=V3_3)) == STORED_3_3[seed]["3.3"]


@pytest.mark.parametrize("seed", sorted(STORED_3_4))
def test_version_3_4_decides_thousands_of_random_states_as_it_did(seed: str) -> None:
    assert digests(decide(states_3(5000, int(seed)), parameters=V3_4)) == STORED_3_4[seed]["3.4"]


@pytest.mark.parametrize("seed", sorted(STORED_3_5))
def test_version_3_5_decides_thousands_of_random_states_as_it_did(seed: str) -> None:
    assert digests(decide(states_3(5000, int(seed)), parameters=V3_5)) == STORED_3_5[seed]["3.5"]


@pytest.mark.parametrize("seed", sorted(STORED_3_6))
def test_version_3_6_decides_thousands_of_random_states_as_it_did(seed: str) -> None:
    assert digests(decide(states_3(5000, int(seed)), parameters=V3_6)) == STORED_3_6[seed]["3.6"]


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
