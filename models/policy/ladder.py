"""The ladder: every level from a 15-minute walk to a continuous mile and beyond, once, as arrays.

Source: levels W1-M7 and P1-P6 are this project's own design (docs/policy.md); the walk-run start is close to the
public Couch-to-5K calendars, with smaller steps in the middle. Every step keeps the caps of caps.py when the
level before it was completed (tests/models/policy/test_ladder.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WARM_MIN = 5.0
"""Minutes of brisk walking before, and again after, every run session."""

J1 = 2
J9 = 10
M1 = 12
M2 = 13
M4 = 15
M7 = 18
P1, P2, P3, P4, P5, P6 = range(19, 25)
FULL_SESSIONS = 3

MILE, WALK, DISTANCE = 0, 1, 2
"""Which way the ladder goes on: to the mile and its speed (P), walking only (W3-W8), or longer runs (D)."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level. `bouts_min` running bouts of a session in order, `rest_min` walking after each but the last.

    `other_min` running minutes of the sessions that are not the longest; None: all sessions are alike. `sessions`
    runs a week, `walks` walks a week of `walk_min` minutes.
    """

    id: str
    bouts_min: tuple[float, ...] = ()
    rest_min: float = 0.0
    sessions: int = 0
    walks: int = 2
    walk_min: float = 20.0
    other_min: float | None = None

    @property
    def run_min(self) -> float:
        """Running minutes of the (longest) session."""
        return sum(self.bouts_min)

    @property
    def longest_bout_min(self) -> float:
        """Minutes of the longest running bout."""
        return max(self.bouts_min, default=0.0)

    @property
    def breaks_min(self) -> float:
        """Minutes of walking between the bouts."""
        return self.rest_min * max(0, len(self.bouts_min) - 1)


def _walk(number: int, minutes: float) -> Level:
    return Level(f"W{number}", walks=5, walk_min=minutes)


def _run(name: str, bouts: tuple[float, ...], rest: float = 0.0) -> Level:
    return Level(name, bouts, rest, FULL_SESSIONS)


_FOUNDATION = (
    _walk(1, 15.0),
    _walk(2, 20.0),
    _run("J1", (0.5,) * 8, 1.5),
    _run("J2", (1.0,) * 6, 1.5),
    _run("J3", (1.0,) * 8, 1.5),
    _run("J4", (1.5,) * 6, 2.0),
    _run("J5", (2.0,) * 6, 2.0),
    _run("J6", (3.0,) * 4, 2.0),
    _run("J7", (4.5,) * 3, 2.0),
    _run("J8", (6.5, 6.5, 3.0), 2.0),
    _run("J9", (9.0, 8.0), 2.0),
    _run("J10", (12.0, 6.0), 2.0),
    _run("M1", (15.0, 5.0), 2.0),
    _run("M2", (18.0, 4.0), 2.0),
    _run("M3", (21.0, 3.0), 2.0),
    _run("M4", (24.0,)),
    _run("M5", (26.0,)),
    _run("M6", (28.0,)),
    _run("M7", (30.0,)),
)
_SPEED = tuple(_run(f"P{i}", (30.0,)) for i in range(1, 7))
_WALKING = (*_FOUNDATION[:2], *(_walk(i, 20.0 + 5.0 * (i - 2)) for i in range(3, 9)))

# Long runs grow by at most the session cap (10 % or 3 min); the other runs follow slowly.
_LONG = (33, 36, 39, 42, 46, 50, 55, 60, 66, 72, 79, 86, 94, 103, 113, 124, 136, 149)
_DISTANCE = tuple(
    Level(f"D{i}", (float(long),), 0.0, FULL_SESSIONS if long < 60 else 4, 2 if long < 60 else 1, 20.0,
          min(60.0, 30.0 + round((long - 30) * 0.3)))
    for i, long in enumerate(_LONG, 1)
)  # fmt: skip

LEVELS: tuple[tuple[Level, ...], ...] = (_FOUNDATION + _SPEED, _WALKING, _FOUNDATION + _DISTANCE)
"""The levels of each track, in order; the first nineteen (W1-M7) are shared by `mile` and `distance`."""

TOP = {"mile": P6, "walk": 7, "5k": M7 + 4, "10k": M7 + 11, "half": M7 + 18}
"""The highest level that a goal asks for."""

WEEK_TOP_MIN = {"mile": 180.0, "walk": 0.0, "5k": 240.0, "10k": 300.0, "half": 390.0}
"""Running minutes a week beyond which an established runner's goal asks for no more (design values)."""

LONG_TOP_MIN = {"mile": 60.0, "walk": 0.0, "5k": 60.0, "10k": 90.0, "half": 150.0}
"""Minutes of an established runner's long run beyond which the goal asks for no more (design values)."""

TRACK = {"mile": MILE, "walk": WALK, "5k": DISTANCE, "10k": DISTANCE, "half": DISTANCE}

_SIZE = max(len(levels) for levels in LEVELS)


def _table(of: str) -> np.ndarray:
    """Array [track, level] of one attribute; a track's last level fills the rest of its row."""
    rows = []
    for levels in LEVELS:
        values = []
        for level in levels:
            value = getattr(level, of)
            values.append(level.run_min if value is None else float(value))
        rows.append(values + values[-1:] * (_SIZE - len(values)))
    return np.array(rows, dtype=np.float64)


RUN_MIN = _table("run_min")
BOUT_MIN = _table("longest_bout_min")
OTHER_MIN = _table("other_min")
BREAKS_MIN = _table("breaks_min")
SESSIONS = _table("sessions")
WALKS = _table("walks")
WALK_MIN = _table("walk_min")


def level_of(track: int, index: int) -> Level:
    """The level at an index of a track; beyond the end, the last."""
    levels = LEVELS[track]
    return levels[min(max(index, 0), len(levels) - 1)]


def index_of(track: int, level_id: str) -> int | None:
    """The index of a level's id on a track, None where the track has no such level."""
    return next((i for i, level in enumerate(LEVELS[track]) if level.id == level_id), None)
