"""The weeks around a goal, and plans that do not fit."""

from __future__ import annotations

from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.rules.rule import Effect, Said, Words, hold, rule
from steadymile.models.policy.state import StateArrays
from steadymile.models.spelled import share
from steadymile.models.weekplan import Action


def _walked(words: str) -> Words:
    """Other words for a week of walks, of which no minutes of running are named."""
    return lambda said: said.fill(words) if said.walking else None


def _underdone_words(said: Said) -> str | None:
    if said.walking:
        return said.fill("About {observed:.0%} of each planned run was done lately.")
    if said.p.fit_holds:
        return said.fill(HELD_TO_FIT)
    part = float(said.facts.get("done_share", said.observed))
    if part >= said.observed and not too_little(said):
        return None
    return (
        f"About {share_done(said):.0%} of each planned run was done lately, so this week asks for less, and goes on "
        f"from there: a run of which you do {usual_part(said)} counts {share(said.p.credit_usual_share)}, if you "
        "report that it felt fine."
    )


def share_done(said: Said) -> float:
    """The share of planned runs that is usually done, however little it is."""
    return min(float(said.facts.get("done_share", 1.0)), float(said.facts.get("part_done", 1.0)))


def too_little(said: Said) -> bool:
    """Whether that is less than a run has to hold to count at all."""
    return share_done(said) < said.p.fit_least


def usual_part(said: Said) -> str:
    """How much of a run has to be done for it to count, in words."""
    return f"{said.p.fit_least:.0%} or more" if too_little(said) else "as much as usual"


HELD_TO_FIT = (
    "About {observed:.0%} of each planned run was done lately, so this week asks for that much. "
    "Finishing it earns the way up again."
)


@rule(
    since=3,
    evidence="moderate",
    window="the weeks before your goal's day",
    short="the goal's day is near",
    says="The day of your goal is near: you run {observed:.0%} of your usual minutes, so that you arrive rested.",
    change="Another day for the goal, or none.",
    place=350,
    speaks=_walked("The day of your goal is near, so this week stays as easy as it is."),
)
def taper(s: StateArrays, p: Parameters) -> Effect:
    """The one or two weeks before a goal's day are shorter, not fewer runs (Bosquet 2007; Wang 2023)."""
    return hold(s.taper_share < 1.0, s.taper_share, 1.0)


@rule(
    since=3,
    evidence="practice",
    window="the one or two weeks after your goal's day",
    short="after the goal's day",
    says="The day of your goal is behind you: this week is for recovery, with {observed:.0%} of your usual minutes.",
    change="It ends by itself.",
    place=365,
    speaks=_walked("The day of your goal is behind you: this week is for recovery."),
)
def recovery_week(s: StateArrays, p: Parameters) -> Effect:
    """The one or two weeks after a goal's day are shorter."""
    return hold(s.recovery_share < 1.0, s.recovery_share, 1.0)


@rule(
    since=3,
    evidence="practice",
    window="runs of the last {p.fit_days} days",
    short="{observed:.0%} of the runs done",
    says="About {observed:.0%} of each planned run was done lately, so this week asks for that much and goes on from "
    "there: a run of which you do as much as usual counts {p.credit_usual_share:share}, if you report that it felt "
    "fine.",
    change="Finish {p.fit_runs:word} runs as they are planned.",
    place=370,
    progress=True,
    speaks=_underdone_words,
)
def underdone(s: StateArrays, p: Parameters) -> Effect:
    """A plan of which half is done, again and again, is the wrong plan: the week becomes one that fits."""
    fits = hold(s.fit_share < 1.0, s.fit_share, 1.0)
    if p.fit_holds:
        return fits
    return Effect(fits.fired, Action.ADVANCE, 1, observed=s.fit_share, threshold=1.0)
