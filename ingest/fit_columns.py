"""The columnar FIT reader: every message kind of a file as a table of columns, nothing decoded before it is asked for.

`decode(data)` walks the message headers once (ingest/fit_scan.py). Asking a `Table` for a column gathers that field
of all its messages at once out of one structured numpy view per message layout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ingest.fit_profile import FieldFact, field_fact, message_name
from ingest.fit_scan import Break, Layout, Scan, scan
from ingest.fit_types import BASE_TYPES, BYTE, STRING, BaseType, base_type

Key = int | tuple[int, int]
"""A field's number, or (developer index, number) of a developer field."""


@dataclass(slots=True)
class Column:
    """One field over all messages of a table, in file order.

    `raw` as stored: numbers[N], numbers[N, k] for arrays and opaque bytes, objects[N] (str or None) for text. `valid`
    is False where the value is unknown or the message's layout had no such field; `defined` (None: everywhere) tells
    the two apart. value = raw / scale - offset, in `units`.
    """

    key: Key
    name: str
    base: BaseType
    raw: np.ndarray
    valid: np.ndarray
    defined: np.ndarray | None = None
    scale: float | None = None
    offset: float | None = None
    units: str | None = None
    words: Mapping[int, str] | None = None
    fact: FieldFact | None = None

    @property
    def is_text(self) -> bool:
        """Whether the values are text."""
        return self.raw.dtype == object

    def numbers(self) -> np.ndarray:
        """Scaled values as float64, NaN where unknown, in the shape of `raw`; all NaN for text."""
        if self.is_text:
            return np.full(len(self.raw), np.nan)
        values = self.raw.astype(np.float64)
        if self.scale and self.scale != 1:
            values /= self.scale
        if self.offset:
            values -= self.offset
        valid = self.valid if self.valid.ndim == values.ndim else self.valid[:, None]
        if not valid.all():
            values[np.broadcast_to(~valid, values.shape)] = np.nan
        return values

    def texts(self) -> list[str | None]:
        """Text values; for enumerated fields their words, for other numbers None."""
        if self.is_text:
            return list(self.raw)
        if self.words is None or self.raw.ndim > 1:
            return [None] * len(self.raw)
        words = self.words
        return [words.get(v) if ok else None for v, ok in zip(self.raw.tolist(), self.valid.tolist(), strict=True)]


@dataclass(slots=True)
class _Block:
    """The messages of one layout: their rows in the table (None: all), and a structured view of their payloads."""

    layout: Layout
    positions: np.ndarray
    rows: np.ndarray | None
    view: np.ndarray
    index: dict[Key, int]


