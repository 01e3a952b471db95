"""The drive home with the watch on: what was moved on wheels in a session on foot is no part of it."""

from __future__ import annotations

import itertools

import numpy as np
from steadymile.models.signal.series import Bools, Floats, Ints, run_lengths

RIDE_M_S, RIDE_S, RIDE_M = 8.0, 90.0, 1_000.0
LONGER_S, FASTEST_RUN_M_S = (90.0, 450.0, 800.0, 1_600.0, 3_600.0, 7_300.0), (8.0, 7.1, 6.8, 6.55, 6.1, 5.95)
"""Faster for so long than anybody runs: the world's best over 800 m to the marathon (101 s at 7.9 m/s, 755 s at 6.6,
2 h at 5.8), and 2 to 3 % more."""
STILL_RIDING_M_S = 5.0
FASTEST_M_S = 70.0
SMOOTH_S = 15.0
TRAFFIC_S = 300.0
"""Between two rides no farther apart one sat in the same vehicle."""
FEWEST_SAMPLES = 10
STEPPING_SPM, FEWEST_STEPPED_S, STEPLESS_S, STEPLESS_M = 40.0, 120.0, 120.0, 300.0
STEPLESS_M_S, STEPLESS_FASTER = 3.5, 1.25
"""Without a step for two minutes, at more than the first speed and so much faster than where steps were counted, one
sat on or in something. Slower, the sensor may have lost the steps: hands on a stroller do not swing (design values)."""
STILL_GOING_M_S = 2.0
LOST_S, LOST_M_S, HEART_BPM = 60.0, 2.2, 5.0
"""For so long no steps, at a speed that nobody walks and below that of a ride (`STILL_RIDING_M_S`), and the heart no
more than so far below what it did with steps: the sensor lost them (design values)."""

LONGEST_STEP_S, LONGEST_STEP_M = 30.0, 3.0
"""Steps longer than the second, taken over what was recorded at least every so often, are nobody's: sprinters' have
2.7 m (design values)."""


def riding(t_s: Floats, along_m: Floats, cadence_spm: Floats | None = None) -> Bools:
    """Samples reached on wheels. `along_m` is the distance so far, NaN where unknown; `cadence_spm` steps a minute."""
    found = np.zeros(t_s.size, np.bool_)
    known = np.flatnonzero(~np.isnan(along_m))
    if known.size < FEWEST_SAMPLES or float(along_m[known].max() - along_m[known].min()) < RIDE_M:
        return found
    t, d = t_s[known], along_m[known]
    # Most recordings have no ride: the fastest quarter of a minute tells them at once.
    later = np.minimum(np.searchsorted(t, t + SMOOTH_S), t.size - 1)
    over = t[later] - t
    with np.errstate(invalid="ignore", divide="ignore"):
        ahead = np.where(over >= SMOOTH_S, (d[later] - d) / over, 0.0)
    ridden = _too_fast(t, d, later, ahead)
    if cadence_spm is not None:
        ridden |= _without_steps(t, d, ahead, cadence_spm[known])
    if not ridden.any():
        return found
    at = np.flatnonzero(ridden)
    for a, b in itertools.pairwise(at.tolist()):
        if b - a > 1 and t[b] - t[a] <= TRAFFIC_S:
            ridden[a:b] = True
    found[known[ridden]] = True
    first, last = known[at[0]], known[at[-1]]
    inside = np.flatnonzero(np.isnan(along_m[first : last + 1])) + first
    if inside.size:
        before = np.maximum(np.searchsorted(known, inside) - 1, 0)
        found[inside] = ridden[np.minimum(before + 1, known.size - 1)]
    return found


def lost_steps(t_s: Floats, along_m: Floats, cadence_spm: Floats, heart_rate_bpm: Floats) -> Bools:
    """Samples without a step in which one ran on: faster than anybody walks, slower than a bicycle that makes the heart
    beat so, and the heart as high as where steps were counted. `heart_rate_bpm` as recorded, NaN where unknown."""
    found = np.zeros(t_s.size, np.bool_)
    known = np.flatnonzero(~np.isnan(along_m) & ~np.isnan(cadence_spm))
    heart = np.where((heart_rate_bpm > 0) & (heart_rate_bpm < 250), heart_rate_bpm, np.nan)[known]
    stepping = cadence_spm[known] >= STEPPING_SPM
    if known.size < FEWEST_SAMPLES or stepping.all() or np.isnan(heart).all():
        return found
    t, d = t_s[known], along_m[known]
    step_s = np.minimum(np.diff(t, append=t[-1]), SMOOTH_S)
    if float(step_s[stepping].sum()) < FEWEST_STEPPED_S or np.isnan(heart[stepping]).all():
        return found
    own = float(np.nanmedian(heart[stepping]))
    starts, lengths = run_lengths((~stepping).astype(np.int64))
    for a, n in zip(starts, lengths):
        b = int(a + n - 1)
        lasted = float(t[b] - t[a])
        way = float(d[b] - d[a])
        if stepping[a] or lasted < LOST_S or not LOST_M_S * lasted <= way < STILL_RIDING_M_S * lasted:
            continue
        heard = heart[a : b + 1][~np.isnan(heart[a : b + 1])]
        if 2 * heard.size >= n and float(np.median(heard)) >= own - HEART_BPM:
            found[known[a : b + 1]] = True
    return found


