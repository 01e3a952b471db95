"""Variability from beats: errors of the sensor must not read as recovery."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.hrv import ln_rmssd, rmssd, smallest_worthwhile_change


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