class Table:
    """All messages of one kind in one part, in file order. Columns are made when asked for, by number or by name."""

    def __init__(self, number: int, layouts: list[Layout], part: Part) -> None:
        self.number = number
        self.name = message_name(number)
        self._layouts = layouts
        self._part = part
        self._columns: dict[Key, Column | None] = {}

    @classmethod
    def of_columns(cls, number: int, part: Part, positions: np.ndarray, columns: dict[Key, Column]) -> Table:
        """A table whose columns were made elsewhere."""
        table = cls(number, [], part)
        table._found = [positions]
        table._columns = dict(columns)
        return table

    def __len__(self) -> int:
        return len(self.positions)

    @cached_property
    def _found(self) -> list[np.ndarray]:
        return [layout.positions() for layout in self._layouts]

    @cached_property
    def positions(self) -> np.ndarray:
        """Byte offset of each message's header, ascending: the file's own order, across tables too."""
        return self._found[0] if len(self._found) == 1 else np.sort(np.concatenate(self._found))

    @cached_property
    def _blocks(self) -> list[_Block]:
        alone = len(self._layouts) == 1
        blocks = []
        for layout, positions in zip(self._layouts, self._found, strict=True):
            rows = None if alone else np.searchsorted(self.positions, positions)
            blocks.append(_block(layout, positions, rows, self._part))
        return blocks

    @cached_property
    def keys(self) -> list[Key]:
        """The fields that any layout of this table defines, in order of appearance."""
        seen: dict[Key, None] = dict.fromkeys(self._columns) if not self._layouts else {}
        for layout in self._layouts:
            seen.update(dict.fromkeys(number for number, _, _ in layout.fields))
            seen.update(dict.fromkeys((index, number) for number, _, index in layout.developer))
        if any(layout.compressed for layout in self._layouts):
            seen.setdefault(253)
        return list(seen)

    @cached_property
    def _numbers_by_name(self) -> dict[str, Key]:
        names: dict[str, Key] = {}
        for key in self.keys:
            fact = field_fact(self.number, key) if isinstance(key, int) else None
            if fact is not None:
                names.setdefault(fact.name, key)
        return names

    def get(self, name: str | Key) -> Column | None:
        """The column of this field, None where no message of the table defines it."""
        key = self._numbers_by_name.get(name) if isinstance(name, str) else name
        if key is None:
            return None
        if key not in self._columns:
            self._columns[key] = self._make(key)
        return self._columns[key]

    def numbers(self, *names: str | Key) -> np.ndarray:
        """Scaled values of the first of these fields that is known, row by row; float64[N], NaN where none is."""
        result: np.ndarray | None = None
        for name in names:
            column = self.get(name)
            if column is None or column.is_text or column.base is BYTE:
                continue
            values = column.numbers()
            values = values if values.ndim == 1 else values[:, 0]
            result = values if result is None else np.where(np.isnan(result), values, result)
        return np.full(len(self), np.nan) if result is None else result

    def texts(self, name: str | Key) -> list[str | None]:
        """Texts or words of this field, None where unknown."""
        column = self.get(name)
        return [None] * len(self) if column is None else column.texts()

    def native_of(self, key: tuple[int, int]) -> int | None:
        """The number of the field of this message that a developer field says it stands for, None for none."""
        found = self._part.developer_field(*key, int(self.positions[0]))
        if found is None or found.native_message not in (None, self.number):
            return None
        return found.native

    def columns(self) -> dict[Key, Column]:
        """Every column, by field."""
        made = ((key, self.get(key)) for key in self.keys)
        return {key: column for key, column in made if column is not None}

    def _make(self, key: Key) -> Column | None:
        column = self._gather(key)
        if key == 253 and any(layout.compressed for layout in self._layouts):
            return self._part.with_compressed_times(self, column)
        return column

    def _gather(self, key: Key) -> Column | None:
        pieces = [(block, block.index[key]) for block in self._blocks if key in block.index] if self._layouts else []
        if not pieces:
            return None
        fact, base = self._part.meaning(self.number, key, pieces[0][0].layout)
        if len(pieces) == 1 and pieces[0][0].rows is None:
            raw, valid, base = _decode(pieces[0][0], pieces[0][1], key, base)
            return _column(key, base, fact, raw, valid, None)
        decoded = [_decode(block, at, key, base) for block, at in pieces]
        rows = [block.rows for block, _ in pieces]
        return _merge(key, fact, decoded, [r for r in rows if r is not None], len(self))


def _block(layout: Layout, positions: np.ndarray, rows: np.ndarray | None, part: Part) -> _Block:
    """A structured view of all payloads of one layout; no copy where they are evenly spaced."""
    index: dict[Key, int] = {}
    formats: list[object] = []
    sized = [(number, size, part.base_of(layout, number, byte, size), number) for number, size, byte in layout.fields]
    for number, size, developer_index in layout.developer:
        sized.append(
            (number, size, part.developer_base(layout, developer_index, number, size), (developer_index, number))
        )
    order = ">" if layout.big_endian else "<"
    offsets, at = [], 0
    for place, (_, size, base, key) in enumerate(sized):
        index.setdefault(key, place)
        count = size // base.size if size else 0
        if base is STRING or base is BYTE or count != 1:
            code = f"S{size}" if base is STRING else order + base.code
            formats.append(code if base is STRING else (code, (count,)))
        else:
            formats.append(order + base.code)
        offsets.append(at)
        at += size
    names = [f"f{i}" for i in range(len(sized))]
    dtype = np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": max(layout.size, 1)})
    return _Block(layout, positions, rows, _gather_payloads(part.data, positions, dtype, layout.size), index)


def _gather_payloads(data: bytes, positions: np.ndarray, dtype: np.dtype, size: int) -> np.ndarray:
    if size == 0 or len(positions) == 0:
        return np.zeros(len(positions), dtype)
    stride = size + 1
    first = int(positions[0]) + 1
    if int(positions[-1]) - int(positions[0]) == (len(positions) - 1) * stride and len(positions) > 1:
        even: np.ndarray = np.ndarray((len(positions),), dtype, data, first, (stride,))
        return even
    windows: np.ndarray = np.ndarray((len(data) - size + 1,), np.dtype((np.void, size)), data, 0, (1,))
    return windows[positions + 1].view(dtype)


