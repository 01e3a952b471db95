"""Arms side by side: what came out of each, and paired differences with bootstrap intervals.

The same athletes with the same luck live through every arm, so differences are taken athlete by athlete; the interval
resamples athletes (percentile bootstrap, 95 %).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from steadymile.models.lab import people
from steadymile.models.lab.arms import Make
from steadymile.models.lab.hazards import HAZARDS
from steadymile.models.lab.people import Luck, People
from steadymile.models.lab.study import Result, run_arm

Array = np.ndarray
TUNING_SEED, REPORTING_SEED, CALIBRATION_SEED = 201, 10_000, 9_001


@dataclass(frozen=True, slots=True)
class Outcome:
    """One arm under one hazard model. Shares 0..1; `median_week` inf when fewer than half reached the mile;
    `mile_weeks` weeks with a continuous mile; `late_min` running minutes a week in the last four; `false_ease` share
    of weeks without a cause that were eased, NaN for programmes that never ease."""

    mile: float
    mile_12: float
    median_week: float
    mile_active: float
    hurt: float
    hurt_per_1000h: float
    mile_unhurt: float
    hours: float
    quit: float
    overload_weeks: float
    unpleasant: float
    mile_weeks: float
    late_min: float
    false_ease: float


@dataclass(frozen=True, slots=True)
class Difference:
    """An arm less another, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """The interval leaves out 0."""
        return self.low > 0 or self.high < 0


def draw(seed: int, n: int, weeks: int) -> tuple[People, Luck]:
    """The athletes and the luck of a seed."""
    return people.draw_people(np.random.default_rng(seed), n), people.draw_luck(
        np.random.default_rng(seed + 1), n, weeks
    )


def worlds(base: People) -> Mapping[str, People]:
    """Populations that differ from the one the numbers were tuned on, to see what depends on it."""

    yes = np.ones(base.n, dtype=bool)
    return {
        "as tuned": base,
        "less able": replace(
            base,
            critical_speed=base.critical_speed - 0.20,
            legs_min=base.legs_min * 0.75,
            effort_bias=base.effort_bias + 0.8,
        ),
        "fragile, slow to recover": replace(
            base, tissue_min_day=base.tissue_min_day * 0.6, recovery_days=base.recovery_days * 1.4
        ),
        "answer nothing, no heart rate": replace(base, answers=0.0 * base.answers, has_heart_rate=~yes, has_night=~yes),
        "answer everything": replace(base, answers=np.full(base.n, 0.95), has_heart_rate=yes, has_night=yes),
        "nobody slows down": replace(base, heeds=~yes),
    }


def run_models(make: Make, athletes: People, luck: Luck) -> dict[str, Result]:
    """One arm under every hazard model."""
    return {name: run_arm(make(), athletes, luck, np.full(athletes.n, i)) for i, name in enumerate(HAZARDS)}


def outcome(r: Result, weeks: int) -> Outcome:
    """The numbers of one arm."""
    mile = r.reached(weeks)
    return Outcome(
        mile=float(mile.mean()),
        mile_12=float(r.reached(12).mean()),
        median_week=float(np.median(r.mile_week)),
        mile_active=float((mile & r.active).mean()),
        hurt=float(r.hurt.mean()),
        hurt_per_1000h=float(1000.0 * r.hurt.sum() / max(r.hours.sum(), 1e-9)),
        mile_unhurt=float((r.mile_week < r.first_hurt_week).mean()),
        hours=float(r.hours.mean()),
        quit=float(r.quit.mean()),
        overload_weeks=float(r.overload_weeks.mean()),
        unpleasant=float(r.unpleasant.sum() / max(r.sessions.sum(), 1.0)),
        mile_weeks=float(r.mile_weeks.mean()),
        late_min=float(r.late_min.mean()),
        false_ease=float(r.false_ease.sum() / r.calm_weeks.sum()) if r.calm_weeks.sum() else float("nan"),
    )


def paired(a: Result, b: Result, weeks: int, rng: np.random.Generator, draws: int = 1000) -> dict[str, Difference]:
    """a less b: share with a mile and still active, injuries per athlete, drop-out, median weeks to the mile."""
    n = a.hurt.size
    picks = rng.integers(0, n, (draws, n))
    out = {
        name: _difference(x.astype(float) - y.astype(float), picks)
        for name, x, y in (
            ("mile_active", a.reached(weeks) & a.active, b.reached(weeks) & b.active),
            ("hurt", a.hurt, b.hurt),
            ("quit", a.quit, b.quit),
            ("hours", a.hours, b.hours),
            ("mile_weeks", a.mile_weeks, b.mile_weeks),
            ("late_min", a.late_min, b.late_min),
            ("unpleasant", a.unpleasant, b.unpleasant),
        )
    }
    far = float(weeks + 1)  # "not within the study" counts as one week after it
    x, y = np.minimum(a.mile_week, far), np.minimum(b.mile_week, far)
    medians = np.median(x[picks], axis=1) - np.median(y[picks], axis=1)
    out["median_week"] = Difference(
        float(np.median(x) - np.median(y)), *(float(q) for q in np.quantile(medians, [0.025, 0.975]))
    )
    return out


def _difference(d: Array, picks: Array) -> Difference:
    means = d[picks].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Difference(float(d.mean()), float(low), float(high))
