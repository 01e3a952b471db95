"""The week on one sheet of paper: for the fridge, with boxes to tick and lines for how it felt."""

from __future__ import annotations

from html import escape

from steadymile.reports import formats
from steadymile.reports.pages.markup import document, paragraph, section
from steadymile.reports.sentences import ceiling_line, headline, running_word, session_facts, session_title
from steadymile.reports.view_model import Row, Story

FELT = (
    "Afterwards write down how hard it was (0 nothing at all, 10 the hardest ever) and the worst pain (0 none, 10 "
    "unbearable). With pain that makes you limp, chest pain, fainting or unusual breathlessness stop, and see a doctor."
)
COLUMNS = ("Day", "What", "Done", "Effort", "Pain")


def sheet_section(told: Story) -> str:
    """The week as a table to fill in; what to do instead where there is no plan."""
    if not told.target:
        return section("No plan yet", paragraph("The first plan comes with the first night."), name="sheet")
    lead, rest = headline(told)
    head = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
    said: dict[str, str] = {}
    days = "".join(_row(formats.day(line.day), line.planned, told.units, said) for line in told.days)
    return section(
        f"{formats.week_span(told.monday)}{f': {told.name}' if told.named else ''}",
        paragraph(f"{lead} {rest}".strip()),
        f'<table class="sheet"><thead><tr>{head}</tr></thead><tbody>{days}</tbody></table>',
        paragraph(ceiling_line(told)),
        paragraph(FELT),
        name="sheet",
    )


def _row(day: str, planned: tuple[Row, ...], units: str, said: dict[str, str]) -> str:
    sessions = [p for p in planned if p.get("kind") != "rest"]
    told = "".join(f"<p><b>{escape(session_title(p))}</b> {escape(_how(p, units, day, said))}</p>" for p in sessions)
    fill = '<td><span class="box"></span></td><td class="line"></td><td class="line"></td>'
    blank = "<td></td><td></td><td></td>"
    return f'<tr><th scope="row">{day}</th><td>{told or "Rest"}</td>{fill if sessions else blank}</tr>'


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
    return document(f"Week of {formats.week_span(told.monday)}", "", [sheet_section(told)], "", script="")
