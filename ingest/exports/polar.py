"""Polar Flow's own export of an account: training sessions, nights and nightly recharge as JSON.

Times are local, with the zone's offset in minutes beside them; speeds are in km/h, distances in metres, lengths of
time as ISO 8601 (`PT1H2M3.5S`). Newer exports write totals under other names (`durationMillis`, `hrAvg`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from steadymile.ingest.barometers import has_barometer
from steadymile.ingest.checkins.files import parse_day
from steadymile.ingest.exports.listed import FARTHEST_M, LONGEST_S, json_number, within
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.sports import sport_of
from steadymile.ingest.xml.samples import Sampled, Track, sampled
from steadymile.ingest.xml.times import NO_TIME, parse_times
from steadymile.models.recording import SAMPLES, Activity, Device, Stored, Wellness

SOURCE = "polar"
LOOK = 20_000
_SESSION = (b'"exercises"', b'"startTime"')
_NIGHT, _RECHARGE = b'"asleepDuration"', b'"meanNightlyRecoveryRmssd"'
_SERIES = {"heartRate": "heart_rate", "altitude": "altitude", "cadence": "cadence", "speed": "speed",
           "distance": "distance", "temperature": "temperature", "power": "power"}  # fmt: skip
MOST_ENTRIES = 2_000_000
_LENGTH = re.compile(r"PT(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?")


def is_polar(data: bytes) -> bool:
    """Whether JSON is one of the files of the export that are read."""
    head = data[:LOOK]
    return all(word in head for word in _SESSION) or _NIGHT in head or _RECHARGE in head


def read_polar(data: bytes) -> Reading:
    """The sessions and nights of a file. Raises Unreadable where it is no JSON."""
    try:
        document = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The JSON of the export cannot be read ({error})", "Unpack the export again") from None
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
    word = one.get("sport")
    sport, sub_sport = sport_of(word if isinstance(word, str) else None)
    heart = one.get("heartRate")
    heart = heart if isinstance(heart, dict) else {"avg": one.get("hrAvg"), "max": one.get("hrMax")}
    result = _sampled(one.get("samples"), sport, offset)
    product = session.get("product")
    model = product.get("modelName") if isinstance(product, dict) else session.get("modelName")
    model = model if isinstance(model, str) else None
    title = session.get("name")
    yield (
        Activity(
            started_at=start if result is None else min(start, result.started_at),
            sport=sport,
            sub_sport=sub_sport,
            samples=pl.DataFrame(schema=SAMPLES) if result is None else _since(result, start),
            reader=SOURCE,
            title=" ".join(title.split())[:200] if isinstance(title, str) and title.strip() else None,
            device=Device("Polar", model, barometer=has_barometer(model)),
            stored=Stored(
                distance_m=within(_number(one, "distance", FARTHEST_M) or _number(one, "distanceMeters", FARTHEST_M),
                                  FARTHEST_M),
                elapsed_s=within(lasted, LONGEST_S),
                timer_s=within(lasted, LONGEST_S),
                elevation_gain_m=_number(one, "ascent", 30_000.0),
                elevation_loss_m=_number(one, "descent", 30_000.0),
                heart_rate_mean_bpm=_number(heart, "avg", 250.0),
                heart_rate_max_bpm=_number(heart, "max", 250.0),
                calories_kcal=_number(one, "kiloCalories", 1e5) or _number(one, "calories", 1e5),
            ),
            utc_offset_s=offset,
            utc_offset_source=None if offset is None else "polar_offset",
            left_out=0 if result is None else int((~result.kept).sum()),
            notes=() if result is None else result.notes,
        ),
        offset,
    )  # fmt: skip


def _since(result: Sampled, start: datetime) -> pl.DataFrame:
    """The samples with their seconds counted from the start of the exercise, where that is before them."""
    early = (result.started_at - start).total_seconds()
    return result.samples.with_columns(pl.col("t_s") + early) if early > 0 else result.samples


def _sampled(samples: Any, sport: str, offset: int | None) -> Sampled | None:
    """The series of an exercise on the seconds that any of them names."""
    if not isinstance(samples, dict):
        return None
    series: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for name, column in _SERIES.items():
        if entries := _entries(samples.get(name)):
            series[column] = _times(entries, offset), _values(entries, "value")
    if route := _entries(samples.get("recordedRoute")):
        at = _times(route, offset)
        for name in ("latitude", "longitude", "altitude"):
            series.setdefault(name, (at, _values(route, name)))
    if not series:
        return None
    us = np.unique(np.concatenate([at for at, _ in series.values()]))
    us = us[us != NO_TIME]
    if not us.size:
        return None

    def laid(column: str) -> np.ndarray | None:
        if column not in series:
            return None
        at, values = series[column]
        known = at != NO_TIME
        found = np.full(us.size, np.nan)
        found[np.searchsorted(us, at[known])] = values[known]
        return found

    speed = laid("speed")
    return sampled(
        Track(
            us=us,
            latitude=laid("latitude"),
            longitude=laid("longitude"),
            altitude=laid("altitude"),
            heart_rate=laid("heart_rate"),
            cadence=laid("cadence"),
            power=laid("power"),
            temperature=laid("temperature"),
            speed=None if speed is None else speed / 3.6,
            distance=laid("distance"),
        ),
        sport,
    )


def _entries(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list):
        return []
    if len(value) > MOST_ENTRIES:
        raise Unreadable(f"The session holds more than {MOST_ENTRIES:,} samples of one kind", "It cannot be read")
    return [entry for entry in value if isinstance(entry, dict)]


def _times(entries: list[Mapping[str, Any]], offset: int | None) -> np.ndarray:
    """UTC microseconds of entries, on whole seconds: the series of one second differ by milliseconds."""
    words = [str(entry.get("dateTime") or "").encode("utf-8", "replace") for entry in entries]
    us = parse_times(words).us
    known = us != NO_TIME
    us[known] = us[known] // 1_000_000 * 1_000_000 - (offset or 0) * 1_000_000
    return us


def _values(entries: list[Mapping[str, Any]], name: str) -> np.ndarray:
    found = np.full(len(entries), np.nan)
    for i, entry in enumerate(entries):
        value = entry.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[i] = float(value) if abs(value) < 1e300 else np.nan
    return found


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
