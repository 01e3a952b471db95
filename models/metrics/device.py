"""What other sensors and the device itself say: steps, power, temperature, energy, and the maker's own scores."""

from __future__ import annotations

import numpy as np
from steadymile.models.metrics.catalogue import Value, metric, missing
from steadymile.models.metrics.volume import DEVICE
from steadymile.models.signal.series import Bools, Pieces, rolling_mean
from steadymile.models.signal.timeline import Track

FEWEST_S = 60.0
FEWEST_STEPS_SPM = 40.0
PEAK_S = 10
POWER_WINDOW_S = 30
MAKERS = "the device's own estimate, by a formula that its maker keeps"


def _stepping(track: Track) -> Bools:
    """Moving cells with a step rate; of a run those that were run, where that is known."""
    cells = track.moving & (track.cadence_spm >= FEWEST_STEPS_SPM)
    return cells & track.running if track.gait_known and track.running.any() else cells


def _no_cadence(track: Track) -> Value | None:
    if not track.on_foot:
        return missing("not a sport on foot")
    if track.size == 0 or np.isnan(track.cadence_spm).all():
        return missing("no cadence was recorded")
    if track.seconds(_stepping(track)) < FEWEST_S:
        return missing("less than a minute with a step rate")
    return None


@metric(
    unit="1/min",
    needs=("cadence_spm",),
    source="time-weighted mean while running; while moving where nothing was run; steps of both feet",
    evidence="strong",
    adds_up="mean",
    cannot_tell="whether another cadence would suit you: it follows from speed and leg length",
)
def cadence_mean_spm(track: Track) -> Value:
    """Mean cadence, both feet."""
    reason = _no_cadence(track)
    if reason:
        return reason
    cells = _stepping(track)
    return Value(float(np.average(track.cadence_spm[cells], weights=track.dt_s[cells])), source="samples")


