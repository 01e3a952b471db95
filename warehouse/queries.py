"""Reading: one function a question, one SQL file each where it is longer than a line."""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from models.history import Session

VIEWS = (
    "files",
    "activities",
    "samples",
    "laps",
    "bouts",
    "metrics",
    "metric_cards",
    "health",
    "days",
    "weeks",
    "targets",
    "targets_history",
    "planned_sessions",
    "planned_sessions_history",
    "reasons",
    "reasons_history",
    "agreement",
    "runs_log",
)
"""The views that are contracts."""


def view(
    con: duckdb.DuckDBPyConnection, name: str, athlete_id: str | None = None, since: date | None = None
) -> pl.DataFrame:
    """A contract view as a frame, of one athlete (None: all) and from a local day on (None: ever), in time order."""
    raise NotImplementedError


def sessions(con: duckdb.DuckDBPyConnection, athlete_id: str, until: date | None = None) -> tuple[Session, ...]:
    """The preferred, unforgotten activities of an athlete up to a local day as the planner sees them, ascending."""
    raise NotImplementedError


def query(con: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    """The reader's own SQL (`steadymile sql`) as a frame; raises WarehouseError with what the database said."""
    raise NotImplementedError


def contract_hash(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """A hash of the rows of each contract view but runs_log, whatever their order, comparable within one version of
    DuckDB: equal hashes, equal rows."""
    raise NotImplementedError
