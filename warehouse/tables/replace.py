"""The one way rows are saved: compare first, then delete and insert only what differs, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import duckdb
import polars as pl
from steadymile.warehouse.database import bump, rows, transaction

Con = duckdb.DuckDBPyConnection

MANY = 1000
"""From so many rows on it is asked first whether there is anything to compare them with."""
FEW = 200
"""So few rows are fetched to be compared, and written again all together: asking which differ would take longer."""

_schemas: dict[str, pl.Schema] = {}


def schema(con: Con, table: str) -> pl.Schema:
    """Names and types of the columns of a base table, in order. Asked once: the tables are the same in every file."""
    if table not in _schemas:
        _schemas[table] = con.sql(f"SELECT * FROM base.{table} LIMIT 0").pl().schema
    return _schemas[table]


def frame(con: Con, table: str, records: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Records as a frame with the columns and types of a base table; what a record lacks is NULL."""
    wanted = schema(con, table)
    return pl.from_dicts(records, schema=wanted, strict=False) if records else wanted.to_frame()


def append(con: Con, table: str, new: pl.DataFrame) -> None:
    """Insert rows; columns that the frame lacks are NULL."""
    if new.height:
        with arriving(con, coming=_conform(new, schema(con, table))):
            con.execute(f"INSERT INTO base.{table} SELECT * FROM coming")


def replace(con: Con, table: str, new: pl.DataFrame, key: Sequence[str], within: pl.DataFrame | None = None) -> int:
    """Make the rows of `base.table` that lie within a scope equal to `new`; returns how many keys changed, and counts a
    change if any did. The scope is every row that agrees with a row of `within` in all its columns (one column
    `athlete_id`: all of that athlete's rows); None: the keys that `new` names. Values of keys may be NULL.
    """
    wanted = schema(con, table)
    coming = _conform(new, wanted)
    scope = coming.select(key).unique() if within is None else within.cast({n: wanted[n] for n in within.columns})
    listed = ", ".join(f'"{n}"' for n in wanted)
    keys = ", ".join(f'"{k}"' for k in key)
    values: list[Any] = list(scope.row(0)) if scope.height == 1 else []  # nearly always one athlete, named directly
    in_scope = (
        " AND ".join(f't."{n}" IS NOT DISTINCT FROM ${place}' for place, n in enumerate(scope.columns, 1))
        if values
        else f"EXISTS (SELECT 1 FROM scope s WHERE {_same('s', scope.columns)})"
    )
    if not coming.height and values and not rows(con, f"SELECT 1 FROM base.{table} t WHERE {in_scope} LIMIT 1", values):
        return 0  # most people have no rows in most tables, and then there is nothing to compare
    if values and coming.height <= FEW:
        return _few(con, table, coming, key, in_scope, values)
    # Sums of row hashes tell whether two sets of rows are equal, without sorting or joining them.
    differing = f"""SELECT {keys} FROM (
            SELECT {keys}, 1 AS n, CAST(hash({listed}) AS HUGEINT) AS h FROM base.{table} t WHERE {in_scope}
            UNION ALL
            SELECT {keys}, -1, -CAST(hash({listed}) AS HUGEINT) FROM coming
        ) GROUP BY ALL HAVING sum(n) <> 0 OR sum(h) <> 0"""
    frames = {"coming": coming} if values else {"coming": coming, "scope": scope}
    with transaction(con), arriving(con, **frames):
        if coming.height > MANY and not rows(con, f"SELECT 1 FROM base.{table} t WHERE {in_scope} LIMIT 1", values):
            con.execute(f"INSERT INTO base.{table} SELECT {listed} FROM coming")
            bump(con)
            return coming.select(key).n_unique()
        changed = rows(con, differing, values)  # mostly none, and then a frame would cost more than the question
        if changed:
            differs = f"EXISTS (SELECT 1 FROM differing d WHERE {_same('d', key)})"
            with arriving(con, differing=pl.DataFrame(changed, {k: wanted[k] for k in key}, orient="row")):
                con.execute(f"DELETE FROM base.{table} t WHERE {in_scope} AND {differs}", values)
                con.execute(f"INSERT INTO base.{table} SELECT {listed} FROM coming t WHERE {differs}")
        if changed:
            bump(con)
    return len(changed)


def _few(con: Con, table: str, coming: pl.DataFrame, key: Sequence[str], in_scope: str, values: Sequence[Any]) -> int:
    """`replace` of few rows within the one scope that `values` name."""
    listed = ", ".join(f'"{n}"' for n in coming.columns)
    stored = con.sql(f"SELECT {listed} FROM base.{table} t WHERE {in_scope}", params=list(values)).pl()
    ordered = [frame.sort(key, maintain_order=True) for frame in (stored, coming)]
    if ordered[0].equals(ordered[1]):
        return 0
    before, after = ({k: sorted(map(repr, of)) for k, of in f.rows_by_key(list(key)).items()} for f in ordered)
    changed = sum(before.get(k) != after.get(k) for k in before.keys() | after.keys())
    if changed:
        with transaction(con), arriving(con, coming=coming):
            con.execute(f"DELETE FROM base.{table} t WHERE {in_scope}", list(values))
            con.execute(f"INSERT INTO base.{table} SELECT {listed} FROM coming")
            bump(con)
    return changed


def of_athlete(athlete_id: str) -> pl.DataFrame:
    """The scope of all rows of one athlete."""
    return pl.DataFrame({"athlete_id": [athlete_id]})


def _same(other: str, names: Sequence[str]) -> str:
    return " AND ".join(f't."{n}" IS NOT DISTINCT FROM {other}."{n}"' for n in names)


def _conform(new: pl.DataFrame, wanted: pl.Schema) -> pl.DataFrame:
    """The frame with the very columns and types of a table, so that equal rows hash equally."""
    if new.schema == wanted:
        return new
    return new.select(
        pl.col(name).cast(kind) if name in new.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in wanted.items()
    )


@contextmanager
def arriving(con: Con, **frames: pl.DataFrame) -> Iterator[None]:
    """Frames as views of the connection, by name."""
    for name, new in frames.items():
        con.register(name, new.to_arrow())
    try:
        yield
    finally:
        for name in frames:
            with suppress(duckdb.Error):  # not possible after a failure, which is what shall be told of
                con.unregister(name)
