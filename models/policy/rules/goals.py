"""The weeks around a goal, and plans that do not fit."""

from __future__ import annotations

from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.rules.rule import Effect, hold, rule
from steadymile.models.policy.state import StateArrays


@rule(
    since=3,
    evidence="moderate",
    window="the weeks before your goal's day",
    says="The day of your goal is near: you run {observed:.0%} of your usual minutes, so that you arrive rested.",
    change="Another day for the goal, or none.",
    place=350,
)
def taper(s: StateArrays, p: Parameters) -> Effect:
    """The one or two weeks before a goal's day are shorter, not fewer runs (Bosquet 2007; Wang 2023)."""
    return hold(s.taper_share < 1.0, s.taper_share, 1.0)


@rule(
    since=3,
    evidence="practice",
    window="the one or two weeks after your goal's day",
    says="The day of your goal is behind you: this week is for recovery, with {observed:.0%} of your usual minutes.",
    change="It ends by itself.",
    place=365,
)
def recovery_week(s: StateArrays, p: Parameters) -> Effect:
    """The one or two weeks after a goal's day are shorter."""
    return hold(s.recovery_share < 1.0, s.recovery_share, 1.0)


@rule(
    since=3,
    evidence="practice",
    window="runs of the last 21 days",
    says="About {observed:.0%} of each planned run was done lately, so this week asks for that much. "
    "Finishing it earns the way up again.",
    change="Four runs finished as planned.",
    place=370,
)
def underdone(s: StateArrays, p: Parameters) -> Effect:
    """A plan of which half is done, again and again, is the wrong plan: the week becomes one that fits."""
    return hold(s.fit_share < 1.0, s.fit_share, 1.0)
