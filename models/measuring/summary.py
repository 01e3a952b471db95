"""The digest of a recording: what the person stage needs of it, small enough to keep."""

from __future__ import annotations

import numpy as np
from steadymile.models.metrics.catalogue import HR_BINS, Digest, Segment
from steadymile.models.physiology import energy
from steadymile.models.signal.gait import RUN, RUN_SPEED_M_S, WALK
from steadymile.models.signal.heart_rate import peak_20s
from steadymile.models.signal.series import Bools, Floats
from steadymile.models.signal.timeline import Average, Track

ENERGY_BINS, ENERGY_BIN = 200, 0.5
BLOCK_S = 5
WARM_UP_S = 300.0
STEADY_S, SETTLE_S, STEADY_CV = 180.0, 60.0, 0.25
ENOUGH = 0.8


def digest(track: Track, sample_t_s: Floats, sample_hr: Floats, cadence_lock_share: float) -> Digest:
    """Histograms, coverage, means and steady stretches of one recording."""
    valid = ~np.isnan(track.hr)
    moving_s = track.moving_total_s
    has_heart_rate = bool(valid.any())
    speed, rate = _run_means(track, valid)
    return Digest(
        heart_rate_s=_histogram(track, track.moving & valid) if has_heart_rate else None,
        run_heart_rate_s=_histogram(track, track.running & valid) if has_heart_rate and track.gait_known else None,
        energy_s=_energy(track),
        coverage=min(1.0, track.seconds(track.moving & valid) / moving_s) if moving_s > 0 else None,
        cadence_lock_share=cadence_lock_share if has_heart_rate else None,
        peak_20s_bpm=peak_20s(sample_t_s, sample_hr) if has_heart_rate else None,
        run_grade_adjusted_speed_m_s=speed,
        run_heart_rate_bpm=rate,
        segments=tuple(_segments(track)),
    )


def level_speed(track: Track) -> Floats:
    """Grade-adjusted speed; indoors the belt is taken as level, elsewhere unknown slope stays unknown."""
    return track.speed_m_s if track.indoors else track.gap_speed_m_s


def _histogram(track: Track, cells: Bools) -> Floats:
    """Seconds at each whole beat a minute."""
    bpm = np.clip(np.rint(track.hr[cells]), 0, HR_BINS - 1).astype(np.int64)
    return np.bincount(bpm, weights=track.dt_s[cells], minlength=HR_BINS).astype(np.float64)


def _energy(track: Track) -> Floats | None:
    """Seconds of moving time at each 0.5 mL/kg/min above rest, from 5-s means, without ground, pack or boots."""
    if track.average and track.average.kind:
        return _energy_of_average(track.average)
    if not track.on_foot or track.sparse or track.distance_source is None or not track.moving.any():
        return None
    block = _blocks(track)
    count = int(block[-1]) + 1
    time = np.bincount(block, weights=track.dt_s, minlength=count)
    speed = np.bincount(block, weights=track.step_m, minlength=count) / np.maximum(time, 1e-9)
    slope = np.nan_to_num(track.grade, nan=0.0)
    grade = np.bincount(block, weights=slope * track.dt_s, minlength=count) / np.maximum(time, 1e-9)
    ran = track.running if track.gait_known else track.speed_m_s >= RUN_SPEED_M_S
    run_share = np.bincount(block, weights=ran * track.dt_s, minlength=count) / np.maximum(time, 1e-9)
    moved = np.bincount(block, weights=track.moving * track.dt_s, minlength=count)
    vo2 = np.where(run_share > 0.5, energy.net_vo2_running(speed, grade), energy.net_vo2_walking(speed, grade))
    bin_of = np.clip(np.floor(vo2 / ENERGY_BIN), 0, ENERGY_BINS - 1).astype(np.int64)
    return np.bincount(bin_of, weights=moved, minlength=ENERGY_BINS).astype(np.float64)


def _energy_of_average(average: Average) -> Floats:
    """The whole session at its mean speed on the level."""
    cost = energy.net_vo2_running if average.kind == "run" else energy.net_vo2_walking
    found = np.zeros(ENERGY_BINS)
    found[min(int(cost(average.speed_m_s, 0.0) / ENERGY_BIN), ENERGY_BINS - 1)] = average.moving_s
    return found


def _blocks(track: Track) -> np.ndarray:
    """Number of the 5-s block of each cell; no block spans two pieces."""
    i = np.arange(track.size)
    within = i - track.pieces.first
    return np.cumsum((within % BLOCK_S == 0).astype(np.int64)) - 1


def _run_means(track: Track, valid: Bools) -> tuple[float | None, float | None]:
    """(grade-adjusted speed, heart rate) over running after the first 5 minutes; None without 60 s of it."""
    if not track.gait_known:
        return None, None
    later = np.cumsum(track.dt_s) > WARM_UP_S
    flat = level_speed(track)
    with_speed = track.running & later & ~np.isnan(flat)
    both = with_speed & valid
    cells = both if track.seconds(both) >= 60.0 else with_speed
    speed = _mean(flat, track.dt_s, cells)
    rate = _mean(track.hr, track.dt_s, track.running & later & valid)
    return speed, rate


def _mean(values: Floats, weights: Floats, cells: Bools) -> float | None:
    """Time-weighted mean over some cells, None below a minute."""
    total = float(weights[cells].sum())
    return float((values[cells] * weights[cells]).sum()) / total if total >= 60.0 else None


def _segments(track: Track) -> list[Segment]:
    """Steady running or walking of 3 minutes and more, with the mean heart rate after its first minute."""
    found: list[Segment] = []
    if not track.gait_known or track.distance_source is None:
        return found
    flat = level_speed(track)
    for start, stop, kind in zip(track.bout_start, track.bout_stop, track.bout_kind):
        lasted = float(track.dt_s[start:stop].sum())
        if kind not in (RUN, WALK) or lasted < STEADY_S:
            continue
        settled = slice(int(start + SETTLE_S), int(stop))
        speed, rate, time = track.speed_m_s[settled], track.hr[settled], track.dt_s[settled]
        heard = ~np.isnan(rate)
        if time[heard].sum() < ENOUGH * time.sum() or float(np.std(speed)) > STEADY_CV * float(np.mean(speed)):
            continue
        level = flat[settled]
        known = ~np.isnan(level)
        found.append(
            Segment(
                kind="run" if kind == RUN else "walk",
                duration_s=lasted,
                heart_rate_bpm=float(np.average(rate[heard], weights=time[heard])),
                grade_adjusted_speed_m_s=float(level[known].mean()) if known.mean() >= ENOUGH else None,
            )
        )
    return found
