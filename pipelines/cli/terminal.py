"""From results to what the terminal shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from functools import cache
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text
from steadymile.models.athlete import Athlete
from steadymile.models.weekplan import WeekPlan
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import NightlyResult
from steadymile.pipelines.published import opened_published, page_tables
from steadymile.pipelines.settings import at_home, settings
from steadymile.reports import formats
from steadymile.reports.terminal.night import NightlyView, PersonView, Refused, coming_week
from steadymile.reports.view_model import story


def nightly_view(result: NightlyResult) -> Iterator[NightlyView]:
    """What the end of a nightly run shows: what was read for the pages, and where that is not enough, the published
    warehouse, which is opened only then."""

    home = Home(result.home)
    with ExitStack() as stack:
        con = cache(lambda: stack.enter_context(opened_published(settings(result.home))))
        people = tuple(
            PersonView(
                athlete,
                result.views[athlete_id].on(con) if athlete_id in result.views else page_tables(con(), athlete_id),
                result.as_of[athlete_id],
                result.bodies.get(athlete_id),
            )
            for athlete_id, athlete in sorted(home.athletes().items())
            if athlete_id in result.as_of
        )
        yield replace(files_view(result), people=people)


def files_view(result: NightlyResult) -> NightlyView:
    """What a run found in the inbox, and nothing else."""

    counts = {**result.counts, **({"copying": len(result.waiting)} if result.waiting else {})}
    return NightlyView(
        people=(),
        files=counts,
        refused=tuple(Refused(path, reason) for path, reason in result.refused),
        salvaged=tuple(Refused(path, reason) for path, reason in result.salvaged),
        clocks=tuple(Refused(path, reason) for path, reason in result.clocks),
        activities=result.activities_new,
        checkins=result.checkins_new,
        again=result.again.files,
        again_differ=result.again.differ,
        again_left=result.again.left,
        earlier_refused=result.earlier_refused,
        unread=result.unread,
        seconds=result.seconds,
        home=at_home(result.home),
        written=result.written,
    )


def plain(row: Any) -> dict[str, Any]:
    """A row as a dictionary."""
    return row if isinstance(row, dict) else asdict(row)


def plan_blocks(weeks: Sequence[tuple[Athlete, WeekPlan]], at: str = "") -> Iterator[RenderableType]:
    """Plans that were not published, told like a published one; `at` leads a further command to their home."""

    for athlete, week in weeks:
        target = {name: getattr(week, name) for name in ("week", "as_of", "level", "run_min", "sessions", "headline")}
        target |= {"action": week.action.word, "status": week.status, "longest_bout_min": week.longest_bout_min}
        rows = {"targets": [target], "planned_sessions": week.planned, "reasons": week.reasons}
        tables = {
            name: pl.DataFrame([{"week": week.week, **plain(row)} for row in found], infer_schema_length=None)
            for name, found in rows.items()
        }
        told = story(athlete, tables, week.as_of, week=week.week)
        whose = f"{told.name}: " if told.named else ""
        yield Text(f"{whose}as it would stand on {formats.day(week.as_of, year=True)}; not published.", style="dim")
        yield coming_week(told, at)
