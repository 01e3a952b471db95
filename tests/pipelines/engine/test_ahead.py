"""Calls are handed out a few ahead, answered in order, and taken back where nobody waits any more."""

from __future__ import annotations

from itertools import count

from steadymile.pipelines.engine.ahead import A_WORKER, ahead


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
