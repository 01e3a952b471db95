"""Counters that are stored with few bits and roll over: times in headers, distances, strap clocks."""

from __future__ import annotations

import numpy as np


def roll_over(values: np.ndarray, bits: int, starts: np.ndarray | None = None) -> np.ndarray:
    """Undo the roll-over of a counter of `bits` bits: each value is the next one after its predecessor, int64.

    `starts`, where given, holds full values (or -1) that replace the counter at their place.
    """
    if not len(values):
        return values.astype(np.int64)
    values = values.astype(np.int64)
    mask = (1 << bits) - 1
    if starts is None:
        return np.cumsum(np.diff(values & mask, prepend=0) & mask)
    full = starts >= 0
    low = np.where(full, starts, values) & mask
    total = np.cumsum(np.diff(low, prepend=0) & mask)
    last = np.maximum.accumulate(np.where(full, np.arange(len(values)), -1))
    base = np.where(last >= 0, starts[last] - total[last], 0)
    return base + total
