"""Answers from a form (Google and Microsoft write them as a table): each row goes to the inbox of its person."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from steadymile.ingest.checkins.days import day_order, parse_day
from steadymile.ingest.checkins.values import key_of, parse_value, unit_of
from steadymile.pipelines.coaching.questions import asked_for
from steadymile.pipelines.coaching.tables import rows_of
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home, called, word
from steadymile.pipelines.outcome.writing import write_whole
from steadymile.pipelines.settings import Settings

DAYS = ("date", "day")
"""Columns that hold the day by their very name."""
SENT = ("timestamp", "completion_time", "start_time", "zeitstempel", "abschlusszeit")
"""Columns that say when a form was sent, the better first."""
WHICH_DAY = re.compile(r"\b(date|day|datum|tag|jour|fecha|dia|giorno|data|dag)\b")
BORN = re.compile(r"birth|gebur|gebor|naissance|nacimiento|nascita|nascimento|geboorte")
WHO = ("id", "athlete", "athlete_id", "your_name", "name", "full_name", "who_are_you", "vor_und_nachname")


def field_of(header: str) -> str | None:
    """The field that a question asks for: by its own name, else by what it says."""
    named = key_of(header)
    if named is not None:
        return None if named == "title" else named
    return asked_for(word(header).replace("_", " "))


def day_column_of(rows: Sequence[Mapping[str, str]]) -> str | None:
    """The column of the day: asked for, else known by its name, else the first that holds days, whatever its name."""
    held = [h for h in rows[0] if _holds_days([row.get(h, "") for row in rows]) and not BORN.search(word(h))]
    asked = [h for h in held if WHICH_DAY.search(word(h).replace("_", " "))]
    exact, sent = ([h for name in names for h in rows[0] if word(h) == name] for names in (DAYS, SENT))
    return next(iter((*exact, *asked, *sent, *held)), None)


def _holds_days(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells if cell and not re.fullmatch(r"\d+([.,]\d+)?", cell)]
    return bool(said) and 2 * sum(bool(parse_day(c, "dm") or parse_day(c, "md")) for c in said) > len(said)


def who_column_of(rows: Sequence[Mapping[str, str]], named: Sequence[str], people: Mapping[str, str]) -> str | None:
    """The column that names people of this home: one that is called so, else whichever holds their names. The ID of a
    Microsoft form numbers its rows, so the cells decide."""

    def known(header: str) -> int:
        return sum(word(row.get(header, "")) in people for row in rows)

    best = max(named, key=known, default=None)
    if best is None or not known(best):
        other = max(rows[0], key=known, default=None)
        best = other if other is not None and known(other) else best
    return best


def take_answers(settings: Settings, path: Path) -> list[str]:
    """Put the rows of a form's table into the inbox of their people, as check-in files. Rows of nobody here are named.
    Taking the same table again changes nothing. Returns what to say."""
    home = Home(settings.home)
    people = called(home.athletes())
    rows = rows_of(path)
    named = [h for h in rows[0] if word(h) in WHO]
    day_column, who_column = day_column_of(rows), who_column_of(rows, named, people)
    fields: dict[str, str] = {}
    for header in rows[0]:
        name = None if header in (day_column, who_column, *named) else field_of(header)
        if name is not None and name not in fields.values():
            fields[header] = name
    if day_column is None or who_column is None or not fields:
        missing = "the day" if day_column is None else "the name" if who_column is None else "an answer"
        raise Trouble(f"{path.name} has no column with {missing}.", f"Its columns: {', '.join(rows[0])}.", 2)
    mine: dict[str, list[dict[str, str]]] = {}
    unknown: dict[str, None] = {}
    wrong: list[str] = []
    for number, row in enumerate(rows, 2):
        athlete_id = people.get(word(row.get(who_column, "")))
        if athlete_id is None:
            unknown[row.get(who_column, "")] = None
        else:
            mine.setdefault(athlete_id, []).append(row)
            wrong += [f"Row {number}, {row[who_column]}: {fault}." for fault in faults_of(row, fields)]
    order = day_order([row.get(day_column, "") for row in rows])
    for athlete_id, answers in mine.items():
        data = checkins(answers, day_column, fields, order)
        name = f"form-{hashlib.sha256(data).hexdigest()[:12]}.csv"
        write_whole(home.inbox_of(athlete_id) / name, data)
    lines = [
        f"{sum(map(len, mine.values()))} answers of {len(mine)} people are in their inboxes. Next: steadymile nightly"
    ]
    lines += [f"Read: {', '.join(f'{name} from “{header}”' for header, name in fields.items())}."]
    unused = [h for h in rows[0] if h not in fields and h not in (day_column, who_column)]
    lines += [f"Not used: {', '.join(unused)}."] if unused else []
    lines += (
        [f"Nobody here is called: {', '.join(unknown)}. Correct the names and take the table again."] if unknown else []
    )
    lines += [*wrong, "Correct these answers in the table and take it again."] if wrong else []
    return lines


def faults_of(row: Mapping[str, str], fields: Mapping[str, str]) -> list[str]:
    """What of a row's answers no night will be able to read."""
    found = []
    for header, name in fields.items():
        try:
            parse_value(name, row.get(header, ""), unit_of(header))
        except ValueError as error:
            found.append(str(error))
    return found


def checkins(rows: Sequence[Mapping[str, str]], day_column: str, fields: Mapping[str, str], order: str | None) -> bytes:
    """A check-in file of one person. A day that could be two is left as it was written: the night names it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["date", *fields.values()])
    for row in rows:
        said = row.get(day_column, "")
        day = parse_day(said, order)
        writer.writerow([day or said, *(row.get(header, "") for header in fields)])
    return text.getvalue().encode()
