"""A FIT file message by message, with every value said in full: sub-fields named, packed values unpacked.

The slow and complete view, for people and for comparison with other readers; the columns are the fast one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ingest.fit_columns import Column, FitFile, Key, Table
from ingest.fit_components import extract, roll_over
from ingest.fit_profile import Component, FieldFact, field_fact
from ingest.fit_types import BYTE


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
        for mask, fact in _meanings(table, column):
            name = fact.name if fact is not None else column.name
            units = fact.units if fact is not None else column.units
            number = key if isinstance(key, int) else key[1]
            values = _values(column, fact)
            for row in np.flatnonzero(mask).tolist():
                rows[row].append(Item(key, number, name, values[row], units))
            for component in fact.components if fact is not None else ():
                _unpack(table, column, mask, component, rows)
    return rows


def _meanings(table: Table, column: Column) -> list[tuple[np.ndarray, FieldFact | None]]:
    """Rows in which the field is defined, split by what it means there (its sub-field, else itself)."""
    left = np.ones(len(table), bool) if column.defined is None else column.defined.copy()
    found: list[tuple[np.ndarray, FieldFact | None]] = []
    for sub in column.fact.subfields if column.fact is not None else ():
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
        found.append((left, column.fact))
    return found


def _values(column: Column, fact: FieldFact | None) -> list[Any]:
    if column.is_text:
        return list(column.raw)
    known = column.valid.tolist()
    raw = column.raw.tolist()
    if column.base is BYTE:
        return [tuple(v) if isinstance(v, list) else (v,) if ok else None for v, ok in zip(raw, known, strict=True)]
    if column.raw.ndim == 1:
        return [_say(v, fact) if ok else None for v, ok in zip(raw, known, strict=True)]
    return [
        tuple(_say(v, fact) if ok else None for v, ok in zip(row, oks, strict=True))
        for row, oks in zip(raw, known, strict=True)
    ]


def _say(stored: Any, fact: FieldFact | None) -> Any:
    if fact is None:
        return stored
    if fact.words and stored in fact.words:
        return fact.words[stored]
    value = float(stored) / fact.scale if fact.scale else stored
    return value - fact.offset if fact.offset else value


def _unpack(
    table: Table, column: Column, mask: np.ndarray, component: Component, rows: list[list[Item]]
) -> None:
    """Add one component's value to the rows whose field holds it."""
    target = field_fact(table.number, component.target)
    bits = extract(column.raw, component)
    if target is None or bits is None:
        return
    known = mask & (column.valid if column.valid.ndim == 1 else column.valid.any(axis=1))
    values: list[Any] = [None] * len(table)
    at = np.flatnonzero(known)
    counted = bits[at]
    if component.accumulates:
        counted = roll_over(counted, component.bits)
    facts = FieldFact(target.name, target.type_name, component.scale, component.offset, target.units, target.words)
    for row, value in zip(at.tolist(), counted.tolist(), strict=True):
        values[row] = _say(value, facts)
    for row in np.flatnonzero(mask).tolist():
        rows[row].append(Item(None, component.target, target.name, values[row], target.units))
