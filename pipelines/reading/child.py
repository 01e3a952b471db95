"""The process in which watch files are opened, read and measured: limited in processor time and memory, one item at a
time. It runs `main`; `Child` is the other end. They exchange pickled values, each with its length before it."""

from __future__ import annotations

import gc
import os
import pickle
import queue
import select
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from steadymile.pipelines.outcome.unchanged import code

if sys.platform == "win32":  # it knows no such limits: there only the wall clock bounds a reader
    resource: Any = None
else:
    import resource

MIB = 1024 * 1024
START_S = 120.0
"""A process that has not begun after this long will not."""
WAIT_S, WAIT_PER_CPU_S = 60.0, 4.0
"""So long by the clock an answer may take: this, and so much for each second of processor time that it may use."""
_LENGTH = struct.Struct("<Q")
BUILT = code()
"""The code that this process was started from. Where steadymile is replaced while a run is at work, a reader that
starts later is another program: what the two make of one another is no file's fault."""
Work = Callable[..., Any]


OF_THE_MACHINE = ("reader_killed", "reader_starved")
"""Why a reader ended that says nothing of the file: the next night tries it once more."""


class NoReader(Exception):
    """The reading process could not start, or was ended from outside. No file is at fault."""


class Replaced(NoReader):
    """The reading process is of another steadymile than this one, which only a new start can mend."""

    why = "steadymile was replaced while it was at work"
    what_to_do = "End it and start it again: nothing published was harmed"

    def __init__(self) -> None:
        super().__init__(f"{self.why}. {self.what_to_do}.")


class Died(Exception):
    """A reader ended over one item. `code`: too_much_time, too_much_memory, reader_crashed,
    reader_killed or reader_starved."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Result:
    """What the work gave for one item, and the processor time it took."""

    value: Any
    cpu_s: float


class Child:
    """One reading process. It starts at once and in parallel; `do` waits for it where it must. `start` makes the
    process, given the file that takes its errors: a new Python unless another way is named."""

    def __init__(self, memory_bytes: int, start: Callable[[IO[bytes]], Any] | None = None) -> None:
        self.tired = False
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed by close)
        self._ready = False
        try:
            self._process = start(self._errors) if start else started(memory_bytes, self._errors)
        except OSError as error:
            self._errors.close()
            raise NoReader(f"The reading process cannot start ({error.strerror or error})") from None

    def begins(self, wait_s: float) -> bool:
        """Whether it has begun within so long."""
        try:
            self._receive(wait_s)
        except (EOFError, OSError):
            return False
        self._ready = True
        return True

    def do(self, work: Work, items: Sequence[Any], cpu_s: Sequence[float], rest: tuple[Any, ...]) -> Iterator[Result]:
        """`work(item, *rest)` for each item, as they come. Raises Died over the item in hand; what the work itself
        raises is raised here."""
        try:
            if not self._ready:
                if self._receive(START_S) != BUILT:
                    raise Replaced
                self._ready = True
            self._send((work, list(items), list(cpu_s), rest))
        except (EOFError, OSError):
            raise NoReader(self._why_not()) from None
        for allowed in cpu_s:
            try:
                kind, value, spent, self.tired = self._receive(WAIT_S + WAIT_PER_CPU_S * allowed)
            except EOFError:
                raise self._death() from None
            except TimeoutError:
                self.close()
                if resource is None:
                    raise Died("too_much_time", "It took too long to read") from None
                # what keeps its processor busy is ended by the limit on that: by the clock alone, the machine was slow
                raise Died("reader_starved", "The machine was too busy, or its drive too slow, to read it") from None
            if kind == "raised":
                raise value
            if kind == "memory":
                raise Died("too_much_memory", "It needs more memory than a reader may take")
            yield Result(value, spent)

    def close(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def _send(self, message: Any) -> None:
        assert self._process.stdin is not None
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        left = memoryview(_LENGTH.pack(len(data)) + data)
        while left:
            left = left[self._process.stdin.write(left) :]

    def _receive(self, wait_s: float) -> Any:
        assert self._process.stdout is not None
        if sys.platform != "win32" and not select.select([self._process.stdout], [], [], wait_s)[0]:
            raise TimeoutError
        return pickle.loads(_exactly(self._process.stdout, _LENGTH.unpack(_exactly(self._process.stdout, 8))[0]))

    def _ending(self) -> tuple[int, str]:
        """The exit code, and the last line the process said."""
        code = self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return code, lines[-1][:200] if lines else ""

    def _why_not(self) -> str:
        code, said = self._ending()
        return f"The reading process ended before it began (exit code {code}{f': {said}' if said else ''})"

    def _death(self) -> Died:
        code, said = self._ending()
        if code == -getattr(signal, "SIGXCPU", 0):
            return Died("too_much_time", "It took more processor time than it may")
        if code == _OVER_MEMORY or "memory allocation" in said or "MemoryError" in said:
            return Died("too_much_memory", "It needs more memory than a reader may take")
        if code in (-9, -15):
            return Died("reader_killed", f"The reading process was ended from outside (signal {-code})")
        return Died("reader_crashed", f"Reading it ended the reading process ({said or f'exit code {code}'})")


def started(memory_bytes: int, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """A new Python that runs `main`. Raises OSError."""
    program = f"from steadymile.pipelines.reading.child import main; main({memory_bytes})"
    # -P: a file named like one of our libraries in the folder where we were started is not run
    return subprocess.Popen(
        [sys.executable, "-P", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        bufsize=0,  # what waits in a buffer of ours, `select` does not see
        env={**os.environ, "POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        start_new_session=True,
    )


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = stream.read(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


# the other end

_OVER_MEMORY = 77


def main(memory_bytes: int) -> None:
    """Serve work until the pipe closes, and then end, even in the middle of something: the run was killed."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    gc.set_threshold(100_000, 20, 20)
    limit_memory(memory_bytes)
    asked: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=listen, args=(sys.stdin.buffer, asked), daemon=True).start()
    say(out, BUILT)
    while True:
        work, items, cpu_s, rest = asked.get()
        for item, allowed in zip(items, cpu_s):
            began = time.process_time()
            limit_time(began + allowed)
            kind: str
            try:
                kind, value = "done", work(item, *rest)
            except MemoryError:
                kind, value = "memory", None
            except Exception as error:
                kind, value = "raised", error
            limit_time(None)
            tired = kind == "memory" or peak_bytes() > memory_bytes // 2
            say(out, (kind, value, time.process_time() - began, tired))
            if kind != "done":
                break


