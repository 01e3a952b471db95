"""A recording whose clock was wrong waits for its day, is counted beside the plan, and comes in with a start."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from rich.console import Console
from steadymile.pipelines.cli.terminal import files_view
from steadymile.pipelines.commands.date import date_recording
from steadymile.pipelines.nightly import run
from steadymile.pipelines.settings import Settings
from steadymile.reports.terminal.night import came_in

from tests.pipelines.conftest import NIGHT


def gpx(year: int, seconds: int = 900) -> bytes:
    points = "".join(
        f'<trkpt lat="{50 + n * 2.5e-5:.6f}" lon="8.0"><time>{year}-05-05T06:{n // 60:02d}:{n % 60:02d}Z</time></trkpt>'
        for n in range(seconds)
    )
    return f"<gpx><trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>".encode()


def ask(home: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


NOTED = "SELECT sentence FROM reasons WHERE rule = 'undated_recordings'"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "good.gpx").write_bytes(gpx(2026))
    (tmp_path / "inbox" / "lost.gpx").write_bytes(gpx(1990))
    return replace(Settings(tmp_path, workers=1, settle_s=0.0))


def test_the_plan_says_that_a_recording_without_a_day_is_not_counted_until_it_has_one(settings):
    first = run(settings, NIGHT)
    assert (first.needs_you, [said for (said,) in ask(settings.home, NOTED)]) == (
        True,
        ["One recording has no day, because the watch's clock was wrong, and it cannot be counted: your last run may "
         "be later than it seems here."],
    )  # fmt: skip
    date_recording(settings, "lost.gpx", f"{NIGHT:%Y-%m-%d}T06:00", NIGHT)
    assert ask(settings.home, "SELECT count(*) FROM activities") == [(2,)]
    assert ask(settings.home, NOTED) == []
    began = datetime.fromtimestamp(ask(settings.home, "SELECT epoch(max(started_at)) FROM activities")[0][0], UTC)
    assert began.isoformat() == f"{NIGHT:%Y-%m-%d}T04:00:00+00:00"  # six on the clocks of the place, in Berlin's zone


def test_another_stamp_of_the_file_dates_it_with_its_source(settings):
    stamped = gpx(1990).replace(b"<gpx>", b"<gpx><metadata><time>2026-05-06T17:00:00Z</time></metadata>")
    (settings.home / "inbox" / "lost.gpx").write_bytes(stamped)
    night = run(settings, NIGHT)
    assert night.needs_you is False
    assert [path for path, _ in night.clocks] == ["lost.gpx"]
    ((status, code, reason),) = ask(settings.home, "SELECT status, code, reason FROM files WHERE path = 'lost.gpx'")
    assert (status, code) == ("ingested", "clock")
    assert "another time stamp of the file" in reason
    assert "to within a day" in reason
    days = ask(settings.home, "SELECT strftime(started_at AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M') FROM activities")
    assert ("2026-05-06 17:00",) in days


def test_a_stamp_that_is_as_wrong_dates_nothing(settings):
    stamped = gpx(1990).replace(b"<gpx>", b"<gpx><metadata><time>1990-05-05T06:00:00Z</time></metadata>")
    (settings.home / "inbox" / "lost.gpx").write_bytes(stamped)
    assert run(settings, NIGHT).needs_you is True


def test_a_clock_that_was_set_during_the_run_is_said_in_the_night_with_its_code(settings):
    early = (
        gpx(2026).replace(b"2026-05-05T06:00", b"2026-04-15T06:00").replace(b"2026-05-05T06:01", b"2026-04-15T06:01")
    )
    (settings.home / "inbox" / "lost.gpx").write_bytes(early)
    night = run(settings, NIGHT)
    assert [path for path, _ in night.clocks] == ["lost.gpx"]
    assert night.as_json()["clocks"][0]["code"] == "clock"
    said = io.StringIO()
    Console(file=said, width=200).print(came_in(files_view(night)))
    assert "lost.gpx" in said.getvalue()
    assert "120 samples were 20 days behind" in " ".join(said.getvalue().split())


def listed(distance_m: float, day: int) -> str:
    session = {
        "activityId": day, "name": "Evening", "activityType": "running", "distance": 100 * distance_m,
        "beginTimestamp": 1000 * int(datetime(2026, 4, day, 17, tzinfo=UTC).timestamp()), "duration": 899_000,
        "elapsedDuration": 899_000,
    }  # fmt: skip
    return json.dumps(session)


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """One night with a list, a numbered series and two recordings of 1990; (start, reason) by path."""
    home = tmp_path_factory.mktemp("beside")
    (home / "inbox" / "series").mkdir(parents=True)
    (home / "inbox" / "lost.gpx").write_bytes(gpx(1990))
    sessions = ",".join((listed(2499.0, 10), listed(6000.0, 11)))
    (home / "inbox" / "list.json").write_text(f'[{{"summarizedActivitiesExport": [{sessions}]}}]')
    for number, day in ((7, "03-01"), (8, "03-02"), (10, "03-03"), (11, "03-04")):
        dated = gpx(2026).replace(b"05-05T", f"{day}T".encode())
        (home / "inbox" / "series" / f"R{number}.gpx").write_bytes(dated)
    (home / "inbox" / "series" / "R9.gpx").write_bytes(gpx(1990, 600))
    run(Settings(home, workers=1, settle_s=0.0), NIGHT)
    sql = (
        "SELECT f.path, strftime(a.started_at AT TIME ZONE 'UTC', '%m-%d %H:%M'), f.reason "
        "FROM files f LEFT JOIN activities a ON a.path = f.path"
    )
    found = ask(home, sql)
    return {path: (start, reason) for path, start, reason in found}


def test_a_list_dates_the_recording_with_its_distance_and_length(beside):
    start, reason = beside["lost.gpx"]
    assert start == "04-10 17:00"
    assert "the only listed session with its distance and length" in reason


def test_a_numbered_series_dates_the_recording_between_two_others(beside):
    start, reason = beside["series/R9.gpx"]
    assert start[:5] == "03-02"
    assert "true to within 12 h" in reason
