"""How alike two recordings are at the same moments: in place, distance and heart rate."""

from __future__ import annotations

import numpy as np
import polars as pl
from steadymile.models.measured import Signature, nothing
from steadymile.models.units import EARTH_RADIUS_M

STEP_S = 30.0
"""Spacing of a signature: fine enough that straight lines between its points follow a run."""
SHIFT_TOLERANCE_S = 90.0  # two devices are rarely started in the same second
TRACK_MEDIAN_M, TRACK_P90_M = 15.0, 35.0  # same moment of the run after alignment, wrong clock
HEART_RATE_TOLERANCE_BPM = 4.0
ENOUGH = 8  # points of a signature in common: four minutes


def signature(samples: pl.DataFrame, step_s: float = STEP_S) -> Signature:
    """The signature of a sample table (see models/recording.py SAMPLES)."""
    if not samples.height:
        return Signature()
    t = samples["t_s"].to_numpy().astype(float)
    order = np.argsort(t, kind="stable")
    t = t[order]
    grid = np.arange(0.0, max(float(t[-1]), 0.0) + 1e-9, step_s)
    grid = grid[:2880]  # a day is enough to know a run by

    def at(name: str) -> np.ndarray:
        values = samples[name].to_numpy().astype(float)[order]
        known = np.isfinite(values)
        if known.sum() < 2:
            return np.full(len(grid), np.nan)
        found = np.interp(grid, t[known], values[known], left=np.nan, right=np.nan)
        after = np.clip(np.searchsorted(t[known], grid), 1, known.sum() - 1)
        gap = t[known][after] - t[known][after - 1]
        return np.where(gap <= 2 * step_s, found, np.nan)

    latitude, longitude = at("latitude_deg"), at("longitude_deg")
    distance = at("distance_m")
    if not np.isfinite(distance).any() and np.isfinite(latitude).any():
        step = _metres(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])
        distance = np.concatenate([[0.0], np.cumsum(np.nan_to_num(step))])
    return Signature(
        _rounded(latitude, 6), _rounded(longitude, 6), _rounded(distance, 1), _rounded(at("heart_rate_bpm"), 0)
    )


def _rounded(values: np.ndarray, digits: int) -> np.ndarray:
    if not np.isfinite(values).any():
        return nothing()
    return np.array([round(value, digits) for value in values.tolist()])


def _metres(lat1: np.ndarray, lon1: np.ndarray, lat2: np.ndarray, lon2: np.ndarray) -> np.ndarray:
    """Distance of near points on the sphere, by the flat approximation: right to a metre within a run."""
    east = (np.radians(lon2 - lon1) + np.pi) % (2 * np.pi) - np.pi
    north = np.radians(lat2 - lat1)
    east = east * np.cos(np.radians((lat1 + lat2) / 2))
    return EARTH_RADIUS_M * np.hypot(east, north)


def _at(values: np.ndarray, lag_s: float, n: int) -> np.ndarray:
    """A signature column read `lag_s` later, by straight lines."""
    if not len(values):
        return np.full(n, np.nan)
    x = np.arange(n) + lag_s / STEP_S
    low = np.floor(x).astype(int)
    inside = (low >= 0) & (low < len(values))
    left = values[np.clip(low, 0, len(values) - 1)]
    right = values[np.clip(low + 1, 0, len(values) - 1)]
    part = x - low
    return np.where(
        inside & ((low + 1 < len(values)) | (part < 1e-9)),
        np.where(part < 1e-9, left, left + part * (right - left)),
        np.nan,
    )


def gaps_m(a: Signature, b: Signature, lag_s: float) -> np.ndarray:
    """Metres between the two at the moments both know, `b` read `lag_s` after `a`."""
    n = len(a.latitude_deg)
    if not n or not b.latitude_deg.size:
        return np.empty(0)
    gaps = _metres(
        a.latitude_deg,
        a.longitude_deg,
        _at(b.latitude_deg, lag_s, n),
        _at(b.longitude_deg, lag_s, n),
    )
    return gaps[np.isfinite(gaps)]


def apart_m(a: Signature, b: Signature, shift_s: float) -> float | None:
    """Median metres between the two at the same moment of the clock; None where fewer than two moments tell."""
    gaps = gaps_m(a, b, -shift_s)
    return float(np.median(gaps)) if len(gaps) >= 2 else None


def same_course(a: Signature, b: Signature) -> str | None:
    """Evidence that two recordings with different clocks are one run, None where it does not suffice.

    Everyday rounds look alike; one run told twice is alike to the metre all along, and in its heart rate. So place
    and time must agree throughout after at most 90 s of alignment; without places, distance and heart rate must.
    """
    lags = np.arange(-SHIFT_TOLERANCE_S, SHIFT_TOLERANCE_S + 1, 5.0)
    tracks = [(gaps, lag) for lag in lags if len(gaps := gaps_m(a, b, lag)) >= ENOUGH]
    if tracks:
        gaps, lag = min(tracks, key=lambda pair: float(np.percentile(pair[0], 90)))
        median, p90 = float(np.median(gaps)), float(np.percentile(gaps, 90))
        moved = _extent_m(a) > 200
        if not moved or median > TRACK_MEDIAN_M or p90 > TRACK_P90_M or _hearts_differ(a, b, float(lag)):
            return None
        return f"{median:.0f} m apart at the same second of the run"
    if a.latitude_deg.size and b.latitude_deg.size:
        return None
    return _same_effort(a, b)


def _extent_m(a: Signature) -> float:
    latitude, longitude = a.latitude_deg, a.longitude_deg
    if not np.isfinite(latitude).any():
        return 0.0
    return float(np.nanmax(_metres(np.nanmedian(latitude), np.nanmedian(longitude), latitude, longitude)))


def heart_gap(a: Signature, b: Signature, lag_s: float) -> float | None:
    """Median bpm between the two at the moments both know, `b` read `lag_s` after `a`; None where too few do."""
    if not a.heart_rate_bpm.size or not b.heart_rate_bpm.size:
        return None
    first = a.heart_rate_bpm
    gaps = np.abs(first - _at(b.heart_rate_bpm, lag_s, len(first)))
    gaps = gaps[np.isfinite(gaps)]
    return float(np.median(gaps)) if len(gaps) >= ENOUGH else None


def _hearts_differ(a: Signature, b: Signature, lag_s: float) -> bool:
    gap = heart_gap(a, b, lag_s)
    return gap is not None and gap > HEART_RATE_TOLERANCE_BPM


def _same_effort(a: Signature, b: Signature) -> str | None:
    """Without places: minute by minute the same distance and the same heart rate, which two efforts never have."""
    n = min(len(a.distance_m), len(b.distance_m))
    if n < ENOUGH:
        return None
    gaps = np.abs(a.distance_m[:n] - b.distance_m[:n])
    gaps = gaps[np.isfinite(gaps)]
    heart = heart_gap(a, b, 0.0)
    if len(gaps) < ENOUGH or float(np.percentile(gaps, 90)) > 10.0 or heart is None or heart > 1.0:
        return None
    return "the same distance and heart rate minute by minute"
