"""Strava's activities.csv: sessions with their sport and totals, and their titles and efforts, matched by the start.

The table's language is the account's, its order is not: the first five columns are id, date, name, type and
description in every language, and a column's name that occurs twice is translated twice alike, which tells where the
perceived effort stands.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from steadymile.ingest.checkins.months import month_number
from steadymile.ingest.checkins.text import text_of
from steadymile.ingest.checkins.values import Parsed, parse_value
from steadymile.ingest.exports.listed import FARTHEST_M, LONGEST_S, Listing, within
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.sports import sport_of
from steadymile.models.recording import CheckIn, Stored

PLACES = {"Activity Date": 1, "Activity Name": 2, "Activity Type": 3, "Activity Description": 4}
"""Where the columns stand in every language; in English they are found by their names."""
EFFORT_NAMES = frozenset({"perceived exertion", "gefühlte anstrengung"})
FILE_TO_EFFORT = 31
"""Columns from the file's name to the perceived effort, in the layout that `_same_layout` knows again."""
LOOK = 1 << 20
"""Bytes of a table looked at to tell what it is."""

_FILE = re.compile(r"activities/\d+\.(fit|gpx|tcx)\b")
_ROW = re.compile(r"^\"?\d{5,}\"?[,;]", re.M)


def is_strava(data: bytes) -> bool:
    """Whether a text is Strava's list of activities: by its English header, else by ids in front and files' names."""
    head = text_of(data[:LOOK])
    line = head.split("\n", 1)[0]
    if "Activity ID" in line and "Activity Date" in line:
        return True
    if not (len(re.findall("[,;]", line)) >= 7 and _ROW.search(head)):
        return False
    return bool(_FILE.search(head)) or _all_begin_with_times(head, line)


def _all_begin_with_times(head: str, line: str) -> bool:
    """Whether ids are followed by times and by a sport three columns on, as in a list without any recording."""
    rows = [row for row in csv.reader(io.StringIO(head.split("\n", 1)[-1]), delimiter=max(",;", key=line.count)) if row]
    whole = [row for row in rows[:20] if len(row) > PLACES["Activity Type"]]
    return bool(whole) and all(
        row[0].isdecimal()
        and strava_time(row[PLACES["Activity Date"]]) is not None
        and sport_of(row[PLACES["Activity Type"]])[0] != "unknown"
        for row in whole
    )


def read_strava(data: bytes) -> Reading:
    """One session a row with its totals, and a check-in, `at` its start in UTC, with title, note and RPE as far as they
    were given.

    The export states times in UTC. Raises Unreadable when no row can be read.
    """
    text = text_of(data)
    line = text.split("\n", 1)[0]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;", key=line.count)))
    except csv.Error as error:
        raise Unreadable(f"activities.csv cannot be read ({error})", "Unpack the export again") from None
    header = [cell.strip() for cell in rows[0]] if rows else []
    date, where = _place(header, "Activity Date"), _columns(header, rows[1:])
    month_first = _month_first([row[date] for row in rows[1:] if len(row) > date])
    checkins: list[CheckIn] = []
    listing, totals, kind = Listing("strava"), _totals(header, rows[1:]), _place(header, "Activity Type")
    bad = 0
    for row in rows[1:]:
        at = strava_time(row[date], month_first) if len(row) > date else None
        if row:
            word = row[kind] if len(row) > kind else None
            sport = sport_of(word)
            title = " ".join(row[where["title"]].split())[:200] if len(row) > where["title"] else ""
            listing.add(at, sport, _stored(row, totals, sport[0]), title or word, row[0].strip() or None)
        if at is None:
            bad += bool(row)
            continue
        values: dict[str, Parsed] = {}
        for key, place in where.items():
            try:
                value = parse_value(key, row[place]) if place < len(row) else None
            except ValueError:
                bad += 1
                continue
            if value is not None:
                values[key] = value
        if values:
            checkins.append(CheckIn(day=at.date(), values=values, source="strava", at=at))
    if bad and not checkins and not listing.sessions:
        raise Unreadable(
            "No row of activities.csv has a date that can be read",
            "Set Strava's language to English, ask for the export again, and drop that in",
        )
    notes: tuple[str, ...] = (f"{bad:,} rows or cells of activities.csv could not be read",) if bad else ()
    notes += listing.note()
    if not checkins and not listing.sessions:
        return Reading(what="Strava activities.csv", reader="strava", ignored="The list holds no session", notes=notes)
    return Reading(
        what="Strava activities.csv",
        reader="strava",
        activities=tuple(listing.sessions),
        checkins=tuple(checkins),
        notes=notes,
        left_out=len(listing.missed),
    )


_AFTER_FILE = {"elapsed_s": 3, "moving_s": 4, "distance_m": 5, "elevation_gain_m": 8, "heart_rate_max_bpm": 18,
               "heart_rate_mean_bpm": 19}  # fmt: skip
"""Columns from the file's name to the totals in seconds, metres and beats a minute, in the layout since 2020."""
_MOST = {"elapsed_s": LONGEST_S, "moving_s": LONGEST_S, "distance_m": FARTHEST_M, "elevation_gain_m": 30_000.0,
         "heart_rate_max_bpm": 250.0, "heart_rate_mean_bpm": 250.0}  # fmt: skip


