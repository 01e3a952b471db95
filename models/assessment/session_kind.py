"""What a session counts as for the plan: run, walk, hike, other or unknown (science 12.6)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from steadymile.models.sport import FASTER_THAN_RUNNERS_M_S, MANY_MINUTES_S, is_run, is_unknown, is_walk, tidy

HIKES = frozenset({"hiking", "hike", "mountaineering", "snowshoeing"})
RUNNING_COUNTS_S = 60.0
"""A session without a sport counts as a run from a minute of running on (a design value)."""


def kind_of(sport: str, t_s: np.ndarray, speed_m_s: np.ndarray, metrics: Mapping[str, float | None]) -> str:
    """Run, walk, hike, other or unknown, from the sport's name, else from what was done.

    `t_s`, `speed_m_s` float arrays of the samples, NaN where unknown; `metrics` file metrics, of which `running_s`
    and `moving_s` are read. A file without a sport that spends ten minutes above 5 m/s is `unknown`: it gives load,
    and never feeds a running cap.
    """
    if is_run(sport):
        return "run"
    if is_walk(sport):
        return "hike" if tidy(sport) in HIKES else "walk"
    if not is_unknown(sport):
        return "other"
    if t_s.size < 2 or fast_seconds(t_s, speed_m_s) >= MANY_MINUTES_S:
        return "unknown"
    running = metrics.get("running_s")
    if running is None or not np.isfinite(np.nanmax(speed_m_s, initial=-np.inf)):
        return "unknown"
    return "run" if running >= RUNNING_COUNTS_S else "walk"


def fast_seconds(t_s: np.ndarray, speed_m_s: np.ndarray) -> float:
    """Seconds spent faster than runners go for long; steps of more than 60 s count for nothing."""
    step = np.diff(t_s)
    fast = (speed_m_s[1:] > FASTER_THAN_RUNNERS_M_S) & (step > 0) & (step <= 60.0)
    return float(step[fast].sum())
