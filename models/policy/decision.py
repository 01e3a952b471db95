"""What the policy gives back: the week of n athletes as arrays of shape (n,)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from steadymile.models.policy.state import Array, plain


@dataclass(frozen=True, slots=True)
class DecisionArrays:
    """The week of n athletes. Minutes and metres; `level` -1 and all targets 0 under STOP.

    `run_min` and `bout_min` of the longest session, `other_min` of the other sessions, `week_min` running minutes of
    the week (already within its cap), `sessions` runs, `walks` walks of `walk_min`; `earned` the level kept for next
    week; `wanted` the level before the caps; `gain_m` climbing budget of the week; `heart_rate_ceiling_bpm` NaN when
    heart rate is unknown; `ease` lengthen walk breaks by half and slow down; `temporary` only fatigue or illness
    asked for the back-off; `d_other` and `gap_level` are what the memory needs (policy_memory.py); `fired` is
    [athlete, rule] in the order of the rules that decided; `around_goal` the week is shorter only for a goal's day, or
    after an illness.
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
    around_goal: Array

    def row(self, i: int = 0) -> dict[str, Any]:
        """One athlete's decision as plain JSON values, without `fired`."""
        return {f.name: plain(getattr(self, f.name)[i].item()) for f in fields(self) if f.name != "fired"}
