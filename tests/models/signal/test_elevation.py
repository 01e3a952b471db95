"""Climb and descent: worked numbers, properties, the table of made noise, and what is not climbed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.measuring.measure import measure
from steadymile.models.recording import Device
from steadymile.models.signal import elevation
from steadymile.models.signal.elevation import (
    BAROMETRIC,
    BAROMETRIC_NOISY,
    GPS,
    GPS_SMOOTH,
    SMOOTH,
    Method,
    Revisits,
    join,
    method_of,
    pivots,
    smooth,
    turning_points,
    zigzag,
)
from steadymile.models.signal.series import Pieces

from tests.models.recordings import northwards, recording

heights = st.lists(st.floats(-400, 4000).map(lambda x: round(x, 1)), min_size=1, max_size=60).map(np.array)
thresholds = st.sampled_from([0.4, 1.0, 2.0, 3.0, 6.0, 15.0])


def one_piece(n: int) -> Pieces:
    return Pieces.from_starts(np.arange(n) == 0)


def normative(z: list[float], h: float) -> tuple[float, float]:
    """The rule sample by sample, as docs/science.md states it."""
    hi = lo = piv = z[0]
    d, gain, loss = 0, 0.0, 0.0
    for x in z[1:]:
        if d == 0:
            hi, lo = max(hi, x), min(lo, x)
            if x - lo >= h:
                d, piv, hi = 1, lo, x
            elif hi - x >= h:
                d, piv, lo = -1, hi, x
        elif d == 1:
            if x > hi:
                hi = x
            elif hi - x >= h:
                gain += hi - piv
                piv, lo, d = hi, x, -1
        elif x < lo:
            lo = x
        elif x - lo >= h:
            loss += piv - lo
            piv, hi, d = lo, x, 1
    if d == 1:
        gain += hi - piv
    if d == -1:
        loss += piv - lo
    return gain, loss


@given(heights, thresholds)
def test_the_fast_scan_equals_the_rule_sample_by_sample(z: np.ndarray, h: float) -> None:
    assert zigzag(z, h) == pytest.approx(normative(z.tolist(), h), abs=1e-9)


@given(heights, thresholds, thresholds)
def test_a_higher_threshold_never_counts_more(z: np.ndarray, h: float, other: float) -> None:
    low, high = sorted((h, other))
    assert zigzag(z, high)[0] <= zigzag(z, low)[0] + 1e-9


@given(heights, thresholds)
def test_the_way_back_climbs_what_the_way_out_descends(z: np.ndarray, h: float) -> None:
    gain, loss = zigzag(z, h)
    assert zigzag(z[::-1], h) == pytest.approx((loss, gain), abs=1e-6)


@given(heights, thresholds, st.sampled_from([-50.0, 8.0, 1000.0]))
def test_absolute_height_does_not_matter(z: np.ndarray, h: float, shift: float) -> None:
    # Half a centimetre off the threshold, so that rounding of the sum cannot decide.
    assert zigzag(z + shift, h + 0.005) == pytest.approx(zigzag(z, h + 0.005), abs=1e-6)


@given(heights, thresholds, st.sampled_from([0.5, 2.0, 4.0]))
def test_scaling_the_hills_scales_the_climb(z: np.ndarray, h: float, a: float) -> None:
    gain, loss = zigzag(z, h)
    assert zigzag(a * z, a * h) == pytest.approx((a * gain, a * loss), abs=1e-6)


@given(heights, thresholds)
def test_gain_less_loss_is_the_net_rise_within_twice_the_threshold(z: np.ndarray, h: float) -> None:
    gain, loss = zigzag(z, h)
    assert abs((gain - loss) - (z[-1] - z[0])) <= 2 * h + 1e-9


@given(st.floats(-400, 4000), st.integers(1, 50), thresholds)
def test_a_level_line_climbs_nothing(height: float, n: int, h: float) -> None:
    assert zigzag(np.full(n, height), h) == (0.0, 0.0)


@given(heights, thresholds, st.integers(2, 4))
def test_repeated_samples_change_nothing(z: np.ndarray, h: float, times: int) -> None:
    assert zigzag(np.repeat(z, times), h) == zigzag(z, h)


@given(heights)
def test_turning_points_keep_ends_and_extremes(z: np.ndarray) -> None:
    points = turning_points(z)
    assert points[0] == z[0]
    assert points[-1] == z[-1]
    assert points.max() == z.max()
    assert points.min() == z.min()


@pytest.mark.parametrize(
    ("z", "gain", "loss"),
    [
        ([0.0, 10.0, 8.0, 10.0], 12.0, 2.0),
        ([10.0, 0.0, 2.0, 0.0], 2.0, 12.0),
        ([0.0, 2.0], 2.0, 0.0),
        ([2.0, 0.0], 0.0, 2.0),
        ([0.0, 1.9], 0.0, 0.0),
    ],
)
def test_a_reversal_of_just_the_threshold_counts(z: list[float], gain: float, loss: float) -> None:
    assert zigzag(np.array(z), 2.0) == (gain, loss)


def test_rolling_hills_of_five_metres_lose_nothing() -> None:
    s = np.arange(0, 4000, 2.5)
    z = 5 * np.sin(2 * np.pi * s / 250)
    true = np.clip(np.diff(z), 0, None).sum()
    assert zigzag(z, 2.0)[0] == pytest.approx(true, abs=0.5)


@cache
def made_noise(kind: str, seed: int) -> np.ndarray:
    """Half an hour of one sensor's error: white noise, slow wander, drift of the weather."""
    r = np.random.default_rng(seed)
    white, slow, tau, drift = {
        "baro": (0.2, 0.4, 25.0, 2.0),
        "windy": (0.4, 1.0, 15.0, 3.0),
        "gps": (0.5, 2.5, 90.0, 0.0),
    }[kind]
    keep = float(np.exp(-1.0 / tau))
    wander = [r.normal(0, slow)]
    for shock in r.normal(0, slow * np.sqrt(1 - keep**2), 1799).tolist():
        wander.append(keep * wander[-1] + shock)
    return r.normal(0, white, 1800) + np.array(wander) + np.cumsum(r.normal(0, drift / 60.0, 1800))


