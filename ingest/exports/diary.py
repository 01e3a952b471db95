"""A table of sessions by their day: a runner's own diary, and lists such as MapMyRun's and Runalyze's.

Columns are known by their names in seven languages, and units by the columns' names or the cells. Where neither says
whether `32:10` is minutes or hours, or `1930` seconds or minutes, the speed that comes out does: one reading of sixty
is that of somebody on foot or wheels. What stays open is left out with the reason.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from steadymile.ingest.checkins.days import day_order, parse_day
from steadymile.ingest.checkins.files import NO_DAY, read_checkins
from steadymile.ingest.checkins.months import plain
from steadymile.ingest.checkins.text import text_of
from steadymile.ingest.exports.columns import UNITS_M, Columns, Row, columns_of
from steadymile.ingest.exports.lengths import lengths_s, number_of, time_of_day
from steadymile.ingest.exports.listed import Listing, one_line, stated
from steadymile.ingest.exports.rows import rows_of, table_of
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.sports import sport_of
from steadymile.models.recording import CheckIn
from steadymile.models.stated.diary import READER

LOOK_AT = 40
SLOWEST_M_S, FASTEST_M_S = 0.2, 20.0
"""A session at another speed has a length or a distance that is none."""
NOT_DONE = frozenset(["no", "n", "nein", "non", "false", "0", "skipped", "skip", "missed", "rest", "ausgefallen"])
WHAT = "table of sessions by their day"
RUN_FROM_M_S = 2.0
"""Whoever writes a pace is on foot; from here on it was a run (science 2.2)."""
RUN_TO_M_S = 5.5
ELSEWISE = frozenset({"cycling", "swimming", "skating", "skiing", "rowing", "paddling", "elliptical", "wheelchair"})
TRAININGS = frozenset({
    "easy", "tempo", "interval", "intervals", "long", "recovery", "speed", "speedwork", "fartlek", "strides", "hills",
    "race", "parkrun", "threshold", "progression", "steady", "base", "5k", "10k", "locker", "intervalle", "lang",
    "langer", "regeneration", "ga1", "ga2", "wettkampf", "schwelle", "fractionne", "seuil", "endurance", "competition",
    "series", "rodaje", "tirada", "cuestas", "competicion", "ripetute", "lento", "lungo", "medio", "gara",
    "intervalado", "longo", "rodagem", "tiros", "leve", "duurloop", "rustig", "wedstrijd",
})  # fmt: skip
"""What runners call a training in a table of their own, where the sport goes without saying."""
NO_SPORT = (
    "It is a table of sessions without a column for the sport, so none was taken. Add a column named sport with run, "
    "walk or another word, and save the file again"
)
NO_UNIT = "The table does not say whether its distances are kilometres or miles, so none was taken"
NO_LENGTH = (
    "It is a table of sessions, but how long they took cannot be read. Name the column duration_min, or write it as "
    "0:32:10, and save the file again"
)


def is_diary(data: bytes) -> bool:
    """Whether a text is such a table: by its columns' names, by none that only check-ins, daily totals or results of a
    race have, and by sports that are some: a table of sleep has a type and a duration too."""
    rows = list(rows_of(_text(data[:20_000]), LOOK_AT))
    columns = columns_of(rows[0]) if rows else None
    if columns is None:
        return False
    known = [_named_sport(columns, row)[0] != "unknown" or _is_training(columns, row) for row in rows[1:]]
    return "sport" not in columns.at or 2 * sum(known) >= len(known)


def read_diary(data: bytes) -> Reading:
    """One session a row, with the answers beside it as check-ins of that day. Raises Unreadable for no table."""
    rows = table_of(_text(data), "Save it again as CSV", "table")
    columns = columns_of(rows[0])
    assert columns is not None
    body = rows[1:]
    unit_m = _unit_m(columns)
    role = "length" if "length" in columns.at else "time"
    lengths = lengths_s(
        [columns.cell(row, role) for row in body],
        [_metres(_far(columns, row), unit_m or UNITS_M["km"]) for row in body],
        columns.units[role],
        clock=role == "time",
    )
    if lengths is None:
        return Reading(what=WHAT, reader="none", ignored=NO_LENGTH)
    if not {"sport", "pace"} & set(columns.at):
        return _with_answers(Reading(what=WHAT, reader=READER, ignored=NO_SPORT), data, {})
    runner = _runners_own(columns, body, lengths, unit_m)
    listing, content = Listing(READER), hashlib.sha256(data).hexdigest()[:16]
    days = _days(columns, body)
    seen: Counter[date] = Counter()
    far_of = [_metres(_far(columns, row), unit_m) for row in body]
    for row, day, far, lasted in zip(body, days, far_of, lengths, strict=True):
        sport = _sport(columns, row, far, lasted)
        if sport[0] == "unknown" and runner and _is_training(columns, row):
            sport = "running", None
        _add(listing, columns, _Line(row, day, far, lasted, sport), seen, content)
    notes = []
    if "distance" in columns.at and not any(far_of) and any(columns.cell(row, "distance") for row in body):
        notes.append(NO_UNIT)
    return _with_answers(listing.reading(WHAT, notes, wall_clock=True), data, seen)


def _unit_m(columns: Columns) -> float | None:
    """Metres in the unit of the distances: as the column or that of the pace states, else kilometres where the columns
    have names of no English speaker; None where nothing says it."""
    stated_m = UNITS_M.get(columns.units.get("distance", ""))
    if stated_m is not None:
        return stated_m
    per = re.search(r"(?:^|[^a-z])(km|mi|mile)(?:$|[^a-z])", columns.units.get("pace", ""))
    if per:
        return UNITS_M[per.group(1)]
    return UNITS_M["km"] if columns.abroad else None


@dataclass(frozen=True, slots=True)
class _Line:
    """A row as it was read: its day, its distance (m) and length (s), None unknown, its sport and sub-sport."""

    row: Row
    day: date | None
    far: float | None
    lasted: float | None
    sport: tuple[str, str | None]


def _add(listing: Listing, columns: Columns, line: _Line, seen: Counter[date], content: str) -> None:
    """Take one row. What is of no sport, was not done, or went at no speed of a person is counted as left out; of a
    day without a time of day the sessions stand from noon on, in the order of the table."""
    row, day, far, lasted = line.row, line.day, line.far, line.lasted
    title = one_line(columns.cell(row, "title")) or one_line(columns.cell(row, "sport"))
    if not any(cell.strip() for cell in row):
        return
    fast = bool(far and lasted and not SLOWEST_M_S <= far / lasted <= FASTEST_M_S)
    if line.sport[0] == "unknown" or fast or plain(columns.cell(row, "done")) in NOT_DONE:
        listing.missed.append(title or "a row")
        return
    begun = None
    if day is not None:
        clock = time_of_day(columns.cell(row, "time")) if "length" in columns.at else None
        clock = clock or _time_beside(columns.cell(row, "day"))
        begun = datetime.combine(day, clock or time(12), UTC)
        begun += timedelta(minutes=0 if clock else seen[day])
        seen[day] += 1
    rpe = _answer(columns, row)
    heart, highest, calories = (number_of(columns.cell(row, role)) for role in ("heart", "highest", "calories"))
    listing.add(
        begun,
        line.sport,
        stated(
            distance_m=far,
            timer_s=lasted,
            heart_rate_mean_bpm=heart,
            heart_rate_max_bpm=highest,
            calories_kcal=calories,
        ),
        title,
        None if day is None else f"{content}:{day}:{seen[day]}",
        rpe=rpe,
    )


def _text(data: bytes) -> str:
    text = text_of(data)
    if text[:4].lower() == "sep=":  # what Excel writes in front to tell its separator
        text = text.partition("\n")[2]
    return text.lstrip("\n")


def _days(columns: Columns, rows: Sequence[Row]) -> list[date | None]:
    texts = [columns.cell(row, "day") for row in rows]
    order = day_order(texts)
    return [parse_day(text, order) for text in texts]


def _time_beside(day: str) -> time | None:
    """The time of day that stands behind a day, of the clock on the wall: `2026-03-07 18:05 (CET)`. Midnight is what a
    spreadsheet writes behind a day alone."""
    found = re.search(r"\d[ T](\d\d:\d\d(?::\d\d)?)(?: \([A-Z]{3,4}\))?$", day)
    return time_of_day(found.group(1)) if found and found.group(1)[:5] != "00:00" else None


def _sport(columns: Columns, row: Row, far: float | None, lasted: float | None) -> tuple[str, str | None]:
    """The sport that a row names; on foot by its speed where the table has paces and no sport."""
    if "sport" in columns.at:
        return _named_sport(columns, row)
    if "pace" in columns.at and far and lasted:
        return ("running" if far / lasted >= RUN_FROM_M_S else "walking"), None
    return "unknown", None


def _named_sport(columns: Columns, row: Row) -> tuple[str, str | None]:
    named = sport_of(columns.cell(row, "sport"))
    return named if named[0] != "unknown" else sport_of(columns.cell(row, "title"))


def _is_training(columns: Columns, row: Row) -> bool:
    """Whether a runner's word for a kind of training stands where the sport does."""
    words = set(re.sub(r"[\W_]+", " ", plain(columns.cell(row, "sport"))).split())
    return bool(words & TRAININGS)


