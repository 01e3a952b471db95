"""A reading process made from this one: it has loaded what it needs already, which saves most of the time in which a
few files are read. Only where that is safe: on Linux, before any thread is at work that could hold a lock."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import polars as pl
from steadymile.pipelines.reading.child import Child, NoReader, main
from steadymile.pipelines.reading.readers import memory_limit
from steadymile.pipelines.settings import Settings

IDLE_THREADS = ("jemalloc_bg_thd", "polars-ooc-clea")
"""Threads that are there once polars is loaded: the allocator's, which minds forks, and one that sleeps."""
BEGINS_S = 10.0
"""A forked process that has not begun after this long will not, and is done without."""


@contextmanager
def spare_reader(settings: Settings) -> Iterator[Child | None]:
    """A reader for the run that begins, ended with it; None where it makes its own as they are needed."""
    child = fork_reader(memory_limit(settings)) if settings.runner != "dask" else None
    try:
        yield child
    finally:
        if child is not None:
            child.close()


class Forked:
    """A forked process, as `Child` takes those of the subprocess module."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout
        self._ended: int | None = None

    def kill(self) -> None:
        """End it, unless it has ended."""
        if self._ended is None:
            os.kill(self.pid, 9)

    def wait(self) -> int:
        """Its exit code, minus the signal that ended it, once it has ended."""
        if self._ended is None:
            self._ended = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._ended


def safe() -> bool:
    """Whether no thread but this one is at work in this process."""
    if sys.platform != "linux":
        return False
    try:
        names = [(task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]
    except OSError:
        return False
    return len(names) - sum(name in IDLE_THREADS for name in names) == 1


def fork_reader(memory_bytes: int) -> Child | None:
    """A reader that has begun; None where none can be had this way. Files and locks that are open now are closed in it,
    so it is best made before any is."""
    if not safe():
        return None
    try:
        child = Child(memory_bytes, lambda errors: forked(memory_bytes, errors))
    except NoReader:
        return None
    if child.begins(BEGINS_S):
        return child
    child.close()
    return None


def forked(memory_bytes: int, errors: IO[bytes]) -> Forked:
    """The process itself. Raises OSError."""
    sys.stdout.flush()
    sys.stderr.flush()
    asked, ours = os.pipe()
    answers, theirs = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of any other thread, see IDLE_THREADS
        pid = os.fork()
    if pid == 0:
        serve(asked, theirs, errors.fileno(), memory_bytes)
    os.close(asked)
    os.close(theirs)
    return Forked(pid, os.fdopen(ours, "wb", 0), os.fdopen(answers, "rb", 0))


def serve(asked: int, answers: int, errors: int, memory_bytes: int) -> None:
    """The forked process: it never returns to what its parent was doing."""
    try:
        os.setsid()
        for number, kept in enumerate((asked, answers, errors)):
            os.dup2(kept, number)
        os.closerange(3, os.sysconf("SC_OPEN_MAX") if len(os.listdir("/proc/self/fd")) > 64 else 256)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  (open as long as the process is)
        os.environ |= {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        pl.DataFrame({"a": [2.0, 1.0]}).lazy().filter(pl.col("a") > 0).sort("a").collect()  # its threads can start
        main(memory_bytes)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)
