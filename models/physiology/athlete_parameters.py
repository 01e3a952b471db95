"""What is believed of a body, each with a standard deviation and a source, never from later than the day asked for.

Maximal and resting heart rate, the first ventilatory threshold (VT1), the line from oxygen cost to heart rate and the
efficiency of running. Heart rates in bpm; reserve fractions 0..1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from statistics import median
from typing import NamedTuple

import numpy as np
from steadymile.models.plausible import PLAUSIBLE_MAXIMUM_BPM, PLAUSIBLE_REST_BPM

MAXIMUM_FORMULAS: dict[str, Callable[[float], float]] = {
    "tanaka": lambda age: 208.0 - 0.7 * age,
    "gellish_linear": lambda age: 207.0 - 0.7 * age,
    "gellish_quadratic": lambda age: 192.0 - 0.007 * age**2,
    "nes": lambda age: 211.0 - 0.64 * age,
    "fox": lambda age: 220.0 - age,
}
"""Maximal heart rate from age in years (Tanaka 2001, Gellish 2007, Nes 2013, Fox 1971); all err by 7-11 bpm."""

PRIOR_SD_BPM = 10.0  # Robergs & Landwehr 2002; Nes 2013 10.8
UNKNOWN_AGE, UNKNOWN_AGE_SD_BPM = 40.0, 13.0  # design: the spread of adult ages added to the formula's
STATED_SD_BPM = 2.0
AGE_ALONE = frozenset({"age", "age unknown"})
"""Sources of a maximum that no heartbeat and no word of the runner supports."""
PEAK_DAYS = 365
PEAK_AGREE_BPM = 3.0
PEAK_HARD_RPE = 8.0
PEAK_COVERAGE = 0.9
PEAK_FARTHEST_SD = 3.5  # design: beyond this a peak is a sensor's, not a heart's

REST_DAYS_KEPT, REST_FEWEST = 60, 7
REST_DEFAULT_BPM, REST_DEFAULT_SD_BPM, REST_STATED_SD_BPM = 65.0, 8.0, 4.0

VT1_PRIOR_MEAN, VT1_PRIOR_SD = 0.54, 0.11  # matches n=373 adults, Ball State
VT1_GRID = np.round(np.arange(0.30, 0.8501, 0.01), 2)
VT1_WIDTH_TALK, VT1_WIDTH_RPE, VT1_EQUIVOCAL = 0.06, 0.09, 0.10
VT1_FORGET_DAYS, VT1_FORGET_SD = 28, 0.02
CEILING_ABOVE_VT1, CEILING_HIGHEST = 0.25, 0.85

EFFICIENCY_DRIFT_PER_DAY, EFFICIENCY_NOISE = 4e-4, 0.0064
EFFICIENCY_SESSIONS_FOR_BASE = 4
EFFICIENCY_RESERVE = (0.45, 0.90)
LINE_SESSIONS, LINE_FEWEST, LINE_SPREAD = 10, 5, 3.0  # mL/kg/min; narrower clouds carry no slope
TYPICAL_SESSIONS = 10


class Estimate(NamedTuple):
    """A mean, its standard deviation and the code of where it comes from."""

    mean: float
    sd: float
    source: str


class Peak(NamedTuple):
    """A session's highest 20-s median heart rate with what is needed to trust it."""

    day: date
    bpm: float
    rpe: float | None


def _tail_ratio(a: float) -> float:
    """Normal density over upper tail at `a` (inverse Mills ratio)."""
    if a > 30.0:  # the tail underflows; its asymptote is exact to 1e-6 here
        return a + 1.0 / a
    return math.exp(-0.5 * a * a) / math.sqrt(2.0 * math.pi) / (0.5 * math.erfc(a / math.sqrt(2.0)))


def truncated_below(mean: float, sd: float, lowest: float) -> tuple[float, float]:
    """Mean and sd of a normal known to be at least `lowest`."""
    a = (lowest - mean) / sd
    ratio = _tail_ratio(a)
    return mean + sd * ratio, sd * math.sqrt(max(1.0 + a * ratio - ratio * ratio, 1e-12))


def robust_peak(peaks: Sequence[Peak], on: date, highest_bpm: float = math.inf) -> float | None:
    """Highest session peak of the last 365 days that another day's peak within 3 bpm, or an RPE of 8, confirms."""
    since = on - timedelta(days=PEAK_DAYS)
    recent = sorted((p for p in peaks if since < p.day <= on and p.bpm <= highest_bpm), key=lambda p: -p.bpm)
    for i, peak in enumerate(recent):
        if peak.rpe is not None and peak.rpe >= PEAK_HARD_RPE:
            return peak.bpm
        # Only lower ones are looked at: a higher partner would have been confirmed by this peak before.
        for other in recent[i + 1 :]:
            if peak.bpm - other.bpm > PEAK_AGREE_BPM:
                break
            if other.day != peak.day:
                return peak.bpm
    return None


