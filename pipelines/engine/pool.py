"""Spreading nights of whole homes over processes of this machine, or over a Dask cluster by a setting. Unlike the
readers of files these processes have no limits of their own: each night starts its limited readers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from steadymile.pipelines.engine.ahead import NobodyLeft, ahead, answer, dask_client, threads_of
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.settings import Settings

Call = tuple[Any, ...]

Lost = Callable[[Call], Any]
"""What stands for a call that ends its process every time."""


def spread(settings: Settings, work: Callable[..., Any], calls: Sequence[Call], lost: Lost) -> Iterator[Any]:
    """Results of `work(*call)` in the order of the calls, read only a few calls ahead.

    When a worker dies (out of memory, say), the calls it may have taken with it are done again one by one in a process
    of their own; one that kills its process again is `lost`, and costs the others nothing.
    """
    if settings.runner == "dask":
        yield from spread_dask(settings, work, calls, lost)
        return
    done = 0
    try:
        for result in in_pool(settings.workers, work, calls):
            done += 1
            yield result
    except BrokenExecutor:
        for call in calls[done:]:
            yield alone(work, call, lost)


def in_pool(workers: int, work: Callable[..., Any], calls: Sequence[Call]) -> Iterator[Any]:
    """Results in order from a pool of processes."""
    # spawn: a forked child may inherit locks of polars' threads in the middle of something
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        for _, future in ahead(lambda call: pool.submit(work, *call), calls, workers):
            yield future.result()


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


def spread_dask(settings: Settings, work: Callable[..., Any], calls: Sequence[Call], lost: Lost) -> Iterator[Any]:
    """The same on a Dask cluster."""
    from distributed import KilledWorker

    with dask_client(settings) as client:
        if not threads_of(client):
            raise no_worker("The Dask cluster has no worker")

        def submit(call: Call) -> Any:
            return client.submit(work, *call, pure=False)

        for call, future in ahead(submit, calls, threads_of(client)):
            for again in (future, None):
                try:
                    yield answer(client, again or submit(call))
                    break
                except KilledWorker:
                    continue
                except NobodyLeft as gone:
                    raise no_worker(str(gone)) from None
            else:
                yield lost(call)


def no_worker(why: str) -> Trouble:
    """What is said where nobody works on a cluster: its calls cannot be done, and which were done stays done."""
    return Trouble(
        f"{why}.",
        "Start one, like dask worker ADDRESS --nthreads 1, then run this again: what is done is not done again.",
    )
