"""Why the week is what it is: every rule that fired, every cap that bound, what nearly did, and what would change it.

Made from the same rule objects that decided; what a rule changed is known by deciding once more without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from steadymile.models.explain import caveats
from steadymile.models.explain.cap_attribution import Lifted, cap_reasons, lifted_each
from steadymile.models.explain.caveats import safe_by
from steadymile.models.explain.leads import NEW_GOAL, Lead, begun
from steadymile.models.policy import ladder
from steadymile.models.policy.decide import decide, differs, effects_for, effects_of
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.habit import usual_week_min
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.rules.breaks import missed, never_ran
from steadymile.models.policy.rules.found import BY_ID, RULES
from steadymile.models.policy.rules.goals import recovery_week, taper
from steadymile.models.policy.rules.illness import after_illness
from steadymile.models.policy.rules.rule import Effect, Rule, Said
from steadymile.models.policy.rules.stop import clearance, settled
from steadymile.models.policy.state import StateArrays
from steadymile.models.policy.training.matching import monday_of, week_of
from steadymile.models.weekplan import RUN_KINDS, Action, PlannedSession, Reason

__all__ = ["Before", "Without", "headline", "lead", "next_in_words", "reasons", "safe_by", "without_each"]

_PLACE = {r.id: k for k, r in enumerate(RULES)}
NEAR_SHARE = 0.85
NEAR_STEP = 0.15
WAITS_DAYS, COUNTED_DAYS, MONTH_DAYS = 56, 120, 30.4
"""After so many days without a file nobody needs to be told week by week what was missed."""
LITTLE_LESS = 0.85
"""A week with less than this part of the usual is not called a little less."""
SAME_MIN, SAME_SHARE = 1.0, 0.03
"""Weeks whose running minutes differ by less are told as equally long; usual weeks, by less than that share."""


@dataclass(frozen=True, slots=True)
class Without:
    """Decisions with one fired rule switched off: `rule[j]` for the rows first[i] <= j < first[i + 1] of athlete i.

    `together[i]` names the strictest rules of athlete i where no single one of them, but all of them, changed
    something; empty elsewhere. `effects` what each rule asks of whom, in the order of RULES.
    """

    rule: np.ndarray
    first: np.ndarray
    decision: DecisionArrays
    changes: np.ndarray
    together: Mapping[int, tuple[str, ...]]
    lifted: Lifted
    parameters: Parameters
    effects: tuple[Effect, ...]


def without_each(
    s: StateArrays, d: DecisionArrays, p: Parameters = IN_FORCE, effects: tuple[Effect, ...] | None = None
) -> Without:
    """Decide once more for every (athlete, fired rule) pair, with that rule switched off. `effects` are what the rules
    asked for, where somebody knows already."""
    effects = effects_of(s, RULES, p) if effects is None else effects
    athlete, rule = np.nonzero(d.fired)
    enabled = np.ones((len(athlete), len(RULES)), dtype=bool)
    enabled[np.arange(len(athlete)), rule] = False
    other = decide(s.take(athlete), RULES, p, enabled, effects=effects_for(effects, athlete, s.n))
    changes = differs(d, athlete, other)
    first = np.searchsorted(athlete, np.arange(s.n + 1))
    single = np.zeros(s.n, dtype=bool)
    np.logical_or.at(single, athlete, changes)
    together = _together(s, d, np.flatnonzero(~single), effects, p)
    return Without(rule, first, other, changes, together, lifted_each(s, d, p, effects), p, effects)


def _together(
    s: StateArrays, d: DecisionArrays, rows: np.ndarray, effects: Sequence[Effect], p: Parameters
) -> dict[int, tuple[str, ...]]:
    """Where several rules ask for the same, no single one binds: the strictest ones, if they bind together."""
    if not len(rows):
        return {}
    some = s.take(rows)
    actions = [np.broadcast_to(np.asarray(e.action), (s.n,))[rows] for e in effects]
    asked = np.where(d.fired[rows], np.stack(actions, axis=1), int(Action.ADVANCE) + 1)
    strictest = d.fired[rows] & (asked == asked.min(axis=1, keepdims=True))
    changes = differs(d, rows, decide(some, RULES, p, ~strictest, effects=effects_for(effects, rows, s.n)))
    return {int(i): tuple(RULES[k].id for k in np.flatnonzero(strictest[j])) for j, i in enumerate(rows) if changes[j]}


def reasons(
    s: StateArrays, d: DecisionArrays, i: int, without: Without, facts: Mapping[str, Any]
) -> tuple[Reason, ...]:
    """Reasons of athlete `i`: binding rules first, then other fired ones, caps, near misses, and what is unknown."""
    one = s.take(np.array([i]))
    after = float(d.week_min[i])
    together = without.together.get(i, ())
    p, action = without.parameters, int(d.action[i])

    def said(k: int) -> Said:
        effect = without.effects[k]
        seen, limit = _number(effect.observed, i), _number(effect.threshold, i)
        return Said(one, p, seen, limit, facts, action, int(d.level[i]))

    fired: list[Reason] = []
    for j in range(int(without.first[i]), int(without.first[i + 1])):
        k = int(without.rule[j])
        rule = RULES[k]
        binding = bool(without.changes[j])
        if (rule.modest or rule.unasked) and not binding:
            continue  # where nothing goes up by two, two steps at once are no matter
        if rule.progress and not binding and said(k).kept_walking:
            continue  # what has them walk says it: that runs wait is the same again
        if rule.gap and not binding and _longer_gap(rule, d, i):
            continue  # of a pause only its whole length is stated
        if rule.silence and not rule.gap and facts["first_plan"]:
            continue  # before the first plan nobody asked for a session, or for a file; a pause is one all the same
        fired.append(_fired(rule, said(k), float(without.decision.week_min[j]), after, binding))
    together = tuple(n for n in together if any(r.rule == n for r in fired))
    fired = [_not_alone(r, together) if r.rule in together else r for r in fired]
    if int(without.lifted.first[i]) < 0 and all(BY_ID[r.rule].progress for r in fired):  # nothing holds the week
        fired = [_unhindered(r, said(_PLACE[r.rule])) for r in fired]
    fired.sort(key=lambda r: (not r.binding, BY_ID[r.rule].place))
    if action == Action.STOP:
        # Under a stop nothing else matters, and nothing may read like a promise of more running.
        stops = (r for r in fired if _number(without.effects[_PLACE[r.rule]].action, i) == Action.STOP)
        return (*stops, *caveats.notes(one, facts, -1, p, Action.STOP))
    near = [r for k, rule in enumerate(RULES) if rule.near and not d.fired[i, k] and (r := _near(rule, said(k), after))]
    return (
        *fired,
        *cap_reasons(one, d, i, without.lifted, facts),
        *near,
        *caveats.notes(one, facts, int(d.level[i]), p, Action(action)),
    )


def _longer_gap(rule: Rule, d: DecisionArrays, i: int) -> bool:
    """Whether a rule for a longer gap fired too: it stands before this one."""
    return any(d.fired[i, k] and r.gap and r.place < rule.place for k, r in enumerate(RULES))


def _unhindered(reason: Reason, said: Said) -> Reason:
    """A reason in the words for a week that nothing holds, where its rule has such words."""
    rule = BY_ID[reason.rule]
    words = rule.unhindered(said) if rule.unhindered else None
    return replace(reason, sentence=words) if words else reason


def _not_alone(reason: Reason, names: Sequence[str]) -> Reason:
    """A reason that binds only together with others, and says so."""
    # A rule that is mentioned only where it alone changes something does not stand beside this one.
    others = len([n for n in names if n != reason.rule and not (BY_ID[n].modest or BY_ID[n].unasked)])
    said = f"{others} other reason{'s ask' if others > 1 else ' asks'} for the same." if others else ""
    return replace(reason, binding=True, what_would_change_it=f"{reason.what_would_change_it} {said}".strip())


def _number(value: Any, i: int) -> float:
    """Athlete `i`'s value of something that may be the same for all."""
    if not isinstance(value, np.ndarray) or value.ndim == 0:
        return float(value)
    return float(value[i if len(value) > 1 else 0])


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


