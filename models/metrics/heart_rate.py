"""What the heart did in one recording, from the cleaned heart rate alone."""

from __future__ import annotations

import numpy as np
from steadymile.models.measuring.summary import level_speed
from steadymile.models.metrics.catalogue import Value, metric, missing
from steadymile.models.physiology.hrv import ln_rmssd as ln_rmssd_of
from steadymile.models.signal.gait import RUN
from steadymile.models.signal.series import Bools
from steadymile.models.signal.timeline import Track

FEWEST_S = 60.0
STEADY_S, WARM_UP_S, STEADY_BLOCK_S, STEADY_CV = 1200.0, 300.0, 60, 0.15
HEARD, LEAST_HEARD = 0.9, 0.1
"""A mean of less than a tenth of the time is a mean of that tenth (design value)."""
BEST_HEARD = 0.95
RECOVERY_S, RECOVERY_AFTER_RUN_S = 60.0, 60.0
NO_HEART_RATE = "no heart rate was recorded"


def _heard(track: Track) -> Bools:
    """Moving cells with a valid heart rate."""
    return track.moving & ~np.isnan(track.hr)


def _unheard(track: Track) -> Value | None:
    """Why nothing can be said of the heart rate, None when it can."""
    if track.size == 0 or np.isnan(track.hr).all():
        return missing(NO_HEART_RATE)
    if track.seconds(_heard(track)) < FEWEST_S:
        return missing("less than a minute of valid heart rate while moving")
    return None


@metric(
    unit="bpm",
    needs=("heart_rate_bpm",),
    source="time-weighted mean over moving time with a valid heart rate",
    evidence="strong",
    adds_up="mean",
    cannot_tell="how hard single minutes were",
    definition=4,
)
def heart_rate_mean_bpm(track: Track) -> Value:
    """Mean heart rate while moving."""
    reason = _unheard(track)
    if reason:
        return reason if track.activity.stored.heart_rate_mean_bpm is None else _stored_mean(track)
    cells = _heard(track)
    if track.seconds(cells) < LEAST_HEARD * track.moving_total_s:
        if track.activity.stored.heart_rate_mean_bpm is not None:
            return _stored_mean(track)
        return missing(f"heart rate is valid for less than {100 * LEAST_HEARD:.0f} % of the moving time")
    return Value(float(np.average(track.hr[cells], weights=track.dt_s[cells])), source="samples")


def _stored_mean(track: Track) -> Value:
    return Value(track.activity.stored.heart_rate_mean_bpm, source="device total")


@metric(
    unit="bpm",
    needs=("heart_rate_bpm",),
    source="highest cleaned value while moving",
    evidence="moderate",
    adds_up="max",
    cannot_tell="your maximal heart rate, unless you went all out",
    definition=3,
)
def heart_rate_max_bpm(track: Track) -> Value:
    """Highest heart rate that passed cleaning."""
    reason = _unheard(track)
    if reason:
        stored = track.activity.stored.heart_rate_max_bpm
        return reason if stored is None else Value(stored, source="device total")
    return Value(float(track.hr[_heard(track)].max()), source="samples")


@metric(
    unit="share",
    needs=("heart_rate_bpm",),
    source="valid moving seconds over moving seconds",
    evidence="strong",
    adds_up="mean",
    cannot_tell="whether the sensor was right where it spoke",
    definition=4,
)
def heart_rate_coverage(track: Track) -> Value:
    """Share of moving time with a heart rate that can be trusted."""
    moving_s = track.moving_total_s
    if moving_s <= 0:
        return missing("no moving time was recorded")
    if np.isnan(track.hr).all():
        return missing(NO_HEART_RATE)
    return Value(min(1.0, track.seconds(_heard(track)) / moving_s))


@metric(
    unit="%",
    needs=("heart_rate_bpm", "distance_m"),
    source="Friel; sign as in GoldenCheetah: positive when the heart works more for the same pace later on",
    evidence="moderate",
    adds_up="none",
    cannot_tell="heat, thirst and tiredness apart",
    definition=3,
)
def decoupling_pct(track: Track) -> Value:
    """How much pace for each heartbeat fell from the first to the second half of a steady run."""
    reason = _unheard(track)
    if reason:
        return reason
    if not track.gait_known:
        return missing("running and walking cannot be told apart here")
    lasting = np.where(track.bout_kind == RUN, _bout_seconds(track), 0.0)
    if lasting.size == 0 or lasting.max() < STEADY_S + WARM_UP_S:
        return missing("needs 25 minutes of running without a walk break: 5 to warm up and 20 steady ones")
    bout = int(np.argmax(lasting))
    cells = np.arange(track.bout_start[bout], track.bout_stop[bout])
    cells = cells[np.cumsum(track.dt_s[cells]) > WARM_UP_S]
    speed, rate = level_speed(track)[cells], track.hr[cells]
    known = ~np.isnan(speed) & ~np.isnan(rate)
    if known.mean() < HEARD:
        return missing("heart rate or grade is missing for more than a tenth of the steady part")
    if _unsteady(speed[known]):
        return missing("the pace changed too much: this says something only of steady runs")
    first, second = np.array_split(np.flatnonzero(known), 2)
    return Value(decoupling(speed[first].mean(), rate[first].mean(), speed[second].mean(), rate[second].mean()))


