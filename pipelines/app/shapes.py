"""Rows of the contract views as the templates show them: history, months, the ladder, one activity. No HTML here."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import polars as pl
from steadymile.models.units import FOOT_M, MILE_M
from steadymile.reports import formats
from steadymile.reports.coaching import CoachRow
from steadymile.reports.sentences import session_title, sport_word
from steadymile.reports.view_model import Row, Story, activities, frame

SMOOTHED_SAMPLES = 15
"""Samples over which the pace of the chart is averaged; the table beside it is not."""

PACE_SHARE, PACE_ROOM = 0.97, 1.25
"""The chart of the pace reaches a quarter beyond what this share of the samples stays below."""

GAP_S = 10.0
"""Where nothing was recorded for longer, the chart's line is broken."""

SLOWEST_M_S = 0.5
"""Below this speed the chart shows no pace: nobody moves."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One session of the list, in words; `cells` its numbers with the style of each, a wide one or an unknown one."""

    activity_id: str
    day: date
    what: str
    title: str
    cells: tuple[tuple[str, str], ...]


SHOWN = (
    "activity_id", "local_day", "started_at", "sport", "kind", "title", "distance_m", "moving_s", "elapsed_s",
    "pace_s_per_km", "heart_rate_mean_bpm", "elevation_gain_m",
)  # fmt: skip
"""The columns of the list."""


def years(told: Story) -> list[int]:
    """The years with any session, newest first."""
    found = activities(told.tables, until=told.as_of)
    return [] if found.is_empty() else found["local_day"].dt.year().unique().sort(descending=True).to_list()


KINDS = {"run": ("run",), "walk": ("walk", "hike")}
"""What the list can be narrowed to; anything else is `other`."""


def history(told: Story, year: int | None, kind: str = "") -> tuple[list[HistoryLine], list[tuple[str, str]]]:
    """The sessions of one year (None: all) and kind (empty: all; run, walk or other), newest first; their totals."""
    found = activities(told.tables, until=told.as_of)
    if found.is_empty():
        return [], []
    if kind in KINDS:
        found = found.filter(pl.col("kind").is_in(KINDS[kind]))
    elif kind:
        found = found.filter(~pl.col("kind").is_in([k for kinds in KINDS.values() for k in kinds]).fill_null(False))
    if year is not None:
        found = found.filter(pl.col("local_day").dt.year() == year)
    lines = [_history_line(row, told.units) for row in found.select(SHOWN).reverse().iter_rows(named=True)]
    return lines, _totals(found, told.units)


def _history_line(row: Row, units: str) -> HistoryLine:
    beats = row.get("heart_rate_mean_bpm")
    return HistoryLine(
        str(row["activity_id"]),
        row["local_day"],
        sport_word(row),
        str(row.get("title") or ""),
        tuple(
            (words, " ".join((*style, *(("unknown",) if words == formats.UNKNOWN else ()))))
            for words, *style in (
                (formats.distance(row.get("distance_m"), units),),
                (formats.duration(_seconds(row)),),
                (formats.pace(row.get("pace_s_per_km"), units),),
                (f"{formats.number(beats)} bpm" if formats.known(beats) else formats.UNKNOWN, "wide"),
                (formats.height(row.get("elevation_gain_m"), units), "wide"),
            )
        ),
    )


def _seconds(row: Row) -> float | None:
    return row.get("moving_s") or row.get("elapsed_s")


