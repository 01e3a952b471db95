"""Which step of the ladder a runner is ready for: the highest that is unlikely to feel hard.

A step is chosen from forecasts of the effort of the longest run of each candidate week. It replaces the counting of
comfortable sessions only where forecasts are calibrated for this person and somebody answered lately; everywhere else,
and for everything that holds back, the policy's own rules stand (`learned_rules`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from steadymile.models.learning.effort import POPULATION, Belief, EffortModel, forecast
from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.rules.found import RULES
from steadymile.models.policy.rules.rule import FREE, Effect, Rule
from steadymile.models.policy.state import StateArrays
from steadymile.models.weekplan import Action

Array = np.ndarray
STEPS = (0, 1, 2)
Learned = Callable[[StateArrays, Parameters], Effect]


@dataclass(frozen=True, slots=True)
class Bounds:
    """`up` and `two` are the largest P(effort >= 7) at which one step and two are taken, `down` the one above which the
    week steps down; `patience` is how much `up` rises with each week at a level, up to `down`, so that who finds all
    running hard does not wait for ever. Chosen on the lab's tuning seeds."""

    up: float = 0.40
    two: float = 0.30
    down: float = 0.90
    patience: float = 0.15


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Choice:
    """`step` -1, 0, 1 or 2; `hard` [n, 3] P(effort >= 7), `mean`, `low` and `high` effort at 0, 1 and 2 levels more;
    `active` where it may decide, `allowed` [n, 3] steps whose chance is within bounds."""

    step: Array
    hard: Array
    mean: Array
    low: Array
    high: Array
    active: Array
    allowed: Array


def choose(
    belief: Belief, standing: Array, track: Array, answered_lately: Array, weeks_at_level: Array,
    model: EffortModel = POPULATION, bounds: Bounds = BOUNDS,
) -> Choice:  # fmt: skip
    """The step for each runner who stands on a level of a track. Forecasts are of the levels' own minutes: caps only
    make sessions shorter."""
    levels = np.clip(standing[:, None] + np.array(STEPS), 0, ladder.RUN_MIN.shape[1] - 1)
    parts = [
        forecast(belief, ladder.BOUT_MIN[track, k], ladder.RUN_MIN[track, k], model) for k in levels.T
    ]  # fmt: skip
    hard, mean, low, high = (
        np.stack([getattr(f, name) for f in parts], axis=1) for name in ("hard", "mean", "low", "high")
    )
    most = np.minimum(bounds.up + bounds.patience * np.maximum(weeks_at_level - 1.0, 0.0), bounds.down)
    up1, up2 = hard[:, 1] <= most, hard[:, 2] <= bounds.two
    step = np.select([hard[:, 0] > bounds.down, up1 & up2, up1], [-1, 2, 1], 0)
    running = (standing >= ladder.J1) & (standing < ladder.M7) & (track != ladder.WALK)
    active = running & belief.calibrated & answered_lately
    return Choice(step, hard, mean, low, high, active, np.stack([hard[:, 0] <= bounds.down, up1, up1 & up2], axis=1))


def learned_rules(choice: Choice, rules: Sequence[Rule] = RULES) -> tuple[Rule, ...]:
    """The policy's rules with those that judge how sessions felt replaced where the choice is active. Every rule
    that holds, eases or stops stays; caps are not rules and stay too."""
    taken_over = {"advance": _earned, "two steps": _one_step, "step down": _too_hard}
    return tuple(replace(r, effect=taken_over[r.learned](r, choice)) if r.learned else r for r in rules)


def _earned(rule: Rule, choice: Choice) -> Learned:
    def effect(s: StateArrays, p: Parameters) -> Effect:
        """Advance where the next level is unlikely to feel hard."""
        base = rule.effect(s, p)
        # What the policy's rule would ask with all credits earned says whether there is anywhere to go.
        open_ = rule.effect(replace(s, credit=np.full(s.n, 99.0)), p)
        up = choice.active & (choice.step >= 1) & (np.broadcast_to(open_.action, s.n) == Action.ADVANCE)
        action = np.where(choice.active, np.where(up, Action.ADVANCE, Action.HOLD), base.action)
        going = np.where(choice.active, up, np.broadcast_to(base.action, s.n) == Action.ADVANCE)
        return replace(
            base, action=action, prescribed=np.where(going, 2, 0), earned=np.where(going, FREE, 0),
            gain=np.where(going, p.gain_up, 1.0),
        )  # fmt: skip

    return effect


def _one_step(rule: Rule, choice: Choice) -> Learned:
    def effect(s: StateArrays, p: Parameters) -> Effect:
        """Two steps only where the second is unlikely to feel hard; fatigue and gates forbid it as ever."""
        base = rule.effect(s, p)
        eased = rule.effect(
            replace(s, comfort=np.where(choice.active, 1.0, s.comfort), answered=choice.active | s.answered), p
        )  # fmt: skip
        fired = np.where(choice.active, (choice.step < 2) | eased.fired, base.fired)
        return replace(base, fired=fired)

    return effect


def _too_hard(rule: Rule, choice: Choice) -> Learned:
    def effect(s: StateArrays, p: Parameters) -> Effect:
        """A step down also where the present level is likely to feel hard."""
        base = rule.effect(s, p)
        return replace(base, fired=np.asarray(base.fired) | (choice.active & (choice.step < 0)))

    return effect
