"""The forms of a home: a run, uploads, what files wait for, weeks set by hand; each through its command's function."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from steadymile.pipelines.app import shapes
from steadymile.pipelines.app.checkin import planned_again
from steadymile.pipelines.app.desk import Desk
from steadymile.pipelines.app.forms import Form, check_token, desk_of, then
from steadymile.pipelines.app.pages import roster
from steadymile.pipelines.app.upload import receive
from steadymile.pipelines.commands.date import date_recording
from steadymile.pipelines.commands.log import log_checkin
from steadymile.pipelines.commands.override import override_week
from steadymile.pipelines.commands.people import athlete_command
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.nightly import NightlyResult, run
from steadymile.reports import formats, reported

router = APIRouter()


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
        *result.elsewhere,
        *result.problems,
        *(f"{who}: {why}" for who, why in result.failed.items()),
    ]


@router.post("/override")
def override(request: Request, form: Form) -> Response:
    """What `steadymile override` does: set a week by hand, within its limits, with who and why."""
    desk = desk_of(request)
    athlete_id = desk.athlete(form.get("athlete")).athlete_id
    pairs = [f"{name}={form[name].strip()}" for name in ("sessions", "run_min", "level") if form.get(name, "").strip()]
    week, who, why = (form.get(name, "") for name in ("week", "by", "why"))
    lines = desk.write(lambda: override_week(desk.settings, athlete_id, week, pairs, who, why, desk.clock()))
    return then(desk, "/why", form.get("athlete"), lines)


@router.post("/coach/leave")
def leave(request: Request, form: Form) -> Response:
    """A coach has looked at an athlete and lets the decision stand; the row comes back with the next news."""
    desk = desk_of(request)
    person = desk.athlete(form.get("person"))
    row = next(row for row in roster(desk) if row.athlete_id == person.athlete_id)
    desk.look_at(person.athlete_id, shapes.news(row))
    return then(desk, "/coach", None, [f"{row.name}: the decision stands. The row comes back when there is news."])


@router.post("/coach/pause")
def pause(request: Request, form: Form) -> Response:
    """What `steadymile athlete pause` and `resume` do: last on the list until a day, or back on it."""
    desk = desk_of(request)
    person = desk.athlete(form.get("person"))
    words = [person.athlete_id, *([form["until"]] if form.get("until") else [])]
    lines = athlete_command(desk.settings, "pause" if form.get("until") else "resume", words, None, desk.clock()).lines
    return then(desk, "/coach", None, lines)


@router.post("/coach/answer")
def answer(request: Request, form: Form) -> Response:
    """A coach's answer beside an athlete's newest question, in the same note, so that both read it together."""
    desk = desk_of(request)
    person = desk.athlete(form.get("person"))
    asked = reported.question(desk.story(person.athlete_id))
    text = " ".join(form.get("answer", "").split())
    if asked is None or not text:
        raise Trouble("There is nothing to answer.", "Write an answer below an open question.", exit_code=2)
    day, note = asked
    lines = log_checkin(
        desk.settings, person.athlete_id, [f"note={note}{reported.ANSWER}{text}"], day, None, desk.clock()
    )
    return then(desk, "/coach", None, [lines[0], *planned_again(desk, person.athlete_id)])


@router.post("/files/date")
def date_file(request: Request, form: Form) -> Response:
    """What `steadymile date` does: when a recording began whose clock cannot say it."""
    desk = desk_of(request)
    path, time = form.get("path", ""), form.get("time", "")
    lines, _ = desk.write(lambda: date_recording(desk.settings, path, time, desk.clock()))
    return then(desk, "/files", form.get("athlete"), lines)


@router.post("/files/athlete")
def add_athlete(request: Request, form: Form) -> Response:
    """What `steadymile athlete add` does, for files that wait for somebody; then they are read."""
    desk = desk_of(request)
    lines = athlete_command(desk.settings, "add", [form.get("id", "")], None, desk.clock()).lines
    result = desk.write(lambda: run(desk.settings, desk.clock()))
    return then(desk, "/files", form.get("athlete"), [*lines, *summary(result)])


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
    return desk.home.inbox_of(person.athlete_id)
