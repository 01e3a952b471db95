"""Test vectors of slope, energy, altitude and performance, each bound to the function that computes it."""

from __future__ import annotations

from typing import Any

import numpy as np
from steadymile.ingest.fit.protocol.profile import field_fact
from steadymile.ingest.fit.spans import SEMICIRCLE_DEG
from steadymile.models.physiology import energy, performance
from steadymile.models.signal import elevation


def _run_cost(inputs: dict[str, Any]) -> dict[str, float]:
    cost = energy.running_cost(inputs["grade"])
    return {"J_per_kg_m": cost, "ratio_to_level": energy.energy_grade_factor(inputs["grade"])}


def _walk_cost(inputs: dict[str, Any]) -> dict[str, float]:
    cost = energy.walking_cost(inputs["grade"])
    return {"J_per_kg_m": cost, "ratio_to_level": cost / energy.LEVEL_WALK_J_KG_M}


def _pandolf(i: dict[str, Any]) -> float:
    return energy.pandolf_power(i["W"], i["L"], i["V"], i["G_percent"] / 100, i["eta"])


def _zigzag(i: dict[str, Any]) -> dict[str, float]:
    gain, loss = elevation.zigzag(np.array(i["z"], dtype=float), i["h"])
    return {"gain": gain, "loss": loss}


def _sine(i: dict[str, Any]) -> dict[str, float]:
    s = np.arange(0.0, i["length_m"] + 0.1, 2.5)
    z = 100 + i["amplitude"] * np.sin(2 * np.pi * s / i["wavelength_m"])
    steps = np.diff(z)
    return {
        "gain": elevation.zigzag(z, i["h"])[0],
        "true": float(steps[steps > 0].sum()),
        "gc_anchor_h3": _anchor(z, 3.0),
    }


def _anchor(z: np.ndarray, h: float) -> float:
    """The rule that loses the threshold on every climb: here only to show what ours is compared with."""
    gain, anchor = 0.0, float(z[0])
    for x in z[1:].tolist():
        if x > anchor + h:
            gain, anchor = gain + x - anchor, x
        elif x < anchor - h:
            anchor = x
    return gain


def _fit_altitude(i: dict[str, Any]) -> float:
    fact = field_fact(20, 2)
    assert fact
    assert fact.scale
    return i["raw"] / fact.scale - (fact.offset or 0.0)


def _critical(i: dict[str, Any]) -> dict[str, float]:
    found = performance.two_point_critical_speed(i["D1"], i["T1"], i["D2"], i["T2"])
    return {"CS": found.speed_m_s, "Dprime": found.reserve_m}


FUNCTIONS: dict[str, Any] = {
    "minetti_run": _run_cost,
    "minetti_walk": _walk_cost,
    "gap_energy_360s": lambda i: i["pace_s_per_km"] / energy.energy_grade_factor(i["grade"]),
    "gap_hr_factor": lambda i: energy.heart_rate_grade_factor(i["grade"]),
    "gap_hr_360s": lambda i: i["pace_s_per_km"] / energy.heart_rate_grade_factor(i["grade"]),
    "acsm_walk": lambda i: energy.acsm_walking_vo2(i["m_per_min"], i["grade"]),
    "acsm_run": lambda i: energy.acsm_running_vo2(i["m_per_min"], i["grade"]),
    "pandolf": _pandolf,
    "lcda": lambda i: energy.walking_power(i["S"], i["G_percent"] / 100),
    "boots": lambda i: energy.boots_factor(i["extra_g_per_pair"]),
    "vdot": lambda i: performance.vdot(i["distance_m"], i["seconds"]),
    "mile_time": lambda i: {"seconds": performance.time_of_vdot(i["vdot"], i["distance_m"])},
    "v_at_vo2max": lambda i: {"m_per_min": performance.speed_at_vo2max(i["vdot"])},
    "riegel": lambda i: performance.riegel(i["T1_s"], i["D1"], i["D2"]),
    "critical_speed": _critical,
    "elev_zigzag": _zigzag,
    "elev_sine": _sine,
    "fit_altitude": _fit_altitude,
    "fit_semicircles": lambda i: i["raw"] * SEMICIRCLE_DEG,
    "isa_altitude": lambda i: elevation.isa_altitude_m(i["p_pa"]),
}
