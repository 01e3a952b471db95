"""Suunto's own log of a session, as its app exports it in JSON (`sml.py` reads the older XML with the same words).

Samples are those of several sensors, each with its own time and some of the fields. Units are SI throughout: beats and
turns a second, metres a second, radians, kelvin, joules. Cadence counts one foot. The number of the sport is
Movescount's.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from steadymile.ingest.barometers import has_barometer
from steadymile.ingest.exports.listed import FARTHEST_M, LONGEST_S, json_number, within
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.recordings.series import (
    Series,
    document_of,
    entries_of,
    joined,
    moment_us,
    since,
    stretches,
    values_of,
)
from steadymile.ingest.sports import sport_of
from steadymile.ingest.xml.samples import Sampled, moment
from steadymile.ingest.xml.times import NO_TIME, parse_times
from steadymile.models.recording import SAMPLES, Activity, Device, Stored

SOURCE = "suunto"
LOOK = 20_000
KELVIN, JOULE_KCAL = 273.15, 4184.0
DAY_S = 86_400.0
SPORTS: dict[float, str] = {
    3: "running", 4: "cycling", 5: "mountain biking", 6: "swimming", 8: "roller skating", 10: "yoga",
    11: "trekking", 12: "walking", 13: "sailing", 14: "kayaking", 15: "rowing", 16: "climbing",
    17: "indoor cycling", 20: "skiing", 21: "snowboarding", 22: "skiing", 23: "strength training",
    24: "basketball", 25: "soccer", 26: "ice hockey", 27: "volleyball", 33: "tennis", 34: "badminton",
    37: "squash", 39: "boxing", 64: "cross trainer", 65: "dancing", 68: "handball", 69: "horseback riding",
    70: "ice skating", 71: "indoor rowing", 72: "canoeing", 73: "driving", 74: "mountaineering",
    75: "orienteering", 76: "rugby", 78: "skiing", 80: "skiing", 82: "trail running", 83: "swimming",
    84: "walking", 85: "snowshoeing", 86: "windsurfing", 88: "roller skiing", 89: "paddling", 91: "kitesurfing",
    93: "treadmill running", 96: "hiking",
}  # fmt: skip
"""Movescount's numbers; those that say nothing of how one moves (not specified, indoor training) stand for no sport."""
_FIELDS = {"HR": ("heart_rate", 60.0), "Cadence": ("cadence", 60.0), "Power": ("power", 1.0),
           "Speed": ("speed", 1.0), "Distance": ("distance", 1.0), "Altitude": ("altitude", 1.0),
           "Latitude": ("latitude", math.degrees(1.0)), "Longitude": ("longitude", math.degrees(1.0))}  # fmt: skip
"""The columns of the fields, and what a value is multiplied by."""


def is_suunto(data: bytes) -> bool:
    """Whether JSON is such a log."""
    head = data[:LOOK]
    log = b'"DeviceLog"' in head and (b'"Header"' in head or b'"Samples"' in head)
    return log or (b'"suunto/sml"' in head and b'"TimeISO8601"' in head)


@dataclass(slots=True)
class Log:
    """One log: its header in the words of the JSON, the times of its samples and their fields, when it was paused, and
    where another sport began."""

    header: Mapping[str, Any]
    device: Mapping[str, Any]
    us: np.ndarray
    fields: Mapping[str, np.ndarray]
    offset_s: int | None = None
    pauses: list[tuple[int, int]] = field(default_factory=list)
    sports: list[tuple[int, Any]] = field(default_factory=list)
    totals: list[Mapping[str, Any]] = field(default_factory=list)
    wall_clock: bool = False


def read_suunto(data: bytes) -> Reading:
    """The session of a log in JSON, or its sessions where the sport changed. Raises Unreadable where it is no JSON, or
    nothing in it has a time."""
    document = document_of(data)
    log = document.get("DeviceLog") if isinstance(document, dict) else None
    if not isinstance(log, dict):
        inner = document.get("Data") if isinstance(document, dict) else None
        log = inner if isinstance(inner, dict) else document
    return reading_of(_log(log if isinstance(log, dict) else {}), ())


