"""The one door: every number, time and text that a file brings is bounded here, whatever its format.

A value beyond its bounds becomes unknown, so that nothing behind the door meets a number that cannot be stored, a text
that cannot be written, or a session that lasts a century. Cleaning (models/signal) judges what is left.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import numpy as np
import polars as pl
from steadymile.ingest.checkins.values import RANGES as ANSWERS
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.models.recording import UNDATED, Activity, CheckIn, Device, Stored, Wellness

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Times that can be stored. Which of them a recording can have is another question (ingest/clocks.py)."""
EARLIEST_US, LATEST_US = (int(moment.timestamp()) * 1_000_000 for moment in (EARLIEST, LATEST))
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 1, 1)
LONGEST_S = 10 * 86_400.0
"""Longer than any session: six-day races are the longest that are run."""
MOST_LAPS = 5_000
MOST_BEATS = 2_000_000
TITLE_CHARACTERS, TEXT_CHARACTERS = 200, 2_000

Bounds = tuple[float, float]

SAMPLE_BOUNDS: Mapping[str, Bounds] = {
    "t_s": (-LONGEST_S, 10 * LONGEST_S),
    "latitude_deg": (-90.0, 90.0),
    "longitude_deg": (-180.0, 180.0),
    "altitude_m": (-1e5, 1e5),
    "distance_m": (-1e8, 1e8),
    "speed_m_s": (-1e4, 1e4),
    "heart_rate_bpm": (-1.0, 1e4),
    "cadence_spm": (-1.0, 1e4),
    "power_w": (-1e5, 1e5),
    "temperature_c": (-300.0, 300.0),
}
"""Far wider than what is believed, so that cleaning still sees and flags what is odd."""

TOTAL_BOUNDS: Mapping[str, Bounds] = {
    "distance_m": (0.0, 5e6),
    "elapsed_s": (0.0, LONGEST_S),
    "timer_s": (0.0, LONGEST_S),
    "moving_s": (0.0, LONGEST_S),
    "elevation_gain_m": (0.0, 1e5),
    "elevation_loss_m": (0.0, 1e5),
    "heart_rate_mean_bpm": (30.0, 230.0),
    "heart_rate_max_bpm": (30.0, 250.0),
    "calories_kcal": (0.0, 1e5),
    "vo2max_ml_kg_min": (10.0, 100.0),
    "aerobic_training_effect": (0.0, 5.0),
    "anaerobic_training_effect": (0.0, 5.0),
    "recovery_time_h": (0.0, 240.0),
    "performance_condition": (-20.0, 20.0),
}
"""Totals of a session or a lap, and a device's scores. A mean heart rate of 0 or 255 is the absence of one."""

READING_BOUNDS: Mapping[str, Bounds] = {
    "resting_heart_rate_bpm": (25.0, 150.0),
    "hrv_ln_rmssd": (0.0, 7.0),
    "sleep_h": (0.0, 24.0),
    "stress": (0.0, 100.0),
    "weight_kg": (20.0, 400.0),
    "steps": (0.0, 250_000.0),
    "respiration_brpm": (2.0, 100.0),
    "body_battery": (0.0, 100.0),
}

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"[\t\n\v\f\r]+")


def through(reading: Reading) -> Reading:
    """The reading with everything in it bounded. Raises Unreadable where no session of it has a time that can be."""
    activities, notes = [], []
    for activity in reading.activities:
        passed, why = _activity(activity)
        if passed is not None:
            activities.append(passed)
        if why:
            notes.append(why)
    wellness = tuple(w for w in map(_wellness, reading.wellness) if w is not None)
    checkins = tuple(c for c in map(_checkin, reading.checkins) if c is not None)
    if lost := len(reading.wellness) + len(reading.checkins) - len(wellness) - len(checkins):
        notes.append(f"{lost:,} readings of an impossible day or size were left out")
    if notes and reading.activities and not (activities or wellness or checkins):
        raise Unreadable(notes[0], "Export the session again from the app or watch that recorded it")
    return replace(
        reading,
        what=line(reading.what),
        activities=tuple(activities),
        wellness=wellness,
        checkins=checkins,
        salvaged=_words(reading.salvaged),
        ignored=_words(reading.ignored),
        notes=tuple(text(note) for note in dict.fromkeys([*reading.notes, *notes])),
    )


