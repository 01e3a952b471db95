"""One input through everything that a file in the inbox goes through; what it must never do is a finding.

The property: a file is read, ignored, or refused with Unreadable. A fault that `read` would politely call ours is a
finding here, and so is more than two seconds of work on a megabyte.
"""

from __future__ import annotations

import hashlib
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from steadymile.ingest import formats
from steadymile.ingest.archives.containers import Limits, is_zip
from steadymile.ingest.fit import reader as fit_reader
from steadymile.ingest.inbox import load, one_file, release
from steadymile.ingest.reading import Damaged, Reading, Unreadable
from steadymile.pipelines.reading.worker import Outcome, fill

LIMITS = Limits(
    max_file_bytes=32 << 20, max_nested_bytes=32 << 20, max_archive_bytes=64 << 20, max_members=200, max_points=200_000
)
SLOW_S = 2.0
STUCK_S = 60


class Stuck(BaseException):
    """The input took more processor time than STUCK_S."""


@dataclass(slots=True)
class Tally:
    """What happened so far: how inputs ended, and each finding once by its place in the code."""

    endings: dict[str, int] = field(default_factory=dict)
    findings: dict[str, bytes] = field(default_factory=dict)
    slowest_s: float = 0.0

    def end(self, how: str) -> None:
        """Count one ending."""
        self.endings[how] = self.endings.get(how, 0) + 1

    def find(self, what: str, data: bytes) -> None:
        """Keep the shortest input of each finding."""
        if what not in self.findings or len(data) < len(self.findings[what]):
            self.findings[what] = data
        self.end("FINDING")


def bare(kind: formats.Format, data: bytes, name: str, limits: Limits) -> Reading:
    """The reader of a format without the net under it."""
    return kind.reader(data, name, limits)


def no_second(data: bytes, problem: Exception) -> NoReturn:
    """The columnar FIT reader without fitparse behind it."""
    raise problem


NETS = ((formats, "_attempt", bare), (fit_reader, "_second_reader", no_second))
"""What would answer politely for a fault, and what lets it through instead."""


def without_nets() -> None:
    """Take the nets away for the rest of the process."""
    for module, name, through in NETS:
        setattr(module, name, through)


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise Stuck after so many seconds of processor time: what else the machine does is no input's fault."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise Stuck(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def digest(data: bytes) -> str:
    """Read and measure as the nightly run does; returns how it ended. Raises whatever the code raises."""
    try:
        reading = formats.read(data, "fuzz", LIMITS)
    except Unreadable as refusal:
        if not (refusal.why and refusal.what_to_do):
            raise ValueError("a refusal without a reason or a next step") from refusal
        return "refused"
    if reading.ignored is not None:
        return "ignored"
    outcome = Outcome("fuzz", "fuzz", "me", "quarantined", sha256=hashlib.sha256(data).hexdigest())
    fill(outcome, reading, "Europe/Berlin")
    return outcome.status


def unpack(data: bytes, folder: Path) -> str:
    """A zip as the inbox opens it: every member listed, and each loaded and digested by itself."""
    path = folder / "fuzz.zip"
    path.write_bytes(data)
    try:
        found = one_file(path, LIMITS)
        assert all(r.reason for r in found.refused), "a refusal without a reason"
        for candidate in found.candidates[:20]:
            try:
                digest(load(candidate, LIMITS))
            except Damaged as damage:
                digest(damage.saved)
            except Unreadable:
                continue
    finally:
        release()
    return "unpacked" if found.candidates else "refused"


def place_of(error: BaseException) -> str:
    """Kind of error and the last lines of ours that it passed."""
    ours = [f for f in traceback.extract_tb(error.__traceback__) if "site-packages" not in f.filename]
    steps = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(ours[-2:]))
    return f"{type(error).__name__} at {steps}"


def one(data: bytes, folder: Path, tally: Tally, slow_s: float = SLOW_S) -> None:
    """Put one input through and keep what is wrong with it. Take the nets away first."""
    clock = time.process_time()
    try:
        with within(STUCK_S):
            how = unpack(data, folder) if is_zip(data) else digest(data)
    except BaseException as error:  # panics of libraries are no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        tally.find(place_of(error) + f": {str(error)[:100]}", data)
        return
    took = time.process_time() - clock
    tally.slowest_s = max(tally.slowest_s, took)
    if took > slow_s and len(data) <= 1 << 20:
        tally.find(f"slow: more than {slow_s:.0f} s of work, {how}", data)
    else:
        tally.end(how)
