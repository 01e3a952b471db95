"""The daily rows: load, fitness, fatigue, form and the fatigue index, rest days included."""

from __future__ import annotations

import duckdb
import polars as pl
from steadymile.warehouse.tables.replace import of_athlete, replace, schema

Con = duckdb.DuckDBPyConnection


def save_days(con: Con, athlete_id: str, frame: pl.DataFrame) -> int:
    """Set the athlete's daily rows: column `day` and those of the `days` view. Columns the view does not know are left
    out, columns the frame lacks are NULL, NaN becomes NULL. Returns how many days changed."""
    known = [name for name in schema(con, "days") if name in frame.columns and name != "athlete_id"]
    floats = [name for name in known if frame.schema[name].is_float()]
    new = frame.select(known).with_columns(pl.lit(athlete_id).alias("athlete_id"), pl.col(floats).fill_nan(None))
    return replace(con, "days", new, ("day",), of_athlete(athlete_id))