def _sessions(rule: Rule, said: Said) -> tuple[str, ...]:
    """The sessions that a rule rests on."""
    return tuple(said.facts["ids"].get(rule.sessions, ()))


def _fired(rule: Rule, said: Said, before: float, after: float, binding: bool) -> Reason:
    numbers = rule.aside is None or not rule.aside(said)
    return Reason(
        rule=rule.id,
        sentence=rule.sentence(said),
        observed=_known(said.observed) if numbers else None,
        threshold=_known(said.threshold) if numbers else None,
        window=said.fill(rule.window),
        before=round(before, 2),
        after=round(after, 2),
        binding=binding,
        fired=True,
        evidence=rule.evidence,
        activity_ids=_sessions(rule, said),
        what_would_change_it=rule.what_would_change_it(said),
    )


def _near(rule: Rule, said: Said, after: float) -> Reason | None:
    if np.isnan(said.observed) or np.isnan(said.threshold):
        return None
    if rule.worse > 0:
        close = said.observed >= NEAR_SHARE * said.threshold and said.observed > 0
    else:
        close = said.observed <= said.threshold + NEAR_STEP
    if not close or (rule.gap and (int(said.one.level[0]) < ladder.J1 or never_ran(said))):
        return None
    return Reason(
        rule=rule.id, sentence=said.fill(rule.near), observed=_known(said.observed),
        threshold=_known(said.threshold), window=said.fill(rule.window), before=round(after, 2), after=round(after, 2),
        evidence=rule.evidence, activity_ids=_sessions(rule, said),
        what_would_change_it=rule.what_would_change_it(said),
    )  # fmt: skip


