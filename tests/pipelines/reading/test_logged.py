"""Runs and walks without a watch are sessions like any other, counted once, and go when they are taken back."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime

import fitparse
import pytest
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.log import log_checkin, unlog_checkin
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.nightly import run
from steadymile.pipelines.reading.logged import measured

from tests.pipelines.conftest import AS_OF, NIGHT, settings_of
from tests.pipelines.test_nightly import ask, hashes


def steps(file):
    return [message.get_values() for message in fitparse.FitFile(str(file)).get_messages("workout_step")]


NOW = datetime(2026, 7, 2, 12, tzinfo=UTC)
DAY = date(2026, 7, 1)
SESSIONS = "SELECT kind, running_s, walking_s, longest_run_s, rpe, talk_test FROM activities WHERE preferred"


def log(home, *pairs, day=DAY):
    return log_checkin(settings_of(home), None, pairs, day, None, NOW)


@pytest.fixture
def plain(tmp_path):
    """A home of somebody without a watch, one run logged."""
    log(tmp_path, "run_min=12", "walk_min=15", "rpe=4", "talk=yes", "pain=1")
    run(settings_of(tmp_path), NOW)
    return tmp_path


def test_a_logged_run_is_a_session_with_its_answers_and_without_a_longest_run(plain):
    assert ask(plain, SESSIONS) == [("run", 720.0, 900.0, None, 4.0, "yes")]
    assert ask(plain, "SELECT source, local_day, sha256, path FROM activities") == [("logged", DAY, None, None)]
    reason = "it was logged in minutes: how long you ran without a break is not known"
    assert ask(plain, "SELECT reason FROM metrics WHERE metric = 'longest_run_s'") == [(reason,)]


def test_a_logged_run_without_walking_was_run_in_one_piece():
    assert measured("run", 1800.0, 0.0).metrics["longest_run_s"].value == 1800.0
    assert measured("run", 1800.0, None).metrics["longest_run_s"].value is None
    assert measured("run", 1800.0, 600.0).metrics["longest_run_s"].value is None


def test_a_logged_run_has_a_load_from_its_effort_and_counts_in_day_and_week(plain):
    ((load, source),) = ask(plain, "SELECT load, load_source FROM activities")
    assert source == "rpe"
    assert ask(plain, f"SELECT load FROM days WHERE local_day = DATE '{DAY}'") == [(load,)]
    week = "SELECT runs_done, running_min_done, walking_min_done, load_done, running_unknown FROM weeks"
    assert ask(plain, f"{week} WHERE runs_done = 1") == [(1, 12.0, 15.0, load, 0)]


def test_a_corrected_run_stays_one_session_under_its_id_and_one_taken_back_goes(plain):
    before = ask(plain, "SELECT activity_id FROM activities")
    log(plain, "run_min=15", "walk_min=15", "rpe=5")
    run(settings_of(plain), NOW)
    assert ask(plain, "SELECT activity_id, running_s, rpe FROM activities") == [(*before[0], 900.0, 5.0)]
    unlog_checkin(settings_of(plain), None, ["run_min", "walk_min"], DAY, NOW)
    run(settings_of(plain), NOW)
    assert ask(plain, "SELECT count(*) FROM activities") == [(0,)]
    assert ask(plain, "SELECT count(*) FROM metrics") == [(0,)]
    assert ask(plain, "SELECT rpe, pain FROM checkins ORDER BY number") == [(4.0, 1.0), (5.0, None)]


def test_who_has_no_sensor_is_given_no_heart_rate_to_stay_under(plain):
    planned = "SELECT count(*) FROM planned_sessions WHERE kind = 'run' AND heart_rate_ceiling_bpm > 0"
    assert ask(plain, planned)[0][0] > 0
    faces = [(plain / "reports" / "index.html").read_text(), (plain / "calendar" / "me.ics").read_text()]
    assert not [text for text in faces if "beats a minute, slow down" in text.replace("\r\n ", "")]
    watch = list((plain / "workouts").glob("*.fit"))
    assert watch
    assert not [step for file in watch for step in steps(file) if step.get("target_type") == "heart_rate"]


def test_a_second_night_changes_nothing_and_a_rebuild_gives_the_same(plain):
    before = hashes(plain)
    assert not run(settings_of(plain), NOW).published
    rebuild_home(settings_of(plain), NOW, silent)
    assert hashes(plain) == before


def test_rows_of_a_check_in_file_are_sessions(tmp_path):
    (tmp_path / "inbox").mkdir()
    table = "date,run_min,walk_min,rpe\n2026-06-29,12,,4\n2026-06-30,,30,2\n2026-07-01,10,,3\n2026-07-01,20,,6\n"
    (tmp_path / "inbox" / "runs.csv").write_text(table)
    run(settings_of(tmp_path), NOW)
    found = ask(tmp_path, "SELECT kind, moving_s, rpe FROM activities ORDER BY local_day, moving_s")
    assert found == [("run", 720.0, 4.0), ("walk", 1800.0, 2.0), ("run", 600.0, 3.0), ("run", 1200.0, 6.0)]
    files = "SELECT count(*) FROM activities JOIN files USING (sha256)"
    assert ask(tmp_path, files) == [(4,)]


def test_a_report_of_a_day_to_come_is_no_session_yet(tmp_path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "runs.csv").write_text("date,run_min\n2026-07-09,12\n")
    run(settings_of(tmp_path), NOW)
    assert ask(tmp_path, "SELECT count(*) FROM activities") == [(0,)]


def test_a_run_that_was_recorded_too_is_counted_once_and_its_answers_go_to_the_recording(home):
    ((day, own, seconds),) = ask(
        home,
        "SELECT local_day, activity_id, running_s FROM activities WHERE preferred AND kind = 'run' "
        "ORDER BY local_day DESC LIMIT 1",
    )
    counted = ask(home, "SELECT count(*) FROM activities WHERE preferred")
    log(home, f"run_min={round(seconds / 60)}", "rpe=9", day=day)
    run(settings_of(home), NIGHT, as_of=AS_OF)
    assert ask(home, "SELECT count(*) FROM activities WHERE preferred") == counted
    twin = "SELECT duplicate_of, duplicate_rule FROM activities WHERE source = 'logged' AND duplicate_rule = 'logged' "
    assert ask(home, twin + f"AND local_day = DATE '{day}'") == [(own, "logged")]
    assert ask(home, f"SELECT rpe FROM activities WHERE activity_id = '{own}'") == [(9.0,)]


def test_a_recording_that_comes_later_takes_the_place_of_the_report(finished, tmp_path):
    ((day, seconds, path),) = ask(
        finished,
        "SELECT local_day, running_s, path FROM activities WHERE preferred AND kind = 'run' AND source = 'recorded' "
        "AND path LIKE '%.fit' ORDER BY local_day DESC LIMIT 1",
    )
    log(tmp_path, f"run_min={round(seconds / 60)}", "rpe=4", day=day)
    run(settings_of(tmp_path), NIGHT, as_of=AS_OF)
    assert ask(tmp_path, "SELECT source FROM activities WHERE preferred") == [("logged",)]
    shutil.copy(finished / "inbox" / path, tmp_path / "inbox")
    run(settings_of(tmp_path), NIGHT, as_of=AS_OF)
    assert ask(tmp_path, "SELECT source, rpe FROM activities WHERE preferred") == [("recorded", 4.0)]
