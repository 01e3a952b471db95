"""The CSV of one session that Polar Flow exports: a row of totals, and under a header of its own a row each second.

The start is a time on the wall, without a zone; units stand in the columns' names, kilometres or miles by the account.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from steadymile.ingest.checkins.days import parse_day
from steadymile.ingest.checkins.text import text_of
from steadymile.ingest.exports.lengths import clock_s, number_of
from steadymile.ingest.exports.listed import stated
from steadymile.ingest.exports.rows import rows_of
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.recordings.series import MOST_ENTRIES, since
from steadymile.ingest.sports import sport_of
from steadymile.ingest.xml.samples import Sampled, Track, sampled
from steadymile.models.recording import SAMPLES, Activity, Device, Stored
from steadymile.models.units import FOOT_M, MILE_M

DAY_S = 86_400.0
SOURCE, WHAT = "polar_csv", "Polar Flow session (CSV)"
KM_H, MILE_H = 1000.0 / 3600.0, MILE_M / 3600.0
UNITS = {"km": 1000.0, "mi": MILE_M, "km/h": KM_H, "mph": MILE_H, "mi/h": MILE_H, "m": 1.0, "ft": FOOT_M, "bpm": 1.0,
         "c": 1.0, "w": 1.0, "": 1.0}  # fmt: skip
"""What one of a column's unit is in SI; degrees Fahrenheit and others are not taken."""
SAMPLED = {"hr": "heart_rate", "speed": "speed", "cadence": "cadence", "altitude": "altitude",
           "distances": "distance", "temperatures": "temperature", "power": "power"}  # fmt: skip


def is_polar_csv(data: bytes) -> bool:
    """Whether a text begins as these files do, by the names of its first columns."""
    line = text_of(data[:400]).split("\n", 1)[0]
    names = [name.strip(' \r"').lower() for name in line.split(max(",;\t", key=line.count))]
    return names[:5] == ["name", "sport", "date", "start time", "duration"]


def read_polar_csv(data: bytes) -> Reading:
    """The session with its samples. Raises Unreadable where it has no start, or more rows than any session."""
    text = text_of(data)
    if text.count("\n") > MOST_ENTRIES:
        raise Unreadable(f"The session holds more than {MOST_ENTRIES:,} rows", "Export it again from Polar Flow")
    try:
        rows = list(rows_of(text, MOST_ENTRIES))
    except csv.Error as error:
        raise Unreadable(f"The CSV cannot be read ({error})", "Export it again from Polar Flow") from None
    totals = _named(rows[0], rows[1]) if len(rows) > 1 else {}
    start = _start(totals)
    if start is None:
        raise Unreadable("The CSV has no date and time of its start", "Export it again from Polar Flow")
    stored = _stored(totals)
    sport, sub_sport = sport_of(totals.get("sport", ("", ""))[0])
    found = _samples(rows[2:], start, sport)
    activity = Activity(
        started_at=start,
        sport=sport,
        sub_sport=sub_sport,
        samples=pl.DataFrame(schema=SAMPLES) if found is None else since(found, start),
        reader=SOURCE,
        device=Device("Polar"),
        stored=stored,
        left_out=0 if found is None else int((~found.kept).sum()),
        notes=() if found is None else found.notes,
    )
    if found is None and stored.timer_s is None:
        return Reading(what=WHAT, reader=SOURCE, ignored="It holds neither samples nor a length")
    return Reading(what=WHAT, reader=SOURCE, activities=(activity,), wall_clock=True)


def _named(header: Sequence[str], row: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Cells and units by the columns' names."""
    return {name: (cell.strip(), unit) for (name, unit), cell in zip(map(_column, header), row)}


def _column(header: str) -> tuple[str, str]:
    """A column's name without its unit, and the unit: `Speed (km/h)` is speed in km/h."""
    name, _, unit = header.strip().lower().partition("(")
    return name.strip(), unit.rstrip(") ").strip()


def _start(totals: Mapping[str, tuple[str, str]]) -> datetime | None:
    day = parse_day(totals.get("date", ("", ""))[0], "dm")
    clock = clock_s(totals.get("start time", ("", ""))[0], hours=True)
    if day is None or clock is None or clock >= DAY_S:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=int(clock))


def _stored(totals: Mapping[str, tuple[str, str]]) -> Stored:
    def value(name: str) -> float | None:
        text, unit = totals.get(name, ("", ""))
        number = number_of(text) if unit in UNITS else None
        return None if number is None else number * UNITS[unit]

    return stated(
        distance_m=value("total distance"),
        timer_s=clock_s(totals.get("duration", ("", ""))[0], hours=True),
        heart_rate_mean_bpm=value("average heart rate"),
        elevation_gain_m=value("ascent"),
        elevation_loss_m=value("descent"),
        calories_kcal=value("calories"),
    )


def _samples(rows: Sequence[Sequence[str]], start: datetime, sport: str) -> Sampled | None:
    """Rows under the second header, each at its time since the start; what is no number is unknown."""
    at = next((i for i, row in enumerate(rows) if _column(row[0])[0] == "sample rate"), None)
    if at is None:
        return None
    names = [_column(cell) for cell in rows[at]]
    body = rows[at + 1 :]
    when = next((i for i, (name, _) in enumerate(names) if name == "time"), None)
    if when is None:
        return None
    seconds = np.array([clock_s(row[when], hours=True) if when < len(row) else None for row in body], dtype=np.float64)
    known = np.isfinite(seconds)
    us = int(start.timestamp()) * 1_000_000 + np.rint(seconds[known] * 1e6).astype(np.int64)
    found: dict[str, np.ndarray | None] = dict.fromkeys(SAMPLED.values())
    for i, (name, unit) in enumerate(names):
        if name in SAMPLED and unit in UNITS:
            values = np.array([_number(row[i]) if i < len(row) else np.nan for row in body])[known]
            found[SAMPLED[name]] = values * UNITS[unit] if np.isfinite(values).any() else None
    return sampled(Track(us=us, latitude=None, longitude=None, **found), sport) if us.size else None


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return np.nan
