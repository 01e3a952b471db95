"""Check-ins by tapping. What is said about pain, illness or a warning sign eases the plan at once."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Thread

from fastapi import APIRouter, Request
from fastapi.responses import Response
from steadymile.ingest.checkins.files import parse_values
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.pipelines.app.desk import Desk
from steadymile.pipelines.app.forms import Form, desk_of, parsed_day, then
from steadymile.pipelines.commands.log import (
    caution_during_a_stop,
    log_checkin,
    split_pairs,
    unlog_checkin,
)
from steadymile.pipelines.errors import HomeError, Trouble
from steadymile.pipelines.journaled import pain_before, standing_answers
from steadymile.pipelines.nightly import run
from steadymile.pipelines.outcome.stops import caution
from steadymile.reports.decision import headline
from steadymile.warehouse.errors import Busy

router = APIRouter()

ASKED = (
    "rpe", "talk_test", "pain", "pain_place", "pain_next_morning", "ill", "red_flag", "cleared", "run_min", "walk_min",
    "surface", "pack_kg", "note",
)  # fmt: skip
"""What the forms ask; left out is what nobody answered."""

LABELS = {
    "run_min": "Minutes run:", "walk_min": "Minutes walked:", "pack_kg": "Pack, kg:", "rpe": "Effort:", "pain": "Pain:",
    "pain_place": "Where it hurts:", "note": "Note:", "surface": "Surface:",
}  # fmt: skip
CORRECT = "Go back and correct it: what you entered is still there."

BOTH_BACK = "take this answer back, then that one, and report it again."

BEFORE = "before:"
"""Stands in front of the day where what is offered to be taken back is not what was just said."""

HEALTH = ("pain", "pain_next_morning", "ill", "red_flag", "cleared")
"""The answers that ease the plan, stop it or let it go on."""

PLANNING = ("measure", "plan", "report")
"""The steps of a run that make the plan again from what is read already."""

PATIENCE_S = 4.0
"""So long somebody who reports how they are waits for another run on the home."""

RETRIES_S = 1800.0
"""So long a plan that could not be made again at once is tried in the background."""


@router.post("/checkin")
def checkin(request: Request, form: Form) -> Response:
    """What was tapped, into the journal; then, where it is about health, the plan again."""
    desk = desk_of(request)
    who = form.get("athlete")
    pairs = [f"{name}={form[name].strip()}" for name in ASKED if form.get(name, "").strip()]
    if not pairs:
        raise Trouble("Nothing was answered.", "Tap at least one answer, then send it again.", exit_code=2)
    athlete_id = desk.athlete(who).athlete_id
    day = parsed_day(form.get("day"))
    values, wrong = parse_values(split_pairs(pairs))
    if wrong:
        raise Trouble(" ".join(map(in_the_form_s_words, wrong)), CORRECT, exit_code=2)
    worst, pain = pain_before(desk.home, athlete_id, day) or 0.0, values.get("pain")
    noted = log_checkin(desk.settings, athlete_id, pairs, day, form.get("activity"), desk.clock())
    warned = caution(values) or caution_during_a_stop(desk.settings, athlete_id, values)
    lines = [noted[0], *([warned] if warned else [])]
    if isinstance(pain, int | float) and pain < worst:
        lines.append(f"The worst pain of a day counts, and that is still {worst:g}. If it was wrong: {BOTH_BACK}")
    lines += planned_again(desk, athlete_id) if about_health(form, values) else ["It counts from the next update."]
    back = f"/run/{form['activity']}" if form.get("activity", "").isalnum() else "/"
    return then(desk, back, who, lines, undo=form.get("day") or "last")


def in_the_form_s_words(problem: str) -> str:
    """What is wrong with an answer, by the label that stands beside it."""
    name, _, rest = problem.partition(" ")
    return f"{LABELS[name]} {rest.removeprefix('is ')}" if name in LABELS else problem


def about_health(form: Mapping[str, str], values: Mapping[str, object]) -> bool:
    """Whether an answer may change the week: no pain, or a little, need not be planned for at once."""
    pain = values.get("pain")
    hurts = isinstance(pain, int | float) and pain >= IN_FORCE.pain_persistent
    return hurts or any(form.get(name, "").strip() for name in HEALTH if name != "pain")


def planned_again(desk: Desk, athlete_id: str) -> list[str]:
    """Make the plan again now. Where another run is at work on the home it is made as soon as that one is over: what
    was said is in the journal already."""
    before = desk.story(athlete_id).target or {}
    try:
        result = desk.write(
            lambda: run(desk.settings, desk.clock(), steps=PLANNING), patience_s=min(desk.patience_s, PATIENCE_S)
        )
    except Busy:
        Thread(target=later, args=(desk,), daemon=True).start()
        return [
            "Another run is at work on this home just now. Your answer is kept, and the plan is made again as soon as "
            "that run is over: load this page again in a minute."
        ]
    told = desk.story(athlete_id)
    after = told.target or {}
    if trouble := [*result.problems, *result.failed.values()]:
        return trouble
    if not after or (before.get("week"), before.get("revision")) == (after.get("week"), after.get("revision")):
        return ["The plan was made again with it, and stays as it is."]
    lead, rest = headline(told)
    return [f"The plan was made again with it. {lead} {rest}".strip()]


def later(desk: Desk) -> None:
    """Make the plan again when the home is free; a fault is in the log of the next run."""
    try:
        desk.write(lambda: run(desk.settings, desk.clock(), steps=PLANNING), patience_s=RETRIES_S)
    except (Busy, Trouble, HomeError):
        return  # the next nightly run knows what was said


@router.post("/unlog")
def unlog(request: Request, form: Form) -> Response:
    """Take back the last check-in."""
    desk = desk_of(request)
    athlete_id = desk.athlete(form.get("athlete")).athlete_id
    day = parsed_day(form.get("day"))
    lines = unlog_checkin(desk.settings, athlete_id, [], day, desk.clock())
    left = any(s.day == day for s in standing_answers(desk.home, athlete_id).values())
    said = [lines[0], *lines[2:], *planned_again(desk, athlete_id)]
    return then(desk, "/", form.get("athlete"), said, undo=f"{BEFORE}{day}" if left else "")
