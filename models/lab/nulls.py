"""How often the fatigue index cries wolf: athletes to whom nothing happens, who answer everything.

Their answers vary around a level of their own from day to day, with a memory of some days as real answers have; their
load is steady. Whatever the index then says is a false alarm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from steadymile.models.lab.people import autoregressive
from steadymile.models.physiology import fatigue_index
from steadymile.models.policy.parameters import V2, Parameters

SPREAD = {"subj": 0.6, "rhr": 2.0, "hrv": 0.12, "sleep": 0.8}
"""Day-to-day standard deviation of a healthy person's answers and nights (points, bpm, ln ms, hours)."""


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """Shares of athlete-weeks in which the index blocked an advance, asked for a back-off, or for a strong one."""

    memory: float
    blocks: float
    back_off: float
    strong: float
    coverage: float


def false_alarms(
    rng: np.random.Generator, n: int = 2000, weeks: int = 12, memory: float = 0.3, p: Parameters = V2
) -> FalseAlarms:
    """Run the index over athletes to whom nothing happens."""
    window = fatigue_index.WINDOW_DAYS
    days = window + 7 * weeks
    daily = {name: sd * autoregressive(rng, days, n, memory).T for name, sd in SPREAD.items()}
    ran = np.isin(np.arange(days) % 7, (1, 3, 5))
    load = np.where(ran, 40.0 * np.exp(rng.normal(0.0, 0.25, (n, days))), 0.0)
    efficiency_sd = 0.04
    upper, coverage = [], []
    for week in range(weeks):
        end = window + 7 * (week + 1)
        rows = {name: values[:, end - window : end] for name, values in daily.items()}
        z = {name: fatigue_index.z_of_week(v, name) for name, v in rows.items()}
        z["load"] = fatigue_index.z_of_load(load[:, end - window : end])
        z["eff"] = rng.normal(0.0, efficiency_sd, n) / efficiency_sd / np.sqrt(2.0)
        index = fatigue_index.index(z)
        upper.append(index.upper)
        coverage.append(index.coverage)
    u = np.concatenate(upper)
    return FalseAlarms(
        memory,
        float((u > p.fatigue_block).mean()),
        float((u >= p.fatigue_back_off).mean()),
        float((u >= p.fatigue_high).mean()),
        float(np.mean(coverage)),
    )
