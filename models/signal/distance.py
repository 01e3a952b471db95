"""One cumulative distance for a recording, from the best witness it has: its own counter, its places, its speed."""

from __future__ import annotations

import itertools

import numpy as np
from steadymile.models.recording import Flag
from steadymile.models.signal.cleaned import Cleaned
from steadymile.models.signal.gaps import moved_through
from steadymile.models.signal.grid import gap_limit_s
from steadymile.models.signal.outliers import haversine_m, reject_jumps
from steadymile.models.signal.scatter import scattering, smoothed
from steadymile.models.signal.series import Bools, Floats, Ints, run_lengths
from steadymile.models.signal.vehicle import STEPPING_SPM, on_foot
from steadymile.models.units import MILE_M

LONGEST_GAP_S = 60.0
LONGEST_SPEED_GAP_S = 10.0
FELL_M = 1.0
COARSE_S = 30.0
STILL_M = 20.0
FASTEST_AVERAGE_M_S = 7.0
"""Over a minute and more nobody runs faster."""
USUAL_SHARE, SPARSE_STEP_S = 0.6, 5.0
"""Where less than this of the time was recorded, by samples that are rare themselves, gaps are how the device samples,
not pauses (design values)."""
UNITS = (MILE_M / 1000.0, 1000.0 / MILE_M)
UNIT_TOLERANCE, UNIT_SPREAD, LEAST_WAY_M, LONGEST_STEP_S, QUARTERS = 0.04, 0.03, 800.0, 30.0, 4
"""A counter that has 1.609 or 0.621 times the way of dense places, in each quarter alike, counts in the other unit. Of
266 recordings with both, none lies within the tolerance (design values)."""
WINDOW_S, HARDLY_M, FEWEST_S, SEEN_S = 60.0, 6.0, 180.0, 10.0
SLOWEST_M_S, LEAST_LACKING_M, HALF_M, STRAIGHT = 1.2, 150.0, 30.0, 0.5
"""A minute in which the counter hardly moves and the place does, at a pace on foot, in both its halves and by no more
than twice the straight line, three minutes on end and without a hole: a pod that fell off. A receiver indoors drifts at
up to 0.7 m/s, leaps, and comes back within two minutes (design values)."""

Stretches = tuple[tuple[float, float], ...] | None


def clean_distance(
    cleaned: Cleaned, position_broken: Bools, limit_m_s: float, timer: Stretches, stored_m: float | None
) -> None:
    """Give `cleaned` a distance that never falls: the file's counter, else places, else speed; or leave it unknown.

    A counter that stands still while the places move more than 200 m is not believed; nor is one that sees less than
    half of their way, unless the device's own total `stored_m` agrees with it, nor one in miles. Where it stood still
    for minutes while they went on, their way counts.
    """
    counted = cleaned.columns["distance_m"]
    known = ~np.isnan(counted)
    if np.count_nonzero(known) >= 2:
        counted = _clean_counter(cleaned, counted.copy(), known, limit_m_s, stored_m)
        total = float(np.nanmax(counted) - np.nanmin(counted))
        path = _coarse_path_m(cleaned)
        agrees = stored_m is not None and total >= STILL_M and abs(total - stored_m) <= 0.2 * stored_m
        mistaken = _in_other_unit(cleaned, counted, position_broken, path)
        if not mistaken and (path < 200.0 or total >= 0.5 * path or agrees):
            counted = _carried_on(cleaned, counted, position_broken, _stops(cleaned.t_s, timer), path)
            cleaned.put("distance_m", counted)
            cleaned.distance_source = "file"
            cleaned.bridged = moved_through(cleaned.t_s, counted, timer, gap_limit_s(cleaned.t_s))
            return
    from_places = _distance_of_places(cleaned, position_broken, timer)
    derived, source = (from_places, "positions") if from_places is not None else (_of_speed(cleaned), "speed")
    if derived is None:
        cleaned.put("distance_m", np.full(cleaned.t_s.size, np.nan))
        return
    cleaned.put("distance_m", derived)
    cleaned.distance_source = source
    cleaned.flags[~np.isnan(derived)] |= Flag.DISTANCE_DERIVED


