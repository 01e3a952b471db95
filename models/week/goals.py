"""Goals in metres: when a distance is within reach, by when, and what a date asks of the weeks around it.

Source: a taper of 41-60 % over 8 to 21 days improves performance (Bosquet 2007, 27 studies; Wang 2023, 14 studies),
with frequency and intensity kept; shares of the distance, of growth and of the week after are design values.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil, log

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.units import MILE_M

YOUR_DAY = "Your day"
"""How the title of the goal's own day begins."""
GOAL_M = {"mile": MILE_M, "5k": 5000.0, "10k": 10000.0, "half": 21097.5}
"""Metres of the goals that are run; walking is counted in minutes."""
WITHIN_REACH = {"mile": 1.0, "5k": 1.0, "10k": 0.9, "half": 0.75}
"""A distance is within reach once the longest run covers this share of it."""
GOAL_WORD = {"mile": "the mile", "walk": "50 min of walking", "5k": "5 km", "10k": "10 km", "half": "the half marathon"}
WALK_LEVEL = 7
HABIT_GROWS = 0.03
"""How much longer the long run of an established runner becomes in a week, level weeks included: what simulated runners
with easy weeks came to in half a year (3.2 to 3.7 %), and a little less."""
KEPT_DAYS = 14
"""A date that was stated stays as it is while what is worked out now differs by no more."""
LONG_TAPER, SHORT_TAPER = ((0, 0.45), (3, 0.5), (10, 0.7)), ((0, 0.55), (3, 0.6))
"""Days from the end of a week to the goal's day, and the share of the usual week that is run until then."""
AFTER = {"mile": (0.7,), "5k": (0.7,), "10k": (0.5, 0.8), "half": (0.5, 0.8)}
"""The shares of the usual week that are run in the weeks after the goal's day."""


def needed_m(goal: str) -> float:
    """Metres that the longest run must cover for a goal to be within reach; 0 for walking."""
    return WITHIN_REACH.get(goal, 0.0) * GOAL_M.get(goal, 0.0)


def top_level(goal: str, run_speed_m_s: float | None) -> int:
    """The highest level that a goal asks for: for longer distances the first whose longest run covers what is needed at
    this speed, or the ladder's own where the speed is unknown."""
    if ladder.TRACK[goal] != ladder.DISTANCE or run_speed_m_s is None:
        return ladder.TOP[goal]
    metres = 60.0 * run_speed_m_s * ladder.RUN_MIN[ladder.DISTANCE]
    far = np.flatnonzero(metres >= needed_m(goal))
    last = len(ladder.LEVELS[ladder.DISTANCE]) - 1
    return max(ladder.M7, min(int(far[0]) if far.size else last, last))


def weeks_to(goal: str, level: int, established_long_min: float | None, run_speed_m_s: float) -> int:
    """Weeks until a goal is within reach if all goes well: one level a week (two while walking, one level week in four
    from M2 on), or the usual growth of an established runner's long run."""
    if goal == "walk":
        return _climb(level, WALK_LEVEL)
    metres_a_min = 60.0 * run_speed_m_s
    if established_long_min:
        more = needed_m(goal) / (metres_a_min * established_long_min)
        return max(0, ceil(log(more) / log(1.0 + HABIT_GROWS))) if more > 0 else 0
    bouts = goal == "mile"  # without a walk break; further distances may be run with one
    minutes = (ladder.BOUT_MIN if bouts else ladder.RUN_MIN)[ladder.TRACK[goal]]
    far = np.flatnonzero(metres_a_min * minutes >= needed_m(goal) - 1e-6)
    return _climb(level, int(far[0]) if far.size else len(ladder.LEVELS[ladder.TRACK[goal]]) - 1)


def _climb(level: int, wanted: int) -> int:
    weeks = 0
    while level < wanted:
        level += 1
        weeks += 2 if level <= ladder.J1 else 1
        if level > ladder.M2 and (level - ladder.M2) % 3 == 0:
            weeks += 1
    return weeks


def safe_date(as_of: date, weeks: int, stated: date | None) -> date:
    """The day by which a goal is within reach: the one that was stated before, unless it has moved by more than two
    weeks or lies before what is possible at all."""
    now = as_of + timedelta(weeks=weeks)
    if stated is not None and abs((now - stated).days) <= KEPT_DAYS and stated >= as_of:
        return stated
    return now


def nearest_distance(goal: str, reach: dict[str, date], wish: date) -> str | None:
    """The longest distance short of a goal that is within reach by the wished day, None without one."""
    order = list(GOAL_M)
    shorter = order[: order.index(goal)] if goal in order else []
    return next((g for g in reversed(shorter) if g in reach and reach[g] <= wish), None)


def taper_share(goal: str, day: date | None, monday: date) -> float:
    """The share of its running that a week keeps before a goal's day (1: all of it)."""
    if day is None or goal not in GOAL_M:
        return 1.0
    before = (day - (monday + timedelta(days=6))).days
    if before < -6:
        return 1.0
    steps = LONG_TAPER if goal in ("10k", "half") else SHORT_TAPER
    return next((share for most, share in steps if before <= most), 1.0)


def recovery_share(goal: str, day: date | None, monday: date) -> float:
    """The share of its running that a week after a goal's day keeps (1: all of it)."""
    if day is None or goal not in GOAL_M or monday <= day:
        return 1.0
    after = (monday - day - timedelta(days=1)).days // 7
    return AFTER[goal][after] if after < len(AFTER[goal]) else 1.0
