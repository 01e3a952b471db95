"""Work spread over processes comes back in order, and a process that dies costs one piece of work."""

from __future__ import annotations

import os

from pipelines.settings import Settings
from pipelines.spread import spread


def double(numbers: list[int]) -> list[int]:
    if 13 in numbers:
        os._exit(1)
    return [2 * n for n in numbers]


def test_results_come_in_the_order_of_the_calls(tmp_path):
    calls = [([n],) for n in range(6)]
    assert list(spread(Settings(tmp_path), double, calls, lambda c: [c], lambda c: [])) == [[2 * n] for n in range(6)]


def test_a_dying_worker_costs_only_what_killed_it(tmp_path):
    calls = [([1, 2],), ([13, 4],), ([5],)]
    results = spread(
        Settings(tmp_path), double, calls, lambda call: [([n],) for n in call[0]], lambda call: [f"lost {call[0][0]}"]
    )
    assert sorted(str(x) for part in results for x in part) == ["10", "2", "4", "8", "lost 13"]
