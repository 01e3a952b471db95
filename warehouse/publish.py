"""From the private work file to the file that people open: copied whole, appearing in one instant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True, slots=True)
class Published:
    """What `publish` did: `skipped` when the published file was up to date already."""

    target: Path
    skipped: bool
    bytes: int
    seconds: float


def changed(con: duckdb.DuckDBPyConnection) -> int:
    """The change counter: grows with every save that changed something, and only then."""
    raise NotImplementedError


def needs_publishing(con: duckdb.DuckDBPyConnection, target: Path) -> bool:
    """Whether `publish` would do anything: something was saved since, or the published file is missing or touched."""
    raise NotImplementedError


def publish(work: Path, target: Path, *, force: bool = False) -> Published:
    """Publish the work file. Close your connection to it first (copying a live database loses rows). Readers of the
    old file keep reading it; edits that a reader made to it are not kept. Raises Busy where the system forbids
    replacing an open file (Windows) or another process has the work file open."""
    raise NotImplementedError
