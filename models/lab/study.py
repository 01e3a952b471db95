"""One arm of the study: a programme, a population, their luck, week by week; and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from steadymile.models.lab import answers, hazards, virtual_body
from steadymile.models.lab.answers import PAST, Record
from steadymile.models.lab.people import Luck, People
from steadymile.models.lab.plans import Programme, Seen, Week
from steadymile.models.lab.virtual_body import Asked, Bodies, Done
from steadymile.models.units import MILE_M

Array = np.ndarray

RUN_DAYS = (1, 3, 5)
QUITS_WHEN_HURT = 0.47
QUITS_A_WEEK = 0.0024
"""Chance of giving up for good at neutral motivation, and when injured; calibrated to Fokkema 2019 (29.5 % of 774
novices stopped in 26 weeks, 48 % of them for injury)."""
UNPLEASANT_EFFORT = 7.0
OVERLOADED = 1.3
DAILY_WALK_M = 2500.0
SUITS_LESS = 2.5
"""How much less likely (log odds) somebody goes on the day that does not suit them (design value)."""
CALM_TIRED = 1.0
"""Tiredness below which a week has no cause to be eased (a hard week leaves 1)."""
ACTIVE_DAYS = 28


@dataclass(frozen=True, slots=True)
class Result:
    """What came of each athlete. `mile_week` first week (1..) with a continuous mile, inf when never; `hours` run;
    `hurt` injuries; `quit` gave up; `active` did not, and ran in the last four weeks; `overload_weeks` weeks with
    tissue load 30 % above what it is used to; `unpleasant` and `sessions` counts; `mile_weeks` weeks in which a
    continuous mile was run; `late_min` running minutes a week over the last four weeks; `calm_weeks` weeks after one
    with running and without illness, injury, deep tiredness or a hard session, `false_ease` those of them that the
    programme eased."""

    mile_week: Array
    hurt: Array
    first_hurt_week: Array
    hours: Array
    quit: Array
    quit_hurt: Array
    active: Array
    overload_weeks: Array
    unpleasant: Array
    sessions: Array
    mile_weeks: Array
    late_min: Array
    calm_weeks: Array
    false_ease: Array

    def reached(self, week: int) -> Array:
        """Who had run a continuous mile by the end of a week."""
        return self.mile_week <= week


@dataclass(slots=True)
class _Life:
    """Who is hurt until when, who is still in, and how much they like it."""

    hurt_until: Array
    inside: Array
    keen: Array
    best_bout_m: Array
    stale_weeks: Array


def run_arm(programme: Programme, people: People, luck: Luck, model: Array, base_per_h: Array | None = None) -> Result:
    """Let everyone live with a programme for as long as the luck lasts. `model` index into HAZARDS per athlete."""
    return _Arm(programme, people, luck, model, hazards.BASE_PER_H if base_per_h is None else base_per_h).run()


COUNTED = ("hurt", "hours", "overload", "unpleasant", "sessions", "mile_weeks", "calm", "false_ease")


class _Arm:
    def __init__(self, programme: Programme, people: People, luck: Luck, model: Array, base: Array) -> None:
        self.programme, self.people, self.luck, self.model = programme, people, luck, model
        self.base = base[model]
        n = people.n
        self.bodies = Bodies.of(people)
        self.record = Record.of_walkers(n, luck.days)
        self.life = _Life(np.zeros(n), np.ones(n, dtype=bool), people.keenness.copy(), np.zeros(n), np.zeros(n))
        zero = np.zeros(n)
        self.count = {k: zero.copy() for k in COUNTED}
        self.mile_week = np.full(n, np.inf)
        self.first_hurt = np.full(n, np.inf)
        self.quit_hurt = np.zeros(n, dtype=bool)
        self.pause, self.last_run = np.ones(n), np.full(n, -1.0)
        self.calm = np.zeros(n, dtype=bool)

    def run(self) -> Result:
        n = self.people.n
        seen = Seen(-1, self.record, (), (), (), np.ones(n, dtype=bool))
        for week in range(self.luck.days // 7):
            seen = self._week(week, self.programme.plan(seen))
        late = self.record.last("run_min", self.luck.days - 1, ACTIVE_DAYS)
        ran = late.max(axis=1) > 0
        return Result(
            mile_week=self.mile_week,
            hurt=self.count["hurt"],
            first_hurt_week=self.first_hurt,
            hours=self.count["hours"],
            quit=~self.life.inside,
            quit_hurt=self.quit_hurt,
            active=self.life.inside & ran,
            overload_weeks=self.count["overload"],
            unpleasant=self.count["unpleasant"],
            sessions=self.count["sessions"],
            mile_weeks=self.count["mile_weeks"],
            late_min=late.sum(axis=1) * 7.0 / ACTIVE_DAYS,
            calm_weeks=self.count["calm"],
            false_ease=self.count["false_ease"],
        )

    def _week(self, week: int, plan: Week) -> Seen:
        told: list[answers.Told] = []
        went: list[Array] = []
        failed: list[Array] = []
        before = self.life.best_bout_m.copy()
        eased = getattr(self.programme, "eased", None)
        if eased is not None:
            self.count["calm"] += self.calm
            self.count["false_ease"] += self.calm & eased
        troubled = np.zeros(self.people.n, dtype=bool)
        self.week_bout_m = np.zeros(self.people.n)
        for weekday in range(7):
            day = week * 7 + weekday
            hurt = self.life.hurt_until > day
            tired = virtual_body.tiredness(self.bodies, self.luck.stress[day], self.luck.ill[day])
            answers.morning(self.record, self.people, self.luck, day, tired)
            if weekday in RUN_DAYS:
                slot = RUN_DAYS.index(weekday)
                asked = _asked(plan, slot, went)
                done = self._session(asked, day, hurt, tired, slot)
                troubled |= done.went & ((done.effort >= UNPLEASANT_EFFORT) | done.failed)
                told.append(self._after(done, day, tired, week))
                went.append(done.went)
                failed.append(done.failed)
            else:
                answers.rest(self.record, day)
                says = self.luck.u_effort_answer[day] < self.people.answers
                pain = answers.soreness(self.bodies, self.luck, day, hurt)
                silent = ~says | ~self.life.inside
                self.record.pain[:, PAST + day] = np.where(silent, np.nan, np.round(pain))
            troubled |= hurt | self.luck.ill[day] | (tired > CALM_TIRED)
            virtual_body.sleep(self.people, self.bodies)
        self._week_ends(week, before)
        self.calm = self.life.inside & ~troubled & (np.sum(went, axis=0) > 0) & (self.life.hurt_until <= week * 7 + 6)
        day = week * 7 + 6
        return Seen(day, self.record, tuple(told), tuple(went), tuple(failed), self.life.hurt_until <= day)

    def _session(self, asked: Asked, day: int, hurt: Array, tired: Array, slot: int) -> Done:
        suits = 2.3 - SUITS_LESS * (self.people.bad_day == slot)
        wants = 1.0 / (1.0 + np.exp(-(suits + 0.8 * self.life.keen - 0.5 * np.clip(tired, 0.0, 3.0))))
        able = self.life.inside & ~hurt & ~self.luck.ill[day] & (asked.bouts_min.sum(axis=1) > 0)
        return virtual_body.run(
            self.people, self.bodies, asked, able & (self.luck.u_goes[day] < wants), self.luck, day, tired
        )

    def _after(self, done: Done, day: int, tired: Array, week: int) -> answers.Told:
        longest = np.maximum(self.record.last("distance_m", day - 1, 30).max(axis=1), DAILY_WALK_M)
        virtual_body.train(self.people, self.bodies, done)
        self.pause = np.where(done.went, hazards.pause_left(self.pause, day - self.last_run), self.pause)
        self.last_run = np.where(done.went, float(day), self.last_run)
        month = self.record.last("run_min", day - 1, 27)
        weekly = hazards.weekly_spike(month[:, -6:].sum(axis=1) + done.run_min, month[:, :-6].sum(axis=1) / 3.0)
        rate = hazards.relative_rate(
            self.model, hazards.spike(done.distance_m, longest), virtual_body.overload(self.bodies), tired, done.effort,
            weekly, self.pause,
        )  # fmt: skip
        hours = done.run_min / 60.0
        risk = 1.0 - np.exp(-self.base * self.people.frailty * rate * hours)
        struck = done.went & (self.luck.u_injury[day] < risk)
        self.life.hurt_until = np.where(struck, day + 1 + self.luck.recovery_days[day], self.life.hurt_until)
        leaves = struck & (self.luck.u_quits[day] < QUITS_WHEN_HURT)
        self.life.inside &= ~leaves
        self.quit_hurt |= leaves
        bad = done.went & ((done.effort >= UNPLEASANT_EFFORT) | done.failed)
        self.life.keen += np.where(bad, -0.10, np.where(done.went, 0.02, 0.0))
        self.life.keen = np.clip(self.life.keen, -3.0, 2.0)
        self.life.best_bout_m = np.maximum(self.life.best_bout_m, done.bout_m)
        self.week_bout_m = np.maximum(self.week_bout_m, done.bout_m)
        first = (done.bout_m >= MILE_M) & np.isinf(self.mile_week)
        self.mile_week[first] = week + 1
        self.first_hurt = np.where(struck & np.isinf(self.first_hurt), week + 1, self.first_hurt)
        self.count["hurt"] += struck
        self.count["hours"] += hours
        self.count["unpleasant"] += bad
        self.count["sessions"] += done.went
        pain = answers.soreness(self.bodies, self.luck, day, self.life.hurt_until > day)
        return answers.tell(self.record, self.people, self.luck, day, done, tired, pain)

    def _week_ends(self, week: int, best_before: Array) -> None:
        """Motivation drifts back to its owner's, falls when nothing improves for weeks; some give up."""
        life, day = self.life, week * 7 + 6
        goal_met = life.best_bout_m >= MILE_M
        life.stale_weeks = np.where((life.best_bout_m > best_before) | goal_met, 0.0, life.stale_weeks + 1.0)
        life.keen += 0.03 * (self.people.keenness - life.keen) - np.where(life.stale_weeks > 4, 0.03, 0.0)
        leaves = life.inside & (self.luck.u_quits[day] < 1.0 - np.exp(-QUITS_A_WEEK * np.exp(-1.1 * life.keen)))
        life.inside &= ~leaves
        self.count["mile_weeks"] += self.week_bout_m >= MILE_M
        self.count["overload"] += life.inside & (virtual_body.overload(self.bodies) > OVERLOADED)


