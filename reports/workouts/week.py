"""The week's runs as FIT workouts to copy to the watch, which then counts the steps out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import polars as pl
from steadymile.models.weekplan import RUN_KINDS, Action, Step
from steadymile.reports import formats
from steadymile.reports.sentences import planned_steps, running_word, session_title
from steadymile.reports.view_model import Row, Tables
from steadymile.reports.workouts.fit_writer import workout_file


def workouts(planned: pl.DataFrame, as_of: date | None = None, sensor: bool = True) -> dict[str, bytes]:
    """One file a running session of the view planned_sessions, by file name; sessions without steps have none.

    Only the week that is running on `as_of` (on a Sunday: the coming one) and later weeks; without `as_of` the newest.
    Without a `sensor` no step has a heart rate to stay under.

    A file's name sorts by week and day. Its creation time is the session's day, so an equal plan gives equal bytes. The
    workout's own name begins with the session's title, by which the recording is recognised when it comes back.
    """
    if planned.is_empty():
        return {}
    found: dict[str, bytes] = {}
    for row, steps in coming(planned, as_of):
        day = formats.DAYS[row["day"].weekday()]
        created = datetime.combine(row["day"], time(), UTC) + timedelta(seconds=len(found))
        found[file_name(row)] = workout_file(
            f"{session_title(row)} {day}",
            steps,
            created=created,
            heart_rate_ceiling_bpm=row.get("heart_rate_ceiling_bpm") if sensor else None,
            running=running_word(row).capitalize(),
        )
    return found


def to_be_run(tables: Tables) -> pl.DataFrame:
    """The view planned_sessions without the weeks in which running is stopped: what was planned of their days before
    the stop stands on the page, and is nothing to take along."""
    stopped = tables["targets"].filter(pl.col("action") == Action.STOP.word)["week"]
    return tables["planned_sessions"].filter(~pl.col("week").is_in(stopped.implode()))


def coming(planned: pl.DataFrame, as_of: date | None = None) -> Iterator[tuple[Row, Sequence[Step]]]:
    """The running sessions of the week that is under way on `as_of` (on a Sunday: the coming one) and of later weeks,
    each with its steps, in order; without `as_of` of the newest week. Those without steps are left out."""
    if planned.is_empty():
        return
    first = formats.week_of(as_of + timedelta(days=1)) if as_of else planned["week"].max()
    wanted = planned.filter(pl.col("kind").is_in(RUN_KINDS), pl.col("week") >= first)
    for row in wanted.sort("day").iter_rows(named=True):
        steps = planned_steps(row)
        if any(step.run_s for step in steps):
            yield row, steps


def file_name(row: Row, kind: str = "fit") -> str:
    """Like 2026-W48-2-tue-run.fit: week, weekday from Monday 1, its name, kind of session, kind of file."""
    weekday = row["day"].weekday()
    return f"{row['week']}-{weekday + 1}-{formats.DAYS[weekday].lower()}-{row['kind']}.{kind}"
