"""Make FIT bytes by hand, sound and broken, for tests of the reader. Nothing here is shared with the reader."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

ENUM, SINT8, UINT8, SINT16, UINT16, SINT32, UINT32, STRING = 0x00, 0x01, 0x02, 0x83, 0x84, 0x85, 0x86, 0x07
FLOAT32, UINT32Z, BYTE = 0x88, 0x8C, 0x0D
_CODES = {0x00: "B", 0x01: "b", 0x02: "B", 0x83: "h", 0x84: "H", 0x85: "i", 0x86: "I", 0x88: "f", 0x8C: "I", 0x0D: "B"}
T0 = 1_000_000_000
"""A FIT time in September 2021."""


def slow_crc(data: bytes) -> int:
    """The checksum bit by bit, as the protocol describes it."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc


@dataclass
class Fit:
    """A FIT recording in the making. `fields` are (number, base type) or (number, base type, size)."""

    big: bool = False
    body: bytearray = field(default_factory=bytearray)
    shapes: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)
    developer: dict[int, list[tuple[int, int, int, int]]] = field(default_factory=dict)

    def define(
        self,
        local: int,
        message: int,
        fields: list[tuple[int, ...]],
        developer: list[tuple[int, int, int, int]] | None = None,
    ) -> Fit:
        """Add a definition. `developer` fields are (number, size, developer index, base type)."""
        shape = [(f[0], f[1], f[2] if len(f) > 2 else struct.calcsize(_CODES.get(f[1], "B"))) for f in fields]
        order = ">" if self.big else "<"
        self.body += bytes((0x40 | local | (0x20 if developer else 0), 0, int(self.big)))
        self.body += struct.pack(order + "HB", message, len(shape))
        for number, base, size in shape:
            self.body += bytes((number, size, base))
        if developer:
            self.body += bytes((len(developer),))
            for number, size, index, _ in developer:
                self.body += bytes((number, size, index))
        self.shapes[local], self.developer[local] = shape, developer or []
        return self

    def data(self, local: int, *values: object, compressed: int | None = None) -> Fit:
        """Add a message; numbers as stored, text as str, opaque bytes as bytes."""
        self.body += bytes((local if compressed is None else 0x80 | local << 5 | compressed,))
        shape = [(base, size) for _, base, size in self.shapes[local]]
        shape += [(base, size) for _, size, _, base in self.developer[local]]
        for (base, size), value in zip(shape, values, strict=True):
            self.body += self._bytes(base, size, value)
        return self

    def _bytes(self, base: int, size: int, value: object) -> bytes:
        if isinstance(value, str):
            return value.encode().ljust(size, b"\0")
        if isinstance(value, bytes):
            return value.ljust(size, b"\0")
        values = value if isinstance(value, (list, tuple)) else [value]
        return struct.pack((">" if self.big else "<") + _CODES[base] * len(values), *values)

    def bytes(self, header_size: int = 14, data_size: int | None = None, crc: bool = True) -> bytes:
        """The whole recording with header and checksum."""
        stated = len(self.body) if data_size is None else data_size
        head = struct.pack("<BBHI4s", header_size, 0x20, 2132, stated, b".FIT")
        if header_size >= 14:
            head += struct.pack("<H", slow_crc(head)) + bytes(header_size - 14)
        whole = head + bytes(self.body)
        return whole + struct.pack("<H", slow_crc(whole)) if crc else whole


def file_id(fit: Fit, kind: int = 4, serial: int = 1234, created: int = T0) -> Fit:
    """Add a file_id message of a Garmin fenix 6."""
    fit.define(0, 0, [(0, ENUM), (1, UINT16), (2, UINT16), (3, UINT32Z), (4, UINT32)])
    return fit.data(0, kind, 1, 3290, serial, created)


def run(
    seconds: int = 60,
    start: int = T0,
    sport: int = 1,
    session: bool = True,
    fit: Fit | None = None,
) -> Fit:
    """A run at 3 m/s with heart rate 150 and cadence 80, one sample a second, timer events and a session."""
    fit = fit or file_id(Fit())
    fit.define(1, 21, [(253, UINT32), (0, ENUM), (1, ENUM)]).data(1, start, 0, 0)
    fit.define(2, 20, [(253, UINT32), (3, UINT8), (4, UINT8), (5, UINT32), (73, UINT32), (78, UINT32)])
    for s in range(seconds + 1):
        fit.data(2, start + s, 150, 80, 300 * s, 3000, (100 + 500) * 5)
    fit.data(1, start + seconds, 0, 4)
    if session:
        add_session(fit, start, seconds, sport)
    return fit


def add_session(fit: Fit, start: int, seconds: int, sport: int = 1, sub_sport: int = 0) -> Fit:
    """Add a session of 3 m/s with feel 75 and RPE 3."""
    fields = [(253, UINT32), (2, UINT32), (5, ENUM), (6, ENUM), (7, UINT32), (8, UINT32), (9, UINT32)]
    fit.define(3, 18, [*fields, (16, UINT8), (192, UINT8), (193, UINT8)])
    ms = seconds * 1000
    return fit.data(3, start + seconds, start, sport, sub_sport, ms, ms, seconds * 300, 150, 75, 30)
