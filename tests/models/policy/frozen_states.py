"""Random states as they were drawn when policies 2.1 and 3 were in force, to show that they still decide as they did.

Frozen on purpose: the digests in tests/data/policy_2_1.json and policy_3.json belong to exactly these draws.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.state import StateArrays

TARGETS = (
    "action", "level", "earned", "wanted", "run_min", "other_min", "bout_min", "week_min", "sessions", "walks",
    "walk_min", "gain_m", "descent_m", "heart_rate_ceiling_bpm", "ease", "temporary", "d_other", "gap_level",
    "comfort_hold", "session_cap_min", "bout_cap_min", "distance_cap_m", "week_cap_min",
)  # fmt: skip


def states(n: int, seed: int) -> StateArrays:
    """n states, far wider than life."""
    rng = np.random.default_rng(seed)
    track = rng.choice([0, 0, 0, 1, 2], n)
    top = np.where(track == 0, ladder.P6, np.where(track == 1, 7, rng.choice([22, 29, 36], n)))
    level = (rng.random(n) * (top + 1)).astype(int)
    run = ladder.RUN_MIN[track, level]
    established = (rng.random(n) < 0.1) & (level >= ladder.M7) & (track != 1)
    usual = rng.uniform(30, 90, n)
    days = rng.integers(3, 7, n).astype(float)

    def flag(share):
        return rng.random(n) < share

    return StateArrays.make(
        n, track=track, top=top, level=level, k_last=np.clip(level + rng.integers(-6, 2, n), 0, top),
        gap_base=np.clip(level + rng.integers(-1, 4, n), 0, top), days_at_level=rng.integers(0, 40, n).astype(float),
        credit=rng.integers(0, 19, n) * 0.5, comfort=rng.random(n), gate=flag(0.2),
        answered=flag(0.6), mile_done=flag(0.4), fat_upper=rng.random(n),
        coverage=rng.choice([0.0, 0.3, 1.0], n), pain=rng.choice([0.0, 0, 0, 1, 2, 3, 4, 5, 6, 9], n),
        pain_persist=flag(0.1), red_flag=flag(0.03), ill=flag(0.08), stop_latched=flag(0.04), walk_due=flag(0.04),
        restart=flag(0.05), stop_recent=flag(0.08), after_illness=flag(0.06), needs_clearance=flag(0.04),
        unsynced=flag(0.06), days_since_run=rng.choice([0.0, 2, 5, 6, 7, 10, 14, 20, 28, 40, 56, 90], n),
        walk_ok=flag(0.5), sessions_7d=rng.choice([0.0, 1, 3], n), low_weeks=rng.integers(0, 6, n),
        consecutive_advances=rng.integers(0, 6, n), prev_back_off=flag(0.2), overshoot=flag(0.08),
        comfort_holds=rng.integers(0, 4, n), session_max_min=np.where(flag(0.2), 0.0, run * rng.uniform(0.3, 1.6, n)),
        bout_max_min=ladder.BOUT_MIN[track, level] * rng.uniform(0.2, 1.6, n),
        distance_max_m=rng.choice([0.0, 1500, 3000, 5000, 9000, 21000, np.inf], n),
        week_best_min=run * rng.uniform(0.0, 5.0, n), heavy_first_week=flag(0.05),
        max_runs=rng.integers(1, 8, n).astype(float), run_speed_m_s=rng.uniform(1.6, 4.0, n),
        walk_speed_m_s=rng.uniform(0.9, 1.8, n), heart_rate_rest_bpm=rng.uniform(45, 80, n),
        heart_rate_max_bpm=rng.uniform(150, 205, n), vt1=rng.uniform(0.3, 0.85, n),
        gain_mean_4w_m=rng.choice([0.0, 10, 60, 400], n), descent_max_30d_m=rng.choice([0.0, 30, 300], n),
        established=established, usual_session_min=usual, usual_long_min=usual * rng.uniform(1.0, 1.6, n),
        usual_week_min=usual * days * rng.uniform(0.8, 1.2, n), usual_days=days,
        week_last_min=np.where(flag(0.5), np.inf, usual * days * rng.uniform(0.5, 1.2, n)),
        run_last_min=np.where(flag(0.5), np.inf, run * rng.uniform(0.6, 1.2, n)),
        bout_last_min=np.where(flag(0.5), np.inf, ladder.BOUT_MIN[track, level] * rng.uniform(0.6, 1.3, n)),
    )  # fmt: skip


def states_3(n: int, seed: int) -> StateArrays:
    """The same states with what version 3 looks at besides."""
    s = states(n, seed)
    rng = np.random.default_rng(seed + 1000)

    def flag(share):
        return rng.random(n) < share

    return s.but(
        effort_mean=np.where(flag(0.5), 0.0, rng.integers(1, 11, n)), no_talk=rng.integers(0, 4, n).astype(float),
        raised_days=rng.integers(0, 8, n).astype(float), crashed=flag(0.05), rate_raised=flag(0.05),
        careful=flag(0.1), taper_share=np.where(flag(0.9), 1.0, 0.7), recovery_share=np.where(flag(0.9), 1.0, 0.5),
        fit_share=np.where(flag(0.8), 1.0, rng.uniform(0.4, 0.7, n)),
        week_top_min=np.where(flag(0.5), np.inf, rng.uniform(0.0, 400.0, n)),
        long_top_min=np.where(flag(0.5), np.inf, rng.uniform(0.0, 150.0, n)),
    )  # fmt: skip


def digests(d: DecisionArrays) -> dict[str, Any]:
    """A digest of each target, rounded to a millionth so that the last bit of a sum does not matter."""
    out = {}
    for name in TARGETS:
        values = np.round(np.asarray(getattr(d, name), dtype=np.float64), 6) + 0.0
        out[name] = hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()[:16]
    return out
