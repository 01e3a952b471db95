"""GoldenCheetah's own activities, one JSON a session, as they lie in an athlete's folder.

The start is in UTC and its words end in a blank; the seconds of every sample count from it. Ways are kilometres, speeds
km/h. A place of 0, 0 and a heart rate of 0 stand for none. What GoldenCheetah computed from it is not taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
from steadymile.ingest.exports.listed import one_line
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.recordings.series import document_of, entries_of, joined, moment_us, since, times_of, values_of
from steadymile.ingest.sports import sport_of
from steadymile.ingest.xml.samples import moment
from steadymile.ingest.xml.times import NO_TIME
from steadymile.models.recording import Activity, Device

SOURCE = "golden_cheetah"
LOOK = 4_000
_COLUMNS = {
    "LAT": ("latitude", 1.0), "LON": ("longitude", 1.0), "ALT": ("altitude", 1.0), "KM": ("distance", 1000.0),
    "KPH": ("speed", 1.0 / 3.6), "HR": ("heart_rate", 1.0), "CAD": ("cadence", 1.0), "RCAD": ("cadence", 1.0),
    "WATTS": ("power", 1.0), "TEMP": ("temperature", 1.0),
}  # fmt: skip
"""Our column of a sample's field, and what one of its unit is in ours; of two of one column the later stands."""


def is_golden_cheetah(data: bytes) -> bool:
    """Whether JSON is such an activity."""
    head = data[:LOOK]
    return b'"RIDE"' in head and b'"STARTTIME"' in head


def read_golden_cheetah(data: bytes) -> Reading:
    """The session of the file; one without samples is ignored. Raises Unreadable where it is no JSON or its start is
    no time."""
    document = document_of(data)
    ride = document.get("RIDE") if isinstance(document, dict) else None
    ride = ride if isinstance(ride, dict) else {}
    activity = _activity(ride, _start(ride.get("STARTTIME")))
    return Reading(
        what="GoldenCheetah activity",
        reader=SOURCE,
        activities=() if activity is None else (activity,),
        ignored="It holds no samples: a session that was typed in or planned" if activity is None else None,
    )


def _start(words: Any) -> datetime:
    text = words.strip().removesuffix("UTC").strip().replace("/", "-") if isinstance(words, str) else None
    us = times_of([text and f"{text.replace(' ', 'T')}Z"])
    if us[0] == NO_TIME:
        raise Unreadable(f"The start of the GoldenCheetah activity is not a time ({words!r})"[:200], "Export it again")
    return moment(int(us[0]))


def _activity(ride: Mapping[str, Any], start: datetime) -> Activity | None:
    samples = entries_of(ride.get("SAMPLES"))
    seconds = values_of(samples, "SECS")
    known = np.isfinite(seconds) & (np.abs(seconds) < 1e9)
    us = np.full(len(samples), NO_TIME, np.int64)
    us[known] = moment_us(start) + np.rint(seconds[known] * 1e6).astype(np.int64)
    tags = ride.get("TAGS")
    tags = tags if isinstance(tags, dict) else {}
    sport = sport_of(" ".join(word for word in (one_line(tags.get("Sport")), one_line(tags.get("SubSport"))) if word))
    series = {}
    for name, (column, factor) in _COLUMNS.items():
        values = values_of(samples, name) * factor
        if np.nan_to_num(values).any():
            series[column] = us, values
    result = joined(series, sport[0])
    if result is None:
        return None
    device = one_line(tags.get("Device")) or one_line(ride.get("DEVICETYPE"))
    return Activity(
        started_at=min(start, result.started_at),
        sport=sport[0],
        sub_sport=sport[1],
        samples=since(result, start),
        reader=SOURCE,
        title=one_line(tags.get("Workout Title")) or one_line(tags.get("Workout Code")),
        device=Device(product=device),
        left_out=int((~result.kept).sum()),
        notes=result.notes,
    )
