"""The planned week as an iCalendar file (RFC 5545) that updates, rather than doubles, when it is imported again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from models.athlete import Athlete
from reports import words
from reports.story import Row, session_facts, session_title

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//steadymile//training week//EN"


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

    `planned` is the view planned_sessions of one athlete (the latest revision of each week), `history` all its
    revisions: a session that a revision dropped is sent as cancelled. `stamp` (UTC) is the file's DTSTAMP, so equal
    input gives equal bytes. Rest days get no event. An event keeps its identity by week, kind and slot, so a session
    moved to another day moves in the calendar.
    """
    from icalendar import Calendar  # 0.16 s: only where a calendar is written

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Training of {athlete.name or athlete.athlete_id}")
    current = _slots(planned)
    weeks = {week for week, _, _ in current}
    dropped = {key: row for key, row in _slots(history).items() if key not in current and key[0] in weeks}
    for key, row in sorted({**dropped, **current}.items(), key=lambda item: item[0]):
        revision = _revision(planned, key[0]) if key in dropped else int(row.get("revision") or 1)
        event = _event(athlete, key, row, units or athlete.units, start)
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("sequence", revision - 1)
        event.add("status", "CANCELLED" if key in dropped else "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def uid(athlete_id: str, week: str, kind: str, slot: int) -> str:
    """The lasting identity of a planned session's event."""
    return f"{athlete_id}-{week}-{kind}-{slot}@steadymile".lower()


Key = tuple[str, str, int]


def _slots(planned: pl.DataFrame | None) -> dict[Key, dict[str, Any]]:
    """Sessions by week, kind and slot; the newest revision of each wins. Without slots: the nth of its kind."""
    if planned is None or planned.is_empty():
        return {}
    order = [name for name in ("week", "revision", "day") if name in planned.columns]
    nth: dict[tuple[str, Any, str], int] = {}
    found: dict[Key, dict[str, Any]] = {}
    for row in planned.sort(order).iter_rows(named=True):
        if row["kind"] == "rest":
            continue
        group = (row["week"], row.get("revision"), row["kind"])
        nth[group] = nth.get(group, 0) + 1
        found[row["week"], row["kind"], int(row.get("slot") or nth[group])] = row
    return found


def _revision(planned: pl.DataFrame, week: str) -> int:
    if "revision" not in planned.columns:
        return 1
    newest = planned.filter(pl.col("week") == week)["revision"].max()
    return newest if isinstance(newest, int) else 1


def _event(athlete: Athlete, key: Key, row: Row, units: str, start: time | None) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid(athlete.athlete_id, *key))
    event.add("summary", session_title(row))
    event.add("description", _description(row, units))
    event.add("categories", [words.KINDS.get(key[1], key[1])])
    event.add("transp", "TRANSPARENT" if start is None else "OPAQUE")
    if start is None:
        event.add("dtstart", row["day"])
        event.add("dtend", row["day"] + timedelta(days=1))
    else:
        begin = datetime.combine(row["day"], start)  # floating: at that hour wherever the runner is
        event.add("dtstart", begin)
        event.add("dtend", begin + timedelta(minutes=float(row.get("minutes") or 30)))
    return event


def _description(row: Row, units: str) -> str:
    steps = words.steps(row.get("steps"))
    lines = [", ".join(session_facts(row, units)), words.sentence(steps), row.get("instruction") or ""]
    if words.known(row.get("heart_rate_ceiling_bpm")):
        lines.append(f"Heart rate above {row['heart_rate_ceiling_bpm']:.0f}: slow down or walk.")
    return "\n".join(_unlike(line for line in lines if line))


def _unlike(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))
