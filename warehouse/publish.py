"""From the private work file to the file that people open: copied whole, appearing in one instant.

A reader of the old file keeps reading it. Edits a reader makes are not kept, and a `.wal` it leaves is removed before
it could be taken for ours.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
from steadymile.warehouse.archive import make_way, sync
from steadymile.warehouse.database import connect, open_work, rows, stamp, sweep_names
from steadymile.warehouse.errors import Broken, Busy


@dataclass(frozen=True, slots=True)
class Published:
    """What `publish` did: `skipped` when the published file was up to date already. `seconds` it took."""

    target: Path
    skipped: bool
    bytes: int
    seconds: float


def publish(work: Path, target: Path, *, force: bool = False, contents: str | None = None) -> Published:
    """Publish the work file, unless nothing changed. Close every connection to it first: copying a live database loses
    rows. Raises Busy where another process has it open, or where the system forbids replacing an open file (Windows).

    `contents` is the `stamp` of the connection that the caller just closed, and saves opening the file once more.
    """
    began = time.monotonic()
    make_way(target)
    if contents is None or _wal(work).exists():
        contents = _settled(work)
    if not force and not _stale(work, target, contents):
        return Published(target, True, target.stat().st_size, time.monotonic() - began)
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    _sweep(target)
    try:
        shutil.copyfile(work, aside)
        check(aside)
        sync(aside)
        _wal(target).unlink(missing_ok=True)
        _swap(aside, target)
        _wal(target).unlink(missing_ok=True)  # written by a reader of the old file in between
    finally:
        aside.unlink(missing_ok=True)
    sync(target.parent)
    _record(work, target).write_text(json.dumps(_facts(target, contents)), encoding="utf-8")
    return Published(target, False, target.stat().st_size, time.monotonic() - began)


def check(path: Path, *, samples: bool = False) -> None:
    """Read every row of every table (of the samples only where asked for): DuckDB compares the checksum of each block
    that it reads. Raises Broken where one does not agree: a damaged file never takes a good one's place."""
    try:
        con = connect(path, read_only=True)
        try:
            tables = rows(con, "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'base'")
            wanted = [name for (name,) in tables if samples or name != "samples"]
            if wanted:
                rows(con, " UNION ALL ".join(f"SELECT count(hash(t)) FROM base.{name} t" for name in wanted))
        finally:
            con.close()
    except duckdb.Error as error:
        raise Broken(
            f"{path.name} is damaged ({str(error).splitlines()[0]})",
            "Run: steadymile rebuild (it is made anew from the archive)",
        ) from error


def _settled(work: Path) -> str:
    """Bring everything into the one file, as closing it does unless a run was killed; returns its stamp."""
    con = open_work(work)
    try:
        con.execute("CHECKPOINT")
        return stamp(con)
    finally:
        con.close()


def _stale(work: Path, target: Path, contents: str) -> bool:
    try:
        recorded = json.loads(_record(work, target).read_text(encoding="utf-8"))
        return bool(recorded != _facts(target, contents) or _wal(target).exists())
    except (OSError, ValueError):
        return True


def _facts(target: Path, contents: str) -> dict[str, int | str]:
    """By which we know the file as the one we published."""
    found = target.stat()
    return {"contents": contents, "bytes": found.st_size, "mtime_ns": found.st_mtime_ns}


def _record(work: Path, target: Path) -> Path:
    return work.with_name(f"{target.name}.published.json")


def _wal(target: Path) -> Path:
    return target.with_name(target.name + ".wal")


def _sweep(target: Path) -> None:
    """Remove copies that a killed run left half-written, and names that a killed reader left; the home's lock makes us
    the only one at work."""
    for left in target.parent.glob(f".{target.name}.*.part"):
        left.unlink(missing_ok=True)
    sweep_names(target.parent)


def _swap(aside: Path, target: Path, tries: int = 20) -> None:
    """Put the new file in the old one's place; Windows allows that only while nobody has it open."""
    for left in reversed(range(tries if sys.platform == "win32" else 1)):
        try:
            os.replace(aside, target)
            return
        except PermissionError as error:
            if not left:
                raise Busy(
                    f"{target} cannot be replaced while another program has it open",
                    "Close that program and run: steadymile nightly",
                ) from error
            time.sleep(0.5)
