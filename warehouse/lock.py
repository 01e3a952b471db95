"""One writer per home: an operating-system lock on a small file, released by the system even after kill -9."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from steadymile.warehouse.archive import make_way
from steadymile.warehouse.errors import Busy

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # Windows locks bytes and forbids reading them: lock one that nobody reads

    def _take(handle: int, wait: bool) -> None:
        while True:
            os.lseek(handle, _FAR, os.SEEK_SET)
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
                return
            except OSError:
                if not wait:
                    raise  # who waits asks again: Windows gives up after ten seconds

    def _release(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _take(handle: int, wait: bool) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))

    def _release(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


@contextmanager
def locked(file: IO[Any]) -> Iterator[None]:
    """Hold an exclusive lock on an open file, waiting for it as long as it takes."""
    _take(file.fileno(), wait=True)
    try:
        yield
    finally:
        _release(file.fileno())


class HomeLock:
    """`with HomeLock(path, since=now):` one run per home at a time; Busy says who holds it and since when.

    `since` is the caller's clock, written for others to read. Once taken, `interrupted` says whether the run that had
    it last was killed.
    """

    def __init__(self, path: Path, since: datetime | None = None) -> None:
        self.path = Path(path)
        self.since = since
        self.interrupted = False
        self._file: IO[str] | None = None

    def __enter__(self) -> HomeLock:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        make_way(self.path)
        file = self.path.open("a+", encoding="utf-8")
        try:
            _take(file.fileno(), wait=False)
        except OSError:
            file.close()
            raise Busy(
                f"Another steadymile run is at work here{holder(self.path)}",
                "Wait until it has ended and run the command again",
            ) from None
        try:
            self.interrupted = file.seek(0, os.SEEK_END) > 0  # who ends it in order leaves it empty
            file.truncate(0)
            json.dump({"pid": os.getpid(), "since": self.since.isoformat() if self.since else None}, file)
            file.flush()
        except BaseException:
            file.close()
            raise
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            # The file stays: removing it would let two runs lock two files of one name.
            self._file.seek(0)
            self._file.truncate()
            self._file.flush()
            _release(self._file.fileno())
            self._file.close()
            self._file = None


def holder(path: Path) -> str:
    """Who holds the lock, as words to append: ` (process 123, since ...)`; empty where unknown."""
    try:
        facts = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    since = f", since {facts['since']}" if facts.get("since") else ""
    return f" (process {facts.get('pid')}{since})"
