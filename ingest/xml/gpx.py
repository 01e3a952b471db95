"""GPX 1.0 and 1.1 to activities: tracks, segments, times, and the sensor extensions of the common makers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import polars as pl
from steadymile.ingest.barometers import has_barometer
from steadymile.ingest.clocks import CODE, FIRST_WATCH, HUNDREDFOLD_NOTE, hundredfold, put_on
from steadymile.ingest.pieces import SET_AHEAD_S
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.sports import sport_of
from steadymile.ingest.xml.columns import Columns
from steadymile.ingest.xml.decimals import number
from steadymile.ingest.xml.points import Walked, walk
from steadymile.ingest.xml.samples import EARLIEST_US, LATEST_US, Sampled, moment, sampled, sane_times, track_of
from steadymile.ingest.xml.times import NO_TIME, Times, common_era, parse_times
from steadymile.models.recording import LAPS, SAMPLES, Activity, Device, Stored
from steadymile.models.signal.outliers import haversine_m

MAX_POINTS = 2_000_000
APART_S = 30 * 60.0
"""Tracks of one file further apart than this are several activities."""
SITTING_US = 6 * 3_600_000_000
"""Segments of one track further apart than this are several activities: nobody pauses a run so long."""
LEAST_SITTING_US, ON_THE_SPOT_M = 300_000_000, 1_000.0
"""Within a segment both sides of such a step must last for so long; a single step of more than a day that ends so near
is a clock that was set."""
LEAST_SEGMENT_US = 60_000_000
"""A segment of an earlier day must last for so long to be a session of its own: a shorter one is a stray."""

NO_LAPS = pl.DataFrame(schema=LAPS)
"""GPX knows no laps; the empty table is made once and not for every file."""

_SENSORS = {
    "hr": "hr", "heartrate": "hr", "heart_rate": "hr", "heartratebpm": "hr", "cad": "cad", "cadence": "cad",
    "runcadence": "cad", "power": "power", "watts": "power", "powerinwatts": "power", "atemp": "temp", "temp": "temp",
    "temperature": "temp", "speed": "speed", "distance": "distance",
}  # fmt: skip
"""Garmin TrackPointExtension 1 and 2 and PowerExtension, Cluetrust (Suunto too), Strava, Polar, Apple, OpenTracks."""

_VALUE = frozenset({"value", "@value", "@bpm"})
"""Where some programs put the number, inside the element or the attribute of its name."""

_TOTALS = {
    "distance": "distance_m", "movingtime": "moving_s", "moving_time": "moving_s", "elapsed_time": "elapsed_s",
    "timertime": "timer_s", "average_hr": "heart_rate_mean_bpm",
}  # fmt: skip
"""Totals that exporters put into the extensions of the file or of a track."""


_SPORT = frozenset({"activity", "activitytype", "activity_type", "sport", "sporttype", "sport_type", "workout_type"})
"""Extensions of the file, its metadata or a track in which apps (OsmAnd, Trails, Cluetrust) name the sport."""

_ZEPP = ("zepp", "mi fit", "amazfit")
_DATED_SPORT = re.compile(r"\d{8}\s+(\S.*)", re.S)
_RUNKEEPER = "runkeeper"
_SPORT_DATED = re.compile(r"([^\W\d_][\D]*?)\s+\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b.*", re.S)
"""Zepp names a track by the day and the sport (`20231013 Outdoor cycling`), Runkeeper by the sport and the day
(`Running 11/2/26 6:00 pm`), and neither says the sport anywhere else."""


def field_of(path: tuple[str, ...]) -> str | None:
    """The column of a value inside a track point."""
    if not path:
        return None
    if len(path) == 1:
        if path[0] in ("@lat", "@lon", "ele", "time"):
            return path[0].lstrip("@")
        return _SENSORS.get(path[0]) if path[0] in ("speed", "hr", "cad", "power") else None
    named = path[-2] if path[-1] in _VALUE else path[-1]
    return None if named.startswith("@") else _SENSORS.get(named)


@dataclass(slots=True)
class GpxTrack:
    """One `trk`: its words, and per segment the runs of points as (first, count)."""

    name: str | None = None
    type: str | None = None
    segments: list[list[tuple[int, int]]] = field(default_factory=list)
    totals: dict[str, float] = field(default_factory=dict)

    def indices(self) -> list[np.ndarray]:
        """Numbers of the points of each segment, in file order."""
        return [
            np.concatenate([np.arange(first, first + count) for first, count in runs])
            if runs
            else np.empty(0, np.int64)
            for runs in self.segments
        ]


@dataclass(slots=True)
class GpxFile:
    """A GPX document: its tracks and how much else it holds."""

    creator: str | None = None
    root: str | None = None
    tracks: list[GpxTrack] = field(default_factory=list)
    route_points: int = 0
    waypoints: int = 0
    metadata_time: str | None = None
    start_time: str | None = None
    sport: str | None = None
    totals: dict[str, float] = field(default_factory=dict)
    columns: Columns = field(default_factory=Columns)
    walked: Walked | None = None

    def start(self, path: list[str], attributes: dict[str, str]) -> None:
        """Count and open what the document holds."""
        name = path[-1]
        if len(path) == 1:
            self.root, self.creator = name, attributes.get("creator")
        elif name == "trk":
            self.tracks.append(GpxTrack())
        elif name == "trkseg" and self.tracks:
            self.tracks[-1].segments.append([])
        elif name == "rtept":
            self.route_points += 1
        elif name == "wpt":
            self.waypoints += 1

    def end(self, path: list[str], text: str) -> None:
        """Take the words and totals that matter."""
        name = path[-1]
        if not text or len(path) < 2:
            return
        if "trk" in path:
            track = self.tracks[-1]
            if path[-2] == "trk" and name == "name":
                track.name = text
            elif path[-2] == "trk" and name == "type":
                track.type = text
            elif "extensions" in path and "trkseg" not in path:
                if name in _TOTALS:
                    _total(track.totals, name, text)
                elif name in _SPORT and track.type is None:
                    track.type = text
        elif "extensions" in path and name in _SPORT:
            self.sport = text
        elif name == "time" and path[-2] in ("metadata", "gpx"):
            self.metadata_time = text
        elif path[1] == "extensions" and name == "start_time":
            self.start_time = text
        elif path[1] == "extensions" and name in _TOTALS:
            _total(self.totals, name, text)

    def points(self, path: list[str], first: int, count: int) -> None:
        """Points belong to the open segment; a track without segments gets one."""
        if not self.tracks or "trk" not in path:
            return
        segments = self.tracks[-1].segments
        if not segments:
            segments.append([])
        segments[-1].append((first, count))


def _total(totals: dict[str, float], name: str, text: str) -> None:
    value = number(text.encode())
    if np.isfinite(value) and value > 0:
        totals[_TOTALS[name]] = value


def parse_gpx(data: bytes, max_points: int = MAX_POINTS) -> GpxFile:
    """The document as it stands, before anything is judged. Raises Unreadable when it is hostile or no XML at all."""
    walked, handler = walk(data, "trkpt", field_of, GpxFile, max_points)
    assert isinstance(handler, GpxFile)
    handler.columns, handler.walked = walked.columns, walked
    return handler


def read_gpx(data: bytes, max_points: int = MAX_POINTS) -> Reading:
    """Activities of a GPX file. A file that is sound but holds no recording is ignored with the reason."""
    return reading_of(parse_gpx(data, max_points))


def reading_of(file: GpxFile) -> Reading:
    """The reading of a parsed document, whoever parsed it."""
    walked = file.walked or Walked(file.columns)
    times = file.columns.times()
    notes = list(walked.notes)
    us, mended = hundredfold(times.us, NO_TIME)
    if mended:
        notes.append(HUNDREDFOLD_NOTE)
    us, era = common_era(us)
    notes += [era] if era else []
    times = replace(times, us=us)
    if times.naive:
        notes.append(f"{times.naive:,} times without a zone were read as UTC")
    if times.unreadable:
        notes.append(f"{times.unreadable:,} times could not be read")
    merged = _recordings(file, times)
    activities = [_activity(file, group, times, i) for i, group in enumerate(merged)]
    if not activities and file.columns.count == 0 and (manual := _totals_only(file)) is not None:
        activities = [manual]
    broken = None if walked.break_reason is None else f"The file breaks off ({walked.break_reason})"
    if not activities and walked.break_reason is not None:
        raise Unreadable(
            f"The GPX file is damaged ({walked.break_reason}) and no timed track point stands before the damage",
            "Export it again from where it came from",
            walked.break_offset,
        )
    if not activities:
        return Reading(what=_what(file), reader="gpx", ignored=_why_nothing(file, times), notes=tuple(notes))
    if broken:
        kept = sum(activity.samples.height for activity in activities)
        broken += f"; the {kept:,} points before that were kept"
    return Reading(
        what="GPX track",
        reader="gpx",
        activities=tuple(activities),
        salvaged=broken,
        salvaged_offset=walked.break_offset,
        notes=tuple(notes),
        code=CODE if mended else None,
    )


def _what(file: GpxFile) -> str:
    if file.columns.count:
        return "GPX track"
    if file.route_points:
        return "GPX route"
    return "GPX waypoints" if file.waypoints else "GPX without points"


def _why_nothing(file: GpxFile, times: Times) -> str:
    if file.root not in ("gpx", None):
        return f"The file is XML of another kind (<{file.root}>), not a GPX track. Nothing to do"
    if file.columns.count and (times.us != NO_TIME).any():
        return "The track's times are impossible for a recording (before 1990 or after 2100), so it cannot be dated"
    if file.columns.count and times.unreadable:
        return (
            f"The track's {times.unreadable:,} times are written in a way that cannot be read, so it cannot be dated. "
            "Export it as FIT, or as GPX with times like 2026-03-01T07:00:00Z"
        )
    if file.columns.count:
        return "The track has positions but no times: a drawn or planned route, not a recorded session"
    if file.route_points:
        return "The file holds a planned route, not a recorded session"
    if file.waypoints:
        return "The file holds waypoints only, not a recorded session"
    if not file.tracks:
        return "The GPX file is empty: no track, no route, no waypoint"
    kind = next((track.type for track in file.tracks if track.type), None)
    name = f" of type {kind}" if kind else ""
    return (
        f"The file announces a session{name} and holds no points, as exports of indoor sessions do. "
        "If you want it counted, export the same session as FIT"
    )


@dataclass(frozen=True, slots=True)
class _Recording:
    """Points of one or more tracks that are one activity: their numbers by segment, words and totals."""

    segments: tuple[np.ndarray, ...]
    track: GpxTrack
    start_us: int
    end_us: int


def _recordings(file: GpxFile, times: Times) -> list[list[_Recording]]:
    """Tracks with timed points; those that follow each other within 30 minutes belong together."""
    groups: list[list[_Recording]] = []
    for recording in (part for track in file.tracks for part in _sittings(track, file, times)):
        before = groups[-1][-1] if groups else None
        gap_s = (recording.start_us - before.end_us) / 1e6 if before else -1.0
        same = before is not None and (recording.track.type or "") == (before.track.type or "")
        if same and 0 <= gap_s <= APART_S:
            groups[-1].append(recording)
        else:
            groups.append([recording])
    return groups


def _sittings(track: GpxTrack, file: GpxFile, times: Times) -> list[_Recording]:
    """The track as one recording, or as several where hours lie between its segments, as in a logger's dump."""
    sittings: list[list[np.ndarray]] = []
    spans: list[tuple[int, int]] = []
    homeless: list[np.ndarray] = []
    for segment in (part for whole in track.indices() for part in _days(whole, file, times.us)):
        us = times.us[segment]
        us = us[sane_times(us)]
        if not len(us):
            homeless.append(segment)
            continue
        start, end = int(us.min()), int(us.max())
        if spans and start - spans[-1][1] <= SITTING_US and not _an_earlier_day((start, end), spans[-1]):
            sittings[-1].append(segment)
            spans[-1] = (min(spans[-1][0], start), max(spans[-1][1], end))
        else:
            sittings.append([segment])
            spans.append((start, end))
    if sittings:
        sittings[0] += homeless  # their points are left out and counted with the first
    return [_Recording(tuple(parts), track, *span) for parts, span in zip(sittings, spans)]


