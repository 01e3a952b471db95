"""Huawei Health's recordings: HiTrack files, and the list of sessions in the download of one's own data.

A HiTrack is text, one value a line with its time: places (`lbs`), heart rate (`h-r`), steps a minute (`s-r`), altitude
(`alti`). Times are milliseconds or seconds since 1970. The list, `motion path detail data.json`, holds for each session
its sport by number, its totals, its zone, and its HiTrack. The altitude beside a place has no unit that is certain and
is left out. Huawei publishes none of this; the fields agree in several public readers (looked up on 30 November 2026).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from steadymile.ingest.exports.listed import json_number, json_object, stated
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.recordings.series import MOST_ENTRIES, entries_of, epoch_ms, joined, moment_at, since
from steadymile.ingest.xml.samples import Sampled
from steadymile.models.recording import SAMPLES, Activity, Device
from steadymile.models.stated.listed import LISTED

SOURCE = "huawei"
SPORTS = {2: ("hiking", None), 3: ("cycling", None), 4: ("running", None), 5: ("walking", None),
          101: ("running", "treadmill"), 102: ("swimming", None), 103: ("cycling", "indoor"), 104: ("swimming", None),
          111: ("elliptical", None), 118: ("running", "trail"), 145: ("hiit", None), 282: ("hiking", None)}  # fmt: skip
BY_HAND = 2
"""A session whose source has this number was entered by hand."""
PAUSE = (90.0, -80.0)
"""The place that stands for a pause."""
IN_MS = 1e11
"""Times above this are milliseconds, those below seconds."""
DETAIL, SIMPLE = "HW_EXT_TRACK_DETAIL@is", "&&HW_EXT_TRACK_SIMPLIFY@is"
COLUMNS = {"h-r": "heart_rate", "s-r": "cadence", "alti": "altitude"}
_MAPS = re.compile(r'(?<!\\)"(\w*[mM]ap)"\s*:\s*\{[^{}"]*\}')
"""Objects with bare numbers as keys, which make the whole file no JSON; nothing in them is needed."""


def is_hitrack(data: bytes) -> bool:
    """Whether a text is one session's HiTrack."""
    return re.match(rb"(?:\xef\xbb\xbf)?\s*tp=[a-z\-]+;(?:k=|lat=)", data[:200]) is not None


def is_huawei(data: bytes) -> bool:
    """Whether a text is the list of sessions: a track may stand in front of all that names one."""
    begins = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return begins in (b"[", b"{") and b"HW_EXT_TRACK_DETAIL" in data and b'"sportType"' in data


def read_hitrack(data: bytes) -> Reading:
    """The samples of one session; its sport stands elsewhere, so it is unknown."""
    what = "Huawei HiTrack"
    found = _track(data.decode("utf-8-sig", "replace"), "unknown")
    if found is None or found.samples["time"].n_unique() < 2:
        return Reading(what=what, reader=SOURCE, ignored="It holds one place at one time at most, so no session")
    return Reading(what=what, reader=SOURCE, activities=(_recorded(found, found.started_at),))


def read_huawei(data: bytes) -> Reading:
    """Every session of the list. Raises Unreadable where it is no JSON."""
    text = data.decode("utf-8-sig", "replace")
    try:
        document = json.loads(_MAPS.sub(r'"\1":{}', text))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The JSON of the export cannot be read ({error})", "Unpack the export again") from None
    found = [a for i, row in enumerate(_sessions(document)) if (a := _activity(row, i)) is not None]
    return Reading(
        what="Huawei Health export",
        reader=SOURCE,
        activities=tuple(found),
        ignored=None if found else "It holds no session with a start and a length",
    )


def _sessions(document: Any) -> Iterator[Mapping[str, Any]]:
    """Its sessions; older downloads hold them by the day, in `motionPathData`."""
    for row in entries_of(document):
        inner = entries_of(row.get("motionPathData"))
        yield from inner or (row,)