def _totals(found: pl.DataFrame, units: str) -> list[tuple[str, str]]:
    """Sums over sessions; `at least` where the quantity of a session on foot is not known."""
    foot = found.filter(pl.col("kind").is_in(["run", "walk", "hike"]))

    def total(name: str, show: Any) -> str:
        values = foot[name]
        text = show(values.sum()) if values.drop_nulls().len() else formats.UNKNOWN
        return f"at least {text}" if 0 < values.null_count() < values.len() else text

    return [
        ("Sessions", str(found.height)),
        ("On foot", total("distance_m", lambda v: formats.distance(v, units, 0))),
        ("Running", total("running_s", formats.duration)),
        ("Walking", total("walking_s", formats.duration)),
        ("Climbing", total("elevation_gain_m", lambda v: formats.height(v, units))),
    ]


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One day of a month: what was planned, what was done (activity id and words); `rest` where rest was planned."""

    day: date
    planned: tuple[str, ...]
    done: tuple[tuple[str, str], ...]
    rest: bool
    today: bool


def month(told: Story, first: date) -> list[MonthDay]:
    """The days of the month that begins on `first`, in whole weeks, with plan and sessions side by side."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    first, last = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    planned: dict[date, list[Row]] = {}
    weeks = frame(told.tables, "planned_sessions")
    if weeks.width:
        for row in weeks.filter(pl.col("day").is_between(first, last)).to_dicts():
            planned.setdefault(row["day"], []).append(row)
    done: dict[date, list[Row]] = {}
    for row in activities(told.tables, first, min(last, told.as_of)).to_dicts():
        done.setdefault(row["local_day"], []).append(row)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return [
        MonthDay(
            day,
            tuple(session_title(p) for p in planned.get(day, ()) if p.get("kind") != "rest"),
            tuple((str(d["activity_id"]), _short(d, told.units)) for d in done.get(day, ())),
            any(p.get("kind") == "rest" for p in planned.get(day, ())),
            day == told.as_of,
        )
        for day in days
    ]


def _short(row: Row, units: str) -> str:
    numbers = formats.duration(_seconds(row)), formats.distance(row.get("distance_m"), units)
    return " ".join((sport_word(row), ", ".join(words for words in numbers if words != formats.UNKNOWN))).strip()


def activity(tables: Mapping[str, pl.DataFrame], activity_id: str) -> Row | None:
    """One activity that is not forgotten, a copy that does not count included."""
    found = frame(tables, "activities")
    if found.is_empty():
        return None
    found = found.filter(pl.col("activity_id") == activity_id)
    return found.row(0, named=True) if found.height else None


def activity_facts(row: Row, units: str) -> list[tuple[str, str]]:
    """An activity's numbers in words, those that are known."""
    beats, highest, load = (row.get(k) for k in ("heart_rate_mean_bpm", "heart_rate_max_bpm", "load"))
    source = formats.LOAD_SOURCES.get(str(row.get("load_source")), "")
    steps = row.get("cadence_mean_spm")
    facts = [
        ("Distance", formats.distance(row.get("distance_m"), units)),
        ("Moving", formats.duration(row.get("moving_s"))),
        ("In all", formats.duration(row.get("elapsed_s"))),
        ("Running", formats.duration(row.get("running_s"))),
        ("Walking", formats.duration(row.get("walking_s"))),
        ("Longest continuous run", formats.duration(row.get("longest_run_s"))),
        ("Pace over moving time", formats.pace(row.get("pace_s_per_km"), units)),
        ("Heart rate, mean", f"{formats.number(beats)} bpm" if formats.known(beats) else formats.UNKNOWN),
        ("Heart rate, highest", f"{formats.number(highest)} bpm" if formats.known(highest) else formats.UNKNOWN),
        ("Steps a minute", formats.number(steps)),
        ("Climbing", formats.height(row.get("elevation_gain_m"), units)),
        ("Training load", f"{formats.number(load)}, by {source}" if formats.known(load) else formats.UNKNOWN),
        ("Effort reported", formats.number(row.get("rpe"))),
    ]
    return [(name, value) for name, value in facts if value != formats.UNKNOWN]


def copies(tables: Mapping[str, pl.DataFrame], row: Row) -> list[dict[str, Any]]:
    """Every recording of the same run, the one that counts first; empty where there is only one."""
    found = frame(tables, "activities")
    counted = row.get("duplicate_of") or row["activity_id"]
    alike = found.filter((pl.col("activity_id") == counted) | (pl.col("duplicate_of") == counted))
    return alike.sort("preferred", descending=True).to_dicts() if alike.height > 1 else []


@dataclass(frozen=True, slots=True)
class RunTable:
    """A table of a run's page; columns at the positions `text` hold words, the others numbers."""

    heading: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    text: tuple[int, ...] = ()


