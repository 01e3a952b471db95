"""One athlete's page: the decision and why, the days to come, how the last week went, and the way so far.

A single HTML file that needs no network and no script. It carries no place: no positions, no time zone, no file names
and no titles of activities, which often name a town.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from markupsafe import Markup
from steadymile.models.athlete import Athlete
from steadymile.models.explain import leads
from steadymile.models.session import Body
from steadymile.models.week.sessions import wording
from steadymile.reports import formats, reported
from steadymile.reports.charts import svg
from steadymile.reports.decision import headline, model_line, override
from steadymile.reports.pages.progress import (
    comfort_section,
    load_section,
    mile_now_section,
    mile_section,
    share_section,
)
from steadymile.reports.pages.why import certainty_section, changes_section, notes_section, reasons_section
from steadymile.reports.rendering import fill
from steadymile.reports.sentences import (
    beside_steps,
    ceiling_bpm,
    ceiling_line,
    day_titles,
    done_against_planned,
    running_word,
    session_facts,
    session_title,
    sport_word,
    today_line,
)
from steadymile.reports.view_model import DayLine, Row, Story, Tables, story, strongest

NOT_MEDICAL = (
    "steadymile gives training advice from your own recordings. It is not medical advice: with chest pain, fainting, "
    "an injury or an illness, stop and ask a doctor."
)


def render(athlete: Athlete, tables: Tables, as_of: date, units: str | None = None, body: Body | None = None) -> str:
    """The page of one athlete as of a day; `tables` are the contract views of that athlete alone."""
    told = story(athlete, tables, as_of, units, body)
    span = formats.week_span(told.monday)
    told_on = f"as of {formats.day(as_of, year=True)}"
    return fill(
        "pages/athlete.html",
        title=f"{told.name}: {span}" if told.named else f"{told.heading}, {span}",
        heading=told.heading if told.target else "No plan yet",
        span=span if told.target else "",
        as_of=as_of,
        who=f"{told.name}, {told_on}" if told.named else formats.sentence(told_on)[:-1],
        today=today_line(told),
        last=told.monday + timedelta(days=6),
        footer=NOT_MEDICAL,
        parts=(
            (decision_section(told),),
            (reported_section(told),),
            (week_section(told),),
            (reasons_section(told),),
            (changes_section(told), certainty_section(told)),
            (notes_section(told),),
            (last_week_section(told), mile_section(told)),
            (mile_now_section(told),),
            (load_section(told), share_section(told)),
            (comfort_section(told),),
        ),
    )


def decision_section(told: Story) -> Markup:
    """The decision in one sentence, its two strongest reasons, and the week's numbers."""
    target = told.target
    if not target:
        return fill("sections/decision.html", target=None)
    lead, rest = headline(told)
    return fill(
        "sections/decision.html",
        target=target,
        lead=lead,
        headline=rest,
        model=model_line(told),
        reasons=[formats.sentence(reason["sentence"]) for reason in strongest(told)],
        numbers=_week_numbers(told, target),
        decided=_decided(told),
        revised=_revised(told),
    )


def reported_section(told: Story) -> Markup:
    """What was reported lately, as of the day of the page, apart from what was decided."""
    heading = f"What you reported, as of {formats.day(told.as_of)}"
    lines = reported.sentences(told)
    return fill("sections/list.html", heading=heading, name="reported", lines=lines, style="why")


def _decided(told: Story) -> str:
    decided = told.decided_on
    if decided is None or decided >= told.as_of or told.stale:
        return ""
    return f"Decided on {formats.day(decided)}, from what was known then."