def _an_earlier_day(span: tuple[int, int], last: tuple[int, int]) -> bool:
    """Whether a segment is a session of its own before the last one, as in files that begin with the newest: both last
    long enough, and hours lie between them. A clock that is set takes minutes, and no new segment."""
    long_enough = all(end - start >= LEAST_SEGMENT_US for start, end in (span, last))
    return long_enough and last[0] - span[1] > SITTING_US and span[0] >= FIRST_WATCH * 1e6


def _days(segment: np.ndarray, file: GpxFile, us: np.ndarray) -> list[np.ndarray]:
    """A segment in parts with hours between them, as a logger writes that opens none for a new day."""
    timed = segment[(us[segment] >= EARLIEST_US) & (us[segment] < LATEST_US)]
    step = np.diff(us[timed])
    cuts = np.flatnonzero(step > SITTING_US)
    if not cuts.size or (step < 0).any():
        return [segment]
    edges = np.concatenate(([0], cuts + 1, [len(timed)]))
    if (us[timed[edges[1:] - 1]] - us[timed[edges[:-1]]] < LEAST_SITTING_US).any():
        return [segment]
    if cuts.size == 1 and step[cuts[0]] > SET_AHEAD_S * 1e6 and file.columns.has("lat") and file.columns.has("lon"):
        lat, lon = file.columns.numbers("lat"), file.columns.numbers("lon")
        i, j = timed[cuts], timed[cuts + 1]
        if not haversine_m(lat[i], lon[i], lat[j], lon[j])[0] > ON_THE_SPOT_M:
            return [segment]
    return np.split(segment, np.searchsorted(segment, timed[cuts + 1]))


