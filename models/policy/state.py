"""What the policy sees: the state of n athletes as arrays of shape (n,), and what it gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import isfinite, isnan
from typing import Any

import numpy as np
from steadymile.models.policy.ladder import M7, P6, TOP

Array = np.ndarray

DEFAULTS: dict[str, Any] = {
    "track": 0,
    "top": P6,
    "level": 0,
    "k_last": -1,  # -1: as level
    "gap_base": -1,  # -1: as level
    "days_at_level": 99.0,
    "credit": 0.0,
    "comfort": 0.5,
    "gate": False,
    "answered": True,
    "fat_upper": 0.398,
    "coverage": 1.0,
    "pain": 0.0,
    "pain_persist": False,
    "red_flag": False,
    "ill": False,
    "stop_latched": False,
    "walk_due": False,
    "restart": False,
    "stop_recent": False,
    "after_illness": False,
    "needs_clearance": False,
    "unsynced": False,
    "days_since_run": 0.0,
    "walk_ok": False,
    "sessions_7d": 1.0,
    "low_weeks": 0,
    "consecutive_advances": 0,
    "prev_back_off": False,
    "overshoot": False,
    "comfort_holds": 0,
    "session_max_min": 0.0,
    "bout_max_min": 0.0,
    "distance_max_m": np.inf,
    "week_best_min": 0.0,
    "heavy_first_week": False,
    "mile_done": True,
    "max_runs": 7.0,
    "run_speed_m_s": 2.0,
    "walk_speed_m_s": 1.4,
    "heart_rate_rest_bpm": np.nan,
    "heart_rate_max_bpm": np.nan,
    "vt1": 0.54,
    "gain_mean_4w_m": 0.0,
    "descent_max_30d_m": 0.0,
    "established": False,
    "usual_session_min": 0.0,
    "usual_long_min": 0.0,
    "usual_week_min": 0.0,
    "usual_days": 0.0,
    "week_last_min": np.inf,
    "run_last_min": np.inf,
    "bout_last_min": np.inf,
    "week_top_min": np.inf,
    "long_top_min": np.inf,
}
"""Every field of the state with its neutral value: what a missing answer counts as."""

V1_TOP = M7
__all__ = ["DEFAULTS", "TOP", "V1_TOP", "Array", "DecisionArrays", "StateArrays"]


@dataclass(frozen=True, slots=True)
class StateArrays:
    """The state of n athletes at planning time; use `StateArrays.make` to fill in neutral values.

    `level` earned ladder index on `track`; `k_last` the level prescribed last (before a one-week back-off for
    fatigue or illness, the level before it); `gap_base` the earned level at the last run; `credit` session credits
    at that level in 21 days; `comfort` mean of 7 days in [0, 1]; `gate` the latest session said "too hard";
    `answered` an answer or heart rate told how one of them felt; `fat_upper` upper bound of the fatigue index,
    `coverage` share of its inputs known; `pain` worst of 7 days, 0-10; `stop_latched` a stop that nothing has cleared
    yet; `walk_due` cleared, but the test walk is still to come; `restart` first week of running after it;
    `stop_recent` within the quiet days after it; `days_since_run` (walk, on walking levels); `sessions_7d` sessions
    recorded in 7 days; `low_weeks` weeks in a row with under a third done; maxima of 30 days from run sessions only;
    `mile_done` a mile was once run without a walk; `usual_*` six-week medians of an `established` runner;
    `week_last_min` running minutes prescribed to them last, `week_top_min` and `long_top_min` (of the long run) beyond
    which their goal asks for no more; `vt1` first threshold in heart-rate reserve.
    """

    track: Array
    top: Array
    level: Array
    k_last: Array
    gap_base: Array
    days_at_level: Array
    credit: Array
    comfort: Array
    gate: Array
    answered: Array
    fat_upper: Array
    coverage: Array
    pain: Array
    pain_persist: Array
    red_flag: Array
    ill: Array
    stop_latched: Array
    walk_due: Array
    restart: Array
    stop_recent: Array
    after_illness: Array
    needs_clearance: Array
    unsynced: Array
    days_since_run: Array
    walk_ok: Array
    sessions_7d: Array
    low_weeks: Array
    consecutive_advances: Array
    prev_back_off: Array
    overshoot: Array
    comfort_holds: Array
    session_max_min: Array
    bout_max_min: Array
    distance_max_m: Array
    week_best_min: Array
    heavy_first_week: Array
    mile_done: Array
    max_runs: Array
    run_speed_m_s: Array
    walk_speed_m_s: Array
    heart_rate_rest_bpm: Array
    heart_rate_max_bpm: Array
    vt1: Array
    gain_mean_4w_m: Array
    descent_max_30d_m: Array
    established: Array
    usual_session_min: Array
    usual_long_min: Array
    usual_week_min: Array
    usual_days: Array
    week_last_min: Array
    run_last_min: Array
    bout_last_min: Array
    week_top_min: Array
    long_top_min: Array

    @classmethod
    def make(cls, n: int = 1, **known: Any) -> StateArrays:
        """A state of n athletes from what is known; scalars are repeated, the rest is neutral (DEFAULTS)."""
        unknown = set(known) - set(DEFAULTS)
        if unknown:
            raise ValueError(f"the state has no field {', '.join(sorted(unknown))}; see models/policy/state.py")
        columns = {}
        for name, neutral in DEFAULTS.items():
            dtype = np.asarray(neutral).dtype
            value = known.get(name, neutral)
            columns[name] = (
                value
                if isinstance(value, np.ndarray) and value.shape == (n,) and value.dtype == dtype
                else np.full(n, value, dtype=dtype)
            )
        level = columns["level"]
        for name in ("k_last", "gap_base"):
            columns[name] = np.where(columns[name] < 0, level, columns[name])
        return cls(**columns)

    @property
    def n(self) -> int:
        """How many athletes."""
        return len(self.level)

    def take(self, rows: Array) -> StateArrays:
        """The states of these rows, in this order; rows may repeat."""
        return StateArrays(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @classmethod
    def stack(cls, states: Sequence[StateArrays]) -> StateArrays:
        """Many states as one."""
        return cls(**{f.name: np.concatenate([getattr(s, f.name) for s in states]) for f in fields(cls)})

    def scalars(self) -> dict[str, Any]:
        """The single athlete's state as plain JSON values; NaN becomes None, infinity the word "inf"."""
        return {name: _plain(getattr(self, name)[0].item()) for name in DEFAULTS}

    @classmethod
    def from_scalars(cls, values: dict[str, Any]) -> StateArrays:
        """The inverse of `scalars`; fields that an older plan did not store are neutral."""
        known = {k: (np.nan if v is None else np.inf if v == "inf" else v) for k, v in values.items() if k in DEFAULTS}
        return cls.make(1, **known)