def made_altitude(kind: str, hills: str, seed: int) -> tuple[np.ndarray, float]:
    """(noisy altitude of a 30-min run at 2.55 m/s, true gain) for one sensor and one course."""
    s = 2.55 * np.arange(1800)
    shape = {
        "flat": np.zeros(1800),
        "ten": 5.0 * (1 - np.cos(2 * np.pi * s / 400)),
        "five": 2.5 * (1 - np.cos(2 * np.pi * s / 250)),
        "one": 20.0 * (1 - np.cos(2 * np.pi * s / s[-1])),
    }[hills]
    return 100 + shape + made_noise(kind, seed), float(np.clip(np.diff(shape), 0, None).sum())


# Bias and sd of the pipeline as docs/science.md prints them; the bias of ours must lie within 1.5 sd of it.
TABLE = [
    ("baro", BAROMETRIC, "flat", 2.9, 1.7),
    ("baro", BAROMETRIC, "ten", 0.3, 1.7),
    ("baro", BAROMETRIC, "five", -2.1, 2.2),
    ("baro", BAROMETRIC, "one", 0.7, 1.0),
    ("windy", BAROMETRIC_NOISY, "flat", 9.6, 4.2),
    ("windy", BAROMETRIC_NOISY, "ten", 0.4, 3.8),
    ("windy", BAROMETRIC_NOISY, "five", -7.1, 6.3),
    ("windy", BAROMETRIC_NOISY, "one", 1.8, 1.6),
    ("gps", GPS, "flat", 15.2, 6.1),
    ("gps", GPS, "ten", -8.6, 8.9),
    ("gps", GPS, "five", -54.6, 6.1),
    ("gps", GPS, "one", 4.1, 3.4),
]


