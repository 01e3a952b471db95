"""Polar Flow's own export of an account: training sessions, nights and nightly recharge as JSON.

Times are local, with the zone's offset in minutes beside them; speeds are in km/h, distances in metres. In older
exports every sample has its time, and lengths of time are ISO 8601 (`PT1H2M3.5S`). In newer ones a series is a list of
values at one interval from the start, `NaN` where nothing was measured; places count milliseconds from a start of their
own; totals have other names (`durationMillis`, `hrAvg`), and a sport is a number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from steadymile.ingest.barometers import has_barometer
from steadymile.ingest.checkins.days import parse_day
from steadymile.ingest.exports.listed import FARTHEST_M, LONGEST_S, json_number, one_line, within
from steadymile.ingest.reading import Reading
from steadymile.ingest.recordings.series import (
    document_of,
    entries_of,
    joined,
    moment_us,
    numbers_of,
    since,
    stretches,
    times_of,
    values_of,
)
from steadymile.ingest.sports import sport_of
from steadymile.ingest.xml.times import NO_TIME
from steadymile.models.recording import SAMPLES, Activity, Device, Stored, Wellness

SOURCE = "polar"
LOOK = 20_000
_SESSION = (b'"exercises"', b'"startTime"')
_NIGHT, _RECHARGE = b'"asleepDuration"', b'"meanNightlyRecoveryRmssd"'
_SERIES = {"heartRate": "heart_rate", "altitude": "altitude", "cadence": "cadence", "speed": "speed",
           "distance": "distance", "temperature": "temperature", "power": "power"}  # fmt: skip
SPORTS = {"1": "running", "2": "cycling", "3": "walking", "4": "running", "5": "mountain biking", "6": "skiing",
          "7": "skiing", "8": "rowing", "9": "walking", "10": "skating", "11": "hiking", "12": "tennis", "13": "squash",
          "14": "badminton", "15": "strength training", "17": "treadmill running", "18": "indoor cycling",
          "19": "running", "22": "snowboarding", "23": "swimming", "24": "skiing", "25": "skiing",
          "27": "trail running", "28": "ice skating", "29": "inline skating", "30": "roller skating", "33": "yoga",
          "34": "crossfit", "35": "golf", "36": "track running", "38": "cycling", "39": "soccer", "41": "basketball",
          "43": "rugby", "45": "volleyball", "46": "ice hockey", "48": "handball", "50": "soccer", "52": "dancing",
          "54": "horseback riding", "55": "elliptical", "65": "pilates", "66": "stretching", "84": "orienteering",
          "103": "swimming"}  # fmt: skip
"""Polar's numbers of sports, as its own page of sports lists them. Those that say nothing of how one moves (other
outdoor, other indoor, group exercise) stand for no sport."""
_CHANNELS = {"HEART_RATE": "heart_rate", "ALTITUDE": "altitude", "CADENCE": "cadence", "SPEED": "speed",
             "DISTANCE": "distance", "TEMPERATURE": "temperature", "POWER": "power"}  # fmt: skip
SETTLED_M = 5.0
"""A barometer that has not settled writes 0; the first true height is seldom so near to it (design value)."""
_LENGTH = re.compile(r"PT(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?")


def is_polar(data: bytes) -> bool:
    """Whether JSON is one of the files of the export that are read."""
    head = data[:LOOK]
    return all(word in head for word in _SESSION) or _NIGHT in head or _RECHARGE in head


def read_polar(data: bytes) -> Reading:
    """The sessions and nights of a file. Raises Unreadable where it is no JSON."""
    document = document_of(data)
    rows = [row for row in (document if isinstance(document, list) else [document]) if isinstance(row, dict)]
    found = [session for row in rows for session in _sessions(row)]
    activities = tuple(replace(activity, index=index) for index, (activity, _) in enumerate(found))
    readings = tuple(reading for row in rows for reading in _night(row))
    return Reading(
        what="Polar Flow training session" if activities else "Polar Flow readings",
        reader=SOURCE,
        activities=activities,
        wellness=readings,
        ignored=None if activities or readings else "It holds no training session and no night that was measured",
        wall_clock=any(offset is None for _, offset in found),
    )


def _sessions(row: Mapping[str, Any]) -> Iterator[tuple[Activity, int | None]]:
    """Each exercise of a session (a triathlon has several), with its offset from UTC in seconds."""
    exercises = row.get("exercises")
    if not isinstance(exercises, list):
        return
    whole = {**row, "exercises": None}
    alone = len(exercises) == 1
    for exercise in exercises:
        if isinstance(exercise, dict):
            # what one exercise leaves out stands beside it, where it is the only one
            yield from _exercise(whole | exercise if alone else exercise, row)


def _exercise(one: Mapping[str, Any], session: Mapping[str, Any]) -> Iterator[tuple[Activity, int | None]]:
    minutes = next((v for r in (one, session) for v in (r.get("timezoneOffset"), r.get("timezoneOffsetMinutes"))
                    if isinstance(v, int) and abs(v) <= 14 * 60), None)  # fmt: skip
    offset = None if minutes is None else 60 * minutes
    start = _moment(one.get("startTime") or session.get("startTime"), offset)
    lasted = _length(one.get("duration"))
    if lasted is None and (millis := _number(one, "durationMillis", LONGEST_S * 1000)) is not None:
        lasted = millis / 1000.0
    if start is None or (lasted is None and not isinstance(one.get("samples"), dict)):
        return
    sport, sub_sport = sport_of(_sport(one.get("sport")))
    stop = _moment(one.get("stopTime"), offset)
    elapsed = within(None if stop is None else (stop - start).total_seconds(), LONGEST_S) or lasted
    elapsed = max(elapsed, lasted or 0.0) if elapsed else None
    pauses = _pauses(one.get("pauseTimes"), start, offset)
    samples = one.get("samples")
    channels = samples.get("samples") if isinstance(samples, dict) else None
    if isinstance(channels, list):
        series = _channels(channels, start, pauses, lasted, elapsed) | _way(one.get("routes"), start, offset)
    else:
        series = _series(samples, offset)
    result = joined(series, sport)
    heart = _heart(one)
    product = session.get("product")
    model = product.get("modelName") if isinstance(product, dict) else session.get("modelName")
    model = model if isinstance(model, str) else None
    title = session.get("name")
    yield (
        Activity(
            started_at=start if result is None else min(start, result.started_at),
            sport=sport,
            sub_sport=sub_sport,
            samples=pl.DataFrame(schema=SAMPLES) if result is None else since(result, start),
            reader=SOURCE,
            title=one_line(title),
            device=Device("Polar", model, barometer=has_barometer(model)),
            timer=stretches(pauses, elapsed, lasted),
            stored=Stored(
                distance_m=_first(one, FARTHEST_M, "distance", "distanceMeters"),
                elapsed_s=within(elapsed, LONGEST_S),
                timer_s=within(lasted, LONGEST_S),
                elevation_gain_m=_first(one, 30_000.0, "ascent", "ascentMeters"),
                elevation_loss_m=_first(one, 30_000.0, "descent", "descentMeters"),
                heart_rate_mean_bpm=_number(heart, "avg", 250.0),
                heart_rate_max_bpm=_number(heart, "max", 250.0),
                calories_kcal=_first(one, 1e5, "kiloCalories", "calories"),
            ),
            utc_offset_s=offset,
            utc_offset_source=None if offset is None else "polar_offset",
            left_out=0 if result is None else int((~result.kept).sum()),
            notes=() if result is None else result.notes,
        ),
        offset,
    )  # fmt: skip


def _sport(said: Any) -> str | None:
    """The sport in words, of a word or of a number."""
    number = said.get("id") if isinstance(said, dict) else None
    return said if isinstance(said, str) else SPORTS.get(str(number))


def _heart(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Mean and highest heart rate, wherever this export writes them."""
    said, statistics = one.get("heartRate"), one.get("statistics")
    if isinstance(said, dict):
        return said
    listed = statistics.get("statistics") if isinstance(statistics, dict) else None
    for entry in listed if isinstance(listed, list) else []:
        if isinstance(entry, dict) and entry.get("type") == "STATISTICS_TYPE_HEART_RATE":
            return entry
    return {"avg": one.get("hrAvg"), "max": one.get("hrMax")}


