"""The filter of ease itself: what one session and the days between leave to believe (effort.py says of what).

Written once for arrays over athletes and for the plain numbers of one (kinds.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from steadymile.models.learning import normal
from steadymile.models.learning.kinds import MANY, Kind
from steadymile.models.learning.population import EASE, HEART, PACE, POPULATION, EffortModel

Point = tuple[Any, ...]
"""The mean of ease and of the two offsets, their variances and covariances (ease; ease and heart; ease and pace; heart;
heart and pace; pace), and the answered sessions, misses and scored sessions: arrays or single numbers (kinds.py)."""
Seen = tuple[Any, ...]
"""A session as the filter takes it: difficulty, effort, talk, finished, and what heart rate and pace say of ease."""


def after_session(point: Point, said: Seen, model: EffortModel = POPULATION, x: Kind = MANY) -> Point:
    """What a session leaves to believe. Silent channels change nothing."""
    state: Sequence[Any] = point[:9]
    answered, misses, scored = point[9:]
    asked, effort, talk, finished, heart, pace = said
    ok, spoke = x.known(asked), x.known(effort)
    plain = x.root(state[3] + model.day_sd**2 + model.reported_sd**2)
    over = (effort - (asked - state[0])) / plain  # judged by the forecast that was made before
    rated = x.known(over)
    misses, scored = misses + 2.0 * x.most(x.where(rated, over, 0.0), 0.0) ** 2, scored + rated
    spoke = ok & (spoke | x.known(talk))
    noise = math.hypot(model.day_sd, model.reported_sd)
    state = _reported(state, EASE, asked - effort, noise, ok & x.known(effort), x)
    talk_edges = ((talk == 1.0, -math.inf, model.talk_yes), (talk == 0.5, model.talk_yes, model.talk_no),
                  (talk == 0.0, model.talk_no, math.inf))  # fmt: skip
    state = _category(state, asked, talk_edges, model.talk_sd, ok, x)
    finish_edges = ((finished == 1.0, -math.inf, model.finish), (finished == 0.0, model.finish, math.inf))
    state = _category(state, asked, finish_edges, model.finish_sd, ok, x)
    state = _reported(state, HEART, heart, model.heart_sd, ok & x.known(heart), x)
    ease, *rest = _reported(state, PACE, pace, model.pace_sd, ok & x.known(pace), x)
    # Ease grows with practice; only where somebody said how it felt, so that silence never makes a plan easier to earn.
    won = model.gain * (x.log2(answered + 2.0) - x.log2(answered + 1.0)) if x.some(spoke) else 0.0
    return (ease + x.where(spoke, won, 0.0), *rest, answered + spoke, misses, scored)


def after_time(point: Point, days: Any, model: EffortModel = POPULATION, x: Kind = MANY) -> Point:
    """Time passes: the mean stays, the uncertainty of ease grows, never beyond what the population allows."""
    var = point[3]
    grown = var + model.drift_sd**2 * x.most(days, 0.0) / 7.0
    return (*point[:3], x.least(grown, x.most(2.0 * model.ease_sd**2, var)), *point[4:])


def _reported(state: Sequence[Any], about: int, value: Any, noise: float, on: Any, x: Kind) -> Sequence[Any]:
    """Kalman's update with a number that is ease, or ease and an offset, plus noise, where `on`."""
    if not x.some(on):
        return state
    ease, heart, pace, ee, eh, ep, hh, hp, pp = state
    if about == EASE:
        before, with_each, var = ease, (ee, eh, ep), ee
    elif about == HEART:
        before, with_each = ease + heart, (ee + eh, eh + hh, ep + hp)
        var = with_each[0] + with_each[1]
    else:
        before, with_each = ease + pace, (ee + ep, eh + hp, ep + pp)
        var = with_each[0] + with_each[2]
    return _moved(state, with_each, var + noise**2, x.where(on, value - before, 0.0), x.where(on, 1.0, 0.0))


def _category(
    state: Sequence[Any], asked: Any, edges: tuple[tuple[Any, float, float], ...], noise: float, on: Any, x: Kind
) -> Sequence[Any]:
    """The update with an interval of felt effort (asked - ease + noise). The variance shrinks as much as the least
    telling of the possible answers would shrink it: so a better answer never leaves a worse forecast."""
    said = on & reduce(or_, (chosen for chosen, _, _ in edges))
    if not x.some(said):
        return state
    var = state[3] + noise**2
    felt, sd = x.where(on, asked, 5.0) - state[0], x.root(var)
    moved, kept = felt, 0.0 * felt
    for chosen, low, high in edges:
        after, left = normal.within(felt, sd, low, high, x)
        moved = x.where(chosen, after, moved)
        kept = x.most(kept, left)
    return _moved(state, state[3:6], var, x.where(said, felt - moved, 0.0), x.where(said, 1.0 - kept / var, 0.0))


def _moved(state: Sequence[Any], with_each: Sequence[Any], var: Any, shift: Any, share: Any) -> Sequence[Any]:
    """The state after something of variance `var`, whose covariance with each part of the state is `with_each`, lay
    `shift` above what was expected, where `share` of the doubt that it can take away goes."""
    ease, heart, pace, ee, eh, ep, hh, hp, pp = state
    a, b, c = with_each
    ga, gb, gc = a / var, b / var, c / var
    return (
        ease + ga * shift, heart + gb * shift, pace + gc * shift,
        ee - share * ga * a, eh - share * ga * b, ep - share * ga * c,
        hh - share * gb * b, hp - share * gb * c, pp - share * gc * c,
    )  # fmt: skip
