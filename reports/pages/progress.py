"""The way so far, as pictures: the longest run, load, running and walking, how it felt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from markupsafe import Markup
from steadymile.models.assessment.estimates import BEST_DAYS
from steadymile.models.units import MILE_M
from steadymile.reports import formats, view_model
from steadymile.reports.charts import svg
from steadymile.reports.charts.svg import Picture, Point
from steadymile.reports.estimates import best_efforts, estimated, mile_now_line, usual_paces
from steadymile.reports.rendering import fill
from steadymile.reports.sentences import goal_line
from steadymile.reports.view_model import Story, activities, any_running, frame, longest_run

WEEKS_SHOWN = 26
NO_RUNNING = "No running recorded yet. The first steps of the plan are walks; running comes in small pieces."
NO_DISTANCE = (
    "How far you ran without a break is not known: no run so far has both time and distance. A recording has both, "
    "from a watch or a phone."
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A table behind the line that opens it; columns at the positions `text` hold words, the others numbers."""

    summary: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    text: tuple[int, ...] = ()


def mile_section(told: Story) -> Markup:
    """The longest continuous run, run by run, towards the mile."""
    if "longest_run_m" not in activities(told.tables, None, told.as_of).columns:
        return Markup()
    best = longest_run(told.tables, told.as_of)
    if best is None:
        text = NO_DISTANCE if any_running(told) else NO_RUNNING
        return Markup() if told.walking else _figure("Towards the mile", "mile", None, text)
    heading = "Longest run" if best["longest_run_m"] >= MILE_M else "Towards the mile"
    return _figure(heading, "mile", mile_picture(told), goal_line(told))


def _figure(heading: str, name: str, picture: Picture | None, text: str = "", tables: Sequence[Numbers] = ()) -> Markup:
    """A section of a sentence, a picture, and tables behind lines that open them."""
    said = text or (picture.text if picture else "")
    return fill("sections/figure.html", heading=heading, name=name, text=said, picture=picture, tables=tables)


def mile_picture(told: Story) -> Picture | None:
    """Each run's longest continuous run in the last year, with the best so far and the mile."""
    found = activities(told.tables, told.as_of - timedelta(days=365), told.as_of)
    if "longest_run_m" not in found.columns:
        return None
    found = found.filter(pl.col("longest_run_m") > 0)
    mile, unit = (1.0, "mi") if formats.in_miles(told.units) else (MILE_M / 1000, "km")
    points = [(d, m * mile / MILE_M) for d, m in found.select("local_day", "longest_run_m").iter_rows()]
    if not points:
        return None
    at = svg.axes(points[0][0], told.as_of, [*(v for _, v in points), 1.08 * mile])
    greatest = longest_run(told.tables, told.as_of)
    best_ever = greatest is None or greatest["local_day"] >= points[0][0]
    best = [*_best_so_far(points), (told.as_of, max(v for _, v in points))]
    body = (
        svg.grid(at, unit),
        svg.level(at, mile, "one mile"),
        svg.line(at, best, "l-run", step=True),
        svg.dots(at, points, "run", 2.6),
    )
    key = (
        ("run", "dot", "longest continuous run"),
        ("l-run", "line", "best so far" if best_ever else "best of the last year"),
    )
    return Picture("longest-run", "Longest continuous run", goal_line(told), Markup().join(body), key)


def _best_so_far(points: Sequence[tuple[date, float]]) -> list[Point]:
    best = 0.0
    out: list[Point] = []
    for day, value in points:
        best = max(best, value)
        out.append((day, best))
    return out


def mile_now_section(told: Story) -> Markup:
    """The mile now, or in one sentence why not yet; best efforts and usual paces behind a line that opens them."""
    found = estimated(told)
    row = found.get("mile_time_now_s")
    line = mile_now_line(told)
    if row is None or (told.walking and not line):
        return Markup()
    if line:
        text = f"{line} It rests on {row['source']}."
    else:
        why = row["reason"] or "too little is recorded"
        text = f"Nothing recent says what you would run a mile in: {why}. Every run brings it closer."
    head = ("", "ever", f"last {BEST_DAYS} days", "pace of the best", "on")
    efforts = best_efforts(told, found)
    return fill("sections/now.html", text=text, head=head, rows=efforts, paces=usual_paces(told, found))


def load_section(told: Story) -> Markup:
    """Load day by day with fitness and fatigue."""
    picture = load_picture(told)
    return _figure("Load, fitness, fatigue", "load", picture) if picture else Markup()


