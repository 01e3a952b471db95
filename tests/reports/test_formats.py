"""Numbers, days and sessions in a runner's words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.units import MILE_M
from steadymile.reports import formats


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (45, "0:45"), (599.6, "10:00"), (3723, "1:02:03"), (None, "–"), (float("nan"), "–")],
)
def test_seconds_as_a_clock(seconds, text):
    assert formats.hms(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (30, "30 s"),
        (90, "1 min 30 s"),
        (120, "2 min"),
        (1110, "18 min"),
        (3599, "1 h"),
        (3900, "1 h 05 min"),
        (None, "–"),
    ],
)
def test_seconds_as_spoken(seconds, text):
    assert formats.duration(seconds) == text


def test_a_mile_is_one_mile():
    assert MILE_M == 1609.344
    assert formats.distance(1609.344, "miles") == "1.00 mi"


def test_kilometres_have_two_decimals_below_ten_and_one_above():
    assert (formats.distance(9994), formats.distance(12345)) == ("9.99 km", "12.3 km")


def test_a_pace_of_five_minutes_a_kilometre_is_eight_oh_three_a_mile():
    assert (formats.pace(300), formats.pace(300, "mi")) == ("5:00 /km", "8:03 /mi")


def test_a_pace_without_distance_is_unknown():
    assert formats.pace(0) == formats.pace(None) == formats.UNKNOWN


def test_an_unknown_is_never_a_zero():
    for show in (
        formats.hms,
        formats.duration,
        formats.distance,
        formats.pace,
        formats.minutes,
        formats.number,
        formats.percent,
    ):
        assert show(None) == formats.UNKNOWN


def test_steps_are_told_in_order():
    steps = [
        {"reps": 1, "run_s": 0, "walk_s": 300},
        {"reps": 8, "run_s": 60, "walk_s": 90},
        {"reps": 1, "run_s": 180, "walk_s": 0},
    ]
    assert formats.steps(steps) == "walk 5 min; then 8 times: jog 1 min, walk 1 min 30 s; then jog 3 min"


def test_no_steps_say_nothing():
    assert formats.steps([]) == formats.steps(None) == formats.steps([{"reps": 0, "run_s": 60, "walk_s": 0}]) == ""


def test_a_sentence_begins_large_and_ends_with_a_stop():
    assert formats.sentence("well done ") == "Well done."


def test_a_sentence_leaves_a_files_name_alone():
    assert formats.sentence("run.fit stops here") == "run.fit stops here."


def test_a_planned_half_minute_is_never_rounded_away():
    assert formats.steps([{"reps": 1, "run_s": 990, "walk_s": 0}]) == "jog 16 min 30 s"
    assert formats.planned_minutes(26.5) == "26 min 30 s"


def test_a_list_is_joined_as_in_speech():
    assert [formats.listing(["a"]), formats.listing("ab"), formats.listing("abc")] == ["a", "a and b", "a, b and c"]


@given(st.dates(date(2000, 1, 3), date(2100, 1, 1)))
def test_a_day_lies_in_the_week_it_is_said_to(day):
    monday = formats.monday_of(formats.week_of(day))
    assert monday <= day < monday + timedelta(days=7)


@given(st.floats(0, 1e6))
def test_spoken_time_is_never_off_by_more_than_half_its_last_unit(seconds):
    numbers = {"h": 3600, "min": 60, "s": 1}
    parts = formats.duration(seconds).split()
    told = sum(int(n) * numbers[unit] for n, unit in zip(parts[::2], parts[1::2]))
    assert abs(told - seconds) <= (30.5 if seconds >= 599 else 0.5)


def test_a_height_that_rounds_to_nothing_has_no_sign():
    assert (formats.height(-0.4), formats.height(-0.1, "mi"), formats.height(-0.6)) == ("0 m", "0 ft", "-1 m")


def test_a_path_of_thousands_of_characters_is_shown_by_its_ends():
    path = "a" * 11_000 + "/run.fit"
    shown = formats.short_name(path)
    assert shown.startswith("a" * 150 + "... (11,008 characters) ...")
    assert shown.endswith("/run.fit")
    assert len(shown) < 300


def test_a_path_as_long_as_people_make_them_is_shown_whole():
    path = "export.zip!/" + "long/" * 57 + "a.b"
    assert len(path) == 300
    assert formats.short_name(path) == path
