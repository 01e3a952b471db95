"""PWX, the files of TrainingPeaks: workouts with samples at so many seconds after a start.

Speeds are in metres a second, distances in metres (TrainingPeaks' schema pwx 1.0). The start is a time on the wall
where it names no zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from steadymile.ingest.clocks import put_on
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.sports import sport_of
from steadymile.ingest.xml.columns import Columns
from steadymile.ingest.xml.decimals import number
from steadymile.ingest.xml.gpx import MAX_POINTS, NO_LAPS
from steadymile.ingest.xml.points import walk
from steadymile.ingest.xml.samples import moment, sampled, track_of
from steadymile.ingest.xml.times import NO_TIME, parse_times
from steadymile.models.recording import SAMPLES, Activity, Device, Stored

_FIELDS = {
    "timeoffset": "offset", "hr": "hr", "spd": "speed", "pwr": "power", "cad": "cad", "dist": "distance", "lat": "lat",
    "lon": "lon", "alt": "ele", "temp": "temp",
}  # fmt: skip
_TOTALS = {"duration": "elapsed_s", "durationstopped": "stopped_s", "dist": "distance_m", "climbingelevation": "gain_m"}
_WORDS = {"workout": ("sporttype", "title", "time"), "device": ("make", "model")}
LONGEST_OFFSET_S = 10 * 86_400.0


def field_of(path: tuple[str, ...]) -> str | None:
    """The column of a value inside a sample."""
    return _FIELDS.get(path[0]) if len(path) == 1 else None


@dataclass(slots=True)
class PwxWorkout:
    """One `workout`: its words and totals, and the runs of its samples."""

    words: dict[str, str] = field(default_factory=dict)
    totals: dict[str, float] = field(default_factory=dict)
    runs: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class PwxFile:
    """A PWX document: its workouts."""

    workouts: list[PwxWorkout] = field(default_factory=list)

    def start(self, path: list[str], attributes: dict[str, str]) -> None:
        """Open a workout, and take the whole's totals that stand in attributes."""
        if path[-1] == "workout":
            self.workouts.append(PwxWorkout())
        elif self.workouts and path[-2:] == ["summarydata", "hr"] and path[-3:-2] == ["workout"]:
            for name, key in (("avg", "hr_mean"), ("max", "hr_max")):
                self._total(key, attributes.get(name, ""))

    def end(self, path: list[str], text: str) -> None:
        """Take the words and totals that matter."""
        if not text or not self.workouts or "workout" not in path:
            return
        tag, inside = path[-1], path[-2]
        if tag in _WORDS.get(inside, ()):
            self.workouts[-1].words[tag] = text
        elif inside == "summarydata" and path[-3:-2] == ["workout"] and tag in _TOTALS:
            self._total(_TOTALS[tag], text)

    def points(self, path: list[str], first: int, count: int) -> None:
        """Samples belong to the open workout."""
        if self.workouts and "workout" in path:
            self.workouts[-1].runs.append((first, count))

    def _total(self, key: str, text: str) -> None:
        value = number(text.encode())
        if np.isfinite(value) and value > 0:
            self.workouts[-1].totals[key] = value


def read_pwx(data: bytes, max_points: int = MAX_POINTS) -> Reading:
    """Workouts of a PWX file. A planned one, without samples and duration, is ignored with the reason."""
    walked, file = walk(data, "sample", field_of, PwxFile, max_points)
    assert isinstance(file, PwxFile)
    made = [_activity(one, walked.columns, i) for i, one in enumerate(file.workouts)]
    activities = tuple(activity for activity, _ in made if activity is not None)
    on_the_wall = any(naive for activity, naive in made if activity is not None)
    if not activities and walked.break_reason:
        raise Unreadable(
            f"The PWX file is damaged ({walked.break_reason}) and no timed sample stands before the damage",
            "Export it again from where it came from",
            walked.break_offset,
        )
    if not activities:
        why = "The file holds no workout that was done: no samples and no duration"
        return Reading(what="PWX without samples", reader="pwx", ignored=why, notes=walked.notes)
    salvaged = None
    if walked.break_reason:
        kept = sum(activity.samples.height for activity in activities)
        salvaged = f"The file breaks off ({walked.break_reason}); the {kept:,} samples before that were kept"
    return Reading(
        what="PWX workout",
        reader="pwx",
        activities=activities,
        salvaged=salvaged,
        salvaged_offset=walked.break_offset,
        notes=walked.notes,
        wall_clock=on_the_wall,
    )


def _activity(one: PwxWorkout, columns: Columns, index: int) -> tuple[Activity | None, bool]:
    """A workout as an activity, and whether its start has no zone."""
    starts = parse_times([one.words.get("time", "").encode()])
    start = int(starts.us[0])
    if start == NO_TIME:
        return None, False
    sport, sub_sport = sport_of(one.words.get("sporttype"))
    result = None
    if one.runs:
        where = np.concatenate([np.arange(first, first + count) for first, count in one.runs])
        offset = columns.numbers("offset")
        inside = np.isfinite(offset) & (np.abs(offset) <= LONGEST_OFFSET_S)
        us = np.full(columns.count, NO_TIME, np.int64)
        us[inside] = start + np.rint(offset[inside] * 1e6).astype(np.int64)
        result = sampled(track_of(columns, us, where), sport)
    elapsed = one.totals.get("elapsed_s")
    if result is None and elapsed is None:
        return None, False
    stopped = one.totals.get("stopped_s", 0.0)
    device = Device(manufacturer=one.words.get("make"), product=one.words.get("model"))
    activity = Activity(
        started_at=moment(start) if result is None else result.started_at,
        sport=sport,
        sub_sport=sub_sport,
        samples=pl.DataFrame(schema=SAMPLES) if result is None else result.samples,
        reader="pwx",
        index=index,
        title=one.words.get("title"),
        device=device,
        laps=NO_LAPS,
        stored=Stored(
            distance_m=one.totals.get("distance_m"),
            elapsed_s=elapsed,
            timer_s=elapsed - stopped if elapsed and 0 <= stopped < elapsed else None,
            elevation_gain_m=one.totals.get("gain_m"),
            heart_rate_mean_bpm=one.totals.get("hr_mean"),
            heart_rate_max_bpm=one.totals.get("hr_max"),
        ),
        left_out=0 if result is None else int((~result.kept).sum()),
        notes=() if result is None else result.notes,
    )
    return put_on(activity, None if result is None else result.clock), bool(starts.naive)
