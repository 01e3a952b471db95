"""A reader forked from the run works as one that was started, and is limited as one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from steadymile.pipelines.reading import forked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="readers are forked on Linux only")

PROGRAM = """
import json, os
from steadymile.pipelines.reading.child import Died
from steadymile.pipelines.reading.forked import fork_reader
held = open(__import__("steadymile").__file__)
def said(code, seconds=60.0, ends=True):
    child = fork_reader(1 << 31)
    try:
        return [r.value for r in child.do(eval, code, [seconds] * len(code), ())]
    except Died as death:
        return death.code
    finally:
        child.close()
sums = "__import__('polars').Series([1.5, 2.5]).sum()"
link = "__import__('os').path.realpath(f'/proc/self/fd/{n}')"
open_files = f"[{link} for n in __import__('os').listdir('/proc/self/fd')]"
print("before it", end=" ")
print(json.dumps({
    "values": said([sums, "2 + 2"]),
    "files": held.name in said([open_files])[0],
    "ended": said(["__import__('os')._exit(3)"]),
    "time": said(["[0 for _ in iter(int, 1)]"], 1.0),
    "memory": said(["len(bytearray(1 << 32))"]),
    "session": said(["__import__('os').getsid(0)"]) != [os.getsid(0)],
}))
"""


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    before, _, found = ran.stdout.partition("{")
    assert before == "before it "  # what waited to be printed is printed once
    return json.loads("{" + found)


def test_it_does_the_work(said):
    assert said["values"] == [4.0, 4]


def test_it_holds_no_file_that_the_run_has_open(said):
    assert said["files"] is False


@pytest.mark.parametrize(
    ("what", "code"), [("ended", "reader_crashed"), ("time", "too_much_time"), ("memory", "too_much_memory")]
)
def test_what_ends_it_is_known(said, what, code):
    assert said[what] == code


def test_it_does_not_hear_what_a_terminal_sends_to_the_run(said):
    assert said["session"]


def test_no_process_is_forked_while_another_thread_is_at_work():
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert forked.fork_reader(1 << 31) is None
    finally:
        done.set()
        thread.join()


def test_one_that_does_not_begin_is_done_without(monkeypatch):
    monkeypatch.setattr(forked, "safe", lambda: True)
    monkeypatch.setattr(forked, "BEGINS_S", 0.0)
    monkeypatch.setattr(forked, "forked", lambda memory, errors: subprocess.Popen(
        ["sleep", "60"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0))  # fmt: skip
    assert forked.fork_reader(1 << 31) is None