def maximal_heart_rate(birth_year: int | None, stated_bpm: float | None, peaks: Sequence[Peak], on: date) -> Estimate:
    """Maximal heart rate believed on a day: stated (sd 2), else age (Tanaka 2001), both moved up by a robust peak.

    Sources: `stated`, `age`, `age unknown`, and those with ` and peaks` where recorded peaks moved the belief.
    """
    stated_bpm = _plausible(stated_bpm, PLAUSIBLE_MAXIMUM_BPM)
    if stated_bpm is not None:
        mean, sd, source = stated_bpm, STATED_SD_BPM, "stated"
    elif birth_year is not None:
        mean, sd, source = MAXIMUM_FORMULAS["tanaka"](on.year - birth_year), PRIOR_SD_BPM, "age"
    else:
        mean, sd, source = MAXIMUM_FORMULAS["tanaka"](UNKNOWN_AGE), UNKNOWN_AGE_SD_BPM, "age unknown"
    widest = max(sd, PRIOR_SD_BPM)
    peak = robust_peak(peaks, on, mean + PEAK_FARTHEST_SD * widest)
    if peak is None or (stated_bpm is not None and peak <= stated_bpm + STATED_SD_BPM):
        return Estimate(mean, sd, source)
    return Estimate(*truncated_below(mean, sd, peak), f"{source} and peaks")


def resting_heart_rate(daily: Sequence[tuple[date, float]], stated_bpm: float | None, on: date) -> Estimate:
    """Slow resting heart rate: median of the last 60 daily values, else as stated, else 65.

    Never the day's own value: fatigue raises it, and a load computed with it would fall just when it should not.
    `daily` ascends. Sources: `measured`, `stated`, `assumed`.
    """
    values = [v for d, v in daily if d <= on and _plausible(v, PLAUSIBLE_REST_BPM) is not None][-REST_DAYS_KEPT:]
    return _resting(values, _plausible(stated_bpm, PLAUSIBLE_REST_BPM))


def _plausible(value: float | None, bounds: tuple[float, float]) -> float | None:
    return value if value is not None and bounds[0] <= value <= bounds[1] else None


def _resting(values: Sequence[float], stated_bpm: float | None) -> Estimate:
    if len(values) >= REST_FEWEST:
        middle = float(np.median(values))
        spread = 1.4826 * float(np.median(np.abs(np.asarray(values) - middle)))
        return Estimate(middle, max(1.5, spread), "measured")
    if stated_bpm is not None:
        return Estimate(stated_bpm, REST_STATED_SD_BPM, "stated")
    return Estimate(REST_DEFAULT_BPM, REST_DEFAULT_SD_BPM, "assumed")


def heart_rate_ceiling_reserve(vt1_mean: float) -> float:
    """Reserve fraction above which easy running is no longer easy: VT1 + 0.25, at most 0.85 (design value)."""
    return min(CEILING_HIGHEST, vt1_mean + CEILING_ABOVE_VT1)


# --- the first ventilatory threshold -------------------------------------------------------------------------------


def _cumulative(z: np.ndarray) -> np.ndarray:
    return 0.5 * np.array([math.erfc(x) for x in (z / -math.sqrt(2.0)).tolist()])


@lru_cache(maxsize=1)
def _vt1_prior() -> np.ndarray:
    density = np.exp(-0.5 * ((VT1_GRID - VT1_PRIOR_MEAN) / VT1_PRIOR_SD) ** 2)
    return density / density.sum()


@lru_cache(maxsize=1)
def _forgetting() -> np.ndarray:
    spread = np.exp(-0.5 * ((VT1_GRID[:, None] - VT1_GRID[None, :]) / VT1_FORGET_SD) ** 2)
    return spread / spread.sum(axis=0)


def vt1_prior() -> np.ndarray:
    """Prior probabilities of VT1 as a reserve fraction on VT1_GRID."""
    return _vt1_prior().copy()


def vt1_update(
    probability: np.ndarray, reserve_fraction: float, talk: str, width: float = VT1_WIDTH_TALK
) -> np.ndarray:
    """Posterior after a steady stretch at a reserve fraction and a talk answer: yes, equivocal or no."""
    if talk == "yes":
        likelihood = _can_talk(reserve_fraction, width)
    elif talk == "no":
        likelihood = _cannot_talk(reserve_fraction, width)
    else:
        likelihood = np.maximum(1.0 - _can_talk(reserve_fraction, width) - _cannot_talk(reserve_fraction, width), 1e-9)
    posterior = probability * likelihood
    return posterior / posterior.sum()


def _can_talk(reserve_fraction: float, width: float) -> np.ndarray:
    return _cumulative((VT1_GRID - reserve_fraction) / width)


def _cannot_talk(reserve_fraction: float, width: float) -> np.ndarray:
    return _cumulative((reserve_fraction - VT1_GRID - VT1_EQUIVOCAL) / width)


