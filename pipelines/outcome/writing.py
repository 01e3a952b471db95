"""How a home's files are written: whole or not at all, and for their owner alone."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from steadymile.warehouse.archive import make_way


def keep_private() -> None:
    """From now on this process and those that it starts make files and folders that their owner alone can read. Windows
    keeps to the rights of the folder above."""
    os.umask(0o077)


def write_whole(path: Path, content: bytes) -> Path:
    """Write beside, then rename: a kill or a full disk never leaves half of it, and of two writers at once the later
    one's stands whole. An equal file is left alone. Raises OSError, and leaves the old file, where it cannot be
    written."""
    make_way(path.parent, folder=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    make_way(path)
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return path
    with beside(path) as new:
        new.write_bytes(content)
    return path


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Where to write first: it takes the place of `path` once all of it is there, and is removed where that fails, so
    that a full disk or a stopped command leaves nothing that looks like a result. Two writers of one path do not meet
    there."""
    new = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.new")
    try:
        yield new
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise


def read_object(path: Path) -> dict[str, Any]:
    """What a JSON file of ours holds; empty where there is none, or none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
