"""Check-ins from CSV and TOML: one row or table a day or session; a bad cell costs that cell only."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from steadymile.ingest.checkins.answers import means_illness
from steadymile.ingest.checkins.days import could_be_two, day_order, is_hijri, parse_day
from steadymile.ingest.checkins.makers import FOREIGN, SLIDERS, STATED, maker_of, other_scale
from steadymile.ingest.checkins.months import plain
from steadymile.ingest.checkins.text import text_of
from steadymile.ingest.checkins.values import (
    NO_FLAG,
    UNCLEAR,
    Parsed,
    key_of,
    parse_value,
    parse_values,
    unit_of,
)
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.models.recording import UNDATED, CheckIn

__all__ = ["parse_values", "read_checkins"]

DAY_NAMES = frozenset({
    "date", "day", "datum", "fecha", "data", "jour", "giorno", "dia", "tag", "dag", "when", "local_day",
})  # fmt: skip
TIME_NAMES = frozenset({
    "at", "time", "start", "started_at", "start_time", "datetime", "timestamp", "zeit", "uhrzeit", "heure", "hora",
    "ora", "tijd",
})  # fmt: skip
NO_DAY = "no_day"
"""Of answers of which no column says the day."""
SESSION_NAMES = frozenset({"activity_id", "activity", "session"})
ANSWER = "steadymile log red_flag=WORD --day {0}, with one of these words, or red_flag=no if it was none"
ROWS_AT_MOST = 200_000
NOTES_AT_MOST = 20
HOW = "Write the day as 2026-03-01 in a column named date, and answers in columns such as rpe, talk_test, pain, fatigue"
TOTALS = frozenset({
    "distance", "calories", "avg_hr", "moving_time", "elapsed_time", "distanz", "kalorien", "distancia",
})  # fmt: skip
"""Columns of the tables of sessions that sites export; two of them and no answer make such a table."""


READERS = CSV, TOML = "csv", "toml"
"""Who reads check-ins, as `files.reader` names them."""


@dataclass(slots=True)
class _Rows:
    """What was read so far, and what was wrong with it."""

    source: str
    checkins: list[CheckIn] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def problem(self, where: str, what: str) -> None:
        self.problems.append(f"{where}: {what}")

    def reading(self, what: str, unknown: Sequence[str]) -> Reading:
        wrong = self.problems[:NOTES_AT_MOST]
        if len(self.problems) > NOTES_AT_MOST:
            wrong.append(f"and {len(self.problems) - NOTES_AT_MOST:,} more")
        notes = (f"columns not used: {', '.join(unknown[:30])}",) if unknown else ()
        if not self.checkins and not self.problems:
            why = "The check-ins have no answer in them yet, only empty cells"
            return Reading(what=what, reader=self.source, ignored=why, notes=notes)
        if not self.checkins:
            raise Unreadable(f"No row of the check-in file could be read: {self.problems[0]}", HOW)
        salvaged = f"Not read: {'; '.join(wrong)}. Correct that and save the file again" if wrong else None
        return Reading(what=what, reader=self.source, checkins=tuple(self.checkins), salvaged=salvaged, notes=notes)


def read_checkins(data: bytes, name: str = "") -> Reading:
    """Check-ins of a CSV or TOML file. A text that is neither is ignored with the reason.

    Raises Unreadable when the file means to be check-ins and none of its rows can be read.
    """
    text = text_of(data)
    first = next((line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")), "")
    if re.match(r"\s*(\[|[\w\"'.\-]+\s*=)", first) and not first.lstrip().startswith("sep="):
        return _toml(text)
    return _csv(text, first)


_ASSIGNS = re.compile(r"^\s*([\w\"'.\-]+)\s*=", re.M)


def _means_checkins(name: str) -> bool:
    """Whether an assigned name is one of ours: text with an equals sign is not yet a check-in."""
    word = name.strip("\"'").lower()
    return word in DAY_NAMES or key_of(word) is not None


def _no_checkins(columns: Sequence[str] = ()) -> Reading:
    """What is said of a text that is neither a recording nor check-ins; `columns` where it is a table."""
    what = f"a table (its columns: {', '.join(columns)})" if columns else "plain text"
    why = f"It is {what}: no watch file, and no check-ins either. A session comes as FIT, GPX or TCX"
    return Reading("table" if columns else "text", "none", ignored=f"{why}. For check-ins: {HOW}")


_DEEP = re.compile(r"(?:^|[\[{,])[ \t]*(?:[\w\"'\-]+[ \t]*\.[ \t]*){16}", re.M)
"""A key of more parts than any check-in has; the parser takes time and memory by the square of them."""


def _toml(text: str) -> Reading:
    if _DEEP.search(text):
        return _no_checkins()
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a ValueError too
        if not any(_means_checkins(name) for name in _ASSIGNS.findall(text)):
            return _no_checkins()
        raise Unreadable(
            f"The TOML file cannot be read ({error})", "Correct that line, or write a CSV instead"
        ) from None
    rows = _Rows(TOML)
    tables = _tables(document)
    order = day_order([str(table.get(key)) for table in tables for key in table if key.lower() in DAY_NAMES])
    unknown: dict[str, None] = {}
    for number, table in enumerate(tables, 1):
        where = f"entry {number}"
        cells: dict[str, tuple[str, str]] = {}
        day: date | None = None
        said = ""
        at: datetime | None = None
        for key, value in table.items():
            if key.lower() in DAY_NAMES | TIME_NAMES:
                said = said or str(value)
                day = day or (value if type(value) is date else parse_day(str(value), order))
                at = at or _instant(str(value))
            elif (known := key_of(key)) is None:
                unknown[key] = None
            else:
                cells[known] = (_plain(value), "")
        session = next((str(table[key]) for key in table if key.lower() in SESSION_NAMES), None)
        _row(rows, where, day, said, at, session, cells)
    return rows.reading("check-ins (TOML)", [name for name in unknown if name.lower() not in SESSION_NAMES])


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _tables(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every table that speaks of a day: the document itself, arrays of tables, tables named by their day."""
    tables: list[dict[str, Any]] = []
    flat = {key: value for key, value in document.items() if not isinstance(value, dict | list)}
    if flat:
        tables.append(flat)
    for key, value in document.items():
        if isinstance(value, dict):
            named = parse_day(key, None)
            tables.append(({"date": named} if named else {}) | value)
        elif isinstance(value, list):
            tables.extend(entry for entry in value if isinstance(entry, dict))
    return tables