def _decode(block: _Block, at: int, key: Key, base: BaseType) -> tuple[np.ndarray, np.ndarray, BaseType]:
    """Stored values and validity of one field of one block."""
    raw = block.view[f"f{at}"]
    size = block.layout.fields[at][1] if at < len(block.layout.fields) else -1
    if raw.dtype.kind == "S":
        texts = [_text(value) for value in raw.tolist()]
        values = np.empty(len(texts), object)
        values[:] = texts
        return values, np.array([t is not None for t in texts], bool), STRING
    if at < len(block.layout.fields):
        base = base_type(block.layout.fields[at][2], size)
    elif raw.ndim == 2 and raw.dtype.itemsize == 1 and base.size > 1:
        base = BYTE
    raw = raw.astype(raw.dtype.newbyteorder("="))
    if base.invalid is None:
        valid = ~np.isnan(raw)
    elif base is BYTE:
        valid = (raw != base.invalid).any(axis=1) if raw.ndim == 2 else raw != base.invalid
    else:
        valid = raw != base.invalid
    return raw, valid, base


def _text(value: bytes) -> str | None:
    return value.split(b"\0", 1)[0].decode("utf-8", "replace") or None


def _column(
    key: Key, base: BaseType, fact: FieldFact | None, raw: np.ndarray, valid: np.ndarray, defined: np.ndarray | None
) -> Column:
    number = key if isinstance(key, int) else key[1]
    if fact is None:
        return Column(key, f"unknown_{number}", base, raw, valid, defined)
    return Column(key, fact.name, base, raw, valid, defined, fact.scale, fact.offset, fact.units, fact.words, fact)


def _merge(
    key: Key,
    fact: FieldFact | None,
    decoded: list[tuple[np.ndarray, np.ndarray, BaseType]],
    rows: list[np.ndarray],
    length: int,
) -> Column:
    """One column out of the pieces of several layouts; arrays are as wide as the widest."""
    base = decoded[0][2]
    if any(raw.dtype == object for raw, _, _ in decoded):
        texts = np.full(length, None, object)
        valid = np.zeros(length, bool)
        defined = np.zeros(length, bool)
        for (raw, ok, _), at in zip(decoded, rows, strict=True):
            if raw.dtype == object:
                texts[at], valid[at] = raw, ok
            defined[at] = True
        return _column(key, STRING, fact, texts, valid, _unless_all(defined))
    wide = max(raw.shape[1] if raw.ndim == 2 else 1 for raw, _, _ in decoded)
    flat = all(raw.ndim == 1 for raw, _, _ in decoded)
    dtype = np.result_type(*(raw.dtype for raw, _, _ in decoded))
    merged = np.zeros((length, wide), dtype)
    known = np.zeros((length, wide), bool)
    defined = np.zeros(length, bool)
    for (raw, ok, _), at in zip(decoded, rows, strict=True):
        width = raw.shape[1] if raw.ndim == 2 else 1
        merged[at, :width] = raw.reshape(len(raw), width)
        known[at, :width] = ok[:, None] if ok.ndim == 1 else ok
        defined[at] = True
    if flat:
        return _column(key, base, fact, merged[:, 0], known[:, 0], _unless_all(defined))
    if base is BYTE:
        known = known.any(axis=1)
    return _column(key, base, fact, merged, known, _unless_all(defined))


def _unless_all(defined: np.ndarray) -> np.ndarray | None:
    return None if defined.all() else defined


@dataclass(slots=True)
class _DeveloperField:
    name: str
    base: BaseType
    units: str | None
    scale: float | None
    offset: float | None
    native: int | None
    native_message: int | None


