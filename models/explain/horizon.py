"""How many weeks a number of steps may take, from how often this person's weeks went a step further so far."""

from __future__ import annotations

from math import exp, lgamma

FEWEST_WEEKS = 4
"""Planned weeks before a range is stated."""

LONGEST_WEEKS = 104
"""Beyond this no number of weeks is stated."""

LOW, HIGH = 0.05, 0.95


def weeks_to_climb(steps: int, advanced: int, weeks: int) -> tuple[int, int | None] | None:
    """The 90 % range of weeks that `steps` further steps take, where `advanced` of `weeks` weeks went a step further.

    None before FEWEST_WEEKS weeks. The upper end is None beyond LONGEST_WEEKS. Every week goes a step further with the
    same unknown chance, believed by Bayes' rule from a uniform prior, so that the weeks needed follow a beta-negative
    binomial distribution (Johnson 2005, ch. 6). A break, an illness or an injury is not foreseen in it.
    """
    if steps <= 0 or weeks < FEWEST_WEEKS:
        return None
    low: int | None = None
    for enough in range(steps, LONGEST_WEEKS + 1):
        chance = at_least(steps, enough, 1.0 + advanced, 1.0 + max(weeks - advanced, 0))
        if low is None and chance >= LOW:
            low = enough
        if chance >= HIGH:
            return (low or enough), enough
    return (low, None) if low is not None else (LONGEST_WEEKS, None)


def at_least(steps: int, weeks: int, a: float, b: float) -> float:
    """The chance of at least `steps` successes in `weeks` trials whose chance is Beta(a, b): beta-binomial."""
    return sum(exp(_log_mass(k, weeks, a, b)) for k in range(steps, weeks + 1))


def _log_mass(k: int, n: int, a: float, b: float) -> float:
    choose = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return choose + _log_beta(k + a, n - k + b) - _log_beta(a, b)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
