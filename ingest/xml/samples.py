"""Columns of track points to the sample table of an activity, with every refused value flagged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from steadymile.ingest.clocks import Joined, join
from steadymile.ingest.xml.columns import Columns
from steadymile.ingest.xml.sports import steps_per_minute
from steadymile.ingest.xml.times import NO_TIME
from steadymile.models.recording import SAMPLES, Flag

EARLIEST_US = 631_152_000_000_000  # 1990: before it no watch recorded
LATEST_US = 4_102_444_800_000_000  # 2100
STORED_US = 7_258_118_400_000_000  # 2200: a clock that is wrong by more cannot be stored
APART_US = 15 * 86_400_000_000  # further from the track's middle than any activity lasts
FEWEST_TIMES = 10
ALTITUDE_LIMIT_M = 100_000.0


@dataclass(frozen=True, slots=True)
class Track:
    """Raw columns of one activity's points in file order, NaN where a point lacks one, None where the file does."""

    us: np.ndarray
    latitude: np.ndarray | None
    longitude: np.ndarray | None
    altitude: np.ndarray | None
    heart_rate: np.ndarray | None
    cadence: np.ndarray | None
    power: np.ndarray | None
    temperature: np.ndarray | None
    speed: np.ndarray | None
    distance: np.ndarray | None


def track_of(columns: Columns, us: np.ndarray, where: np.ndarray) -> Track:
    """The columns of the points numbered `where`; `us` the times of all points of the file."""
    rows = slice(int(where[0]), int(where[0]) + len(where)) if (np.diff(where) == 1).all() else where

    def take(name: str) -> np.ndarray | None:
        return columns.numbers(name)[rows] if columns.has(name) else None

    return Track(
        us=us[rows],
        latitude=take("lat"),
        longitude=take("lon"),
        altitude=take("ele"),
        heart_rate=take("hr"),
        cadence=take("cad"),
        power=take("power"),
        temperature=take("temp"),
        speed=take("speed"),
        distance=take("distance"),
    )


@dataclass(frozen=True, slots=True)
class Sampled:
    """Samples, their start, which points were kept, what happened to the others, and to the clock."""

    samples: pl.DataFrame
    started_at: datetime
    kept: np.ndarray
    notes: tuple[str, ...]
    clock: Joined | None = None


def moment(us: int) -> datetime:
    """UTC time of microseconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(us))


def sane_times(us: np.ndarray) -> np.ndarray:
    """Which points have a time that a recording can have: between 1990 and 2100, and near the middle of its track.
    Where none has, but the times count on as a clock does that was never set, they are those of that clock."""
    sane = (us >= EARLIEST_US) & (us < LATEST_US)
    if not sane.any():
        sane = (us >= 0) & (us < STORED_US)
        if len(np.unique(us[sane])) < FEWEST_TIMES:
            return np.zeros(len(us), bool)
    times = us[sane]
    if len(times) and times.max() - times.min() > APART_US:
        low, high = np.percentile(times, (10, 90), method="nearest")
        if high - low > APART_US:
            return sane  # no stray times, but most of them: the door says what is wrong
        middle = np.percentile(times, 50, method="lower")  # a time of the track, so one point is always kept
        sane &= np.abs(us - middle) <= APART_US
    return sane


MINUTE_US = 60_000_000
FEWEST_IN_MINUTES = 3


def within_minutes(us: np.ndarray) -> np.ndarray:
    """Times that were cut off to whole minutes, spread over their minutes: several points cannot have been recorded
    in one instant. A minute that began or ended in the middle holds as many as its share. Others stay as they are."""
    timed = us != NO_TIME
    t = us[timed]
    if t.size < FEWEST_IN_MINUTES or (t % MINUTE_US).any() or (np.diff(t) < 0).any():
        return us
    _, first, group, counts = np.unique(t, return_index=True, return_inverse=True, return_counts=True)
    inner = counts[1:-1]
    if inner.size < FEWEST_IN_MINUTES or (usual := float(np.median(inner))) < 2.0:
        return us
    room = np.maximum(counts, usual)
    place = np.arange(t.size) - first[group] + np.where(group == 0, room[0] - counts[0], 0.0)
    found = us.copy()
    found[timed] = t + (place / room[group] * MINUTE_US).astype(np.int64)
    return found


def one_clock(track: Track) -> tuple[np.ndarray, Joined | None]:
    """The times of a track's points on one clock, and what was done for that."""
    timed = np.flatnonzero(track.us != NO_TIME)
    if len(timed) < 3:
        return track.us, None
    latitude, longitude = (None if place is None else place[timed] for place in (track.latitude, track.longitude))
    clock = join(track.us[timed] / 1e6, latitude, longitude)
    if not clock.moved:
        return track.us, None
    us = track.us.copy()
    us[timed] = np.rint(clock.t * 1e6).astype(np.int64)
    return us, clock


