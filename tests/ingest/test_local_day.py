"""The local day of a session, and how it was decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.ingest.local_day import file_offset, fixed_name, place_zone, settle
from steadymile.models.recording import SAMPLES, Activity, Device

BERLIN, KOLKATA, KATHMANDU, NEW_YORK, URUMQI = (
    (52.52, 13.40),
    (22.57, 88.36),
    (27.72, 85.32),
    (40.78, -73.97),
    (43.8, 87.6),
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def activity(start, place=None, offset=None, places=None):
    places = places if places is not None else [place] * 5 if place else []
    rows = {
        "time": [start + timedelta(seconds=i) for i in range(len(places))],
        "latitude_deg": [p[0] if p else None for p in places],
        "longitude_deg": [p[1] if p else None for p in places],
    }
    samples = pl.DataFrame(rows, schema={k: SAMPLES[k] for k in rows})
    samples = samples.with_columns(pl.lit(None, SAMPLES[c]).alias(c) for c in SAMPLES if c not in rows).select(*SAMPLES)
    return Activity(started_at=start, sport="running", samples=samples, reader="test", utc_offset_s=offset)


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        (BERLIN, "Europe/Berlin"),
        (KOLKATA, "Asia/Kolkata"),
        (KATHMANDU, "Asia/Kathmandu"),
        (NEW_YORK, "America/New_York"),
        ((47.56, -52.71), "America/St_Johns"),
        ((-31.95, 141.43), "Australia/Broken_Hill"),
        ((-43.95, -176.56), "Pacific/Chatham"),
    ],
)
def test_a_place_has_its_zone(place, zone):
    assert place_zone(*place) == zone


@pytest.mark.parametrize("place", [(float("nan"), 0.0), (91.0, 0.0), (0.0, 181.0), (0.0, 0.0), (float("inf"), 1.0)])
def test_what_is_no_place_has_no_zone(place):
    assert place_zone(*place) is None


def test_an_evening_run_in_new_york_belongs_to_the_day_before_utc():
    day = settle(activity(at("2026-03-02T01:30:00"), NEW_YORK), "Europe/Berlin")
    assert (day.local_day, day.timezone, day.source) == (date(2026, 3, 1), "America/New_York", "place")


def test_a_morning_run_in_shanghai_belongs_to_the_day_after_utc():
    day = settle(activity(at("2026-03-01T22:30:00"), (31.2, 121.5)), None)
    assert (day.local_day, day.started_local.hour) == (date(2026, 3, 2), 6)


def test_a_run_over_midnight_belongs_to_the_day_it_began():
    assert settle(activity(at("2026-03-01T22:50:00"), BERLIN), None).local_day == date(2026, 3, 1)
    assert settle(activity(at("2026-03-01T23:10:00"), BERLIN), None).local_day == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("utc", "clock"),
    [
        ("2026-03-29T00:30:00", "01:30"),
        ("2026-03-29T01:30:00", "03:30"),
        ("2026-10-25T00:30:00", "02:30"),
        ("2026-10-25T01:30:00", "02:30"),
    ],
)
def test_the_night_of_the_clock_change_has_its_own_hours(utc, clock):
    assert settle(activity(at(utc), BERLIN), None).started_local.strftime("%H:%M") == clock


def test_a_half_hour_zone_and_a_quarter_hour_zone_hold():
    assert settle(activity(at("2026-03-01T18:40:00"), KOLKATA), None).local_day == date(2026, 3, 2)
    assert settle(activity(at("2026-03-01T18:20:00"), KATHMANDU), None).local_day == date(2026, 3, 2)
    assert settle(activity(at("2026-03-01T18:20:00"), KOLKATA), None).local_day == date(2026, 3, 1)


def test_the_place_wins_over_the_files_clock_when_travelling():
    day = settle(activity(at("2026-03-01T12:00:00"), NEW_YORK, offset=3600), "Europe/Berlin")
    assert (day.timezone, day.source) == ("America/New_York", "place")


def test_one_false_position_decides_nothing():
    day = settle(activity(at("2026-03-01T12:00:00"), places=[NEW_YORK] + [BERLIN] * 20), None)
    assert day.timezone == "Europe/Berlin"


def test_where_two_clocks_are_kept_the_athletes_own_is_taken():
    run = activity(at("2026-03-01T12:00:00"), URUMQI)
    assert settle(run, "Asia/Urumqi").timezone == "Asia/Urumqi"
    assert settle(run, None).timezone == "Asia/Shanghai"


def test_a_treadmill_run_takes_the_files_clock():
    day = settle(activity(at("2026-03-01T20:00:00"), offset=19_800), None)
    assert (day.local_day, day.timezone, day.source) == (date(2026, 3, 2), "UTC+05:30", "file")


def test_an_offset_of_zero_says_nothing_against_the_athletes_zone():
    late = activity(at("2026-07-01T22:30:00"), offset=0)
    told = [(d.local_day, d.timezone, d.source) for d in (settle(late, "Europe/Berlin"), settle(late, None))]
    assert told == [(date(2026, 7, 2), "Europe/Berlin", "athlete"), (date(2026, 7, 1), "UTC", "file")]
    assert settle(activity(at("2026-01-01T22:30:00"), offset=0), "Europe/London").source == "file"


def test_a_files_clock_that_agrees_with_the_athletes_zone_bears_its_name():
    summer = settle(activity(at("2026-07-01T12:00:00"), offset=7_200), "Europe/Berlin")
    winter = settle(activity(at("2026-01-01T12:00:00"), offset=7_200), "Europe/Berlin")
    assert (summer.timezone, summer.source) == ("Europe/Berlin", "file")
    assert (winter.timezone, winter.source) == ("UTC+02:00", "file")


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        (3_601, 3_600),
        (3_540, 3_600),
        (19_790, 19_800),
        (0, 0),
        (-12_600, -12_600),
        (49_500, 49_500),
        (-43_200, -43_200),
    ],
)
def test_a_stated_offset_is_rounded_to_the_quarter_hour(stated, meant):
    assert file_offset(stated) == timedelta(seconds=meant)


@pytest.mark.parametrize("stated", [None, 3_060, 3_900, 54_000, -46_800, 4_500, 10**9])
def test_an_offset_that_no_clock_on_earth_shows_is_not_believed(stated):
    assert file_offset(stated) is None


def test_a_file_51_minutes_off_falls_back_to_the_athlete():
    assert settle(activity(at("2026-03-01T12:00:00"), offset=3_060), "Europe/Berlin").source == "athlete"


def test_without_place_and_clock_the_athletes_zone_decides_and_without_it_utc():
    run = activity(at("2026-03-01T23:30:00"))
    assert settle(run, "Europe/Berlin").local_day == date(2026, 3, 2)
    assert (settle(run, None).timezone, settle(run, None).source) == ("UTC", "utc")


def test_an_athletes_zone_that_is_none_is_not_believed():
    assert settle(activity(at("2026-03-01T23:30:00")), "Mars/Olympus").source == "utc"


def test_the_open_sea_is_believed_last():
    run = activity(at("2026-03-01T12:00:00"), (0.0, -150.0))
    assert settle(run, "Europe/Berlin").source == "athlete"
    assert settle(run, None).timezone == "Etc/GMT+10"


@pytest.mark.parametrize(("minutes", "name"), [(330, "UTC+05:30"), (-210, "UTC-03:30"), (0, "UTC"), (840, "UTC+14:00")])
def test_a_fixed_zone_is_named_as_people_read_it(minutes, name):
    assert fixed_name(timedelta(minutes=minutes)) == name


@given(st.integers(631_152_000, 4_100_000_000), st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_and_time_has_a_day_within_one_of_utc(seconds, latitude, longitude):
    start = datetime.fromtimestamp(seconds, UTC)
    day = settle(activity(start, (latitude, longitude)), None)
    assert abs((day.local_day - start.date()).days) <= 1
    assert day.started_local == start


def test_the_places_of_a_virtual_course_decide_no_time_zone():
    island = activity(at("2026-11-20T18:00:00"), (-11.64, 166.95))
    found = settle(replace(island, sub_sport="virtual_activity"), "Europe/Berlin")
    assert (found.local_day, found.source) == (date(2026, 11, 20), "athlete")
    assert settle(island, "Europe/Berlin").source == "place"


def test_a_maker_of_virtual_courses_is_known_by_its_name():
    island = activity(at("2026-11-20T18:00:00"), (-11.64, 166.95))
    found = settle(replace(island, device=Device(product="Zwift")), "Europe/Berlin")
    assert found.local_day == date(2026, 11, 20)
