"""Why virtual runners get hurt: eight rival ideas, because nobody knows the true one.

Each gives the injury rate of one session relative to its base rate; the base rates make all eight give the published
17.8 injuries per 1000 h (Videbaek 2015, novices) under the Couch-to-5K calendar.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray

HAZARDS = ("A", "B", "C", "D", "E", "F", "G", "H")
NAMES = {
    "A": "all mechanisms",
    "B": "session spike only",
    "C": "constant per hour (null)",
    "D": "tissue only",
    "E": "effort and fatigue only",
    "F": "weekly spike",
    "G": "return from a pause",
    "H": "too little and too much (U-shape)",
}

LEAST_USUAL_MIN = 12.0
BASE_PER_H = np.array([0.00637, 0.01982, 0.02025, 0.00586, 0.00924, 0.01377, 0.01772, 0.00814])
"""Injuries an hour of running at the reference state, A to H. Calibrated by `study.calibrate` on seeds of their own."""


def spike(distance_m: Array, longest_30d_m: Array) -> Array:
    """Hazard ratio of a session's distance against the longest of 30 days (Frandsen 2025)."""
    ratio = distance_m / np.maximum(longest_30d_m, 1.0)
    return np.select([ratio > 2.0, ratio > 1.3, ratio > 1.1], [2.28, 1.52, 1.64], 1.0)


def weekly_spike(week_min: Array, usual_min: Array) -> Array:
    """Hazard ratio of the running minutes of the last 7 days against a usual week of the three before: up by 30 % and
    more hurts more (Nielsen 2014). The steps are design values."""
    ratio = week_min / np.maximum(usual_min, LEAST_USUAL_MIN)
    return np.select([ratio > 1.6, ratio > 1.3, ratio > 1.1], [2.2, 1.6, 1.2], 1.0)


def pause_left(pause: Array, days_since_run: Array) -> Array:
    """What a pause of running still weighs at the next run: a fortnight off counts 1, six weeks and more 3; with
    running it fades over three weeks. Restarting is a risk factor (van der Worp 2015); the numbers are design values.
    """
    fading = pause * np.exp(-days_since_run / 21.0)
    return np.where(days_since_run >= 10.0, np.maximum(np.minimum(days_since_run / 14.0, 3.0), fading), fading)


def relative_rate(
    model: Array, spikes: Array, overload: Array, fatigue: Array, effort: Array,
    weekly: Array | float = 1.0, pause: Array | float = 0.0,
) -> Array:  # fmt: skip
    """Rate multiplier of a session under each athlete's hazard model (index into HAZARDS)."""
    over = np.clip(overload - 0.8, 0.0, 1.5)
    under = np.clip(0.8 - overload, 0.0, 0.8)
    tired = np.clip(fatigue, 0.0, 4.0)
    hard = np.clip(effort - 4.0, -2.0, 5.0)
    one = np.ones_like(spikes)
    return np.choose(
        model,
        [
            spikes * np.exp(1.2 * over + 0.35 * tired + 0.10 * hard),
            spikes,
            one,
            np.exp(2.0 * over),
            np.exp(0.50 * tired + 0.20 * hard),
            weekly * one,
            np.exp(0.5 * pause) * one,
            np.exp(1.5 * over + 2.0 * under),
        ],
    )