def _csv(text: str, first: str) -> Reading:
    if stated := re.fullmatch(r"\s*sep=(.)\s*", first):  # what Excel writes in front to tell its separator
        text = text.split("\n", 1)[1] if "\n" in text else ""
    delimiter = stated.group(1) if stated else max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        lines = [
            row for row in _upto(reader) if any(cell.strip() for cell in row) and not row[0].lstrip().startswith("#")
        ]
    except csv.Error as error:
        raise Unreadable(f"The table cannot be read ({error})", "Save it again as CSV") from None
    header = [cell.strip() for cell in lines[0]] if lines else []
    words = [re.sub(r"\W+", "_", plain(cell)).strip("_") for cell in header]
    keys = [key_of(cell) for cell in header]
    days = [i for i, word in enumerate(words) if word in DAY_NAMES] or [
        i for i, word in enumerate(words) if word in TIME_NAMES
    ]
    maker = maker_of(words)
    if maker is not None:
        days = [i for i, word in enumerate(words) if word in maker.days] or days
        known = [maker.columns.get(word) or maker.columns.get(word.replace("_", "")) for word in words]
        ours = [word if word in STATED else None for word in words]
        keys = [own if column is None else column[0] for own, column in zip(ours, known, strict=True)]
    fields = [i for i, key in enumerate(keys) if key is not None and i not in days]
    answers = [i for i in fields if keys[i] not in ("title", "note")]
    names = ", ".join(cell[:30] for cell in header[:12])
    if not answers and len(TOTALS & set(words)) >= 2:
        why = "It is a table of sessions and their totals; the sessions themselves come as FIT, GPX or TCX"
        return Reading(what="table of sessions", reader="none", ignored=why)
    if not answers:
        table = len(header) > 1 and all(len(row) == len(header) and max(map(len, row)) < 200 for row in lines[:9])
        return _no_checkins([cell[:30] for cell in header[:12]] if table else ())
    if not days and not FOREIGN & set(words) and all(parse_day(row[0], "dm") for row in lines[1:] if row[0].strip()):
        days = [0]  # a first column of nothing but days needs no name, where no other program wrote it
    if not days:
        raise Unreadable(f"The table has no column with the day (its columns: {names})", HOW, code=NO_DAY)
    fields = [i for i in fields if i not in days]
    rows = _Rows(CSV)
    strange = [i for i in fields if keys[i] in SLIDERS and _strange(lines[1:], i, bool(FOREIGN & set(words)))]
    fields = [i for i in fields if i not in strange]
    if not any(keys[i] not in ("title", "note") for i in fields):
        named = ", ".join(header[i] for i in strange)
        why = f"Its scales ({named}) are another program's and mean something else than 1 to 7 here; nothing was taken"
        return Reading(what="table of another program", reader="none", ignored=f"{why}. {HOW}")
    order = day_order([row[days[0]] for row in lines[1:] if days[0] < len(row)])
    times = [i for i, word in enumerate(words) if word in TIME_NAMES]
    sessions = [i for i, word in enumerate(words) if word in SESSION_NAMES]
    for number, row in enumerate(lines[1:], 2):
        cell = dict(enumerate(row))
        units = {i: own[1] if maker and (own := known[i]) else unit_of(header[i]) for i in fields}
        cells = {keys[i] or "": (cell.get(i, ""), units[i]) for i in fields}
        at = _instant(cell.get(times[0], "")) if times else None
        session = cell.get(sessions[0], "").strip() if sessions else ""
        said = cell.get(days[0], "")
        _row(rows, f"row {number}", parse_day(said, order), said, at, session or None, cells)
    used = {*days, *fields, *times, *sessions}
    return rows.reading("check-ins (CSV)", [name for i, name in enumerate(header) if i not in used and name])