def _week_numbers(told: Story, target: Row) -> list[tuple[str, str]]:
    """The week in a few numbers: of its runs, or of its walks where nothing is run."""
    units = told.units

    def shown(value: float | None, text: str) -> str:
        return text if formats.known(value) else ""

    bout, far = target.get("longest_bout_min"), target.get("distance_m")
    if not target.get("run_min"):
        walks = [p for line in told.days for p in line.planned if p.get("kind") == "walk"]
        length = formats.minutes(sum(p.get("minutes") or 0.0 for p in walks))
        return [("Walks", str(len(walks))), ("In all", length)] if walks else []
    return [
        ("Runs", shown(target.get("sessions"), formats.number(target.get("sessions")))),
        ("Minutes of running", shown(target.get("run_min"), formats.number(target.get("run_min")))),
        ("Longest continuous run", formats.planned_minutes(bout) if formats.known(bout) and bout else ""),
        ("Distance on foot", shown(far, f"about {formats.distance(far, units, 1)}")),
    ]


def _revised(told: Story) -> str:
    """When and why a week changed after it was published; a reason that stands above is not said twice."""
    target = told.target or {}
    if (target.get("revision") or 1) < 2 or override(target):
        return ""
    day, why = leads.dated_parted(str(target.get("revision_reason") or ""))
    above = (str(target.get("headline")), *(str(reason["sentence"]) for reason in strongest(told)))
    new = why and not any(why in text for text in above)
    when = f" on {formats.day(day)}" if day else " since it was first published"
    return f"Changed{when}{f': {why}' if new else '.'}"


def week_section(told: Story) -> Markup:
    """The planned week day by day."""
    said: set[str] = set()
    ceiling = ceiling_bpm(told)
    days = [
        {
            "day": line.day,
            "date": formats.day(line.day).split(" ", 1),
            "what": day_titles(line),
            "sessions": [_session(p, told.units, said, ceiling) for p in line.planned if p.get("kind") != "rest"],
            "rest": _rest(line, said),
            "done": formats.listing(_done(activity, told.units) for activity in line.done),
        }
        for line in told.days
        if line.planned or line.done or line.day >= told.as_of  # not what lies before the plan began
    ]
    return fill("sections/week.html", ceiling=ceiling_line(told), days=days) if told.target else Markup()


def _rest(line: DayLine, said: set[str]) -> str:
    """What a day of rest says; the word itself once, and what was `said` on an earlier day not again."""
    text = _new(next((p.get("instruction") or "" for p in line.planned if p.get("kind") == "rest"), ""), said)
    return text if text == wording.REST_AND_LOG else f"Rest. {text}"


def _new(text: str, said: set[str]) -> str:
    """The text, unless it was said before."""
    if text in said:
        return ""
    said.add(text)
    return text


def _session(planned: Row, units: str, said: set[str], ceiling: float | None) -> dict[str, Any]:
    """One session as its template shows it."""
    running = any(step.get("run_s") for step in planned.get("steps") or ())
    beside = beside_steps(planned, ceiling) if running else str(planned.get("instruction") or "")
    return {
        "title": session_title(planned),
        "facts": ", ".join(session_facts(planned, units)),
        "ribbon": svg.strip(planned["steps"]) if running else "",
        "steps": formats.sentence(formats.steps(planned.get("steps"), running_word(planned))) if running else "",
        "beside": _new(beside, said),
    }


def last_week_section(told: Story) -> Markup:
    """Done against planned of the week before, in sum and day by day."""
    days = [
        (
            formats.day(line.day),
            formats.listing(session_title(p) for p in line.planned if p.get("kind") != "rest") or "Rest",
            formats.listing(_done(activity, told.units) for activity in line.done) or formats.UNKNOWN,
        )
        for line in told.before_days
    ]
    lines = [(line.label, line.done, line.planned) for line in done_against_planned(told)]
    anything = lines or any(line.done or line.planned for line in told.before_days)
    return fill("sections/before.html", heading=told.heading_before, lines=lines, days=days if anything else ())


def _done(activity: Row, units: str) -> str:
    seconds, metres = activity.get("moving_s") or activity.get("elapsed_s"), activity.get("distance_m")
    lasted = f" {formats.duration(seconds)}" if formats.known(seconds) else ""
    far = f", {formats.distance(metres, units)}" if formats.known(metres) else ""
    return f"{sport_word(activity)}{lasted}{far}"
