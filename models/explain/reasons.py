"""Why the week is what it is: every rule that fired, every cap that bound, what nearly did, and what would change it.

Made from the same rule objects that decided; what a rule changed is known by deciding once more without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from steadymile.models.explain import caveats
from steadymile.models.explain.cap_attribution import Lifted, cap_reasons, lifted_each
from steadymile.models.explain.caveats import safe_by
from steadymile.models.physiology.symptoms import REFERRALS
from steadymile.models.policy import ladder
from steadymile.models.policy.decide import decide, differs
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.rules import RULES, Rule, below_usual, habit_is_enough, unfilled, usual_week_min
from steadymile.models.policy.state import StateArrays
from steadymile.models.week.goals import GOAL_WORD
from steadymile.models.weekplan import Action, PlannedSession, Reason

__all__ = ["Before", "Without", "headline", "lead", "next_in_words", "reasons", "safe_by", "without_each"]

NEAR_SHARE = 0.85
NEAR_STEP = 0.15
ENOUGH = {
    True: "You run as much already as your goal asks for.",
    False: "No goal was told, so the plan keeps to what you run now.",
}
WAITS_DAYS = 56
"""After so many days without a file nobody needs to be told week by week what was missed."""
SILENCE, EXPLAINS = ("gap7", "quiet_week", "unsynced"), ("after_illness", "after_stop", "unsynced")
"""Rules that look at missing sessions, and those that tell why there are none, the best reason first."""
SAME_MIN, SAME_SHARE = 1.0, 0.03
"""Weeks whose running minutes differ by less are told as equally long; usual weeks, by less than that share."""
IDS = {
    "earned": "credit", "uncomfortable": "comfort", "gap7": "last_run", "gap14": "last_run", "gap28": "last_run",
    "gap56": "last_run", "too_much": "session", "pain": "comfort",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Without:
    """Decisions with one fired rule switched off: `rule[j]` for the rows first[i] <= j < first[i + 1] of athlete i.

    `together[i]` names the strictest rules of athlete i where no single one of them, but all of them, changed
    something; empty elsewhere.
    """

    rule: np.ndarray
    first: np.ndarray
    decision: DecisionArrays
    changes: np.ndarray
    together: Mapping[int, tuple[str, ...]]
    lifted: Lifted
    parameters: Parameters


def without_each(s: StateArrays, d: DecisionArrays, p: Parameters = IN_FORCE) -> Without:
    """Decide once more for every (athlete, fired rule) pair, with that rule switched off."""
    athlete, rule = np.nonzero(d.fired)
    enabled = np.ones((len(athlete), len(RULES)), dtype=bool)
    enabled[np.arange(len(athlete)), rule] = False
    other = decide(s.take(athlete), RULES, p, enabled)
    changes = differs(d, athlete, other)
    first = np.searchsorted(athlete, np.arange(s.n + 1))
    single = np.zeros(s.n, dtype=bool)
    np.logical_or.at(single, athlete, changes)
    together = _together(s, d, np.flatnonzero(~single), p)
    return Without(rule, first, other, changes, together, lifted_each(s, d, p), p)


def _together(s: StateArrays, d: DecisionArrays, rows: np.ndarray, p: Parameters) -> dict[int, tuple[str, ...]]:
    """Where several rules ask for the same, no single one binds: the strictest ones, if they bind together."""
    if not len(rows):
        return {}
    some = s.take(rows)
    effects = [np.broadcast_to(np.asarray(r.effect(some, p).action), (len(rows),)) for r in RULES]
    asked = np.where(d.fired[rows], np.stack(effects, axis=1), int(Action.ADVANCE) + 1)
    strictest = d.fired[rows] & (asked == asked.min(axis=1, keepdims=True))
    changes = differs(d, rows, decide(some, RULES, p, ~strictest))
    return {int(i): tuple(RULES[k].id for k in np.flatnonzero(strictest[j])) for j, i in enumerate(rows) if changes[j]}


def reasons(
    s: StateArrays, d: DecisionArrays, i: int, without: Without, facts: Mapping[str, Any]
) -> tuple[Reason, ...]:
    """Reasons of athlete `i`: binding rules first, then other fired ones, caps, near misses, and what is unknown."""
    one = s.take(np.array([i]))
    after = float(d.week_min[i])
    together = without.together.get(i, ())
    fired: list[Reason] = []
    for j in range(int(without.first[i]), int(without.first[i + 1])):
        rule = RULES[int(without.rule[j])]
        binding = bool(without.changes[j])
        if rule.id == "one_step" and not binding:
            continue  # where nothing goes up by two, two steps at once are no matter
        if rule.gap and not binding and any(r.gap for r in _deeper(rule, d, i)):
            continue  # of a pause only its whole length is told
        reason = _fired(
            rule, one, facts, float(without.decision.week_min[j]), after, binding, int(d.action[i]), without.parameters
        )
        fired.append(_not_alone(reason, together) if rule.id in together else reason)
    free = int(without.lifted.first[i]) < 0 and all(r.rule in ("earned", "one_step") for r in fired)
    if free and s.established[i] and int(d.action[i]) == Action.HOLD:  # nothing holds: a step would bring no more
        enough = ENOUGH[bool(facts["goal_told"])]
        fired = [replace(r, sentence=enough) if r.rule == "earned" and _paid(r) else r for r in fired]
    fired.sort(key=lambda r: (not r.binding, _severity(r.rule)))
    if int(d.action[i]) == Action.STOP:
        # Under a stop nothing else matters, and nothing may read like a promise of more running.
        return (*(r for r in fired if r.rule == "stop"), *caveats.notes(one, facts))
    near = [
        r
        for k, rule in enumerate(RULES)
        if not d.fired[i, k] and rule.near and (r := _near(rule, one, facts, after, without.parameters))
    ]
    return (*fired, *cap_reasons(one, d, i, without.lifted, facts), *near, *caveats.notes(one, facts))


def _deeper(rule: Rule, d: DecisionArrays, i: int) -> list[Rule]:
    """The fired rules that stand after one: of the gap rules those for longer gaps."""
    return [r for k, r in enumerate(RULES) if d.fired[i, k] and k > RULES.index(rule)]


def _paid(earned: Reason) -> bool:
    """Whether the credits of a step are there."""
    return (earned.observed or 0.0) >= (earned.threshold or float("inf"))


def _not_alone(reason: Reason, names: Sequence[str]) -> Reason:
    """A reason that binds only together with others, and says so."""
    others = len([n for n in names if n != reason.rule])
    said = f"{others} other reason{'s ask' if others > 1 else ' asks'} for the same." if others else ""
    return replace(reason, binding=True, what_would_change_it=f"{reason.what_would_change_it} {said}".strip())


_WEIGHT = {
    "stop": 0, "fatigue_high": 1, "fatigue": 1, "pain": 1, "uncomfortable": 1, "illness": 1, "missed": 2,
    "gap56": 1, "gap28": 1, "gap14": 2, "walk_first": 2, "restart": 2, "clearance": 0, "unsynced": 3, "quiet_week": 3,
    "gap7": 3, "after_stop": 3, "after_illness": 3, "too_much": 3, "sore": 3, "tired": 3, "consolidate": 3,
    "exhausted": 3, "crashed": 3, "resting_rate": 3, "too_hard": 1, "out_of_proportion": 1, "earned": 4, "one_step": 5,
}  # fmt: skip


def _severity(rule: str) -> int:
    """Where a rule stands in the telling: what stops first, what merely did not advance last."""
    return _WEIGHT.get(rule, 3)


def _fired(
    rule: Rule,
    one: StateArrays,
    facts: Mapping[str, Any],
    before: float,
    after: float,
    binding: bool,
    action: int,
    p: Parameters,
) -> Reason:
    values = _values(rule, one, p)
    if _beside_the_point(rule, one, values):
        values = {**values, "known_observed": None, "known_threshold": None}
    return Reason(
        rule=rule.id,
        sentence=_sentence(rule, one, values, facts, action),
        observed=values["known_observed"],
        threshold=values["known_threshold"],
        window=rule.window,
        before=round(before, 2),
        after=round(after, 2),
        binding=binding,
        fired=True,
        evidence=rule.evidence,
        activity_ids=tuple(facts["ids"].get(IDS.get(rule.id, ""), ())),
        what_would_change_it=_change(rule, one, values, facts),
    )


def _beside_the_point(rule: Rule, one: StateArrays, values: Mapping[str, Any]) -> bool:
    """Whether a rule's number is not why it spoke: two steps held back although it felt easy, a warning sign without
    pain, credits where the ladder ends."""
    within = values["observed"] <= values["threshold"]
    return (
        (rule.id == "one_step" and (_single_steps(one) or not within))
        or (rule.id == "stop" and within)
        or (rule.id == "earned" and _at_the_top(one, values["p"]))
    )


def _values(rule: Rule, one: StateArrays, p: Parameters) -> dict[str, Any]:
    effect = rule.effect(one, p)
    observed, threshold = _number(effect.observed), _number(effect.threshold)
    return {
        "p": p,
        "observed": observed,
        "threshold": threshold,
        "missing": max(0.0, threshold - observed),
        "known_observed": None if np.isnan(observed) else round(observed, 4),
        "known_threshold": None if np.isnan(threshold) else round(threshold, 4),
    }


def _number(value: Any) -> float:
    return float(value[0]) if isinstance(value, np.ndarray) else float(value)


def _sentence(rule: Rule, one: StateArrays, values: Mapping[str, Any], facts: Mapping[str, Any], action: int) -> str:
    if rule.id == "earned" and _at_the_top(one, values["p"]) and action >= Action.HOLD:
        if not facts["goal_told"] and int(one.track[0]) == ladder.DISTANCE:
            return ENOUGH[False]
        weeks = int(facts["weeks_at_level"])
        kept = f"For {weeks} weeks you have been" if weeks > 1 else "You are"
        return f"{kept} at the level your goal asks for; the plan keeps you there."
    if rule.id == "earned":
        return _earned_sentence(one, values, action, bool(facts["goal_told"]))
    if rule.id == "gap7" and int(one.gap_base[0]) < int(one.k_last[0]):
        return f"{values['observed']:.0f} days since your last run: this week goes back to the step you last ran."
    if rule.id == "restart" and _walking(one):
        return "First week after a stop: shorter walks than before."
    if rule.id == "one_step" and _single_steps(one):
        return "At this level the plan goes up one step a week at most."
    if rule.id == "stop" and int(one.referral[0]):
        why = tuple(REFERRALS.values())[int(one.referral[0]) - 1]
        return f"Your answers show {why}. No running until a doctor or physiotherapist has looked at it."
    if rule.id == "stop" and bool(one.red_flag[0]):
        return "You reported a warning sign. No running until a doctor or physiotherapist has cleared it."
    if rule.id == "stop" and values["observed"] > values["p"].pain_stop:
        return (
            f"You reported strong pain ({values['observed']:.0f} out of 10). No running until two days with pain of 2 "
            "or less have been reported."
        )
    if rule.id == "stop":
        return (
            "You reported strong pain or a warning sign. No running until two days with pain of 2 or less have been "
            "reported, and a warning sign has been cleared."
        )
    return rule.says.format(**values)


def _at_the_top(one: StateArrays, p: Parameters) -> bool:
    """Whether the ladder goes no further for this goal, and nothing has to be made up for first."""
    there = int(one.level[0]) >= int(one.top[0]) and int(one.k_last[0]) >= int(one.level[0])
    return there and not bool(one.established[0]) and not bool(unfilled(one, p)[0])


def _earned_sentence(one: StateArrays, values: Mapping[str, Any], action: int, goal_told: bool) -> str:
    credit, need = values["observed"], values["threshold"]
    walking = _walking(one)
    what = "easy walks" if walking else "comfortable runs"
    if credit >= need:
        if (
            int(one.level[0]) == 1
            and int(one.track[0]) != ladder.WALK
            and float(one.days_at_level[0]) < values["p"].days_at_w2
        ):
            return f"Your {what} are done; two weeks of walking come before jogging."
        enough = bool(one.established[0] & habit_is_enough(one, values["p"])[0] & ~below_usual(one, values["p"])[0])
        if enough and action >= Action.HOLD:
            return ENOUGH[goal_told]
        counted = f"{credit:.2g} count" if walking else _credits(credit)
        if action != Action.ADVANCE:
            return f"Your finished, {what} would do for a step ({counted}, and {need:.2g} are needed), but it waits."
        return f"Your finished, {what} earned the next step: {counted}, and {need:.2g} are needed."
    if walking or credit <= 0:
        so_far = f"{credit:.2g} of the last 21 days count so far" if credit > 0 else "none counts yet"
        return f"{_COUNT.get(need, f'{need:.2g}')} finished, {what} lead to the next step; {so_far}."
    return (
        f"The next step takes {need:.2g} credits, one for each finished run that felt fine; "
        f"the last 21 days earned {credit:.2g}."
    )


_COUNT = {2.0: "Two", 4.0: "Four", 6.0: "Six"}


def _credits(value: float) -> str:
    """Credits as people count them: 1 credit, 2.5 credits."""
    text = f"{value:.2g}"
    return f"{text} credit{'' if text == '1' else 's'}"


def _walking(one: StateArrays) -> bool:
    """Whether walks, not runs, lead to the next step."""
    return int(one.level[0]) < ladder.J1 or int(one.track[0]) == ladder.WALK


def _single_steps(one: StateArrays) -> bool:
    """Where two steps at once cannot come, however easy it felt: while walking, and from half an hour of running on."""
    return _walking(one) or int(one.level[0]) >= ladder.M7


_FURTHER = {"walk": "mile", "mile": "5k", "5k": "10k", "10k": "half"}
"""The goal to think of next."""


def _change(rule: Rule, one: StateArrays, values: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    if rule.id == "earned":
        if _at_the_top(one, values["p"]):
            further = _FURTHER.get(facts["goal"])
            return f"Another goal, if you like: `steadymile athlete set goal={further}`." if further else ""
        if values["observed"] >= values["threshold"]:
            return ""
        more = int(np.ceil(values["missing"] - 1e-9))
        what = ("easy walk" if _walking(one) else "comfortable run") + ("s" if more > 1 else "")
        new = int(one.level[0]) == 1 and int(one.track[0]) != ladder.WALK
        wait = (
            " and two weeks of walking in all" if new and float(one.days_at_level[0]) < values["p"].days_at_w2 else ""
        )
        return f"{more} more {what}, finished as planned{',' if wait else ''}{wait}."
    if rule.id == "one_step" and _single_steps(one):
        return ""
    if rule.id == "stop" and bool(one.red_flag[0]):
        return "The word of a doctor or physiotherapist that you may run again: `steadymile log cleared=yes`."
    if rule.id == "stop" and values["observed"] > values["p"].pain_stop:
        return "Pain of 2 or less, told on two different days: `steadymile log pain=1`."
    return rule.change.format(**values)


def _near(rule: Rule, one: StateArrays, facts: Mapping[str, Any], after: float, p: Parameters) -> Reason | None:
    values = _values(rule, one, p)
    observed, threshold = values["observed"], values["threshold"]
    if np.isnan(observed) or np.isnan(threshold):
        return None
    close = observed >= NEAR_SHARE * threshold if rule.worse > 0 else observed <= threshold + NEAR_STEP
    if not close or (rule.worse > 0 and observed <= 0):
        return None
    if rule.gap and int(one.level[0]) < ladder.J1:
        return None
    return Reason(
        rule=rule.id, sentence=rule.near.format(**values), observed=values["known_observed"],
        threshold=values["known_threshold"], window=rule.window, before=round(after, 2), after=round(after, 2),
        evidence=rule.evidence, what_would_change_it=rule.change.format(**values),
        activity_ids=tuple(facts["ids"].get(IDS.get(rule.id, ""), ())),
    )  # fmt: skip


_LEAD = {
    Action.STOP: "No running for now.",
    Action.BACK_OFF: "An easier week.",
    Action.REBUILD: "A gentle way back.",
    Action.HOLD: "The same step again.",
    Action.ADVANCE: "One step further.",
}


@dataclass(frozen=True, slots=True)
class Before:
    """What a week is compared with: the level, the longest bout and the running minutes prescribed last, and the usual
    minutes of an established runner's week."""

    level: int
    bout_min: float
    week_min: float
    usual_min: float

    @classmethod
    def of(cls, s: StateArrays, i: int) -> Before:
        """Of athlete `i`."""
        usual = float(usual_week_min(s.take(np.array([i])))[0]) if s.established[i] else np.nan
        return cls(int(s.k_last[i]), float(s.bout_last_min[i]), float(s.week_last_min[i]), usual)


