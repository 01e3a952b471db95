"""With several athletes: a plain index of their pages."""

from __future__ import annotations

from collections.abc import Iterable

from steadymile.models.athlete import Athlete
from steadymile.reports.rendering import fill


def render(athletes: Iterable[Athlete]) -> str:
    """Links to the coach's page and to each athlete's own."""
    return fill("pages/index.html", people=[(f"{a.athlete_id}.html", a.name or a.athlete_id) for a in athletes])
