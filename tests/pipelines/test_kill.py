"""A nightly run killed at any instant leaves the last published warehouse whole, and the next run completes it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.pipelines.conftest import AS_OF, fill
from tests.pipelines.test_nightly import ask, hashes

COMMAND = [sys.executable, "-m", "steadymile.pipelines.cli.main", "nightly", "--as-of", AS_OF.isoformat(), "--home"]
ENVIRONMENT = {**os.environ, "STEADYMILE_SETTLE_S": "0", "STEADYMILE_WORKERS": "1"}
TIMES = {"files", "metric_cards"}
"""Views that tell when something was first seen, or that an interrupted run filled in other order."""


def start(home):
    return subprocess.Popen(
        [*COMMAND, str(home)], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def kill_at(home, seconds: float) -> bool:
    process = start(home)
    time.sleep(seconds)
    killed = process.poll() is None
    if killed:
        process.send_signal(signal.SIGKILL)
    process.wait(60)
    return killed


def rounds() -> int:
    return int(os.environ.get("STEADYMILE_KILLS", "3"))


@pytest.mark.slow
def test_a_killed_run_is_completed_by_the_next_with_the_same_numbers(tmp_path):
    chance = random.Random(5)
    clean = tmp_path / "clean"
    fill(clean / "inbox", weeks=4)
    began = time.perf_counter()
    start(clean).wait(300)
    whole = time.perf_counter() - began
    wanted = {k: v for k, v in hashes(clean).items() if k not in TIMES}
    for n in range(rounds()):
        home = tmp_path / f"killed-{n}"
        fill(home / "inbox", weeks=4)
        for _ in range(3):
            kill_at(home, chance.uniform(0.3, 1.0) * whole)
            if (home / "warehouse.duckdb").exists():
                assert ask(home, "SELECT count(*) FROM activities")[0][0] >= 0
        assert start(home).wait(300) in (0, 1)
        found = {k: v for k, v in hashes(home).items() if k not in TIMES}
        assert {k for k in wanted if wanted[k] != found[k]} == set()
        shutil.rmtree(home)


@pytest.mark.slow
def test_whatever_is_killed_the_next_run_gives_the_numbers_of_an_undisturbed_home(tmp_path):
    program = Path(__file__).resolve().parents[1] / "fuzz" / "kills.py"  # it forks, which needs a process of its own
    ended = subprocess.run(
        [sys.executable, str(program), "--kills", "5", "--keep", str(tmp_path)], stdout=subprocess.PIPE, check=False
    )
    assert ended.stdout.decode().startswith("5 kills, 0 faults")
    assert ended.returncode == 0
