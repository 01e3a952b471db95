"""The way so far, as pictures: the longest run, load, running and walking, how it felt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

import polars as pl

from reports import charts, words
from reports.charts import Point
from reports.markup import fold, paragraph, section, table
from reports.story import Story, activities, frame, goal_line

WEEKS_SHOWN = 26


def mile_section(told: Story) -> str:
    """The longest continuous run, run by run, towards the mile."""
    found = activities(told.tables, None, told.as_of)
    if "longest_run_m" not in found.columns:
        return ""
    found = found.filter(pl.col("longest_run_m") > 0)
    if found.is_empty():
        return section(
            "Towards the mile",
            paragraph("No running recorded yet. The first steps of the plan are walks; running comes in small pieces."),
            name="mile",
        )
    found = found.filter(pl.col("local_day") >= told.as_of - timedelta(days=365))
    mile, unit = (1.0, "mi") if words.in_miles(told.units) else (words.MILE_M / 1000, "km")
    per = words.MILE_M / mile
    points = [(day, metres / per) for day, metres in found.select("local_day", "longest_run_m").iter_rows()]
    picture = ""
    if points:
        at = charts.axes(points[0][0], told.as_of, [*(v for _, v in points), 1.08 * mile])
        body = (
            charts.grid(at, unit),
            charts.level(at, mile, "one mile"),
            charts.line(at, [*_best_so_far(points), (told.as_of, max(v for _, v in points))], "l-run", step=True),
            charts.dots(at, points, "run", 2.6),
        )
        picture = charts.svg("mile-c", "Longest stretch of running in each run", goal_line(told), body)
    key = _key(("run", "dot", "longest stretch of a run"), ("l-run", "line", "best so far"))
    return section(
        "Towards the mile",
        paragraph(goal_line(told)),
        f"<figure>{picture}</figure>" if picture else "",
        key,
        name="mile",
    )


def _best_so_far(points: Sequence[tuple[date, float]]) -> list[Point]:
    best = 0.0
    out: list[Point] = []
    for day, value in points:
        best = max(best, value)
        out.append((day, best))
    return out


def load_section(told: Story) -> str:
    """Load day by day with fitness and fatigue."""
    found = _recent(told, "days", "day")
    if found.is_empty() or "load" not in found.columns:
        return ""
    rows = found.to_dicts()
    by_heart = [(r["day"], r["load"] if r.get("load_source") == "hr" else None) for r in rows]
    otherwise = [(r["day"], r["load"] if r.get("load_source") != "hr" else None) for r in rows]
    fitness, fatigue = ([(r["day"], r.get(name)) for r in rows] for name in ("fitness", "fatigue"))
    at = charts.axes(
        rows[0]["day"], rows[-1]["day"], [r[k] for r in rows for k in ("load", "fitness", "fatigue") if k in r]
    )
    last_fit, last_fat = _last(fitness), _last(fatigue)
    text = (
        f"Fitness {words.number(last_fit)}, fatigue {words.number(last_fat)}. Load is how hard and how long a session "
        "was; fitness is its average over about six weeks, fatigue over one."
    )
    body = (
        charts.grid(at),
        charts.bars(at, by_heart, "load"),
        charts.bars(at, otherwise, "guess"),
        charts.line(at, fitness, "l-fitness"),
        charts.line(at, fatigue, "l-fatigue"),
    )
    mixed = any(value for _, value in otherwise)
    key = _key(
        ("load", "bar", "load by heart rate"),
        *([("guess", "bar", "load estimated without it")] if mixed else []),
        ("l-fitness", "line", "fitness"),
        ("l-fatigue", "line", "fatigue"),
    )
    picture = charts.svg("load-c", "Load, fitness and fatigue by day", text, body)
    return section("Load, fitness, fatigue", paragraph(text), f"<figure>{picture}</figure>", key, name="load")


def share_section(told: Story) -> str:
    """Minutes of running and walking week by week, with what was planned."""
    weeks = _recent(told, "weeks", "monday").to_dicts()
    if not weeks:
        return ""
    running = [(row["monday"], row.get("running_min_done")) for row in weeks]
    walking = [(row["monday"], row.get("walking_min_done")) for row in weeks]
    planned = [(row["monday"], row.get("running_min_planned")) for row in weeks]
    foot = [value or 0.0 for _, value in running]
    tops = [a + (b or 0.0) for a, (_, b) in zip(foot, walking)]
    at = charts.axes(weeks[0]["monday"], weeks[-1]["monday"] + timedelta(days=6), [*tops, *(v for _, v in planned)])
    total = foot[-1] + (walking[-1][1] or 0.0)
    share = (
        f"In the last week shown {words.percent(foot[-1] / total)} of your time on foot was running. " if total else ""
    )
    text = f"{share}The stroke is the running that was planned."
    body = (
        charts.grid(at, "min"),
        charts.bars(at, running, "run", 7),
        charts.bars(at, walking, "walk", 7, foot),
        charts.marks(at, planned, "planned"),
    )
    key = _key(("run", "bar", "running"), ("walk", "bar", "walking"), ("planned", "line", "running planned"))
    picture = charts.svg("share-c", "Minutes of running and walking by week", text, body)
    return section(
        "Running and walking",
        paragraph(text),
        f"<figure>{picture}</figure>",
        key,
        _weeks_table(told, weeks),
        name="share",
    )


def _weeks_table(told: Story, weeks: Sequence[dict[str, Any]]) -> str:
    lines = [
        (
            words.month_day(row["monday"]),
            words.ACTIONS.get(str(row.get("action")), words.UNKNOWN),
            f"{words.number(row.get('sessions_done'))} of {words.number(row.get('sessions_planned'))}",
            words.number(row.get("running_min_done")),
            words.duration(row.get("longest_run_s")),
            words.distance(row.get("distance_done_m"), told.units),
        )
        for row in reversed(weeks)
    ]
    head = ("week of", "decision", "runs", "run min", "longest", "distance")
    return fold("All weeks as numbers", table(head, lines, "small"), "quiet")


def comfort_section(told: Story) -> str:
    """How the sessions felt, with pain, and the answers of the last days."""
    found = activities(told.tables, told.as_of - timedelta(weeks=WEEKS_SHOWN), told.as_of)
    if "comfort" not in found.columns:
        return ""
    points = list(found.select("local_day", "comfort").drop_nulls().iter_rows())
    pain = _pain(told)
    answers = _answers(told)
    if not points and not answers:
        return section(
            "How it felt",
            paragraph(
                "No answers yet. One line after a run makes the plan safer and lets you move on sooner: "
                "steadymile log rpe=3 talk=yes pain=0"
            ),
            name="comfort",
        )
    picture = ""
    if points:
        first = min([points[0][0], *(day for day, _ in pain)])
        at = charts.Axes(first, max(told.as_of, first + timedelta(days=6)), 1.0, 150)
        body = (
            charts.grid(at, labels={0.0: "hard", 0.5: "", 1.0: "easy"}),
            charts.dots(at, points, "run"),
            charts.dots(at, [(day, 0.03) for day, _ in pain], "pain", 4),
        )
        text = f"{words.count(len(points), 'session')} with a comfort score, {words.count(len(pain), 'day')} with pain."
        picture = f"<figure>{charts.svg('comfort-c', 'Comfort of each session', text, body, 150)}</figure>"
        key = (("run", "dot", "comfort of a session"), *([("pain", "dot", "a day with pain")] if pain else []))
        picture += _key(*key)
    text = "Comfort runs from 0, hard, to 1, easy. It joins what you answered with what the heart rate showed."
    return section("How it felt", paragraph(text) if points else "", picture, answers, name="comfort")


def _pain(told: Story) -> list[tuple[date, float]]:
    found = _recent(told, "health", "day")
    if "pain" not in found.columns:
        return []
    return list(found.filter(pl.col("pain") >= 1).select("day", "pain").iter_rows())


ANSWERS = {
    "pain": "pain 0-10",
    "fatigue": "tired 1-7",
    "soreness": "sore 1-7",
    "stress": "stress 1-7",
    "sleep_quality": "slept badly 1-7",
    "sleep_h": "sleep h",
    "resting_heart_rate_bpm": "resting HR",
}


def _answers(told: Story) -> str:
    """The last seven days of answers and readings; days without an answer show a dash."""
    found = _recent(told, "health", "day", weeks=1)
    names = [n for n in ANSWERS if n in found.columns and found[n].dtype.is_numeric() and found[n].is_not_null().any()]
    if not names:
        return ""
    by_day = {row["day"]: row for row in found.iter_rows(named=True)}
    days = [told.as_of - timedelta(days=n) for n in range(7)]
    lines = [(words.day(day), *(words.number(by_day.get(day, {}).get(name), 1) for name in names)) for day in days]
    head = ("", *(ANSWERS[name] for name in names))
    return fold("Answers and readings of the last seven days", table(head, lines, "small"), "quiet")


def _recent(told: Story, view: str, column: str, weeks: int = WEEKS_SHOWN) -> pl.DataFrame:
    """The last weeks of a view in order of time, nothing later than the day it is told on."""
    found = frame(told.tables, view)
    if column not in found.columns:
        return pl.DataFrame()
    oldest = told.as_of - timedelta(weeks=weeks)
    return found.filter(pl.col(column).is_between(oldest, told.as_of, closed="right")).sort(column)


def _last(points: Sequence[Point]) -> float | None:
    return next((value for _, value in reversed(points) if value is not None), None)


def _key(*entries: tuple[str, str, str]) -> str:
    """The legend: each style as it is drawn, with its words."""
    shapes = {
        "dot": '<circle class="{0}" cx="10" cy="5" r="3.6"/>',
        "bar": '<rect class="{0}" x="3" y="0" width="14" height="10" rx="1"/>',
        "line": '<path class="{0}" d="M1 5L19 5"/>',
    }
    items = "".join(
        f'<li><svg viewBox="0 0 20 10" aria-hidden="true">{shapes[shape].format(style)}</svg>{escape(text)}</li>'
        for style, shape, text in entries
    )
    return f'<ul class="key">{items}</ul>'
