"""How a home's files are written: whole or not at all, and for their owner alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    with beside(path) as new:
        new.write_bytes(content)
    return path


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Where to write first: it takes the place of `path` once all of it is there, and is removed where that fails, so
    that a full disk or a stopped command leaves nothing that looks like a result."""
    new = path.with_name(path.name + ".new")
    try:
        yield new
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
