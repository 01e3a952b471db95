"""What a rule is: a pure monotone function of the state with its words, its evidence and its place.

A rule is written in one place, with `@rule` in a module of this folder; nothing else switches on its name. It gives an
`Effect`, and what is said comes from the same object, so that words and decision can never differ. Worse signals may
only lower what a rule asks for (property-tested in tests/models/policy/test_invariants.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.state import StateArrays
from steadymile.models.spelled import Spelled
from steadymile.models.weekplan import Action

FREE = 99
_OBSERVED = re.compile(r"\{observed:\.(\d)f\}")
MOST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule asks for where it `fired`: arrays over athletes, or single values.

    `prescribed` and `earned` are steps on the ladder relative to the earned level, `sessions` runs of a full week of
    three, `gain` factor on climbing, `hr_bpm` change of the heart-rate ceiling, `level_most` an absolute ceiling.
    `observed` against `threshold` is the evidence.
    """

    fired: Any
    action: Any
    prescribed: Any = FREE
    earned: Any = FREE
    sessions: Any = FREE
    gain: Any = float(FREE)
    hr_bpm: Any = 0.0
    level_most: Any = FREE
    observed: Any = np.nan
    threshold: Any = np.nan


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule's words are made from: one athlete's state, the observed value and its limit (NaN where there is
    none), the facts of the week, the action decided and the level of its week (-1: none, as under a stop)."""

    one: StateArrays
    p: Parameters
    observed: float
    threshold: float
    facts: Mapping[str, Any]
    action: int
    level: int = -1

    @property
    def missing(self) -> float:
        """How much is missing to the limit."""
        return max(0.0, self.threshold - self.observed)

    @property
    def walking(self) -> bool:
        """Whether walks, not runs, lead to the next step: on the level that was earned, or in a week of walks."""
        at = int(self.one.level[0]) if self.level < 0 else min(self.level, int(self.one.level[0]))
        return at < ladder.J1 or int(self.one.track[0]) == ladder.WALK

    @property
    def kept_walking(self) -> bool:
        """Whether the week of somebody who earned runs holds walks instead."""
        return self.walking and int(self.one.level[0]) >= ladder.J1 and int(self.one.track[0]) != ladder.WALK

    def fill(self, words: str) -> str:
        """The words with their numbers: {observed}, {threshold}, {missing}, and {p.name} for a number of the policy,
        {p.name:days} and {p.name:weeks} for one in words."""
        return self._told_apart(words).format(
            observed=self.observed, threshold=self.threshold, missing=self.missing, p=Spelled(self.p)
        )

    def _told_apart(self, words: str) -> str:
        """The words with so many digits of what was observed that it does not read like its limit where it is not."""

        def precise(found: re.Match[str]) -> str:
            digits = int(found[1])
            while (
                digits < MOST_DIGITS
                and self.observed != self.threshold
                and (round(self.observed, digits) == round(self.threshold, digits))
            ):
                digits += 1
            return f"{{observed:.{digits}f}}"

        return _OBSERVED.sub(precise, words)


Words = Callable[[Said], str | None]
Function = Callable[[StateArrays, Parameters], Effect]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and all that is known of it.

    How it decides: `gap` rules lower once per gap; `temporary` rules lower the week but not, alone, the level; `easing`
    rules step down from the week before, even where more was earned; `worse` is +1 where a higher observation is
    worse, -1 where a lower is, 0 for yes-or-no facts; `since` is the version that brought it; `group` its name in
    version 1; `learned` what part of it the learned choice may take over.

    What it says: `short` in a few words for a table, `says` when it fired, `near` when it nearly did, `change` what
    would undo it; `speaks` and `undo` give other words where they give any; `aside` whether the number is not why
    it spoke; `unhindered` its words where nothing holds the week. `place` orders reasons, what stops first, what
    merely counts progress last; `about` is the fact that it speaks of where others do too (a pause, pain, how hard
    it felt), and people read each fact once; `sessions` names the sessions it rests on; `news` rules are stated
    when they ease a published week; `silence` rules look at missing sessions, and those that `explains_silence`
    know why there are none; `progress` rules count what was earned, and a `modest` one is mentioned only where it
    changes something, and never leads; an `unasked` one is only mentioned so.
    """

    id: str
    effect: Function
    place: int
    evidence: str
    window: str
    short: str
    says: str
    change: str
    near: str = ""
    worse: int = 0
    group: str = ""
    gap: bool = False
    temporary: bool = False
    easing: bool = False
    since: int = 1
    learned: str = ""
    sessions: str = ""
    news: bool = False
    silence: bool = False
    explains_silence: bool = False
    progress: bool = False
    modest: bool = False
    unasked: bool = False
    about: str = ""
    speaks: Words | None = None
    undo: Words | None = None
    aside: Callable[[Said], bool] | None = None
    unhindered: Words | None = None

    def sentence(self, said: Said) -> str:
        """What it says where it fired."""
        own = self.speaks(said) if self.speaks else None
        return said.fill(self.says) if own is None else own

    def in_short(self, observed: float | None, threshold: float | None) -> str:
        """It in a few words, with its numbers where they are known; else by its name."""
        if (observed is None and "{observed" in self.short) or (threshold is None and "{threshold" in self.short):
            return self.id.replace("_", " ")
        return self.short.format(observed=observed, threshold=threshold)

    def what_would_change_it(self, said: Said) -> str:
        """What would undo it; empty where nothing has to."""
        own = self.undo(said) if self.undo else None
        return said.fill(self.change) if own is None else own


WRITTEN: list[Rule] = []
"""The rules in the order in which their modules are read; use `found.RULES`."""


def rule(**about: Any) -> Callable[[Function], Rule]:
    """Make the decorated function a rule under its own name; the arguments are the fields of `Rule`."""

    def written(function: Function) -> Rule:
        made = Rule(function.__name__, function, **{"group": function.__name__, **about})
        WRITTEN.append(made)
        return made

    return written


def hold(fired: Any, observed: Any = np.nan, threshold: Any = np.nan) -> Effect:
    """The same level again."""
    return Effect(fired, Action.HOLD, 0, 0, 3, 1.0, 0.0, FREE, observed, threshold)


def back_off(fired: Any, p: Parameters, earned: Any, observed: Any = np.nan, threshold: Any = np.nan) -> Effect:
    """An easier week, one level down; `earned` says whether the level falls too."""
    return Effect(fired, Action.BACK_OFF, -1, earned, 3, p.gain_back_off, p.hr_delta_bpm, FREE, observed, threshold)
