"""Workouts of Apple Health as the app Health Auto Export writes them: one JSON, `data.workouts`, each with its name,
its totals with their units, and where they were exported with it, its route and its heart rates of every minute.

Times state their zone: `2026-11-20 18:00:00 +0100`. The app publishes the fields of its version 2; older ones call
places `lat` and `lon`. Both agree in the public readers of these files (looked up on 1 December 2026).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
from steadymile.ingest.exports.listed import json_number, one_line, stated
from steadymile.ingest.reading import Reading
from steadymile.ingest.recordings.series import document_of, entries_of, joined, since, times_of, values_of
from steadymile.ingest.sports import sport_of
from steadymile.models.recording import SAMPLES, Activity
from steadymile.models.stated.listed import LISTED
from steadymile.models.units import MILE_M

SOURCE = "health_auto_export"
LOOK = 4_000
_METRES = {"km": 1000.0, "mi": MILE_M, "m": 1.0}
_KCAL = {"kcal": 1.0, "kJ": 1 / 4.184}


def is_health_auto_export(data: bytes) -> bool:
    """Whether JSON is such an export with workouts; one of metrics alone holds no session."""
    return b'"data"' in data[:LOOK] and b'"workouts"' in data and b'"start"' in data and b'"duration"' in data


def read_health_auto_export(data: bytes) -> Reading:
    """One session a workout. Raises Unreadable where it is no JSON."""
    document = document_of(data)
    inner = document.get("data") if isinstance(document, dict) else None
    rows = entries_of(inner.get("workouts")) if isinstance(inner, dict) else []
    found = [activity for i, row in enumerate(rows) if (activity := _activity(row, i)) is not None]
    return Reading(
        what="Health Auto Export",
        reader=SOURCE,
        activities=tuple(found),
        ignored=None if found else "It holds no workout with a start and a length",
        left_out=len(rows) - len(found),
    )


def _activity(row: Mapping[str, Any], index: int) -> Activity | None:
    start, end, word = _moment(row.get("start")), _moment(row.get("end")), one_line(row.get("name"))
    elapsed = (end - start).total_seconds() if start and end else None
    totals = stated(
        distance_m=_amount(row, "distance", _METRES),
        elapsed_s=elapsed,
        timer_s=json_number(row, "duration"),
        heart_rate_mean_bpm=_amount(row, "avgHeartRate", {}) or _amount(_inside(row, "heartRate"), "avg", {}),
        heart_rate_max_bpm=_amount(row, "maxHeartRate", {}) or _amount(_inside(row, "heartRate"), "max", {}),
        calories_kcal=_amount(row, "activeEnergyBurned", _KCAL),
    )
    if start is None or (totals.timer_s or totals.elapsed_s) is None:
        return None
    sport, sub_sport = sport_of(word)
    result = joined(_series(entries_of(row.get("route")), entries_of(row.get("heartRateData"))), sport)
    offset = start.utcoffset()
    return Activity(
        started_at=start.astimezone(UTC),
        sport=sport,
        sub_sport="treadmill" if row.get("isIndoor") is True and sport == "running" else sub_sport,
        samples=pl.DataFrame(schema=SAMPLES) if result is None else since(result, start),
        reader=SOURCE,
        index=index,
        title=word,
        stored=totals,
        source=LISTED if result is None else "recorded",
        external_id=row["id"] if isinstance(row.get("id"), str) else start.isoformat(),
        utc_offset_s=None if offset is None else int(offset.total_seconds()),
        utc_offset_source=f"{SOURCE}_offset",
        left_out=0 if result is None else int((~result.kept).sum()),
        notes=() if result is None else result.notes,
    )


def _series(
    route: Sequence[Mapping[str, Any]], heart: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    at = times_of([point.get("timestamp") for point in route])
    names = {"latitude": ("latitude", "lat"), "longitude": ("longitude", "lon"), "altitude": ("altitude",)}
    series = {}
    for column, words in names.items():
        found = [values_of(route, word) for word in words]
        series[column] = at, np.where(np.isnan(found[0]), found[-1], found[0])
    beats = [values_of(heart, word) for word in ("Avg", "qty")]
    series["heart_rate"] = (
        times_of([beat.get("date") for beat in heart]),
        np.where(np.isnan(beats[0]), beats[1], beats[0]),
    )
    return series


def _inside(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def _amount(row: Mapping[str, Any], name: str, units: Mapping[str, float]) -> float | None:
    """A quantity with its unit, in ours; None for one in a unit that is not known. Without `units` it has only one."""
    said = _inside(row, name)
    factor = units.get(str(said.get("units"))) if units else 1.0
    value = json_number(said, "qty")
    return None if value is None or factor is None else value * factor


def _moment(text: object) -> datetime | None:
    """A time with a zone; None for anything else."""
    with suppress(ValueError):
        found = datetime.fromisoformat(re.sub(r" (?=[+-]\d)", "", text)) if isinstance(text, str) else None
        return found if found is not None and found.tzinfo is not None and 1990 <= found.year < 2100 else None
    return None
