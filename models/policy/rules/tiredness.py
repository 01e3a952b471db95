"""Tiredness: against what is usual for a runner, and in itself."""

from __future__ import annotations

import numpy as np
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.rules.rule import FREE, Effect, back_off, hold, rule
from steadymile.models.policy.state import StateArrays


def _second_week(s: StateArrays, p: Parameters) -> np.ndarray:
    """The earned levels that the fatigue index takes: none, or up to version 2 one in a second eased week."""
    return np.where(s.prev_back_off & p.fatigue_takes_level, -1, 0)


@rule(
    group="earned",
    evidence="weak",
    window="last 7 days against your own 8 weeks before",
    short="tiredness {observed:.2f}",
    says="Signs of tiredness are up ({observed:.2f}, advancing needs {threshold:.2f} or less), so the level stays.",
    near="Your tiredness signs ({observed:.2f}) are close to the {threshold:.2f} at which the level would stay.",
    change="A rested week: the tiredness index at {threshold:.2f} or below.",
    worse=1,
    about="tiredness",
    place=300,
)
def tired(s: StateArrays, p: Parameters) -> Effect:
    """No advance while the upper bound of the fatigue index is raised."""
    return hold(s.fat_upper > p.fatigue_block, s.fat_upper, p.fatigue_block)


@rule(
    easing=True,
    temporary=True,
    evidence="weak",
    window="last 7 days against your own 8 weeks before",
    short="tiredness {observed:.2f}",
    says="Your body shows clear tiredness ({observed:.2f}; {threshold:.2f} or more asks for less), so this week "
    "eases off.",
    near="Your tiredness signs ({observed:.2f}) are close to the {threshold:.2f} that would ease the week.",
    change="The tiredness index below {threshold:.2f}.",
    worse=1,
    about="tiredness",
    place=100,
    news=True,
)
def fatigue(s: StateArrays, p: Parameters) -> Effect:
    """Back off one level for a week; up to version 2 the earned level fell when it happened two weeks running."""
    return back_off(s.fat_upper >= p.fatigue_back_off, p, _second_week(s, p), s.fat_upper, p.fatigue_back_off)


@rule(
    easing=True,
    temporary=True,
    evidence="weak",
    window="last 7 days against your own 8 weeks before",
    short="tiredness {observed:.2f}",
    says="Strong tiredness ({observed:.2f}): this week is much lighter.",
    near="Your tiredness signs ({observed:.2f}) are close to the {threshold:.2f} that would cut a run.",
    change="The tiredness index below {threshold:.2f}.",
    worse=1,
    about="tiredness",
    place=105,
    news=True,
)
def fatigue_high(s: StateArrays, p: Parameters) -> Effect:
    """Back off two levels and one session under strong fatigue."""
    effect = back_off(s.fat_upper >= p.fatigue_high, p, _second_week(s, p), s.fat_upper, p.fatigue_high)
    return Effect(effect.fired, effect.action, -2, effect.earned, 2, effect.gain, effect.hr_bpm, FREE,
                  effect.observed, effect.threshold)  # fmt: skip


@rule(
    since=3,
    evidence="moderate",
    window="last 7 days",
    short="very tired on {observed:.0f} days",
    says="On {observed:.0f} of 7 days your answers were high on tiredness, soreness, stress or sleep, whatever is "
    "usual for you, so the level stays.",
    near="On {observed:.0f} of 7 days your answers were high; on {threshold:.0f} the level would stay.",
    change="A week with fewer than {threshold:.0f} such days. Such weeks, "
    "{p.raised_weeks:word} in a row, are a matter for a doctor.",
    worse=1,
    about="tiredness",
    place=345,
)
def exhausted(s: StateArrays, p: Parameters) -> Effect:
    """No advance while several answers a day are high in themselves: a baseline may have learned what is wrong."""
    return hold(np.isfinite(p.raised_item) & (s.raised_days >= p.raised_days), s.raised_days, p.raised_days)


@rule(
    since=3,
    evidence="moderate",
    window="last {p.crashed_days} days",
    short="worse after effort",
    says="You felt clearly worse the day after effort, so nothing goes up for {p.crashed_days:weeks}.",
    change="{p.crashed_days} days without it. If it happens again within four weeks, please see a doctor "
    "before you run on.",
    place=355,
)
def crashed(s: StateArrays, p: Parameters) -> Effect:
    """Symptoms that get worse after effort forbid graded increases (NICE NG206)."""
    return hold(s.crashed & np.isfinite(p.after_effort_days))


@rule(
    since=3,
    evidence="weak",
    window="last two mornings",
    short="resting heart rate up",
    says="Your resting heart rate was clearly above your usual on two mornings, so the level stays: you may be "
    "getting ill.",
    change="A morning back at your usual rate. If you feel ill, say so: `steadymile log ill=yes`.",
    place=360,
)
def resting_rate(s: StateArrays, p: Parameters) -> Effect:
    """A raised resting heart rate on two mornings asks whether someone is getting ill; until then nothing goes up."""
    return hold(s.rate_raised & p.one_door)
