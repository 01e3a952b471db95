"""The planned weeks as an iCalendar file (RFC 5545) that updates, rather than doubles, when it is imported again.

Written by hand: what is needed of the format is small, and loading a library would cost more than all the rest of a
night's reports. The tests read every file back with one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import polars as pl
from steadymile.models.athlete import Athlete
from steadymile.reports import formats
from steadymile.reports.sentences import session_facts, session_title, steps_needed
from steadymile.reports.view_model import UNNAMED, Row

PRODUCT = "-//steadymile//training weeks//EN"
KEPT = timedelta(weeks=5)
"""Sessions older than this at the time of writing are left out: calendars keep what they were given."""

LINE_BYTES = 75  # RFC 5545 section 3.1, without the line break

Key = tuple[str, str, int]  # week, kind, slot


def ics(
    athlete: Athlete,
    planned: pl.DataFrame,
    stamp: datetime,
    *,
    units: str | None = None,
    history: pl.DataFrame | None = None,
    start: time | None = None,
) -> bytes:
    """The planned sessions as calendar events: whole days, or from `start` on, by the clock wherever the runner is.

    `planned` is the view planned_sessions of one athlete (the latest revision of each week), `history` all revisions
    of the same weeks: a session that a revision dropped is sent as cancelled. `stamp` (with its zone) becomes DTSTAMP,
    so equal input gives equal bytes. Rest days get no event. An event keeps its identity by week, kind and slot, so a
    session moved to another day moves in the calendar.
    """
    oldest = (stamp - KEPT).date()
    current = _slots(planned, oldest)
    dropped = {key: row for key, row in _slots(history, oldest).items() if key not in current}
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    whose = "" if athlete.name is None and athlete.athlete_id == UNNAMED else f": {athlete.name or athlete.athlete_id}"
    lines.append(f"X-WR-CALNAME:{_text('Training' + whose)}")
    for key, row in sorted({**dropped, **current}.items(), key=lambda item: item[0]):
        gone = key in dropped
        revision = int(row.get("revision") or 1) + (1 if gone else 0)
        lines += _event(uid(athlete.athlete_id, *key), row, revision, gone, stamp, units or athlete.units, start)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def uid(athlete_id: str, week: str, kind: str, slot: int) -> str:
    """The lasting identity of a planned session's event."""
    return f"{athlete_id}-{week}-{kind}-{slot}@steadymile".lower()


def _event(
    identity: str, row: Row, revision: int, gone: bool, stamp: datetime, units: str, start: time | None
) -> list[str]:
    day: date = row["day"]
    if start is None:
        when = [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"]
    else:
        begin = datetime.combine(day, start)  # floating: no zone
        end = begin + timedelta(minutes=float(row.get("minutes") or 30))
        when = [f"DTSTART:{begin:%Y%m%dT%H%M%S}", f"DTEND:{end:%Y%m%dT%H%M%S}"]
    kind = str(row["kind"])
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(identity)}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        *when,
        f"SEQUENCE:{revision - 1}",
        f"STATUS:{'CANCELLED' if gone else 'CONFIRMED'}",
        f"TRANSP:{'TRANSPARENT' if start is None else 'OPAQUE'}",
        f"SUMMARY:{_text(session_title(row))}",
        f"CATEGORIES:{_text(formats.KINDS.get(kind, kind))}",
        f"DESCRIPTION:{_text(_description(row, units))}",
        "END:VEVENT",
    ]


def _description(row: Row, units: str) -> str:
    lines = [", ".join(session_facts(row, units)), steps_needed(row)]
    lines.append(row.get("instruction") or "")
    ceiling = row.get("heart_rate_ceiling_bpm")
    if formats.known(ceiling) and f"{ceiling:.0f}" not in lines[-1]:
        lines.append(f"Heart rate above {ceiling:.0f}: slow down or walk.")
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _slots(planned: pl.DataFrame | None, oldest: date) -> dict[Key, dict[str, Any]]:
    """Sessions by week, kind and slot; the newest revision of each wins. Without slots: the nth of its kind."""
    if planned is None or planned.is_empty():
        return {}
    order = [name for name in ("week", "revision", "day") if name in planned.columns]
    wanted = planned.filter(pl.col("day") >= oldest, pl.col("kind") != "rest").sort(order)
    nth: dict[tuple[str, Any, str], int] = {}
    found: dict[Key, dict[str, Any]] = {}
    for row in wanted.iter_rows(named=True):
        group = (row["week"], row.get("revision"), row["kind"])
        nth[group] = nth.get(group, 0) + 1
        found[row["week"], row["kind"], int(row.get("slot") or nth[group])] = row
    return found


def _text(value: str) -> str:
    """A text value with what the format would take for itself escaped (RFC 5545 section 3.3.11)."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\r", "\n"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, never cutting a character in two."""
    pieces: list[str] = []
    piece: list[str] = []
    size = 0
    for character in _printable(line):
        width = len(character.encode())
        if size + width > LINE_BYTES - (1 if pieces else 0):
            pieces.append("".join(piece))
            piece, size = [], 0
        piece.append(character)
        size += width
    return "\r\n ".join([*pieces, "".join(piece)])


def _printable(line: str) -> Iterable[str]:
    """Without control characters, which the format forbids."""
    return (character for character in line if character >= " " or character == "\t")