def _plain(plain: Any) -> Any:
    """A Python number as JSON can hold it: NaN is None, infinity a word."""
    if isinstance(plain, float) and not isfinite(plain):
        return None if isnan(plain) else "inf"
    return plain


@dataclass(frozen=True, slots=True)
class DecisionArrays:
    """The week of n athletes. Minutes and metres; `level` -1 and all targets 0 under STOP.

    `run_min` and `bout_min` of the longest session, `other_min` of the other sessions, `week_min` running minutes of
    the week (already within its cap), `sessions` runs, `walks` walks of `walk_min`; `earned` the level kept for next
    week; `wanted` the level before the caps; `gain_m` climbing budget of the week; `heart_rate_ceiling_bpm` NaN when
    heart rate is unknown; `ease` lengthen walk breaks by half and slow down; `temporary` only fatigue or illness
    asked for the back-off; `d_other` and `gap_level` are what the memory needs (policy_memory.py); `fired` is
    [athlete, rule] in the order of the rules that decided.
    """

    action: Array
    level: Array
    earned: Array
    wanted: Array
    run_min: Array
    other_min: Array
    bout_min: Array
    week_min: Array
    sessions: Array
    walks: Array
    walk_min: Array
    gain_m: Array
    gain_factor: Array
    descent_m: Array
    heart_rate_ceiling_bpm: Array
    ease: Array
    temporary: Array
    d_prescribed: Array
    d_other: Array
    gap_level: Array
    floor: Array
    comfort_hold: Array
    fired: Array
    session_cap_min: Array
    bout_cap_min: Array
    distance_cap_m: Array
    week_cap_min: Array

    def row(self, i: int = 0) -> dict[str, Any]:
        """One athlete's decision as plain JSON values, without `fired`."""
        return {f.name: _plain(getattr(self, f.name)[i].item()) for f in fields(self) if f.name != "fired"}
