"""A table of sessions by their day: a runner's own diary, and lists such as MapMyRun's and Runalyze's.

Columns are known by their names in seven languages, and units by the columns' names or the cells. Where neither says
whether `32:10` is minutes or hours, or `1930` seconds or minutes, the speed that comes out does: one reading of sixty
is that of somebody on foot or wheels. What stays open is left out with the reason.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from steadymile.ingest.checkins.days import day_order, parse_day
from steadymile.ingest.checkins.files import DAY_NAMES, read_checkins, text_of
from steadymile.ingest.checkins.makers import maker_of
from steadymile.ingest.checkins.months import plain
from steadymile.ingest.checkins.values import key_of
from steadymile.ingest.exports.lengths import UNITS_S, lengths_s, number_of, time_of_day
from steadymile.ingest.exports.listed import Listing, one_line, stated
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.sports import sport_of
from steadymile.models.diary import READER
from steadymile.models.logged import MINUTES
from steadymile.models.recording import CheckIn
from steadymile.models.units import MILE_M

MOST_ROWS = 200_000
WHAT = "table of sessions by their day"
ENGLISH: Mapping[str, str] = {
    "day": "workout_date activity_date run_date session_date date day when local_day",
    "length": "duration moving_time elapsed_time workout_time total_time run_time time_taken minutes mins min hours "
    "seconds timer_time",
    "time": "time start start_time",
    "distance": "distance km kms kilometers kilometres miles mi dist total_distance",
    "sport": "sport activity_type workout_type activity exercise_type exercise workout type",
    "heart": "avg_heart_rate average_heart_rate avg_hr average_hr mean_hr heart_rate_avg heart_rate hr pulse bpm",
    "highest": "max_heart_rate maximum_heart_rate max_hr heart_rate_max",
    "calories": "calories calories_burned kcal energy active_calories",
    "pace": "pace avg_pace average_pace min_km min_mi",
    "title": "title name workout_name",
    "steps": "steps",
}
ELSEWHERE: Mapping[str, str] = {
    "day": " ".join(sorted(DAY_NAMES)),
    "length": "dauer laufzeit dauer_gesamt minuten duree temps duracion durata duracao duur",
    "time": "zeit uhrzeit heure hora ora tijd tempo tiempo",
    "distance": "distanz strecke distancia distanza afstand kilometer kilometros chilometri quilometros",
    "sport": "sportart aktivitat actividad activite attivita atividade activiteit art",
    "heart": "durchschnittspuls puls_avg puls hf fc_moyenne fc",
    "highest": "maximalpuls fc_max",
    "calories": "kalorien",
    "pace": "laufpace allure ritmo passo",
    "title": "titel",
    "steps": "schritte pas pasos passi",
}
"""The columns' names, without accents and units, the surest of each role first; in German, French, Spanish, Italian,
Portuguese and Dutch a distance is in kilometres."""
ROLES = {role: (*ENGLISH[role].split(), *ELSEWHERE[role].split()) for role in ENGLISH}
NAMES = frozenset(" ".join((*ENGLISH.values(), *ELSEWHERE.values())).split())
ABROAD = frozenset(" ".join(ELSEWHERE.values()).split()) - frozenset(" ".join(ENGLISH.values()).split())
UNITS_M = {"km": 1000.0, "kms": 1000.0, "kilometer": 1000.0, "kilometers": 1000.0, "kilometre": 1000.0,
           "kilometres": 1000.0, "kilometros": 1000.0, "chilometri": 1000.0, "quilometros": 1000.0, "k": 1000.0,
           "mi": MILE_M, "mile": MILE_M, "miles": MILE_M, "m": 1.0, "meter": 1.0, "meters": 1.0,
           "metres": 1.0}  # fmt: skip
RUN_FROM_M_S = 2.0
"""Whoever writes a pace is on foot; from here on it was a run (science 2.2)."""
NO_SPORT = (
    "The table has no column for the sport, so its sessions raise nothing in the plan. Add a column named sport with "
    "run, walk or another word, and save the file again"
)
NO_UNIT = "The table does not say whether its distances are kilometres or miles, so none was taken"
NO_LENGTH = (
    "It is a table of sessions, but how long they took cannot be read. Name the column duration_min, or write it as "
    "0:32:10, and save the file again"
)

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each role stands in a row, with the unit that the column's name states; `abroad` where names are in a
    language whose speakers count kilometres."""

    at: Mapping[str, int]
    units: Mapping[str, str]
    abroad: bool = False

    def cell(self, row: Row, role: str) -> str:
        """The text of a role in a row, empty where there is none."""
        i = self.at.get(role)
        return row[i].strip() if i is not None and i < len(row) else ""


def is_diary(data: bytes) -> bool:
    """Whether a text is such a table: by its columns' names, and by none that only check-ins or daily totals have."""
    rows = _rows(text_of(data[:20_000]), 2)
    return bool(rows) and _columns(rows[0]) is not None


