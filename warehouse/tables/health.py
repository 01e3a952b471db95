"""What devices read and people said about a body, each event kept; the last word per day and field is a view."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import duckdb
import polars as pl
from steadymile.models.physiology.confirmation import UNCOUNTED, eases
from steadymile.models.recording import CheckIn, Wellness
from steadymile.models.session import Day
from steadymile.warehouse.database import bump, rows, transaction
from steadymile.warehouse.tables.replace import frame, of_athlete, replace

Con = duckdb.DuckDBPyConnection

Event = dict[str, Any]


def save_wellness(con: Con, athlete_id: str, origin: str, order: int, readings: Sequence[tuple[date, Wellness]]) -> int:
    """Save a file's readings with the local day the caller settled for each. `origin` the file's sha-256, `order` the
    journal's seq. Saving an origin again replaces its readings. Values that are not finite are left out."""
    events = [
        {
            **_event(athlete_id, day, _device_word(r.quantity), r.value, r.source, stated=False, at=r.at),
            "weight": r.weight,
        }
        for day, r in readings
    ]
    return _save(con, athlete_id, origin, order, stated=False, events=events)


def save_checkins(
    con: Con, athlete_id: str, origin: str, order: int, checkins: Sequence[CheckIn], *, held: bool = False
) -> int:
    """Save check-ins; `origin` a sha-256 or `journal:<seq>`, `order` the journal's seq: later order wins by field.
    A stated RMSSD in milliseconds becomes its natural logarithm, as devices' readings are kept. `held`: they are not
    the person's own word, so what would end a stop is marked."""
    events = [
        {
            **_event(athlete_id, c.day, *_stated(name, value), c.source, stated=True, at=c.at),
            "activity_id": c.activity_id,
            "held": (held and eases(name, value)) or None,
        }
        for c in checkins
        for name, value in c.values.items()
    ]
    return _save(con, athlete_id, origin, order, stated=True, events=events)


def remove_answers(con: Con, athlete_id: str, origin: str, names: Sequence[str]) -> int:
    """Remove answers of one check-in, by its origin and the names of its fields. Returns how many."""
    quantities = [_stated(name, 1.0)[0] for name in names]
    with transaction(con):
        gone = con.execute(
            """DELETE FROM base.health_events
            WHERE athlete_id = ? AND origin = ? AND stated AND list_contains(?, quantity) RETURNING 1""",
            [athlete_id, origin, quantities],
        ).fetchall()
        if gone:  # also where nothing that is computed depends on them, as a note
            bump(con)
    return len(gone)


def load_days(con: Con, athlete_id: str, until: date | None = None) -> tuple[Day, ...]:
    """Days with any statement or reading, ascending, the last word per field; the person's word wins over a device.
    Minutes without a watch are left out: they are sessions.

    `stress` is the person's (1-7); the device's score stands under `device_stress`.
    """
    found = con.execute(
        """SELECT day, quantity, held, number, word, truth FROM base.last_words
        WHERE athlete_id = ? AND day <= ? AND (held OR quantity NOT IN ('run_min', 'walk_min'))
        ORDER BY day, quantity""",
        [athlete_id, until or date.max],
    ).fetchall()
    days: dict[date, dict[str, float | str | bool]] = {}
    waiting: dict[date, set[str]] = {}
    for day, quantity, held, *value in found:
        values = days.setdefault(day, {})
        if held:
            waiting.setdefault(day, set()).add(quantity)
        if not (held and quantity in UNCOUNTED):
            values[quantity] = _value(*value)
    return tuple(Day(day, values, frozenset(waiting.get(day, ()))) for day, values in days.items())


def load_session_checkins(con: Con, athlete_id: str) -> list[tuple[str, CheckIn]]:
    """All check-ins as they were stated, each with its origin, ascending by order of arrival; without minutes that only
    a file claims and the person has to confirm. Rows of one file and day are told apart by a field that comes again."""
    found = rows(
        con,
        """SELECT origin, day, source, at_time, activity_id, quantity, number, word, truth FROM base.health_events
        WHERE athlete_id = ? AND stated AND NOT (coalesce(held, false) AND quantity IN ('run_min', 'walk_min'))
        ORDER BY arrival, origin, place""",
        [athlete_id],
    )
    grouped: dict[tuple[Any, ...], list[dict[str, float | str | bool]]] = {}
    for *about, quantity, number, word, truth in found:
        said = grouped.setdefault(tuple(about), [{}])
        if quantity in said[-1]:
            said.append({})
        said[-1][quantity] = _value(number, word, truth)
    return [
        (origin, CheckIn(day, values, source, at, activity))
        for (origin, day, source, at, activity), rows_said in grouped.items()
        for values in rows_said
    ]


def undated_files(con: Con, athlete_id: str) -> int:
    """How many recordings of the athlete wait for their day, because their clock was wrong."""
    found = "SELECT count(*) FROM base.files WHERE athlete_id = $1 AND status = 'waiting' AND code = 'clock'"
    return int(rows(con, found, [athlete_id])[0][0])


def last_file_day(con: Con, athlete_id: str, until: date | None = None) -> date | None:
    """The newest local day, up to `until`, that any activity, reading or check-in of the athlete covers."""
    found = rows(
        con,
        """SELECT max(day) FROM (
            SELECT local_day AS day FROM base.activities WHERE athlete_id = $1
            UNION ALL SELECT day FROM base.health_events WHERE athlete_id = $1
        ) WHERE day <= $2""",
        [athlete_id, until or date.max],
    )
    return found[0][0]


def _save(con: Con, athlete_id: str, origin: str, order: int, *, stated: bool, events: Iterable[Event]) -> int:
    known = [e for e in events if any(e[kind] is not None for kind in ("number", "word", "truth"))]
    records = [{**e, "origin": origin, "arrival": order, "place": place} for place, e in enumerate(known)]
    scope = of_athlete(athlete_id).with_columns(origin=pl.lit(origin), stated=pl.lit(stated))
    return replace(con, "health_events", frame(con, "health_events", records), ("origin",), scope)


def _event(
    athlete_id: str,
    day: date,
    quantity: str,
    value: float | str | bool,
    source: str,
    *,
    stated: bool,
    at: datetime | None = None,
) -> Event:
    number = None if isinstance(value, (str, bool)) else float(value)
    return {
        "athlete_id": athlete_id,
        "day": day,
        "quantity": quantity,
        "number": number if number is not None and math.isfinite(number) else None,
        "word": value if isinstance(value, str) else None,
        "truth": value if isinstance(value, bool) else None,
        "source": source,
        "stated": stated,
        "at_time": at,
    }


def _device_word(quantity: str) -> str:
    # A watch's stress score (0-100) and the person's own (1-7) share a name and must never be mixed.
    return "device_stress" if quantity == "stress" else quantity


def _stated(name: str, value: float | str | bool) -> tuple[str, float | str | bool]:
    if name == "hrv_rmssd_ms" and not isinstance(value, (str, bool)) and value > 0:
        return "hrv_ln_rmssd", math.log(value)
    return name, value


def _value(number: float | None, word: str | None, truth: bool | None) -> float | str | bool:
    """The one of the three that is there: events without a value are never stored."""
    return next(v for v in (truth, word, number) if v is not None)