def _totals(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapping[str, int]:
    """Where the totals stand: after the file's name in the layout since 2020; `short` is the rounded pair of columns
    before it, elapsed seconds and kilometres, which every table has."""
    found = {"short": header.index("Elapsed Time") if "Elapsed Time" in header else 5}
    file = header.index("Filename") if "Filename" in header else None
    if file is None:
        file = next((place for row in rows for place, cell in enumerate(row) if _FILE.match(cell)), None)
    if file is None or len(header) <= file + 19 or len(header) <= 6:
        return found
    twice = (header[5], header[6]) == (header[file + 3], header[file + 5])
    return found | {name: file + after for name, after in _AFTER_FILE.items()} if twice else found


def _stored(row: Sequence[str], totals: Mapping[str, int], sport: str) -> Stored:
    """A row's totals; None for what is not there."""

    def cell(place: int) -> float | None:
        return _decimal(row[place]) if place < len(row) else None

    values = {name: within(cell(totals[name]), most) for name, most in _MOST.items() if name in totals}
    short = totals["short"]
    if values.get("elapsed_s") is None:
        values["elapsed_s"] = within(cell(short), LONGEST_S)
    if values.get("distance_m") is None and sport != "swimming":  # whose short column counts metres
        kilometres = cell(short + 1)
        values["distance_m"] = None if kilometres is None else within(1000.0 * kilometres, FARTHEST_M)
    return Stored(**values)


def _decimal(text: str) -> float | None:
    """A number as the account's language writes it: `9.44`, `9,44`, `1.234,5`, `1,234.5`."""
    text = re.sub(r"[\s\u202f\xa0']", "", text)
    comma, point = text.rfind(","), text.rfind(".")
    if comma > point:
        text = text.replace(".", "").replace(",", ".")
    elif point > comma:
        text = text.replace(",", "")
    with suppress(ValueError):
        return float(text)
    return None


def _place(header: Sequence[str], name: str) -> int:
    return header.index(name) if name in header else PLACES[name]


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapping[str, int]:
    """Where a person's own words stand. All else is in the session's own file."""
    found = {"title": _place(header, "Activity Name"), "note": _place(header, "Activity Description")}
    named = [place for place, cell in enumerate(header) if cell.lower() in EFFORT_NAMES]
    if named:
        return found | {"rpe": named[0]}
    file = next((place for row in rows for place, cell in enumerate(row) if _FILE.match(cell)), None)
    if file is not None and _same_layout(header, file):
        return found | {"rpe": file + FILE_TO_EFFORT}
    return found


def _same_layout(header: Sequence[str], file: int) -> bool:
    """The layout since 2020: elapsed time and distance, told again after the file's name, and the relative effort
    before it told again six columns before the perceived one."""
    if len(header) <= file + FILE_TO_EFFORT:
        return False
    twice = (header[5], header[6]) == (header[file + 3], header[file + 5])
    return twice and header[file + 25] in header[7:file]


_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)[:.](\d\d)(?!\d)")
_MORNING = re.compile(r"\bam\b|a\.\s?m\.|上午|午前|오전", re.I)
_EVENING = re.compile(r"\bpm\b|p\.\s?m\.|下午|午後|오후", re.I)


def _month_first(texts: Sequence[str]) -> bool:
    """Whether dates like 1/25/2026 show that the month comes first."""
    pairs = [(int(m.group(1)), int(m.group(2))) for t in texts if (m := re.match(r"(\d{1,2})/(\d{1,2})/\d{4}", t))]
    return any(b > 12 for _, b in pairs) and not any(a > 12 for a, _ in pairs)


def strava_time(text: str, month_first: bool = False) -> datetime | None:
    """The export's dates in UTC, None for what is none: `Jan 5, 2026, 7:03:12 AM`, `5 janv. 2026 à 07:03:12`,
    `05.01.2026, 07:03:12`, `2026年1月5日 7:03:12`. Of 5/1/2026 the day comes first unless `month_first`."""
    text = text.replace("\u202f", " ").replace("\xa0", " ").strip()
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    clocks = list(_CLOCK.finditer(text))
    if not clocks:
        return None
    clock = clocks[-1]
    written, hour = text[: clock.start()], int(clock.group(1))
    if _EVENING.search(text) or _MORNING.search(text):
        hour = hour % 12 + (12 if _EVENING.search(text) else 0)
    day = _date(written, month_first)
    if day is None:
        return None
    try:
        moment = datetime(*day, hour, int(clock.group(2)), int(clock.group(3)), tzinfo=UTC)
    except ValueError:
        return None
    return moment if 1990 <= moment.year < 2100 else None


def _date(text: str, month_first: bool) -> tuple[int, int, int] | None:
    """Year, month and day as written."""
    numbers = re.findall(r"\d+", text)
    month = next(filter(None, map(month_number, re.findall(r"[^\W\d_]{3,}", text))), 0)
    if month and len(numbers) == 2:
        year, day = sorted(numbers, key=len, reverse=True)
        return (int(year), month, int(day)) if len(year) == 4 else None
    if len(numbers) != 3:
        return None
    if len(numbers[0]) == 4:
        return int(numbers[0]), int(numbers[1]), int(numbers[2])
    first, second, year = numbers
    if len(year) != 4:
        return None
    return (int(year), int(first), int(second)) if month_first else (int(year), int(second), int(first))
