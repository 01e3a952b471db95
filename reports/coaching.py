"""Everybody a coach looks after, in words: who needs a word first, and what to know about each. No places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from steadymile.models.athlete import Athlete
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.reports import formats, reported
from steadymile.reports.charts.trend import TrendWeek, trend
from steadymile.reports.decision import headline
from steadymile.reports.sentences import goal_line
from steadymile.reports.view_model import Story, activities, frame, longest_run, story, strongest

GROUPS: Mapping[str, tuple[str, str]] = {
    "flag": ("Needs you now", "A warning sign or strong pain was reported: no running until it is cleared."),
    "unread": ("Not known", "Their row could not be made. Look at their own page; the nightly run names the fault."),
    "pain": (
        "Pain",
        f"Pain of {IN_FORCE.pain_persistent:g} or more, or a worse morning after, in the last week. Ask where, and "
        "how it goes.",
    ),
    "ill": ("Ill", "Ill, by their last answer. Rest comes first."),
    "question": ("Asks you something", "A question stands in a note of the last week."),
    "silent": ("Silent", "Neither a file nor an answer for a week or more. Not synced is not missed: ask."),
    "eased": ("Eased", "Tired, hurting, ill or back from a break: the week is lighter."),
    "ready": ("Ready for the next step", "The last step was finished comfortably."),
    "steady": ("Steady", "A first plan, or the same step again."),
    "new": ("No plan yet", "Nothing recorded and no facts to start from."),
    "paused": ("Paused", "Away for a while, as somebody entered. What hurts or worries still comes to the top."),
}
"""Groups in order of urgency: heading and what it means."""

URGENT = {"flag", "stop_pain"}
"""What is reported that stops running."""

SILENT_DAYS = 7
"""From so many days without any file on an athlete is called silent, not lazy."""


@dataclass(frozen=True, slots=True)
class CoachRow:
    """One athlete for the coach. `flags` are warning signs in words; `silent_days` days since the newest file or answer
    of any kind, None when there never was one; `planned_week` the Monday of its plan, `stale` whether that week is
    over; `page` a relative link to the athlete's own page, if there is one; `reported` all that was reported lately, in
    the words of that page; `last_rpe`, `last_pain` and `note` the newest answers; `adherence` the share of last week's
    planned runs that were done; `trend` eight weeks of running; `paused_until` the day from which they are back;
    `asks` whether a question of theirs is open."""

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
    trend: tuple[TrendWeek, ...] = ()
    paused_until: date | None = None
    asks: bool = False


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
    until = athlete.facts(as_of).paused_until
    away = until is not None and until > as_of
    return CoachRow(
        athlete_id=athlete.athlete_id,
        name=told.name,
        group=_group(action, said, silent, told.stale, away),
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
        trend=trend(tables, as_of),
        paused_until=until if away else None,
        asks=any(r.kind == "question" for r in said),
    )


def unreadable(athlete: Athlete) -> CoachRow:
    """The row of somebody of whom none could be made: near the top, for what they reported is not known."""
    lead = "What they reported and what is planned cannot be shown here."
    return CoachRow(athlete.athlete_id, athlete.name or athlete.athlete_id, "unread", None, lead, "", ())


def _share(done: float | None, planned: float | None) -> float | None:
    return round(done / planned, 2) if done is not None and planned else None


def _group(
    action: str | None, said: Sequence[reported.Report], silent: int | None, stale: bool, away: bool = False
) -> str:
    kinds = {r.kind for r in said}
    if kinds & URGENT or action == "stop":
        return "flag"
    for kind in ("pain", "ill", "question"):
        if kind in kinds:
            return kind
    if away:
        return "paused"
    if silent is not None and silent >= SILENT_DAYS:
        return "silent"
    if action == "back_off" and not stale:
        return "eased"
    return {None: "new", "rebuild": "eased", "advance": "ready"}.get(action, "steady")


def _newest(told: Story) -> date | None:
    """The newest day that any recording, reading or answer is about."""
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


def accent(line: CoachRow) -> str:
    """The colour of a row: how urgent it is, else what was decided."""
    if line.group in ("flag", "pain", "ill", "question"):
        return "stop" if line.group == "flag" else "back_off"
    return "hold" if line.stale or line.group in ("silent", "paused") else line.action or "hold"


def old_plan(line: CoachRow) -> str:
    """What to say where the newest plan is of a week that is over."""
    return f"The last plan was for the week of {formats.day(line.planned_week, year=True)}; nothing newer."


def last_news(line: CoachRow) -> str:
    """When the newest file or answer came."""
    if line.silent_days is None:
        return "nothing yet"
    return "today" if line.silent_days <= 0 else f"{formats.count(line.silent_days, 'day')} ago"
