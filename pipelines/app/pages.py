"""The pages to read: today, history, why, files, calendar, road, coach."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response
from markupsafe import Markup
from steadymile.ingest.checkins.values import WORDS
from steadymile.pipelines.app import shapes
from steadymile.pipelines.app.desk import Desk
from steadymile.pipelines.app.forms import desk_of
from steadymile.pipelines.app.templates import STATIC, render
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.facts import can_be_id, facts_hash, today_of
from steadymile.pipelines.outputs import coach_rows
from steadymile.reports import formats, reported
from steadymile.reports import road as way
from steadymile.reports.coaching import GROUPS, CoachRow, accent, last_news, old_plan, ordered
from steadymile.reports.decision import is_stop
from steadymile.reports.pages.athlete import decision_section, last_week_section, reported_section, week_section
from steadymile.reports.pages.coach import trend_picture
from steadymile.reports.pages.progress import mile_now_section, mile_section, weeks_section
from steadymile.reports.pages.sheet import sheet_section
from steadymile.reports.pages.why import certainty_section, changes_section, notes_section, reasons_section
from steadymile.reports.rendering import CSS
from steadymile.reports.sentences import today_line
from steadymile.reports.view_model import strongest

router = APIRouter()
LOG = logging.getLogger(__name__)

FLAGS = tuple(WORDS["red_flag"])
"""The warning signs that can be reported, as the journal names them."""

LOOPBACK = ("127.0.0.1", "localhost")
"""The addresses of this machine that only itself reaches."""

BY_WORD = "`steadymile log cleared=yes`"
"""What a stop names that the word of a doctor or physiotherapist ends."""

SHOWN_AT_FIRST = 20
"""So many sessions of the history stand open; the others are behind a line that opens them."""

PLACES = ("knee", "shin", "calf", "Achilles tendon", "ankle", "foot", "thigh", "hip", "back")
"""Where it hurts runners most often; anything else is written."""


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
        decision=decision_section(told) + reported_section(told),
        week=week_section(told),
        more=last_week_section(told) + mile_section(told),
        flags=[(name, name.replace("_", " ")) for name in FLAGS],
        flagged=(flagged := [report.text for report in reported.reports(told) if report.kind == "flag"]),
        by_word=is_stop(told.target) and any(BY_WORD in str(r.get("what_would_change_it")) for r in strongest(told)),
        unclear=any(reported.FLAG_WORDS["unclear"] in text for text in flagged),
        places=PLACES,
        yesterday=told.as_of - timedelta(days=1),
        as_of=told.as_of,
    )


@router.get("/history")
def history(request: Request, athlete: str | None = None, year: str | None = None, kind: str = "") -> Response:
    """Every session that counts, newest first, of one year or of all, of one kind or of all; records and weeks."""
    desk = desk_of(request)
    told = desk.story(athlete)
    years = shapes.years(told)
    chosen = int(year) if year and year.isascii() and year.isdigit() else None
    if year is None and years:
        chosen = years[0]
    kind = kind if kind in (*shapes.KINDS, "other") else ""
    lines, totals = shapes.history(told, chosen, kind)
    return render(
        request,
        "history.html",
        told.athlete,
        years=years,
        chosen=chosen,
        lines=lines,
        shown=SHOWN_AT_FIRST,
        totals=totals,
        kind=kind,
        records=mile_now_section(told),
        weeks=weeks_section(told),
        hidden=desk.hidden(told.athlete.athlete_id),
    )


@router.get("/why")
def why(request: Request, athlete: str | None = None, week: str | None = None) -> Response:
    """Why a week is as it is, and what would have made it another."""
    desk = desk_of(request)
    told = desk.story(athlete, week)
    known = sorted((r["week"] for r in told.tables["targets"].to_dicts()), reverse=True) if told.tables else []
    if week is not None and week not in known:
        raise Trouble("There is no published week of that name.", f"The latest: {', '.join(known[:5]) or 'none'}.", 2)
    settable = told.target is not None and not is_stop(told.target) and not told.stale
    more, less = desk.why(told.athlete.athlete_id, formats.week_of(told.monday)) if told.target else ((), ())
    return render(
        request,
        "why.html",
        told.athlete,
        heading=f"Why: {formats.week_span(told.monday)}" if told.target else "No plan yet",
        sections=Markup().join(
            (
                decision_section(told),
                reasons_section(told),
                changes_section(told),
                certainty_section(told),
                notes_section(told),
            )
        ),
        settable=settable and week in (None, formats.week_of(told.monday)),
        target=told.target,
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
    known = desk.refused()
    people = desk.home.athletes()
    homeless: dict[str, list[dict[str, Any]]] = {}
    for file in known:
        folder, below, _ = str(file["path"]).partition("/")
        if file["code"] == "no_owner" and below and folder not in people:
            homeless.setdefault(folder, []).append({**file, "addable": can_be_id(folder)})
    return render(
        request,
        "files.html",
        person,
        homeless=homeless,
        waiting=[f for f in known if f["status"] == "waiting" and str(f["path"]).partition("/")[0] not in homeless],
        refused=[file for file in known if file["status"] != "waiting"],
        inbox=str(desk.home.inbox_of(person.athlete_id)),
        limit_mb=desk.settings.max_file_mb,
    )


@router.get("/calendar")
def calendar(request: Request, athlete: str | None = None, month: str | None = None) -> Response:
    """One month, planned and done side by side."""
    desk = desk_of(request)
    told = desk.story(athlete)
    first = first_of(month) or told.as_of.replace(day=1)
    return render(
        request,
        "calendar.html",
        told.athlete,
        heading=f"{first:%B} {first.year}",
        days=shapes.month(told, first),
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{first + timedelta(days=31):%Y-%m}",
        subscription=(address := desk.calendar and f"{desk.calendar}.{quote(told.athlete.athlete_id)}.ics"),
        download=urlsplit(address).path,
        lan=desk.calendar and urlsplit(address).hostname not in LOOPBACK,
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
    """The ladder, where one stands, how long the rest may take; the first mile once it is run."""
    told = desk_of(request).story(athlete)
    rungs = way.ladder(told)
    level = str((told.target or {}).get("level") or "")
    event = way.celebrated(told)
    return render(
        request,
        "road.html",
        told.athlete,
        rungs=rungs,
        level=level,
        off=bool(level) and not any(rung.state == "here" for rung in rungs),
        stopped=is_stop(told.target),
        mile=mile_section(told),
        first=way.comes_first(told),
        weeks_line=way.weeks_line(told),
        event=event,
        event_words=way.mile_words(event, told.units) if event else "",
    )


@router.get("/road/first-mile.png")
def first_mile_picture(request: Request, athlete: str | None = None) -> Response:
    """The first mile as a picture to share."""
    told = desk_of(request).story(athlete)
    event = way.celebrated(told)
    if event is None:
        raise Trouble("The first mile is still to come.", "The page Road shows how far it is.", exit_code=2)
    return Response(way.mile_picture_png(event, told.units), media_type="image/png")


@router.get("/week")
def week(request: Request, athlete: str | None = None) -> Response:
    """The week on one sheet, to print."""
    told = desk_of(request).story(athlete)
    return render(request, "sheet.html", told.athlete, sheet=sheet_section(told))


@router.get("/coach")
def coach(request: Request) -> Response:
    """All athletes, those first who need a word; those who were looked at since they last had news come last."""
    desk = desk_of(request)
    rows = roster(desk)
    seen = desk.looked_at()
    left = [row for row in rows if seen.get(row.athlete_id) == shapes.news(row)]
    return render(
        request,
        "coach.html",
        None,
        groups=ordered([row for row in rows if row not in left]),
        left=left,
        titles=GROUPS,
        trends={row.athlete_id: trend_picture(row.trend) for row in rows},
        last_news=last_news,
        accent=accent,
        old_plan=old_plan,
    )


def roster(desk: Desk) -> list[CoachRow]:
    """One row an athlete; made once for a published file, a day and what people say about themselves."""
    people, now = list(desk.home.athletes().values()), desk.clock()
    views = {person.athlete_id: desk.tables(person.athlete_id) for person in people}
    known = (f"{facts_hash(person)} {today_of(person, now)}" for person in people)

    def made() -> list[CoachRow]:
        broken: dict[str, Exception] = {}
        rows = coach_rows(views, people, None, now, broken)
        for athlete_id, error in broken.items():
            LOG.error("The row of %s could not be made", athlete_id, exc_info=error)
        return rows

    return desk.reader.kept(("roster", *known), made)


@router.get("/static/page.css")
def page_css() -> Response:
    """The look of the pages that the nightly run writes, shared with these."""
    return FileResponse(CSS)


@router.get("/calendar/{name}")
def subscribed(request: Request, name: str) -> Response:
    """A calendar as the last run wrote it, for programs that know its secret address; the guard compares the word."""
    desk = desk_of(request)
    athlete_id = name.removesuffix(".ics").partition(".")[2]
    path = desk.home.calendar / f"{desk.athlete(athlete_id or None).athlete_id}.ics"
    if not path.is_file():
        raise Trouble("There is no calendar yet.", "It comes with the first plan.", exit_code=2)
    return FileResponse(path, media_type="text/calendar; charset=utf-8")


@router.get("/worker.js")
def worker() -> Response:
    """What keeps the last pages for when the server is not running; at the top, so that it may keep all of them."""
    return FileResponse(STATIC / "worker.js", media_type="text/javascript")