def lead(c: Any, before: Before, shown: str | None = None) -> str:
    """The decision in a few words, held against the week before, so that nothing less is called more."""
    if c.level_id == "E" and c.action in (Action.HOLD, Action.ADVANCE):
        if c.action == Action.ADVANCE and c.week_min > before.usual_min * (1.0 + SAME_SHARE):
            return "A little more than usual."
        less = c.week_min < before.usual_min * (1.0 - SAME_SHARE)
        if less and c.action == Action.ADVANCE:
            return "Back towards your usual week."
        return "A little less than usual." if less else "Your usual week."
    if c.action == Action.HOLD and c.level < before.level and c.level_id != shown:
        return "A step back."
    longer = c.week_min > before.week_min + SAME_MIN or c.bout_min > before.bout_min + 0.1
    if c.action == Action.ADVANCE and c.running and not longer:
        return "One step further, not longer."
    return _LEAD[c.action]


def headline(
    c: Any, facts: Mapping[str, Any], told: Sequence[Reason], planned: Sequence[PlannedSession], before: Before
) -> str:
    """One line: the decision, why, and what comes next."""
    if facts["first_plan"] and c.action in (Action.HOLD, Action.ADVANCE):
        why = facts["entry_why"]
        if c.level_id == "E":
            why = f"You run about {before.usual_min:.0f} min in a usual week, so the plan starts from there."
        return f"Welcome. {why} {next_in_words(planned)}"
    silent = 0 if facts["first_plan"] else facts["silent_days"] or 0
    if silent >= WAITS_DAYS and c.action != Action.STOP and any(r.rule == "quiet_week" and r.fired for r in told):
        begin = f"Nothing has been recorded for {silent} days: sync the watch, or begin gently with this week."
        return f"The plan waits. {begin} {next_in_words(planned)}"
    cap = next((r for r in told if r.rule.startswith("cap_")), None)
    fired = [r for r in told if r.fired and not r.rule.startswith("cap_")]
    why = next((r for r in fired if r.binding and r.rule != "one_step"), None) or next(
        (r for r in fired if r.rule != "one_step"), None
    )
    if why is not None and why.rule in SILENCE:  # what explains the silence says more than the silence
        why = next((r for name in EXPLAINS for r in fired if r.rule == name), why)
    # At the goal's level, with a step earned, or below the level of last week it is a limit that holds, not a credit.
    if (
        c.action == Action.HOLD
        and why is not None
        and why.rule == "earned"
        and cap is not None
        and (why.observed is None or not why.what_would_change_it or c.level < before.level)
    ):
        why = cap
    begins = lead(c, before, facts.get("level_shown"))
    if facts.get("goal_new") and c.action in (Action.HOLD, Action.ADVANCE):
        begins = f"A new goal: {GOAL_WORD.get(facts['goal'], facts['goal'])}."
    return " ".join(x for x in (begins, why.sentence if why else "", next_in_words(planned)) if x)


def next_in_words(planned: Sequence[PlannedSession]) -> str:
    """What comes next, in one short sentence."""
    runs = [p for p in planned if p.kind in ("run", "hills", "test")]
    walks = [p for p in planned if p.kind == "walk"]
    if runs:
        minutes = sum(p.run_min for p in runs)
        count = f"{len(runs)} run{'s' if len(runs) > 1 else ''}"
        return f"Next: {count}, {minutes:.0f} min of running in all."
    if walks:
        return f"Next: {len(walks)} walk{'s' if len(walks) > 1 else ''} of {walks[0].minutes:.0f} min."
    return "Next: rest, and tell how it goes with `steadymile log`."
