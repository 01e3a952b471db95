"""Climb, descent, and what the slopes cost."""

from __future__ import annotations

import numpy as np
from steadymile.models.metrics.catalogue import Value, metric, missing
from steadymile.models.physiology import energy
from steadymile.models.signal.timeline import Track

RULE = "turning points on smoothed altitude, parameters by the kind of altitude sensor"


@metric(
    unit="m",
    needs=("altitude",),
    source=f"{RULE}; bias measured on synthetic noise, agreement on devices with a barometer",
    evidence="moderate",
    adds_up="sum",
    cannot_tell="rises below the threshold of 2 m (barometer) or 6 m (GPS); nothing fine from GPS height",
    definition=4,
)
def elevation_gain_m(track: Track) -> Value:
    """Metres climbed, with how far to trust it."""
    if track.climb is None:
        return missing(track.elevation_reason or "no altitude was recorded")
    return Value(track.climb.gain_m, sd=track.climb.gain_sd_m, source=track.climb.source)


@metric(
    unit="m",
    needs=("altitude",),
    source=RULE,
    evidence="moderate",
    adds_up="sum",
    cannot_tell="drops below the threshold of 2 m (barometer) or 6 m (GPS)",
    definition=4,
)
def elevation_loss_m(track: Track) -> Value:
    """Metres descended, with how far to trust it."""
    if track.climb is None:
        return missing(track.elevation_reason or "no altitude was recorded")
    return Value(track.climb.loss_m, sd=track.climb.loss_sd_m, source=track.climb.source)


@metric(
    unit="ratio",
    needs=("distance", "altitude"),
    source="energy of running and walking by slope (Minetti et al., 2002), downhill never below 0.85",
    evidence="moderate",
    adds_up="none",
    cannot_tell="how well one runs downhill",
    definition=4,
)
def hill_energy_ratio(track: Track) -> Value:
    """Energy the slopes asked for over that of the same distance on the level."""
    if not track.on_foot:
        return missing("not a sport on foot")
    if track.climb is None or track.distance_source is None:
        return missing(track.elevation_reason or "no distance was recorded")
    cells = track.moving & ~np.isnan(track.grade)
    covered = float(track.step_m[cells].sum())
    if covered < 50.0:
        return missing("less than 50 m were covered while moving")
    factor = energy.energy_grade_factor(track.grade[cells], energy.BEGINNER_FLOOR)
    return Value(float((factor * track.step_m[cells]).sum()) / covered, source=track.climb.source)
