"""Google Fit's own list of sessions in a Google Takeout: one JSON a session, with its totals.

Times are ISO 8601 with their zone, mostly UTC; `duration` is seconds with an `s`, the time that counted. Totals lie in
a list, each with the name of what it is; distances are metres. Recordings with places come as TCX beside it. A night
may lie in several of these files, so one of them says no hours asleep.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from steadymile.ingest.exports.listed import LONGEST_S, Listing, json_number, stated, within
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.sports import sport_of

SOURCE = "google_fit"
LOOK = 4_000
_PROOF = (b'"fitnessActivity"', b'"startTime"', b'"endTime"')
_WHAT = "Google Fit session"


def is_google_fit(data: bytes) -> bool:
    """Whether JSON is such a session."""
    head = data[:LOOK]
    return all(word in head for word in _PROOF)


def read_google_fit(data: bytes) -> Reading:
    """The session with its totals; a sleep is ignored. Raises Unreadable where it is no JSON."""
    try:
        row = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The JSON of the export cannot be read ({error})", "Unpack the export again") from None
    row = row if isinstance(row, dict) else {}
    word = row.get("fitnessActivity")
    word = word if isinstance(word, str) else None
    if word is not None and word.split(".")[0] == "sleep":
        return Reading(what=_WHAT, reader=SOURCE, ignored="A sleep; a night may lie in several files")
    begun, ended = _moment(row.get("startTime")), _moment(row.get("endTime"))
    elapsed = None if begun is None or ended is None else within((ended - begun).total_seconds(), LONGEST_S)
    listing = Listing(SOURCE)
    listing.add(
        begun,
        sport_of(word),
        stated(
            distance_m=_total(row, "com.google.distance.delta"),
            elapsed_s=elapsed,
            timer_s=_seconds(row.get("duration")),
            calories_kcal=_total(row, "com.google.calories.expended"),
        ),
        title=None,
        number=None,
    )
    return listing.reading(_WHAT)


def _total(row: Mapping[str, Any], name: str) -> float | None:
    found = row.get("aggregate")
    for entry in found if isinstance(found, list) else ():
        if isinstance(entry, dict) and entry.get("metricName") == name:
            return json_number(entry, "floatValue")
    return None


def _seconds(said: Any) -> float | None:
    try:
        return float(str(said).removesuffix("s"))
    except ValueError:
        return None


def _moment(said: Any) -> datetime | None:
    """A time with a zone; None for anything else."""
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return None if at is None or at.tzinfo is None or not 1990 <= at.year < 2100 else at.astimezone(UTC)
