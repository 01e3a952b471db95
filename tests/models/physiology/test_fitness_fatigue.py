"""What load leaves behind: beginners are not frightened by arithmetic, and gaps are gaps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from steadymile.models.physiology import fitness_fatigue

loads = arrays(np.float64, st.integers(1, 80), elements=st.floats(0, 500))


@given(st.floats(0.1, 500), st.integers(1, 200), st.sampled_from([7.0, 42.0]))
def test_a_constant_load_reads_as_itself_from_the_first_day(load: float, days: int, tau: float):
    assert fitness_fatigue.exponential_average(np.full(days, load), tau) == pytest.approx(load)


def test_three_equal_sessions_a_week_never_look_dangerous():
    week = np.array([50.0, 0, 50, 0, 50, 0, 0])
    load = np.tile(week, 12)
    fitness, fatigue = (fitness_fatigue.exponential_average(load, tau) for tau in (42, 7))
    weekly = (fatigue / fitness).reshape(12, 7).mean(axis=1)
    assert weekly[1:].max() < 1.10
    assert weekly[1:].min() > 0.85


@given(loads, st.sampled_from([7.0, 42.0]))
def test_the_correction_is_one_less_the_weight_not_yet_gathered(load: np.ndarray, tau: float):
    a = 1 - math.exp(-1 / tau)
    gathered = 1 - (1 - a) ** np.arange(1, load.size + 1)
    plain = fitness_fatigue.exponential_average(load, tau, corrected=False)
    assert fitness_fatigue.exponential_average(load, tau) == pytest.approx(plain / gathered)


@given(loads)
def test_an_average_lies_between_the_least_and_the_most(load: np.ndarray):
    average = fitness_fatigue.exponential_average(load, 7.0)
    assert (average >= load.min() - 1e-9).all()
    assert (average <= load.max() + 1e-9).all()


def test_a_day_of_unknown_load_stands_still_instead_of_resting():
    average = fitness_fatigue.exponential_average(np.array([40.0, np.nan, 40.0]), 7.0)
    assert average == pytest.approx([40, 40, 40])


def test_nothing_is_known_before_the_first_known_day():
    assert np.isnan(fitness_fatigue.exponential_average(np.array([np.nan, 40.0]), 7.0)[0])


def test_many_athletes_at_once_equal_one_by_one():
    load = np.random.default_rng(7).uniform(0, 90, (60, 5))
    together = fitness_fatigue.exponential_average(load, 42.0)
    alone = np.column_stack([fitness_fatigue.exponential_average(load[:, i], 42.0) for i in range(5)])
    assert together == pytest.approx(alone)


def test_form_is_yesterdays_difference():
    form = fitness_fatigue.form(np.array([10.0, 20.0]), np.array([4.0, 90.0]))
    assert np.isnan(form[0])
    assert form[1] == 6.0


def test_monotony_needs_seven_days_and_counts_rest_as_zero():
    monotony, strain = fitness_fatigue.monotony_strain(np.array([60.0, 0, 60, 0, 60, 0, 0]))
    assert np.isnan(monotony[:6]).all()
    assert monotony[6] == pytest.approx((180 / 7) / (60 * math.sqrt(12 / 49)))
    assert strain[6] == pytest.approx(180 * monotony[6])


def test_equal_days_have_the_highest_monotony_and_empty_weeks_none():
    monotony, strain = fitness_fatigue.monotony_strain(np.array([30.0] * 7 + [0.0] * 7))
    assert monotony[6] == 10.0
    assert strain[6] == pytest.approx(2100.0)
    assert np.isnan(monotony[13])
    assert np.isnan(strain[13])


def test_a_week_with_an_unknown_day_has_no_monotony():
    assert np.isnan(fitness_fatigue.monotony_strain(np.array([30.0, np.nan, 0, 20, 0, 10, 0]))[0][6])


def test_the_ratio_is_unknown_without_any_load():
    assert math.isnan(fitness_fatigue.acute_chronic_ratio(np.zeros(30))[2])


@given(loads)
def test_banister_performance_is_fitness_less_twice_fatigue(load: np.ndarray):
    g, h, p = fitness_fatigue.banister_sequence(load)
    assert p == pytest.approx(g - 2 * h)
    assert (g >= h - 1e-9).all()


def test_one_load_falls_to_its_eth_part_in_42_and_7_days():
    fitness, fatigue, _ = fitness_fatigue.banister_sequence(np.array([100.0] + [0.0] * 42))
    assert fitness[42] == pytest.approx(100 / math.e)
    assert fatigue[7] == pytest.approx(100 / math.e)


def test_small_loads_have_a_monotony_too():
    assert fitness_fatigue.monotony_strain(np.array([0.5, 0, 0.5, 0, 0.5, 0, 0]))[0][6] > 0


def test_form_looks_one_day_back_on_every_day():
    form = fitness_fatigue.form(np.array([10.0, 20.0, 35.0]), np.array([4.0, 9.0, 90.0]))
    assert form[1:].tolist() == [6.0, 11.0]


def test_the_ratio_is_of_seven_days_to_four_weeks():
    acute, chronic, ratio = fitness_fatigue.acute_chronic_ratio(np.array([0.0, 29.0]))
    assert (acute, chronic) == (pytest.approx(29 / 4), pytest.approx(29 * 2 / 29))
    assert ratio == pytest.approx(29 / 8)
