"""The week on one sheet of paper: for the fridge, with boxes to tick and lines for how it felt."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from steadymile.reports import formats
from steadymile.reports.decision import headline
from steadymile.reports.rendering import fill
from steadymile.reports.sentences import ceiling_line, running_word, session_facts, session_title
from steadymile.reports.view_model import Row, Story

FELT = (
    "Afterwards write down how hard it was (0 nothing at all, 10 the hardest ever) and the worst pain (0 none, 10 "
    "unbearable). With pain that makes you limp, chest pain, fainting or unusual breathlessness stop, and see a doctor."
)
COLUMNS = ("Day", "What", "Done", "Effort", "Pain")


def sheet_section(told: Story) -> Markup:
    """The week as a table to fill in; what to do instead where there is no plan."""
    if not told.target:
        return fill("sections/sheet.html", heading="No plan yet", days=())
    lead, rest = headline(told)
    said: dict[str, str] = {}
    return fill(
        "sections/sheet.html",
        heading=f"{formats.week_span(told.monday)}{f': {told.name}' if told.named else ''}",
        over=told.stale,
        headline=f"{lead} {rest}".strip(),
        columns=COLUMNS,
        days=[_day(formats.day(line.day), line.planned, told.units, said) for line in told.days],
        ceiling=ceiling_line(told),
        felt=FELT,
    )


def _day(day: str, planned: tuple[Row, ...], units: str, said: dict[str, str]) -> dict[str, Any]:
    sessions = [p for p in planned if p.get("kind") != "rest"]
    return {"day": day, "sessions": [(session_title(p), _how(p, units, day, said)) for p in sessions]}


def _how(planned: Row, units: str, day: str, said: dict[str, str]) -> str:
    """What a session asks for beyond its title: its length, its steps where it is run, else its instruction; what was
    `said` on an earlier day is named by that day."""
    facts = ", ".join(session_facts(planned, units))
    if any(step["run_s"] for step in planned.get("steps") or ()):
        how = formats.sentence(formats.steps(planned["steps"], running_word(planned)))
    else:
        how = str(planned.get("instruction") or "")
    if how in said:
        how = f"As on {said[how].split()[0]}."
    elif how:
        said[how] = day
    return " ".join(part for part in (facts and f"{facts}.", how) if part)


def render(told: Story) -> str:
    """The sheet as a page of its own, to be printed."""
    return fill("pages/sheet.html", title=f"Week of {formats.week_span(told.monday)}", sheet=sheet_section(told))
