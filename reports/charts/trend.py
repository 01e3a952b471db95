"""Eight weeks of running at a glance: what was done and what was planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from steadymile.reports.view_model import Tables, weeks

WEEKS = 8
"""So many weeks are shown, the current one included."""


@dataclass(frozen=True, slots=True)
class TrendWeek:
    """One week: minutes of running done and planned, None where that is not known."""

    monday: date
    done_min: float | None
    planned_min: float | None


def trend(tables: Tables, today: date) -> tuple[TrendWeek, ...]:
    """The newest weeks, in order; empty where nothing was run or planned in them."""
    found = weeks(tables, today)
    if found.is_empty():
        return ()
    last = found.filter(found["monday"] > today - timedelta(weeks=WEEKS)).to_dicts()
    shown = tuple(TrendWeek(r["monday"], r["running_min_done"], r["running_min_planned"]) for r in last)
    return shown if any(week.done_min or week.planned_min for week in shown) else ()
