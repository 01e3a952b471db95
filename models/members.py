"""How a file inside an archive is named: `export.zip!/a.fit`, and `outer.zip!/inner.zip!/a.fit` for one further in."""

from __future__ import annotations

SEPARATOR = "!/"


def top_of(path: str) -> str:
    """The file that lies in the inbox itself: `export.zip` for `export.zip!/a.fit`."""
    return path.split(SEPARATOR)[0]
