"""What every form has: fields whose token is right, and a page afterwards that shows what was done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from steadymile.pipelines.app.desk import Desk
from steadymile.pipelines.app.guard import same
from steadymile.pipelines.errors import Trouble

LONGEST_FORM_BYTES = 64 * 1024


class NoToken(Exception):
    """A form without the token of this start: an old page, or somebody else's."""


def desk_of(request: Request) -> Desk:
    """The home behind this server."""
    desk: Desk = request.app.state.desk
    return desk


def check_token(desk: Desk, shown: str) -> None:
    """Raises NoToken unless it is the token that our pages carry."""
    if not same(shown, desk.token):
        raise NoToken


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form whose token is right; several answers to one question are joined by commas."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LONGEST_FORM_BYTES:
            raise Trouble("The form is too long.", "Write a shorter note.", exit_code=2)
    fields: dict[str, str] = {}
    try:
        for name, value in parse_qsl(data.decode("utf-8"), keep_blank_values=True, max_num_fields=80):
            both = fields.get(name) and value.strip()
            fields[name] = f"{fields[name]}, {value}" if both else fields.get(name) or value
    except ValueError:
        raise Trouble("The form cannot be read.", "Load the page again.", exit_code=2) from None
    check_token(desk_of(request), fields.get("csrf", ""))
    return fields


Form = Annotated[Mapping[str, str], Depends(form_of)]


def then(desk: Desk, path: str, athlete: str | None, lines: list[str], undo: str = "") -> Response:
    """On to a page that shows what was done; loading it again repeats nothing. `undo`: the day of a check-in that the
    page offers to take back."""
    query = {"athlete": athlete, "said": desk.say(lines), "undo": undo}
    return RedirectResponse(f"{path}?{urlencode({k: v for k, v in query.items() if v})}", 303)


def parsed_day(text: str | None) -> date | None:
    """A day of a form; None where none was chosen."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Trouble("That is not a day.", "Load the page again.", exit_code=2) from None
