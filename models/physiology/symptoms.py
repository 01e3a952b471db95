"""What check-ins say about pain, illness and warning signs on a day, and over the weeks that the policy remembers.

Silence never clears anything: pain needs two days of answers, a warning sign a professional (docs/policy.md).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from steadymile.models.session import Day

ILL_DAYS = 7
CALM_PAIN = 2.0
PERSISTENT_PAIN = 3.0
STRONG_PAIN = 5.0
CALM_DAYS = 2
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


def pain_of(days: Sequence[Day], as_of: date, cleared_on: date | None) -> Pain:
    """Pain of the seven days up to `as_of`; reports up to the day that cleared a stop no longer count as worst."""
    week = between(days, as_of - timedelta(days=6), as_of)
    reports = [(d.day, number(d.values, "pain")) for d in week]
    known = [(day, p) for day, p in reports if p is not None]
    standing = [p for day, p in known if cleared_on is None or day >= cleared_on]
    sore_days = [day for day, p in known if p >= PERSISTENT_PAIN]
    worse = any(d.values.get("pain_next_morning") == "worse" for d in week)
    return Pain(max(standing, default=0.0), len(known), len(sore_days) >= 2 or worse, tuple(sore_days))


def illness_of(days: Sequence[Day], as_of: date) -> tuple[bool, date | None]:
    """Whether ill on a day, and else the day on which an illness of the last two weeks ended (None: there was none).

    An illness lasts until a check-in says well, or seven days after the last that said ill.
    """
    began: date | None = None
    ended: date | None = None
    for d in between(days, as_of - timedelta(days=2 * ILL_DAYS), as_of):
        said = d.values.get("ill")
        if said is None:
            continue
        if truth(said):
            began, ended = d.day, None
        elif began is not None and ended is None:
            ended = d.day
    if began is None:
        return False, None
    if ended is None and (as_of - began).days < ILL_DAYS:
        return True, None
    return False, ended or began + timedelta(days=ILL_DAYS)


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


def span_of(days: Sequence[Day], first: date, last: date, calm_before: int = 0, open_before: bool = False) -> Span:
    """What was said from `first` to `last`. `open_before`: a pain stop stood already, `calm_before` calm days then."""
    most, calm, flag, cleared = 0.0, 0, False, False
    waiting, cleared_on = open_before, None
    total = calm_before
    for d in between(days, first, last):
        p = number(d.values, "pain")
        if p is not None:
            most = max(most, p)
            if p > STRONG_PAIN:
                calm, total, waiting = 0, 0, True
            elif p <= CALM_PAIN:
                calm, total = calm + 1, total + 1
                if waiting and total >= CALM_DAYS:
                    waiting, cleared_on = False, d.day
        if flagged(d.values):  # on the day of a warning sign nothing clears it yet
            flag, cleared = True, False
        elif truth(d.values.get("cleared")):
            cleared, cleared_on = True, d.day
    ill, ended = illness_of(days, last)
    return Span(most, calm, flag, cleared, ill, ended is not None and first <= ended <= last, cleared_on)


@dataclass(frozen=True, slots=True)
class Standing:
    """What nothing has cleared by a day: strong pain, with the calm days since, and a warning sign."""

    pain: bool
    calm_days: int
    flag: bool


def standing_on(days: Sequence[Day], last: date) -> Standing:
    """What stands open on a day, however long ago it was said and however late it arrived: silence clears nothing."""
    pain, calm, flag = False, 0, False
    grave = next((n for n, d in enumerate(days) if _grave(d.values)), None)
    for d in days[grave:] if grave is not None else ():
        values = d.values
        if d.day > last:
            break
        said = values.get("pain")
        if said is not None and (p := number(values, "pain")) is not None:
            if p > STRONG_PAIN:
                pain, calm = True, 0
            elif p <= CALM_PAIN and pain:
                calm += 1
                pain = calm < CALM_DAYS
        if "red_flag" in values and flagged(values):
            flag = True
        elif "cleared" in values and truth(values["cleared"]):
            flag = False
    return Standing(pain, calm if pain else 0, flag)


def _grave(values: Mapping[str, Any]) -> bool:
    return "red_flag" in values or ((pain := values.get("pain")) is not None and pain > STRONG_PAIN)


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
