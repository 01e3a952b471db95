"""One recording has one clock: what was set while it ran is joined, what was never set is dated or waits.

Times here are seconds since 1970. A watch that sets its clock by the first satellites stamps the minutes before with
another day; a phone that was offline does the same. The smaller part is moved to the clock of the larger one.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from steadymile.ingest.pieces import LONGEST_STEP_S, SET_AHEAD_S, SET_BACK_S, out_of_order
from steadymile.ingest.reading import Reading
from steadymile.models.recording import Activity
from steadymile.models.signal.outliers import haversine_m

DAY_S = 86_400.0
SURPLUS_S = 1_800.0
"""A step by more than this is one too, where the session's own length says that this time did not pass."""
MOST_CUTS, STRAY, LEAST_SAMPLES = 12, 3, 10
HERE_M, NEAR_SAMPLES = 1_000.0, 10
FIRST_WATCH = datetime(2000, 1, 2, tzinfo=UTC).timestamp()
"""Before it no satellite watch recorded; clocks that were never set count from 1970, from 1989-12-31 or from the first
day of 2000."""
WHOLE_HOUR_S, MOST_HOURS, GOES_ON_M, ON_THE_WAY_M_S = 3.0, 14, 15.0, 1.0
"""A step by whole hours, each of 3,600 s to within 3 s, from one place on the way to the next, is a clock that was set
too: it went to another zone or to summer time. Nobody rests for that long and is in full motion before and after it."""
TOO_LATE = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
HUNDREDFOLD = 100.0
CODE = "clock"
"""Of a file whose times were not those of its session, whether they could be put right or not."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Times on one clock. `moved` were shifted by `shift_s`; `parts` are the shifted stretches of the old clock, each
    (first, last, shift)."""

    t: np.ndarray
    moved: int = 0
    shift_s: float = 0.0
    parts: tuple[tuple[float, float, float], ...] = ()

    def real(self, times: np.ndarray) -> np.ndarray:
        """Other times of the recording (laps, events, its start) as the clock of the larger part shows them."""
        found = times.astype(np.float64, copy=True)
        for low, high, shift in self.parts:
            found[(times >= low) & (times <= high)] += shift
        return found


def put_on(activity: Activity, clock: Joined | None) -> Activity:
    """The activity with what was done to the clock of its samples."""
    if clock is None or not clock.moved:
        return activity
    return replace(activity, clock_moved=clock.moved, clock_shift_s=clock.shift_s)


def with_notes(reading: Reading) -> Reading:
    """The reading with what was done to the clocks of its sessions: a code for programs, a note for people."""
    notes = [
        f"the device's clock was set during the recording: {_were(a.clock_moved)} "
        f"{spoken(abs(a.clock_shift_s))} {'behind' if a.clock_shift_s > 0 else 'ahead'} and moved to the clock of the "
        "rest"
        for a in reading.activities
        if a.clock_moved
    ]
    if not notes:
        return reading
    return replace(reading, notes=tuple(dict.fromkeys([*notes, *reading.notes])), code=reading.code or CODE)


def _were(samples: int) -> str:
    return "1 sample was" if samples == 1 else f"{samples:,} samples were"


def spoken(seconds: float) -> str:
    """A length of time in its largest unit."""
    for unit, size in (("days", DAY_S), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:.0f} s"


def join(
    t: np.ndarray,
    latitude_deg: np.ndarray | None = None,
    longitude_deg: np.ndarray | None = None,
    elapsed_s: float | None = None,
) -> Joined:
    """The times of samples in file order on one clock.

    Where the clock was set, the part whose clock can be right, else the larger one, keeps its times, and the others are
    laid before and after it. `elapsed_s` is the session's own length. Single stray times are left alone: they are
    cleaning's to drop. So is a step to another place, which is not a clock but another recording.
    """
    if t.size < 3:
        return Joined(t)
    step = np.diff(t)
    span = float(t.max() - t.min())
    surplus = elapsed_s is not None and elapsed_s > 0 and span > elapsed_s + SURPLUS_S
    cut = (step > SET_AHEAD_S) | (step < -SET_BACK_S)
    if surplus and elapsed_s is not None:
        cut |= (step > SURPLUS_S) & (step > 0.9 * (span - elapsed_s))
    back = -step[step < -SET_BACK_S]
    cut |= (np.abs(step[:, None] - back) <= LONGEST_STEP_S).any(axis=1) if 0 < back.size <= MOST_CUTS else False
    if latitude_deg is not None and longitude_deg is not None and step.max() >= 3600.0 - WHOLE_HOUR_S:
        cut |= _whole_hours(step, latitude_deg, longitude_deg)
    cuts = np.flatnonzero(cut) + 1
    if not 0 < cuts.size <= MOST_CUTS:
        return Joined(t)
    parts = _without_strays(t, cuts)
    if latitude_deg is not None and longitude_deg is not None and out_of_order(t, latitude_deg, longitude_deg):
        return Joined(t)
    if len(parts) < 2 or not all(_same_place(a[-1], b[0], latitude_deg, longitude_deg) for a, b in _pairs(parts)):
        return Joined(t)
    return _laid(t, parts, elapsed_s)


