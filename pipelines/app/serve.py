"""The server: the app put together, bound to 127.0.0.1 unless other devices are let in, until Ctrl-C."""

from __future__ import annotations

import os
import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from threading import Event, Thread
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from steadymile.ingest.reading import Unreadable
from steadymile.pipelines.app import actions, checkin, facts, pages, runs
from steadymile.pipelines.app.desk import Desk
from steadymile.pipelines.app.forms import NoToken
from steadymile.pipelines.app.guard import Guard
from steadymile.pipelines.app.links import doorway, links, own_address, qr_lines
from steadymile.pipelines.app.templates import STATIC, render
from steadymile.pipelines.errors import HomeError, Trouble, plain
from steadymile.pipelines.facts import today_of
from steadymile.pipelines.home import DEMO_MARK, Home
from steadymile.pipelines.published import opened_published
from steadymile.pipelines.settings import Settings
from steadymile.reports import formats, rendering
from steadymile.warehouse.database import rows
from steadymile.warehouse.errors import Busy, WarehouseError

HOST = "127.0.0.1"
HOME_PORT = 8642
"""The port that calendars, home screens and other devices know, so that their link works again tomorrow."""

SAID = (NoToken, Trouble, HomeError, Unreadable, WarehouseError)
"""What a person can mend: said in a page. Only a fault of ours reaches the log with its whereabouts."""

PACKED_FROM_BYTES = 1400
"""An answer that fits into one packet gains nothing from being packed."""

WAITED_S = 2.0
"""So long the address is held back until its page can be shown at once [s]; a slower home opens all the same."""

CLOSES_S = 5.0
"""So long what is being read ahead is waited for when the app is closed [s]."""

LOOKED_S = 2.0
"""So often the app looks whether another file was published [s]; it is one call to the file system."""

ONLY_HERE = "Only this machine reaches it, and only with this address. Ctrl-C closes it."


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def clock_of(settings: Settings, now: Callable[[], datetime] = system_clock) -> Callable[[], datetime]:
    """Now; in the home of a demo whose last week is over, the Tuesday of that week."""
    home = Home(settings.home)
    if not ((home.root / DEMO_MARK).exists() and home.warehouse.exists()):
        return now
    with opened_published(settings) as con:
        newest = rows(con, "SELECT max(week) FROM targets WHERE status = 'frozen'")[0][0]
    athletes = home.athletes()
    if newest is None or today_of(athletes[min(athletes)], now()) < formats.monday_of(newest) + timedelta(days=7):
        return now
    morning = datetime.combine(formats.monday_of(newest) + timedelta(days=1), time(9), UTC)
    return lambda: morning


def create_app(
    settings: Settings,
    port: int,
    clock: Callable[[], datetime] = system_clock,
    key: str | None = None,
    patience_s: float = 20.0,
) -> Guard:
    """The app of one home behind its guard. `port` is part of the address that it answers to."""
    return app_of(Desk(settings, clock, patience_s), port, key)


def app_of(desk: Desk, port: int, key: str | None = None, **links_of: Any) -> Guard:
    """The app over a desk, behind its guard, which takes `links_of`."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    for part in (pages, runs, checkin, facts, actions):
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=STATIC))
    if links_of.get("hosts"):  # other devices get it over the air; on this machine packing costs more than it saves
        app.add_middleware(GZipMiddleware, minimum_size=PACKED_FROM_BYTES, compresslevel=5)
    for kind in (*SAID, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, trouble)
    return Guard(app, port, key, **links_of)


def kept_warm(desk: Desk, ended: Event, ready: Event) -> None:
    """What the pages need, before anybody asks for it, and again whenever another file is published, until `ended`: the
    first page of the morning need not wait either. `ready` is set once the page that opens first has what it needs."""
    seen = desk.reader.stamp()
    try:
        rendering.warm()
        desk.warm(1)
    finally:
        ready.set()
    desk.warm()
    while not ended.wait(LOOKED_S):
        if (now := desk.reader.stamp()) != seen:
            seen = now
            desk.warm()


def trouble(request: Request, error: Exception) -> Response:
    """What happened and what to do, as a page; as JSON for a dropped file."""
    status, what, what_to_do = told_of(error)
    if request.url.path == "/upload":
        return JSONResponse({"what": what, "what_to_do": what_to_do}, status)
    return render(request, "trouble.html", None, status, what=what, what_to_do=what_to_do)


def told_of(error: Exception) -> tuple[int, str, str]:
    """The HTTP status of an error, what happened, and what to do."""
    if isinstance(error, NoToken):
        return 403, "This form is not from this start of the app.", "Load the page again, then send it once more."
    if isinstance(error, HTTPException):
        return error.status_code, "There is no such page.", "The menu lists every page."
    if isinstance(error, RequestValidationError):
        return 400, "That address cannot be read.", "The menu lists the pages there are."
    if isinstance(error, Trouble):
        return 400 if error.exit_code == 2 else 503, str(error), error.what_to_do
    if isinstance(error, HomeError):
        return 400, error.what, error.what_to_do
    if isinstance(error, Unreadable):
        return 413, error.why, error.what_to_do
    return 503 if isinstance(error, Busy) else 500, *plain(error)


def listening(port: int | None, host: str = HOST) -> socket.socket:
    """A socket at the port, else at a free one. Raises Trouble where the port is taken."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port or 0))
        found.listen()
    except OSError:
        found.close()
        raise Trouble(f"Port {port} is taken by another program.", "Leave --port out, or name a free one.", 2) from None
    return found


