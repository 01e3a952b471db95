"""Bulk exports: titles and efforts of Strava's activities.csv, matched to the sessions later by their start."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from ingest.checkin_values import Parsed, parse_value
from ingest.checkins import month_number, text_of
from ingest.reading import Reading, Unreadable
from models.activity import CheckIn

COLUMNS: Mapping[str, str] = {
    "Activity Name": "title",
    "Activity Description": "note",
    "Perceived Exertion": "rpe",
}
"""Columns of activities.csv that a person filled in. All else is in the session's own file."""


def read_strava(data: bytes) -> Reading:
    """One check-in a session, `at` its start in UTC, with title, note and RPE as far as they were given.

    The export states times in UTC. Raises Unreadable when no row can be read.
    """
    try:
        rows = list(csv.reader(io.StringIO(text_of(data), newline="")))
    except csv.Error as error:
        raise Unreadable(f"activities.csv cannot be read ({error})", "Unpack the export again") from None
    header = [cell.strip() for cell in rows[0]] if rows else []
    # Names occur twice in this table; the first of a name is the one people see.
    where = {name: header.index(name) for name in ("Activity Date", *COLUMNS) if name in header}
    checkins: list[CheckIn] = []
    bad = 0
    for row in rows[1:]:
        at = strava_time(row[where["Activity Date"]]) if where.get("Activity Date", len(row)) < len(row) else None
        if at is None:
            bad += bool(row)
            continue
        values: dict[str, Parsed] = {}
        for name, key in COLUMNS.items():
            if where.get(name, len(row)) >= len(row):
                continue
            try:
                value = parse_value(key, row[where[name]])
            except ValueError:
                bad += 1
                continue
            if value is not None:
                values[key] = value
        if values:
            checkins.append(CheckIn(day=at.date(), values=values, source="strava", at=at))
    if bad and not checkins:
        raise Unreadable("No row of activities.csv has a date that can be read", "Ask Strava for the export in English")
    notes = (f"{bad:,} rows or cells of activities.csv could not be read",) if bad else ()
    if not checkins:
        return Reading(what="Strava activities.csv", reader="strava", ignored="The list holds no session", notes=notes)
    return Reading(what="Strava activities.csv", reader="strava", checkins=tuple(checkins), notes=notes)


_US = re.compile(r"([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d)(?:\s?([AP]M))?")
_UK = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2})[a-z]* (\d{4}),? (\d{1,2}):(\d\d):(\d\d)(?:\s?([AP]M))?")


def strava_time(text: str) -> datetime | None:
    """The export's dates, `Jan 5, 2021, 7:03:12 AM` or `5 Jan 2021, 07:03:12`, in UTC; None for anything else."""
    text = text.replace("\u202f", " ").strip()
    if found := _US.fullmatch(text):
        month, day, year, *clock = found.groups()
    elif found := _UK.fullmatch(text):
        day, month, year, *clock = found.groups()
    else:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    hour = int(clock[0])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3] == "PM" else 0)
    try:
        return datetime(int(year), int(month_number(month)), int(day), hour, int(clock[1]), int(clock[2]), tzinfo=UTC)
    except ValueError:
        return None
