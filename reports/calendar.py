"""The planned weeks as an iCalendar file (RFC 5545) that updates, rather than doubles, when it is imported again.

Written by hand: what is needed of the format is small, and loading a library would cost more than all the rest of a
night's reports. The tests read every file back with one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from unicodedata import category

import polars as pl
from steadymile.models.athlete import Athlete
from steadymile.models.weekplan import RUN_KINDS
from steadymile.reports import formats
from steadymile.reports.decision import own_headline
from steadymile.reports.sentences import session_facts, session_title, steps_needed
from steadymile.reports.view_model import UNNAMED, Row, without_ceiling

PRODUCT = "-//steadymile//training weeks//EN"
KEPT = timedelta(weeks=5)
"""Sessions older than this at the time of writing are left out: calendars keep what they were given."""

CANCELLED = "Cancelled: "
NO_LONGER = "This session is planned no longer."

LINE_BYTES = 75  # RFC 5545 section 3.1, without the line break

Key = tuple[str, str, int]  # week, kind, slot


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it was published: `lines` are its properties without UID, DTSTAMP, SEQUENCE and STATUS."""

    day: date
    lines: tuple[str, ...]
    sequence: int
    status: str
    stamp: str


def ics(
    athlete: Athlete,
    planned: pl.DataFrame,
    stamp: datetime,
    *,
    units: str | None = None,
    history: pl.DataFrame | None = None,
    targets: pl.DataFrame | None = None,
    before: bytes = b"",
    home_id: str = "",
    start: time | None = None,
    remind_min: int | None = None,
    sensor: bool = True,
) -> bytes:
    """The planned sessions as calendar events: whole days, or from `start` on, one after the other, by the clock
    wherever the runner is; then with a reminder `remind_min` minutes before the first of a day.

    `planned` and `targets` are the views of one athlete (the latest revision of each week), `history` holds all
    revisions of the same weeks. `before` is the calendar as it was last written: it remembers what other calendars hold
    by now. An event that changed takes a higher SEQUENCE and `stamp` (the moment, with its zone) as its DTSTAMP; one
    that is planned no longer is CANCELLED, in its title too; all others, and those of days that are over, stay byte for
    byte. Sessions of provisional weeks are TENTATIVE, and none of their runs is sent during a stop. Rest days get no
    event; without a `sensor` no heart rate is named. An event keeps its identity by home, athlete, week, kind and slot,
    so a session moved to another day moves in the calendar.
    """
    oldest = (stamp - KEPT).date()
    weeks = {row["week"]: row for row in targets.iter_rows(named=True)} if targets is not None else {}
    current = {key: row for key, row in _slots(planned, oldest).items() if not _stopped(key, weeks)}
    dropped = {key: row for key, row in _slots(history, oldest).items() if key not in current}
    known = published(before)
    begins = _begins(current, start) if start else {}
    events: dict[str, Event] = {}
    for key, row in {**dropped, **current}.items():
        gone = key in dropped
        identity = uid(athlete.athlete_id, *key, home_id=home_id)
        target = weeks.get(key[0], {})
        status = "CANCELLED" if gone else "TENTATIVE" if target.get("status") == "provisional" else "CONFIRMED"
        begin = begins.get(key, datetime.combine(row["day"], start) if start else None)
        first = begin is not None and begin.time() == start
        told = _lines(row, target, units or athlete.units, begin, remind_min if first and not gone else None, sensor)
        if gone:
            was = known.get(identity)
            told = _cancelled(was.lines if was and was.day == row["day"] else told, own_headline(target))
        least = int(row.get("revision") or 1) - (0 if gone else 1)
        events[identity] = _newer(known.get(identity), Event(row["day"], told, least, status, _moment(stamp)), stamp)
    for identity, event in known.items():
        if identity not in events and event.day >= oldest:
            gone_now = Event(event.day, _cancelled(event.lines, ""), event.sequence, "CANCELLED", _moment(stamp))
            over = event.day < stamp.date() and identity.endswith(_home(home_id))
            events[identity] = event if over else _newer(event, gone_now, stamp)
    out = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    whose = "" if athlete.name is None and athlete.athlete_id == UNNAMED else f": {athlete.name or athlete.athlete_id}"
    out.append(f"X-WR-CALNAME:{_text('Training' + whose)}")
    if start and (zone := getattr(stamp.tzinfo, "key", "")):  # else Google takes a time without a zone for UTC
        out.append(f"X-WR-TIMEZONE:{zone}")
    for identity in sorted(events):
        out += _event(identity, events[identity])
    out.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in out).encode()


