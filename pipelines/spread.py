"""Spreading independent work over processes of this machine, or over a Dask cluster by a setting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pipelines.settings import Settings


def spread(settings: Settings, work: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
    """Results of `work(*call)` in the order of the calls, at most a few batches ahead of the reader."""
    if settings.runner == "dask":
        yield from spread_dask(settings, work, calls)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # spawn: a forked child may inherit locks of polars' threads in the middle of something
    with ProcessPoolExecutor(settings.workers, mp_context=get_context("spawn")) as pool:
        waiting = []
        ahead = settings.workers * 3
        for call in calls:
            waiting.append(pool.submit(work, *call))
            if len(waiting) >= ahead:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def spread_dask(settings: Settings, work: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
    """The same on a Dask cluster at `STEADYMILE_SCHEDULER`, or a local one where none is named."""
    from distributed import Client

    with Client(settings.scheduler) if settings.scheduler else Client(n_workers=settings.workers) as client:
        for future in client.map(lambda call: work(*call), calls, pure=False):
            yield future.result()
