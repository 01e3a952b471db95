"""What a session counts as for the plan: run, walk, hike, other or unknown (science 12.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from steadymile.models.sport import beyond_runners, is_run, is_unknown, is_walk, tidy

HIKES = frozenset({"hiking", "hike", "mountaineering", "snowshoeing"})
RUNNING_COUNTS_S = 60.0
"""A session without a sport counts as a run from a minute of running on (a design value)."""
LONGEST_STEP_S = 60.0
FEWEST_KNOWN_RUNS = 5
SLOWER, FASTER = 0.85, 1.05
"""How far outside the speeds of a person's known runs a session without any evidence may lie (design values)."""


def kind_of(
    sport: str, t_s: np.ndarray, speed_m_s: np.ndarray, metrics: Mapping[str, float | None], felt: bool = True
) -> str:
    """Run, walk, hike, other or unknown, from the sport's name, else from what was done.

    `t_s`, `speed_m_s` float arrays of the samples, NaN where unknown; `metrics` file metrics, of which `running_s`
    is read; `felt` whether a cadence or a heart rate was recorded. Without a sport, and without either of those,
    nobody knows whether it was done on foot: it is `unknown`, as is what is too fast as a whole. An unknown session
    gives load, and never feeds a running cap.
    """
    if is_run(sport):
        return "run"
    if is_walk(sport):
        return "hike" if tidy(sport) in HIKES else "walk"
    if not is_unknown(sport):
        return "other"
    if not felt or t_s.size < 2 or too_fast(t_s, speed_m_s):
        return "unknown"
    running = metrics.get("running_s")
    if running is None or not np.isfinite(np.nanmax(speed_m_s, initial=-np.inf)):
        return "unknown"
    return "run" if running >= RUNNING_COUNTS_S else "walk"


def too_fast(t_s: np.ndarray, speed_m_s: np.ndarray) -> bool:
    """Whether the samples are faster, as a whole, than anybody runs; steps of more than 60 s count for nothing."""
    step = np.diff(t_s)
    return beyond_runners(speed_m_s[1:], np.where((step > 0) & (step <= LONGEST_STEP_S), step, 0.0))


@dataclass(frozen=True, slots=True)
class Done:
    """What is known of a session when its kind is judged by the person's other ones; None is unknown. `evident` where
    its own file says what it was: by the sport's name, a cadence or a heart rate."""

    activity_id: str
    kind: str
    evident: bool
    running_s: float | None = None
    longest_run_s: float | None = None
    run_speed_m_s: float | None = None


def kinds_by_history(sessions: Sequence[Done]) -> dict[str, str]:
    """Kinds of the sessions without evidence, `run` or `unknown`, by activity id.

    It was a run where the person's known runs are five or more and it lies within them: as fast as they are, and in
    its minutes and its longest continuous run no longer than they are. So it raises no maximum, and no session
    without evidence is a measure for another.
    """
    runs = [s for s in sessions if s.evident and s.kind == "run"]
    speeds = [s.run_speed_m_s for s in runs if s.run_speed_m_s]
    longest = max((s.longest_run_s or 0.0 for s in runs), default=0.0)
    most = max((s.running_s or 0.0 for s in runs), default=0.0)

    def usual(s: Done) -> bool:
        if len(speeds) < FEWEST_KNOWN_RUNS or not s.run_speed_m_s or not s.running_s:
            return False
        alike = SLOWER * min(speeds) <= s.run_speed_m_s <= FASTER * max(speeds)
        return alike and RUNNING_COUNTS_S <= s.running_s <= most and (s.longest_run_s or 0.0) <= longest

    return {s.activity_id: "run" if usual(s) else "unknown" for s in sessions if not s.evident}