def listen(stream: IO[bytes], asked: queue.SimpleQueue[Any]) -> None:
    """Read what is asked, in a thread of its own, so that the end of the run is noticed at work too."""
    try:
        while True:
            asked.put(pickle.loads(_exactly(stream, _LENGTH.unpack(_exactly(stream, 8))[0])))
    except EOFError:
        os._exit(1)


def say(out: IO[bytes], message: Any) -> None:
    """Send one value to the run."""
    try:
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # an exception that holds what cannot be sent
        data = pickle.dumps(("raised", RuntimeError(str(error)), 0.0, False))
    out.write(_LENGTH.pack(len(data)))
    out.write(data)
    out.flush()


def limit_memory(memory_bytes: int) -> None:
    """Let allocations beyond the limit fail where the system can do that, else end when a look shows too much."""
    if sys.platform == "linux" and resource is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    elif resource is not None:
        threading.Thread(target=watch_memory, args=(memory_bytes,), daemon=True).start()


def watch_memory(memory_bytes: int) -> None:
    """Look at the memory ten times a second."""
    while peak_bytes() <= memory_bytes:
        time.sleep(0.1)
    os._exit(_OVER_MEMORY)


def peak_bytes() -> int:
    """The most memory this process ever held; 0 where the system does not say. Linux counts what the process that
    started it held as its own, but for the mark of its memory itself."""
    if sys.platform == "linux":
        with suppress(OSError), open("/proc/self/status", "rb") as status:
            if marks := [line.split() for line in status if line.startswith(b"VmHWM:")]:
                return int(marks[0][1]) * 1024
    if resource is None:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def limit_time(until_s: float | None) -> None:
    """End this process when it has used so much processor time; None takes the limit away."""
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = hard if until_s is None else int(until_s) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))
