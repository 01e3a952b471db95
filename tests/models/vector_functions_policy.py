"""The published test vectors of the policy's first version and of its caps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from steadymile.models.policy.caps import bout_cap, session_cap, week_cap
from steadymile.models.policy.decide import RULES_V1, V1, StateArrays, decide_v1
from steadymile.models.weekplan import Action

NAMES = {
    "level": "level", "Rmax30": "session_max_min", "Bmax30": "bout_max_min", "Wmax28": "week_best_min",
    "credit": "credit", "C": "comfort", "phi_U": "fat_upper", "pain": "pain", "pain_persist": "pain_persist",
    "ill": "ill", "days_since_run": "days_since_run", "gain_mean4": "gain_mean_4w_m",
    "hrrest": "heart_rate_rest_bpm", "hrmax": "heart_rate_max_bpm",
}  # fmt: skip
WORDS = {Action.BACK_OFF: "BACKOFF"}


def policy(inputs: dict[str, Any]) -> dict[str, Any]:
    """The decision of version 1 in the vectors' words."""
    known = {NAMES[k]: v for k, v in inputs.items() if k in NAMES}
    s = StateArrays.make(1, vt1=inputs["x_ceiling"] - V1.ceiling_offset, **known)
    d = decide_v1(s)
    fired = [r.group for r, on in zip(RULES_V1, d.fired[0]) if on]
    action, ceiling = Action(int(d.action[0])), float(d.heart_rate_ceiling_bpm[0])
    return {
        "action": WORDS.get(action, action.name),
        "level": None if d.level[0] < 0 else int(d.level[0]),
        "earned": int(d.earned[0]),
        "run": float(d.run_min[0]),
        "bout": float(d.bout_min[0]),
        "week": float(d.week_min[0]),
        "hr_ceiling": None if math.isnan(ceiling) else ceiling,
        "gain": float(d.gain_m[0]),
        "why": list(dict.fromkeys(fired)),
        "sess": int(d.sessions[0]),
    }


def caps(inputs: dict[str, Any]) -> list[float]:
    """Session, bout and week cap in minutes."""
    values = (
        session_cap(inputs["Rmax30"], V1), bout_cap(inputs["Bmax30"], V1), week_cap(inputs["Wmax28"], V1),
    )  # fmt: skip
    return [float(np.asarray(v)) for v in values]


FUNCTIONS = {"policy": policy, "caps": caps}
