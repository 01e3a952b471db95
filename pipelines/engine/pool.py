"""Spreading nights of whole homes over processes of this machine, or over a Dask cluster by a setting. Unlike the
readers of files these processes have no limits of their own: each night starts its limited readers."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from steadymile.pipelines.settings import Settings

Call = tuple[Any, ...]
Split = Callable[[Call], list[Call]]
"""What may be done again of a call whose worker died, one by one."""
Lost = Callable[[Call], Any]
"""What stands for a call that ends its process every time."""


def spread(
    settings: Settings, work: Callable[..., Any], calls: Sequence[Call], split: Split, lost: Lost
) -> Iterator[Any]:
    """Results of `work(*call)` in the order of the calls, read only a few calls ahead.

    When a worker dies (out of memory, say), the calls it may have taken with it are `split` and done again one by one
    in a process of their own; one that kills its process again is `lost`, and costs the others nothing.
    """
    if settings.runner == "dask":
        yield from spread_dask(settings, work, calls, split, lost)
        return
    done = 0
    try:
        for result in in_pool(settings.workers, work, calls):
            done += 1
            yield result
    except BrokenExecutor:
        for call in calls[done:]:
            for part in split(call):
                yield alone(work, part, lost)


def in_pool(workers: int, work: Callable[..., Any], calls: Sequence[Call]) -> Iterator[Any]:
    """Results in order from a pool of processes."""
    # spawn: a forked child may inherit locks of polars' threads in the middle of something
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        waiting: deque[Future[Any]] = deque()
        for call in calls:
            waiting.append(pool.submit(work, *call))
            if len(waiting) >= workers * 3:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def end_with_parent() -> None:
    """Let this worker end when the run that started it is killed; it would wait for work for ever."""
    Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def alone(work: Callable[..., Any], call: Call, lost: Lost) -> Any:
    """One call in a process of its own; what `lost` says of it when that process dies."""
    try:
        return next(in_pool(1, work, [call]))
    except BrokenExecutor:
        return lost(call)


def spread_dask(
    settings: Settings, work: Callable[..., Any], calls: Sequence[Call], split: Split, lost: Lost
) -> Iterator[Any]:
    """The same on a Dask cluster at `STEADYMILE_SCHEDULER`, or a local one where none is named. Workers must see the
    same paths as the scheduler's caller does."""
    from distributed import Client, KilledWorker

    local = {"n_workers": settings.workers, "threads_per_worker": 1, "dashboard_address": None}
    with Client(settings.scheduler) if settings.scheduler else Client(**local) as client:
        ahead = 3 * max(1, sum(client.nthreads().values()))
        waiting: deque[tuple[Call, Any]] = deque()
        coming = iter(calls)
        while True:
            waiting.extend(
                (call, client.submit(work, *call, pure=False)) for call in islice(coming, ahead - len(waiting))
            )
            if not waiting:
                return
            call, future = waiting.popleft()
            try:
                yield future.result()
            except KilledWorker:
                for part in split(call):
                    try:
                        yield client.submit(work, *part, pure=False).result()
                    except KilledWorker:
                        yield lost(part)
