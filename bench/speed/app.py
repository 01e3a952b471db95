"""The local app on ten years of one runner: each page first and again, a run of 36,000 samples, and an idle minute.

    python -m bench.speed.app [activities]

Wall times in milliseconds, in one process, without a network: what the server itself takes. Beside each time stands how
many times longer it is than opening the published file and reading the activities, measured in the same run, which is
what to compare between machines.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import uvicorn
from steadymile.models.athlete import Athlete
from steadymile.models.session import History
from steadymile.models.week.plan import plan
from steadymile.pipelines.app.serve import create_app, listening
from steadymile.pipelines.home import Home
from steadymile.pipelines.settings import Settings
from steadymile.warehouse import store
from steadymile.warehouse.database import open_published, open_work
from steadymile.warehouse.publish import publish

from bench.speed.warehouse import BATCH, FIRST, ME, daily, plans, recording

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

LONG_SAMPLES = 36_000
PAGES = ("/", "/history", "/history?year=all", "/calendar", "/road", "/why", "/files", "/coach")
IDLE_S = 20.0


def make_home(root: Path, activities: int) -> tuple[Home, str, datetime]:
    """A published home of ten years; returns it, the id of its longest run, and a moment in its last week."""
    home = Home(root)
    home.make()
    rng = np.random.default_rng(7)
    con = open_work(home.work)
    numbers = list(range(activities))
    for start in range(0, activities, BATCH):
        store.save_recordings(con, [recording(rng, n, ME) for n in numbers[start : start + BATCH]])
    long = recording(rng, activities, ME, seconds=LONG_SAMPLES)
    store.save_recordings(con, [long])
    days = int(activities * 1.2)
    store.save_days(con, ME, daily(days))
    weeks = [week for week in plans(ME) if week.as_of <= FIRST + timedelta(days=days)]
    weeks[-1] = plan(History(Athlete(ME)), weeks[-1].as_of - timedelta(days=1))  # one that was really decided
    store.save_weeks(con, weeks)
    con.close()
    publish(home.work, home.warehouse)
    now = datetime(weeks[-1].as_of.year, weeks[-1].as_of.month, weeks[-1].as_of.day, 9, tzinfo=UTC) + timedelta(days=2)
    return home, long.activity_id, now


def best_ms(
    call: Callable[..., object], times: int = 7, make: Callable[[], object] | None = None
) -> tuple[float, float]:
    """The shortest wall and processor time of a call [ms]: on a busy machine the others measure the neighbours. What
    `make` makes for each call is not timed."""
    took = []
    for _ in range(times):
        made = () if make is None else (make(),)
        began, used = time.perf_counter(), time.process_time()
        call(*made)
        took.append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - used)))
    return min(wall for wall, _ in took), min(cpu for _, cpu in took)


def client_of(home: Home, now: datetime) -> TestClient:
    """A client of a server that has answered nothing yet."""
    guard = create_app(Settings(home.root, workers=1), 8123, lambda: now, "key")
    client = TestClient(guard, base_url="http://127.0.0.1:8123")
    client.cookies.set(guard.cookie, "key")
    return client


def asked(client: TestClient, path: str) -> None:
    """Ask for a page; raises where it is refused."""
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")


def idle_share(home: Home, now: datetime) -> float:
    """The share of one core that a server takes while nobody asks [%]."""
    with listening(None) as door:
        guard = create_app(Settings(home.root, workers=1), door.getsockname()[1], lambda: now, "key")
        server = uvicorn.Server(uvicorn.Config(guard, log_level="error", lifespan="off", ws="none"))
        thread = threading.Thread(target=lambda: server.run(sockets=[door]), daemon=True)
        thread.start()
        time.sleep(1.0)
        began = time.process_time()
        time.sleep(IDLE_S)
        used = time.process_time() - began
        server.should_exit = True
        thread.join(10)
    return 100 * used / IDLE_S


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("activities", type=int, nargs="?", default=3000)
    parser.add_argument("--keep", type=Path, default=None, help="make the home here, or use the one that is here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="steadymile-bench-") as folder:
        place = options.keep or Path(folder)
        home, long, now = make_home(place / "home", options.activities)

        def bare() -> None:
            con = open_published(home.warehouse)
            con.sql("SELECT * FROM activities").pl()
            con.close()

        unit = best_ms(bare)
        print(f"{options.activities} activities; opening the file and reading the activities: {unit[0]:.0f} ms")
        client_of(home, now).get("/files")  # templates and modules are loaded once a process

        def tell(what: str, took: tuple[float, float]) -> None:
            wall, cpu = took
            print(f"{what:44s} {wall:8.1f} ms {wall / unit[0]:5.2f} times   processor {cpu:6.1f} ms", flush=True)

        for path in (*PAGES, f"/run/{long}"):
            fresh = best_ms(lambda c, p=path: asked(c, p), 5, lambda: client_of(home, now))
            tell(f"{path}, first page of a start", fresh)

        def warmed() -> TestClient:
            client = client_of(home, now)
            client.app.app.state.desk.warm()
            return client

        for path in ("/", f"/run/{long}", f"/run/{long}/samples.json"):
            tell(f"{path}, first time asked", best_ms(lambda c, p=path: asked(c, p), 5, warmed))
        client = client_of(home, now)
        for path in (*PAGES, f"/run/{long}", f"/run/{long}/samples.json"):
            asked(client, path)
            tell(f"{path}, again", best_ms(lambda p=path: asked(client, p)))
        data = client.get(f"/run/{long}/samples.json").content
        print(f"samples of the long run: {len(data) / 1e3:.0f} kB, {len(gzip.compress(data)) / 1e3:.0f} kB as gzip")
        print(f"idle: {idle_share(home, now):.2f} % of a core")


if __name__ == "__main__":
    main()
