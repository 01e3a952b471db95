"""All athletes at a glance, those who need the coach first. No places, no maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import polars as pl
from rich.console import Group, RenderableType
from rich.text import Text
from steadymile.models.athlete import Athlete
from steadymile.reports import formats, reported
from steadymile.reports.pages.markup import bullets, document, fold, paragraph, prose, section, terms, tiles
from steadymile.reports.sentences import goal_line, headline
from steadymile.reports.terminal.blocks import STYLES, indented, labelled, title
from steadymile.reports.view_model import Story, activities, frame, longest_run, story, strongest

GROUPS: Mapping[str, tuple[str, str]] = {
    "flag": ("Needs you now", "A warning sign or strong pain was reported: no running until it is cleared."),
    "pain": ("Pain", "Pain of 3 or more, or a worse morning after, in the last week. Ask where, and how it goes."),
    "ill": ("Ill", "Ill at the last word. Rest comes first."),
    "question": ("Asks you something", "A question stands in a note of the last week."),
    "silent": ("Silent", "No file of any kind for a week or more. Not synced is not missed: ask."),
    "eased": ("Eased", "Tired, hurting, ill or back from a break: the week is lighter."),
    "ready": ("Ready for the next step", "The last step was finished comfortably."),
    "steady": ("Steady", "The same step again."),
    "new": ("No plan yet", "Nothing recorded and no facts to start from."),
}
"""Groups in order of urgency: heading and what it means."""

URGENT = {"flag", "stop_pain"}
"""What is reported that stops running."""

SILENT_DAYS = 7
"""From so many days without any file on an athlete is called silent, not lazy."""


@dataclass(frozen=True, slots=True)
class CoachRow:
    """One athlete for the coach. `flags` are warning signs in words; `silent_days` days since the newest file of any
    kind, None when there never was one; `planned_week` the Monday of the plan told of, `stale` whether that week is
    over; `page` a relative link to the athlete's own page, if there is one; `reported` all that was reported lately, in
    the words of that page; `last_rpe`, `last_pain` and `note` the newest answers; `adherence` the share of last week's
    planned runs that were done."""

    athlete_id: str
    name: str
    group: str
    action: str | None
    lead: str
    headline: str
    reasons: tuple[str, ...]
    flags: tuple[str, ...] = ()
    silent_days: int | None = None
    last_day: date | None = None
    runs_done: int | None = None
    runs_planned: int | None = None
    run_min: float | None = None
    longest_bout_min: float | None = None
    sessions: int | None = None
    longest_run_m: float | None = None
    progress: str = ""
    planned_week: date | None = None
    stale: bool = False
    units: str = "km"
    page: str | None = None
    reported: tuple[str, ...] = ()
    last_rpe: float | None = None
    last_pain: float | None = None
    note: str | None = None
    adherence: float | None = None


def row(
    athlete: Athlete, tables: Mapping[str, pl.DataFrame], as_of: date, units: str | None = None, page: str | None = None
) -> CoachRow:
    """One athlete's line from their contract views."""
    told = story(athlete, tables, as_of, units)
    target = told.target or {}
    before = told.before or {}
    lead, rest = headline(told) if told.target else ("", "")
    said = reported.reports(told)
    flags = tuple(r.text for r in said if r.kind in URGENT)
    newest = _newest(told)
    silent = (as_of - newest).days if newest else None
    action = str(target["action"]) if target else None
    best = longest_run(tables, as_of)
    return CoachRow(
        athlete_id=athlete.athlete_id,
        name=told.name,
        group=_group(action, said, silent, told.stale),
        action=action,
        lead=lead,
        headline=rest,
        reasons=tuple(formats.sentence(reason["sentence"]) for reason in strongest(told)),
        flags=flags,
        silent_days=silent,
        last_day=newest,
        runs_done=before.get("sessions_done"),
        runs_planned=before.get("sessions_planned"),
        run_min=target.get("run_min"),
        longest_bout_min=target.get("longest_bout_min"),
        sessions=target.get("sessions"),
        longest_run_m=best["longest_run_m"] if best else None,
        progress=goal_line(told),
        planned_week=told.monday if told.target else None,
        stale=told.stale,
        units=told.units,
        page=page,
        reported=reported.sentences(told),
        last_rpe=reported.latest_effort(told),
        last_pain=reported.latest(told, "pain"),
        note=reported.latest(told, "note"),
        adherence=_share(before.get("sessions_done"), before.get("sessions_planned")),
    )


