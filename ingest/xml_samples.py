"""Columns of track points to the sample table of an activity, with every refused value flagged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from ingest.xml_sports import steps_per_minute
from ingest.xml_times import NO_TIME
from models.activity import SAMPLES, Flag

EARLIEST_US = 631_152_000_000_000  # 1990: before it no watch recorded
LATEST_US = 4_102_444_800_000_000  # 2100
APART_US = 15 * 86_400_000_000  # further from the track's middle than any activity lasts
ALTITUDE_LIMIT_M = 100_000.0


@dataclass(frozen=True, slots=True)
class Track:
    """Raw columns of one activity's points in file order; what a file lacks is all NaN."""

    us: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    altitude: np.ndarray
    heart_rate: np.ndarray
    cadence: np.ndarray
    power: np.ndarray
    temperature: np.ndarray
    speed: np.ndarray
    distance: np.ndarray


@dataclass(frozen=True, slots=True)
class Sampled:
    """Samples, their start, which points were kept, and what happened to the others."""

    samples: pl.DataFrame
    started_at: datetime
    kept: np.ndarray
    notes: tuple[str, ...]


def moment(us: int) -> datetime:
    """UTC time of microseconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(us))


def sane_times(us: np.ndarray) -> np.ndarray:
    """Which points have a time that a recording can have: between 1990 and 2100, and near the middle of its track."""
    sane = (us >= EARLIEST_US) & (us < LATEST_US)
    if sane.any():
        sane &= np.abs(us - np.median(us[sane])) <= APART_US
    return sane


def sampled(track: Track, sport: str, started_us: int | None = None) -> Sampled | None:
    """The sample table of a track, None where no point has a usable time."""
    timed = track.us != NO_TIME
    kept = timed & sane_times(track.us)
    if not kept.any():
        return None
    notes = []
    if (~timed).any():
        notes.append(f"{int((~timed).sum()):,} points without a time were left out")
    if absurd := int((timed & ~kept).sum()):
        notes.append(f"{absurd:,} points with an impossible time were left out ({Flag.TIME_ABSURD.name})")
    us = track.us[kept]
    start = int(us.min()) if started_us is None else min(started_us, int(us.min()))
    flags = np.zeros(len(us), np.int32)
    latitude, longitude = _positions(track.latitude[kept], track.longitude[kept], flags)
    cadence = _valid(track.cadence[kept], flags, 0.0, 1_000.0)
    if steps_per_minute(cadence[np.isfinite(cadence)].tolist(), sport):
        cadence = cadence * 2.0
        notes.append("cadence counts one foot and was doubled")
    columns = {
        "time": pl.Series(us, dtype=pl.Int64).cast(pl.Datetime("us", "UTC")),
        "t_s": (us - start) / 1e6,
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "altitude_m": _valid(track.altitude[kept], flags, -ALTITUDE_LIMIT_M, ALTITUDE_LIMIT_M),
        "distance_m": _valid(track.distance[kept], flags, 0.0, 1e7),
        "speed_m_s": _valid(track.speed[kept], flags, 0.0, 1e4),
        "heart_rate_bpm": _valid(track.heart_rate[kept], flags, 0.0, 1e4, Flag.HR_INVALID),
        "cadence_spm": cadence,
        "power_w": _valid(track.power[kept], flags, 0.0, 1e5),
        "temperature_c": _valid(track.temperature[kept], flags, -100.0, 200.0),
        "flags": flags,
    }
    frame = pl.DataFrame(columns, schema=SAMPLES, nan_to_null=True)
    return Sampled(frame, moment(start), kept, tuple(notes))


def _positions(latitude: np.ndarray, longitude: np.ndarray, flags: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(invalid="ignore"):
        good = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180) & ~((latitude == 0) & (longitude == 0))
    flags[~good & ~(np.isnan(latitude) & np.isnan(longitude))] |= Flag.POSITION_INVALID
    return np.where(good, latitude, np.nan), np.where(good, longitude, np.nan)


def _valid(
    values: np.ndarray, flags: np.ndarray, low: float, high: float, flag: Flag = Flag.VALUE_INVALID
) -> np.ndarray:
    """Values outside a range that no body or road knows become NaN, flagged; an absent value is no fault."""
    with np.errstate(invalid="ignore"):
        bad = (values < low) | (values > high)
    flags[bad] |= flag
    return np.where(bad, np.nan, values)
