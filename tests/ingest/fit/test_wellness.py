"""Wellness readings out of FIT files, each on its local day."""

from __future__ import annotations

import math
from datetime import date

from steadymile.ingest.fit.reader import read_fit
from steadymile.models.recording import HEALTH, Wellness

from tests.ingest.fit_making import ENUM, SINT16, T0, UINT8, UINT16, UINT32, Fit, file_id

HOUR = 3600


def monitoring() -> Fit:
    """A monitoring file at UTC+2; T0 is 03:46:40 local time on 2021-09-08."""
    fit = file_id(Fit(), kind=32)
    return fit.define(1, 103, [(253, UINT32), (0, UINT32)]).data(1, T0, T0 + 2 * HOUR)


def readings(fit: Fit, quantity: str) -> list[Wellness]:
    found = read_fit(fit.bytes()).wellness
    assert all(w.quantity in HEALTH for w in found)
    return [w for w in found if w.quantity == quantity]


def test_the_resting_heart_rate_is_the_last_of_the_days_own() -> None:
    fit = monitoring().define(2, 211, [(253, UINT32), (0, UINT8), (1, UINT8)])
    fit.data(2, T0, 60, 55).data(2, T0 + HOUR, 60, 52).data(2, T0 + 2 * HOUR, 60, 255)
    (only,) = readings(fit, "resting_heart_rate_bpm")
    assert (only.value, only.day, only.utc_offset_s) == (52.0, date(2021, 9, 8), 2 * HOUR)


def test_the_weeks_mean_stands_in_for_a_resting_heart_rate_that_the_day_does_not_know() -> None:
    fit = monitoring().define(2, 211, [(253, UINT32), (0, UINT8), (1, UINT8)]).data(2, T0, 60, 255)
    assert [w.value for w in readings(fit, "resting_heart_rate_bpm")] == [60.0]


def test_steps_count_from_messages_with_a_short_time_and_a_packed_kind() -> None:
    fit = monitoring().define(2, 55, [(26, UINT16), (3, UINT32), (24, UINT8)])
    midnight = T0 + 24 * HOUR - (3 * HOUR + 46 * 60 + 40)
    fit.data(2, (T0 + HOUR) & 0xFFFF, 400, 6 | 3 << 5)
    fit.define(3, 55, [(253, UINT32), (3, UINT32), (24, UINT8)]).data(3, midnight - HOUR, 900, 6)
    fit.data(2, (midnight + HOUR) & 0xFFFF, 70, 6 | 1 << 5)
    assert [(w.value, w.day) for w in readings(fit, "steps")] == [(900, date(2021, 9, 8)), (70, date(2021, 9, 9))]


def test_steps_of_walking_and_running_add_up_and_are_not_halved() -> None:
    fit = monitoring().define(2, 55, [(253, UINT32), (3, UINT32), (5, ENUM)])
    fit.data(2, T0, 1000, 6).data(2, T0 + HOUR, 1500, 6).data(2, T0 + HOUR, 700, 1).data(2, T0 + HOUR, 99, 2)
    (only,) = readings(fit, "steps")
    assert only.value == 2200.0


def test_the_count_at_midnight_closes_the_day_before() -> None:
    fit = monitoring().define(2, 55, [(253, UINT32), (3, UINT32), (5, ENUM)])
    midnight = T0 + 24 * HOUR - (3 * HOUR + 46 * 60 + 40)  # local 2021-09-09 00:00
    fit.data(2, midnight, 9000, 6).data(2, midnight + HOUR, 100, 6)
    assert [(w.value, w.day) for w in readings(fit, "steps")] == [(9000, date(2021, 9, 8)), (100, date(2021, 9, 9))]


def test_stress_is_the_mean_of_what_could_be_measured() -> None:
    fit = monitoring().define(2, 227, [(1, UINT32), (0, SINT16)])
    fit.data(2, T0, -1).data(2, T0 + 60, 20).data(2, T0 + 120, 40).data(2, T0 + 180, -2)
    (only,) = readings(fit, "stress")
    assert (only.value, only.weight) == (30.0, 2)


