"""Pace over moving time, as it was and as it would have been on the level."""

from __future__ import annotations

import numpy as np
from steadymile.models.metrics.catalogue import Value, metric, missing
from steadymile.models.metrics.volume import DEVICE
from steadymile.models.physiology import energy
from steadymile.models.signal.series import Floats
from steadymile.models.signal.timeline import Track

SHORTEST_M = 50.0
STILL = "less than 50 m were covered while moving"
NOT_ON_FOOT = "not a sport on foot"
ENOUGH = 0.8


@metric(
    unit="s/km",
    needs=("distance",),
    source="moving time over the distance covered in it",
    evidence="strong",
    adds_up="none",
    cannot_tell="hills, heat, wind and ground",
    definition=2,
)
def pace_s_per_km(track: Track) -> Value:
    """Seconds a kilometre over moving time."""
    if not track.on_foot:
        return missing(NOT_ON_FOOT)
    if track.sparse or track.distance_source is None or track.moving_basis != "distance":
        return _average_pace(track)
    covered = float(track.step_m[track.moving].sum())
    if covered < SHORTEST_M:
        return missing(STILL)
    sd = None
    pace = 1000.0 * track.seconds(track.moving) / covered
    if track.indoors:
        sd = 0.08 * pace
    return Value(pace, sd=sd, source=track.distance_source)


@metric(
    unit="s/km",
    needs=("distance", "altitude"),
    source="factors of equal heart rate by slope measured on many runners (Strava Engineering, 2017)",
    evidence="moderate",
    adds_up="none",
    cannot_tell="rough ground, tight corners and steps",
    definition=4,
)
def grade_adjusted_pace_s_per_km(track: Track) -> Value:
    """Pace on the level that would have asked for the same heart rate."""
    return _adjusted(track, track.gap_speed_m_s)


@metric(
    unit="s/km",
    needs=("distance", "altitude"),
    source="energy of running by slope (Minetti et al., 2002)",
    evidence="moderate",
    adds_up="none",
    cannot_tell="downhill braking: for beginners it makes descents look easier than they are",
    definition=4,
)
def energy_adjusted_pace_s_per_km(track: Track) -> Value:
    """Pace on the level that would have cost the same energy."""
    return _adjusted(track, track.speed_m_s * energy.energy_grade_factor(track.grade))


def _adjusted(track: Track, level_speed: Floats) -> Value:
    """Seconds a kilometre from speeds on the level, over moving cells where they are known."""
    if not track.on_foot:
        return missing(NOT_ON_FOOT)
    if track.sparse or track.distance_source is None:
        return missing("no distance or position was recorded often enough to know the slope")
    if track.climb is None:
        return missing(track.elevation_reason or "no altitude was recorded")
    cells = track.moving & ~np.isnan(level_speed)
    time = track.seconds(cells)
    if time < ENOUGH * track.seconds(track.moving):
        return missing("the slope is known for less than four fifths of the moving time")
    covered = float((level_speed[cells] * track.dt_s[cells]).sum())
    if covered < SHORTEST_M:
        return missing(STILL)
    return Value(1000.0 * time / covered, source=track.climb.source)


def _average_pace(track: Track) -> Value:
    """Pace from the totals, for entries made by hand and recordings with few samples or without distance."""
    if track.average is None or track.average.distance_m < SHORTEST_M:
        return missing("no distance was recorded, nor stored by the device with a time")
    return Value(1000.0 / track.average.speed_m_s, source=DEVICE)
