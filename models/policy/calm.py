"""Weeks that have to stay calm: on the way back from a stop or an illness, and after load that was too much."""

from __future__ import annotations

import numpy as np
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.rules.pain import bad_lately
from steadymile.models.policy.state import StateArrays
from steadymile.models.weekplan import Action


def on_way_back(s: StateArrays) -> np.ndarray:
    """Whether each athlete is on the way back from a stop or an illness."""
    walks = s.walk_due | s.injured | (s.walk_weeks > 0)
    return np.asarray(walks | s.stop_recent | s.restart | s.after_illness)


def keeps_calm(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether what is run has to stay calm, of each athlete: after strong pain, a crash, an eased week or days of
    exhaustion."""
    return np.asarray(bad_lately(s, p) | s.crashed | s.prev_back_off | (s.raised_days >= p.raised_days))


def sore(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether pain stands in the way of anything hard, of each athlete."""
    return np.asarray(s.pain_persist | (s.pain > p.pain_block))


def day_waits(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether a goal's day is not asked for, of each athlete, whatever the week does."""
    return np.asarray(bad_lately(s, p) | s.crashed)


def day_is_off(one: StateArrays, action: Action, p: Parameters) -> bool:
    """Whether the week of one athlete, that does this, does not ask for the goal's day that lies in it."""
    if not p.day_off:
        return False
    unwell = on_way_back(one) | one.ill | sore(one, p) | day_waits(one, p)
    return action <= Action.REBUILD or bool(unwell[0])
