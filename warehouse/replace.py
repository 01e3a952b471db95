"""The one way rows are saved: compare first, then delete and insert only what differs, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import polars as pl

from warehouse.database import bump, rows, transaction

Con = duckdb.DuckDBPyConnection


def columns(con: Con, table: str) -> list[str]:
    """Names of the columns of a base table, in order."""
    sql = "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'base' AND table_name = ? ORDER BY column_index"
    return [name for (name,) in rows(con, sql, [table])]


def frame(con: Con, table: str, records: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Records as a frame with the columns and types of a base table; what a record lacks is NULL."""
    empty = con.sql(f"SELECT * FROM base.{table} LIMIT 0").pl()
    return pl.from_dicts(records, schema=empty.schema, strict=False) if records else empty


def append(con: Con, table: str, new: pl.DataFrame) -> None:
    """Insert rows by column name; columns that the frame lacks are NULL."""
    if not new.height:
        return
    con.register("arriving", new.to_arrow())
    try:
        con.execute(f"INSERT INTO base.{table} BY NAME SELECT * FROM arriving")
    finally:
        con.unregister("arriving")


def replace(con: Con, table: str, new: pl.DataFrame, key: Sequence[str], within: pl.DataFrame | None = None) -> int:
    """Make the rows of `base.table` that lie within a scope equal to `new`; returns how many keys changed, and counts a
    change if any did. The scope is every row that agrees with a row of `within` in all its columns (one column
    `athlete_id`: all of that athlete's rows); None: the keys that `new` names. Values of keys may be NULL.
    """
    scope = new.select(key).unique() if within is None else within
    names = columns(con, table)
    listed = ", ".join(f'"{n}"' for n in names)
    keys = ", ".join(f'"{k}"' for k in key)
    in_scope = f"EXISTS (SELECT 1 FROM scope s WHERE {_same('s', scope.columns)})"
    differs = f"EXISTS (SELECT 1 FROM differing d WHERE {_same('d', key)})"
    with transaction(con):
        _stage(con, "coming", table, names, new)
        _stage(con, "scope", table, scope.columns, scope)
        # Sums of row hashes tell whether two sets of rows are equal, without sorting or joining them.
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE differing AS
            SELECT {keys} FROM (
                SELECT {keys}, 1 AS n, CAST(hash({listed}) AS HUGEINT) AS h FROM base.{table} t WHERE {in_scope}
                UNION ALL
                SELECT {keys}, -1, -CAST(hash({listed}) AS HUGEINT) FROM coming
            ) GROUP BY ALL HAVING sum(n) <> 0 OR sum(h) <> 0"""
        )
        count = rows(con, "SELECT count(*) FROM differing")[0][0]
        if count:
            con.execute(f"DELETE FROM base.{table} t WHERE {in_scope} AND {differs}")
            con.execute(f"INSERT INTO base.{table} SELECT {listed} FROM coming t WHERE {differs}")
            bump(con)
        for name in ("coming", "scope", "differing"):
            con.execute(f"DROP TABLE {name}")
    return int(count)


def of_athlete(athlete_id: str) -> pl.DataFrame:
    """The scope of all rows of one athlete."""
    return pl.DataFrame({"athlete_id": [athlete_id]})


def _same(other: str, names: Sequence[str]) -> str:
    return " AND ".join(f't."{n}" IS NOT DISTINCT FROM {other}."{n}"' for n in names)


def _stage(con: Con, name: str, table: str, names: Sequence[str], new: pl.DataFrame) -> None:
    """A temporary table with some columns of a base table, so that what arrives has the very types of what is there."""
    listed = ", ".join(f'"{n}"' for n in names)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {listed} FROM base.{table} LIMIT 0")
    if new.height:
        con.register("arriving", new.to_arrow())
        try:
            con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM arriving")
        finally:
            con.unregister("arriving")
