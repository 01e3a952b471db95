"""Samsung Health's download of one's data: the table of exercises, nights, and the series of each exercise.

A table has a line with its own name above the columns' names, most of which begin with that name. Times of today's
tables are in UTC, with an offset like `UTC+0200` that only says what the clock showed; those of the older layout
(offset in milliseconds) are local. Lengths are milliseconds and metres. A series counts milliseconds since 1970, and a
distance in it is that since the sample before.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
from steadymile.ingest.checkins.text import text_of
from steadymile.ingest.exports.listed import Listing, one_line, stated
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.recordings.series import document_of, entries_of, epoch_ms, joined, unnamed, values_of
from steadymile.ingest.sports import sport_of
from steadymile.ingest.xml.times import NO_TIME
from steadymile.models.recording import Wellness

SOURCE = "samsung"
LOOK = 2_000
MOST_ROWS = 200_000
_TABLE = re.compile(r"com\.samsung\.s?health\.([a-z0-9_.]+?)\s*(?:,\d+,\d+,?)?\s*$", re.I)
_OFFSET = re.compile(r"UTC(?:([+-])(\d\d):?(\d\d))?", re.I)
_SERIES_FIELDS = frozenset(
    {"start_time", "heart_rate", "speed", "distance", "cadence", "calorie", "power", "percent_of_vo2max", "latitude",
     "longitude", "altitude", "accuracy"}
)  # fmt: skip
SPORTS = {"1001": "walking", "1002": "running", "9001": "running", "11007": "cycling", "13001": "hiking",
          "13002": "climbing", "13003": "hiking", "14001": "swimming", "15003": "indoor cycling",
          "15004": "indoor rowing", "15005": "treadmill running", "15006": "elliptical"}  # fmt: skip
"""Numbers of exercises that public readers of these exports agree on; every other one stands for no sport."""
ASLEEP = frozenset({"40002", "40003", "40004"})
"""Light, deep and REM sleep."""


def is_samsung(data: bytes) -> bool:
    """Whether a text is one of the tables, by the line above its columns."""
    return _table(text_of(data[:LOOK])) is not None


def is_samsung_series(data: bytes) -> bool:
    """Whether JSON is a series of an exercise: a list of objects with a start and nothing that is not of one."""
    head = data[:LOOK].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(b"[") or b'"start_time"' not in head:
        return False
    names = set(re.findall(rb'"([A-Za-z_0-9]+)"\s*:', head))
    return {name.decode() for name in names} <= _SERIES_FIELDS and len(names) > 1


def read_samsung(data: bytes) -> Reading:
    """The sessions of the table of exercises, or the nights of that of sleep stages. Other tables are ignored."""
    text = text_of(data)
    table = _table(text)
    if table == "exercise":
        return _exercises(_rows(text))
    if table == "sleep_stage":
        return _nights(_rows(text))
    why = f"Samsung Health's table of {table}; the sessions stand in the one of exercises"
    return Reading(what="Samsung Health data", reader=SOURCE, ignored=why)


def read_samsung_series(data: bytes) -> Reading:
    """The samples of one exercise: its places, or its heart rate, speed and way. The sport stands in the table. Raises
    Unreadable where no sample has a time and a value."""
    rows = entries_of(document_of(data))
    us = epoch_ms(values_of(rows, "start_time"))
    names = ("latitude", "longitude", "altitude", "heart_rate", "speed", "cadence", "power")
    series = {name: (us, values_of(rows, name)) for name in names if any(name in row for row in rows)}
    if any("distance" in row for row in rows):
        order = np.argsort(us, kind="stable")
        steps = values_of(rows, "distance")[order]
        way = np.where(np.isfinite(steps) & (us[order] != NO_TIME), np.cumsum(np.nan_to_num(steps)), np.nan)
        series["distance"] = us[order], way
    result = joined(series, "unknown")
    if result is None:
        raise Unreadable("No sample of the series has a time and a value", "Unpack the export again")
    return Reading(what="Samsung Health series of an exercise", reader=SOURCE, activities=(unnamed(result, SOURCE),))


def _table(text: str) -> str | None:
    """Which table it is (`exercise`, `sleep_stage`), None where it is none."""
    found = _TABLE.match(text.split("\n", 1)[0].strip().strip('"'))
    return found.group(1).lower() if found else None


def _rows(text: str) -> Iterator[Mapping[str, str]]:
    """The rows by the last part of their columns' names; a plain name goes before one with the table's."""
    lines = io.StringIO(text.split("\n", 1)[1] if "\n" in text else "", newline="")
    try:
        for count, row in enumerate(csv.DictReader(lines)):
            if count >= MOST_ROWS:
                raise Unreadable(f"The table holds more than {MOST_ROWS:,} rows", "Split it into several files")
            cells = {key: value for key, value in row.items() if isinstance(key, str) and isinstance(value, str)}
            yield {key.rsplit(".", 1)[-1]: value.strip() for key, value in cells.items()} | {
                key: value.strip() for key, value in cells.items() if "." not in key
            }
    except csv.Error as error:
        raise Unreadable(f"The table cannot be read ({error})", "Unpack the export again") from None


def _exercises(rows: Iterator[Mapping[str, str]]) -> Reading:
    listing = Listing(SOURCE)
    for row in rows:
        offset = _offset(row)
        begun, ended = (_moment(row.get(name), row.get("time_offset")) for name in ("start_time", "end_time"))
        lasted = _number(row, "duration")
        elapsed = None if begun is None or ended is None else (ended - begun).total_seconds()
        listing.add(
            begun,
            sport_of(SPORTS.get(row.get("exercise_type", ""))),
            stated(
                distance_m=_number(row, "distance"),
                elapsed_s=elapsed,
                timer_s=None if lasted is None else lasted / 1000.0,
                elevation_gain_m=_number(row, "altitude_gain"),
                elevation_loss_m=_number(row, "altitude_loss"),
                heart_rate_mean_bpm=_number(row, "mean_heart_rate"),
                heart_rate_max_bpm=_number(row, "max_heart_rate"),
                calories_kcal=_number(row, "calorie"),
            ),
            title=one_line(row.get("title")),
            number=row.get("datauuid") or None,
            utc_offset_s=offset,
        )
    return listing.reading("Samsung Health list of exercises")


def _nights(rows: Iterator[Mapping[str, str]]) -> Reading:
    """Hours in light, deep and REM sleep of each sleep, by the local day it ended."""
    asleep: dict[str, float] = defaultdict(float)
    ended: dict[str, datetime] = {}
    for row in rows:
        begin, end = (_moment(row.get(name), row.get("time_offset")) for name in ("start_time", "end_time"))
        sleep = row.get("sleep_id", "")
        if begin is None or end is None or not sleep or not 0 < (end - begin).total_seconds() <= 86_400:
            continue
        local = end + timedelta(seconds=_offset(row) or 0)
        ended[sleep] = max(ended.get(sleep, local), local)
        if row.get("stage") in ASLEEP:
            asleep[sleep] += (end - begin).total_seconds() / 3600.0
    days: dict[datetime, float] = {}
    for sleep, hours in asleep.items():
        midnight = ended[sleep].replace(hour=0, minute=0, second=0, microsecond=0)
        days[midnight] = days.get(midnight, 0.0) + hours
    nights = tuple(Wellness("sleep_h", hours, SOURCE, day=day.date()) for day, hours in sorted(days.items()))
    nothing = None if nights else "The table holds no sleep in stages"
    return Reading(what="Samsung Health nights", reader=SOURCE, wellness=nights, ignored=nothing)


def _number(row: Mapping[str, str], name: str) -> float | None:
    try:
        return float(row.get(name, ""))
    except ValueError:
        return None


def _offset(row: Mapping[str, str]) -> int | None:
    """The offset of the local clock from UTC in seconds, of either layout."""
    said = row.get("time_offset", "")
    found = _OFFSET.fullmatch(said)
    if found is not None:
        sign, hours, minutes = found.groups()
        return 0 if sign is None else (1 if sign == "+" else -1) * (3600 * int(hours) + 60 * int(minutes))
    return int(said) // 1000 if re.fullmatch(r"-?\d{1,8}", said) else None


def _moment(said: str | None, offset: str | None) -> datetime | None:
    """A time of a table in UTC. With an offset in milliseconds beside it, it is the older layout's local one."""
    try:
        at = datetime.fromisoformat((said or "").strip()).replace(tzinfo=UTC)
    except ValueError:
        return None
    if re.fullmatch(r"-?\d{1,8}", offset or ""):
        at -= timedelta(milliseconds=int(offset or 0))
    return at if 1990 <= at.year < 2100 else None
