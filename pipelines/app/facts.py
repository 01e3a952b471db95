"""What somebody says about themselves: shown as it was understood, changed as `steadymile athlete set` changes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from steadymile.ingest.checkins.quantities import WEEKDAYS
from steadymile.models.athlete import ASKED, Athlete
from steadymile.pipelines.app.checkin import planned_again
from steadymile.pipelines.app.forms import Form, desk_of, then
from steadymile.pipelines.app.templates import render
from steadymile.pipelines.commands.init import understood
from steadymile.pipelines.commands.people import athlete_command, fact
from steadymile.pipelines.errors import HomeError, Trouble
from steadymile.pipelines.facts import EQUIPMENT, today_of
from steadymile.reports import formats

router = APIRouter()

YES_NO = (("", "not said"), ("yes", "yes"), ("no", "no"))
CHOICES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "screening": YES_NO,
    "cleared": YES_NO,
    "sex": (("", "not said"), ("female", "female"), ("male", "male")),
    "experience": (
        ("", "not said"), ("never", "I have never run"), ("walker", "I walk regularly"),
        ("active", "I do other sports"), ("runner", "I run already"),
    ),
    "goal": (
        ("", "a mile, unless you say otherwise"), ("walk", "walking"), ("mile", "a mile"), ("5k", "5 km"),
        ("10k", "10 km"), ("half", "a half marathon"),
    ),
    "units": (("km", "kilometres"), ("miles", "miles")),
}  # fmt: skip
AGAIN = "Nothing was changed. Go back and correct it: what you entered is still there."
UNITS = {"weight_kg": "kg", "height_cm": "cm"}
SEVERAL = ("days_free", "equipment")
"""Facts that are ticked, several at a time."""
ALIKE = ("vest", "pack")
"""Other words for a backpack: offered to whoever has said them."""


@router.get("/facts")
def facts(request: Request, athlete: str | None = None) -> Response:
    """What is known about somebody, as understood, in a form that changes it."""
    desk = desk_of(request)
    person = desk.athlete(athlete)
    today = today_of(person, desk.clock())
    had = person.facts(today).equipment
    return render(
        request,
        "facts.html",
        person,
        now=shown(person, today),
        understood_shown=[(ASKED[n].label, understood(n, value)) for n, value in shown(person, today).items() if value],
        asked=ASKED,
        dated=[(day, named_facts(entry)) for day, entry in sorted(person.dated.items())],
        choices=CHOICES,
        weekdays_shown=[(day, day.capitalize()) for day in WEEKDAYS],
        equipment_shown=[(thing, thing) for thing in EQUIPMENT if thing not in ALIKE or thing in had],
    )


def shown(person: Athlete, on: date) -> dict[str, str]:
    """The facts in force on a day as they are written on the command line; an empty text for what is not known."""
    facts_now = person.facts(on)
    found = {name: written(name, getattr(facts_now, name, None)) for name in ASKED}
    found |= {name: f"{found[name]} {unit}" for name, unit in UNITS.items() if found[name]}
    return {**found, "name": person.name or "", "units": person.units}


def written(name: str, value: Any) -> str:
    """One fact as it is written on the command line."""
    if value is None or value == ():
        return ""
    return fact(name, list(value) if isinstance(value, tuple) else value)


def named_facts(entry: Any) -> list[tuple[str, str]]:
    """The facts of one dated entry that it states."""
    return [(name, understood(name, text)) for name in ASKED if (text := written(name, getattr(entry, name, None)))]


@router.post("/facts")
def change(request: Request, form: Form) -> Response:
    """What was changed, as `athlete set` writes it; then the plan again."""
    desk = desk_of(request)
    person = desk.athlete(form.get("athlete"))
    today = today_of(person, desk.clock())
    before = shown(person, today)
    asked = {name: form.get(name, "").strip() for name in ASKED if name in form or name in SEVERAL}
    asked |= {name: asked[name].replace(" ", "") for name in SEVERAL}
    changed = {name: text for name, text in asked.items() if text != before[name]}
    if not changed:
        raise Trouble("Nothing was changed.", "Change an answer, then save it.", exit_code=2)
    for name, text in changed.items():
        try:
            understood(name, text, f'"{ASKED[name].label}"')
        except HomeError as error:
            raise Trouble(str(error), AGAIN, exit_code=2) from None
    lines = []
    for since, names in by_day(person, changed, today if form.get("from") == "today" else None).items():
        pairs = [
            f"{name}={changed[name] or 'unknown'}" if name != "name" else f"name={changed[name]}" for name in names
        ]
        command = athlete_command(desk.settings, "set", [person.athlete_id, *pairs], since, desk.clock()).lines
        what = ", ".join(f"{ASKED[name].label}: {understood(name, changed[name])}" for name in names)
        lines += [f"Noted{f' from {formats.day(since, year=True)}' if since else ''}: {what}.", *command[1:]]
    return then(desk, "/facts", form.get("athlete"), [*lines, *planned_again(desk, person.athlete_id)])


def by_day(person: Athlete, names: Mapping[str, str], since: date | None) -> dict[date | None, list[str]]:
    """The facts to write by the day from which they hold: the day chosen; else the newest day from which something else
    was stated, for what was stated before it is in force no more."""
    found: dict[date | None, list[str]] = {}
    for name in names:
        stated = [day for day, entry in person.dated.items() if getattr(entry, name, None) not in (None, ())]
        day = None if name in ("name", "units") else since or max(stated, default=None)
        found.setdefault(day, []).append(name)
    return found