def vt1_forget(probability: np.ndarray, days: float) -> np.ndarray:
    """Widened by a normal of sd 0.02 for every whole 28 days."""
    for _ in range(min(int(days // VT1_FORGET_DAYS), 400)):
        probability = _forgetting() @ probability
    return probability


def vt1_summary(probability: np.ndarray) -> tuple[float, float, float]:
    """Mean, sd and lower quartile of VT1 as reserve fractions."""
    mean = float(probability @ VT1_GRID)
    sd = math.sqrt(max(float(probability @ (VT1_GRID - mean) ** 2), 0.0))
    return mean, sd, float(VT1_GRID[int(np.searchsorted(np.cumsum(probability), 0.25))])


def talk_answer(talk_test: str | None, rpe: float | None) -> tuple[str, float] | None:
    """The answer to learn VT1 from and its width: the talk test, else Borg CR10 (3 and less yes, 6 and more no)."""
    if talk_test in ("yes", "equivocal", "no"):
        return talk_test, VT1_WIDTH_TALK
    if rpe is None:
        return None
    return ("yes" if rpe <= 3 else "no" if rpe >= 6 else "equivocal"), VT1_WIDTH_RPE


# --- efficiency and the pace-to-load line --------------------------------------------------------------------------


def local_level(mean: float, var: float, observed: float, noise: float, drift: float) -> tuple[float, float, float]:
    """One step of a scalar local-level Kalman filter: gain, new mean, new variance. `drift` is q times dt."""
    var += drift
    gain = var / (var + noise)
    return gain, mean + gain * (observed - mean), (1.0 - gain) * var


@dataclass(frozen=True, slots=True)
class Level:
    """Efficiency relative to the median of the athlete's first four sessions, on a day."""

    day: date
    mean: float
    var: float

    def on(self, day: date) -> Level:
        """The same belief carried to a later day: no surer, only wider."""
        return Level(day, self.mean, self.var + EFFICIENCY_DRIFT_PER_DAY * (day - self.day).days)


def efficiency_levels(observed: Sequence[tuple[date, float]]) -> list[Level]:
    """The filtered efficiency after each session from the fourth on; `observed` are speeds over reserve, ascending."""
    if len(observed) < EFFICIENCY_SESSIONS_FOR_BASE:
        return []
    base = float(np.median([value for _, value in observed[:EFFICIENCY_SESSIONS_FOR_BASE]]))
    level = Level(observed[EFFICIENCY_SESSIONS_FOR_BASE - 1][0], 1.0, EFFICIENCY_NOISE / EFFICIENCY_SESSIONS_FOR_BASE)
    levels = [level]
    for day, value in observed[EFFICIENCY_SESSIONS_FOR_BASE:]:
        drift = EFFICIENCY_DRIFT_PER_DAY * (day - level.day).days
        _, mean, var = local_level(level.mean, level.var, value / base, EFFICIENCY_NOISE, drift)
        level = Level(day, mean, var)
        levels.append(level)
    return levels


def hr_running_speed_index(
    speed_km_h: float, heart_rate_bpm: float, rest_bpm: float, maximum_bpm: float, peak_speed_km_h: float
) -> float:
    """HR-RS index, km/h (Vesterinen 2014); the standing heart rate is taken as resting + 26 (uncertain)."""
    standing = rest_bpm + 26.0
    return speed_km_h - (heart_rate_bpm - standing) * peak_speed_km_h / (maximum_bpm - standing)


class Line(NamedTuple):
    """Reserve fraction as intercept + slope times oxygen cost above rest, mL/kg/min."""

    intercept: float
    slope: float


@lru_cache(maxsize=LINE_SESSIONS)
def _pairs(count: int) -> tuple[np.ndarray, np.ndarray]:
    return np.triu_indices(count, 1)


def pace_line(oxygen_ml_kg_min: Sequence[float], reserve_fraction: Sequence[float]) -> Line | None:
    """Robust line through the last ten sessions with both (Theil 1950, Sen 1968); None with fewer than five.

    Where all sessions cost about the same there is no slope to see: then the line through the origin.
    """
    cost = np.asarray(oxygen_ml_kg_min[-LINE_SESSIONS:], dtype=np.float64)
    x = np.asarray(reserve_fraction[-LINE_SESSIONS:], dtype=np.float64)
    if cost.size < LINE_FEWEST:
        return None
    through_origin = Line(0.0, median((x / cost).tolist()))
    i, j = _pairs(cost.size)
    apart = np.abs(cost[j] - cost[i]) > 0.5
    if np.ptp(cost) < LINE_SPREAD or not apart.any():
        return through_origin
    slope = median(((x[j] - x[i])[apart] / (cost[j] - cost[i])[apart]).tolist())
    intercept = median((x - slope * cost).tolist())
    # A line that falls, or says that rest costs half the reserve, fits noise.
    return Line(intercept, slope) if slope > 0 and -0.3 <= intercept <= 0.45 else through_origin


def typical(values: Sequence[float | None]) -> float | None:
    """Median of the last ten known values, such as run or walk speeds; None without any."""
    known = [v for v in values if v is not None][-TYPICAL_SESSIONS:]
    return float(np.median(known)) if known else None
