"""What stands above every page after a night that failed."""

from __future__ import annotations

from steadymile.reports.rendering import fill


def banner(said: str) -> str:
    """A warning in words, to be put at the head of a page that was written before."""
    return fill("pages/failed.html", said=said)


def page(said: str) -> str:
    """A whole page that says this and offers nothing."""
    return fill("pages/stop.html", said=said)
