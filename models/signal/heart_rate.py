"""Cleaning a heart-rate stream: what a sensor cannot have measured becomes missing, and a flag says why.

Steps 1, 2, 4, 5, 6 and 7 of docs/science.md 3.1. Step 3, the ceiling, needs the athlete's maximum and is done on the
histogram (models/assessment/assess.py). Arrays only: NaN is missing inside, null outside.
"""

from __future__ import annotations

import numpy as np
from steadymile.models.recording import Flag

LOWEST_BPM, HIGHEST_BPM = 30.0, 230.0
HAMPEL_S, HAMPEL_BPM, HAMPEL_SIGMAS = 15.0, 12.0, 3.0
MAD_TO_SD = 1.4826  # of a normal distribution
FASTEST_BPM_S = 8.0
LONGEST_BRIDGE_S = 10.0
FROZEN_S, FROZEN_SPEED_M_S = 120.0, 0.5
LOCK_S, LOCK_BPM, LOCK_SHARE = 60.0, 4.0, 0.9
LOCK_JUMP_BPM, LOCK_JUMP_S, LOCK_MISMATCH_BPM, LOCK_NEAR_S = 15.0, 10.0, 10.0, 300.0
LOCK_WHOLE_S, LOCK_CORRELATION = 300.0, 0.8
WARM_UP_S, WARM_UP_BPM, WARM_UP_SPEED_BIN_M_S, WARM_UP_LATER_S = 180.0, 25.0, 0.5, 60.0
PEAK_S, PEAK_FILLED_S = 20.0, 16.0


def durations(t_s: np.ndarray) -> np.ndarray:
    """Seconds each sample stands for: until the next one, at most 10 s; the last as long as the one before."""
    if t_s.size < 2:
        return np.zeros(t_s.size)
    step = np.diff(t_s)
    return np.minimum(np.append(step, step[-1]), LONGEST_BRIDGE_S)


