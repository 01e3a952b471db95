"""Climb, descent, and what the slopes cost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from steadymile.models.metrics.catalogue import Value, metric, missing
from steadymile.models.physiology import energy
from steadymile.models.signal.series import Bools
from steadymile.models.signal.timeline import Track

STEEP, UPHILL_S = 0.03, 180.0
RULE = "turning points on smoothed altitude, parameters by the kind of altitude sensor"


@metric(
    unit="m",
    needs=("altitude",),
    source=f"{RULE}; bias measured on synthetic noise, agreement on devices with a barometer",
    evidence="moderate",
    adds_up="sum",
    cannot_tell="rises below the threshold of 2 m (barometer) or 6 m (GPS); nothing fine from GPS height",
    definition=6,
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
    definition=6,
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


def _slopes(track: Track) -> Value | None:
    """Why the slope is not known, None where it is."""
    if track.climb is None or track.distance_source is None:
        return missing(track.elevation_reason or "no distance was recorded")
    if float(track.step_m[track.moving & ~np.isnan(track.grade)].sum()) < 50.0:
        return missing("less than 50 m were covered while moving")
    return None


def _uphill(track: Track) -> Bools:
    return track.moving & (track.grade >= STEEP)


def _slope_metric(name: str, unit: str, meaning: str, where: Callable[[Track], Bools]) -> None:
    """Register the time or the way on one kind of slope as a metric of its own."""

    def value(track: Track) -> Value:
        reason = _slopes(track)
        if reason or track.climb is None:
            return reason or missing("no altitude was recorded")
        amount = track.dt_s if unit == "s" else track.step_m
        return Value(float(amount[where(track)].sum()), source=track.climb.source)

    value.__name__, value.__doc__ = name, meaning
    metric(
        unit=unit,
        needs=("distance", "altitude"),
        source=f"moving cells by their slope: {STEEP:.0%} and more, {STEEP:.0%} and more downwards, and between",
        evidence="moderate",
        adds_up="sum",
        cannot_tell="short ramps: the slope is that of 40 m with a barometer, 60 m otherwise",
    )(value)


for _name, _word, _where in (
    ("uphill", "uphill", _uphill),
    ("level", "on the level", lambda track: track.moving & (np.abs(track.grade) < STEEP)),
    ("downhill", "downhill", lambda track: track.moving & (track.grade <= -STEEP)),
):
    _slope_metric(f"{_name}_s", "s", f"Moving time {_word}.", _where)
    _slope_metric(f"{_name}_m", "m", f"Distance {_word}.", _where)


@metric(
    unit="m/h",
    needs=("distance", "altitude"),
    source=f"metres risen an hour on slopes of {STEEP:.0%} and more (velocità ascensionale media, Ferrari)",
    evidence="moderate",
    adds_up="none",
    cannot_tell="runners of different mass apart, and anything on gentle hills",
)
def vam_m_per_h(track: Track) -> Value:
    """Mean ascent speed on the climbs."""
    reason = _slopes(track)
    if reason or track.climb is None:
        return reason or missing("no altitude was recorded")
    cells = _uphill(track)
    seconds = track.seconds(cells)
    if seconds < UPHILL_S:
        return missing("less than three minutes went uphill")
    risen = float((track.grade[cells] * track.step_m[cells]).sum())
    return Value(3600.0 * risen / seconds, source=track.climb.source)
