"""Walk a FIT file once: where each message lies and how its bytes are laid out. No value is decoded here.

Messages of one layout are kept together as positions; long runs of one message, the normal case in a recording,
are found by striding instead of stepping. Every limit is a small multiple of the file's own size, whatever the file
claims about itself.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

import numpy as np
from steadymile.models.checksum import crc16

MAX_LAYOUTS = 10_000
MAX_FIELDS = 200_000
MAX_PARTS = 1_000


@dataclass(frozen=True, slots=True)
class Break:
    """Where reading had to stop or doubt: byte offset, a short code, and the fact in plain words."""

    offset: int
    code: str
    fact: str


@dataclass(slots=True)
class Layout:
    """One definition in use: message number, byte order, fields as (number, size, base type byte), developer fields
    as (number, size, developer index), payload size in bytes, and where its messages' headers are."""

    message: int
    big_endian: bool
    fields: tuple[tuple[int, int, int], ...]
    developer: tuple[tuple[int, int, int], ...]
    size: int
    offset: int
    singles: array[int] = field(default_factory=lambda: array("q"))
    runs: list[tuple[int, int]] = field(default_factory=list)
    compressed: bool = False

    def positions(self) -> np.ndarray:
        """Offsets of the message headers in file order, int64."""
        stride = self.size + 1
        parts = [np.arange(start, start + count * stride, stride, dtype=np.int64) for start, count in self.runs]
        if not self.singles and len(parts) == 1:
            return parts[0]
        parts.append(np.frombuffer(self.singles, np.int64) if self.singles else np.empty(0, np.int64))
        return np.sort(np.concatenate(parts))

    @property
    def used(self) -> bool:
        """Whether any message has this layout."""
        return bool(self.runs or self.singles)


@dataclass(slots=True)
class Scan:
    """One FIT part (files may be chained): header facts, checksum states, layouts in order of use, breaks.

    Checksum states: `ok`, `bad`, `absent` (stored as 0 or no room for one).
    """

    offset: int
    header_size: int = 0
    protocol: str = ""
    profile: int = 0
    data_size: int = 0
    end: int = 0
    header_crc: str = "absent"
    crc: str = "absent"
    layouts: list[Layout] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)


def scan(data: bytes) -> tuple[list[Scan], list[Break]]:
    """Every chained part of `data`, and what is wrong outside of them (no header, trailing bytes)."""
    parts: list[Scan] = []
    outside: list[Break] = []
    position = 0
    while position < len(data):
        if len(parts) >= MAX_PARTS:
            outside.append(Break(position, "absurd", f"more than {MAX_PARTS:,} recordings in one file"))
            break
        header_size = _header_size(data, position)
        if header_size is None:
            outside.append(_no_header(data, position, bool(parts)))
            break
        part = _scan_part(data, position, header_size)
        parts.append(part)
        position = part.end
    return parts, outside


def _magic(data: bytes, at: int) -> bool:
    return len(data) - at >= 12 and data[at + 8 : at + 12] == b".FIT"


def _header_size(data: bytes, at: int) -> int | None:
    """Size of the FIT header at this offset, None where there is none. A damaged one is known by what follows it."""
    if _magic(data, at):
        stated = data[at]
        after = at + stated
        if stated >= 12 and (after >= len(data) or data[after] & 0xC0 == 0x40 or stated in (12, 14)):
            return stated
        return next(
            (size for size in (14, 12) if data[at + size : at + size + 1] and data[at + size] & 0xC0 == 0x40), None
        )
    for size in (14, 12):  # every recording begins with the definition of its file_id message, number 0
        if data[at + size : at + size + 5] in (b"\x40\0\0\0\0", b"\x40\0\1\0\0"):
            return size
    return None