def test_hrv_is_the_logarithm_of_the_nights_average() -> None:
    fit = file_id(Fit(), kind=68).define(1, 370, [(253, UINT32), (1, UINT16)]).data(1, T0, 50 * 128)
    (only,) = readings(fit, "hrv_ln_rmssd")
    assert only.value == math.log(50.0)
    assert only.day is None


def test_five_minute_hrv_values_serve_where_there_is_no_summary() -> None:
    fit = file_id(Fit(), kind=68).define(1, 371, [(253, UINT32), (0, UINT16)])
    fit.data(1, T0, 40 * 128).data(1, T0 + 300, 60 * 128).data(1, T0 + 600, 65535)
    (only,) = readings(fit, "hrv_ln_rmssd")
    assert only.value == math.log(50.0)


def night(*levels: tuple[int, int]) -> Fit:
    fit = file_id(Fit(), kind=49).define(1, 275, [(253, UINT32), (0, ENUM)])
    for minute, level in levels:
        fit.data(1, T0 + 60 * minute, level)
    return fit


def sleep_events(fit: Fit, *events: tuple[int, int]) -> Fit:
    """Adds sleep events as (minute, 0 start or 1 stop)."""
    fit.define(2, 21, [(253, UINT32), (0, ENUM), (1, ENUM)])
    for minute, kind in events:
        fit.data(2, T0 + 60 * minute, 74, kind)
    return fit


def test_sleep_counts_light_deep_and_rem_but_not_awake() -> None:
    (only,) = readings(night((0, 1), (120, 2), (180, 3), (190, 1), (310, 4), (320, 1)), "sleep_h")
    assert only.value == 5.0  # 120 + 60 + 120 minutes


def test_a_sleep_level_lasts_up_to_its_own_time_and_not_from_it() -> None:
    (only,) = readings(night((0, 2), (60, 1), (300, 2)), "sleep_h")
    assert only.value == 4.0  # awake for the first hour, asleep for the four that end at minute 300


def test_the_start_event_gives_the_first_sleep_level_its_length() -> None:
    (only,) = readings(sleep_events(night((90, 2), (120, 1), (240, 4)), (0, 0)), "sleep_h")
    assert only.value == 3.5  # 90 + 120 minutes


def test_without_a_start_event_the_first_sleep_level_adds_nothing() -> None:
    (only,) = readings(night((90, 2), (120, 1), (300, 4)), "sleep_h")
    assert only.value == 3.0


def test_the_stop_event_ends_the_last_sleep_level() -> None:
    (only,) = readings(sleep_events(night((60, 1), (400, 2)), (0, 0), (300, 1)), "sleep_h")
    assert only.value == 4.0


def test_the_time_between_two_sleeps_is_not_slept() -> None:
    fit = sleep_events(night((240, 2), (600, 2)), (0, 0), (240, 1), (540, 0), (600, 1))
    (only,) = readings(fit, "sleep_h")
    assert only.value == 5.0  # 240 minutes, five hours up, 60 minutes


def test_a_slice_of_a_night_is_not_a_night() -> None:
    reading = read_fit(night((0, 2), (60, 1)).bytes())
    assert reading.wellness == ()
    assert "slice" in (reading.ignored or "")


def test_weight_is_in_kilograms() -> None:
    fit = file_id(Fit(), kind=9).define(1, 30, [(253, UINT32), (0, UINT16)]).data(1, T0, 7580).data(1, T0 + 1, 0xFFFE)
    (only,) = readings(fit, "weight_kg")
    assert only.value == 75.8


def test_a_scale_of_several_people_is_nobodys_weight() -> None:
    fit = file_id(Fit(), kind=9).define(1, 30, [(253, UINT32), (0, UINT16), (12, UINT16)])
    fit.data(1, T0, 7580, 0).data(1, T0, 5820, 1)
    assert read_fit(fit.bytes()).wellness == ()


def test_breathing_is_a_mean_of_valid_values() -> None:
    fit = monitoring().define(2, 297, [(253, UINT32), (0, SINT16)]).data(2, T0, 1400).data(2, T0 + 60, -300)
    (only,) = readings(fit, "respiration_brpm")
    assert only.value == 14.0
