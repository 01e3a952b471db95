"""A runner's own table of sessions: recognised, read in its units and languages, and left alone where it is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.ingest.exports.diary import NO_LENGTH, NO_SPORT, NO_UNIT, is_diary
from steadymile.ingest.exports.lengths import lengths_s, time_of_day
from steadymile.ingest.formats import read
from steadymile.models.units import MILE_M

DIARY = """Date,Activity,Distance (km),Time,RPE,Notes
2026-11-14,Run,5.0,32:10,4,felt good
2026-11-16,Run,4.2,28:00,5,
2026-11-18,Walk,3.0,40:00,2,
"""
MAP_MY_RUN = """Date Submitted,Workout Date,Activity Type,Distance (mi),Workout Time (seconds),Avg Heart Rate,Steps
"Nov. 8, 2026","Nov. 7, 2026",Run,3.12,1860,150,4960
"""
RUNALYZE = """Date,Time,Sport,Type,Distance,Duration,Avg. HR
2026-11-14,18:05,Running,Easy,5.02,1930,148
"""
GERMAN = """Datum;Sportart;Strecke;Dauer;Puls
14.11.2026;Laufen;5,0;00:32:10;148
"""


def sessions(text: str):
    return read(text.encode(), "x").activities


def test_a_row_is_a_session_with_its_sport_distance_length_and_effort() -> None:
    run, _, walk = sessions(DIARY)
    assert (run.sport, run.stored.distance_m, run.stored.timer_s, run.rpe) == ("running", 5000.0, 1930.0, 4.0)
    assert (walk.sport, walk.stored.timer_s) == ("walking", 2400.0)


def test_a_session_without_a_time_of_day_stands_at_noon_of_its_day() -> None:
    assert sessions(DIARY)[0].started_at == datetime(2026, 11, 14, 12, tzinfo=UTC)


def test_two_sessions_of_one_day_stand_one_after_the_other() -> None:
    first, second = sessions("date,sport,minutes\n2026-11-14,run,30\n2026-11-14,run,20\n")
    assert first.started_at < second.started_at
    assert first.external_id != second.external_id


def test_answers_in_a_row_are_check_ins_of_that_day() -> None:
    first = read(DIARY.encode(), "x").checkins[0]
    assert (first.day, dict(first.values)) == (date(2026, 11, 14), {"rpe": 4.0, "note": "felt good"})


def test_of_a_day_with_two_sessions_each_keeps_its_own_effort() -> None:
    text = "date,sport,minutes,rpe,pain\n2026-11-14,run,30,3,1\n2026-11-14,run,20,7,2\n"
    found = read(text.encode(), "x")
    assert [a.rpe for a in found.activities] == [3.0, 7.0]
    assert [dict(c.values) for c in found.checkins] == [{"pain": 1.0}, {"pain": 2.0}]


def test_columns_state_their_units_in_brackets_or_at_their_end() -> None:
    (run,) = sessions(MAP_MY_RUN)
    assert (run.stored.distance_m, run.stored.timer_s) == (pytest.approx(3.12 * MILE_M), 1860.0)
    (other,) = sessions("date,sport,distance_mi,duration_min\n2026-11-14,run,3.1,30.5\n")
    assert (other.stored.distance_m, other.stored.timer_s) == (pytest.approx(3.1 * MILE_M), 1830.0)


def test_a_time_beside_a_duration_is_the_time_of_day() -> None:
    (run,) = sessions(RUNALYZE)
    assert run.stored.heart_rate_mean_bpm == 148.0
    assert (run.started_at.hour, run.started_at.minute, run.stored.timer_s) == (18, 5, 1930.0)


def test_a_table_in_german_counts_kilometres() -> None:
    (run,) = sessions(GERMAN)
    assert (run.sport, run.stored.distance_m, run.stored.heart_rate_mean_bpm) == ("running", 5000.0, 148.0)


def test_the_unit_of_a_pace_is_that_of_the_distance() -> None:
    (run,) = sessions("Date,Distance,Duration,Pace (min/mi)\n2026-11-14,3.1,0:31:00,10:00\n")
    assert (run.sport, run.stored.distance_m) == ("running", pytest.approx(3.1 * MILE_M))


def test_an_english_table_without_a_unit_gives_no_distance_and_says_so() -> None:
    found = read(b"Date,Sport,Distance,Duration\n2026-11-14,Run,3.1,0:31:00\n", "x")
    assert (found.activities[0].stored.distance_m, found.activities[0].stored.timer_s) == (None, 1860.0)
    assert found.notes == (NO_UNIT,)


def test_sessions_without_a_sport_are_not_taken_and_the_reason_says_what_to_add() -> None:
    found = read(b"date,distance_km,duration_min\n2026-11-14,5.0,32\n", "x")
    assert (found.activities, found.ignored) == ((), NO_SPORT)


@pytest.mark.parametrize(
    "row", ["2026-11-15,sleep,7.5,450", "2026-11-15,run,500,30", "2026-11-15,run,5,3000", "2026-11-15,,42,300"]
)
def test_a_row_of_no_sport_or_at_no_speed_of_a_person_is_left_out(row: str) -> None:
    found = read(f"date,sport,distance_km,minutes\n2026-11-14,run,5,30\n{row}\n".encode(), "x")
    assert (len(found.activities), found.left_out) == (1, 1)


def test_a_run_that_was_not_done_is_none() -> None:
    found = read(b"date,sport,minutes,done\n2026-11-14,run,30,yes\n2026-11-16,run,30,skipped\n", "x")
    assert len(found.activities) == 1


def test_two_tables_never_share_a_session() -> None:
    first, second = (sessions(f"date,sport,minutes\n2026-11-14,run,{m}\n")[0].external_id for m in (30, 31))
    assert first != second


def test_a_length_that_could_be_two_things_is_not_guessed() -> None:
    found = read(b"date,sport,duration\n2026-11-14,run,6:30\n", "x")
    assert (found.activities, found.ignored) == ((), NO_LENGTH)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("32:10", 1930.0), ("0:32:10", 1930.0), ("32 min", 1920.0), ("1h 05", 3900.0), ("1 h 5 min", 3900.0),
     ("1h05m", 3900.0), ("32'10\"", 1930.0), ("45m", 2700.0), ("", None)],
)  # fmt: skip
def test_lengths_are_read_as_people_write_them(text: str, expected: float | None) -> None:
    found = lengths_s([text, "30:00"], [5000.0, 5000.0], "")
    assert (found or [])[0] == expected


def test_hours_and_minutes_are_told_from_minutes_and_seconds_by_the_speed() -> None:
    assert lengths_s(["1:05", "0:32"], [10_000.0, 5000.0], "") == [3900.0, 1920.0]
    assert lengths_s(["65:00", "32:00"], [10_000.0, 5000.0], "") == [3900.0, 1920.0]


@given(st.floats(0.8, 6.0), st.integers(600, 10_000))
def test_a_number_of_seconds_or_minutes_is_told_by_the_speed(speed: float, lasted: int) -> None:
    far = [speed * lasted]
    assert lengths_s([str(lasted)], far, "") == [lasted]
    assert lengths_s([f"{lasted / 60:.4f}"], far, "") == [pytest.approx(lasted, abs=0.01)]


def test_times_of_day_are_no_lengths() -> None:
    text = "date,time,sport,distance_km\n2026-11-14,07:05,run,5\n2026-11-15,18:05,run,5\n2026-11-16,19:30,run,5.5\n"
    assert (sessions(text), read(text.encode(), "x").ignored) == ((), NO_LENGTH)


def test_half_past_six_in_the_evening_is_a_time_of_day_and_half_an_hour_is_none() -> None:
    assert time_of_day("6:30 pm") == time(18, 30)
    assert (time_of_day("0:32:10"), time_of_day("32:10")) == (None, None)


@pytest.mark.parametrize(
    "header",
    [
        "date,rpe,run_min,pain",  # check-ins of our own
        "date,run_min,walk_min,activity",
        "date,steps,distance (km),minutes",  # a day's totals of a tracker
        "Date,Calories Burned,Steps,Distance,Floors,Minutes Sedentary,Minutes Very Active",
        "date,sleep_h,resting_hr,hrv",
        "date,duration,score",  # a table of sleep
        "date,weight_kg,note",
        "name,sport,duration",  # no day
        "name,date,distance,time,place",  # results of a race
        "date,type,duration (hours)",  # sleep: the type is no sport
    ],
)
def test_tables_of_something_else_are_left_alone(header: str) -> None:
    assert not is_diary(f"{header}\n2026-11-14,3,30,1,1,1,1\n".encode())


def test_a_row_without_a_day_or_a_length_is_counted_and_the_others_are_taken() -> None:
    found = read(b"date,sport,minutes\n2026-11-14,run,30\nsoon,run,30\n2026-11-16,run,\n", "x")
    assert (len(found.activities), found.left_out) == (1, 2)


TRAINING = "date,type,duration_min,distance_km\n2026-11-02,Easy,30,5\n2026-11-04,Tempo,40,7.5\n2026-11-07,Long,80,13\n"


def test_a_runners_words_for_trainings_are_runs_in_a_table_of_his_own() -> None:
    assert [a.sport for a in read(TRAINING.encode(), "x").activities] == ["running"] * 3
    assert [a.sport for a in read((TRAINING + "2026-11-09,Walk,40,3.4\n").encode(), "x").activities][-1] == "walking"


@pytest.mark.parametrize("row", ["2026-11-09,Ride,60,20\n", "2026-11-09,Swim,40,1.5\n"])
def test_where_others_are_done_too_a_word_for_a_training_names_no_sport(row: str) -> None:
    assert [a.sport for a in read((TRAINING + row).encode(), "x").activities] not in (["running"] * 3,)
    assert "running" not in [a.sport for a in read((TRAINING + row).encode(), "x").activities]


def test_trainings_as_fast_as_a_bicycle_are_no_runs() -> None:
    fast = TRAINING.replace(",5\n", ",14\n").replace(",7.5\n", ",20\n").replace(",13\n", ",40\n")
    assert read(fast.encode(), "x").activities == ()


@pytest.mark.parametrize(
    "table",
    [
        "Дата;Вид спорта;Длительность;Дистанция, км\n21.10.2026;Бег;0:30:00;5,0\n",
        "日期,运动,时长,距离(公里)\n2026-10-21,跑步,0:30:00,5.0\n",
        "日付,種目,所要時間,距離\n2026-10-21,ランニング,0:30:00,5.0\n",
        "Data;Typ;Dystans (km);Czas\n2026-10-21;Bieganie;5,0;0:30:00\n",
        "Tarih;Tür;Mesafe (km);Süre\n21.10.2026;Koşu;5,0;0:30:00\n",
        "Ημερομηνία;Άθλημα;Απόσταση;Διάρκεια\n21/10/2026;Τρέξιμο;5,0;0:30:00\n",
        "التاريخ,النوع,المسافة (كم),الوقت\n2026-10-21,جري,5.0,0:30:00\n",
        "תאריך,סוג,מרחק,זמן\n21/10/2026,ריצה,5.0,0:30:00\n",
        "날짜,종목,거리,시간\n2026-10-21,달리기,5.0,0:30:00\n",
        "Päivämäärä;Laji;Matka;Kesto\n21.10.2026;Juoksu;5,0;0:30:00\n",
        "Data;Aktywność;Czas trwania;Dystans\n21.10.2026;Bieganie;0:30:00;5,0\n",
    ],
)
def test_a_table_in_another_script_is_the_same(table: str) -> None:
    (run,) = read(table.encode(), "x").activities
    assert (run.sport, run.started_at.date(), run.stored.timer_s) == ("running", date(2026, 10, 21), 1800.0)
    assert run.stored.distance_m == 5000.0


@pytest.mark.parametrize(
    ("table", "encoding"),
    [
        ("Дата;Вид спорта;Длительность;Дистанция, км\n21.10.2026;Бег;0:30:00;5,0\n", "cp1251"),
        ("日期,运动,时长,距离(公里)\n2026-10-21,跑步,0:30:00,5.0\n", "gbk"),
        ("日付,種目,所要時間,距離\n2026-10-21,ランニング,0:30:00,5.0\n", "shift_jis"),
        ("날짜,종목,거리,시간\n2026-10-21,달리기,5.0,0:30:00\n", "euc_kr"),
        ("日期,運動,時長,距離\n2026-10-21,跑步,0:30:00,5.0\n", "big5"),
        ("Ημερομηνία;Άθλημα;Απόσταση;Διάρκεια\n21/10/2026;Τρέξιμο;5,0;0:30:00\n", "cp1253"),
        ("Tarih;Tür;Mesafe (km);Süre\n21.10.2026;Koşu;5,0;0:30:00\n", "cp1254"),
        ("Date;Activité;Durée;Distance\n21/10/2026;Course à pied;0:30:00;5,0\n", "cp1252"),
    ],
)
def test_a_table_in_an_older_encoding_is_read_by_its_word_for_the_day(table: str, encoding: str) -> None:
    (session,) = read(table.encode(encoding), "x.csv").activities
    assert (session.sport, session.stored.distance_m, session.stored.timer_s) == ("running", 5000.0, 1800.0)


def test_a_table_in_persian_is_read_with_its_days() -> None:
    table = "تاریخ,مسافت,مدت,نوع\n1405-02-20,5,30:00,دویدن\n1405-02-21,10,40:00,دوچرخه سواری\n"
    run, ride = read(table.encode(), "x.csv").activities
    assert (run.started_at.date().isoformat(), run.sport, run.stored.distance_m) == ("2026-05-10", "running", 5000.0)
    assert ride.sport == "cycling"


MAKERS = {
    "TrainingPeaks": """WorkoutType,PlannedDuration,WorkoutDay,DistanceInMeters,TimeTotalInHours,HeartRateAverage,Rpe
