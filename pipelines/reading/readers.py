"""Work spread over limited processes of this machine, or over a Dask cluster by a setting. One item that ends its
process costs itself and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from steadymile.pipelines.engine.ahead import NobodyLeft, ahead, answer, dask_client, threads_of
from steadymile.pipelines.reading.child import MIB, Child, Died, NoReader, Result, Work
from steadymile.pipelines.settings import Settings

Call = tuple[Any, ...]
"""Several items, and what the work wants besides."""
Lost = Callable[[Any, Died], Any]
"""What stands for an item that ended its process."""
Allowed = Callable[[Any], float]
"""The processor time that an item may take [s], asked when its turn comes."""


def enough(item: Any) -> float:
    """For work on what was read before: an hour."""
    return 3600.0


@dataclass(slots=True)
class Readers:
    """The reading processes of one run: started when there is work, kept warm, ended by `close`. `deaths` counts those
    that ended over their work, perhaps in the middle of writing."""

    settings: Settings
    deaths: int = 0
    _idle: list[Child] = field(default_factory=list)
    _all: list[Child] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def warm(self) -> None:
        """Start one process now, while something else is done. A failure is reported when it is needed."""
        if not self._idle and self.settings.runner != "dask":
            try:
                self._idle.append(self._start())
            except NoReader:
                return

    def adopt(self, child: Child | None) -> None:
        """Read with this process first."""
        if child is not None:
            self._all.append(child)
            self._idle.append(child)

    def spread(
        self, work: Work, calls: Iterable[Call], lost: Lost, allowed: Allowed = enough, items: int = 1 << 30
    ) -> Iterator[list[Result]]:
        """Results of `work(item, *rest)` for each call's items, in their order, taken and read only a few calls ahead.
        Raises NoReader where no process can be had, and what the work raises. `items`: how many there are, for few are
        read by one process."""
        if self.settings.runner == "dask":
            yield from spread_dask(self.settings, work, calls, lost, allowed)
            return
        width = 1 if items < self.settings.pool_from_files else self.settings.workers
        if width <= 1:
            for call in calls:
                yield self.one(work, call, lost, allowed)
            return
        with ThreadPoolExecutor(width) as threads:
            handed = ahead(lambda call: threads.submit(self.one, work, call, lost, allowed), calls, width)
            try:
                for _, future in handed:
                    yield future.result()
            except BaseException:
                handed.close()
                self.close()  # nobody waits for what they read
                raise

    def one(self, work: Work, call: Call, lost: Lost, allowed: Allowed) -> list[Result]:
        """One call's items. A process that crashed over an item is given it once more, alone; the others go on."""
        items, *rest = call
        results: list[Result] = []
        tried = -1
        while len(results) < len(items):
            at = len(results)
            batch = items[at : at + 1] if tried == at else items[at:]
            child = self._take()
            try:
                for result in child.do(work, batch, [allowed(item) for item in batch], tuple(rest)):
                    results.append(result)
            except Died as death:
                self._drop(child)
                self.deaths += 1
                at = len(results)
                certain = death.code in ("too_much_time", "too_much_memory")
                if certain or death.code == "reader_starved" or tried == at:
                    results.append(Result(lost(items[at], death), allowed(items[at]) if certain else 0.0))
                else:
                    tried = at
                continue
            except BaseException:
                self._drop(child)
                raise
            self._give_back(child)
        return results

    def close(self) -> None:
        """End every process."""
        with self._lock:
            ending, self._all, self._idle = self._all, [], []
        for child in ending:
            child.close()

    def _start(self) -> Child:
        child = Child(memory_limit(self.settings))
        with self._lock:
            self._all.append(child)
        return child

    def _take(self) -> Child:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._start()

    def _give_back(self, child: Child) -> None:
        if child.tired:
            self._drop(child)
            return
        with self._lock:
            self._idle.append(child)

    def _drop(self, child: Child) -> None:
        with self._lock:
            if child in self._all:
                self._all.remove(child)
        child.close()


def memory_limit(settings: Settings) -> int:
    """What one reader may take: the setting, and never more than six tenths of the machine's memory."""
    asked = settings.reader_mb * MIB
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return asked
    return min(asked, max(512 * MIB, int(machine * 0.6)))


def spread_dask(
    settings: Settings, work: Work, calls: Iterable[Call], lost: Lost, allowed: Allowed
) -> Iterator[list[Result]]:
    """The same on a Dask cluster. Each worker reads in a limited process of its own, so that a worker which dies all
    the same is not a file's fault."""
    from distributed import KilledWorker

    here = replace(settings, runner="local", workers=1)
    with dask_client(settings) as client:
        if not threads_of(client):
            raise NoReader("The Dask cluster has no worker")

        def submit(call: Call) -> Any:
            cpu_s = [allowed(item) for item in call[0]]
            return client.submit(on_dask, here, work, call, lost, cpu_s, pure=False)

        for call, future in ahead(submit, calls, threads_of(client)):
            try:
                yield answer(client, future)
            except NobodyLeft as gone:
                raise NoReader(str(gone)) from None
            except KilledWorker:
                if not threads_of(client):
                    raise NoReader("No worker of the Dask cluster is left") from None
                death = Died("reader_killed", "The Dask workers that read it ended")
                yield [Result(lost(item, death), 0.0) for item in call[0]]


def on_dask(settings: Settings, work: Work, call: Call, lost: Lost, cpu_s: Sequence[float]) -> list[Result]:
    """One call on a Dask worker, in the limited process that it keeps warm."""
    readers = _of_worker.setdefault(settings.reader_mb, Readers(settings))
    allowed = {id(item): seconds for item, seconds in zip(call[0], cpu_s)}
    return readers.one(work, call, lost, lambda item: allowed[id(item)])


_of_worker: dict[int, Readers] = {}
