"""Answers from a form (Google and Microsoft write them as a table): each row goes to the inbox of its person."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from steadymile.ingest.checkins.days import day_order, parse_day
from steadymile.ingest.checkins.values import key_of
from steadymile.models.athlete import Athlete
from steadymile.pipelines.coaching.tables import rows_of, word
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.outputs import write_whole
from steadymile.pipelines.settings import Settings

DAYS = ("date", "day", "timestamp", "completion_time", "start_time", "zeitstempel", "abschlusszeit")
"""Columns that hold the day, the better first: a form also says when it was sent."""
WHO = ("id", "athlete", "athlete_id", "your_name", "name", "full_name", "who_are_you", "vor_und_nachname")
ASKED: Mapping[str, str] = {
    r"\bnext morning\b": "pain_next_morning", r"\bwhere\b": "pain_place", r"\bpain\b|\bhurt": "pain",
    r"\brpe\b|\bhow hard\b|\beffort\b": "rpe", r"\btalk\b|\bsentences\b": "talk_test",
    r"\bsleep quality\b": "sleep_quality",
    r"\bhours\b.*\bsleep\b|\bsleep\b.*\bhours\b": "sleep_h", r"\bsore": "soreness", r"\btired\b|\bfatigue": "fatigue",
    r"\bstress": "stress", r"\bwarning sign\b": "red_flag", r"\bill\b|\bsick\b": "ill",
    r"\bminutes\b.*\b(run|ran)\b|\b(run|ran)\b.*\bminutes\b": "run_min",
    r"\bminutes\b.*\bwalk|\bwalk.*\bminutes\b": "walk_min",
    r"\bnote|\bcomment|\bquestion|\bremark|\bmessage|\banything (else|more)\b|\btell (me|us|your coach)\b": "note",
}  # fmt: skip
"""Questions as forms put them, with the answer that they ask for; the first that fits counts."""


def field_of(header: str) -> str | None:
    """The field that a question asks for: by its own name, else by what it says."""
    named = key_of(header)
    if named is not None:
        return None if named == "title" else named
    asked = word(header).replace("_", " ")
    return next((name for said, name in ASKED.items() if re.search(said, asked)), None)


def people_of(athletes: Mapping[str, Athlete]) -> dict[str, str]:
    """Ids by what people write of themselves: id, name, first name where only one has it."""
    found: dict[str, set[str]] = {}
    for athlete_id, athlete in athletes.items():
        name = athlete.name or ""
        for said in (athlete_id, name, name.split(" ")[0]):
            if key := word(said):
                found.setdefault(key, set()).add(athlete_id)
    exact = {word(i): i for i in athletes}
    return {key: next(iter(ids)) for key, ids in found.items() if len(ids) == 1} | exact


def take_answers(settings: Settings, path: Path) -> list[str]:
    """Put the rows of a form's table into the inbox of their people, as check-in files. Rows of nobody here are named.
    Taking the same table again changes nothing. Returns what to say."""
    home = Home(settings.home)
    people = people_of(home.athletes())
    rows = rows_of(path)
    headers = {word(h): h for h in rows[0]}
    day_column = next((headers[d] for d in DAYS if d in headers), None)
    named = [headers[w] for w in WHO if w in headers]
    # The ID of a Microsoft form numbers its rows: the column that names people is the one that counts.
    who_column = max(named, key=lambda h: sum(word(r.get(h, "")) in people for r in rows), default=None)
    fields: dict[str, str] = {}
    for header in rows[0]:
        if header not in (day_column, *named) and (name := field_of(header)) and name not in fields.values():
            fields[header] = name
    if day_column is None or who_column is None or not fields:
        missing = "the day" if day_column is None else "the name" if who_column is None else "an answer"
        raise Trouble(f"{path.name} has no column with {missing}.", f"Its columns: {', '.join(rows[0])}.", 2)
    mine: dict[str, list[dict[str, str]]] = {}
    unknown: dict[str, None] = {}
    for row in rows:
        athlete_id = people.get(word(row.get(who_column, "")))
        if athlete_id is None:
            unknown[row.get(who_column, "")] = None
        else:
            mine.setdefault(athlete_id, []).append(row)
    order = day_order([row.get(day_column, "") for row in rows])
    for athlete_id, answers in mine.items():
        data = checkins(answers, day_column, fields, order)
        name = f"form-{hashlib.sha256(data).hexdigest()[:12]}.csv"
        folder = home.inbox / athlete_id if len(home.athletes()) > 1 else home.inbox
        write_whole(folder / name, data)
    lines = [
        f"{sum(map(len, mine.values()))} answers of {len(mine)} people are in their inboxes. Next: steadymile nightly"
    ]
    lines += [f"Read: {', '.join(f'{name} from “{header}”' for header, name in fields.items())}."]
    unused = [h for h in rows[0] if h not in fields and h not in (day_column, who_column)]
    lines += [f"Not used: {', '.join(unused)}."] if unused else []
    lines += (
        [f"Nobody here is called: {', '.join(unknown)}. Correct the names and take the table again."] if unknown else []
    )
    return lines


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
