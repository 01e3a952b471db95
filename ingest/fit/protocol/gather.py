"""Gather one field of all messages of a layout at once: structured views, no copy where messages are evenly spaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from steadymile.ingest.fit.protocol.profile import FieldFact
from steadymile.ingest.fit.protocol.scan import Layout
from steadymile.ingest.fit.protocol.types import BYTE, STRING, BaseType, base_type

Key = int | tuple[int, int]
"""A field's number (+ 256 for a repeated field's second place), or (developer index, number) of a developer field."""


@dataclass(slots=True)
class Column:
    """One field over all messages of a table, in file order.

    `raw` as stored: numbers[N], numbers[N, k] for arrays and opaque bytes, objects[N] (str or None) for text. `valid`
    is False where the value is unknown or the message's layout had no such field; `defined` (None: everywhere) tells
    the two apart. `widths` (None: all alike) says how much of a padded row was stored. value = raw / scale - offset,
    in `units`.
    """

    key: Key
    name: str
    base: BaseType
    raw: np.ndarray
    valid: np.ndarray
    defined: np.ndarray | None = None
    widths: np.ndarray | None = None
    scale: float | None = None
    offset: float | None = None
    units: str | None = None
    words: Mapping[int, str] | None = None
    fact: FieldFact | None = None

    @property
    def is_text(self) -> bool:
        """Whether the values are text."""
        return self.raw.dtype == object

    @property
    def is_empty(self) -> bool:
        """Whether it holds no value at all: a definition may give a field the size of zero."""
        return self.raw.ndim > 1 and self.raw.shape[1] == 0

    def numbers(self) -> np.ndarray:
        """Scaled values as float64, NaN where unknown, in the shape of `raw`; all NaN for text."""
        if self.is_text:
            return np.full(len(self.raw), np.nan)
        values = self.raw.astype(np.float64)
        if self.scale and self.scale != 1:
            values /= self.scale
        if self.offset:
            values -= self.offset
        if not self.valid.all():
            unknown = ~(self.valid if self.valid.ndim == values.ndim else self.valid[:, None])
            values[np.broadcast_to(unknown, values.shape)] = np.nan
        return values

    def texts(self) -> list[str | None]:
        """Text values; for enumerated fields their words, for other numbers None."""
        if self.is_text:
            return list(self.raw)
        if self.words is None or self.raw.ndim > 1:
            return [None] * len(self.raw)
        words = self.words
        return [words.get(v) if ok else None for v, ok in zip(self.raw.tolist(), self.valid.tolist(), strict=True)]


Shape = tuple[BaseType, int, str]
"""How a field is stored: base type, size in bytes, byte order."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a payload is cut into fields: numpy dtype with fields f0, f1, ..., their keys and base types."""

    dtype: np.dtype
    index: Mapping[Key, int]
    bases: tuple[BaseType, ...]
    places: Mapping[Key, tuple[int, Shape]]
    """By key: byte offset in the payload, and how the field is stored there."""


@lru_cache(maxsize=1024)
def plan(
    fields: tuple[tuple[int, int, int], ...],
    developer: tuple[tuple[int, int, int, BaseType], ...],
    big_endian: bool,
) -> Plan:
    """The plan of a layout; developer fields are (number, size, developer index, described type)."""
    order = ">" if big_endian else "<"
    sized = [(size, base_type(byte, size)) for _, size, byte in fields]
    sized += [(size, base if size and size % base.size == 0 else BYTE) for _, size, _, base in developer]
    index: dict[Key, int] = {}
    for place, key in enumerate(keys(fields, tuple(d[:3] for d in developer))):
        index.setdefault(key, place)
    formats: list[object] = []
    offsets, at = [], 0
    for size, base in sized:
        count = size // base.size
        if base is STRING:
            formats.append(f"S{size}")
        else:
            formats.append((order + base.code, (count,)) if base is BYTE or count != 1 else order + base.code)
        offsets.append(at)
        at += size
    names = [f"f{i}" for i in range(len(sized))]
    dtype = np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": max(at, 1)})
    places = {key: (offsets[place], (sized[place][1], sized[place][0], order)) for key, place in index.items()}
    return Plan(dtype, index, tuple(base for _, base in sized), places)


@lru_cache(maxsize=1024)
def keys(fields: tuple[tuple[int, int, int], ...], developer: tuple[tuple[int, int, int], ...]) -> tuple[Key, ...]:
    """The key of each field of a layout in order; what is repeated more than once shares the second's key."""
    found: list[Key] = []
    seen: set[int] = set()
    for number, _, _ in fields:
        found.append(number + 256 if number in seen else number)
        seen.add(number)
    found += [(index, number) for number, _, index in developer]
    return tuple(found)


@dataclass(slots=True)
class Block:
    """The messages of a table with one layout: a structured view of their payloads."""

    view: np.ndarray
    plan: Plan


