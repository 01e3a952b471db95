"""Values packed into bits of other fields."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from steadymile.ingest.fit.protocol.columns import Table
from steadymile.ingest.fit.protocol.counters import roll_over
from steadymile.ingest.fit.protocol.gather import Column
from steadymile.ingest.fit.protocol.profile import Component


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


def accumulated(table: Table, column: Column, components: Sequence[Component]) -> np.ndarray:
    """Rolling values packed into `column`, without roll-over, in the components' own steps; float64[N, k].

    All components of one target count on together. A message that has the target in full sets the counter there and
    has it in the first place; NaN where nothing is stored.
    """
    rows, places = len(table), max(len(components), 1)
    given = np.full((rows, places), -1, np.int64)
    target = table.get(components[0].target)
    if target is not None and not target.is_text and target.raw.dtype.kind != "S":
        full = target.numbers().reshape(rows, -1)[:, :places]
        steps = (full + (components[0].offset or 0.0)) * (components[0].scale or 1.0)
        given[:, : full.shape[1]] = np.where(np.isnan(steps), -1.0, np.round(steps)).astype(np.int64)
    present = given >= 0
    packed_only = ~present.any(axis=1)
    counts = np.zeros((rows, places), np.int64)
    for place, component in enumerate(components):
        bits = extract(column.raw, component)
        if bits is not None:
            counts[:, place] = bits
            present[:, place] |= _row_valid(column) & packed_only
    values = np.full((rows, places), np.nan)
    values[present] = roll_over(counts[present], components[0].bits, given[present])
    return values


def _row_valid(column: Column) -> np.ndarray:
    return column.valid if column.valid.ndim == 1 else np.asarray(column.valid.any(axis=1))
