"""A no is not for ever, and complaints can be settled."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest
from steadymile.pipelines.commands.status import status_of
from steadymile.pipelines.nightly import NightlyResult, run
from steadymile.pipelines.reading import definitions, intake
from steadymile.pipelines.settings import Settings
from steadymile.studies.synthetic.runner import season

from tests.pipelines.conftest import NIGHT, START

LIST = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Filename\n"
    '77,"May 6, 2026, 6:00:00 AM",Belt,Run,,1800,4.2,\n'
)
PAGE = "<html><body>no run</body></html>"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path


def night(place: Path, hours: int = 0, **changes: object) -> NightlyResult:
    settings = replace(Settings(place, workers=1, settle_s=0.0), **changes)
    return run(settings, NIGHT + timedelta(hours=hours), steps=("ingest", "measure"))


def ask(place: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(place / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def verdicts(place: Path) -> list[tuple]:
    return ask(place, "SELECT status, code FROM files ORDER BY ALL")


def as_before(place: Path, *commands: str) -> None:
    """Give the work database what an older steadymile would have left."""
    with duckdb.connect(str(next(place.rglob("work.duckdb")))) as con:
        for command in commands:
            con.execute(command)


def fit() -> bytes:
    return next(f.data for f in season(np.random.default_rng(3), START, weeks=1) if f.name.endswith(".fit"))


def gpx() -> bytes:
    points = "".join(
        f'<trkpt lat="50.{n:05d}" lon="8.0"><time>2026-05-05T06:{n // 60:02d}:{n % 60:02d}Z</time></trkpt>'
        for n in range(120)
    )
    return f"<gpx><trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>".encode()


def test_a_file_refused_by_a_limit_is_read_when_the_limit_is_raised(place):
    (place / "inbox" / "run.gpx").write_bytes(gpx())
    assert night(place, max_points=10).counts == {"quarantined": 1}
    assert night(place, max_points=10).counts == {}
    assert night(place).counts == {"ingested": 1}
    assert night(place).counts == {}


def test_an_ignored_file_is_looked_at_once_more_when_the_readers_change(place, monkeypatch):
    (place / "inbox" / "page.html").write_text(PAGE)
    looked_at, outcomes_of = [], intake.outcomes_of

    def counted(run, jobs, *rest):
        looked_at.append(len(jobs))
        return outcomes_of(run, jobs, *rest)

    monkeypatch.setattr(intake, "outcomes_of", counted)
    night(place)
    night(place)
    assert looked_at == [1]
    monkeypatch.setattr(definitions, "readers", lambda: "other readers")
    assert night(place).counts == {}  # looked at, and nothing new to report
    night(place)
    assert looked_at == [1, 1]


def test_an_ignored_content_that_is_copied_in_anew_is_no_duplicate(place):
    (place / "inbox" / "page.html").write_text(PAGE)
    night(place)
    shutil.copy(place / "inbox" / "page.html", place / "inbox" / "again.html")
    assert night(place).counts == {"ignored": 1}


def test_a_list_that_an_older_steadymile_ignored_is_read(place):
    (place / "inbox" / "activities.csv").write_text(LIST)
    night(place)
    as_before(
        place,
        "UPDATE base.files SET status = 'ignored', judged_by = NULL, activities = 0",
        "DELETE FROM base.activities",
    )
    assert night(place).counts == {"ingested": 1}
    assert ask(place, "SELECT status, activities FROM files") == [("ingested", 1)]


def test_a_list_that_an_older_steadymile_took_titles_from_gives_its_sessions(place):
    (place / "inbox" / "activities.csv").write_text(LIST)
    night(place)
    as_before(place, "DELETE FROM base.activities", "DELETE FROM base.readings")
    night(place)
    assert ask(place, "SELECT source, kind, distance_m FROM activities") == [("listed", "run", 4200.0)]


def test_a_complaint_is_gone_when_the_whole_file_lies_at_its_path(place):
    path, whole = place / "inbox" / "run.fit", fit()
    path.write_bytes(whole[:10])
    assert night(place).counts == {"quarantined": 1}
    path.write_bytes(whole)
    result = night(place, hours=1)
    assert (result.counts, result.earlier_refused, result.needs_you) == ({"ingested": 1}, 0, False)
    assert verdicts(place) == [("ignored", "settled"), ("ingested", None)]


def test_a_complaint_about_a_link_is_gone_with_the_link(place):
    link = place / "inbox" / "away.fit"
    link.symlink_to(place / "nowhere.fit")
    assert night(place).counts == {"quarantined": 1}
    assert night(place).counts == {}
    link.unlink()
    night(place)
    assert verdicts(place) == [("ignored", "settled")]


def test_a_complaint_that_comes_back_is_reported_again(place):
    link = place / "inbox" / "away.fit"
    for _ in range(2):
        link.symlink_to(place / "nowhere.fit")
        assert night(place).counts == {"quarantined": 1}
        link.unlink()
        night(place)


def test_a_complaint_stands_as_long_as_the_file_does(place):
    (place / "inbox" / "run.fit").write_bytes(fit()[:10])
    night(place)
    (place / "inbox" / "other.gpx").write_bytes(gpx())
    assert night(place, hours=1).earlier_refused == 1


def test_an_inbox_that_is_a_link_to_nothing_is_named(place):
    (place / "inbox").rmdir()
    (place / "inbox").symlink_to(place / "unplugged disk")
    assert ["unplugged disk" in str(problem) for problem in night(place).problems] == [True]
    (place / "unplugged disk").mkdir()
    assert night(place).problems == []
    assert verdicts(place) == []


def test_rows_and_points_that_were_left_out_are_counted_in_status(place):
    (place / "inbox" / "run.gpx").write_bytes(gpx().replace(b"<time>2026-05-05T06:01:00Z</time>", b""))
    (place / "inbox" / "activities.csv").write_text(LIST + '5,"May 7, 2026, 6:00:00 AM",Rest,Yoga,,,,\n')
    night(place)
    assert status_of(Settings(place), None).data["left_out"] == {"rows": 2, "files": 2}


def walked(latitude: float) -> bytes:
    points = "".join(
        f'<trkpt lat="{latitude + 2e-5 * n:.5f}" lon="8"><time>2026-05-05T06:{n // 60:02d}:{n % 60:02d}Z</time></trkpt>'
        for n in range(600)
    )
    return f"<gpx><trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>".encode()


def test_files_of_two_people_are_asked_about_once_on_the_night_on_which_the_second_comes(place):
    (place / "inbox" / "mine.gpx").write_bytes(walked(50.0))
    assert night(place).elsewhere == []
    (place / "inbox" / "hers.gpx").write_bytes(walked(52.0))
    found = night(place)
    assert "hers.gpx and mine.gpx were recorded at the same time, 222 km apart" in found.elsewhere[0]
    assert found.needs_you
    assert night(place).elsewhere == []
