"""One athlete's page: the decision and why, the days to come, how the last week went, and the way so far.

A single HTML file that needs no network and no script. It carries no place: no positions, no time zone, no file names
and no titles of activities, which often name a town.
"""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

from steadymile.models.athlete import Athlete
from steadymile.models.session import Body
from steadymile.reports import formats, reported
from steadymile.reports.charts import svg
from steadymile.reports.estimates import mile_now_section
from steadymile.reports.pages.markup import bullets, document, fold, paragraph, prose, section, table, tiles
from steadymile.reports.pages.progress import comfort_section, load_section, mile_section, share_section
from steadymile.reports.pages.why import certainty_section, changes_section, notes_section, reasons_section
from steadymile.reports.sentences import (
    beside_steps,
    ceiling_bpm,
    ceiling_line,
    day_titles,
    done_against_planned,
    headline,
    model_line,
    override,
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
    main = [
        decision_section(told),
        reported_section(told),
        week_section(told),
        reasons_section(told),
        _pair(changes_section(told), certainty_section(told)),
        notes_section(told),
        _pair(last_week_section(told), mile_section(told)),
        mile_now_section(told),
        _pair(load_section(told), share_section(told)),
        comfort_section(told),
    ]
    span = formats.week_span(told.monday)
    heading = f"{told.heading}: {span}" if told.target else "No plan yet"
    told_on = f"as of {formats.day(as_of, year=True)}"
    who = f"{told.name}, {told_on}" if told.named else formats.sentence(told_on)[:-1]
    said = f'<div id="as-of" data-day="{as_of}">{paragraph(who, "soft")}</div>'
    header = f"<h1>{escape(heading)}</h1>{said}{_today(told)}"
    title = f"{told.name}: {span}" if told.named else f"{told.heading}, {span}"
    return document(title, header, main, paragraph(NOT_MEDICAL))


def _today(told: Story) -> str:
    """What comes today, in one line; the reader's own clock keeps it true on later days."""
    line = today_line(told)
    if not line:
        return ""
    last = told.monday + timedelta(days=6)
    return f'<p id="today" data-last="{last}">{escape(line)}</p>'


def _pair(*sections: str) -> str:
    found = [part for part in sections if part]
    return f'<div class="pair">{"".join(found)}</div>' if len(found) > 1 else "".join(found)


def decision_section(told: Story) -> str:
    """The decision in one sentence, its two strongest reasons, and the week's numbers."""
    target = told.target
    if not target:
        return section(
            "Nothing to decide on yet",
            paragraph("Drop a recording from your watch into the inbox, or enter what you know about yourself."),
            name="decision",
        )
    action = str(target.get("action"))
    lead, rest = headline(told)
    provisional = target.get("status") == "provisional"
    return section(
        "The decision",
        f'<p class="headline"><span class="action">{escape(lead)}</span> {prose(rest)}</p>',
        paragraph(model_line(told), "soft"),
        bullets((formats.sentence(reason["sentence"]) for reason in strongest(told)), "why"),
        tiles(_week_numbers(told, target)),
        paragraph("This week is provisional: it is fixed on Sunday and may still change.", "soft")
        if provisional
        else "",
        _decided(told),
        _revised(told),
        name="decision",
        style=f"decision {action}",
    )


def reported_section(told: Story) -> str:
    """What was reported lately, as of the day of the page, apart from what was decided."""
    heading = f"What you reported, as of {formats.day(told.as_of)}"
    return section(heading, bullets(reported.sentences(told), "why"), name="reported")


def _decided(told: Story) -> str:
    decided = told.decided_on
    if decided is None or decided >= told.as_of or told.stale:
        return ""
    return paragraph(f"Decided on {formats.day(decided)}, from what was known then.", "soft")


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
    target = told.target or {}
    if (target.get("revision") or 1) < 2 or override(told):
        return ""
    why = target.get("revision_reason")
    return paragraph(f"Changed since it was first published{': ' + why if why else '.'}", "soft")


def week_section(told: Story) -> str:
    """The planned week day by day."""
    if not told.target:
        return ""
    said: set[str] = set()
    ceiling = ceiling_bpm(told)
    days = "".join(
        f'<li data-day="{line.day}" data-what="{escape(day_titles(line))}"><div class="date">{_date(line.day)}</div>'
        f"<div>{_day_plan(line, told, said, ceiling)}</div></li>"
        for line in told.days
        if line.planned or line.done or line.day >= told.as_of  # not what lies before the plan began
    )
    easy = ceiling_line(told)
    return section(
        "Day by day",
        f'<p class="ceiling">{escape(easy)}</p>' if easy else "",
        f'<ol class="week">{days}</ol>',
        name="week",
    )


def _date(day: date) -> str:
    name, rest = formats.day(day).split(" ", 1)
    return f"<b>{name}</b> {rest}"


def _day_plan(line: DayLine, told: Story, said: set[str], ceiling: float | None) -> str:
    """A day's sessions and what was done of them; what was `said` on an earlier day is not said again."""
    sessions = [
        _session(planned, told.units, said, ceiling) for planned in line.planned if planned.get("kind") != "rest"
    ]
    rest = next((p.get("instruction") or "" for p in line.planned if p.get("kind") == "rest"), "")
    shown = "".join(sessions) or f'<p class="rest">{prose(_rest(_new(rest, said)))}</p>'
    done = formats.listing(_done(activity, told.units) for activity in line.done)
    return shown + (f'<p class="done">Done: {escape(done)}</p>' if done else "")


def _rest(text: str) -> str:
    """What a day of rest says; the word itself once."""
    return text if text.startswith("Rest, ") else f"Rest. {text}"


def _new(text: str, said: set[str]) -> str:
    """The text, unless it was said before."""
    if text in said:
        return ""
    said.add(text)
    return text


def _session(planned: Row, units: str, said: set[str], ceiling: float | None) -> str:
    facts = ", ".join(session_facts(planned, units))
    running = any(step.get("run_s") for step in planned.get("steps") or ())
    steps = formats.sentence(formats.steps(planned.get("steps"), running_word(planned))) if running else ""
    ribbon = svg.strip(planned["steps"]) if running else ""
    beside = _new(beside_steps(planned, ceiling) if running else str(planned.get("instruction") or ""), said)
    return (
        f'<div class="session"><h3>{escape(session_title(planned))}</h3>{paragraph(facts, "soft")}{ribbon}'
        f"{paragraph(steps)}{paragraph(beside, 'soft')}</div>"
    )


def last_week_section(told: Story) -> str:
    """Done against planned of the week before, in sum and day by day."""
    compared = done_against_planned(told)
    lines = [(line.label, line.done, line.planned) for line in compared]
    days = [
        (
            formats.day(line.day),
            formats.listing(session_title(p) for p in line.planned if p.get("kind") != "rest") or "Rest",
            formats.listing(_done(activity, told.units) for activity in line.done) or formats.UNKNOWN,
        )
        for line in told.before_days
    ]
    anything = lines or any(line.done or line.planned for line in told.before_days)
    return section(
        told.heading_before,
        table(("", "done", "planned"), lines) if lines else "",
        fold("Day by day", table(("", "planned", "recorded"), days, "small", text=(1, 2)), "quiet") if anything else "",
        name="before",
    )


def _done(activity: Row, units: str) -> str:
    seconds = activity.get("moving_s") or activity.get("elapsed_s")
    return f"{sport_word(activity)} {formats.duration(seconds)}, {formats.distance(activity.get('distance_m'), units)}"
