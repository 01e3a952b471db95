"""What is believed about a runner, and the learned choice of each published week, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import duckdb
from steadymile.models.learning.beliefs import Chosen, Learned
from steadymile.warehouse.database import transaction
from steadymile.warehouse.tables.replace import frame, of_athlete, replace

Con = duckdb.DuckDBPyConnection


def save_learned(con: Con, athlete_id: str, as_of: date, found: Sequence[Learned], choices: Sequence[Chosen]) -> int:
    """Set all that is believed of the athlete as of a day, and the logged choices. Returns how many rows changed."""
    about = {"athlete_id": athlete_id, "as_of": as_of}
    beliefs = [{**about, "number": number, **asdict(x)} for number, x in enumerate(found)]
    lists = ("allowed", "hard", "effort")
    logged = [{"athlete_id": athlete_id, **asdict(c), **{n: list(getattr(c, n)) for n in lists}} for c in choices]
    within = of_athlete(athlete_id)
    with transaction(con):
        changed = replace(con, "learned", frame(con, "learned", beliefs), ("name",), within)
        return changed + replace(con, "choices", frame(con, "choices", logged), ("week",), within)
