"""Pain that holds, and pain that takes a step down; what stops running is in stop.py."""

from __future__ import annotations

import numpy as np
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.rules.rule import Effect, Said, back_off, hold, rule
from steadymile.models.policy.state import StateArrays


@rule(
    group="earned",
    evidence="moderate",
    window="last 7 days",
    short="pain {observed:.0f}",
    says="You reported pain of {observed:.0f} out of 10; the level stays while it is above {threshold:.0f}.",
    near="Your pain report ({observed:.0f}) is at the limit of {threshold:.0f}.",
    change="A week with pain of {threshold:.0f} or less.",
    worse=1,
    about="pain",
    place=305,
)
def sore(s: StateArrays, p: Parameters) -> Effect:
    """No advance with more than mild pain."""
    return hold(s.pain > p.pain_block, s.pain, p.pain_block)


@rule(
    since=3,
    evidence="practice",
    window="last four weeks",
    short="pain in {observed:.0f} weeks",
    says="You reported pain of {p.pain_persistent:g} or more in {observed:.0f} of the last four weeks; "
    "two calm weeks come before anything goes up. Let a physiotherapist look at pain that keeps coming back.",
    change="Two weeks in a row with pain of {p.pain_block:g} or less.",
    worse=1,
    about="pain",
    place=304,
)
def sore_weeks(s: StateArrays, p: Parameters) -> Effect:
    """After pain in most weeks of a month one calm week is no proof that it is gone."""
    return hold(s.pain_weeks >= p.pain_weeks, s.pain_weeks, p.pain_weeks)


def _bad_words(said: Said) -> str | None:
    times = float(said.one.bad_times[0])
    if times >= said.p.bad_times:
        return said.fill(
            f"Pain was above {{p.pain_stop:g}}, or worse the next morning, {times:.0f} times in "
            "{p.bad_known_days:weeks}. Let a physiotherapist look at pain that keeps coming back; the plan goes no "
            "further for now."
        )
    if not said.walking:
        return None
    return said.fill(
        "Pain was above {p.pain_stop:g}, or worse the next morning, {observed:.0f} days ago: {threshold:.0f} calm days "
        "come before anything goes up."
    )


@rule(
    since=3,
    evidence="moderate",
    window="last weeks",
    short="bad pain {observed:.0f} days ago",
    says="Pain was above {p.pain_stop:g}, or worse the next morning, {observed:.0f} days ago: what you run now has to "
    "stay calm for {threshold:.0f} days before anything goes up.",
    near="",
    change="{threshold:.0f} days in a row with pain of {p.pain_stop:g} or less that is no worse the next morning.",
    worse=-1,
    about="pain",
    place=302,
    speaks=_bad_words,
)
def bad_again(s: StateArrays, p: Parameters) -> Effect:
    """After load that was too much calm weeks come before more is tried; the third time somebody has to look at it."""
    calm = _calm_days(s, p)
    return hold(s.bad_days_ago < calm, s.bad_days_ago, calm)


def bad_lately(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether load was too much so lately that what is run has to stay calm."""
    return np.asarray(s.bad_days_ago < _calm_days(s, p))


def _calm_days(s: StateArrays, p: Parameters) -> np.ndarray:
    return np.where(s.bad_times >= p.bad_times, p.bad_calm_days[1], p.bad_calm_days[0]).astype(np.float64)


def _worse_only(said: Said) -> bool:
    """It was the morning after, not how strong the pain was, that spoke."""
    return bool(said.facts.get("pain_worse")) and said.observed < said.threshold


def _pain_words(said: Said) -> str | None:
    worse = said.facts.get("pain_worse")
    if worse is None:
        return None
    if worse:
        return "Pain was worse the morning after, so this week takes a step down."
    return f"Pain of {said.threshold:.0f} or more came on several days, so this week takes a step down."


@rule(
    easing=True,
    evidence="moderate",
    window="last 7 days",
    short="pain returns",
    says="Pain came back in several sessions or was worse the morning after, so this week takes a step down.",
    change="Sessions with pain below {threshold:.0f}, and no worse the next morning.",
    place=110,
    sessions="comfort",
    news=True,
    speaks=_pain_words,
    aside=_worse_only,
)
def pain(s: StateArrays, p: Parameters) -> Effect:
    """Pain that persists lowers the week and the level."""
    return back_off(s.pain_persist, p, -1, s.pain, p.pain_repeated)