def _no_header(data: bytes, at: int, after_a_part: bool) -> Break:
    rest = len(data) - at
    if not after_a_part:
        return Break(at, "header", "there is no FIT header")
    if rest >= 12 and data[at] in (12, 14):
        return Break(at, "header", "a further recording begins here but its header is damaged")
    return Break(at, "trailing", f"{rest} bytes follow the end of the recording")


def _scan_part(data: bytes, at: int, header_size: int) -> Scan:
    protocol, profile = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "little")
    data_size = int.from_bytes(data[at + 4 : at + 8], "little")
    part = Scan(at, header_size, f"{protocol >> 4}.{protocol & 15}", profile, data_size)
    if header_size >= 14 and len(data) >= at + 14:
        part.header_crc = _state(int.from_bytes(data[at + 12 : at + 14], "little"), data[at : at + 12])
    if not _magic(data, at) or data[at] != header_size:
        part.breaks.append(Break(at, "header", "the header is damaged"))
    first = min(at + header_size, len(data))
    stop = _payload_end(data, part, first)
    walk = _Walk(data, part)
    reached = walk.run(first, stop)
    if reached < stop and part.breaks[-1].code == "truncated" and len(data) > stop + 2 and not _magic(data, stop + 2):
        # The stated end lies inside a message and more follows: the stated length is what is wrong.
        part.breaks[-1] = Break(at, "length", "the header states a wrong length")
        stop = len(data) - 2
        reached = walk.run(reached, stop)
    if stop + 2 <= len(data) and not (reached < stop and part.breaks[-1].code == "truncated"):
        part.crc = _state(int.from_bytes(data[stop : stop + 2], "little"), memoryview(data)[at:stop])
        if part.crc == "bad":
            part.breaks.append(Break(stop, "crc", "the checksum does not match: some bytes are not as written"))
    part.end = min(stop + 2, len(data))
    return part


def _state(stored: int, data: bytes | memoryview) -> str:
    if stored == 0:
        return "ok" if not any(data) else "absent"
    return "ok" if crc16(data) == stored else "bad"


def _payload_end(data: bytes, part: Scan, first: int) -> int:
    """Where the messages end: as the header says, as far as there are bytes, or found out where it says nothing."""
    if part.data_size:
        stop = first + part.data_size
        if stop > len(data):
            missing = stop - len(data)
            lack = "1 byte is" if missing == 1 else f"{missing:,} bytes are"
            part.breaks.append(Break(len(data), "truncated", f"the recording breaks off: {lack} missing"))
            return len(data)
        return stop
    rest = len(data) - first
    if rest <= 2 or _magic(data, first) or _magic(data, first + 2):
        return first
    part.breaks.append(Break(part.offset, "unclosed", "the recording was never closed: its length is not written"))
    if crc16(memoryview(data)[part.offset :]) == 0:  # a checksum that fits stands at the end
        return len(data) - 2
    return len(data)


_DEFINE = 16
_SLOTS = bytes(
    _DEFINE + 1 + ((h >> 5) & 3) if h >= 0x80 else _DEFINE if h & 0x40 else h & 15  # bits 4 and 5 say nothing here
    for h in range(256)
)
"""By header byte: the local message 0-15, 16 for a definition, 17-20 for local 0-3 with a compressed time."""

_SAME = [bytes(h for h in range(256) if _SLOTS[h] == slot) for slot in range(21)]
"""By slot: the header bytes that continue a run of it."""