@metric(
    unit="1/min",
    needs=("cadence_spm",),
    source=f"highest mean of {PEAK_S} s while running; while moving where nothing was run",
    evidence="moderate",
    adds_up="max",
    cannot_tell="a sprint shorter than ten seconds",
)
def cadence_max_spm(track: Track) -> Value:
    """Highest cadence held for ten seconds, both feet."""
    reason = _no_cadence(track)
    if reason:
        return reason
    cells = _stepping(track)
    known = np.where(cells, track.cadence_spm, 0.0)
    pieces = Pieces.from_starts((track.pieces.first == np.arange(track.size)) | (np.diff(cells, prepend=cells[0]) != 0))
    long = cells & (pieces.last - pieces.first + 1 >= PEAK_S)
    if not long.any():
        return missing("the step rate was never held for ten seconds")
    whole = (np.arange(track.size) - pieces.first >= PEAK_S // 2) & (pieces.last - np.arange(track.size) >= PEAK_S // 2)
    held = long & whole if (long & whole).any() else long
    return Value(float(rolling_mean(known, pieces, PEAK_S)[held].max()), source="samples")


@metric(
    unit="m",
    needs=("cadence_spm", "distance"),
    source="distance over steps while running; while moving where nothing was run",
    evidence="moderate",
    adds_up="mean",
    cannot_tell="left from right, and how well you run: it follows from speed and cadence",
)
def stride_length_m(track: Track) -> Value:
    """Metres a step, which watches show as stride length."""
    reason = _no_cadence(track)
    if reason:
        return reason
    if track.distance_source is None:
        return missing("no distance was recorded")
    cells = _stepping(track)
    steps = float((track.cadence_spm[cells] * track.dt_s[cells]).sum()) / 60.0
    covered = float(track.step_m[cells].sum())
    return missing("less than 50 m were covered with a step rate") if covered < 50.0 else Value(covered / steps)


@metric(
    unit="W",
    needs=("power_w",),
    source="time-weighted mean while moving, zeros included",
    evidence="moderate",
    adds_up="mean",
    cannot_tell="running power between makers: each has its own formula",
)
def power_mean_w(track: Track) -> Value:
    """Mean power while moving."""
    cells = _powered(track)
    if track.seconds(cells) < FEWEST_S:
        return missing("no power was recorded" if not cells.any() else "less than a minute of power")
    return Value(float(np.average(track.power_w[cells], weights=track.dt_s[cells])), source="samples")


@metric(
    unit="W",
    needs=("power_w",),
    source=f"fourth root of the mean fourth power of means over {POWER_WINDOW_S} s (Coggan, 2003)",
    evidence="weak",
    adds_up="none",
    cannot_tell="anything of sessions below twenty minutes; made for cycling",
)
def power_normalized_w(track: Track) -> Value:
    """Power that, held evenly, would have asked for about the same effort."""
    cells = _powered(track)
    if not cells.any():
        return missing("no power was recorded")
    if track.seconds(cells) < 20 * FEWEST_S:
        return missing("needs 20 minutes of power")
    power = np.nan_to_num(track.power_w, nan=0.0)
    smoothed = rolling_mean(power, track.pieces, POWER_WINDOW_S)[cells]
    return Value(float(np.average(smoothed**4, weights=track.dt_s[cells])) ** 0.25, source="samples")


def _powered(track: Track) -> Bools:
    """Moving cells with a power; none where no sample has one."""
    if track.power_w.size != track.size or track.size == 0:
        return np.zeros(track.size, np.bool_)
    return track.moving & ~np.isnan(track.power_w)


@metric(
    unit="°C",
    needs=("temperature_c",),
    source="time-weighted mean of the device's thermometer",
    evidence="weak",
    adds_up="mean",
    cannot_tell="the air: a watch on the wrist reads several degrees too high",
)
def temperature_mean_c(track: Track) -> Value:
    """Mean temperature at the device."""
    known = ~np.isnan(track.temperature_c) if track.temperature_c.size == track.size else np.zeros(track.size, np.bool_)
    if track.seconds(known) < FEWEST_S:
        return missing("no temperature was recorded")
    return Value(float(np.average(track.temperature_c[known], weights=track.dt_s[known])), source="samples")


@metric(
    unit="kcal",
    needs=("device total",),
    source=MAKERS,
    evidence="weak",
    adds_up="sum",
    cannot_tell="what you burnt: makers differ by a fifth and more for the same run",
    definition=2,
)
def calories_kcal(track: Track) -> Value:
    """Energy that the device says the session took."""
    return _stored(track.activity.stored.calories_kcal, "calories")


@metric(
    unit="mL/kg/min",
    needs=("device estimate",),
    source=MAKERS,
    evidence="weak",
    adds_up="last",
    cannot_tell="your maximal oxygen uptake: single estimates are off by about 3.5 mL/kg/min",
    definition=2,
)
def device_vo2max_ml_kg_min(track: Track) -> Value:
    """Maximal oxygen uptake as the device estimates it."""
    return _stored(track.activity.stored.vo2max_ml_kg_min, "maximal oxygen uptake")


@metric(
    unit="0-5",
    needs=("device estimate",),
    source=MAKERS,
    evidence="weak",
    adds_up="none",
    cannot_tell="how your training goes over weeks",
    definition=2,
)
def device_training_effect(track: Track) -> Value:
    """Aerobic training effect as the device scores it."""
    return _stored(track.activity.stored.aerobic_training_effect, "training effect")


@metric(
    unit="0-5",
    needs=("device estimate",),
    source=MAKERS,
    evidence="weak",
    adds_up="none",
    cannot_tell="how your training goes over weeks",
    definition=2,
)
def device_anaerobic_training_effect(track: Track) -> Value:
    """Anaerobic training effect as the device scores it."""
    return _stored(track.activity.stored.anaerobic_training_effect, "anaerobic training effect")


@metric(
    unit="h",
    needs=("device estimate",),
    source=MAKERS,
    evidence="weak",
    adds_up="last",
    cannot_tell="pain, sleep or illness; no plan here uses it",
    definition=2,
)
def device_recovery_time_h(track: Track) -> Value:
    """Hours until the device would have you train hard again."""
    return _stored(track.activity.stored.recovery_time_h, "recovery time")


@metric(
    unit="points",
    needs=("device estimate",),
    source=MAKERS,
    evidence="weak",
    adds_up="none",
    cannot_tell="heat and hills from a bad day",
    definition=2,
)
def device_performance_condition(track: Track) -> Value:
    """Performance condition at the end as the device scores it, -20 to 20 against your usual."""
    return _stored(track.activity.stored.performance_condition, "performance condition")


def _stored(value: float | None, what: str) -> Value:
    return missing(f"the file states no {what}") if value is None else Value(float(value), source=DEVICE)
