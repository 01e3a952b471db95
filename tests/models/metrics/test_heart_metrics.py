"""What the heart did in one recording, from made recordings whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from steadymile.models.measuring.measure import measure
from steadymile.models.metrics.catalogue import Value
from steadymile.models.recording import SAMPLES, Activity, Stored

from tests.models.recordings import recording as sampled

BEGAN = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)


def recording(speed_m_s: np.ndarray, heart_rate_bpm: np.ndarray, cadence_spm: np.ndarray | None = None) -> Activity:
    """A level recording at 1 Hz; cadence 176 where faster than 2 m/s, else 110."""
    n = speed_m_s.size
    cadence = np.where(speed_m_s >= 2.0, 176.0, 110.0) if cadence_spm is None else cadence_spm
    samples = pl.DataFrame(
        {
            "time": [BEGAN + timedelta(seconds=i) for i in range(n)],
            "t_s": np.arange(n, dtype=float),
            "latitude_deg": [None] * n,
            "longitude_deg": [None] * n,
            "altitude_m": 120.0 + 0.1 * (np.arange(n) // 60 % 2),  # one height from end to end is no height
            "distance_m": np.cumsum(speed_m_s) - speed_m_s[0],
            "speed_m_s": speed_m_s,
            "heart_rate_bpm": heart_rate_bpm,
            "cadence_spm": cadence,
            "power_w": [None] * n,
            "temperature_c": [None] * n,
            "flags": np.zeros(n, dtype=np.int32),
        },
        schema=SAMPLES,
        nan_to_null=True,
    )
    return Activity(started_at=BEGAN, sport="running", samples=samples, reader="made")


def wavering(bpm: np.ndarray) -> np.ndarray:
    return np.round(bpm + np.sin(np.arange(bpm.size) / 5.0))


def metrics(activity: Activity) -> dict[str, Value]:
    return measure(activity).metrics


def test_mean_and_highest_heart_rate_are_those_of_the_samples():
    bpm = np.concatenate([np.full(900, 140.0), np.full(20, 147.0), np.full(880, 154.0)])
    found = metrics(recording(np.full(1800, 2.5), bpm))
    assert found["heart_rate_mean_bpm"].value == pytest.approx(bpm.mean(), abs=0.2)
    assert found["heart_rate_max_bpm"].value == 154.0
    assert found["heart_rate_coverage"].value == pytest.approx(1.0)


def test_the_mean_leaves_standing_out():
    speed = np.concatenate([np.full(600, 2.5), np.zeros(600)])
    bpm = wavering(np.concatenate([np.full(600, 150.0), np.linspace(150, 90, 600)]))
    assert metrics(recording(speed, bpm))["heart_rate_mean_bpm"].value == pytest.approx(150.0, abs=1.0)


def test_coverage_is_the_share_with_heart_rate():
    bpm = wavering(np.full(1200, 150.0))
    bpm[300:600] = np.nan
    assert metrics(recording(np.full(1200, 2.5), bpm))["heart_rate_coverage"].value == pytest.approx(0.75, abs=0.01)


def test_a_reading_stands_for_ten_seconds_where_the_next_comes_later():
    bpm = np.full(1200, np.nan)
    bpm[::12] = 150.0
    found = metrics(recording(np.full(1200, 2.5), bpm))
    assert found["heart_rate_coverage"].value == pytest.approx(10 / 12, abs=0.01)


def test_rare_readings_are_weighted_by_time():
    # Every 5 s at 120, then every 15 s at 160: 600 s at the one, 10 of each 15 s at the other.
    bpm = np.full(1200, np.nan)
    bpm[:600:5], bpm[600::15] = 120.0, 160.0
    found = metrics(recording(np.full(1200, 2.5), bpm))["heart_rate_mean_bpm"].value
    assert found == pytest.approx((600 * 120 + 400 * 160) / 1000, abs=0.5)


def test_no_reading_stands_beyond_one_that_was_dropped():
    bpm = np.full(1200, np.nan)
    bpm[::12], bpm[4::12] = 150.0, 255.0
    found = metrics(recording(np.full(1200, 2.5), bpm))
    assert found["heart_rate_coverage"].value == pytest.approx(4 / 12, abs=0.01)


def test_without_samples_the_devices_own_totals_stand_and_say_so():
    activity = recording(np.full(1200, 2.5), np.full(1200, np.nan))
    stored = replace(activity, stored=Stored(heart_rate_mean_bpm=151.0, heart_rate_max_bpm=172.0))
    found = metrics(stored)
    assert found["heart_rate_mean_bpm"] == Value(151.0, source="device total")
    assert found["heart_rate_max_bpm"].value == 172.0
    assert metrics(activity)["heart_rate_mean_bpm"].reason == "no heart rate was recorded"


def drifting(minutes: int, drift_bpm: float, speed: float = 2.5) -> Activity:
    n = minutes * 60
    return recording(np.full(n, speed), wavering(np.linspace(150.0, 150.0 + drift_bpm, n)))


def test_decoupling_is_worked_by_hand():
    # After 5 of 45 min: 150 + 30 t/45 over 5..45 min; halves centred on 15 and 35 min: 160 and 173.3 bpm.
    found = metrics(drifting(45, 30.0))["decoupling_pct"].value
    assert found == pytest.approx(100 * (1 - 160.0 / 173.33), abs=0.3)


def test_an_even_heart_rate_does_not_decouple():
    assert metrics(drifting(45, 0.0))["decoupling_pct"].value == pytest.approx(0.0, abs=0.3)


@pytest.mark.parametrize(("minutes", "known"), [(24, False), (26, True)])
def test_decoupling_needs_twenty_steady_minutes_after_five(minutes: int, known: bool):
    assert (metrics(drifting(minutes, 5.0))["decoupling_pct"].value is not None) is known


def test_a_walk_break_forbids_decoupling():
    speed = np.concatenate([np.full(1200, 2.6), np.full(120, 1.3), np.full(1200, 2.6)])
    found = metrics(recording(speed, wavering(np.full(2520, 150.0))))["decoupling_pct"]
    assert found.value is None
    assert "without a walk break" in (found.reason or "")


def test_a_run_of_changing_pace_does_not_decouple():
    speed = np.where(np.arange(2700) // 180 % 2 == 0, 2.2, 3.6)
    found = metrics(recording(speed, wavering(np.full(2700, 150.0))))["decoupling_pct"]
    assert found.value is None
    assert "steady" in (found.reason or "")


def test_recovery_is_the_fall_in_the_minute_after_the_last_run():
    speed = np.concatenate([np.full(600, 2.6), np.full(300, 1.3)])
    bpm = wavering(np.concatenate([np.full(600, 160.0), 160.0 - np.minimum(np.arange(300) * 0.5, 60.0)]))
    found = metrics(recording(speed, bpm))["heart_rate_recovery_60s_bpm"].value
    assert found == pytest.approx(30.0, abs=3.0)


def test_there_is_no_recovery_when_running_ends_the_recording():
    assert metrics(drifting(20, 0.0))["heart_rate_recovery_60s_bpm"].value is None


def test_beats_give_their_variability_and_their_absence_a_reason():
    activity = drifting(20, 0.0)
    beats = np.where(np.arange(300) % 2 == 0, 0.40, 0.42)
    assert metrics(replace(activity, rr_s=beats))["ln_rmssd"].value == pytest.approx(np.log(20.0))
    assert "no beat-to-beat" in (metrics(activity)["ln_rmssd"].reason or "")


def test_the_digest_carries_what_the_person_stage_needs():
    digest = measure(drifting(30, 10.0)).digest
    assert digest.heart_rate_s is not None
    assert digest.heart_rate_s.sum() == pytest.approx(1800, abs=5)
    assert digest.peak_20s_bpm == pytest.approx(160.0, abs=2.0)
    assert digest.cadence_lock_share == 0.0


def sparse(steps_s: list[float], bpm: np.ndarray) -> dict[str, Value]:
    """A run at 2.8 m/s sampled at these steps, with one heart rate a sample."""
    t = np.concatenate(([0.0], np.cumsum(steps_s)))
    return metrics(sampled(t, distance_m=2.8 * t, heart_rate_bpm=bpm, cadence_spm=164.0))


def test_a_recording_of_one_sample_in_half_a_minute_knows_its_heart_rate_all_the_way():
    bpm = np.where(np.arange(61) % 2 == 0, 140.0, 160.0)
    found = sparse([20.0, 40.0] * 30, bpm)
    assert found["heart_rate_coverage"].value == pytest.approx(1.0)
    assert found["heart_rate_mean_bpm"].value == pytest.approx(150.0, abs=0.5)  # half of each straight line


def test_a_hole_between_samples_of_a_second_stays_a_hole():
    found = sparse([1.0] * 600 + [40.0] + [1.0] * 560, np.full(1162, 150.0) + np.arange(1162) % 3)
    assert found["heart_rate_coverage"].value == pytest.approx(1 - 30 / 1200, abs=0.002)


def test_a_hole_longer_than_two_usual_steps_stays_a_hole():
    found = sparse([20.0] * 30 + [50.0] + [20.0] * 30, np.full(62, 150.0) + np.arange(62) % 3)
    assert found["heart_rate_coverage"].value == pytest.approx(1 - 40 / 1250, abs=0.002)


def test_samples_of_a_sparse_recording_without_heart_rate_are_not_bridged():
    bpm = np.full(61, 150.0) + np.arange(61) % 3
    bpm[30] = np.nan  # unknown from 10 s after the 30th sample until the 32nd
    found = sparse([30.0] * 60, bpm)
    assert found["heart_rate_coverage"].value == pytest.approx(1 - 50 / 1800, abs=0.002)


def test_of_samples_minutes_apart_each_heart_rate_stands_for_ten_seconds():
    found = sparse([90.0] * 20, np.full(21, 150.0) + np.arange(21) % 3)
    assert found["heart_rate_coverage"].value == pytest.approx(200 / 1800, abs=0.002)