PASSING = (taper.id, recovery_week.id, after_illness.id)
"""Rules that make a single week shorter, which a first plan has to state beside the usual minutes."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a week is compared with: the level, the longest bout and the running minutes prescribed last, and the usual
    minutes of an established runner's week, with `ran_min` those that were run, where there are `fewer_days` for them
    now or several runs a day; `most_runs` have days."""

    level: int
    bout_min: float
    week_min: float
    usual_min: float
    ran_min: float = np.nan
    fewer_days: bool = False
    most_runs: float = np.inf

    @classmethod
    def of(cls, s: StateArrays, i: int) -> Before:
        """Of athlete `i`."""
        usual = float(usual_week_min(s.take(np.array([i])))[0]) if s.established[i] else np.nan
        fewer = bool(s.max_runs[i] < s.usual_days[i])
        ran = float(s.usual_week_min[i]) if s.established[i] else np.nan
        last, most = (float(s.bout_last_min[i]), float(s.week_last_min[i])), float(s.max_runs[i])
        return cls(int(s.k_last[i]), *last, usual, ran, fewer, most)


def lead(
    c: Any,
    before: Before,
    shown: str | None = None,
    shown_min: float | None = None,
    shown_runs: int = 0,
    shown_walks_min: float | None = None,
) -> str:
    """The decision in a few words, held against the week before (`shown` at a level, with `shown_min` of running in
    `shown_runs`, and walks of `shown_walks_min` together), so that nothing less is called more, and nothing more
    easier."""
    less = c.week_min < LITTLE_LESS * (shown_min or 0.0) and before.most_runs <= c.sessions < shown_runs
    if less and c.running and c.action in (Action.HOLD, Action.ADVANCE):
        return Lead.FEWER_RUNS
    if c.level_id == "E" and c.action in (Action.HOLD, Action.ADVANCE):
        if c.action == Action.ADVANCE and c.week_min > before.usual_min * (1.0 + SAME_SHARE):
            return Lead.MORE_THAN_USUAL
        less = c.week_min < before.usual_min * (1.0 - SAME_SHARE)
        if less and c.action == Action.ADVANCE:
            return Lead.TOWARDS_USUAL
        if less and c.week_min < LITTLE_LESS * before.usual_min:
            return Lead.FAR_LESS_THAN_USUAL
        return Lead.LESS_THAN_USUAL if less else Lead.USUAL
    if shown == "E" and c.action in (Action.HOLD, Action.ADVANCE) and c.week_min < before.week_min - SAME_MIN:
        return Lead.BY_THE_LADDER
    if c.action == Action.HOLD and c.level < before.level and c.level_id != shown:
        return Lead.STEP_BACK
    more = shown_min and (c.week_min > shown_min + SAME_MIN or _higher(c, shown))
    if c.action == Action.HOLD and c.running and more:
        return Lead.AFTER_EASIER
    if c.action == Action.BACK_OFF and c.level_id == shown == ladder.level_of(c.track, 0).id:
        return Lead.SAME_WALKS
    if c.action == Action.BACK_OFF and c.running and shown_min and c.week_min > shown_min + SAME_MIN:
        return Lead.EASED_USUAL
    if c.action == Action.BACK_OFF and not c.running and shown_walks_min and c.walks * c.walk_min >= shown_walks_min:
        return Lead.EASED_USUAL
    if c.action == Action.ADVANCE and before.level >= 0 and c.level - before.level == 2:
        return Lead.TWO_STEPS
    longer = c.week_min > before.week_min + SAME_MIN or c.bout_min > before.bout_min + 0.1
    if c.action == Action.ADVANCE and c.running and not longer:
        return Lead.NOT_LONGER
    return Lead[c.action.name]


