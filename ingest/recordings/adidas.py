"""The export of an adidas Running (Runtastic) account: totals of sessions, and older ones' places and heart rates.

Times are milliseconds since 1970 in UTC, with the zone's offset in milliseconds beside them; lengths are metres and
milliseconds. Since 2022 the totals stand in `features`. The ways of newer exports lie beside them as GPX, those of
older ones as JSON in which a time may also be written out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from steadymile.ingest.exports.listed import Listing, json_number, one_line, stated
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.recordings.series import (
    document_of,
    entries_of,
    epoch_ms,
    joined,
    moment_at,
    times_of,
    unnamed,
    values_of,
)
from steadymile.ingest.sports import sport_of

SOURCE = "adidas"
LOOK = 2_000
_SESSION, _PLACES, _HEARTS = (
    (b'"sport_type_id"', b'"start_time_timezone_offset"'),
    (b'"timestamp"', b'"longitude"', b'"accuracy_v"'),
    (b'"timestamp"', b'"heart_rate"', b'"signal_strength"'),
)
SPORTS = {"1": "running", "2": "walking", "3": "cycling", "4": "mountain biking", "6": "inline skating", "7": "hiking",
          "8": "skiing", "9": "skiing", "10": "snowboarding", "11": "driving", "12": "driving", "13": "snowshoeing",
          "14": "treadmill running", "15": "indoor cycling", "16": "elliptical", "17": "rowing", "18": "swimming",
          "19": "walking", "20": "horseback riding", "21": "golf", "22": "cycling", "23": "tennis", "24": "badminton",
          "25": "squash", "26": "yoga", "29": "sailing", "30": "windsurfing", "31": "pilates", "32": "climbing",
          "34": "strength training", "35": "volleyball", "36": "handcycling", "38": "soccer", "42": "surfing",
          "43": "kitesurfing", "44": "kayaking", "45": "basketball", "46": "indoor cycling", "47": "paragliding",
          "52": "handball", "53": "skiing", "54": "ice skating", "69": "crossfit", "70": "dancing",
          "71": "ice hockey", "75": "rugby", "76": "paddling", "82": "trail running", "84": "running",
          "85": "wheelchair", "86": "e-bike", "88": "indoor rowing", "89": "stair climbing",
          "100": "bouldering"}  # fmt: skip
"""Numbers of sports, as the list in the export's own document gives them."""


def is_adidas(data: bytes) -> bool:
    """Whether JSON is one of the files of the export that are read."""
    head, start = data[:LOOK], data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"[":
        return any(all(word in head for word in words) for words in (_PLACES, _HEARTS))
    return all(word in data[: 10 * LOOK] for word in _SESSION)


def read_adidas(data: bytes) -> Reading:
    """A session with its totals, or the series of one. Raises Unreadable where it is no JSON or holds no time."""
    document = document_of(data)
    if isinstance(document, dict):
        listing = Listing(SOURCE)
        _listed(listing, document)
        return listing.reading("adidas Running session")
    return _recorded(document)


def _listed(listing: Listing, row: Mapping[str, Any]) -> None:
    far, heart = row, {"average": row.get("pulse_avg"), "maximum": row.get("pulse_max")}
    for feature in entries_of(row.get("features")):
        attributes = feature.get("attributes")
        if isinstance(attributes, dict) and feature.get("type") == "track_metrics":
            far = {**row, **attributes}
        elif isinstance(attributes, dict) and feature.get("type") == "heart_rate":
            heart = attributes
    begun, ended, lasted = (json_number(row, name) for name in ("start_time", "end_time", "duration"))
    offset = json_number(row, "start_time_timezone_offset")
    elapsed = None if begun is None or ended is None else (ended - begun) / 1000.0
    title = row.get("notes")
    word = SPORTS.get(str(row.get("sport_type_id")))
    listing.add(
        moment_at(begun),
        sport_of(word),
        stated(
            distance_m=json_number(far, "distance"),
            elapsed_s=elapsed,
            timer_s=None if lasted is None else lasted / 1000.0,
            elevation_gain_m=json_number(far, "elevation_gain"),
            elevation_loss_m=json_number(far, "elevation_loss"),
            heart_rate_mean_bpm=json_number(heart, "average"),
            heart_rate_max_bpm=json_number(heart, "maximum"),
            calories_kcal=json_number(row, "calories"),
        ),
        title=one_line(title),
        number=str(row["id"]) if isinstance(row.get("id"), str) else None,
        utc_offset_s=None if offset is None else int(offset / 1000.0),
    )


def _recorded(document: Any) -> Reading:
    """The places or the heart rates of a session, each with the way so far. Which sport it was stands elsewhere."""
    rows = entries_of(document)
    stamps = [row.get("timestamp") for row in rows]
    written = times_of(stamps)
    us = np.maximum(written, epoch_ms(values_of(rows, "timestamp")))
    names = ("latitude", "longitude", "altitude", "heart_rate", "distance")
    series = {name: (us, values_of(rows, name)) for name in names if any(name in row for row in rows[:3])}
    result = joined(series, "unknown")
    if result is None:
        raise Unreadable("No entry of the list has a time and a value", "Unpack the export again")
    what = "places" if "latitude" in series else "heart rates"
    return Reading(what=f"adidas Running {what} of a session", reader=SOURCE, activities=(unnamed(result, SOURCE),))
