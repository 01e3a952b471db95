"""Published loads: worked by hand, and alike however the seconds are told."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.physiology import trimp


def at(bpm: int, seconds: float) -> np.ndarray:
    out = np.zeros(256)
    out[bpm] = seconds
    return out


def test_a_minute_at_half_the_reserve_is_worked_by_hand():
    assert trimp.banister(1.0, 0.5, "male") == pytest.approx(0.5 * 0.64 * math.exp(0.96))
    assert trimp.banister(1.0, 0.5, "female") == pytest.approx(0.5 * 0.86 * math.exp(0.835))


def test_a_woman_is_not_given_the_male_factor():
    assert trimp.banister(30.0, 0.6, "female") > trimp.banister(30.0, 0.6, "male")


def test_an_unknown_sex_is_the_mean_of_both():
    both = [trimp.banister(30.0, 0.7, sex) for sex in ("male", "female")]
    assert trimp.banister(30.0, 0.7, None) == pytest.approx(sum(both) / 2)


def test_seconds_at_one_rate_are_that_rate_for_as_long():
    assert trimp.banister_histogram(at(130, 1800.0), 200, 60, "male") == pytest.approx(trimp.banister(30, 0.5, "male"))


def test_intervals_cost_more_than_their_mean():
    split = trimp.banister_histogram(at(100, 900.0) + at(160, 900.0), 200, 60, "male")
    assert split > trimp.banister_histogram(at(130, 1800.0), 200, 60, "male")


@pytest.mark.parametrize(("bpm", "x"), [(60, 0.0), (50, 0.0), (200, 1.0), (210, 1.0), (130, 0.5)])
def test_the_reserve_fraction_is_clipped(bpm: float, x: float):
    assert float(trimp.reserve(bpm, 200, 60)) == pytest.approx(x)


@given(st.floats(0, 1), st.floats(40, 80), st.floats(120, 210))
def test_heart_rate_and_reserve_fraction_undo_each_other(x: float, rest: float, maximum: float):
    assert float(trimp.reserve(trimp.heart_rate_at(x, maximum, rest), maximum, rest)) == pytest.approx(x, abs=1e-9)


@given(st.floats(0, 0.99), st.floats(0.001, 0.01), st.sampled_from(["male", "female", None]))
def test_load_rises_with_intensity(x: float, more: float, sex: str | None):
    assert trimp.banister(10, x + more, sex) > trimp.banister(10, x, sex)


def test_a_zone_holds_its_lower_edge_and_not_its_upper():
    seconds = at(99, 1.0) + at(100, 2.0) + at(119, 4.0) + at(120, 8.0) + at(200, 16.0)
    assert trimp.zone_seconds(seconds, [100.0, 120.0, 140.0]).tolist() == [6.0, 8.0, 16.0]


def test_effort_table_is_monotone_and_meets_its_anchors():
    table = [trimp.effort_reserve(rpe) for rpe in range(11)]
    assert table == sorted(table)
    assert table[0] == 0.15
    assert table[10] == 1.0
    assert trimp.effort_reserve(3.5) == pytest.approx(0.55)


def test_an_hour_at_threshold_is_a_hundred_points():
    assert trimp.hrtss(trimp.banister(60, 0.85, "female"), "female") == pytest.approx(100.0)


def test_zones_and_their_weights_are_the_published_ones():
    hundred = 100.0 * np.array(trimp.EDWARDS_EDGES)
    assert hundred.tolist() == pytest.approx([50, 60, 70, 80, 90])
    assert [round(100 * edge) for edge in trimp.STAGNO_EDGES] == [65, 72, 79, 86, 93]
    assert trimp.STAGNO_WEIGHTS == (1.25, 1.71, 2.54, 3.61, 5.16)


def test_the_effort_table_is_the_documented_one():
    expected = [0.15, 0.30, 0.40, 0.50, 0.60, 0.68, 0.75, 0.82, 0.89, 0.95, 1.0]
    assert [trimp.effort_reserve(rpe) for rpe in range(11)] == pytest.approx(expected)
