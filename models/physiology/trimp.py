"""Published training loads from heart rate and effort. Minutes in, arbitrary units (au) out.

Heart rate enters as the fraction x of the heart-rate reserve, x = (HR - HRrest) / (HRmax - HRrest), or as seconds at
each beat a minute (a histogram of `HR_BINS`), so that a better maximum needs no second reading of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from steadymile.models.metrics.catalogue import HR_BINS

BPM = np.arange(HR_BINS, dtype=np.float64)

BANISTER = {"male": (0.64, 1.92), "female": (0.86, 1.67)}
"""Factor and exponent of Banister (1991) as in Morton (1990). The female factor is 0.86; several programs use the male
0.64 for women and come out a quarter too low."""

EDWARDS_EDGES = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Lower edges of Edwards' (1993) five zones, as fractions of maximal heart rate; the last is open above."""
EDWARDS_WEIGHTS = (1.0, 2.0, 3.0, 4.0, 5.0)

STAGNO_EDGES = (0.65, 0.72, 0.79, 0.86, 0.93)
"""Lower edges of Stagno et al. (2007), fractions of maximal heart rate."""
STAGNO_WEIGHTS = (1.25, 1.71, 2.54, 3.61, 5.16)

LUCIA_WEIGHTS = (1.0, 2.0, 3.0)
"""Below the first, between, and above the second ventilatory threshold (Lucia 2003)."""

EFFORT_RESERVE = (0.15, 0.30, 0.40, 0.50, 0.60, 0.68, 0.75, 0.82, 0.89, 0.95, 1.0)
"""Reserve fraction that goes with Borg CR10 0..10: a design table, anchored at the first threshold near 3-4."""

THRESHOLD_RESERVE = 0.85
"""Reserve fraction taken for the lactate threshold where it is not known (Elevate and others; a convention)."""


def reserve(heart_rate_bpm: np.ndarray | float, maximum_bpm: float, rest_bpm: float) -> np.ndarray:
    """Fraction of the heart-rate reserve in use, clipped to 0..1 (Karvonen 1957)."""
    return np.clip((np.asarray(heart_rate_bpm, dtype=np.float64) - rest_bpm) / (maximum_bpm - rest_bpm), 0.0, 1.0)


def heart_rate_at(reserve_fraction: float, maximum_bpm: float, rest_bpm: float) -> float:
    """Heart rate in bpm at a fraction of the reserve (Karvonen 1957)."""
    return rest_bpm + reserve_fraction * (maximum_bpm - rest_bpm)


def weight(reserve_fraction: np.ndarray | float, sex: str | None) -> np.ndarray:
    """Banister's load of one minute at a reserve fraction, au a minute; sex unknown: the mean of both."""
    x = np.asarray(reserve_fraction, dtype=np.float64)
    pairs = [BANISTER[sex]] if sex in BANISTER else list(BANISTER.values())
    return np.asarray(sum(x * a * np.exp(b * x) for a, b in pairs) / len(pairs))


def banister(minutes: float, reserve_fraction: float, sex: str | None) -> float:
    """TRIMP of `minutes` at a constant reserve fraction, au (Banister 1991)."""
    return minutes * _weight_of(reserve_fraction, sex)


@lru_cache(maxsize=4096)
def _weight_of(reserve_fraction: float, sex: str | None) -> float:
    """`weight` of one number: efforts and thresholds are few, and come again with every session."""
    return float(weight(reserve_fraction, sex))


@lru_cache(maxsize=512)
def _weights_by_bpm(maximum_bpm: float, rest_bpm: float, sex: str | None) -> np.ndarray:
    weights = weight(reserve(BPM, maximum_bpm, rest_bpm), sex) / 60.0
    weights.flags.writeable = False
    return weights


def banister_histogram(seconds_at_bpm: np.ndarray, maximum_bpm: float, rest_bpm: float, sex: str | None) -> float:
    """TRIMP of seconds spent at each bpm, au. Summed over time, never from the mean: the curve is convex."""
    return float(seconds_at_bpm @ _weights_by_bpm(maximum_bpm, rest_bpm, sex))


def zone_seconds(seconds_at_bpm: np.ndarray, lower_edges_bpm: Sequence[float]) -> np.ndarray:
    """Seconds at or above each edge and below the next; the last is open above, below the first is left out."""
    return np.asarray(seconds_at_bpm @ _zone_of_bpm(tuple(lower_edges_bpm)))


@lru_cache(maxsize=512)
def _zone_of_bpm(lower_edges_bpm: tuple[float, ...]) -> np.ndarray:
    """1 where a bpm (row) lies in a zone (column)."""
    inside = np.zeros((HR_BINS, len(lower_edges_bpm)))
    starts = [*np.searchsorted(BPM, lower_edges_bpm).tolist(), HR_BINS]
    for zone, (start, end) in enumerate(pairwise(starts)):
        inside[start:end, zone] = 1.0
    return inside


def _weighted(zone_minutes: Sequence[float] | np.ndarray, weights: tuple[float, ...]) -> float:
    return float(np.asarray(zone_minutes, dtype=np.float64) @ _as_array(weights))


@lru_cache(maxsize=8)
def _as_array(weights: tuple[float, ...]) -> np.ndarray:
    return np.array(weights)


def edwards(zone_minutes: Sequence[float] | np.ndarray) -> float:
    """Edwards (1993): minutes in five tenths of maximal heart rate from 50 % on, times 1 to 5, au."""
    return _weighted(zone_minutes, EDWARDS_WEIGHTS)


def lucia(zone_minutes: Sequence[float] | np.ndarray) -> float:
    """Lucia (2003): minutes below, between and above the two ventilatory thresholds, times 1, 2, 3, au."""
    return _weighted(zone_minutes, LUCIA_WEIGHTS)


def stagno(zone_minutes: Sequence[float] | np.ndarray) -> float:
    """Stagno et al. (2007): minutes in five zones of maximal heart rate from 65 % on, times 1.25 to 5.16, au."""
    return _weighted(zone_minutes, STAGNO_WEIGHTS)


def hrtss(trimp: float, sex: str | None, threshold_reserve: float = THRESHOLD_RESERVE) -> float:
    """TRIMP in hundredths of one hour at threshold, points. An analogue; TrainingPeaks' own formula is not public."""
    return 100.0 * trimp / banister(60.0, threshold_reserve, sex)


def session_rpe(rpe: float, minutes: float) -> float:
    """Session load by effort: Borg CR10 times minutes, au (Foster 2001)."""
    return rpe * minutes


@lru_cache(maxsize=4096)
def effort_reserve(rpe: float) -> float:
    """Reserve fraction that an effort of Borg CR10 0-10 stands for."""
    return float(np.interp(rpe, np.arange(11), EFFORT_RESERVE))