def uid(athlete_id: str, week: str, kind: str, slot: int, home_id: str = "") -> str:
    """The lasting identity of a planned session's event: the same session of another home has another one."""
    return f"{athlete_id}-{week}-{kind}-{slot}{_home(home_id)}".lower()


def published(calendar: bytes) -> dict[str, Event]:
    """The events of a calendar that `ics` wrote, by UID; one that cannot be read is left out."""
    found = {}
    for lines in _blocks(calendar.decode("utf-8", "replace")):
        named = {name: value for name, _, value in (line.partition(":") for line in lines)}
        start = next((v for name, v in named.items() if name.partition(";")[0] == "DTSTART"), "")
        try:
            day = date.fromisoformat(f"{start[:4]}-{start[4:6]}-{start[6:8]}")
            found[_plain(named["UID"])] = Event(
                day,
                tuple(line for line in lines if line.partition(":")[0] not in ("UID", "DTSTAMP", "SEQUENCE", "STATUS")),
                int(named["SEQUENCE"]),
                named["STATUS"],
                named["DTSTAMP"],
            )
        except (KeyError, ValueError):
            continue
    return found


def _blocks(text: str) -> Iterator[list[str]]:
    """The unfolded lines of each event, without its BEGIN and END."""
    lines: list[str] | None = None
    for line in text.replace("\r\n ", "").split("\r\n"):
        if line == "BEGIN:VEVENT":
            lines = []
        elif line == "END:VEVENT" and lines is not None:
            yield lines
            lines = None
        elif lines is not None:
            lines.append(line)


def _newer(known: Event | None, event: Event, stamp: datetime) -> Event:
    """The event to publish, beside the one that calendars hold: that one where nothing changed or its day is over."""
    if known is None:
        return event
    over = known.day < stamp.date() and event.day < stamp.date()
    if over or (known.day, known.lines, known.status) == (event.day, event.lines, event.status):
        return known
    return Event(event.day, event.lines, max(known.sequence + 1, event.sequence), event.status, event.stamp)


def _stopped(key: Key, weeks: Mapping[str, Row]) -> bool:
    """Whether it is a run of a provisional week while running is stopped: nobody may find it in a calendar."""
    decided = max(weeks.values(), key=lambda row: (row["as_of"], row["week"]), default=None)
    stopped = decided is not None and any(
        row.get("action") == "stop" and row["as_of"] >= decided["as_of"] for row in weeks.values()
    )
    return stopped and key[1] in RUN_KINDS and weeks.get(key[0], {}).get("status") == "provisional"


def _home(home_id: str) -> str:
    return f"@{home_id}.steadymile" if home_id else "@steadymile"


def _moment(stamp: datetime) -> str:
    return f"{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _event(identity: str, event: Event) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(identity)}",
        f"DTSTAMP:{event.stamp}",
        f"SEQUENCE:{event.sequence}",
        f"STATUS:{event.status}",
        *event.lines,
        "END:VEVENT",
    ]


def _begins(planned: Mapping[Key, Row], start: time) -> dict[Key, datetime]:
    """When each session begins: those of one day follow each other, what is run or walked first."""
    found: dict[Key, datetime] = {}
    free: dict[date, datetime] = {}
    for key, row in sorted(planned.items(), key=lambda pair: (pair[1]["day"], pair[0][1] == "strength", pair[0])):
        begin = free.get(row["day"], datetime.combine(row["day"], start))  # floating: no zone
        found[key] = begin
        free[row["day"]] = begin + _length(row)
    return found


def _length(row: Row) -> timedelta:
    return timedelta(minutes=float(row.get("minutes") or 30))


