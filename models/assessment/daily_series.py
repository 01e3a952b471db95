"""The daily rows: load, what it leaves behind, and the fatigue index, for every local day since the first recording."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
from steadymile.models.assessment.assess_checkpoint import Judged
from steadymile.models.metrics.person import ON_FOOT
from steadymile.models.physiology import fatigue_index as tiredness
from steadymile.models.physiology import fitness_fatigue
from steadymile.models.physiology.athlete_parameters import EFFICIENCY_DRIFT_PER_DAY, Level
from steadymile.models.physiology.session_load import Load
from steadymile.models.session import Day

EFFICIENCY_DAYS = 28

DAYS = pl.Schema(
    {
        "day": pl.Date,
        "load": pl.Float64,
        "load_sd": pl.Float64,
        "load_source": pl.String,
        "fitness": pl.Float64,
        "fatigue": pl.Float64,
        "form": pl.Float64,
        "monotony": pl.Float64,
        "strain": pl.Float64,
        "fatigue_index": pl.Float64,
        "fatigue_index_upper": pl.Float64,
        "coverage": pl.Float64,
        "running_min": pl.Float64,
        "distance_m": pl.Float64,
        "sessions": pl.Int32,
    }
)
"""One row a local day from the first recording to the day asked for; rest days hold 0, unknown is null."""


def daily_rows(
    sessions: Sequence[Judged],
    days: Sequence[Day],
    levels: Sequence[Level],
    first: date,
    as_of: date,
) -> pl.DataFrame:
    """The daily rows of an athlete from the day of the first session on; `sessions` are not empty."""
    count = (as_of - first).days + 1
    sums = _daily_sums(sessions, first, count)
    loads = sums["load"]
    fitness = fitness_fatigue.exponential_average(loads, fitness_fatigue.FITNESS_DAYS)
    fatigue = fitness_fatigue.exponential_average(loads, fitness_fatigue.FATIGUE_DAYS)
    monotony, strain = fitness_fatigue.monotony_strain(loads)
    fat = _daily_fatigue(days, loads, levels, first, count)
    columns: dict[str, object] = {
        "day": pl.date_range(first, as_of, "1d", eager=True),
        "load": loads,
        "load_sd": sums["load_sd"],
        "load_source": _daily_source(sessions, first, count),
        "fitness": fitness,
        "fatigue": fatigue,
        "form": fitness_fatigue.form(fitness, fatigue),
        "monotony": monotony,
        "strain": strain,
        "fatigue_index": fat.index,
        "fatigue_index_upper": fat.upper,
        "coverage": fat.coverage,
        "running_min": sums["running_min"],
        "distance_m": sums["distance_m"],
        "sessions": sums["sessions"],
    }
    return pl.DataFrame(columns, schema=DAYS, strict=False, nan_to_null=True)


def _daily_sums(sessions: Sequence[Judged], first: date, count: int) -> dict[str, np.ndarray]:
    """Sums over each day's sessions; NaN on a day where one of them is unknown."""
    day = np.array([(s.day - first).days for s in sessions])

    def total(values: list[float | None]) -> np.ndarray:
        weights = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
        return np.bincount(day, weights=weights, minlength=count)

    return {
        "load": total([None if s.load is None else s.load.value for s in sessions]),
        "load_sd": np.sqrt(total([None if s.load is None else s.load.sd**2 for s in sessions])),
        "running_min": total([s.running_s if s.kind in ON_FOOT else 0.0 for s in sessions]) / 60.0,
        "distance_m": total([s.distance_m if s.kind in ON_FOOT else 0.0 for s in sessions]),
        "sessions": np.bincount(day, minlength=count).astype(np.int32),
    }


def _daily_source(sessions: Sequence[Judged], first: date, count: int) -> list[str | None]:
    """The source of the larger part of each day's load."""
    largest: dict[int, Load] = {}
    for session in sessions:
        i = (session.day - first).days
        if session.load is not None and (i not in largest or session.load.value > largest[i].value):
            largest[i] = session.load
    return [largest[i].source if i in largest else None for i in range(count)]


def _daily_fatigue(
    days: Sequence[Day], loads: np.ndarray, levels: Sequence[Level], first: date, count: int
) -> tiredness.Fatigue:
    """The fatigue index of every day, from windows that reach back before the first recording."""
    before = tiredness.WINDOW_DAYS - 1
    inputs = tiredness.body_inputs(days, first - timedelta(days=before), count + before)
    high = tiredness.windows(tiredness.raised_days(days, first - timedelta(days=before), count + before))[before:] > 0
    z = {name: tiredness.z_of_week(tiredness.windows(series)[before:], name, high) for name, series in inputs.items()}
    z["load"] = tiredness.z_of_load(tiredness.windows(loads))
    z["eff"] = _daily_efficiency(levels, first, count)
    return tiredness.index(z)


def _daily_efficiency(levels: Sequence[Level], first: date, count: int) -> np.ndarray:
    if not levels:
        return np.full(count, np.nan)
    at = np.array([(level.day - first).days for level in levels])
    mean = np.array([level.mean for level in levels])
    var = np.array([level.var for level in levels])
    today = np.arange(count)

    def state(on: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        last = np.searchsorted(at, on, side="right") - 1
        known = last >= 0
        last = np.maximum(last, 0)
        aged = var[last] + EFFICIENCY_DRIFT_PER_DAY * (on - at[last])
        return np.where(known, mean[last], np.nan), np.where(known, aged, np.nan), on - at[last]

    now, now_var, age = state(today)
    then, then_var, _ = state(today - EFFICIENCY_DAYS)
    now = np.where(age < EFFICIENCY_DAYS, now, np.nan)
    return tiredness.z_of_efficiency(then, then_var, now, now_var)
