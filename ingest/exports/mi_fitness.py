"""Mi Fitness (Xiaomi): the table of sport records in the download of one's own data, whose totals stand as JSON in a
column.

Its times are seconds since 1970, its lengths seconds and metres. The fields agree in several public readers (looked up
on 30 November 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from steadymile.ingest.checkins.text import text_of
from steadymile.ingest.exports.listed import Listing, json_number, json_object, stated
from steadymile.ingest.exports.rows import named, names_of, table_of
from steadymile.ingest.reading import Reading
from steadymile.ingest.sports import sport_of

SOURCE = "mi_fitness"
COLUMNS = frozenset({"key", "time", "category", "value"})
FIRST_S = 1e9
"""September 2001: before it nobody had such a band."""


def is_mi_fitness(data: bytes) -> bool:
    """Whether a text is this table: by its header, and by a session's length in its JSON."""
    head = text_of(data[:20_000])
    return names_of(data) >= COLUMNS and "duration" in head and "start_time" in head


def read_mi_fitness(data: bytes) -> Reading:
    """One session a row; those without a start or a length are counted. Raises Unreadable where it is no table."""
    listing = Listing(SOURCE)
    for row in named(table_of(text_of(data))):
        _listed(listing, row)
    return listing.reading("Mi Fitness list of sessions")


def _listed(listing: Listing, row: Mapping[str, str]) -> None:
    totals = json_object(row.get("value", ""))
    begun = json_number(totals, "start_time")
    sport = sport_of(row.get("key"))
    sport = sport if sport[0] != "unknown" else sport_of(row.get("category"))
    if sport[0] == "unknown":  # sleep and steps stand in tables of the same columns
        listing.missed.append(row.get("key") or "a row")
        return
    listing.add(
        datetime.fromtimestamp(begun, UTC) if begun is not None and FIRST_S <= begun < 4.1e9 else None,
        sport,
        stated(
            distance_m=json_number(totals, "distance"),
            timer_s=json_number(totals, "duration"),
            heart_rate_mean_bpm=json_number(totals, "avg_hrm"),
            heart_rate_max_bpm=json_number(totals, "max_hrm"),
            calories_kcal=json_number(totals, "calories"),
        ),
        None,
        None,
    )
