"""How hard a session will feel to this runner: a filter of latent ease against the difficulty of sessions.

A session of `run_min` minutes with a longest bout of `bout_min` has a difficulty: the effort (CR10, 0-10) that an
average beginner reports for it. What a runner feels is difficulty less ease plus the day. Each session is a witness of
ease through up to five channels, every one with its own noise: the effort that was reported, the talk test, whether the
session could be finished, the share of running time above the heart-rate ceiling, and pace at heart rate. The last two
carry an offset of their own per person (the believed maximal heart rate may be wrong, speed at a heart rate differs
between people), which is learned with ease; they say what changed rather than where somebody stands.

The state is Gaussian. Answers in categories are intervals of felt effort and enter by matching the first two moments
(assumed-density filtering; Minka 2001). Between sessions ease drifts like a random walk (Kalman 1960), so silence only
widens what is believed. Arrays over athletes; the same functions serve one runner at night and thousands in the lab.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

import numpy as np
from steadymile.models.learning import normal
from steadymile.models.learning.kinds import MANY, Kind

Array = np.ndarray
EASE, HEART, PACE = range(3)
HARD_EFFORT = 7.0
"""A session that feels like this or more is unpleasant and drives people away (docs/results/evidence.md)."""
HALF_POINT = 0.5  # efforts are reported in whole points
ANSWERED_TO_CALIBRATE = 6
SPREAD_PRIOR, WIDEST = 8.0, 3.0
"""Sessions that the population's scatter counts for, and how far a person's own may widen it (design values)."""
Z_80 = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class EffortModel:
    """The population that a runner is one of. CR10 points unless said.

    `base`, `per_bout` and `per_run` give the difficulty: base + per_bout log2(bout) + per_run log2(run), minutes;
    `gain` ease won per doubling of the sessions that were answered; `ease_sd` spread of ease between people;
    `day_sd` what a day adds; `drift_sd` how far ease wanders in a week. The rest are the channels: `reported_sd` noise
    of a reported effort; the talk test says "yes" below `talk_yes` and "no" above `talk_no`; a session is not finished
    above `finish`; effort is `heart_at_0` with no time above the ceiling and `per_share` more with all of it;
    `per_log_pace` points less for each unit of ln(speed at heart rate).
    """

    base: float = 4.24
    per_bout: float = 0.33
    per_run: float = 0.59
    gain: float = 0.39
    ease_sd: float = 1.3
    day_sd: float = 0.60
    drift_sd: float = 0.20
    reported_sd: float = 0.65
    talk_yes: float = 6.3
    talk_no: float = 8.2
    talk_sd: float = 2.1
    finish: float = 9.5
    finish_sd: float = 1.0
    heart_at_0: float = 4.9
    per_share: float = 2.0
    heart_sd: float = 1.6
    heart_offset_sd: float = 1.2
    per_log_pace: float = 6.0
    pace_sd: float = 1.4
    pace_offset_sd: float = 1.5

    def shifted(self, points: float) -> EffortModel:
        """The same population, wrongly believed to find everything `points` easier (to see what a wrong prior does)."""
        return replace(self, base=self.base - points)


POPULATION = EffortModel()
"""Fitted to 62,000 felt efforts of the lab's virtual beginners; simulated, so design values for people. `python -m
steadymile.studies.effort_prior` fits the same numbers to answers alone and comes within 0.4 points of them."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of n runners: `mean` [n, 3] of ease and the two offsets, `cov` [n, 3, 3], `answered` sessions
    with an effort or a talk answer so far; `misses` how far efforts lay above their forecasts (twice the squared
    standardised excess, summed) in `scored` sessions."""

    mean: Array
    cov: Array
    answered: Array
    misses: Array | None = None
    scored: Array | None = None

    @property
    def n(self) -> int:
        """How many runners."""
        return len(self.mean)

    @property
    def ease(self) -> Array:
        """Expected ease, points of effort; 0 is the average beginner."""
        return self.mean[:, EASE]

    @property
    def ease_sd(self) -> Array:
        """Its standard deviation."""
        return np.sqrt(self.cov[:, EASE, EASE])

    @property
    def spread(self) -> Array:
        """How much wider this person's forecasts must be than the population's, 1 to 3. Only efforts that were harder
        than foreseen widen them, so that an easier answer never makes a hard session look likelier."""
        if self.misses is None or self.scored is None:
            return np.ones(self.n)
        excess = (SPREAD_PRIOR + self.misses) / (SPREAD_PRIOR + self.scored)
        return np.clip(np.sqrt(excess), 1.0, WIDEST)

    @property
    def calibrated(self) -> Array:
        """Whether enough sessions were answered to trust the forecasts for this person."""
        return self.answered >= ANSWERED_TO_CALIBRATE


@dataclass(frozen=True, slots=True)
class Witness:
    """One session of each runner, NaN where a channel is silent. `bout_min` and `run_min` what was asked, or done where
    that was more; `effort` CR10; `talk` 1 yes, 0.5 barely, 0 no; `finished` 1 or 0; `share_above` 0-1; `pace_at_heart`
    speed (m/s) over the share of heart-rate reserve."""

    bout_min: Array
    run_min: Array
    effort: Array
    talk: Array
    finished: Array
    share_above: Array
    pace_at_heart: Array

    @classmethod
    def of(cls, n: int, bout_min: Any, run_min: Any, **channels: Any) -> Witness:
        """A witness with the named channels; the others are silent."""
        names = ("effort", "talk", "finished", "share_above", "pace_at_heart")
        values = {
            name: np.broadcast_to(np.asarray(channels.get(name, np.nan), dtype=np.float64), (n,)) for name in names
        }
        size = (np.broadcast_to(np.asarray(x, dtype=np.float64), (n,)) for x in (bout_min, run_min))
        return cls(*size, **values)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The effort that a session will feel like. `low` and `high` hold it in four of five cases; `hard` is
    P(effort >= 7)."""

    mean: Array
    sd: Array
    low: Array
    high: Array
    hard: Array


def population(n: int, model: EffortModel = POPULATION) -> Belief:
    """n runners of whom nothing is known yet."""
    variances = np.array([model.ease_sd, model.heart_offset_sd, model.pace_offset_sd]) ** 2
    return Belief(np.zeros((n, 3)), np.tile(np.diag(variances), (n, 1, 1)), np.zeros(n), np.zeros(n), np.zeros(n))


def difficulty(bout_min: Any, run_min: Any, model: EffortModel = POPULATION) -> Array:
    """Effort that an average beginner reports for a session; minutes of its longest bout and of all its running."""
    bout, run = (np.log2(np.maximum(np.asarray(x, dtype=np.float64), 0.25)) for x in (bout_min, run_min))
    return np.asarray(model.base + model.per_bout * bout + model.per_run * run)


def after_days(belief: Belief, days: Any, model: EffortModel = POPULATION) -> Belief:
    """Time passes: the mean stays, the uncertainty of ease grows, never beyond what the population allows."""
    return belief_of(after_time(point_of(belief), np.asarray(days, dtype=np.float64), model))


Point = tuple[Any, ...]
"""The mean of ease and of the two offsets, their variances and covariances (ease; ease and heart; ease and pace; heart;
heart and pace; pace), and the answered sessions, misses and scored sessions: arrays or single numbers (kinds.py)."""
Seen = tuple[Any, ...]
"""A session as the filter takes it: difficulty, effort, talk, finished, and what heart rate and pace say of ease."""


def observe(belief: Belief, seen: Witness, model: EffortModel = POPULATION) -> Belief:
    """What a session leaves to believe. Silent channels change nothing."""
    return belief_of(after_session(point_of(belief), said_by(seen, model), model))


def said_by(seen: Witness, model: EffortModel = POPULATION) -> Seen:
    """What sessions say, channel by channel, one entry for each."""
    asked = difficulty(seen.bout_min, seen.run_min, model)
    heart = asked - (model.heart_at_0 + model.per_share * seen.share_above)
    with np.errstate(invalid="ignore", divide="ignore"):
        pace = model.per_log_pace * np.log(seen.pace_at_heart / TYPICAL_PACE_AT_HEART)
    return asked, seen.effort, seen.talk, seen.finished, heart, pace


def point_of(belief: Belief) -> Point:
    """A belief as the filter takes it, arrays over athletes."""
    none = np.zeros(belief.n)
    cov = belief.cov
    return (
        *belief.mean.T,
        cov[:, EASE, EASE], cov[:, EASE, HEART], cov[:, EASE, PACE],
        cov[:, HEART, HEART], cov[:, HEART, PACE], cov[:, PACE, PACE],
        belief.answered,
        none if belief.misses is None else belief.misses,
        none if belief.scored is None else belief.scored,
    )  # fmt: skip


def belief_of(point: Point) -> Belief:
    """The inverse of `point_of`; of single numbers the belief of one athlete."""
    ease, heart, pace, ee, eh, ep, hh, hp, pp, *counts = (np.atleast_1d(x).astype(np.float64) for x in point)
    cov = np.stack([ee, eh, ep, eh, hh, hp, ep, hp, pp], axis=1).reshape(-1, 3, 3)
    return Belief(np.stack([ease, heart, pace], axis=1), cov, *counts)


def after_session(point: Point, said: Seen, model: EffortModel = POPULATION, x: Kind = MANY) -> Point:
    """What a session leaves to believe. Silent channels change nothing."""
    *state, answered, misses, scored = point
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


def _plain_sd(belief: Belief, model: EffortModel) -> Array:
    """Standard deviation of a reported effort as the population has it."""
    return np.sqrt(belief.cov[:, EASE, EASE] + model.day_sd**2 + model.reported_sd**2)


TYPICAL_PACE_AT_HEART = 2.6
"""m/s at the whole heart-rate reserve, the lab's mean; what it is for one person is that person's offset."""


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


def forecast(belief: Belief, bout_min: Any, run_min: Any, model: EffortModel = POPULATION) -> Forecast:
    """The effort of a session that is asked next, as it would be reported."""
    asked = difficulty(bout_min, run_min, model)
    mean = asked - belief.ease
    plain = _plain_sd(belief, model)
    sd = plain * belief.spread
    short = HARD_EFFORT - HALF_POINT - mean
    hard = np.maximum(normal.above(short / plain), normal.above(short / sd))  # more scatter never calms
    low, high = (np.clip(mean + sign * Z_80 * sd, 0.0, 10.0) for sign in (-1.0, 1.0))
    return Forecast(np.clip(mean, 0.0, 10.0), sd, low, high, hard)


def pooled(beliefs: Belief, model: EffortModel = POPULATION) -> EffortModel:
    """The population as the calibrated runners of one home show it, shrunk towards `model` (which counts as ten
    people): partial pooling of where people stand, for those who begin next."""
    known = beliefs.calibrated
    count = float(known.sum())
    if count < 3:
        return model
    start = beliefs.ease[known] - model.gain * np.log2(beliefs.answered[known] + 1.0)
    weight = count / (count + 10.0)
    between = max(float(np.var(start)) - float(np.mean(beliefs.cov[known, EASE, EASE])), 0.25)
    spread = np.sqrt((1 - weight) * model.ease_sd**2 + weight * between)
    return replace(model, base=model.base - weight * float(start.mean()), ease_sd=float(spread))
