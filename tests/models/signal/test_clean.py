"""Cleaning: what cannot be true becomes unknown, flagged and counted, and nothing is invented."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from steadymile.models.measuring.measure import measure
from steadymile.models.recording import SAMPLES, Flag, Stored
from steadymile.models.signal.clean import clean

from tests.models.recordings import START, northwards, recording, steady


def counts(activity: object) -> dict[str, int]:
    return clean(activity).counts()


def test_a_clean_recording_is_left_as_it_is() -> None:
    t = np.arange(601.0)
    plain = {"heart_rate_bpm": 140.0, "cadence_spm": 160.0, "speed_m_s": 2.5, "altitude_m": 100.0 + t / 600}
    activity = recording(t, distance_m=2.5 * t, **plain)
    measured = measure(activity)
    assert measured.counts == {}
    assert measured.samples.equals(activity.samples)


def test_the_frame_has_the_schema_and_no_nan() -> None:
    z = np.full(601, 100.0)
    z[5] = math.nan
    measured = measure(steady(2.5, altitude_m=z, heart_rate_bpm=140.0))
    assert measured.samples.schema == SAMPLES
    floats = measured.samples.select(pl.col(pl.Float64))
    assert not any(floats[name].is_nan().any() for name in floats.columns)


def test_backward_samples_are_sorted_into_place_and_flagged() -> None:
    order = [0, 1, 3, 2, *range(4, 60)]
    t = np.arange(60.0)
    cleaned = clean(recording(t, shuffle=order, distance_m=2.5 * t))
    assert (np.diff(cleaned.t_s) > 0).all()
    assert cleaned.counts()["TIME_BACKWARD"] == 1


def test_two_samples_of_one_instant_become_one_with_all_that_either_knows() -> None:
    t = [0.0, 1.0, 1.0, 2.0]
    cleaned = clean(recording(t, heart_rate_bpm=[100, 101, math.nan, 103], distance_m=[0, math.nan, 3, 6]))
    assert cleaned.t_s.tolist() == [0, 1, 2]
    assert cleaned.columns["heart_rate_bpm"].tolist() == [100, 101, 103]
    assert cleaned.columns["distance_m"].tolist() == [0, 3, 6]
    assert cleaned.counts() == {"TIME_DUPLICATE": 1}


def test_a_sample_years_away_is_dropped_and_counted() -> None:
    activity = recording(np.append(np.arange(60.0), 1e9))
    cleaned = clean(activity)
    assert cleaned.t_s.size == 60
    assert cleaned.counts() == {"TIME_ABSURD": 1}


def test_samples_before_the_clock_was_set_are_dropped_and_counted() -> None:
    cleaned = clean(recording(np.concatenate((np.arange(5.0) - 1e8, np.arange(60.0)))))
    assert cleaned.t_s.tolist() == np.arange(60.0).tolist()
    assert cleaned.counts() == {"TIME_ABSURD": 5}


def test_a_counter_that_falls_by_half_a_metre_only_rests() -> None:
    d = 2.5 * np.arange(60.0)
    d[30:] -= 3.0  # 0.5 m back in one second
    cleaned = clean(recording(np.arange(60.0), distance_m=d))
    assert (np.diff(cleaned.columns["distance_m"]) >= 0).all()
    assert cleaned.columns["distance_m"][-1] == pytest.approx(2.5 * 58)
    assert cleaned.counts() == {}


def test_a_start_that_was_not_set_does_not_move_the_samples() -> None:
    activity = replace(steady(2.5, 60), started_at=START - timedelta(days=9000))
    assert clean(activity).t_s[0] == 0.0


@pytest.mark.parametrize(("lat", "lon"), [(0.0, 0.0), (91.0, 9.0), (48.0, 181.0), (180.0, 180.0), (math.inf, 9.0)])
def test_a_place_that_is_none_becomes_unknown(lat: float, lon: float) -> None:
    place = northwards(2.5 * np.arange(60.0))
    place["latitude_deg"][30], place["longitude_deg"][30] = lat, lon
    cleaned = clean(recording(np.arange(60.0), **place))
    assert np.isnan(cleaned.columns["latitude_deg"][30])
    assert cleaned.counts()["POSITION_INVALID"] == 1


def test_a_single_place_far_off_is_a_jump_and_costs_no_distance() -> None:
    d = 2.5 * np.arange(120.0)
    place = northwards(d)
    place["latitude_deg"][60] += 0.01  # about 1.1 km away for one second
    cleaned = clean(recording(np.arange(120.0), **place))
    assert cleaned.counts()["POSITION_JUMP"] == 1
    assert cleaned.columns["distance_m"][-1] == pytest.approx(d[-1], abs=0.5)


def test_a_lasting_move_after_a_jump_is_believed_but_the_jump_is_not_travel() -> None:
    d = 2.5 * np.arange(400.0)
    moved = d + np.where(np.arange(400) >= 200, 5_000.0, 0.0)
    cleaned = clean(recording(np.arange(400.0), **northwards(moved)))
    assert "POSITION_JUMP" not in cleaned.counts()
    assert cleaned.columns["distance_m"][-1] == pytest.approx(d[-1], abs=3.0)


def test_the_altitude_placeholder_becomes_unknown() -> None:
    z = np.full(60, 120.0)
    z[:3] = -500.0
    cleaned = clean(recording(np.arange(60.0), altitude_m=z))
    assert np.isnan(cleaned.columns["altitude_m"][:3]).all()
    assert cleaned.counts() == {"ALTITUDE_PLACEHOLDER": 3}


def test_zero_altitude_from_end_to_end_is_no_altitude() -> None:
    assert counts(recording(np.arange(60.0), altitude_m=0.0)) == {"ALTITUDE_PLACEHOLDER": 60}


def test_one_height_for_ten_minutes_is_no_altitude_either() -> None:
    assert counts(recording(np.arange(600.0), altitude_m=166.0)) == {"ALTITUDE_PLACEHOLDER": 600}
    assert counts(recording(np.arange(599.0), altitude_m=166.0)) == {}


def test_an_altitude_that_leaps_and_returns_is_a_jump() -> None:
    z = np.full(60, 120.0)
    z[20:25] = 180.0
    cleaned = clean(recording(np.arange(60.0), altitude_m=z))
    assert np.isnan(cleaned.columns["altitude_m"][20:25]).all()
    assert cleaned.counts() == {"ALTITUDE_JUMP": 5}


def test_a_counter_that_restarts_at_zero_goes_on_from_where_it_was() -> None:
    t = np.arange(200.0)
    d = np.where(t < 100, 2.5 * t, 2.5 * (t - 100))
    cleaned = clean(recording(t, distance_m=d))
    assert cleaned.columns["distance_m"][-1] == pytest.approx(2.5 * 99 + 2.5 * 99)
    assert cleaned.counts() == {"DISTANCE_RESET": 100}


def test_one_absurd_reading_of_the_counter_is_dropped() -> None:
    d = 2.5 * np.arange(200.0)
    d[80] = 60_000.0
    cleaned = clean(recording(np.arange(200.0), distance_m=d))
    assert np.isnan(cleaned.columns["distance_m"][80])
    assert np.nanmax(cleaned.columns["distance_m"]) == pytest.approx(2.5 * 199)
    assert np.flatnonzero(cleaned.flags & Flag.VALUE_INVALID).tolist() == [80]


def test_a_counter_that_stood_in_a_tunnel_and_catches_up_keeps_the_way() -> None:
    t = np.arange(300.0)
    d = 2.5 * t
    d[100:160] = d[100]
    measured = measure(recording(t, distance_m=d))
    assert measured.metrics["distance_m"].value == pytest.approx(2.5 * 299)
    assert measured.metrics["moving_s"].value == pytest.approx(299, abs=6)


def test_a_leap_at_the_end_to_the_sessions_own_total_is_distance_but_not_speed() -> None:
    t = np.append(np.arange(600.0), 610.0)
    d = np.append(2.5 * np.arange(600.0), 2000.0)
    activity = recording(t, distance_m=d, cadence_spm=160.0, stored=Stored(distance_m=2000.0, timer_s=700.0))
    measured = measure(activity)
    assert measured.metrics["distance_m"].value == 2000
    assert measured.metrics["pace_s_per_km"].value == pytest.approx(400, rel=0.02)
    assert measured.metrics["best_400m_s"].value == pytest.approx(160)
    other = measure(recording(t, distance_m=d, cadence_spm=160.0))
    assert other.metrics["distance_m"].value == pytest.approx(2.5 * 599)


@pytest.mark.parametrize("seed", range(4))
def test_cleaning_what_is_clean_changes_nothing_more(seed: int) -> None:
    r = np.random.default_rng(seed)
    t = np.arange(600.0)
    place = northwards(2.5 * t)
    d, z, hr = 2.5 * t, 100 + t / 30, 130 + 10 * np.sin(t / 60)
    for column in (d, z, hr, place["latitude_deg"]):
        at = r.integers(0, 600, 3)
        column[at] += r.choice([500.0, -700.0, 0.02], 3)
    place["longitude_deg"][r.integers(0, 600, 5)] = 0.0
    activity = recording(t, distance_m=d, altitude_m=z, heart_rate_bpm=hr, cadence_spm=160.0, **place)
    once = measure(activity)
    twice = measure(replace(activity, samples=once.samples))
    for name, found in once.metrics.items():
        assert twice.metrics[name].value == pytest.approx(found.value), name


def test_a_counter_that_never_moves_is_not_believed_against_the_places() -> None:
    t = np.arange(601.0)
    measured = measure(recording(t, distance_m=0.0, **northwards(2.5 * t)))
    assert measured.metrics["distance_m"].value == pytest.approx(1500, rel=0.01)
    assert measured.metrics["distance_m"].source == "positions"


def test_a_short_counter_that_the_device_itself_states_is_believed() -> None:
    t = np.arange(601.0)
    activity = recording(t, distance_m=0.3 * t, **northwards(2.5 * t), stored=Stored(distance_m=180.0))
    assert measure(activity).metrics["distance_m"].value == pytest.approx(180)


@pytest.mark.parametrize(("stated", "metres"), [(220.0, 180.0), (230.0, 1500.0)])
def test_a_short_counter_is_believed_within_a_fifth_of_what_the_device_states(stated: float, metres: float) -> None:
    t = np.arange(601.0)
    activity = recording(t, distance_m=0.3 * t, **northwards(2.5 * t), stored=Stored(distance_m=stated))
    assert measure(activity).metrics["distance_m"].value == pytest.approx(metres, rel=0.01)


def test_a_reset_in_smart_recording_costs_one_step_and_no_other() -> None:
    # 5 s apart at 3 m/s: each step of 15 m is more than a second's limit, and no leap
    t = np.arange(0.0, 1501.0, 5.0)
    counter = np.where(t < 750, 3.0 * t, 3.0 * (t - 750))
    found = measure(recording(t, distance_m=counter)).metrics["distance_m"].value
    assert found == pytest.approx(3.0 * 1500 - 15.0)


def test_a_counter_that_caught_up_between_samples_five_seconds_apart_was_moving() -> None:
    # it stands from 500 s to 620 s and then has 375 m more: 3 m/s all the while
    t = np.arange(0.0, 1501.0, 5.0)
    counter = np.where((t > 500) & (t <= 620), 1500.0, 3.0 * t)
    found = measure(recording(t, distance_m=counter))
    assert found.metrics["distance_m"].value == pytest.approx(4500.0)
    assert found.samples.filter(pl.col("t_s") == 560.0)["distance_m"].item() == pytest.approx(1680.0)


def test_speed_is_derived_where_there_is_none_and_says_so() -> None:
    measured = measure(steady(2.5, 60))
    assert measured.samples["speed_m_s"].to_list() == pytest.approx([2.5] * 61)
    assert measured.counts == {"SPEED_DERIVED": 61}


def test_distance_comes_from_speed_when_there_is_nothing_else() -> None:
    measured = measure(recording(np.arange(101.0), speed_m_s=2.0))
    assert measured.metrics["distance_m"].value == pytest.approx(200)
    assert measured.counts == {"DISTANCE_DERIVED": 101}


@pytest.mark.parametrize(
    ("column", "value"),
    [("speed_m_s", 40.0), ("speed_m_s", -1.0), ("cadence_spm", 400.0), ("power_w", -5.0), ("temperature_c", 99.0)],
)
def test_an_impossible_value_becomes_unknown(column: str, value: float) -> None:
    values = np.full(60, 20.0 if column == "temperature_c" else 3.0)
    values[10] = value
    cleaned = clean(recording(np.arange(60.0), **{column: values}))
    assert np.isnan(cleaned.columns[column][10])
    assert cleaned.flags[10] & Flag.VALUE_INVALID


def test_infinity_becomes_unknown() -> None:
    values = np.full(60, 3.0)
    values[10] = math.inf
    assert counts(recording(np.arange(60.0), power_w=values)) == {"VALUE_INVALID": 1}


def test_not_a_number_in_a_frame_becomes_null() -> None:
    activity = steady(2.5, 60)
    spoiled = activity.samples.with_columns(pl.lit(math.nan).alias("power_w"), pl.lit(math.nan).alias("altitude_m"))
    measured = measure(replace(activity, samples=spoiled))
    assert measured.samples["power_w"].null_count() == measured.samples["altitude_m"].null_count() == 61


def test_an_infinite_distance_is_dropped() -> None:
    d = 2.5 * np.arange(60.0)
    d[59] = math.inf
    cleaned = clean(recording(np.arange(60.0), distance_m=d))
    assert np.nanmax(cleaned.columns["distance_m"]) == pytest.approx(2.5 * 58)
    assert cleaned.counts() == {"VALUE_INVALID": 1}


def test_lost_samples_add_no_distance_where_nobody_can_say_what_was_done() -> None:
    t = np.concatenate((np.arange(1000.0), np.arange(2000.0, 3000.0)))
    measured = measure(recording(t, **northwards(2.5 * t)))
    assert measured.metrics["distance_m"].value == pytest.approx(2.5 * 1998, rel=0.01)


def test_lost_reception_while_samples_go_on_counts_the_straight_line() -> None:
    t = np.arange(400.0)
    place = northwards(2.5 * t)
    place["latitude_deg"][100:250] = math.nan
    place["longitude_deg"][100:250] = math.nan
    measured = measure(recording(t, **place))
    assert measured.metrics["distance_m"].value == pytest.approx(2.5 * 399, rel=0.01)


def test_moving_while_the_timer_stood_adds_no_distance_from_places() -> None:
    t = np.concatenate((np.arange(101.0), np.arange(130.0, 231.0)))
    d = np.where(t <= 100, 2.5 * t, 2.5 * (t - 30) + 2_000.0)
    activity = recording(t, **northwards(d), timer=((0.0, 100.0), (130.0, 230.0)))
    assert measure(activity).metrics["distance_m"].value == pytest.approx(500, rel=0.02)


# where the rules end


@pytest.mark.parametrize(("height", "known"), [(-449.0, True), (-451.0, False), (8999.0, True), (9001.0, False)])
def test_heights_that_are_on_this_earth(height: float, known: bool) -> None:
    z = np.full(60, height)
    z[::2] += 0.2
    assert bool(np.isfinite(clean(recording(np.arange(60.0), altitude_m=z)).columns["altitude_m"]).all()) is known


@pytest.mark.parametrize(("speed", "known"), [(12.4, True), (12.6, False), (0.0, True)])
def test_no_runner_is_faster_than_twelve_and_a_half_metres_a_second(speed: float, known: bool) -> None:
    values = clean(recording(np.arange(60.0), speed_m_s=speed)).columns["speed_m_s"]
    assert bool(np.isfinite(values).all()) is known


def test_the_pole_is_a_place() -> None:
    assert "POSITION_INVALID" not in counts(recording(np.arange(60.0), latitude_deg=90.0, longitude_deg=180.0))
    assert counts(recording(np.arange(60.0), latitude_deg=90.1, longitude_deg=0.0)) == {"POSITION_INVALID": 60}


def test_half_a_place_is_none() -> None:
    assert counts(recording(np.arange(60.0), latitude_deg=48.0)) == {"POSITION_INVALID": 60}


@pytest.mark.parametrize(("drop", "reset"), [(0.9, False), (1.1, True)])
def test_a_counter_that_falls_by_a_metre_was_set_back(drop: float, reset: bool) -> None:
    d = 2.5 * np.arange(200.0)
    d[100:] -= 2.5 + drop
    assert ("DISTANCE_RESET" in counts(recording(np.arange(200.0), distance_m=d))) is reset


def caught_up(still: int, metres: float) -> tuple[float, int]:
    """(moving seconds, samples laid anew) of a counter that stood for some seconds and then caught up at once."""
    t = np.arange(300.0)
    d = 2.5 * t
    d[100 : 100 + still] = d[100]
    d[100 + still :] = d[100] + metres + 2.5 * (t[100 + still :] - t[100 + still])
    measured = measure(recording(t, distance_m=d))
    return measured.metrics["moving_s"].value or 0.0, measured.counts.get("DISTANCE_DERIVED", 0)


def test_a_counter_that_stood_was_moving_when_it_caught_up_at_a_possible_speed() -> None:
    # 60 s at 7 m/s are 420 m; the 59 readings between the ends are laid anew.
    assert caught_up(60, 415.0) == (pytest.approx(299, abs=1), 59)
    assert caught_up(60, 425.0)[1] == 0


def test_a_catch_up_is_laid_evenly() -> None:
    t = np.arange(300.0)
    d = 2.5 * t
    d[100:160] = d[100]
    laid = clean(recording(t, distance_m=d)).columns["distance_m"]
    assert laid == pytest.approx(2.5 * t)


@pytest.mark.parametrize(("share", "source"), [(0.52, "file"), (0.48, "positions")])
def test_a_counter_that_sees_half_of_the_way_is_believed(share: float, source: str) -> None:
    t = np.arange(601.0)
    measured = measure(recording(t, distance_m=2.5 * share * t, **northwards(2.5 * t)))
    assert measured.metrics["distance_m"].source == source


@pytest.mark.parametrize(("gap", "metres"), [(60.0, 650.0), (61.0, 652.5), (250.0, 500.0)])
def test_places_are_one_way_unless_most_of_it_is_unseen(gap: float, metres: float) -> None:
    t = np.concatenate((np.arange(101.0), 100 + gap + np.arange(101.0)))
    measured = measure(recording(t, **northwards(2.5 * t)))
    assert measured.metrics["distance_m"].value == pytest.approx(metres, abs=3)


def test_speed_stands_for_ten_seconds_at_most() -> None:
    t = np.array([0.0, 5.0, 10.0, 40.0, 45.0])
    d = clean(recording(t, speed_m_s=2.0)).columns["distance_m"]
    assert d.tolist() == pytest.approx([0.0, 10.0, 20.0, 40.0, 50.0])


def test_a_walk_while_the_timer_stood_adds_no_distance_from_places() -> None:
    t = np.concatenate((np.arange(101.0), np.arange(130.0, 231.0), np.arange(260.0, 361.0)))
    d = 2.5 * t  # also in the two half minutes in which the timer stood
    timer = ((0.0, 100.0), (130.0, 230.0), (260.0, 360.0))
    assert measure(recording(t, **northwards(d), timer=timer)).metrics["distance_m"].value == pytest.approx(750, abs=3)
    assert measure(recording(t, **northwards(d))).metrics["distance_m"].value == pytest.approx(900, abs=3)


def test_times_are_counted_from_the_stated_start() -> None:
    activity = recording(np.arange(60.0), heart_rate_bpm=140.0)
    later = replace(activity, started_at=START + timedelta(seconds=10))
    assert clean(later).t_s[0] == -10.0


def test_the_larger_part_around_a_lost_week_is_the_recording() -> None:
    weeks = 8 * 86_400.0
    t = np.concatenate((np.arange(5.0), weeks + np.arange(50.0), 2 * weeks + np.arange(4.0)))
    cleaned = clean(recording(t, heart_rate_bpm=140.0))
    assert (cleaned.t_s.size, cleaned.dropped) == (50, 9)


@pytest.mark.parametrize(("days", "kept"), [(6.9, 20), (7.1, 10)])
def test_a_week_without_a_sample_parts_a_recording(days: float, kept: int) -> None:
    t = np.concatenate((np.arange(10.0), days * 86_400.0 + np.arange(10.0)))
    assert clean(recording(t, heart_rate_bpm=140.0)).t_s.size == kept


def frozen_fix(until: float, then_m: float, **more: object):
    """A run at 2.5 m/s whose place stays where it was from 200 s on, and lies `then_m` further at `until`."""
    t = np.arange(600.0)
    at = np.where(t < 200, 2.5 * t, np.where(t < until, 500.0, 500.0 + then_m + 2.5 * (t - until)))
    return measure(recording(t, **northwards(at), **more)).metrics


def test_a_fix_that_stayed_while_the_runner_ran_on_is_no_stand() -> None:
    found = frozen_fix(260.0, 150.0)
    assert (found["longest_run_s"].value, found["distance_m"].value) == (599.0, pytest.approx(1497.5, abs=3))


def test_who_stood_and_then_ran_on_from_there_stood() -> None:
    found = frozen_fix(260.0, 2.5)
    assert found["longest_run_s"].value == pytest.approx(340.0, abs=10)
    assert found["moving_s"].value == pytest.approx(540.0, abs=10)


def test_a_leap_after_a_stand_that_is_too_short_for_the_time_is_a_receiver_that_woke() -> None:
    assert frozen_fix(260.0, 25.0)["moving_s"].value == pytest.approx(540.0, abs=10)


def test_without_a_step_nobody_ran_on_though_the_place_leaps() -> None:
    steps = np.where((np.arange(600.0) >= 200) & (np.arange(600.0) < 260), 0.0, 165.0)
    assert frozen_fix(260.0, 150.0, cadence_spm=steps)["moving_s"].value <= 550.0


def test_steps_a_second_are_no_step_rate_and_the_speed_tells_the_running() -> None:
    found = measure(steady(2.6, 1200, cadence_spm=5.5))
    assert found.metrics["running_s"].value == pytest.approx(1200, abs=20)
    assert found.metrics["cadence_mean_spm"].value is None
    assert found.counts["VALUE_INVALID"] == 1201


@pytest.mark.parametrize(("speed", "spm"), [(0.4, 12.0), (0.9, 28.0), (2.6, 41.0)])
def test_few_steps_of_a_possible_length_are_kept(speed: float, spm: float) -> None:
    assert "VALUE_INVALID" not in counts(steady(speed, 1200, sport="walking", cadence_spm=spm))


@pytest.mark.parametrize("shaken_spm", [10.0, 35.0])
def test_a_counter_of_steps_that_shakes_on_a_bicycle_counts_steps_and_the_ride_is_none_of_the_run(
    shaken_spm: float,
) -> None:
    t = np.arange(0.0, 2401.0)
    way = np.cumsum(np.where(t <= 600, 2.8, 5.0)) - 2.8
    steps = np.where(t <= 600, 165.0, shaken_spm)
    found = measure(recording(t, distance_m=way, cadence_spm=steps))
    assert found.metrics["running_s"].value == pytest.approx(600, abs=20)
    assert "VALUE_INVALID" not in found.counts