def clean_heart_rate(
    t_s: np.ndarray, hr: np.ndarray, cadence_spm: np.ndarray, speed_m_s: np.ndarray, moving: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Cleaned heart rate (bpm, NaN missing), why each sample was nulled (int32 of Flag), cadence-lock share.

    `t_s` ascends; sampling may be irregular. The share is of moving seconds. Nulled stretches of up to 10 s between
    good samples are bridged by a straight line and keep their flag; longer ones stay missing.
    """
    raw = np.asarray(hr, dtype=np.float64)
    flags = np.zeros(raw.size, dtype=np.int32)
    valid = (raw >= LOWEST_BPM) & (raw <= HIGHEST_BPM)
    flags[~valid & ~np.isnan(raw)] |= Flag.HR_INVALID
    clean = np.where(valid, raw, np.nan)
    if not valid.any():
        return clean, flags, 0.0
    present = clean.copy()

    def drop(where: np.ndarray, flag: Flag) -> None:
        where = where & ~np.isnan(clean)
        clean[where] = np.nan
        flags[where] |= flag

    drop(_spikes(t_s, clean), Flag.HR_SPIKE)
    drop(_too_fast(t_s, clean), Flag.HR_SPIKE)
    drop(_frozen(t_s, clean, speed_m_s), Flag.HR_FROZEN)
    locked = _cadence_locked(t_s, clean, present, cadence_spm, speed_m_s)
    drop(locked, Flag.HR_CADENCE_LOCK)
    seconds = durations(t_s)
    drop(_warming_up(t_s, clean, speed_m_s, moving, seconds), Flag.HR_WARM_UP)
    weight = seconds * (np.asarray(moving) > 0)
    total = weight.sum()
    share = float(weight[locked].sum() / total) if total > 0 else 0.0
    return _bridged(t_s, clean), flags, share


def _shifted(values: np.ndarray, by: int) -> np.ndarray:
    """`values[i + by]` at i, NaN beyond the ends."""
    out = np.full(values.size, np.nan)
    if by >= 0:
        out[: values.size - by] = values[by:]
    else:
        out[-by:] = values[:by]
    return out


def _spikes(t_s: np.ndarray, hr: np.ndarray) -> np.ndarray:
    """Hampel filter over 15 s. Only samples whose window spans more than the smallest threshold are looked at."""
    step = np.median(np.diff(t_s)) if t_s.size > 1 else 1.0
    half = int(np.clip(round(HAMPEL_S / 2.0 / max(step, 0.5)), 1, 15))
    if hr.size <= 2 * half:
        half = max((hr.size - 1) // 2, 0)
    high, low = hr.copy(), hr.copy()
    for by in range(1, half + 1):
        for shifted in (_shifted(hr, by), _shifted(hr, -by)):
            high, low = np.fmax(high, shifted), np.fmin(low, shifted)
    candidate = np.flatnonzero((np.fmax(high - hr, hr - low) > HAMPEL_BPM) & ~np.isnan(hr))
    out = np.zeros(hr.size, dtype=bool)
    if candidate.size == 0:
        return out
    around = candidate[:, None] + np.arange(-half, half + 1)
    inside = (around >= 0) & (around < hr.size)
    around = np.clip(around, 0, hr.size - 1)
    inside &= np.abs(t_s[around] - t_s[candidate][:, None]) <= HAMPEL_S / 2.0
    window = np.where(inside, hr[around], np.nan)
    middle, count = _row_median(window)
    spread, _ = _row_median(np.abs(window - middle[:, None]))
    limit = np.maximum(HAMPEL_BPM, HAMPEL_SIGMAS * MAD_TO_SD * spread)
    out[candidate] = (np.abs(hr[candidate] - middle) > limit) & (count >= 3)
    return out


def _row_median(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Median of each row without its NaN, and how many values it had (at least one)."""
    ordered = np.sort(rows, axis=1)
    count = (~np.isnan(rows)).sum(axis=1)
    row = np.arange(rows.shape[0])
    return (ordered[row, np.maximum(count - 1, 0) // 2] + ordered[row, count // 2]) / 2.0, count


def _too_fast(t_s: np.ndarray, hr: np.ndarray) -> np.ndarray:
    """Samples reached from the good one before at more than 8 bpm a second."""
    out = np.zeros(hr.size, dtype=bool)
    good = np.flatnonzero(~np.isnan(hr))
    step = np.diff(t_s[good])
    out[good[1:]] = np.abs(np.diff(hr[good])) > FASTEST_BPM_S * np.where(step > 0, step, np.inf)
    return out


def _frozen(t_s: np.ndarray, hr: np.ndarray, speed_m_s: np.ndarray) -> np.ndarray:
    """Stretches of one unchanged value for 120 s and more while the speed changes by more than 0.5 m/s."""
    out = np.zeros(hr.size, dtype=bool)
    good = np.flatnonzero(~np.isnan(hr))
    breaks = np.flatnonzero((np.diff(hr[good]) != 0) | (np.diff(t_s[good]) > LONGEST_BRIDGE_S)) + 1
    first = good[np.concatenate(([0], breaks))]
    last = good[np.concatenate((breaks - 1, [good.size - 1]))]
    long = t_s[last] - t_s[first] >= FROZEN_S
    for a, b in zip(first[long], last[long], strict=True):
        speed = speed_m_s[a : b + 1]
        speed = speed[~np.isnan(speed)]
        # Single GPS outliers are not a change of speed: the middle nine tenths must differ.
        if speed.size and np.subtract(*np.percentile(speed, (95, 5))) > FROZEN_SPEED_M_S:
            out[a : b + 1] = True
    return out


def _cadence_locked(
    t_s: np.ndarray, hr: np.ndarray, present: np.ndarray, cadence_spm: np.ndarray, speed_m_s: np.ndarray
) -> np.ndarray:
    """Where a wrist sensor counts steps. A heart rate that equals the step rate is no proof: many people run at 165 of
    both. It must also have jumped there, and differ from what is expected at that place."""
    out = np.zeros(hr.size, dtype=bool)
    comparable = ~np.isnan(hr) & ~np.isnan(cadence_spm)
    if comparable.sum() < 10:
        return out
    alike = comparable & (np.abs(hr - np.where(comparable, cadence_spm, 0.0)) <= LOCK_BPM)
    stretches = alike_stretches(t_s, comparable, alike)
    if not stretches:
        return out
    elsewhere = ~np.isnan(hr)
    for a, b in stretches:
        elsewhere[a : b + 1] = False
    for a, b in stretches:
        inside = slice(a, b + 1)
        if t_s[b] - t_s[a] >= LOCK_SHARE * (t_s[-1] - t_s[0]):  # there is nothing else to compare with
            both = comparable[inside]
            locked = (
                t_s[b] - t_s[a] >= LOCK_WHOLE_S
                and _correlation(hr[inside][both], cadence_spm[inside][both]) >= LOCK_CORRELATION
            )
        else:
            # One that begins with the recording, before the sensor has found the pulse, shows where it ends.
            begins = t_s[a] - t_s[0] > LOCK_JUMP_S
            jumps = _jump_onto(t_s, present, t_s[a]) if begins else _jump_near(t_s, present, t_s[b])
            expected = _expected(t_s, hr, speed_m_s, elsewhere, inside)
            locked = jumps and abs(np.nanmedian(hr[inside]) - expected) >= LOCK_MISMATCH_BPM
        out[inside] = locked
    return out


def _expected(t_s: np.ndarray, hr: np.ndarray, speed_m_s: np.ndarray, elsewhere: np.ndarray, inside: slice) -> float:
    """Heart rate that a stretch should show: what its speed costs within five minutes of it, else in the rest of the
    recording, where that speed was held for a minute; else that of the minutes around it. NaN where none is known."""
    bins = speed_m_s // WARM_UP_SPEED_BIN_M_S
    usual = np.nanmedian(bins[inside]) if not np.isnan(bins[inside]).all() else np.nan
    same = elsewhere & (bins == usual)
    a, b = t_s[inside][0], t_s[inside][-1]
    near = (t_s >= a - LOCK_NEAR_S) & (t_s <= b + LOCK_NEAR_S)
    seconds = durations(t_s)
    for cells in (same & near, same):
        if seconds[cells].sum() >= WARM_UP_LATER_S:
            return float(np.median(hr[cells]))
    around = elsewhere & (t_s >= a - WARM_UP_LATER_S) & (t_s <= b + WARM_UP_LATER_S)
    return float(np.median(hr[around])) if around.any() else float("nan")


def alike_stretches(t_s: np.ndarray, comparable: np.ndarray, alike: np.ndarray) -> list[tuple[int, int]]:
    """Index pairs of stretches covered by windows of 60 s in which nine tenths of the samples are alike."""
    ends = np.searchsorted(t_s, t_s + LOCK_S, side="right") - 1
    full = (t_s[ends] - t_s >= LOCK_S - LONGEST_BRIDGE_S) & (t_s + LOCK_S <= t_s[-1] + LONGEST_BRIDGE_S)
    total = np.concatenate(([0], np.cumsum(comparable)))
    same = np.concatenate(([0], np.cumsum(alike)))
    here = np.arange(t_s.size)
    known = total[ends + 1] - total[here]
    starts = full & (known >= 6) & (same[ends + 1] - same[here] >= LOCK_SHARE * known)
    cover = np.zeros(t_s.size + 1, dtype=np.int64)
    np.add.at(cover, here[starts], 1)
    np.add.at(cover, ends[starts] + 1, -1)
    covered = np.concatenate(([False], np.cumsum(cover[:-1]) > 0, [False]))
    edge = np.flatnonzero(np.diff(covered.astype(np.int8)))
    stretches = []
    for a, b in zip(edge[::2], edge[1::2] - 1, strict=True):
        matched = np.flatnonzero(alike[a : b + 1]) + a
        if matched.size and t_s[matched[-1]] - t_s[matched[0]] >= LOCK_S * LOCK_SHARE:
            stretches.append((int(matched[0]), int(matched[-1])))
    return stretches


def _jump_onto(t_s: np.ndarray, hr: np.ndarray, at_s: float) -> bool:
    """Whether heart rate jumps where a stretch begins, or did so while it was missing for up to a minute before. The
    step rate may have come near the heart rate some seconds before the sensor followed it."""
    if _jump_near(t_s, hr, at_s) or _jump_near(t_s, hr, at_s + LOCK_JUMP_S):
        return True
    known = ~np.isnan(hr)
    before, after = known & (t_s < at_s), known & (t_s >= at_s)
    if not before.any() or not after.any():
        return False
    last, first = np.flatnonzero(before)[-1], np.flatnonzero(after)[0]
    missing_s = t_s[first] - t_s[last]
    return bool(LOCK_JUMP_S < missing_s <= LOCK_S and abs(hr[first] - hr[last]) >= LOCK_JUMP_BPM)


def _jump_near(t_s: np.ndarray, hr: np.ndarray, at_s: float) -> bool:
    """Whether heart rate moves by 15 bpm or more within 10 s around a moment."""
    a, b = np.searchsorted(t_s, (at_s - LOCK_JUMP_S, at_s + LOCK_JUMP_S))
    time, value = t_s[a:b], hr[a:b]
    near = np.abs(time[:, None] - time[None, :]) <= LOCK_JUMP_S
    difference = np.abs(value[:, None] - value[None, :])
    return bool((near & (difference >= LOCK_JUMP_BPM)).any())


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 0 else 0.0


def _warming_up(
    t_s: np.ndarray, hr: np.ndarray, speed_m_s: np.ndarray, moving: np.ndarray, seconds: np.ndarray
) -> np.ndarray:
    """Early samples more than 25 bpm above what the same speed costs later: a sensor not yet in contact."""
    out = np.zeros(hr.size, dtype=bool)
    usable = ~np.isnan(hr) & ~np.isnan(speed_m_s) & (np.asarray(moving) > 0)
    bins = np.where(usable, speed_m_s, 0.0) // WARM_UP_SPEED_BIN_M_S
    early = usable & (t_s - t_s[0] < WARM_UP_S)
    later = usable & ~early
    for speed in np.unique(bins[early]):
        same = later & (bins == speed)
        if seconds[same].sum() >= WARM_UP_LATER_S:
            here = early & (bins == speed)
            out[here] = hr[here] > np.median(hr[same]) + WARM_UP_BPM
    return out


def _bridged(t_s: np.ndarray, hr: np.ndarray) -> np.ndarray:
    """Missing samples between good ones at most 10 s apart, on a straight line."""
    good = ~np.isnan(hr)
    where = np.flatnonzero(good)
    gap = np.flatnonzero(~good)
    gap = gap[(gap > where[0]) & (gap < where[-1])] if where.size else gap[:0]
    if gap.size == 0:
        return hr
    after = np.searchsorted(where, gap)
    short = t_s[where[after]] - t_s[where[after - 1]] <= LONGEST_BRIDGE_S
    out = hr.copy()
    out[gap[short]] = np.interp(t_s[gap[short]], t_s[where], hr[where])
    return out


def peak_20s(t_s: np.ndarray, hr: np.ndarray) -> float | None:
    """Highest rolling median of 20 s of cleaned heart rate, whole bpm; None without 16 s of it in any window.

    Where a window holds an even number of samples the lower of the two middle ones counts, so that no single
    sample makes a peak.
    """
    good = ~np.isnan(hr)
    time, rate = t_s[good], hr[good]
    if time.size < 3:
        return None
    here = np.arange(time.size)
    ends = np.searchsorted(time, time + PEAK_S, side="left")
    filled = np.concatenate(([0.0], np.cumsum(durations(time))))
    whole = (filled[ends] - filled[here] >= PEAK_FILLED_S) & (ends - here >= 3)
    if not whole.any():
        return None
    need = ((ends - here) // 2 + 1)[whole]
    begin, end = here[whole], ends[whole]

    def reached(level: float) -> bool:
        count = np.concatenate(([0], np.cumsum(rate >= level)))
        return bool((count[end] - count[begin] >= need).any())

    low, high = int(np.floor(rate.min())), int(np.floor(rate.max())) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if reached(middle) else (low, middle)
    return float(low)
