"""What moving costs: beyond the published vectors, the shape of the curves and the bounds of the rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.metrics.extra_load import ExtraLoad, extra_load_ratio, impact_ratio
from steadymile.models.physiology import energy

grades = st.floats(-0.45, 0.45)


def test_numbers_and_arrays_give_the_same() -> None:
    g = np.linspace(-0.4, 0.4, 9)
    for function in (energy.running_cost, energy.walking_cost, energy.heart_rate_grade_factor):
        assert function(g) == pytest.approx([float(function(float(x))) for x in g])


@given(grades)
def test_running_never_costs_nothing(grade: float) -> None:
    assert energy.running_cost(grade) > 1.5


def test_beyond_the_measured_slopes_the_cost_stays_at_the_edge() -> None:
    assert energy.running_cost(0.9) == energy.running_cost(0.45)
    assert energy.heart_rate_grade_factor(0.9) == 4.286


def test_the_table_of_equal_heart_rate_is_the_published_one() -> None:
    table = {
        -45: 2.096, -30: 1.495, -25: 1.273, -20: 1.081, -15: 0.941, -10: 0.876, -8: 0.876, -6: 0.891, -4: 0.918,
        -2: 0.960, 0: 1.0, 2: 1.055, 4: 1.135, 6: 1.228, 8: 1.337, 10: 1.459, 15: 1.846, 20: 2.297, 25: 2.727,
        30: 3.158, 45: 4.286,
    }  # fmt: skip
    for percent, factor in table.items():
        assert energy.heart_rate_grade_factor(percent / 100) == pytest.approx(factor), percent


def test_the_cheapest_slope_by_heart_rate_is_gently_down() -> None:
    g = np.linspace(-0.45, 0.45, 901)
    assert -0.10 <= g[np.argmin(energy.heart_rate_grade_factor(g))] <= -0.08


def test_the_beginners_floor_holds_downhill_alone() -> None:
    assert energy.energy_grade_factor(-0.15) == pytest.approx(0.5099, abs=1e-4)
    assert energy.energy_grade_factor(-0.15, 0.85) == 0.85
    assert energy.energy_grade_factor(0.05, 0.85) == energy.energy_grade_factor(0.05)


@given(st.floats(0.3, 2.0), st.floats(-0.2, 0.2), st.floats(0.001, 0.05))
def test_walking_steeper_costs_more_above_the_easy_descent(speed: float, grade: float, more: float) -> None:
    if grade >= 0.0:
        assert energy.walking_power(speed, grade + more) > energy.walking_power(speed, grade)


@given(st.floats(0.0, 2.0), st.floats(-0.45, 0.45))
def test_oxygen_above_rest_is_never_negative(speed: float, grade: float) -> None:
    assert energy.net_vo2_walking(speed, grade) >= 0
    assert energy.net_vo2_running(speed, grade) >= 0


def test_shoes_count_by_the_shoe_and_boots_by_the_pair() -> None:
    assert energy.shoes_factor(200) == pytest.approx(1.02)
    assert energy.boots_factor(200) == pytest.approx(1.018)


def test_soft_sand_costs_walkers_more_than_runners() -> None:
    assert energy.surface_factor("sand_soft", True) == 1.6
    assert energy.surface_factor("sand_soft", False) == 2.1
    assert energy.surface_factor("sand_firm", True) == 1.2
    assert energy.surface_factor("sand_firm", False) == 1.0
    assert energy.surface_factor(None, True) == 1.0


def test_a_pack_of_a_tenth_of_the_body_costs_fifteen_percent_and_bears_ten() -> None:
    extra = ExtraLoad(pack_kg=7.0, body_kg=70.0)
    assert extra_load_ratio(extra).value == pytest.approx(1.15)
    assert impact_ratio(extra).value == pytest.approx(1.10)


def test_a_pack_on_an_unknown_body_is_unknown() -> None:
    found = extra_load_ratio(ExtraLoad(pack_kg=7.0))
    assert found.value is None
    assert "weight" in (found.reason or "")


def test_sand_with_an_unknown_split_is_unknown() -> None:
    assert extra_load_ratio(ExtraLoad(surface="sand_soft")).value is None
    assert extra_load_ratio(ExtraLoad(surface="sand_soft", running_share=0.5)).value == pytest.approx(1.85)


def test_all_extras_multiply() -> None:
    extra = ExtraLoad("sand_soft", pack_kg=7.0, boots_g=860.0, body_kg=70.0, running_share=1.0)
    assert extra_load_ratio(extra).value == pytest.approx(1.6 * 1.15 * 1.0774)


def test_nothing_carried_on_firm_ground_is_one() -> None:
    assert extra_load_ratio(ExtraLoad(surface="road")).value == 1.0
    assert not ExtraLoad(surface="trail").present
    assert ExtraLoad(surface="sand_firm").present


def test_oxygen_above_rest_is_worked_by_hand() -> None:
    # Running 3.6 J/kg/m x 2.5 m/s x 60 / 20.9; walking (1.44 + 1.94 x 1.4^0.43 + 0.24 x 1.4^4) x 60 / 20.9 - 3.5.
    assert energy.net_vo2_running(2.5, 0.0) == pytest.approx(25.8373, abs=1e-3)
    assert energy.net_vo2_walking(1.4, 0.0) == pytest.approx(9.7172, abs=1e-3)


def test_ground_costs_what_pandolfs_table_says() -> None:
    assert energy.TERRAIN_FACTOR == {
        "treadmill": 1.0, "road": 1.0, "dirt_road": 1.1, "light_brush": 1.2, "heavy_brush": 1.5, "swamp": 1.8,
        "sand_soft": 2.1,
    }  # fmt: skip