def _activity(file: GpxFile, group: list[_Recording], times: Times, index: int) -> Activity:
    segments = [segment for recording in group for segment in recording.segments if len(segment)]
    where = np.concatenate(segments)
    first = group[0].track
    sport, sub_sport = sport_of(first.type or file.sport or _in_name(first.name, file.creator), file.creator)
    result = sampled(track_of(file.columns, times.us, where), sport)
    assert result is not None, "a sitting has a point with a possible time"
    offset = offset_of(times, where)
    # Totals are of the file or of a track: they are this activity's only where it is all of it.
    whole = len(group) == 1 and len(where) == sum(len(segment) for segment in first.indices())
    totals = {**(file.totals if whole and len(file.tracks) == 1 else {}), **(first.totals if whole else {})}
    return put_on(
        Activity(
            started_at=result.started_at,
            sport=sport,
            sub_sport=sub_sport,
            samples=result.samples,
            reader="gpx",
            index=index,
            title=first.name,
            device=_device(file.creator),
            laps=NO_LAPS,
            timer=_timer(segments, result),
            stored=Stored(**totals),
            utc_offset_s=offset,
            utc_offset_source="gpx_offset" if offset is not None else None,
            left_out=int((~result.kept).sum()),
            stamp=_stamp(file),
            notes=result.notes,
        ),
        result.clock,
    )


