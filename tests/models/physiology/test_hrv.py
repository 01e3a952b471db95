"""Variability from beats: errors of the sensor must not read as recovery."""

from __future__ import annotations

import math

import numpy as np
import pytest
from steadymile.models.physiology.hrv import ln_rmssd, rmssd, smallest_worthwhile_change


def alternating(n: int = 60) -> np.ndarray:
    return np.where(np.arange(n) % 2 == 0, 0.80, 0.84)


def test_alternating_beats_have_their_step_as_rmssd():
    assert rmssd([800, 840, 800, 840]) == pytest.approx(40.0)
    assert ln_rmssd(alternating()) == pytest.approx(math.log(40.0))


def test_a_missed_beat_does_not_count():
    rr = alternating()
    rr[30] = 1.64
    assert ln_rmssd(rr) == pytest.approx(math.log(40.0))


def test_an_impossible_beat_does_not_count():
    rr = alternating()
    rr[30] = 0.0
    assert ln_rmssd(rr) == pytest.approx(math.log(40.0))


def test_twenty_good_pairs_are_needed():
    assert ln_rmssd(alternating(20)) is None
    assert ln_rmssd(alternating(21)) is not None


def test_a_sensor_that_repeats_itself_says_nothing():
    assert ln_rmssd(np.full(60, 0.8)) is None


def test_no_beats_give_no_value():
    assert ln_rmssd(np.zeros(0)) is None


def test_a_week_inside_the_worthwhile_change_is_not_below():
    change = smallest_worthwhile_change([4.03] * 7, 4.05, 0.1)
    assert not change.below
    assert change.z == pytest.approx(0.2)


@pytest.mark.parametrize(("beat_s", "counts"), [(0.30, True), (0.29, False), (2.0, True), (2.01, False)])
def test_beats_from_30_to_200_hundredths_of_a_second_are_possible(beat_s: float, counts: bool):
    step = 0.01 if beat_s < 1 else -0.01
    rr = np.where(np.arange(41) % 2 == 0, beat_s, beat_s + step)
    assert (ln_rmssd(rr) is not None) == counts


def test_both_pairs_of_an_impossible_beat_are_left_out():
    rr = alternating(24)
    rr[10] = 0.29
    rr[9] = rr[11] = 0.30
    assert ln_rmssd(rr) is None


@pytest.mark.parametrize(("after", "counts"), [(0.95, True), (0.97, False)])
def test_a_beat_a_fifth_longer_is_still_a_beat_and_one_more_is_none(after: float, counts: bool):
    rr = np.append(alternating(21), after)
    plain = ln_rmssd(alternating(21))
    assert (ln_rmssd(rr) != pytest.approx(plain, abs=0.01)) == counts


def test_the_worthwhile_change_is_half_a_deviation_to_both_sides():
    change = smallest_worthwhile_change([3.9] * 7, 4.0, 0.1)
    assert (change.lower, change.upper) == (pytest.approx(3.95), pytest.approx(4.05))
    assert change.below


def test_a_week_on_the_edge_is_not_below():
    assert not smallest_worthwhile_change([3.5] * 7, 4.0, 1.0).below


def test_a_small_variability_still_has_its_logarithm():
    rr = np.where(np.arange(60) % 2 == 0, 0.8, 0.8005)
    assert ln_rmssd(rr) == pytest.approx(math.log(0.5))
