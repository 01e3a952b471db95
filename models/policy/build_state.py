"""The state of one athlete on a day, from the history as of that day only: what the policy decides from.

Everything a week is built from ends up in `State.stored()`, plain JSON values, so that any published week can be
decided again to the identical result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from steadymile.models.physiology import symptoms
from steadymile.models.policy import ladder
from steadymile.models.policy.decide import decide
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.evidence import REFOLDED_WEEKS, Evidence
from steadymile.models.policy.memory import policy_memory as memory
from steadymile.models.policy.memory.policy_memory import Memory
from steadymile.models.policy.memory.replay_weeks import Start, fold, held_back, with_standing
from steadymile.models.policy.memory.tracks import late_entry, left_running, on_goal
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.signals import felt, goal, health, person, usual, volume
from steadymile.models.policy.state import StateArrays
from steadymile.models.policy.training.matching import monday_of, week_of
from steadymile.models.policy.training.pauses import days_since
from steadymile.models.session import History
from steadymile.models.week.facts.known import knew_the_answers, known_ids
from steadymile.models.week.facts.weekly import facts_for_texts
from steadymile.models.weekplan import WeekPlan

FIRST_LOOK_DAYS = 60


@dataclass(frozen=True, slots=True)
class State:
    """What the policy sees (`signals`), what it remembers (`memory`) and what the week's texts need (`facts`)."""

    signals: StateArrays
    memory: Memory
    facts: Mapping[str, Any]

    def stored(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"signals": self.signals.scalars(), "memory": self.memory.scalars(), "facts": dict(self.facts)}

    @classmethod
    def from_stored(cls, values: Mapping[str, Any]) -> State:
        """The inverse of `stored`."""
        return cls(
            StateArrays.from_scalars(dict(values["signals"])),
            Memory.from_scalars(dict(values["memory"])),
            dict(values["facts"]),
        )


def target_week(as_of: date, weeks: Sequence[WeekPlan]) -> tuple[str, str]:
    """The week that a plan made on a day is for, and whether it is `frozen` or `provisional`.

    The first run on or after Sunday freezes the coming week, a later first run the current one; anything earlier is
    provisional.
    """
    coming = week_of(as_of + timedelta(days=7 - as_of.weekday()))
    if as_of.isoweekday() == 7:
        return coming, "frozen"
    current = week_of(as_of)
    if any(w.week == current and w.status == "frozen" and w.as_of <= as_of for w in weeks):
        return coming, "provisional"
    return current, "frozen"


def state_of(
    history: History,
    as_of: date,
    week: str | None = None,
    parameters: Parameters = IN_FORCE,
    before: Memory | None = None,
) -> State:
    """The state on a day, for planning `week` (default: the target week of that day). Later rows change nothing.
    `before` is the memory on that day, where somebody has folded it already."""
    e = Evidence.of(history, as_of, week or target_week(as_of, history.weeks)[0], parameters)
    start = _start(e, before)
    signals = memory.state(start.memory, parameters, **_signals(e, start))
    return State(signals, start.memory, facts_for_texts(e, start))


def _signals(e: Evidence, start: Start) -> dict[str, Any]:
    """The fields of the state that the memory does not hold, each from its own evidence."""
    m = start.memory
    walking = int(m.level[0]) < ladder.J1 or int(m.track[0]) == ladder.WALK
    habit = None if walking else usual.habit_of(e)
    since_run_days = float(days_since(e.matched, e.history.weeks, "walk" if walking else "run", e.as_of))
    ran = volume.of(e, m, habit is not None, since_run_days)
    return {
        **felt.of(e, walking),
        **health.of(e, start),
        **ran,
        **person.of(e, habit is not None, int(m.level[0])),
        **usual.of(e, habit),
        **goal.of(e, m, ran["session_max_min"], habit is not None, since_run_days),
    }


