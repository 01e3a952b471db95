"""The README's pictures of the local app, from a demo home, with the system's own Chromium.

    python -m bench.screenshots [--home demo-home]

A home that is not there is made by `steadymile demo`. Writes docs/images/*.png.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright
from steadymile.pipelines.app.serve import clock_of, create_app, listening
from steadymile.pipelines.settings import Settings

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
DESK, PHONE = (1000, 760), (390, 760)
SHOTS = (
    ("today", "/", DESK, "light", ""),
    ("run", "run", DESK, "light", "#charts"),
    ("phone", "/", PHONE, "dark", ""),
    ("checkin", "/", PHONE, "light", "#checkin"),
)
"""Name, page, window, colour scheme, and what is scrolled to."""


def take(browser: Browser, address: str, run: str) -> None:
    """Every picture of SHOTS."""
    for name, path, (width, height), scheme, place in SHOTS:
        look = {"width": width, "height": height}
        context = browser.new_context(viewport=look, color_scheme="dark" if scheme == "dark" else "light")
        page = context.new_page()
        page.goto(f"{address}/?key=key")
        page.goto(address + (f"/run/{run}" if path == "run" else path))
        page.wait_for_load_state("networkidle")
        if place:
            page.evaluate("place => document.querySelector(place).scrollIntoView()", place)
        page.wait_for_timeout(300)
        page.screenshot(path=IMAGES / f"{name}.png")
        context.close()


def main() -> None:
    """Make the home where there is none, serve it on loopback, take the pictures, end the server."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, default=Path("demo-home"))
    home = parser.parse_args().home
    if not (home / "warehouse.duckdb").exists():
        command = [sys.executable, "-m", "steadymile.pipelines.cli.main", "demo", "--home", str(home)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    chromium = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    if chromium is None:
        raise SystemExit("There is no Chromium here: apt-get install chromium")
    clock = clock_of(Settings(home))
    with listening(None) as door:
        port = door.getsockname()[1]
        guard = create_app(Settings(home, workers=1), port, clock, "key")
        server = uvicorn.Server(uvicorn.Config(guard, log_level="error", lifespan="off", ws="none"))
        thread = threading.Thread(target=lambda: server.run(sockets=[door]), daemon=True)
        thread.start()
        try:
            desk = guard.app.state.desk
            runs = desk.tables(desk.athlete(None).athlete_id)["activities"].sort("longest_run_m", nulls_last=False)
            with sync_playwright() as engine:
                options = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
                browser = engine.chromium.launch(executable_path=chromium, args=options)
                IMAGES.mkdir(parents=True, exist_ok=True)
                take(browser, f"http://127.0.0.1:{port}", runs["activity_id"][-1])
                browser.close()
        finally:
            server.should_exit = True
            thread.join(15)


if __name__ == "__main__":
    main()