def _partial_before(facts: Mapping[str, Any]) -> bool:
    """Whether the week before was the first one and began within it, so that it says nothing of a whole week."""
    begun_on = facts.get("entry_on")
    before = monday_of(facts["week"]) - timedelta(weeks=1) if begun_on else None
    return before is not None and week_of(date.fromisoformat(str(begun_on))) == week_of(before)


def _higher(c: Any, shown: str | None) -> bool:
    """Whether a week is on a higher level of the ladder than the week before was."""
    before = None if shown is None else ladder.index_of(c.track, shown)
    return before is not None and c.level > before


def headline(
    c: Any, facts: Mapping[str, Any], told: Sequence[Reason], planned: Sequence[PlannedSession], before: Before
) -> tuple[str, str]:
    """How the headline begins, as a code, and the line: the decision, why, and what comes next."""
    coming = " ".join(x for x in (_run_already(c, facts, planned), next_in_words(planned), day_in_words(planned)) if x)
    if facts["first_plan"] and c.action in (Action.HOLD, Action.ADVANCE):
        why = facts["entry_why"]
        if c.level_id == "E":
            why = _usual_in_words(before)
        if (waits := next((r for r in told if r.rule == clearance.id), None)) is not None:
            why = waits.sentence
        eased = next((r for r in told if r.fired and r.binding and r.rule in PASSING), None)
        return begun(Lead.WELCOME, why, eased.sentence if eased else "", coming)
    silent = 0 if facts["first_plan"] else facts["silent_days"] or 0
    ruled = [r for r in told if r.fired and r.rule in BY_ID]
    if silent >= WAITS_DAYS and c.action != Action.STOP and any(BY_ID[r.rule].silence for r in ruled):
        since = f"{silent} days" if silent < COUNTED_DAYS else f"{silent / MONTH_DAYS:.0f} months"
        begin = f"Nothing has been recorded for {since}: sync the watch, or begin gently with this week."
        return begun(Lead.WAITS, begin, coming)
    cap = next((r for r in told if r.fired and r.rule not in BY_ID), None)
    leading = [r for r in ruled if not BY_ID[r.rule].modest]
    why = next((r for r in leading if r.binding), leading[0] if leading else None)
    if why is not None and BY_ID[why.rule].progress:  # that half a plan is done says more than that it earned little
        why = min((r for r in leading if BY_ID[r.rule].progress), key=lambda r: BY_ID[r.rule].place)
    why = next((r for r in ruled if r.rule == settled.id and c.action == Action.REBUILD), why)
    if why is not None and BY_ID[why.rule].silence:  # what explains the silence says more than the silence
        known = [r for r in ruled if BY_ID[r.rule].explains_silence]
        why = min(known, key=lambda r: BY_ID[r.rule].silence, default=why)
    # At the goal's level, with a step earned, or below the level of last week it is a limit that holds, not a credit.
    if (
        c.action == Action.HOLD
        and why is not None
        and BY_ID[why.rule].progress
        and cap is not None
        and (not why.binding or why.observed is None or not why.what_would_change_it or c.level < before.level)
    ):
        why = cap
    # Beside a hold that the week has anyway nothing binds, and the share is why it is short.
    passing = next((r for r in ruled if (r.binding or c.level_id == "E") and r.rule in PASSING), None)
    if passing is not None and c.action in (Action.HOLD, Action.ADVANCE):  # why it is short says more than why it holds
        why = passing
    shown_min = None if _partial_before(facts) else facts.get("week_shown_min")
    shown = facts.get("level_shown"), shown_min, int(facts.get("runs_shown") or 0)
    begins = lead(c, before, *shown, facts.get("walks_shown_min"))
    away = next((r for r in ruled if BY_ID[r.rule].gap and not BY_ID[r.rule].silence), None)
    if c.action == Action.BACK_OFF and why is not None and away is not None and why.rule in (missed.id, away.rule):
        why, begins = away, Lead.REBUILD  # weeks without a run: the pause says more than that they were missed
    never_ran = facts.get("last_run_day", "") is None and c.track != ladder.WALK
    if begins == Lead.REBUILD and why is away and away is not None and never_ran:
        begins = Lead.GENTLE_START  # nobody comes back who never ran
    if why is not None and why.rule == clearance.id:
        begins = Lead.WALKING
    if why is not None and why.rule == settled.id and c.action != Action.BACK_OFF:
        begins = Lead.WALKS_FIRST
    if facts.get("goal_new") and c.action in (Action.HOLD, Action.ADVANCE):
        begins = NEW_GOAL.get(facts["goal"], begins)
    said = why.sentence if why else ""
    if why is not None and why.rule == taper.id and not any(p.kind in RUN_KINDS for p in planned):
        said = "The day of your goal is near, and none of your free days is left for a run before it: arrive rested."
    return begun(begins, said, coming)


