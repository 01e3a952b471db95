"""Goals in metres: when a distance is within reach, by when, and what a date asks of the weeks around it.

Source: a taper of 41-60 % over 8 to 21 days improves performance (Bosquet 2007, 27 studies; Wang 2023, 14 studies),
with frequency and intensity kept; the numbers are those of `Goals` in models/policy/parameters.py.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil, log

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.units import MILE_M

YOUR_DAY = "Your day"
"""How the title of the goal's own day begins."""
GOAL_M = {"mile": MILE_M, "5k": 5000.0, "10k": 10000.0, "half": 21097.5}
"""Metres of the goals that are run; walking is counted in minutes."""
GOAL_WORD = {"mile": "the mile", "walk": "50 min of walking", "5k": "5 km", "10k": "10 km", "half": "the half marathon"}
SHORT = ("mile", "5k")
"""Distances before and after which a few days are enough."""


def needed_m(goal: str, p: Parameters = IN_FORCE) -> float:
    """Metres that the longest run must cover for a goal to be within reach; 0 for walking."""
    return dict(zip(GOAL_M, p.reach_shares, strict=True)).get(goal, 0.0) * GOAL_M.get(goal, 0.0)


def top_level(goal: str, run_speed_m_s: float | None, p: Parameters = IN_FORCE) -> int:
    """The highest level that a goal asks for: for longer distances the first whose longest run covers what is needed at
    this speed, or the ladder's own where the speed is unknown."""
    if ladder.TRACK[goal] != ladder.DISTANCE or run_speed_m_s is None:
        return ladder.TOP[goal]
    metres = 60.0 * run_speed_m_s * ladder.RUN_MIN[ladder.DISTANCE]
    far = np.flatnonzero(metres >= needed_m(goal, p))
    last = len(ladder.LEVELS[ladder.DISTANCE]) - 1
    return max(ladder.M7, min(int(far[0]) if far.size else last, last))


def weeks_to(
    goal: str, level: int, established_long_min: float | None, run_speed_m_s: float, p: Parameters = IN_FORCE
) -> int:
    """Weeks until a goal is within reach if all goes well: one level a week (two while walking, one level week in four
    from M2 on), or the usual growth of an established runner's long run."""
    if goal == "walk":
        return _climb(level, ladder.TOP["walk"])
    metres_a_min = 60.0 * run_speed_m_s
    if established_long_min:
        more = needed_m(goal, p) / (metres_a_min * established_long_min)
        return max(0, ceil(log(more) / log(1.0 + p.habit_grows))) if more > 0 else 0
    bouts = goal == "mile"  # without a walk break; further distances may be run with one
    minutes = (ladder.BOUT_MIN if bouts else ladder.RUN_MIN)[ladder.TRACK[goal]]
    far = np.flatnonzero(metres_a_min * minutes >= needed_m(goal, p) - 1e-6)
    return _climb(level, int(far[0]) if far.size else len(ladder.LEVELS[ladder.TRACK[goal]]) - 1)


def _climb(level: int, wanted: int) -> int:
    weeks = 0
    while level < wanted:
        level += 1
        weeks += 2 if level <= ladder.J1 else 1
        if level > ladder.M2 and (level - ladder.M2) % 3 == 0:
            weeks += 1
    return weeks


def safe_date(as_of: date, weeks: int, stated: date | None, p: Parameters = IN_FORCE) -> date:
    """The day by which a goal is within reach: the one that was stated before, unless it has moved by more than
    `date_kept_days` or lies before what is possible at all."""
    now = as_of + timedelta(weeks=weeks)
    if stated is not None and abs((now - stated).days) <= p.date_kept_days and stated >= as_of:
        return stated
    return now


def nearest_distance(goal: str, reach: dict[str, date], wish: date) -> str | None:
    """The longest distance short of a goal that is within reach by the wished day, None without one."""
    order = list(GOAL_M)
    shorter = order[: order.index(goal)] if goal in order else []
    return next((g for g in reversed(shorter) if g in reach and reach[g] <= wish), None)


def taper_share(goal: str, day: date | None, monday: date, p: Parameters = IN_FORCE) -> float:
    """The share of its running that a week keeps before a goal's day (1: all of it)."""
    if day is None or goal not in GOAL_M:
        return 1.0
    before = (day - (monday + timedelta(days=6))).days
    if before < -6:
        return 1.0
    short = goal in SHORT
    days, shares = (p.taper_short_days, p.taper_short_shares) if short else (p.taper_days, p.taper_shares)
    return next((share for most, share in zip(days, shares, strict=True) if before <= most), 1.0)


def recovery_share(goal: str, day: date | None, monday: date, p: Parameters = IN_FORCE) -> float:
    """The share of its running that a week after a goal's day keeps (1: all of it)."""
    if day is None or goal not in GOAL_M or monday <= day:
        return 1.0
    after = (monday - day - timedelta(days=1)).days // 7
    shares = p.after_short_goal if goal in SHORT else p.after_goal
    return shares[after] if after < len(shares) else 1.0