def _log(log: Mapping[str, Any]) -> Log:
    header = log.get("Header")
    header = header if isinstance(header, dict) else {}
    device = log.get("Device") or header.get("Device")
    rows = [_flat(row) for row in entries_of(log.get("Samples"))]
    times = parse_times([_time_of(row) for row in rows])
    stated = times.offset_s[np.isfinite(times.offset_s)]
    begun = stated_moment(header.get("DateTime"))
    ahead = None if begun is None else begun.utcoffset()
    if ahead is not None and (ahead or not stated.size):
        offset: float | None = ahead.total_seconds()
    else:
        offset = Counter(stated.tolist()).most_common(1)[0][0] if stated.size else None
    names = (*_FIELDS, "GPSAltitude", "Temperature", "AbsPressure")
    found = Log(
        header,
        device if isinstance(device, dict) else {},
        times.us,
        {name: values_of(rows, name) for name in names if any(name in row for row in rows)},
        None if offset is None else int(offset),
    )
    paused: int | None = None
    for at, row in zip(times.us.tolist(), rows):
        for event in _events(row):
            pause, activity = event.get("Pause"), event.get("Activity")
            if isinstance(pause, dict) and at != NO_TIME:
                if pause.get("State") is True and paused is None:
                    paused = at
                elif pause.get("State") is False and paused is not None:
                    found.pauses.append((paused, at))
                    paused = None
            if isinstance(activity, dict) and at != NO_TIME and "ActivityType" in activity:
                found.sports.append((at, activity["ActivityType"]))
    for row in [*entries_of(log.get("Windows")), *rows]:
        window = row.get("Window")
        if isinstance(window, dict) and window.get("Type") == "Activity":
            found.totals.append(window)
    return found


