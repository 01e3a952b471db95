"""Readings that are not believed as they are: jumps, without trust in either side blindly, and places that scatter."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from steadymile.models.signal.series import Bools, Floats, Ints
from steadymile.models.units import EARTH_RADIUS_M

SHORT_S = 60.0
PAUSE_S = 10.0
SCATTERS_M = 0.8
"""Places that scatter by more are not what receivers write, which filter: of 533 recordings of the corpus none scatters
by more than 0.41 m (design value)."""
LONGEST_STEP_S, FEWEST = 2.0, 100
EXCESS, SLOWEST_M_S, FASTEST_M_S, APART_S = 0.003, 1.0, 4.0, 5.0
RAYLEIGH_MEDIAN = float(np.sqrt(2.0 * np.log(2.0)))
THIRD_DIFFERENCE = float(np.sqrt(20.0))
"""The standard deviation of the third difference of white noise is this many times its own."""

Step = Callable[[Ints, Ints], Floats]


def reject_jumps(t_s: Floats, valid: Bools, step: Step, limit_per_s: float) -> tuple[Bools, Bools]:
    """(rejected, broken) among the valid readings of a signal that can move at most `limit_per_s`.

    The signal is cut where it moves faster. A part shorter than a minute that does not fit the part before it is
    rejected; a longer one is believed, and the step into it is `broken`: it is not travel. After a pause of more than
    10 s both sides are believed. `step(i, j)` gives how far the signal is apart between samples i and j.
    """
    rejected = np.zeros(t_s.size, np.bool_)
    broken = np.zeros(t_s.size, np.bool_)
    index = np.flatnonzero(valid)
    if index.size < 2:
        return rejected, broken
    dt = np.diff(t_s[index])
    # Below a second the noise of one reading looks like speed.
    fast = step(index[:-1], index[1:]) > limit_per_s * np.maximum(dt, 1.0)
    if not fast.any():
        return rejected, broken
    broken[index[1:][fast & (dt > PAUSE_S)]] = True
    cuts = np.flatnonzero(fast & (dt <= PAUSE_S)) + 1
    if cuts.size == 0:
        return rejected, broken
    starts = np.concatenate(([0], cuts))
    stops = np.append(cuts, index.size)
    longest = int(np.argmax(t_s[index[stops - 1]] - t_s[index[starts]]))

    def walk(order: range, near: Ints, far: Ints) -> None:
        """From the longest part outwards: `near` are the ends that face it, `far` the ends that face away."""
        last = index[far[longest]]
        for k in order:
            here = index[near[k]]
            reach = limit_per_s * max(abs(t_s[here] - t_s[last]), 1.0)
            fits = bool(step(np.array([last]), np.array([here]))[0] <= reach)
            long = abs(t_s[index[far[k]]] - t_s[here]) >= SHORT_S
            if not fits and not long:
                rejected[index[starts[k] : stops[k]]] = True
                continue
            if not fits:
                broken[max(here, last)] = True
            last = index[far[k]]

    first, end = starts.astype(np.int64), (stops - 1).astype(np.int64)
    walk(range(longest + 1, starts.size), first, end)
    walk(range(longest - 1, -1, -1), end, first)
    return rejected, broken


def haversine_m(latitude_1: Floats, longitude_1: Floats, latitude_2: Floats, longitude_2: Floats) -> Floats:
    """Great-circle distance in metres between places in degrees, on a sphere of 6,371,008.8 m (mean Earth radius)."""
    phi_1, phi_2 = np.radians(latitude_1), np.radians(latitude_2)
    half_phi = np.sin((phi_2 - phi_1) / 2)
    half_lambda = np.sin(np.radians(longitude_2 - longitude_1) / 2)
    a = half_phi**2 + np.cos(phi_1) * np.cos(phi_2) * half_lambda**2
    return 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(a, 0.0, 1.0)))


def scatter_m(latitude_deg: Floats, longitude_deg: Floats, t_s: Floats) -> float | None:
    """Standard deviation of the white part of the error of places, in metres along one axis, by the median of third
    differences over even steps; None where fewer than FEWEST of these tell. Turns and speeding up hardly count in it,
    nor does an error that wanders."""
    if t_s.size < FEWEST + 3:
        return None
    north, east = _metres(latitude_deg, longitude_deg)
    dt = np.diff(t_s)
    even = (dt[:-2] <= LONGEST_STEP_S) & (np.abs(dt[1:-1] - dt[:-2]) < 0.1) & (np.abs(dt[2:] - dt[:-2]) < 0.1)
    if np.count_nonzero(even) < FEWEST:
        return None
    third = np.hypot(np.diff(north, 3)[even], np.diff(east, 3)[even])
    return float(np.median(third)) / (RAYLEIGH_MEDIAN * THIRD_DIFFERENCE)


def smoothed(
    latitude_deg: Floats, longitude_deg: Floats, t_s: Floats, apart: Bools, scatter: float, speed_m_s: float
) -> tuple[Floats, Floats]:
    """(latitude, longitude) by a Gaussian just wide enough that scatter lengthens the way at a usual speed by no more
    than EXCESS. `apart` marks steps that nobody travelled; neither they nor gaps are smoothed over.

    A step between means under a Gaussian of n samples errs by scatter / sqrt(2 sqrt(pi) n^3) along each axis, and the
    error across the way lengthens it by half its square over the square of the step.
    """
    dt = float(np.median(np.diff(t_s)))
    step_m = float(np.clip(speed_m_s, SLOWEST_M_S, FASTEST_M_S)) * max(dt, 0.1)
    width = max(1.0, (scatter**2 / (8.0 * np.sqrt(np.pi) * EXCESS * step_m**2)) ** (1 / 3))
    at = np.arange(-int(np.ceil(3 * width)), int(np.ceil(3 * width)) + 1)
    kernel = np.exp(-0.5 * (at / width) ** 2)
    kernel /= kernel.sum()
    edges = np.flatnonzero(apart | (np.diff(t_s) > APART_S)) + 1
    bounds = np.concatenate(([0], edges, [t_s.size]))
    return _under(latitude_deg, kernel, bounds), _under(np.unwrap(longitude_deg, period=360.0), kernel, bounds)


def _under(values: Floats, kernel: Floats, bounds: Ints) -> Floats:
    """Means under a kernel, piece by piece; a piece goes on beyond its ends as it came to them."""
    found = values.copy()
    for low, high in pairwise(bounds.tolist()):
        part = values[low:high]
        if part.size >= kernel.size:
            padded = np.pad(part, kernel.size // 2, mode="reflect", reflect_type="odd")
            found[low:high] = np.convolve(padded, kernel, mode="valid")
        elif part.size:
            line = np.linspace(0.0, 1.0, part.size)
            found[low:high] = part[0] + line * (part[-1] - part[0])
    return found


def _metres(latitude_deg: Floats, longitude_deg: Floats) -> tuple[Floats, Floats]:
    """(north, east) of the first place."""
    radians = EARTH_RADIUS_M * np.pi / 180.0
    east = (longitude_deg - longitude_deg[0] + 180.0) % 360.0 - 180.0
    return radians * (latitude_deg - latitude_deg[0]), radians * east * np.cos(np.radians(np.median(latitude_deg)))
