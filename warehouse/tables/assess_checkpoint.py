"""What an athlete's sessions came to the last time, beside the rows that they came to: one transaction, one truth."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

import duckdb
from steadymile.warehouse.database import rows, transaction

Con = duckdb.DuckDBPyConnection


def save_past(con: Con, athlete_id: str, code: str, plain: Mapping[str, Any] | None) -> None:
    """Remember what the athlete's sessions came to by some code, in the transaction that saves it; None forgets. Not
    counted as a change: nobody reads it but the next run."""
    with transaction(con):
        con.execute("DELETE FROM base.past WHERE athlete_id = ?", [athlete_id])
        if plain is not None:
            packed = zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), 1)
            con.execute("INSERT INTO base.past VALUES (?, ?, ?)", [athlete_id, code, packed])


def load_past(con: Con, athlete_id: str, code: str) -> Mapping[str, Any] | None:
    """What was remembered by the very same code; else None."""
    found = rows(con, "SELECT packed FROM base.past WHERE athlete_id = ? AND code = ?", [athlete_id, code])
    return json.loads(zlib.decompress(found[0][0])) if found else None
