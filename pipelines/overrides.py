"""What a coach or the runner set instead: recorded with who and why, shown beside the model's choice."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from steadymile.models.policy import ladder
from steadymile.models.policy.training.matching import week_of
from steadymile.models.week.override import OverrideRefused, apply_override
from steadymile.models.weekplan import WeekPlan
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.run import Run
from steadymile.warehouse.store import as_loaded

WHAT = ("level", "sessions", "share", "run_min")


def check(pairs: Mapping[str, str]) -> dict[str, Any]:
    """What is to be set, checked: a `level` of the ladder, a count of `sessions`, a `share` of the week's minutes, or
    its running minutes `run_min`. Trouble names what is wrong."""
    found: dict[str, Any] = {}
    for name, text in pairs.items():
        if name not in WHAT:
            raise Trouble(f"{name} cannot be set.", f"What can: {', '.join(WHAT)}.", exit_code=2)
        found[name] = checked_level(text) if name == "level" else checked_number(name, text)
    if not found:
        raise Trouble("Nothing was set.", f"What can be set: {', '.join(WHAT)}.", exit_code=2)
    return found


def checked_level(text: str) -> str:
    """The id of a level that some way of the ladder has."""

    level = text.upper()
    last: dict[str, int] = {}
    for known in (known.id for levels in ladder.LEVELS for known in levels):
        if known == level:
            return level
        last[known[0]] = max(int(known[1:]), last.get(known[0], 1))
    raise Trouble(f"There is no level {text}.", f"Levels: {', '.join(f'{c}1 to {c}{n}' for c, n in last.items())}.", 2)


def checked_number(name: str, text: str) -> float | int:
    """A number of at least 0; sessions are whole."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Trouble(f"{name}={text} is not a number.", "Write it like sessions=2.", exit_code=2)
    if number < 0:
        raise Trouble(f"{name}={text} is below 0.", "Give 0 or more.", exit_code=2)
    if name == "sessions" and not number.is_integer():
        raise Trouble(f"sessions={text} is not a whole number.", "Write it like sessions=2.", exit_code=2)
    return int(number) if name == "sessions" else number


def checked_week(text: str) -> str:
    """An ISO week like 2026-W48."""
    try:
        year, number = map(int, text.upper().split("-W"))
        date.fromisocalendar(year, number, 1)
    except ValueError:
        year, number = 0, 0
    if not 1990 <= year <= 2100:
        raise Trouble(f"There is no week {text}.", "Write it like 2026-W48.", exit_code=2)
    return f"{year}-W{number:02d}"


def overrides(run: Run) -> dict[str, dict[str, dict[str, Any]]]:
    """The last override of each week of each athlete, from the journal."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for e in run.journal.read(kinds=("override",)):
        found.setdefault(e.athlete_id or "", {})[e.payload["week"]] = {**e.payload, "at": e.at.isoformat()}
    return found


def wanted(override: Mapping[str, Any]) -> dict[str, Any]:
    """The override as the policy takes it."""
    return {"who": override["who"], "why": override["why"], "at": override["at"], **override["targets"]}


def set_by_hand(stored: Sequence[WeekPlan], said: Mapping[str, Mapping[str, Any]], as_of: date) -> list[WeekPlan]:
    """The next revision of each published week, from the current one on, whose newest override is not in it: the
    command that recorded it was killed, or found another run at work. `said`: an athlete's overrides by week."""
    found = []
    for week in as_loaded(stored, as_of):
        override = said.get(week.week)
        if override is None or week.week < week_of(as_of) or week.status != "frozen":
            continue
        if week.override is not None and str(week.override.get("at", "")) >= override["at"]:
            continue
        with suppress(OverrideRefused):
            found.append(apply_override(week, wanted(override)))
    return found


def with_override(week: WeekPlan, override: Mapping[str, Any] | None) -> WeekPlan:
    """The plan with the override applied within its caps; the plan itself where there is none, or where it has one."""

    if not override or week.override is not None:
        return week
    try:
        return apply_override(week, wanted(override))
    except OverrideRefused:
        return week  # a stop, say: the person who asked was answered so, and the night goes on
