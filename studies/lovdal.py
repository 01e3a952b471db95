"""Do simple signals tell injured days from others? The published comparison on Lövdal 2021's day file.

`python -m steadymile.studies.lovdal day_approach_maskedID_timeseries.csv`
prints the area under the curve of each signal with
a 95 % interval from resampling athletes. Nothing is trained, so nothing can leak. Published for comparison: bagged
boosted trees 0.724 on days and 0.678 on weeks (Lövdal 2021); acute:chronic ratio 0.574 (Impellizzeri 2020).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from steadymile.studies.research_logs import InjuryRows, read_lovdal

Array = np.ndarray
KM, EXERTION, RECOVERY = 1, 7, 9  # places in DAY_FEATURES
ACUTE, MONTH = 7, 30
FLOOR_KM = 1.0
SIGNALS = ("longest day against 30 days", "week against week before", "7 against 28 days", "effort less recovery")


def area_under_curve(signal: Array, hurt: Array) -> float:
    """Chance that a random injured row has a higher signal than a random other one; ties count half."""
    known = np.isfinite(signal)
    x, y = signal[known], hurt[known]
    if not y.any() or y.all():
        return float("nan")
    _, place, count = np.unique(x, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2.0)[place]
    n, m = y.sum(), (~y).sum()
    return float((rank[y].sum() - n * (n + 1) / 2.0) / (n * m))


def daily(rows: InjuryRows) -> dict[int, Array]:
    """The rows' weeks put back together: one series [day, feature] an athlete, NaN where no row covers a day."""
    out = {}
    lags = rows.values.shape[1]
    for athlete in np.unique(rows.athlete):
        mine = rows.athlete == athlete
        series = np.full((int(rows.day[mine].max()) + 1, rows.values.shape[2]), np.nan)
        for day, week in zip(rows.day[mine].tolist(), rows.values[mine], strict=True):
            first = max(day - lags, 0)
            series[first:day] = week[lags - (day - first) :]
        out[int(athlete)] = series
    return out


def signals(rows: InjuryRows) -> dict[str, Array]:
    """Each signal for each row, from the days before the row's date alone; NaN where the past is too short."""
    series = daily(rows)
    out = {name: np.full(rows.day.size, np.nan) for name in SIGNALS}
    spike, weekly, ratio, effort = out.values()
    for i, (athlete, day) in enumerate(zip(rows.athlete.tolist(), rows.day.tolist(), strict=True)):
        past = series[athlete][max(day - MONTH, 0) : day]
        if len(past) < MONTH:
            continue
        km = np.nan_to_num(past[:, KM])
        week, before = km[-ACUTE:].sum(), km[-2 * ACUTE : -ACUTE].sum()
        spike[i] = km[-ACUTE:].max() / max(km[:-ACUTE].max(), FLOOR_KM)
        weekly[i] = week / max(before, FLOOR_KM)
        ratio[i] = week / max(km[-4 * ACUTE :].sum() / 4.0, FLOOR_KM)
        told = past[:, EXERTION] - past[:, RECOVERY]
        if np.isfinite(told[-ACUTE:]).sum() >= 2 and np.isfinite(told[:-ACUTE]).sum() >= 5:
            effort[i] = np.nanmean(told[-ACUTE:]) - np.nanmean(told[:-ACUTE])
    return out


def with_interval(signal: Array, rows: InjuryRows, rng: np.random.Generator, draws: int = 500) -> tuple[float, ...]:
    """The area under the curve and its 95 % interval over athletes."""
    places = {a: np.flatnonzero(rows.athlete == a) for a in np.unique(rows.athlete)}
    names = list(places)
    areas = []
    for _ in range(draws):
        chosen = np.concatenate([places[names[k]] for k in rng.integers(0, len(names), len(names))])
        areas.append(area_under_curve(signal[chosen], rows.injury[chosen]))
    low, high = np.nanquantile(areas, [0.025, 0.975])
    return area_under_curve(signal, rows.injury), float(low), float(high)


def table(rows: InjuryRows, seed: int = 10_000) -> str:
    """The comparison as a markdown table."""
    lines = ["| signal | area under the curve (95 % interval over athletes) |", "|---|---|"]
    for name, values in signals(rows).items():
        area, low, high = with_interval(values, rows, np.random.default_rng(seed))
        lines.append(f"| {name} | {area:.3f} ({low:.3f} to {high:.3f}) |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(table(read_lovdal(Path(sys.argv[1]))) + "\n")