class _Walk:
    """The walk over one part's messages, with the definitions in force."""

    def __init__(self, data: bytes, part: Scan) -> None:
        self.data = data
        self.part = part
        self.known: dict[bytes, Layout] = {}
        self.fields = 0
        # By slot: bytes of a whole message (0: no definition), and its layout.
        self.sizes = [0] * 21
        self.layouts: list[Layout | None] = [None] * 21

    def run(self, position: int, stop: int) -> int:
        """Walk from `position` to `stop`; returns where it ended, before `stop` only with a break noted."""
        data, sizes, layouts, slots = self.data, self.sizes, self.layouts, _SLOTS
        while position < stop:
            slot = slots[data[position]]
            size = sizes[slot]
            following = position + size
            if size and following <= stop:
                layout = layouts[slot]
                if following < stop and slots[data[following]] == slot:
                    count = _run_length(data, position, stop, size, _SAME[slot])
                    layout.runs.append((position, count))  # type: ignore[union-attr]  # a size has a layout
                    position += count * size
                else:
                    layout.singles.append(position)  # type: ignore[union-attr]  # a size has a layout
                    position = following
                if slot > _DEFINE:
                    layout.compressed = True  # type: ignore[union-attr]  # a size has a layout
            elif size:
                return self._stop(position, "truncated", "the recording breaks off in the middle of a message")
            elif slot == _DEFINE:
                end = self._define(position, stop)
                if end < 0:
                    return position
                position = end
            else:
                return self._stop(
                    position,
                    "undefined",
                    f"the recording turns unreadable (message kind {slot % 17} was never defined)",
                )
        return position

    def _stop(self, position: int, code: str, fact: str) -> int:
        cut = [b for b in self.part.breaks if b.code == "truncated"]
        if code == "truncated" and cut:  # one break, told by the place of the last whole message
            self.part.breaks.remove(cut[0])
            fact = cut[0].fact
        self.part.breaks.append(Break(position, code, fact))
        return position

    def _define(self, position: int, stop: int) -> int:
        """Take in the definition at `position`; returns its end, or -1 with a break noted."""
        data = self.data
        count_at = position + 5
        if count_at >= stop:
            return self._cut_definition(position)
        end = count_at + 1 + 3 * data[count_at]
        developer = bool(data[position] & 0x20)
        fields_end = end
        if developer:
            if end >= stop:
                return self._cut_definition(position)
            end += 1 + 3 * data[end]
        if end > stop:
            return self._cut_definition(position)
        key = data[position + 2 : end] + (b"d" if developer else b"f")
        layout = self.known.get(key)
        if layout is None:
            layout = _layout(data, position, fields_end, end if developer else fields_end)
            self.fields += len(layout.fields) + len(layout.developer)
            if len(self.known) >= MAX_LAYOUTS or self.fields > MAX_FIELDS:
                self._stop(position, "absurd", f"more than {len(self.known):,} different message layouts")
                return -1
            self.known[key] = layout
            self.part.layouts.append(layout)
        self._install(data[position] & 15, layout)
        return end

    def _cut_definition(self, position: int) -> int:
        self._stop(position, "truncated", "the recording breaks off in the middle of a definition")
        return -1

    def _install(self, local: int, layout: Layout) -> None:
        self.sizes[local], self.layouts[local] = layout.size + 1, layout
        if local < 4:
            self.sizes[17 + local], self.layouts[17 + local] = layout.size + 1, layout


def _run_length(data: bytes, position: int, stop: int, size: int, same: bytes) -> int:
    """How many whole messages with a header in `same` follow each other from `position` on."""
    count, chunk = 0, 16
    most = (stop - position) // size
    while count < most:
        take = min(chunk, most - count)
        start = position + count * size
        headers = data[start : start + take * size : size]
        equal = take - len(headers.lstrip(same))
        count += equal
        if equal < take:
            break
        chunk *= 8
    return count


def _layout(data: bytes, position: int, fields_end: int, end: int) -> Layout:
    big = data[position + 2] != 0
    number = int.from_bytes(data[position + 3 : position + 5], "big" if big else "little")
    fields = _triples(data, position + 6, fields_end)
    developer = _triples(data, fields_end + 1, end)
    size = sum(f[1] for f in fields) + sum(f[1] for f in developer)
    return Layout(number, big, fields, developer, size, position)


def _triples(data: bytes, start: int, end: int) -> tuple[tuple[int, int, int], ...]:
    return tuple(zip(data[start:end:3], data[start + 1 : end : 3], data[start + 2 : end : 3], strict=True))
