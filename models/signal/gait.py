"""When the body moved, and whether it ran or walked (science 2.1, 2.2; amendment 5 for runs without cadence)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from steadymile.models.signal.series import Bools, Floats, Ints, Pieces, all_ahead, rolling_mean, run_lengths

START_M_S, START_S = 0.6, 3
STOP_M_S, STOP_S = 0.4, 5
RUN_CADENCE_SPM = 140.0
RUN_SPEED_M_S = 2.0
LOWEST_THRESHOLD_M_S, HIGHEST_THRESHOLD_M_S = 1.4, 2.2
"""Nobody jogs below the first, nobody walks above the second."""
SLOWEST_JOG_M_S, JOG_M_S = 1.6, 1.75
"""Design values: the faster of two speeds below the first is brisk walking. A slow jog of the second or more may lie
nearer to the walk than others: the mile at 1.79 m/s must be able to count."""
MAJORITY_S = 15
CHORD_S, PLACE_S = 10, 5
METRES_PER_DEGREE = 111_195.0
SLOWEST_BIN_M_S, BIN_M_S, BINS = 0.4, 0.1, 60
FEWEST_SHARE, FEWEST_S = 0.05, 60
LEAST_APART_M_S, NEAR_M_S, LEAST_SPREADS = 0.5, 0.35, 3.8
VALLEY, VALLEY_SHARE = 0.15, 0.12
"""Design values, from synthetic tracks and from real ones whose cadence was hidden (docs/science.md 12.5): within 0.15
of the distance between the two speeds from their middle lie 1 to 12 % of the time where people walk and run, 13 to
23 % where one speed varies."""
FEWEST_JOGS, LONGEST_JOG_S = 6, 150.0
OUT_OF_TIME, UNLIKE, REGULAR_SHARE = 0.20, 0.50, 0.70
"""Intervals whose speeds blur still keep time: on synthetic tracks of one speed no more than 0.57 of the stretches did
(design values)."""
SHORTEST_BOUT_S = 10.0
SLOWEST_ONE_FOOT_M_S, LONGEST_SLOW_STEP_M, ONE_FOOT_SPM = 1.6, 1.2, (60.0, 105.0)
"""Design values: walkers' steps have 0.6 to 0.9 m, those of runs below 105 steps of both feet a minute do not exist."""
STAND, WALK, RUN = 0, 1, 2
WORDS = ("stand", "walk", "run")


@dataclass(frozen=True, slots=True)
class Gait:
    """Whether each second was run; `running` is None with the reason where nothing can tell."""

    running: Bools | None
    reason: str | None = None
    basis: str = ""


def moving(speed_m_s: Floats, pieces: Pieces) -> Bools:
    """True from where speed stays above 0.6 m/s for 3 s until where it stays below 0.4 m/s for 5 s."""
    n = speed_m_s.size
    if n == 0:
        return np.zeros(0, np.bool_)
    event = np.zeros(n, np.int8)
    begins = pieces.first == np.arange(n)
    event[begins] = np.where(speed_m_s[begins] >= (START_M_S + STOP_M_S) / 2, 1, -1)
    event[all_ahead(speed_m_s < STOP_M_S, STOP_S)] = -1
    event[all_ahead(speed_m_s > START_M_S, START_S)] = 1
    latest = np.maximum.accumulate(np.where(event != 0, np.arange(n), 0))
    return event[latest] > 0


class Split(NamedTuple):
    """The two halves of a session's speeds: their means in m/s, how many spreads within them these lie apart, and the
    share of the time in the valley between them."""

    low_m_s: float
    high_m_s: float
    spreads: float
    valley: float

    @property
    def apart_m_s(self) -> float:
        """How far the two speeds lie apart."""
        return self.high_m_s - self.low_m_s

    @property
    def clear(self) -> bool:
        """Whether these are two speeds. The halves of an even spread lie 3.46 spreads apart, those of a normal curve
        2.65. The rule holds for a sixth of the time as for a half: half-minute jogs between walks are little time."""
        slow_jog = self.apart_m_s >= NEAR_M_S and self.low_m_s <= SLOWEST_JOG_M_S and self.high_m_s >= JOG_M_S
        apart = self.apart_m_s >= LEAST_APART_M_S or slow_jog
        return apart and self.spreads >= LEAST_SPREADS and self.valley <= VALLEY_SHARE


