"""A database keeps the bytes of deleted rows in free blocks until something else needs the room. Here they go."""

from __future__ import annotations

import os
from pathlib import Path

from steadymile.warehouse.archive import sync
from steadymile.warehouse.database import STORAGE, connect


def compact(path: Path) -> None:
    """Write the work file anew, with its tables, views, macros and comments, and put it in the old one's place: what
    was deleted is in no byte of it. Close every connection first and hold the home's lock."""
    aside = path.with_name(f"{path.name}.compact")
    aside.unlink(missing_ok=True)
    con = connect(":memory:")
    try:
        con.execute(f"ATTACH {_text(path)} AS old")
        con.execute(f"ATTACH {_text(aside)} AS new (STORAGE_VERSION '{STORAGE}')")
        con.execute("COPY FROM DATABASE old TO new")
    finally:
        con.close()
    sync(aside)
    os.replace(aside, path)


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