def _series(samples: Any, offset: int | None) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The series of an exercise in which every sample has its own local time."""
    if not isinstance(samples, dict):
        return {}
    series: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for name, column in _SERIES.items():
        if entries := entries_of(samples.get(name)):
            series[column] = _times(entries, offset), values_of(entries, "value")
    if route := entries_of(samples.get("recordedRoute")):
        at = _times(route, offset)
        for name in ("latitude", "longitude", "altitude"):
            series.setdefault(name, (at, values_of(route, name)))
    return _per_second(series)


def _channels(
    channels: Sequence[Any],
    start: datetime,
    pauses: Sequence[tuple[float, float]],
    timer_s: float | None,
    elapsed_s: float | None,
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The series that are lists of values at one interval. Where there are as many as the timer ran, and it was paused,
    those behind a pause come later by it."""
    series: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for channel in entries_of(channels):
        column, values = _CHANNELS.get(str(channel.get("type"))), channel.get("values")
        every = _number(channel, "intervalMillis", 3_600_000.0)
        if column is None or every is None or not isinstance(values, list):
            continue
        found = numbers_of(values)
        if column == "altitude":
            found = _settled(found)
        at = np.arange(len(found)) * every / 1000.0
        lasts = len(found) * every / 1000.0
        if pauses and timer_s and elapsed_s and abs(lasts - timer_s) < abs(lasts - elapsed_s):
            for begin, end in pauses:
                at[at >= begin] += end - begin
        series[column] = moment_us(start) + np.rint(at * 1e6).astype(np.int64), found
    return _per_second(series)


