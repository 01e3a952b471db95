"""Calls handed out a few ahead of their results, to processes or threads of this machine or to a Dask cluster."""

from __future__ import annotations

import time
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from steadymile.pipelines.settings import Settings


class Pending(Protocol):
    """A future of either kind."""

    def cancel(self) -> object:
        """Take back what has not begun."""


C = TypeVar("C")
F = TypeVar("F", bound=Pending)
A_WORKER = 3
"""How many calls are handed out for each worker before the first result is taken: none waits, and few are held."""


def ahead(submit: Callable[[C], F], calls: Iterable[C], workers: int) -> Generator[tuple[C, F], None, None]:
    """Each call and its future, in the order of the calls, which are taken only as the results are. Closed early, it
    takes back what has not begun."""
    waiting: deque[tuple[C, F]] = deque()
    try:
        for call in calls:
            waiting.append((call, submit(call)))
            if len(waiting) >= A_WORKER * workers:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        for _, future in waiting:
            future.cancel()


def dask_client(settings: Settings) -> AbstractContextManager[Any]:
    """A Dask client at `STEADYMILE_SCHEDULER`, or of a local cluster where none is named. Workers must see the same
    paths as the scheduler's caller does."""
    from distributed import Client

    local = {"n_workers": settings.workers, "threads_per_worker": 1, "dashboard_address": None}
    client: AbstractContextManager[Any] = Client(settings.scheduler) if settings.scheduler else Client(**local)
    return client


NOBODY_S = 60.0
"""So long a cluster may be without any worker: time enough for one that is started anew."""
LOOK_S = 2.0


class NobodyLeft(Exception):
    """A cluster on which nobody works any more: its last worker is gone, or its scheduler."""


def answer(client: Any, future: Any) -> Any:
    """The result of a call on a cluster, which without a worker would be waited for in vain. Raises NobodyLeft, and
    what the call raises."""
    seen = time.monotonic()
    while not future.done():
        try:
            return future.result(timeout=LOOK_S)
        except TimeoutError:
            if future.done():
                break
            if threads_of(client):
                seen = time.monotonic()
        except CancelledError:
            break
        if time.monotonic() - seen > NOBODY_S:
            raise NobodyLeft(f"The Dask cluster has had no worker for {NOBODY_S:.0f} s")
    try:
        return future.result()
    except CancelledError:  # no subclass of Exception
        raise NobodyLeft("The connection to the Dask cluster is lost") from None


def threads_of(client: Any) -> int:
    """How many calls the cluster works on at once; 0 where it has no worker."""
    return sum(client.nthreads().values())