class Part:
    """One FIT recording inside a file (files may be chained): header facts, checksum states and tables by message."""

    def __init__(self, data: bytes, facts: Scan) -> None:
        self.data = data
        self.facts = facts
        kinds: dict[int, list[Layout]] = {}
        for layout in facts.layouts:
            if layout.used:
                kinds.setdefault(layout.message, []).append(layout)
        self.tables: dict[int, Table] = {number: Table(number, layouts, self) for number, layouts in kinds.items()}

    def table(self, number: int) -> Table | None:
        """The messages of this global number, None where there are none."""
        return self.tables.get(number)

    def meaning(self, message: int, key: Key, layout: Layout) -> tuple[FieldFact | None, BaseType]:
        """What a field means and its base type, as its first layout declares it."""
        if isinstance(key, int):
            size, byte = next(((s, b) for n, s, b in layout.fields if n == key), (0, 13))
            return field_fact(message, key), base_type(byte, size)
        found = self.developer_field(*key, layout.offset)
        if found is None:
            return None, BYTE
        return FieldFact(found.name, found.base.name, found.scale, found.offset, found.units), found.base

    def base_of(self, layout: Layout, number: int, byte: int, size: int) -> BaseType:
        """The type a field is read as."""
        return base_type(byte, size)

    def developer_base(self, layout: Layout, index: int, number: int, size: int) -> BaseType:
        """The type a developer field is read as: as it was described, else plain bytes."""
        found = self.developer_field(index, number, layout.offset)
        if found is None or not size or size % found.base.size:
            return BYTE
        return found.base

    def developer_field(self, index: int, number: int, before: int) -> _DeveloperField | None:
        """The description in force at byte `before`, else the first one given later."""
        given = self._descriptions.get((index, number))
        if not given:
            return None
        earlier = [described for offset, described in given if offset < before]
        return earlier[-1] if earlier else given[0][1]

    @cached_property
    def _descriptions(self) -> dict[tuple[int, int], list[tuple[int, _DeveloperField]]]:
        table = self.table(206)
        if table is None:
            return {}
        index, number, base = (_raw(table, key) for key in (0, 1, 2))
        scale, offset, native_message, native = (_raw(table, key) for key in (6, 7, 14, 15))
        names, units = table.texts(3), table.texts(8)
        found: dict[tuple[int, int], list[tuple[int, _DeveloperField]]] = {}
        for row, position in enumerate(table.positions.tolist()):
            if index[row] is None or number[row] is None:
                continue
            described = _DeveloperField(
                names[row] or f"unnamed_dev_field_{number[row]}",
                BASE_TYPES.get((base[row] if base[row] is not None else 13) & 0x1F, BYTE),
                units[row],
                scale[row] or None,
                offset[row] or None,
                native[row],
                native_message[row],
            )
            found.setdefault((index[row], number[row]), []).append((position, described))
        return found

    def with_compressed_times(self, table: Table, explicit: Column | None) -> Column:
        """The timestamp column of a table whose messages carry the low five bits of the time in their headers."""
        times = self._compressed_times
        raw = np.zeros(len(table), np.uint32) if explicit is None else explicit.raw.astype(np.uint32)
        valid = np.zeros(len(table), bool) if explicit is None else explicit.valid.copy()
        headers = np.frombuffer(self.data, np.uint8)[table.positions]
        for row in np.flatnonzero(headers >= 0x80):
            stamp = times.get(int(table.positions[row]))
            if stamp is not None:
                raw[row], valid[row] = stamp, True
        return _column(253, BASE_TYPES[6], field_fact(table.number, 253), raw, valid, None)

    @cached_property
    def _compressed_times(self) -> dict[int, int]:
        """Time of each message with a compressed header by its offset: rolls on from the last time in the file."""
        octets = np.frombuffer(self.data, np.uint8)
        marks: list[tuple[int, int, bool]] = []
        for table in self.tables.values():
            column = table._gather(253)
            if column is not None and column.raw.ndim == 1:
                at = table.positions[column.valid].tolist()
                marks += [(p, t, False) for p, t in zip(at, column.raw[column.valid].tolist(), strict=True)]
            compressed = table.positions[octets[table.positions] >= 0x80].tolist()
            marks += [(p, self.data[p] & 31, True) for p in compressed]
        now, times = 0, {}
        for position, value, is_low_bits in sorted(marks):
            now = now + ((value - now) & 31) if is_low_bits else value
            if is_low_bits:
                times[position] = now
        return times


def _raw(table: Table, key: int) -> list[int | None]:
    column = table.get(key)
    if column is None or column.is_text or column.raw.ndim != 1:
        return [None] * len(table)
    return [int(v) if ok else None for v, ok in zip(column.raw.tolist(), column.valid.tolist(), strict=True)]


@dataclass(slots=True)
class FitFile:
    """A decoded file: its chained parts in order, and where and why reading had to stop or doubt."""

    parts: list[Part] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)
    size: int = 0
    reader: str = "columnar"


def decode(data: bytes) -> FitFile:
    """Read a whole FIT file. Never raises for bad content: what is wrong stands in `breaks`."""
    scans, outside = scan(data)
    parts = [Part(data, facts) for facts in scans]
    breaks = [b for facts in scans for b in facts.breaks] + outside
    return FitFile(parts, breaks, len(data))
