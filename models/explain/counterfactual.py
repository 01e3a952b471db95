"""What would have to be different: the policy decided again with one input changed, and the smallest change found."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import State
from steadymile.models.policy.decide import decide
from steadymile.models.policy.habit import off_ladder
from steadymile.models.policy.parameters import IN_FORCE, Parameters, version_of
from steadymile.models.policy.state import YES_NO, Signal, StateArrays, signals
from steadymile.models.spelled import Spelled
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


INPUTS: tuple[Signal, ...] = tuple(x for x in signals(StateArrays).values() if x.words)
"""What is tried, one input at a time; the grid is what a person could notice."""
RUN = {"session_max_min", "bout_max_min", "distance_max_m", "week_best_min"}
FELT = {"comfort", "gate"}
"""Says something only where there was a session to feel."""
ANSWERS = {"pain": "pain_answers", "effort_mean": "effort_answers"}
"""Inputs whose 0 may be silence, and the fact that counts the answers behind them."""
FELT_MIN = 1.0
"""Fewer minutes of running in the week than this make it no other week."""


def counterfactuals(published: WeekPlan, more_only: bool = False) -> tuple[Counterfactual, ...]:
    """For every input the smallest change (up or down) that would alter the week; closest first.

    `more_only` keeps what would have allowed more.
    """
    state = State.from_stored(published.state)
    silent = tuple(name for name, answers in ANSWERS.items() if state.facts.get(answers) == 0)
    found = of_state(state.signals, more_only, silent, version_of(published.policy_version))
    if state.facts.get("last_run_day", "unknown") is None:  # who never ran reads of no days since the last run
        found = tuple(c for c in found if c.field != "days_since_run")
    return found


def of_state(
    s: StateArrays, more_only: bool = False, silent: Collection[str] = (), p: Parameters = IN_FORCE
) -> tuple[Counterfactual, ...]:
    """Counterfactuals of one athlete's state (n = 1); of `silent` inputs nothing was said, whatever their value."""
    tries: list[tuple[Signal, float, float]] = []
    rows: dict[str, list[Any]] = {}
    for x in INPUTS:
        now = float(getattr(s, x.name)[0])
        for value in x.grid:
            if value != now:
                tries.append((x, now, value))
    many = s.take(np.zeros(len(tries) + 1, dtype=np.int64))
    for x in INPUTS:
        rows[x.name] = list(getattr(many, x.name))
    for i, (x, _, value) in enumerate(tries):
        rows[x.name][i] = value
    changed = StateArrays(
        **{
            name: np.array(rows[name], dtype=getattr(many, name).dtype) if name in rows else getattr(many, name)
            for name in StateArrays.__dataclass_fields__
        }
    )
    d = decide(changed, parameters=p)
    base = len(tries)
    out: dict[tuple[str, bool], tuple[float, Counterfactual]] = {}
    for i, (x, now, value) in enumerate(tries):
        if d.action[i] == d.action[base] == Action.STOP:
            continue
        same = d.level[i] == d.level[base] and Action.STOP not in (d.action[i], d.action[base])
        if same and abs(float(d.week_min[i]) - float(d.week_min[base])) < FELT_MIN:
            continue
        if x.name in FELT and not float(s.sessions_7d[0]):
            continue
        better = (float(d.week_min[i]), int(d.level[i]), int(d.action[i])) > (
            float(d.week_min[base]), int(d.level[base]), int(d.action[base]),
        )  # fmt: skip
        if more_only and not better:
            continue
        size = _size(x, now, value)
        key = (x.name, better)
        if key not in out or size < out[key][0]:
            out[key] = (size, _told(s, x, value, d, i, better, x.name in silent, p))
    return tuple(c for _, c in sorted(out.values(), key=lambda pair: (pair[0], pair[1].field)))


def _size(x: Signal, now: float, value: float) -> float:
    """How large a change is, 0 to 1: against what was run where that is changed, else against all that may be."""
    if not np.isfinite(now):
        return 1.0
    return abs(value - now) / (max(now, value) if x.name in RUN else max(x.grid) - min(x.grid))


def _told(
    s: StateArrays, x: Signal, value: float, d: Any, i: int, better: bool, silent: bool, p: Parameters
) -> Counterfactual:
    now, action = float(getattr(s, x.name)[0]), Action(int(d.action[i]))
    level = "rest" if d.level[i] < 0 else ladder.level_of(int(s.track[0]), int(d.level[i])).id
    if bool(off_ladder(s, d.level[[i]], p)[0]):
        level = "E"
    minutes = float(d.week_min[i])
    if x.grid == YES_NO and x.name != "sessions_7d":
        change = f"{'With' if value else 'Without'} {x.words.format(p=Spelled(p))}"
    else:
        was = "nothing was said" if silent else f"it was {_spoken(x, now)}"
        change = _ONE.sub(r"\1", x.words.format(wanted=_spoken(x, value), now=was, p=Spelled(p)))
    if action == Action.STOP:
        result = "running would stop"
    elif minutes:
        grows = minutes - float(d.week_min[-1])
        amount = f"about {abs(grows):.0f} min {'more' if grows > 0 else 'less'} of running"
        at = "" if level == "E" else f" (level {level})"
        result = f"{amount}{at}" if abs(grows) >= FELT_MIN else f"about as much running, {_beside(s, level, d, p)}"
    else:
        result = f"walking only (level {level})"
    return Counterfactual(x.name, now, value, action, level, round(minutes, 2), better, f"{change}: {result}.")


def _beside(s: StateArrays, level: str, d: Any, p: Parameters) -> str:
    """The level that a change leads to beside the one that was decided, where the minutes do not show the step."""
    decided = int(d.level[-1])
    usual = bool(off_ladder(s, d.level[[-1]], p)[0])
    if level == "E" or decided < 0 or usual:
        return f"at level {level}"
    return f"at level {level} instead of {ladder.level_of(int(s.track[0]), decided).id}"


_ONE = re.compile(r"\b(1 (?:credit|day|week|session))s")


def _spoken(x: Signal, value: float) -> str:
    """A value of an input with its unit, where the sentence around it names none; metres as kilometres."""
    if not np.isfinite(value):
        return "not known"
    return f"{value / 1000:.1f} km" if x.unit == "m" else f"{value:.3g} min" if x.unit == "min" else _plain(value)


def _plain(value: float) -> str:
    """A number without needless digits."""
    return f"{value:.0f}" if abs(value) >= 20 or not value % 1 else f"{value:.2g}" if value >= 1 else f"{value:.2f}"