def _asked(plan: Week, slot: int, went: Sequence[Array]) -> Asked:
    """What is run on a day of the plan: the session of that day as shown, or the nth planned one as the nth run."""
    done = np.sum(went, axis=0) if went else np.zeros(len(plan.bouts_min))
    return _shown(plan, slot, went) if plan.shown else _next(plan, slot, done)


def _shown(plan: Week, slot: int, went: Sequence[Array]) -> Asked:
    """The session of this day. A missed longest run is offered in place of the next run, never on top."""
    minutes = plan.bouts_min.sum(axis=2)
    longest = np.argmax(minutes, axis=1)
    row = np.arange(len(longest))
    index = np.full(len(longest), slot)
    if went:
        days = np.arange(slot)
        ran = np.stack(went, axis=1)
        missed = (longest < slot) & ~ran[row, np.minimum(longest, slot - 1)]
        since = (ran & (days > longest[:, None])).any(axis=1)  # the first run after the missed day took its place
        index = np.where(missed & ~since & (minutes[:, slot] > 0), longest, slot)
    return Asked(plan.bouts_min[row, index], plan.rest_min[row, index], plan.guided, plan.slower)


def _next(plan: Week, slot: int, done: Array) -> Asked:
    """What is run on a day of the plan: the nth run of a week is the nth planned one, as at night (models/matching)."""
    planned = plan.bouts_min.sum(axis=2) > 0
    first = np.argmax(planned, axis=1)
    index = np.where(slot >= first, first + done.astype(np.int64), slot)
    row = np.arange(len(first))
    return Asked(plan.bouts_min[row, index], plan.rest_min[row, index], plan.guided, plan.slower)


def calibrate(people: People, luck: Luck, programme: Callable[[], Programme], target_per_h: float) -> Array:
    """Base rates that give every hazard model the same injuries an hour under a reference programme."""
    base = hazards.BASE_PER_H.copy()
    for _ in range(4):
        for i in range(len(hazards.HAZARDS)):
            result = run_arm(programme(), people, luck, np.full(people.n, i), base)
            base[i] *= target_per_h / (result.hurt.sum() / result.hours.sum())
    return base
