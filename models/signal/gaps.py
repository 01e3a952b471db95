"""Gaps in a recording: time that was moved through unseen, and time in which the timer must have stood still.

A watch that saves its battery, or loses its satellites, writes no samples for minutes while the runner runs on. Such a
gap is no pause where the counter, or the place, moved on at a pace that fits what was done before and after it.
"""

from __future__ import annotations

import itertools

import numpy as np
from steadymile.models.signal.series import Bools, Floats

LONGEST_GAP_S = 900.0
"""Over longer gaps nobody can say what was done, whatever the mean pace, unless the timer's own events say that it ran
all the time (design value)."""
NEIGHBOUR_S, LEAST_BESIDE_S = 120.0, 20.0
MOST_UNSEEN = 0.5
"""Where more than this of the time is in gaps, what was recorded is no witness of what was not."""
SLOWEST_M_S = 0.8
"""Slower than this on average is standing, for a part of the gap at least."""
LEAST, MOST = 0.6, 1.4
"""Bounds of the pace in a gap, relative to the slower and the faster side of it. A straight line cuts corners, a rest
of half the time halves the pace (design values)."""
TIMER_TOLERANCE_S, TIMER_TOLERANCE = 5.0, 0.01

Stretches = tuple[tuple[float, float], ...] | None


def moved_through(t_s: Floats, along_m: Floats, timer: Stretches, longest_step_s: float) -> Bools:
    """True at samples before which more than `longest_step_s` went by unrecorded, and the runner moved on in it.

    `along_m` is the distance so far, NaN where unknown; `timer` the stretches in which the timer ran, None where the
    file does not say: then the pace alone decides, for nobody covers ground at a runner's pace in a pause.
    """
    found = np.zeros(t_s.size, np.bool_)
    if t_s.size < 3:
        return found
    gaps = np.flatnonzero(np.diff(t_s) > longest_step_s)
    if gaps.size == 0 or gaps.size > t_s.size / 2:
        return found
    known = ~np.isnan(along_m)
    if np.count_nonzero(known) < 3:
        return found
    along = along_m if known.all() else np.interp(t_s, t_s[known], along_m[known], left=np.nan, right=np.nan)
    first = np.concatenate(([0], gaps + 1))
    last = np.append(gaps, t_s.size - 1)
    for k, i in enumerate(gaps.tolist()):
        length = float(t_s[i + 1] - t_s[i])
        pace = float(along[i + 1] - along[i]) / length
        begun, ended = float(t_s[i]), float(t_s[i + 1])
        if (length > LONGEST_GAP_S and not _ran(begun, ended, timer)) or _stopped(begun, ended, timer):
            continue
        if not pace >= SLOWEST_M_S:
            continue
        sides = (
            (max(int(first[k]), int(np.searchsorted(t_s, t_s[i] - NEIGHBOUR_S))), i),
            (i + 1, min(int(last[k + 1]), int(np.searchsorted(t_s, t_s[i + 1] + NEIGHBOUR_S)))),
        )
        long = [(low, high) for low, high in sides if t_s[high] - t_s[low] >= LEAST_BESIDE_S]
        beside = [float((along[high] - along[low]) / (t_s[high] - t_s[low])) for low, high in long]
        beside = [speed for speed in beside if not np.isnan(speed)]
        if beside and LEAST * min(beside) <= pace <= MOST * max(beside):
            found[i + 1] = True
    unseen = float(np.diff(t_s)[found[1:]].sum())
    return found if unseen <= MOST_UNSEEN * float(t_s[-1] - t_s[0]) else np.zeros(t_s.size, np.bool_)


def _stopped(start: float, stop: float, timer: Stretches) -> bool:
    """Whether the timer stood still for more than 2 s between two times."""
    if not timer:
        return False
    return any(min(stop, again) - max(start, stopped) > 2.0 for (_, stopped), (again, _) in itertools.pairwise(timer))


def _ran(start: float, stop: float, timer: Stretches) -> bool:
    """Whether the timer's own events say that it ran from one time to another."""
    return any(begun <= start + 1.0 and stop <= ended + 1.0 for begun, ended in timer or ())


def pauses(t_s: Floats, along_m: Floats, recorded: Bools, timer_s: float) -> Bools:
    """Steps between samples (one less than samples) in which the timer must have stood still, by its stored total.

    `recorded` marks the steps that count as recorded. Where they add up to more than the timer ran, the slowest of the
    long ones among them were pauses; where these do not suffice, the samples are the better witness and none is.
    """
    step = np.diff(t_s)
    paused = np.zeros(step.size, np.bool_)
    surplus = float(step[recorded].sum()) - timer_s
    allowed = max(TIMER_TOLERANCE_S, TIMER_TOLERANCE * timer_s)
    if surplus <= allowed or step.size < 3:
        return paused
    usual = float(np.median(step[recorded])) if recorded.any() else 1.0
    long = np.flatnonzero(recorded & (step > 2.0 * usual + 0.5))
    if float(step[long].sum()) < surplus - allowed:
        return paused
    with np.errstate(invalid="ignore"):
        pace = np.nan_to_num(np.diff(along_m)[long] / step[long], nan=0.0)
    for i in long[np.argsort(pace, kind="stable")].tolist():
        if surplus <= usual:
            break
        paused[i] = True
        surplus -= float(step[i])
    return paused
