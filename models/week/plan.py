"""The week of one athlete: state, decision, layout and reasons, pure and able.

`plan` for one, `plan_many` for thousands at once; models/week/replay.py decides a stored week again,
models/week/easing.py changes a published week, always downwards but for the late files of its first two days.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from steadymile.models.explain import reasons as explain
from steadymile.models.policy import draw, ladder
from steadymile.models.policy.build_state import State, state_of, target_week
from steadymile.models.policy.calm import day_waits, keeps_calm, on_way_back, sore
from steadymile.models.policy.decide import decide, effects_of
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.habit import off_ladder
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.rules.found import RULES
from steadymile.models.policy.rules.rule import Effect
from steadymile.models.policy.state import StateArrays
from steadymile.models.session import History
from steadymile.models.week import layout
from steadymile.models.weekplan import RUN_KINDS, Action, PlannedSession, WeekPlan

__all__ = ["build", "plan", "plan_many", "target_week"]

CHUNK = 2000
DRAWN = next(k for k, rule in enumerate(RULES) if rule.unasked)


def plan(history: History, as_of: date, of_week: str | None = None) -> WeekPlan:
    """The plan for the target week of a day (or the week named), from the history as of that day only."""
    target, status = target_week(as_of, history.weeks)
    return build(state_of(history, as_of, of_week or target), "frozen" if of_week else status)


def plan_many(histories: Sequence[History], as_of: date) -> list[WeekPlan]:
    """The plans of many athletes; the decisions of all are taken together as arrays."""
    plans: list[WeekPlan] = []
    for low in range(0, len(histories), CHUNK):
        chunk = histories[low : low + CHUNK]
        targets = [target_week(as_of, h.weeks) for h in chunk]
        states = [state_of(h, as_of, name) for h, (name, _) in zip(chunk, targets)]
        plans += build_many(states, [status for _, status in targets])
    return plans


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of states, with what every rule asked for."""

    signals: StateArrays
    effects: tuple[Effect, ...]
    decision: DecisionArrays

    @classmethod
    def of(cls, states: Sequence[State], parameters: Parameters = IN_FORCE) -> Decided:
        """The decisions of states, taken together."""
        s = StateArrays.stack([x.signals for x in states]) if len(states) > 1 else states[0].signals
        effects = effects_of(s, RULES, parameters)
        return cls(s, effects, decide(s, RULES, parameters, effects=effects))


def build(
    state: State, status: str = "provisional", parameters: Parameters = IN_FORCE, decided: Decided | None = None
) -> WeekPlan:
    """The week that follows from a state; `decided` where that was done already."""
    return build_many([state], [status], parameters, decided)[0]


def build_many(
    states: Sequence[State], statuses: Sequence[str], parameters: Parameters = IN_FORCE, decided: Decided | None = None
) -> list[WeekPlan]:
    """The weeks that follow from states, decided together, with what every fired rule changed."""
    if not states:
        return []
    known = Decided.of(states, parameters) if decided is None else decided
    s, d = known.signals, known.decision
    without = explain.without_each(s, d, parameters, known.effects)
    return [_assemble(x, s, d, i, without, status) for i, (x, status) in enumerate(zip(states, statuses))]


def chosen_of(s: StateArrays, d: DecisionArrays, i: int, p: Parameters = IN_FORCE) -> layout.Chosen:
    """The decision of athlete `i` in plain numbers, as the layout needs it."""
    one = s.take(np.array([i]))
    walk_share = min(float(s.vt1[i]), p.ceiling_most)
    rest, most = float(s.heart_rate_rest_bpm[i]), float(s.heart_rate_max_bpm[i])
    ceiling = float(d.heart_rate_ceiling_bpm[i])
    known = not np.isnan(ceiling)
    running = d.sessions[i] > 0
    established = bool(s.established[i]) and bool(off_ladder(one, d.level[[i]], p)[0])
    return layout.Chosen(
        action=Action(int(d.action[i])),
        level=int(d.level[i]),
        track=int(s.track[i]),
        established=established,
        run_min=float(d.run_min[i]),
        other_min=float(d.other_min[i]),
        bout_min=float(d.bout_min[i]),
        week_min=float(d.week_min[i]),
        sessions=int(d.sessions[i]),
        walks=int(d.walks[i]),
        walk_min=float(d.walk_min[i]),
        ease=bool(d.ease[i]),
        ill=bool(s.ill[i]),
        sore=bool(sore(one, p)[0]),
        test_walk=bool(s.walk_due[i]) or int(s.walk_weeks[i]) == 1,
        run_ceiling_bpm=round(ceiling) if known and running else None,
        walk_ceiling_bpm=round(min(ceiling, rest + walk_share * (most - rest))) if known else None,
        distance_cap_m=float(d.distance_cap_m[i]),
        session_cap_min=float(d.session_cap_min[i]),
        longest_of_two=p.longest_of_two,
        shortest_run_min=p.shortest_run_min,
        alone=bool(p.shortest_run_min) and float(s.week_best_min[i]) <= p.one_run * float(s.session_max_min[i]),
        even_race_week=p.even_race_week,
        keeps_calm=bool(keeps_calm(one, p)[0]),
        day_waits=bool(day_waits(one, p)[0]),
        on_way_back=bool(on_way_back(one)[0]),
        whole_weeks=p.whole_weeks,
        p=p,
    )


