"""Readings that are not believed as they are: jumps, without trust in either side blindly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from steadymile.models.signal.series import Bools, Floats, Ints
from steadymile.models.units import EARTH_RADIUS_M

SHORT_S = 60.0
PAUSE_S = 10.0
SETTLING_S, SLIDE_S, SLID_M_S, SLID_FASTER = 90.0, 20.0, 5.0, 1.5
"""A receiver may begin far off and slide in. So early, so long and so fast, and so much faster than anything later, is
no sprint: of 464 recordings on foot of the corpus none goes on faster than 4.6 m/s for 20 s in its first 90 (design
values)."""

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


def sliding_in(t_s: Floats, latitude_deg: Floats, longitude_deg: Floats) -> int:
    """How many of the first places, all known, a receiver wrote while it slid to where it was; 0 for one that began
    there."""
    begins = int(np.searchsorted(t_s, t_s[0] + SETTLING_S - SLIDE_S, side="right")) if t_s.size else 0
    later, speed = _going_on(t_s, latitude_deg, longitude_deg, np.arange(begins))
    if not (speed > SLID_M_S).any():
        return 0
    rest = np.flatnonzero(t_s - t_s[0] > SETTLING_S)
    fastest = float(_going_on(t_s, latitude_deg, longitude_deg, rest)[1].max(initial=np.inf if not rest.size else 0.0))
    slid = np.flatnonzero(speed > max(SLID_M_S, SLID_FASTER * fastest))
    return int(later[slid[-1]]) if slid.size else 0


def _going_on(t_s: Floats, latitude_deg: Floats, longitude_deg: Floats, at: Ints) -> tuple[Ints, Floats]:
    """(index, speed in m/s) of going straight on for SLIDE_S from each of these places; 0 where nobody saw it."""
    later = np.searchsorted(t_s, t_s[at] + SLIDE_S)
    at, later = at[later < t_s.size], later[later < t_s.size]
    span_s = t_s[later] - t_s[at]
    chord_m = haversine_m(latitude_deg[at], longitude_deg[at], latitude_deg[later], longitude_deg[later])
    return later, np.where(span_s <= 1.5 * SLIDE_S, chord_m / np.maximum(span_s, 1.0), 0.0)


def haversine_m(latitude_1: Floats, longitude_1: Floats, latitude_2: Floats, longitude_2: Floats) -> Floats:
    """Great-circle distance in metres between places in degrees, on a sphere of 6,371,008.8 m (mean Earth radius)."""
    phi_1, phi_2 = np.radians(latitude_1), np.radians(latitude_2)
    half_phi = np.sin((phi_2 - phi_1) / 2)
    half_lambda = np.sin(np.radians(longitude_2 - longitude_1) / 2)
    a = half_phi**2 + np.cos(phi_1) * np.cos(phi_2) * half_lambda**2
    return 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(a, 0.0, 1.0)))


def along_places(placed: Ints, latitude_deg: Floats, longitude_deg: Floats) -> Floats:
    """The way so far in metres through the places of the samples `placed`, NaN at all others."""
    along = np.full(latitude_deg.size, np.nan)
    (lat_1, lat_2), (lon_1, lon_2) = ((x[placed[:-1]], x[placed[1:]]) for x in (latitude_deg, longitude_deg))
    along[placed] = np.concatenate(([0.0], np.cumsum(haversine_m(lat_1, lon_1, lat_2, lon_2))))
    return along
