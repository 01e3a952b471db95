"""What one run says of another distance: VDOT, Riegel, critical speed, best efforts, and the mile time now.

Distances in metres, times in seconds, VDOT in mL/kg/min.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, isfinite, sqrt

import numpy as np
from steadymile.models.signal.gait import HIGHEST_THRESHOLD_M_S
from steadymile.models.signal.series import Floats
from steadymile.models.units import MILE_M

RIEGEL_EXPONENT = 1.06
RECENT_DAYS = 42
FEWEST_EASY_DAYS = 3
SHORTEST_USEFUL_M, LONGEST_USEFUL_M = 800.0, 21_100.0
CRITICAL_SHORTEST_S, CRITICAL_LONGEST_S = 120.0, 1_200.0

WORLD_RECORDS_S: dict[float, float] = {
    400.0: 43.03,
    800.0: 100.91,
    1000.0: 131.96,
    MILE_M: 223.13,
    2 * MILE_M: 474.0,
    5000.0: 755.36,
    10000.0: 1571.0,
    21097.5: 3402.0,
}
"""Men's outdoor best marks, rounded down: what is faster was not run."""


def oxygen_of_speed(speed_m_min: float) -> float:
    """Oxygen uptake of running, mL/kg/min, at a speed in m/min (Daniels and Gilbert, 1979)."""
    return -4.60 + 0.182258 * speed_m_min + 0.000104 * speed_m_min**2


def sustained_share(minutes: float) -> float:
    """Share of maximal uptake that a race of this length is run at (Daniels and Gilbert, 1979)."""
    return 0.8 + 0.1894393 * exp(-0.012778 * minutes) + 0.2989558 * exp(-0.1932605 * minutes)


def vdot(distance_m: float, seconds: float) -> float:
    """VDOT of a performance (Daniels and Gilbert, 1979). Raises ValueError unless both are above 0."""
    if distance_m <= 0 or seconds <= 0:
        raise ValueError("a performance needs a distance and a time above 0")
    minutes = seconds / 60.0
    return oxygen_of_speed(distance_m / minutes) / sustained_share(minutes)


def time_of_vdot(level: float, distance_m: float) -> float:
    """Seconds in which a runner of this VDOT covers a distance: `vdot` inverted by bisection to a millisecond."""
    if level <= 0 or distance_m <= 0:
        raise ValueError("a prediction needs a VDOT and a distance above 0")
    fast, slow = distance_m / 12.0, distance_m / 0.2
    while slow - fast > 1e-3:
        middle = (fast + slow) / 2
        if vdot(distance_m, middle) > level:
            fast = middle
        else:
            slow = middle
    return (fast + slow) / 2


def speed_at_vo2max(level: float) -> float:
    """Speed in m/min whose oxygen uptake equals this VDOT: the positive root of `oxygen_of_speed`."""
    a, b, c = 0.000104, 0.182258, -4.60 - level
    return (-b + sqrt(b * b - 4 * a * c)) / (2 * a)


def riegel(seconds: float, distance_m: float, other_m: float) -> float:
    """Seconds for another distance: T2 = T1 (D2/D1)^1.06 (Riegel, 1981)."""
    return seconds * (other_m / distance_m) ** RIEGEL_EXPONENT


@dataclass(frozen=True, slots=True)
class CriticalSpeed:
    """Speed that can be held long, m/s, and the metres that can be run above it (Monod and Scherrer, 1965)."""

    speed_m_s: float
    reserve_m: float