def load_picture(told: Story) -> Picture | None:
    """Daily load with its two averages; load that no heart rate supports is drawn hollow."""
    found = _recent(told, "days", "day")
    if found.is_empty() or "load" not in found.columns:
        return None
    rows = found.to_dicts()
    by_heart = [(r["day"], r["load"] if r.get("load_source") == "hr" else None) for r in rows]
    otherwise = [(r["day"], r["load"] if r.get("load_source") != "hr" else None) for r in rows]
    fitness, fatigue = ([(r["day"], r.get(name)) for r in rows] for name in ("fitness", "fatigue"))
    values = [r.get(name) for r in rows for name in ("load", "fitness", "fatigue")]
    at = svg.axes(rows[0]["day"], rows[-1]["day"], values)
    text = (
        f"Fitness {formats.number(_last(fitness))}, fatigue {formats.number(_last(fatigue))}. Load is how hard and how "
        "long a session was; fitness is its average over about six weeks, fatigue over one."
    )
    body = (
        svg.grid(at),
        svg.bars(at, by_heart, "load"),
        svg.bars(at, otherwise, "guess"),
        svg.line(at, fitness, "l-fitness"),
        svg.line(at, fatigue, "l-fatigue"),
    )
    guessed = (("guess", "bar", "load estimated without it"),) if any(value for _, value in otherwise) else ()
    key = (
        ("load", "bar", "load by heart rate"),
        *guessed,
        ("l-fitness", "line", "fitness"),
        ("l-fatigue", "line", "fatigue"),
    )
    return Picture("load", "Load, fitness and fatigue by day", text, Markup().join(body), key)


def share_section(told: Story) -> Markup:
    """Minutes of running and walking week by week, with what was planned."""
    picture = share_picture(told)
    if picture is None:
        return weeks_section(told)
    weeks = _weeks(told)
    heading = "Running and walking" if _any_running(weeks) else "Walking"
    return _figure(heading, "share", picture, tables=[_weeks_table(told, _all_weeks(told))])


def weeks_section(told: Story) -> Markup:
    """Every week ever as numbers."""
    weeks = _all_weeks(told)
    return _figure("Every week", "weeks", None, tables=[_weeks_table(told, weeks)]) if weeks else Markup()


def share_picture(told: Story) -> Picture | None:
    """Weekly minutes of running and walking, and a stroke for the running that was planned."""
    weeks = _weeks(told)
    if not weeks:
        return None
    running, walking, planned = (
        [(row["monday"], row.get(f"{name}_min_{when}")) for row in weeks]
        for name, when in (("running", "done"), ("walking", "done"), ("running", "planned"))
    )
    foot = [value or 0.0 for _, value in running]
    totals = [run + (walk or 0.0) for run, (_, walk) in zip(foot, walking)]
    if not any(totals) and not _any_running(weeks):
        return None
    at = svg.axes(weeks[0]["monday"], weeks[-1]["monday"] + timedelta(days=6), [*totals, *(v for _, v in planned)])
    share = (
        f"{formats.percent(foot[-1] / totals[-1])} of the last week's time on foot was running. " if totals[-1] else ""
    )
    if not _any_running(weeks):
        walks = svg.grid(at, "min") + svg.bars(at, walking, "walk", 7)
        said = "Minutes of walking by week."
        return Picture("share", said[:-1], said, walks, (("walk", "bar", "walking"),))
    body = (
        svg.grid(at, "min"),
        svg.bars(at, running, "run", 7),
        svg.bars(at, walking, "walk", 7, foot),
        svg.marks(at, planned, "planned"),
    )
    key = (("run", "bar", "running"), ("walk", "bar", "walking"), ("planned", "line", "running planned"))
    text = f"{share}The line shows the running that was planned."
    return Picture("share", "Minutes of running and walking by week", text, Markup().join(body), key)


def _any_running(weeks: Sequence[dict[str, Any]]) -> bool:
    """Whether any of these weeks holds running, done or planned."""
    return any(row.get(f"running_min_{when}") for row in weeks for when in ("done", "planned"))


def _all_weeks(told: Story) -> list[dict[str, Any]]:
    """Every week ever, done and planned, nothing later than the day it is told on."""
    return view_model.weeks(told.tables, told.as_of).to_dicts()


def _weeks(told: Story) -> list[dict[str, Any]]:
    """The last weeks, done and planned, nothing later than the day it is told on."""
    found = view_model.weeks(told.tables, told.as_of)
    since = told.as_of - timedelta(weeks=WEEKS_SHOWN)
    return found.filter(pl.col("monday") > since).to_dicts() if "monday" in found.columns else []


