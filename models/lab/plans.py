"""The programmes that are compared: common calendars and rules, and steadymile's own policy.

A programme sees the record and the answers, never the body. It asks for up to three sessions a week.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from steadymile.models.lab.answers import Record, Told
from steadymile.models.physiology.fitness_fatigue import exponential_average
from steadymile.models.policy import ladder
from steadymile.models.week.sessions.intervals import MOST_BOUTS, bouts_of

Array = np.ndarray
SLOTS = 3


@dataclass(frozen=True, slots=True)
class Week:
    """What a programme asks for: running bouts in minutes [athlete, slot, bout], walk breaks [athlete, slot] in
    minutes, guidance on pace, how much slower still.

    With `shown` each day has its own session, and who misses one has missed it, except that a missed longest run takes
    the place of the next one; without, the nth run of a week is the nth planned one, on whatever day."""

    bouts_min: Array
    rest_min: Array
    guided: Array
    slower: Array
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known when a week is planned: `day` the last day that happened (-1 before the first), the record, last
    week's sessions (planned, done, answers) and who could run at all."""

    day: int
    record: Record
    told: tuple[Told, ...]
    went: tuple[Array, ...]
    failed: tuple[Array, ...]
    could_run: Array

    @property
    def n(self) -> int:
        """How many athletes."""
        return len(self.could_run)


class Programme(Protocol):
    """Anything that plans weeks for n athletes; one object a run, because it may remember."""

    def plan(self, seen: Seen) -> Week:
        """The coming week."""


def _table(rows: list[tuple[float, ...]]) -> Array:
    out = np.zeros((len(rows), MOST_BOUTS))
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out


LADDER_BOUTS = _table([level.bouts_min for level in ladder.LEVELS[ladder.MILE]])
LADDER_REST = np.array([level.rest_min for level in ladder.LEVELS[ladder.MILE]])
LADDER_RUN = LADDER_BOUTS.sum(axis=1)

_C25K: list[tuple[tuple[float, ...], float]] = [
    *[((1.0,) * 8, 1.5)] * 3,
    *[((1.5,) * 6, 2.0)] * 3,
    *[((1.5, 3.0, 1.5, 3.0), 2.0)] * 3,
    *[((3.0, 5.0, 3.0, 5.0), 2.0)] * 3,
    ((5.0, 5.0, 5.0), 3.0),
    ((8.0, 8.0), 5.0),
    ((20.0,), 0.0),
    ((5.0, 8.0, 5.0), 3.0),
    ((10.0, 10.0), 3.0),
    ((25.0,), 0.0),
    *[((25.0,), 0.0)] * 3,
    *[((28.0,), 0.0)] * 3,
    *[((30.0,), 0.0)] * 3,
]
"""The public nine-week Couch-to-5K calendar, session by session: running bouts and walk breaks in minutes."""
C25K_BOUTS = _table([bouts for bouts, _ in _C25K])
C25K_REST = np.array([rest for _, rest in _C25K])


def plain(bouts: Array, rest: Array, guided: bool = False) -> Week:
    """A week without pace guidance."""
    n = len(bouts)
    return Week(bouts, rest, np.full(n, guided), np.zeros(n))


def ladder_week(level: Array, week_min: Array | None = None) -> Week:
    """Three sessions of a ladder level; with `week_min` the last ones are cut to keep within it."""
    bouts = np.repeat(LADDER_BOUTS[level][:, None, :], SLOTS, axis=1)
    if week_min is not None:
        run = LADDER_RUN[level]
        used = np.arange(SLOTS) * run[:, None]
        minutes = np.clip(week_min[:, None] - used, 0.0, run[:, None])
        bouts = bouts_of(bouts, minutes, np.repeat(LADDER_BOUTS[level].max(axis=1)[:, None], SLOTS, axis=1))
    return plain(bouts, np.repeat(LADDER_REST[level][:, None], SLOTS, axis=1))