def _share(done: float | None, planned: float | None) -> float | None:
    return round(done / planned, 2) if done is not None and planned else None


def _group(action: str | None, said: Sequence[reported.Report], silent: int | None, stale: bool) -> str:
    kinds = {r.kind for r in said}
    if kinds & URGENT or action == "stop":
        return "flag"
    for kind in ("pain", "ill", "question"):
        if kind in kinds:
            return kind
    if silent is not None and silent >= SILENT_DAYS:
        return "silent"
    if action == "back_off" and not stale:
        return "eased"
    return {None: "new", "rebuild": "eased", "advance": "ready"}.get(action, "steady")


def _newest(told: Story) -> date | None:
    """The newest day that any recording or reading covers."""
    days = []
    found = activities(told.tables, None, told.as_of)
    if not found.is_empty():
        days.append(found["local_day"].max())
    health = frame(told.tables, "health")
    if "day" in health.columns:
        days.append(health.filter(pl.col("day") <= told.as_of)["day"].max())
    return max((day for day in days if isinstance(day, date)), default=None)


def ordered(rows: Sequence[CoachRow]) -> dict[str, list[CoachRow]]:
    """Rows by group in order of urgency; within the silent the longest silent first, else by name."""
    found: dict[str, list[CoachRow]] = {name: [] for name in GROUPS}
    for line in sorted(rows, key=lambda r: (-(r.silent_days or 0) if r.group == "silent" else 0, r.name.lower())):
        found[line.group].append(line)
    return {name: lines for name, lines in found.items() if lines}


def render(rows: Sequence[CoachRow], as_of: date) -> str:
    """The coach's page: how many are where, then one line an athlete, those first who need a word."""
    groups = ordered(rows)
    counts = tiles((GROUPS[name][0], formats.count(len(lines), "athlete")) for name, lines in groups.items())
    header = f"<h1>Your athletes</h1>{paragraph(f'As of {formats.day(as_of, year=True)}', 'soft')}{counts}"
    head = "".join(f'<th scope="col"><button type="button">{escape(name)}</button></th>' for name in COLUMNS)
    lines = "".join(_line(n, line) for n, line in enumerate(line for found in groups.values() for line in found))
    table = f'<table class="people"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>' if lines else ""
    nobody = "" if lines else paragraph("No athletes here yet. `steadymile athlete add ID` adds one.")
    said = paragraph("Reasons are given in the words that the athlete reads.", "soft") if lines else ""
    meaning = terms(GROUPS[name] for name in groups)
    parts = [
        section("Those who need a word first", said, table, nobody, name="people"),
        section("What the groups mean", meaning, name="groups"),
    ]
    return document("Your athletes", header, parts, paragraph("Training advice, not medical advice."), SORT)


COLUMNS = (
    "Athlete",
    "Group",
    "Decision, and why",
    "How it felt",
    "Last week",
    "Coming week",
    "Longest run",
    "Newest file",
)

SORT = (
    "document.querySelectorAll('.people thead button').forEach(b=>b.addEventListener('click',()=>{"
    "const h=b.closest('th'),n=h.cellIndex,up=h.getAttribute('aria-sort')!='ascending',"
    "t=b.closest('table').tBodies[0],v=r=>r.cells[n].dataset.sort;"
    "b.closest('tr').querySelectorAll('th').forEach(x=>x.removeAttribute('aria-sort'));"
    "h.setAttribute('aria-sort',up?'ascending':'descending');"
    "[...t.rows].sort((x,y)=>{const a=v(x),c=v(y),o=isNaN(a)||isNaN(c)?a.localeCompare(c):a-c;return up?o:-o})"
    ".forEach(r=>t.append(r))}));"
)
"""Sorts the table by the column whose head is pressed; without scripts the order of urgency stays."""