def _decided(row: dict[str, Any], first: date | None) -> str:
    """What was decided for a week, in words; nothing comes before the first plan that it could be the same as."""
    if row["monday"] == first and row.get("action") == "hold":
        return "The first plan"
    return formats.ACTIONS.get(str(row.get("action")), formats.UNKNOWN)


def _weeks_table(told: Story, weeks: Sequence[dict[str, Any]]) -> Numbers:
    first = next((row["monday"] for row in _all_weeks(told) if row.get("action")), None)
    lines = [
        (
            formats.month_day(row["monday"]),
            _decided(row, first),
            _done_of(row.get("sessions_done"), row.get("sessions_planned")),
            ("≥ " if row.get("running_unknown") and row.get("running_min_done") else "")
            + formats.number(row.get("running_min_done")),
            formats.duration(row.get("longest_run_s")),
            formats.distance(row.get("distance_done_m"), told.units),
        )
        for row in reversed(weeks)
    ]
    head = ("week of", "decision", "runs" if _any_running(weeks) else "walks", "run min", "longest", "distance")
    return Numbers("All weeks as numbers", head, lines, text=(1,))


def _done_of(done: float | None, planned: float | None) -> str:
    """How many sessions of how many; in weeks planned without running how many alone."""
    return f"{formats.number(done)} of {formats.number(planned)}" if planned else formats.number(done)


def comfort_section(told: Story) -> Markup:
    """How the sessions felt, with pain, and the answers of the last days."""
    picture, answers = comfort_picture(told), _answers(told)
    if picture is None and answers is None:
        text = (
            "No answers yet. One line after a run makes the plan safer and lets you move on sooner: "
            "`steadymile log rpe=3 talk=yes pain=0`"
        )
        return _figure("How it felt", "comfort", None, text)
    return _figure("How it felt", "comfort", picture, tables=[answers] if answers else [])


def comfort_picture(told: Story) -> Picture | None:
    """The comfort of each session, and the days with pain."""
    found = activities(told.tables, told.as_of - timedelta(weeks=WEEKS_SHOWN), told.as_of)
    points = list(found.select("local_day", "comfort").drop_nulls().iter_rows()) if "comfort" in found.columns else []
    if not points:
        return None
    pain = _pain(told)
    first = min([points[0][0], *(day for day, _ in pain)])
    at = svg.Axes(first, max(told.as_of, first + timedelta(days=6)), 1.0, 150)
    body = (
        svg.grid(at, labels={0.0: "hard", 0.5: "", 1.0: "easy"}),
        svg.dots(at, points, "run"),
        *(svg.dots(at, [(day, 0.06)], "pain", 1.2 + 0.5 * level) for day, level in pain),
    )
    text = "Comfort runs from 0, hard, to 1, easy. It joins what you answered with what the heart rate showed."
    hurt = (("pain", "dot", "a day with pain, larger for more"),) if pain else ()
    key = (("run", "dot", "comfort of a session"), *hurt)
    return Picture("comfort", "Comfort of each session", text, Markup().join(body), key, 150)


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


def _answers(told: Story) -> Numbers | None:
    """The last seven days of answers and readings; days without an answer show a dash."""
    found = _recent(told, "health", "day", weeks=1)
    names = [n for n in ANSWERS if n in found.columns and found[n].dtype.is_numeric() and found[n].is_not_null().any()]
    if not names:
        return None
    by_day = {row["day"]: row for row in found.iter_rows(named=True)}
    days = [told.as_of - timedelta(days=n) for n in range(7)]
    lines = [(formats.day(day), *(formats.number(by_day.get(day, {}).get(name), 1) for name in names)) for day in days]
    head = ("", *(ANSWERS[name] for name in names))
    return Numbers("Answers and readings of the last seven days", head, lines)


def _recent(told: Story, view: str, column: str, weeks: int = WEEKS_SHOWN) -> pl.DataFrame:
    """The last weeks of a view in order of time, nothing later than the day it is told on."""
    found = frame(told.tables, view)
    if column not in found.columns:
        return pl.DataFrame()
    oldest = told.as_of - timedelta(weeks=weeks)
    return found.filter(pl.col(column).is_between(oldest, told.as_of, closed="right")).sort(column)


def _last(points: Sequence[Point]) -> float | None:
    return next((value for _, value in reversed(points) if value is not None), None)
