"""Workouts for the watch, read back with the reference reader."""

from __future__ import annotations

from datetime import date

import fitparse
import polars as pl
from steadymile.reports.workouts.week import to_be_run, workouts

from tests.reports import sample

PLANNED = sample.tables()["planned_sessions"].filter(pl.col("week") == "2026-W48")


def messages(data: bytes, name: str) -> list[dict]:
    return [message.get_values() for message in fitparse.FitFile(data).get_messages(name)]


def test_each_run_of_the_week_is_a_file_that_sorts_by_day():
    assert list(workouts(PLANNED)) == ["2026-W48-2-tue-run.fit", "2026-W48-4-thu-run.fit", "2026-W48-6-sat-run.fit"]


def test_the_watch_counts_the_planned_time():
    steps = messages(workouts(PLANNED)["2026-W48-2-tue-run.fit"], "workout_step")
    times = [step["duration_time"] for step in steps if step.get("duration_time")]
    assert times == [300, 390, 120, 180, 300]  # the 390 and 120 are repeated
    assert sum(step.get("repeat_steps") or 0 for step in steps) == 2


def test_the_watch_says_jog_where_the_plan_does():
    def names(purpose: str) -> set[str]:
        tuesday = workouts(PLANNED.with_columns(purpose=pl.lit(purpose)))["2026-W48-2-tue-run.fit"]
        return {step["wkt_step_name"] for step in messages(tuesday, "workout_step")}

    assert names("easy") == {"Walk", "Jog", "Repeat"}
    assert names("hard") == {"Walk", "Run", "Repeat"}


def test_the_name_begins_with_the_title_by_which_the_run_is_recognised():
    name = messages(workouts(PLANNED)["2026-W48-2-tue-run.fit"], "workout")[0]["wkt_name"]
    assert name == "Jog-walk 2 × 6 min 30 s Tue"


def test_two_workouts_never_share_their_identity():
    one_day = PLANNED.with_columns(
        day=pl.lit(date(2026, 11, 24)), kind=pl.when(pl.col("slot") == 2).then(pl.lit("test")).otherwise("kind")
    )
    files = {**workouts(PLANNED), **{f"one day {name}": data for name, data in workouts(one_day).items()}}
    ids = {name: messages(data, "file_id")[0]["time_created"] for name, data in files.items()}
    assert len({ids[name] for name in workouts(PLANNED)}) == 3
    assert len({ids[f"one day {name}"] for name in workouts(one_day)}) == len(workouts(one_day)) == 2


def test_an_equal_plan_gives_equal_bytes():
    assert workouts(PLANNED) == workouts(PLANNED.reverse())


def test_a_walk_or_a_week_without_plan_gives_no_file():
    assert workouts(PLANNED.filter(pl.col("kind") == "walk")) == workouts(pl.DataFrame()) == {}


def test_only_the_coming_week_is_for_the_watch():
    every = sample.tables()["planned_sessions"]
    assert {name[:8] for name in workouts(every)} == {"2026-W48"}
    assert {name[:8] for name in workouts(every, sample.AS_OF)} == {"2026-W48"}
    assert "2026-W47-2-tue-run.fit" in workouts(every, date(2026, 11, 18))


def test_of_a_week_in_which_running_stopped_no_run_is_taken_along():
    tables = sample.tables()
    stopped = pl.when(pl.col("week") == "2026-W48").then(pl.lit("stop")).otherwise(pl.col("action"))
    left = to_be_run({**tables, "targets": tables["targets"].with_columns(action=stopped)})
    assert set(tables["planned_sessions"]["week"]) - set(left["week"]) == {"2026-W48"}
    assert to_be_run(tables).equals(tables["planned_sessions"])
