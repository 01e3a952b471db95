"""What people really have beside FIT, GPX and TCX: each format once rightly, and what only looks like one refused."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.ingest.archives.containers import Limits
from steadymile.ingest.formats import read
from steadymile.ingest.inbox import load, release, scan
from steadymile.ingest.local_day import from_wall, settle
from steadymile.ingest.reading import Unreadable
from steadymile.models.measuring.measure import measure

TWINS = Path(__file__).parents[2] / "data" / "exports"
RECORDINGS = {
    "opentracks.kml": "kml",
    "training-session-2026-11-20.json": "polar",
    "run.pwx": "pwx",
    "run.hrm": "polar_hrm",
}
BEGUN = datetime(2026, 11, 20, 17, tzinfo=UTC)


def twin(name):
    return read((TWINS / name).read_bytes(), name)


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_is_read_by_its_own_reader_whatever_it_is_called(name):
    reading = read((TWINS / name).read_bytes(), "x.bin")
    assert [a.reader for a in reading.activities] == [RECORDINGS[name]]


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_begins_when_it_began(name):
    (activity,) = from_wall(twin(name), "Europe/Berlin").activities
    assert activity.started_at == BEGUN


@pytest.mark.parametrize("name", ["opentracks.kml", "training-session-2026-11-20.json", "run.pwx"])
def test_a_run_of_ten_minutes_north_is_measured_as_what_it_was(name):
    (activity,) = from_wall(twin(name), "Europe/Berlin").activities
    found = measure(activity).metrics
    assert activity.sport == "running"
    assert found["distance_m"].value == pytest.approx(1475.0, rel=0.03)
    assert found["running_s"].value == pytest.approx(590.0, abs=20.0)
    assert found["heart_rate_mean_bpm"].value == pytest.approx(142.0, abs=2.0)


def test_tracks_of_one_kml_placemark_are_one_session_with_a_pause():
    (activity,) = twin("opentracks.kml").activities
    assert activity.timer == ((0.0, 290.0), (360.0, 650.0))
    assert activity.title == "Evening"


def test_a_kmz_is_the_kml_inside_it(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("doc.kml", (TWINS / "opentracks.kml").read_bytes())
    (tmp_path / "run.kmz").write_bytes(packed.getvalue())
    (candidate,) = scan(tmp_path, {}, Limits(), now=4e9).candidates
    assert read(load(candidate, Limits()), candidate.label).activities[0].reader == "kml"
    release()


def test_a_drawing_without_times_is_no_recording_and_says_so():
    reading = twin("drawing.kml")
    assert reading.activities == ()
    assert "without times" in (reading.ignored or "")


def test_a_kml_with_a_lone_time_stamp_is_a_drawing():
    text = (TWINS / "drawing.kml").read_text()
    stamped = text.replace("<LineString>", "<TimeStamp><when>2026-11-20T17:00:00Z</when></TimeStamp><LineString>")
    assert read(stamped.encode(), "x.kml").activities == ()


def test_places_that_were_not_known_keep_the_order_of_the_others():
    text = (TWINS / "opentracks.kml").read_text()
    first = text.index("<gx:coord>")
    without = text[:first] + "<gx:coord/>" + text[text.index("</gx:coord>") + len("</gx:coord>") :]
    (activity,) = read(without.encode(), "x.kml").activities
    assert activity.samples["latitude_deg"][0] is None
    assert activity.samples["latitude_deg"][1] == pytest.approx(52.000225, abs=1e-6)


def test_an_array_of_another_length_is_not_laid_on_the_samples():
    text = (TWINS / "opentracks.kml").read_text()
    (activity,) = read(text.replace("<gx:value>120</gx:value>", "", 1).encode(), "x.kml").activities
    assert activity.samples["heart_rate_bpm"][:30].null_count() == 30
    assert activity.samples["heart_rate_bpm"][30:].null_count() == 0


def test_a_kml_that_breaks_off_keeps_what_stands_before():
    data = (TWINS / "opentracks.kml").read_bytes()
    reading = read(data[: data.index(b"</gx:MultiTrack>")], "x.kml")
    assert reading.salvaged is not None
    assert reading.activities[0].samples.height == 60


def test_a_document_type_is_refused_in_every_xml():
    bomb = b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaa">]><kml><Document>&a;</Document></kml>'
    with pytest.raises(Unreadable, match="document type"):
        read(bomb, "x.kml")


def test_more_points_than_a_recording_has_are_refused():
    with pytest.raises(Unreadable, match="track points"):
        read((TWINS / "opentracks.kml").read_bytes(), "x.kml", replace(Limits(), max_points=10))


def test_polar_s_offset_makes_the_local_day():
    (activity,) = twin("training-session-2026-11-20.json").activities
    assert settle(activity, None).local_day == date(2026, 11, 20)
    assert activity.utc_offset_s == 3600


def test_polar_s_totals_and_device_are_kept():
    (activity,) = twin("training-session-2026-11-20.json").activities
    assert (activity.stored.distance_m, activity.stored.timer_s) == (1475.0, 590.0)
    assert activity.device.name == "Polar Polar Vantage M"


def test_polar_s_series_join_on_their_second():
    (activity,) = twin("training-session-2026-11-20.json").activities
    assert activity.samples.height == 60
    assert activity.samples["speed_m_s"][5] == pytest.approx(2.5)


def test_a_polar_session_of_totals_alone_is_one():
    row = {"startTime": "2026-11-20T18:00:00.000", "timezoneOffset": 60,
           "exercises": [{"duration": "PT30M", "distance": 5000.0, "sport": "RUNNING"}]}  # fmt: skip
    (activity,) = read(json.dumps(row).encode(), "x.json").activities
    assert (activity.started_at, activity.stored.timer_s) == (BEGUN, 1800.0)


def test_newer_polar_exports_name_their_totals_otherwise():
    row = {"startTime": "2026-11-20T18:00:00.000", "timezoneOffsetMinutes": 60, "durationMillis": 1800000,
           "distanceMeters": 5000.0, "hrAvg": 140, "sport": {"id": "1"}, "exercises": [{}]}  # fmt: skip
    (activity,) = read(json.dumps(row).encode(), "x.json").activities
    assert (activity.stored.timer_s, activity.stored.distance_m) == (1800.0, 5000.0)
    assert (activity.sport, activity.stored.heart_rate_mean_bpm) == ("running", 140.0)


def test_polar_s_nights_are_hours_asleep_and_the_nightly_rmssd():
    found = [(w.quantity, w.day, round(w.value, 2)) for w in twin("sleep_result.json").wellness]
    assert found == [("sleep_h", date(2026, 11, 20), 7.5), ("sleep_h", date(2026, 11, 21), 6.0)]
    (hrv,) = twin("nightly_recovery.json").wellness
    assert (hrv.quantity, hrv.day, round(hrv.value, 3)) == ("hrv_ln_rmssd", date(2026, 11, 20), 3.738)


def test_heart_rate_and_height_of_an_hrm_stand_in_the_columns_that_its_mode_says():
    samples = twin("run.hrm").activities[0].samples
    assert samples["t_s"].to_list()[:3] == [0.0, 10.0, 20.0]
    assert samples["heart_rate_bpm"][0] == 120.0
    assert samples["speed_m_s"][0] == pytest.approx(2.5)  # 90 tenths of a km/h
    assert samples["altitude_m"][10] == 101.0


def test_an_hrm_in_miles_and_feet_is_read_in_metres():
    text = (TWINS / "run.hrm").read_text().replace("SMode=10100000", "SMode=10100001")
    samples = read(text.encode(), "x.hrm").activities[0].samples
    assert samples["speed_m_s"][0] == pytest.approx(2.5 * 1.609344)
    assert samples["altitude_m"][0] == pytest.approx(30.48)


def test_an_hrm_of_beats_gives_the_beats():
    text = (
        "[Params]\nVersion=106\nSMode=00000000\nDate=20261120\nStartTime=18:00:00.0\nLength=00:01:00.0\nInterval=238\n"
    )
    (activity,) = read((text + "[HRData]\n" + "500\n" * 120).encode(), "x.hrm").activities
    assert activity.samples["heart_rate_bpm"][3] == pytest.approx(120.0)
    assert list(activity.rr_s[:2]) == [0.5, 0.5]


def test_a_pwx_takes_its_totals_from_the_workout_and_not_from_a_part():
    stored = twin("run.pwx").activities[0].stored
    assert (stored.elapsed_s, stored.timer_s, stored.distance_m) == (600.0, 590.0, 1475.0)
    assert stored.heart_rate_max_bpm == 150.0


def test_a_planned_pwx_is_no_session():
    plan = b"<pwx><workout><sportType>Run</sportType><time>2026-11-20T18:00:00</time></workout></pwx>"
    assert "no workout that was done" in (read(plan, "x.pwx").ignored or "")


def test_the_wall_clock_is_that_of_the_place_before_that_of_home():
    (activity,) = from_wall(twin("run.pwx"), "America/New_York").activities  # the way lies in Germany
    assert activity.started_at == BEGUN


def test_without_place_and_zone_the_wall_clock_keeps_the_day():
    (activity,) = from_wall(twin("run.hrm"), None).activities
    assert settle(activity, None).local_day == date(2026, 11, 20)


def test_garmin_s_table_of_nights_gives_hours_and_resting_rates():
    found = [(c.day, dict(c.values)) for c in twin("garmin-sleep.csv").checkins]
    assert found == [
        (date(2026, 11, 19), {"resting_heart_rate_bpm": 52.0, "sleep_h": pytest.approx(5 + 8 / 60)}),
        (date(2026, 11, 20), {"resting_heart_rate_bpm": 53.0, "sleep_h": pytest.approx(7 + 55 / 60)}),
    ]


def test_a_first_column_of_days_needs_no_name():
    found = [(c.day, c.values["resting_heart_rate_bpm"]) for c in twin("garmin-resting.csv").checkins]
    assert found == [(date(2026, 11, 19), 52.0), (date(2026, 11, 20), 53.0)]


def test_garmin_s_table_of_weeks_is_taken_for_no_day():
    table = b"Date,Avg Score,Avg Quality,Avg Duration,Sleep Need,Duration\nNov 1-7,65,Fair,6h 11min,8h,6h 11min\n"
    with pytest.raises(Unreadable, match="not a day"):
        read(table, "Sleep.csv")


@pytest.mark.parametrize(
    ("name", "quantity", "value"),
    [
        ("garmin_sleepData.json", "sleep_h", 7.5),
        ("garmin_userBioMetrics.json", "weight_kg", 70.5),
        ("garmin_daily_sleep.json", "sleep_h", 7.5),
        ("garmin_daily_sleep.json", "resting_heart_rate_bpm", 51.0),
    ],
)
def test_garmin_s_json_gives_its_readings_by_day(name, quantity, value):
    found = {(w.quantity, w.day): w.value for w in twin(name).wellness}
    assert found[quantity, date(2026, 11, 20)] == pytest.approx(value)


def test_a_list_of_intervals_icu_is_sessions_with_effort_and_feel():
    reading = twin("intervals_activities.csv")
    run, ride = from_wall(reading, "Europe/Berlin").activities
    assert (run.started_at, run.sport, run.source) == (datetime(2026, 11, 9, 17, tzinfo=UTC), "running", "listed")
    assert (run.stored.distance_m, run.stored.moving_s) == (4168.0, 1799.0)
    assert (run.rpe, run.feel, ride.rpe) == (4.0, 75.0, None)
    assert reading.left_out == 1


def test_json_of_another_program_stays_ignored():
    assert "app's own data" in (read(b'{"startTime": "2026-11-20", "workouts": []}', "x.json").ignored or "")


MUTANTS = [path.read_bytes() for path in sorted(TWINS.iterdir())]


@given(st.sampled_from(MUTANTS), st.integers(0, 20_000), st.binary(max_size=12))
def test_a_damaged_export_is_read_or_refused_and_nothing_else(data, at, noise):
    at %= len(data)
    assert "fault of steadymile" not in outcome(data[:at] + noise + data[at + len(noise) :])


def outcome(data):
    """The reason why a file was refused; empty where it was read."""
    try:
        reading = read(data, "x")
    except Unreadable as refusal:
        return refusal.reason
    return "" if all(activity.started_at.tzinfo for activity in reading.activities) else "a start without a zone"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8) | st.just("PT1H"),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "exercises",
                        "startTime",
                        "samples",
                        "heartRate",
                        "recordedRoute",
                        "dateTime",
                        "value",
                        "night",
                        "evaluation",
                        "asleepDuration",
                        "duration",
                        "distance",
                        "timezoneOffset",
                        "dailySleepDTO",
                        "metaData",
                        "weight",
                        "calendarDate",
                        "sleepStartTimestampGMT",
                        "lastNightAvg",
                        "product",
                        "sport",
                    ]
                ),
                inner,
                max_size=6,
            )
        ),
        max_leaves=12,
    )
)
def test_json_of_any_shape_breaks_no_reader(value):
    text = json.dumps({"exercises": [value], "startTime": "2026-11-20T18:00:00", "asleepDuration": value})
    for document in (text, json.dumps({"dailySleepDTO": value, "calendarDate": "2026-11-20", "weight": value})):
        assert "fault of steadymile" not in outcome(document.encode())


@pytest.mark.parametrize("interval", ["\u00b2", "9" * 5000, "99999999999999", "-5", "nan"])
def test_an_interval_that_no_hrm_file_has_is_unknown(interval):
    head = "[Params]\nVersion=106\nSMode=000000000\nDate=20260101\nStartTime=10:00:00.0\nLength=00:05:00.0\n"
    found = read(f"{head}Interval={interval}\n[HRData]\n120\n121\n".encode(), "x.hrm")
    assert (found.activities[0].samples.height, found.activities[0].stored.elapsed_s) == (0, 300.0)
