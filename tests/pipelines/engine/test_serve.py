"""`serve` starts a server of its own, says what stands against it, and leaves nothing of it behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from prefect.client.schemas.objects import StateType
from steadymile.pipelines.engine import serve
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.settings import Settings


def test_a_taken_port_is_said_and_no_server_started(tmp_path, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a server was started"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {port} is taken by another program") as trouble:
            serve.serve_forever(Settings(tmp_path), port=port, at="02:30", interval_s=None, say=print)
    assert f"--port {port + 1}" in trouble.value.what_to_do


@pytest.mark.parametrize("at", ["", "2", "24:00", "02:60", "2:30 am"])
def test_a_time_that_is_none_is_refused_before_anything_is_made(tmp_path, at):
    home = tmp_path / "home"
    with pytest.raises(Trouble, match="is not a time of day"):
        serve.serve_forever(Settings(home), port=4200, at=at, interval_s=None, say=print)
    assert not home.exists()


def test_a_server_that_ends_at_once_is_said_with_how_to_see_why():
    with subprocess.Popen([sys.executable, "-c", ""]) as server:
        server.wait(60)
        with pytest.raises(Trouble, match="ended at once") as trouble:
            serve.wait_until_up(server, 4321)
    assert "prefect server start --port 4321" in trouble.value.what_to_do


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_the_server_is_stopped_with_all_that_it_started():
    program = "import subprocess, sys, time; subprocess.Popen(['sleep', '60']); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True) as server:
        assert server.stdout is not None
        server.stdout.readline()
        serve.stop(server)
        assert server.stdout.read() == b""  # nobody holds the other end any more
        assert server.returncode is not None


STARTS_AND_WAITS = """
import subprocess, sys, time
from pathlib import Path
from steadymile.pipelines.engine import serve
from steadymile.pipelines.settings import Settings

begin = subprocess.Popen

def waits(server, _):
    print(server.pid, flush=True)
    time.sleep(60)

serve.subprocess.Popen = lambda *_, **options: begin(["sleep", "60"], **options)
serve.wait_until_up = waits
serve.serve_forever(Settings(Path(sys.argv[1])), port=int(sys.argv[2]), at="02:30", interval_s=None, say=lambda _: None)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGHUP])
def test_a_server_that_still_starts_is_stopped_with_the_command_that_started_it(tmp_path, order):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", STARTS_AND_WAITS, str(tmp_path / "home"), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        pid = int(served.stdout.readline())
        served.send_signal(order)
        assert served.wait(60) == 128 + order
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_runs_that_a_power_cut_ended_are_marked_and_no_others_asked_for(monkeypatch):
    marked = []

    class Client:
        def read_flow_runs(self, flow_run_filter):
            assert flow_run_filter.state.type.any_ == [StateType.RUNNING]
            return [SimpleNamespace(id="dead")]

        def set_flow_run_state(self, run, state, force):
            marked.append((run, state.type, force))

    @contextmanager
    def client(sync_client):
        yield Client()

    monkeypatch.setattr(serve, "get_client", client)
    assert serve.bury() == 1
    assert marked == [("dead", StateType.CRASHED, True)]