def block(data: bytes, layout: Layout, positions: np.ndarray, how: Plan) -> Block:
    """The payloads of one layout."""
    if layout.size == 0 or len(positions) == 0:
        return Block(np.zeros(len(positions), how.dtype), how)
    stride, count = layout.size + 1, len(positions)
    if count > 1 and int(positions[-1] - positions[0]) == (count - 1) * stride:
        even: np.ndarray = np.ndarray((count,), how.dtype, data, int(positions[0]) + 1, (stride,))
        return Block(even, how)
    if count == 1:
        single: np.ndarray = np.ndarray((1,), how.dtype, data, int(positions[0]) + 1)
        return Block(single, how)
    windows: np.ndarray = np.ndarray((len(data) - layout.size + 1,), np.dtype((np.void, layout.size)), data, 0, (1,))
    return Block(windows[positions + 1].view(how.dtype), how)


Piece = tuple[np.ndarray, np.ndarray, BaseType]
"""Stored values, validity and base type of one field of one block."""


def piece(source: Block, key: Key) -> Piece:
    """Stored values and validity of one field of one block."""
    at = source.plan.index[key]
    return _known(source.view[f"f{at}"], source.plan.bases[at])


def scattered(data: bytes, offsets: np.ndarray, shape: Shape) -> Piece:
    """Stored values and validity of a field that stands at these byte offsets, in whatever messages."""
    base, size, order = shape
    if size == 0:
        return _known(np.zeros((len(offsets), 0), np.uint8), BYTE)
    windows: np.ndarray = np.ndarray((len(data) - size + 1,), np.dtype((np.void, size)), data, 0, (1,))
    found = windows[offsets]
    if base is STRING:
        return _known(found.view(f"S{size}"), base)
    values = found.view(order + base.code)
    single = size == base.size and base is not BYTE
    return _known(values if single else values.reshape(len(offsets), size // base.size), base)


def _known(raw: np.ndarray, base: BaseType) -> Piece:
    if base is STRING:
        texts = [_text(value) for value in raw.tolist()]
        values = np.empty(len(texts), object)
        values[:] = texts
        return values, np.array([t is not None for t in texts], bool), STRING
    raw = raw.astype(raw.dtype.newbyteorder("="))
    if base.invalid is None:
        return raw, ~np.isnan(raw), base
    valid = raw != base.invalid
    return raw, valid.any(axis=1) if base is BYTE else valid, base


def spread(found: Piece, defined: np.ndarray) -> Piece:
    """A piece that covers the rows where `defined` is True, laid out over the whole table."""
    raw, valid, base = found
    if base is STRING:
        values = np.full(len(defined), None, object)
    else:
        values = np.zeros((len(defined), *raw.shape[1:]), raw.dtype)
    known = np.zeros((len(defined), *valid.shape[1:]), bool)
    values[defined], known[defined] = raw, valid
    return values, known, base


def _text(value: bytes) -> str | None:
    return value.split(b"\0", 1)[0].decode("utf-8", "replace") or None


def column(key: Key, fact: FieldFact | None, found: Piece, defined: np.ndarray | None = None) -> Column:
    """A column of one piece that covers the whole table."""
    raw, valid, base = found
    if fact is None:
        return Column(key, f"unknown_{key % 256 if isinstance(key, int) else key[1]}", base, raw, valid, defined)
    return Column(
        key, fact.name, base, raw, valid, defined, None, fact.scale, fact.offset, fact.units, fact.words, fact
    )


def merge(key: Key, fact: FieldFact | None, pieces: list[Piece], rows: list[np.ndarray], length: int) -> Column:
    """One column out of the pieces of several layouts; arrays are as wide as the widest."""
    defined = np.zeros(length, bool)
    for at in rows:
        defined[at] = True
    everywhere = None if defined.all() else defined
    if any(raw.dtype == object for raw, _, _ in pieces):
        texts, known = np.full(length, None, object), np.zeros(length, bool)
        for (raw, ok, _), at in zip(pieces, rows, strict=True):
            if raw.dtype == object:
                texts[at], known[at] = raw, ok
        return column(key, fact, (texts, known, STRING), everywhere)
    dtype = np.result_type(*{raw.dtype for raw, _, _ in pieces})
    if all(raw.ndim == 1 for raw, _, _ in pieces):
        flat, known = np.zeros(length, dtype), np.zeros(length, bool)
        for (raw, ok, _), at in zip(pieces, rows, strict=True):
            flat[at], known[at] = raw, ok
        return column(key, fact, (flat, known, pieces[0][2]), everywhere)
    return _merge_arrays(key, fact, pieces, rows, length, everywhere)


def _merge_arrays(
    key: Key,
    fact: FieldFact | None,
    pieces: list[Piece],
    rows: list[np.ndarray],
    length: int,
    defined: np.ndarray | None,
) -> Column:
    base = pieces[0][2]
    wide = max(raw.shape[1] if raw.ndim == 2 else 1 for raw, _, _ in pieces)
    grid = np.zeros((length, wide), np.result_type(*{raw.dtype for raw, _, _ in pieces}))
    known, widths = np.zeros((length, wide), bool), np.zeros(length, np.int64)
    for (raw, ok, _), at in zip(pieces, rows, strict=True):
        width = raw.shape[1] if raw.ndim == 2 else 1
        grid[at, :width] = raw.reshape(len(raw), width)
        known[at, :width] = ok[:, None] if ok.ndim == 1 else ok
        widths[at] = width
    made = column(key, fact, (grid, np.asarray(known.any(axis=1)) if base is BYTE else known, base), defined)
    if widths.min() != widths.max():
        made.widths = widths
    return made
