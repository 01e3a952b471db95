"""Athletes with their dated facts, metric cards, the log of runs, and taking a person out for good."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import duckdb
import polars as pl
from steadymile.models.athlete import Athlete, facts_from, stated
from steadymile.models.members import SEPARATOR
from steadymile.models.metrics.catalogue import Card
from steadymile.warehouse.database import bump, rows, transaction
from steadymile.warehouse.journal import named
from steadymile.warehouse.tables.replace import append, frame, replace
from steadymile.warehouse.tables.rows import RunRow

Con = duckdb.DuckDBPyConnection


def save_athletes(con: Con, athletes: Sequence[Athlete]) -> int:
    """Set the facts of these athletes (those not named stay)."""
    records = [
        {"athlete_id": a.athlete_id, "name": a.name, "units": a.units, "facts": _facts_json(a)} for a in athletes
    ]
    return replace(con, "athletes", frame(con, "athletes", records), ("athlete_id",))


def remove_athletes(con: Con, athlete_ids: Sequence[str]) -> int:
    """Forget the facts of these athletes; their recordings stay. Returns how many there were."""
    scope = pl.DataFrame({"athlete_id": list(athlete_ids)}, schema={"athlete_id": pl.String})
    return replace(con, "athletes", frame(con, "athletes", []), ("athlete_id",), scope)


def load_athletes(con: Con) -> list[Athlete]:
    """The athletes, by id."""
    found = rows(con, "SELECT athlete_id, name, units, facts FROM base.athletes ORDER BY athlete_id")
    return [_athlete(*row) for row in found]


def save_cards(con: Con, cards: Sequence[Card]) -> int:
    """Set the metric cards: the whole catalogue."""
    records = [{"metric": c.name, **asdict(c), "needs": list(c.needs)} for c in cards]
    for record in records:
        del record["name"]
    names = sorted({c.name for c in cards} | {name for (name,) in rows(con, "SELECT metric FROM base.metric_cards")})
    scope = pl.DataFrame({"metric": names}, schema={"metric": pl.String})
    return replace(con, "metric_cards", frame(con, "metric_cards", records), ("metric",), scope)


def save_run_log(con: Con, run: RunRow) -> None:
    """Add a run, or replace it by its id. Not counted as a change: a run that found nothing new publishes nothing."""
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    record = asdict(run) | {
        name: json.dumps(dict(getattr(run, name))) for name in ("counts", "durations_s", "versions")
    }
    with transaction(con):
        con.execute("DELETE FROM base.runs_log WHERE run_id = ?", [run.run_id])
        append(con, "runs_log", frame(con, "runs_log", [{**record, "duration_s": took}]))


def erase_athlete(con: Con, athlete_id: str) -> list[str]:
    """Remove every row about an athlete, also of files that waited in their folder; returns the sha-256 that no other
    athlete holds, for the caller to remove from the archive."""
    with transaction(con):
        orphans = rows(
            con,
            """SELECT DISTINCT sha256 FROM base.files WHERE athlete_id = $1 AND sha256 IS NOT NULL
            AND sha256 NOT IN (
                SELECT sha256 FROM base.files WHERE athlete_id IS DISTINCT FROM $1 AND sha256 IS NOT NULL
            ) ORDER BY sha256""",
            [athlete_id],
        )
        mine = "activity_no IN (SELECT activity_no FROM base.activities WHERE athlete_id = ?)"
        numbered = rows(
            con,
            "SELECT table_name FROM duckdb_columns() WHERE schema_name = 'base' AND column_name = 'activity_no' "
            "AND table_name <> 'activities'",
        )
        for (table,) in numbered:
            con.execute(f"DELETE FROM base.{table} WHERE {mine}", [athlete_id])
        held = rows(
            con,
            "SELECT c.table_name FROM duckdb_columns() c JOIN duckdb_tables() t ON t.table_oid = c.table_oid "
            "WHERE t.schema_name = 'base' AND c.column_name = 'athlete_id'",
        )
        theirs = "athlete_id = $1 OR (athlete_id IS NULL AND starts_with(path, $1 || '/'))"
        files = f"SELECT split_part(path, '{SEPARATOR}', 1) FROM base.files WHERE {theirs}"
        con.execute(f"DELETE FROM base.inbox WHERE path IN ({files})", [athlete_id])
        con.execute(f"DELETE FROM base.files WHERE {theirs}", [athlete_id])
        for (table,) in held:
            con.execute(f"DELETE FROM base.{table} WHERE athlete_id = ?", [athlete_id])
        # what a run noted names people and files in words
        con.execute("UPDATE base.runs_log SET note = NULL WHERE regexp_matches(note, ?)", [named(athlete_id)])
        bump(con)
    return [sha256 for (sha256,) in orphans]


def _facts_json(athlete: Athlete) -> str:
    return json.dumps(
        {
            "base": stated(athlete.base),
            "dated": {day.isoformat(): stated(f) for day, f in sorted(athlete.dated.items())},
        },
        sort_keys=True,
    )


def _athlete(athlete_id: str, name: str | None, units: str, facts: str) -> Athlete:
    stored = json.loads(facts)
    dated = {date.fromisoformat(day): facts_from(f) for day, f in stored["dated"].items()}
    return Athlete(athlete_id, name, units, dated, facts_from(stored["base"]))
