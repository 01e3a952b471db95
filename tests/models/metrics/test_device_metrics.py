"""Steps, power, temperature, the device's own scores, quality marks, slopes and best heart rates: worked numbers."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.measuring.measure import measure
from steadymile.models.recording import Stored

from tests.models.recordings import northwards, recording, steady

HOUR = np.arange(3601.0)


def value(activity, name: str) -> float | None:
    return measure(activity).metrics[name].value


def test_mean_cadence_is_that_of_the_running() -> None:
    t = np.arange(1201.0)
    speed = np.where(t < 600, 2.8, 1.3)
    run = recording(t, distance_m=np.cumsum(speed), cadence_spm=np.where(t < 600, 168.0, 110.0))
    assert value(run, "cadence_mean_spm") == pytest.approx(168.0, abs=1.0)


def test_the_highest_cadence_is_one_held_for_ten_seconds() -> None:
    t = np.arange(601.0)
    cadence = np.where((t >= 300) & (t < 303), 210.0, np.where((t >= 400) & (t < 415), 180.0, 165.0))
    assert value(recording(t, distance_m=2.8 * t, cadence_spm=cadence), "cadence_max_spm") == pytest.approx(180.0)


def test_a_step_is_distance_over_steps() -> None:
    # 2.8 m/s at 168 steps a minute: 2.8 steps a second, a metre each.
    assert value(steady(2.8, 600, cadence_spm=168.0), "stride_length_m") == pytest.approx(1.0)


def test_mean_power_counts_zeros_and_normalised_power_the_surges() -> None:
    t = np.arange(2401.0)
    power = np.where(t % 240 < 120, 300.0, 100.0)
    run = recording(t, distance_m=2.8 * t, power_w=power)
    assert value(run, "power_mean_w") == pytest.approx(200.0, abs=1.0)
    flat = value(recording(t, distance_m=2.8 * t, power_w=200.0), "power_normalized_w")
    assert flat == pytest.approx(200.0)
    assert value(run, "power_normalized_w") > 220.0


def test_surges_shorter_than_the_window_cost_their_average() -> None:
    t = np.arange(2401.0)
    run = recording(t, distance_m=2.8 * t, power_w=np.where(t % 2 < 1, 300.0, 100.0))
    assert value(run, "power_normalized_w") == pytest.approx(200.0, abs=2.0)


def test_temperature_is_the_mean_at_the_device() -> None:
    t = np.arange(601.0)
    run = recording(t, distance_m=2.8 * t, temperature_c=np.where(t < 300, 20.0, 24.0))
    assert value(run, "temperature_mean_c") == pytest.approx(22.0, abs=0.05)


def test_what_the_device_states_is_passed_on_as_the_devices() -> None:
    stored = Stored(
        calories_kcal=412.0,
        vo2max_ml_kg_min=51.3,
        aerobic_training_effect=3.1,
        anaerobic_training_effect=0.4,
        performance_condition=-4.0,
    )
    found = measure(steady(2.8, 600, stored=stored)).metrics
    assert (found["calories_kcal"].value, found["calories_kcal"].source) == (412.0, "device total")
    assert found["device_vo2max_ml_kg_min"].value == 51.3
    assert found["device_training_effect"].value == 3.1
    assert found["device_anaerobic_training_effect"].value == 0.4
    assert found["device_performance_condition"].value == -4.0
    assert found["device_recovery_time_h"].value is None


def test_a_recording_without_other_sensors_says_so() -> None:
    found = measure(steady(2.8, 600)).metrics
    for name in ("cadence_mean_spm", "power_mean_w", "temperature_mean_c", "calories_kcal"):
        assert found[name].value is None
        assert found[name].reason


def test_the_best_hour_is_none_in_forty_minutes_and_the_best_twenty_is_the_harder_half() -> None:
    t = np.arange(2401.0)
    run = recording(t, distance_m=2.8 * t, heart_rate_bpm=np.clip(140.0 + (t - 1100) * 0.5, 140.0, 160.0))
    found = measure(run).metrics
    assert found["heart_rate_best_20_min_bpm"].value == pytest.approx(160.0, abs=0.2)
    assert found["heart_rate_best_60_min_bpm"].value is None


def test_the_best_hour_is_its_mean() -> None:
    run = recording(HOUR, distance_m=2.8 * HOUR, heart_rate_bpm=np.where(HOUR < 1800, 140.0, 150.0))
    assert value(run, "heart_rate_best_60_min_bpm") == pytest.approx(145.0, abs=0.1)


def test_slopes_split_time_and_way_into_up_level_and_down() -> None:
    t = np.arange(1801.0)
    z = 100 + np.interp(t, [0, 600, 1200, 1800], [0.0, 75.0, 75.0, 0.0])
    found = measure(recording(t, distance_m=2.5 * t, altitude_m=z)).metrics
    assert [found[n].value for n in ("uphill_s", "level_s", "downhill_s")] == pytest.approx([600, 600, 600], abs=15)
    # 600 s at 2.5 m/s are 1500 m.
    assert [found[n].value for n in ("uphill_m", "level_m", "downhill_m")] == pytest.approx([1500.0] * 3, abs=40.0)
    # 75 m in 600 s are 450 m an hour.
    assert found["vam_m_per_h"].value == pytest.approx(450.0, rel=0.02)


def test_a_level_run_has_no_ascent_speed() -> None:
    t = np.arange(601.0)
    assert value(recording(t, distance_m=2.5 * t, altitude_m=100.0 + 0 * t), "vam_m_per_h") is None


def test_jumps_are_a_share_of_the_samples() -> None:
    t = np.arange(601.0)
    place = northwards(2.5 * t)
    place["latitude_deg"][300] += 0.05
    found = measure(recording(t, **place)).metrics
    assert found["jump_share"].value == pytest.approx(1 / 601)
    assert found["position_coverage"].value == pytest.approx(1.0, abs=0.01)
    assert value(steady(2.8, 600), "position_coverage") is None


def test_a_gap_is_a_share_of_the_timers_time() -> None:
    t = np.concatenate((np.arange(601.0), np.arange(1000.0, 1401.0)))
    run = recording(t, distance_m=2.5 * t, timer=((0.0, 1400.0),))
    assert value(run, "gap_share") == pytest.approx(400 / 1400, abs=0.01)
