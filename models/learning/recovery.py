"""How long somebody takes to settle after a load: answers, resting heart rate and effort come back exponentially.

A daily value is its owner's usual one plus what earlier loads left of it. The time constant is found on a grid by the
likelihood of what was seen, with a prior from the lab's bodies; size and level are fitted at each grid point. Whoever
shows nothing keeps the prior. Form after Banister 1975; prior and grid are design values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray
PRIOR_DAYS, PRIOR_LOG_SD = 2.8, 0.45
GRID_DAYS = np.geomspace(0.7, 12.0, 25)
FEWEST = 21
"""Days with a value below which only the prior is reported."""


@dataclass(frozen=True, slots=True)
class Settling:
    """Time constant in days with its 80 % interval; `n` days with a value that it rests on (0: the prior)."""

    days: float
    low: float
    high: float
    n: int


def left_of(load: Array) -> Array:
    """What the loads before each day have left on its morning, a row for each time constant of the grid."""
    scale = load / max(float(load[load > 0].mean()), 1e-9)
    keep = np.exp(-1.0 / GRID_DAYS)
    out, level = np.empty((len(load), len(keep))), np.zeros(len(keep))
    for i, today in enumerate(scale.tolist()):
        level = level * keep
        out[i] = level
        level = level + today
    return out.T


def settling(load: Array, value: Array, left: Array | None = None) -> Settling:
    """The time constant of one daily series `value` (NaN unknown, higher is worse) after the loads of the days before.

    Arrays of equal length, one entry a day; days without a session have load 0. `left` is `left_of(load)`, where
    several series follow the same loads.
    """
    known = np.isfinite(value)
    n = int(known.sum())
    prior = -0.5 * (np.log(GRID_DAYS / PRIOR_DAYS) / PRIOR_LOG_SD) ** 2
    if n < FEWEST or not np.any(load > 0):
        return _of(prior, 0)
    y = value[known]
    left = left_of(load) if left is None else left
    fits = np.array([_misfit(x, y) for x in left[:, known]])
    # Neighbouring days are alike, so the likelihood counts a day as half a day's news.
    return _of(prior - 0.25 * n * np.log(np.maximum(fits, 1e-9)), n)


def _misfit(x: Array, y: Array) -> float:
    """Residual variance of y on x with a slope that may not be below 0, over the variance of y."""
    dx, dy = x - x.mean(), y - y.mean()
    total = float(dy @ dy)
    spread = float(dx @ dx)
    slope = max(float(dx @ dy) / spread, 0.0) if spread > 0 else 0.0
    left = dy - slope * dx
    return float(left @ left) / total if total > 0 else 1.0


def _of(log_weight: Array, n: int) -> Settling:
    weight = np.exp(log_weight - log_weight.max())
    share = np.cumsum(weight) / weight.sum()
    low, middle, high = (float(np.interp(q, share, GRID_DAYS)) for q in (0.1, 0.5, 0.9))
    return Settling(middle, low, high, n)
