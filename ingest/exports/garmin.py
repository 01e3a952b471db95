"""What a Garmin bulk export says beside the recordings: names and efforts of sessions, nights, resting heart rates.

The recordings themselves lie in zips inside the export and come in as they are. Files known here: the list of
sessions (`summarizedActivitiesExport`), sleep (`sleepData`), the days' summaries (`UDSFile`) and weights
(`userBioMetrics`); also a day's sleep and HRV as Garmin Connect's pages ask for them and tools save them
(`dailySleepDTO`, `hrvSummary`), and the days' health status (`healthStatusData`), of which the HRV is read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from steadymile.ingest.checkins.days import parse_day
from steadymile.ingest.exports.listed import FARTHEST_M, LONGEST_S, Listing, json_number, one_line, within
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.sports import sport_of
from steadymile.models.recording import CheckIn, Stored, Wellness

SOURCE = "garmin"
LOOK = 20_000
_LIST, _NIGHT, _DAY = b'"summarizedActivitiesExport"', b'"sleepStartTimestampGMT"', b'"calendarDate"'
_OF_DAYS = (b'"restingHeartRate"', b'"totalSteps"', b'"lastNightAvg"', b'"baselineUpperLimit"')
_ASLEEP = ("deepSleepSeconds", "lightSleepSeconds", "remSleepSeconds")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_garmin(data: bytes) -> bool:
    """Whether JSON is one of the files of the export that are read."""
    head = data[:LOOK]
    known = any(word in head for word in (_LIST, _NIGHT, b'"dailySleepDTO"', b'"hrvSummary"'))
    dated = _DAY in head and any(word in head for word in _OF_DAYS)
    return known or dated or (b'"metaData"' in head and _DAY in head and b'"weight"' in head)


def read_garmin(data: bytes) -> Reading:
    """Sessions with their totals, check-ins of them `at` their start in UTC, and readings of days. Raises Unreadable
    where it is no JSON."""
    try:
        document = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The JSON of the export cannot be read ({error})", "Unpack the export again") from None
    rows = list(_rows(document))
    checkins = tuple(session for row in rows if (session := _session(row)) is not None)
    readings = tuple(reading for row in rows for reading in _readings(row))
    listing = Listing(SOURCE)
    for row in rows:
        if "activityType" in row or "beginTimestamp" in row:
            _listed(listing, row)
    what = "Garmin export's list of sessions" if checkins or listing.sessions else "Garmin export's readings"
    found = checkins or readings or listing.sessions
    nothing = None if found else "It holds no session, night or resting heart rate"
    return Reading(
        what=what,
        reader=SOURCE,
        activities=tuple(listing.sessions),
        checkins=checkins,
        wellness=readings,
        ignored=nothing,
        notes=listing.note(),
        left_out=len(listing.missed),
    )


def _listed(listing: Listing, row: Mapping[str, Any]) -> None:
    """One session by its totals: times in milliseconds, lengths in centimetres."""
    begun = _begun(row, 6.4e11)

    def total(name: str, per: float, most: float) -> float | None:
        value = _number(row, name, 0, most * per)
        return None if value is None else within(value / per, most)

    stored = Stored(
        distance_m=total("distance", 100.0, FARTHEST_M),
        elapsed_s=total("elapsedDuration", 1000.0, LONGEST_S),
        timer_s=total("duration", 1000.0, LONGEST_S),
        moving_s=total("movingDuration", 1000.0, LONGEST_S),
        elevation_gain_m=total("elevationGain", 100.0, 30_000.0),
        heart_rate_mean_bpm=_number(row, "avgHr", 25, 250),
        heart_rate_max_bpm=_number(row, "maxHr", 25, 250),
    )
    word = row.get("activityType")
    if isinstance(word, dict):
        word = word.get("typeKey")
    title, number = row.get("name"), row.get("activityId")
    listing.add(
        None if begun is None else _EPOCH + timedelta(milliseconds=begun),
        sport_of(word if isinstance(word, str) else None),
        stored,
        one_line(title),
        None if number is None else str(number),
    )


def _rows(document: Any) -> Iterator[Mapping[str, Any]]:
    for entry in document if isinstance(document, list) else [document]:
        if not isinstance(entry, dict):
            continue
        listed = entry.get("summarizedActivitiesExport")
        yield from (row for row in listed if isinstance(row, dict)) if isinstance(listed, list) else [entry]


def _number(row: Mapping[str, Any], name: str, low: float, high: float) -> float | None:
    value = json_number(row, name)
    return value if value is not None and low <= value <= high else None


def _begun(row: Mapping[str, Any], least: float) -> float | None:
    """The start in milliseconds since 1970; the list tells it twice, and one of the two may be null."""
    begun = _number(row, "beginTimestamp", least, 4e12)
    return _number(row, "startTimeGmt", least, 4e12) if begun is None else begun


def _session(row: Mapping[str, Any]) -> CheckIn | None:
    """The words of one session: its name, description, effort (stored as ten times Borg CR10) and feel."""
    begun = _begun(row, 1e11)
    if begun is None:
        return None
    effort, feel = _number(row, "workoutRpe", 0, 100), _number(row, "workoutFeel", 0, 100)
    values: dict[str, float | str | bool] = {}
    for name, key in (("name", "title"), ("description", "note")):
        if isinstance(row.get(name), str) and row[name].strip():
            values[key] = " ".join(row[name].split())[:2_000]
    if effort is not None:
        values["rpe"] = effort / 10
    if feel is not None:
        values["feel"] = feel
    at = _EPOCH + timedelta(milliseconds=begun)
    return CheckIn(day=at.date(), values=values, source=SOURCE, at=at) if values else None


def _readings(row: Mapping[str, Any]) -> Iterator[Wellness]:
    """A night by the day it ended, or a day's own resting heart rate, steps, HRV and weight."""
    for name in ("dailySleepDTO", "hrvSummary"):
        if isinstance(row.get(name), dict):
            yield from _readings(row[name])
            resting = _number(row, "restingHeartRate", 20, 150)
            if name == "dailySleepDTO" and resting is not None and (day := _day(row[name])) is not None:
                yield Wellness("resting_heart_rate_bpm", resting, SOURCE, day=day)
            return
    day = _day(row)
    if day is None:
        return
    asleep = sum(_number(row, name, 0, 86_400) or 0.0 for name in _ASLEEP)
    if "sleepStartTimestampGMT" in row or asleep:
        if asleep:
            yield Wellness("sleep_h", asleep / 3600, SOURCE, day=day)
        return
    resting = _number(row, "currentDayRestingHeartRate", 20, 150) or _number(row, "restingHeartRate", 20, 150)
    if resting is not None:
        yield Wellness("resting_heart_rate_bpm", resting, SOURCE, day=day)
    steps = _number(row, "totalSteps", 0, 200_000)
    if steps is not None:
        yield Wellness("steps", steps, SOURCE, day=day)
    if (night := _number(row, "lastNightAvg", 2, 400)) is not None:
        yield Wellness("hrv_ln_rmssd", math.log(night), SOURCE, day=day)
    yield from _status(row, day)
    weight = row.get("weight")
    if isinstance(weight, dict) and (grams := _number(weight, "weight", 20_000, 400_000)) is not None:
        yield Wellness("weight_kg", grams / 1000.0, SOURCE, day=day)


def _status(row: Mapping[str, Any], day: date) -> Iterator[Wellness]:
    """The night's HRV of a day's health status; one that was not measured stands there as 0, or as unknown."""
    metrics = row.get("metrics")
    for one in metrics if isinstance(metrics, list) else []:
        if not isinstance(one, dict) or one.get("type") != "HRV" or one.get("status") in ("UNKNOWN", "NONE"):
            continue
        if (night := _number(one, "value", 2, 400)) is not None:
            yield Wellness("hrv_ln_rmssd", math.log(night), SOURCE, day=day)


def _day(row: Mapping[str, Any]) -> date | None:
    """The day that a row states, itself or in its `metaData`."""
    meta = row.get("metaData")
    said = row.get("calendarDate") or (meta.get("calendarDate") if isinstance(meta, dict) else None)
    return parse_day(said, None) if isinstance(said, str) else None
