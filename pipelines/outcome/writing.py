"""How a home's files are written: whole or not at all, and for their owner alone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def keep_private() -> None:
    """From now on this process and those that it starts make files and folders that their owner alone can read. Windows
    keeps to the rights of the folder above."""
    os.umask(0o077)


def write_whole(path: Path, content: bytes) -> Path:
    """Write beside, then rename: a kill or a full disk never leaves half of it. An equal file is left alone. Raises
    OSError, and leaves the old file, where it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return path
    new = path.with_name(path.name + ".new")
    new.write_bytes(content)
    new.replace(path)
    return path