@dataclass(frozen=True, slots=True)
class Effort:
    """A fastest stretch of one session. `hard` where effort is known: a test, or RPE 8 and more."""

    day: date
    distance_m: float
    seconds: float
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a session was run, and how fast; 0 where that is not known."""

    distance_m: float
    speed_m_s: float


@dataclass(frozen=True, slots=True)
class MileTime:
    """Seconds for a mile now with a 90 % interval, what it rests on, and whether that was a hard effort."""

    seconds: float
    low: float
    high: float
    basis: str
    hard: bool


EFFORT_METRICS: dict[str, float] = {
    "best_400m_s": 400.0,
    "best_800m_s": 800.0,
    "best_1km_s": 1000.0,
    "best_mile_s": MILE_M,
    "best_2mile_s": 2 * MILE_M,
    "best_5km_s": 5000.0,
    "best_10km_s": 10000.0,
    "best_half_marathon_s": 21097.5,
}
"""The file metrics that are best efforts, with their distances in metres."""


def session_efforts(day: date, metrics: Mapping[str, float | None], hard: bool = False) -> list[Effort]:
    """The best efforts among a session's file metrics that were run without a walk break.

    Jogs and walks in turn say nothing of a mile that is run. Where nobody can tell them apart, an effort counts from
    2.2 m/s on: nobody walks that.
    """
    longest = metrics.get("longest_run_m")
    efforts = [Effort(day, m, s, hard) for name, m in EFFORT_METRICS.items() if (s := metrics.get(name)) is not None]
    if longest is None:
        return [e for e in efforts if e.distance_m >= HIGHEST_THRESHOLD_M_S * e.seconds]
    return [e for e in efforts if e.distance_m <= longest]


def two_point_critical_speed(d1_m: float, t1_s: float, d2_m: float, t2_s: float) -> CriticalSpeed:
    """Critical speed through two performances of different length."""
    speed = (d2_m - d1_m) / (t2_s - t1_s)
    return CriticalSpeed(speed, d1_m - speed * t1_s)


def critical_speed(efforts: Sequence[Effort]) -> CriticalSpeed | str:
    """Critical speed by least squares of distance on time, or the reason why these efforts do not support one.

    Asked for: three hard efforts of 2 to 20 min, the longest at least twice the shortest, on two days or more, on one
    line (R2 0.98), with a reserve of 30 to 400 m.
    """
    used = [e for e in efforts if e.hard and CRITICAL_SHORTEST_S <= e.seconds <= CRITICAL_LONGEST_S]
    if len(used) < 3:
        return "needs three hard efforts of 2 to 20 minutes"
    if len({e.day for e in used}) < 2:
        return "needs efforts from two days or more"
    time, distance = np.array([e.seconds for e in used]), np.array([e.distance_m for e in used])
    if time.max() < 2 * time.min() or distance.max() < 1.5 * distance.min():  # nor slow and fast over one distance
        return "needs efforts of more different length: the longest at least twice the shortest"
    speed, reserve = np.polyfit(time, distance, 1)
    residual = distance - (speed * time + reserve)
    r2 = 1.0 - float((residual**2).sum() / ((distance - distance.mean()) ** 2).sum())
    if r2 < 0.98 or not 30.0 <= reserve <= 400.0 or speed <= 0:
        return "the efforts do not lie on one line, so they were not all as hard as each other"
    return CriticalSpeed(float(speed), float(reserve))


def mile_time_now(efforts: Sequence[Effort], as_of: date) -> MileTime | str:
    """Mile time as of a date with a 90 % interval, or the reason why nobody can say.

    From efforts of 800 m to the half marathon in the 42 days before. Known hard efforts count as what they are (sd
    3 %, more the further from the mile). Without any, the best effort of three days or more only shows what can be
    done at least: the estimate lies a little below the time it gives, with a wide interval towards faster, and one
    towards slower as of a hard effort, which it may have been.
    """
    recent = [
        e
        for e in efforts
        if 0 <= (as_of - e.day).days <= RECENT_DAYS
        and SHORTEST_USEFUL_M <= e.distance_m <= LONGEST_USEFUL_M
        and isfinite(e.seconds)
        and e.seconds > 0
    ]
    if not recent:
        return f"no continuous effort of 800 m or more in the last {RECENT_DAYS} days"
    hard = [e for e in recent if e.hard]
    best = max(hard or recent, key=lambda e: vdot(e.distance_m, e.seconds))
    level = vdot(best.distance_m, best.seconds)
    if level < 8.0:
        return "the tables of running do not reach down to a gentle jog"
    seconds = time_of_vdot(level, MILE_M)
    proven = min((e.seconds * MILE_M / e.distance_m for e in recent if e.distance_m >= MILE_M), default=None)
    far = abs(np.log(best.distance_m / MILE_M))
    sd = 0.03 + 0.02 * float(far)
    high = seconds * (1 + 1.645 * sd)
    if hard:
        low = seconds * (1 - 1.645 * sd)
        basis = f"a hard effort over {best.distance_m:.0f} m"
    else:
        if len({e.day for e in recent}) < FEWEST_EASY_DAYS:
            return f"that takes runs of 800 m without a walk break on {FEWEST_EASY_DAYS} days, or one that was hard"
        low = 0.80 * seconds
        seconds *= 0.95
        basis = f"training efforts only, the best over {best.distance_m:.0f} m; none was known to be hard"
    if proven is not None and proven < high:
        # What was run in the last weeks can be run again, a little slower on a worse day.
        high = max(1.02 * proven, low)
        seconds = min(seconds, high)
    return MileTime(float(seconds), float(low), float(high), basis, bool(hard))


FEWEST_FIXES, LONGEST_STEP = 8, 0.25
"""A best effort is seen by so many samples at least, and no single step of it is more of its way (design values)."""


def best_efforts(
    t_s: Floats, distance_m: Floats, targets_m: Sequence[float], sampled_t_s: Floats | None = None
) -> list[float | None]:
    """Least seconds in which each target distance was covered, pauses counted; None where the whole was shorter.

    `distance_m` cumulative at the times `t_s`, both ascending. A fastest stretch begins or ends at a sample; both are
    tried, and the other end lies between two samples, on the straight line. With the times of the samples
    (`sampled_t_s`, ascending) a stretch counts only where it is seen by enough of them and no single step is a quarter
    of it; infinite where none is.
    """
    if t_s.size < 2:
        return [None] * len(targets_m)
    # A place where one stood has two times, of arriving and of leaving: the later is told apart by a thousandth of a
    # millimetre, so that time is a function of the way.
    moved = distance_m[1:] > distance_m[:-1]
    arrive = np.concatenate(([True], moved))
    stood = ~arrive & np.concatenate((moved, [True]))
    points = arrive | stood
    way = distance_m[points] + np.where(stood[points], 1e-6, 0.0)
    time = t_s[points]
    total = float(distance_m[-1] - distance_m[0])
    seen = None if sampled_t_s is None else _Seen(sampled_t_s, np.interp(sampled_t_s, time, way))
    return [None if total < target else _fastest(way, time, target, seen) for target in targets_m]


@dataclass(frozen=True, slots=True)
class _Seen:
    """When samples were taken, and how far the way was then."""

    t_s: Floats
    way_m: Floats

    def well(self, begin_s: Floats, end_s: Floats, target_m: float) -> np.ndarray:
        """Which stretches are seen by enough samples, none of whose steps is a great part of them."""
        long = np.concatenate(([0], np.cumsum(np.diff(self.way_m) > LONGEST_STEP * target_m)))
        first = np.searchsorted(self.t_s, begin_s + 1e-6, side="right") - 1
        last = np.searchsorted(self.t_s, end_s - 1e-6, side="left")
        within = (first >= 0) & (last < self.t_s.size)
        first, last = np.maximum(first, 0), np.minimum(last, self.t_s.size - 1)
        return within & (last - first >= FEWEST_FIXES) & (long[last] == long[first])


def _fastest(way: Floats, time: Floats, target: float, seen: _Seen | None) -> float:
    """Least time for one distance: from each point on the way ahead, and back from each point."""
    begins = way[: np.searchsorted(way, way[-1] - target, side="right")]
    ends = way[np.searchsorted(way, way[0] + target, side="left") :]
    ahead = np.interp(begins + target, way, time) - time[: begins.size]
    back = time[time.size - ends.size :] - np.interp(ends - target, way, time)
    if seen is None:
        return float(min(ahead.min(initial=np.inf), back.min(initial=np.inf)))
    starts, ends_s = time[: begins.size], time[time.size - ends.size :]
    took = np.concatenate((ahead, back))
    begin_s = np.concatenate((starts, ends_s - back))
    best = np.argmin(took)
    if seen.well(begin_s[best : best + 1], begin_s[best : best + 1] + took[best : best + 1], target)[0]:
        return float(took[best])
    return float(took[seen.well(begin_s, begin_s + took, target)].min(initial=np.inf))


SUPPORT_EXPONENT = 0.35
"""How steeply a speed may rise towards shorter distances: Riegel's 1.06 is 0.06 for who races at each; a jogger who
sprints once is far above that, and this is above them too (a design value)."""
FEWEST_OTHERS, OWN_OVER_OTHERS = 5, 1.8


def supported_m_s(distance_m: float, paces: Sequence[Pace]) -> Floats:
    """The fastest speed over a distance that each session and the person's other ones support, m/s; infinite where
    nothing is known of either. `paces`: one a session, 0 m/s where it is unknown.

    A session's own running pace counts, unless it is far beyond the median of the others', and that median.
    """
    speed = np.array([pace.speed_m_s for pace in paces], dtype=np.float64)
    way_m = np.array([pace.distance_m for pace in paces], dtype=np.float64)
    known = speed > 0.0
    reach = speed * np.maximum(way_m / distance_m, 1.0) ** SUPPORT_EXPONENT
    others, usual = _median_of_others(reach, known), _median_of_others(speed, known)
    few = known.sum() - known < FEWEST_OTHERS
    own = np.where(known, reach, np.inf)
    with_others = np.where(known & (speed <= OWN_OVER_OTHERS * usual), np.maximum(others, reach), others)
    return np.where(few, own, with_others)


def _median_of_others(values: Floats, known: np.ndarray) -> Floats:
    """For each value the median of the known ones but itself; NaN where there are none."""
    ordered = np.sort(values[known])
    left = ordered.size - known  # how many others there are
    place = np.where(known, np.searchsorted(ordered, values), ordered.size)

    def nth(n: np.ndarray) -> Floats:
        """The nth of the others, each value itself stepped over."""
        at = n + (n >= place)
        return np.where(
            (at >= 0) & (at < ordered.size), np.append(ordered, np.nan)[np.clip(at, -1, ordered.size)], np.nan
        )

    return (nth((left - 1) // 2) + nth(left // 2)) / 2.0


def farthest_in(t_s: Floats, distance_m: Floats, seconds: float) -> float | None:
    """Most metres covered within any stretch of this many seconds; None where the recording is shorter."""
    if t_s.size < 2 or t_s[-1] - t_s[0] < seconds:
        return None
    ends = np.interp(t_s + seconds, t_s, distance_m) - distance_m
    begins = distance_m - np.interp(t_s - seconds, t_s, distance_m)
    return float(max(ends[t_s + seconds <= t_s[-1]].max(), begins[t_s - seconds >= t_s[0]].max()))
