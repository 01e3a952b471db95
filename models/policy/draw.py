"""A draw among equally allowed steps, for who asks for one (`randomise` in athletes.toml); off unless they do.

A policy that always takes the largest step it allows can never be compared with a slower one from its own records. So a
draw may take less than what every rule and limit allows, never more, with a probability that is stored with the week.
It depends on the athlete and the week alone: a week decided again is drawn again to the same.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.state import StateArrays
from steadymile.models.weekplan import Action

NO_DRAW = 2
"""The most steps that a week may go up, and so no limit."""


def drawn_steps(athlete_id: str, week: str, share: float | None) -> int:
    """The most steps up that the draw of a week allows: 0 and 1 each in half the `share` of weeks, else 2."""
    if not share:
        return NO_DRAW
    digest = hashlib.sha256(f"{athlete_id}|{week}".encode()).digest()
    at = int.from_bytes(digest[:8]) / 2**64
    return min(NO_DRAW, int(at / (share / NO_DRAW)))


def step_up(s: StateArrays, d: DecisionArrays, i: int, row: int | None = None) -> int:
    """Steps up that a decision (its `row`, of athlete `i` of the states) takes: 0 where it does not advance."""
    at = i if row is None else row
    if int(d.action[at]) != Action.ADVANCE:
        return 0
    return int(np.clip(int(d.level[at]) - min(int(s.level[i]), int(s.k_last[i])), 1, NO_DRAW))


def logged(step: int, taken: int, share: float | None) -> dict[str, Any]:
    """The steps that rules and limits allowed, the one that was taken, and the probability with which it was drawn."""
    less = (share or 0.0) / NO_DRAW
    drawn = step if taken >= step else taken
    probability = 1.0 - less * step if drawn == step else less
    return {"allowed": list(range(step + 1)), "taken": drawn, "probability": round(probability, 6)}