def _clean_counter(cleaned: Cleaned, d: Floats, known: Bools, limit_m_s: float, stored_m: float | None) -> Floats:
    """The file's own counter without resets and leaps.

    Where its end agrees with the session's own total, a leap only catches up on samples that were lost: the counter
    stays as it is, and the leap is marked as not travelled in that moment.
    """
    t = cleaned.t_s
    index = np.flatnonzero(known)
    agrees = stored_m is not None and abs(float(d[index[-1]] - d[index[0]]) - stored_m) <= 0.01 * stored_m
    step = np.diff(d[index])
    if ((step >= 0) & (step <= limit_m_s * np.maximum(np.diff(t[index]), 1.0))).all():
        return d
    _spread_catch_up(cleaned, d, index, limit_m_s)
    step = np.diff(d[index])
    climbs_on = agrees and bool((step >= 0).all())
    if not climbs_on and (step > limit_m_s * np.maximum(np.diff(t[index]), 1.0)).any():
        # A leap up that comes down again is a bad reading; a counter that only falls was set to zero.
        rejected, _ = reject_jumps(t, ~np.isnan(d), lambda i, j: np.abs(d[j] - d[i]), limit_m_s)
        cleaned.flags[rejected] |= Flag.VALUE_INVALID
        d[rejected] = np.nan
        index = np.flatnonzero(~np.isnan(d))
    step, dt = np.diff(d[index]), np.diff(t[index])
    fell = step < -FELL_M
    leapt = step > limit_m_s * np.maximum(dt, 1.0)
    for at in np.flatnonzero(fell):
        cleaned.flags[index[at + 1 :]] |= Flag.DISTANCE_RESET
    cleaned.distance_broken[index[1:][leapt]] = True
    step[step < 0] = 0.0
    if not agrees:
        step[leapt] = 0.0
    d[index] = d[index[0]] + np.concatenate(([0.0], np.cumsum(step)))
    return d


def _in_other_unit(cleaned: Cleaned, counted_m: Floats, broken: Bools, coarse_m: float) -> bool:
    """Whether the counter took miles for kilometres, or kilometres for miles, all along. `coarse_m` is the way through
    places half a minute apart, never longer than the true one."""
    total = float(np.nanmax(counted_m) - np.nanmin(counted_m))
    if coarse_m < LEAST_WAY_M / 2 or 0.75 * coarse_m < total < 1.5 * coarse_m:
        return False
    lat, lon, t = cleaned.columns["latitude_deg"], cleaned.columns["longitude_deg"], cleaned.t_s
    at = np.flatnonzero(~np.isnan(lat) & ~np.isnan(counted_m))
    if at.size < QUARTERS * 10:
        return False
    before, after = at[:-1], at[1:]
    way = haversine_m(lat[before], lon[before], lat[after], lon[after])
    count = np.maximum(counted_m[after] - counted_m[before], 0.0)
    dense = ~broken[after] & (t[after] - t[before] <= LONGEST_STEP_S)
    if way[dense].sum() < LEAST_WAY_M or count[dense].sum() < 0.9 * total:
        return False
    parts = [part[dense[part]] for part in np.array_split(np.arange(way.size), QUARTERS)]
    ratios = np.array([count[part].sum() / max(way[part].sum(), 1.0) for part in parts])
    whole = float(count[dense].sum() / way[dense].sum())
    return any(
        abs(whole - unit) <= UNIT_TOLERANCE * unit and (np.abs(ratios - whole) <= UNIT_SPREAD * whole).all()
        for unit in UNITS
    )


