"""SML, the XML that Suunto's Moveslink left on the computer: a log in the words of the app's JSON (`suunto.py`)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC

import numpy as np
from steadymile.ingest.reading import Reading
from steadymile.ingest.recordings.series import moment_us
from steadymile.ingest.recordings.suunto import Log, reading_of, stated_moment
from steadymile.ingest.xml.decimals import number
from steadymile.ingest.xml.points import walk
from steadymile.ingest.xml.times import NO_TIME

QUARTER_S = 900
"""Local times differ from UTC by quarters of an hour."""
_IN_SML = {"latitude": "lat", "longitude": "lon", "altitude": "ele", "gpsaltitude": "gps_ele", "hr": "hr",
           "cadence": "cad", "speed": "speed", "distance": "distance", "temperature": "temp", "power": "power",
           "abspressure": "pressure", "time": "offset", "utc": "time"}  # fmt: skip
_COLUMNS = {"HR": "hr", "Cadence": "cad", "Power": "power", "Speed": "speed", "Distance": "distance",
            "Altitude": "ele", "Latitude": "lat", "Longitude": "lon"}  # fmt: skip


def read_sml(data: bytes, max_points: int) -> Reading:
    """The session of a log in SML. Raises Unreadable where nothing before a break has a time."""
    walked, file = walk(data, "sample", _field_of, Sml, max_points)
    assert isinstance(file, Sml)
    columns = walked.columns
    times = columns.times()
    begun = stated_moment(file.words.get("DateTime"))
    us, on_the_wall = times.us, False
    if (us == NO_TIME).all() and begun is not None and columns.has("offset"):
        after = columns.numbers("offset")
        known = np.isfinite(after)
        us = np.full(len(after), NO_TIME, np.int64)
        on_the_wall = begun.tzinfo is None
        us[known] = moment_us(begun if begun.tzinfo else begun.replace(tzinfo=UTC)) + np.rint(
            after[known] * 1e6
        ).astype(np.int64)
    fields = {name: columns.numbers(column) for name, column in _COLUMNS.items() if columns.has(column)}
    for name, column in (("GPSAltitude", "gps_ele"), ("Temperature", "temp"), ("AbsPressure", "pressure")):
        if columns.has(column):
            fields[name] = columns.numbers(column)
    log = Log({**file.words, **file.totals}, {"Name": file.words.get("Name")}, us, fields, wall_clock=on_the_wall)
    known = us[us != NO_TIME]
    if begun is not None and begun.tzinfo is None and known.size and not on_the_wall:
        local_us = moment_us(begun.replace(tzinfo=UTC))
        log.offset_s = round((local_us - int(known.min())) / 1e6 / QUARTER_S) * QUARTER_S
    broken = walked.break_reason
    reading = reading_of(log, walked.notes)
    if broken is None:
        return reading
    return replace(
        reading,
        salvaged=f"The file breaks off ({broken}); the samples before that were kept",
        salvaged_offset=walked.break_offset,
    )


def _field_of(path: tuple[str, ...]) -> str | None:
    return _IN_SML.get(path[0]) if len(path) == 1 else None


@dataclass(slots=True)
class Sml:
    """The header of an SML document, in the words of the JSON."""

    words: dict[str, str] = field(default_factory=dict)
    totals: dict[str, float] = field(default_factory=dict)

    def start(self, path: list[str], attributes: dict[str, str]) -> None:
        """Nothing stands in attributes."""

    def end(self, path: list[str], text: str) -> None:
        """Take the words and numbers of the header and the device's name."""
        inside = tuple(path[-2:])
        if inside in (("header", "datetime"), ("header", "activity"), ("device", "name")):
            name = {"datetime": "DateTime", "activity": "Activity", "name": "Name"}[inside[1]]
            self.words.setdefault(name, text)
        elif inside[:1] == ("header",):
            value = number(text.encode())
            for name in ("ActivityType", "Distance", "Duration", "Ascent", "Descent", "Energy", "RecoveryTime"):
                if inside[1] == name.lower() and np.isfinite(value):
                    self.totals[name] = value

    def points(self, path: list[str], first: int, count: int) -> None:
        """Samples are taken as they stand in the file."""