def _activity(row: Mapping[str, Any], index: int) -> Activity | None:
    begun, ended, lasted = (json_number(row, name) for name in ("startTime", "endTime", "totalTime"))
    start = moment_at(begun)
    if begun is None or start is None:
        return None
    number = json_number(row, "sportType")
    sport, sub_sport = SPORTS.get(int(number) if number is not None else 0, ("unknown", None))
    detail, _, simple = str(row.get("attribute") or "").partition(SIMPLE)
    found = _track(detail.removeprefix(DETAIL), sport)
    totals = json_object(_MAPS.sub(r'"\1":{}', simple))
    calories, elapsed = json_number(row, "totalCalories"), None if ended is None else (ended - begun) / 1000.0
    stored = stated(
        distance_m=json_number(row, "totalDistance"),
        elapsed_s=elapsed,
        timer_s=None if lasted is None else lasted / 1000.0,
        heart_rate_mean_bpm=json_number(totals, "avgHeartRate"),
        heart_rate_max_bpm=json_number(totals, "maxHeartRate"),
        calories_kcal=None if calories is None else calories / 1000.0,
    )
    if found is None and stored.timer_s is None and stored.elapsed_s is None:
        return None
    by_hand = json_number(row, "sportDataSource") == BY_HAND and found is None
    offset_s = _offset_s(row.get("timeZone"))
    return Activity(
        started_at=start if found is None else min(start, found.started_at),
        sport=sport,
        sub_sport=sub_sport,
        samples=pl.DataFrame(schema=SAMPLES) if found is None else since(found, start),
        reader=SOURCE,
        index=index,
        device=Device("Huawei"),
        stored=stored,
        source=LISTED if by_hand else "recorded",
        external_id=row["recordId"] if isinstance(row.get("recordId"), str) else None,
        left_out=0 if found is None else int((~found.kept).sum()),
        notes=() if found is None else found.notes,
        utc_offset_s=offset_s,
        utc_offset_source=None if offset_s is None else "huawei_offset",
    )


def _recorded(found: Sampled, start: datetime) -> Activity:
    return Activity(
        started_at=start,
        sport="unknown",
        samples=found.samples,
        reader=SOURCE,
        device=Device("Huawei"),
        left_out=int((~found.kept).sum()),
        notes=found.notes,
    )


def _offset_s(text: object) -> int | None:
    """Seconds east of Greenwich of `+0700`."""
    found = re.fullmatch(r"([+-])(\d\d):?(\d\d)", text) if isinstance(text, str) else None
    if found is None or int(found[2]) > 14 or int(found[3]) > 59:
        return None
    return (3600 * int(found[2]) + 60 * int(found[3])) * (-1 if found[1] == "-" else 1)


def _track(text: str, sport: str) -> Sampled | None:
    """The lines of a HiTrack on their times. Raises Unreadable where there are more than any session has."""
    rows: dict[str, list[tuple[float, ...]]] = {"lbs": [], **{kind: [] for kind in COLUMNS}}
    lines = text.splitlines()
    if len(lines) > MOST_ENTRIES:
        raise Unreadable(f"The session holds more than {MOST_ENTRIES:,} lines", "It cannot be read")
    for line in lines:
        said = dict(pair.split("=", 1) for pair in line.split(";") if "=" in pair)
        kind = said.get("tp", "").strip()
        names = ("t", "lat", "lon") if kind == "lbs" else ("k", "v")
        if kind in rows and (numbers := _numbers(said, names)) and numbers[1:] != PAUSE:
            rows[kind].append(numbers)
    series: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for kind, found in rows.items():
        if not found:
            continue
        table = np.array(found, dtype=float)
        at = epoch_ms(np.where(table[:, 0] < IN_MS, table[:, 0] * 1000.0, table[:, 0]))
        if kind == "lbs":
            series |= {"latitude": (at, table[:, 1]), "longitude": (at, table[:, 2])}
        elif kind != "s-r" or (table[:, 1] > 0).any():
            series[COLUMNS[kind]] = at, np.where((table[:, 1] < 0) & (kind == "s-r"), np.nan, table[:, 1])
    return joined(series, sport)


def _numbers(said: Mapping[str, str], names: tuple[str, ...]) -> tuple[float, ...] | None:
    try:
        found = tuple(float(said[name]) for name in names)
    except (KeyError, ValueError):
        return None
    return found if found[0] > 0 and all(abs(value) < 1e15 for value in found) else None
