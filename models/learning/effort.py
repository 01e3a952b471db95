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

from dataclasses import dataclass
from typing import Any

import numpy as np
from steadymile.models.learning import normal
from steadymile.models.learning.filter import Point, Seen, after_session, after_time
from steadymile.models.learning.population import (
    EASE,
    HEART,
    PACE,
    POPULATION,
    TYPICAL_PACE_AT_HEART,
    EffortModel,
)

__all__ = ["EASE", "HEART", "PACE", "POPULATION", "Belief", "EffortModel", "Forecast", "Point", "Seen", "Witness"]

Array = np.ndarray
HARD_EFFORT = 7.0
"""A session that feels like this or more is unpleasant and drives people away (docs/results/evidence.md)."""
HALF_POINT = 0.5  # efforts are reported in whole points
ANSWERED_TO_CALIBRATE = 6
SPREAD_PRIOR, WIDEST = 8.0, 3.0
"""Sessions that the population's scatter counts for, and how far a person's own may widen it (design values)."""
Z_80 = 1.2815515655446004


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


def _plain_sd(belief: Belief, model: EffortModel) -> Array:
    """Standard deviation of a reported effort as the population has it."""
    return np.sqrt(belief.cov[:, EASE, EASE] + model.day_sd**2 + model.reported_sd**2)


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
