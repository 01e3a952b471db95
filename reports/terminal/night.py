"""The terminal's words at the end of a run: what came in, how last week went, the decision, the coming days.

Data in, a rich renderable out; it reads well at 80 columns and as plain text in a pipe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from steadymile.models.athlete import Athlete
from steadymile.models.session import Body
from steadymile.reports import formats, reported
from steadymile.reports.decision import decision_name, headline, model_line
from steadymile.reports.estimates import mile_now_line
from steadymile.reports.sentences import (
    ceiling_line,
    done_against_planned,
    goal_line,
    running_word,
    session_facts,
    session_title,
)
from steadymile.reports.terminal.blocks import NOT_MEDICAL, STYLES, indented, labelled, plain_table, title
from steadymile.reports.terminal.screen import one_line
from steadymile.reports.view_model import Row, Story, remarks, story, strongest

STATUSES = {
    "ingested": "read",
    "salvaged": "read up to where it breaks",
    "duplicate": "already known",
    "ignored": "with nothing for training",
    "quarantined": "not readable",
    "waiting": "waiting for you",
}
"""What became of a file, in words."""

MANY = 3
"""With more athletes than this, each gets one line instead of the whole story."""


REASONS_SHOWN, NAMED = 10, 3
"""So many reasons for refusing files are told, with so many files each; the plan below is what people came for."""
CUT_SHOWN = 3
"""So many recordings that break off are named."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """One athlete with the contract views filtered to them, as of a day in their home zone."""

    athlete: Athlete
    tables: Mapping[str, pl.DataFrame]
    as_of: date
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not in the numbers, or not all of it: where it lies, and why, with the next step. `waits`: it can
    be read, and its owner has to say something first."""

    path: str
    reason: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class NightlyView:
    """What one run did. `files` counts what was new in this run by status (`ingested`, `duplicate`, `salvaged`,
    `quarantined`, `ignored`, `waiting`); `refused` names those of them that need the reader, `salvaged` the recordings
    that break off, `clocks` those whose clock was wrong and put right; `earlier_refused` counts files of runs before
    that could not be read; `unread`: the inbox itself could not. `checkins` counts
    what was logged since the run before, `again` the files that were read again by readers of an update, of which
    `again_differ` hold something else now and `again_left` are to come. `seconds` the run's wall time. `home` the
    option that leads a further command to this home (` --home demo-home`), empty for the usual one. `written` maps a
    word for each product to its place."""

    people: tuple[PersonView, ...]
    files: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    salvaged: tuple[Refused, ...] = ()
    clocks: tuple[Refused, ...] = ()
    activities: int | None = None
    checkins: int = 0
    again: int = 0
    again_differ: int = 0
    again_left: int = 0
    earlier_refused: int = 0
    unread: bool = False
    seconds: float | None = None
    home: str = ""
    written: Mapping[str, str] = field(default_factory=dict)
    units: str | None = None


def summary(view: NightlyView) -> RenderableType:
    """The whole end of a nightly run as one renderable."""
    parts: list[RenderableType] = [came_in(view)] if view.files or view.seconds is not None else []
    stories = [story(p.athlete, p.tables, p.as_of, view.units, p.body) for p in view.people]
    if len(stories) > MANY:
        parts += [title("Your athletes"), indented(people_table(stories))]
    for told in stories if len(stories) <= MANY else ():
        if len(stories) > 1:
            parts.append(Text(f"\n{told.name}", style="bold underline"))
        parts.append(person_block(told, view.home))
    if view.written:
        parts += [title("Where to look"), indented(labelled(*view.written.items()))]
    if stories:
        parts.append(Text(f"\n{NOT_MEDICAL}", style="dim"))
    return Group(*parts)


def came_in(view: NightlyView) -> RenderableType:
    """What this run found in the inbox, and what could not be read, with the next step for each."""
    parts: list[RenderableType] = [title("What came in", first=True), indented(_counts(view))]
    parts += [*breaks(view.salvaged, view.home), *set_right(view.clocks), *refusals(view.refused, view.home)]
    if view.again:
        parts.append(indented(read_again(view), "dim"))
    if view.earlier_refused:
        told = formats.count(view.earlier_refused, "file")
        parts.append(
            indented(f"{told} of earlier runs could not be read: steadymile status{view.home} names them", "dim")
        )
    return Group(*parts)


def read_again(view: NightlyView) -> str:
    """What an update of steadymile did to files that had been read before it."""
    differ = f"{view.again_differ} of them with other numbers or answers" if view.again_differ else "nothing changed"
    later = f". {formats.count(view.again_left, 'more file')} in the next nights" if view.again_left else ""
    return f"Read again after an update of steadymile: {formats.count(view.again, 'file')}, {differ}{later}"


