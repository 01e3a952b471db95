"""Changes to a file: random ones, and any change made inside a container instead of to it."""

from __future__ import annotations

import gzip
import io
import lzma
import random
import zipfile
import zlib
from collections.abc import Callable

Mutate = Callable[[bytes, int], bytes]
LONGEST = 1 << 20
ODD = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"NaN", b"inf", b"-1e999", b"1901-01-01T00:00:00Z", b"\x0e", b"\x40", b"&#0;")


def shaken(data: bytes, chance: random.Random) -> bytes:
    """A few random changes: bytes, cuts, repeats, odd values."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(out) + 1)
        match chance.randrange(5):
            case 0 if at < len(out):
                out[at] = chance.randrange(256)
            case 1:
                out[at : at + chance.randrange(40)] = b""
            case 2:
                out[at:at] = out[at : at + chance.randrange(200)] * chance.randrange(1, 4)
            case 3:
                out[at : at + 4] = chance.choice(ODD)
            case _:
                del out[max(1, at) :]
    return bytes(out[:LONGEST])


def inside(data: bytes, mutate: Mutate, chance: random.Random) -> bytes:
    """Mutate half the time what a container holds instead of the container."""
    if chance.random() < 0.5:
        try:
            if data[:2] == b"\x1f\x8b":
                return gzip.compress(mutate(gzip.decompress(data), LONGEST), 1)
            if data[:4] == b"PK\x03\x04":
                return rezipped(data, mutate, chance)
        except (
            OSError,
            EOFError,
            zlib.error,
            lzma.LZMAError,
            zipfile.BadZipFile,
            ValueError,
            RuntimeError,
            NotImplementedError,
        ):
            pass  # a container that an earlier mutation broke is mutated as bytes
    return mutate(data, LONGEST)


def rezipped(data: bytes, mutate: Mutate, chance: random.Random) -> bytes:
    """The same zip with one member mutated and its checksum right."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        members = before.infolist()[:20]
        chosen = chance.randrange(len(members)) if members else -1
        for number, info in enumerate(members):
            if info.file_size > LONGEST:
                continue
            content = before.read(info)
            after.writestr(info.filename, mutate(content, LONGEST) if number == chosen else content)
    return buffer.getvalue()
