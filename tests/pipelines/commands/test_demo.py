"""The demo clears its own home when it runs again, and nobody's files."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import typer
from steadymile.pipelines.cli import nightly
from steadymile.pipelines.cli.guard import FAILED
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands import demo as demos
from steadymile.pipelines.commands.demo import fresh_home, put, run_demo, so_far
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import NightlyResult
from steadymile.pipelines.settings import Settings
from steadymile.studies.synthetic.runner import MadeFile

from tests.pipelines.test_nightly import ask


def test_a_demo_s_home_is_cleared_by_the_next_demo(tmp_path):
    home = Home(tmp_path)
    fresh_home(home)
    put(home, "2026-05/walk.fit", b"made")
    fresh_home(home)
    assert list(home.inbox.iterdir()) == []


@pytest.mark.parametrize("name", ["inbox/mine.fit", "notes.txt"])
def test_what_somebody_put_into_a_demo_s_home_is_never_deleted(tmp_path, name):
    home = Home(tmp_path)
    fresh_home(home)
    (home.root / name).write_bytes(b"mine")
    with pytest.raises(Trouble, match=rf"holds what no demo made: {name}\."):
        fresh_home(home)
    assert (home.root / name).read_bytes() == b"mine"


def test_whatever_a_home_holds_is_no_stranger_in_it(tmp_path):
    home = Home(tmp_path)
    home.make()
    for name, found in vars(Home).items():
        if isinstance(found, property) and not (path := getattr(home, name)).exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    home.warehouse.with_name("warehouse.duckdb.wal").touch()
    assert home.foreign() == []
    for mine in ("warehouse.csv", "warehouse.duckdb.backup"):
        (tmp_path / mine).touch()
    assert home.foreign() == [tmp_path / "warehouse.csv", tmp_path / "warehouse.duckdb.backup"]


def test_a_demo_of_which_a_week_failed_says_so_and_ends_as_failed(tmp_path, monkeypatch, capsys):
    weeks = [NightlyResult(tmp_path, problems=["Nothing could be planned: it broke."]), NightlyResult(tmp_path)]
    monkeypatch.setattr(demos, "run", lambda *_, **__: weeks.pop(0))
    monkeypatch.setattr(demos, "sessions_of", lambda *_: [])
    monkeypatch.setattr(nightly, "show_nightly", lambda _: None)
    with pytest.raises(typer.Exit) as ended:
        nightly.demo(home=tmp_path / "demo", weeks=0, seed=7)
    assert ended.value.exit_code == FAILED
    assert "Nothing could be planned" in capsys.readouterr().err


def test_a_folder_that_is_no_demo_s_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(Trouble, match="not a demo's home"):
        fresh_home(Home(tmp_path))


WEEK = [
    MadeFile("2026-11-24-061000-run.fit", b"tuesday"),
    MadeFile("2026-11-26-061000-run.fit", b"thursday"),
    MadeFile("checkins-2026-11-23.csv", b"date,rpe\n2026-11-24,3\n2026-11-26,4\n"),
]


def test_of_the_week_under_way_only_what_was_done_is_there():
    tuesday, checkins = so_far(WEEK, date(2026, 11, 26))
    assert (tuesday.data, checkins.data) == (b"tuesday", b"date,rpe\n2026-11-24,3\n")
    assert so_far(WEEK, date(2026, 11, 23)) == []
    assert so_far(WEEK, date(2026, 11, 29)) == WEEK


def test_the_demo_ends_today_with_the_week_that_is_running(tmp_path):
    result = run_demo(
        Settings(tmp_path / "demo", workers=1), weeks=1, seed=7, progress=silent,
        now=datetime(2026, 11, 26, 6, tzinfo=UTC),
    )  # fmt: skip
    assert result.as_of == {"me": date(2026, 11, 26)}
    assert ask(tmp_path / "demo", "SELECT max(local_day) FROM days") == [(date(2026, 11, 26),)]
    took = "max(finished_at - started_at) < INTERVAL 1 HOUR, max(finished_at) < TIMESTAMPTZ '2026-11-26 07:00:00Z'"
    assert ask(tmp_path / "demo", f"SELECT {took} FROM runs_log") == [(True, True)]
    assert ask(tmp_path / "demo", "SELECT max(week) FROM targets WHERE status = 'frozen'") == [("2026-W48",)]
