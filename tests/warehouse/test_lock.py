"""One run a home at a time, and nothing to clean up after a kill."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from steadymile.warehouse.errors import Busy
from steadymile.warehouse.lock import HomeLock

SINCE = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
HOLD = """
import sys
from pathlib import Path
from steadymile.warehouse.lock import HomeLock
with HomeLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_run_is_told_who_holds_the_home(tmp_path):
    with HomeLock(tmp_path / "lock", since=SINCE), pytest.raises(Busy) as caught, HomeLock(tmp_path / "lock"):
        pass
    assert str(caught.value) == (
        f"Another steadymile run is at work here (process {os.getpid()}, since 2026-11-22T02:30:00+00:00). "
        "Wait until it has ended and run the command again"
    )


def test_the_home_is_free_again_afterwards(tmp_path):
    for _ in range(2):
        with HomeLock(tmp_path / "lock"):
            pass


def test_the_home_is_free_again_after_kill_9(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Busy, match=f"process {holder.pid}"), HomeLock(tmp_path / "lock"):
            pass
        holder.kill()
    with HomeLock(tmp_path / "lock"):
        pass


def test_after_kill_9_the_next_holder_knows_that_something_was_cut_short(tmp_path):
    with HomeLock(tmp_path / "lock") as first:
        pass
    (tmp_path / "lock").write_text('{"pid": 1}')  # as a killed holder leaves it
    with HomeLock(tmp_path / "lock") as second:
        pass
    with HomeLock(tmp_path / "lock") as third:
        pass
    assert (first.interrupted, second.interrupted, third.interrupted) == (False, True, False)
