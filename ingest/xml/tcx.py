"""TCX to activities: laps, tracks, points and Garmin's extensions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from steadymile.ingest.barometers import has_barometer
from steadymile.ingest.clocks import put_on
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.sports import sport_of
from steadymile.ingest.xml.columns import Columns
from steadymile.ingest.xml.decimals import number
from steadymile.ingest.xml.gpx import MAX_POINTS, offset_of
from steadymile.ingest.xml.points import walk
from steadymile.ingest.xml.samples import EARLIEST_US, LATEST_US, Sampled, moment, sampled, track_of
from steadymile.ingest.xml.times import NO_TIME, Times, parse_times
from steadymile.models.recording import LAPS, SAMPLES, Activity, Device, Stored

WAIT_FOR_FIX_US = 600_000_000
LAP_SEAM_S = 15.0
"""Between the last point of a lap and the first of the next the timer ran on, if no more time than this passed."""

_FIELDS = {
    ("time",): "time", ("position", "latitudedegrees"): "lat", ("position", "longitudedegrees"): "lon",
    ("altitudemeters",): "ele", ("distancemeters",): "distance", ("heartratebpm", "value"): "hr",
    ("heartratebpm",): "hr", ("cadence",): "cad",
}  # fmt: skip
_EXTENSIONS = {"speed": "speed", "runcadence": "cad", "watts": "power"}
_LAP_TOTALS = {
    "totaltimeseconds": "timer_s", "distancemeters": "distance_m", "triggermethod": "trigger",
    "averageheartratebpm": "hr_mean", "maximumheartratebpm": "hr_max", "calories": "kcal",
}  # fmt: skip
_VERSION = ("versionmajor", "versionminor")


def field_of(path: tuple[str, ...]) -> str | None:
    """The column of a value inside a track point."""
    if path in _FIELDS:
        return _FIELDS[path]
    return _EXTENSIONS.get(path[-1]) if path and path[0] == "extensions" else None


@dataclass(slots=True)
class TcxLap:
    """One `Lap`: its words, and the runs of points of each of its tracks."""

    start: str
    words: dict[str, str] = field(default_factory=dict)
    tracks: list[list[tuple[int, int]]] = field(default_factory=list)

    def number(self, name: str) -> float | None:
        """One total as a number above 0, None where it is absent or no number."""
        value = number(self.words.get(name, "").encode())
        return value if np.isfinite(value) and value > 0 else None


@dataclass(slots=True)
class TcxActivity:
    """One `Activity` as it stands."""

    sport: str | None
    id: str = ""
    notes: str | None = None
    creator: dict[str, str] = field(default_factory=dict)
    laps: list[TcxLap] = field(default_factory=list)


@dataclass(slots=True)
class TcxFile:
    """A TCX document: its activities and how much else it holds."""

    activities: list[TcxActivity] = field(default_factory=list)
    courses: int = 0
    workouts: int = 0

    def start(self, path: list[str], attributes: dict[str, str]) -> None:
        """Open what the document holds."""
        name = path[-1]
        if name == "activity":
            self.activities.append(TcxActivity(attributes.get("Sport")))
        elif name == "lap" and "activity" in path:
            self.activities[-1].laps.append(TcxLap(attributes.get("StartTime", "")))
        elif name == "track" and self._lap(path) is not None:
            self.activities[-1].laps[-1].tracks.append([])
        elif name == "course":
            self.courses += 1
        elif name == "workout":
            self.workouts += 1

    def _lap(self, path: list[str]) -> TcxLap | None:
        return self.activities[-1].laps[-1] if "activity" in path and self.activities[-1].laps else None

    def end(self, path: list[str], text: str) -> None:
        """Take the words that matter."""
        if not text or "activity" not in path:
            return
        activity, name, inside = self.activities[-1], path[-1], path[-2]
        if "creator" in path:
            activity.creator[name] = text
        elif inside == "activity" and name == "id":
            activity.id = text
        elif inside == "activity" and name == "notes":
            activity.notes = text
        elif inside == "lap" and name in _LAP_TOTALS and activity.laps:
            activity.laps[-1].words[_LAP_TOTALS[name]] = text
        elif name == "value" and inside in _LAP_TOTALS and activity.laps:
            activity.laps[-1].words[_LAP_TOTALS[inside]] = text

    def points(self, path: list[str], first: int, count: int) -> None:
        """Points belong to the open track of the open lap."""
        lap = self._lap(path)
        if lap is None:
            return
        if not lap.tracks:
            lap.tracks.append([])
        lap.tracks[-1].append((first, count))


def read_tcx(data: bytes, max_points: int = MAX_POINTS) -> Reading:
    """Activities of a TCX file; courses and workouts are ignored with the reason."""
    walked, file = walk(data, "Trackpoint", field_of, TcxFile, max_points)
    assert isinstance(file, TcxFile)
    times = walked.columns.times()
    notes = list(walked.notes)
    if times.naive:
        notes.append(f"{times.naive:,} times without a zone were read as UTC")
    made = [_activity(one, walked.columns, times, i) for i, one in enumerate(file.activities)]
    activities = tuple(activity for activity in made if activity is not None)
    if not activities and walked.break_reason:
        raise Unreadable(
            f"The TCX file is damaged ({walked.break_reason}) and no timed track point and no total stands before that",
            "Export it again from where it came from",
            walked.break_offset,
        )
    if not activities:
        return Reading(what=_what(file), reader="tcx", ignored=_why_nothing(file), notes=tuple(notes))
    salvaged = None
    if walked.break_reason:
        kept = sum(activity.samples.height for activity in activities)
        what = f"the {kept:,} points before that" if kept else "no point stands before that; the laps' stated totals"
        salvaged = f"The file breaks off ({walked.break_reason}); {what} were kept"
    return Reading(
        what="TCX activity",
        reader="tcx",
        activities=activities,
        salvaged=salvaged,
        salvaged_offset=walked.break_offset,
        notes=tuple(notes),
    )


def _what(file: TcxFile) -> str:
    if file.activities:
        return "TCX activity"
    return "TCX course" if file.courses else "TCX workout" if file.workouts else "TCX without activities"


def _why_nothing(file: TcxFile) -> str:
    if file.activities:
        return "The activity holds no timed points and no totals"
    if file.courses:
        return "The file holds a course to follow, not a recorded session"
    return "The file holds a planned workout, not a recorded session" if file.workouts else "The file holds no activity"


def _activity(one: TcxActivity, columns: Columns, times: Times, index: int) -> Activity | None:
    sport, sub_sport = sport_of(one.sport)
    tracks = [
        (number, np.concatenate([np.arange(first, first + count) for first, count in runs]))
        for number, lap in enumerate(one.laps)
        for runs in lap.tracks
        if runs
    ]
    starts = parse_times([lap.start.encode() for lap in one.laps] + [one.id.encode()]).us
    starts = np.where((starts >= EARLIEST_US) & (starts < LATEST_US), starts, NO_TIME)
    named = starts[starts != NO_TIME]
    start_us = int(named[0]) if len(named) else 0
    track = track_of(columns, times.us, np.concatenate([at for _, at in tracks])) if tracks else None
    result = sampled(track, sport) if track else None
    totals = any(lap.number("timer_s") or lap.number("distance_m") for lap in one.laps)
    if result is None and not (totals and len(named)):
        return None
    # A lap's start is believed where it lies shortly before the first point, as on a watch without a fix yet.
    if track and result and 0 < int(result.started_at.timestamp() * 1e6) - start_us <= WAIT_FOR_FIX_US:
        result = sampled(track, sport, start_us)
    offset = offset_of(times, np.concatenate([at for _, at in tracks])) if result else None
    return put_on(
        Activity(
            started_at=moment(start_us) if result is None else result.started_at,
            sport=sport,
            sub_sport=sub_sport,
            samples=pl.DataFrame(schema=SAMPLES) if result is None else result.samples,
            reader="tcx",
            index=index,
            title=one.notes if one.notes and len(one.notes) <= 80 and "\n" not in one.notes else None,
            device=_device(one.creator),
            laps=_laps(one, starts),
            timer=None if result is None else _timer(tracks, result),
            stored=_stored(one),
            utc_offset_s=offset,
            utc_offset_source="tcx_offset" if offset is not None else None,
            left_out=0 if result is None else int((~result.kept).sum()),
            notes=() if result is None else result.notes,
        ),
        None if result is None else result.clock,
    )


def _timer(tracks: list[tuple[int, np.ndarray]], result: Sampled) -> tuple[tuple[float, float], ...] | None:
    """A new track within a lap is a resumed timer; a new lap alone is not."""
    seconds = np.full(len(result.kept), np.nan)
    seconds[result.kept] = result.samples["t_s"].to_numpy()
    stretches: list[tuple[float, float]] = []
    before, at = -1, 0
    for lap, points in tracks:
        part = seconds[at : at + len(points)]
        at += len(points)
        part = part[np.isfinite(part)]
        if not len(part):
            continue
        start, stop = float(part.min()), float(part.max())
        seam = bool(stretches) and lap != before and start - stretches[-1][1] <= LAP_SEAM_S
        if stretches and (seam or start <= stretches[-1][1]):
            stretches[-1] = (stretches[-1][0], max(stop, stretches[-1][1]))
        else:
            stretches.append((start, stop))
        before = lap
    return tuple(stretches) if len(stretches) > 1 else None


def _laps(one: TcxActivity, starts: np.ndarray) -> pl.DataFrame:
    rows = [
        {
            "index": number,
            "started_at": None if starts[number] == NO_TIME else moment(int(starts[number])),
            "elapsed_s": None,
            "timer_s": lap.number("timer_s"),
            "distance_m": lap.number("distance_m"),
            "heart_rate_mean_bpm": lap.number("hr_mean"),
            "heart_rate_max_bpm": lap.number("hr_max"),
            "elevation_gain_m": None,
            "trigger": lap.words.get("trigger", "").lower() or None,
        }
        for number, lap in enumerate(one.laps)
    ]
    return pl.DataFrame(rows, schema=LAPS)


def _stored(one: TcxActivity) -> Stored:
    """Totals of the laps together: TCX knows no others. A total that one lap lacks is unknown for the whole."""
    timers = [lap.number("timer_s") for lap in one.laps]
    hearts = [(lap.number("hr_mean"), lap.number("timer_s")) for lap in one.laps]
    distances = [value for lap in one.laps if (value := lap.number("distance_m"))]
    maxima = [value for lap in one.laps if (value := lap.number("hr_max"))]
    calories = [value for lap in one.laps if (value := lap.number("kcal"))]
    known = [(heart, timer) for heart, timer in hearts if heart and timer]
    mean = sum(h * t for h, t in known) / sum(t for _, t in known) if known and len(known) == len(hearts) else None
    return Stored(
        distance_m=sum(distances) or None,
        timer_s=sum(value for value in timers if value) or None if all(timers) else None,
        heart_rate_mean_bpm=mean,
        heart_rate_max_bpm=max(maxima, default=None),
        calories_kcal=sum(calories) if calories and len(calories) == len(one.laps) else None,
    )


def _device(creator: dict[str, str]) -> Device:
    version = ".".join(creator[key] for key in _VERSION if key in creator) or None
    serial = creator.get("unitid")
    return Device(
        product=creator.get("name"),
        serial=serial if serial not in (None, "0") else None,
        software=version,
        barometer=has_barometer(creator.get("name")),
    )
