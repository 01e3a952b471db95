"""Which sports are on foot, and which are indoors."""

from __future__ import annotations

import numpy as np

RUN_SPORTS = frozenset({"running", "run", "trail_running", "treadmill_running", "indoor_running", "track_running"})
WALK_SPORTS = frozenset({"walking", "walk", "hiking", "hike", "indoor_walking", "mountaineering", "snowshoeing"})
UNKNOWN_SPORTS = frozenset({"", "unknown", "generic", "other", "all", "training", "workout", "fitness_equipment"})
INDOOR_SUB_SPORTS = frozenset(
    {"treadmill", "indoor_running", "indoor_walking", "indoor_cycling", "spin", "indoor_rowing", "virtual_activity"}
)
VIRTUAL_MAKERS = ("zwift", "mywhoosh", "rouvy", "kinomap", "bkool", "fulgaz", "tacx", "rgt cycling")
"""Makers of virtual courses: where their files are on the map, nobody was."""
FASTER_THAN_RUNNERS_M_S, FAST_SHARE = 5.0, 0.2
"""Who moves faster than the first for more than the second of the time is no runner (design values). The share decides:
a descent in a long trail race is minutes, and a short drive has fewer of them than a race."""
BARELY_RUN_S = 60.0
"""A recording with less running than this holds no run, whatever it is called (design value)."""
MOVES_M_S = 0.6
SLOWEST_WALK_M_S = 0.8
"""A slower mean is no walking pace: somebody stood for a part of it."""


def tidy(word: str | None) -> str:
    """A sport's name in the one spelling that is compared here: lower case, underscores."""
    return (word or "").strip().lower().replace(" ", "_").replace("-", "_")


def is_run(sport: str) -> bool:
    """True for sports in which one means to run."""
    return tidy(sport) in RUN_SPORTS


def is_walk(sport: str) -> bool:
    """True for walks and hikes."""
    return tidy(sport) in WALK_SPORTS


def is_unknown(sport: str) -> bool:
    """True where the file names no sport, or one that says nothing of how it was done."""
    return tidy(sport) in UNKNOWN_SPORTS


def is_indoors(sport: str, sub_sport: str | None) -> bool:
    """True on a treadmill or otherwise under a roof, where no altitude is meaningful."""
    return bool({tidy(sport), tidy(sub_sport)} & (INDOOR_SUB_SPORTS | {"treadmill_running"}))


def is_virtual(sub_sport: str | None, device: str | None) -> bool:
    """True where the places of a recording are those of a game or a film, not of the person."""
    maker = (device or "").lower()
    return tidy(sub_sport).startswith("virtual") or any(name in maker for name in VIRTUAL_MAKERS)


def beyond_runners(speed_m_s: np.ndarray, seconds: np.ndarray) -> bool:
    """True where a recording without a sport is too fast, as a whole, to have been run. `seconds` each speed stands
    for; unknown speeds and standing count for nothing."""
    moves = speed_m_s > MOVES_M_S
    fast = float(seconds[speed_m_s > FASTER_THAN_RUNNERS_M_S].sum())
    return fast > FAST_SHARE * float(seconds[moves].sum())
