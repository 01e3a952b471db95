"""The columnar FIT reader: every message kind of a file as a table of columns, nothing decoded before it is asked for.

`decode(data)` walks the message headers once (scan.py). Asking a `Table` for a column gathers that field
of all its messages at once out of one structured numpy view per message layout (ingest/fit/protocol/gather.py).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from steadymile.ingest.fit.protocol import gather
from steadymile.ingest.fit.protocol.counters import roll_over
from steadymile.ingest.fit.protocol.developer import DeveloperField, descriptions
from steadymile.ingest.fit.protocol.gather import Block, Column, Key, Plan, Shape
from steadymile.ingest.fit.protocol.profile import FieldFact, field_fact, message_name
from steadymile.ingest.fit.protocol.scan import Break, Layout, Scan, scan
from steadymile.ingest.fit.protocol.types import BASE_TYPES, BYTE, BaseType

_TIME = 253


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
    def _plans(self) -> list[Plan]:
        return [gather.plan(layout.fields, self._part.described(layout), layout.big_endian) for layout in self._layouts]

    @cached_property
    def _layout_of(self) -> np.ndarray:
        """By row, which layout the message has."""
        order = np.argsort(np.concatenate(self._found), kind="stable")
        return np.repeat(np.arange(len(self._found)), [len(f) for f in self._found])[order]

    @cached_property
    def _block(self) -> Block:
        return gather.block(self._part.data, self._layouts[0], self.positions, self._plans[0])

    @cached_property
    def keys(self) -> list[Key]:
        """The fields that any layout of this table defines, in order of appearance."""
        seen: dict[Key, None] = {} if self._layouts else dict.fromkeys(self._columns)
        for layout in self._layouts:
            seen.update(dict.fromkeys(gather.keys(layout.fields, layout.developer)))
        if any(layout.compressed for layout in self._layouts):
            seen.setdefault(_TIME)
        return list(seen)

    @cached_property
    def _keys_by_name(self) -> dict[str, Key]:
        names: dict[str, Key] = {}
        for key in self.keys:
            fact = field_fact(self.number, key) if isinstance(key, int) and key < 256 else None
            if fact is not None:
                names.setdefault(fact.name, key)
        return names

    def get(self, name: str | Key) -> Column | None:
        """The column of this field, None where no message of the table defines it."""
        key = self._keys_by_name.get(name) if isinstance(name, str) else name
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
            if column is None or column.is_text or column.base is BYTE or column.is_empty:
                continue
            values = column.numbers()
            values = values if values.ndim == 1 else values[:, 0]
            result = values if result is None else np.where(np.isnan(result), values, result)
        return np.full(len(self), np.nan) if result is None else result

    def stored(self, name: str | Key) -> np.ndarray:
        """Values of this field as they are stored, not scaled; float64[N], NaN where unknown."""
        column = self.get(name)
        if column is None or column.is_text or column.is_empty:
            return np.full(len(self), np.nan)
        raw, valid = column.raw.reshape(len(self), -1), column.valid.reshape(len(self), -1)
        return np.where(valid[:, 0], raw[:, 0].astype(np.float64), np.nan)

    def texts(self, name: str | Key) -> list[str | None]:
        """Texts or words of this field, None where unknown."""
        column = self.get(name)
        return [None] * len(self) if column is None else column.texts()

    def columns(self) -> dict[Key, Column]:
        """Every column, by field."""
        made = ((key, self.get(key)) for key in self.keys)
        return {key: column for key, column in made if column is not None}

    def native_of(self, key: tuple[int, int]) -> int | None:
        """The number of the field of this message that a developer field says it stands for, None for none."""
        found = self._part.developer_field(*key, int(self.positions[0]))
        if found is None or found.native_message not in (None, self.number):
            return None
        return found.native

    def _make(self, key: Key) -> Column | None:
        column = self.explicit(key)
        if key == _TIME and any(layout.compressed for layout in self._layouts):
            return self._part.with_compressed_times(self, column)
        return column

    def explicit(self, key: Key) -> Column | None:
        """The column as the messages' own fields have it, without times from compressed headers."""
        places = [plan.places.get(key) for plan in self._plans]
        shapes = {place[1] for place in places if place is not None}
        if not shapes:
            return None
        fact = self._part.meaning(self.number, key, int(self.positions[0]))
        if len(places) == 1:
            return gather.column(key, fact, gather.piece(self._block, key))
        offsets = np.array([-1 if place is None else place[0] + 1 for place in places])[self._layout_of]
        defined = None if None not in places else offsets >= 0
        at = self.positions + offsets
        if len(shapes) == 1:
            found = gather.scattered(self._part.data, at if defined is None else at[defined], shapes.pop())
            return gather.column(key, fact, found if defined is None else gather.spread(found, defined), defined)
        return self._merge(key, fact, places, at)

    def _merge(
        self, key: Key, fact: FieldFact | None, places: list[tuple[int, Shape] | None], at: np.ndarray
    ) -> Column:
        """A column whose messages store it in different shapes."""
        pieces, rows = [], []
        for shape in dict.fromkeys(place[1] for place in places if place is not None):
            here = [number for number, place in enumerate(places) if place is not None and place[1] == shape]
            rows.append(np.flatnonzero(np.isin(self._layout_of, here)))
            pieces.append(gather.scattered(self._part.data, at[rows[-1]], shape))
        return gather.merge(key, fact, pieces, rows, len(self))


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

    def meaning(self, message: int, key: Key, before: int) -> FieldFact | None:
        """What a field means: by the profile, or as the file itself describes its developer fields."""
        if isinstance(key, int):
            return field_fact(message, key % 256)
        found = self.developer_field(*key, before)
        if found is None:
            return None
        return FieldFact(found.name, found.base.name, found.scale, found.offset, found.units)

    def described(self, layout: Layout) -> tuple[tuple[int, int, int, BaseType], ...]:
        """The developer fields of a layout, each with the type that the file describes for it."""
        found = []
        for number, size, index in layout.developer:
            known = self.developer_field(index, number, layout.offset)
            found.append((number, size, index, known.base if known is not None else BYTE))
        return tuple(found)

    def developer_field(self, index: int, number: int, before: int) -> DeveloperField | None:
        """The description in force at byte `before`, else the first one given later."""
        offsets, given = self._descriptions.get((index, number), ([], []))
        return given[max(bisect_left(offsets, before) - 1, 0)] if given else None

    @cached_property
    def _descriptions(self) -> dict[tuple[int, int], tuple[list[int], list[DeveloperField]]]:
        table = self.table(206)
        return {} if table is None else descriptions(table)

    def with_compressed_times(self, table: Table, explicit: Column | None) -> Column:
        """The timestamp column of a table whose messages carry the low five bits of the time in their headers."""
        positions, times = self._compressed_times
        raw, valid = np.zeros(len(table), np.uint32), np.zeros(len(table), bool)
        if explicit is not None and explicit.raw.ndim == 1 and explicit.raw.dtype.kind in "iu":
            raw, valid = explicit.raw.astype(np.uint32), explicit.valid.copy()
        place = np.clip(np.searchsorted(positions, table.positions), 0, len(positions) - 1)
        mine = positions[place] == table.positions
        raw[mine], valid[mine] = times[place[mine]], True
        return gather.column(_TIME, field_fact(table.number, _TIME), (raw, valid, BASE_TYPES[6]))

    @cached_property
    def _compressed_times(self) -> tuple[np.ndarray, np.ndarray]:
        """Offsets and times of the messages with compressed headers: each rolls on from the last time in the file,
        the first of all from when the file was made."""
        octets = np.frombuffer(self.data, np.uint8)
        positions, low, full = [], [], []
        made = self.table(0)
        created = made.numbers("time_created")[:1] if made is not None else np.empty(0)
        if len(created) and created[0] == created[0]:
            positions.append(np.array([-1]))
            full.append(created.astype(np.int64))
            low.append(np.zeros(1, np.int64))
        for table in self.tables.values():
            column = table.explicit(_TIME)
            if column is not None and column.raw.ndim == 1 and column.raw.dtype.kind in "iu":
                positions.append(table.positions[column.valid])
                full.append(column.raw[column.valid].astype(np.int64))
                low.append(np.zeros(len(full[-1]), np.int64))
            compressed = table.positions[octets[table.positions] >= 0x80]
            positions.append(compressed)
            low.append(octets[compressed].astype(np.int64) & 31)
            full.append(np.full(len(compressed), -1, np.int64))
        at, bits, known = (np.concatenate(parts) for parts in (positions, low, full))
        order = np.argsort(at, kind="stable")
        times = roll_over(bits[order], 5, known[order])
        packed = known[order] < 0
        return at[order][packed], (times[packed] & 0xFFFFFFFF).astype(np.uint32)


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