def split(speed_m_s: Floats) -> Split | None:
    """Speeds parted where the variance within the parts is least (Otsu 1979), each part 5 % of the time or more."""
    of = np.floor((speed_m_s - SLOWEST_BIN_M_S) / BIN_M_S)
    inside = (of >= 0) & (of < BINS)
    speed, of = speed_m_s[inside], of[inside].astype(np.int64)
    if speed.size < FEWEST_S:
        return None
    share = np.cumsum(np.bincount(of, minlength=BINS))[:-1] / speed.size
    below = np.cumsum(np.bincount(of, weights=speed, minlength=BINS))[:-1] / speed.size
    mean = float(speed.mean())
    large = (share > FEWEST_SHARE) & (share < 1.0 - FEWEST_SHARE)
    if not large.any():
        return None
    s = np.where(large, share, 0.5)
    between = np.where(large, (mean * s - below) ** 2 / (s * (1.0 - s)), 0.0)
    best = int(np.argmax(between))
    low = float(below[best] / share[best])
    high = float((mean - below[best]) / (1.0 - share[best]))
    within = max(float(speed.var()) - float(between[best]), 1e-6)
    valley = np.mean(np.abs(speed - (high + low) / 2) < VALLEY * (high - low))
    return Split(low, high, (high - low) / within**0.5, float(valley))


def regular(fast: Bools) -> bool:
    """Whether fast stretches come in turn with slow ones as intervals do: six or more, no longer than 150 s, as long
    as each other and as far apart. Noise and moods do not keep time."""
    starts, lengths = run_lengths(fast.astype(np.int64))
    jogs = fast[starts] & (lengths >= SHORTEST_BOUT_S)
    starts, lengths = starts[jogs], lengths[jogs]
    if starts.size < FEWEST_JOGS or np.median(lengths) > LONGEST_JOG_S:
        return False
    every = np.diff(starts)
    in_time = np.abs(every - np.median(every)) <= OUT_OF_TIME * np.median(every)
    alike = np.abs(lengths - np.median(lengths)) <= UNLIKE * np.median(lengths)
    return bool(in_time.mean() >= REGULAR_SHARE and alike.mean() >= REGULAR_SHARE)


def classify(
    speed_m_s: Floats, steady_m_s: Floats, cadence_spm: Floats, moves: Bools, pieces: Pieces, means_to_walk: bool
) -> Gait:
    """Run or walk, second by second, after a majority filter of 15 s.

    `speed_m_s` is split; the two speeds are looked for in `steady_m_s`, without the jitter of single seconds.

    With cadence: run from 140 steps a minute. Without: two speeds within the session, split at their midpoint
    between 1.4 and 2.2 m/s; one speed is running above 2.2, walking below 1.4, and between them nobody can tell. A
    walk or hike is never running below 2.2 m/s.
    """
    if not moves.any():
        return Gait(np.zeros(speed_m_s.size, np.bool_), basis="nothing moved")
    known = ~np.isnan(cadence_spm)
    share = np.count_nonzero(known & moves) / np.count_nonzero(moves)
    if share >= 0.5 and bool((cadence_spm[known & moves] > 0).mean() >= 0.5):
        steps = of_both_feet(cadence_spm, speed_m_s, moves)
        running = steps >= RUN_CADENCE_SPM
        if share < 1.0:
            threshold, _, _ = _speed_threshold(steady_m_s, moves, pieces, means_to_walk)
            running = np.where(known, running, speed_m_s >= (threshold or RUN_SPEED_M_S))
        if means_to_walk:
            running = running & (speed_m_s >= HIGHEST_THRESHOLD_M_S)
        basis = "cadence"
    else:
        threshold, reason, basis = _speed_threshold(steady_m_s, moves, pieces, means_to_walk)
        if threshold is None:
            return Gait(None, reason, basis)
        running = speed_m_s >= threshold
    return Gait(_most(running, pieces) & moves, basis=basis)


def steady_speed(speed_m_s: Floats, pieces: Pieces) -> Floats:
    """Speed over 5 s, averaged over 11 s more: without the jitter of a counter."""
    return rolling_mean(speed_m_s, pieces, CHORD_S + 1)


