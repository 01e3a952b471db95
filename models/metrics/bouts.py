"""Running and walking told apart: how much, how long without a break, and whether the mile was run."""

from __future__ import annotations

import numpy as np
from steadymile.models.metrics.catalogue import Value, metric, missing
from steadymile.models.signal.gait import RUN
from steadymile.models.signal.series import Bools
from steadymile.models.signal.timeline import AVERAGE_PACE, AVERAGE_SD, TREADMILL_SD, Track
from steadymile.models.units import MILE_M

ENOUGH_S = 60.0
RULE = "140 steps a minute; without cadence, two speeds within the session, clearly apart or in regular turn"
NEEDS = ("cadence or distance",)


def unknown_gait(track: Track) -> Value | None:
    """The reason why running and walking cannot be told apart here, None where it can."""
    if not track.on_foot:
        return missing("not a sport on foot")
    if track.size == 0:
        return missing("entered by hand or without samples: only totals are known")
    if track.sparse:
        return missing(f"samples cover {100 * track.sampled_share:.0f} % of the time, too few to see runs and breaks")
    if track.moving_basis == "timer":
        return missing("neither distance nor cadence was recorded")
    if track.gait_reason:
        return missing(track.gait_reason)
    return None


@metric(
    unit="s",
    needs=NEEDS,
    source=RULE,
    evidence="practice",
    adds_up="sum",
    cannot_tell="a shuffle below 140 steps a minute from a walk; without cadence, a slow jog from a brisk walk",
    definition=3,
)
def running_s(track: Track) -> Value:
    """Time spent running."""
    return _share(track, track.running, "run")


@metric(
    unit="s",
    needs=NEEDS,
    source=RULE,
    evidence="practice",
    adds_up="sum",
    cannot_tell="walking for rest from walking because of a crossing",
    definition=3,
)
def walking_s(track: Track) -> Value:
    """Time spent walking."""
    return _share(track, track.walking, "walk")


@metric(
    unit="s",
    needs=NEEDS,
    source=f"{RULE}; stops and walks under 10 s do not break a run",
    evidence="practice",
    adds_up="max",
    cannot_tell="whether it could have gone on",
    definition=3,
)
def longest_run_s(track: Track) -> Value:
    """Longest time run without a walk break or stop of 10 s or more."""
    return unknown_gait(track) or Value(max((s for s, _ in _runs(track)), default=0.0), source=track.gait_basis)


@metric(
    unit="m",
    needs=("distance",),
    source=f"{RULE}; stops and walks under 10 s do not break a run",
    evidence="practice",
    adds_up="max",
    cannot_tell="whether it could have gone on",
    definition=3,
)
def longest_run_m(track: Track) -> Value:
    """Longest distance run without a walk break or stop of 10 s or more."""
    no = unknown_gait(track) or _no_distance(track)
    if no:
        return no
    longest = max((m for _, m in _runs(track)), default=0.0)
    return Value(longest, sd=TREADMILL_SD * longest if track.indoors else None, source=track.gait_basis)


@metric(
    unit="1 or 0",
    needs=("distance",),
    source=f"one run of {MILE_M} m by the rule of longest_run_m",
    evidence="practice",
    adds_up="max",
    cannot_tell="a mile from a little less: treadmills and receivers are off by a few percent",
    definition=3,
)
def mile_done(track: Track) -> Value:
    """Whether a whole mile was run without a walk break."""
    no = unknown_gait(track) or _no_distance(track)
    if no:
        return no
    return Value(float(any(m >= MILE_M for _, m in _runs(track))), source=track.gait_basis)


@metric(
    unit="count",
    needs=NEEDS,
    source=f"{RULE}; breaks of 10 s or more between two runs",
    evidence="practice",
    adds_up="sum",
    cannot_tell="planned breaks from needed ones",
    definition=3,
)
def walk_breaks(track: Track) -> Value:
    """How often running was broken off and taken up again."""
    return unknown_gait(track) or Value(float(max(0, len(_runs(track)) - 1)), source=track.gait_basis)


@metric(
    unit="m/s",
    needs=("distance",),
    source="median of the 5-s speed over running time, of a minute or more",
    evidence="practice",
    adds_up="none",
    cannot_tell="hills and wind",
    definition=3,
)
def run_speed_m_s(track: Track) -> Value:
    """Usual speed while running."""
    return _median_speed(track, track.running, "less than a minute was run", "run")


@metric(
    unit="m/s",
    needs=("distance",),
    source="median of the 5-s speed over walking time, of a minute or more",
    evidence="practice",
    adds_up="none",
    cannot_tell="hills and wind",
    definition=3,
)
def walk_speed_m_s(track: Track) -> Value:
    """Usual speed while walking."""
    return _median_speed(track, track.walking, "less than a minute was walked", "walk")


def _share(track: Track, cells: Bools, kind: str) -> Value:
    """Seconds of one gait; where only totals are known, all or none of them by the average pace."""
    no = unknown_gait(track)
    if no is None:
        return Value(track.seconds(cells), source=track.gait_basis)
    average = track.average
    if average is None or average.kind is None:
        return no
    seconds = average.moving_s if average.kind == kind else 0.0
    return Value(seconds, sd=AVERAGE_SD * average.moving_s, source=AVERAGE_PACE)


def _median_speed(track: Track, cells: Bools, too_little: str, kind: str) -> Value:
    """Median speed over some cells; where only totals are known, their mean."""
    average = track.average
    if average and average.kind == kind:
        return Value(average.speed_m_s, sd=AVERAGE_SD * average.speed_m_s, source=AVERAGE_PACE)
    no = unknown_gait(track) or _no_distance(track)
    if no:
        return no
    if track.seconds(cells) < ENOUGH_S:
        return missing(too_little)
    return Value(float(np.median(track.speed_m_s[cells])), source=track.distance_source)


def _no_distance(track: Track) -> Value | None:
    """The reason where running is known by cadence but no distance was recorded."""
    return missing("no distance was recorded") if track.distance_source is None else None


def _runs(track: Track) -> list[tuple[float, float]]:
    """(seconds, metres) of each stretch of running; short stops inside do not end it, and are not run."""
    runs = track.bout_kind == RUN
    seconds, metres = track.bout_sums(track.dt_s * track.running)[runs], track.bout_sums(track.step_m)[runs]
    return list(zip(seconds.tolist(), metres.tolist()))
