"""The drive home with the watch on is taken out and named; what people do on foot stays."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.measuring.measure import measure
from steadymile.models.recording import Stored
from steadymile.models.signal.vehicle import lost_steps, riding

from tests.models.recordings import northwards, recording


def driven(drive_m_s: float) -> tuple[np.ndarray, np.ndarray]:
    """25 min of running, 2 min of standing, 10 min by car."""
    speed = np.concatenate((np.full(1500, 2.8), np.zeros(120), np.full(600, drive_m_s)))
    return np.arange(speed.size, dtype=float), np.cumsum(speed)


@pytest.mark.parametrize("drive_m_s", [9.0, 14.0, 30.0])
def test_the_way_by_car_does_not_count(drive_m_s: float) -> None:
    t, d = driven(drive_m_s)
    stored = Stored(distance_m=float(d[-1]), timer_s=float(t[-1]))
    found = measure(recording(t, distance_m=d, stored=stored))
    assert found.metrics["distance_m"].value == pytest.approx(1500 * 2.8, rel=0.01)
    assert "in a vehicle" in (found.metrics["distance_m"].source or "")
    assert found.counts["VEHICLE"] == pytest.approx(600, abs=15)


def test_the_way_by_car_does_not_count_by_places_alone() -> None:
    t, d = driven(14.0)
    assert measure(recording(t, **northwards(d))).metrics["distance_m"].value == pytest.approx(4200, rel=0.01)


def test_a_ride_without_samples_is_no_part_of_the_run_and_the_rest_is_known() -> None:
    speed = np.concatenate((np.full(1200, 2.6), np.full(600, 12.0), np.full(600, 2.6)))
    t, d = np.arange(2400.0), np.cumsum(speed)
    seen = (t < 1200) | (t >= 1800)
    stored = Stored(distance_m=float(d[-1]), timer_s=2399.0)
    found = measure(recording(t[seen], distance_m=d[seen], stored=stored)).metrics
    assert found["distance_m"].value == pytest.approx(1800 * 2.6, rel=0.01)
    assert found["running_s"].value == pytest.approx(1800, abs=10)
    assert found["longest_run_s"].value == pytest.approx(1200, abs=10)


def test_running_after_the_ride_still_counts() -> None:
    speed = np.concatenate((np.full(900, 2.8), np.full(600, 14.0), np.full(900, 2.8)))
    found = measure(recording(np.arange(2400.0), distance_m=np.cumsum(speed)))
    assert found.metrics["distance_m"].value == pytest.approx(1800 * 2.8, rel=0.02)


@pytest.mark.parametrize(("speed", "seconds"), [(7.9, 101), (9.5, 40), (6.3, 800), (6.38, 1571), (5.7, 7200)])
def test_the_worlds_best_run_without_a_vehicle(speed: float, seconds: int) -> None:
    t = np.arange(600.0 + seconds)
    along = np.cumsum(np.where((t > 300) & (t <= 300 + seconds), speed, 1.5))
    assert not riding(t, along).any()


def test_one_leap_of_a_receiver_is_no_ride() -> None:
    t = np.arange(1200.0)
    along = 2.8 * t + np.where(t > 600, 3000.0, 0.0)
    assert not riding(t, along).any()


@pytest.mark.parametrize(("speed", "seconds"), [(7.5, 2400), (7.2, 700), (6.3, 3600)])
def test_what_nobody_runs_for_so_long_was_ridden(speed: float, seconds: int) -> None:
    assert riding(np.arange(float(seconds)), speed * np.arange(seconds)).mean() > 0.95


@pytest.mark.parametrize(
    ("after_m_s", "spm", "seconds", "ridden"),
    [
        (4.0, 0.0, 600, True),  # home by bike, or a ferry
        (2.8, 0.0, 600, False),  # hands on a stroller do not swing
        (4.0, np.nan, 600, False),  # the sensor was gone
        (4.0, 170.0, 600, False),
        (4.0, 0.0, 90, False),  # a sensor that lost the steps
    ],
)
def test_going_on_faster_without_a_step_is_a_ride(after_m_s: float, spm: float, seconds: int, ridden: bool) -> None:
    speed = np.concatenate((np.full(1500, 2.8), np.full(60, 0.0), np.full(seconds, after_m_s)))
    steps = np.concatenate((np.full(1500, 166.0), np.full(60, 0.0), np.full(seconds, spm)))
    found = riding(np.arange(speed.size, dtype=float), np.cumsum(speed), steps)
    assert (found.any(), found[:1550].any()) == (ridden, False)


def test_a_ride_under_the_wrong_sport_leaves_nothing_run() -> None:
    t = np.arange(2400.0)
    found = measure(recording(t, distance_m=7.5 * t, cadence_spm=160.0))
    assert found.metrics["running_s"].value is None
    assert found.counts["VEHICLE"] / t.size > 0.95


@pytest.mark.parametrize(
    ("after_m_s", "after_bpm", "lost"),
    [
        (4.0, 150.0, True),  # a pod that fell off
        (4.0, 146.0, True),
        (4.0, 144.0, False),  # the heart rests on a seat
        (4.0, np.nan, False),
        (2.1, 150.0, False),  # so fast one can walk
        (5.5, 150.0, False),  # a bicycle ridden as hard as one runs
    ],
)
def test_without_steps_the_heart_shows_who_ran_on(after_m_s: float, after_bpm: float, lost: bool) -> None:
    speed = np.concatenate((np.full(900, 2.8), np.full(600, after_m_s)))
    steps = np.concatenate((np.full(900, 166.0), np.zeros(600)))
    heart = np.concatenate((np.full(900, 150.0), np.full(600, after_bpm)))
    found = lost_steps(np.arange(1500.0), np.cumsum(speed), steps, heart)
    assert (found[900:].all(), found[:900].any()) == (lost, False)


def test_a_run_whose_pod_fell_off_is_run_to_the_end() -> None:
    speed = np.concatenate((np.full(900, 2.8), np.full(600, 3.8)))
    t, steps = np.arange(1500.0), np.concatenate((np.full(900, 166.0), np.zeros(600)))
    found = measure(recording(t, distance_m=np.cumsum(speed), cadence_spm=steps, heart_rate_bpm=150.0))
    assert found.metrics["running_s"].value == pytest.approx(1500, abs=10)
    assert "VEHICLE" not in found.counts


def test_home_by_a_bicycle_ridden_hard_is_no_running() -> None:
    speed = np.concatenate((np.full(1500, 2.8), np.full(900, 5.5)))
    t, steps = np.arange(2400.0), np.concatenate((np.full(1500, 166.0), np.zeros(900)))
    heart = 150.0 + t % 3
    found = measure(recording(t, distance_m=np.cumsum(speed), cadence_spm=steps, heart_rate_bpm=heart))
    assert found.metrics["running_s"].value == pytest.approx(1500, abs=10)
    assert found.counts["VEHICLE"] == pytest.approx(900, abs=30)
