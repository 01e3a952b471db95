"""What Apple Health's export.xml says of workouts: their sport, start and totals. Routes come in as GPX beside it."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from steadymile.ingest.exports.listed import Listing, stated
from steadymile.ingest.reading import Reading
from steadymile.ingest.sports import sport_of
from steadymile.models.units import FOOT_M, MILE_M

WHAT = "Apple Health data"
_TYPE = "HKWorkoutActivityType"
_SECONDS = {"s": 1.0, "sec": 1.0, "min": 60.0, "hr": 3600.0, "h": 3600.0}
_METRES = {"m": 1.0, "km": 1000.0, "mi": MILE_M, "yd": 0.9144, "ft": FOOT_M}


def read_apple(data: bytes, nothing: str) -> Reading:
    """The workouts of an export; `nothing` is the reason where it lists none, or none that can be dated."""
    listing = Listing("apple")
    begun = False
    parser = etree.iterparse(
        io.BytesIO(data), events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    with suppress(etree.XMLSyntaxError):  # what stands before the break was read
        for _, element in parser:
            if element.tag == "Workout":
                begun = True
                _workout(listing, element)
            if element.getparent() is not None and element.getparent().tag == "HealthData":
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    if not begun or not listing.sessions:
        return Reading(what=WHAT, reader="none" if not begun else "apple", ignored=nothing, notes=listing.note())
    return Reading(
        what="Apple Health's list of workouts",
        reader="apple",
        activities=tuple(listing.sessions),
        notes=listing.note(),
        left_out=len(listing.missed),
    )


def _workout(listing: Listing, element: Any) -> None:
    said = element.attrib
    at, end = _moment(said.get("startDate")), _moment(said.get("endDate"))
    elapsed = (end - at).total_seconds() if at and end else None
    timer = _amount(said.get("duration"), said.get("durationUnit", "min"), _SECONDS)
    distance = _amount(said.get("totalDistance"), said.get("totalDistanceUnit", "km"), _METRES)
    means: dict[str, float | None] = {}
    for part in element.iter("WorkoutStatistics"):
        kind = part.get("type", "")
        if "IdentifierDistance" in kind:
            distance = distance or _amount(part.get("sum"), part.get("unit", "km"), _METRES)
        elif kind.endswith("HeartRate"):
            means = {
                "heart_rate_mean_bpm": _number(part.get("average")),
                "heart_rate_max_bpm": _number(part.get("maximum")),
            }
    word = said.get("workoutActivityType", "").removeprefix(_TYPE)
    stored = stated(
        distance_m=distance,
        elapsed_s=elapsed,
        timer_s=timer,
        **means,
    )
    sport, sub_sport = sport_of(word)
    indoors = any(
        part.get("key") == "HKIndoorWorkout" and part.get("value") == "1" for part in element.iter("MetadataEntry")
    )
    named = (sport, "treadmill" if indoors and sport == "running" else sub_sport)
    listing.add(at, named, stored, None, f"{said.get('startDate')}|{word}" if at else word)


def _moment(text: str | None) -> datetime | None:
    """`2026-11-05 18:00:00 +0100` in UTC."""
    with suppress(ValueError):
        found = datetime.strptime(text or "", "%Y-%m-%d %H:%M:%S %z").astimezone(UTC)
        return found if 1990 <= found.year < 2100 else None
    return None


def _number(text: str | None) -> float | None:
    with suppress(ValueError):
        return float(text) if text else None
    return None


def _amount(text: str | None, unit: str, units: dict[str, float]) -> float | None:
    value, factor = _number(text), units.get(unit.lower())
    return None if value is None or factor is None else value * factor