def _flat(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A sample's own fields, which some exports wrap twice."""
    attributes = row.get("Attributes")
    wrapped = attributes.get("suunto/sml") if isinstance(attributes, dict) else None
    sample = wrapped.get("Sample") if isinstance(wrapped, dict) else None
    return {**sample, "TimeISO8601": row.get("TimeISO8601")} if isinstance(sample, dict) else row


def _time_of(row: Mapping[str, Any]) -> bytes | None:
    said = row.get("TimeISO8601") or row.get("UTC")
    return said.encode("utf-8", "replace") if isinstance(said, str) else None


def _events(row: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    events = row.get("Events")
    return [events] if isinstance(events, dict) else entries_of(events)


def reading_of(log: Log, notes: Sequence[str]) -> Reading:
    """The sessions of a log. Raises Unreadable where nothing in it has a time."""
    changes = [change for i, change in enumerate(log.sports) if i == 0 or change[1] != log.sports[i - 1][1]]
    if len(changes) > 1:
        edges = [at for at, _ in changes] + [int(np.iinfo(np.int64).max)]
        totals = log.totals if len(log.totals) == len(changes) else [{}] * len(changes)
        made = [
            _activity(log, _sport(number, None), totals[i], edges[i], edges[i + 1], index=i)
            for i, (_, number) in enumerate(changes)
        ]
    else:
        number = changes[0][1] if changes else None
        sport = _sport(log.header.get("ActivityType") or number, log.header.get("Activity"))
        made = [_activity(log, sport, log.header, None, None)]
    activities = tuple(activity for activity in made if activity is not None)
    if not activities:
        raise Unreadable(
            "No sample of the Suunto log has a time, and its header has no start with a length",
            "Export the session again from the Suunto app, as FIT where it can",
        )
    return Reading(
        what="Suunto log of a session",
        reader=SOURCE,
        activities=activities,
        notes=tuple(notes),
        wall_clock=log.wall_clock,
    )


def _sport(number: Any, word: Any) -> tuple[str, str | None]:
    named = sport_of(word) if isinstance(word, str) else ("unknown", None)
    if named[0] != "unknown":
        return named
    known = SPORTS.get(number) if isinstance(number, int | float) and not isinstance(number, bool) else None
    return sport_of(known)


def _activity(
    log: Log,
    sport: tuple[str, str | None],
    totals: Mapping[str, Any],
    first_us: int | None,
    after_us: int | None,
    index: int = 0,
) -> Activity | None:
    within_it = log.us != NO_TIME
    if first_us is not None and after_us is not None:
        within_it &= (log.us >= first_us) & (log.us < after_us)
    result = joined(_series(log, within_it), sport[0])
    start = _begun(log) if first_us is None else moment(first_us)
    if result is not None and (start is None or abs((result.started_at - start).total_seconds()) > DAY_S):
        start = result.started_at
    lasted = within(json_number(totals, "Duration"), LONGEST_S)
    if start is None or (result is None and lasted is None):
        return None
    start = start if result is None else min(start, result.started_at)
    pressed = "AbsPressure" in log.fields and bool(np.isfinite(log.fields["AbsPressure"][within_it]).any())
    name = log.device.get("Name")
    name = name if isinstance(name, str) and name.strip() else None
    elapsed, pauses = _paused(log, result, start, lasted)
    samples = pl.DataFrame(schema=SAMPLES) if result is None else since(result, start)
    recovery, energy = json_number(totals, "RecoveryTime"), json_number(totals, "Energy")
    return Activity(
        started_at=start,
        sport=sport[0],
        sub_sport=sport[1],
        samples=samples,
        reader=SOURCE,
        index=index,
        device=Device(
            "Suunto", name and name.removeprefix("Suunto ").strip(), barometer=pressed or has_barometer(name)
        ),
        timer=stretches(pauses, elapsed, lasted),
        stored=Stored(
            distance_m=within(json_number(totals, "Distance"), FARTHEST_M),
            elapsed_s=within(elapsed, LONGEST_S),
            timer_s=lasted,
            elevation_gain_m=within(json_number(totals, "Ascent"), 30_000.0),
            elevation_loss_m=within(json_number(totals, "Descent"), 30_000.0),
            calories_kcal=within(None if energy is None else energy / JOULE_KCAL, 1e5),
            vo2max_ml_kg_min=within(json_number(totals, "MAXVO2"), 100.0, 10.0),
            aerobic_training_effect=within(json_number(totals, "PeakTrainingEffect"), 5.0),
            recovery_time_h=within(None if recovery is None else recovery / 3600.0, 240.0),
        ),
        utc_offset_s=log.offset_s,
        utc_offset_source=None if log.offset_s is None else "suunto_offset",
        left_out=0 if result is None else int((~result.kept).sum()),
        notes=() if result is None else result.notes,
    )


def _begun(log: Log) -> datetime | None:
    """When the header says that it began, in UTC; None where it says so in local time and the zone is not known."""
    said = stated_moment(log.header.get("DateTime"))
    if said is None or said.tzinfo is not None:
        return said and said.astimezone(UTC)
    if log.offset_s is None and not log.wall_clock and log.us.size:
        return None
    return said.replace(tzinfo=UTC) - timedelta(seconds=log.offset_s or 0)


def _series(log: Log, rows: np.ndarray) -> Series:
    us, fields = log.us[rows], {name: values[rows] for name, values in log.fields.items()}
    series = {column: (us, fields[name] * factor) for name, (column, factor) in _FIELDS.items() if name in fields}
    if "altitude" not in series or not np.isfinite(series["altitude"][1]).any():
        series |= {"altitude": (us, fields["GPSAltitude"])} if "GPSAltitude" in fields else {}
    if "Temperature" in fields:
        series["temperature"] = us, fields["Temperature"] - KELVIN
    return series


def _paused(
    log: Log, result: Sampled | None, start: datetime, lasted: float | None
) -> tuple[float | None, list[tuple[float, float]]]:
    """Seconds from start to end with the pauses, and the pauses in seconds since the start."""
    from_us = moment_us(start)
    pauses = [((begin - from_us) / 1e6, (end - from_us) / 1e6) for begin, end in log.pauses]
    if result is None or not result.samples.height:
        return lasted, []
    ended = result.samples["time"].max()
    length = (ended - start).total_seconds() if isinstance(ended, datetime) else None
    inside = [(begin, end) for begin, end in pauses if length is not None and begin >= 0.0 and end <= length + 60.0]
    if length is None:
        return lasted, inside
    rested = sum(end - begin for begin, end in inside)
    return max(length, (lasted or 0.0) + rested), inside


def stated_moment(said: Any) -> datetime | None:
    """A time as it is written, with its zone where it names one."""
    with suppress(ValueError):
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
        return at if at is not None and 1990 <= at.year < 2100 else None
    return None