def _runners_own(columns: Columns, rows: Sequence[Row], lengths: Sequence[float | None], unit_m: float | None) -> bool:
    """Whether `tempo` and `long` are runs in a table: nobody rides or swims in it, and their speeds are a runner's."""
    if any(_named_sport(columns, row)[0] in ELSEWISE for row in rows):
        return False
    far = [_metres(_far(columns, row), unit_m) for row in rows]
    speeds = [m / s for row, m, s in zip(rows, far, lengths, strict=True) if m and s and _is_training(columns, row)]
    return bool(speeds) and RUN_FROM_M_S <= median(speeds) <= RUN_TO_M_S


def _answer(columns: Columns, row: Row) -> float | None:
    rpe = number_of(columns.cell(row, "rpe"))
    return rpe if rpe is not None and 0.0 <= rpe <= 10.0 else None


def _far(columns: Columns, row: Row) -> str:
    """A row's distance as it stands, with the unit of a column of its own."""
    return f"{columns.cell(row, 'distance')} {columns.cell(row, 'unit')}"


def _metres(text: str, unit_m: float | None) -> float | None:
    """A distance in metres, in the unit that stands beside it or else in the column's."""
    found = re.fullmatch(r"(\d{1,9}(?:[.,]\d{1,9})?)\s*([a-z]+)?\.?", text.strip().lower())
    if found is None:
        return None
    unit = UNITS_M.get(found.group(2)) if found.group(2) else unit_m
    value = float(found.group(1).replace(",", "."))
    return value * unit if unit and value else None


# answers beside the totals


def _with_answers(reading: Reading, data: bytes, seen: Mapping[date, int]) -> Reading:
    """The check-ins that stand in the same rows. Of a day with several sessions each keeps its own effort."""
    try:
        answers = read_checkins(data)
    except Unreadable as refused:
        if refused.code == NO_DAY:  # the sessions' day has a name of their maker's, and their effort is theirs
            return reading
        return replace(reading, notes=(*reading.notes, refused.why))
    kept = []
    for checkin in answers.checkins:
        several = seen.get(checkin.day, 0) > 1
        values = {k: v for k, v in checkin.values.items() if k != "title" and not (several and k == "rpe")}
        if values:
            kept.append(CheckIn(day=checkin.day, values=values, source=READER))
    return replace(
        reading,
        checkins=tuple(kept),
        salvaged=answers.salvaged,
        ignored=None if kept else reading.ignored,
    )
