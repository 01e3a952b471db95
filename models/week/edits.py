"""A published week with what was changed in it since: easing, rest, moves, and words.

Every change is a small JSON object kept in the plan's state, so that a changed week can be made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from steadymile.models.policy.build_state import State
from steadymile.models.week import layout, plan, wording
from steadymile.models.weekplan import Action, PlannedSession, Reason, Step, WeekPlan

RUNS = ("run", "hills", "test")
WORDS = {"lifted", "stands"}
"""Changes that change no session: a stop that is lifted, or stands again."""
Change = Mapping[str, Any]


def base_of(published: WeekPlan) -> WeekPlan:
    """The published week before its changes: what the policy itself asked for."""
    return plan.build(State.from_stored(published.state), published.status)


def with_changes(published: WeekPlan, changes: Sequence[Change]) -> WeekPlan:
    """The week with these changes, in their order."""
    planned = list(published.planned)
    told: dict[str, Any] = {}
    for c in changes:
        if c["do"] == "tell":
            told["headline"] = c["headline"]
            continue
        if c["do"] in WORDS:
            continue
        if c["do"] == "act":
            told["action"] = min(Action(c["action"]), told.get("action", published.action))
            if told["action"] == Action.STOP:
                told |= _STOPPED
            continue
        if c["do"] == "reasons":
            fresh = [Reason(**{**r, "activity_ids": tuple(r["activity_ids"])}) for r in c["reasons"]]
            told["reasons"] = _in_front(fresh, told.get("reasons", published.reasons), told.get("action"))
            continue
        day = date.fromisoformat(c["day"])
        index = next((i for i, p in enumerate(planned) if p.day == day and p.kind == c["kind"]), None)
        if index is not None:
            planned[index] = changed(planned[index], c)
            if c["do"] == "move":  # the walk of that day takes the day that is free now
                to = date.fromisoformat(c["to"])
                planned = [replace(p, day=day) if p.day == to and p.kind == "walk" else p for p in planned]
    ordered = _one_rest_a_day(planned, {p.day for p in published.planned})
    return replace(published, planned=ordered, **plan.totals(ordered), **told)


def _one_rest_a_day(planned: Sequence[PlannedSession], days: set[date]) -> tuple[PlannedSession, ...]:
    """The sessions in order, with one rest on every day that holds nothing else."""
    kept = [p for p in planned if p.kind != "rest"]
    rests = {p.day: p for p in reversed(planned) if p.kind == "rest"}
    free = sorted(days - {p.day for p in kept})
    kept += [rests.get(day, PlannedSession(day, "rest", 0.0, wording.REST_TEXT, title="Rest")) for day in free]
    return tuple(sorted(kept, key=lambda p: (p.day, layout.ORDER[p.kind])))


_STOPPED: dict[str, Any] = {
    "level": "rest", "heart_rate_ceiling_bpm": None, "load_low": None, "load_high": None, "elevation_gain_m": 0.0,
}  # fmt: skip


def _in_front(fresh: Sequence[Reason], old: Sequence[Reason], action: Action | None) -> tuple[Reason, ...]:
    """New reasons before the old ones, each once; under a stop nothing else is told."""
    if action == Action.STOP:
        return tuple(fresh)
    names = {r.rule for r in fresh}
    return (*fresh, *(replace(r, binding=False) for r in old if r.rule not in names))


def changed(p: PlannedSession, c: Change) -> PlannedSession:
    """One session after one change."""
    if c["do"] == "rest":
        return PlannedSession(p.day, "rest", 0.0, "Rest, and tell how you are with `steadymile log`.", title="Rest")
    if c["do"] == "walk":
        minutes, test = float(c.get("min", 20.0)), bool(c.get("test"))
        text, steps = wording.walk_text(minutes, test), (Step(1, 0, round(60.0 * minutes)),)
        return PlannedSession(p.day, "walk", minutes, text, steps, title=f"Easy walk {wording.minutes(minutes)} min")
    if c["do"] == "move":
        return replace(p, day=date.fromisoformat(c["to"]))
    return layout.lowered(p, float(c["share"]))