def _line(order: int, line: CoachRow) -> str:
    name = f"<bdi>{escape(line.name)}</bdi>"
    if line.page:
        name = f'<a href="{escape(line.page)}">{name}</a>'
    cells = (
        (str(order), f'<span class="tag">{escape(GROUPS[line.group][0])}</span>'),
        ("" if line.stale else line.lead, _decision(line)),
        (_sortable(line.last_pain), escape(_felt(line))),
        (_sortable(line.adherence), escape(_last_week(line))),
        (_sortable(None if line.stale else line.run_min), escape(_coming(line))),
        (_sortable(line.longest_run_m), escape(formats.distance(line.longest_run_m, line.units))),
        (_sortable(line.silent_days, 99999), escape(_newest_file(line))),
    )
    kind = "stop" if line.group == "flag" else "back_off" if line.group in ("pain", "ill", "question") else None
    kind = kind or ("hold" if line.stale or line.group == "silent" else line.action or "hold")
    shown = "".join(
        f'<td data-label="{escape(label)}" data-sort="{escape(key)}">{content}</td>'
        for label, (key, content) in zip(COLUMNS[1:], cells)
    )
    return f'<tr class="{kind}"><th scope="row" data-sort="{escape(line.name.lower())}">{name}</th>{shown}</tr>'


def _sortable(value: float | None, unknown: float = -1) -> str:
    return f"{value if value is not None and formats.known(value) else unknown:g}"


def _decision(line: CoachRow) -> str:
    """What was decided and why; a warning sign goes before it, a plan of a week that is over is told as that."""
    flags = f'<p class="flag">{escape(formats.sentence(formats.listing(line.flags)))}</p>' if line.flags else ""
    flags += "" if line.flags else bullets(line.reported, "why")
    if not line.action:
        return flags + paragraph("No plan yet.")
    if line.stale:
        return flags + paragraph(_old_plan(line))
    if line.flags:
        return (
            flags
            + bullets(line.reported[len(line.flags) :], "why")
            + fold("Why", bullets(line.reasons, "why"), "quiet")
        )
    shown = 1 if line.group in ("flag", "eased") else 0
    first = prose(" ".join(line.reasons[:shown]))
    lead = f'<p><span class="action">{escape(line.lead)}</span> {first}</p>'
    return flags + lead + fold("More reasons" if shown else "Why", bullets(line.reasons[shown:], "why"), "quiet")


def _old_plan(line: CoachRow) -> str:
    return f"The last plan was for the week of {formats.day(line.planned_week, year=True)}; nothing newer."


def _felt(line: CoachRow) -> str:
    """The newest effort and pain, as said."""
    said = [
        f"{name} {formats.number(value)}"
        for name, value in (("effort", line.last_rpe), ("pain", line.last_pain))
        if formats.known(value)
    ]
    return ", ".join(said) or formats.UNKNOWN


def _last_week(line: CoachRow) -> str:
    if not formats.known(line.runs_done) or line.stale:
        return formats.UNKNOWN
    planned = f" of {formats.number(line.runs_planned)}" if line.runs_planned else ""
    return f"{formats.number(line.runs_done)}{planned} done"


def _coming(line: CoachRow) -> str:
    if line.stale or not formats.known(line.run_min):
        return formats.UNKNOWN
    if not line.run_min:
        return "no running" if line.action == "stop" else "walking"
    return f"{formats.count(int(line.sessions or 0), 'run')}, {formats.minutes(line.run_min)}"


def _newest_file(line: CoachRow) -> str:
    if line.silent_days is None:
        return "none yet"
    return "today" if line.silent_days <= 0 else f"{formats.count(line.silent_days, 'day')} ago"


def glance(rows: Sequence[CoachRow]) -> RenderableType:
    """The same, for the terminal: one line an athlete under each heading, reasons for those who need the coach."""
    parts: list[RenderableType] = []
    for name, lines in ordered(rows).items():
        parts.append(title(f"{GROUPS[name][0]} ({len(lines)})", first=not parts))
        told = []
        for line in lines:
            head = formats.ACTIONS.get(line.action or "", "No plan yet")
            silent = f"Newest file {_newest_file(line)}." if name == "silent" else ""
            if line.flags:
                text = Text(formats.sentence(formats.listing(line.flags)), STYLES["stop"])
            elif line.group in ("pain", "ill", "question") and line.reported:
                text = Text(line.reported[0], STYLES["back_off"])
            elif line.stale:
                text = Text(f"{silent} {_old_plan(line)}".strip())
            elif name == "silent":
                text = Text(f"{silent} {head}.")
            else:
                text = Text(f"{head}. ", STYLES.get(line.action or "", ""))
                text.append(line.reasons[0] if name in ("flag", "eased") and line.reasons else _coming(line) + ".", "")
            told.append((line.name, text))
        parts.append(indented(labelled(*told)))
    return Group(*parts) if parts else Text("No athletes here yet. Add one with: steadymile athlete add")
