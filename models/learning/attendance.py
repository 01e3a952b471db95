"""On which days somebody runs, and how much of a plan they do: counts with a Beta prior, older weeks fading.

Source: Beta-Binomial conjugacy (any textbook); the prior and the fading are design values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray
PRIOR_WENT, PRIOR_MISSED = 3.0, 1.0
"""Before anything is known: three of four planned runs are done, worth four weeks of evidence."""
FADE_A_WEEK = 0.95
"""A week counts half after 13 weeks, for habits change."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share between 0 and 1 with its 80 % interval (normal approximation, kept within 0 and 1)."""

    mean: float
    low: float
    high: float
    weeks: float


def likely(went: Any, chances: Any) -> Array:
    """Expected share of planned runs that are done, from (faded) counts of runs and of weeks that asked for one."""
    return np.asarray((np.asarray(went) + PRIOR_WENT) / (np.asarray(chances) + PRIOR_WENT + PRIOR_MISSED))


def share(went: float, chances: float) -> Share:
    """The same for one count, with its interval."""
    a, b = went + PRIOR_WENT, max(chances - went, 0.0) + PRIOR_MISSED
    mean = a / (a + b)
    sd = float(np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1.0))))
    return Share(mean, max(mean - 1.2816 * sd, 0.0), min(mean + 1.2816 * sd, 1.0), chances)


def faded(weeks_ago: Any) -> Array:
    """Weight of something that happened some weeks ago."""
    return np.asarray(FADE_A_WEEK ** np.maximum(np.asarray(weeks_ago, dtype=np.float64), 0.0))
