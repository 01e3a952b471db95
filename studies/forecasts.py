"""Forecasts against what happened in real logs, rolling origin: the effort of the next run and its heart rate.

`python -m steadymile.studies.forecasts PAGE PMDATA_FOLDER RUN_LOG_FOLDER` writes the page's tables again. Each run is
foreseen from those before it; beside the forecasts stand the last value again and the mean of the last seven days.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
from steadymile.models.learning import effort
from steadymile.models.learning.effort import ANSWERED_TO_CALIBRATE, POPULATION, Witness
from steadymile.models.learning.heart_at_pace import Line
from steadymile.models.learning.scores import Score, score
from steadymile.models.session import Session
from steadymile.studies.evidence import replace_blocks
from steadymile.studies.real_data import PEOPLE, over_people
from steadymile.studies.research_logs import read_pmdata, read_run_log

Array = np.ndarray
WEEK = timedelta(days=7)
METHODS = ("forecast", "last value again", "mean of 7 days")
FEWEST_RUNS = 12
"""Answered runs below which a person is left out."""


def effort_rows(runs: Sequence[Session]) -> Array:
    """One row a run after the sixth answer: effort, forecast, its sd, the last effort, the mean of the last 7 days."""
    belief, rows = effort.population(1, POPULATION), []
    past: list[Session] = []
    for run in runs:
        if run.rpe is None or not run.running_s:
            continue
        minutes = run.running_s / 60.0
        bout = (run.longest_run_s or run.running_s) / 60.0
        if past:
            belief = effort.after_days(belief, (run.local_day - past[-1].local_day).days)
        if len(past) >= ANSWERED_TO_CALIBRATE:
            f = effort.forecast(belief, bout, minutes)
            rows.append((run.rpe, float(f.mean[0]), float(f.sd[0]), *_yardsticks(past, run, "rpe")))
        belief = effort.observe(belief, Witness.of(1, bout, minutes, effort=run.rpe))
        past.append(run)
    return np.array(rows, dtype=np.float64).reshape(-1, 5)


def heart_rows(runs: Sequence[Session]) -> Array:
    """The same for the mean heart rate of runs of five minutes and more, from their speed."""
    line, rows = Line.unknown(), []
    past: list[Session] = []
    for run in runs:
        speed, bpm = run.run_speed_m_s, run.heart_rate_mean_bpm
        if speed is None or bpm is None or (run.running_s or 0.0) < 300.0:
            continue
        if past:
            line = line.after_days((run.local_day - past[-1].local_day).days)
        if len(past) >= ANSWERED_TO_CALIBRATE:
            rows.append((bpm, *line.forecast(speed), *_yardsticks(past, run, "heart_rate_mean_bpm")))
        line = line.observe(speed, bpm)
        past.append(run)
    return np.array(rows, dtype=np.float64).reshape(-1, 5)


def _yardsticks(past: Sequence[Session], run: Session, name: str) -> tuple[float, float]:
    """The last value, and the mean of the last seven days (the last value where there was none)."""
    last = float(getattr(past[-1], name))
    week = [float(getattr(p, name)) for p in past if run.local_day - WEEK <= p.local_day]
    return last, float(np.mean(week)) if week else last


def scores(rows: Array) -> dict[str, Score]:
    """Forecast and yardsticks. A yardstick's CRPS is its absolute error, for it gives a point only."""
    zero = np.zeros(len(rows))
    sds = (rows[:, 2], zero, zero)
    return {m: score(rows[:, 0], rows[:, c], sd) for m, c, sd in zip(METHODS, (1, 3, 4), sds, strict=True)}


def table(found: dict[str, Score], unit: str) -> str:
    """A markdown table of scores."""
    lines = [
        f"| | forecasts | mean absolute error, {unit} | CRPS, {unit} | within the 80 % range |",
        "|---|" + "---|" * 4,
    ]
    for name, s in found.items():
        inside = "-" if np.isnan(s.within_80) else f"{s.within_80:.3f}"
        lines.append(f"| {name} | {s.count} | {s.error:.2f} | {s.crps:.2f} | {inside} |")
    return "\n".join(lines)


def calibration_table(rows: Array) -> str:
    """How often what happened lay below each tenth of the forecasts: a tenth of the time where they are calibrated."""
    z = (rows[:, 0] - rows[:, 1]) / rows[:, 2]
    edges = (-1.2816, -0.5244, 0.0, 0.5244, 1.2816)
    cells = [f"{float((z < e).mean()):.2f}" for e in edges]
    return "\n".join(["| forecast quantile | 0.1 | 0.3 | 0.5 | 0.7 | 0.9 |", "|---|---|---|---|---|---|",
                      "| share below it | " + " | ".join(cells) + " |"])  # fmt: skip


def effort_blocks(logs: Iterable[Sequence[Session]]) -> dict[str, str]:
    """Everybody's effort forecasts together, and the difference to the yardsticks by person."""
    each = [r for runs in logs if len(r := effort_rows(runs)) >= FEWEST_RUNS - ANSWERED_TO_CALIBRATE]
    rows, rng = np.concatenate(each), np.random.default_rng(1)
    lines = [table(scores(rows), "points"), ""]
    for column, name in ((3, METHODS[1]), (4, METHODS[2])):
        better = [float(np.mean(np.abs(r[:, 0] - r[:, 1]) - np.abs(r[:, 0] - r[:, column]))) for r in each]
        lines.append(f"- Absolute error less that of {name}, mean over {len(each)} people: {over_people(better, rng)}")
    return {"effort": "\n".join(lines), "effort-calibration": calibration_table(rows)}


def main(page: Path, pmdata: Path, run_log: Path) -> None:
    """Score all forecasts and write the page."""
    people = (p for p in PEOPLE if (pmdata / f"{p}__pmsys__srpe.csv").exists())
    logs = [[s for s in read_pmdata(pmdata, p).sessions if s.kind == "run"] for p in people]
    heart = heart_rows([s for s in read_run_log(run_log).sessions if s.kind == "run"])
    blocks = effort_blocks(logs) | {"heart": table(scores(heart), "bpm"), "heart-calibration": calibration_table(heart)}
    page.write_text(replace_blocks(page.read_text(), blocks))


if __name__ == "__main__":
    main(*(Path(a) for a in sys.argv[1:4]))
