"""What the runner could do now: the mile with its range or why nobody can say yet, best efforts, usual paces."""

from __future__ import annotations

from datetime import date

from steadymile.models.assessment.estimates import BEST_DAYS, MARKS
from steadymile.models.physiology.performance import EFFORT_METRICS
from steadymile.reports import formats
from steadymile.reports.view_model import Row, Story, rows

LABELS = {
    "1 km": "1000 m",
    "a mile": "Mile",
    "two miles": "2 miles",
    "5 km": "5K",
    "10 km": "10K",
    "a half marathon": "Half marathon",
}
"""Names of races are the same in miles and kilometres."""


def estimated(told: Story) -> dict[str, Row]:
    """The estimates by name; none where they know more than the day told of."""
    return {row["name"]: row for row in rows(told.tables, "estimates") if row["as_of"] <= told.as_of}


def mile_now_line(told: Story) -> str:
    """The mile now with its range in a sentence; empty where it is not known."""
    row = estimated(told).get("mile_time_now_s")
    if row is None or not formats.known(row["value"]):
        return ""
    low, high = formats.hms(row["low"]), formats.hms(row["high"])
    return f"Your mile now: about {formats.hms(row['value'])} (90 % range {low} to {high})."


def best_efforts(told: Story, found: dict[str, Row]) -> list[tuple[str, ...]]:
    """Best efforts ever and lately, in the reader's units."""
    lines = []
    for mark in MARKS:
        ever = found.get(mark.metric)
        if ever is None or not formats.known(ever["value"]):
            continue
        unit = mark.metric[-1]
        lately = found.get(f"{mark.metric[:-2]}_{BEST_DAYS}d_{unit}")
        metres, seconds = EFFORT_METRICS.get(mark.metric, ever["value"]), ever["value"]
        pace = "" if mark.farthest else formats.pace(1000.0 * seconds / metres, told.units)
        shown = (_amount(row, mark.farthest, told.units) for row in (ever, lately))
        label = LABELS.get(mark.words, mark.words)
        lines.append((label, *shown, pace, _when(ever["day"], told.as_of)))
    return lines


def _amount(row: Row | None, farthest: bool, units: str) -> str:
    value = row["value"] if row is not None else None
    return formats.distance(value, units) if farthest else formats.hms(value)


def _when(day: date | None, as_of: date) -> str:
    return formats.UNKNOWN if day is None else formats.day(day, year=day.year != as_of.year)


def usual_paces(told: Story, found: dict[str, Row]) -> str:
    """The usual paces, those that are known, in a sentence."""
    parts = []
    for name, doing in (("run_speed_m_s", "running"), ("walk_speed_m_s", "walking")):
        speed = found[name]["value"] if name in found else None
        if formats.known(speed) and speed:
            parts.append(f"{doing} {formats.pace(1000.0 / speed, told.units)}")
    return f"Usual pace: {formats.listing(parts)}." if parts else ""
