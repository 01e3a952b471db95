"""Why virtual runners get hurt: five rival ideas, because nobody knows the true one.

Each gives the injury rate of one session relative to its base rate; the base rates make all five give the published
17.8 injuries per 1000 h (Videbaek 2015, novices) under the Couch-to-5K calendar.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray

HAZARDS = ("A", "B", "C", "D", "E")
NAMES = {
    "A": "all mechanisms",
    "B": "session spike only",
    "C": "constant per hour (null)",
    "D": "tissue only",
    "E": "effort and fatigue only",
}

BASE_PER_H = np.array([0.00616, 0.01808, 0.01832, 0.00564, 0.00869])
"""Injuries an hour of running at the reference state, A to E. Calibrated by `study.calibrate` on seeds of their own."""


def spike(distance_m: Array, longest_30d_m: Array) -> Array:
    """Hazard ratio of a session's distance against the longest of 30 days (Frandsen 2025)."""
    ratio = distance_m / np.maximum(longest_30d_m, 1.0)
    return np.select([ratio > 2.0, ratio > 1.3, ratio > 1.1], [2.28, 1.52, 1.64], 1.0)


def relative_rate(model: Array, spikes: Array, overload: Array, fatigue: Array, effort: Array) -> Array:
    """Rate multiplier of a session under each athlete's hazard model (index into HAZARDS)."""
    over = np.clip(overload - 0.8, 0.0, 1.5)
    tired = np.clip(fatigue, 0.0, 4.0)
    hard = np.clip(effort - 4.0, -2.0, 5.0)
    return np.choose(
        model,
        [
            spikes * np.exp(1.2 * over + 0.35 * tired + 0.10 * hard),
            spikes,
            np.ones_like(spikes),
            np.exp(2.0 * over),
            np.exp(0.50 * tired + 0.20 * hard),
        ],
    )
