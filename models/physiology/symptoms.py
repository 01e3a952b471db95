"""What check-ins say about pain, illness and warning signs on a day, and over the weeks that the policy remembers.

Silence never clears anything: pain needs two days of answers, a warning sign a professional (docs/policy.md).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.session import Day

_NO = {"", "no", "none", "false", "0"}


@dataclass(frozen=True, slots=True)
class Pain:
    """Pain of seven days: the worst still standing, how many answers there were, whether it persists."""

    worst: float
    answers: int
    persists: bool
    days: tuple[date, ...]


def between(days: Sequence[Day], first: date, last: date) -> Sequence[Day]:
    """The days from first to last, both included."""
    low = bisect_left(days, first, key=lambda d: d.day)
    return days[low : bisect_right(days, last, key=lambda d: d.day)]


def pain_of(days: Sequence[Day], as_of: date, cleared_on: date | None, p: Parameters = IN_FORCE) -> Pain:
    """Pain of the seven days up to `as_of`; reports up to the day that cleared a stop no longer count as worst."""
    week = between(days, as_of - timedelta(days=6), as_of)
    reports = [(d.day, number(d.values, "pain")) for d in week]
    known = [(day, value) for day, value in reports if value is not None]
    standing = [value for day, value in known if cleared_on is None or day >= cleared_on]
    sore_days = [day for day, value in known if value >= p.pain_persistent]
    worse = any(d.values.get("pain_next_morning") == "worse" for d in week)
    return Pain(
        max(standing, default=0.0), len(known), len(sore_days) >= p.pain_persistent_days or worse, tuple(sore_days)
    )


def illness_of(days: Sequence[Day], as_of: date, p: Parameters = IN_FORCE) -> tuple[bool, date | None]:
    """Whether ill on a day, and else the day on which an illness of the last two weeks ended (None: there was none).

    An illness lasts until a check-in says well, or seven days after the last that said ill.
    """
    began: date | None = None
    ended: date | None = None
    for d in between(days, as_of - timedelta(days=2 * p.ill_days), as_of):
        said = d.values.get("ill")
        if said is None:
            continue
        if truth(said):
            began, ended = d.day, None
        elif began is not None and ended is None:
            ended = d.day
    if began is None:
        return False, None
    if ended is None and (as_of - began).days < p.ill_days:
        return True, None
    return False, ended or began + timedelta(days=p.ill_days)


@dataclass(frozen=True, slots=True)
class Span:
    """Pain, flags and illness over some days: the policy's memory folds these (policy_memory.py Outcome)."""

    pain_most: float
    calm_days: int
    red_flag: bool
    cleared: bool
    ill: bool
    ill_ended: bool
    cleared_on: date | None


def span_of(
    days: Sequence[Day],
    first: date,
    last: date,
    calm_before: int = 0,
    open_before: bool = False,
    p: Parameters = IN_FORCE,
) -> Span:
    """What was said from `first` to `last`. `open_before`: a pain stop stood already, `calm_before` calm days then."""
    most, calm, flag, cleared = 0.0, 0, False, False
    waiting, cleared_on = open_before, None
    total = calm_before
    for d in between(days, first, last):
        pain = number(d.values, "pain")
        if pain is not None:
            most = max(most, pain)
            if pain > p.pain_stop:
                calm, total, waiting = 0, 0, True
            elif pain <= p.pain_block:
                calm, total = calm + 1, total + 1
                if waiting and total >= p.pain_calm_days:
                    waiting, cleared_on = False, d.day
        if flagged(d.values):  # on the day of a warning sign nothing clears it yet
            flag, cleared = True, False
        elif truth(d.values.get("cleared")):
            cleared, cleared_on = True, d.day
    ill, ended = illness_of(days, last, p)
    return Span(most, calm, flag, cleared, ill, ended is not None and first <= ended <= last, cleared_on)


@dataclass(frozen=True, slots=True)
class Standing:
    """What nothing has cleared by a day: strong pain, with the calm days since, and a warning sign."""

    pain: bool
    calm_days: int
    flag: bool


def standing_on(days: Sequence[Day], last: date, p: Parameters = IN_FORCE) -> Standing:
    """What stands open on a day, however long ago it was said and however late it arrived: silence clears nothing."""
    pain, calm, flag = False, 0, False
    grave = next((n for n, d in enumerate(days) if _grave(d.values, p)), None)
    for d in days[grave:] if grave is not None else ():
        values = d.values
        if d.day > last:
            break
        said = values.get("pain")
        if said is not None and (worst := number(values, "pain")) is not None:
            if worst > p.pain_stop:
                pain, calm = True, 0
            elif worst <= p.pain_block and pain:
                calm += 1
                pain = calm < p.pain_calm_days
        if "red_flag" in values and flagged(values):
            flag = True
        elif "cleared" in values and truth(values["cleared"]):
            flag = False
    return Standing(pain, calm if pain else 0, flag)


def _grave(values: Mapping[str, Any], p: Parameters) -> bool:
    return "red_flag" in values or ((pain := values.get("pain")) is not None and pain > p.pain_stop)


def number(values: Mapping[str, Any], key: str) -> float | None:
    """A value as a number, None where it is missing or no number."""
    value = values.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def truth(value: Any) -> bool:
    """Whether an answer means yes."""
    return value is not None and str(value).strip().lower() not in _NO


def flagged(values: Mapping[str, Any]) -> bool:
    """Whether a day reports a warning sign."""
    return truth(values.get("red_flag"))
