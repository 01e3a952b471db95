"""What a policy gets to see of a virtual athlete: the watch's record and the answers that were given, with errors.

NaN is an answer not given or a thing not recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from steadymile.models.lab.people import Luck, People
from steadymile.models.lab.virtual_body import Bodies, Done, overload
from steadymile.models.physiology import fatigue_index
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.models.units import MILE_M

Array = np.ndarray
PAST = fatigue_index.WINDOW_DAYS - 1
TALKING_BOUT_MIN = 2.0
WALK_DAYS = (0, 2, 4, 5, 6)
CEILING_SHARE = 0.79  # heart-rate reserve; the policy's ceiling for someone whose threshold is not known yet
EFFICIENCY_NOISE, EFFICIENCY_DRIFT = 0.0064, 4e-4


@dataclass(slots=True)
class Record:
    """Days as columns, after `PAST` empty ones: what was done and told so far."""

    run_min: Array
    bout_min: Array
    distance_m: Array
    load: Array
    subj: Array
    rhr: Array
    hrv: Array
    sleep: Array
    pain: Array
    ill: Array
    efficiency: Array  # level as of each day, filtered
    speeds_m_s: Array  # of the last ten runs
    efficiency_var: Array
    mile_done: Array

    @classmethod
    def empty(cls, n: int, days: int) -> Record:
        """No day yet. Before the first day nothing is known; nothing was run."""
        unknown = np.full((n, PAST + days), np.nan)
        none = np.zeros((n, PAST + days))
        return cls(
            run_min=none.copy(),
            bout_min=none.copy(),
            distance_m=none.copy(),
            load=unknown.copy(),
            subj=unknown.copy(),
            rhr=unknown.copy(),
            hrv=unknown.copy(),
            sleep=unknown.copy(),
            pain=unknown.copy(),
            ill=unknown.copy(),
            efficiency=unknown.copy(),
            speeds_m_s=np.full((n, IN_FORCE.speeds_from), np.nan),
            efficiency_var=unknown.copy(),
            mile_done=np.zeros(n, dtype=bool),
        )

    @classmethod
    def of_walkers(cls, n: int, days: int) -> Record:
        """The record of people who have walked for two weeks, as the ladder asks before the first jog: five recorded
        walks of 20 minutes a week."""
        record = cls.empty(n, days)
        for first in (PAST - 14, PAST - 7):
            record.load[:, first : first + 7] = np.where(np.isin(np.arange(7), WALK_DAYS), load_of(20.0, 0.4), 0.0)
        return record

    @property
    def speed_m_s(self) -> Array:
        """Typical running speed: median of the last ten runs, 2 m/s before the first."""
        ordered = np.sort(self.speeds_m_s, axis=1)
        count = np.sum(~np.isnan(ordered), axis=1)
        row = np.arange(len(ordered))
        middle = (ordered[row, np.maximum(count - 1, 0) // 2] + ordered[row, np.minimum(count // 2, count - 1)]) / 2.0
        return np.where(count > 0, middle, 2.0)

    def last(self, name: str, day: int, days: int) -> Array:
        """The last `days` columns of a quantity up to and including `day`."""
        column = PAST + day + 1
        return np.asarray(getattr(self, name)[:, max(column - days, 0) : column])


@dataclass(frozen=True, slots=True)
class Told:
    """Answers to one session, NaN where none: `talk` 1, 0.5 or 0; `rpe` CR10; `share_above` of running time above
    the ceiling; `completion` run minutes done over planned; `pace_at_heart` speed (m/s) over the share of heart-rate
    reserve; `bout_min` and `run_min` what was asked for."""

    talk: Array
    rpe: Array
    share_above: Array
    completion: Array
    pace_at_heart: Array
    bout_min: Array
    run_min: Array


def morning(record: Record, people: People, luck: Luck, day: int, tired: Array) -> None:
    """The night's measurements and the morning's answers."""
    column = PAST + day
    says = luck.u_answer[day] < people.answers
    hooper = np.clip(2.7 + 0.55 * tired + 0.35 * luck.z_feel[day], 1.0, 7.0)
    record.subj[:, column] = np.where(says, hooper, np.nan)
    night = people.has_night
    record.rhr[:, column] = np.where(night, 60.0 + 1.6 * tired + 1.5 * luck.z_rest[day], np.nan)
    record.hrv[:, column] = np.where(night, 3.7 - 0.06 * tired + 0.10 * luck.z_variability[day], np.nan)
    record.sleep[:, column] = np.where(night, 7.2 - 0.12 * tired + 0.7 * luck.z_sleep[day], np.nan)
    record.ill[:, column] = np.where(says, luck.ill[day], np.nan)
    record.load[:, column] = 0.0 * record.load[:, column - 1]  # a day of rest, once there was a first session


def soreness(bodies: Bodies, luck: Luck, day: int, hurt: Array) -> Array:
    """Pain 0-10: from overload of tissue, and 6 or more while injured."""
    mild = np.clip(2.5 * (overload(bodies) - 1.1) + 1.0 * luck.z_pain[day], 0.0, 5.0)
    return np.where(hurt, np.maximum(6.0, mild), mild)


def tell(
    record: Record, people: People, luck: Luck, day: int, done: Done, tired: Array, pain: Array
) -> Told:  # fmt: skip
    """Store one session in the record and give the answers to it."""
    column = PAST + day
    record.run_min[:, column] += done.run_min
    record.bout_min[:, column] = np.maximum(record.bout_min[:, column], done.bout_min)
    record.distance_m[:, column] = np.maximum(record.distance_m[:, column], done.distance_m)
    record.mile_done = record.mile_done | (done.bout_m >= MILE_M)
    says = done.went & (luck.u_effort_answer[day] < people.answers)
    record.pain[:, column] = np.where(says, np.round(pain), record.pain[:, column])
    share = _heart_share(people, luck, day, done, tired)
    minutes = done.run_min + np.where(done.went, 0.35 * (done.distance_m - done.run_m) / 84.0, 0.0)
    trained = np.nan_to_num(record.load[:, column]) + load_of(minutes, share)
    record.load[:, column] = np.where(done.went, trained, record.load[:, column])
    _efficiency(record, people, column, done, share)
    ran = done.run_min > 0
    newer = np.concatenate([record.speeds_m_s[:, 1:], done.speed_m_s[:, None]], axis=1)
    record.speeds_m_s = np.where(ran[:, None], newer, record.speeds_m_s)
    talked = says & (done.bout_min >= TALKING_BOUT_MIN)
    words = np.select([done.talk < 0.0, done.talk < 1.0], [1.0, 0.5], 0.0)
    lag = np.clip(1.0 - 1.2 / np.maximum(done.bout_min, 0.5), 0.0, 1.0)
    above = np.clip((share - CEILING_SHARE + 0.05) / 0.12, 0.0, 1.0) * lag
    planned = np.maximum(done.asked_min, 1e-9)
    return Told(
        talk=np.where(talked, words, np.nan),
        rpe=np.where(says, np.round(done.effort), np.nan),
        share_above=np.where(people.has_heart_rate & ran, above, np.nan),
        completion=np.where(done.went & (done.asked_min > 0), np.minimum(done.run_min / planned, 1.0), np.nan),
        pace_at_heart=np.where(people.has_heart_rate & (done.run_min >= 5.0), done.speed_m_s / share, np.nan),
        bout_min=done.asked_bout_min,
        run_min=done.asked_min,
    )


def load_of(minutes: Array | float, share: Array | float) -> Array:
    """Training impulse of some minutes at a share of heart-rate reserve, with the constants for unknown sex."""
    return np.asarray(minutes * share * 0.75 * np.exp(1.8 * share))


def _heart_share(people: People, luck: Luck, day: int, done: Done, tired: Array) -> Array:
    """Heart-rate reserve while running, as the athlete's watch and believed maximum show it."""
    true = people.heart_at_critical * done.strain**0.9 + 0.015 * np.clip(tired, 0.0, 3.0)
    return np.clip(true * people.heart_error * (1.0 + 0.02 * luck.z_heart[day]), 0.3, 1.05)


