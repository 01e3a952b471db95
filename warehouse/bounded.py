"""Questions in SQL from a program: one SELECT on a read-only connection, within a time and a number of rows, and
without the tables that are not given out."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import duckdb
import polars as pl
from steadymile.warehouse.errors import WarehouseError
from steadymile.warehouse.queries import query

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
        return query(con, sql, most)


def tables(con: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """The tables that one statement reads, those behind views included. DuckDB itself resolves them."""
    try:
        if len(con.extract_statements(sql)) != 1:
            raise WarehouseError("One question at a time is answered", "Send a single SELECT")
        return set(con.get_table_names(sql))
    except duckdb.Error as error:
        raise WarehouseError(str(error).strip(), "Ask what the views and their columns are") from None
