"""Climb and descent from a noisy altitude: turning points with a threshold, and how far they can be trusted.

Source inference, parameters and the bias of the pipeline on synthetic noise stand in docs/science.md, section 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from steadymile.models.signal.series import (
    Bools,
    Floats,
    Pieces,
    median_of_five,
    robust_sd,
    rolling_mean,
    rolling_mean_nearest,
)

NOISY_SIGMA_M = 0.40
HIGH_FREQUENCY_WINDOW = 11
CATCH_UP_M, CATCH_UP_S = 15.0, 10.0


@dataclass(frozen=True, slots=True)
class Method:
    """How one kind of altitude is treated: smoothing window in seconds, reversal threshold, and what the standard
    deviation of a gain is made of: a least amount, a share of the gain, and half of what would no longer be counted
    with `doubt_m` as the threshold, which is as good a choice for this kind of altitude."""

    source: str
    window: int
    threshold_m: float
    sd_floor_m: float
    sd_share: float
    doubt_m: float


BAROMETRIC = Method("barometric", 11, 2.0, 3.0, 0.05, 4.0)
BAROMETRIC_NOISY = Method("barometric_noisy", 21, 3.0, 8.0, 0.08, 6.0)
SMOOTH = Method("barometric", 11, 2.0, 15.0, 0.10, 6.0)
"""Of a device that nobody knows: its height is a barometer's by its noise, or a phone's that was smoothed. So it is as
sure of small climbs as a receiver and no surer."""
GPS_SMOOTH = Method("gps", 11, 3.0, 15.0, 0.30, 6.0)
GPS = Method("gps", 31, 6.0, 15.0, 0.30, 12.0)


@dataclass(frozen=True, slots=True)
class Climb:
    """Gain and loss in metres with their standard deviations, and the source they rest on."""

    gain_m: float
    loss_m: float
    gain_sd_m: float
    loss_sd_m: float
    source: str


@dataclass(frozen=True, slots=True)
class Revisits:
    """How well the altitude agrees with itself where the same place was passed twice, a while apart."""

    pairs: int = 0
    sd_m: float = float("nan")


def turning_points(z: Floats) -> Floats:
    """The local extremes of a series with both ends, without repeats: all that a zigzag can see."""
    if z.size < 2:
        return z
    z = z[np.concatenate(([True], z[1:] != z[:-1]))]
    if z.size < 3:
        return z
    rising = z[1:] > z[:-1]
    return z[np.concatenate(([True], rising[1:] != rising[:-1], [True]))]


def pivots(z: Floats, threshold_m: float) -> list[float]:
    """Heights at which the way turned by at least `threshold_m`, with both ends; empty where it never rose or fell by
    so much. A climb reaches from its lowest to its highest point, so rolling hills above the threshold lose nothing.
    """
    points = turning_points(np.asarray(z, dtype=np.float64)).tolist()
    if not points:
        return []
    found: list[float] = []
    high = low = points[0]
    direction = 0
    for x in points[1:]:
        if direction == 0:
            high, low = max(high, x), min(low, x)
            if x - low >= threshold_m:
                direction, high = 1, x
                found.append(low)
            elif high - x >= threshold_m:
                direction, low = -1, x
                found.append(high)
        elif direction > 0:
            if x > high:
                high = x
            elif high - x >= threshold_m:
                found.append(high)
                low, direction = x, -1
        elif x < low:
            low = x
        elif x - low >= threshold_m:
            found.append(low)
            high, direction = x, 1
    if direction:
        found.append(high if direction > 0 else low)
    return found


def zigzag(z: Floats, threshold_m: float) -> tuple[float, float]:
    """(gain, loss) in metres over turning points that reverse by at least `threshold_m`."""
    return _rise_and_fall(pivots(z, threshold_m))


def _rise_and_fall(heights: list[float]) -> tuple[float, float]:
    steps = [after - before for before, after in pairwise(heights)]
    return float(sum(x for x in steps if x > 0)), float(-sum(x for x in steps if x < 0))


def high_frequency_sigma_m(z: Floats, pieces: Pieces) -> float:
    """Robust sd of altitude about its 11-s mean: below 0.40 m a clean barometer, above it wind, or a receiver."""
    if z.size == 0:
        return 0.0
    return robust_sd(z - rolling_mean(z, pieces, HIGH_FREQUENCY_WINDOW))


def smooth(z: Floats, pieces: Pieces, window: int) -> Floats:
    """Median of five, then a centred mean of `window` seconds, each piece on its own."""
    return rolling_mean_nearest(median_of_five(z, pieces), pieces, window)


def not_climbed(t_s: Floats, z: Floats, broken: Bools, barometer: bool | None) -> list[tuple[float, float]]:
    """(before, after) times of the steps in altitude that are no way up or down.

    `broken` marks samples whose step from the one before is faster than anybody climbs, and stays. A receiver found
    itself anew. A barometer's own filter only lags and then catches up: up to 15 m within 10 s it was climbed before
    (a design value; in the recordings that show it each of nine steps goes on the way that the slope went).
    """
    at = np.flatnonzero(broken)
    known = np.flatnonzero(~np.isnan(z))
    if at.size == 0 or known.size == 0:
        return []
    before = known[np.maximum(np.searchsorted(known, at, side="left") - 1, 0)]
    caught_up = (np.abs(z[at] - z[before]) <= CATCH_UP_M) & (t_s[at] - t_s[before] <= CATCH_UP_S) & bool(barometer)
    return [(float(t_s[i]), float(t_s[j])) for i, j in zip(before[~caught_up], at[~caught_up])]


def join(z: Floats, pieces: Pieces) -> Floats:
    """The pieces put end to end: what happened between them, a lift or a drive, is taken out."""
    if z.size == 0:
        return z
    begins = np.flatnonzero(pieces.first == np.arange(z.size))[1:]
    lift = np.zeros(z.size)
    lift[begins] = z[begins] - z[begins - 1]
    return z - np.cumsum(lift)


def method_of(barometer: bool | None, sigma_m: float) -> Method:
    """What kind of altitude this is, from what is known of the device and from the noise of the signal itself.

    The noise decides where the device is not known: a receiver's height jumps by half a metre and more from second to
    second, a barometer's and what a program smoothed does not. Whether a route crosses itself decides nothing, so that
    a person's recordings of one device are all read alike.
    """
    if barometer:
        return BAROMETRIC if sigma_m <= NOISY_SIGMA_M else BAROMETRIC_NOISY
    if sigma_m > NOISY_SIGMA_M:
        return GPS
    return SMOOTH if barometer is None else GPS_SMOOTH


def climb(smoothed: Floats, method: Method, revisits: Revisits = Revisits()) -> Climb:
    """Gain and loss of a smoothed altitude with their standard deviations.

    The standard deviation is that of the method. The self-check can widen it where at least 30 places were passed
    twice: each counted climb ends at two heights, each as uncertain as a revisit says. It never narrows it, because
    an altitude that agrees with itself may still be wrong, and never more than doubles it.
    """
    turns = pivots(smoothed, method.threshold_m)
    gain, loss = _rise_and_fall(turns)
    least_gain, least_loss = zigzag(np.array(turns), method.doubt_m)

    def sd(total: float, least: float) -> float:
        stated = math.hypot(method.sd_floor_m, method.sd_share * total, 0.5 * (total - least))
        if revisits.pairs < 30:
            return stated
        climbs = max(1.0, total / (4.0 * method.threshold_m))
        return float(np.clip(revisits.sd_m * climbs**0.5, stated, 2.0 * stated))

    return Climb(gain, loss, sd(gain, least_gain), sd(loss, least_loss), method.source)


def revisits(
    latitude_deg: Floats, longitude_deg: Floats, z: Floats, t_s: Floats, cell_m: float = 12.0, apart_s: float = 120.0
) -> Revisits:
    """Self-check: heights of one place (12-m cells) passed at least 2 minutes apart should be equal."""
    every = slice(None, None, 3)
    lat, lon, z, t = latitude_deg[every], longitude_deg[every], z[every], t_s[every]
    good = ~(np.isnan(lat) | np.isnan(z))
    if np.count_nonzero(good) < 60:
        return Revisits()
    lat, lon, z, t = lat[good], lon[good], z[good], t[good]
    metres = 111_195.0
    y = np.floor(lat * metres / cell_m).astype(np.int64)
    x = np.floor(lon * metres * np.cos(np.radians(lat[0])) / cell_m).astype(np.int64)
    cell = y * 100_000_000 + x
    order = np.argsort(cell, kind="stable")
    cell, z, t = cell[order], z[order], t[order]
    again = (cell[1:] == cell[:-1]) & (t[1:] - t[:-1] > apart_s)
    difference = (z[1:] - z[:-1])[again]
    if difference.size < 10:
        return Revisits()
    # About zero, not about the median: a drift between the two passes is error too.
    return Revisits(int(difference.size), float(1.4826 * np.median(np.abs(difference))))


def grade(z: Floats, distance_m: Floats, half_window_m: float, limit: float) -> Floats:
    """Slope as rise over run across a centred window of distance, clipped to +-`limit` (science 2.3).

    `z` and `distance_m` are one joined series each; at the ends the window is what there is of it. Where the body
    stands for the whole recording the slope is unknown, and 0 is returned.
    """
    if z.size == 0:
        return z
    ahead = np.minimum(distance_m + half_window_m, distance_m[-1])
    behind = np.maximum(distance_m - half_window_m, distance_m[0])
    run = ahead - behind
    rise = np.interp(ahead, distance_m, z) - np.interp(behind, distance_m, z)
    slope = np.where(run >= half_window_m / 2, rise / np.maximum(run, 1.0), 0.0)
    return np.clip(slope, -limit, limit)


def pieces_of(valid: Bools, first: Bools) -> Pieces:
    """Pieces of the valid elements of a series whose pieces begin at `first`, counted among the valid alone."""
    index = np.flatnonzero(valid)
    if index.size == 0:
        return Pieces.from_starts(np.zeros(0, np.bool_))
    begun = np.cumsum(first)[index]
    starts = np.concatenate(([True], (np.diff(begun) > 0) | (np.diff(index) > 1)))
    return Pieces.from_starts(starts)


def isa_altitude_m(pressure_pa: float) -> float:
    """Height of a pressure in the international standard atmosphere (ISO 2533)."""
    return 44_330.77 * (1.0 - (pressure_pa / 101_325.0) ** 0.1902632)