def read_diary(data: bytes) -> Reading:
    """One session a row, with the answers beside it as check-ins of that day. Raises Unreadable for no table."""
    try:
        rows = _rows(text_of(data), MOST_ROWS + 1)
    except csv.Error as error:
        raise Unreadable(f"The table cannot be read ({error})", "Save it again as CSV") from None
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"The table holds more than {MOST_ROWS:,} rows", "Split it into several files")
    columns = _columns(rows[0])
    assert columns is not None
    body = rows[1:]
    unit_m = _unit_m(columns)
    role = "length" if "length" in columns.at else "time"
    lengths = lengths_s(
        [columns.cell(row, role) for row in body],
        [_metres(columns.cell(row, "distance"), unit_m or UNITS_M["km"]) for row in body],
        columns.units[role],
        clock=role == "time",
    )
    if lengths is None:
        return Reading(what=WHAT, reader="none", ignored=NO_LENGTH)
    listing = Listing(READER)
    days = _days(columns, body)
    seen: Counter[date] = Counter()
    far_of = [_metres(columns.cell(row, "distance"), unit_m) for row in body]
    for row, day, far, lasted in zip(body, days, far_of, lengths, strict=True):
        _add(listing, columns, row, day, far, lasted, seen)
    notes = []
    if "distance" in columns.at and not any(far_of) and any(columns.cell(row, "distance") for row in body):
        notes.append(NO_UNIT)
    if listing.sessions and "sport" not in columns.at and "pace" not in columns.at:
        notes.append(NO_SPORT)
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


def _add(
    listing: Listing,
    columns: Columns,
    row: Row,
    day: date | None,
    far: float | None,
    lasted: float | None,
    seen: Counter[date],
) -> None:
    """Take one row. Of a day without a time of day the sessions stand from noon on, in the order of the table."""
    title = one_line(columns.cell(row, "title")) or one_line(columns.cell(row, "sport"))
    if not any(cell.strip() for cell in row):
        return
    begun = None
    if day is not None:
        clock = time_of_day(columns.cell(row, "time")) if "length" in columns.at else None
        begun = datetime.combine(day, clock or time(12), UTC)
        begun += timedelta(minutes=0 if clock else seen[day])
        seen[day] += 1
    rpe = _answer(columns, row)
    heart, highest, calories = (number_of(columns.cell(row, role)) for role in ("heart", "highest", "calories"))
    listing.add(
        begun,
        _sport(columns, row, far, lasted),
        stated(
            distance_m=far,
            timer_s=lasted,
            heart_rate_mean_bpm=heart,
            heart_rate_max_bpm=highest,
            calories_kcal=calories,
        ),
        title,
        None if day is None else f"{day}:{seen[day]}",
        rpe=rpe,
    )


def _columns(header: Row) -> Columns | None:
    """The roles of a table's columns; None where it is no diary."""
    words = [_word(cell) for cell in header]
    plain_words = [re.sub(r"\W+", "_", plain(cell)).strip("_") for cell in header]
    if maker_of(plain_words) is not None or {key_of(cell) for cell in header} & set(MINUTES):
        return None
    at: dict[str, int] = {}
    units: dict[str, str] = {}
    for role, names in ROLES.items():
        found = next((i for name in names for i, (word, _) in enumerate(words) if word == name), None)
        if found is not None:
            word, unit = words[found]
            at[role], units[role] = found, unit or (word if word in UNITS_M or word in UNITS_S else "")
    effort = next((i for i, cell in enumerate(header) if key_of(cell) == "rpe"), None)
    if effort is not None:
        at["rpe"] = effort
    if "length" not in at and not {"time", "distance"} <= set(at):
        return None
    if "day" not in at or not {"distance", "sport"} & set(at) or ("steps" in at and "sport" not in at):
        return None
    used = {words[at[role]][0] for role in ("day", "length", "time", "distance", "sport") if role in at}
    return Columns(at, units, abroad=bool(used & ABROAD))


def _word(header: str) -> tuple[str, str]:
    """A column's name without its unit, and the unit: `Distance (km)`, `distance_km` and `Distance [km]` are alike."""
    bracket = re.search(r"[(\[]([^)\]]*)[)\]]", header)
    word = re.sub(r"\W+", "_", plain(re.sub(r"[(\[].*?[)\]]", "", header))).strip("_")
    unit = plain(bracket.group(1)).strip(". ") if bracket else ""
    base, _, last = word.rpartition("_")
    if not bracket and base and word not in NAMES and (last in UNITS_M or last in UNITS_S):
        return base, last
    return word, unit


def _rows(text: str, most: int) -> list[Row]:
    if text[:4].lower() == "sep=":  # what Excel writes in front to tell its separator
        text = text.partition("\n")[2]
    line = text.lstrip("\n").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=line.count))
    return list(islice((row for row in reader if any(cell.strip() for cell in row)), most))


def _days(columns: Columns, rows: Sequence[Row]) -> list[date | None]:
    texts = [columns.cell(row, "day") for row in rows]
    order = day_order(texts)
    return [parse_day(text, order) for text in texts]


def _sport(columns: Columns, row: Row, far: float | None, lasted: float | None) -> tuple[str, str | None]:
    """The sport that a row names; on foot by its speed where the table has paces and no sport."""
    if "sport" in columns.at:
        named = sport_of(columns.cell(row, "sport"))
        return named if named[0] != "unknown" else sport_of(columns.cell(row, "title"))
    if "pace" in columns.at and far and lasted:
        return ("running" if far / lasted >= RUN_FROM_M_S else "walking"), None
    return "unknown", None


def _answer(columns: Columns, row: Row) -> float | None:
    rpe = number_of(columns.cell(row, "rpe"))
    return rpe if rpe is not None and 0.0 <= rpe <= 10.0 else None


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