def run_tables(details: Mapping[str, Sequence[Row]], units: str) -> list[RunTable]:
    """Splits, running and walking, and the device's laps, those that there are."""
    unit = "mile" if formats.in_miles(units) else "km"
    splits = [
        (
            str(s["index"]),
            formats.hms(s["moving_s"]),
            formats.pace(s["pace_s_per_km"], units),
            formats.number(s["heart_rate_mean_bpm"]),
            formats.height(s["elevation_change_m"], units),
        )
        for s in details["splits"]
        if s["unit"] == unit
    ]
    bouts = [
        (
            formats.hms(b["start_s"]),
            str(b["kind"]),
            formats.hms(b["duration_s"]),
            formats.distance(b["distance_m"], units),
            formats.pace(1000 / b["speed_m_s"] if b["speed_m_s"] else None, units),
            formats.number(b["heart_rate_mean_bpm"]),
        )
        for b in details["bouts"]
        if b["kind"] != "stand"
    ]
    laps = [
        (
            str(lap["index"] + 1),
            formats.hms(lap["timer_s"] if formats.known(lap["timer_s"]) else lap["elapsed_s"]),
            formats.distance(lap["distance_m"], units),
            formats.number(lap["heart_rate_mean_bpm"]),
        )
        for lap in details["laps"]
    ]
    found = (
        RunTable("Splits", (unit, "Moving", "Pace", "bpm", "Up or down"), splits),
        RunTable("Running and walking", ("From", "What", "Time", "Distance", "Pace", "bpm"), bouts, (1,)),
        RunTable("Laps of the device", ("Lap", "Time", "Distance", "bpm"), laps),
    )
    return [table for table in found if table.rows]


def chart(samples: pl.DataFrame, bouts: Sequence[Row], units: str) -> dict[str, Any]:
    """Columns for the chart: seconds, pace [s a unit], heart rate [bpm], altitude [m or ft]; NaN is unknown."""
    unit_m = MILE_M if formats.in_miles(units) else 1000.0
    speed = pl.col("speed_m_s").fill_nan(None).rolling_mean(SMOOTHED_SAMPLES, min_samples=1, center=True)
    high = pl.col("altitude_m").fill_nan(None) / (FOOT_M if formats.in_miles(units) else 1.0)
    shown = samples.select(
        t=pl.col("t_s").round(1),
        pace=pl.when((speed >= SLOWEST_M_S) & pl.col("speed_m_s").is_not_null()).then((unit_m / speed).round(0)),
        heart=pl.col("heart_rate_bpm").cast(pl.Float64).fill_nan(None).round(0),
        altitude=high.round(1),
    )
    shown = broken_at_gaps(shown)
    known: dict[str, Any] = {
        name: shown[name].cast(pl.Float64).to_numpy() if name == "t" or shown[name].null_count() < shown.height else []
        for name in shown.columns
    }
    bands = [[b["start_s"], b["start_s"] + b["duration_s"], b["kind"]] for b in bouts if b["kind"] in ("run", "walk")]
    miles = formats.in_miles(units)
    usual = shown["pace"].quantile(PACE_SHARE)
    return {
        **known,
        "bands": bands,
        "pace_unit": "/mi" if miles else "/km",
        "pace_slowest": usual * PACE_ROOM if usual is not None else None,
        "altitude_unit": "ft" if miles else "m",
    }


def broken_at_gaps(shown: pl.DataFrame) -> pl.DataFrame:
    """The columns with a row of unknowns after each sample that a gap follows."""
    before = shown.filter(pl.col("t").diff().shift(-1) > GAP_S).select(pl.col("t") + 0.1)
    return pl.concat([shown, before], how="diagonal").sort("t")


def news(row: CoachRow) -> str:
    """What a coach would look at again: other words about an athlete have another hash."""
    said = (row.group, row.action, row.headline, row.reported, str(row.planned_week), row.stale, row.note)
    return sha256(repr(said).encode()).hexdigest()[:16]
