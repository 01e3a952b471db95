"""Which of two overlapping recordings saw the running, where only one of them calls itself a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from operator import attrgetter

from steadymile.models.measured import Recording
from steadymile.models.sport import BARELY_RUN_S, is_run

FASTEST_WALK_M_S = 2.0  # the rest of a recording that names no sport may have been run, above this mean
SAW_RUNNING = 0.8  # a recording with so much of the running in it saw it
RIDE_M_S = 5.0  # a mean that nobody runs for an hour: which of two sports is the better evidenced
ON_FOOT = frozenset({"running", "walking", "hiking"})
VAGUE = frozenset({"unknown", "training", "generic", "other", "workout"})


def seen_running(ordered: Sequence[Recording], pairs: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    """The run that must count, by the name of a pair of recordings that share their time; `pairs` are (name, one, the
    other). A recording that does not call itself a run, and did not see the running, gives way to the runs within it.

    Steps tell running better than speed does: a walk that counted them is believed before a run that did not.
    """
    runs: dict[int, list[tuple[int, int]]] = {}
    for name, a, b in pairs:
        for run, other in ((a, b), (b, a)):
            if _outdoes(ordered[run], ordered[other]):
                runs.setdefault(other, []).append((name, run))
    counts: dict[int, int] = {}
    for other, found in runs.items():
        if _ran_s(ordered[other]) < SAW_RUNNING * _ran_together_s([ordered[run] for _, run in found]):
            counts |= dict(found)
    return counts


def _ran_together_s(runs: Sequence[Recording]) -> float:
    """Seconds of running in all of them, those that share time counted by the longest."""
    total_s, longest_s, until = 0.0, 0.0, datetime.min.replace(tzinfo=UTC)
    for run in sorted(runs, key=attrgetter("started_at", "ended_at", "activity_id")):
        if run.started_at >= until:
            total_s, longest_s = total_s + longest_s, 0.0
        longest_s, until = max(longest_s, _ran_s(run)), max(until, run.ended_at)
    return total_s + longest_s


def _outdoes(run: Recording, other: Recording) -> bool:
    """Whether one is a run by its name, gait and speed, and the other is none by name nor by better evidence."""
    if not is_run(run.sport) or is_run(other.sport) or _ran_s(run) < BARELY_RUN_S:
        return False
    rest_s = (other.ended_at - other.started_at - (run.ended_at - run.started_at)).total_seconds()
    if other.sport in VAGUE and rest_s > 0 and not rest_m_s(other, run, rest_s) < FASTEST_WALK_M_S:
        return False  # what it says nothing about may have been running as well
    speeds = [(r.distance_m or 0.0) / r.moving_s for r in (run, other) if r.moving_s]
    knows_better = other.sport in ON_FOOT and other.has_cadence and not run.has_cadence
    return not knows_better and max(speeds, default=0.0) <= RIDE_M_S


def _ran_s(r: Recording) -> float:
    return r.metrics.get("running_s") or 0.0


def rest_m_s(whole: Recording, part: Recording, rest_s: float) -> float:
    """Mean speed of the longer recording outside of its part; infinite where it is not known."""
    if not whole.distance_m or not part.distance_m or rest_s <= 0:
        return float("inf")
    return max(whole.distance_m - part.distance_m, 0.0) / rest_s