Run,0.5,2026-11-14,4680.0,0.5,145,4
Run,1.0,2026-11-15,,,,
""",
    "Whoop": """Cycle timezone,Workout start time,Duration (min),Activity name,Average HR (bpm),Distance (meters)
UTC+01:00,2026-11-14 18:05:07,30,Running,145,4680.0
""",
    "Peloton": """Workout Timestamp,Length (minutes),Fitness Discipline,Distance (mi),Avg. Heartrate,Avg. Pace (min/mi)
2026-11-14 18:05 (CET),30,Running,2.908,145,10.3
""",
    "Final Surge": """Date,Time of Day,Activity Type,Distance,Distance Unit,Duration,Avg HR
2026-11-14,6:05 PM,Run,4.68,km,0:30:00,145
""",
}  # fmt: skip


@pytest.mark.parametrize("maker", MAKERS)
def test_lists_of_other_makers_are_sessions_with_their_totals_and_what_was_only_planned_is_none(maker) -> None:
    (run,) = sessions(MAKERS[maker])
    assert run.sport == "running"
    assert run.started_at.date() == date(2026, 11, 14)
    assert run.stored.distance_m == pytest.approx(4680.0, rel=1e-3)
    assert (run.stored.timer_s, run.stored.heart_rate_mean_bpm) == (1800.0, 145.0)


def test_a_time_of_day_behind_the_day_is_that_of_the_session() -> None:
    assert [sessions(MAKERS[name])[0].started_at.time() for name in ("Whoop", "Peloton")] == [time(18, 5), time(18, 5)]


def test_a_list_whose_day_has_another_makers_name_says_nothing_of_answers_without_a_day() -> None:
    found = read(MAKERS["TrainingPeaks"].encode(), "x")
    assert len(found.notes) == 1
    assert found.activities[0].rpe == 4.0


def test_a_length_is_one_of_time_only_in_a_unit_of_time() -> None:
    pool = "Date,Sport,Distance (m),Time,Length (m)\n2026-03-01,Running,5000,00:30:00,25\n"
    assert [a.stored.timer_s for a in sessions(pool)] == [1800.0]
    spin = "Date,Sport,Distance (km),Length (minutes)\n2026-03-01,Running,5.0,30\n"
    assert [a.stored.timer_s for a in sessions(spin)] == [1800.0]


def test_the_name_of_an_activity_is_its_sport_only_where_no_other_column_says_it() -> None:
    named = "Date,Activity Name,Activity,Minutes,Distance (km)\n2026-03-07,Morning,Running,30,5.0\n"
    assert [a.sport for a in sessions(named)] == ["running"]
    alone = "Date,Activity Name,Duration (min)\n2026-03-07,Running,30\n"
    assert [a.sport for a in sessions(alone)] == ["running"]


@pytest.mark.parametrize("midnight", ["00:00", "00:00:00"])
def test_midnight_behind_a_day_is_no_time_of_day_for_spreadsheets_write_it(midnight) -> None:
    row = f"2026-03-07 {midnight},Running,30,5.0\n"
    first, second = sessions("Date,Sport,Minutes,Distance (km)\n" + row + row.replace("30,5.0", "20,3.0"))
    assert first.started_at == datetime(2026, 3, 7, 12, tzinfo=UTC)
    assert first.started_at < second.started_at
