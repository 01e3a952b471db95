"""How long and how far: the plain totals, each with the word for where it comes from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from steadymile.models.metrics.catalogue import Value, metric, missing
from steadymile.models.signal.timeline import AVERAGE_PACE, AVERAGE_SD, TREADMILL_SD, Track

DEVICE = "device total"
LOST_SHARE, LOST_S, LOST_PACE = 0.02, 30.0, 1.5
"""A total is longer than its samples by more than the first share only where these lack so many seconds, at no more
than so many times the session's own pace (design values)."""
SCATTERING_SD = 0.03
"""Of a way through smoothed places: on made tracks it came within so much of the true one (design value)."""


@metric(
    unit="s",
    needs=("time",),
    source="first and last timestamp of the recording, and the timer's last stop",
    evidence="strong",
    adds_up="sum",
    cannot_tell="how much of it was rest",
    definition=2,
)
def elapsed_s(track: Track) -> Value:
    """Time from the start to the last sample or the last stop of the timer, pauses included."""
    stopped = track.timer[-1][1] if track.timer else 0.0
    ran = timer_s(track).value or 0.0
    if stopped > track.span_s > 0:  # some apps write samples of the first part only
        return Value(max(float(stopped), ran), source="timer events")
    if track.span_s > 0:
        return Value(max(track.span_s, ran), source="samples" if ran <= track.span_s else DEVICE)
    stored = track.activity.stored.elapsed_s
    if stored is not None and stored < ran:
        return Value(ran, source=DEVICE)
    return _stored(stored, "the recording has no samples and states no elapsed time")


@metric(
    unit="s",
    needs=("time",),
    source="the device's start and stop events; without them, recorded time without gaps over a minute; the larger one",
    evidence="strong",
    adds_up="sum",
    cannot_tell="standing still while the timer ran",
    definition=2,
)
def timer_s(track: Track) -> Value:
    """Time in which the device's timer ran."""
    recorded = max(float(track.dt_s.sum()), track.average.moving_s if track.average else 0.0)
    if track.timer is not None:
        return Value(max(float(sum(stop - start for start, stop in track.timer)), recorded), source="timer events")
    stored = track.activity.stored.timer_s
    if stored is not None and stored >= recorded:
        return Value(float(stored), source=DEVICE)
    if track.size:
        return Value(recorded, source="recorded time without gaps")
    return missing("the recording has no samples and states no timer time")


@metric(
    unit="s",
    needs=("distance or position or cadence",),
    source="speed over 5 s with start at 0.6 and stop at 0.4 m/s; gaps that were moved through at the pace around them",
    evidence="practice",
    adds_up="sum",
    cannot_tell="marching on the spot from standing, where only distance is recorded",
    definition=5,
)
def moving_s(track: Track) -> Value:
    """Time spent moving, with the timer running."""
    if not track.sparse and track.moving_basis != "timer":
        return Value(track.seconds(track.moving), source=track.moving_basis)
    average = track.average
    if average and average.kind == "run" and track.activity.stored.moving_s is None:
        # At a runner's pace on average there was hardly time to stand.
        return Value(average.moving_s, sd=AVERAGE_SD * average.moving_s, source=AVERAGE_PACE)
    return _stored(
        track.activity.stored.moving_s, "without distance, position or cadence moving cannot be told from standing"
    )


@metric(
    unit="m",
    needs=("distance or position",),
    source="the device's own distance; else great circles between positions, smoothed where these scatter; "
    "a treadmill's calibrated distance",
    evidence="strong",
    adds_up="sum",
    cannot_tell="the true course: receivers cut corners by about 1 %, treadmills are off by about 8 %",
    definition=6,
)
def distance_m(track: Track) -> Value:
    """Distance covered on foot or by the sport's own means; a drive with the watch on is left out and named."""
    stored = track.activity.stored.distance_m
    if track.sparse and track.average:
        of_device = track.activity.stored.distance_m is not None
        found = Value(track.average.distance_m, source=DEVICE if of_device else _witness(track))
    elif track.counted_m is None or (track.indoors and stored):
        found = _stored(stored, "no distance, position or speed was recorded")
    elif stored and _lost_way(track, stored):
        found = Value(float(stored), source=f"{DEVICE}; the samples lack a part of the way")
    else:
        sd = None if track.scatter_m is None else SCATTERING_SD * track.counted_m
        found = Value(track.counted_m, sd=sd, source=_witness(track))
    if found.value == 0 and not track.ridden_m and track.moving_basis == "cadence" and track.moving.any():
        return missing("steps were counted, and no distance")
    if track.indoors and found.value is not None:
        return replace(found, sd=TREADMILL_SD * found.value)
    return found


def _lost_way(track: Track, stored_m: float) -> bool:
    """Whether the device's total holds a way that its samples do not: more than 2 % longer, and time without samples
    in which it can have been covered. Of two witnesses the one that saw more is believed."""
    lacking_m, timer = stored_m - (track.counted_m or 0.0), timer_s(track).value
    if not timer or track.ridden_m or lacking_m <= LOST_SHARE * stored_m:
        return False
    unseen_s = timer - float(track.dt_s.sum())
    usual = (track.counted_m or 0.0) / max(float(track.dt_s.sum()), 1.0)
    return unseen_s >= LOST_S and lacking_m <= LOST_PACE * usual * unseen_s


def _witness(track: Track) -> str | None:
    """Where the distance comes from, and what it is not."""
    source = track.distance_source
    if source == "positions" and (track.unseen.any() or track.sparse):
        source = "positions; straight lines over gaps, a lower bound"
    if track.scatter_m is not None:
        source = f"{source}; smoothed, its places scatter by {track.scatter_m:.1f} m"
    if track.ridden_m:
        source = f"{source}; without {track.ridden_m:,.0f} m in a vehicle"
    return source


def _stored(total: float | None, reason: str) -> Value:
    """The device's own total, or the reason why there is nothing else."""
    if total is None or not np.isfinite(total) or total < 0:
        return missing(reason)
    return Value(float(total), source=DEVICE)