def set_right(clocks: Sequence[Refused]) -> list[RenderableType]:
    """Recordings whose clock was wrong and was put right: the first few by name with what was done, then how many."""
    parts: list[RenderableType] = [
        indented(Text.assemble((f"~ {one_line(file.path)}", "yellow"), "\n", formats.sentence(file.reason)))
        for file in clocks[:CUT_SHOWN]
    ]
    if len(clocks) > CUT_SHOWN:
        parts.append(indented(f"and {len(clocks) - CUT_SHOWN} more whose clock was put right", "dim"))
    return parts


def breaks(salvaged: Sequence[Refused], home: str = "") -> list[RenderableType]:
    """Recordings that break off: the first few by name, each with what is wrong, and what that means for all."""
    if not salvaged:
        return []
    parts: list[RenderableType] = [
        indented(Text.assemble((f"~ {one_line(file.path)}", "yellow"), "\n", formats.sentence(file.reason)))
        for file in salvaged[:CUT_SHOWN]
    ]
    rest, more = len(salvaged) - CUT_SHOWN, ""
    if rest > 0:
        more = f"{formats.count(rest, 'more recording breaks', 'more recordings break')} off. "
    parts.append(
        indented(
            f"{more}What could be read counts. If the watch or the app still has a whole one, copy it in too: "
            "the fuller copy is taken.",
            "dim",
        )
    )
    if rest > 0:
        query = "SELECT path, reason FROM files WHERE status = 'salvaged'"
        parts.append(indented(f'All of them by name: steadymile sql{home} "{query}"', "dim"))
    return parts


def refusals(refused: Sequence[Refused], home: str = "") -> list[RenderableType]:
    """Files that could not be read: those with the same reason together, each reason once with the next step."""
    alike: dict[str, list[str]] = {}
    for file in refused:
        alike.setdefault(file.reason, []).append(one_line(file.path))
    parts: list[RenderableType] = []
    for reason, paths in list(alike.items())[:REASONS_SHOWN]:
        named = formats.listing([*paths[:NAMED], *([f"{len(paths) - NAMED} more"] if len(paths) > NAMED else [])])
        parts.append(indented(Text.assemble((f"! {named}", "yellow"), "\n", formats.sentence(reason))))
    rest = sum(len(paths) for paths in list(alike.values())[REASONS_SHOWN:])
    if rest or any(len(paths) > NAMED for paths in alike.values()):
        parts.append(indented(f"All of them by name: steadymile status --json{home}", "dim"))
    return parts


def _counts(view: NightlyView) -> str:
    found = [(view.files.get(status, 0), name) for status, name in STATUSES.items()]
    total, unfinished = sum(n for n, _ in found), view.files.get("copying", 0)
    took = f" ({view.seconds:.1f} s)" if view.seconds is not None else ""
    copying = (
        f"{formats.count(unfinished, 'file is', 'files are')} still being copied; the next run reads what is complete."
    )
    later = f" {copying}" if unfinished else ""
    if view.unread:
        return f"The inbox could not be read: the reason stands below{took}.{later}"
    heard = f"; {formats.count(view.checkins, 'check-in')}" if view.checkins else ""
    if not total:
        return f"Nothing new in the inbox{heard}{took}.{later}"
    told = ", ".join(f"{n} {name}" for n, name in found if n)
    sessions = f"; {formats.count(view.activities, 'activity', 'activities')}" if view.activities else ""
    return f"{formats.sentence(formats.count(total, 'new file') + ': ' + told + sessions + heard)[:-1]}{took}.{later}"


def person_block(told: Story, home: str = "") -> RenderableType:
    """One athlete: last week done against planned, the decision with its reasons, the coming days."""
    return Group(title(told.heading_before), last_week(told), coming_week(told, home))


def coming_week(told: Story, home: str = "") -> RenderableType:
    """The decision with its reasons and the days to come."""
    parts: list[RenderableType] = [
        title(f"{told.heading}: {formats.week_span(told.monday)}"),
        decision(told, home=home),
    ]
    if said := reported.sentences(told):
        lines = (("You reported" if n == 0 else "", text) for n, text in enumerate(said))
        parts.append(indented(labelled(*lines), below=1))
    if told.target:
        parts.append(indented(sessions_table(told)))
        if ceiling_line(told):
            parts.append(Group(Text(), indented(ceiling_line(told))))
    return Group(*parts)


def last_week(told: Story) -> RenderableType:
    """Done against planned of the week before the plan, and the way to the mile."""
    found = done_against_planned(told)
    parts: list[RenderableType] = []
    if found:
        table = plain_table("", "done", "planned", right=(1, 2))
        for line in found:
            table.add_row(line.label, line.done, line.planned)
        parts.append(indented(table, below=1))
    else:
        parts.append(indented("Nothing recorded, nothing planned."))
    parts += [indented(line) for line in (goal_line(told), mile_now_line(told)) if line]
    return Group(*parts)


