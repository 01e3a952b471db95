"""From samples as a file has them to samples that can be believed, with every touch flagged (science 2.1).

Nothing is invented: a reading that cannot be true becomes unknown, never a better-looking number.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from steadymile.models.recording import SAMPLES, Activity, Flag
from steadymile.models.signal.cleaned import Cleaned
from steadymile.models.signal.distance import FASTEST_AVERAGE_M_S, clean_distance
from steadymile.models.signal.gaps import SLOWEST_M_S
from steadymile.models.signal.outliers import along_places, haversine_m, reject_jumps, sliding_in
from steadymile.models.signal.scatter import REACH, scattering, smoothed
from steadymile.models.signal.series import Bools, Floats, Ints
from steadymile.models.signal.vehicle import STEPPING_SPM, counts_something_else, lost_steps, riding
from steadymile.models.sport import is_run, is_walk

MICRO = 1_000_000
APART_US = 7 * 86_400 * MICRO
FOOT_LIMIT_M_S = 12.0
OTHER_LIMIT_M_S = 60.0
FOOT_CLIMB_M_S = 5.0
OTHER_CLIMB_M_S = 15.0
PLACEHOLDER_M = -500.0
STALE_S = 5.0
"""A fix that is repeated for so long was not taken anew; repeated for longer, the runner stood there."""
STAYS_S = 10.0
"""A fix that comes back within it was a leap of the receiver (design value)."""
ZERO_HEIGHT_SAMPLES, ONE_HEIGHT_SAMPLES = 30, 600
LOWEST_M, HIGHEST_M = -450.0, 9_000.0


RANGES: dict[str, tuple[float, float]] = {
    "speed_m_s": (0.0, OTHER_LIMIT_M_S),
    "cadence_spm": (0.0, 300.0),
    "power_w": (0.0, 3_000.0),
    "temperature_c": (-60.0, 70.0),
    "distance_m": (-1e8, 1e8),
}


def clean(activity: Activity) -> Cleaned:
    """Everything but heart rate, which needs to know when the body moved and is cleaned after the track is laid."""
    frame, dropped = _in_time_order(activity.samples)
    time_us = _microseconds(frame)
    columns = {
        name: frame[name].to_numpy().astype(np.float64) for name in SAMPLES if name not in ("time", "t_s", "flags")
    }
    flags = frame["flags"].to_numpy().astype(np.int32)
    start_us = _start_us(activity, time_us)
    t_s = (time_us - start_us) / MICRO
    nowhere = np.zeros(t_s.size, np.bool_)
    cleaned = Cleaned(
        frame, t_s, columns, flags, nowhere, nowhere.copy(), nowhere.copy(), nowhere.copy(), dropped=dropped
    )
    if t_s.size == 0:
        return cleaned
    on_foot = is_run(activity.sport) or is_walk(activity.sport)
    for name, values in columns.items():
        if np.count_nonzero(np.isnan(values)) > frame[name].null_count():
            cleaned.put(name, values)
    stored_m = activity.stored.distance_m
    if on_foot:
        _set_down(cleaned)
        stored_m = None if stored_m is None else max(stored_m - cleaned.ridden_m, 0.0)
    _clean_ranges(cleaned, on_foot)
    position_broken = _clean_positions(cleaned, on_foot)
    _clean_altitude(cleaned, on_foot)
    limit = FOOT_LIMIT_M_S if on_foot else OTHER_LIMIT_M_S
    clean_distance(cleaned, position_broken, limit, activity.timer, stored_m)
    return cleaned


def _set_down(cleaned: Cleaned) -> None:
    """Take a vehicle's part out of a session on foot: its way, places and speeds are nobody's running. Where one ran
    on without steps, the sensor of these lost them."""
    counted = cleaned.columns["distance_m"]
    lat, lon = cleaned.columns["latitude_deg"], cleaned.columns["longitude_deg"]
    if np.count_nonzero(~np.isnan(counted)) >= 2:
        along = counted
    elif (placed := np.flatnonzero((np.abs(lat) <= 90) & (np.abs(lon) <= 180))).size >= 2:
        along = along_places(placed, lat, lon)
        if riding(cleaned.t_s, along, cleaned.columns["cadence_spm"]).any():  # or it only scatters so much
            north, east, t = lat[placed], lon[placed], cleaned.t_s[placed]
            if (scatter := scattering(north, east, t)) is not None:
                lat, lon = lat.copy(), lon.copy()
                lat[placed], lon[placed] = smoothed(north, east, t, np.zeros(t.size - 1, np.bool_), scatter)
                along = along_places(placed, lat, lon)
    else:
        return
    cadence = cleaned.columns["cadence_spm"]
    if counts_something_else(cleaned.t_s, along, cadence):
        cleaned.flags[cadence > 0] |= Flag.VALUE_INVALID
        cadence = np.full(cadence.size, np.nan)
        cleaned.put("cadence_spm", cadence)
    lost = lost_steps(cleaned.t_s, along, cadence, cleaned.columns["heart_rate_bpm"])
    if lost.any():
        cadence = np.where(lost, np.nan, cadence)
        cleaned.put("cadence_spm", cadence)
    ridden = riding(cleaned.t_s, along, cadence)
    if not ridden.any():
        return
    cleaned.ridden = ridden
    cleaned.flags[ridden] |= Flag.VEHICLE
    known = np.flatnonzero(~np.isnan(along))
    way = np.where(ridden[known][1:], np.maximum(np.diff(along[known]), 0.0), 0.0)
    cleaned.ridden_m = float(way.sum())
    if along is counted:
        walked = counted.copy()
        walked[known[1:]] -= np.cumsum(way)
        cleaned.put("distance_m", walked)
    for name in ("latitude_deg", "longitude_deg", "speed_m_s", "cadence_spm"):
        values = cleaned.columns[name].copy()
        values[ridden] = np.nan
        cleaned.put(name, values)


def _in_time_order(samples: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Samples sorted by time, one a timestamp, without those whose time is absurd; and how many were left out."""
    frame = samples if samples.schema == SAMPLES and not samples["flags"].null_count() else _in_schema(samples)
    timed = frame.drop_nulls("time") if frame["time"].null_count() else frame
    dropped = frame.height - timed.height
    if timed.height < 2:
        return timed, dropped
    time_us = _microseconds(timed)
    if (np.diff(time_us) <= 0).any():
        timed, time_us = _sorted(timed, time_us)
    apart = np.flatnonzero(np.diff(time_us) > APART_US)
    if apart.size:
        # A week without a sample: the larger part is the recording, the rest a clock that was not set.
        edges = np.concatenate(([0], apart + 1, [time_us.size]))
        largest = int(np.argmax(np.diff(edges)))
        low, high = int(edges[largest]), int(edges[largest + 1])
        dropped += timed.height - (high - low)
        timed = timed.slice(low, high - low)
    return timed, dropped


