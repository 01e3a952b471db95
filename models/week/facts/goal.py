"""What the goal asks for, and what was said of it before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from steadymile.models.athlete import Facts
from steadymile.models.policy import ladder
from steadymile.models.policy.evidence import Evidence
from steadymile.models.policy.parameters import Parameters
from steadymile.models.session import History
from steadymile.models.week.goals import GOAL_M

RACE_WEEK_DAYS = 7


def of(e: Evidence) -> dict[str, Any]:
    """The goal with its day, and the mile that was run."""
    facts, mile_on = e.facts, e.first_mile
    return {
        "goal": facts.goal or "mile",
        "goal_told": facts.goal is not None,
        "goal_new": _goal_new(e.history, facts, e.week),
        "goal_date": facts.goal_date.isoformat() if facts.goal_date else None,
        "goal_safe_before": _stated_before(e.history, facts, e.week),
        "race_day": _race_day(facts, e.monday),
        "mile_pace": facts.goal == "mile" and facts.goal_mile_s is not None,
        "goal_mile_s": facts.goal_mile_s,
        "mile_done": mile_on is not None,
        "mile_new": mile_on is not None and (e.as_of - mile_on).days < 7,
        "best_mile_s": _best_mile_s(e.history, e.as_of, e.p),
    }


def _stated_before(history: History, facts: Facts, week: str) -> str | None:
    """The day by which the same goal was said to be within reach in the week published last."""
    before = [w for w in history.weeks if w.week < week and "facts" in w.state]
    if not before or before[-1].state["facts"]["goal"] != (facts.goal or "mile"):
        return None
    stated = before[-1].state.get("goal_safe")
    return None if stated is None else str(stated)


def _race_day(facts: Facts, monday: date) -> str | None:
    """The goal's day, in its own week and in the week after."""
    day = facts.goal_date
    if day is None or facts.goal not in GOAL_M or not -RACE_WEEK_DAYS <= (day - monday).days < RACE_WEEK_DAYS:
        return None
    return day.isoformat()


def _goal_new(history: History, facts: Facts, week: str) -> bool:
    """Whether the goal leads another way than that of the week published last."""
    before = [w for w in history.weeks if w.week < week and "facts" in w.state]
    if not before or facts.goal is None:
        return False
    then = str(before[-1].state["facts"]["goal"])
    return ladder.TRACK.get(then, ladder.MILE) != ladder.TRACK.get(facts.goal, ladder.MILE)


def _best_mile_s(history: History, as_of: date, p: Parameters) -> float | None:
    """Fastest mile of the last half year, s."""
    first = as_of - timedelta(days=p.best_mile_days)
    best = None
    for s in reversed(history.sessions):
        if s.local_day < first:
            break
        if s.best_mile_s is not None and (best is None or s.best_mile_s < best):
            best = s.best_mile_s
    return best