def line(value: str) -> str:
    """A text that can be stored and shown on one line: encodable, without control or direction characters, bounded."""
    return _SPACE.sub(" ", text(value))[:TITLE_CHARACTERS].strip()


def text(value: str) -> str:
    """The same of several lines."""
    if not value.isascii():
        value = value.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", value)[:TEXT_CHARACTERS]


def _words(value: str | None) -> str | None:
    return None if value is None else text(value)


def _name(value: Any) -> str | None:
    return None if value is None else line(str(value)) or None


def number(value: float | None, bounds: Bounds) -> float | None:
    """A finite number within its bounds, else None."""
    if value is None or not math.isfinite(value):
        return None
    return value if bounds[0] <= value <= bounds[1] else None


def totals(stored: Stored) -> Stored:
    """A device's totals, each possible and none against another: nothing elapses in less time than the timer ran."""
    given = {name: number(getattr(stored, name), bounds) for name, bounds in TOTAL_BOUNDS.items()}
    ran = max(given["timer_s"] or 0.0, given["moving_s"] or 0.0)
    if given["elapsed_s"] is not None and given["elapsed_s"] < 0.5 * ran:
        given["elapsed_s"] = None
    if given["timer_s"] == 0.0 and (given["distance_m"] or given["moving_s"]):
        given["timer_s"] = None
    return Stored(**given)


