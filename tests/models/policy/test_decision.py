"""Decisions are compared by lists of their fields: a field that is new is noticed by each of them."""

from __future__ import annotations

from dataclasses import fields

import pytest
from steadymile.models.policy import decide
from steadymile.models.policy.decision import DecisionArrays

from tests.models import policy_fuzz
from tests.models.policy import frozen_states

FOR_THE_MEMORY = {"d_prescribed", "d_other", "gap_level", "floor", "temporary"}
CAPS = {"session_cap_min", "bout_cap_min", "distance_cap_m", "week_cap_min"}
WORDS = {"gain_factor", "ease", "comfort_hold", "fired", "around_goal"}
WALKING = {"walks", "walk_min"}
"""More of it is no harder a week: it takes the place of running that is left out."""
LEFT_OUT = {
    "what a smallest change must reach": (
        decide.TARGETS,
        {"wanted", "other_min", "descent_m"} | WALKING | CAPS | FOR_THE_MEMORY | WORDS,
    ),
    "what worse signals may not raise": (
        policy_fuzz.TARGETS,
        {"wanted"} | WALKING | CAPS | FOR_THE_MEMORY | WORDS,
    ),
    "what kept versions are held to": (
        frozen_states.TARGETS,
        {"d_prescribed", "floor", "gain_factor", "fired", "around_goal"},
    ),
}


@pytest.mark.parametrize("where", LEFT_OUT)
def test_every_field_of_a_decision_is_compared_or_left_out_by_name(where):
    compared, left_out = LEFT_OUT[where]
    assert set(compared) | left_out == {f.name for f in fields(DecisionArrays)}
    assert set(compared) & left_out == set()
