"""The second way to read a FIT file: through fitparse, into the shape that the columnar reader gives.

Slow, and used only where the columnar reader fails on a file; whatever fitparse read before it failed is kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from steadymile.ingest.fit.protocol.columns import FitFile, Part, Table
from steadymile.ingest.fit.protocol.gather import Column, Key
from steadymile.ingest.fit.protocol.profile import field_fact
from steadymile.ingest.fit.protocol.scan import Break, Scan
from steadymile.ingest.fit.protocol.types import BASE_TYPES, BYTE, STRING


def decode_with_fitparse(data: bytes) -> FitFile:
    """Read a file message by message; positions count messages, not bytes. Chained parts come out as one."""
    import fitparse

    part = Part(data, Scan(0, end=len(data)))
    kinds: dict[int, list[tuple[int, Any]]] = {}
    breaks: list[Break] = []
    try:
        for place, message in enumerate(fitparse.FitFile(data, check_crc=False).get_messages()):
            kinds.setdefault(message.mesg_num, []).append((place, message))
    except Exception as problem:  # fitparse lets more than its own errors out
        breaks.append(Break(0, "truncated", f"reading stopped: {problem}"))
    part.tables = {number: _table(number, messages, part) for number, messages in kinds.items()}
    return FitFile([part], breaks, len(data), "fitparse")


def _table(number: int, messages: list[tuple[int, Any]], part: Part) -> Table:
    columns: dict[Key, list[Any]] = {}
    for row, (_, message) in enumerate(messages):
        for item in message.fields:
            if item.field_def is None and item.def_num != 253:  # unpacked from another field: ours does that itself
                continue
            column = columns.setdefault(_key(item), [None] * len(messages))
            column[row] = item.raw_value
    made = {key: _column(number, key, values) for key, values in columns.items()}
    return Table.of_columns(number, part, np.array([place for place, _ in messages], np.int64), made)


def _key(item: Any) -> Key:
    definition = item.field_def
    if definition is not None and hasattr(definition, "dev_data_index"):
        return (definition.dev_data_index, definition.def_num)
    return int(definition.def_num if definition is not None else item.def_num)


def _column(message: int, key: Key, values: list[Any]) -> Column:
    fact = field_fact(message, key) if isinstance(key, int) else None
    name = fact.name if fact is not None else f"unknown_{key if isinstance(key, int) else key[1]}"
    facts = (fact.scale, fact.offset, fact.units, fact.words, fact) if fact is not None else (None,) * 5
    if any(isinstance(v, str) for v in values):
        raw = np.empty(len(values), object)
        raw[:] = [v if isinstance(v, str) else None for v in values]
        return Column(key, name, STRING, raw, np.array([isinstance(v, str) for v in values]), None, None, *facts)
    wide = max((len(v) for v in values if isinstance(v, tuple)), default=0)
    if wide and (key == 10 or isinstance(key, tuple) or (fact is not None and fact.components)):
        octets = np.zeros((len(values), wide), np.uint8)
        for row, value in enumerate(values):
            if isinstance(value, tuple):
                octets[row, : len(value)] = [v or 0 for v in value]
        return Column(key, name, BYTE, octets, np.array([v is not None for v in values]), None, None, *facts)
    grid = np.full((len(values), max(wide, 1)), np.nan)
    for row, value in enumerate(values):
        parts = value if isinstance(value, tuple) else (value,)
        grid[row, : len(parts)] = [np.nan if v is None else float(v) for v in parts]
    grid = grid if wide else grid[:, 0]
    return Column(key, name, BASE_TYPES[9], grid, ~np.isnan(grid), None, None, *facts)
