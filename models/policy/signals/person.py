"""Facts of the person: body, age, speeds, and the days that they have."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from steadymile.models.athlete import Facts
from steadymile.models.policy import ladder
from steadymile.models.policy.draw import drawn_steps
from steadymile.models.policy.evidence import Evidence
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.session import History
from steadymile.models.week.facts.weekly import latest_weight


def of(e: Evidence, usual: bool, level: int) -> dict[str, Any]:
    """What is known of a body and a week; `usual` of somebody with a habit of running."""
    facts, history, body = e.facts, e.history, e.history.body
    new = not e.ran or (e.as_of - e.ran[0].session.local_day).days < 7
    speeds = zip(("run_speed_m_s", "walk_speed_m_s"), e.speeds_m_s)
    return {
        "heavy_first_week": _heavy(facts, history, e.p) and new,
        "careful": (not usual and _careful(facts, history, e.as_of, e.p)) or e.record.remembers_injury(e.as_of, e.p),
        "max_runs": float(most_runs(facts, usual or level > ladder.M4 - 1, e.p)),
        "drawn_steps": drawn_steps(history.athlete.athlete_id, e.week, facts.randomise),
        "vt1": body.vt1_mean,
        "heart_rate_rest_bpm": np.nan if body.heart_rate_rest_bpm is None else body.heart_rate_rest_bpm,
        "heart_rate_max_bpm": np.nan if body.heart_rate_max_bpm is None else body.heart_rate_max_bpm,
        **{name: speed for name, speed in speeds if speed is not None},
    }


def most_runs(facts: Facts, free_to_double: bool, p: Parameters = IN_FORCE) -> int:
    """Run days that a week can hold: free days, never next to each other unless `free_to_double`, one day of rest."""
    free = tuple(sorted(set(facts.days_free or range(1, 8))))
    most = len(free) if free_to_double else _apart(free)
    most = min(most, p.run_days_most)
    return max(1, most if facts.max_run_days is None else min(most, facts.max_run_days))


def _apart(free: tuple[int, ...]) -> int:
    """The most days of which no two are neighbours, Sunday and Monday included."""
    best = 1
    for first in free:
        last, count = first, 1
        for day in free:
            if day > last + 1 and day - first != 6:
                last, count = day, count + 1
        best = max(best, count)
    return best


def _heavy(facts: Facts, history: History, p: Parameters) -> bool:
    """Whether the body-mass index is high, from the latest weight."""
    bmi = _bmi(facts, history, p)
    return bmi is not None and bmi >= p.heavy_bmi


def _careful(facts: Facts, history: History, as_of: date, p: Parameters) -> bool:
    """Whether a beginner is of an age or a body-mass index with more injuries, or runs by a doctor's word."""
    bmi = _bmi(facts, history, p)
    old = facts.birth_year is not None and as_of.year - facts.birth_year >= p.careful_age
    if p.careful_cleared and facts.screening:
        return True
    return old or (bmi is not None and bmi >= p.careful_bmi)


def _bmi(facts: Facts, history: History, p: Parameters) -> float | None:
    weight = latest_weight(facts, history, p)
    return weight / (facts.height_cm / 100.0) ** 2 if weight is not None and facts.height_cm else None
