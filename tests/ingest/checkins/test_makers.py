"""Tables of other programs: recognised, their measurements read, their sliders left, or refused for the true reason."""

from __future__ import annotations

from datetime import date

import pytest
from steadymile.ingest.checkins.files import read_checkins
from steadymile.ingest.reading import Unreadable

HRV = (
    b"date, time, rMSSD, sleep_quality, muscle_soreness, fatigue\n"
    b"2017-27-07,07:39,84.2,9,5,5.0\n2017-01-08,07:45,70.8,5,5,5.0\n"
)


def test_one_day_that_proves_the_order_decides_it_for_the_whole_table():
    assert [c.day for c in read_checkins(HRV).checkins] == [date(2017, 7, 27), date(2017, 8, 1)]


def test_the_sliders_of_another_program_are_not_taken_for_our_scales():
    assert [dict(c.values) for c in read_checkins(HRV).checkins] == [{"hrv_rmssd_ms": 84.2}, {"hrv_rmssd_ms": 70.8}]


def test_days_in_our_order_stay_in_it():
    found = read_checkins(b"date,fatigue\n2026-01-08,3\n2026-01-27,4\n").checkins
    assert [c.day for c in found] == [date(2026, 1, 8), date(2026, 1, 27)]
    assert found[0].values["fatigue"] == 3.0


def test_the_measurements_of_a_wellness_table_are_read_in_its_units():
    table = b"date,restingHR,hrv,sleepSecs,fatigue,weight,rampRate\n2026-11-02,48,62,27000,3,70.5,1.2\n"
    (only,) = read_checkins(table).checkins
    assert only.values == {
        "resting_heart_rate_bpm": 48.0, "hrv_rmssd_ms": 62.0, "sleep_h": 7.5, "weight_kg": 70.5,
    }  # fmt: skip


def test_one_foreign_column_proves_a_foreign_scale():
    reading = read_checkins(b"date,fatigue,readiness,resting_hr\n2026-11-02,3,7,48\n")
    assert [dict(c.values) for c in reading.checkins] == [{"resting_heart_rate_bpm": 48.0}]


def test_a_table_of_nothing_but_foreign_scales_is_ignored_with_the_reason():
    reading = read_checkins(b"date,fatigue,soreness,readiness\n2026-11-02,3,2,7\n")
    assert "another program's" in (reading.ignored or "")


def test_two_values_beyond_our_scale_prove_another_one_for_the_whole_column():
    reading = read_checkins(b"date,fatigue,pain\n2026-11-02,3,0\n2026-11-03,8,1\n2026-11-04,9.5,2\n")
    assert [dict(c.values) for c in reading.checkins] == [{"pain": 0.0}, {"pain": 1.0}, {"pain": 2.0}]


def test_one_slip_of_the_pen_costs_its_own_cell_only():
    reading = read_checkins(b"date,fatigue\n2026-11-02,3\n2026-11-03,44\n2026-11-04,4\n")
    assert [c.values["fatigue"] for c in reading.checkins] == [3.0, 4.0]
    assert reading.salvaged is not None


def test_a_diary_of_ours_with_a_mood_of_its_own_keeps_its_answers():
    reading = read_checkins(b"date,fatigue,mood\n2026-11-02,3,fine\n")
    assert [dict(c.values) for c in reading.checkins] == [{"fatigue": 3.0}]


@pytest.mark.parametrize("text", [b"tp=lbs;k=0;lat=52.2;lon=10.5;\ntp=lbs;k=1;lat=90.0;\n", b"a = b = c\n"])
def test_text_with_an_equals_sign_is_no_broken_toml(text: bytes):
    assert "plain text" in (read_checkins(text).ignored or "")


def test_a_whoop_night_is_of_the_day_on_which_one_woke():
    table = (
        "Cycle start time,Cycle end time,Cycle timezone,Recovery score %,Resting heart rate (bpm),"
        "Heart rate variability (ms),Day Strain,Sleep onset,Wake onset,Asleep duration (min)\n"
        "2026-03-09 23:10:00,2026-03-10 22:50:00,UTC+01:00,67,52,61,10.2,2026-03-09 23:10:00,2026-03-10 07:00:00,432\n"
        "2026-03-10 22:50:00,,UTC+01:00,,,,,,,\n"
    )
    (morning,) = read_checkins(table.encode(), "physiological_cycles.csv").checkins
    assert morning.day == date(2026, 3, 10)
    assert morning.values == {"resting_heart_rate_bpm": 52.0, "hrv_rmssd_ms": 61.0, "sleep_h": pytest.approx(7.2)}


def test_a_program_s_first_column_of_times_is_not_taken_for_the_day():
    table = "Cycle begin,Day Strain,Resting heart rate (bpm)\n2026-03-09 23:10:00,10.2,52\n"
    with pytest.raises(Unreadable, match="no column with the day"):
        read_checkins(table.encode(), "cycles.csv")


@pytest.mark.parametrize("measured", ["resting_hr", "restingHR", "Resting HR", "resting_hr,spo2", "hrv,spo2"])
def test_a_resting_heart_rate_in_ones_own_table_takes_no_answer_away(measured: str):
    rows = f"date,pain,red_flag,rpe,sleep_hours,{measured}\n2026-11-20,6,chest pain,8,7.5,52,97\n"
    (only,) = read_checkins(rows.encode()).checkins
    said = {key: only.values.get(key) for key in ("pain", "red_flag", "rpe", "sleep_h")}
    assert said == {"pain": 6.0, "red_flag": "chest_pain", "rpe": 8.0, "sleep_h": 7.5}


def test_pain_and_warning_signs_beside_another_programs_columns_are_taken_and_its_scales_are_not():
    rows = b"date,restingHR,sleepSecs,fatigue,rpe,pain,red_flag,ill\n2026-11-20,48,27000,3,7,6,chest pain,yes\n"
    (only,) = read_checkins(rows).checkins
    assert only.values == {
        "resting_heart_rate_bpm": 48.0, "sleep_h": 7.5, "pain": 6.0, "red_flag": "chest_pain", "ill": True,
    }  # fmt: skip