def door(port: int | None, address: str | None) -> socket.socket:
    """Where the app listens: at the port and address asked for. On this machine alone without a port: at the one that
    calendars and home screens know from last time, or where another program has it, at a free one."""
    if port or address:
        return listening(port or HOME_PORT, address or HOST)
    try:
        return listening(HOME_PORT)
    except Trouble:
        return listening(None)


def invite(desk: Desk, guard: Guard, here: str, say: Callable[[str], object], *, lan: bool, share: bool) -> None:
    """Say who gets in, and by which link."""
    if desk.clock is not system_clock:
        say(f"This demo is of an earlier week: it is shown as of {formats.day(desk.clock().date(), year=True)}.")
    if lan:
        say("Every device of this network that has this address can see and change everything. Ctrl-C closes it.")
        say("\n".join(qr_lines(f"{here}/?key={guard.key}")))
    else:
        say("Only with this address. Ctrl-C closes it." if share else ONLY_HERE)
    if share:
        link = f"{here}/?key={guard.share}"
        say(f"To read only, without places, in this network: {link}")
        say("It shows what you report, too: pain, illness and your notes.")
        say("\n".join(qr_lines(link)))


def server_of(guard: Guard) -> uvicorn.Server:
    """The server behind a guard: quiet, and without what nobody asked for."""
    return uvicorn.Server(
        uvicorn.Config(
            guard,
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=3,
        )
    )


def open_app(
    settings: Settings,
    port: int | None,
    browser: bool,
    say: Callable[[str], object],
    *,
    lan: bool = False,
    share: bool = False,
    new_links: bool = False,
) -> None:
    """Serve one home until Ctrl-C; with `browser`, open it there. `lan` lets other devices of the network in by its
    link, `share` those with a link that only reads; `new_links` ends the links there were."""
    private = Home(settings.home).private
    words = links(private / "links.json", new_links) if private.is_dir() else {}
    address = own_address() if lan or share else None
    if (lan or share) and not words:
        raise Trouble("This home has no plan yet.", "Run steadymile nightly first, then let others in.", 2)
    if (lan or share) and address is None:
        raise Trouble("This machine is in no network.", "Connect it, or leave --lan and --share out.")
    with door(port, address) as entrance:
        number = entrance.getsockname()[1]
        desk = Desk(settings, clock_of(settings))
        guard = app_of(
            desk,
            number,
            words["lan"] if lan else None,
            hosts=(address,) if address else (),
            share=words["share"] if share else None,
            calendar=words.get("calendar"),
        )
        ended, ready = Event(), Event()
        warming = Thread(target=kept_warm, args=(desk, ended, ready), daemon=True)
        warming.start()
        ready.wait(WAITED_S)
        here = f"http://{address or HOST}:{number}"
        desk.calendar = f"{here}/calendar/{words['calendar']}" if words else ""
        say(f"steadymile is open at {here}/?key={guard.key}")
        invite(desk, guard, here, say, lan=lan, share=share)
        server = server_of(guard)
        try:
            with doorway(private, f"{here}/?key={guard.key}") as opened:
                if browser:
                    webbrowser.open(opened)
                with suppress(KeyboardInterrupt):  # the server raises it again once it has closed
                    server.run(sockets=[entrance])
                say("Closed. What you entered is kept.")
        finally:
            ended.set()
            warming.join(CLOSES_S)  # what still reads as Python ends is complained of on the terminal
            desk.reader.close()
