"""The list of activities that intervals.icu exports: sessions with their sport, totals, effort and feel.

Starts are local times without a zone (`start_date_local`), lengths seconds and metres; effort is Borg CR10, and of feel
1 is best and 5 worst.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from steadymile.ingest.checkins.text import text_of
from steadymile.ingest.exports.listed import Listing, one_line, stated, within
from steadymile.ingest.exports.rows import named, names_of, table_of
from steadymile.ingest.reading import Reading
from steadymile.ingest.sports import sport_of

SOURCE = "intervals"
_DAY = "start_date_local"
_TOTALS = frozenset({"moving_time", "elapsed_time", "distance", "icu_training_load"})
_EFFORT, _FEEL = 10.0, 5.0


def is_intervals(data: bytes) -> bool:
    """Whether a text is this list, by its header."""
    names = names_of(data)
    return _DAY in names and bool(names & _TOTALS)


def read_intervals(data: bytes) -> Reading:
    """One session a row; those without a start or a length are counted. Raises Unreadable where it is no table."""
    listing = Listing(SOURCE)
    for row in named(table_of(text_of(data))):
        _listed(listing, row)
    return listing.reading("intervals.icu list of sessions", wall_clock=True)


def _listed(listing: Listing, row: Mapping[str, str]) -> None:
    def cell(name: str) -> float | None:
        return _decimal(row.get(name))

    feel = within(cell("feel"), _FEEL)
    listing.add(
        _start(row.get(_DAY)),
        sport_of(row.get("type")),
        stated(
            distance_m=cell("distance"),
            elapsed_s=cell("elapsed_time"),
            moving_s=cell("moving_time"),
            elevation_gain_m=cell("total_elevation_gain"),
            heart_rate_mean_bpm=cell("average_heartrate"),
            heart_rate_max_bpm=cell("max_heartrate"),
            calories_kcal=cell("calories"),
        ),
        one_line(row.get("name")),
        row.get("id", "").strip() or None,
        rpe=within(cell("icu_rpe"), _EFFORT),
        feel=None if feel is None or feel < 1 else 25.0 * (5.0 - feel),
    )


def _decimal(text: str | None) -> float | None:
    try:
        value = float((text or "").strip())
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _start(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None and 1990 <= at.year < 2100 else None
