"""All athletes at a glance, those who need the coach first. No places, no maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import polars as pl
from rich.console import Group, RenderableType
from rich.text import Text

from models.athlete import Athlete
from reports import words
from reports.markup import bullets, document, fold, paragraph, prose, section, tiles
from reports.story import Story, activities, frame, story, strongest
from reports.telling import goal_line, headline

GROUPS: Mapping[str, tuple[str, str]] = {
    "flag": ("Needs you now", "A warning sign or strong pain was reported: no running until it is cleared."),
    "eased": ("Eased", "Tired, hurting, ill or back from a break: the week is lighter."),
    "silent": ("Silent", "No file of any kind for a week or more. Not synced is not missed: ask."),
    "ready": ("Ready for the next step", "The last step was finished comfortably."),
    "steady": ("Steady", "The same step again."),
    "new": ("No plan yet", "Nothing recorded and no facts to start from."),
}
"""Groups in order of urgency: heading and what it means."""

CALM = ("ready", "steady", "new")
"""Groups whose reasons are folded away."""

STRONG_PAIN = 5
"""Pain above this, of 10, stops running (design of the policy)."""


SILENT_DAYS = 7
"""From so many days without any file on an athlete is called silent, not lazy."""


@dataclass(frozen=True, slots=True)
class CoachRow:
    """One athlete for the coach. `flags` are warning signs in words; `silent_days` days since the newest file of any
    kind, None when there never was one; `page` a relative link to the athlete's own page, if there is one."""

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
    progress: str = ""
    page: str | None = None


def row(
    athlete: Athlete, tables: Mapping[str, pl.DataFrame], as_of: date, units: str | None = None, page: str | None = None
) -> CoachRow:
    """One athlete's line from their contract views."""
    told = story(athlete, tables, as_of, units)
    target = told.target or {}
    before = told.before or {}
    lead, rest = headline(told) if told.target else ("", "")
    flags = _flags(told)
    newest = _newest(told)
    silent = (as_of - newest).days if newest else None
    action = str(target["action"]) if target else None
    return CoachRow(
        athlete_id=athlete.athlete_id,
        name=told.name,
        group=_group(action, flags, silent),
        action=action,
        lead=lead,
        headline=rest,
        reasons=tuple(words.sentence(reason["sentence"]) for reason in strongest(told)),
        flags=flags,
        silent_days=silent,
        last_day=newest,
        runs_done=before.get("sessions_done"),
        runs_planned=before.get("sessions_planned"),
        run_min=target.get("run_min"),
        longest_bout_min=target.get("longest_bout_min"),
        sessions=target.get("sessions"),
        progress=goal_line(told),
        page=page,
    )


def _group(action: str | None, flags: tuple[str, ...], silent: int | None) -> str:
    if flags or action == "stop":
        return "flag"
    if action == "back_off":
        return "eased"
    if silent is not None and silent >= SILENT_DAYS:
        return "silent"
    return {None: "new", "rebuild": "eased", "advance": "ready"}.get(action, "steady")


def _flags(told: Story) -> tuple[str, ...]:
    """Warning signs not yet cleared, of the last four weeks, and strong pain of the last week."""
    health = frame(told.tables, "health")
    if "day" not in health.columns:
        return ()
    recent = health.filter(pl.col("day").is_between(told.as_of - timedelta(days=27), told.as_of)).sort("day")
    open_flags: dict[str, date] = {}
    pain = ""
    for line in recent.iter_rows(named=True):
        if line.get("cleared"):
            open_flags.clear()
        if line.get("red_flag"):
            open_flags[str(line["red_flag"]).replace("_", " ")] = line["day"]
        strong = words.known(line.get("pain")) and line["pain"] > STRONG_PAIN
        if strong and line["day"] > told.as_of - timedelta(days=7):
            place = f" ({line['pain_place']})" if line.get("pain_place") else ""
            pain = f"pain {line['pain']:.0f} of 10{place} on {words.day(line['day'])}"
    told_flags = [f"{flag} reported on {words.day(day)}" for flag, day in open_flags.items()]
    return (*told_flags, *([pain] if pain else []))


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
    """The coach's page."""
    groups = ordered(rows)
    counts = tiles((GROUPS[name][0], words.count(len(lines), "athlete")) for name, lines in groups.items())
    parts = [
        section(heading, paragraph(meaning, "soft"), *(_card(line) for line in groups[name]), name=name)
        for name, (heading, meaning) in GROUPS.items()
        if name in groups
    ]
    header = f"<h1>Your athletes</h1>{paragraph(f'As of {words.day(as_of, year=True)}', 'soft')}{counts}"
    return document("Your athletes", header, parts, paragraph("Training advice, not medical advice."))


def _card(line: CoachRow) -> str:
    name = escape(line.name)
    if line.page:
        name = f'<a href="{escape(line.page)}">{name}</a>'
    flags = f'<p class="flag">{escape(words.sentence(words.listing(line.flags)))}</p>' if line.flags else ""
    decided = f'<p><span class="action">{escape(line.lead)}</span> {prose(line.headline)}</p>' if line.lead else ""
    facts = " · ".join(_facts(line))
    why = bullets(line.reasons, "why")
    if line.group in CALM:
        why = fold("Why", why, "quiet")
    kind = line.action or "hold"
    return f'<article class="athlete {kind}"><h3>{name}</h3>{flags}{decided}{why}{paragraph(facts, "soft")}</article>'


def _facts(line: CoachRow) -> list[str]:
    facts = []
    if words.known(line.runs_planned):
        facts.append(f"last week {words.number(line.runs_done)} of {words.number(line.runs_planned)} sessions")
    if words.known(line.run_min):
        bout = f", longest stretch {words.minutes(line.longest_bout_min)}" if line.longest_bout_min else ""
        facts.append(f"next {words.number(line.sessions)} sessions, {words.minutes(line.run_min)} of running{bout}")
    if line.silent_days:
        facts.append(f"newest file {words.count(line.silent_days, 'day')} old")
    elif line.silent_days is None:
        facts.append("no file yet")
    if line.progress:
        facts.append(line.progress.rstrip("."))
    return facts


def glance(rows: Sequence[CoachRow]) -> RenderableType:
    """The same, for the terminal: one line an athlete under each heading, reasons for those who need the coach."""
    from reports.terminal import STYLES, indented, labelled, title

    parts: list[RenderableType] = []
    for name, lines in ordered(rows).items():
        parts.append(title(f"{GROUPS[name][0]} ({len(lines)})", first=not parts))
        told = []
        for line in lines:
            head = words.ACTIONS.get(line.action or "", "No plan yet")
            text = Text(f"{head}. ", STYLES.get(line.action or "", ""))
            if name in ("flag", "eased"):
                text.append(words.sentence(words.listing(line.flags) or line.headline), "")
            elif name == "silent":
                text.append(f"Newest file {words.count(line.silent_days or 0, 'day')} old.")
            told.append((line.name, text))
        parts.append(indented(labelled(*told)))
    return Group(*parts) if parts else Text("No athletes here yet. Add one with: steadymile athlete add")
