"""A published warehouse as Parquet parts on shared storage, and many of them merged into one file by one writer.

A part is named by the sha-256 of its bytes and appears only when it is whole: writing it twice, or on two machines at
once, leaves one file. Samples have a part for each month, and a night writes those of the months that changed. Each
shard keeps a list of its parts in the store; what no list names any more is collected. A store is for one merged file.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from steadymile.warehouse.archive import sync
from steadymile.warehouse.database import CLOSED, STORAGE, connect, macros, open_work, rows
from steadymile.warehouse.queries import OF_NOBODY, VIEWS

STAY = {"samples"}
"""Nine tenths of the bytes, seldom asked for."""
LISTS = "shards"
"""The folder of a store with a list for each shard."""
KEPT_S = 86_400.0
"""So long a part stays that no list names any more: a night that writes may not have listed it yet."""

Parts = Mapping[str, Sequence[str]]
"""View -> names of its parts."""


def export_parts(published: Path, store: Path, shard: str) -> dict[str, list[str]]:
    """Write every contract view of a published warehouse into `store` and return the names of the parts. `shard` names
    the list by which the next night knows the months of samples that did not change."""
    place = store / LISTS / f"{shard}.json"
    known = _list_of(place).get("months", {})
    con = connect(published, read_only=True)
    try:
        con.execute("SET TimeZone = 'UTC'")
        parts = {
            name: [_part(con, name, order, store / name)] for name, (_, order) in VIEWS.items() if name not in STAY
        }
        months = {name: _months(con, name, order, store / name, known.get(name, {})) for name, (_, order) in STAYING}
    finally:
        con.close()
    parts |= {name: [part for _, part in found.values()] for name, found in months.items()}
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_name(f".{place.name}.{uuid.uuid4().hex}.part")
    aside.write_text(json.dumps({"parts": parts, "months": months}), encoding="utf-8")
    sync(aside)
    os.replace(aside, place)
    return parts


STAYING = [(name, VIEWS[name]) for name in sorted(STAY)]


def _months(
    con: duckdb.DuckDBPyConnection, name: str, order: str, folder: Path, known: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, str]]:
    """Each month of a view with what its rows come to and its part, which is written where it is not `known`. A view
    without rows has one part, without rows."""
    listed = ", ".join(f'"{column}"' for column, *_ in rows(con, f"DESCRIBE {name}"))
    sums = f"""SELECT date_trunc('month', local_day)::DATE AS month, count(*), sum(CAST(hash({listed}) AS HUGEINT))
        FROM {name} GROUP BY ALL ORDER BY ALL"""
    found = {}
    for month, count, total in rows(con, sums) or [(None, 0, 0)]:
        rows_of = f"{duckdb.__version__}:{count}:{total}"
        before = known.get(str(month), ("", ""))
        if before[0] == rows_of and (folder / f"{before[1]}.parquet").exists():
            found[str(month)] = (rows_of, before[1])
            continue
        where = f"WHERE date_trunc('month', local_day)::DATE IS NOT DISTINCT FROM {_literal(month)}"
        found[str(month)] = (rows_of, _part(con, name, order, folder, where))
    return found


def _literal(month: date | None) -> str:
    return "NULL" if month is None else f"DATE '{month.isoformat()}'"


def _list_of(place: Path) -> dict[str, Any]:
    """What a shard's list holds; nothing where there is none that can be read."""
    try:
        return dict(json.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def collect_parts(store: Path, now_s: float) -> int:
    """Delete the parts that no shard's list names any more, and what was left half written, once they are KEPT_S old.
    Nothing is deleted while a list cannot be read. Returns how many."""
    lists = [_list_of(place) for place in (store / LISTS).glob("*.json")]
    if not all(lists):
        return 0
    named = {(view, part) for found in lists for view, parts in found["parts"].items() for part in parts}
    gone = 0
    for view in VIEWS:
        for path in (store / view).glob("*.par*"):
            if (view, path.stem) not in named and now_s - path.stat().st_mtime > KEPT_S:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def merge_parts(shards: Sequence[Parts], store: Path, target: Path) -> Path:
    """One DuckDB file with the rows of all shards under the names of the contract views, with their comments. Samples
    stay in `store`, where a view reads them; metric cards are the same everywhere and come from the first shard. The
    file appears whole or not at all."""
    aside = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    con = connect(aside, {"storage_compatibility_version": STORAGE, **CLOSED})
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.execute(macros())
        for name in VIEWS:
            told = shards[:1] if name in OF_NOBODY else shards
            files = sorted({str(store / name / f"{part}.parquet") for parts in told for part in parts[name]})
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


def _part(con: duckdb.DuckDBPyConnection, name: str, order: str, folder: Path, where: str = "") -> str:
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f".{uuid.uuid4().hex}.part"
    try:
        con.execute(f"COPY (SELECT * FROM {name} {where} ORDER BY {order}) TO '{_quoted(aside)}' (FORMAT parquet)")
        with aside.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        final = folder / f"{sha256}.parquet"
        if final.exists():
            os.utime(final)  # it may have been about to be collected
        else:
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
