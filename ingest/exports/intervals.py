"""The list of activities that intervals.icu exports: sessions with their sport, totals, effort and feel.

Starts are local times without a zone (`start_date_local`), lengths seconds and metres; effort is Borg CR10, and of feel
1 is best and 5 worst.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from datetime import UTC, datetime

from steadymile.ingest.checkins.files import text_of
from steadymile.ingest.exports.listed import FARTHEST_M, LONGEST_S, Listing, one_line, within
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.sports import sport_of
from steadymile.models.recording import Stored

SOURCE = "intervals"
_DAY = "start_date_local"
_TOTALS = frozenset({"moving_time", "elapsed_time", "distance", "icu_training_load"})
MOST_ROWS = 200_000
_LIMITS = {
    "moving_time": LONGEST_S,
    "elapsed_time": LONGEST_S,
    "distance": FARTHEST_M,
    "total_elevation_gain": 30_000.0,
    "average_heartrate": 250.0,
    "max_heartrate": 250.0,
    "calories": 1e5,
    "icu_rpe": 10.0,
    "feel": 5.0,
}


def is_intervals(data: bytes) -> bool:
    """Whether a text is this list, by its header."""
    line = text_of(data[:20_000]).split("\n", 1)[0]
    names = {cell.strip().strip('"').lower() for cell in line.split(max(",;\t", key=line.count))}
    return _DAY in names and bool(names & _TOTALS)


def read_intervals(data: bytes) -> Reading:
    """One session a row; those without a start or a length are counted. Raises Unreadable where it is no table."""
    text = text_of(data)
    line = text.split("\n", 1)[0]
    listing = Listing(SOURCE)
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=line.count))
        for count, row in enumerate(table):
            if count >= MOST_ROWS:
                raise Unreadable(f"The list holds more than {MOST_ROWS:,} rows", "Split it into several files")
            _listed(listing, {(key or "").strip().lower(): value for key, value in row.items() if key is not None})
    except csv.Error as error:
        raise Unreadable(f"The list cannot be read ({error})", "Export it again") from None
    return listing.reading("intervals.icu list of sessions", wall_clock=True)


def _listed(listing: Listing, row: Mapping[str, str | None]) -> None:
    values = {name: within(_decimal(row.get(name)), most) for name, most in _LIMITS.items()}
    title = one_line(row.get("name"))
    if not any((value or "").strip() for value in row.values()):
        return
    listing.add(
        _start(row.get(_DAY)),
        sport_of(row.get("type")),
        Stored(
            distance_m=values["distance"],
            elapsed_s=values["elapsed_time"],
            moving_s=values["moving_time"],
            elevation_gain_m=values["total_elevation_gain"],
            heart_rate_mean_bpm=values["average_heartrate"],
            heart_rate_max_bpm=values["max_heartrate"],
            calories_kcal=values["calories"],
        ),
        title,
        (row.get("id") or "").strip() or None,
        rpe=values["icu_rpe"],
        feel=None if values["feel"] is None or values["feel"] < 1 else 25.0 * (5.0 - values["feel"]),
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