class Calendar:
    """Couch to 5K by the calendar: every week is the next one, unless the runner could not run at all."""

    repeats = False

    def __init__(self) -> None:
        self.week: Array | None = None

    def plan(self, seen: Seen) -> Week:
        """The next calendar week, or the same one after a week that did not happen (or, with repeats, went badly)."""
        if self.week is None:
            self.week = np.zeros(seen.n, dtype=np.int64)
        else:
            done = np.sum(seen.went, axis=0)
            good = done >= 1
            if self.repeats:
                good = (done - np.sum(seen.failed, axis=0)) >= 2
            self.week = np.minimum(self.week + good, 8)
        sessions = self.week[:, None] * SLOTS + np.arange(SLOTS)
        return plain(C25K_BOUTS[sessions], C25K_REST[sessions])


class CalendarRepeats(Calendar):
    """Couch to 5K where a week is repeated until two of its sessions went well."""

    repeats = True


class TenPercent:
    """Weekly running minutes grow by 10 % a week from the calendar's first week."""

    def __init__(self) -> None:
        self.minutes: Array | None = None

    def plan(self, seen: Seen) -> Week:
        """10 % more than the week before when that one happened."""
        if self.minutes is None:
            self.minutes = np.full(seen.n, 24.0)
        else:
            happened = np.sum(seen.went, axis=0) >= 1
            self.minutes = np.where(happened, np.minimum(self.minutes * 1.10, 90.0), self.minutes)
        return ladder_week(_fitting(self.minutes))


def _fitting(week_min: Array) -> Array:
    """The highest ladder level of which three sessions fit into the minutes (J1 at least)."""
    fits = LADDER_RUN[: ladder.M7 + 1] * SLOTS <= week_min[:, None] + 1e-9
    return np.maximum(ladder.M7 - np.argmax(fits[:, ::-1], axis=1), ladder.J1)


class Ladder:
    """The ladder, one level a week whatever happens."""

    def __init__(self) -> None:
        self.level: Array | None = None

    def plan(self, seen: Seen) -> Week:
        """The next level when the week happened and the rule allows it."""
        if self.level is None:
            self.level = np.full(seen.n, self.first())
        else:
            happened = np.sum(seen.went, axis=0) >= 1
            self.level = np.clip(self.level + np.where(happened, self.step(seen), 0), ladder.J1, ladder.M7)
        return ladder_week(self.level)

    def first(self) -> int:
        """The level everyone enters at."""
        return ladder.J1

    def step(self, seen: Seen) -> Array:
        """Levels to add."""
        return np.ones(seen.n, dtype=np.int64)


class Ratio(Ladder):
    """One level a week as long as the acute:chronic ratio of running minutes stays at most 1.3."""

    def step(self, seen: Seen) -> Array:
        """Up when the next level keeps the coupled 7:28-day ratio within 1.3."""
        assert self.level is not None
        run = seen.record.last("run_min", seen.day, 21).sum(axis=1)
        nxt = LADDER_RUN[np.minimum(self.level + 1, ladder.M7)] * SLOTS
        before = np.where(seen.day < 21, run * 21.0 / max(seen.day + 1, 1), run)
        return np.asarray(nxt / np.maximum((before + nxt) / 4.0, 1e-9) <= 1.3, dtype=np.int64)


class Form(Ladder):
    """One level up while training stress balance is above -30 % of fitness, one down below -60 %."""

    def step(self, seen: Seen) -> Array:
        """By the balance of 42- and 7-day averages of load."""
        load = seen.record.last("load", seen.day, 200).T
        fitness = exponential_average(load, 42.0)[-1]
        balance = (fitness - exponential_average(load, 7.0)[-1]) / np.maximum(fitness, 1e-9)
        return np.where(balance >= -0.3, 1, np.where(balance < -0.6, -1, 0))


class Constant(Ladder):
    """The same easy session for ever."""

    def first(self) -> int:
        """J3: eight times one minute."""
        return ladder.J1 + 2

    def step(self, seen: Seen) -> Array:
        """Never."""
        return np.zeros(seen.n, dtype=np.int64)