def _microseconds(frame: pl.DataFrame) -> Ints:
    """Times in microseconds since 1970, as SAMPLES keeps them."""
    return frame["time"].to_numpy().view(np.int64)


def _in_schema(samples: pl.DataFrame) -> pl.DataFrame:
    """Samples with the columns and types of SAMPLES; what is not there is unknown."""
    return samples.select(
        pl.col(name).cast(kind) if name in samples.columns else pl.lit(None, kind).alias(name)
        for name, kind in SAMPLES.items()
    ).with_columns(pl.col("flags").fill_null(0))


def _sorted(frame: pl.DataFrame, time_us: Ints) -> tuple[pl.DataFrame, Ints]:
    """Backward samples flagged and sorted into place; samples of one instant merged, later values first."""
    late = np.maximum.accumulate(time_us)
    backward = np.zeros(time_us.size, np.bool_)
    backward[1:] = time_us[1:] < late[:-1]
    order = np.argsort(time_us, kind="stable")
    marked = frame["flags"].to_numpy() | np.where(backward, np.int32(Flag.TIME_BACKWARD), np.int32(0))
    sorted_us = time_us[order]
    same = np.diff(sorted_us) == 0
    flags = marked[order].astype(np.int32)
    if same.any():
        twin = np.concatenate((same, [False])) | np.concatenate(([False], same))
        flags |= np.where(twin, np.int32(Flag.TIME_DUPLICATE), np.int32(0))
    frame = frame[order].with_columns(pl.Series("flags", flags))
    if same.any():
        values = [name for name in frame.columns if name not in ("time", "flags")]
        frame = frame.group_by("time", maintain_order=True).agg(
            *(pl.col(name).drop_nulls().last() for name in values), pl.col("flags").bitwise_or()
        )
        frame = frame.select(list(SAMPLES))
    return frame, np.unique(sorted_us)


