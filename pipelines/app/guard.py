"""What stands before every page: who may ask (host, key, origin), and what a browser may do with the answer."""

from __future__ import annotations

import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
METHODS = ("GET", "HEAD", "POST")


class Guard:
    """Wraps the app. Refused are a Host that is not this server (a page elsewhere may point its name here), a browser
    without this start's `key` (other people of this machine can reach the port too), and a POST from another site.

    `key` opens the app once through the address that is printed; a cookie keeps it until the server stops. `token` is
    what every form carries.
    """

    def __init__(self, app: ASGIApp, port: int, key: str | None = None) -> None:
        self.app = app
        self.port = port
        self.key = key or secrets.token_urlsafe(24)
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.cookie = f"steadymile_{port}"

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
                for name, value in HEADERS.items():
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
        if scope["path"].startswith("/static/"):
            return None
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if "key" in query and scope["method"] == "GET" and same(query.pop("key"), self.key):
            path = "/" + scope["path"].lstrip("/\\")
            entered = RedirectResponse(path + (f"?{urlencode(query)}" if query else ""), 303)
            entered.set_cookie(self.cookie, self.key, httponly=True, samesite="lax", path="/")
            return entered
        if not same(self.shown(headers), self.key):
            return PlainTextResponse("Open the address that `steadymile open` printed: it lets you in.", 403)
        return None

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


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
