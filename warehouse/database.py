"""Opening the warehouse: the private work file that the nightly run writes, and the published copy that people read."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import duckdb
from steadymile.warehouse.errors import Broken, Busy, Damaged, WarehouseError
from steadymile.warehouse.numbers import filled

SQL = Path(__file__).parent / "sql"
STORAGE = "v1.1.0"
"""Storage version of the files: every DuckDB from 1.1 on opens them. One made by an earlier steadymile keeps its own
until `steadymile rebuild`."""

CLOSED = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
"""Nothing is ever fetched."""

NOT_THE_ROWS = (OSError, MemoryError, duckdb.IOException, duckdb.FatalException, duckdb.OutOfMemoryException)
"""What a full disk or a broken database raises while rows are saved: the rows are not at fault."""

READ = ".read-"
"""How folders begin in which the published file has another name for an instant."""

_depth: dict[int, int] = {}


def open_work(path: Path, memory_limit: str = "1GB") -> duckdb.DuckDBPyConnection:
    """Open (or make) the work file, bring its tables and views up to date. Times are UTC. Raises WarehouseError where
    the file was written by a newer steadymile, Busy where another process has it open."""
    path.parent.mkdir(parents=True, exist_ok=True)
    config = {"storage_compatibility_version": STORAGE, "memory_limit": memory_limit, **CLOSED}
    con = _connect(path, config)
    try:
        con.execute("SET TimeZone = 'UTC'")
        _bring_up_to_date(con, path)
    except duckdb.ParserException:  # a fault in our own SQL: the file is as it was, and is not thrown away for it
        con.close()
        raise
    except duckdb.Error as error:
        con.close()
        raise unusable(path, "read", error) from error
    except BaseException:
        con.close()
        raise
    return con


def open_published(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the published file read-only, with no way out: no network, no other files, settings locked.

    A `.wal` beside it is what another program meant to change in it; it is not ours and is passed over. Several may be
    open at a time.
    """
    if not path.exists():
        raise WarehouseError(f"There is no warehouse at {path} yet", "Run: steadymile nightly")
    spill = {"temp_directory": f"{path.absolute()}.tmp"}
    with _name_of_its_own(path) as place:
        con = _connect(place, {**CLOSED, **spill}, read_only=True)
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_external_access = false")
    if place == path:
        con.execute("SET disabled_filesystems = 'LocalFileSystem'")
    con.execute("SET lock_configuration = true")
    return con


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing. Inside another `transaction` of the same connection it joins that one."""
    key = id(con)
    outermost = key not in _depth
    if outermost:
        con.execute("BEGIN")
    _depth[key] = _depth.get(key, 0) + 1
    try:
        yield
    except BaseException:
        if outermost:
            with suppress(duckdb.Error):  # a full disk ends the transaction by itself; its error is what shall be told
                con.execute("ROLLBACK")
        raise
    else:
        if outermost:
            con.execute("COMMIT")
    finally:
        _depth[key] -= 1
        if outermost:
            del _depth[key]


def rows(con: duckdb.DuckDBPyConnection, sql: str, params: list[object] | None = None) -> list[tuple]:
    """All rows of a query; fetched whole, because an unfinished result blocks the connection."""
    return con.execute(sql, params or []).fetchall()


def schema_version(con: duckdb.DuckDBPyConnection) -> int:
    """Number of the last migration applied; 0 for a new file."""
    if not rows(con, "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'base' AND table_name = 'state'"):
        return 0
    return int(state(con, "schema_version") or 0)


def connect(
    path: Path | str, config: Mapping[str, str] = CLOSED, *, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """A connection that fetches nothing and draws nothing: in a process that a pool started, DuckDB shows how far a
    statement is. Raises duckdb.Error."""
    con = duckdb.connect(str(path), read_only=read_only, config=dict(config))
    with suppress(duckdb.InvalidInputException):  # refused in a notebook without ipywidgets, which can draw none
        con.execute("SET enable_progress_bar = false")
    return con


def _connect(path: Path, config: Mapping[str, str], *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    try:
        return connect(path, config, read_only=read_only)
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) and any(words in str(error) for words in HELD):
            raise Busy(
                f"Another program has {path.name} open for writing", "Close it there and run the command again"
            ) from error
        raise unusable(path, "opened", error) from error


HELD = ("Could not set lock on file", "being used by another process")
"""What DuckDB says of a file that another process has open, on Unix and on Windows. A path may hold any word."""
DAMAGE = ("not a valid DuckDB database file", "Could not read enough bytes", "Corrupt database file", "checksum")
"""What DuckDB says of bytes that are not what was written."""
_QUOTING = (duckdb.ProgrammingError, duckdb.DataError, duckdb.IntegrityError)
"""Errors of statements and values: they may quote what somebody wrote, and say nothing of the file."""


def unusable(path: Path, done: str, error: duckdb.Error) -> WarehouseError:
    """Damaged where the file's bytes are at fault, so that nothing is lost by making it anew; else Broken: it may be
    of a newer DuckDB, without permission, or on a disk that is full."""
    said = str(error).splitlines()[0]
    inside = isinstance(error, duckdb.SerializationException | duckdb.FatalException | duckdb.InternalException)
    kind = Damaged if inside or is_damage(error) else Broken
    return kind(
        f"{path} cannot be {done} ({said})",
        "Move it away and run: steadymile rebuild (it is made anew from the archive)",
    )


def is_damage(error: Exception) -> bool:
    """Whether an error comes of bytes in a database that are not what was written there: blocks are first read, and
    their checksums compared, when a question needs them."""
    if isinstance(error, WarehouseError):
        return isinstance(error.__cause__, duckdb.Error) and (isinstance(error, Damaged) or is_damage(error.__cause__))
    known = isinstance(error, duckdb.Error) and not isinstance(error, _QUOTING)
    return known and any(words in str(error) for words in DAMAGE)


@contextmanager
def _name_of_its_own(path: Path) -> Iterator[Path]:
    """Another name of a file, gone once it is opened; the path itself where there can be none. DuckDB keeps one set of
    locked settings for each name, takes up a `.wal` beside it, and lets questions read the file of that name as bytes,
    hidden tables included."""
    try:
        folder = tempfile.TemporaryDirectory(dir=path.parent, prefix=READ, ignore_cleanup_errors=True)
    except OSError:  # a folder that may only be read
        yield path
        return
    with folder:
        other = Path(folder.name) / path.name
        try:
            os.link(path, other)
        except OSError:  # a file system without links
            other = path
        yield other


def sweep_names(folder: Path, older_than_s: float = 60.0) -> None:
    """Remove other names of the published file that a killed reader left: each would keep an old file's bytes. A
    reader at work needs its name for an instant only."""
    for left in folder.glob(f"{READ}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime >= older_than_s:
                shutil.rmtree(left)


@cache
def migrations() -> tuple[tuple[int, str], ...]:
    """(number, SQL) of every migration, ascending."""
    files = sorted((SQL / "migrations").glob("*.sql"))
    return tuple((int(f.name.split("_")[0]), f.read_text(encoding="utf-8")) for f in files)


@cache
def definitions() -> tuple[str, ...]:
    """SQL of the macros and views, in order."""
    files = [SQL / "macros.sql", *sorted((SQL / "views").glob("*.sql"))]
    return tuple(filled(f.read_text(encoding="utf-8")) for f in files)


def macros() -> str:
    """SQL of the macros alone."""
    return definitions()[0]


def _bring_up_to_date(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    version = schema_version(con)
    newest = migrations()[-1][0]
    if version > newest:
        raise WarehouseError(
            f"{path} was written by a newer steadymile (schema {version}, this one knows {newest})",
            "Update steadymile, or point it at another home",
        )
    wanted = hashlib.sha256("\n".join(definitions()).encode()).hexdigest()
    if version == newest and state(con, "definitions") == wanted:
        return
    with transaction(con):
        for number, sql in migrations():
            if number > version:
                con.execute(sql)
                set_state(con, "schema_version", str(number))
        if not state(con, "birth"):
            set_state(con, "birth", uuid.uuid4().hex)  # by which a rebuilt file is told from the one before
        for sql in definitions():
            con.execute(sql)
        _inherit_comments(con)
        set_state(con, "definitions", wanted)
        bump(con)


def _inherit_comments(con: duckdb.DuckDBPyConnection) -> None:
    """Give every column without a comment that of a view's column of the same name, so that none is written twice."""
    columns = rows(
        con,
        "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns() "
        "WHERE NOT internal AND schema_name IN ('main', 'base') ORDER BY ALL",
    )
    said: dict[tuple[str, str], str] = {}
    for _, table, column, comment in sorted(columns, key=lambda c: c[0] == "base"):
        if comment:
            said.setdefault((table, column), comment)
            said.setdefault(("", column), comment)
    for schema, table, column, comment in columns:
        found = said.get((table.removesuffix("_history"), column)) or said.get(("", column))
        if not comment and found:
            text = found.replace("'", "''")
            con.execute(f"COMMENT ON COLUMN {schema}.{table}.\"{column}\" IS '{text}'")


def state(con: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """One word that the file remembers about itself; None where it has none."""
    found = rows(con, "SELECT value FROM base.state WHERE name = ?", [name])
    return found[0][0] if found else None


def set_state(con: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Remember one word about the file itself."""
    con.execute("DELETE FROM base.state WHERE name = ?", [name])
    con.execute("INSERT INTO base.state VALUES (?, ?)", [name, value])


def changes(con: duckdb.DuckDBPyConnection) -> int:
    """The change counter: grows with every save that changed something, and only then."""
    return int(state(con, "changes") or 0)


def stamp(con: duckdb.DuckDBPyConnection) -> str:
    """Which file this is and how often it changed: equal stamps, equal contents."""
    return f"{state(con, 'birth')}:{changes(con)}"


def bump(con: duckdb.DuckDBPyConnection) -> None:
    """Count a change."""
    counted = (
        "UPDATE base.state SET value = CAST(CAST(value AS BIGINT) + 1 AS VARCHAR) WHERE name = 'changes' RETURNING 1"
    )
    if not rows(con, counted):
        set_state(con, "changes", "1")
