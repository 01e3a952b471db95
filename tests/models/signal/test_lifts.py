"""Height that no legs won: rests, lifts, cable cars and drives with the timer running."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.measuring.measure import measure
from steadymile.models.recording import Activity, Device
from steadymile.models.signal.lifts import at_rest, riding
from steadymile.models.signal.series import Pieces

from tests.models.recordings import BAROMETER, recording


def climbed(activity: Activity) -> float | None:
    return measure(activity).metrics["elevation_gain_m"].value


def outing(middle_s: int, speed_m_s: float, spm: float, rise_m: float, device: Device = BAROMETER) -> Activity:
    """Ten minutes of walking up 20 m, something in the middle, and ten minutes of walking on the level."""
    speed = np.concatenate((np.full(600, 1.4), np.full(middle_s, speed_m_s), np.full(600, 1.4)))
    steps = np.concatenate((np.full(600, 110.0), np.full(middle_s, spm), np.full(601, 110.0)))
    up = np.concatenate((np.linspace(100, 120, 600), np.linspace(120, 120 + rise_m, middle_s)))
    height = np.concatenate((up, np.full(601, 120 + rise_m)))
    metres = np.concatenate(([0.0], np.cumsum(speed)))
    return recording(
        np.arange(metres.size, dtype=float),
        sport="hiking",
        distance_m=metres,
        cadence_spm=steps,
        altitude_m=height,
        device=device,
    )


def test_the_weather_of_a_long_rest_is_not_climbed() -> None:
    assert climbed(outing(7200, 0.0, 0.0, 16.0)) == pytest.approx(20.0, abs=1.0)


@pytest.mark.parametrize("device", [BAROMETER, Device(barometer=False)])
def test_a_lift_that_one_stands_in_for_a_minute_is_not_climbed(device: Device) -> None:
    assert climbed(outing(90, 0.0, 0.0, 60.0, device)) == pytest.approx(20.0, abs=1.5)


def test_a_cable_car_is_not_climbed() -> None:
    # 600 m up in five minutes, 5 m/s along
    assert climbed(outing(300, 5.0, 0.0, 600.0)) == pytest.approx(20.0, abs=1.0)


def test_a_stairway_without_distance_is_climbed() -> None:
    assert climbed(outing(120, 0.0, 80.0, 40.0)) == pytest.approx(60.0, abs=1.0)


def test_a_slow_scramble_is_climbed() -> None:
    # 0.3 m/s along is below what counts as moving, without steps that anybody counted
    assert climbed(outing(600, 0.3, 0.0, 100.0)) == pytest.approx(120.0, abs=1.5)


def test_the_fastest_of_mountain_runners_climbs() -> None:
    # a vertical kilometre in half an hour is 0.56 m/s
    assert climbed(outing(1800, 1.2, 160.0, 1000.0)) == pytest.approx(1020.0, abs=2.0)


@pytest.mark.parametrize(("creeping_m_s", "rests"), [(0.09, True), (0.11, False)])
def test_a_rest_creeps_by_less_than_a_tenth_of_a_metre_a_second(creeping_m_s: float, rests: bool) -> None:
    found = at_rest(np.full(90, creeping_m_s), np.zeros(90), np.zeros(90, bool), one(90))
    assert found.all() == found.any() == rests


@pytest.mark.parametrize(("seconds", "rests"), [(59, False), (60, True)])
def test_a_rest_lasts_a_minute(seconds: int, rests: bool) -> None:
    moving = np.arange(200) >= seconds
    found = at_rest(np.where(moving, 1.4, 0.0), np.where(moving, 110.0, 0.0), moving, one(200))
    assert np.count_nonzero(found) == (seconds if rests else 0)


@pytest.mark.parametrize(("stepping_s", "rests"), [(9, True), (10, False)])
def test_a_rest_has_steps_for_at_most_a_tenth_of_it(stepping_s: int, rests: bool) -> None:
    steps = np.where(np.arange(90) < stepping_s, 40.0, 39.0)
    assert at_rest(np.zeros(90), steps, np.zeros(90, bool), one(90)).any() == rests


def test_two_short_stops_beside_a_pause_are_no_rest() -> None:
    pieces = Pieces.from_starts(np.arange(100) % 50 == 0)
    assert not at_rest(np.zeros(100), np.zeros(100), np.zeros(100, bool), pieces).any()


@pytest.mark.parametrize(("rise_m", "rides"), [(29.9, False), (30.1, True)])
def test_a_ride_rises_by_thirty_metres_in_twenty_seconds(rise_m: float, rides: bool) -> None:
    z = np.interp(np.arange(100.0), [40, 60], [100, 100 + rise_m])
    found = riding(z, np.full(100, 2.0), one(100))
    assert np.flatnonzero(found).tolist() == (list(range(40, 61)) if rides else [])


@pytest.mark.parametrize(("along_m_s", "rides"), [(1.9, True), (2.1, False)])
def test_falling_is_a_ride_where_it_goes_down_more_than_along(along_m_s: float, rides: bool) -> None:
    # 2 m/s down: a lift, or the fastest of descents
    z = 500 - 2.0 * np.arange(100.0)
    assert riding(z, np.full(100, along_m_s), one(100)).any() == rides


def test_a_step_across_a_pause_is_no_ride() -> None:
    z = np.where(np.arange(100) < 50, 100.0, 200.0)
    assert not riding(z, np.full(100, 2.0), Pieces.from_starts(np.arange(100) % 50 == 0)).any()


def test_who_was_carried_all_the_time_climbed_an_unknown_height() -> None:
    t = np.arange(301.0)
    found = measure(recording(t, distance_m=4.0 * t, altitude_m=100 + 2.0 * t, sport="hiking"))
    assert found.metrics["elevation_gain_m"].value is None
    assert found.metrics["elevation_gain_m"].reason == "all the time was spent at rest, or carried"


def one(n: int) -> Pieces:
    return Pieces.from_starts(np.arange(n) == 0)