def _moment(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is None:
        return None
    return value if EARLIEST <= value < LATEST else None


def _activity(activity: Activity) -> tuple[Activity | None, str | None]:
    """The activity, or None with the reason."""
    samples, dropped = _samples(activity.samples)
    started = _moment(activity.started_at)
    if started is None:
        first = samples["time"].min() if samples.height else None
        if not isinstance(first, datetime):
            return None, "The session states a time that no calendar has, so it cannot be dated"
        started = first
    if samples.height and (why := _too_long(samples)):
        return None, why
    shift_s = (activity.started_at - started).total_seconds() if started != activity.started_at else 0.0
    stored = totals(activity.stored)
    notes = [text(note) for note in activity.notes[:100]]
    if dropped:
        notes.append(f"{dropped:,} samples of an impossible time were left out")
    rr_s = activity.rr_s
    return replace(
        activity,
        started_at=started,
        sport=line(activity.sport) or "unknown",
        sub_sport=_name(activity.sub_sport),
        samples=samples if not shift_s else samples.with_columns(pl.col("t_s") + shift_s),
        title=_name(activity.title),
        workout=_name(activity.workout),
        device=_device(activity.device),
        laps=_laps(activity.laps),
        timer=_timer(activity.timer),
        stored=stored,
        rpe=number(activity.rpe, (0.0, 10.0)),
        feel=number(activity.feel, (0.0, 100.0)),
        rr_s=None if rr_s is None else rr_s[:MOST_BEATS],
        utc_offset_s=None if number(activity.utc_offset_s, (-54_000, 54_000)) is None else activity.utc_offset_s,
        identity=_name(activity.identity),
        external_id=_name(activity.external_id),
        notes=tuple(notes),
    ), None


def _too_long(samples: pl.DataFrame) -> str | None:
    """Why the times are no recording's: they spread over more days than any session lasts."""
    first, last = samples["time"].min(), samples["time"].max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return None
    if (last - first).total_seconds() <= 0.9 * LONGEST_S:
        return None
    us = np.sort(samples["time"].drop_nulls().to_physical().to_numpy())
    # A few stray times are cleaning's to drop: the middle nine tenths decide.
    low, high = us[int(0.05 * (us.size - 1))], us[int(0.95 * (us.size - 1))]
    span_s = float(high - low) / 0.9e6
    if span_s <= LONGEST_S:
        return None
    return (
        f"Its {samples.height:,} points spread over {span_s / 86_400:.0f} days, which no session lasts: the times were "
        "made by a planner or a converter"
    )


def _samples(samples: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Samples whose numbers are finite and bounded, without those of an impossible time, and how many these were."""
    if not samples.height:
        return samples, 0
    mended = []
    for name, (low, high) in SAMPLE_BOUNDS.items():
        if name in samples.columns and not _inside(samples[name], low, high):
            mended.append(_bounded(name, low, high))
    if mended:
        samples = samples.with_columns(mended)
    times = samples["time"]
    if not times.null_count():
        every = times.to_numpy().view(np.int64)
        if every.min() >= EARLIEST_US and every.max() < LATEST_US:
            return samples, 0
    us = times.to_physical()
    kept = samples.filter(us.is_between(EARLIEST_US, LATEST_US, closed="left") | us.is_null())
    return kept, samples.height - kept.height


def _inside(column: pl.Series, low: Any, high: Any) -> bool:
    """Whether every known value is a number within its bounds: true of nearly every column, and soon seen."""
    least: Any = column.min()
    most: Any = column.max()
    if least is None:
        return True
    return bool(low <= least and most <= high) and not (column.dtype.is_float() and math.isnan(column.sum()))


def _bounded(name: str, low: Any, high: Any, closed: Literal["both", "left"] = "both") -> pl.Expr:
    """The column without the values beyond its bounds."""
    return pl.when(pl.col(name).is_between(low, high, closed=closed)).then(pl.col(name)).otherwise(None).alias(name)


def _device(device: Device) -> Device:
    names: dict[str, Any] = {f.name: _name(getattr(device, f.name)) for f in fields(Device) if f.name != "barometer"}
    return replace(device, **names)


def _laps(laps: pl.DataFrame) -> pl.DataFrame:
    if not laps.height:
        return laps
    laps = laps.head(MOST_LAPS)
    mended: list[pl.Expr | pl.Series] = [
        _bounded(name, low, high)
        for name, (low, high) in TOTAL_BOUNDS.items()
        if name in laps.columns and not _inside(laps[name], low, high)
    ]
    if not _inside(laps["started_at"], EARLIEST, LATEST - timedelta(microseconds=1)):
        mended.append(_bounded("started_at", EARLIEST, LATEST, closed="left"))
    words = laps["trigger"].to_list()
    if (named := [_name(word) for word in words]) != words:
        mended.append(pl.Series("trigger", named, pl.String))
    return laps.with_columns(mended) if mended else laps


def _timer(timer: Iterable[tuple[float, float]] | None) -> tuple[tuple[float, float], ...] | None:
    """The stretches that have an order and an end; None where none is left."""
    limits = (-LONGEST_S, 2 * LONGEST_S)
    kept = (
        (float(a), float(b))
        for a, b in timer or ()
        if number(a, limits) is not None and number(b, limits) is not None and b > a
    )
    return tuple(kept) or None


def _wellness(reading: Wellness) -> Wellness | None:
    bounds = READING_BOUNDS.get(reading.quantity, (-1e9, 1e9))
    at = _moment(reading.at)
    day = reading.day if reading.day is None or FIRST_DAY <= reading.day < LAST_DAY else None
    if number(reading.value, bounds) is None or (at is None and day is None):
        return None
    if at is not None and not FIRST_DAY <= at.date() < LAST_DAY:
        return None
    weight = number(reading.weight, (1e-9, 1e9))
    return replace(reading, at=at, day=day, source=line(reading.source), weight=1.0 if weight is None else weight)


def _checkin(checkin: CheckIn) -> CheckIn | None:
    if checkin.day != UNDATED and not FIRST_DAY <= checkin.day < LAST_DAY:
        return None
    values: dict[str, float | str | bool] = {}
    for name, value in checkin.values.items():
        if isinstance(value, str):
            values[name] = text(value)
        elif isinstance(value, bool) or number(value, ANSWERS.get(name, (-1e9, 1e9))) is not None:
            values[name] = value
    return replace(checkin, values=values, at=_moment(checkin.at), source=line(checkin.source)) if values else None
