"""Who takes part: n virtual novices drawn from wide distributions, and the luck that meets every policy alike."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

Array = np.ndarray

T = TypeVar("T", "People", "Luck")

ILLNESS_A_WEEK = 0.08
BAD_DAY = 0.30
"""Share of people with one run day a week that mostly does not suit them (design value)."""
STRESS_MEMORY = 0.90


@dataclass(frozen=True, slots=True)
class People:
    """Fixed traits, one value an athlete. Speeds m/s, minutes, days.

    `critical_speed` that can be held long when untrained, `reserve_m` the metres that can be run above it;
    `slowest_jog` below which one walks; `haste` preferred speed over the critical one; `heeds` listens to "slow
    down"; `trainability` the possible gain of critical speed (mean 18 %, as for VO2max in training studies);
    `legs_min` minutes of continuous running that the legs stand; `tissue_min_day` running minutes a day that
    tendons and bones are used to; `recovery_days` time constant of fatigue; `frailty` injury risk against others';
    `answers` the share of questions answered; `has_heart_rate`, `has_night` what the watch records; `bad_day` the run
    day of the week (0 to 2) on which something mostly comes between, -1 for none.
    """

    critical_speed: Array
    reserve_m: Array
    slowest_jog: Array
    haste: Array
    heeds: Array
    trainability: Array
    legs_min: Array
    tissue_min_day: Array
    recovery_days: Array
    frailty: Array
    keenness: Array
    effort_bias: Array
    answers: Array
    has_heart_rate: Array
    has_night: Array
    heart_at_critical: Array
    heart_error: Array
    bad_day: Array

    @property
    def n(self) -> int:
        """How many athletes."""
        return len(self.haste)


def _normal(rng: np.random.Generator, n: int, mean: float, sd: float, low: float, high: float) -> Array:
    return np.clip(rng.normal(mean, sd, n), low, high)


def draw_people(rng: np.random.Generator, n: int) -> People:
    """n novices. Design values, chosen so that the calendar programme's known injury and drop-out rates come out."""
    watch = rng.random(n) < 0.70
    return People(
        critical_speed=_normal(rng, n, 2.20, 0.22, 1.65, 3.0),
        reserve_m=120.0 * np.exp(rng.normal(0.0, 0.35, n)),
        slowest_jog=_normal(rng, n, 1.78, 0.10, 1.55, 2.0),
        haste=_normal(rng, n, 1.02, 0.07, 0.85, 1.25),
        heeds=rng.random(n) < 0.5,
        trainability=_normal(rng, n, 0.18, 0.07, 0.02, 0.40),
        legs_min=13.0 * np.exp(rng.normal(0.0, 0.40, n)),
        tissue_min_day=6.0 * np.exp(rng.normal(0.0, 0.35, n)),
        recovery_days=_normal(rng, n, 2.8, 0.5, 1.5, 4.5),
        frailty=np.exp(rng.normal(-0.125, 0.5, n)),
        keenness=rng.normal(0.0, 0.6, n),
        effort_bias=rng.normal(0.0, 0.7, n),
        answers=rng.uniform(0.0, 0.95, n),
        has_heart_rate=watch,
        has_night=watch & (rng.random(n) < 0.6),
        heart_at_critical=_normal(rng, n, 0.87, 0.04, 0.75, 0.96),
        heart_error=_normal(rng, n, 1.0, 0.06, 0.85, 1.15),
        bad_day=np.where(rng.random(n) < BAD_DAY, rng.integers(0, 3, n), -1),
    )


@dataclass(frozen=True, slots=True)
class Luck:
    """What happens to each athlete whatever the policy does: common random numbers, indexed [day, athlete].

    `u_*` uniform, `z_*` standard normal; `stress` life's own load (mean 0, sd 1, memory of days); `ill` days with
    symptoms; `recovery_days` how long an injury that began on that day takes.
    """

    stress: Array
    ill: Array
    recovery_days: Array
    u_goes: Array
    u_injury: Array
    u_quits: Array
    u_answer: Array
    u_effort_answer: Array
    z_effort: Array
    z_talk: Array
    z_pace: Array
    z_pain: Array
    z_feel: Array
    z_rest: Array
    z_variability: Array
    z_heart: Array
    z_sleep: Array

    @property
    def days(self) -> int:
        """How many days the luck covers."""
        return len(self.stress)


def autoregressive(rng: np.random.Generator, days: int, n: int, keep: float) -> Array:
    """Noise of unit variance [day, athlete] in which each day keeps a share of the day before."""
    kicks = rng.normal(0.0, np.sqrt(1 - keep**2), (days, n))
    out = np.empty((days, n))
    level = rng.normal(0.0, 1.0, n)
    for day in range(days):
        level = keep * level + kicks[day]
        out[day] = level
    return out


def _illness(rng: np.random.Generator, days: int, n: int) -> Array:
    """Days with symptoms: an illness begins in 8 % of weeks and lasts 3 to 9 days."""
    ill = np.zeros((days, n), dtype=bool)
    for week in range(days // 7):
        who = np.flatnonzero(rng.random(n) < ILLNESS_A_WEEK)
        begins = week * 7 + rng.integers(0, 7, who.size)
        lasts = rng.integers(3, 10, who.size)
        for athlete, first, length in zip(who, begins, lasts, strict=True):
            ill[first : first + length, athlete] = True
    return ill


def draw_luck(rng: np.random.Generator, n: int, weeks: int) -> Luck:
    """The luck of n athletes for some weeks. Recovery: lognormal, median 71 days (Nielsen 2014, 254 novices)."""
    days = weeks * 7
    shape = (days, n)
    return Luck(
        stress=autoregressive(rng, days, n, STRESS_MEMORY),
        ill=_illness(rng, days, n),
        recovery_days=71.0 * np.exp(rng.normal(0.0, 0.8, shape)),
        **{f.name: rng.random(shape) for f in fields(Luck) if f.name.startswith("u_")},
        **{f.name: rng.standard_normal(shape) for f in fields(Luck) if f.name.startswith("z_")},
    )


def repeat(what: T, times: int) -> T:
    """The same athletes, or the same luck, side by side several times: one copy a hazard model."""
    return type(what)(**{f.name: np.concatenate([getattr(what, f.name)] * times, axis=-1) for f in fields(what)})
