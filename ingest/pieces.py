"""Pieces of one recording in its file: held twice, or in another order than they were recorded.

Both make the times go back. That is no clock that was set: the times are right, and cleaning puts them in order.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from steadymile.models.signal.outliers import haversine_m

SET_AHEAD_S, SET_BACK_S = 86_400.0, 600.0
"""A step of the times by more than this is a clock that was set, where the place says that nobody went away."""
LONGEST_STEP_S = 60.0
ANY_FIX_M, FASTEST_M_S = 20.0, 12.0
"""A way goes on where the next place lies within a fix's error and what the fastest could reach."""
COPIED = 0.9
MOST_PIECES = 60


def out_of_order(t: np.ndarray, latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> bool:
    """Whether these are pieces of one recording that the file holds twice, or in another order than they were
    recorded: their own times put them in order, and the way goes on there."""
    step = np.diff(t)
    parts = np.split(np.arange(t.size), np.flatnonzero((step < 0.0) | (step > LONGEST_STEP_S)) + 1)
    if len(parts) > MOST_PIECES:
        return False
    once: list[np.ndarray] = []
    for part in parts:
        if not any(_copy(t, part, other, latitude_deg, longitude_deg) for other in once):
            once.append(part)
    in_time = sorted(once, key=lambda part: float(t[part].min()))
    steps = [float(t[b].min() - t[a].max()) for a, b in pairwise(in_time)]
    if len(once) < len(parts) and all(a is b for a, b in zip(once, in_time)):
        return all(step <= SET_AHEAD_S for step in steps)

    def goes_on(a: np.ndarray, b: np.ndarray, most_s: float) -> bool:
        i, j = a[-1:], b[:1]
        way = float(haversine_m(latitude_deg[i], longitude_deg[i], latitude_deg[j], longitude_deg[j])[0])
        return way <= ANY_FIX_M + FASTEST_M_S * most_s

    return (
        all(0.0 <= step <= SET_BACK_S for step in steps)
        and all(goes_on(a, b, step) for (a, b), step in zip(pairwise(in_time), steps))
        and not all(goes_on(a, b, 1.0) for a, b in pairwise(once))
    )


def _copy(
    t: np.ndarray, part: np.ndarray, other: np.ndarray, latitude_deg: np.ndarray, longitude_deg: np.ndarray
) -> bool:
    """Whether nearly all samples of a part stand in another one, at the same times and places."""
    order = other[np.argsort(t[other], kind="stable")]
    at = order[np.minimum(np.searchsorted(t[order], t[part]), order.size - 1)]
    same = (t[at] == t[part]) & (latitude_deg[at] == latitude_deg[part]) & (longitude_deg[at] == longitude_deg[part])
    return bool(np.mean(same) >= COPIED)
