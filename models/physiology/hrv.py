"""Heart-rate variability from beat-to-beat intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

SHORTEST_S, LONGEST_S = 0.3, 2.0
LARGEST_STEP = 0.20
"""A beat that differs by more than a fifth from the one before is taken for an ectopic or missed one (Malik 1996)."""
FEWEST_DIFFERENCES = 20


def rmssd(rr_ms: np.ndarray | Sequence[float]) -> float:
    """Root mean square of successive differences, ms (Task Force 1996). Takes the intervals as they are."""
    differences = np.diff(np.asarray(rr_ms, dtype=np.float64))
    return float(np.sqrt(np.mean(differences**2)))


def ln_rmssd(rr_s: np.ndarray) -> float | None:
    """Natural logarithm of RMSSD in ms after leaving out impossible beats; None with fewer than 20 good pairs."""
    rr = np.asarray(rr_s, dtype=np.float64)
    if rr.size < 2:
        return None
    good = (rr >= SHORTEST_S) & (rr <= LONGEST_S)
    difference = np.diff(rr)
    pair = good[1:] & good[:-1] & (np.abs(difference) <= LARGEST_STEP * rr[:-1])
    if pair.sum() < FEWEST_DIFFERENCES:
        return None
    square = float(np.mean((difference[pair] * 1000.0) ** 2))
    return 0.5 * math.log(square) if square > 0 else None


class WorthwhileChange(NamedTuple):
    """A week's mean against the smallest worthwhile change. `z` is positive when the week lies below the baseline."""

    week_mean: float
    lower: float
    upper: float
    z: float
    below: bool


def smallest_worthwhile_change(week: Sequence[float], baseline_mean: float, baseline_sd: float) -> WorthwhileChange:
    """Seven-day mean of ln RMSSD against the baseline mean -/+ half its sd (Kiviniemi 2007; Plews 2013)."""
    mean = float(np.mean(week))
    lower, upper = baseline_mean - 0.5 * baseline_sd, baseline_mean + 0.5 * baseline_sd
    return WorthwhileChange(mean, lower, upper, (baseline_mean - mean) / baseline_sd, mean < lower)
