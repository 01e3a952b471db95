"""How a virtual body runs, tires, hurts and adapts. Arrays over athletes; all times in minutes and days.

Sources of the shape: critical speed and the finite reserve above it (Monod & Scherrer 1965; Jones 2010), oxygen
kinetics (about 90 s at effort before it feels hard), slow tissue adaptation. The numbers are design values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from steadymile.models.lab.people import Luck, People

Array = np.ndarray

WALK_M_S = 1.4
WARM_MIN = 5.0
"""Numbers of the body, which knows nothing of the policy and so does not read its ladder."""
TISSUE_DAYS = 40.0


@dataclass(slots=True)
class Bodies:
    """What changes: trained share of the possible gain (0-1), leg endurance in minutes, fatigue (0 fresh, 1 after a
    hard week), tissue load of the last week and what the tissue is used to (both running minutes a day)."""

    trained: Array
    legs_min: Array
    fatigue: Array
    tissue_load: Array
    tissue_used_to: Array

    @classmethod
    def of(cls, people: People) -> Bodies:
        """Untrained bodies."""
        zero = np.zeros(people.n)
        return cls(zero.copy(), people.legs_min.copy(), zero.copy(), zero.copy(), people.tissue_min_day.copy())


@dataclass(frozen=True, slots=True)
class Asked:
    """One session as the plan asks for it: running bouts in minutes [athlete, bout] (0: none), walks between them,
    and whether the plan tells people to slow down (`guided`), by how much more (`slower`, share of speed)."""

    bouts_min: Array
    rest_min: Array
    guided: Array
    slower: Array


@dataclass(frozen=True, slots=True)
class Done:
    """One session as it went, zeros where nobody ran. `effort` felt at the end, 0-10; `strain` intensity over the
    athlete's own critical speed; `heart_above` not yet known here: see models/lab/answers.py."""

    went: Array
    run_min: Array
    asked_min: Array
    asked_bout_min: Array
    bout_min: Array
    bout_m: Array
    run_m: Array
    distance_m: Array
    speed_m_s: Array
    strain: Array
    effort: Array
    talk: Array  # > 0 words come short
    failed: Array


def tiredness(bodies: Bodies, stress: Array, ill: Array) -> Array:
    """All that makes a run harder today: training fatigue, life stress, illness."""
    return bodies.fatigue + 0.60 * np.maximum(stress, -0.5) + 1.2 * ill


def critical_speed(people: People, bodies: Bodies, tired: Array) -> Array:
    """The speed that can be held today, m/s."""
    return people.critical_speed * (1.0 + people.trainability * bodies.trained) * (1.0 - 0.05 * np.clip(tired, 0, 3))


