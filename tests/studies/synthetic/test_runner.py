"""The made runner's files look like a watch's, faults included, and follow from the seed alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import fitparse
import gpxpy
import numpy as np
import pytest
from steadymile.models.weekplan import PlannedSession, Step
from steadymile.studies.synthetic.body import RecordedSession
from steadymile.studies.synthetic.runner import MadeFile, MadeRunner, checkin_csv, season, to_fit, to_gpx

MONDAY = date(2026, 3, 2)
START = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
EIGHT_MINUTES = (Step(1, 0, 300), Step(8, 60, 90), Step(1, 0, 300))


def recorded(seed: int = 3, **extra: object) -> RecordedSession:
    return MadeRunner(np.random.default_rng(seed)).run_session(MONDAY, START, EIGHT_MINUTES, **extra)


@pytest.fixture(scope="module")
def files() -> list[MadeFile]:
    return list(season(np.random.default_rng(7), MONDAY, weeks=12))


def test_the_same_seed_gives_the_same_bytes() -> None:
    once = [(f.name, f.data) for f in season(np.random.default_rng(5), MONDAY, weeks=3)]
    assert once == [(f.name, f.data) for f in season(np.random.default_rng(5), MONDAY, weeks=3)]
    assert once != [(f.name, f.data) for f in season(np.random.default_rng(6), MONDAY, weeks=3)]


def test_the_heart_lags_behind_the_legs() -> None:
    done = recorded()
    moving = done.speed_m_s[300:1500] - done.speed_m_s[300:1500].mean()
    beats = np.nan_to_num(done.heart_rate_bpm[300:1500] - np.nanmean(done.heart_rate_bpm[300:1500]))
    lags = [float(np.sum(moving[: -lag or None] * beats[lag:])) for lag in range(60)]
    assert 15 <= int(np.argmax(lags)) <= 50


def test_running_is_told_from_walking_by_cadence() -> None:
    done = recorded()
    assert np.median(done.cadence_spm[done.speed_m_s > 1.9]) == pytest.approx(158, abs=4)
    assert np.median(done.cadence_spm[:290]) == pytest.approx(112, abs=4)


def test_a_climb_costs_heartbeats_on_the_same_effort() -> None:
    assert np.ptp(recorded().altitude_m) > 5


def test_indoors_there_is_neither_place_nor_height() -> None:
    record = next(iter(fitparse.FitFile(io.BytesIO(to_fit(recorded(indoor=True)))).get_messages("record"))).get_values()
    assert "position_lat" not in record
    assert "enhanced_altitude" not in record


def test_an_indoor_session_has_no_gpx() -> None:
    with pytest.raises(ValueError, match="no track"):
        to_gpx(recorded(indoor=True))


def test_gpx_and_fit_of_one_run_agree_on_time_and_count() -> None:
    done = recorded()
    points = [p for s in gpxpy.parse(io.BytesIO(to_gpx(done))).tracks[0].segments for p in s.points]
    rows = list(fitparse.FitFile(io.BytesIO(to_fit(done))).get_messages("record"))
    assert len(points) == len(rows) == done.t_s.size
    assert points[-1].time.replace(tzinfo=None) == rows[-1].get_value("timestamp")


def test_satellite_height_is_rougher_than_the_barometer() -> None:
    done = recorded()
    assert done.gps_altitude_m is not None
    assert done.altitude_m is not None
    rough, fine = (np.std(np.diff(z)) for z in (done.gps_altitude_m, done.altitude_m))
    assert rough > 1.5 * fine


def test_a_pause_is_left_out_of_the_records() -> None:
    paused = next(d for d in (recorded(seed) for seed in range(40)) if len(d.timer) > 1)
    (_, stop), (start, _) = paused.timer[:2]
    assert not ((paused.t_s > stop) & (paused.t_s < start)).any()
    assert paused.t_s.size == sum(b - a + 1 for a, b in paused.timer)


def test_the_sixth_session_locks_on_the_step_rate() -> None:
    runner = MadeRunner(np.random.default_rng(1))
    done = [runner.run_session(MONDAY + timedelta(days=2 * i), START, EIGHT_MINUTES) for i in range(6)]
    assert ["cadence_lock" in d.faults for d in done] == [False] * 5 + [True]


def test_endurance_grows_with_training() -> None:
    runner = MadeRunner(np.random.default_rng(2))
    before = runner.body.vo2max
    for day in range(0, 84, 2):
        runner.run_session(MONDAY + timedelta(days=day), START, EIGHT_MINUTES)
    assert 1.0 < runner.body.vo2max - before < 8.0


def test_a_session_too_long_for_the_body_is_not_completed() -> None:
    runner = MadeRunner(np.random.default_rng(2))
    done = runner.run_session(MONDAY, START, (Step(1, 2700, 0),))
    assert done.ran_s < 0.8 * done.asked_s
    assert done.rpe >= 6


def test_an_empty_session_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one step"):
        MadeRunner(np.random.default_rng(2)).run_session(MONDAY, START, ())


def test_a_season_holds_the_faults_of_a_real_folder(files: list[MadeFile]) -> None:
    names = [f.name for f in files]
    assert any(n.endswith(".zip") for n in names)
    assert any(n.startswith("from-the-web/") and n.endswith(".gpx") for n in names)
    assert any(n.startswith("cut-") for n in names)
    assert "notes.gpx" in names
    copies = [f for f in files if f.name.startswith("copies/")]
    assert any(f.data == copies[0].data for f in files if f.name == copies[0].name.removeprefix("copies/"))
    assert len(names) == len(set(names))


def test_the_cut_file_does_not_parse(files: list[MadeFile]) -> None:
    cut = next(f for f in files if f.name.startswith("cut-"))
    with pytest.raises(fitparse.FitParseError):
        list(fitparse.FitFile(io.BytesIO(cut.data)).get_messages())


def test_the_zip_holds_two_whole_files(files: list[MadeFile]) -> None:
    archive = zipfile.ZipFile(io.BytesIO(next(f.data for f in files if f.name.endswith(".zip"))))
    assert len(archive.namelist()) == 2
    assert archive.testzip() is None


def test_one_week_has_no_file(files: list[MadeFile]) -> None:
    missed = (MONDAY + timedelta(weeks=7)).isoformat()
    assert f"checkins-{missed}.csv" not in [f.name for f in files]
    assert f"checkins-{(MONDAY + timedelta(weeks=8)).isoformat()}.csv" in [f.name for f in files]


def test_no_file_of_the_made_runner_lies_where_people_live(files: list[MadeFile]) -> None:
    track = gpxpy.parse(io.BytesIO(next(f.data for f in files if f.name.startswith("from-the-web/"))))
    bounds = track.get_bounds()
    assert bounds is not None
    assert (round(bounds.min_latitude or 0), round(bounds.min_longitude or 0)) == (-21, 130)


def test_the_closed_loop_asks_for_each_week_once_and_in_order() -> None:
    asked: list[date] = []

    def decide(monday: date) -> Sequence[PlannedSession]:
        asked.append(monday)
        return [PlannedSession(monday + timedelta(days=d), "run", 30, "", EIGHT_MINUTES) for d in (1, 3, 5)]

    runner = MadeRunner(np.random.default_rng(4))
    weeks = list(runner.weeks(MONDAY, 4, decide))
    assert asked == [m for m, _ in weeks] == [MONDAY + timedelta(weeks=i) for i in range(4)]
    assert sum(f.name.endswith((".fit", ".gpx")) for _, files in weeks for f in files) >= 8


def test_rest_and_strength_leave_no_recording() -> None:
    plan = [PlannedSession(MONDAY, "rest", 0, ""), PlannedSession(MONDAY + timedelta(days=1), "strength", 20, "")]
    files = MadeRunner(np.random.default_rng(4)).do_week(MONDAY, plan)
    assert [f.name for f in files] == [f"checkins-{MONDAY.isoformat()}.csv"]


def test_the_check_in_file_has_one_row_a_day_and_leaves_silence_empty() -> None:
    runner = MadeRunner(np.random.default_rng(4))
    runner.diary.add(MONDAY, rpe=4)
    runner.diary.add(MONDAY, talk_test="yes")
    head, row = checkin_csv(runner.diary).splitlines()
    answers = dict(zip(head.split(","), row.split(","), strict=True))
    assert (answers["date"], answers["rpe"], answers["talk_test"], answers["pain"]) == ("2026-03-02", "4", "yes", "")
