"""Strava's activities.csv: titles and efforts, matched later by the start."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.ingest.archives.containers import Limits
from steadymile.ingest.exports.garmin import read_garmin
from steadymile.ingest.exports.strava import read_strava, strava_time
from steadymile.ingest.formats import read
from steadymile.ingest.inbox import load, release, scan
from steadymile.ingest.reading import Unreadable

HEAD = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Filename,"
    "Perceived Exertion\n"
)
ROW = '123,"Jan 5, 2026, 7:03:12 AM",Morning Run,Run,"cold, dry",1800,activities/1.fit.gz,4.0\n'


def test_a_row_is_a_check_in_at_the_sessions_start():
    (c,) = read_strava((HEAD + ROW).encode()).checkins
    assert (c.at, c.day) == (datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC), date(2026, 1, 5))
    assert c.values == {"title": "Morning Run", "note": "cold, dry", "rpe": 4.0}


def test_the_export_is_known_by_its_header_whatever_its_name():
    assert read((HEAD + ROW).encode(), "x.bin").what == "Strava activities.csv"


FIRST_13 = (
    "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,Verstrichene Zeit,Distanz,"
    "Max. Herzfrequenz,Relative Leistung,Pendeln,Hinweis,Aktivitätsausrüstung,Dateiname"
)
AFTER = ["Sportlergewicht", "Fahrradgewicht", "Verstrichene Zeit", "Bewegungszeit", "Distanz"]
AFTER += [f"s{n}" for n in range(19)] + ["Relative Leistung"] + [f"t{n}" for n in range(5)] + ["Gefühlte Anstrengung"]
GERMAN = ",".join([FIRST_13, *AFTER, "Art"])
GERMAN_ROW = '8228026758,"09.12.2022, 15:24:49",Feierabend,Lauf,kalt,3189,"9,44",,,false,,,activities/8228026758.fit.gz'
GERMAN_ROW += "," * 31 + '"4,5",'


def translated(word):
    """The table in a language that nobody foresaw: every name a made-up word, the same for the same."""
    return re.sub(r"[^,]+", lambda name: f"{word}{sum(map(ord, name.group()))}", GERMAN)


@pytest.mark.parametrize("head", [GERMAN, translated("ć"), translated("名")])
def test_the_export_is_read_in_any_language(head):
    reading = read(f"{head}\n{GERMAN_ROW}\n".encode(), "activities.csv")
    (c,) = reading.checkins
    assert (reading.what, c.at) == ("Strava activities.csv", datetime(2022, 12, 9, 15, 24, 49, tzinfo=UTC))
    assert c.values == {"title": "Feierabend", "note": "kalt", "rpe": 4.5}


MANUAL = (
    "ID attività,Data attività,Nome attività,Tipo attività,Descrizione,Tempo trascorso,Distanza,FC max,Nome file\n"
    '{},"12 mar 2026, 06:10:00",Corsa,{},,2400,"7,50",,\n'
)


def test_a_list_without_any_recording_is_known_in_any_language_by_ids_times_and_sports():
    (run,) = read(MANUAL.format("9010000001", "Corsa").encode(), "x.csv").activities
    assert (run.sport, run.stored.distance_m) == ("running", 7500.0)


@pytest.mark.parametrize(("number", "sport"), [("9010000001", "Fattura"), ("RE-12345678", "Corsa")])
def test_a_table_of_numbers_and_times_of_something_else_is_no_list_of_strava(number, sport):
    assert read(MANUAL.format(number, sport).encode(), "x.csv").what != "Strava activities.csv"


def test_a_column_is_taken_for_the_effort_only_in_a_layout_that_is_known_again():
    odd = translated("x").split(",")
    odd[15] = "other"
    (c,) = read_strava(f"{','.join(odd)}\n{GERMAN_ROW}\n".encode()).checkins
    assert c.values == {"title": "Feierabend", "note": "kalt"}


def test_a_list_saved_again_by_a_spreadsheet_with_semicolons_is_read():
    (c,) = read((HEAD + ROW).replace(",", ";").replace('"Jan 5; 2026; ', '"Jan 5, 2026, ').encode(), "a").checkins
    assert c.values["rpe"] == 4.0


def test_days_are_read_month_first_where_the_list_shows_it():
    rows = '1,"1/25/2026, 07:03:12",a,Run,,1,activities/1.fit\n2,"3/4/2026, 07:03:12",b,Run,,1,activities/2.fit\n'
    assert [c.day for c in read_strava((HEAD + rows).encode()).checkins] == [date(2026, 1, 25), date(2026, 3, 4)]


def test_effort_that_was_not_given_is_absent():
    (c,) = read_strava((HEAD + ROW.replace(",4.0", ",")).encode()).checkins
    assert "rpe" not in c.values


def test_a_bad_row_costs_that_row_only():
    reading = read_strava((HEAD + "9,when?,x,Run,,1,f,\n" + ROW).encode())
    assert len(reading.checkins) == 1
    assert "1 rows or cells" in reading.notes[0]


def test_a_list_whose_dates_cannot_be_read_is_refused_with_the_next_step():
    with pytest.raises(Unreadable, match="date"):
        read_strava((HEAD + "9,when?,x,Run,,1,f,\n").encode())


def test_an_empty_list_is_ignored():
    assert read_strava(HEAD.encode()).ignored == "The list holds no session"


POINT = b'<trkpt lat="50" lon="8"><time>2026-01-05T07:03:12Z</time></trkpt>'
GPX = b"<gpx><trk><type>running</type><trkseg>" + POINT + b"</trkseg></trk></gpx>"


def packed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def outcome(inbox):
    limits = Limits()
    found = {}
    for candidate in scan(inbox, {}, limits, now=4e9).candidates:
        try:
            reading = read(load(candidate, limits), candidate.label, limits)
        except Unreadable as error:
            found[candidate.label] = error.why
            continue
        found[candidate.label] = "ignored" if reading.ignored else reading.what
    release()
    return found


def test_a_whole_strava_export_comes_in(tmp_path):
    files = {
        "activities.csv": HEAD + ROW,
        "activities/1.gpx.gz": gzip.compress(GPX),
        "profile.csv": "Athlete ID,Email Address\n1,a@b.c\n",
        "media/1.jpg": b"\xff\xd8\xff\xe0",
    }
    (tmp_path / "export.zip").write_bytes(packed(files))
    assert outcome(tmp_path) == {
        "export.zip!/activities.csv": "Strava activities.csv",
        "export.zip!/activities/1.gpx.gz": "GPX track",
        "export.zip!/profile.csv": "ignored",
        "export.zip!/media/1.jpg": "ignored",
    }


def test_a_whole_garmin_export_comes_in_through_its_inner_zips(tmp_path):
    inner = packed({"anna_1.gpx": GPX})
    uploads = "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip"
    files = {uploads: inner, "DI_CONNECT/DI-Connect-Wellness/sleep.json": "[{}]"}
    (tmp_path / "garmin.zip").write_bytes(packed(files))
    assert outcome(tmp_path) == {
        f"garmin.zip!/{uploads}!/anna_1.gpx": "GPX track",
        "garmin.zip!/DI_CONNECT/DI-Connect-Wellness/sleep.json": "ignored",
    }


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Jan 5, 2026, 12:03:12 AM", datetime(2026, 1, 5, 0, 3, 12, tzinfo=UTC)),
        ("Jan 5, 2026, 12:03:12 PM", datetime(2026, 1, 5, 12, 3, 12, tzinfo=UTC)),
        ("Jan 5, 2026, 1:03:12\u202fPM", datetime(2026, 1, 5, 13, 3, 12, tzinfo=UTC)),
        ("5 Jan 2026, 07:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("2026-01-05 07:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("05.01.2026, 07:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("05/01/2026, 07:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("5 janv. 2026 à 07:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("5 août 2026, 07:03:12", datetime(2026, 8, 5, 7, 3, 12, tzinfo=UTC)),
        ("5 ene. 2026, 7:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("5 gen 2026, 07:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("5 de mai. de 2026, 07:03:12", datetime(2026, 5, 5, 7, 3, 12, tzinfo=UTC)),
        ("5 mrt. 2026 07:03:12", datetime(2026, 3, 5, 7, 3, 12, tzinfo=UTC)),
        ("5. mars 2026, 07.03.12", datetime(2026, 3, 5, 7, 3, 12, tzinfo=UTC)),
        ("5 янв. 2026 г., 07:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("2026/01/05 7:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("2026年1月5日 07:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("2026. 1. 5. 오후 7:03:12", datetime(2026, 1, 5, 19, 3, 12, tzinfo=UTC)),
        ("5 ene. 2026, 7:03:12 p. m.", datetime(2026, 1, 5, 19, 3, 12, tzinfo=UTC)),
        ("Feb 30, 2026, 7:03:12 AM", None),
        ("soon", None),
    ],
)
def test_the_exports_dates_are_utc(text, moment):
    assert strava_time(text) == moment


@given(st.text(max_size=120))
def test_any_text_after_the_header_is_read_or_refused(text):
    with suppress(Unreadable):
        read_strava((HEAD + text).encode("utf-8", "replace"))


def garmin(document):
    return read(json.dumps(document).encode(), "x.json")


def test_garmins_list_of_sessions_gives_their_names_and_efforts():
    row = {"activityId": 1, "name": "Hills", "beginTimestamp": 1700000000000, "workoutRpe": 40, "workoutFeel": 75}
    (c,) = garmin([{"summarizedActivitiesExport": [row, {"name": "no time"}]}]).checkins
    assert c.at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert (c.source, c.values) == ("garmin", {"title": "Hills", "rpe": 4.0, "feel": 75.0})


def test_garmins_nights_count_for_the_day_they_ended():
    night = {"calendarDate": "2026-03-02", "sleepStartTimestampGMT": "2026-03-01T21:30:00.0"}
    parts = {"deepSleepSeconds": 3600, "lightSleepSeconds": 18000, "remSleepSeconds": 5400, "awakeSleepSeconds": 900}
    (w,) = garmin([night | parts]).wellness
    assert (w.quantity, w.value, w.day) == ("sleep_h", 7.5, date(2026, 3, 2))


def test_garmins_days_give_their_own_resting_heart_rate_and_steps():
    day = {"calendarDate": "2026-03-02", "restingHeartRate": 55, "currentDayRestingHeartRate": 52, "totalSteps": 9000}
    found = {w.quantity: w.value for w in garmin([day, {"calendarDate": None}]).wellness}
    assert found == {"resting_heart_rate_bpm": 52.0, "steps": 9000.0}


def test_other_json_of_an_export_is_passed_over():
    assert garmin({"calendarDate": "2026-03-02", "hydration": 1}).ignored


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda s: st.lists(s, max_size=3)))
def test_any_json_with_garmins_words_is_read_or_refused(value):
    words = ("beginTimestamp", "name", "workoutRpe", "calendarDate", "totalSteps", "sleepStartTimestampGMT")
    with suppress(Unreadable):
        read_garmin(json.dumps([{"summarizedActivitiesExport": value}, dict.fromkeys(words, value), value]).encode())


def test_a_row_is_a_session_with_the_totals_and_the_sport_of_the_list():
    (session,) = read_strava(f"{GERMAN}\n{GERMAN_ROW}\n".encode()).activities
    assert (session.source, session.sport, session.external_id) == ("listed", "running", "8228026758")
    assert (session.stored.elapsed_s, session.stored.distance_m) == (3189.0, 9440.0)


def test_the_totals_after_the_files_name_win_over_the_rounded_ones():
    cells = GERMAN_ROW.split(",")
    row = GERMAN_ROW.replace(
        ",activities/8228026758.fit.gz,,,,,,", ",activities/8228026758.fit.gz,,,3189.0,3100.0,9437.5,"
    )
    assert row != GERMAN_ROW
    assert len(cells) > 40
    (session,) = read_strava(f"{GERMAN}\n{row}\n".encode()).activities
    assert (session.stored.moving_s, session.stored.distance_m) == (3100.0, 9437.5)


def test_rows_without_a_length_are_counted_and_named():
    reading = read_strava((HEAD + ROW + '5,"Jan 6, 2026, 7:00:00 AM",Rest,Yoga,,,,\n').encode())
    assert [s.title for s in reading.activities] == ["Morning Run"]
    assert "1 entries have no start or no length and were not taken: Rest" in reading.notes


def test_garmins_manual_session_is_a_session_with_its_totals():
    row = {"activityId": 7, "name": "Belt", "activityType": "treadmill_running", "beginTimestamp": 1794675600000,
           "duration": 1800000, "distance": 400000, "avgHr": 141}  # fmt: skip
    (session,) = read_garmin(json.dumps([{"summarizedActivitiesExport": [row]}]).encode()).activities
    assert (session.sport, session.sub_sport, session.source) == ("running", "treadmill", "listed")
    stored = session.stored
    assert (stored.timer_s, stored.distance_m, stored.heart_rate_mean_bpm) == (1800.0, 4000.0, 141.0)


@pytest.mark.parametrize(
    ("begun", "gmt", "start"),
    [(None, 1794675600000, 1794675600), (1794675600000, 1700000000000, 1794675600), (None, None, None)],
)
def test_garmins_session_without_one_start_has_the_other(begun: int | None, gmt: int | None, start: int | None):
    row = {"activityId": 7, "activityType": "running", "beginTimestamp": begun, "startTimeGmt": gmt,
           "startTimeLocal": 1794679200000, "duration": 1800000, "distance": None, "avgHr": None}  # fmt: skip
    found = read_garmin(json.dumps([{"summarizedActivitiesExport": [row]}]).encode()).activities
    assert [session.started_at.timestamp() for session in found] == ([] if start is None else [start])
    assert all((s.stored.distance_m, s.stored.heart_rate_mean_bpm) == (None, None) for s in found)


HEALTH = '<!DOCTYPE HealthData [<!ELEMENT HealthData (Workout)*>]><HealthData locale="en">{}</HealthData>'
APPLE = f'<?xml version="1.0"?>{HEALTH}'
WORKOUT = (
    '<Workout workoutActivityType="HKWorkoutActivityTypeCycling" duration="30" durationUnit="min" '
    'startDate="2026-11-05 18:00:00 +0100" endDate="2026-11-05 18:31:00 +0100">'
    '<WorkoutStatistics type="HKQuantityTypeIdentifierDistanceCycling" sum="9.5" unit="km"/></Workout>'
)


def test_apples_list_names_the_sport_the_start_and_the_totals_of_a_workout():
    (ride,) = read(APPLE.format(WORKOUT).encode(), "export.xml").activities
    assert (ride.sport, ride.started_at) == ("cycling", datetime(2026, 11, 5, 17, 0, tzinfo=UTC))
    assert (ride.stored.timer_s, ride.stored.elapsed_s, ride.stored.distance_m) == (1800.0, 1860.0, 9500.0)


def test_apples_export_without_workouts_holds_nothing():
    reading = read(APPLE.format('<Record type="HKQuantityTypeIdentifierStepCount" value="3"/>').encode(), "export.xml")
    assert "Apple Health's own list" in reading.ignored
