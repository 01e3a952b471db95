"""One-second cells: where the timer ran and samples exist, and what the samples say there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from steadymile.models.recording import Activity
from steadymile.models.signal.series import Bools, Floats, Ints

LONGEST_GAP_S = 60.0
LONGEST_SPARSE_GAP_S = 600.0

Timer = tuple[tuple[float, float], ...]


def trusted_timer(t_s: Floats, activity: Activity) -> Timer | None:
    """The timer's stretches, unless the device's own total says that they cannot be right and the samples can."""
    timer = activity.timer
    if not timer or t_s.size == 0:
        return None
    inside = sum(np.count_nonzero((t_s >= a - 1.0) & (t_s <= b + 1.0)) for a, b in timer)
    if inside == 0:
        return None
    stored = activity.stored.timer_s
    if stored is None:
        return timer
    stated = sum(b - a for a, b in timer)
    steps = np.diff(t_s)
    recorded = float(steps[steps <= LONGEST_GAP_S].sum())
    wrong = abs(stated - stored) > max(5.0, 0.05 * stored)
    return None if wrong and abs(recorded - stored) < abs(stated - stored) else timer


def usual_steps_s(t_s: Floats, least_s: float, steps: float) -> float:
    """`steps` times the usual (median) spacing of samples, no less than `least_s`."""
    if t_s.size < 3:
        return least_s
    # Sparse recordings are rare, and a median is dear: most recordings show by their mean that they are dense.
    if float(t_s[-1] - t_s[0]) <= 0.5 * least_s / steps * (t_s.size - 1):
        return least_s
    return max(steps * float(np.median(np.diff(t_s))), least_s)


def gap_limit_s(t_s: Floats) -> float:
    """The longest gap that is bridged: 60 s, or three times the usual spacing of a recording that is sparse itself."""
    return min(usual_steps_s(t_s, LONGEST_GAP_S, 3.0), LONGEST_SPARSE_GAP_S)


def cells(
    t_s: Floats, timer: Timer | None, longest_gap_s: float, joined: Bools | None = None, paused: Bools | None = None
) -> tuple[Floats, Floats, Bools]:
    """(start, length, begins a piece) of the 1-s cells of all stretches with samples and a running timer.

    A gap longer than `longest_gap_s` parts two pieces, except before samples that `joined` marks; so do the steps
    between samples that `paused` marks."""
    empty = np.zeros(0)
    if t_s.size < 2:
        return empty, empty, np.zeros(0, np.bool_)
    gap = np.diff(t_s) > longest_gap_s
    if joined is not None:
        gap &= ~joined[1:]
    if paused is not None:
        gap |= paused
    gaps = np.flatnonzero(gap)
    lows = np.concatenate(([0], gaps + 1))
    highs = np.append(gaps, t_s.size - 1)
    spans = [(float(t_s[a]), float(t_s[b])) for a, b in zip(lows, highs)]
    if timer:
        spans = [span for a, b in timer for span in _inside(t_s, spans, a - 1.0, b + 1.0)]
    spans = _without_overlap([s for s in spans if s[1] > s[0]])
    if not spans:
        return empty, empty, np.zeros(0, np.bool_)
    start = np.array([s[0] for s in spans])
    stop = np.array([s[1] for s in spans])
    count = np.maximum(np.ceil(stop - start - 1e-6), 1).astype(np.int64)
    piece_begin = np.concatenate(([0], np.cumsum(count)[:-1]))
    offset = np.arange(int(count.sum())) - np.repeat(piece_begin, count)
    begin = np.repeat(start, count) + offset
    length = np.minimum(1.0, np.repeat(stop, count) - begin)
    begins = np.zeros(begin.size, np.bool_)
    begins[piece_begin] = True
    return begin, length, begins


def _inside(t_s: Floats, spans: list[tuple[float, float]], low: float, high: float) -> list[tuple[float, float]]:
    """Spans cut to the samples between two times."""
    found = []
    for a, b in spans:
        if b < low or a > high:
            continue
        first = int(np.searchsorted(t_s, max(a, low), side="left"))
        last = int(np.searchsorted(t_s, min(b, high), side="right")) - 1
        if last > first:
            found.append((float(t_s[first]), float(t_s[last])))
    return found


def _without_overlap(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans in order of time, none beginning before the one before it has ended."""
    result: list[tuple[float, float]] = []
    for a, b in sorted(spans):
        a = max(a, result[-1][1]) if result else a
        if b > a:
            result.append((a, b))
    return result


@dataclass(frozen=True, slots=True)
class Sampler:
    """Reads columns of samples at the beginnings of cells.

    `before` is the index of the last sample at or before each cell, `exact` whether every cell begins on a sample.
    """

    t_s: Floats
    at: Floats
    before: Ints
    exact: bool

    @classmethod
    def of(cls, t_s: Floats, at: Floats) -> Sampler:
        """A reader of columns at times `t_s` for cells that begin at `at`."""
        if t_s.size == 0 or at.size == 0:
            return cls(t_s, at, np.zeros(0, np.int64), False)
        before = np.maximum(np.searchsorted(t_s, at, side="right") - 1, 0)
        return cls(t_s, at, before, bool((t_s[before] == at).all()))

    def read(self, values: Floats, longest_gap_s: float) -> Floats:
        """`values` at the cells, linearly between known readings no more than `longest_gap_s` apart, else NaN."""
        if self.at.size == 0 or self.t_s.size == 0:
            return np.full(self.at.size, np.nan)
        if self.exact:
            found = values[self.before]
            lacks = np.isnan(found)
            if not lacks.any() or lacks.all():
                return found
        known = ~np.isnan(values)
        if not known.any():
            return np.full(self.at.size, np.nan)
        t, v = (self.t_s, values) if known.all() else (self.t_s[known], values[known])
        result = np.interp(self.at, t, v, left=np.nan, right=np.nan)
        wide = np.diff(t) > longest_gap_s
        if wide.any():
            last = np.searchsorted(t, self.at, side="right") - 1
            between = (last >= 0) & (last < t.size - 1)
            last = np.clip(last, 0, t.size - 2)
            result[between & wide[last] & (self.at > t[last] + 1e-9)] = np.nan
        return result
