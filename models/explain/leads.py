"""How a headline begins: the decision in a few words. Each is written here and nowhere else, so that what shows a
headline can set them apart from the reasons that follow."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from steadymile.models.week.goals import GOAL_WORD


class Lead(StrEnum):
    """The first words of a headline; a new goal has words of its own (`NEW_GOAL`)."""

    STOP = "No running for now."
    BACK_OFF = "An easier week."
    EASED_USUAL = "Easier than a usual week."
    REBUILD = "A gentle way back."
    HOLD = "The same step again."
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


def parted(headline: str) -> tuple[str, str]:
    """A headline as its lead and what follows; the lead is empty where it has none of these (an older policy's)."""
    lead = max((x for x in (*Lead, *NEW_GOAL.values()) if f"{headline} ".startswith(f"{x} ")), key=len, default="")
    return str(lead), headline[len(lead) :].strip()


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
