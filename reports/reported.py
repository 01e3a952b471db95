"""What the person reported lately that a coach would react to, as of the day it is read: never as of the decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from steadymile.models.physiology.confirmation import says, unconfirmed
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.models.session import Day
from steadymile.reports import formats
from steadymile.reports.view_model import Row, Story, activities, frame

FLAG_DAYS, RECENT_DAYS = 28, 7
"""So long a warning sign that nobody cleared is shown, and everything else."""
UNCONFIRMED_DAYS = 366
"""So far back a stop is looked for that a file's word would end."""

KINDS = ("flag", "stop_pain", "unconfirmed", "pain", "ill", "question", "note")
"""What people report, the most urgent first; a morning after with worse pain is of kind `pain`. `unconfirmed`: only a
file reports it, and it ends no stop and no illness."""

FLAG_WORDS = {"unclear": "a warning sign in words not known here", "other": "a warning sign"}
"""How warning signs are named that have no word of their own."""

ANSWER = " Coach: "
"""What stands between a question and its answer in one note."""


@dataclass(frozen=True, slots=True)
class Report:
    """One thing reported: its kind (of KINDS), the local day it is about, and the same words for athlete and coach.

    `after_decision`: it is about a day after the one as of which the week was decided, so the week may not know it.
    """

    kind: str
    day: date
    text: str
    after_decision: bool = False


def reports(told: Story) -> tuple[Report, ...]:
    """Warning signs not cleared, pain of 3 or more, worse mornings, illness, questions and notes; the most urgent kind
    first, within a kind the newest."""
    health = _health(told, FLAG_DAYS)
    if health.is_empty():
        return ()
    since = told.as_of - timedelta(days=RECENT_DAYS - 1)
    found: list[Report] = []
    flags: dict[str, date] = {}
    ill: date | None = None
    for row in health.iter_rows(named=True):
        day = row["day"]
        if row.get("cleared"):
            flags.clear()
        if (flag := row.get("red_flag")) and flag != "none":
            flags[FLAG_WORDS.get(flag, str(flag).replace("_", " "))] = day
        if day < since:
            continue
        found += [_report(told, kind, day, text) for kind, text in _of_day(row)]
        if row.get("ill") is not None:
            ill = day if row["ill"] else None
    found += [_report(told, "flag", day, f"{flag} reported on {formats.day(day)}") for flag, day in flags.items()]
    found += [_report(told, "unconfirmed", day, text) for day, text in waiting(told)]
    if ill is not None:
        found.append(_report(told, "ill", ill, f"ill on {formats.day(ill)}"))
    return tuple(sorted(found, key=lambda r: (KINDS.index(r.kind), -r.day.toordinal())))


def _report(told: Story, kind: str, day: date, text: str) -> Report:
    decided = told.decided_on
    return Report(
        kind, day, text, decided is not None and day > decided and (told.target or {}).get("revision") in (None, 1)
    )


def waiting(told: Story) -> list[tuple[date, str]]:
    """What only files report and the person has to confirm, each with its day."""
    health = _health(told, UNCONFIRMED_DAYS)
    if "unconfirmed" not in health.columns or not health["unconfirmed"].count():
        return []
    found = unconfirmed([_day(row) for row in health.iter_rows(named=True)], told.as_of)
    return [(w.day, f"a file {says(w.field, formats.day(w.day))}") for w in found]


def _day(row: Row) -> Day:
    """A row of the view health as the policy takes it."""
    return Day(row["day"], {k: v for k, v in row.items() if v is not None}, frozenset(row.get("unconfirmed") or ()))


def _of_day(row: Row) -> list[tuple[str, str]]:
    """Pain, the morning after and the note of one day, each as kind and words."""
    out = []
    on = formats.day(row["day"])
    pain = row.get("pain")
    if pain is not None and formats.known(pain) and pain >= IN_FORCE.pain_persistent:
        place = f" ({row['pain_place']})" if row.get("pain_place") else ""
        out.append(("stop_pain" if pain > IN_FORCE.pain_stop else "pain", f"pain {pain:g} of 10{place} on {on}"))
    if row.get("pain_next_morning") == "worse":
        out.append(("pain", f"pain worse the next morning, {on}"))
    if note := str(row.get("note") or "").strip():
        out.append(("question" if "?" in note and ANSWER not in note else "note", f"{formats.quoted(note)} on {on}"))
    return out


def sentences(told: Story) -> tuple[str, ...]:
    """The reports as sentences for the athlete, each saying where the week was decided before it."""
    late = f" This week was decided before that, on {formats.day(told.decided_on)}." if told.decided_on else ""
    words = ("unconfirmed", "question", "note")  # they decide nothing
    return tuple(
        formats.sentence(r.text) + (late if r.after_decision and r.kind not in words else "") for r in reports(told)
    )


def question(told: Story) -> tuple[date, str] | None:
    """The newest note of the last seven days that asks something and has no answer: its day and words."""
    found = _health(told, RECENT_DAYS)
    if "note" not in found.columns:
        return None
    for row in found.sort("day", descending=True).iter_rows(named=True):
        note = str(row.get("note") or "").strip()
        if "?" in note and ANSWER not in note:
            return row["day"], note
    return None


def latest(told: Story, column: str) -> Any:
    """The newest answer of the last seven days in a column of the view health; None where nothing was said."""
    found = _health(told, RECENT_DAYS)
    values = found[column].drop_nulls() if column in found.columns else pl.Series([])
    return values[-1] if len(values) else None


def latest_effort(told: Story) -> float | None:
    """The newest effort (0-10) of the last four weeks, said of a session with or without a recording."""
    since = told.as_of - timedelta(days=27)
    said: list[tuple[date, float]] = []
    for found in (activities(told.tables, since, told.as_of), frame(told.tables, "checkins")):
        if {"rpe", "local_day"} <= set(found.columns):
            some = found.filter(pl.col("local_day").is_between(since, told.as_of) & pl.col("rpe").is_not_null())
            said += [(day, float(rpe)) for day, rpe in some.select("local_day", "rpe").iter_rows()]
    return max(reversed(said), key=lambda pair: pair[0])[1] if said else None


def _health(told: Story, days: int) -> pl.DataFrame:
    found = frame(told.tables, "health")
    if "day" not in found.columns:
        return pl.DataFrame()
    return found.filter(pl.col("day").is_between(told.as_of - timedelta(days=days - 1), told.as_of)).sort("day")
