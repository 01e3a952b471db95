"""Running minutes as bouts: how a level's session is made from what the decision allows. Arrays over sessions.

One function for the night and for the lab. However a session is cut, it keeps the minutes it was given: a lower limit
on bouts makes more of them, never more or fewer minutes than a higher one.
"""

from __future__ import annotations

import numpy as np

MOST_BOUTS = 8
GRID = 4.0
"""Bouts are told in quarter minutes, whole sessions in half minutes."""
_SLACK = 1e-6


def bouts_of(own_min: np.ndarray, run_min: np.ndarray, bout_min: np.ndarray) -> np.ndarray:
    """Bouts in minutes [..., MOST_BOUTS], 0 where there is none, from a level's own bouts [..., MOST_BOUTS].

    The level's own where `run_min` and `bout_min` are what it asks for; else a first bout as long as is allowed, and
    the rest in as few equal ones as keep within it.
    """
    level_run, level_bout = own_min.sum(axis=-1), own_min.max(axis=-1)
    whole = (run_min >= level_run - _SLACK) & (np.abs(bout_min - level_bout) <= _SLACK)
    total = np.floor(np.minimum(run_min, level_run) * 2.0 + _SLACK) / 2.0
    most = np.floor(bout_min * GRID + _SLACK)
    units = np.minimum(np.round(total * GRID), most * MOST_BOUTS)
    first = np.minimum(units, most)
    left = units - first
    count = np.ceil(left / np.maximum(most, 1.0))
    each, over = np.divmod(left, np.maximum(count, 1.0))
    nth = np.arange(MOST_BOUTS)
    rest = (nth >= 1) & (nth <= count[..., None])
    made = np.where(rest, each[..., None] + (nth <= over[..., None]), 0.0)
    made = np.where(nth == 0, first[..., None], made) / GRID
    return np.where(whole[..., None], own_min, made)
