"""What became of every file, and which of them need not be opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import duckdb
import polars as pl
from steadymile.models.members import SEPARATOR
from steadymile.warehouse.database import rows, transaction
from steadymile.warehouse.tables.replace import arriving, frame, replace
from steadymile.warehouse.tables.rows import FileRow

Con = duckdb.DuckDBPyConnection

ZIP = "zip"
"""What a row of files is (`what`) that speaks of a whole archive, not of one file."""
ZIP_IN_PART = f"(status = 'salvaged' AND what = '{ZIP}')"
"""In SQL, whether a row of files is a zip of which a part could not be read: to be mended, like what was refused."""


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


def first_seen(con: Con, athlete_id: str) -> dict[str, datetime]:
    """When each content of an athlete came in first, by SHA-256."""
    found = (
        "SELECT sha256, min(first_seen_at) FROM base.files WHERE athlete_id = ? AND sha256 IS NOT NULL GROUP BY sha256"
    )
    return dict(rows(con, found, [athlete_id]))


def save_seen(con: Con, seen: Mapping[str, tuple[int, int]]) -> int:
    """Remember top-level inbox files as wholly dealt with: relative path -> (bytes, mtime_ns). Call it in the same
    transaction as the last member's rows; a file that must wait (no athlete yet) is simply not named here."""
    records = [{"path": path, "bytes": size, "mtime_ns": mtime} for path, (size, mtime) in seen.items()]
    return replace(con, "inbox", frame(con, "inbox", records), ("path",))


def known_files(con: Con) -> dict[str, tuple[int, int]]:
    """Top-level inbox files that were wholly dealt with: relative path -> (bytes, mtime_ns)."""
    return {path: (size, mtime) for path, size, mtime in rows(con, "SELECT path, bytes, mtime_ns FROM base.inbox")}


def judged_otherwise(con: Con, judged_by: str) -> set[str]:
    """Top-level inbox files of which something was turned down by other readers or limits than these, so that it is
    to be looked at again: no such verdict is final."""
    found = rows(
        con,
        f"""SELECT DISTINCT split_part(path, '{SEPARATOR}', 1) FROM base.files
        WHERE judged_by IS DISTINCT FROM $1 AND code IS DISTINCT FROM 'settled' AND (
            status IN ('quarantined', 'ignored') OR {ZIP_IN_PART}
            OR (status = 'duplicate' AND (athlete_id, sha256) NOT IN (
                SELECT (athlete_id, sha256) FROM base.files
                WHERE status IN ('ingested', 'salvaged') AND athlete_id IS NOT NULL AND sha256 IS NOT NULL
            ))
        )""",
        [judged_by],
    )
    return {path for (path,) in found}


def judged_again(con: Con, looked_at: Sequence[tuple[str, str | None]], judged_by: str) -> None:
    """Remember that these (path, sha256) were looked at once more and stand as before. Nothing that people see of them
    changes."""
    if not looked_at:
        return
    coming = pl.DataFrame(looked_at, schema={"path": pl.String, "sha256": pl.String}, orient="row")
    with transaction(con), arriving(con, coming=coming):
        con.execute(
            "UPDATE base.files f SET judged_by = ? FROM coming c "
            "WHERE f.path = c.path AND f.sha256 IS NOT DISTINCT FROM c.sha256",
            [judged_by],
        )


def kept_paths(con: Con) -> set[str]:
    """Paths whose content was read."""
    return {path for (path,) in rows(con, "SELECT path FROM base.files WHERE status = 'ingested'")}


def complaints(con: Con) -> list[FileRow]:
    """Files that stand as refused, or zips of which a part could not be read."""
    names = list(FileRow.__dataclass_fields__)
    found = rows(
        con,
        f"""SELECT {", ".join(names)} FROM base.files
        WHERE status = 'quarantined' OR {ZIP_IN_PART} ORDER BY path, sha256""",
    )
    return [FileRow(**dict(zip(names, row))) for row in found]


CAME_IN = """SELECT *, row_number() OVER (PARTITION BY athlete_id, sha256 ORDER BY first_seen_at, path) AS nth
    FROM base.files WHERE status IN ('ingested', 'salvaged') AND athlete_id IS NOT NULL AND sha256 IS NOT NULL"""
"""In SQL, the files that were read; the first (`nth` 1) of each content is the one by which it came in."""


def read_otherwise(con: Con, read_by: Mapping[str, str]) -> list[FileRow]:
    """Files that were read by other readers than these, one for each content of a person: the one by which it came
    in first. `read_by` states what each reader is, by its name, and under no name what all others are."""
    names = list(FileRow.__dataclass_fields__)
    with arriving(con, now=_by_name(read_by)):
        found = rows(
            con,
            f"""SELECT {", ".join(f"f.{name}" for name in names)} FROM ({CAME_IN}) f
            LEFT JOIN base.readings r ON r.athlete_id = f.athlete_id AND r.sha256 = f.sha256
            LEFT JOIN now n ON n.reader = f.reader
            WHERE f.nth = 1 AND r.read_by IS DISTINCT FROM coalesce(n.read_by, $1)
            ORDER BY f.athlete_id, f.path, f.sha256""",
            [read_by[""]],
        )
    return [FileRow(**dict(zip(names, row))) for row in found]


def note_read(con: Con, contents: Sequence[tuple[str, str]], read_by: Mapping[str, str]) -> None:
    """Remember that these (athlete, sha256), whose files are saved, were read by these readers. Nothing that people see
    changes."""
    if not contents:
        return
    coming = pl.DataFrame(contents, schema={"athlete_id": pl.String, "sha256": pl.String}, orient="row").unique()
    with transaction(con), arriving(con, coming=coming, now=_by_name(read_by)):
        con.execute(
            "DELETE FROM base.readings r WHERE EXISTS "
            "(SELECT 1 FROM coming c WHERE c.athlete_id = r.athlete_id AND c.sha256 = r.sha256)"
        )
        con.execute(
            f"""INSERT INTO base.readings SELECT c.athlete_id, c.sha256, coalesce(n.read_by, $1) FROM coming c
            LEFT JOIN ({CAME_IN}) f ON f.athlete_id = c.athlete_id AND f.sha256 = c.sha256 AND f.nth = 1
            LEFT JOIN now n ON n.reader = f.reader""",
            [read_by[""]],
        )


def _by_name(read_by: Mapping[str, str]) -> pl.DataFrame:
    named = [(name, by) for name, by in read_by.items() if name]
    return pl.DataFrame(named, schema={"reader": pl.String, "read_by": pl.String}, orient="row")


def replaced_paths(con: Con) -> dict[str, datetime]:
    """Paths at which something was read, and when last."""
    found = rows(
        con,
        """SELECT path, max(first_seen_at) FROM base.files
        WHERE status IN ('ingested', 'salvaged', 'duplicate') AND sha256 IS NOT NULL GROUP BY path""",
    )
    return dict(found)


def known_contents(con: Con) -> dict[tuple[str | None, str], str]:
    """(athlete_id, sha256) -> path under which these bytes first came in and were read; only that makes a copy."""
    found = rows(
        con,
        "SELECT athlete_id, sha256, path FROM base.files "
        "WHERE sha256 IS NOT NULL AND status IN ('ingested', 'salvaged') "
        "ORDER BY first_seen_at DESC, path DESC",
    )
    return {(athlete_id, sha256): path for athlete_id, sha256, path in found}
