"""The drive home with the watch on: what was moved on wheels in a session on foot is no part of it."""

from __future__ import annotations

import itertools

import numpy as np
from steadymile.models.signal.series import Bools, Floats, run_lengths

RIDE_M_S, RIDE_S, RIDE_M = 8.0, 90.0, 1_000.0
"""Faster for longer and farther than anybody runs: the world's best 800 m take 101 s at 7.9 m/s."""
STILL_RIDING_M_S = 5.0
FASTEST_M_S = 70.0
SMOOTH_S = 15.0
TRAFFIC_S = 300.0
"""Between two rides no farther apart one sat in the same vehicle."""
FEWEST_SAMPLES = 10


def riding(t_s: Floats, along_m: Floats) -> Bools:
    """Samples reached on wheels. `along_m` is the distance so far, NaN where unknown."""
    found = np.zeros(t_s.size, np.bool_)
    known = np.flatnonzero(~np.isnan(along_m))
    if known.size < FEWEST_SAMPLES or float(along_m[known].max() - along_m[known].min()) < RIDE_M:
        return found
    t, d = t_s[known], along_m[known]
    # Most recordings have no ride: the fastest quarter of a minute tells them at once.
    later = np.minimum(np.searchsorted(t, t + SMOOTH_S), t.size - 1)
    over = t[later] - t
    with np.errstate(invalid="ignore", divide="ignore"):
        ahead = np.where(over >= SMOOTH_S, (d[later] - d) / over, 0.0)
    if np.count_nonzero(ahead > RIDE_M_S) < FEWEST_SAMPLES:
        return found
    fast = (ahead > STILL_RIDING_M_S) & (ahead < FASTEST_M_S)
    ridden = np.zeros(t.size, np.bool_)
    starts, lengths = run_lengths(fast.astype(np.int64))
    for a, n in zip(starts, lengths):
        b = min(int(later[a + n - 1]), t.size - 1)
        way, lasted = float(d[b] - d[a]), float(t[b] - t[a])
        if fast[a] and n >= FEWEST_SAMPLES and lasted >= RIDE_S and way >= RIDE_M and way / lasted > RIDE_M_S:
            pace = np.diff(d[a : b + 1]) / np.maximum(np.diff(t[a : b + 1]), 1e-3)
            quick = np.flatnonzero(pace > STILL_RIDING_M_S)  # the window reaches into the steps before and after
            ridden[a + 1 + quick[0] : a + 2 + quick[-1]] = True
    if not ridden.any():
        return found
    at = np.flatnonzero(ridden)
    for a, b in itertools.pairwise(at.tolist()):
        if b - a > 1 and t[b] - t[a] <= TRAFFIC_S:
            ridden[a:b] = True
    found[known[ridden]] = True
    first, last = known[at[0]], known[at[-1]]
    inside = np.flatnonzero(np.isnan(along_m[first : last + 1])) + first
    if inside.size:
        before = np.maximum(np.searchsorted(known, inside) - 1, 0)
        found[inside] = ridden[np.minimum(before + 1, known.size - 1)]
    return found
