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

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from steadymile.models.learning import normal

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
    cov = belief.cov.copy()
    most = np.maximum(2.0 * model.ease_sd**2, cov[:, EASE, EASE])
    grown = cov[:, EASE, EASE] + model.drift_sd**2 * np.maximum(np.asarray(days, dtype=np.float64), 0.0) / 7.0
    cov[:, EASE, EASE] = np.minimum(grown, most)
    return replace(belief, cov=cov)


def observe(belief: Belief, seen: Witness, model: EffortModel = POPULATION) -> Belief:
    """What a session leaves to believe. Silent channels change nothing."""
    asked = difficulty(seen.bout_min, seen.run_min, model)
    ok = np.isfinite(asked)
    mean, cov = belief.mean, belief.cov
    spoke = ok & (np.isfinite(seen.effort) | np.isfinite(seen.talk))
    # Ease grows with practice; only where somebody said how it felt, so that silence never makes a plan easier to earn.
    won = model.gain * (np.log2(belief.answered + 2.0) - np.log2(belief.answered + 1.0))
    mean = mean.copy()
    ease = np.array([1.0, 0.0, 0.0])
    noise = np.hypot(model.day_sd, model.reported_sd)
    mean, cov = _reported(mean, cov, ease, asked - seen.effort, noise, ok & np.isfinite(seen.effort))
    talk_edges = ((seen.talk == 1.0, -np.inf, model.talk_yes), (seen.talk == 0.5, model.talk_yes, model.talk_no),
                  (seen.talk == 0.0, model.talk_no, np.inf))  # fmt: skip
    mean, cov = _category(mean, cov, asked, talk_edges, model.talk_sd, ok)
    finish_edges = ((seen.finished == 1.0, -np.inf, model.finish), (seen.finished == 0.0, model.finish, np.inf))
    mean, cov = _category(mean, cov, asked, finish_edges, model.finish_sd, ok)
    heart = asked - (model.heart_at_0 + model.per_share * seen.share_above)
    mean, cov = _reported(mean, cov, np.array([1.0, 1.0, 0.0]), heart, model.heart_sd, ok & np.isfinite(heart))
    with np.errstate(invalid="ignore", divide="ignore"):
        pace = model.per_log_pace * np.log(seen.pace_at_heart / TYPICAL_PACE_AT_HEART)
    mean, cov = _reported(mean, cov, np.array([1.0, 0.0, 1.0]), pace, model.pace_sd, ok & np.isfinite(pace))
    mean[:, EASE] += np.where(spoke, won, 0.0)
    return Belief(mean, cov, belief.answered + spoke, *_scatter(belief, asked, seen.effort, model))


def _scatter(belief: Belief, asked: Array, felt: Array, model: EffortModel) -> tuple[Array, Array]:
    """The misses and scored sessions with one more effort, judged by the forecast that was made before it."""
    none = np.zeros(belief.n)
    misses = none if belief.misses is None else belief.misses
    scored = none if belief.scored is None else belief.scored
    over = (felt - (asked - belief.ease)) / _plain_sd(belief, model)
    known = np.isfinite(over)
    return misses + 2.0 * np.maximum(np.where(known, over, 0.0), 0.0) ** 2, scored + known


def _plain_sd(belief: Belief, model: EffortModel) -> Array:
    """Standard deviation of a reported effort as the population has it."""
    return np.sqrt(belief.cov[:, EASE, EASE] + model.day_sd**2 + model.reported_sd**2)


TYPICAL_PACE_AT_HEART = 2.6
"""m/s at the whole heart-rate reserve, the lab's mean; what it is for one person is that person's offset."""


def _reported(mean: Array, cov: Array, h: Array, value: Array, noise: float, on: Array) -> tuple[Array, Array]:
    """Kalman's update with a number that is h.x plus noise, where `on`."""
    if not on.any():
        return mean, cov
    ph = cov @ h
    before, var = mean @ h, ph @ h
    gain = ph / (var + noise**2)[:, None]
    shift = np.where(on, value - before, 0.0)
    less = np.where(on, 1.0, 0.0)[:, None, None] * gain[:, :, None] * ph[:, None, :]
    return mean + gain * shift[:, None], cov - less


def _category(
    mean: Array, cov: Array, asked: Array, edges: tuple[tuple[Array, float, float], ...], noise: float, on: Array
) -> tuple[Array, Array]:  # fmt: skip
    """The update with an interval of felt effort (asked - ease + noise). The variance shrinks as much as the least
    telling of the possible answers would shrink it: so a better answer never leaves a worse forecast."""
    said = on & np.logical_or.reduce([chosen for chosen, _, _ in edges])
    if not said.any():
        return mean, cov
    ph = cov[:, :, EASE]
    var = ph[:, EASE]
    felt, sd = np.where(on, asked, 5.0) - mean[:, EASE], np.sqrt(var + noise**2)
    moved, kept = felt, np.zeros_like(felt)
    for chosen, low, high in edges:
        after, left = normal.within(felt, sd, low, high)
        moved = np.where(chosen, after, moved)
        kept = np.maximum(kept, left)
    gain = -ph / (sd**2)[:, None]
    shift = np.where(said, moved - felt, 0.0)
    share = np.where(said, 1.0 - kept / sd**2, 0.0)
    less = (share / sd**2)[:, None, None] * ph[:, :, None] * ph[:, None, :]
    return mean + gain * shift[:, None], cov - less


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
