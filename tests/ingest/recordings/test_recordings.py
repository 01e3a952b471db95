"""Recordings in makers' own formats: one simulated run, written as each maker writes it, is read as what it was."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from steadymile.ingest.formats import read
from steadymile.ingest.local_day import from_wall, settle
from steadymile.ingest.reading import Unreadable
from steadymile.models.measuring.measure import measure

BEGUN = datetime(2026, 11, 20, 17, tzinfo=UTC)
SECONDS = 600
SPEED_M_S = 2.5
T = range(SECONDS + 1)
HEART = [130 + 20 * t // SECONDS for t in T]
LATITUDE = [52.0 + math.degrees(SPEED_M_S * t / 6_371_008.8) for t in T]
WAY_M = [SPEED_M_S * t for t in T]


def local(t: float, zone: str = "") -> str:
    return (BEGUN + timedelta(hours=1, seconds=t)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + zone


def ms(t: float) -> int:
    return int((BEGUN.timestamp() + t) * 1000)


def polar(**changes) -> dict:
    exercise = {
        "startTime": local(0),
        "stopTime": local(SECONDS),
        "durationMillis": SECONDS * 1000,
        "distanceMeters": 1500.0,
        "ascentMeters": 5.0,
        "timezoneOffsetMinutes": 60,
        "sport": {"id": "1"},
        "statistics": {"statistics": [{"type": "STATISTICS_TYPE_HEART_RATE", "min": 130, "avg": 140, "max": 150}]},
        "samples": {
            "samples": [
                {"type": "HEART_RATE", "intervalMillis": 1000, "values": HEART},
                {"type": "SPEED", "intervalMillis": 1000, "values": [math.nan, *[SPEED_M_S * 3.6] * SECONDS]},
                {"type": "DISTANCE", "intervalMillis": 1000, "values": [math.nan, *WAY_M[1:]]},
                {"type": "ALTITUDE", "intervalMillis": 1000, "values": [0, 0, 0, *[183.0] * (SECONDS - 2)]},
                {"type": "CADENCE", "intervalMillis": 1000, "values": [82] * (SECONDS + 1)},
            ]
        },
        "routes": {
            "route": {
                "startTime": local(2),
                "wayPoints": [
                    {"longitude": 13.0, "latitude": LATITUDE[t], "altitude": 190.0, "elapsedMillis": (t - 2) * 1000 + 2}
                    for t in T[2:]
                ],
            }
        },
        "pauseTimes": [],
    } | changes
    head = {"identifier": {"id": "7"}, "startTime": local(0), "name": "", "timezoneOffsetMinutes": 60}
    return head | {"sport": {"id": "1"}, "product": {"modelName": "Polar Vantage M"}, "exercises": [exercise]}


def suunto(number: int = 3, wrapped: bool = False) -> dict:
    zone = "+01:00"
    samples = [{"TimeISO8601": local(0, zone), "Events": [{"ArrayBegin": 0, "Lap": {"Type": "Start"}}]}]
    for t in T:
        samples += [
            {"TimeISO8601": local(t + 0.77, zone), "HR": HEART[t] / 60},
            {
                "TimeISO8601": local(t, zone),
                "Latitude": math.radians(LATITUDE[t]),
                "Longitude": math.radians(13.0),
                "GPSAltitude": 35,
            },
            {
                "TimeISO8601": local(t + 0.65, zone),
                "Altitude": 24.6,
                "Speed": SPEED_M_S if t else None,
                "Cadence": 82 / 60,
                "Distance": WAY_M[t],
                "Power": 130,
                "Temperature": 297.15,
                "AbsPressure": 102_676,
            },
        ]
    if wrapped:
        return {
            "Samples": [
                {"TimeISO8601": s.pop("TimeISO8601"), "Attributes": {"suunto/sml": {"Sample": s}}, "Source": "suunto-1"}
                for s in samples
            ]
        }
    header = {"ActivityType": number, "DateTime": local(0, zone), "Distance": 1500, "Duration": 600.0}
    header |= {"Energy": 418_400.0, "MAXVO2": 50.9, "PeakTrainingEffect": 3.8, "RecoveryTime": 75_600, "Ascent": None}
    return {"DeviceLog": {"Header": header, "Samples": samples, "Device": {"Name": "Tianjin"}}}


def sml() -> str:
    rows = "".join(
        f"<Sample><HR>{HEART[t] / 60:.4f}</HR><Distance>{WAY_M[t]}</Distance><Speed>2.5</Speed><Time>{t}.003</Time>"
        f"<SampleType>periodic</SampleType><UTC>{(BEGUN + timedelta(seconds=t)).isoformat()[:-6]}.003Z</UTC></Sample>"
        f"<Sample><Latitude>{math.radians(LATITUDE[t]):.12f}</Latitude><Longitude>{math.radians(13.0):.12f}</Longitude>"
        f"<GPSAltitude>511</GPSAltitude><Time>{t}</Time><UTC>{(BEGUN + timedelta(seconds=t)).isoformat()[:-6]}Z</UTC>"
        "</Sample>"
        for t in T
    )
    return (
        '<?xml version="1.0"?><sml xmlns="http://www.suunto.com/schemas/sml"><DeviceLog><Header><Duration>600.0'
        f"</Duration><ActivityType>3</ActivityType><Activity>Running</Activity><Distance>1500</Distance><DateTime>"
        f"{local(0)[:-4]}</DateTime></Header><Device><Name>Suunto Ambit3</Name></Device><Samples>{rows}</Samples>"
        "</DeviceLog></sml>"
    )


def nike(**changes) -> dict:
    def series(kind: str, unit: str, values: list[float], last: int = 0) -> dict:
        rows = [
            {"start_epoch_ms": ms(t), "end_epoch_ms": ms(t + last), "value": value} for t, value in enumerate(values)
        ]
        return {"type": kind, "unit": unit, "source": "com.nike.running.ios.corelocation", "values": rows}

    return {
        "id": "a-1",
        "type": "run",
        "app_id": "com.nike.sport.running.ios",
        "start_epoch_ms": ms(0),
        "end_epoch_ms": ms(SECONDS),
        "active_duration_ms": SECONDS * 1000,
        "metrics": [
            series("latitude", "DEG", LATITUDE),
            series("longitude", "DEG", [13.0] * (SECONDS + 1)),
            series("heart_rate", "BPM", HEART),
            series("distance", "KM", [0.0025] * SECONDS, 1),
            series("speed", "KMH", [9.0] * SECONDS),
        ],
        "summaries": [{"metric": "distance", "summary": "total", "value": 1.5}],
        "tags": {"com.nike.name": "Friday Evening Run", "location": "outdoors"},
        "moments": [],
    } | changes


def golden_cheetah(**changes) -> dict:
    """At 8 s the strap and the places had dropped out."""
    places = [(LATITUDE[t], 13.0) if t != 8 else (0, 0) for t in T]
    return {
        "RIDE": {
            "STARTTIME": BEGUN.strftime("%Y/%m/%d %H:%M:%S UTC "),
            "RECINTSECS": 1,
            "DEVICETYPE": "Garmin FR935 ",
            "TAGS": {"Sport": "Run ", "SubSport": "Trail ", "Workout Code": "Easy  run "},
            "SAMPLES": [
                {"SECS": t, "KM": WAY_M[t] / 1000, "KPH": 9, "HR": HEART[t] if t != 8 else 0, "CAD": 0, "RCAD": 82,
                 "LAT": places[t][0], "LON": places[t][1], "ALT": 30, "WATTS": 0}
                for t in T
            ],
        }
        | changes
    }  # fmt: skip


def samsung_live() -> list[dict]:
    rows: list[dict] = [{"heart_rate": HEART[t], "start_time": ms(t) + 120} for t in T]
    rows += [{"distance": SPEED_M_S if t else 0.0, "speed": SPEED_M_S, "cadence": 164.0, "calorie": 0.2,
              "start_time": ms(t)} for t in T]  # fmt: skip
    return rows


def adidas_places() -> list[dict]:
    return [{"version": 1, "timestamp": local(t)[:-4].replace("T", " ") + " +0100", "longitude": 13.0,
             "latitude": LATITUDE[t], "altitude": 30.0, "accuracy_v": 0, "accuracy_h": 5, "speed": 9.0,
             "duration": t * 1000, "distance": WAY_M[t], "elevation_gain": 0} for t in T]  # fmt: skip


def health_auto_export(**changes) -> dict:
    def at(t: float) -> str:
        return f"{BEGUN + timedelta(hours=1, seconds=t):%Y-%m-%d %H:%M:%S} +0100"

    workout = {
        "id": "A-1",
        "name": "Outdoor Run",
        "start": at(0),
        "end": at(SECONDS),
        "duration": float(SECONDS),
        "isIndoor": False,
        "distance": {"qty": 1.5 / 1.609344, "units": "mi"},
        "activeEnergyBurned": {"qty": 418.4, "units": "kJ"},
        "heartRate": {"avg": {"qty": 140, "units": "bpm"}, "max": {"qty": 150, "units": "bpm"}},
        "heartRateData": [{"date": at(t), "Min": 100, "Avg": HEART[t], "Max": 190, "units": "bpm"} for t in T[::5]],
        "route": [{"latitude": LATITUDE[t], "longitude": 13.0, "altitude": 35.0, "timestamp": at(t)} for t in T],
    }
    return {"data": {"metrics": [], "workouts": [workout | changes]}}


WRITTEN = {
    "health_auto_export": health_auto_export(),
    "polar": polar(),
    "suunto": suunto(),
    "suunto, wrapped": suunto(wrapped=True),
    "sml": sml(),
    "nike": nike(),
    "nike, a list": {"activities": [nike()], "paging": {}},
    "golden_cheetah": golden_cheetah(),
    "samsung": samsung_live(),
    "adidas": adidas_places(),
}


def one(written):
    data = written if isinstance(written, str) else json.dumps(written)
    reading = from_wall(read(data.encode(), "x.bin"), "Europe/Berlin")
    (activity,) = reading.activities
    return activity


@pytest.mark.parametrize("maker", WRITTEN)
def test_a_run_is_measured_as_what_it_was(maker):
    activity = one(WRITTEN[maker])
    found = measure(activity).metrics
    assert activity.started_at == BEGUN
    assert found["distance_m"].value == pytest.approx(1500.0, rel=0.01)
    assert found["moving_s"].value == pytest.approx(600.0, abs=3.0)
    if maker != "adidas":
        assert found["heart_rate_mean_bpm"].value == pytest.approx(140.0, abs=1.0)


@pytest.mark.parametrize("maker", ["polar", "suunto", "sml", "nike", "golden_cheetah", "health_auto_export"])
def test_the_sport_is_what_the_maker_s_number_or_word_says(maker):
    assert one(WRITTEN[maker]).sport == "running"


@pytest.mark.parametrize("maker", ["polar", "suunto", "sml", "health_auto_export"])
def test_the_stated_offset_makes_the_local_day(maker):
    activity = one(WRITTEN[maker])
    assert activity.utc_offset_s == 3600
    assert settle(activity, "America/New_York").local_day == date(2026, 11, 20)


def test_what_polar_did_not_measure_stays_unknown():
    samples = one(WRITTEN["polar"]).samples
    assert samples["speed_m_s"][0] is None
    assert samples["altitude_m"][:4].to_list() == [None, None, None, 183.0]
    assert samples["latitude_deg"][:3].to_list() == [None, None, pytest.approx(LATITUDE[2])]


def test_heights_at_the_sea_that_begin_with_zero_are_heights():
    run = polar()
    run["exercises"][0]["samples"]["samples"][3]["values"] = [0, 0, 1.0, *[2.0] * (SECONDS - 2)]
    assert one(run).samples["altitude_m"][:3].to_list() == [0.0, 0.0, 1.0]


def test_polar_s_samples_behind_a_pause_come_later_by_it():
    pause = {"startTime": local(300), "endTime": local(420)}
    activity = one(polar(stopTime=local(720), pauseTimes=[pause], routes={}))
    assert activity.timer == ((0.0, 300.0), (420.0, 720.0))
    assert (activity.stored.elapsed_s, activity.stored.timer_s) == (720.0, 600.0)
    assert activity.samples["t_s"].max() == 720.0
    assert measure(activity).metrics["moving_s"].value == pytest.approx(600.0, abs=3.0)


def test_polar_s_samples_that_ran_on_in_a_pause_stay_where_they_are():
    pause = {"startTime": local(300), "endTime": local(420)}
    activity = one(polar(durationMillis=480_000, pauseTimes=[pause]))
    assert activity.samples["t_s"].max() == 600.0
    assert activity.timer == ((0.0, 300.0), (420.0, 600.0))


def test_a_polar_session_of_which_nothing_was_measured_counts_by_its_totals():
    channels = [{"type": kind, "intervalMillis": 1000, "values": [math.nan] * 3} for kind in ("HEART_RATE", "SPEED")]
    activity = one(polar(samples={"samples": channels}, routes={}, sport={"id": "83"}))
    assert (activity.sport, activity.samples.height, activity.stored.timer_s) == ("unknown", 0, 600.0)


def test_suunto_s_totals_are_kept_in_our_units():
    stored = one(WRITTEN["suunto"]).stored
    assert (stored.timer_s, stored.distance_m, stored.calories_kcal, stored.recovery_time_h) == (600, 1500, 100, 21)
    assert (stored.vo2max_ml_kg_min, stored.aerobic_training_effect) == (50.9, 3.8)


def test_suunto_s_air_pressure_says_that_its_heights_are_a_barometer_s():
    activity = one(WRITTEN["suunto"])
    assert activity.device.barometer is True
    assert activity.samples["altitude_m"][5] == 24.6
    assert activity.samples["temperature_c"][5] == pytest.approx(24.0)


def test_suunto_s_cadence_of_one_foot_counts_both():
    assert one(WRITTEN["suunto"]).samples["cadence_spm"][5] == pytest.approx(164.0)


def test_a_suunto_number_that_is_not_known_stands_for_no_sport():
    assert one(suunto(number=999)).sport == "unknown"


def test_suunto_s_pauses_are_the_timer_s():
    log = suunto()
    samples = log["DeviceLog"]["Samples"]
    log["DeviceLog"]["Header"]["Duration"] = 480.0
    kept = [s for s in samples if not local(200) < s["TimeISO8601"][:23] < local(320)]
    for t, state in ((200, True), (320, False)):
        kept.append({"TimeISO8601": local(t, "+01:00"), "Events": [{"Pause": {"State": state}}]})
    log["DeviceLog"]["Samples"] = sorted(kept, key=lambda s: s["TimeISO8601"])
    assert one(log).timer == ((0.0, 200.0), (320.0, 600.0))


def test_a_suunto_log_in_which_the_sport_changed_is_a_session_of_each():
    log = suunto()
    events = [
        {"TimeISO8601": local(t, "+01:00"), "Events": [{"Activity": {"ActivityType": n}}]}
        for t, n in ((0, 4), (300, 3))
    ]
    log["DeviceLog"]["Samples"][:0] = events
    ride, run = read(json.dumps(log).encode(), "x").activities
    assert [(a.sport, a.index) for a in (ride, run)] == [("cycling", 0), ("running", 1)]
    assert run.started_at == BEGUN + timedelta(seconds=300)


def test_a_suunto_log_without_any_time_is_refused_for_that():
    with pytest.raises(Unreadable, match="time"):
        read(b'{"DeviceLog": {"Header": {"Depth": {"Max": 25.5}, "Duration": 1800}, "Samples": []}}', "x.json")


def test_an_sml_that_breaks_off_keeps_what_stands_before():
    reading = read(sml()[: len(sml()) // 2].encode(), "x.sml")
    assert reading.salvaged is not None
    assert 250 < reading.activities[0].samples.height < 350


def test_an_sml_without_utc_is_of_the_clock_on_the_wall():
    import re

    activity = one(re.sub("<UTC>.*?</UTC>", "", sml()))
    assert activity.started_at == BEGUN
    assert activity.samples.height == SECONDS + 1


def test_nike_s_unit_is_taken_at_its_word_and_another_is_left_out():
    run = nike()
    run["metrics"][3]["unit"] = "FURLONG"
    assert one(run).samples["distance_m"].null_count() == one(run).samples.height


def test_nike_s_halts_count_where_they_add_up():
    halts = [{"key": "halt", "value": v, "timestamp": ms(t)} for t, v in ((100, "pause"), (160, "resume"))]
    assert one(nike(moments=halts, active_duration_ms=540_000)).timer == ((0.0, 100.0), (160.0, 600.0))
    assert one(nike(moments=halts)).timer is None


def test_nike_s_run_that_was_typed_in_is_a_listed_one():
    activity = one(nike(tags={"com.nike.running.runtype": "manual"}))
    assert (activity.source, activity.samples.height, activity.stored.distance_m) == ("listed", 0, 1500.0)


def test_nike_s_run_indoors_is_indoors():
    assert one(nike(tags={"location": "indoors"})).sub_sport == "indoor"


def adidas_session(**changes) -> dict:
    return {"start_time": ms(0), "end_time": ms(700), "start_time_timezone_offset": 3_600_000, "distance": 1500,
            "duration": 600_000, "elevation_gain": 74, "pulse_avg": 140, "pulse_max": 150, "calories": 578,
            "notes": "Friday", "id": "fdd2", "sport_type_id": "1"} | changes  # fmt: skip


def test_an_adidas_session_is_listed_with_its_totals():
    activity = one(adidas_session())
    assert (activity.source, activity.sport, activity.started_at) == ("listed", "running", BEGUN)
    stored = activity.stored
    assert (stored.distance_m, stored.elapsed_s, stored.timer_s, stored.elevation_gain_m) == (1500, 700, 600, 74)
    assert (stored.heart_rate_mean_bpm, activity.title, activity.utc_offset_s) == (140, "Friday", 3600)


def test_newer_adidas_sessions_hold_their_totals_in_features():
    row = adidas_session(sport_type_id=14, features=[
        {"type": "track_metrics", "attributes": {"distance": 1600, "elevation_gain": 3}},
        {"type": "heart_rate", "attributes": {"average": 145, "maximum": 160}}])  # fmt: skip
    for old in ("distance", "elevation_gain", "pulse_avg", "pulse_max"):
        del row[old]
    activity = one(row)
    assert (activity.sport, activity.sub_sport) == ("running", "treadmill")
    assert (activity.stored.distance_m, activity.stored.heart_rate_mean_bpm) == (1600.0, 145.0)


def test_adidas_heart_rates_are_a_recording_with_their_way():
    rows = [{"version": 1, "timestamp": ms(t), "heart_rate": HEART[t], "signal_strength": 0, "duration": t * 1000,
             "distance": WAY_M[t]} for t in T[::3]]  # fmt: skip
    found = measure(one(rows)).metrics
    assert found["heart_rate_mean_bpm"].value == pytest.approx(140.0, abs=1.0)
    assert found["distance_m"].value == pytest.approx(1500.0, rel=0.01)


P = "com.samsung.health.exercise."


def samsung_table(offset: str = "UTC+0100", begun: str = "2026-11-20 17:00:00.000") -> bytes:
    names = ["title", *(P + n for n in ("datauuid", "exercise_type", "duration", "distance", "mean_heart_rate",
             "time_offset", "start_time", "end_time", "altitude_gain", "calorie"))]  # fmt: skip
    rows = [
        ["", "a-1", "1002", "600000", "1500.0", "140.0", offset, begun, "2026-11-20 17:11:40.000", "5.0", "120.5"],
        ["", "a-2", "15005", "1800000", "4000.0", "", offset, "2026-11-21 22:40:00.000", "", "", ""],
        ["Padel", "a-3", "15999", "3600000", "", "142.0", offset, "2026-11-22 19:00:00.000", "", "", ""],
    ]
    lines = ["com.samsung.shealth.exercise,7006003,17", ",".join(names), *(",".join(row) + "," for row in rows)]
    return ("\ufeff" + "\r\n".join(lines)).encode()


def test_samsung_s_table_lists_the_sessions_in_utc():
    run, treadmill, other = read(samsung_table(), "x").activities
    assert (run.sport, run.started_at, run.source, run.utc_offset_s) == ("running", BEGUN, "listed", 3600)
    assert (run.stored.timer_s, run.stored.elapsed_s, run.stored.distance_m) == (600.0, 700.0, 1500.0)
    assert (treadmill.sport, treadmill.sub_sport, other.sport) == ("running", "treadmill", "unknown")


def test_a_samsung_session_late_in_the_evening_in_utc_is_of_the_next_local_day():
    assert settle(read(samsung_table("UTC+0200"), "x").activities[1], None).local_day == date(2026, 11, 22)


def test_samsung_s_older_layout_is_local():
    lines = ("com.samsung.health.exercise\ndatauuid,exercise_type,duration,distance,time_offset,start_time\n"
             "w1,1002,600000,2000,3600000,2026-11-20 18:00:00\n")  # fmt: skip
    (run,) = read(lines.encode(), "x").activities
    assert (run.started_at, run.utc_offset_s, run.stored.distance_m) == (BEGUN, 3600, 2000.0)


def test_samsung_s_nights_are_the_hours_asleep_by_the_day_they_ended():
    s = "com.samsung.health.sleep_stage."
    head = ["start_time", s + "sleep_id", s + "stage", "end_time", "time_offset"]
    hours = [("22", "23:30", "40002"), ("23:30", "23:45", "40001"), ("23:45", "23:59", "40003")]
    rows = [
        f"2026-11-20 {a if ':' in a else a + ':00'}:00.000,n1,{c},2026-11-20 {b}:00.000,UTC+0100" for a, b, c in hours
    ]
    data = "\n".join(["com.samsung.health.sleep_stage,7006011,11", ",".join(head), *rows])
    (night,) = read(data.encode(), "x").wellness
    assert (night.quantity, night.day) == ("sleep_h", date(2026, 11, 21))
    assert night.value == pytest.approx(104 / 60)


def test_samsung_s_other_tables_are_no_check_ins():
    data = b"com.samsung.shealth.stress,6410004,3\nstart_time,score,pain\n2026-11-20 18:00:00.000,7,9\n"
    reading = read(data, "stress.csv")
    assert (reading.checkins, reading.ignored is not None) == ((), True)


@pytest.mark.parametrize(
    "row",
    [
        {"heart_rate": 83.0, "heart_rate_max": 90.0, "heart_rate_min": 70.0, "start_time": 1, "end_time": 2},
        {"elapsed_time": 1, "interval": 0, "segment": 1, "start_time": 1},
    ],
)
def test_samsung_s_heart_rate_of_the_day_and_inner_series_are_no_sessions(row):
    assert read(json.dumps([row] * 3).encode(), "x.json").activities == ()


def test_samsung_s_places_are_a_recording():
    rows = [
        {"accuracy": 3.0, "altitude": 30.0, "latitude": LATITUDE[t], "longitude": 13.0, "start_time": ms(t)} for t in T
    ]
    assert measure(one(rows)).metrics["distance_m"].value == pytest.approx(1500.0, rel=0.01)


def test_numbers_too_large_for_a_time_are_no_time():
    rows = [{"heart_rate": 140.0, "start_time": 10**40}, {"heart_rate": 141.0, "start_time": -5}]
    with pytest.raises(Unreadable):
        read(json.dumps(rows).encode(), "x.json")


def test_a_series_of_two_values_in_one_second_keeps_the_later():
    rows = [{"heart_rate": v, "start_time": ms(0) + d} for d, v in ((0, 120.0), (600, 130.0))]
    assert np.array_equal(one(rows).samples["heart_rate_bpm"].to_numpy(), [130.0])


def test_golden_cheetah_s_zeros_are_none_and_its_words_end_without_blanks():
    activity = one(golden_cheetah())
    dropped = activity.samples.row(8, named=True)
    assert (dropped["latitude_deg"], dropped["power_w"]) == (None, None)
    assert measure(activity).samples["heart_rate_bpm"][8] == HEART[8]
    assert activity.samples["cadence_spm"][9] == 164.0
    assert (activity.sub_sport, activity.title, activity.device.name) == ("trail", "Easy run", "Garmin FR935")


def test_golden_cheetah_s_pause_is_a_gap():
    later = [{"SECS": t + (120 if t > 300 else 0), "KM": WAY_M[t] / 1000, "HR": HEART[t]} for t in T]
    found = measure(one(golden_cheetah(SAMPLES=later))).metrics
    assert found["distance_m"].value == pytest.approx(1500.0, rel=0.01)
    assert found["moving_s"].value == pytest.approx(600.0, abs=6.0)


@pytest.mark.parametrize("changes", [{"SAMPLES": []}, {"SAMPLES": [{"SECS": "x", "HR": 120}]}, {"SAMPLES": None}])
def test_a_golden_cheetah_session_without_samples_is_ignored(changes):
    reading = read(json.dumps(golden_cheetah(**changes)).encode(), "x.json")
    assert (reading.activities, reading.ignored is not None) == ((), True)


@pytest.mark.parametrize("start", [None, "", "2026/13/40 25:00:00 UTC ", 5])
def test_a_golden_cheetah_start_that_is_no_time_is_said(start):
    with pytest.raises(Unreadable, match="is not a time"):
        read(json.dumps(golden_cheetah(STARTTIME=start)).encode(), "x.json")


@pytest.mark.parametrize("number", [math.nan, math.inf, pytest.param(10**400, id="huge"), -1, True, "x", None])
@pytest.mark.parametrize("maker", [name for name, run in WRITTEN.items() if isinstance(run, dict)])
def test_a_number_that_is_none_costs_its_value_and_not_the_session(maker, number):
    def spoilt(value, name=""):
        if isinstance(value, dict):
            return {key: spoilt(inner, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [spoilt(inner) for inner in value[:20]]
        return number if isinstance(value, int | float) and name in SPOILT else value

    reading = read(json.dumps(spoilt(WRITTEN[maker])).encode(), "x.bin")
    assert len(reading.activities) == 1


SPOILT = {"ActivityType", "Ascent", "Energy", "Distance", "HR", "KM", "ALT", "ascentMeters", "max", "avg", "mean"}


def test_a_workout_of_health_auto_export_keeps_its_totals_in_our_units():
    stored = one(health_auto_export()).stored
    assert (stored.timer_s, stored.heart_rate_mean_bpm, stored.heart_rate_max_bpm) == (600.0, 140.0, 150.0)
    assert (stored.distance_m, stored.calories_kcal) == (pytest.approx(1500.0), pytest.approx(100.0))


def test_its_older_names_of_places_and_rates_are_read_too():
    route = [{"lat": LATITUDE[t], "lon": 13.0, "timestamp": health_time(t)} for t in T]
    rates = [{"date": health_time(t), "qty": HEART[t]} for t in T]
    found = measure(one(health_auto_export(route=route, heartRateData=rates))).metrics
    assert found["distance_m"].value == pytest.approx(1500.0, rel=0.01)
    assert found["heart_rate_mean_bpm"].value == pytest.approx(140.0, abs=1.0)


def health_time(t: float) -> str:
    return (BEGUN + timedelta(seconds=t)).isoformat()


def test_its_workout_without_route_and_rates_is_a_listed_one_and_indoors_a_treadmill():
    activity = one(health_auto_export(route=[], heartRateData=[], isIndoor=True))
    assert (activity.source, activity.sub_sport, activity.samples.height) == ("listed", "treadmill", 0)


@pytest.mark.parametrize("changes", [{"start": "yesterday"}, {"start": None}, {"duration": None, "end": None}])
def test_its_workout_without_a_start_or_a_length_is_left_out(changes):
    reading = read(json.dumps(health_auto_export(**changes)).encode(), "x.json")
    assert (reading.activities, reading.left_out) == ((), 1)
    assert reading.ignored
