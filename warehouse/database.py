"""Opening the warehouse: the private work file that the nightly run writes, and the published copy that people read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


def open_work(path: Path) -> duckdb.DuckDBPyConnection:
    """Open (or make) the work file, bring its tables and views up to date. Times are UTC. Raises WarehouseError where
    the file was written by a newer steadymile, Busy where another process has it open."""
    raise NotImplementedError


def open_published(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the published file read-only, with no way out: no network, no other files, settings locked."""
    raise NotImplementedError


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing. Inside another `transaction` of the same connection it joins that one."""
    raise NotImplementedError
    yield