@pytest.mark.parametrize(("kind", "method", "hills", "bias", "sd"), TABLE)
def test_bias_on_made_noise_is_as_stated(kind: str, method: Method, hills: str, bias: float, sd: float) -> None:
    errors = []
    for seed in range(12):
        z, true = made_altitude(kind, hills, seed)
        errors.append(zigzag(smooth(z, one_piece(z.size), method.window), method.threshold_m)[0] - true)
    assert np.mean(errors) == pytest.approx(bias, abs=1.5 * sd)


def test_a_clean_barometer_is_told_from_a_windy_one() -> None:
    clean = [elevation.high_frequency_sigma_m(made_altitude("baro", "ten", s)[0], one_piece(1800)) for s in range(5)]
    windy = [elevation.high_frequency_sigma_m(made_altitude("windy", "ten", s)[0], one_piece(1800)) for s in range(5)]
    assert max(clean) < elevation.NOISY_SIGMA_M < min(windy)


@pytest.mark.parametrize(
    ("method", "window", "threshold", "floor", "share", "doubt"),
    [
        (BAROMETRIC, 11, 2.0, 3.0, 0.05, 4.0),
        (BAROMETRIC_NOISY, 21, 3.0, 8.0, 0.08, 6.0),
        (SMOOTH, 11, 2.0, 15.0, 0.10, 6.0),
        (GPS_SMOOTH, 11, 3.0, 15.0, 0.30, 6.0),
        (GPS, 31, 6.0, 15.0, 0.30, 12.0),
    ],
)
def test_each_kind_has_the_parameters_that_are_stated(
    method: Method, window: int, threshold: float, floor: float, share: float, doubt: float
) -> None:
    stated = (window, threshold, floor, share, doubt)
    assert (method.window, method.threshold_m, method.sd_floor_m, method.sd_share, method.doubt_m) == stated


@pytest.mark.parametrize(("sigma_m", "method"), [(0.40, BAROMETRIC), (0.41, BAROMETRIC_NOISY)])
def test_a_barometer_is_noisy_above_four_tenths_of_a_metre(sigma_m: float, method: elevation.Method) -> None:
    assert method_of(True, sigma_m) is method


@pytest.mark.parametrize(
    ("barometer", "sigma_m", "method"),
    [
        (True, 0.2, BAROMETRIC),
        (True, 0.5, BAROMETRIC_NOISY),
        (None, 0.08, SMOOTH),
        (None, 0.5, GPS),
        (False, 0.08, GPS_SMOOTH),
        (False, 0.5, GPS),
    ],
)
def test_the_kind_of_altitude_follows_the_device_and_the_signal(
    barometer: bool | None, sigma_m: float, method: Method
) -> None:
    assert method_of(barometer, sigma_m) is method


def test_a_route_that_crosses_itself_is_read_as_one_that_does_not() -> None:
    t = np.arange(1800.0)
    z, _ = made_altitude("baro", "ten", 1)
    ways = (2.5 * t, 2.5 * np.minimum(t, 1800 - t), 2.5 * np.abs((t + 150) % 300 - 150))
    found = [run(z, t, device=Device(), **northwards(way)) for way in ways]
    assert {m.elevation_source for m in found} == {"barometric"}
    assert len({m.metrics["elevation_gain_m"].value for m in found}) == 1


def run(z: np.ndarray, t: np.ndarray | None = None, **more: object):
    t = np.arange(float(z.size)) if t is None else t
    return measure(recording(t, altitude_m=z, distance_m=2.5 * t, cadence_spm=160.0, **more))


def test_a_lift_with_the_timer_stopped_is_not_climbed() -> None:
    t = np.concatenate((np.arange(301.0), np.arange(600.0, 901.0)))
    z = np.where(t <= 300, 500.0, 900.0)
    found = run(z, t, timer=((0.0, 300.0), (600.0, 900.0))).metrics
    assert found["elevation_gain_m"].value == 0
    assert found["elevation_loss_m"].value == 0


