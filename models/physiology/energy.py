"""What moving costs a body: slope, speed, ground, pack and footwear (science 2.4-2.7).

Grades are fractions, rise over run (0.05 is 5 %). Each function takes a number or an array and gives the same.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", float, NDArray[np.float64])

LEVEL_RUN_J_KG_M = 3.6
LEVEL_WALK_J_KG_M = 2.5
OXYGEN_J_ML = 20.9
REST_ML_KG_MIN = 3.5
BEGINNER_FLOOR = 0.85

_MINETTI_RUN = np.array([155.4, -30.4, -43.3, 46.3, 19.5, 3.6])
_MINETTI_WALK = np.array([280.5, -58.7, -76.8, 51.9, 19.6, 2.5])
MINETTI_LIMIT = 0.45

_HR_GRADE = np.array(
    [-45, -30, -25, -20, -15, -10, -8, -6, -4, -2, 0, 2, 4, 6, 8, 10, 15, 20, 25, 30, 45], dtype=np.float64
) / 100  # fmt: skip
_HR_FACTOR = np.array(
    [2.096, 1.495, 1.273, 1.081, 0.941, 0.876, 0.876, 0.891, 0.918, 0.960, 1.0,
     1.055, 1.135, 1.228, 1.337, 1.459, 1.846, 2.297, 2.727, 3.158, 4.286]
)  # fmt: skip

TERRAIN_FACTOR = {
    "treadmill": 1.0,
    "road": 1.0,
    "dirt_road": 1.1,
    "light_brush": 1.2,
    "heavy_brush": 1.5,
    "swamp": 1.8,
    "sand_soft": 2.1,
}
"""Terrain factors of Pandolf's equation (Soule and Goldman 1972)."""


def running_cost(grade: Number) -> Number:
    """Energy of running a metre, J/kg/m, at a grade within +-0.45, clipped there (Minetti et al. 2002)."""
    return np.polyval(_MINETTI_RUN, np.clip(grade, -MINETTI_LIMIT, MINETTI_LIMIT))  # type: ignore[return-value]  # a float for a float


def walking_cost(grade: Number) -> Number:
    """Energy of walking a metre, J/kg/m, at a grade within +-0.45, clipped there (Minetti et al. 2002).

    A fit over all speeds: too high on the level at slow speeds, where `walking_power` is to be used.
    """
    return np.polyval(_MINETTI_WALK, np.clip(grade, -MINETTI_LIMIT, MINETTI_LIMIT))  # type: ignore[return-value]  # a float for a float


def energy_grade_factor(grade: Number, floor: float = 0.0) -> Number:
    """Equal-energy speed on the level over actual speed; `floor` bounds the discount downhill.

    Minetti's runners were mountain runners, who go downhill at two fifths less than others: beginners take 0.85.
    """
    factor = running_cost(grade) / LEVEL_RUN_J_KG_M
    return np.where(np.asarray(grade) < 0, np.maximum(factor, floor), factor)[()]  # type: ignore[return-value]  # a float for a float


def heart_rate_grade_factor(grade: Number) -> Number:
    """Equal-heart-rate speed on the level over actual speed, between measured points (Strava's model, 2017)."""
    return np.interp(grade, _HR_GRADE, _HR_FACTOR)


def acsm_walking_vo2(speed_m_min: Number, grade: Number) -> Number:
    """Oxygen uptake of walking, mL/kg/min, best at 50-100 m/min (American College of Sports Medicine)."""
    return 0.1 * speed_m_min + 1.8 * speed_m_min * grade + REST_ML_KG_MIN


def acsm_running_vo2(speed_m_min: Number, grade: Number) -> Number:
    """Oxygen uptake of running, mL/kg/min, from 134 m/min, or 80 when jogging (American College of Sports Medicine)."""
    return 0.2 * speed_m_min + 0.9 * speed_m_min * grade + REST_ML_KG_MIN


def walking_power(speed_m_s: Number, grade: Number) -> Number:
    """Power of walking, W/kg, standing included, uphill and downhill (Looney et al. 2019, LCDA graded walking)."""
    percent = grade * 100.0
    slope = 0.34 * speed_m_s * percent * (1.0 - 1.05 ** (1.0 - 1.1 ** (percent + 32.0)))
    return 1.44 + 1.94 * speed_m_s**0.43 + 0.24 * speed_m_s**4 + slope


def pandolf_power(
    body_kg: float, load_kg: float, speed_m_s: float, grade: float = 0.0, terrain_factor: float = 1.0
) -> float:
    """Power of walking with a load, W, level or uphill (Pandolf et al. 1977); too low for modern load carriage."""
    total = body_kg + load_kg
    percent = max(grade, 0.0) * 100.0
    carry = 2.0 * total * (load_kg / body_kg) ** 2
    return 1.5 * body_kg + carry + terrain_factor * total * (1.5 * speed_m_s**2 + 0.35 * speed_m_s * percent)


def pack_factor(pack_kg: float, body_kg: float) -> float:
    """Energy cost with a pack or vest over that without: 1 + 1.5 L/W, between Pandolf and Huang and Kuo (2014)."""
    return 1.0 + 1.5 * pack_kg / body_kg


def boots_factor(extra_g_per_pair: float) -> float:
    """Energy cost with heavier boots: 0.9 % for each 100 g a pair (Jones et al. 1984, Knapik 1986)."""
    return 1.0 + 0.009 * extra_g_per_pair / 100.0


def shoes_factor(extra_g_per_shoe: float) -> float:
    """Energy cost with heavier running shoes: 1 % for each 100 g a shoe (Frederick 1984, Franz et al. 2012)."""
    return 1.0 + 0.01 * extra_g_per_shoe / 100.0


def surface_factor(surface: str | None, running: bool) -> float:
    """Energy cost on sand over that on firm ground: dry 1.6 run, 2.1 walked (Lejeune 1998); firm wet sand 1.2 run."""
    if surface == "sand_soft":
        return 1.6 if running else 2.1
    if surface == "sand_firm" and running:
        return 1.2
    return 1.0


def net_vo2_running(speed_m_s: Number, grade: Number) -> Number:
    """Oxygen above rest of running, mL/kg/min, with the beginner's floor downhill (science 3.6)."""
    cost = LEVEL_RUN_J_KG_M * energy_grade_factor(grade, BEGINNER_FLOOR)
    return cost * speed_m_s * 60.0 / OXYGEN_J_ML


def net_vo2_walking(speed_m_s: Number, grade: Number) -> Number:
    """Oxygen above rest of walking, mL/kg/min: Looney's power less a resting 3.5 mL/kg/min, never below 0."""
    gross = walking_power(speed_m_s, grade) * 60.0 / OXYGEN_J_ML
    return np.maximum(gross - REST_ML_KG_MIN, 0.0)
