"""A FIT file message by message, with every value said in full: sub-fields named, packed values unpacked.

The slow and complete view, for people and for comparison with other readers; the columns are the fast one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from steadymile.ingest.fit.protocol.columns import FitFile, Table
from steadymile.ingest.fit.protocol.components import accumulated, extract
from steadymile.ingest.fit.protocol.gather import Column, Key
from steadymile.ingest.fit.protocol.profile import FieldFact, field_fact
from steadymile.ingest.fit.protocol.types import BYTE


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a message. `key` is None where it was unpacked from another field; arrays are tuples."""

    key: Key | None
    number: int
    name: str
    value: Any
    units: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its kind, the byte where it stands, its values."""

    number: int
    name: str
    offset: int
    items: tuple[Item, ...]


def messages(file: FitFile) -> Iterator[Message]:
    """All data messages in file order."""
    for part in file.parts:
        tables = list(part.tables.values())
        spoken = [_rows(table) for table in tables]
        order = sorted(
            (position, which, row)
            for which, table in enumerate(tables)
            for row, position in enumerate(table.positions.tolist())
        )
        for position, which, row in order:
            table = tables[which]
            yield Message(table.number, table.name, position, tuple(spoken[which][row]))


def _rows(table: Table) -> list[list[Item]]:
    rows: list[list[Item]] = [[] for _ in range(len(table))]
    for key, column in table.columns().items():
        everywhere = np.ones(len(table), bool) if column.defined is None else column.defined
        for mask, fact in _meanings(table, everywhere, column.fact):
            name = fact.name if fact is not None else column.name
            units = fact.units if fact is not None else column.units
            number = key % 256 if isinstance(key, int) else key[1]
            values = _values(column, fact)
            for row in np.flatnonzero(mask).tolist():
                rows[row].append(Item(key if isinstance(key, tuple) else number, number, name, values[row], units))
            if fact is not None and fact.components:
                _unpack(table, column, mask, fact, rows)
    return rows


def _meanings(table: Table, mask: np.ndarray, whole: FieldFact | None) -> list[tuple[np.ndarray, FieldFact | None]]:
    """The rows of `mask` split by what the field means there: one of its sub-fields, else itself."""
    left = mask.copy()
    found: list[tuple[np.ndarray, FieldFact | None]] = []
    for sub in whole.subfields if whole is not None else ():
        here = np.zeros(len(table), bool)
        for number, stored in sub.when:
            reference = table.get(number)
            if reference is not None and reference.raw.ndim == 1 and not reference.is_text:
                here |= (reference.raw == stored) & reference.valid
        here &= left
        if here.any():
            found.append((here, sub.fact))
            left &= ~here
    if left.any():
        found.append((left, whole))
    return found


def _values(column: Column, fact: FieldFact | None) -> list[Any]:
    if column.is_text:
        return list(column.raw)
    known = column.valid.tolist()
    raw = column.raw.tolist()
    if column.raw.ndim == 1:
        return [_say(v, fact) if ok else None for v, ok in zip(raw, known, strict=True)]
    widths = [column.raw.shape[1]] * len(raw) if column.widths is None else column.widths.tolist()
    if column.base is BYTE:
        return [tuple(row[:wide]) if ok else None for row, ok, wide in zip(raw, known, widths, strict=True)]
    values = []
    for row, oks, wide in zip(raw, known, widths, strict=True):
        said = tuple(_say(v, fact) if ok else None for v, ok in zip(row[:wide], oks[:wide], strict=True))
        values.append(said[0] if wide == 1 else said)
    return values


def _say(stored: Any, fact: FieldFact | None) -> Any:
    if fact is None:
        return stored
    if fact.words and stored in fact.words:
        return fact.words[stored]
    value = float(stored) / fact.scale if fact.scale else stored
    return value - fact.offset if fact.offset else value


def _unpack(table: Table, column: Column, mask: np.ndarray, holder: FieldFact, rows: list[list[Item]]) -> None:
    """Add the values packed into a field to the rows that have it."""
    rolling = [c for c in holder.components if c.accumulates]
    counted = accumulated(table, column, rolling) if rolling else np.empty((len(table), 0))
    known = mask & (column.valid if column.valid.ndim == 1 else column.valid.any(axis=1))
    for component in holder.components:
        target, bits = field_fact(table.number, component.target), extract(column.raw, component)
        if target is None or bits is None:
            continue
        stored = counted[:, rolling.index(component)] if component.accumulates else bits
        for here, fact in _meanings(table, mask, target):
            meaning = replace(fact or target, scale=component.scale, offset=component.offset)
            for row in np.flatnonzero(here).tolist():
                value = _say(int(stored[row]), meaning) if known[row] and stored[row] >= 0 else None
                rows[row].append(Item(None, component.target, meaning.name, value, meaning.units))
