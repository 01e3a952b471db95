"""What is left of a damaged zip: members found by the headers that stand before them, unfolded to where they break.

A zip lists its members in a table at its end, which a download that broke off lacks. But each member also has a header
of its own. Sizes that a program wrote only behind a member (it streamed) are found from behind: a size there that leads
back to exactly the end of a header is that member's. Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.9, 4.5.3.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

HEADER = b"PK\x03\x04"
_TABLE = b"PK\x01\x02"
_MARK = re.compile(rb"PK(?:\x03\x04|\x01\x02|\x05\x06|\x06\x06)")
_LOCAL = struct.Struct("<4s5H3L2H")
_SIZES_BEHIND = tuple(
    (struct.Struct(sizes), struct.Struct(sizes).size + len(mark), mark)
    for sizes in ("<LLL", "<LQQ")
    for mark in (b"PK\x07\x08", b"")
)
_BEHIND_AT_MOST = 24
_WIDE = 0xFFFFFFFF
_STREAMED = 0x8
_NEWEST = 63
"""The version of the format that is the newest, times ten."""
_NAME_AT_MOST = 4096
_STORED, _DEFLATED = 0, 8
_PIECE = 1 << 20
SLICE = 4096
"""Packed bytes unfolded at once: at most 4 MB come of them."""


class Broken(Exception):
    """Where the bytes of a member stop making sense, in a few words."""


def found(file: IO[bytes], size: int, at_most: int) -> tuple[list[zipfile.ZipInfo], bool]:
    """Members in file order, by their own headers (a size that nothing tells is 0), and whether the table of contents
    begins behind the last, so that none is missing there. `at_most` bounds the search."""
    marks, heads, behind = _marks(file, size, at_most)
    members, number, end = [], 0, 0
    while number < len(heads):
        info, start = _header(file, heads[number])
        number += 1
        if info is None:
            continue
        told = info.compress_size > 0 or not info.flag_bits & _STREAMED
        if not told and start in behind:
            told = True
            info.CRC, info.compress_size, info.file_size = behind[start]
        end = start + info.compress_size
        if info.compress_type == _STORED and info.filename.lower().endswith(".zip") and (not told or end > size):
            end = size  # records behind its start are of the zip inside
        elif not told or not _ends_at(end, size, marks):
            following = bisect_left(marks, start)
            end = marks[following] if following < len(marks) else size
        info.compress_size = end - start
        number = max(number, bisect_left(heads, end))
        members.append(info)
    after = bisect_left(marks, end)
    file.seek(marks[after] if after < len(marks) else size)
    return members, file.read(4) == _TABLE


def _ends_at(end: int, size: int, marks: list[int]) -> bool:
    """Whether a member can end there: at the next record, with its sizes between them or without, or at the end."""
    following = bisect_left(marks, end)
    return end == size or (following < len(marks) and marks[following] - end <= _BEHIND_AT_MOST)


def _marks(file: IO[bytes], size: int, at_most: int) -> tuple[list[int], list[int], dict[int, tuple[int, int, int]]]:
    """Where records begin, where members do, and by the place of a member's first byte what stands behind it."""
    marks: list[int] = []
    heads: list[int] = []
    behind: dict[int, tuple[int, int, int]] = {}
    file.seek(0)
    text, base = b"", 0
    while len(marks) < at_most and (piece := file.read(_PIECE)):
        base += max(len(text) - _BEHIND_AT_MOST - 3, 0)
        text = text[-_BEHIND_AT_MOST - 3 :] + piece
        for match in _MARK.finditer(text):
            at = base + match.start()
            if marks and at <= marks[-1]:
                continue
            marks.append(at)
            if match.group() == HEADER:
                heads.append(at)
            for shape, length, mark in _SIZES_BEHIND:
                first = match.start() - length
                if first >= 0 and text.startswith(mark, first):
                    crc, packed, unpacked = shape.unpack_from(text, first + len(mark))
                    if at - length - packed >= _LOCAL.size:
                        behind.setdefault(at - length - packed, (crc, packed, unpacked))
    return marks, heads, behind


def _header(file: IO[bytes], at: int) -> tuple[zipfile.ZipInfo | None, int]:
    """The member whose header stands there and the place of its first byte; None where that is no header."""
    if at < 0:
        return None, 0
    file.seek(at)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        return None, 0
    mark, version, flags, method, _, _, crc, packed, unpacked, name_bytes, extra_bytes = _LOCAL.unpack(head)
    if mark != HEADER or version & 0xFF > _NEWEST or not 0 < name_bytes <= _NAME_AT_MOST:
        return None, 0
    raw, extra = file.read(name_bytes), file.read(extra_bytes)
    start = at + _LOCAL.size + name_bytes + extra_bytes
    if len(raw) < name_bytes or len(extra) < extra_bytes or min(raw) < 32:
        return None, 0
    info = zipfile.ZipInfo(raw.decode("utf-8" if flags & 0x800 else "cp437", "replace"))
    info.header_offset, info.flag_bits, info.compress_type, info.CRC = at, flags, method, crc
    wide = iter(_wide_sizes(extra))
    info.file_size = next(wide, 0) if unpacked == _WIDE else unpacked
    info.compress_size = next(wide, 0) if packed == _WIDE else packed
    return info, start


def begins(file: IO[bytes], at: int) -> bool:
    """Whether a member begins there, however odd its name."""
    file.seek(max(at, 0))
    return at >= 0 and file.read(4) == HEADER


def _wide_sizes(extra: bytes) -> list[int]:
    """The sizes of the extra field for files of 4 GB and more."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            body = extra[at + 4 : at + 4 + length]
            return list(struct.unpack_from(f"<{len(body) // 8}Q", body))
        at += 4 + length
    return []


def unfold(file: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a member, a little at a time. Raises Broken behind the last byte that makes sense."""
    own, start = _header(file, info.header_offset)
    if own is None:
        raise Broken("its header is damaged")
    if info.compress_type not in (_STORED, _DEFLATED):
        raise Broken("it is packed in a way that only a whole zip can be opened with")
    crc = size = 0
    pieces = _stored if info.compress_type == _STORED else _inflated
    for piece in pieces(file, start, info.compress_size):
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        yield piece
    untold = not (info.CRC or info.file_size)
    if not untold and size < info.file_size:
        raise Broken("it ends too early")
    if not untold and crc != info.CRC:
        raise Broken("its checksum does not match, so that single values may be wrong")
    if untold and info.compress_type == _STORED and size:
        raise Broken("nothing shows where it ends")


def _stored(file: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    file.seek(start)
    while length > 0 and (piece := file.read(min(_PIECE, length))):
        length -= len(piece)
        yield piece


def _inflated(file: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    done = 0
    while not engine.eof:
        file.seek(start + done)
        packed = file.read(min(SLICE, length - done))
        if not packed:
            raise Broken("it ends too early")
        try:
            piece = engine.decompress(packed)
        except zlib.error:
            file.seek(start)
            yield to_the_break(file.read(done), packed, -zlib.MAX_WBITS)
            raise Broken("its packed bytes are damaged") from None
        done += len(packed)
        yield piece


def to_the_break(sound: bytes, damaged: bytes, wbits: int) -> bytes:
    """What a slice of packed bytes unfolds to before it breaks, byte by byte; `sound` is all that stands before it."""
    engine = zlib.decompressobj(wbits)
    engine.decompress(sound)
    out = bytearray()
    with suppress(zlib.error):
        for at in range(len(damaged)):
            out += engine.decompress(damaged[at : at + 1])
    return bytes(out)
