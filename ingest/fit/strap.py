"""Heart beats that a chest strap stored itself and sent after a swim: FIT `hr` messages, and `hrv` intervals.

An `hr` message gives either the strap's clock in full (event_timestamp, s/1024) beside the watch's time, or up to
eight later beats as 12-bit values that roll over every 4 s; each beat has its own filtered heart rate.
"""

from __future__ import annotations

import numpy as np
from steadymile.ingest.fit.protocol.columns import Part, Table
from steadymile.ingest.fit.protocol.components import accumulated
from steadymile.ingest.fit.protocol.gather import Column

MAX_GAP_S = 10.0
"""A sample takes the latest beat no older than this."""


def beats(parts: list[Part]) -> tuple[np.ndarray, np.ndarray]:
    """FIT times (s) and heart rates (bpm) of all stored beats, ascending in time; empty where there are none."""
    found = [_part_beats(table) for part in parts if (table := part.table(132)) is not None]
    if not found:
        return np.empty(0), np.empty(0)
    times, rates = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(times, kind="stable")
    return times[order], rates[order]


def at(samples_s: np.ndarray, times: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """The heart rate of each sample second: that of the last beat before the second ends, NaN without a recent one."""
    if not len(times):
        return np.full(len(samples_s), np.nan)
    index = np.searchsorted(times, samples_s + 1.0, side="left") - 1
    found = np.clip(index, 0, None)
    recent = (index >= 0) & (samples_s + 1.0 - times[found] <= MAX_GAP_S)
    return np.where(recent, rates[found], np.nan)


def rr_intervals(table: Table | None, rows: np.ndarray | None = None) -> np.ndarray | None:
    """Beat-to-beat intervals in seconds in file order, of all or some `hrv` messages; None where there are none."""
    column = table.get(0) if table is not None else None
    if column is None or column.is_text:
        return None
    values = column.numbers()
    values = values if rows is None else values[rows]
    flat = values.ravel()
    flat = flat[np.isfinite(flat)]
    return flat if len(flat) else None


def _ticks(table: Table, clock: Column) -> np.ndarray:
    """The strap's clock at each beat in 1/1024 s, from full and from packed times, float64[N, k]."""
    packed = table.get(10)
    if packed is None or packed.fact is None or not packed.fact.components:
        return clock.numbers().reshape(len(table), -1) * 1024.0
    return accumulated(table, packed, packed.fact.components)


def _part_beats(table: Table) -> tuple[np.ndarray, np.ndarray]:
    clock, rates_column = table.get(9), table.get(6)
    if clock is None or rates_column is None:
        return np.empty(0), np.empty(0)
    stamps = table.numbers(253) + np.nan_to_num(table.numbers(0))
    ticks, rates = _ticks(table, clock), rates_column.numbers()
    rates = rates[:, None] if rates.ndim == 1 else rates
    width = min(ticks.shape[1], rates.shape[1])
    strap_s, rates = ticks[:, :width] / 1024.0, rates[:, :width]
    known = ~np.isnan(stamps) & ~np.isnan(strap_s[:, 0])
    if not known.any():
        return np.empty(0), np.empty(0)
    # Each full time stamp sets how far the watch's clock is ahead of the strap's, until the next one.
    rows = np.flatnonzero(known)
    ahead = (stamps - strap_s[:, 0])[rows]
    in_force = ahead[np.clip(np.searchsorted(rows, np.arange(len(table)), side="right") - 1, 0, None)]
    times = strap_s + in_force[:, None]
    good = np.isfinite(times) & np.isfinite(rates) & (rates > 0)
    return times[good], rates[good]