def test_climbing_on_through_many_short_stops_is_not_lost() -> None:
    t = np.concatenate([np.arange(40.0) + 60 * k for k in range(20)])
    z = 100 + np.arange(t.size) * 0.025  # 1 m in each 40 s between stops: 20 m in all
    timer = tuple((60.0 * k, 60.0 * k + 39.0) for k in range(20))
    assert run(z, t, timer=timer).metrics["elevation_gain_m"].value == pytest.approx(19.5, abs=2.5)


def test_a_gap_of_over_a_minute_is_not_climbed() -> None:
    t = np.concatenate((np.arange(301.0), np.arange(500.0, 801.0)))
    z = np.where(t <= 300, 500.0, 600.0)
    assert run(z, t).metrics["elevation_gain_m"].value == 0


def test_smart_recording_climbs_the_same() -> None:
    t = np.arange(1801.0)
    z, _ = made_altitude("baro", "ten", 3)
    z = np.append(z, z[-1])
    every = np.arange(0, 1801, 5)
    dense = run(z, t).metrics["elevation_gain_m"].value
    smart = run(z[every], t[every]).metrics["elevation_gain_m"].value
    assert smart == pytest.approx(dense, abs=5.0)


def test_a_correction_of_the_altitude_is_not_climbed() -> None:
    z = np.where(np.arange(601) < 300, 100.0, 160.0)
    assert run(z).metrics["elevation_gain_m"].value == 0


@pytest.mark.parametrize(("step_m", "barometer", "climbed"), [(9, True, True), (16, True, False), (9, None, False)])
def test_a_barometer_that_lagged_and_catches_up_has_climbed(step_m: float, barometer: bool, climbed: bool) -> None:
    t = np.arange(601.0)
    z = 100 + 0.05 * t + np.where(t < 300, 0.0, step_m)
    gain = run(z, device=Device(barometer=barometer)).metrics["elevation_gain_m"].value
    assert gain == pytest.approx(30 + (step_m if climbed else 0), abs=1.0)


def test_a_lift_in_a_gap_is_not_climbed_even_by_a_barometer() -> None:
    t = np.concatenate((np.arange(301.0), np.arange(312.0, 613.0)))
    z = np.where(t <= 300, 100.0, 160.0) + 0.01 * t
    assert run(z, t).metrics["elevation_gain_m"].value == pytest.approx(6.0, abs=1.0)


def test_the_source_is_named_and_an_unknown_sensor_is_less_certain() -> None:
    z, _ = made_altitude("baro", "ten", 1)
    known = run(z).metrics["elevation_gain_m"]
    unknown = run(z, device=Device()).metrics["elevation_gain_m"]
    gps = run(z, device=Device(barometer=False)).metrics["elevation_gain_m"]
    assert (known.source, unknown.source, gps.source) == ("barometric", "barometric", "gps")
    assert unknown.value == known.value
    assert known.sd < unknown.sd < gps.sd


def test_the_deviation_holds_half_of_what_another_threshold_would_leave_out() -> None:
    # Ten hills of 3 m and one of 50 m: with 4 m as the threshold only the large one counts.
    z = np.array([0.0, 3.0] * 10 + [0.0, 50.0])
    found = elevation.climb(z, BAROMETRIC)
    assert found.gain_m == 80.0
    assert found.gain_sd_m == pytest.approx((3.0**2 + (0.05 * 80) ** 2 + 15.0**2) ** 0.5)


@given(heights, thresholds)
def test_a_higher_threshold_finds_the_same_in_the_turns_as_in_the_heights(z: np.ndarray, h: float) -> None:
    turns = np.array(pivots(z, h))
    assert zigzag(turns, 2 * h) == pytest.approx(zigzag(z, 2 * h), abs=1e-9)


def test_without_altitude_the_gain_is_unknown_not_zero() -> None:
    t = np.arange(301.0)
    found = measure(recording(t, distance_m=2.5 * t))
    assert found.metrics["elevation_gain_m"].value is None
    assert found.elevation_source == "none"


def test_half_an_altitude_is_none() -> None:
    z = np.full(601, 100.0)
    z[200:] = np.nan
    assert "four fifths" in (run(z).metrics["elevation_gain_m"].reason or "")


