"""What a session counts as for the plan: run, walk, hike, other or unknown (science 12.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from steadymile.models.measured import Recording
from steadymile.models.sport import BARELY_RUN_S, beyond_runners, is_run, is_unknown, is_walk, tidy
from steadymile.models.stated.listed import LISTED

HIKES = frozenset({"hiking", "hike", "mountaineering", "snowshoeing"})
RUNNING_COUNTS_S = 60.0
"""A session without a sport counts as a run from a minute of running on (a design value)."""
LEAST_EFFORT_BPM = 90.0
"""A mean heart rate below this, and no step counted, is nobody's run: a ferry goes as fast (a design value)."""
LONGEST_STEP_S = 60.0
MOSTLY_RIDDEN = 0.8
FEWEST_KNOWN_RUNS = 5
SLOWER, FASTER = 0.85, 1.05
"""How far outside the speeds of a person's known runs a session without any evidence may lie (design values)."""


def kind_of(
    sport: str,
    t_s: np.ndarray,
    speed_m_s: np.ndarray,
    metrics: Mapping[str, float | None],
    felt: bool = True,
    ridden: float = 0.0,
) -> str:
    """Run, walk, hike, other or unknown, from the sport's name, else from what was done.

    `t_s`, `speed_m_s` float arrays of the samples, NaN where unknown; `metrics` file metrics, of which `running_s`,
    the mean heart rate and the mean cadence are read; `felt` whether a cadence or a heart rate was recorded. Without a
    sport, and without either of those, nobody knows whether it was done on foot: it is `unknown`, as is what is too
    fast as a whole, or was run at the heart rate of a seat. An unknown session gives load, and never feeds a running
    cap. `ridden` is the share of the samples that were reached in a vehicle: where they are most of a session on foot,
    it was none.
    """
    if ridden >= MOSTLY_RIDDEN:
        return "other"
    if is_run(sport):
        return "run"
    if is_walk(sport):
        return _kind_of_walk(sport)
    if not is_unknown(sport):
        return "other"
    if not felt or t_s.size < 2 or too_fast(t_s, speed_m_s):
        return "unknown"
    running = metrics.get("running_s")
    if running is None or not np.isfinite(np.nanmax(speed_m_s, initial=-np.inf)):
        return "unknown"
    if running < RUNNING_COUNTS_S:
        return "walk"
    heart, steps = metrics.get("heart_rate_mean_bpm"), metrics.get("cadence_mean_spm")
    return "unknown" if not steps and heart is not None and heart < LEAST_EFFORT_BPM else "run"


def _kind_of_walk(sport: str) -> str:
    return "hike" if tidy(sport) in HIKES else "walk"


def too_fast(t_s: np.ndarray, speed_m_s: np.ndarray) -> bool:
    """Whether the samples are faster, as a whole, than anybody runs; steps of more than 60 s count for nothing."""
    step = np.diff(t_s)
    return beyond_runners(speed_m_s[1:], np.where((step > 0) & (step <= LONGEST_STEP_S), step, 0.0))


def evident(recording: Recording) -> bool:
    """Whether its own file says what it was: by the sport's name, a cadence or a heart rate."""
    named = recording.source == LISTED or not is_unknown(recording.sport)
    return named or recording.has_heart_rate or recording.has_cadence


def kinds_by_history(recordings: Sequence[Recording]) -> dict[str, str]:
    """Kinds of the recordings without evidence, `run` or `unknown`, by activity id.

    It was a run where the person's known runs are five or more and it lies within them: as fast as they are, and in
    its minutes and its longest continuous run no longer than they are. So it raises no maximum, and no session
    without evidence is a measure for another.
    """
    runs = [r for r in recordings if r.kind == "run" and evident(r)]
    speeds = [speed for r in runs if (speed := r.metrics.get("run_speed_m_s"))]
    longest = max((r.metrics.get("longest_run_s") or 0.0 for r in runs), default=0.0)
    most = max((r.metrics.get("running_s") or 0.0 for r in runs), default=0.0)

    def usual(metrics: Mapping[str, float | None]) -> bool:
        speed, running_s = metrics.get("run_speed_m_s"), metrics.get("running_s")
        if len(speeds) < FEWEST_KNOWN_RUNS or not speed or not running_s:
            return False
        alike = SLOWER * min(speeds) <= speed <= FASTER * max(speeds)
        return alike and RUNNING_COUNTS_S <= running_s <= most and (metrics.get("longest_run_s") or 0.0) <= longest

    return {r.activity_id: "run" if usual(r.metrics) else "unknown" for r in recordings if not evident(r)}


def kinds_by_copies(recordings: Sequence[Recording]) -> dict[str, str]:
    """Kinds of the recordings called walks or hikes, by activity id: `run` where one counts for another recording that
    is a run by its name, and saw running itself. So the run is done, and the walk around it is in its row."""
    copied = {r.duplicate_of for r in recordings if r.kind == "run" and is_run(r.sport)}
    return {
        r.activity_id: "run" if r.activity_id in copied and ran(r) else _kind_of_walk(r.sport)
        for r in recordings
        if is_walk(r.sport) and r.kind in ("run", "walk", "hike")
    }


def ran(recording: Recording) -> bool:
    """Whether more was run in it than a few steps."""
    return (recording.metrics.get("running_s") or 0.0) >= BARELY_RUN_S
