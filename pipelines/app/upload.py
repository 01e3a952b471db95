"""Files dropped on the page, into the inbox: one at a time, within the inbox's limits, never over another file."""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

from steadymile.ingest.archives.containers import Limits, is_zip, too_big
from steadymile.ingest.inbox import litter
from steadymile.pipelines.errors import Trouble

LONGEST_NAME = 200
"""UTF-8 bytes of a name; file systems end at 255, and a number may be added."""


def safe_name(name: str) -> str:
    """A bare file name (NFC). Raises Trouble for one that leads elsewhere, is hidden, or holds control characters."""
    found = unicodedata.normalize("NFC", name).strip()
    strange = any(unicodedata.category(c) in ("Cc", "Cs") for c in found)
    if not found or strange or set(found) & set('/\\:*?"<>|') or found.startswith(".") or litter(found):
        raise Trouble(f"{found[:80]!r} cannot be a file name here.", "Rename the file, then drop it again.", 2)
    if len(found.encode()) > LONGEST_NAME:
        raise Trouble("The file's name is too long.", "Rename the file, then drop it again.", exit_code=2)
    return found


async def receive(chunks: AsyncIterator[bytes], folder: Path, name: str, limits: Limits) -> Path:
    """Write an upload beside, then give it its name; a number is added where the name is taken.

    Raises Trouble for an empty one and for a name that is none, Unreadable beyond the inbox's bounds; nothing of it
    stays then.
    """
    name = safe_name(name)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{secrets.token_hex(8)}.part"
    size, most = 0, limits.max_file_bytes
    try:
        with unfinished.open("xb") as file:
            async for chunk in chunks:
                if size == 0 and is_zip(chunk[:8]):
                    most = limits.max_archive_bytes
                size += len(chunk)
                if size > most:
                    raise too_big(size, limits)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if size == 0:
            raise Trouble(f"{name} is empty.", "Copy it from the watch again.", exit_code=2)
        return place(unfinished, folder, name)
    finally:
        unfinished.unlink(missing_ok=True)


def place(unfinished: Path, folder: Path, name: str) -> Path:
    """Give a finished file its name, or `name (2)` and so on; never over another file."""
    stem, dot, suffix = name.partition(".")
    for number in range(1, 1000):
        target = folder / (name if number == 1 else f"{stem} ({number}){dot}{suffix}")
        try:
            target.touch(exist_ok=False)
        except FileExistsError:
            continue
        unfinished.replace(target)
        return target
    raise Trouble(f"The inbox holds {name} a thousand times.", "Rename the file, then drop it again.", exit_code=2)