def _carried_on(cleaned: Cleaned, counted_m: Floats, broken: Bools, stopped: Bools, coarse_m: float) -> Floats:
    """The counter with the way of the places where it stood still and they went on, on foot; the steps of a sensor that
    counted none there are unknown. `stopped` marks samples before which the timer stood still."""
    total = float(np.nanmax(counted_m) - np.nanmin(counted_m))
    if coarse_m - total < LEAST_LACKING_M:
        return counted_m
    lat, lon, t = cleaned.columns["latitude_deg"], cleaned.columns["longitude_deg"], cleaned.t_s
    at = np.flatnonzero(~np.isnan(lat) & ~np.isnan(counted_m))
    if at.size < 10:
        return counted_m
    time = t[at]
    later = np.minimum(np.searchsorted(time, time + WINDOW_S), at.size - 1)
    middle = np.minimum(np.searchsorted(time, time + WINDOW_S / 2), at.size - 1)
    span = time[later] - time
    way = haversine_m(lat[at[:-1]], lon[at[:-1]], lat[at[1:]], lon[at[1:]])
    along = np.concatenate(([0.0], np.cumsum(way)))

    def apart(i: Ints | slice, j: Ints) -> Floats:
        return haversine_m(lat[at[i]], lon[at[i]], lat[at[j]], lon[at[j]])

    chord, halves = apart(slice(None), later), np.minimum(apart(slice(None), middle), apart(middle, later))
    full = (span >= WINDOW_S) & (span <= 1.5 * WINDOW_S)
    goes_on = (chord >= SLOWEST_M_S * span) & (chord <= FASTEST_AVERAGE_M_S * span)
    goes_on &= (halves >= HALF_M) & (chord >= STRAIGHT * (along[later] - along))
    holes = np.concatenate(([0], np.cumsum(np.diff(time) > SEEN_S)))
    full &= holes[later] == holes
    rest = np.cumsum(stopped)[at]
    lost = full & goes_on & (counted_m[at[later]] - counted_m[at] <= HARDLY_M) & (rest[later] == rest)
    cover = np.zeros(at.size + 1, np.int64)
    np.add.at(cover, np.flatnonzero(lost) + 1, 1)
    np.add.at(cover, later[lost] + 1, -1)
    covered = np.cumsum(cover)[: at.size] > 0
    step = np.diff(counted_m[at])
    counts = ~covered & np.append(step > 0, False)
    steps, heart = cleaned.columns["cadence_spm"], cleaned.columns["heart_rate_bpm"][at]
    starts, lengths = run_lengths(covered.astype(np.int64))
    for a, n in zip(starts, lengths):
        part = slice(int(a), int(a + n))
        if covered[a] and (
            time[a + n - 1] - time[a] < FEWEST_S or not on_foot(time, along, steps[at], heart, part, counts)
        ):
            covered[part] = False
    if not covered.any():
        return counted_m
    step = np.where(covered[1:] & ~broken[at[1:]], np.maximum(way, step), step)
    found = counted_m.copy()
    found[at] = counted_m[at[0]] + np.concatenate(([0.0], np.cumsum(step)))
    between = np.isnan(lat) & ~np.isnan(counted_m)
    if between.any():  # samples without a place go on from the nearest one before them
        near = np.clip(np.searchsorted(at, np.flatnonzero(between), side="right") - 1, 0, None)
        found[between] += found[at[near]] - counted_m[at[near]]
    inside = at[covered]
    cleaned.flags[inside] |= Flag.DISTANCE_DERIVED
    if (steps[inside] < STEPPING_SPM).any():
        steps = steps.copy()
        steps[inside[steps[inside] < STEPPING_SPM]] = np.nan
        cleaned.put("cadence_spm", steps)
    return found


def _spread_catch_up(cleaned: Cleaned, d: Floats, index: np.ndarray, limit_m_s: float) -> None:
    """A counter that stood still (no reception) and then catches up at once was moving all the while.

    The readings of the standstill become unknown and are laid evenly between its ends, when that gives a speed that
    is possible.
    """
    t = cleaned.t_s
    step = np.diff(d[index])
    for at in np.flatnonzero(step > limit_m_s * np.maximum(np.diff(t[index]), 1.0)):
        still = int(at)
        while still > 0 and 0 <= step[still - 1] <= 0.2 * (t[index[still]] - t[index[still - 1]]):
            still -= 1
        start, end = index[still], index[at + 1]
        if still < at and 0 < d[end] - d[start] <= 7.0 * (t[end] - t[start]):
            inner = index[still + 1 : at + 1]
            d[inner] = np.interp(t[inner], [t[start], t[end]], [d[start], d[end]])
            cleaned.flags[inner] |= Flag.DISTANCE_DERIVED