def test_out_and_back_shows_how_far_the_altitude_agrees_with_itself() -> None:
    t = np.arange(1201.0)
    way = np.where(t <= 600, 2.5 * t, 2.5 * (1200 - t))
    place = northwards(way)
    drifting = 100 + 4.0 * t / 1200
    found = elevation.revisits(place["latitude_deg"], place["longitude_deg"], drifting, t)
    assert found.pairs > 30
    # Passes lie up to 20 min apart, on average 10: 2 m of drift between them, times 1.48.
    assert found.sd_m == pytest.approx(1.4826 * 2.2, rel=0.15)


def test_a_way_never_taken_twice_tells_nothing() -> None:
    t = np.arange(1201.0)
    place = northwards(2.5 * t)
    assert elevation.revisits(place["latitude_deg"], place["longitude_deg"], t, t).pairs == 0


def test_the_self_check_widens_the_stated_uncertainty_at_most_twofold_and_never_narrows_it() -> None:
    z = 100 + 20 * np.sin(np.arange(1801.0) / 100)
    plain = elevation.climb(z, GPS)
    sure = elevation.climb(z, GPS, Revisits(100, 0.1))
    unsure = elevation.climb(z, GPS, Revisits(100, 99.0))
    assert sure.gain_sd_m == plain.gain_sd_m
    assert unsure.gain_sd_m == pytest.approx(plain.gain_sd_m * 2)


def test_the_widened_uncertainty_grows_with_the_root_of_the_climbs() -> None:
    z = 100 + 20 * np.sin(np.arange(1801.0) / 100)
    gain = zigzag(z, 6.0)[0]
    # A climb of 24 m is one; its ends are as far off as two passes of a place differ.
    assert elevation.climb(z, GPS, Revisits(100, 20.0)).gain_sd_m == pytest.approx(20.0 * (gain / 24.0) ** 0.5)


def test_a_slope_from_gps_stays_within_thirty_percent() -> None:
    t = np.arange(601.0)
    z = 100 + 0.5 * 2.5 * t
    by_gps = run(z, t, device=Device(barometer=False)).metrics["hill_energy_ratio"].value
    assert by_gps == pytest.approx(float(np.polyval([155.4, -30.4, -43.3, 46.3, 19.5, 3.6], 0.30)) / 3.6, rel=1e-6)
    by_pressure = run(z, t).metrics["hill_energy_ratio"].value
    assert by_pressure == pytest.approx(5.396115, rel=0.002)


def test_pieces_are_joined_without_the_step_between_them() -> None:
    z = np.array([1.0, 2.0, 50.0, 51.0])
    pieces = Pieces.from_starts(np.array([True, False, True, False]))
    assert join(z, pieces).tolist() == [1.0, 2.0, 2.0, 3.0]


def test_grade_is_rise_over_run() -> None:
    distance = 2.5 * np.arange(400.0)
    assert elevation.grade(0.05 * distance, distance, 20.0, 0.45) == pytest.approx(np.full(400, 0.05))
    assert elevation.grade(0.9 * distance, distance, 20.0, 0.45).max() == 0.45


def test_a_made_hill_has_its_grade_in_the_track() -> None:
    t = np.arange(1201.0)
    found = run(100 + 0.06 * 2.5 * t, t).metrics
    # 6 % by the table of equal heart rate: factor 1.228.
    assert found["grade_adjusted_pace_s_per_km"].value == pytest.approx(400 / 1.228, rel=0.01)
    assert found["energy_adjusted_pace_s_per_km"].value == pytest.approx(
        400 * 3.6 / float(np.polyval([155.4, -30.4, -43.3, 46.3, 19.5, 3.6], 0.06)), rel=0.01
    )


def test_replacing_the_device_replaces_the_method() -> None:
    z, _ = made_altitude("baro", "flat", 1)
    activity = recording(np.arange(1800.0), altitude_m=z, distance_m=2.5 * np.arange(1800.0))
    assert measure(activity).elevation_source == "barometric"
    assert measure(replace(activity, device=Device(barometer=False))).elevation_source == "gps"