def straight_speed(latitude_deg: Floats, longitude_deg: Floats, t_s: Floats, pieces: Pieces) -> Floats:
    """Speed in m/s along the straight line between the mean places of 5 s, 10 s apart. NaN where no place is known.

    A receiver's jitter lengthens the way from second to second, so that a walker seems to jog; over 10 s it is little.
    """
    known = ~np.isnan(latitude_deg)
    if not known.any():
        return np.full(t_s.size, np.nan)
    # One unknown place would spoil every sum after it.
    lat, lon = (np.interp(t_s, t_s[known], place[known]) for place in (latitude_deg, longitude_deg))
    north = rolling_mean(lat * METRES_PER_DEGREE, pieces, PLACE_S)
    east = rolling_mean(lon * METRES_PER_DEGREE * np.cos(np.radians(lat[0])), pieces, PLACE_S)
    i = np.arange(t_s.size)
    a, b = np.maximum(i - CHORD_S // 2, pieces.first), np.minimum(i + CHORD_S // 2, pieces.last)
    speed = np.hypot(north[b] - north[a], east[b] - east[a]) / np.maximum(t_s[b] - t_s[a], 1.0)
    return np.where(known, speed, np.nan)


def of_both_feet(cadence_spm: Floats, speed_m_s: Floats, moves: Bools) -> Floats:
    """Steps of both feet, also where a file counted one foot: no step of so few a minute is as long as that.

    A runner's step at 82 a minute and 2.0 m/s would have 1.46 m, which only sprinters reach; of both feet it has 0.73.
    """
    goes = moves & (speed_m_s > SLOWEST_ONE_FOOT_M_S) & (cadence_spm > 0)
    if np.count_nonzero(goes) < FEWEST_S:
        return cadence_spm
    steps, speed = float(np.median(cadence_spm[goes])), float(np.median(speed_m_s[goes]))
    too_long = speed * 60.0 / steps >= LONGEST_SLOW_STEP_M
    return cadence_spm * 2.0 if ONE_FOOT_SPM[0] <= steps <= ONE_FOOT_SPM[1] and too_long else cadence_spm


def _speed_threshold(
    steady_m_s: Floats, moves: Bools, pieces: Pieces, means_to_walk: bool
) -> tuple[float | None, str | None, str]:
    """(threshold, reason why there is none, basis) for telling run from walk by speed alone."""
    if means_to_walk:
        return HIGHEST_THRESHOLD_M_S, None, "speed"
    speeds = steady_m_s[moves]
    two = split(speeds)
    if two and two.high_m_s >= SLOWEST_JOG_M_S:
        middle = (two.low_m_s + two.high_m_s) / 2
        threshold = float(np.clip(middle, LOWEST_THRESHOLD_M_S, HIGHEST_THRESHOLD_M_S))
        if two.clear:
            return threshold, None, "two speeds"
        if two.apart_m_s >= NEAR_M_S and regular(_most(steady_m_s >= middle, pieces) & moves):
            return threshold, None, "two speeds in turn"
    typical = float(np.median(speeds))
    if typical >= HIGHEST_THRESHOLD_M_S:
        return RUN_SPEED_M_S, None, "speed"
    if typical > LOWEST_THRESHOLD_M_S:
        return (
            None,
            f"no cadence was recorded, and one speed around {typical:.1f} m/s may be jogging or walking",
            "speed",
        )
    if float(np.quantile(speeds, 1.0 - FEWEST_SHARE)) >= max(typical + LEAST_APART_M_S, SLOWEST_JOG_M_S):
        return (
            None,
            "no cadence was recorded, and jogs too short or too slow for this track may be hidden in it",
            "speed",
        )
    return RUN_SPEED_M_S, None, "speed"


def _most(where: Bools, pieces: Pieces) -> Bools:
    """Majority of 15 s."""
    return rolling_mean(where.astype(np.float64), pieces, MAJORITY_S) > 0.5


def bouts(gait: Ints, t_s: Floats, dt_s: Floats) -> tuple[Ints, Ints]:
    """(start, stop) of stretches of one gait among cells, stop exclusive; none shorter than 10 s stands alone.

    A short one joins the longer of its neighbours. A break in the recording of more than 10 s ends a stretch; a
    shorter one does not.
    """
    if gait.size == 0:
        return run_lengths(gait)
    after = np.concatenate(([0.0], t_s[1:] - (t_s[:-1] + dt_s[:-1])))
    block = np.cumsum(after > SHORTEST_BOUT_S)
    starts, lengths = run_lengths(block * 4 + gait)
    spans = [
        [int(s), int(s + n), int(gait[s]), int(block[s]), float(dt_s[s : s + n].sum())] for s, n in zip(starts, lengths)
    ]
    merged = _merge_short(spans)
    return np.array([s[0] for s in merged], np.int64), np.array([s[1] for s in merged], np.int64)


def _merge_short(spans: list[list]) -> list[list]:
    """Spans [start, stop, gait, block, seconds] with every short one given to its longer neighbour in its block."""
    while True:
        short = [i for i, s in enumerate(spans) if s[4] < SHORTEST_BOUT_S and _neighbours(spans, i)]
        if not short:
            return spans
        i = min(short, key=lambda k: spans[k][4])
        host = max(_neighbours(spans, i), key=lambda k: spans[k][4])
        spans[i][2] = spans[host][2]
        low = i
        while low > 0 and spans[low - 1][2:4] == spans[i][2:4]:
            low -= 1
        high = i
        while high + 1 < len(spans) and spans[high + 1][2:4] == spans[i][2:4]:
            high += 1
        whole = spans[low]
        for other in spans[low + 1 : high + 1]:
            whole[1] = other[1]
            whole[4] += other[4]
        del spans[low + 1 : high + 1]


def _neighbours(spans: list[list], i: int) -> list[int]:
    """Indices of the spans next to `i` in the same block."""
    return [k for k in (i - 1, i + 1) if 0 <= k < len(spans) and spans[k][3] == spans[i][3]]
