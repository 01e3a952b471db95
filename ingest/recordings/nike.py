"""Nike Run Club's activities, as its service answers them and tools save them: one JSON an activity, or a list.

Every series names its unit. Times are milliseconds since 1970 in UTC; no zone is stated. A distance is that of its own
stretch of time, so the way so far is the sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from steadymile.ingest.exports.listed import FARTHEST_M, LONGEST_S, json_number, one_line, stated, within
from steadymile.ingest.reading import Reading
from steadymile.ingest.recordings.series import (
    document_of,
    entries_of,
    epoch_ms,
    joined,
    moment_at,
    since,
    stretches,
    values_of,
)
from steadymile.ingest.sports import sport_of
from steadymile.ingest.xml.times import NO_TIME
from steadymile.models.recording import SAMPLES, Activity, Device
from steadymile.models.stated.listed import LISTED
from steadymile.models.units import MILE_M

SOURCE = "nike"
LOOK = 20_000
_UNITS = {
    "latitude": {"DEG": 1.0}, "longitude": {"DEG": 1.0}, "elevation": {"M": 1.0, "KM": 1000.0},
    "heart_rate": {"BPM": 1.0}, "cadence": {"SPM": 1.0}, "distance": {"M": 1.0, "KM": 1000.0, "MI": MILE_M},
    "speed": {"KMH": 1.0 / 3.6, "MPS": 1.0, "MPH": MILE_M / 3600.0},
}  # fmt: skip
"""What a unit is in ours. A series of any other unit is left out."""
_COLUMNS = {"elevation": "altitude"}
MANUAL = "manual"


def is_nike(data: bytes) -> bool:
    """Whether JSON is such an activity or a list of them."""
    head = data[:LOOK]
    return b'"start_epoch_ms"' in data[:LOOK] and (b'"active_duration_ms"' in data or b"com.nike." in head)


def read_nike(data: bytes) -> Reading:
    """One session an activity; those that were entered by hand, without a series of places or heart rates, are listed.
    Raises Unreadable where it is no JSON."""
    document = document_of(data)
    rows = document.get("activities", [document]) if isinstance(document, dict) else document
    found = [activity for i, row in enumerate(entries_of(rows)) for activity in _activities(row, i)]
    return Reading(
        what="Nike Run Club activity",
        reader=SOURCE,
        activities=tuple(found),
        ignored=None if found else "It holds no activity with a start and a length",
    )


def _activities(row: Mapping[str, Any], index: int) -> Iterator[Activity]:
    begun, ended, active = (json_number(row, f"{n}_ms") for n in ("start_epoch", "end_epoch", "active_duration"))
    start = moment_at(begun)
    if begun is None or start is None or row.get("delete_indicator") is True:
        return
    timer = within(None if active is None else active / 1000.0, LONGEST_S)
    elapsed = within(None if ended is None else (ended - begun) / 1000.0, LONGEST_S)
    word, tags = row.get("type"), row.get("tags")
    tags = tags if isinstance(tags, dict) else {}
    indoors = str(tags.get("location")).lower() == "indoors"
    sport = sport_of(f"{word} indoor" if indoors and isinstance(word, str) else word if isinstance(word, str) else None)
    by_hand = tags.get("com.nike.running.runtype") == MANUAL
    result = None if by_hand else joined(_series(entries_of(row.get("metrics"))), sport[0])
    if result is None and (timer or elapsed) is None:
        return
    title = tags.get("com.nike.name")
    pauses = [((begin - begun) / 1000.0, (end - begun) / 1000.0) for begin, end in _halts(row)]
    yield Activity(
        started_at=start if result is None else min(start, result.started_at),
        sport=sport[0],
        sub_sport=sport[1],
        samples=pl.DataFrame(schema=SAMPLES) if result is None else since(result, start),
        reader=SOURCE,
        index=index,
        title=one_line(title),
        device=Device("Nike Run Club", barometer=False),
        timer=stretches(pauses, elapsed, timer),
        stored=stated(
            distance_m=_distance_m(row),
            elapsed_s=elapsed,
            timer_s=timer,
            heart_rate_mean_bpm=_total(row, "heart_rate", "mean"),
            heart_rate_max_bpm=_total(row, "heart_rate", "max"),
            calories_kcal=_total(row, "calories", "total"),
        ),
        source=LISTED if by_hand else "recorded",
        external_id=row["id"] if isinstance(row.get("id"), str) else None,
        left_out=0 if result is None else int((~result.kept).sum()),
        notes=() if result is None else result.notes,
    )


def _series(metrics: Sequence[Mapping[str, Any]]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    series: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for metric in metrics:
        name = str(metric.get("type"))
        factor = _UNITS.get(name, {}).get(str(metric.get("unit")).upper())
        values = entries_of(metric.get("values"))
        if factor is None or not values:
            continue
        found = values_of(values, "value") * factor
        at = epoch_ms(values_of(values, "end_epoch_ms" if name == "distance" else "start_epoch_ms"))
        if name == "distance":
            order = np.argsort(at, kind="stable")
            at, found = at[order], np.cumsum(np.nan_to_num(found[order]))
            found[at == NO_TIME] = np.nan
        series[_COLUMNS.get(name, name)] = at, found
    return series


def _halts(row: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """From when to when it was halted, in milliseconds since 1970."""
    stopped: float | None = None
    for one in sorted(entries_of(row.get("moments")), key=lambda m: json_number(m, "timestamp") or 0.0):
        at, value = json_number(one, "timestamp"), str(one.get("value"))
        if one.get("key") != "halt" or at is None:
            continue
        if "pause" in value and stopped is None:
            stopped = at
        elif "resume" in value and stopped is not None:
            yield stopped, at
            stopped = None


def _distance_m(row: Mapping[str, Any]) -> float | None:
    total = _total(row, "distance", "total")
    return within(None if total is None else total * 1000.0, FARTHEST_M)


def _total(row: Mapping[str, Any], metric: str, summary: str) -> float | None:
    """One of the activity's own totals; its distance is in kilometres."""
    for entry in entries_of(row.get("summaries")):
        if entry.get("metric") == metric and entry.get("summary") == summary:
            return json_number(entry, "value")
    return None
