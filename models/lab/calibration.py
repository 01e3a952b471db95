"""How well the effort model foresees virtual runners: every answered session against the forecast made before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from steadymile.models.lab.adaptive import Adaptive, Variant
from steadymile.models.lab.people import Luck, People
from steadymile.models.lab.plans import Seen, Week
from steadymile.models.lab.study import run_arm
from steadymile.models.learning import effort, scores
from steadymile.models.learning.effort import POPULATION, EffortModel

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Calibration:
    """Forecasts of runners with six answers and more: how many; mean absolute error of the forecast, of the last effort
    said again and of the mean of the last seven; share within the 80 % interval; CRPS of forecast."""

    count: int
    mean_error: float
    persistence_error: float
    week_mean_error: float
    within_80: float
    crps: float


class Watcher(Adaptive):
    """The policy, with every forecast kept beside what was answered."""

    def __init__(self, variant: Variant) -> None:
        super().__init__(variant)
        self.rows: list[Array] = []
        self.efforts: Array | None = None

    def plan(self, seen: Seen) -> Week:
        """Forecast last week's sessions from what was known before them, then plan as ever."""
        if self.efforts is None:
            self.efforts = np.full((seen.n, 7), np.nan)
        belief = self.belief
        model = self.variant.learned or POPULATION
        for told, went in zip(seen.told, seen.went, strict=True):
            said = went & np.isfinite(told.rpe)
            if belief is not None:
                f = effort.forecast(belief, told.bout_min, told.run_min, model)
                on = said & belief.calibrated
                lately = np.nansum(self.efforts, axis=1) / np.maximum(np.sum(np.isfinite(self.efforts), axis=1), 1)
                self.rows.append(np.column_stack([told.rpe, f.mean, f.sd, self.efforts[:, -1], lately])[on])
            newer = np.column_stack([self.efforts[:, 1:], told.rpe])
            self.efforts = np.where(said[:, None], newer, self.efforts)
        return super().plan(seen)


def calibration(athletes: People, luck: Luck, model: EffortModel = POPULATION) -> Calibration:
    """Let virtual runners live under the policy and score every forecast, a week ahead at most."""
    watcher = Watcher(Variant(shown=True, learned=model))
    run_arm(watcher, athletes, luck, np.zeros(athletes.n, dtype=np.int64))
    felt, mean, sd, last, seven = np.concatenate(watcher.rows).T
    inside = np.abs(felt - mean) <= effort.Z_80 * sd
    return Calibration(
        count=len(felt),
        mean_error=float(np.abs(felt - mean).mean()),
        persistence_error=float(np.abs(felt - last).mean()),
        week_mean_error=float(np.abs(felt - seven).mean()),
        within_80=float(inside.mean()),
        crps=float(scores.crps(felt, mean, sd).mean()),
    )
