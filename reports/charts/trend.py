"""Eight weeks of running at a glance: a bar for what was done, a stroke for what was planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from steadymile.reports import formats
from steadymile.reports.view_model import Tables, weeks

WEEKS = 8
"""So many weeks are shown, the current one included."""

TALLEST = 30.0


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


def drawn(shown: Sequence[TrendWeek]) -> str:
    """The weeks as a small picture that says its numbers to who does not see it; empty without any."""
    top = max((value or 0.0 for week in shown for value in (week.done_min, week.planned_min)), default=0.0)
    if not top:
        return ""
    parts = []
    for n, week in enumerate(shown):
        high, mark = (TALLEST * (value or 0.0) / top for value in (week.done_min, week.planned_min))
        parts.append(f'<rect class="run" x="{12 * n + 1}" y="{32 - high:.1f}" width="9" height="{high:.1f}"/>')
        parts += [f'<path class="planned" d="M{12 * n} {32 - mark:.1f}h11"/>'] if mark else []
    told = ", ".join(formats.number(week.done_min) for week in shown)
    label = f"Minutes of running in the last {formats.count(len(shown), 'week')}: {told}"
    body = "".join(parts)
    return (
        f'<svg class="trend" viewBox="0 0 96 34" role="img" aria-label="{label}">{body}'
        '<path class="axis" d="M0 32.5h96"/></svg>'
    )
