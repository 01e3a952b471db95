"""The fatigue index: how tired an athlete probably is, and the most it could be given what was not asked.

Six inputs, each as z with positive = worse, against the athlete's own weeks (docs/science.md 5.3, 5.4). Arrays first:
windows of 63 days, one row a day or an athlete, NaN where unknown; `fatigue_of` is the same for one history.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import numpy as np
from steadymile.models.physiology.symptoms import HOOPER, between, raised
from steadymile.models.session import Body, Day, History

BETAS: Mapping[str, float] = {"subj": 0.90, "rhr": 0.45, "hrv": 0.45, "eff": 0.50, "sleep": 0.35, "load": 0.30}
"""Weight of each input (design values): what the athlete says first (Saw 2016), load last (Impellizzeri 2020)."""
INTERCEPT = -1.4
DOUBT = 0.20
"""Added to the index for what is unknown, in proportion, so that silence never reads as rest."""
LOWEST_Z, HIGHEST_Z = -1.0, 3.0

WINDOW_DAYS, BASE_DAYS, WEEK_DAYS = 63, 55, 7  # today and 62 before; the base ends 8 days ago
FEWEST_BASE, FEWEST_WEEK, FEWEST_HOOPER = 14, 3, 2
_HOOPER = frozenset(HOOPER)
FLOORS: Mapping[str, float] = {"subj": 1.0, "rhr": 1.5, "hrv": 0.08, "sleep": 0.5}
"""Smallest spread believed: points of the Hooper items (a point is the smallest step of an answer, and may mean
nothing), bpm, ln ms, hours."""
WORSE: Mapping[str, int] = {"subj": 1, "rhr": 1, "hrv": -1, "sleep": -1}  # in the order of FLOORS
EFFICIENCY_FLOOR = 0.04
LOAD_WEEKS, LOAD_FLOOR, LOAD_SPREAD = 4, 60.0, 0.35
FEWEST_LOAD_DAYS = 5  # a first week that begins on a Tuesday or Wednesday is one


@dataclass(frozen=True, slots=True)
class Fatigue:
    """`index` 0..1, `upper` the same with doubt added, `coverage` 0..1 the weight of what was known; `z` by input,
    clipped, NaN (arrays) or None (one athlete) where unknown."""

    index: np.ndarray
    upper: np.ndarray
    coverage: np.ndarray
    z: Mapping[str, np.ndarray]


def index(z: Mapping[str, np.ndarray]) -> Fatigue:
    """The fatigue index from z inputs (keys of BETAS; absent or NaN is unknown)."""
    clipped = {k: np.clip(np.asarray(z[k], dtype=np.float64), LOWEST_Z, HIGHEST_Z) for k in BETAS if k in z}
    score = INTERCEPT + sum((BETAS[k] * np.where(np.isnan(v), 0.0, v) for k, v in clipped.items()), np.float64(0.0))
    known = sum((BETAS[k] * ~np.isnan(v) for k, v in clipped.items()), np.float64(0.0))
    coverage = np.asarray(known / sum(BETAS.values()))
    fat = 1.0 / (1.0 + np.exp(-score))
    return Fatigue(fat, np.minimum(1.0, fat + DOUBT * (1.0 - coverage)), coverage, clipped)


def windows(daily: np.ndarray) -> np.ndarray:
    """Of a daily series, one row a day: that day last, the 62 before it first; NaN before the series begins."""
    padded = np.concatenate((np.full(WINDOW_DAYS - 1, np.nan), daily))
    return np.lib.stride_tricks.sliding_window_view(padded, WINDOW_DAYS)


def _middle(rows: np.ndarray) -> np.ndarray:
    """Median of each row's known values; every row has some."""
    ordered = np.sort(rows, axis=1)
    count = (~np.isnan(rows)).sum(axis=1)
    row = np.arange(rows.shape[0])
    return (ordered[row, (count - 1) // 2] + ordered[row, count // 2]) / 2.0


def z_of_week(rows: np.ndarray, name: str, left_out: np.ndarray | None = None) -> np.ndarray:
    """z of the last seven days' mean against median and MAD of days -62 to -8, for windows of one input.

    NaN with fewer than 3 values in the week or 14 in the base. `left_out` days are no part of the base: it must not
    learn what it should warn of.
    """
    if left_out is not None:
        rows = without(rows, left_out)
    return _z(rows, np.full(rows.shape[0], WORSE[name]), np.full(rows.shape[0], FLOORS[name]))


def without(rows: np.ndarray, left_out: np.ndarray) -> np.ndarray:
    """The windows with the days that are left out unknown in their base; the last week stays as it is."""
    base = np.arange(rows.shape[-1]) < BASE_DAYS
    return np.where(left_out & base, np.nan, rows)


def raised_days(days: Sequence[Day], first: date, count: int) -> np.ndarray:
    """Whether several Hooper items were high, for `count` days from `first` on: 1 or 0."""
    series = np.zeros(count)
    for day in days:
        i = (day.day - first).days
        if 0 <= i < count:
            series[i] = raised(day.values)
    return series


def _z(rows: np.ndarray, worse: np.ndarray, floor: np.ndarray) -> np.ndarray:
    """z_of_week with the sign and the floor of each row."""
    known = ~np.isnan(rows)
    values = known[:, -WEEK_DAYS:].sum(axis=1)
    enough = (values >= FEWEST_WEEK) & (known[:, :BASE_DAYS].sum(axis=1) >= FEWEST_BASE)
    out = np.full(rows.shape[0], np.nan)
    if not enough.any():
        return out
    base = rows[enough, :BASE_DAYS]
    middle = _middle(base)
    spread = 1.4826 * _middle(np.abs(base - middle[:, None]))
    mean = np.nansum(rows[enough, -WEEK_DAYS:], axis=1) / values[enough]
    out[enough] = worse[enough] * (mean - middle) / np.maximum(spread, floor[enough])
    return out


def z_of_load(rows: np.ndarray) -> np.ndarray:
    """z of the last week's load against the mean of the up to four weeks before it, at least 60 au a week.

    Load is 0 on rest days; NaN before the first recording, or where a load is unknown. NaN with less than five days
    before this week: a first week has nothing to be compared with.
    """
    week = rows[:, -WEEK_DAYS:].sum(axis=1)
    before = rows[:, -WEEK_DAYS * (LOAD_WEEKS + 1) : -WEEK_DAYS]
    days = (~np.isnan(before)).sum(axis=1)
    usual = np.maximum(np.nansum(before, axis=1) / np.maximum(days, 1) * WEEK_DAYS, LOAD_FLOOR)
    ratio = np.maximum(week / usual, 1e-9)
    return np.where(days >= FEWEST_LOAD_DAYS, np.clip(np.log(ratio) / LOAD_SPREAD, LOWEST_Z, HIGHEST_Z), np.nan)


def z_of_efficiency(then: np.ndarray, then_var: np.ndarray, now: np.ndarray, now_var: np.ndarray) -> np.ndarray:
    """Fall of running efficiency over 28 days in its own standard deviations; NaN where either is unknown."""
    return (then - now) / np.maximum(np.sqrt(then_var + now_var), EFFICIENCY_FLOOR)


def body_inputs(days: Sequence[Day], first: date, count: int) -> dict[str, np.ndarray]:
    """Daily series of Hooper mean, resting heart rate, ln RMSSD and sleep for `count` days from `first` on."""
    table = [(math.nan,) * len(FLOORS)] * count
    for day in days:
        i = (day.day - first).days
        if 0 <= i < count:
            table[i] = _inputs_of(day.values)
    return dict(zip(FLOORS, np.array(table, dtype=np.float64).T, strict=True))


def _inputs_of(values: Mapping[str, float | str | bool]) -> tuple[float, float, float, float]:
    """Hooper mean, resting heart rate, ln RMSSD and sleep of one day, NaN where unknown."""
    get = values.get
    subj = math.nan
    if not _HOOPER.isdisjoint(values):
        items = [float(v) for k in HOOPER if (v := get(k)) is not None]
        subj = sum(items) / len(items) if len(items) >= FEWEST_HOOPER else math.nan
    hrv, rmssd = get("hrv_ln_rmssd"), get("hrv_rmssd_ms")
    if hrv is None and rmssd is not None and float(rmssd) > 0:
        hrv = math.log(float(rmssd))
    rate, sleep = get("resting_heart_rate_bpm"), get("sleep_h")
    nan = math.nan
    return (
        subj,
        nan if rate is None else float(rate),
        nan if hrv is None else float(hrv),
        nan if sleep is None else float(sleep),
    )


def fatigue_of(history: History, as_of: date, high: Sequence[date] | None = None) -> Fatigue:
    """The fatigue index of one athlete on a day; fields are plain floats, `z` holds None where unknown.

    `high` are the days with several high Hooper items, where somebody found them already.
    """
    first = as_of - timedelta(days=WINDOW_DAYS - 1)
    recent = between(history.days, first, as_of)
    inputs = body_inputs(recent, first, WINDOW_DAYS)
    if high is None:
        left_out = raised_days(recent, first, WINDOW_DAYS) > 0
    else:
        left_out = np.isin(np.arange(WINDOW_DAYS), [(day - first).days for day in high[-WINDOW_DAYS:]])
    weeks = _z(
        without(np.stack(list(inputs.values())), left_out),
        np.array(list(WORSE.values())),
        np.array(list(FLOORS.values())),
    )
    z = {name: weeks[i : i + 1] for i, name in enumerate(inputs)}
    z["load"] = z_of_load(_loads(history, first, as_of)[None, :])
    z["eff"] = _efficiency(history.body)
    fat = index(z)
    terms = {k: None if np.isnan(v[0]) else float(v[0]) for k, v in fat.z.items()}
    return Fatigue(float(fat.index[0]), float(fat.upper[0]), float(fat.coverage[0]), terms)  # type: ignore[arg-type]  # of one athlete


def _loads(history: History, first: date, as_of: date) -> np.ndarray:
    loads = np.zeros(WINDOW_DAYS)
    if not history.sessions:
        return np.full(WINDOW_DAYS, np.nan)
    begun = (history.sessions[0].local_day - first).days
    loads[: max(min(begun, WINDOW_DAYS), 0)] = np.nan
    for session in reversed(history.sessions):
        i = (session.local_day - first).days
        if i < -1:  # one day of slack: local days of neighbours may cross in time order
            break
        if 0 <= i < WINDOW_DAYS:
            loads[i] += np.nan if session.load is None else session.load
    return loads


def _efficiency(body: Body) -> np.ndarray:
    values = (
        body.efficiency_28d_ago, body.efficiency_28d_ago_var, body.efficiency_now, body.efficiency_now_var
    )  # fmt: skip
    return z_of_efficiency(*(np.array([np.nan if v is None else v]) for v in values))


def resting_rate_alarm(days: Sequence[Day], as_of: date) -> bool:
    """Whether resting heart rate stood two spreads or more above its base on both of the last two mornings.

    With symptoms this is a question about illness, never a score: until it is answered nothing goes up.
    """
    first = as_of - timedelta(days=WINDOW_DAYS - 1)
    rates = {
        d.day: float(rate)
        for d in between(days, first, as_of)
        if (rate := d.values.get("resting_heart_rate_bpm")) is not None
    }
    base = [rate for day, rate in rates.items() if (as_of - day).days >= WINDOW_DAYS - BASE_DAYS]
    if len(base) < FEWEST_BASE:
        return False
    middle = median(base)
    spread = max(1.4826 * median(abs(rate - middle) for rate in base), FLOORS["rhr"])
    return all(rates.get(as_of - timedelta(days=n), -math.inf) >= middle + 2.0 * spread for n in (0, 1))
