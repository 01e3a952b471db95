"""The forms: check-ins, keep and forget, uploads, a run. Each goes through the function of its command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl, unquote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, Response
from steadymile.pipelines.app.desk import Desk
from steadymile.pipelines.app.guard import same
from steadymile.pipelines.app.pages import desk_of
from steadymile.pipelines.app.upload import receive
from steadymile.pipelines.commands.log import journal_decision, log_checkin
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.nightly import NightlyResult, run
from steadymile.reports import formats

router = APIRouter()

LONGEST_FORM_BYTES = 64 * 1024
DECISIONS = ("keep", "unkeep", "forget", "unforget")
CHECKIN = ("rpe", "talk_test", "pain", "pain_place", "ill", "red_flag", "note")
"""What the form asks; left out is what nobody answered."""


class NoToken(Exception):
    """A form without the token of this start: an old page, or somebody else's."""


def check_token(desk: Desk, shown: str) -> None:
    """Raises NoToken unless it is the token that our pages carry."""
    if not same(shown, desk.token):
        raise NoToken


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form whose token is right."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LONGEST_FORM_BYTES:
            raise Trouble("The form is too long.", "Write a shorter note.", exit_code=2)
    try:
        fields = dict(parse_qsl(data.decode("utf-8"), max_num_fields=50))
    except ValueError:
        raise Trouble("The form cannot be read.", "Load the page again.", exit_code=2) from None
    check_token(desk_of(request), fields.get("csrf", ""))
    return fields


Form = Annotated[Mapping[str, str], Depends(form_of)]


def then(desk: Desk, path: str, athlete: str | None, lines: list[str]) -> Response:
    """On to a page that shows what was done; loading it again repeats nothing."""
    query = {"athlete": athlete, "said": desk.say(lines)}
    return RedirectResponse(f"{path}?{urlencode({k: v for k, v in query.items() if v})}", 303)


@router.post("/checkin")
def checkin(request: Request, form: Form) -> Response:
    """What was tapped, into the journal."""
    desk = desk_of(request)
    who = form.get("athlete")
    pairs = [f"{name}={form[name].strip()}" for name in CHECKIN if form.get(name, "").strip()]
    if not pairs:
        raise Trouble("Nothing was answered.", "Tap at least one answer, then send it again.", exit_code=2)
    day = parsed_day(form.get("day"))
    athlete_id = desk.athlete(who).athlete_id
    lines = desk.write(lambda: log_checkin(desk.settings, athlete_id, pairs, day, None, desk.clock()))
    return then(desk, "/", who, lines)


def parsed_day(text: str | None) -> date | None:
    """A day of a form; None where none was chosen."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Trouble("That is no day.", "Load the page again.", exit_code=2) from None


@router.post("/run/{activity_id}/{decision}")
def decide(request: Request, activity_id: str, decision: str, form: Form) -> Response:
    """Keep, unkeep, forget or unforget one activity."""
    desk = desk_of(request)
    if decision not in DECISIONS or not activity_id.isalnum():
        raise Trouble("There is no such decision.", f"Known: {', '.join(DECISIONS)}.", exit_code=2)
    lines = desk.write(lambda: journal_decision(desk.settings, decision, activity_id, desk.clock()))
    return then(desk, "/history" if decision == "forget" else f"/run/{activity_id}", form.get("athlete"), lines)


@router.post("/update")
def update(request: Request, form: Form) -> Response:
    """What `steadymile nightly` does: read the inbox, measure, plan, publish."""
    desk = desk_of(request)
    result = desk.write(lambda: run(desk.settings, desk.clock()))
    back = form.get("back") if form.get("back") in ("/", "/files") else "/"
    return then(desk, str(back), form.get("athlete"), summary(result))


def summary(result: NightlyResult) -> list[str]:
    """A run in a few lines."""
    lines = [f"Up to date: {formats.count(result.activities_new, 'new activity', 'new activities')}."]
    lines += [f"Waits: {path}" for path in result.waiting]
    lines += [f"{path}: {reason}" for path, reason in result.refused]
    return [
        *lines,
        *result.warnings,
        *result.asks,
        *result.problems,
        *(f"{who}: {why}" for who, why in result.failed.items()),
    ]


@router.post("/upload")
async def upload(request: Request, athlete: str | None = None) -> Response:
    """One dropped file, as the body; its name, percent-encoded, and the token stand in headers."""
    desk = desk_of(request)
    check_token(desk, request.headers.get("x-csrf-token", ""))
    name = unquote(request.headers.get("x-file-name", ""))
    folder = await run_in_threadpool(lambda: inbox_of(desk, athlete))
    target = await receive(request.stream(), folder, name, desk.settings.limits())
    return JSONResponse({"name": target.name, "said": "It is in the inbox and is read with the next update."})


def inbox_of(desk: Desk, athlete: str | None) -> Path:
    """Where an athlete's files go: the inbox, or their folder in it where several run here."""
    desk.home.make()
    person = desk.athlete(athlete)
    return desk.home.inbox / person.athlete_id if len(desk.home.athletes()) > 1 else desk.home.inbox