def decision(told: Story, reasons: bool = True, home: str = "") -> RenderableType:
    """The decision in one sentence and, if wished, its two strongest reasons."""
    if not told.target:
        return indented("No plan yet. Drop a recording into the inbox, or add what you know: steadymile athlete")
    lead, rest = headline(told)
    head = Text.assemble((lead, f"bold {STYLES.get(str(told.target.get('action')), '')}".strip()), f" {rest}".rstrip())
    if told.target.get("status") == "provisional":
        head.append(" Provisional until Sunday.", style="dim")
    if model_line(told):
        head.append(f" ({model_line(told)})", style="dim")
    parts: list[RenderableType] = [indented(head, below=1 if reasons else 0)]
    why = [("Why" if n == 0 else "", formats.sentence(r["sentence"])) for n, r in enumerate(strongest(told))]
    if why and reasons:
        parts.append(indented(labelled(*why), below=1))
    if reasons and remarks(told):
        many = len(remarks(told))
        told_of, them = formats.count(many, "thing is", "things are"), "it" if many == 1 else "them"
        line = f"{told_of} unknown or only estimated: steadymile explain{home} names {them}"
        parts.append(indented(line, "dim", below=1))
    return Group(*parts)


def sessions_table(told: Story) -> Table:
    """The planned week day by day: what, how long, how far; steps that were told already are not repeated."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    seen: dict[str, str] = {}
    for line in told.days:
        if not line.planned and line.day < told.as_of:
            continue  # before the plan began
        for n, planned in enumerate(line.planned or ({"kind": "rest"},)):
            steps = formats.steps(planned.get("steps"), running_word(planned))
            earlier = seen.get(steps)
            seen.setdefault(steps, formats.DAYS[line.day.weekday()])
            shown = f"As on {earlier}." if earlier and steps else formats.sentence(steps)
            table.add_row(formats.day(line.day) if n == 0 else "", _session(planned, shown, told.units))
    return table


def _session(planned: Row, steps: str, units: str) -> Text:
    if planned.get("kind") == "rest":
        return Text("Rest", style="dim")
    text = Text.assemble((session_title(planned), "bold"))
    facts = session_facts(planned, units)
    if facts:
        text.append(f"  {', '.join(facts)}")
    if steps and planned.get("kind") != "walk":
        text.append(f"\n{steps}", style="dim")
    return text


def people_table(stories: list[Story]) -> Table:
    """One line an athlete, for homes with many; a plan that nothing newer replaced is told by its week, and under a
    stop no runs are shown, for those of its week are over."""
    table = plain_table("athlete", "decision", "runs", "running", "longest continuous run", right=(2, 3, 4))
    for told in stories:
        target = told.target or {}
        action = str(target.get("action") or "")
        if action == "stop":
            target = {}
        name = decision_name(told) or "No plan yet"
        table.add_row(
            told.name,
            Text(name + (f" (week of {formats.day(told.monday)})" if told.stale else ""), STYLES.get(action, "")),
            formats.number(target.get("sessions")),
            formats.minutes(target.get("run_min")) if target.get("run_min") else formats.UNKNOWN,
            formats.planned_minutes(target.get("longest_bout_min") or None),
        )
    return table


VERTICAL_ROWS = 40
"""So many rows are shown one below the other where they are too wide for the terminal."""


def fitted(found: pl.DataFrame, width: int) -> RenderableType:
    """Any query's result: as a table where it fits, else each row as names and values, and never nothing."""
    if not found.height:
        return Text(f"No rows. Columns: {', '.join(found.columns)}", style="dim")
    texts = [[name, *(_cell(value) for value in found[name].head(VERTICAL_ROWS))] for name in found.columns]
    needed = sum(max(len(text) for text in column) + 2 for column in texts)
    if needed <= width:
        return table(found)
    longest = max(len(name) for name in found.columns)
    lines: list[RenderableType] = []
    for n, row in enumerate(found.head(VERTICAL_ROWS).iter_rows(), 1):
        lines.append(Text(f"row {n}", style="bold"))
        lines += [
            Text.assemble((f"  {name.ljust(longest)}  ", "dim"), _cell(value))
            for name, value in zip(found.columns, row)
        ]
    if found.height > VERTICAL_ROWS:
        more = formats.count(found.height - VERTICAL_ROWS, "more row")
        lines.append(Text(f"{more}. Name fewer columns to see them as a table, or use --csv.", style="dim"))
    return Group(*lines)


def table(found: pl.DataFrame) -> RenderableType:
    """Any query's result as a table; numbers to the right, unknown as a dash."""
    numeric = tuple(n for n, dtype in enumerate(found.dtypes) if dtype.is_numeric())
    shown = plain_table(*found.columns, right=numeric)
    for row in found.iter_rows():
        shown.add_row(*(_cell(value) for value in row))
    return shown


def _cell(value: Any) -> str:
    if not formats.known(value):
        return formats.UNKNOWN
    return f"{value:.6g}" if isinstance(value, float) else str(value)