def _settled(altitude: np.ndarray) -> np.ndarray:
    """Heights without the zeros that a barometer writes until it has settled."""
    first = int(np.argmax(altitude != 0.0)) if altitude.size else 0
    if first and abs(altitude[first]) > SETTLED_M:
        altitude[:first] = np.nan
    return altitude


def _way(routes: Any, start: datetime, offset: int | None) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The places of the way, which count from a start of their own."""
    route = routes.get("route") if isinstance(routes, dict) else None
    points = entries_of(route.get("wayPoints")) if isinstance(route, dict) else []
    if not isinstance(route, dict) or not points:
        return {}
    begun = _moment(route.get("startTime"), offset) or start
    after = values_of(points, "elapsedMillis")
    at = np.where(np.isfinite(after), moment_us(begun) + np.nan_to_num(after) * 1000.0, NO_TIME).astype(np.int64)
    return {name: (at, values_of(points, name)) for name in ("latitude", "longitude")}


def _pauses(said: Any, start: datetime, offset: int | None) -> list[tuple[float, float]]:
    """The pauses of an exercise, in seconds since its start."""
    found = []
    for entry in entries_of(said):
        begin, end = (_moment(entry.get(name), offset) for name in ("startTime", "endTime"))
        if begin is not None and end is not None:
            found.append(((begin - start).total_seconds(), (end - start).total_seconds()))
    return sorted(found)


def _per_second(series: dict[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The series with speed in m/s."""
    if "speed" in series:
        at, kmh = series["speed"]
        series["speed"] = at, kmh / 3.6
    return series


def _times(entries: Sequence[Mapping[str, Any]], offset: int | None) -> np.ndarray:
    us = times_of([entry.get("dateTime") for entry in entries])
    return np.where(us == NO_TIME, us, us - (offset or 0) * 1_000_000)


def _night(row: Mapping[str, Any]) -> Iterator[Wellness]:
    """Hours asleep of a night, and the mean RMSSD of a nightly recharge, by the day they ended."""
    said = row.get("night") or row.get("sleepResultDate") or row.get("date")
    day = parse_day(said, None) if isinstance(said, str) else None
    if day is None:
        return
    evaluation = row.get("evaluation")
    asleep = _length((evaluation if isinstance(evaluation, dict) else row).get("asleepDuration"))
    if asleep:
        yield Wellness("sleep_h", asleep / 3600.0, SOURCE, day=day)
    rmssd = _number(row, "meanNightlyRecoveryRmssd", 400.0)
    if rmssd and rmssd >= 2:
        yield Wellness("hrv_ln_rmssd", math.log(rmssd), SOURCE, day=day)


def _number(row: Mapping[str, Any], name: str, most: float) -> float | None:
    return within(json_number(row, name), most)


def _first(row: Mapping[str, Any], most: float, *names: str) -> float | None:
    """The first of these fields that holds a total."""
    return next((value for name in names if (value := _number(row, name, most)) is not None), None)


def _length(value: Any) -> float | None:
    """Seconds of an ISO 8601 length; None for anything else, or one of no session."""
    found = _LENGTH.fullmatch(value) if isinstance(value, str) and len(value) < 40 else None
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = (float(part or 0.0) for part in found.groups())
    return within(3600.0 * hours + 60.0 * minutes + seconds, LONGEST_S)


def _moment(value: Any, offset: int | None) -> datetime | None:
    """A local time as UTC, or as it stands where no offset is known."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if at is None or not 1990 <= at.year < 2100:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC) - timedelta(seconds=offset or 0)
