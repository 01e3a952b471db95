"""What stands before every page: who may ask (host, key, origin), and what a browser may do with the answer."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from steadymile.reports.rendering import fill

POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; "
    "img-src 'self' data:"
)
"""Nothing from another host, no script and no style inside a page."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
ONLY_HERE = "Cross-Origin-Opener-Policy"
"""What browsers take from this machine alone: over the network, without https, they complain of it."""
READS_ONLY = "steadymile.reads_only"
"""The word in a request's scope by which pages know that a read-only link asks."""

FOR_READERS = ("/", "/history", "/calendar", "/road", "/why", "/week", "/road/first-mile.png")
"""The pages that a read-only link shows, with those of single runs: no forms, no route, no titles."""

NO_KEY = (
    "Open the address that `steadymile open` printed: it lets you in. If somebody gave you a link, ask them for the "
    "new one."
)

OPEN = ("/worker.js",)
"""What holds nothing about anybody and is fetched without a cookie."""

KEPT_DAYS = 400
"""So long a phone that was let in stays so, unless the link is taken back."""

METHODS = ("GET", "HEAD", "POST")


def page(text: str, status: int) -> Response:
    """What a person may read in a browser who cannot go on."""
    return HTMLResponse(fill("app/refused.html", text=text), status)


class Guard:
    """Wraps the app. Refused are a Host that is not this server (a page elsewhere may point its name here), a browser
    without a key (other people of this machine can reach the port too), and a POST from another site.

    `key` opens the app once through the address that is printed; a cookie keeps it. `hosts`: further addresses of this
    server. `share` opens the pages of FOR_READERS to read and nothing else; `calendar` is the word in the address of a
    calendar, by which programs without cookies fetch it.
    """

    def __init__(
        self,
        app: ASGIApp,
        port: int,
        key: str | None = None,
        *,
        hosts: Sequence[str] = (),
        share: str | None = None,
        calendar: str | None = None,
    ) -> None:
        self.app = app
        self.port = port
        self.key = key or secrets.token_urlsafe(24)
        self.share = share
        self.calendar = calendar
        self.hosts = {f"{host}:{port}" for host in ("127.0.0.1", "localhost", *hosts)}
        self.headers = {name: value for name, value in HEADERS.items() if name != ONLY_HERE or not hosts}
        self.cookie = f"steadymile_{port}"
        self.cookie_days = KEPT_DAYS if hosts else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or hand on; every answer carries HEADERS."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets here
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers[name] = value
                if not scope["path"].startswith("/static/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        answer = self.refusal(scope)
        await (answer or self.app)(scope, receive, guarded)

    def refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that goes no further; None for one that may."""
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self.hosts:
            return PlainTextResponse("This server answers only to its own address on this machine.", 421)
        if scope["method"] not in METHODS:
            return PlainTextResponse("Not allowed.", 405)
        if scope["method"] == "POST" and not self.same_site(headers):
            return PlainTextResponse("Refused: the request came from another site.", 403)
        if scope["path"].startswith("/static/") or scope["path"] in OPEN or self.is_calendar(scope):
            return None
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if scope["method"] == "GET" and (word := self.known(query.pop("key", ""))):
            path = "/" + scope["path"].lstrip("/\\")
            entered = RedirectResponse(path + (f"?{urlencode(query)}" if query else ""), 303)
            kept_s = self.cookie_days * 86400 if self.cookie_days else None
            entered.set_cookie(self.cookie, word, max_age=kept_s, httponly=True, samesite="lax", path="/")
            return entered
        word = self.known(self.shown(headers))
        if word is None:
            return page(NO_KEY, 403)
        if word != self.key:
            if scope["method"] == "POST" or not readable(scope["path"]):
                return page("This link is for reading the plan only.", 403)
            scope[READS_ONLY] = True
        return None

    def known(self, word: str) -> str | None:
        """The key or the read-only word that was shown; None for any other."""
        return next((known for known in (self.key, self.share) if known and same(word, known)), None)

    def is_calendar(self, scope: Scope) -> bool:
        """Whether a calendar is asked for by its secret address."""
        head, _, name = scope["path"].rpartition("/")
        word = name.removesuffix(".ics").partition(".")[0]
        return (
            scope["method"] != "POST" and head == "/calendar" and bool(self.calendar) and same(word, str(self.calendar))
        )

    def same_site(self, headers: Headers) -> bool:
        """Whether a browser says that one of our own pages asks; who sends neither header is no browser."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        ours = {f"http://{host}" for host in self.hosts}
        return (origin is None or origin.lower() in ours) and site in (None, "same-origin")

    def shown(self, headers: Headers) -> str:
        """The key in the cookie, empty without one."""
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return ""
        return found.value if found else ""


def readable(path: str) -> bool:
    """Whether a read-only link shows a page."""
    return path in FOR_READERS or path.startswith("/run/")


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
