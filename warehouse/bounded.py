"""Questions in SQL from a program: one SELECT on a read-only connection, within a time and a number of rows, and
without the tables that are not given out."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager

import duckdb
import polars as pl
from steadymile.warehouse.database import CLOSED, macros, rows
from steadymile.warehouse.errors import WarehouseError
from steadymile.warehouse.queries import VIEWS, query

QUESTION = 10_000
"""Characters of a question at most."""


@contextmanager
def within(con: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt what runs on a connection after so many seconds; WarehouseError says so."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        con.interrupt()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (WarehouseError, duckdb.Error):
        if not late.is_set():
            raise
        raise WarehouseError(f"The answer took longer than {seconds:g} s", "Ask for fewer days or columns") from None
    finally:
        timer.cancel()


def ask(
    con: duckdb.DuckDBPyConnection, sql: str, *, seconds: float, most: int, hidden: Collection[str] = ()
) -> pl.DataFrame:
    """The answer, at most `most` rows of it. WarehouseError says what is not answered: what reads a `hidden` table, by
    a view, a quoted or a computed name too, what takes too long, and what does not read."""
    if len(sql) > QUESTION:
        raise WarehouseError(f"The question is longer than {QUESTION:,} characters", "Ask for less at once")
    with within(con, seconds):
        if found := sorted(tables(con, sql).intersection(hidden)):
            raise WarehouseError(f"{found[0]} is not given out here", "Ask another view")
        if hidden:
            check_views(con, sql, seconds, hidden)
        return query(con, sql, most)


def check_views(con: duckdb.DuckDBPyConnection, sql: str, seconds: float, hidden: Collection[str]) -> None:
    """WarehouseError where a question asks anything but views that are given out: what lies beneath them holds places
    as well, the points by which copies of a run are known among others, and DuckDB keeps extremes of each column. The
    question is bound, and no more, where the views are empty tables and nothing else exists."""
    columns: dict[str, list[str]] = {}
    listed = "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'main'"
    for view, column, kind in rows(con, f"{listed} ORDER BY table_name, column_index"):
        columns.setdefault(view, []).append(f'"{column}" {kind}')
    with closing(duckdb.connect(config={"threads": "1", **CLOSED})) as stand_in, within(stand_in, seconds):
        stand_in.execute(macros())
        for view in columns.keys() & VIEWS.keys() - set(hidden):
            stand_in.execute(f'CREATE TABLE "{view}" ({", ".join(columns[view])})')
        stand_in.execute("SET enable_external_access = false")
        stand_in.execute("SET lock_configuration = true")
        try:
            stand_in.sql(sql)
        except duckdb.Error as error:
            raise WarehouseError(str(error).strip(), "Ask the views that `schema` names, none beneath them") from None


def tables(con: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """The tables that one statement reads, those behind views included. DuckDB itself resolves them."""
    try:
        if len(con.extract_statements(sql)) != 1:
            raise WarehouseError("One question at a time is answered", "Send a single SELECT")
        return set(con.get_table_names(sql))
    except duckdb.Error as error:
        raise WarehouseError(str(error).strip(), "Ask what the views and their columns are") from None