def _start_us(activity: Activity, time_us: Ints) -> int:
    """The zero of t_s: the activity's start, or the first sample where the stated start is absurd."""
    start = int(activity.started_at.timestamp() * MICRO)
    if time_us.size and abs(int(time_us[0]) - start) > APART_US:
        return int(time_us[0])
    return start


def _clean_ranges(cleaned: Cleaned, on_foot: bool) -> None:
    """Infinite, NaN and impossible values of the plain columns become unknown."""
    for name, (low, high) in RANGES.items():
        values = cleaned.columns[name]
        top = FOOT_LIMIT_M_S + 0.5 if on_foot and name == "speed_m_s" else high
        bad = (values < low) | (values > top)
        if bad.any():
            values = values.copy()
            values[bad] = np.nan
            cleaned.put(name, values)
            cleaned.flags[bad] |= Flag.VALUE_INVALID


def _clean_positions(cleaned: Cleaned, on_foot: bool) -> Bools:
    """Places off the globe, at (0, 0) or reached too fast become unknown; returns steps that are not travel."""
    lat, lon = cleaned.columns["latitude_deg"].copy(), cleaned.columns["longitude_deg"].copy()
    given = ~(np.isnan(lat) & np.isnan(lon))
    if not given.any():
        return np.zeros(lat.size, np.bool_)
    with np.errstate(invalid="ignore"):
        good = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ((np.abs(lat) > 1e-6) | (np.abs(lon) > 1e-6))
    cleaned.flags[given & ~good] |= Flag.POSITION_INVALID
    limit = FOOT_LIMIT_M_S if on_foot else OTHER_LIMIT_M_S
    begun, stale = _repeated(cleaned.t_s, lat, lon)
    stale |= _frozen(cleaned, begun, good, limit)
    anew = good & (begun == np.arange(begun.size))

    def apart(i: Ints, j: Ints) -> Floats:
        return haversine_m(lat[i], lon[i], lat[j], lon[j])

    # A repeated fix is no new one: what can be reached counts from when the place last changed.
    rejected, broken = reject_jumps(cleaned.t_s, anew, apart, limit)
    leaps = rejected.any() or broken.any()
    if leaps and (scatter := scattering(lat[anew], lon[anew], cleaned.t_s[anew])) is not None:
        near_m = REACH * scatter.sd_m
        rejected, broken = reject_jumps(cleaned.t_s, anew, lambda i, j: apart(i, j) - near_m, limit)
    if on_foot:
        settled = np.flatnonzero(anew & ~rejected)
        rejected[settled[: sliding_in(cleaned.t_s[settled], lat[settled], lon[settled])]] = True
    rejected = good & rejected[begun]
    good_or_stale, good = good, good & ~stale
    cleaned.flags[rejected] |= Flag.POSITION_JUMP
    if cleaned.ridden.any():
        after = np.flatnonzero(good & ~rejected & (np.cumsum(cleaned.ridden) > 0))
        placed = np.flatnonzero(good & ~rejected)
        before = placed[np.searchsorted(placed, after) - 1]
        broken[after[np.cumsum(cleaned.ridden)[after] > np.cumsum(cleaned.ridden)[before]]] = True
    lost = given & (rejected | ~good_or_stale | stale)
    lat[lost] = lon[lost] = np.nan
    if lost.any():
        cleaned.put("latitude_deg", lat)
        cleaned.put("longitude_deg", lon)
    return broken


