"""What became of every file, and which of them need not be opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import duckdb
import polars as pl
from steadymile.warehouse.database import rows, transaction
from steadymile.warehouse.tables.replace import frame, replace
from steadymile.warehouse.tables.rows import FileRow

Con = duckdb.DuckDBPyConnection


def save_files(con: Con, files: Sequence[FileRow]) -> int:
    """Save file sightings, one row a (path, sha256); the last of equal keys counts. A row with a sha256 replaces an
    earlier one of the same path without (it could not be read then). The first `first_seen_at` stays."""
    if not files:
        return 0
    latest = {(row.path, row.sha256): asdict(row) for row in files}
    with transaction(con):
        paths = [path for path, _ in latest]
        seen = rows(con, "SELECT path, sha256, first_seen_at FROM base.files WHERE path IN (SELECT unnest(?))", [paths])
        for path, sha256, first in seen:
            if (path, sha256) in latest:
                row = latest[(path, sha256)]
                row["first_seen_at"] = min(first, row["first_seen_at"])
        new = frame(con, "files", list(latest.values()))
        unread = [{"path": path, "sha256": None} for path, sha256 in latest if sha256]
        keys = [{"path": path, "sha256": sha256} for path, sha256 in latest]
        scope = pl.from_dicts(keys + unread, schema={"path": pl.String, "sha256": pl.String}).unique()
        return replace(con, "files", new, ("path", "sha256"), within=scope)


def save_seen(con: Con, seen: Mapping[str, tuple[int, int]]) -> int:
    """Remember top-level inbox files as wholly dealt with: relative path -> (bytes, mtime_ns). Call it in the same
    transaction as the last member's rows; a file that must wait (no athlete yet) is simply not named here."""
    records = [{"path": path, "bytes": size, "mtime_ns": mtime} for path, (size, mtime) in seen.items()]
    return replace(con, "inbox", frame(con, "inbox", records), ("path",))


def known_files(con: Con) -> dict[str, tuple[int, int]]:
    """Top-level inbox files that were wholly dealt with: relative path -> (bytes, mtime_ns)."""
    return {path: (size, mtime) for path, size, mtime in rows(con, "SELECT path, bytes, mtime_ns FROM base.inbox")}


def known_contents(con: Con) -> dict[tuple[str | None, str], str]:
    """(athlete_id, sha256) -> path under which these bytes first came in (duplicates are not listed)."""
    found = rows(
        con,
        "SELECT athlete_id, sha256, path FROM base.files WHERE sha256 IS NOT NULL AND status <> 'duplicate' "
        "ORDER BY first_seen_at DESC, path DESC",
    )
    return {(athlete_id, sha256): path for athlete_id, sha256, path in found}
