"""Test vectors of heart rate, load, comfort and fatigue, each bound to the function that computes it."""

from __future__ import annotations

from typing import Any

import numpy as np
from steadymile.models.metrics.heart_rate import decoupling
from steadymile.models.physiology import athlete_parameters, fatigue_index, fitness_fatigue, hrv, trimp
from steadymile.models.physiology.comfort import comfort
from steadymile.models.policy.parameters import V2


def _histogram(i: dict[str, Any]) -> float:
    seconds = np.zeros(256)
    for bpm, s in i["seconds_at_bpm"].items():
        seconds[int(bpm)] = s
    return trimp.banister_histogram(seconds, i["hrmax"], i["hrrest"], i["sex"])


def _hrtss(i: dict[str, Any]) -> float:
    return trimp.hrtss(trimp.banister(i["minutes"], i["hrr"], i["sex"]), i["sex"], i["hrr_lt"])


def _banister_sequence(i: dict[str, Any]) -> dict[str, float]:
    g, h, p = fitness_fatigue.banister_sequence(np.array(i["w"]), i["tau1"], i["tau2"], i["k1"], i["k2"])
    return {"g7": g[-1], "h7": h[-1], "p7": p[-1]}


def _plain_averages(i: dict[str, Any]) -> dict[str, float]:
    load = np.full(i["days"], float(i["load"]))
    ctl = fitness_fatigue.exponential_average(load, 42, corrected=False)[-1]
    atl = fitness_fatigue.exponential_average(load, 7, corrected=False)[-1]
    return {"ctl": ctl, "atl": atl, "tsb": ctl - atl}


def _ratio(i: dict[str, Any]) -> dict[str, float]:
    acute, chronic, ratio = fitness_fatigue.acute_chronic_ratio(np.array(i["loads"]), i["Na"], i["Nc"])
    return {"acute": acute, "chronic": chronic, "acwr": ratio}


def _monotony(i: dict[str, Any]) -> dict[str, float]:
    daily = np.array(i["daily"], dtype=float)
    monotony, strain = fitness_fatigue.monotony_strain(daily)
    return {
        "monotony_pop_sd": monotony[-1],
        "strain_pop_sd": strain[-1],
        "monotony_sample_sd": daily.mean() / daily.std(ddof=1),
    }


def _rmssd(i: dict[str, Any]) -> dict[str, float]:
    value = hrv.rmssd(i["rr_ms"])
    return {"rmssd": value, "ln": float(np.log(value))}


def _posterior(i: dict[str, Any]) -> dict[str, float]:
    mean, sd = athlete_parameters.truncated_below(i["mu"], i["sd"], i["robust_peak"])
    return {"mean": mean, "sd": sd}


def _speed_index(i: dict[str, Any]) -> float:
    return athlete_parameters.hr_running_speed_index(
        i["S_avg_kmh"], i["HR_avg"], i["HR_rest"], i["HR_max"], i["S_peak_kmh"]
    )


def _kalman(i: dict[str, Any]) -> dict[str, float]:
    gain, mean, var = athlete_parameters.local_level(i["m0"], i["P0"], i["y"], i["R"], i["q"] * i["dt_days"])
    return {"K": gain, "m": mean, "P": var}


def _vt1(i: dict[str, Any]) -> dict[str, float]:
    mean, sd, quartile = athlete_parameters.vt1_summary(
        athlete_parameters.vt1_update(athlete_parameters.vt1_prior(), i["x"], i["talk"])
    )
    return {"mean": mean, "sd": sd, "q25": quartile}


def _comfort(i: dict[str, Any]) -> dict[str, float | bool]:
    c = comfort(
        i.get("talk"), i.get("rpe"), i.get("p_above"), i.get("completion"), i.get("feel"), i.get("decoupling"), p=V2
    )  # fmt: skip
    return {"C": c.score, "M": c.evidence, "gate": c.gate, "credit": c.credit}


def _fatigue(i: dict[str, Any]) -> dict[str, float]:
    fat = fatigue_index.index({name: np.array(z) for name, z in i.items()})
    return {"phi": float(fat.index), "coverage": float(fat.coverage), "phi_U": float(fat.upper)}


FUNCTIONS = {
    "trimp_": lambda i: trimp.banister(i["minutes"], i["hrr"], i["sex"]),
    "trimp_histogram": _histogram,
    "edwards": lambda i: trimp.edwards(i["zone_minutes"]),
    "lucia": lambda i: trimp.lucia(i["zone_minutes"]),
    "stagno": lambda i: trimp.stagno(i["zone_minutes"]),
    "hrtss": _hrtss,
    "srpe": lambda i: trimp.session_rpe(i["rpe"], i["minutes"]),
    "hrmax_tanaka": lambda i: athlete_parameters.MAXIMUM_FORMULAS["tanaka"](i["age"]),
    "hrmax_gellish_linear": lambda i: athlete_parameters.MAXIMUM_FORMULAS["gellish_linear"](i["age"]),
    "hrmax_gellish_quadratic": lambda i: athlete_parameters.MAXIMUM_FORMULAS["gellish_quadratic"](i["age"]),
    "hrmax_nes": lambda i: athlete_parameters.MAXIMUM_FORMULAS["nes"](i["age"]),
    "hrmax_fox": lambda i: athlete_parameters.MAXIMUM_FORMULAS["fox"](i["age"]),
    "hrmax_posterior": _posterior,
    "hr_ceiling": lambda i: trimp.heart_rate_at(i["x"], i["hrmax"], i["hrrest"]),
    "banister_seq": _banister_sequence,
    "ctl_atl": _plain_averages,
    "ewma_acwr": _ratio,
    "monotony": _monotony,
    "rmssd": _rmssd,
    "hrv_swc": lambda i: hrv.smallest_worthwhile_change(i["week"], i["baseline_mean"], i["baseline_sd"])._asdict(),
    "decoupling": lambda i: decoupling(i["speed1"], i["hr1"], i["speed2"], i["hr2"]),
    "hr_rs_index": _speed_index,
    "kalman": _kalman,
    "vt1_": _vt1,
    "comfort_": _comfort,
    "fatigue_": _fatigue,
}
