"""What would have to be different: the policy decided again with one input changed, and the smallest change found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import State
from steadymile.models.policy.decide import decide
from steadymile.models.policy.parameters import V2
from steadymile.models.policy.state import StateArrays
from steadymile.models.weekplan import Action, WeekPlan


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """With `field` at `wanted` instead of `now`, all else equal, the week would be another: `action`, `level`,
    `run_min`. `better` whether it would ask for more. The smallest such change of that input that was tried."""

    field: str
    now: float
    wanted: float
    action: Action
    level: str
    run_min: float
    better: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class _Input:
    field: str
    grid: tuple[float, ...]
    words: str


_YES_NO = (0.0, 1.0)
INPUTS: tuple[_Input, ...] = (
    _Input(
        "credit",
        tuple(np.arange(0.0, 9.01, 0.5)),
        "With {wanted} credits from finished, comfortable sessions (it was {now})",
    ),
    _Input(
        "fat_upper", tuple(np.round(np.arange(0.05, 1.0, 0.01), 2)), "With tiredness at {wanted} of 1 (it was {now})"
    ),
    _Input(
        "comfort",
        tuple(np.round(np.arange(0.0, 1.01, 0.05), 2)),
        "With the comfort of the week's sessions at {wanted} of 1 (it was {now})",
    ),
    _Input("pain", tuple(float(i) for i in range(11)), "With pain of {wanted} out of 10 (it was {now})"),
    _Input(
        "days_since_run",
        tuple(float(i) for i in (*range(0, 29), 56)),
        "With {wanted} days since the last run (it was {now})",
    ),
    _Input(
        "low_weeks",
        tuple(float(i) for i in range(6)),
        "After {wanted} weeks in a row with under a third done (it was {now})",
    ),
    _Input(
        "consecutive_advances",
        tuple(float(i) for i in range(5)),
        "After {wanted} weeks in a row that went up (it was {now})",
    ),
    _Input(
        "session_max_min",
        tuple(float(i) for i in range(0, 121, 1)),
        "With {wanted} min of running in the longest session of 30 days (it was {now})",
    ),
    _Input(
        "bout_max_min",
        tuple(np.arange(0.0, 60.1, 0.5)),
        "With {wanted} min as the longest stretch of running of 30 days (it was {now})",
    ),
    _Input(
        "distance_max_m",
        tuple(float(i) for i in range(0, 25001, 250)),
        "With {wanted} m as the farthest run of 30 days (it was {now})",
    ),
    _Input(
        "week_best_min",
        tuple(float(i) for i in range(0, 361, 3)),
        "With {wanted} min in the best running week of four (it was {now})",
    ),
    _Input("sessions_7d", (0.0, 1.0), "With {wanted} sessions recorded in 7 days (it was {now})"),
    *(
        _Input(field, _YES_NO, words)
        for field, words in (
            ("gate", "a last session that felt too hard or was cut short"),
            ("pain_persist", "pain that came back or was worse next morning"),
            ("ill", "an illness"),
            ("overshoot", "a session or week far beyond its limit"),
            ("unsynced", "a watch that has not synced"),
            ("stop_latched", "a stop that stands"),
            ("walk_due", "the test walk still to come"),
            ("stop_recent", "a stop less than 14 days ago"),
            ("restart", "the first week after a stop"),
            ("after_illness", "an illness that just ended"),
            ("needs_clearance", "a health question that asks for a doctor"),
            ("prev_back_off", "an easier week before"),
        )
    ),
)
"""What is tried, one input at a time; the grid is what a person could notice."""
RUN = {"session_max_min", "bout_max_min", "distance_max_m", "week_best_min"}
FELT = {"comfort", "gate"}
"""Says something only where there was a session to feel."""
FELT_MIN = 1.0
"""Fewer minutes of running in the week than this make it no other week."""


def counterfactuals(published: WeekPlan, more_only: bool = False) -> tuple[Counterfactual, ...]:
    """For every input the smallest change (up or down) that would alter the week; closest first.

    `more_only` keeps what would have allowed more.
    """
    state = State.from_stored(published.state)
    return of_state(state.signals, more_only)


def of_state(s: StateArrays, more_only: bool = False) -> tuple[Counterfactual, ...]:
    """Counterfactuals of one athlete's state (n = 1)."""
    tries: list[tuple[_Input, float, float]] = []
    rows: dict[str, list[Any]] = {}
    for x in INPUTS:
        now = float(getattr(s, x.field)[0])
        for value in x.grid:
            if value != now:
                tries.append((x, now, value))
    many = s.take(np.zeros(len(tries) + 1, dtype=np.int64))
    for x in INPUTS:
        rows[x.field] = list(getattr(many, x.field))
    for i, (x, _, value) in enumerate(tries):
        rows[x.field][i] = value
    changed = StateArrays(
        **{
            name: np.array(rows[name], dtype=getattr(many, name).dtype) if name in rows else getattr(many, name)
            for name in StateArrays.__dataclass_fields__
        }
    )
    d = decide(changed, parameters=V2)
    base = len(tries)
    out: dict[tuple[str, bool], tuple[float, Counterfactual]] = {}
    for i, (x, now, value) in enumerate(tries):
        same = d.level[i] == d.level[base] and Action.STOP not in (d.action[i], d.action[base])
        if same and abs(float(d.week_min[i]) - float(d.week_min[base])) < FELT_MIN:
            continue
        if x.field in FELT and not float(s.sessions_7d[0]):
            continue
        better = (float(d.week_min[i]), int(d.level[i]), int(d.action[i])) > (
            float(d.week_min[base]), int(d.level[base]), int(d.action[base]),
        )  # fmt: skip
        if more_only and not better:
            continue
        size = _size(x, now, value)
        key = (x.field, better)
        if key not in out or size < out[key][0]:
            out[key] = (size, _told(s, x, now, value, d, i, better))
    return tuple(c for _, c in sorted(out.values(), key=lambda pair: (pair[0], pair[1].field)))


