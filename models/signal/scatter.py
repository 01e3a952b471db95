"""Places that scatter from second to second as no receiver's do, and the way through them."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from steadymile.models.signal.outliers import haversine_m
from steadymile.models.signal.series import Bools, Floats, Ints
from steadymile.models.units import EARTH_RADIUS_M

LEAST_M, MOST_LONGER = 0.45, 0.03
"""Places that scatter by more than the first, and lengthen the way by more than the second, are not what receivers
write, which filter: of 524 recordings of the corpus none scatters by more than 0.41 m, and of 440 on foot none makes
the way longer by more than 2.5 %, no run by more than 1.5 % (design values)."""
COARSE_S, STANDING_M_S = 30.0, 0.5
REACH = 6.0
"""Two places are apart by no more than so many times the scatter without having moved: four of its deviations."""
LONGEST_STEP_S, FEWEST = 2.0, 100
EXCESS, SLOWEST_M_S, FASTEST_M_S, APART_S = 0.003, 1.0, 4.0, 5.0
RAYLEIGH_MEDIAN = float(np.sqrt(2.0 * np.log(2.0)))
THIRD_DIFFERENCE = float(np.sqrt(20.0))
"""The standard deviation of the third difference of white noise is this many times its own."""


class Scatter(NamedTuple):
    """How far places scatter along one axis, in metres, and the usual speed of going on, in m/s."""

    sd_m: float
    speed_m_s: float


def scattering(latitude_deg: Floats, longitude_deg: Floats, t_s: Floats) -> Scatter | None:
    """The scatter of places that are all known, where it lengthens the way more than a receiver's does; else None."""
    sd_m = scatter_m(latitude_deg, longitude_deg, t_s)
    if sd_m is None or sd_m <= LEAST_M:
        return None
    _, at = np.unique(np.floor(t_s / COARSE_S), return_index=True)
    chord_m = haversine_m(latitude_deg[at[:-1]], longitude_deg[at[:-1]], latitude_deg[at[1:]], longitude_deg[at[1:]])
    # What half a minute's places are apart by their scatter alone is no going on.
    speed = np.sqrt(np.maximum(chord_m**2 - (2.0 * sd_m) ** 2, 0.0)) / np.maximum(np.diff(t_s[at]), 1.0)
    goes = speed[speed > STANDING_M_S]
    usual = float(np.median(goes)) if goes.size else STANDING_M_S
    step_m = usual * max(float(np.median(np.diff(t_s))), 0.1)
    return Scatter(sd_m, usual) if sd_m**2 > MOST_LONGER * step_m**2 else None


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
    latitude_deg: Floats, longitude_deg: Floats, t_s: Floats, apart: Bools, scatter: Scatter
) -> tuple[Floats, Floats]:
    """(latitude, longitude) by a Gaussian just wide enough that scatter lengthens the way at a usual speed by no more
    than EXCESS. `apart` marks steps that nobody travelled; neither they nor gaps are smoothed over.

    A step between means under a Gaussian of n samples errs by scatter / sqrt(2 sqrt(pi) n^3) along each axis, and the
    error across the way lengthens it by half its square over the square of the step.
    """
    dt = float(np.median(np.diff(t_s)))
    step_m = float(np.clip(scatter.speed_m_s, SLOWEST_M_S, FASTEST_M_S)) * max(dt, 0.1)
    width = max(1.0, (scatter.sd_m**2 / (8.0 * np.sqrt(np.pi) * EXCESS * step_m**2)) ** (1 / 3))
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
