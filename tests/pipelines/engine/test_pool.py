"""Work spread over processes comes back in order, and a process that dies costs one piece of work."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from steadymile.pipelines.engine.pool import spread
from steadymile.pipelines.settings import Settings


def double(numbers: list[int]) -> list[int]:
    if 13 in numbers:
        os._exit(1)
    return [2 * n for n in numbers]


def test_results_come_in_the_order_of_the_calls(tmp_path):
    calls = [([n],) for n in range(6)]
    assert list(spread(Settings(tmp_path), double, calls, lambda c: [])) == [[2 * n] for n in range(6)]


def test_a_dying_worker_costs_only_what_killed_it(tmp_path):
    calls = [([1, 2],), ([13],), ([4],), ([5],)]
    results = spread(Settings(tmp_path), double, calls, lambda call: [f"lost {call[0][0]}"])
    assert [str(x) for part in results for x in part] == ["2", "4", "lost 13", "8", "10"]


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks at processes through /proc")
def test_workers_end_with_a_run_that_is_killed():
    program = (
        "import os, time; from steadymile.pipelines.engine.pool import in_pool\n"
        "results = in_pool(1, os.getpid, [()] * 9)\n"  # kept, so that the pool stays open
        "print(next(results), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        worker = int(run.stdout.readline())
        alive = os.path.isdir(f"/proc/{worker}")
        run.kill()
    assert alive
    ends = time.monotonic() + 30
    while os.path.isdir(f"/proc/{worker}") and time.monotonic() < ends:
        time.sleep(0.1)
    assert not os.path.isdir(f"/proc/{worker}")