def _start(e: Evidence, before: Memory | None) -> Start:
    """The memory on a day: the entry at first, then the published weeks folded again with what is known now."""
    lately = [plan for plan in e.published if "memory" in plan.state][-REFOLDED_WEEKS:]
    with_memory = _of_one_goal(lately)
    if not with_memory:
        return _first(e)
    plans, stands = _known_by(with_memory, e)
    if plans[0] is not lately[0] and plans[0] is with_memory[0] and not stands:
        plans = [_of_another_goal(plans[0], e), *plans[1:]]
    folded, cleared_on = fold(e, plans, _decided_anew(plans[stands:], e))
    if before is not None:
        folded = before
    origin = with_memory[-1].state["facts"]
    entry_level, entry_on = int(origin["entry_level"]), date.fromisoformat(origin["entry_on"])
    if (e.as_of - entry_on).days <= e.p.entry_open_days:
        folded, entry_level = late_entry(folded, e.matched, e.facts, entry_level, entry_on, e.p)
    walked = int(folded.track[0]) == ladder.WALK
    left = left_running(e.published, e.entry) if e.ran and walked else None
    since = float((e.as_of - e.ran[-1].session.local_day).days) if e.ran else np.inf
    return Start(on_goal(folded, e.facts, e.speeds_m_s[0], left, since, e.p), entry_level, entry_on, cleared_on)


def _first(e: Evidence) -> Start:
    """The memory before any week was planned: that of the entry, with what the weeks before it said of health."""
    first = memory.initial(1, e.entry.level, e.entry.track, e.entry.top)
    span = symptoms.span_of(e.record, e.as_of - timedelta(days=FIRST_LOOK_DAYS), e.as_of, p=e.p)
    outcome = memory.Outcome.make(
        1, held=held_back(e.facts), pain_most=span.pain_most, calm_days=span.calm_days,
        red_flag=span.red_flag, cleared=span.cleared,
        ill=span.ill, ill_ended=span.ill_ended, injured=span.injured, settled=span.settled,
        times=span.times, days=0.0,
    )  # fmt: skip
    m = with_standing(memory.after_week(first, outcome, e.p), e.record, e.as_of, e.p)
    return Start(m, e.entry.level, e.as_of, span.cleared_on)


def _of_one_goal(plans: Sequence[WeekPlan]) -> list[WeekPlan]:
    """The newest plans in a row that led to the same goal: levels of another way cannot be folded into this one."""
    if not plans:
        return []

    def goal(p: WeekPlan) -> tuple[Any, Any]:
        return p.state["memory"]["track"], p.state["facts"]["goal"]

    now = goal(plans[-1])
    other = next((i for i in reversed(range(len(plans))) if goal(plans[i]) != now), -1)
    return list(plans[other + 1 :])


def _of_another_goal(first: WeekPlan, e: Evidence) -> WeekPlan:
    """The first plan of a new goal, with the memory that it would have had if all had been known of the weeks before
    that is known now: they are folded along their own way, and lead on from there."""
    earlier = replace(e.history, weeks=tuple(w for w in e.history.weeks if w.week < first.week))
    known = state_of(earlier, first.as_of, first.week, e.p).memory
    return replace(first, state={**first.state, "memory": known.scalars()})


def _known_by(plans: Sequence[WeekPlan], e: Evidence) -> tuple[Sequence[WeekPlan], bool]:
    """The plans to fold again: from the newest that knew all that is known now of its own past. Its memory holds what
    older ones could not know yet. And whether there is such a one, or the oldest stands for want of it."""
    folded = plans[-REFOLDED_WEEKS:]
    newest = next((i for i in reversed(range(len(folded))) if _nothing_late(folded[i], e)), None)
    return folded[newest or 0 :], newest is not None


def _nothing_late(newest: WeekPlan, e: Evidence) -> bool:
    """Whether the newest plan knew all that is known now of the 28 days before it: then its memory stands."""
    told, sessions = newest.state["facts"], [m.session for m in e.matched]
    same = bool(known_ids(sessions, newest.as_of) == told["known_ids"])
    return same and knew_the_answers(told, e.history, sessions, newest.as_of)


def _decided_anew(plans: Sequence[WeekPlan], e: Evidence) -> Callable[[WeekPlan, Memory], DecisionArrays | None]:
    """What a published week would have been with the answers as they are known now, given the memory before it: for
    those whose answers, and nothing else, were corrected since. None for every other."""
    sessions = [m.session for m in e.matched]
    corrected = {
        plan.week
        for plan in plans
        if plan.as_of == monday_of(plan.week) - timedelta(days=1)
        and known_ids(sessions, plan.as_of) == plan.state["facts"]["known_ids"]
        and "known_felt" in plan.state["facts"]
        and not knew_the_answers(plan.state["facts"], e.history, sessions, plan.as_of)
    }

    def again(plan: WeekPlan, before: Memory) -> DecisionArrays | None:
        if plan.week not in corrected:
            return None
        return decide(state_of(e.history, plan.as_of, plan.week, e.p, before).signals, parameters=e.p)

    return again
