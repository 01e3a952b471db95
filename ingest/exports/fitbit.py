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

from steadymile.ingest.exports.listed import FARTHEST_M, LONGEST_S, Listing, json_number, within
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.sports import sport_of
from steadymile.models.recording import Stored
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
        Stored(
            distance_m=None if far is None or unit_m is None else within(far * unit_m, FARTHEST_M),
            elapsed_s=None if elapsed is None else within(elapsed / 1000.0, LONGEST_S),
            timer_s=None if active is None else within(active / 1000.0, LONGEST_S),
            elevation_gain_m=None,
            heart_rate_mean_bpm=within(json_number(row, "averageHeartRate"), 250.0, 25.0),
            calories_kcal=within(json_number(row, "calories"), 1e5),
        ),
        word,
        str(number) if isinstance(number, int) else None,
    )


def _start(text: object) -> datetime | None:
    with suppress(ValueError):
        return datetime.strptime(str(text), "%m/%d/%y %H:%M:%S").replace(tzinfo=UTC)
    return None
