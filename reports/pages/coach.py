"""All athletes at a glance, those who need the coach first. No places, no maps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from markupsafe import Markup
from steadymile.reports import formats
from steadymile.reports.charts.svg import MARKS
from steadymile.reports.charts.trend import TrendWeek
from steadymile.reports.coaching import GROUPS, CoachRow, accent, last_news, old_plan, ordered
from steadymile.reports.rendering import fill, macro

COLUMNS = (
    "Athlete",
    "Group",
    "Decision, and why",
    "How it felt",
    "Last week",
    "Eight weeks",
    "Coming week",
    "Longest run",
    "Last news",
)


TREND_HIGH = 30.0
"""The height of the tallest bar of an athlete's small picture of their weeks."""


def render(rows: Sequence[CoachRow], as_of: date) -> str:
    """The coach's page: how many are where, then one line an athlete, those first who need a word."""
    groups = ordered(rows)
    return fill(
        "pages/coach.html",
        as_of=formats.day(as_of, year=True),
        counts=[(GROUPS[name][0], formats.count(len(lines), "athlete")) for name, lines in groups.items()],
        meanings=[GROUPS[name] for name in groups],
        columns=COLUMNS,
        lines=[_line(n, line) for n, line in enumerate(line for found in groups.values() for line in found)],
    )


def _line(order: int, line: CoachRow) -> dict[str, Any]:
    """One athlete's cells after the name and the decision, each with what it is sorted by."""
    ran = sum(week.done_min or 0.0 for week in line.trend) if line.trend else None
    return {
        "row": line,
        "accent": accent(line),
        "order": order,
        "group": GROUPS[line.group][0],
        "old_plan": old_plan(line) if line.stale else "",
        "cells": (
            (_sortable(line.last_pain), _felt(line)),
            (_sortable(line.adherence), _last_week(line)),
            (_sortable(ran), trend_picture(line.trend) or formats.UNKNOWN),
            (_sortable(None if line.stale else line.run_min), _coming(line)),
            (_sortable(line.longest_run_m), formats.distance(line.longest_run_m, line.units)),
            (_sortable(line.silent_days, 99999), last_news(line)),
        ),
    }


def _sortable(value: float | None, unknown: float = -1) -> str:
    return f"{value if value is not None and formats.known(value) else unknown:g}"


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
    done = formats.number(line.runs_done)
    if line.runs_planned:
        return f"{done} of {formats.number(line.runs_planned)} done"
    return f"{formats.count(int(line.runs_done or 0), 'run')}, none planned" if line.runs_done else "no run planned"


def _coming(line: CoachRow) -> str:
    if line.stale or not formats.known(line.run_min):
        return formats.UNKNOWN
    if not line.run_min:
        return "no running" if line.action == "stop" else "walking"
    return f"{formats.count(int(line.sessions or 0), 'run')}, {formats.minutes(line.run_min)}"


def trend_picture(shown: Sequence[TrendWeek]) -> Markup:
    """The weeks as a small picture that says its numbers to who does not see it; empty without any."""
    top = max((value or 0.0 for week in shown for value in (week.done_min, week.planned_min)), default=0.0)
    if not top:
        return Markup()
    bars, planned = [], []
    for n, week in enumerate(shown):
        high, mark = (TREND_HIGH * (value or 0.0) / top for value in (week.done_min, week.planned_min))
        bars.append((12 * n + 1, round(32 - high, 1), 9, round(high, 1)))
        planned += [(12 * n, round(32 - mark, 1))] if mark else []
    told = ", ".join(formats.number(week.done_min) for week in shown)
    label = f"Minutes of running in the last {formats.count(len(shown), 'week')}: {told}"
    return macro(MARKS, "trend")(bars, planned, label)