def _strange(lines: Sequence[Sequence[str]], i: int, foreign: bool) -> bool:
    return other_scale([row[i] for row in lines if i < len(row)], foreign)


def _upto(reader: Any) -> list[list[str]]:
    lines: list[list[str]] = []
    for row in reader:
        if len(lines) >= ROWS_AT_MOST:
            raise Unreadable(f"The table holds more than {ROWS_AT_MOST:,} rows", "Split it into several files")
        if row:
            lines.append(row)
    return lines


def _row(
    rows: _Rows,
    where: str,
    day: date | None,
    said: str,
    at: datetime | None,
    session: str | None,
    cells: Mapping[str, tuple[str, str]],
) -> None:
    if day is None and not said.strip() and not any(text.strip() for text, _ in cells.values()):
        return
    if day is None:
        what = "may be two days" if could_be_two(said) else "is not a day that can be read"
        if is_hijri(said):
            what = "is a day of the Islamic calendar, which differs from country to country"
        rows.problem(where, f"“{said.strip()[:40]}” {what} (write it as 2026-03-01)")
        if _warns(*cells.get("red_flag", ("", ""))):
            rows.checkins.append(CheckIn(UNDATED, {"red_flag": UNCLEAR}, rows.source))
        return
    values: dict[str, Parsed] = {}
    for key, (text, unit) in cells.items():
        try:
            value = parse_value(key, text, unit)
        except ValueError as error:
            rows.problem(f"{where}, {day}", str(error))
            if key == "ill" and means_illness(text):
                rows.problem(f"{where}, {day}", f"it counts as ill; if not: steadymile log ill=no --day {day}")
                value = True
            elif key == "red_flag":
                rows.problem(f"{where}, {day}", f"the plan stops until {day} is answered: {ANSWER.format(day)}")
                value = UNCLEAR
            else:
                continue
        if value is not None:
            values[key] = value
    if values:
        rows.checkins.append(CheckIn(day=day, values=values, source=rows.source, at=at, activity_id=session))


def _warns(text: str, unit: str) -> bool:
    try:
        return parse_value("red_flag", text, unit) not in (None, NO_FLAG)
    except ValueError:
        return True


def _instant(text: str) -> datetime | None:
    """A time with its zone, as UTC; a time without one does not name an instant."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo is not None and 1990 <= moment.year < 2100 else None