def _whole_hours(step: np.ndarray, latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> np.ndarray:
    """Where the times step on by whole hours while the way goes on as if nothing were."""
    hours = np.round(step / 3600.0)
    found = (hours >= 1) & (hours <= MOST_HOURS) & (np.abs(step - 3600.0 * hours) <= WHOLE_HOUR_S)
    for i in map(int, np.flatnonzero(found)):
        around = np.arange(max(i - NEAR_SAMPLES, 0), min(i + NEAR_SAMPLES + 2, latitude_deg.size))
        way = haversine_m(latitude_deg[around[:-1]], longitude_deg[around[:-1]],
                          latitude_deg[around[1:]], longitude_deg[around[1:]])  # fmt: skip
        usual = np.median(step[around[:-1]])
        before, after = way[around[:-1] < i], way[around[:-1] > i]
        here = way[around[:-1] == i][0]
        moving = before.size >= STRAY and after.size >= STRAY and 0 < usual <= LONGEST_STEP_S
        slowest = min(np.mean(before), np.mean(after)) / usual if moving else 0.0
        found[i] = slowest >= ON_THE_WAY_M_S and here <= max(GOES_ON_M, 2.0 * usual * slowest)
    return found


def _pairs(parts: list[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
    return list(itertools.pairwise(parts))


def _without_strays(t: np.ndarray, cuts: np.ndarray) -> list[np.ndarray]:
    """The parts between the cuts as indices; a few samples between two parts that join on the same clock are none."""
    parts: list[np.ndarray] = []
    for part in np.split(np.arange(t.size), cuts):
        if len(parts) > 1 and parts[-1].size <= STRAY and -SET_BACK_S <= t[part[0]] - t[parts[-2][-1]] <= SET_AHEAD_S:
            parts.pop()
            parts[-1] = np.concatenate((parts[-1], part))
        else:
            parts.append(part)
    return parts


def _same_place(i: int, j: int, latitude_deg: np.ndarray | None, longitude_deg: np.ndarray | None) -> bool:
    """Whether the last place before a step and the first one after it are near, or are not known."""
    if latitude_deg is None or longitude_deg is None:
        return True
    before = np.arange(max(i - NEAR_SAMPLES, 0), i + 1)
    after = np.arange(j, min(j + NEAR_SAMPLES, latitude_deg.size))
    before, after = before[~np.isnan(latitude_deg[before])], after[~np.isnan(latitude_deg[after])]
    if not before.size or not after.size:
        return True
    a, b = before[-1:], after[:1]
    return bool(haversine_m(latitude_deg[a], longitude_deg[a], latitude_deg[b], longitude_deg[b])[0] <= HERE_M)


def _laid(t: np.ndarray, parts: list[np.ndarray], elapsed_s: float | None) -> Joined:
    usual = np.diff(t)
    usual = usual[(usual > 0) & (usual <= LONGEST_STEP_S)]
    between = float(np.median(usual)) if usual.size else 1.0
    if elapsed_s is not None and len(parts) == 2:
        left = elapsed_s - sum(float(t[p].max() - t[p].min()) for p in parts)
        # a session may run on for a sample after the last one, so two steps left are the usual one and that
        between = left if 2.0 * between < left <= SURPLUS_S else between
    can_be = [p for p in parts if t[p].min() >= FIRST_WATCH and t[p].max() < TOO_LATE] or parts
    keeps = max(range(len(parts)), key=lambda k: (any(parts[k] is p for p in can_be), parts[k].size))
    if parts[keeps].size < LEAST_SAMPLES:
        return Joined(t)
    shifts = [0.0] * len(parts)
    for k in range(keeps - 1, -1, -1):
        after = parts[k + 1]
        shifts[k] = float(t[after].min() + shifts[k + 1] - between - t[parts[k]].max())
    for k in range(keeps + 1, len(parts)):
        before = parts[k - 1]
        shifts[k] = float(t[before].max() + shifts[k - 1] + between - t[parts[k]].min())
    found, moved, shifted = t.astype(np.float64, copy=True), 0, []
    for k, part in enumerate(parts):
        if k == keeps or abs(shifts[k]) <= LONGEST_STEP_S:  # the clock was set and set back: it is the same one
            continue
        found[part] += shifts[k]
        moved += part.size
        low = -np.inf if t[part].min() < FIRST_WATCH else float(t[part].min()) - SURPLUS_S
        shifted.append((low, float(t[part].max()) + SET_BACK_S / 2, shifts[k]))
    largest = max(shifts, key=abs)
    return Joined(found, moved, largest, tuple(shifted))


def hundredfold(us: np.ndarray, absent: int) -> tuple[np.ndarray, bool]:
    """Times (in microseconds) of a converter that writes the first one a hundred times too large and the others as
    seconds since it, put right; and whether they were of that kind. `absent` stands for no time."""
    known = np.flatnonzero(us != absent)
    if known.size < 3:
        return us, False
    first, rest = us[known[0]], us[known[1:]]
    start = int(first / HUNDREDFOLD)
    future = TOO_LATE * 1e6
    counts_on = rest.min() >= 0 and rest.max() < 10 * DAY_S * 1e6
    if not (first > future and FIRST_WATCH * 1e6 <= start < future and counts_on):
        return us, False
    found = us.copy()
    found[known] = start + np.concatenate(([0], rest))
    return found, True


HUNDREDFOLD_NOTE = (
    "the first time stamp was a hundred times too large and the others counted from it, a known fault of a converter; "
    "the start was taken from it"
)