def _size(x: _Input, now: float, value: float) -> float:
    """How large a change is, 0 to 1: against what was run where that is changed, else against all that may be."""
    if not np.isfinite(now):
        return 1.0
    return abs(value - now) / (max(now, value) if x.field in RUN else max(x.grid) - min(x.grid))


def _told(s: StateArrays, x: _Input, now: float, value: float, d: Any, i: int, better: bool) -> Counterfactual:
    action = Action(int(d.action[i]))
    level = "rest" if d.level[i] < 0 else ladder.level_of(int(s.track[0]), int(d.level[i])).id
    if bool(s.established[0]) and d.level[i] >= ladder.M4:
        level = "E"
    minutes = float(d.week_min[i])
    if x.grid == _YES_NO and x.field != "sessions_7d":
        change = f"{'With' if value else 'Without'} {x.words}"
    else:
        change = _ONE.sub(r"\1", x.words.format(wanted=_plain(value), now=_plain(now)))
    if action == Action.STOP:
        result = "running would stop"
    elif minutes:
        grows = minutes - float(d.week_min[-1])
        amount = f"about {abs(grows):.0f} min {'more' if grows > 0 else 'less'} of running"
        at = "" if level == "E" else f" (level {level})"
        result = f"{amount if abs(grows) >= FELT_MIN else 'about as much running'}{at}"
    else:
        result = f"walking only (level {level})"
    return Counterfactual(x.field, now, value, action, level, round(minutes, 2), better, f"{change}: {result}.")


_ONE = re.compile(r"\b(1 (?:credit|day|week|session))s")


def _plain(value: float) -> str:
    """A number without needless digits; one that stands for nothing known says so."""
    if not np.isfinite(value):
        return "not known"
    return f"{value:.0f}" if abs(value) >= 20 or not value % 1 else f"{value:.2g}" if value >= 1 else f"{value:.2f}"