def counts_something_else(t_s: Floats, along_m: Floats, cadence_spm: Floats) -> bool:
    """Whether what stands where the step rate does counts something else, such as steps a second: nobody's steps are so
    few and so long. A counter that stands at 0 saw nothing, and is judged by what was done; one that counted steps for
    two minutes counts steps, however it shakes on a bicycle."""
    counted = cadence_spm > 0
    if not counted.any() or float(np.median(cadence_spm[counted])) >= STEPPING_SPM:
        return False
    known = np.flatnonzero(~np.isnan(along_m) & counted)
    step_s = np.minimum(np.diff(t_s[known]), LONGEST_STEP_S)
    spm = cadence_spm[known[1:]]
    if float(step_s[spm >= STEPPING_SPM].sum()) >= FEWEST_STEPPED_S:
        return False
    steps = float((step_s * spm).sum()) / 60.0
    way = float(np.maximum(np.diff(along_m[known]), 0.0)[np.diff(t_s[known]) <= LONGEST_STEP_S].sum())
    return way > LONGEST_STEP_M * steps


def on_foot(
    t_s: Floats, along_m: Floats, cadence_spm: Floats, heart_rate_bpm: Floats, part: slice, counts: Bools
) -> bool:
    """Whether one went on foot in a `part` in which a counter of steps stood still, not on a ferry or a bicycle: with
    steps; else slower than a ride, and the heart as high as where the counter `counts`; where no heart was heard, not
    much faster than there. `along_m` by the places."""
    samples = t_s[part].size
    if np.count_nonzero(cadence_spm[part] >= STEPPING_SPM) * 2 > samples:
        return True
    pace = float((along_m[part][-1] - along_m[part][0]) / (t_s[part][-1] - t_s[part][0]))
    if pace >= STILL_RIDING_M_S or not counts.any():
        return False
    heard, usual = (x[(x > 0) & (x < 250)] for x in (heart_rate_bpm[part], heart_rate_bpm[counts]))
    if heard.size * 2 >= samples and usual.size * 2 >= np.count_nonzero(counts):
        return bool(np.median(heard) >= np.median(usual) - HEART_BPM)
    counted = np.flatnonzero(counts[:-1])
    own = float((along_m[counted + 1] - along_m[counted]).sum() / (t_s[counted + 1] - t_s[counted]).sum())
    return pace <= STEPLESS_FASTER * own


def _too_fast(t: Floats, d: Floats, later: Ints, ahead: Floats) -> Bools:
    """Where one goes on faster, for as long as it lasts, than anybody runs."""
    ridden = np.zeros(t.size, np.bool_)
    if np.count_nonzero(ahead > FASTEST_RUN_M_S[-1]) < FEWEST_SAMPLES:
        return ridden
    fast = (ahead > STILL_RIDING_M_S) & (ahead < FASTEST_M_S)
    starts, lengths = run_lengths(fast.astype(np.int64))
    for a, n in zip(starts, lengths):
        b = min(int(later[a + n - 1]), t.size - 1)
        way, lasted = float(d[b] - d[a]), float(t[b] - t[a])
        if not fast[a] or n < FEWEST_SAMPLES or lasted < RIDE_S or way < RIDE_M:
            continue
        if way / lasted > np.interp(lasted, LONGER_S, FASTEST_RUN_M_S):
            pace = np.diff(d[a : b + 1]) / np.maximum(np.diff(t[a : b + 1]), 1e-3)
            quick = np.flatnonzero(pace > STILL_RIDING_M_S)  # the window reaches into the steps before and after
            ridden[a + 1 + quick[0] : a + 2 + quick[-1]] = True
    return ridden


def _without_steps(t: Floats, d: Floats, ahead: Floats, cadence_spm: Floats) -> Bools:
    """Where one goes on much faster than with steps, and none is counted, in a recording that counts them."""
    ridden = np.zeros(t.size, np.bool_)
    if np.count_nonzero(ahead > STEPLESS_M_S) < FEWEST_SAMPLES:
        return ridden
    step_s = np.minimum(np.diff(t, append=t[-1]), SMOOTH_S)
    stepping = cadence_spm >= STEPPING_SPM
    counted_s = float(step_s[stepping].sum())
    still = ~np.isnan(cadence_spm) & ~stepping & (ahead > STEPLESS_M_S)
    if counted_s < FEWEST_STEPPED_S or float(step_s[still].sum()) < STEPLESS_S:
        return ridden
    own = float(np.median(ahead[stepping & (ahead > 0)])) if (stepping & (ahead > 0)).any() else 0.0
    least = max(STEPLESS_M_S, STEPLESS_FASTER * own)
    starts, lengths = run_lengths((~stepping & ~np.isnan(cadence_spm)).astype(np.int64))
    for a, n in zip(starts, lengths):
        b = int(a + n - 1)
        if stepping[a] or np.isnan(cadence_spm[a]):
            continue
        quick = np.flatnonzero(ahead[a : b + 1] > least) + a
        if not quick.size or float(step_s[quick].sum()) < STEPLESS_S:
            continue
        first, last = int(quick[0]), min(int(quick[-1]) + 1, b)
        way, lasted = float(d[last] - d[first]), float(t[last] - t[first])
        if way >= STEPLESS_M and way / max(lasted, 1.0) > STILL_GOING_M_S:
            ridden[first + 1 : last + 1] = True
    return ridden
