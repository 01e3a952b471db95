"""What a file reports and only the person can make count: a file may begin a stop, and never end one.

Anybody's table can lie in an inbox or in a zip. What makes the plan more careful counts at once, whoever says it; what
ends a stop or an illness, or claims minutes that hardly anybody runs unrecorded, counts from the person's own word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from steadymile.models.physiology import symptoms
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.session import Day

MINUTES = ("run_min", "walk_min")
UNCOUNTED = frozenset({"cleared", *MINUTES})
"""Held answers of these fields do not count at all; those of the others count, and end nothing."""


def most_min(field: str, p: Parameters = IN_FORCE) -> float:
    """The most minutes of a day without a recording that need no word of the person's own."""
    return p.held_run_min if field == "run_min" else p.held_walk_min


def eases(field: str, value: float | str | bool, p: Parameters = IN_FORCE) -> bool:
    """Whether an answer can end a stop or an illness, or replace a worse one: such an answer of a file is held."""
    if isinstance(value, bool):
        return (field == "cleared" and value) or (field == "ill" and not value)
    if isinstance(value, str):
        return (field == "after_effort" and value != "worse") or (field == "red_flag" and value == "none")
    if field in MINUTES:
        return value > most_min(field, p)
    return value <= p.pain_block if field == "pain" else field in symptoms.HOOPER and value < p.raised_item


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """An answer of a file that would change the plan and waits for the person's own: its field and its local day."""

    field: str
    day: date


def unconfirmed(days: Sequence[Day], last: date, p: Parameters = IN_FORCE) -> tuple[Unconfirmed, ...]:
    """What files report up to `last` that would end a stop or an illness which stands, or that is not counted because
    of its size; the newest of each field. Days ascending."""
    known = [d for d in days if d.day <= last]
    newest = {field: d.day for d in known for field in d.held}
    standing = symptoms.standing_on(symptoms.Record.of(known, p), last, p)
    unheld = [replace(d, held=frozenset()) for d in known]
    trusted = symptoms.standing_on(symptoms.Record.of(unheld, p), last, p)
    since = max((d.day for d in known if symptoms.flagged(d.values)), default=date.min)
    waits = {
        "cleared": standing.flag and newest.get("cleared", date.min) >= since,
        "pain": standing.pain > trusted.pain or standing.injured > trusted.injured,
        "ill": symptoms.illness_of(known, last, p)[0] and not symptoms.illness_of(unheld, last, p)[0],
        **{field: field in newest and (last - newest[field]).days < p.held_days for field in MINUTES},
    }
    return tuple(Unconfirmed(field, newest[field]) for field, waiting in waits.items() if waiting and field in newest)


def says(field: str, day: str) -> str:
    """What a file reports on a day and what has to be done about it, as the end of a sentence that names the file."""
    if field in MINUTES:
        kind = field.removesuffix("_min")
        return (
            f"reports a {kind} of more than {most_min(field):g} min without a recording on {day}. "
            f"It counts once you confirm it: `steadymile log {field}=... --day DATE`."
        )
    return {
        "cleared": f"reports, for {day}, that a professional cleared you for running. Only you can end a stop: "
        "if it is so, confirm it with `steadymile log cleared=yes`.",
        "pain": f"reports mild pain or none up to {day}. The stop for pain stays until you report it yourself: "
        "`steadymile log pain=1`, with the number that is true today.",
        "ill": f"reports, for {day}, that you are well again. The plan stays careful until you say so yourself: "
        "`steadymile log ill=no`.",
    }[field]
