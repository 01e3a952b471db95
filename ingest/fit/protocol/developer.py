"""Developer fields: a file may describe fields of its own, with name, type and units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from steadymile.ingest.fit.protocol.gather import Column
from steadymile.ingest.fit.protocol.types import BASE_TYPES, BYTE, BaseType


class Table(Protocol):
    """What is asked of a table of `field_description` messages (columns.py has the tables)."""

    @property
    def positions(self) -> np.ndarray:
        """Byte offset of each message."""

    def __len__(self) -> int: ...

    def get(self, key: int, /) -> Column | None:
        """A column by the number of its field; None where no message has it."""

    def texts(self, key: int, /) -> list[str | None]:
        """A column of texts."""


@dataclass(frozen=True, slots=True)
class DeveloperField:
    """One described field; `native` is the number of the profile's field that it stands for, if it says so."""

    name: str
    base: BaseType
    units: str | None
    scale: float | None
    offset: float | None
    native: int | None
    native_message: int | None


def descriptions(table: Table) -> dict[tuple[int, int], tuple[list[int], list[DeveloperField]]]:
    """By (developer index, field number): the bytes where it is described, ascending, and the descriptions."""
    index, number, base = (_whole(table, key) for key in (0, 1, 2))
    scale, offset, native_message, native = (_whole(table, key) for key in (6, 7, 14, 15))
    names, units = table.texts(3), table.texts(8)
    found: dict[tuple[int, int], tuple[list[int], list[DeveloperField]]] = {}
    for row, position in enumerate(table.positions.tolist()):
        owner, which, kind = index[row], number[row], base[row]
        if owner is None or which is None:
            continue
        described = DeveloperField(
            names[row] or f"unnamed_dev_field_{which}",
            BASE_TYPES.get(kind & 0x1F, BYTE) if kind is not None else BYTE,
            units[row],
            scale[row] or None,
            offset[row] or None,
            native[row],
            native_message[row],
        )
        offsets, given = found.setdefault((owner, which), ([], []))
        offsets.append(position)
        given.append(described)
    return found


def _whole(table: Table, key: int) -> list[int | None]:
    column = table.get(key)
    if column is None or column.is_text or column.raw.ndim != 1:
        return [None] * len(table)
    return [int(v) if ok else None for v, ok in zip(column.raw.tolist(), column.valid.tolist(), strict=True)]
