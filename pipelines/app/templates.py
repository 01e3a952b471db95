"""The pages of the app, filled from the templates of reports/."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from steadymile.models.athlete import Athlete
from steadymile.pipelines.app.desk import Desk
from steadymile.pipelines.app.guard import FOR_READERS, READS_ONLY
from steadymile.pipelines.errors import HomeError
from steadymile.reports.pages.athlete import NOT_MEDICAL
from steadymile.reports.rendering import REPORTS, fill, macro, prose

STATIC = REPORTS / "app" / "static"

IN_APP = {
    "log": ("/", "#checkin", "the check-in"),
    "status": ("/files", "", "the page Files"),
    "athlete set": ("/facts", "", "the page You"),
}
"""Where the app does what a sentence names as a command: page, place on it, and its name within a sentence."""
NOT_ON_A_PAGE = "randomise"
"""The fact that is set by its command alone."""


@cache
def commands() -> re.Pattern[str]:
    """How a page shows one of the commands of `IN_APP`."""
    opened, _, closed = (re.escape(part) for part in prose("`|`").partition("|"))
    return re.compile(rf"{opened}steadymile ({'|'.join(IN_APP)})\b(?! {NOT_ON_A_PAGE})[^<]*{closed}")


PAGES = (
    ("/", "Today"),
    ("/history", "History"),
    ("/calendar", "Calendar"),
    ("/road", "Road"),
    ("/why", "Why"),
    ("/files", "Files"),
    ("/facts", "You"),
)


def reads_only(request: Request) -> bool:
    """Whether the page is for somebody who was given a read-only link."""
    return bool(request.scope.get(READS_ONLY))


def named(people: Sequence[Athlete]) -> list[tuple[str, str]]:
    """Ids with what people are called; the id too where two are called alike."""
    names = Counter(person.name for person in people)
    return [
        (p.athlete_id, p.athlete_id if not p.name else p.name if names[p.name] == 1 else f"{p.name} ({p.athlete_id})")
        for p in people
    ]


def known_of(desk: Desk) -> tuple[dict[str, Athlete], HomeError | None]:
    """Who is here, and what is wrong with athletes.toml; nobody where it cannot be read at all, which is then what the
    page itself is about."""
    try:
        return desk.home.known_athletes()
    except HomeError:
        return {}, None


def render(request: Request, name: str, athlete: Athlete | None, status: int = 200, **values: Any) -> HTMLResponse:
    """A page with the menu, what the last form has to say, and the token that its forms carry."""
    desk: Desk = request.app.state.desk
    known, slip = known_of(desk)
    people = sorted(known.values(), key=lambda person: person.athlete_id)
    several = len(people) > 1
    chosen = athlete.athlete_id if athlete else None
    reader = reads_only(request)
    menu = (*PAGES, ("/coach", "Coach")) if several else PAGES

    def link(path: str, **query: str | None) -> str:
        """An address of this app that stays with the athlete, where there are several."""
        kept = {"athlete": chosen if several else None, **query}
        text = urlencode({k: v for k, v in kept.items() if v})
        return f"{path}?{text}" if text else path

    def instead(command: re.Match[str]) -> str:
        path, place, words = IN_APP[command[1]]
        nobody = several and chosen is None  # a page about all leads to nobody's check-in
        return words if reader or nobody else str(macro("app/forms.html", "link_to")(link(path) + place, words))

    page = fill(
        f"app/{name}",
        link=link,
        kept=link(""),
        here=request.url.path,
        menu=[page for page in menu if page[0] in FOR_READERS] if reader else menu,
        people=named(people) if several and not reader else (),
        stays=[path for path, _ in PAGES],
        reader=reader,
        undo=request.query_params.get("undo", ""),
        who=athlete,
        token=desk.token,
        said=desk.said(request.query_params.get("said")),
        notices=desk.notices(None if reader else slip, whole=not reader),
        footer=NOT_MEDICAL,
        **values,
    )
    return HTMLResponse(commands().sub(instead, page), status)
