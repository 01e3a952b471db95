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

from prefect.schedules import Cron, Interval
from steadymile.pipelines.engine.flows import nightly
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home, zone_of
from steadymile.pipelines.settings import Settings

PATIENCE_S = 180.0


def serve_forever(
    settings: Settings, *, port: int, at: str, interval_s: int | None, say: Callable[[str], object]
) -> None:
    """Start a server on 127.0.0.1, serve the nightly deployment until Ctrl-C, then stop the server we started."""
    hour, minute = parse_time(at)
    home = Home(settings.home)
    home.make()
    os.environ.setdefault("PREFECT_HOME", str(home.private / "prefect"))
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        say("Starting the Prefect server; the first time takes about half a minute.")
        wait_until_up(server, port)
        say(f"It is up: http://127.0.0.1:{port} (this machine only). Ctrl-C stops it.")
        serve_flow(settings, hour, minute, interval_s)
    finally:
        stop(server)


def parse_time(at: str) -> tuple[int, int]:
    """HH:MM as numbers; Trouble for anything else."""
    hour, _, minute = at.partition(":")
    if hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60:
        return int(hour), int(minute)
    raise Trouble(f"{at} is no time of day.", "Write it like 02:30.", exit_code=2)


def wait_until_up(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait for the server's health answer; Trouble if it ends or takes too long."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if server.poll() is not None:
            raise Trouble("The Prefect server ended at once.", f"Is port {port} taken? Try --port.")
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
    nightly.serve(
        name="nightly",
        schedules=[schedule],
        parameters={"home": str(Path(settings.home))},
        limit=1,
        print_starting_message=False,
    )


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
