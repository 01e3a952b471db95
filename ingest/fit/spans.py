"""The records and sessions of one part of a FIT file, each at its place on one clock."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from steadymile.ingest.clocks import Joined, join
from steadymile.ingest.fit.protocol.columns import Part, Table
from steadymile.ingest.fit.protocol.types import EPOCH_S

SEMICIRCLE_DEG = 180.0 / 2**31
MOST_LATE_S = 600
_DAY_S = 86_400
_SEAM_S, _SEAM, _FILLED, _MOST = 60.0, 0.05, 0.8, 200
"""A session is the sum of others where they lie in it to so many seconds, or so much of it, one after another, and fill
so much of it."""


@dataclass(slots=True)
class Records:
    """The record messages of one part that have a time, in file order. `t` FIT time in seconds, on one clock; `clock`
    what was done for that."""

    t: np.ndarray
    rows: np.ndarray
    table: Table | None
    untimed: int
    clock: Joined | None = None

    def real(self, times: np.ndarray) -> np.ndarray:
        """Times of other messages of the part as the clock of most of its samples would have shown them."""
        return times if self.clock is None else self.clock.real(times + EPOCH_S) - EPOCH_S


@dataclass(slots=True)
class Span:
    """One session's place in time: FIT seconds, and its row in the session table (None: there was none)."""

    start: float
    end: float | None
    row: int | None


def records_of(part: Part) -> Records:
    """The record messages of a part, on one clock."""
    table = part.table(20)
    if table is None:
        return Records(np.empty(0), np.empty(0, np.int64), None, 0)
    t = table.numbers(253)
    rows = np.flatnonzero(~np.isnan(t))
    found = Records(t[rows], rows, table, len(t) - len(rows))
    latitude, longitude = (table.numbers(name)[rows] * SEMICIRCLE_DEG for name in ("position_lat", "position_long"))
    clock = join(found.t + EPOCH_S, latitude, longitude, _elapsed(part))
    if clock.moved:
        found.clock, found.t = clock, clock.t - EPOCH_S
    return found


def _elapsed(part: Part) -> float | None:
    """The length of the part's only session; None where it has several, or says none."""
    table = part.table(18)
    if table is None or len(table) != 1:
        return None
    elapsed = float(table.numbers("total_elapsed_time", "total_timer_time")[0])
    return elapsed if np.isfinite(elapsed) and elapsed > 0 else None


def spans_of(part: Part, records: Records, notes: list[str]) -> list[Span]:
    """Its sessions in order of time; where none was written, the one that laps or records show."""
    table = part.table(18)
    found: list[Span] = []
    if table is not None:
        elapsed = table.numbers("total_elapsed_time", "total_timer_time")
        stamp = records.real(table.numbers(253))
        start = records.real(table.numbers("start_time"))
        start = np.where(np.isnan(start), stamp - np.nan_to_num(elapsed), start)
        for row in _told_once(table, start, elapsed):
            begin = float(start[row])
            if np.isnan(begin):
                other = float(records.t[0]) if len(records.t) else _any_time(part)
                if other is None:
                    continue
                begin = other
            end = None if np.isnan(elapsed[row]) else begin + float(elapsed[row])
            found.append(Span(begin, end, row))
    if not found and len(records.t):
        found = [Span(float(records.t[0]), float(records.t.max()), None)]
    if not found and (lap := _whole_of_laps(part)) is not None:
        found = [lap]
    if not found and records.untimed and (begun := _any_time(part)) is not None:
        found = [Span(begun, None, None)]
    if len(found) == 1 and (begun := _elsewhere(found[0], records.t)) is not None:
        notes.append("the session's own time is not that of its samples; theirs was believed")
        found[0].end = None if found[0].end is None else begun + found[0].end - found[0].start
        found[0].start = begun
    return _without_sums(sorted(found, key=lambda s: s.start), notes)


def _without_sums(sessions: list[Span], notes: list[str]) -> list[Span]:
    """The sessions without those that only add up several others of the file, as of a whole triathlon."""
    if not 3 <= len(sessions) <= _MOST:
        return sessions
    sums = [whole for whole in sessions if whole.end is not None and _adds_up(whole, sessions)]
    if sums:
        notes.append("a session that only adds up others of the file was left out: its parts count")
    return [session for session in sessions if not any(session is whole for whole in sums)]


def _adds_up(whole: Span, sessions: Sequence[Span]) -> bool:
    end = whole.end or whole.start
    seam = min(_SEAM_S, _SEAM * (end - whole.start))
    parts = [
        (s.start, s.end)
        for s in sessions
        if s is not whole and s.end is not None and whole.start - seam <= s.start < s.end <= end + seam
    ]
    if len(parts) < 2 or any(a[1] > b[0] + seam for a, b in itertools.pairwise(parts)):
        return False
    return sum(stop - start for start, stop in parts) >= _FILLED * (end - whole.start)


def _told_once(table: Table, start: np.ndarray, elapsed: np.ndarray) -> list[int]:
    """Rows of the session table without those that repeat an earlier one."""
    kind, distance = table.numbers("sport"), table.numbers("total_distance")
    told: dict[tuple[float, ...], int] = {}
    for row in range(len(table)):
        told.setdefault(tuple(np.nan_to_num(c[row], nan=-1.0) for c in (start, elapsed, kind, distance)), row)
    return list(told.values())


def _elsewhere(session: Span, t: np.ndarray) -> float | None:
    """When the samples begin, where none of them lies in the session (a start in local time, a clock set later)."""
    end = session.end if session.end is not None else session.start
    if not len(t) or ((t >= session.start - MOST_LATE_S) & (t <= end + MOST_LATE_S)).any():
        return None
    return float(t[np.abs(t - np.median(t)) < _DAY_S].min(initial=float(np.median(t))))


def _whole_of_laps(part: Part) -> Span | None:
    """A session that was never written, from its laps."""
    table = part.table(19)
    if table is None:
        return None
    begin, end = lap_times(table)
    known = ~np.isnan(begin) & ~np.isnan(end)
    return Span(float(begin[known].min()), float(end[known].max()), None) if known.any() else None


def lap_times(table: Table) -> tuple[np.ndarray, np.ndarray]:
    """FIT times at which laps began and ended."""
    elapsed, begin = table.numbers("total_elapsed_time", "total_timer_time"), table.numbers("start_time")
    begin = np.where(np.isnan(begin), table.numbers(253) - np.nan_to_num(elapsed), begin)
    return begin, begin + np.nan_to_num(elapsed)


def _any_time(part: Part) -> float | None:
    """When the recording was made or written, where neither sessions nor samples say."""
    for number, name in ((34, "timestamp"), (0, "time_created")):
        table = part.table(number)
        values = table.numbers(name) if table is not None else np.empty(0)
        known = values[~np.isnan(values)]
        if len(known):
            return float(known[0])
    return None


def shares_of(sessions: Sequence[Span], t: np.ndarray) -> np.ndarray:
    """For each record the session it belongs to: the last one that had begun, the first for what came before."""
    if len(sessions) <= 1:
        return np.zeros(len(t), np.int64)
    starts = np.array([s.start for s in sessions])
    share = np.clip(np.searchsorted(starts, t, side="right") - 1, 0, None)
    # Of sessions that begin together the longest takes the samples (a summary of a whole day beside its parts).
    for place in range(len(sessions) - 1):
        if starts[place] == starts[place + 1] and (sessions[place].end or 0.0) > (sessions[place + 1].end or 0.0):
            share[share == place + 1] = place
    return share