def _usual_in_words(before: Before) -> str:
    """What an established runner's first week starts from, and why that may be less than what was run."""
    if not before.ran_min > before.usual_min * (1.0 + SAME_SHARE):
        return f"You run about {before.usual_min:.0f} min in a usual week, so the plan starts from there."
    ran = f"You run about {before.ran_min:.0f} min in a usual week"
    if before.fewer_days:
        return f"{ran}; on the days that you have for it now the plan starts from {before.usual_min:.0f} min."
    return f"{ran}; with one run a day and a day of rest the plan starts from {before.usual_min:.0f} min."


def _run_already(c: Any, facts: Mapping[str, Any], planned: Sequence[PlannedSession]) -> str:
    """Why the rest of a week has no run although its level has: what was run since Monday is all of it."""
    run_min = float(facts["run_min_done"])
    all_of_it = run_min > 0 and (facts["runs_done"] >= c.sessions or run_min >= c.week_min)
    if not c.running or not all_of_it or any(p.kind in RUN_KINDS for p in planned):
        return ""
    return f"You have run {run_min:.0f} min since Monday, which is all the running of this week."


def day_in_words(planned: Sequence[PlannedSession]) -> str:
    """The goal's own day, where the week holds it."""
    day = next((p for p in planned if p.purpose in ("goal_day", "goal_off")), None)
    if day is None:
        return ""
    return f"{day.day:%A} is your day." if day.purpose == "goal_day" else day_off_in_words(day.day)


def day_off_in_words(day: date) -> str:
    """That the goal's own day is called off."""
    return f"{day:%A}, your day, is off."


def next_in_words(planned: Sequence[PlannedSession]) -> str:
    """What comes next, in one short sentence."""
    runs = [p for p in planned if p.kind in RUN_KINDS]
    walks = [p for p in planned if p.kind == "walk"]
    if runs:
        minutes = sum(p.run_min for p in runs)
        count = f"{len(runs)} run{'s' if len(runs) > 1 else ''}"
        return f"Next: {count}, {minutes:.0f} min of running in all."
    if walks:
        return f"Next: {len(walks)} walk{'s' if len(walks) > 1 else ''} of {walks[0].minutes:.0f} min."
    return "Next: rest, and report how it goes with `steadymile log`."