def decoupling(speed_1: float, heart_rate_1: float, speed_2: float, heart_rate_2: float) -> float:
    """Percent by which speed over heart rate fell from the first to the second half (Friel)."""
    first, second = speed_1 / heart_rate_1, speed_2 / heart_rate_2
    return float(100.0 * (first - second) / first)


def _bout_seconds(track: Track) -> np.ndarray:
    total = np.concatenate(([0.0], np.cumsum(track.dt_s)))
    return total[track.bout_stop] - total[track.bout_start]


def _unsteady(speed: np.ndarray) -> bool:
    """Whether minute means of speed vary by 15 % and more; single seconds of GPS speed always do."""
    minutes = speed[: speed.size // STEADY_BLOCK_S * STEADY_BLOCK_S].reshape(-1, STEADY_BLOCK_S).mean(axis=1)
    return bool(minutes.std() >= STEADY_CV * minutes.mean())


@metric(
    unit="bpm",
    needs=("heart_rate_bpm", "running"),
    source="drop in the minute after the last run of a minute or more; Cole 1999 for the idea",
    evidence="weak",
    adds_up="none",
    cannot_tell="fitness: how you stop changes it more than training does",
    definition=3,
)
def heart_rate_recovery_60s_bpm(track: Track) -> Value:
    """How far heart rate fell in the first minute after running."""
    reason = _unheard(track)
    if reason:
        return reason
    if not track.gait_known:
        return missing("running and walking cannot be told apart here")
    runs = (track.bout_kind == RUN) & (_bout_seconds(track) >= RECOVERY_AFTER_RUN_S)
    for stop in track.bout_stop[runs][::-1]:
        last = int(stop) - 1
        ended = track.t_s[last] + track.dt_s[last]
        later = int(np.searchsorted(track.t_s, ended + RECOVERY_S - 0.5))
        if later >= track.size or track.t_s[later] - ended > RECOVERY_S + 5.0 or track.running[last + 1 : later].any():
            continue
        drop = track.hr[last] - track.hr[later]
        if not np.isnan(drop):
            return Value(float(drop))
    return missing("no run of a minute was followed by a minute's rest with heart rate")


def _best(track: Track, minutes: int) -> Value:
    """Highest mean heart rate over so many minutes on end by the clock."""
    if track.size == 0 or np.isnan(track.hr).all():
        return missing(NO_HEART_RATE)
    heard = np.where(np.isnan(track.hr), 0.0, track.dt_s)
    total_s = np.concatenate(([0.0], np.cumsum(heard)))
    beats = np.concatenate(([0.0], np.cumsum(np.nan_to_num(track.hr) * heard)))
    stop = np.searchsorted(track.t_s, track.t_s + 60.0 * minutes - 1e-6)
    here = np.arange(track.size)
    known_s = total_s[stop] - total_s[here]
    ended_s = track.t_s[-1] + track.dt_s[-1]
    whole = (known_s >= BEST_HEARD * 60.0 * minutes) & (track.t_s + 60.0 * minutes <= ended_s + 1e-6)
    if not whole.any():
        return missing(f"needs {minutes} minutes on end with a heart rate")
    return Value(float(((beats[stop] - beats[here])[whole] / known_s[whole]).max()), source="samples")


@metric(
    unit="bpm",
    needs=("heart_rate_bpm",),
    source="highest mean over 20 minutes on end, known for 95 % of them",
    evidence="moderate",
    adds_up="max",
    cannot_tell="your threshold, unless you went all out",
)
def heart_rate_best_20_min_bpm(track: Track) -> Value:
    """Highest mean heart rate over twenty minutes on end."""
    return _best(track, 20)


@metric(
    unit="bpm",
    needs=("heart_rate_bpm",),
    source="highest mean over 60 minutes on end, known for 95 % of them",
    evidence="moderate",
    adds_up="max",
    cannot_tell="your threshold, unless you went all out",
)
def heart_rate_best_60_min_bpm(track: Track) -> Value:
    """Highest mean heart rate over an hour on end."""
    return _best(track, 60)


@metric(
    unit="ln ms",
    needs=("rr_s",),
    source="Task Force 1996; beats that jump by more than a fifth are left out (Malik 1996)",
    evidence="weak",
    adds_up="none",
    cannot_tell="recovery: during exercise it mostly mirrors intensity",
)
def ln_rmssd(track: Track) -> Value:
    """Beat-to-beat variability of the recording, as the natural logarithm of RMSSD."""
    if track.activity.rr_s is None:
        return missing("no beat-to-beat intervals were recorded")
    value = ln_rmssd_of(track.activity.rr_s)
    return missing("too few beats in a row without error") if value is None else Value(value)
