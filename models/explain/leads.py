"""How a headline begins: the decision in a few words. Each is written here and nowhere else, so that what shows a
headline can set them apart from the reasons that follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from steadymile.models.week.goals import GOAL_WORD


class Lead(StrEnum):
    """The first words of a headline; a new goal has words of its own (`NEW_GOAL`)."""

    STOP = "No running for now."
    BACK_OFF = "An easier week."
    EASED_USUAL = "Easier than a usual week."
    REBUILD = "A gentle way back."
    GENTLE_START = "A gentle start."
    HOLD = "The same step again."
    AFTER_EASIER = "Back from an easier week."
    ADVANCE = "One step further."
    TWO_STEPS = "Two steps further."
    NOT_LONGER = "One step further, not longer."
    STEP_BACK = "A step back."
    SAME_WALKS = "The same short walks again."
    USUAL = "Your usual week."
    MORE_THAN_USUAL = "A little more than usual."
    LESS_THAN_USUAL = "A little less than usual."
    FAR_LESS_THAN_USUAL = "Less than usual."
    TOWARDS_USUAL = "Back towards your usual week."
    FEWER_RUNS = "Fewer days, so fewer runs."
    BY_THE_LADDER = "Less than an established runner's week lately, so the plan goes on by the ladder."
    WELCOME = "Welcome."
    WAITS = "The plan waits."
    WALKING = "Walking for now."
    WALKS_FIRST = "Walks first."
    REST_EASIER = "The rest of the week is easier."
    OTHER_ORDER = "As much as planned, in another order."
    LIFTED = "The stop is lifted."
    SETTLED = "Your answers show that the pain has settled."


NEW_GOAL = {goal: f"A new goal: {word}." for goal, word in GOAL_WORD.items()}
WORDS = {x.name.lower(): x.value for x in Lead} | {f"new_goal_{goal}": words for goal, words in NEW_GOAL.items()}
"""The first words of a headline by the code that is stored with it."""
CODES = {words: code for code, words in WORDS.items()}
WELCOME, LIFTED = CODES[Lead.WELCOME], CODES[Lead.LIFTED]
BY_HAND = "by_hand"
"""The code of a headline that begins with who changed the week and why."""


def by_hand(override: Mapping[str, Any]) -> str:
    """Who changed a week, and why."""
    return f"Changed by {override.get('who') or 'someone'}: {override.get('why') or 'no reason given'}"


def begun(words: str, *rest: str) -> tuple[str, str]:
    """A headline that begins with the words of a lead: its code, and the whole."""
    return CODES[words], " ".join(x for x in (words, *rest) if x)


def code_of(lead: str | None, headline: str) -> str:
    """The code with which a headline was stored; that of its first words where an earlier version stored none, empty
    where it has none of these."""
    if lead is not None:
        return lead
    return max((code for code, x in WORDS.items() if f"{headline} ".startswith(f"{x} ")), key=_length, default="")


def _length(code: str) -> int:
    return len(WORDS[code])


def after(code: str, headline: str) -> str:
    """What follows the lead in a headline."""
    return headline.removeprefix(WORDS.get(code, "")).strip()


def beside_model(told: str, model: str) -> str:
    """What is said of a week that was set by hand, with the headline of the model's own choice."""
    return f"{told} (The model: {model})"


def without_model(told: str, model: str) -> str:
    """The inverse of `beside_model`."""
    return told.removesuffix(beside_model("", model))


_DATED = re.compile(r"(\d{4}-\d\d-\d\d): (.*)", re.DOTALL)


def dated(day: date, why: str) -> str:
    """Why a week changed, with the day on which it did."""
    return f"{day.isoformat()}: {why}"


def dated_parted(reason: str) -> tuple[date | None, str]:
    """The inverse of `dated`; no day where the reason names none."""
    found = _DATED.fullmatch(reason)
    return (date.fromisoformat(found[1]), found[2]) if found else (None, reason)
