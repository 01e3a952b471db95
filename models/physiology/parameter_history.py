"""How the belief in maximal and resting heart rate changed over time, and which one a session is judged by.

Looked at on the first of each month and on the day asked for. A change of more than 3 bpm is adopted and noted. A
maximum shown to be higher reaches back: it holds for the year whose sessions showed it, and their loads are
recomputed. One that falls because its evidence is more than a year old holds from then on only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from steadymile.models.athlete import Athlete
from steadymile.models.physiology.athlete_parameters import (
    PEAK_DAYS,
    Estimate,
    Peak,
    maximal_heart_rate,
    resting_heart_rate,
)

CHANGE_BPM = 3.0


@dataclass(frozen=True, slots=True)
class Belief:
    """Maximal and resting heart rate in force from a day on; `note` says what changed that day, None for nothing."""

    since: date
    maximum: Estimate
    rest: Estimate
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """All that is believed of a body from a day on: heart rates in bpm, VT1 as a share of the reserve with its sd.
    `note` says what was adopted that day and how far it reaches back, None for nothing."""

    valid_from: date
    maximum: Estimate
    rest: Estimate
    vt1_mean: float
    vt1_sd: float
    note: str | None = None


def held(believed: Sequence[Belief], vt1: Sequence[tuple[date, float, float]]) -> tuple[Held, ...]:
    """The days on which any belief changed, ascending. `vt1` (day, mean, sd) ascends and begins with the prior, which
    holds before its own day too; the last of several on one day counts."""
    learnt = {day: (mean, sd) for day, mean, sd in vt1}
    notes = {belief.since: belief.note for belief in believed}
    mean, sd = vt1[0][1:]
    found: list[Held] = []
    for day in sorted({*learnt, *notes}):
        mean, sd = learnt.get(day, (mean, sd))
        belief = in_force(believed, day)
        now = Held(day, belief.maximum, belief.rest, mean, sd, notes.get(day))
        if not found or now.note or replace(found[-1], valid_from=day, note=None) != now:
            found.append(now)
    return tuple(found)


def beliefs(
    athlete: Athlete, peaks: Sequence[Peak], resting: Sequence[tuple[date, float]], first: date, as_of: date
) -> list[Belief]:
    """One belief a month from the month of `first` on, the last of them as of `as_of`."""
    days = month_starts(first, as_of)
    adopted: list[Belief] = []
    for day in days:
        facts = athlete.facts(day)
        maximum = maximal_heart_rate(facts.birth_year, facts.maximal_heart_rate_bpm, peaks, day)
        rest = resting_heart_rate(resting, facts.resting_heart_rate_bpm, day)
        if not adopted:
            adopted.append(Belief(day, maximum, rest))
            continue
        before = adopted[-1]
        notes = []
        if _differs(before.maximum, maximum):
            # Evidence that merely grew too old says nothing new of the months behind.
            back = maximum.mean > before.maximum.mean or maximum.source == "stated"
            notes.append(_note("maximal", before.maximum, maximum, back))
            if back:
                _reach_back(adopted, day, maximum=maximum)
        else:
            maximum = before.maximum
        if _differs(before.rest, rest):
            # A real fall of the resting rate has its date; a guess that is replaced never was true.
            back = rest.source == "measured" != before.rest.source
            notes.append(_note("resting", before.rest, rest, back))
            if back:
                _reach_back(adopted, day, rest=rest)
        else:
            rest = before.rest
        adopted.append(Belief(day, maximum, rest, "; ".join(notes) or None))
    return adopted


def in_force(believed: Sequence[Belief], day: date) -> Belief:
    """The belief that a session of that day is judged by."""
    return believed[max(bisect_right(believed, day, key=lambda b: b.since) - 1, 0)]


def month_starts(first: date, as_of: date) -> list[date]:
    """The first of the month of `first`, each first of a month after it, and `as_of`, ascending and distinct."""
    days = [first.replace(day=1)]
    while (following := (days[-1] + timedelta(days=32)).replace(day=1)) <= as_of:
        days.append(following)
    return days if days[-1] >= as_of else [*days, as_of]


def _differs(old: Estimate, new: Estimate) -> bool:
    return abs(new.mean - old.mean) > CHANGE_BPM or (new.source == "stated" != old.source)


def _note(which: str, old: Estimate, new: Estimate, back: bool) -> str:
    reach = "the loads of the year before were computed again with it" if back else "it holds from this day on"
    return f"{which} heart rate {old.mean:.0f} -> {new.mean:.0f} bpm ({new.source}); {reach}"


def _reach_back(
    adopted: list[Belief], day: date, maximum: Estimate | None = None, rest: Estimate | None = None
) -> None:
    """Set a newly adopted estimate on the months of the year before it."""
    since = day - timedelta(days=PEAK_DAYS)
    for i, belief in enumerate(adopted):
        if belief.since > since:
            adopted[i] = Belief(belief.since, maximum or belief.maximum, rest or belief.rest, belief.note)
