"""Values packed into bits of other fields, and counters that roll over."""

from __future__ import annotations

import numpy as np

from ingest.fit_columns import Table
from ingest.fit_profile import Component


def roll_over(values: np.ndarray, bits: int, starts: np.ndarray | None = None) -> np.ndarray:
    """Undo the roll-over of a counter of `bits` bits: each value is the next one after its predecessor, int64.

    `starts`, where given, holds full values (or -1) that replace the counter at their place.
    """
    if not len(values):
        return values.astype(np.int64)
    values = values.astype(np.int64)
    mask = (1 << bits) - 1
    if starts is None:
        steps = np.diff(values, prepend=0) & mask
        steps[0] = values[0] & mask
        return np.cumsum(steps)
    full = starts >= 0
    low = np.where(full, starts, values) & mask
    steps = np.diff(low, prepend=low[:1]) & mask
    steps[full] = 0
    if not full[0]:
        steps[0] = low[0]
    total = np.cumsum(steps)
    last = np.maximum.accumulate(np.where(full, np.arange(len(values)), -1))
    base = np.where(last >= 0, starts[last] - total[last], 0)
    return base + total


def extract(raw: np.ndarray, component: Component) -> np.ndarray | None:
    """The bits of one component out of scalars[N] or opaque bytes[N, k], int64[N]; None where it does not fit."""
    if raw.dtype == object:
        return None
    if raw.ndim == 1:
        if raw.dtype.kind == "f":
            return None
        return (raw.astype(np.int64) >> component.first_bit) & ((1 << component.bits) - 1)
    if raw.dtype != np.uint8 or component.first_bit >= 8 * raw.shape[1]:
        return None
    first = component.first_bit // 8
    last = min((component.first_bit + component.bits + 7) // 8, raw.shape[1])
    word = np.zeros(len(raw), np.int64)
    for place in range(first, last):
        word |= raw[:, place].astype(np.int64) << (8 * (place - first))
    return (word >> (component.first_bit - 8 * first)) & ((1 << component.bits) - 1)


def unpack12(table: Table) -> np.ndarray:
    """Strap times of the beats of `hr` messages, in 1/1024 s without roll-over, float64[N, up to 8], NaN where none.

    Rows with a full event_timestamp have it in the first place; the others unpack event_timestamp_12.
    """
    full, packed = table.get(9), table.get(10)
    rows = len(table)
    given = np.full((rows, 8), -1, np.int64)
    if full is not None and not full.is_text:
        raw, known = full.raw.reshape(rows, -1)[:, :8], full.valid.reshape(rows, -1)[:, :8]
        given[:, : raw.shape[1]] = np.where(known, raw.astype(np.int64), -1)
    counts = np.zeros((rows, 8), np.int64)
    present = given >= 0
    only_packed = ~present.any(axis=1)
    if packed is not None and packed.raw.ndim == 2:
        for place in range(min(8, 8 * packed.raw.shape[1] // 12)):
            bits = extract(packed.raw, Component(9, 1024, None, 12, 12 * place, True))
            if bits is not None:
                counts[:, place] = bits
                present[:, place] |= packed.valid & only_packed
    ticks = np.full((rows, 8), np.nan)
    ticks[present] = roll_over(counts[present], 12, given[present])
    return ticks
