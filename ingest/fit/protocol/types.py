"""The base types of the FIT protocol: how many bytes, how they read, and which value means "not known"."""

from __future__ import annotations

from dataclasses import dataclass

EPOCH_S = 631_065_600
"""Unix time of the FIT epoch, 1989-12-31 00:00 UTC."""
CLOCK_SET_S = 0x10000000
"""FIT times below count from when the device was switched on: its clock was not set."""


@dataclass(frozen=True, slots=True)
class BaseType:
    """`code` numpy type code without byte order, `size` bytes of one value, `invalid` the value for unknown."""

    name: str
    code: str
    size: int
    invalid: int | None


BYTE = BaseType("byte", "u1", 1, 0xFF)
STRING = BaseType("string", "u1", 1, 0)

BASE_TYPES: dict[int, BaseType] = {
    0: BaseType("enum", "u1", 1, 0xFF),
    1: BaseType("sint8", "i1", 1, 0x7F),
    2: BaseType("uint8", "u1", 1, 0xFF),
    3: BaseType("sint16", "i2", 2, 0x7FFF),
    4: BaseType("uint16", "u2", 2, 0xFFFF),
    5: BaseType("sint32", "i4", 4, 0x7FFFFFFF),
    6: BaseType("uint32", "u4", 4, 0xFFFFFFFF),
    7: STRING,
    8: BaseType("float32", "f4", 4, None),
    9: BaseType("float64", "f8", 8, None),
    10: BaseType("uint8z", "u1", 1, 0),
    11: BaseType("uint16z", "u2", 2, 0),
    12: BaseType("uint32z", "u4", 4, 0),
    13: BYTE,
    14: BaseType("sint64", "i8", 8, 0x7FFFFFFFFFFFFFFF),
    15: BaseType("uint64", "u8", 8, 0xFFFFFFFFFFFFFFFF),
    16: BaseType("uint64z", "u8", 8, 0),
}
"""By the five low bits of the base type byte; its bit 7 only says that byte order matters."""


def base_type(byte: int, size: int) -> BaseType:
    """The type of a field of `size` bytes; plain bytes where the type is unknown or does not divide the size."""
    found = BASE_TYPES.get(byte & 0x1F, BYTE)
    return found if size and size % found.size == 0 else BYTE
