"""The pages to read: today, history, one run, why, files, calendar, road, coach."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response
from markupsafe import Markup
from steadymile.ingest.checkins.values import WORDS
from steadymile.pipelines.app import shapes
from steadymile.pipelines.app.desk import Desk
from steadymile.pipelines.app.templates import CSS, render
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.outputs import coach_rows
from steadymile.reports import formats
from steadymile.reports.pages.athlete import decision_section, last_week_section, reported_section, week_section
from steadymile.reports.pages.coach import GROUPS, ordered
from steadymile.reports.pages.progress import mile_section
from steadymile.reports.pages.why import certainty_section, changes_section, notes_section, reasons_section
from steadymile.reports.sentences import describe, sport_word, today_line

router = APIRouter()

FLAGS = tuple(WORDS["red_flag"])
"""The warning signs that can be reported, as the journal names them."""


def desk_of(request: Request) -> Desk:
    """The home behind this server."""
    desk: Desk = request.app.state.desk
    return desk


def parts(*sections: str) -> Markup:
    """Sections that reports/ made and escaped, as they are."""
    return Markup("".join(sections))


@router.get("/")
def today(request: Request, athlete: str | None = None) -> Response:
    """The decision, what to do today, and the check-in."""
    told = desk_of(request).story(athlete)
    span = formats.week_span(told.monday)
    return render(
        request,
        "today.html",
        told.athlete,
        heading=f"{told.heading}: {span}" if told.target else "No plan yet",
        line=today_line(told),
        late="This week is over; the next update plans the new one." if told.stale else "",
        decision=parts(decision_section(told), reported_section(told)),
        week=parts(week_section(told)),
        more=parts(last_week_section(told), mile_section(told)),
        flags=FLAGS,
        yesterday=told.as_of - timedelta(days=1),
        as_of=told.as_of,
    )


@router.get("/history")
def history(request: Request, athlete: str | None = None, year: str | None = None) -> Response:
    """Every session that counts, newest first, of one year or of all."""
    told = desk_of(request).story(athlete)
    years = shapes.years(told)
    chosen = int(year) if year and year.isascii() and year.isdigit() else None
    if year is None and years:
        chosen = years[0]
    lines, totals = shapes.history(told, chosen)
    return render(request, "history.html", told.athlete, years=years, chosen=chosen, lines=lines, totals=totals)


@router.get("/run/{activity_id}")
def run_page(request: Request, activity_id: str, athlete: str | None = None) -> Response:
    """One activity: charts, numbers, bouts, splits, laps, quality and its copies."""
    desk = desk_of(request)
    told = desk.story(athlete)
    row = found(desk, told.athlete.athlete_id, activity_id)
    details = desk.details(activity_id)
    unit = "mile" if formats.in_miles(told.units) else "km"
    return render(
        request,
        "run.html",
        told.athlete,
        row=row,
        heading=f"{sport_word(row)} on {formats.day(row['local_day'], year=True)}",
        facts=shapes.activity_facts(row, told.units),
        copies=[(c, describe(c, told.units)) for c in shapes.copies(told.tables, row)],
        bouts=[b for b in details["bouts"] if b["kind"] != "stand"],
        splits=[s for s in details["splits"] if s["unit"] == unit],
        unit=unit,
        laps=details["laps"],
        units=told.units,
    )


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
        raise Trouble("There is no such activity here.", "The history lists those there are.", exit_code=2)
    return row


@router.get("/why")
def why(request: Request, athlete: str | None = None, week: str | None = None) -> Response:
    """Why a week is as it is, and what would have made it another."""
    desk = desk_of(request)
    told = desk.story(athlete, week)
    known = sorted((r["week"] for r in told.tables["targets"].to_dicts()), reverse=True) if told.tables else []
    if week is not None and week not in known:
        raise Trouble("There is no published week of that name.", f"The latest: {', '.join(known[:5]) or 'none'}.", 2)
    more, less = desk.why(told.athlete.athlete_id, formats.week_of(told.monday)) if told.target else ((), ())
    return render(
        request,
        "why.html",
        told.athlete,
        heading=f"Why: {formats.week_span(told.monday)}" if told.target else "No plan yet",
        sections=parts(
            decision_section(told),
            reasons_section(told),
            changes_section(told),
            certainty_section(told),
            notes_section(told),
        ),
        more=more,
        less=less,
        weeks=known,
        week=formats.week_of(told.monday),
    )


@router.get("/files")
def files(request: Request, athlete: str | None = None) -> Response:
    """The drop zone, and files that were refused or wait, each with its reason."""
    desk = desk_of(request)
    person = desk.athlete(athlete)
    return render(
        request,
        "files.html",
        person,
        refused=desk.refused(),
        inbox=str(desk.home.inbox),
        limit_mb=desk.settings.max_file_mb,
    )


@router.get("/calendar")
def calendar(request: Request, athlete: str | None = None, month: str | None = None) -> Response:
    """One month, planned and done side by side."""
    told = desk_of(request).story(athlete)
    first = first_of(month) or told.as_of.replace(day=1)
    return render(
        request,
        "calendar.html",
        told.athlete,
        heading=f"{first:%B} {first.year}",
        days=shapes.month(told, first),
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{first + timedelta(days=31):%Y-%m}",
        offset=first.weekday(),
    )


def first_of(month: str | None) -> date | None:
    """The first day of a month like 2026-06; None where it is no month in reach."""
    try:
        found = date.fromisoformat(f"{month}-01")
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2100 else None


@router.get("/road")
def road(request: Request, athlete: str | None = None) -> Response:
    """The ladder, and where one stands."""
    told = desk_of(request).story(athlete)
    rungs = shapes.ladder(told)
    level = str((told.target or {}).get("level") or "")
    return render(
        request,
        "road.html",
        told.athlete,
        rungs=rungs,
        level=level,
        off=bool(level) and not any(rung.state == "here" for rung in rungs),
        mile=parts(mile_section(told)),
    )


@router.get("/coach")
def coach(request: Request) -> Response:
    """All athletes, those first who need a word."""
    desk = desk_of(request)
    people = list(desk.home.athletes().values())
    views = {person.athlete_id: desk.tables(person.athlete_id) for person in people}
    groups = ordered(coach_rows(views, people, None, desk.clock()))
    return render(request, "coach.html", None, groups=groups, titles=GROUPS, actions=formats.ACTIONS)


@router.get("/static/page.css")
def page_css() -> Response:
    """The look of the pages that the nightly run writes, shared with these."""
    return FileResponse(CSS)
