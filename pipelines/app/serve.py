"""The server: the app put together, bound to 127.0.0.1, until Ctrl-C."""

from __future__ import annotations

import os
import socket
import webbrowser
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from steadymile.ingest.reading import Unreadable
from steadymile.pipelines.app import actions, pages
from steadymile.pipelines.app.actions import NoToken
from steadymile.pipelines.app.desk import Desk
from steadymile.pipelines.app.guard import Guard
from steadymile.pipelines.app.templates import STATIC, render
from steadymile.pipelines.errors import Trouble, plain
from steadymile.pipelines.home import HomeError
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.errors import Busy

HOST = "127.0.0.1"


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    port: int,
    clock: Callable[[], datetime] = system_clock,
    key: str | None = None,
    patience_s: float = 20.0,
) -> Guard:
    """The app of one home behind its guard. `port` is part of the address that it answers to."""
    return app_of(Desk(settings, clock, patience_s), port, key)


def app_of(desk: Desk, port: int, key: str | None = None) -> Guard:
    """The app over a desk, behind its guard."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.include_router(pages.router)
    app.include_router(actions.router)
    app.mount("/static", StaticFiles(directory=STATIC))
    for kind in (Exception, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, trouble)
    return Guard(app, port, key)


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
        return error.status_code, "There is no such page.", "The menu lists those there are."
    if isinstance(error, RequestValidationError):
        return 400, "That address cannot be read.", "The menu lists the pages there are."
    if isinstance(error, Trouble):
        return 400 if error.exit_code == 2 else 503, str(error), error.what_to_do
    if isinstance(error, HomeError):
        return 400, error.what, error.what_to_do
    if isinstance(error, Unreadable):
        return 413, error.why, error.what_to_do
    return 503 if isinstance(error, Busy) else 500, *plain(error)


def listening(port: int | None) -> socket.socket:
    """A socket on 127.0.0.1: at the port, else at a free one. Raises Trouble where the port is taken."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((HOST, port or 0))
        found.listen()
    except OSError:
        found.close()
        raise Trouble(f"Port {port} is taken by another program.", "Leave --port out, or name a free one.", 2) from None
    return found


def open_app(settings: Settings, port: int | None, browser: bool, say: Callable[[str], object]) -> None:
    """Serve one home until Ctrl-C; with `browser`, open it there."""
    with listening(port) as door:
        number = door.getsockname()[1]
        desk = Desk(settings, system_clock)
        guard = app_of(desk, number)
        Thread(target=desk.warm, daemon=True).start()
        address = f"http://{HOST}:{number}/?key={guard.key}"
        say(f"steadymile is open at {address}")
        say("Only this machine reaches it, and only with this address. Ctrl-C closes it.")
        if browser:
            webbrowser.open(address)
        server = uvicorn.Server(
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
        server.run(sockets=[door])
