"""The whole line over whole archives of real people: nothing lost, nothing wrongly merged, all of it repeatable."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.home import Home, set_facts
from steadymile.pipelines.nightly import NightlyResult, run

from tests.pipelines.conftest import NIGHT, settings_of
from tests.pipelines.test_nightly import ask, hashes

pytestmark = pytest.mark.corpus

ARCHIVES = {
    "shaonianche__running-data-sync": date(2026, 2, 15),
    "Asplitline__running_page": date(2026, 5, 17),
}
"""Two people's years, both in China, and the day after the last recording."""
MADE_BY_OTHERS = ("OpenTracksApp__OpenTracks", "grimbough__FITfileR", "tkrajina__gpxpy", "stravalib__stravalib")
PMDATA = "itsalamhere__health-logs-streamlit"


@dataclass(frozen=True)
class Whole:
    """A home with a whole archive, run once, and the archive's rows of the inventory."""

    home: Path
    as_of: date
    rows: list[dict[str, str]]
    result: NightlyResult


def inventory(corpus: Path, folder: str) -> list[dict[str, str]]:
    with (corpus / "INVENTORY.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["file"].startswith(f"{folder}/")]


def whole(corpus: Path, home: Path, folders: tuple[str, ...], as_of: date, zone: str) -> Whole:
    for folder in folders:
        shutil.copytree(corpus / "files" / folder, home / "inbox" / folder)
    set_facts(Home(home), "me", {"timezone": zone}, None, create=True)
    result = run(settings_of(home), NIGHT, as_of=as_of)
    return Whole(home, as_of, [row for folder in folders for row in inventory(corpus, folder)], result)


@pytest.fixture(scope="module", params=ARCHIVES)
def archive(request, corpus, tmp_path_factory) -> Whole:
    home = tmp_path_factory.mktemp("archive")
    return whole(corpus, home, (request.param,), ARCHIVES[request.param], "Asia/Shanghai")


@pytest.fixture(scope="module")
def fixtures(corpus, tmp_path_factory) -> Whole:
    return whole(corpus, tmp_path_factory.mktemp("fixtures"), MADE_BY_OTHERS, date(2024, 1, 1), "UTC")


@pytest.fixture(scope="module")
def pmdata(corpus, tmp_path_factory) -> Whole:
    return whole(corpus, tmp_path_factory.mktemp("pmdata"), (PMDATA,), date(2020, 4, 1), "Europe/Oslo")


def recorded(row: dict[str, str]) -> bool:
    """Whether the inventory says that the file holds a session."""
    if row["kind"] == "fit":
        return row["fit_type"] == "activity"
    return row["kind"] in ("gpx", "tcx") and bool(int(row["n_records"] or 0))


# everything has a row and a reason


@pytest.mark.parametrize("place", ["fixtures", "pmdata"])
def test_every_file_of_others_has_a_row(place, request):
    all_of = request.getfixturevalue(place)
    assert ask(all_of.home, "SELECT count(*) FROM files") == [(len(all_of.rows),)]


@pytest.mark.parametrize("place", ["fixtures", "pmdata"])
def test_what_does_not_come_in_from_others_says_why(place, request):
    all_of = request.getfixturevalue(place)
    silent_ones = ask(all_of.home, "SELECT path FROM files WHERE status <> 'ingested' AND coalesce(reason, '') = ''")
    assert silent_ones == []


def test_every_timed_recording_of_others_is_an_activity(fixtures):
    dated = [r for r in fixtures.rows if recorded(r) and not r["file"].endswith(("Mojstrovka.gpx", *UNTIMED))]
    came = {path for (path,) in ask(fixtures.home, "SELECT DISTINCT path FROM activities")}
    assert {r["file"] for r in dated if not came_in(r["file"], came, fixtures)} == set()


UNTIMED = ("track-with-extremes.gpx", "track-with-small-floats.gpx", "track_with_dilution_errors.gpx")


def came_in(file: str, came: set[str], all_of: Whole) -> bool:
    """Whether a file gave an activity itself, or holds the bytes of one that did."""
    status = ask(all_of.home, f"SELECT status FROM files WHERE path = '{file}'")
    return file in came or status == [("duplicate",)]


def test_scales_of_a_study_are_not_taken_for_ours(pmdata):
    # its wellness items run from 1 to 5 with 5 as good: read as ours they would turn tiredness upside down
    said = ask(pmdata.home, "SELECT count(*) FROM health WHERE coalesce(fatigue, soreness, stress) IS NOT NULL")
    assert said == [(0,)]


def test_a_study_without_recordings_gives_no_activity(pmdata):
    assert ask(pmdata.home, "SELECT count(*) FROM activities") == [(0,)]


@pytest.mark.slow
def test_every_file_of_an_archive_has_a_row(archive):
    assert ask(archive.home, "SELECT count(*) FROM files") == [(len(archive.rows),)]


@pytest.mark.slow
def test_what_does_not_come_in_of_an_archive_says_why(archive):
    assert ask(archive.home, "SELECT path FROM files WHERE status <> 'ingested' AND coalesce(reason, '') = ''") == []


@pytest.mark.slow
def test_an_archive_has_as_many_activities_as_the_inventory_counts(archive):
    sessions = sum(int(r["n_sessions"] or 1) for r in archive.rows if recorded(r))
    assert ask(archive.home, "SELECT count(*) FROM activities") == [(sessions,)]


# repeatable


@pytest.mark.slow
def test_an_archive_read_again_changes_nothing(archive):
    before = hashes(archive.home)
    again = run(settings_of(archive.home), NIGHT, as_of=archive.as_of)
    assert again.published is False
    assert hashes(archive.home) == before


@pytest.mark.slow
def test_an_archive_rebuilt_is_the_same_row_for_row(archive, tmp_path):
    home = tmp_path / "copy"
    shutil.copytree(archive.home, home)
    before = hashes(home)
    (home / "warehouse.duckdb").unlink()
    shutil.rmtree(home / "inbox")
    rebuild_home(settings_of(home), NIGHT, silent)
    assert hashes(home) == before


# the numbers


@pytest.mark.slow
def test_distances_are_the_devices_own_within_one_per_cent(archive):
    rows = ask(archive.home, "SELECT distance_m, device_distance_m FROM agreement WHERE device_distance_m > 500")
    if not rows:
        pytest.skip("the files of this archive store no totals")
    ours, theirs = np.array(rows, float).T
    assert np.nanmedian(abs(ours - theirs) / theirs) <= 0.01


@pytest.mark.slow
def test_mean_heart_rates_are_the_devices_own_within_a_beat(archive):
    rows = ask(
        archive.home,
        "SELECT heart_rate_mean_difference_bpm FROM agreement JOIN activities USING (activity_id) "
        "WHERE heart_rate_mean_difference_bpm IS NOT NULL AND heart_rate_coverage > 0.9",
    )
    if not rows:
        pytest.skip("the files of this archive store no totals")
    assert np.median(np.abs(np.array(rows, float))) <= 1.0


@pytest.mark.slow
def test_no_activity_holds_a_number_that_cannot_be(archive):
    impossible = """
        SELECT path FROM activities WHERE running_s > moving_s + 1 OR running_s + walking_s > moving_s + 1
        OR longest_run_s > running_s + 60 OR longest_run_m > distance_m * 1.01 OR timer_s > elapsed_s + 1
        OR least(distance_m, moving_s, running_s, load, elevation_gain_m, elevation_loss_m) < 0
        OR (elevation_gain_m > 0.1 * distance_m AND distance_m > 1000)
        OR (kind = 'run' AND longest_run_m / longest_run_s > 7)
    """
    assert ask(archive.home, impossible) == []


@pytest.mark.slow
def test_every_unknown_metric_says_why(archive):
    assert ask(archive.home, "SELECT * FROM metrics WHERE value IS NULL AND coalesce(reason, '') = '' LIMIT 5") == []


@pytest.mark.slow
def test_no_day_between_the_first_and_the_last_is_missing(archive):
    rows = ask(archive.home, "SELECT count(*), max(day) - min(day) + 1, count(fitness), count(load) FROM days")
    assert len(set(rows[0])) == 1


# days and copies


@pytest.mark.slow
def test_every_run_lies_on_its_day_in_china(archive):
    wrong = "SELECT path FROM activities WHERE local_day <> CAST(started_at AT TIME ZONE 'Asia/Shanghai' AS DATE)"
    assert ask(archive.home, wrong) == []


@pytest.mark.slow
def test_runs_before_eight_in_the_morning_lie_on_another_day_than_in_utc(archive):
    other = "SELECT count(*) FROM activities WHERE local_day <> CAST(started_at AT TIME ZONE 'UTC' AS DATE)"
    starts = [datetime.fromisoformat(r["start"]) for r in archive.rows if recorded(r) and r["start"]]
    early = sum(start.hour >= 16 for start in starts)  # 16 h UTC is midnight there
    assert ask(archive.home, other) == [(early,)]


OVERLAPS = """
    WITH a AS (
        SELECT path, coalesce(duplicate_of, activity_id) AS run, sport, started_at AS s, distance_m,
            started_at + to_seconds(CAST(greatest(elapsed_s, 1) AS BIGINT)) AS e, elapsed_s FROM activities
    )
    SELECT x.run = y.run FROM a x JOIN a y ON x.path < y.path AND x.s < y.e AND y.s < x.e
    WHERE epoch(least(x.e, y.e) - greatest(x.s, y.s)) > 0.5 * least(x.elapsed_s, y.elapsed_s)
"""


@pytest.mark.slow
def test_overlapping_recordings_of_several_apps_are_known_as_one_run(archive):
    same = [same for (same,) in ask(archive.home, OVERLAPS)]
    if not same:
        pytest.skip("nothing overlaps in this archive")
    assert sum(same) >= 82


@pytest.mark.slow
def test_no_two_runs_at_different_times_are_taken_for_one(archive):
    apart = """
        SELECT d.path, p.path FROM activities d JOIN activities p ON p.activity_id = d.duplicate_of
        WHERE abs(epoch(d.started_at - p.started_at)) > 600
        AND abs(d.distance_m - p.distance_m) > 0.1 * greatest(d.distance_m, p.distance_m)
        AND (d.started_at > p.started_at + to_seconds(CAST(p.elapsed_s AS BIGINT))
            OR p.started_at > d.started_at + to_seconds(CAST(d.elapsed_s AS BIGINT)))
    """
    assert ask(archive.home, apart) == []


@pytest.mark.slow
def test_the_copy_that_counts_is_never_one_that_ran_on_all_night(archive):
    forgotten = """
        SELECT p.path FROM activities d JOIN activities p ON p.activity_id = d.duplicate_of
        WHERE p.elapsed_s > 3 * d.elapsed_s AND d.distance_m > 0.95 * p.distance_m
    """
    assert ask(archive.home, forgotten) == []