def _lines(
    row: Row, target: Row, units: str, begin: datetime | None, remind_min: int | None, sensor: bool
) -> tuple[str, ...]:
    """The properties of a session's event that its words and times make, its reminder included."""
    day: date = row["day"]
    when = [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"]
    if begin is not None:
        when = [f"DTSTART:{begin:%Y%m%dT%H%M%S}", f"DTEND:{begin + _length(row):%Y%m%dT%H%M%S}"]
    kind = str(row["kind"])
    made = (
        *when,
        f"TRANSP:{'TRANSPARENT' if begin is None else 'OPAQUE'}",
        f"SUMMARY:{_text(session_title(row))}",
        f"CATEGORIES:{_text(formats.KINDS.get(kind, kind))}",
        f"DESCRIPTION:{_text(_description(row, target, units, sensor))}",
        *(_alarm(session_title(row), remind_min) if remind_min is not None else ()),
    )
    return tuple("".join(_printable(line)) for line in made)


def _cancelled(lines: Iterable[str], why: str) -> tuple[str, ...]:
    """The properties of an event that is planned no longer: some calendars keep showing what they were given, so its
    title says it, it reminds nobody, keeps no time busy, and its steps are gone. Said once it stays as it was said."""
    out, reminding = [], False
    for line in lines:
        name, _, value = line.partition(":")
        reminding = reminding or line == "BEGIN:VALARM"
        if name == "SUMMARY" and not value.startswith(CANCELLED):
            line = f"SUMMARY:{CANCELLED}{value}"
        elif name == "DESCRIPTION" and not value.startswith(_text(NO_LONGER)):
            line = f"DESCRIPTION:{_text(NO_LONGER + (f' Why: {why}' if why else ''))}"
        elif name == "TRANSP":
            line = "TRANSP:TRANSPARENT"
        if not reminding:
            out.append("".join(_printable(line)))
        reminding = reminding and line != "END:VALARM"
    return tuple(out)


def _alarm(title: str, minutes: int) -> tuple[str, ...]:
    """A reminder so many minutes before (RFC 5545 section 3.6.6)."""
    return ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-PT{minutes}M", f"DESCRIPTION:{_text(title)}", "END:VALARM")


def _description(row: Row, target: Row, units: str, sensor: bool) -> str:
    row = row if sensor else without_ceiling(row)
    ceiling = row.get("heart_rate_ceiling_bpm")
    lines = [", ".join(session_facts(row, units)), steps_needed(row), row.get("instruction") or ""]
    if formats.known(ceiling) and f"{ceiling:.0f}" not in lines[-1]:
        lines.append(f"Heart rate above {ceiling:.0f}: slow down or walk.")
    if why := own_headline(target):
        lines.append(f"Why: {why}")
    if target.get("status") == "provisional":
        lines.append("Provisional: the week is decided on the Sunday before it.")
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _slots(planned: pl.DataFrame | None, oldest: date) -> dict[Key, dict[str, Any]]:
    """Sessions by week, kind and slot, of the newest revision; a walk in place of a run takes the first slot free."""
    if planned is None or planned.is_empty():
        return {}
    wanted = planned.filter(pl.col("day") >= oldest, pl.col("kind") != "rest").to_dicts()
    taken: dict[tuple[str, int, str], set[int]] = defaultdict(set)
    found: dict[Key, dict[str, Any]] = {}
    for row in sorted(wanted, key=lambda r: (r["week"], r.get("revision") or 0, not r.get("slot"), r["day"])):
        slots = taken[row["week"], row.get("revision") or 0, row["kind"]]
        slot = int(row.get("slot") or 0) or next(n for n in count(1) if n not in slots)
        slots.add(slot)
        found[row["week"], row["kind"], slot] = row
    return found


def _text(value: str) -> str:
    """A text value with what the format would take for itself escaped (RFC 5545 section 3.3.11)."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\r", "\n"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value


def _plain(value: str) -> str:
    """A text value without its escapes; those of an identity are commas and semicolons alone."""
    return value.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, never cutting a character in two."""
    pieces, piece, size = list[str](), "", 0
    for character in _printable(line):
        width = len(character.encode())
        if size + width > LINE_BYTES - (1 if pieces else 0):
            pieces.append(piece)
            piece, size = "", 0
        piece += character
        size += width
    return "\r\n ".join([*pieces, piece])


def _printable(line: str) -> Iterable[str]:
    """Without control characters, which the format forbids, and without halves of characters, which no file holds."""
    return (character for character in line if category(character) not in ("Cc", "Cs") or character == "\t")