def _assemble(
    state: State, s: StateArrays, d: DecisionArrays, i: int, without: explain.Without, status: str
) -> WeekPlan:
    facts = state.facts
    c = chosen_of(s, d, i, without.parameters)
    planned = layout.lay_out(c, facts)
    inputs = state.stored()
    stored = {
        **inputs,
        "decision": d.row(i),
        "start": facts["start"],
        "goal_safe": _goal_safe(s, d, i, facts, without.parameters),
        "parameters": without.parameters.version,
        "choice": _choice(s, d, i, without, facts),
    }
    reasons = explain.reasons(s, d, i, without, facts)
    lead, headline = explain.headline(c, facts, reasons, planned, explain.Before.of(s, i))
    low, high = layout.load_range(planned, facts, without.parameters)
    ceiling = c.run_ceiling_bpm if c.running else c.walk_ceiling_bpm
    return WeekPlan(
        athlete_id=facts["athlete_id"],
        week=facts["week"],
        as_of=date.fromisoformat(facts["as_of"]),
        action=c.action,
        level=c.level_id,
        earned_level=ladder.level_of(c.track, int(d.earned[i])).id,
        **totals(planned),
        elevation_gain_m=round(float(d.gain_m[i]), 1),
        load_low=low,
        load_high=high,
        heart_rate_ceiling_bpm=ceiling,
        headline=headline,
        lead=lead,
        planned=planned,
        reasons=reasons,
        state=stored,
        inputs_hash=inputs_hash(inputs),
        policy_version=without.parameters.version,
        status=status,
    )


def _choice(
    s: StateArrays, d: DecisionArrays, i: int, without: explain.Without, facts: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    """The steps that were equally allowed, the one taken, and with which probability (models/policy/draw.py)."""
    taken = draw.step_up(s, d, i)
    rows = range(int(without.first[i]), int(without.first[i + 1]))
    row = next((j for j in rows if int(without.rule[j]) == DRAWN), None)
    step = taken if row is None else max(taken, draw.step_up(s, without.decision, i, row))
    return draw.logged(step, taken, facts.get("randomise"))


def _goal_safe(
    s: StateArrays, d: DecisionArrays, i: int, facts: Mapping[str, Any], p: Parameters
) -> str | None:  # fmt: skip
    """The day by which a dated goal is said to be within reach, kept so that next week says the same."""
    if not facts["goal_date"]:
        return None
    level = -1 if int(d.action[i]) == Action.STOP else int(d.level[i])
    safe = explain.safe_by(s.take(np.array([i])), facts, level, p)
    return None if safe is None else safe.isoformat()


def totals(planned: Sequence[PlannedSession]) -> dict[str, Any]:
    """The week's sums as fields of WeekPlan: run and walk minutes, longest bout, distance, number of runs."""
    runs = [p for p in planned if p.kind in RUN_KINDS]
    on_foot = [p for p in planned if p.steps]
    distances = [p.expected_distance_m for p in on_foot]
    known = bool(distances) and all(x is not None for x in distances)
    return {
        "run_min": round(sum(p.run_min for p in runs), 2),
        "longest_bout_min": round(max((s.run_s for p in runs for s in p.steps), default=0) / 60.0, 2),
        "walk_min": round(layout.walk_minutes(planned), 2),
        "distance_m": sum(x or 0.0 for x in distances) if known else None,
        "sessions": len(runs),
    }


def inputs_hash(stored: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of what the week was decided from."""
    text = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