def run(people: People, bodies: Bodies, asked: Asked, goes: Array, luck: Luck, day: int, tired: Array) -> Done:
    """Do the session: bout by bout, until the reserve or the legs are empty; then the rest of it is walked."""
    sustained = critical_speed(people, bodies, tired)
    longest = asked.bouts_min.max(axis=1)
    # People start short bouts fast, pace longer ones more slowly, and half of them slow down when told to.
    wish = people.haste - 0.02 * np.log2(np.maximum(longest, 2.0) / 2.0) + 0.02 * luck.z_pace[day]
    told = asked.guided & people.heeds
    wish = np.where(told, np.minimum(wish, 0.92), wish) - np.where(people.heeds, asked.slower, 0.0)
    speed = np.maximum(people.slowest_jog, wish * sustained)
    strain = speed / sustained
    drain = np.maximum(speed - sustained, 0.0) * 60.0 / people.reserve_m  # share of the reserve a minute
    refill = np.exp(-asked.rest_min / (4.0 * (1.0 + 0.4 * np.clip(tired, 0, 3))))
    used, worst = np.zeros(people.n), np.zeros(people.n)
    ran, best = np.zeros(people.n), np.zeros(people.n)
    alive = goes.copy()
    for bout in asked.bouts_min.T:
        legs_left = 1.25 * bodies.legs_min - 0.35 * ran
        can = np.minimum(np.where(drain > 0, (1.0 - used) / np.maximum(drain, 1e-9), np.inf), legs_left)
        held = np.where(alive & (bout > 0), np.clip(np.minimum(bout, can), 0.0, None), 0.0)
        used = np.minimum(used + drain * held, 1.0)
        worst = np.maximum(worst, used)
        ran += held
        best = np.maximum(best, held)
        alive &= held >= bout - 1e-9
        used *= refill
    want = asked.bouts_min.sum(axis=1)
    failed = goes & (ran < want - 1e-6)
    heavy = best / np.maximum(bodies.legs_min, 1.0) + 0.25 * ran / np.maximum(bodies.legs_min, 1.0)
    kinetics = 1.0 - 0.5 * np.exp(-best / 1.5)
    effort = (
        1.5
        + 13.0 * np.clip(strain - 0.72, 0.0, None) * kinetics
        + 2.0 * worst**2
        + 1.2 * heavy**2
        + 0.7 * np.clip(tired, -0.5, 4.0)
        + people.effort_bias
        + 0.6 * luck.z_effort[day]
    )
    effort = np.where(failed, np.maximum(effort, 8.0), effort)
    talk = (strain * (0.80 + 0.20 * kinetics) - 0.98) / 0.06 + heavy - 0.5 + 0.8 * luck.z_talk[day]
    share = np.where(want > 0, ran / np.maximum(want, 1e-9), 0.0)
    pauses = np.maximum((asked.bouts_min > 0).sum(axis=1) - 1, 0) * asked.rest_min * share
    walked = (2 * WARM_MIN + pauses + (want - ran)) * 60.0 * WALK_M_S * goes
    return Done(
        went=goes,
        run_min=ran,
        asked_min=want * goes,
        asked_bout_min=longest * goes,
        bout_min=best,
        bout_m=best * 60.0 * speed,
        run_m=ran * 60.0 * speed,
        distance_m=ran * 60.0 * speed + walked,
        speed_m_s=speed,
        strain=strain,
        effort=np.where(goes, np.clip(effort, 0.0, 10.0), 0.0),
        talk=talk,
        failed=failed,
    )


def train(people: People, bodies: Bodies, done: Done) -> None:
    """What a session leaves behind: fatigue at once, fitness and legs a little, tissue load."""
    minutes = done.run_min
    bodies.fatigue += 0.55 * minutes / bodies.legs_min * np.clip(done.strain, 0.7, 1.3) ** 3 * done.went
    bodies.trained += 0.022 * (minutes / 15.0) ** 0.6 * (1.0 - bodies.trained)
    bodies.legs_min += 0.10 * np.maximum(1.4 * done.bout_min - bodies.legs_min, 0.0)
    bodies.legs_min += 0.02 * minutes * np.maximum(1.0 - bodies.legs_min / 60.0, 0.0)
    bodies.tissue_load += minutes * np.clip(done.speed_m_s / 2.2, 0.7, 1.6) / 7.0


def sleep(people: People, bodies: Bodies) -> None:
    """A day passes: fatigue fades (slower when deep), fitness and legs fade slowly, tissue follows its load."""
    tau = people.recovery_days * (1.0 + 0.35 * bodies.fatigue)
    bodies.fatigue *= np.exp(-1.0 / tau)
    bodies.trained *= 1.0 - 0.0025
    bodies.legs_min -= 0.003 * (bodies.legs_min - people.legs_min)
    bodies.tissue_load *= np.exp(-1.0 / 7.0)
    goal = np.maximum(1.25 * bodies.tissue_load, 0.8 * people.tissue_min_day)
    bodies.tissue_used_to += (goal - bodies.tissue_used_to) / TISSUE_DAYS


def overload(bodies: Bodies) -> Array:
    """Tissue load over what the tissue is used to; 1 is balance."""
    return bodies.tissue_load / np.maximum(bodies.tissue_used_to, 0.5)