def _distance_of_places(cleaned: Cleaned, broken: Bools, timer: Stretches) -> Floats | None:
    """Cumulative great-circle distance; gaps in recording add nothing unless they were moved through, and stops of the
    timer never. Over a gap the straight line is a lower bound. Places that scatter as no receiver's do are smoothed."""
    lat, lon, t = cleaned.columns["latitude_deg"], cleaned.columns["longitude_deg"], cleaned.t_s
    index = np.flatnonzero(~np.isnan(lat))
    if index.size < 2:
        return None
    before, after = index[:-1], index[1:]
    scatter = scattering(lat[index], lon[index], t[index])
    if scatter is not None:
        cleaned.scatter_m = scatter.sd_m
        apart = broken[after] | (_stopped_between(t[before], t[after], timer) if timer else False)
        lat, lon = lat.copy(), lon.copy()
        lat[index], lon[index] = smoothed(lat[index], lon[index], t[index], apart, scatter)
    step = haversine_m(lat[before], lon[before], lat[after], lon[after])
    # Lost reception while samples go on is travel unseen: the straight line is its lower bound. Lost samples are not.
    longest_gap = np.zeros(t.size)
    longest_gap[1:] = np.diff(t)
    gaps = np.maximum.reduceat(longest_gap[: int(after[-1]) + 1], before + 1)
    step[broken[after]] = 0.0
    if timer:
        step[_stopped_between(t[before], t[after], timer)] = 0.0
    wide = gaps > LONGEST_GAP_S
    if wide.any():
        along = np.full(t.size, np.nan)
        along[index] = np.concatenate(([0.0], np.cumsum(step)))
        cleaned.bridged = moved_through(t, along, timer, gap_limit_s(t))
        bridged = np.concatenate(([0], np.cumsum(cleaned.bridged)))
        recorded = gaps <= gap_limit_s(t)
        steps = np.diff(t)
        share = float(steps[(steps <= gap_limit_s(t)) | cleaned.bridged[1:]].sum()) / max(float(t[-1] - t[0]), 1.0)
        if not timer and share < USUAL_SHARE and float(np.median(steps)) >= SPARSE_STEP_S:
            cleaned.bridged[:] = False
            cleaned.recorded_share = share
            step[wide & (step > FASTEST_AVERAGE_M_S * (t[after] - t[before]))] = 0.0
        else:
            step[wide & ~recorded & (bridged[after + 1] == bridged[before + 1])] = 0.0
    result = np.full(t.size, np.nan)
    result[index] = np.concatenate(([0.0], np.cumsum(step)))
    return result


def _stops(t_s: Floats, timer: Stretches) -> Bools:
    """Samples before which the timer stood still."""
    stopped = np.zeros(t_s.size, np.bool_)
    for (_, stopped_at), (restarted_at, _) in itertools.pairwise(timer or ()):
        stopped |= (t_s > stopped_at) & (t_s <= restarted_at)
    return stopped


def _stopped_between(start: Floats, stop: Floats, timer: tuple[tuple[float, float], ...]) -> Bools:
    """True where the timer stood still for more than 2 s between two times."""
    stopped = np.zeros(start.size, np.bool_)
    for (_, stopped_at), (restarted_at, _) in itertools.pairwise(timer):
        if restarted_at - stopped_at > 2.0:
            stopped |= (np.minimum(stop, restarted_at) - np.maximum(start, stopped_at)) > 1.0
    return stopped


def _coarse_path_m(cleaned: Cleaned) -> float:
    """Length of the path through places half a minute apart: deaf to the noise of a receiver at rest."""
    lat, lon, t = cleaned.columns["latitude_deg"], cleaned.columns["longitude_deg"], cleaned.t_s
    index = np.flatnonzero(~np.isnan(lat))
    if index.size < 2:
        return 0.0
    _, first = np.unique(np.floor(t[index] / COARSE_S), return_index=True)
    at = index[first]
    return float(haversine_m(lat[at[:-1]], lon[at[:-1]], lat[at[1:]], lon[at[1:]]).sum())


def _of_speed(cleaned: Cleaned) -> Floats | None:
    """Distance as speed times time, over steps of at most 10 s; None where no speed is known."""
    speed, t = cleaned.columns["speed_m_s"], cleaned.t_s
    index = np.flatnonzero(~np.isnan(speed))
    if index.size < 2:
        return None
    dt = np.minimum(np.diff(t[index]), LONGEST_SPEED_GAP_S)
    step = dt * (speed[index[:-1]] + speed[index[1:]]) / 2
    result = np.full(t.size, np.nan)
    result[index] = np.concatenate(([0.0], np.cumsum(step)))
    return result
