"""Fitbit's own list of exercises (`exercise-0.json` of a Google Takeout): sessions with their totals.

Starts are UTC, written month first and with two digits of the year; lengths are milliseconds, distances in the unit
beside them. The recordings with places come as TCX beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from steadymile.ingest.exports.listed import Listing, json_number, stated
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.sports import sport_of
from steadymile.models.units import MILE_M

SOURCE = "fitbit"
LOOK = 20_000
_PROOF = (b'"logId"', b'"activityName"', b'"activeDuration"', b'"startTime"')
_UNITS_M = {"kilometer": 1000.0, "mile": MILE_M, "meter": 1.0}


def is_fitbit(data: bytes) -> bool:
    """Whether JSON is this list."""
    head = data[:LOOK]
    return all(word in head for word in _PROOF)


def read_fitbit(data: bytes) -> Reading:
    """One session an entry; those without a start or a length are counted. Raises Unreadable where it is no JSON."""
    try:
        document = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The JSON of the export cannot be read ({error})", "Unpack the export again") from None
    listing = Listing(SOURCE)
    for row in document if isinstance(document, list) else [document]:
        if isinstance(row, dict):
            _listed(listing, row)
    return listing.reading("Fitbit list of exercises")


def _listed(listing: Listing, row: Mapping[str, Any]) -> None:
    word, number = row.get("activityName"), row.get("logId")
    word = word if isinstance(word, str) else None
    far, unit_m = json_number(row, "distance"), _UNITS_M.get(str(row.get("distanceUnit")).lower())
    elapsed, active = json_number(row, "duration"), json_number(row, "activeDuration")
    listing.add(
        _start(row.get("startTime")),
        sport_of(word),
        stated(
            distance_m=None if far is None or unit_m is None else far * unit_m,
            elapsed_s=None if elapsed is None else elapsed / 1000.0,
            timer_s=None if active is None else active / 1000.0,
            heart_rate_mean_bpm=json_number(row, "averageHeartRate"),
            calories_kcal=json_number(row, "calories"),
        ),
        word,
        str(number) if isinstance(number, int) else None,
    )


def _start(text: object) -> datetime | None:
    with suppress(ValueError):
        return datetime.strptime(str(text), "%m/%d/%y %H:%M:%S").replace(tzinfo=UTC)
    return None
