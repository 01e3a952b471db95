"""A reader is limited, and what ends it costs the one item in its hands; a reader that cannot start costs no file."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from steadymile.pipelines.errors import plain
from steadymile.pipelines.reading import child
from steadymile.pipelines.reading.child import Child, Died, NoReader
from steadymile.pipelines.reading.intake import why_lost
from steadymile.pipelines.reading.readers import Readers, memory_limit
from steadymile.pipelines.settings import Settings

END = "import os; os._exit(3)"
KILL = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture
def readers(tmp_path):
    found = Readers(Settings(tmp_path))
    yield found
    found.close()


def codes(item: object, death: Died) -> str:
    return death.code


def values(readers, work, items, allowed=lambda item: 60.0):
    return [result.value for part in readers.spread(work, [(items,)], codes, allowed, len(items)) for result in part]


def test_results_come_in_the_order_of_the_items(readers):
    calls = [([-3, 2],), ([-1],), ([7, -5, 0],)]
    assert [[r.value for r in part] for part in readers.spread(abs, calls, codes)] == [[3, 2], [1], [7, 5, 0]]


def test_a_process_that_ends_costs_the_one_item_in_its_hands(readers):
    assert values(readers, exec, ["1", END, "2"]) == [None, "reader_crashed", None]


def test_a_process_that_is_killed_from_outside_is_not_the_files_fault(readers):
    assert values(readers, exec, ["1", KILL, "2"]) == [None, "reader_killed", None]


def test_too_much_memory_is_refused_and_the_next_item_read(readers):
    assert values(readers, len, [range(3)]) == [3]
    beyond = memory_limit(readers.settings) + 1
    found = values(readers, bytearray, [beyond, 2])
    assert found == ["too_much_memory", bytearray(2)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no processor time")
def test_too_much_processor_time_is_refused_and_the_next_item_read(readers):
    endless = range(10**12)
    assert values(readers, sum, [endless, range(4)], lambda item: 1.0) == ["too_much_time", 6]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no processor time")
def test_a_machine_that_is_too_busy_is_not_the_files_fault(readers, monkeypatch):
    monkeypatch.setattr(child, "WAIT_S", 0.3)
    monkeypatch.setattr(child, "WAIT_PER_CPU_S", 0.0)
    assert values(readers, time.sleep, [5.0])[0] == "reader_starved"


def test_only_what_the_file_did_is_held_against_it():
    settled = {
        code: why_lost(Died(code, "It ended"))[1] for code in ("too_much_time", "reader_killed", "reader_starved")
    }
    assert settled == {"too_much_time": True, "reader_killed": False, "reader_starved": False}


def test_a_fault_of_the_work_itself_is_raised(readers):
    with pytest.raises(ZeroDivisionError):
        values(readers, exec, ["1 / 0"])


def test_a_reader_that_cannot_start_is_said_to_be_so(readers, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(NoReader, match="cannot start"):
        values(readers, abs, [1])


def test_a_reader_that_ends_before_it_begins_is_said_to_be_so(readers, monkeypatch, tmp_path):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'no room' >&2\nexit 4\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(NoReader, match=r"exit code 4: no room"):
        values(readers, abs, [1])


def test_a_reader_of_another_version_than_the_run_is_no_files_fault(readers, monkeypatch):
    """As after an update in the middle of a long night: what the reader starts from is no longer what the run is."""
    monkeypatch.setattr(child, "BUILT", "the code of an hour ago")
    with pytest.raises(NoReader) as ended:
        values(readers, abs, [1])
    assert plain(ended.value) == (
        "steadymile was replaced while it was at work.",
        "End it and start it again: nothing published was harmed.",
    )


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks at processes through /proc")
def test_readers_end_with_a_run_that_is_killed():
    program = (
        "import os, time; from steadymile.pipelines.reading.child import Child\n"
        "asked = Child(1 << 31).do(eval, ['__import__(\"os\").getpid()'], [60.0], ())\n"
        "print(next(asked).value, flush=True)\n"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        reader = int(run.stdout.readline())
        run.kill()
    ends = time.monotonic() + 30
    while os.path.isdir(f"/proc/{reader}") and time.monotonic() < ends:
        time.sleep(0.05)
    assert not os.path.isdir(f"/proc/{reader}")


def test_closing_a_reader_twice_is_harmless():
    child = Child(1 << 31)
    child.close()
    child.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands on what the parent held")
def test_a_reader_is_not_tired_by_what_the_run_once_held():
    """A run that published a large home held a gigabyte for a moment: its readers start afresh."""
    program = (
        "held = bytearray(400 << 20); del held\n"
        "from steadymile.pipelines.reading.child import Child\n"
        "reader = Child(600 << 20)\n"
        "assert [r.value for r in reader.do(abs, [-1], [60.0], ())] == [1]\n"
        "print(reader.tired); reader.close()"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert found.stdout.strip() == "False"
