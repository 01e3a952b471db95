"""Proper scores of forecasts: what was foreseen against what happened. Lower is better for all of them.

Source: Gneiting and Raftery 2007, Strictly proper scoring rules, prediction, and estimation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from steadymile.models.learning import normal
from steadymile.models.learning.effort import Z_80

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Score:
    """How a series of forecasts did: `count` of them, mean absolute `error`, mean `crps`, share `within_80` of the 80 %
    intervals (NaN for forecasts without an interval)."""

    count: int
    error: float
    crps: float
    within_80: float


def crps(happened: Array, mean: Array, sd: Array) -> Array:
    """Continuous ranked probability score of normal forecasts; the absolute error where sd is 0."""
    safe = np.maximum(sd, 1e-12)
    z = (happened - mean) / safe
    score = safe * (z * (1.0 - 2.0 * normal.above(z)) + 2.0 * normal.density(z) - 1.0 / math.sqrt(math.pi))
    return np.where(sd > 1e-9, score, np.abs(happened - mean))


def score(happened: Array, mean: Array, sd: Array) -> Score:
    """All scores of normal forecasts, over the rows in which nothing is NaN."""
    ok = np.isfinite(happened) & np.isfinite(mean) & np.isfinite(sd)
    y, m, s = happened[ok], mean[ok], sd[ok]
    if not len(y):
        return Score(0, math.nan, math.nan, math.nan)
    inside = float((np.abs(y - m) <= Z_80 * s).mean()) if (s > 0).all() else math.nan
    return Score(len(y), float(np.abs(y - m).mean()), float(crps(y, m, s).mean()), inside)
