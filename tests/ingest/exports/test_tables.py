"""Lists of sessions as tables and as Fitbit's JSON: recognised, read in their units, and left alone where unsure."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from steadymile.ingest.exports.tables import is_table, read_table
from steadymile.ingest.formats import read
from steadymile.ingest.local_day import from_wall
from steadymile.models.units import MILE_M

TWINS = Path(__file__).parents[2] / "data" / "exports"
LISTS = {
    "garmin-activities-en.csv": ("garmin_list", 4),
    "garmin-activities-de.csv": ("garmin_list", 2),
    "runkeeper-cardioActivities.csv": ("runkeeper", 3),
    "zepp-SPORT.csv": ("zepp", 2),
    "fitbit-exercise-0.json": ("fitbit", 1),
}


def sessions(name: str):
    return from_wall(read((TWINS / name).read_bytes(), "x.bin"), "Europe/Berlin").activities


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_known_by_what_it_holds(name: str) -> None:
    found = sessions(name)
    assert ({a.reader for a in found}, len(found)) == ({LISTS[name][0]}, LISTS[name][1])
    assert {a.source for a in found} == {"listed"}


@pytest.mark.parametrize("name", LISTS)
def test_each_first_session_is_a_run_at_six_in_the_evening_in_berlin(name: str) -> None:
    first = sessions(name)[0]
    assert (first.sport, first.started_at) == ("running", datetime(2026, 11, 20, 17, tzinfo=UTC))


def test_steps_and_their_length_say_that_an_english_list_counts_miles() -> None:
    run = sessions("garmin-activities-en.csv")[0].stored
    assert run.distance_m == pytest.approx(3.11 * MILE_M)
    assert run.elevation_gain_m == pytest.approx(98 * 0.3048)


def test_garmin_s_times_and_totals_are_read_with_signs_for_thousands_and_unknowns() -> None:
    run, _, steady, gym = (a.stored for a in sessions("garmin-activities-en.csv"))
    assert (run.timer_s, run.moving_s, run.elapsed_s, run.calories_kcal) == (1710.0, 1700.0, 1802.0, 1024.0)
    assert (steady.heart_rate_mean_bpm, gym.distance_m) == (None, None)


def test_an_english_list_without_evidence_of_its_unit_gives_no_distance_and_says_so() -> None:
    lines = (TWINS / "garmin-activities-en.csv").read_text().splitlines()
    reading = read_table("\n".join((lines[0], lines[1], lines[4])).encode())
    assert [a.stored.distance_m for a in reading.activities] == [None, None]
    assert "kilometres or miles" in reading.notes[0]


def test_a_german_list_has_kilometres_with_decimal_commas() -> None:
    run, walk = (a.stored for a in sessions("garmin-activities-de.csv"))
    assert (run.distance_m, run.elevation_gain_m, run.heart_rate_max_bpm) == (5810.0, 31.0, 139.0)
    assert (walk.distance_m, walk.calories_kcal, walk.moving_s) == (2100.0, None, None)


def test_a_date_that_a_spreadsheet_wrote_anew_is_counted_as_missed() -> None:
    lines = (TWINS / "garmin-activities-de.csv").read_text().splitlines()
    reading = read_table("\n".join((*lines[:2], lines[2].replace("2026-11-21 12:00:00", "7/4/2026 15:36"))).encode())
    assert (len(reading.activities), reading.left_out) == (1, 1)


def test_runkeeper_s_units_stand_in_its_columns_names() -> None:
    run, gym, ride = (a.stored for a in sessions("runkeeper-cardioActivities.csv"))
    assert (run.distance_m, run.elevation_gain_m) == (pytest.approx(3.1 * MILE_M), pytest.approx(36.576))
    assert (run.timer_s, gym.distance_m, ride.timer_s) == (1710.0, None, 3912.0)


def test_a_number_that_zepp_gives_a_sport_and_nobody_published_is_an_unknown_sport() -> None:
    run, other = sessions("zepp-SPORT.csv")
    assert (run.stored.distance_m, other.stored.distance_m, other.sport) == (5321.0, None, "unknown")


def test_fitbit_s_entry_without_a_day_is_counted_and_the_other_read() -> None:
    reading = read((TWINS / "fitbit-exercise-0.json").read_bytes(), "x.json")
    (run,) = reading.activities
    assert (run.stored.distance_m, run.stored.timer_s, reading.left_out) == (pytest.approx(3.1 * MILE_M), 1800.0, 1)


def test_garmin_s_health_status_gives_the_measured_nights_hrv() -> None:
    found = read((TWINS / "garmin_healthStatusData.json").read_bytes(), "x.json").wellness
    assert [(w.quantity, w.day, w.value) for w in found] == [("hrv_ln_rmssd", date(2026, 11, 20), math.log(62.0))]


@pytest.mark.parametrize(
    "text",
    [
        "date,rpe,talk_test\n2026-11-20,4,yes\n",
        "type,date,duration\nRunning,2026-11-20,30\n",
        "a,date,b,c,d,e,f,g,h\nx,2026-11-20 18:00:00,maybe,t,1,2,00:10:00,1,2\n",
    ],
)
def test_another_table_is_none_of_these(text: str) -> None:
    assert not is_table(text.encode())
