"""Words that let people in from other machines: kept in the home, so that a link works until it is taken back."""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import segno
from steadymile.pipelines.outcome.writing import beside
from steadymile.reports.rendering import fill

NAMES = ("lan", "share", "calendar")
"""The whole app, the pages to read, the calendar."""


def links(place: Path, new: bool = False) -> dict[str, str]:
    """The secret word of each link; made where there is none, and anew with `new`, which ends the links there were.
    Only their owner can read the file."""
    try:
        known = {} if new else json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    found = {name: str(known.get(name) or secrets.token_urlsafe(24)) for name in NAMES}
    if found != known:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_secret(place, json.dumps(found))
    return found


def write_secret(place: Path, text: str) -> None:
    """A file that only its owner can read, whole or not at all, whatever rights other files get."""
    with beside(place) as new, os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text.encode())


@contextmanager
def doorway(private: Path, address: str) -> Iterator[str]:
    """What a browser is told to open, for as long as the app runs: a file that only its owner can read and that leads
    on to the address. The address itself would stand in the browser's command line, with its key, where everybody on
    this machine can read it. A home that is not made yet keeps no file, and holds nothing to be read."""
    if not private.is_dir():
        yield address
        return
    place = private / "open.html"
    write_secret(place, fill("app/doorway.html", address=address))
    try:
        yield place.absolute().as_uri()
    finally:
        place.unlink(missing_ok=True)


def own_address() -> str | None:
    """This machine's address in the network at home; None without one. Nothing is sent: a datagram socket is only
    asked which way it would take."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(("192.0.2.1", 9))  # an address for documentation, RFC 5737
        except OSError:
            return None
        found = str(way.getsockname()[0])
    return None if found.startswith("127.") or found == "0.0.0.0" else found


def qr_lines(address: str) -> list[str]:
    """An address as a QR code of half blocks, to be read from a terminal by a phone's camera."""
    rows = [[bool(dark) for dark in row] for row in segno.make(address, error="l", micro=False).matrix_iter(border=2)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    marks = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}
    return ["".join(marks[up, down] for up, down in zip(*rows[n : n + 2])) for n in range(0, len(rows), 2)]
