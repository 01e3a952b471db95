"""What days of load leave behind: fitness, fatigue, form, and the published ratios that are reported only.

Arrays run over local days from the first recording on, rest days as 0, along the first axis; a second axis may hold
athletes. NaN is a day whose load could not be known: averages stand still on it.
"""

from __future__ import annotations

import math

import numpy as np

FITNESS_DAYS, FATIGUE_DAYS = 42.0, 7.0
"""Time constants by long convention (Banister 1975; Coggan); individual ones cannot be identified (Marchal 2025)."""
MONOTONY_CAP = 10.0
WEEK = 7


def exponential_average(load: np.ndarray, days: float, corrected: bool = True) -> np.ndarray:
    """Exponentially weighted mean of daily load, au a day, with weight 1 - e^(-1/days) for the newest day.

    `corrected` divides by the weight gathered so far, so that a constant load reads as itself from the first day:
    without it a beginner's fatigue stands far above fitness for weeks by arithmetic alone.
    """
    a = 1.0 - math.exp(-1.0 / days)
    load = np.asarray(load, dtype=np.float64)
    if load.ndim == 1:
        return np.array(_of_one(load.tolist(), a, corrected), dtype=np.float64)
    known = ~np.isnan(load)
    filled = np.where(known, load, 0.0)
    out = np.empty_like(load)
    level = np.zeros(load.shape[1:])
    gathered = np.zeros(load.shape[1:])
    for day in range(load.shape[0]):
        step = np.where(known[day], a, 0.0)
        level = level + step * (filled[day] - level)
        gathered = gathered + step * (1.0 - gathered)
        out[day] = (
            np.divide(level, gathered, out=np.full_like(level, np.nan), where=gathered > 0) if corrected else level
        )
    return out


def _of_one(load: list[float], a: float, corrected: bool) -> list[float]:
    """The same of one athlete: over ten years of single days plain numbers are forty times as fast as arrays of one."""
    level = gathered = 0.0
    out = []
    for value in load:
        if value == value:  # not NaN
            level += a * (value - level)
            gathered += a * (1.0 - gathered)
        out.append((level / gathered if gathered > 0 else math.nan) if corrected else level)
    return out


def form(fitness: np.ndarray, fatigue: np.ndarray) -> np.ndarray:
    """Yesterday's fitness less yesterday's fatigue, au a day; NaN on the first day."""
    out = np.full_like(fitness, np.nan)
    out[1:] = fitness[:-1] - fatigue[:-1]
    return out


def monotony_strain(load: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Monotony (mean over population sd, at most 10) and strain (sum times monotony, au) of each day's last 7 days.

    Foster (1998). NaN for the first six days, for weeks with an unknown day, and for weeks without any load.
    """
    load = np.asarray(load, dtype=np.float64)
    monotony = np.full(load.shape, np.nan)
    if load.shape[0] >= WEEK:
        weeks = np.lib.stride_tricks.sliding_window_view(load, WEEK, axis=0)
        mean, sd = weeks.mean(axis=-1), weeks.std(axis=-1)
        ratio = np.divide(mean, sd, out=np.full_like(mean, MONOTONY_CAP), where=sd > 1e-9 * np.abs(mean))
        monotony[WEEK - 1 :] = np.where(mean > 0, np.minimum(ratio, MONOTONY_CAP), np.nan)
    return monotony, monotony * rolling_sum(load, WEEK)


def rolling_sum(load: np.ndarray, days: int) -> np.ndarray:
    """Sum of each day and the `days` - 1 before it; NaN where one of them is unknown or before the first."""
    total = np.full(load.shape, np.nan)
    if load.shape[0] >= days:
        total[days - 1 :] = np.lib.stride_tricks.sliding_window_view(load, days, axis=0).sum(axis=-1)
    return total


def acute_chronic_ratio(load: np.ndarray, acute_days: int = 7, chronic_days: int = 28) -> tuple[float, float, float]:
    """Acute and chronic averages of the last day, au, and their ratio (Williams 2017). Reported, never used to decide.

    The denominator adds nothing to the numerator (Impellizzeri 2020); in 5,205 runners the relation was negative.
    """
    averages = []
    for days in (acute_days, chronic_days):
        weight, level = 2.0 / (days + 1.0), float(load[0])
        for value in load[1:]:
            level += weight * (float(value) - level)
        averages.append(level)
    return averages[0], averages[1], averages[0] / averages[1] if averages[1] > 0 else math.nan


def banister_sequence(
    load: np.ndarray,
    fitness_days: float = FITNESS_DAYS,
    fatigue_days: float = FATIGUE_DAYS,
    k1: float = 1.0,
    k2: float = 2.0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Banister's fitness, fatigue and k1 fitness - k2 fatigue after each day, au. For display; never fitted."""
    impulses = []
    for days in (fitness_days, fatigue_days):
        level, keep, out = 0.0, math.exp(-1.0 / days), []
        for value in load:
            level = level * keep + float(value)
            out.append(level)
        impulses.append(np.array(out))
    return impulses[0], impulses[1], k1 * impulses[0] - k2 * impulses[1]
