"""HRM, the text files of Polar's older programs: parameters, and a line of heart rate and more every few seconds.

The format is Polar's own ("Polar HRM file format", versions 1.02 to 1.07). The start is a time on the wall, and the
sport stands in another file, so it is unknown here.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import numpy as np
import polars as pl
from steadymile.ingest.exports.lengths import clock_s
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.xml.samples import Track, sampled
from steadymile.models.recording import SAMPLES, Activity, Device, Stored
from steadymile.models.units import FOOT_M, MILE_M

SOURCE = "polar_hrm"
BEATS, INTERMEDIATE = 238, 204
"""Intervals that are none: lines are beats, or there are only intermediate times."""
MILE_KM = MILE_M / 1000.0
MOST_LINES = 2_000_000
MONITORS = {"1": "Sport Tester", "6": "S520", "11": "S610", "12": "S710", "13": "S810", "22": "S625X", "33": "CS400",
            "34": "CS600X", "35": "CS600", "36": "RS400", "37": "RS800", "38": "RS800X"}  # fmt: skip
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")


def is_hrm(head: bytes) -> bool:
    """Whether a text begins as these files do."""
    text = head[:400].removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(b"[Params]") and b"Version=" in text


def read_hrm(data: bytes) -> Reading:
    """The recording of an HRM file. Raises Unreadable where it has no start, or lines that are no numbers."""
    sections = _sections(data.decode("utf-8-sig", "replace"))
    words = dict(line.split("=", 1) for line in sections.get("Params", []) if "=" in line)
    start = _start(words)
    if start is None:
        raise Unreadable("The HRM file has no date and time of its start", "Export it again from Polar's program")
    said = words.get("Interval", "").strip()
    interval = int(said) if re.fullmatch(r"[0-9]{1,3}", said) else 0
    rows = _rows(sections.get("HRData", []))
    lasted = clock_s(words.get("Length", ""), hours=True)
    if interval in (0, INTERMEDIATE) or not len(rows):
        if lasted is None:
            return Reading(what="Polar HRM", reader=SOURCE, ignored="It holds neither samples nor a length")
        rows = np.empty((0, 1))
    beats = rows[:, 0] / 1000.0 if interval == BEATS and len(rows) else None
    device = Device("Polar", MONITORS.get(words.get("Monitor", "").strip()))
    activity = Activity(
        started_at=start,
        sport="unknown",
        samples=_samples(rows, words, start, interval) if len(rows) else pl.DataFrame(schema=SAMPLES),
        reader=SOURCE,
        device=device,
        stored=Stored(elapsed_s=lasted, timer_s=lasted),
        rr_s=beats,
    )
    return Reading(what="Polar HRM", reader=SOURCE, activities=(activity,), wall_clock=True)


def _sections(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("[") and line.endswith("]"):
            lines = found.setdefault(line[1:-1], [])
        elif line:
            lines.append(line)
    return found


def _start(words: dict[str, str]) -> datetime | None:
    day, clock = _DATE.fullmatch(words.get("Date", "").strip()), clock_s(words.get("StartTime", ""), hours=True)
    if day is None:
        return None
    try:
        year, month, number = (int(part) for part in day.groups())
        midnight = datetime(year, month, number, tzinfo=UTC)
    except ValueError:
        return None
    return None if clock is None else datetime.fromtimestamp(midnight.timestamp() + clock, UTC)


def _rows(lines: list[str]) -> np.ndarray:
    """The numbers of each line, as many columns as most lines have; other lines are unknown throughout."""
    if len(lines) > MOST_LINES:
        raise Unreadable(f"The HRM file holds more than {MOST_LINES:,} lines", "Split it into several files")
    cells = [line.split() for line in lines]
    widths = [len(row) for row in cells]
    if not widths:
        return np.empty((0, 1))
    width = max(set(widths), key=widths.count)
    found = np.full((len(cells), width), np.nan)
    for i, row in enumerate(cells):
        if len(row) == width:
            try:
                found[i] = [float(cell) for cell in row]
            except ValueError:
                continue
    if np.isnan(found).all():
        raise Unreadable("The lines of the HRM file hold no numbers", "Export it again from Polar's program")
    return found


def _samples(rows: np.ndarray, words: dict[str, str], start: datetime, interval: int) -> pl.DataFrame:
    """Columns by the modes that were on: speed, cadence, altitude, power; of a beat file the rate of each beat."""
    mode = words.get("SMode", words.get("Mode", "")).strip()
    old = "SMode" not in words  # before 1.06: one digit for cadence or altitude, one for the bicycle
    on = {
        "speed": mode[:1] == "1" if not old else mode[1:2] == "1",
        "cadence": mode[1:2] == "1" if not old else mode[:1] == "0" and mode[1:2] == "1",
        "altitude": mode[2:3] == "1" if not old else mode[:1] == "1",
        "power": mode[3:4] == "1" if not old else False,
    }
    imperial = (mode[7:8] if not old else mode[2:3]) == "1"
    at, taken = 1, {}
    for name, there in on.items():
        if there and at < rows.shape[1]:
            taken[name] = rows[:, at]
            at += 1
    step = rows[:, 0] / 1000.0 if interval == BEATS else np.full(len(rows), float(interval))
    ended = np.cumsum(np.nan_to_num(step))
    seconds = ended - (0.0 if interval == BEATS else interval)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = 60_000.0 / rows[:, 0] if interval == BEATS else rows[:, 0]
    speed = taken.get("speed")
    metres_s = None if speed is None else speed / 10.0 * (MILE_KM if imperial else 1.0) / 3.6
    height = taken.get("altitude")
    us = int(start.timestamp() * 1e6) + np.rint(seconds * 1e6).astype(np.int64)
    distance = None
    if metres_s is not None:
        distance = np.cumsum(np.nan_to_num(metres_s) * np.nan_to_num(step)) - np.nan_to_num(metres_s * step)[0]
    track = Track(
        us=us,
        latitude=None,
        longitude=None,
        altitude=None if height is None else height * (FOOT_M if imperial else 1.0),
        heart_rate=rate,
        cadence=taken.get("cadence"),
        power=taken.get("power"),
        temperature=None,
        speed=metres_s,
        distance=distance,
    )
    result = sampled(track, "unknown")
    return pl.DataFrame(schema=SAMPLES) if result is None else result.samples
