"""Who may talk to Prefect: this home's own server, with its own password, on this machine.

Prefect has no users. Its server takes one user name and password for everything, origins that web pages may call it
from, and a token against forged requests; `server_environment` sets all three for a home.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import os
import secrets
import socket
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home

REMOTE = "STEADYMILE_REMOTE_PREFECT"
"""Set to `allowed`, it lets runs report to a Prefect server on another machine."""


def password_file(home: Home) -> Path:
    """Where the home keeps its user name and password for Prefect; readable by its owner alone."""
    return home.private / "prefect-auth"


def auth_of(home: Home) -> str:
    """The home's `user:password` for its Prefect server, made once at random."""
    path = password_file(home)
    kept = path.read_text(encoding="ascii").strip() if path.exists() else ""
    if not kept:  # an empty file, which a kill or a full disk leaves, would be a server without a password
        kept = f"steadymile:{secrets.token_urlsafe(32)}"
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(kept)
    return kept


def server_environment(home: Home, port: int) -> dict[str, str]:
    """The environment of the home's server and of everything that talks to it."""
    auth = auth_of(home)
    here = f"http://127.0.0.1:{port}"
    return {
        "PREFECT_HOME": str(home.private / "prefect"),
        "PREFECT_API_URL": f"{here}/api",
        "PREFECT_SERVER_API_AUTH_STRING": auth,
        "PREFECT_API_AUTH_STRING": auth,
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": here,
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "true",
        "STEADYMILE_HOME": str(home.root),
    }


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_ours(port: int, auth: str) -> bool:
    """Whether the server on this port lets nobody in without a password, and us in with ours. The password is not shown
    to a server of somebody else, who may have been faster at a port that was free."""
    return _status(port, None) == 401 and not of_another_user(port) and _status(port, auth) == 200


def of_another_user(port: int) -> bool:
    """Whether somebody else on this machine listens at a port of the loopback address, as far as the system says:
    Linux does."""
    owners = set()
    for table in SOCKETS:
        with suppress(OSError):
            for line in table.read_text(encoding="ascii").splitlines()[1:]:
                _, local, _, state, *_, user = line.split()[:8]
                address, _, number = local.partition(":")
                if state == LISTENING and int(number, 16) == port and address in REACHED:
                    owners.add(int(user))
    return bool(owners) and owners != {os.getuid()}


SOCKETS = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
"""Linux's tables of sockets: number, own address, the other's, state, and as the eighth whose it is."""
LISTENING = "0A"
REACHED = {"0100007F", "0" * 8, "0" * 32, f"{'0' * 16}FFFF00000100007F"}
"""The own addresses at which a call to 127.0.0.1 arrives: it, and any, of both versions."""


def _status(port: int, auth: str | None) -> int | None:
    """The HTTP status of a question that needs the password; None where nobody answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/admin/version")
    if auth is not None:
        request.add_header("Authorization", f"Basic {base64.b64encode(auth.encode()).decode()}")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def check_api_url(url: str) -> None:
    """Raise Trouble where runs would report to a Prefect server on another machine that nobody allowed in words."""
    host = urlsplit(url).hostname or ""
    if is_loopback(host) or os.environ.get(REMOTE) == "allowed":
        return
    raise Trouble(
        f"PREFECT_API_URL names another machine ({host}). Its logs would hold names of files and weeks of training.",
        f"Unset it, or set {REMOTE}=allowed if that server is yours.",
        exit_code=2,
    )


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def home_key(home: Path) -> str:
    """By which a home is named on a server: no two homes share it, and it shows no path."""
    return hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:8]
