"""One activity: its page, the columns of its charts, and what its owner says about it."""

from __future__ import annotations

from typing import Any

import orjson
import polars as pl
from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup
from steadymile.pipelines.app import shapes
from steadymile.pipelines.app.desk import Desk
from steadymile.pipelines.app.forms import Form, desk_of, then
from steadymile.pipelines.app.templates import reads_only, render
from steadymile.pipelines.commands.date import date_recording
from steadymile.pipelines.commands.log import AS_RECORDED, SPORTS, journal_decision, state_sport
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.journaled import standing_answers
from steadymile.reports import formats
from steadymile.reports.charts.route import outline
from steadymile.reports.sentences import describe, reliable, sport_word
from steadymile.reports.view_model import Story

router = APIRouter()

DECISIONS = ("keep", "unkeep", "forget", "unforget")

SURFACES = (
    ("road", "road"), ("trail", "trail"), ("grass", "grass"), ("track", "track"), ("treadmill", "treadmill"),
    ("sand_firm", "firm sand"), ("sand_soft", "soft sand"),
)  # fmt: skip

ABOUT = {"rpe": "effort", "talk_test": "talk test", "surface": "surface", "pack_kg": "pack"}
"""What the form of a run asks, with the words for it."""

REASONS_SHOWN = 6
"""So many reasons of weeks that rested on an activity are named, the newest first."""


@router.get("/run/{activity_id}")
def run_page(request: Request, activity_id: str, athlete: str | None = None) -> Response:
    """One activity: charts, numbers, route, bouts, splits, laps, quality, its copies and what it meant for the plan."""
    desk = desk_of(request)
    told = desk.story(athlete)
    published = found(desk, told.athlete.athlete_id, activity_id)
    row = {**published, **stated(desk, told.athlete.athlete_id, activity_id)}
    details = desk.details(activity_id)
    bouts = [b for b in details["bouts"] if b["kind"] != "stand"]
    return render(
        request,
        "run.html",
        told.athlete,
        row=row,
        reliable=reliable(row),
        smoothed=shapes.SMOOTHED_SAMPLES,
        fresh=[words for name, words in ABOUT.items() if row.get(name) != published.get(name)],
        sport=sport_word(row),
        heading=f"{sport_word(row)} on {formats.day(row['local_day'], year=True)}",
        facts=shapes.activity_facts(row, told.units),
        route="" if reads_only(request) else route_of(desk, activity_id, bouts),
        copies=[(c, describe(c, told.units)) for c in shapes.copies(told.tables, row)],
        tables=shapes.run_tables(details, told.units),
        own=desk.stated_own(activity_id),
        meant=meant(told, activity_id),
        surfaces=SURFACES,
        sports=[(word, word) for word in SPORTS] + [(AS_RECORDED, "as the file says")],
    )


def stated(desk: Desk, athlete_id: str, activity_id: str) -> dict[str, Any]:
    """What was said about a run, shown at once; the plan takes it up with the next update."""
    standing = standing_answers(desk.home, athlete_id).values()
    said = [(name, value) for s in standing if s.activity_id == activity_id for name, value in s.values.items()]
    return {name: value for name, value in said if name in ABOUT}


def route_of(desk: Desk, activity_id: str, bouts: list[dict[str, Any]]) -> Markup:
    """The outline of the route, drawn without a map; nothing where no position was recorded."""
    samples = desk.samples(activity_id)
    bands = [(b["start_s"], b["start_s"] + b["duration_s"], b["kind"]) for b in bouts]
    t_s, latitude, longitude = (samples[name].to_numpy() for name in ("t_s", "latitude_deg", "longitude_deg"))
    return outline(t_s, latitude, longitude, bands)


def meant(told: Story, activity_id: str) -> list[str]:
    """What weeks were decided from this activity, in sentences, the newest first."""
    reasons = told.tables["reasons"]
    mine = reasons.filter(pl.col("activity_ids").list.contains(activity_id) & (pl.col("binding") | pl.col("fired")))
    rows = mine.sort("week", descending=True).head(REASONS_SHOWN).to_dicts()
    return [f"{formats.week_span(formats.monday_of(r['week']))}: {formats.sentence(r['sentence'])}" for r in rows]


@router.get("/run/{activity_id}/samples.json")
def samples(request: Request, activity_id: str, athlete: str | None = None) -> Response:
    """The columns of the charts; no positions."""
    desk = desk_of(request)
    person = desk.athlete(athlete)
    found(desk, person.athlete_id, activity_id)
    details = desk.details(activity_id)
    data = shapes.chart(desk.samples(activity_id), details["bouts"], person.units)
    return Response(orjson.dumps(data, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")


def found(desk: Desk, athlete_id: str, activity_id: str) -> Any:
    """An athlete's activity; Trouble where there is none, or it is forgotten."""
    row = shapes.activity(desk.tables(athlete_id), activity_id)
    if row is None:
        raise Trouble("There is no such activity here.", "The page History lists them.", exit_code=2)
    return row


@router.post("/run/{activity_id}/date")
def date_run(request: Request, activity_id: str, form: Form) -> Response:
    """What `steadymile date` does: another start for a recording, and so another day."""
    desk = desk_of(request)
    row = found(desk, desk.athlete(form.get("athlete")).athlete_id, activity_id)
    lines, _ = desk.write(lambda: date_recording(desk.settings, row["path"], form.get("time", ""), desk.clock()))
    return then(desk, "/history", form.get("athlete"), lines)


@router.post("/run/{activity_id}/sport")
def sport_run(request: Request, activity_id: str, form: Form) -> Response:
    """What `steadymile sport` does: another sport than the file says, or the file's own again."""
    desk = desk_of(request)
    found(desk, desk.athlete(form.get("athlete")).athlete_id, activity_id)
    lines = desk.write(lambda: state_sport(desk.settings, activity_id, form.get("sport", ""), desk.clock()))
    return then(desk, f"/run/{activity_id}", form.get("athlete"), lines)


@router.post("/run/{activity_id}/{decision}")
def decide(request: Request, activity_id: str, decision: str, form: Form) -> Response:
    """Keep, unkeep, forget or unforget one activity."""
    desk = desk_of(request)
    if decision not in DECISIONS or not activity_id.isalnum():
        raise Trouble("There is no such decision.", f"Known: {', '.join(DECISIONS)}.", exit_code=2)
    lines = desk.write(lambda: journal_decision(desk.settings, decision, activity_id, desk.clock()))
    return then(desk, "/history" if decision == "forget" else f"/run/{activity_id}", form.get("athlete"), lines)