def _repeated(t_s: Floats, lat: Floats, lon: Floats) -> tuple[Ints, Bools]:
    """(the sample at which each place was first written, samples that only repeat it because no new fix was there).

    A place that is kept for longer than STALE_S is one where the runner stood: its samples are as good as fixes."""
    begun = np.arange(t_s.size)
    same = (lat[1:] == lat[:-1]) & (lon[1:] == lon[:-1])
    if not same.any():
        return begun, np.zeros(t_s.size, np.bool_)
    repeats = np.concatenate(([False], same))
    begun = np.maximum.accumulate(np.where(repeats, 0, begun))
    longest = np.zeros(t_s.size)
    np.maximum.at(longest, begun, t_s - t_s[begun])
    return begun, repeats & (longest[begun] <= STALE_S)


def _frozen(cleaned: Cleaned, begun: Ints, good: Bools, limit_m_s: float) -> Bools:
    """Samples that repeat a place for longer than STALE_S although the body went on: the next fix lies further off than
    one step can reach, at a pace that fits the whole time, and stays there. Who stood begins where they stood."""
    lat, lon, t = cleaned.columns["latitude_deg"], cleaned.columns["longitude_deg"], cleaned.t_s
    frozen = np.zeros(t.size, np.bool_)
    anew = np.flatnonzero(good & (begun == np.arange(begun.size)))
    if anew.size < 3:
        return frozen
    held, after = anew[:-1], anew[1:]
    last = np.searchsorted(begun, held, side="right") - 1
    way = haversine_m(lat[held], lon[held], lat[after], lon[after])
    span = t[after] - t[held]
    leaps = (t[last] - t[held] > STALE_S) & (way > limit_m_s * np.maximum(t[after] - t[last], 1.0))
    for k in np.flatnonzero(leaps & (way >= SLOWEST_M_S * span) & (way <= FASTEST_AVERAGE_M_S * span)):
        i, later = held[k], anew[min(np.searchsorted(t[anew], t[after[k]] + STAYS_S), anew.size - 1)]
        stays = haversine_m(lat[[i]], lon[[i]], lat[[later]], lon[[later]])[0] >= 0.5 * way[k]
        steps = cleaned.columns["cadence_spm"][i : last[k] + 1]
        walked = np.isnan(steps).all() or np.nanmedian(steps) >= STEPPING_SPM
        if stays and walked:
            frozen[i + 1 : last[k] + 1] = True
    return frozen


def _clean_altitude(cleaned: Cleaned, on_foot: bool) -> None:
    """Placeholders and impossible vertical speeds become unknown; believed steps are marked as not climbed."""
    z = cleaned.columns["altitude_m"].copy()
    given = ~np.isnan(z)
    if not given.any():
        return
    with np.errstate(invalid="ignore"):
        placeholder = given & ((z == PLACEHOLDER_M) | (z < LOWEST_M) | (z > HIGHEST_M))
    # One height from end to end is a device that had none: real sea level wobbles, and so does every sensor.
    one_height = bool((z[given] == z[given][0]).all())
    if one_height and np.count_nonzero(given) >= (ONE_HEIGHT_SAMPLES if z[given][0] else ZERO_HEIGHT_SAMPLES):
        placeholder = given
    cleaned.flags[placeholder] |= Flag.ALTITUDE_PLACEHOLDER
    good = given & ~placeholder
    limit = FOOT_CLIMB_M_S if on_foot else OTHER_CLIMB_M_S
    rejected, broken = reject_jumps(cleaned.t_s, good, lambda i, j: np.abs(z[j] - z[i]), limit)
    cleaned.flags[rejected] |= Flag.ALTITUDE_JUMP
    z[rejected | placeholder] = np.nan
    if (rejected | placeholder).any():
        cleaned.put("altitude_m", z)
    cleaned.altitude_broken = broken
