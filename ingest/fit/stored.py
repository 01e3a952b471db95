"""What a FIT file states of a session itself: totals, laps, title and workout."""

from __future__ import annotations

import numpy as np
import polars as pl
from steadymile.ingest.fit.frame import frame
from steadymile.ingest.fit.protocol.columns import Part, Table
from steadymile.ingest.fit.protocol.types import EPOCH_S
from steadymile.ingest.fit.scores import scores
from steadymile.ingest.fit.spans import (
    Records,
    Span,
    lap_times,
)
from steadymile.models.recording import LAPS, Stored


def stored_totals(part: Part, row: int | None, session: Span, last: float) -> Stored:
    """The totals that the session message states, else the sums of its laps; `last` is its last sample."""
    table = part.table(18)
    if table is None or row is None:
        if last > session.start:
            return Stored(elapsed_s=last - session.start)
        return _sum_of_laps(part, session)

    def value(*names: str) -> float | None:
        found = float(table.numbers(*names)[row])
        return found if np.isfinite(found) else None

    return Stored(
        distance_m=value("total_distance"),
        elapsed_s=value("total_elapsed_time"),
        timer_s=value("total_timer_time"),
        moving_s=value("total_moving_time"),
        elevation_gain_m=value("total_ascent"),
        elevation_loss_m=value("total_descent"),
        heart_rate_mean_bpm=value("avg_heart_rate"),
        heart_rate_max_bpm=value("max_heart_rate"),
        calories_kcal=value("total_calories") or None,
        **scores(part, row, session.start, last),
    )


def _sum_of_laps(part: Part, session: Span) -> Stored:
    """Totals of a session that is told by its laps alone."""
    laps = part.table(19)
    if laps is None or session.end is None:
        return Stored()

    def total(name: str) -> float | None:
        values = laps.numbers(name)
        return None if np.isnan(values).all() else float(np.nansum(values))

    return Stored(
        distance_m=total("total_distance"),
        elapsed_s=session.end - session.start,
        timer_s=total("total_timer_time"),
        elevation_gain_m=total("total_ascent"),
        elevation_loss_m=total("total_descent"),
    )


def scaled(table: Table | None, row: int | None, name: str, divisor: float, most: float) -> float | None:
    """A session number on its own scale, None outside 0..most."""
    if table is None or row is None:
        return None
    value = float(table.numbers(name)[row]) / divisor
    return value if 0.0 <= value <= most else None


def title_of(part: Part, row: int | None) -> str | None:
    """What the person or the device calls the session."""
    session, sport = part.table(18), part.table(12)
    given = session.texts("sport_profile_name")[row] if session is not None and row is not None else None
    if given is None and sport is not None and len(sport) == 1:
        given = sport.texts("name")[0]
    return given


def workout_of(part: Part) -> str | None:
    """The name of the workout that the watch was following."""
    table = part.table(26)
    return next((name for name in table.texts("wkt_name") if name), None) if table is not None else None


def laps_of(part: Part, records: Records, start: float, end: float, alone: bool) -> pl.DataFrame:
    """The lap table (models/recording.py LAPS) of one session; `alone` takes laps of any time."""
    table = part.table(19)
    if table is None:
        return pl.DataFrame(schema=LAPS)
    elapsed, begin = table.numbers("total_elapsed_time"), records.real(lap_times(table)[0])
    mine = ~np.isnan(begin) if alone else (begin >= start) & (begin < end)
    rows = np.flatnonzero(mine)
    if not len(rows):
        return pl.DataFrame(schema=LAPS)
    triggers = table.texts("lap_trigger")
    data = {
        "index": np.arange(len(rows), dtype=np.int32),
        "started_at": ((begin[rows] + EPOCH_S) * 1_000_000).astype(np.int64).view("datetime64[us]"),
        "elapsed_s": elapsed[rows],
        "timer_s": table.numbers("total_timer_time")[rows],
        "distance_m": table.numbers("total_distance")[rows],
        "heart_rate_mean_bpm": table.numbers("avg_heart_rate")[rows],
        "heart_rate_max_bpm": table.numbers("max_heart_rate")[rows],
        "elevation_gain_m": table.numbers("total_ascent")[rows],
        "trigger": np.array([triggers[r] for r in rows], object),
    }
    return frame(data, LAPS)
