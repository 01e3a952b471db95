"""From FIT tables to wellness readings: resting heart rate, HRV, sleep, stress, weight, steps, breathing, energy.

Watches write a day in several files. Counts (steps) grow over the local day, so the largest reading of a day is the
day's; means (stress, breathing, energy) are of the file's own share of the day and carry the number of measurements
they are the mean of, so that the day's own mean can be made of them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, timedelta

import numpy as np
from steadymile.ingest.fit.activity import quarter_hours, utc
from steadymile.ingest.fit.protocol.columns import Part, Table
from steadymile.models.recording import Wellness

_WALKING_RUNNING = (1, 6)
_ASLEEP = (2, 3, 4)  # light, deep, REM
_SLEEP_EVENT = 74
MIN_NIGHT_S = 3 * 3600
"""A sleep record shorter than this is a slice of a night, not a night."""


def wellness(part: Part, source: str) -> tuple[list[Wellness], list[str]]:
    """All readings of a part, and notes on what was left out and why."""
    notes: list[str] = []
    offset = _utc_offset(part, notes)
    found: list[Wellness] = []
    found += _resting_heart_rate(part, source, offset)
    found += _steps(part, source, offset)
    found += _daily_mean(part.table(227), 0, 1, "stress", source, offset, 0, 100)
    found += _daily_mean(part.table(297), 0, 253, "respiration_brpm", source, offset, 1, 80)
    found += _daily_mean(part.table(314), 1, 253, "body_battery", source, offset, 0, 100)
    found += _hrv(part, source, offset)
    found += _sleep(part, source, offset, notes)
    found += _weight(part, source, offset, notes)
    return found, notes


def _utc_offset(part: Part, notes: list[str]) -> int | None:
    """Local minus UTC in seconds where the file has both clocks side by side (monitoring_info, or a sleep record)."""
    # In a sleep record (message 273) the profile leaves field 2 unnamed; watches write the local time there.
    for number, local_field in ((103, "local_timestamp"), (34, "local_timestamp"), (273, 2)):
        table = part.table(number)
        if table is None:
            continue
        difference = table.numbers(local_field) - table.numbers(253)
        known = difference[~np.isnan(difference)]
        if len(known) and (number != 273 or (abs(known[0]) <= 14 * 3600 and known[0] % 900 == 0)):
            return quarter_hours(float(known[0]), notes)
    return None


def _day(t: float, offset: int | None) -> date | None:
    """Local day of a FIT time; midnight itself closes the day before."""
    if offset is None:
        return None
    return (utc(t) + timedelta(seconds=offset - 1)).date()


def _reading(quantity: str, value: float, source: str, t: float, offset: int | None, weight: float = 1.0) -> Wellness:
    return Wellness(quantity, float(value), source, utc(t), _day(t, offset), offset, weight)


def _by_day(t: np.ndarray, offset: int | None) -> dict[date | None, np.ndarray]:
    """Rows by local day, in order; all under None where the offset is unknown."""
    days: dict[date | None, list[int]] = defaultdict(list)
    for row, moment in enumerate(t.tolist()):
        if not math.isnan(moment):
            days[_day(moment, offset)].append(row)
    return {day: np.array(rows) for day, rows in days.items()}


def _resting_heart_rate(part: Part, source: str, offset: int | None) -> list[Wellness]:
    table = part.table(211)
    if table is None:
        return []
    t = table.numbers(253)
    found = []
    for rows in _by_day(t, offset).values():
        for name in ("current_day_resting_heart_rate", "resting_heart_rate"):  # the day's own, else the week's mean
            rate = table.numbers(name)
            known = rows[(rate[rows] >= 20) & (rate[rows] <= 150)]
            if len(known):
                found.append(_reading("resting_heart_rate_bpm", rate[known[-1]], source, t[known[-1]], offset))
                break
    return found


def _steps(part: Part, source: str, offset: int | None) -> list[Wellness]:
    table = part.table(55)
    if table is None:
        return []
    kind, t = _activity_types(table), _times(part, table)
    # Of walking and running the stored count is of steps as it is; the profile halves it for strides of other kinds.
    count = table.stored("cycles")
    on_foot = np.isin(kind, _WALKING_RUNNING) & ~np.isnan(count)
    found = []
    for rows in _by_day(np.where(on_foot, t, np.nan), offset).values():
        total = sum(count[rows][kind[rows] == one].max(initial=0.0) for one in _WALKING_RUNNING)
        found.append(_reading("steps", total, source, float(t[rows[-1]]), offset))
    return found


def _activity_types(table: Table) -> np.ndarray:
    """The kind of movement of each monitoring message, in its own field or in the low five bits of the packed one."""
    kind, packed = table.numbers("activity_type"), table.stored("current_activity_type_intensity")
    low = np.where(np.isnan(packed), np.nan, np.nan_to_num(packed).astype(np.int64) & 0x1F)
    return np.where(np.isnan(kind), low, kind)


def _times(part: Part, table: Table) -> np.ndarray:
    """FIT time of each monitoring message: in full, or as its low 16 bits, which roll on from the last full time."""
    t, low = table.numbers(253), table.numbers("timestamp_16")
    info = part.table(103)
    full = [(table.positions, t)] + ([(info.positions, info.numbers(253))] if info is not None else [])
    at, known = (np.concatenate(column) for column in zip(*full, strict=True))
    keep = np.argsort(at, kind="stable")
    keep = keep[~np.isnan(known[keep])]
    if not len(keep):
        return t
    before = np.searchsorted(at[keep], table.positions, side="right") - 1
    last = np.where(before >= 0, known[keep][np.clip(before, 0, None)], np.nan)
    return np.where(np.isnan(t), last + np.mod(low - last, 65536), t)


def _daily_mean(
    table: Table | None,
    value_field: int,
    time_field: int,
    quantity: str,
    source: str,
    offset: int | None,
    least: float,
    most: float,
) -> list[Wellness]:
    """Mean of the believable values of each local day (watches write negative numbers for "could not measure"), with
    their number as its weight."""
    column = table.get(value_field) if table is not None else None
    if table is None or column is None or column.is_text:
        return []
    t, values = table.numbers(time_field), column.numbers()
    values = values[:, None] if values.ndim == 1 else values
    values = np.where((values >= least) & (values <= most), values, np.nan)
    found = []
    for rows in _by_day(t, offset).values():
        known = values[rows]
        if n := int((~np.isnan(known)).sum()):
            found.append(_reading(quantity, float(np.nanmean(known)), source, float(t[rows[-1]]), offset, n))
    return found


def _hrv(part: Part, source: str, offset: int | None) -> list[Wellness]:
    """The night's RMSSD: the watch's own average where it is given, else the mean of its five-minute values."""
    summary, values = part.table(370), part.table(371)
    if summary is not None:
        night, t = summary.numbers("last_night_average"), summary.numbers(253)
        known = np.flatnonzero((night > 0) & ~np.isnan(t))
        if len(known):
            return [_reading("hrv_ln_rmssd", math.log(night[r]), source, t[r], offset) for r in known]
    if values is not None:
        five, t = values.numbers("value"), values.numbers(253)
        known = np.flatnonzero((five > 0) & ~np.isnan(t))
        if len(known):
            return [_reading("hrv_ln_rmssd", math.log(five[known].mean()), source, t[known[-1]], offset)]
    return []


def _sleep(part: Part, source: str, offset: int | None, notes: list[str]) -> list[Wellness]:
    """Hours asleep. A level is stamped at its end: it lasted since the level before, or since the sleep's start event
    where that is later, and no longer than to the stop event. Without a start event the first level has no length."""
    table = part.table(275)
    if table is None:
        return []
    t, level = table.numbers(253), table.numbers("sleep_level")
    known = ~np.isnan(t) & ~np.isnan(level)
    t, level = t[known], level[known]
    order = np.argsort(t, kind="stable")
    t, level = t[order], level[order]
    if not np.isin(level, _ASLEEP).any():
        notes.append("the sleep record holds only when you were awake: your hours of sleep are not in it")
        return []
    starts, stops = _sleep_events(part)
    begun = np.searchsorted(starts, t, side="right") - 1
    since = np.where(begun >= 0, starts[np.maximum(begun, 0)], t[0]) if len(starts) else np.full(len(t), t[0])
    begin = np.maximum(np.concatenate(([-np.inf], t[:-1])), since)
    stopped = np.searchsorted(stops, begin, side="right")
    until = np.append(stops, np.inf)[stopped]
    lasted = np.maximum(np.minimum(t, until) - begin, 0.0)
    if lasted.sum() < MIN_NIGHT_S:
        notes.append("the sleep record covers less than three hours: a slice of a night, not counted")
        return []
    asleep = float(lasted[np.isin(level, _ASLEEP)].sum())
    return [_reading("sleep_h", asleep / 3600, source, float(t[-1]), offset)]


def _sleep_events(part: Part) -> tuple[np.ndarray, np.ndarray]:
    """Sorted FIT times at which sleep started and stopped by the watch's own events; empty where it wrote none."""
    table = part.table(21)
    if table is None:
        return np.empty(0), np.empty(0)
    kind, what, t = table.numbers(0), table.numbers(1), table.numbers(253)
    sleep = (kind == _SLEEP_EVENT) & ~np.isnan(t)
    return np.sort(t[sleep & (what == 0)]), np.sort(t[sleep & (what == 1)])


def _weight(part: Part, source: str, offset: int | None, notes: list[str]) -> list[Wellness]:
    table = part.table(30)
    if table is None:
        return []
    people = table.numbers("user_profile_index")
    if len(np.unique(people[~np.isnan(people)])) > 1:
        notes.append("the scale's file holds several people's weights, so none was taken for yours")
        return []
    kg, t = table.numbers("weight"), table.numbers(253)
    rows = np.flatnonzero((kg >= 20) & (kg <= 400) & ~np.isnan(t))
    return [_reading("weight_kg", kg[r], source, float(t[r]), offset) for r in rows]