def sampled(track: Track, sport: str, started_us: int | None = None) -> Sampled | None:
    """The sample table of a track, None where no point has a usable time."""
    timed = track.us != NO_TIME
    track = replace(track, us=within_minutes(track.us))
    times, clock = one_clock(track)
    kept = timed & sane_times(times)
    if not kept.any():
        return None
    notes: list[str] = []
    if (~timed).any():
        notes.append(f"{int((~timed).sum()):,} points without a time were left out")
    if absurd := int((timed & ~kept).sum()):
        notes.append(f"{absurd:,} points with an impossible time were left out ({Flag.TIME_ABSURD.name})")
    rows = slice(None) if kept.all() else kept
    us = times[rows]
    start = int(us.min()) if started_us is None else min(started_us, int(us.min()))
    flags = np.zeros(len(us), np.int32)
    latitude, longitude = _positions(track, rows, flags)

    def valid(values: np.ndarray | None, low: float, high: float, flag: Flag = Flag.VALUE_INVALID) -> np.ndarray | None:
        return None if values is None else _valid(values[rows], flags, low, high, flag)

    cadence = valid(track.cadence, 0.0, 1_000.0)
    if cadence is not None and steps_per_minute(cadence, sport):
        cadence = cadence * 2.0
        notes.append("cadence counts one foot and was doubled")
    columns = {
        "t_s": (us - start) / 1e6,
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "altitude_m": valid(track.altitude, -ALTITUDE_LIMIT_M, ALTITUDE_LIMIT_M),
        "distance_m": valid(track.distance, 0.0, 1e7),
        "speed_m_s": valid(track.speed, 0.0, 1e4),
        "heart_rate_bpm": valid(track.heart_rate, 0.0, 1e4, Flag.HR_INVALID),
        "cadence_spm": cadence,
        "power_w": valid(track.power, 0.0, 1e5),
        "temperature_c": valid(track.temperature, -100.0, 200.0),
    }
    # Made series by series: a dictionary of arrays would start a thread pool for every file.
    frame = pl.DataFrame(
        [
            pl.Series("time", us, pl.Int64).cast(SAMPLES["time"]),
            *(_series(name, values, len(us)) for name, values in columns.items()),
            pl.Series("flags", flags),
        ]
    )
    return Sampled(frame, moment(start), kept, tuple(notes), clock)


def _series(name: str, values: np.ndarray | None, n: int) -> pl.Series:
    if values is None:
        return pl.Series(name, [None], pl.Float64).new_from_index(0, n)
    return pl.Series(name, values, nan_to_null=True)


def _positions(
    track: Track, rows: slice | np.ndarray, flags: np.ndarray
) -> tuple[np.ndarray | None, np.ndarray | None]:
    if track.latitude is None or track.longitude is None:
        return None, None
    latitude, longitude = track.latitude[rows], track.longitude[rows]
    with np.errstate(invalid="ignore"):
        good = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180) & ~((latitude == 0) & (longitude == 0))
    if good.all():
        return latitude, longitude
    flags[~good & ~(np.isnan(latitude) & np.isnan(longitude))] |= Flag.POSITION_INVALID
    return np.where(good, latitude, np.nan), np.where(good, longitude, np.nan)


def _valid(
    values: np.ndarray, flags: np.ndarray, low: float, high: float, flag: Flag = Flag.VALUE_INVALID
) -> np.ndarray:
    """Values outside a range that no body or road knows become NaN, flagged; an absent value is no fault."""
    with np.errstate(invalid="ignore"):
        bad = (values < low) | (values > high)
    if not bad.any():
        return values
    flags[bad] |= flag
    return np.where(bad, np.nan, values)
