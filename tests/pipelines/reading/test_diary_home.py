"""A runner's own table through the nightly run: dropped in again as it grows, beside a recording, and rebuilt."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.nightly import run
from steadymile.pipelines.settings import Settings

from tests.pipelines.conftest import NIGHT

HEAD = "date,sport,distance_km,minutes,rpe\n"
STANDING = "SELECT local_day, sport, timer_s FROM activities WHERE preferred ORDER BY ALL"


def sessions(place: Path) -> list[tuple]:
    with duckdb.connect(str(place / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(STANDING).fetchall()


def test_each_day_counts_once_by_its_newest_version_also_after_a_rebuild(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    settings = Settings(tmp_path, workers=1, settle_s=0.0)
    first, second = (NIGHT.date() - timedelta(days=days) for days in (6, 4))
    table = tmp_path / "inbox" / "diary.csv"
    table.write_text(f"{HEAD}{first},run,5,32,4\n", encoding="utf-8")
    run(settings, NIGHT, steps=("ingest", "measure", "plan"))
    table.write_text(f"{HEAD}{first},run,5,35,4\n{second},walk,3,40,2\n", encoding="utf-8")
    run(settings, NIGHT + timedelta(hours=24), steps=("ingest", "measure", "plan"))
    assert sessions(tmp_path) == [(first, "running", 2100.0), (second, "walking", 2400.0)]
    before = sessions(tmp_path)
    rebuild_home(settings, NIGHT + timedelta(hours=25), silent)
    assert sessions(tmp_path) == before


def longest(place: Path) -> list[tuple]:
    with duckdb.connect(str(place / "warehouse.duckdb"), read_only=True) as con:
        return con.execute("SELECT longest_run_s FROM activities WHERE preferred ORDER BY local_day").fetchall()


def test_a_run_that_only_a_list_knows_was_continuous_once_its_owner_says_so(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    settings = Settings(tmp_path, workers=1, settle_s=0.0)
    first, second = (NIGHT.date() - timedelta(days=days) for days in (6, 4))
    table = f"{HEAD}{first},run,5,32,4\n{second},run,5,33,4\n"
    (tmp_path / "inbox" / "diary.csv").write_text(table, encoding="utf-8")
    run(settings, NIGHT, steps=("ingest", "measure"))
    assert longest(tmp_path) == [(None,), (None,)]
    said = f"date,run_min,walk_min\n{second},32,0\n"
    (tmp_path / "inbox" / "said.csv").write_text(said, encoding="utf-8")
    run(settings, NIGHT + timedelta(hours=24), steps=("ingest", "measure"))
    assert longest(tmp_path) == [(None,), (1920.0,)]


def test_a_row_ahead_of_its_table_is_a_plan_and_never_becomes_a_session(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    settings = Settings(tmp_path, workers=1, settle_s=0.0)
    past, ahead = (NIGHT.date() + timedelta(days=days) for days in (-2, 3))
    (tmp_path / "inbox" / "plan.csv").write_text(f"{HEAD}{past},run,5,32,4\n{ahead},run,5,32,\n", encoding="utf-8")
    run(settings, NIGHT, steps=("ingest", "measure"))
    run(settings, NIGHT + timedelta(days=7), steps=("ingest", "measure"))
    assert [day for day, *_ in sessions(tmp_path)] == [past]
