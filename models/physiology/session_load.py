"""One comparable load per session, from the best source there is, with how sure it is (docs/science.md 3.6).

Every source is brought to Banister's TRIMP, au, so that a run with a strap, one without and one known only by its
effort add up. `relative_sd` is on the log scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

import numpy as np
from steadymile.models.physiology.athlete_parameters import Line
from steadymile.models.physiology.trimp import banister, banister_histogram, effort_reserve, weight

USABLE_COVERAGE, GOOD_COVERAGE = 0.80, 0.95
LEAST_COVERAGE, SD_HR_HOLES = 0.50, 0.50
"""Below USABLE_COVERAGE the load is still scaled up, its deviation growing by the second for each whole of coverage
that is missing, so that one sample more or less changes neither (design values)."""
USABLE_LOCK_SHARE = 0.20
SD_HR_GOOD, SD_HR_PARTS, SD_MAXIMUM_UNSEEN = 0.10, 0.20, 0.05
SD_HR_MEAN = 0.25  # design: a mean hides intervals and stops
SD_PACE_OWN_LINE, SD_PACE_PRIOR, SD_PACE_TOTALS = 0.25, 0.40, 0.05
SD_EFFORT_CALIBRATED, SD_EFFORT = 0.35, 0.50
SD_DURATION = 0.60
DURATION_RESERVE = 0.55
PRIOR_OXYGEN_MAX, OXYGEN_REST = 35.0, 3.5  # mL/kg/min; the first a design value for a beginner
OXYGEN_BIN = 0.5
FEWEST_PAIRS, PAIRS_KEPT = 5, 50

PRIORITY = ("hr", "pace", "rpe", "duration")


@dataclass(frozen=True, slots=True)
class Load:
    """A session's load in au, its relative sd and its source, one of PRIORITY."""

    value: float
    relative_sd: float
    source: str

    @property
    def sd(self) -> float:
        """Standard deviation in au."""
        return self.value * self.relative_sd


def from_heart_rate(
    seconds_at_bpm: np.ndarray, coverage: float, maximum_bpm: float, rest_bpm: float, sex: str | None, seen: bool
) -> Load | None:
    """TRIMP of the valid moving seconds, scaled up to all moving time; None below 50 % coverage.

    `seen`: the maximum was stated or recorded, not only computed from age.
    """
    if coverage < LEAST_COVERAGE:
        return None
    holes = SD_HR_HOLES * max(USABLE_COVERAGE - coverage, 0.0)
    sd = (SD_HR_GOOD if coverage >= GOOD_COVERAGE else SD_HR_PARTS + holes) + (0.0 if seen else SD_MAXIMUM_UNSEEN)
    return Load(banister_histogram(seconds_at_bpm, maximum_bpm, rest_bpm, sex) / min(coverage, 1.0), sd, "hr")


def from_mean_heart_rate(mean_reserve: float, minutes: float, sex: str | None, seen: bool) -> Load:
    """TRIMP of a session of which only the device's mean heart rate is known; a lower bound, some 3 % low."""
    return Load(banister(minutes, mean_reserve, sex), SD_HR_MEAN + (0.0 if seen else SD_MAXIMUM_UNSEEN), "hr")


def from_pace(
    energy_s: np.ndarray, modifier: float, moving_s: float | None, line: Line | None, sex: str | None
) -> Load:
    """TRIMP from the oxygen cost of pace and grade: seconds at each 0.5 mL/kg/min above rest.

    `modifier` multiplies the cost (pack, boots, sand). With the athlete's own line from cost to heart rate where one
    is known, else against an oxygen uptake of 35 mL/kg/min. Scaled to moving time where the track has holes.
    """
    x = _reserve_of(bin_costs(energy_s.size) * modifier, line)
    load = float(energy_s @ weight(x, sex)) / 60.0
    known = float(energy_s.sum())
    if moving_s is not None and moving_s > known > 0:
        load *= moving_s / known
    return Load(load, SD_PACE_PRIOR if line is None else SD_PACE_OWN_LINE, "pace")


def from_mean_pace(cost: float, minutes: float, line: Line | None, sex: str | None) -> Load:
    """TRIMP from the mean oxygen cost above rest, mL/kg/min, where only distance and time are known."""
    sd = (SD_PACE_PRIOR if line is None else SD_PACE_OWN_LINE) + SD_PACE_TOTALS
    return Load(banister(minutes, float(_reserve_of(np.array([cost]), line)[0]), sex), sd, "pace")


@lru_cache(maxsize=8)
def bin_costs(bins: int) -> np.ndarray:
    """Oxygen cost above rest, mL/kg/min, in the middle of each bin of a digest's `energy_s`."""
    costs = (np.arange(bins) + 0.5) * OXYGEN_BIN
    costs.flags.writeable = False
    return costs


def _reserve_of(cost: np.ndarray, line: Line | None) -> np.ndarray:
    x = cost / (PRIOR_OXYGEN_MAX - OXYGEN_REST) if line is None else line.intercept + line.slope * cost
    return np.clip(x, 0.0, 1.0)


def from_effort(rpe: float, minutes: float, sex: str | None, ratios: Sequence[float]) -> Load:
    """TRIMP from Borg CR10, times the athlete's median ratio of heart-rate to effort load once five pairs exist."""
    load = banister(minutes, effort_reserve(rpe), sex)
    if len(ratios) < FEWEST_PAIRS:
        return Load(load, SD_EFFORT, "rpe")
    return Load(load * median(ratios[-PAIRS_KEPT:]), SD_EFFORT_CALIBRATED, "rpe")


def from_duration(minutes: float, modifier: float, sex: str | None) -> Load:
    """TRIMP of a session of which only its length is known, at 55 % of the reserve."""
    x = min(DURATION_RESERVE * modifier, 1.0)
    return Load(banister(minutes, x, sex), SD_DURATION, "duration")


def choose(candidates: Sequence[Load]) -> tuple[Load | None, bool]:
    """The load of the best source, and whether another source contradicts it by more than twice their spread.

    Duration contradicts nothing: it knows nothing of the effort.
    """
    ordered = sorted(candidates, key=lambda load: PRIORITY.index(load.source))
    if not ordered:
        return None, False
    best = ordered[0]
    return best, any(_conflict(best, other) for other in ordered[1:] if other.source != "duration")


def _conflict(a: Load, b: Load) -> bool:
    if a.value <= 0 or b.value <= 0:
        return False
    return abs(math.log(a.value / b.value)) > 2.0 * math.hypot(a.relative_sd, b.relative_sd)