def _in_name(name: str | None, creator: str | None) -> str | None:
    """The sport in a track's name, where a program wrote that name and no person."""
    maker = (creator or "").lower()
    pattern = _DATED_SPORT if maker.startswith(_ZEPP) else _SPORT_DATED if maker.startswith(_RUNKEEPER) else None
    dated = pattern.fullmatch((name or "").strip()[:200]) if pattern else None
    return dated.group(1) if dated else None


def _stamp(file: GpxFile) -> datetime | None:
    """The time that the document states beside its points."""
    stated = (file.start_time or file.metadata_time or "").encode()
    us = int(parse_times([stated]).us[0])
    return moment(us) if EARLIEST_US <= us < LATEST_US else None


def _timer(segments: list[np.ndarray], result: Sampled) -> tuple[tuple[float, float], ...] | None:
    """Between segments the timer stood still; one segment says nothing of pauses."""
    if len(segments) < 2:
        return None
    seconds = np.full(len(result.kept), np.nan)
    seconds[result.kept] = result.samples["t_s"].to_numpy()
    stretches: list[tuple[float, float]] = []
    at = 0
    for segment in segments:
        part = seconds[at : at + len(segment)]
        at += len(segment)
        part = part[np.isfinite(part)]
        if len(part):
            stretches.append((float(part.min()), float(part.max())))
    joined: list[tuple[float, float]] = []
    for start, stop in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return tuple(stretch for stretch in joined if stretch[1] > stretch[0]) or None


def offset_of(times: Times, where: np.ndarray) -> int | None:
    """The commonest stated offset from UTC; +00:00 is written for Z as well and says nothing."""
    offsets = times.offset_s[where]
    offsets = offsets[np.isfinite(offsets) & (offsets != 0)]
    if not len(offsets):
        return None
    values, counts = np.unique(offsets, return_counts=True)
    return int(values[np.argmax(counts)])


def _device(creator: str | None) -> Device:
    """The program or watch that wrote the file; Strava says itself whether the watch had a barometer."""
    if not creator:
        return Device()
    barometer = True if re.search(r"with barometer", creator, re.I) else has_barometer(creator)
    return Device(product=creator.strip()[:80] or None, barometer=barometer)


def _totals_only(file: GpxFile) -> Activity | None:
    """An indoor session whose exporter kept the totals and no points."""
    start = parse_times([(file.start_time or file.metadata_time or "").encode()]).us[0]
    lasts = file.totals.get("elapsed_s") or file.totals.get("moving_s")
    if not file.tracks or start == NO_TIME or not lasts:
        return None
    sport, sub_sport = sport_of(file.tracks[0].type or file.sport, file.creator)
    return Activity(
        started_at=moment(int(start)),
        sport=sport,
        sub_sport=sub_sport,
        samples=pl.DataFrame(schema=SAMPLES),
        reader="gpx",
        title=file.tracks[0].name,
        device=_device(file.creator),
        stored=Stored(**file.totals),
        notes=("the file holds totals and no points",),
    )
