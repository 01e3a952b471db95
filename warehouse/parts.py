"""A published warehouse as Parquet parts on shared storage, and many of them merged into one file by one writer.

A part is named by the sha-256 of its bytes and appears only when it is whole: writing it twice, or on two machines at
once, leaves one file.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
from steadymile.warehouse.archive import sync
from steadymile.warehouse.database import CLOSED, SQL, STORAGE, open_work, rows
from steadymile.warehouse.queries import OF_NOBODY, VIEWS

STAY = {"samples"}
"""Nine tenths of the bytes, seldom asked for."""

Parts = Mapping[str, str]
"""View -> name of its part."""


def export_parts(published: Path, store: Path) -> dict[str, str]:
    """Write every contract view of a published warehouse into `store` and return the names of the parts."""
    con = duckdb.connect(str(published), read_only=True, config=dict(CLOSED))
    try:
        con.execute("SET TimeZone = 'UTC'")
        return {name: _part(con, name, order, store / name) for name, (_, order) in VIEWS.items()}
    finally:
        con.close()


def merge_parts(shards: Sequence[Parts], store: Path, target: Path) -> Path:
    """One DuckDB file with the rows of all shards under the names of the contract views, with their comments. Samples
    stay in `store`, where a view reads them; metric cards are the same everywhere and come from the first shard. The
    file appears whole or not at all."""
    aside = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    con = duckdb.connect(str(aside), config={"storage_compatibility_version": STORAGE, **CLOSED})
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.execute((SQL / "macros.sql").read_text(encoding="utf-8"))
        for name in VIEWS:
            told = shards[:1] if name in OF_NOBODY else shards
            files = sorted({str(store / name / f"{parts[name]}.parquet") for parts in told})
            listed = ", ".join(f"'{_quoted(file)}'" for file in files)
            con.execute(f"CREATE {_kind(name)} {name} AS SELECT * FROM read_parquet([{listed}])")
        _comment(con, aside.with_name(f"{aside.name}.schema"))
        con.execute("CHECKPOINT")
        con.close()
        sync(aside)
        os.replace(aside, target)
    finally:
        con.close()
        aside.unlink(missing_ok=True)
    sync(target.parent)
    return target


def _kind(name: str) -> str:
    return "VIEW" if name in STAY else "TABLE"


def _part(con: duckdb.DuckDBPyConnection, name: str, order: str, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f".{uuid.uuid4().hex}.part"
    try:
        con.execute(f"COPY (SELECT * FROM {name} ORDER BY {order}) TO '{_quoted(aside)}' (FORMAT parquet)")
        with aside.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        final = folder / f"{sha256}.parquet"
        if not final.exists():
            sync(aside)
            os.replace(aside, final)
            sync(folder)
        return sha256
    finally:
        aside.unlink(missing_ok=True)


def _comment(con: duckdb.DuckDBPyConnection, scratch: Path) -> None:
    """Give the merged file the comments of the contract views, from a fresh file of the same schema."""
    fresh = open_work(scratch)
    try:
        tables = rows(
            fresh, "SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal"
        )
        columns = rows(
            fresh,
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal",
        )
    finally:
        fresh.close()
        scratch.unlink(missing_ok=True)
    for table, comment in tables:
        con.execute(f"COMMENT ON {_kind(table)} {table} IS '{_quoted(comment)}'")
    for table, column, comment in columns:
        con.execute(f"COMMENT ON COLUMN {table}.\"{column}\" IS '{_quoted(comment)}'")


def _quoted(text: object) -> str:
    return str(text).replace("'", "''")
