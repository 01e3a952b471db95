"""What an average beginner would have been given: the policy decided again without what is personal."""

from __future__ import annotations

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import State
from steadymile.models.policy.decide import decide
from steadymile.models.policy.parameters import Parameters, version_of
from steadymile.models.policy.state import DEFAULTS, StateArrays
from steadymile.models.weekplan import Action, WeekPlan

PERSONAL = (
    "comfort", "gate", "effort_mean", "no_talk", "fat_upper", "raised_days", "rate_raised", "low_weeks", "fit_share",
    "overshoot",
)  # fmt: skip
"""What is known of one runner only: an average beginner has the neutral value."""
AVERAGE = {name: DEFAULTS[name] for name in PERSONAL} | {
    "credit": 2.0, "answered": False, "coverage": 0.0, "days_since_run": 2.0, "sessions_7d": 3.0,
}  # fmt: skip
"""Somebody who finished three runs and said nothing of them: two thirds of a credit each, else what silence stands
for."""


def average_beginner(published: WeekPlan) -> str | None:
    """A sentence on the week of an average beginner at the same level, within the same limits. None where there is no
    such comparison: while walking, for an established runner, in a week that was changed later, and where health
    decides and nothing may read like a promise of running."""
    if published.revision > 1:
        return None
    s = State.from_stored(published.state).signals
    p = version_of(str(published.state.get("parameters", "")))
    if published.action == Action.STOP or bool(s.established[0]) or _unwell(s, p) or int(s.level[0]) < ladder.J1:
        return None
    columns = {name: np.full(1, value, dtype=getattr(s, name).dtype) for name, value in AVERAGE.items()}
    d = decide(s.but(**columns), parameters=p)
    if float(d.week_min[0]) <= 0:
        return None
    level = ladder.level_of(int(s.track[0]), int(d.level[0])).id
    runs, minutes = int(d.sessions[0]), float(d.week_min[0])
    what = f"{runs} run{'s' if runs > 1 else ''}, {minutes:.0f} min of running in all (level {level})"
    same = level == published.level and abs(minutes - published.run_min) < 1.0
    who = "An average beginner" if _began_here(published) else "Any other runner"
    if same:
        return f"{who} at your place on the ladder would have been given the same: {what}."
    return (
        f"{who} at your place on the ladder, who finished three runs and said nothing of them, would "
        f"have been given {what}; you were given {published.run_min:.0f} min (level {published.level})."
    )


def _began_here(published: WeekPlan) -> bool:
    """Whether the plan took somebody for a beginner: who came with runs of their own is not compared with one."""
    entered = published.state["facts"].get("entry_level")
    return entered is None or int(entered) <= ladder.J1


def _unwell(s: StateArrays, p: Parameters) -> bool:
    flags = ("ill", "after_illness", "pain_persist", "crashed", "walk_due", "restart", "stop_recent", "needs_clearance")
    return float(s.pain[0]) > p.pain_block or any(bool(getattr(s, name)[0]) for name in flags)