def _efficiency(record: Record, people: People, column: int, done: Done, share: Array) -> None:
    """Carry the filtered efficiency (speed for heart rate) forward by a day and update it after a run."""
    before, var = record.efficiency[:, column - 1], record.efficiency_var[:, column - 1]
    var = var + EFFICIENCY_DRIFT
    seen = people.has_heart_rate & (done.run_min >= 5.0)
    value = done.speed_m_s / share / 2.4
    first = np.isnan(before)
    gain = var / (var + EFFICIENCY_NOISE)
    record.efficiency[:, column] = np.where(seen, np.where(first, value, before + gain * (value - before)), before)
    record.efficiency_var[:, column] = np.where(seen, np.where(first, EFFICIENCY_NOISE, (1.0 - gain) * var), var)


def rest(record: Record, day: int) -> None:
    """A day without a session: the efficiency estimate only gets older."""
    column = PAST + day
    record.efficiency[:, column] = record.efficiency[:, column - 1]
    record.efficiency_var[:, column] = record.efficiency_var[:, column - 1] + EFFICIENCY_DRIFT


def tired_index(record: Record, day: int) -> fatigue_index.Fatigue:
    """The nightly fatigue index of every athlete, by the very functions that compute it for real people."""
    window = fatigue_index.WINDOW_DAYS
    z = {name: fatigue_index.z_of_week(record.last(name, day, window), name) for name in fatigue_index.FLOORS}
    z["load"] = fatigue_index.z_of_load(record.last("load", day, window))
    then, now = ((record.efficiency[:, c], record.efficiency_var[:, c]) for c in (PAST + day - 28, PAST + day))
    z["eff"] = fatigue_index.z_of_efficiency(*then, *now)
    return fatigue_index.index(z)
