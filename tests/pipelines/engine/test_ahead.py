"""Calls are handed out a few ahead, answered in order, and taken back where nobody waits any more."""

from __future__ import annotations

import time
from asyncio import CancelledError
from itertools import count

import pytest
from steadymile.pipelines.engine import ahead as engine_ahead
from steadymile.pipelines.engine.ahead import A_WORKER, NobodyLeft, ahead, answer


class Promise:
    cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


def test_calls_come_back_in_order_with_their_futures():
    made = {n: Promise() for n in range(9)}
    assert list(ahead(made.__getitem__, range(9), 2)) == list(made.items())


def test_no_more_calls_are_taken_than_the_workers_need():
    calls = count()
    next(ahead(lambda _: Promise(), calls, 2))
    assert next(calls) == A_WORKER * 2


def test_what_has_not_begun_is_taken_back_when_nobody_waits():
    made = [Promise() for _ in range(6)]
    handed = ahead(made.__getitem__, range(6), 1)
    next(handed)
    handed.close()
    assert [p.cancelled for p in made] == [False, True, True, False, False, False]


class Cluster:
    """As much of a Dask client as is asked: so many threads at each look, the last for good."""

    def __init__(self, *threads: int) -> None:
        self.threads = list(threads)

    def nthreads(self) -> dict[str, int]:
        found = self.threads.pop(0) if len(self.threads) > 1 else self.threads[0]
        return {"tcp://worker": found} if found else {}


class Waiting:
    """A future that is not done for so many looks, then gives 7, or raises what it is given."""

    def __init__(self, looks: int, ends: BaseException | None = None, look_s: float = 0.0) -> None:
        self.looks, self.ends, self.look_s = looks, ends, look_s

    def done(self) -> bool:
        return self.looks <= 0

    def result(self, timeout: float | None = None) -> int:
        self.looks -= 1
        if self.looks >= 0:
            time.sleep(self.look_s)
            raise TimeoutError
        if self.ends is not None:
            raise self.ends
        return 7


def test_a_call_without_any_worker_ends_with_a_word_and_not_never(monkeypatch):
    monkeypatch.setattr(engine_ahead, "NOBODY_S", 0.0)
    with pytest.raises(NobodyLeft, match="no worker"):
        answer(Cluster(0), Waiting(10**9))


def test_a_worker_that_is_started_anew_in_time_is_waited_for():
    assert answer(Cluster(1, 0, 0, 1), Waiting(9)) == 7


def test_a_long_call_is_waited_for_while_there_are_workers(monkeypatch):
    monkeypatch.setattr(engine_ahead, "NOBODY_S", 0.5)
    assert answer(Cluster(2), Waiting(4, look_s=0.2)) == 7


def test_a_scheduler_that_is_gone_is_said():
    with pytest.raises(NobodyLeft, match="connection"):
        answer(Cluster(1), Waiting(0, CancelledError()))


def test_what_a_call_raises_is_raised():
    with pytest.raises(TimeoutError, match="of its own"):
        answer(Cluster(1), Waiting(0, TimeoutError("of its own")))
