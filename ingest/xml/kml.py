"""KML with times: the tracks (`gx:Track`) that OpenTracks and Google's My Tracks write, also inside a KMZ.

A track is a list of times and a list of places in the same order, however they are mixed, with an array for each
sensor (OGC KML 2.2, Google's extensions). A KML without times is a drawing and no recording.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.xml.gpx import MAX_POINTS, GpxFile, GpxTrack, reading_of
from steadymile.ingest.xml.lift import too_many
from steadymile.ingest.xml.points import walk

SENSORS = {
    "heart_rate": "hr", "heartrate": "hr", "hr": "hr", "cadence": "cad", "power": "power", "speed": "speed",
    "distance": "distance", "temperature": "temp",
}  # fmt: skip
"""Arrays that OpenTracks (`heart_rate`) and Google's own example (`heartrate`) name, as columns."""


@dataclass(slots=True)
class _Track:
    """One `gx:Track`: its times, places as (longitude, latitude, height), and arrays by column."""

    when: list[str] = field(default_factory=list)
    places: list[list[str]] = field(default_factory=list)
    arrays: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class KmlFile:
    """A KML document: its timed tracks as those of a GPX file, and how much else it holds."""

    max_points: int = MAX_POINTS
    gpx: GpxFile = field(default_factory=lambda: GpxFile(root="kml"))
    lines: int = 0
    count: int = 0
    name: str | None = None
    sport: str | None = None
    open: list[_Track] = field(default_factory=list)
    array: str | None = None
    data: str | None = None

    def start(self, path: list[str], attributes: dict[str, str]) -> None:
        """Open what the document holds."""
        tag = path[-1]
        if tag == "placemark":
            self.name = self.sport = None
            self.open = []
        elif tag == "track":
            self.open.append(_Track())
        elif tag == "simplearraydata":
            self.array = SENSORS.get(attributes.get("name", "").lower())
        elif tag == "data":
            self.data = attributes.get("name", "").lower()

    def end(self, path: list[str], text: str) -> None:
        """Take the words and values that matter."""
        tag, inside = path[-1], path[-2] if len(path) > 1 else ""
        if inside == "track" and self.open and tag in ("when", "coord"):
            if tag == "when":
                self.count += 1
                self.open[-1].when.append(text)
            else:
                self.open[-1].places.append(text.split()[:3])
            if max(self.count, len(self.open[-1].places)) > self.max_points:
                raise too_many(self.max_points)
        elif tag == "value" and inside == "simplearraydata":
            if self.array and self.open:
                self.open[-1].arrays.setdefault(self.array, []).append(text)
        elif tag == "value" and inside == "data" and self.data in ("type", "activitytype", "sport"):
            self.sport = text or self.sport
        elif tag == "name" and inside == "placemark":
            self.name = text or None
        elif tag == "generator":
            self.gpx.creator = text or None
        elif tag in ("linestring", "point", "polygon"):
            self.lines += 1
        elif tag == "placemark":
            self._take()

    def points(self, path: list[str], first: int, count: int) -> None:
        """KML has no element for a point: nothing is lifted."""

    def _take(self) -> None:
        """The tracks of a placemark as one track of several segments; arrays of another length are not its own."""
        timed = [track for track in self.open if any(track.when)]
        self.open = []
        if not timed:
            return
        taken = GpxTrack(name=self.name, type=self.sport)
        for track in timed:
            first = self.gpx.columns.count
            arrays = {name: values for name, values in track.arrays.items() if len(values) == len(track.when)}
            for i, when in enumerate(track.when):
                point = {"time": when, **{name: values[i] for name, values in arrays.items()}}
                if i < len(track.places) and len(track.places[i]) >= 2:
                    point |= dict(zip(("lon", "lat", "ele"), track.places[i]))
                self.gpx.columns.add({name: value.encode() for name, value in point.items() if value})
            taken.segments.append([(first, len(track.when))])
        self.gpx.tracks.append(taken)


def read_kml(data: bytes, max_points: int = MAX_POINTS) -> Reading:
    """Activities of a KML's timed tracks. A drawing, which has no times, is ignored with the reason."""
    walked, file = walk(data, "no-such-point", lambda path: None, lambda: KmlFile(max_points), max_points)
    assert isinstance(file, KmlFile)
    file._take()  # of a placemark that the end of a broken file cut off
    if not file.gpx.tracks:
        if walked.break_reason:
            raise Unreadable(
                f"The KML file is damaged ({walked.break_reason}) and no timed track stands before the damage",
                "Export it again from where it came from",
                walked.break_offset,
            )
        why = "KML is a map drawing without times here; export the session as FIT or GPX"
        return Reading(what="KML", reader="none", ignored=why)
    file.gpx.walked = replace(walked, columns=file.gpx.columns)
    found = reading_of(file.gpx)
    activities = tuple(replace(activity, reader="kml") for activity in found.activities)
    return replace(found, what="KML track", reader="kml", activities=activities)
