"""The words of a decision: actions, reasons, planned sessions, the week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Any


class Action(IntEnum):
    """What a week does, worst first: the action of several rules is the lowest."""

    STOP = 0
    BACK_OFF = 1
    REBUILD = 2
    HOLD = 3
    ADVANCE = 4

    @property
    def word(self) -> str:
        """The name used in views: stop, back_off, rebuild, hold, advance."""
        return self.name.lower()


RUN_KINDS = ("run", "hills", "test")
"""The kinds of planned sessions that are runs."""
KEPT_OUT = "kept:"
"""How a week's state marks the day of a run that a stop or an illness kept out of it, though that was a mistake."""


@dataclass(frozen=True, slots=True)
class Step:
    """`reps` times: run `run_s` seconds, then walk `walk_s` seconds. A warm-up is one rep with run 0."""

    reps: int
    run_s: int
    walk_s: int


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """One day's session. `kind` run, walk, hills, strength, rest or test. `minutes` whole session."""

    day: date
    kind: str
    minutes: float
    instruction: str
    steps: tuple[Step, ...] = ()
    expected_distance_m: float | None = None
    heart_rate_ceiling_bpm: float | None = None
    slot: int = 0  # nth session of its kind in the week, from 1; 0 for rest
    title: str = ""
    purpose: str | None = field(default=None, compare=False)
    """`easy` where all of its running is, `hard` where a part is not, `goal_day` for the goal's own day, `goal_off` for
    one that is called off, `load` for weights, a pack or boots; None for the rest and in weeks of earlier versions."""

    @property
    def run_min(self) -> float:
        """Planned running minutes of the session."""
        seconds = 0
        for s in self.steps:
            seconds += s.reps * s.run_s
        return seconds / 60.0


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule or cap and what it did: `before` and `after` are the week's running minutes without and with it."""

    rule: str
    sentence: str
    observed: float | None = None
    threshold: float | None = None
    window: str = ""
    before: float | None = None
    after: float | None = None
    binding: bool = False
    fired: bool = False
    evidence: str = "practice"  # strong | moderate | weak | practice
    activity_ids: tuple[str, ...] = ()
    what_would_change_it: str = ""


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """One published week. `week` is the ISO week like 2026-W48; `state` the inputs the policy saw, replayable."""

    athlete_id: str
    week: str
    as_of: date
    action: Action
    level: str
    earned_level: str
    run_min: float
    longest_bout_min: float
    walk_min: float
    distance_m: float | None
    elevation_gain_m: float | None
    load_low: float | None
    load_high: float | None
    heart_rate_ceiling_bpm: float | None
    sessions: int
    headline: str
    planned: tuple[PlannedSession, ...]
    reasons: tuple[Reason, ...]
    state: Mapping[str, Any] = field(default_factory=dict)
    inputs_hash: str = ""
    policy_version: str = ""
    status: str = "provisional"  # provisional | frozen
    revision: int = 1
    revision_reason: str | None = None
    override: Mapping[str, Any] | None = None
    lead: str | None = field(default=None, compare=False)
    """How the headline begins, as a code of models/explain/leads.py; None in weeks of an earlier version."""

    def kept_out(self, day: date) -> bool:
        """Whether a stop or an illness that turned out to be a mistake kept the run of a day out of the week: nobody
        missed it."""
        return f"{KEPT_OUT}{day.isoformat()}" in self.state.get("eased_for", ())
