"""Prefect server, worker and nightly schedule in one command, on this machine only, stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.schedules import Cron, Interval
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_URL,
    PREFECT_CLIENT_CSRF_SUPPORT_ENABLED,
    PREFECT_HOME,
    temporary_settings,
)
from prefect.states import Crashed
from steadymile.pipelines.engine.access import (
    auth_of,
    home_key,
    is_ours,
    password_file,
    port_is_free,
    server_environment,
)
from steadymile.pipelines.engine.flows import nightly
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.facts import zone_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.settings import Settings

PATIENCE_S = 600.0
TALKING = (PREFECT_API_URL, PREFECT_API_AUTH_STRING, PREFECT_CLIENT_CSRF_SUPPORT_ENABLED, PREFECT_HOME)
"""What a client of the server needs to know."""
ORDERS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""How systems tell a program to end: at shutdown, and when its terminal is closed."""


def serve_forever(
    settings: Settings, *, port: int, at: str, interval_s: int | None, say: Callable[[str], object]
) -> None:
    """Start a server on 127.0.0.1, serve the nightly deployment until Ctrl-C, a closed terminal or the system's order
    to end, then stop the server we started.

    Raises Trouble where the port is taken, and where the server that answers on it is not the one started here.
    """
    hour, minute = parse_time(at)
    home = Home(settings.home)
    home.make()
    if not port_is_free(port):
        by = "a server of this home" if is_ours(port, auth_of(home)) else "another program"
        raise Trouble(f"Port {port} is taken by {by}.", f"Name a free one: --port {port + 1}.", exit_code=2)
    os.environ |= server_environment(home, port)
    for order in ORDERS:
        signal.signal(order, end)
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        say("Starting the Prefect server; the first time takes about half a minute.")
        wait_until_up(server, port)
        if server.poll() is not None or not is_ours(port, auth_of(home)):
            raise Trouble(f"The server on port {port} is not the one of this home.", "Name another --port.")
        say(f"It is up: http://127.0.0.1:{port} (this machine only). Ctrl-C stops it.")
        say(f"Its pages ask for a password: the line in {password_file(home)}.")
        serve_flow(settings, hour, minute, interval_s)
    finally:
        stop(server)


def end(order: int, _: object) -> None:
    """End as after Ctrl-C: what we started is stopped first. Left alone, these signals end a program on the spot."""
    raise SystemExit(128 + order)


def parse_time(at: str) -> tuple[int, int]:
    """HH:MM as numbers; Trouble for anything else."""
    hour, _, minute = at.partition(":")
    if hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60:
        return int(hour), int(minute)
    raise Trouble(f"{at} is not a time of day.", "Write it like 02:30.", exit_code=2)


def wait_until_up(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait for the server's health answer; Trouble if it ends or takes too long."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if server.poll() is not None:
            raise Trouble(
                "The Prefect server ended at once.", f"Start it by hand to see why: prefect server start --port {port}."
            )
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise Trouble(f"The Prefect server did not answer within {PATIENCE_S:.0f} s.", "Try again, or use cron.")


def serve_flow(settings: Settings, hour: int, minute: int, interval_s: int | None) -> None:
    """Serve the nightly flow on its schedule; returns on Ctrl-C."""
    athlete = next(iter(Home(settings.home).athletes().values()))
    zone = zone_of(athlete, datetime.now(UTC).date())
    schedule = Interval(interval_s) if interval_s else Cron(f"{minute} {hour} * * *", timezone=zone)
    # Prefect read its settings when it was imported, before this home's server had an address and a password.
    with temporary_settings({name: os.environ[name.name] for name in TALKING}):
        bury()
        nightly.serve(
            name=deployment_name(settings.home),
            schedules=[schedule],
            limit=1,
            print_starting_message=False,
        )


def bury() -> int:
    """Mark runs as crashed that the server still takes for running: a power cut ended them, since this home's server is
    new and nothing of it runs yet. Returns how many."""
    running = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING])))
    with get_client(sync_client=True) as client:
        dead = client.read_flow_runs(flow_run_filter=running)
        for found in dead:
            client.set_flow_run_state(found.id, Crashed(message="The machine or the server stopped."), force=True)
    return len(dead)


def deployment_name(home: Path) -> str:
    """The name of a home's deployment: no two homes share one, and none shows a path."""
    return f"nightly-{home_key(home)}"


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server that we started, by its process group, and wait for it."""
    if server.poll() is not None:
        return
    os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(10)
