"""Making a home, and asking the few facts that matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from steadymile.ingest.checkins.files import parse_values
from steadymile.ingest.checkins.quantities import days_in_words, doubted
from steadymile.models.athlete import ASKED, Athlete, Facts
from steadymile.models.plausible import doubts
from steadymile.pipelines.errors import HomeError
from steadymile.pipelines.facts import (
    FACT_NAMES,
    ONE_PERSON,
    athlete_payload,
    parse_fact,
    parse_name,
    parse_units,
    today_of,
)
from steadymile.pipelines.home import Home, set_facts
from steadymile.pipelines.settings import Settings, at_home
from steadymile.warehouse.journal import Entry, Journal

QUESTIONS = (
    "screening", "name", "birth_year", "sex", "experience", "weight_kg", "height_cm", "goal", "days_free", "units",
    "timezone",
)  # fmt: skip
"""The facts that matter most, in the order in which a new home asks for them."""
SORE = "Does anything hurt now? Where, and how much from 0 to 10, like: left knee 3"


def unanswered(athlete: Athlete) -> list[tuple[str, str]]:
    """The questions that somebody has not answered yet, in their order."""
    known = athlete_payload(athlete)
    said = {**known["base"], "name": known["name"], "units": None if known["units"] == "km" else known["units"]}
    return [(name, ASKED[name].in_a_line) for name in QUESTIONS if said.get(name) is None]


def understood(name: str, value: Any, label: str | None = None) -> str:
    """A fact as it was understood: Mon, Wed, Fri for days, with its unit for a weight or height."""
    if name == "name":
        return parse_name(value) or "none"
    if name == "units":
        return parse_units(value or "km", label or name)
    parsed = parse_fact(name, value, ONE_PERSON, label)
    if name == "days_free":
        return days_in_words(parsed) or "none"
    if isinstance(parsed, bool):
        return "yes" if parsed else "no"
    if isinstance(parsed, tuple):
        return ", ".join(parsed) or "none"
    if parsed is None:
        return "unknown"
    unit = {"kg": " kg", "cm": " cm", "bpm": " bpm"}.get(name.rpartition("_")[2], "")
    return f"{parsed:g}{unit}" if isinstance(parsed, float) else f"{parsed}{unit}"


def init_home(
    settings: Settings,
    given: Mapping[str, str],
    *,
    ask: bool,
    prompt: Callable[..., str],
    now: datetime | None = None,
) -> list[str]:
    """Make the home and write the facts given or asked for; returns what to say. Each answer is written at once, so
    that asking again after an interruption goes on where it stopped. With `now`, what hurts is asked too."""
    home = Home(settings.home)
    home.make()
    me = next(iter(home.stated_athletes().values()))
    today = today_of(me, now or datetime.now(UTC))
    answers = {k: v for k, v in given.items() if v}
    if answers:
        me = set_facts(home, me.athlete_id, answers, None)
    asked: dict[str, str] = {}
    if ask:
        for name, question in unanswered(me):
            if answer := ask_fact(name, question, prompt, today):
                me = set_facts(home, me.athlete_id, {name: answer}, None)
                asked[name] = answer
        while asked and (wrong := confirmed(asked, prompt)):
            if corrected := ask_fact(wrong, ASKED[wrong].in_a_line, prompt, today):
                me = set_facts(home, me.athlete_id, {wrong: corrected}, None)
                asked[wrong] = corrected
    lines = [f"Your home folder is {home.root}."]
    if ask and asked and now is not None:
        lines += ask_sore(home, me, prompt, now)
    lines += doubts(me.facts(today), today, {*answers, *asked})
    lines.append(
        f"Drop your watch's files (FIT, GPX, TCX, zip) into {home.inbox}, then run: "
        f"steadymile nightly{at_home(home.root)}"
    )
    lines.append(
        "Without a watch, enter each run or walk: "
        f"steadymile log{at_home(home.root)} run_min=5 walk_min=20 rpe=3 pain=0"
    )
    if me.base.screening:
        lines.append(
            "Please ask a doctor before you start to run. Until then steadymile plans walks; "
            f"`steadymile athlete set cleared=yes{at_home(home.root)}` records that the doctor agreed."
        )
    return lines


def confirmed(asked: Mapping[str, str], prompt: Callable[..., str]) -> str | None:
    """Show what was understood, of a weight or height also what was written; the name of an answer to change, by its
    beginning (`weight`), None where all is right."""
    summary = "\n".join(
        f"  {name} = {understood(name, value)}{as_written(name, value)}" for name, value in asked.items()
    )
    said = f"This is noted:\n{summary}\nEnter if it is right, else the name of what to change"
    while True:
        answer = str(prompt(said, default="", show_default=False)).strip().lower()
        if answer in ("", "y", "yes"):
            return None
        meant = [name for name in asked if name.startswith(answer.replace(" ", "_"))]
        if answer in asked or len(meant) == 1:
            return answer if answer in asked else meant[0]
        said = f"There is no {answer} above. Enter if all is right, else one of {', '.join(asked)}"


def as_written(name: str, value: str) -> str:
    """In brackets a weight or height as it was written, where that is another unit than ours."""
    other = name in ("weight_kg", "height_cm") and re.search("lb|pound|st|ft|foot|feet|'|in", value)
    return f" ({value.strip()})" if other else ""


def ask_sore(home: Home, me: Athlete, prompt: Callable[..., str], now: datetime) -> list[str]:
    """Ask what hurts, and put it into the journal as today's check-in."""
    said = f"{SORE} [Enter: nothing]"
    while True:
        answer = str(prompt(said, default="", show_default=False)).strip()
        if not answer:
            return []
        words = answer.split()
        values, problems = parse_values({"pain": words[-1].removesuffix("/10")})
        if not problems and values.get("pain") is not None:
            break
        said = f"How much, from 0 to 10? {SORE} [Enter: nothing]"
    if place := " ".join(words[:-1]):
        values["pain_place"] = place
    payload = {"day": today_of(me, now).isoformat(), "values": values, "source": "log",
               "activity_id": None}  # fmt: skip
    Journal(home.journal).append([Entry("checkin", now, payload, me.athlete_id)])
    return [f"Noted: pain {values['pain']:g} of 10{f' ({place})' if place else ''}."]


def ask_fact(name: str, question: str, prompt: Callable[..., str], today: date) -> str | None:
    """Ask until the answer is right or skipped with Enter; what is unusual is taken where it is said twice."""
    asked, unusual = f"{question} [Enter skips]", ""
    while True:
        answer = str(prompt(asked, default="", show_default=False)).strip()
        if not answer:
            return None
        if doubt := doubted(name, answer):
            asked = f"{doubt}\n{question} [Enter skips]"
            continue
        try:
            understood(name, answer, "That")
        except HomeError as error:
            asked = f"{error}\n{question} [Enter skips]"
            continue
        said = doubts(Facts(**{name: parse_fact(name, answer, ONE_PERSON)}), today) if name in FACT_NAMES else []
        if not said or answer == unusual:
            return answer
        asked, unusual = f"{said[0]} If so, write it again.\n{question} [Enter skips]", answer
