"""What the policy remembers from week to week, for n athletes at once: levels, credits, gaps, stops, streaks.

The nightly plan and the lab fold the same way: `after_decision` once a week is decided, `after_week` once it has
happened. A plan stores the memory it was made from, so that late files can be folded again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.state import StateArrays
from steadymile.models.policy.state import signals as state_fields
from steadymile.models.weekplan import Action

Array = np.ndarray
CREDIT_WEEKS = 3
"""Credits count for 21 days."""

_DEFAULTS: dict[str, Any] = {
    "track": 0,
    "top": ladder.P6,
    "level": 0,
    "k_last": 0,
    "gap_base": 0,
    "days_at_level": 0.0,
    "consecutive_advances": 0,
    "prev_back_off": False,
    "low_weeks": 0,
    "comfort_holds": 0,
    "pain_latched": False,
    "flag_latched": False,
    "calm_days": 0,
    "walk_due": False,
    "injured": False,
    "walk_weeks": 0,
    "restart": False,
    "quiet_days": 999.0,
    "ill": False,
    "after_illness": False,
    "held": False,
    "week_last_min": np.inf,
    "run_last_min": np.inf,
    "bout_last_min": np.inf,
}


_TYPES = {name: np.asarray(value).dtype for name, value in _DEFAULTS.items()}


@dataclass(frozen=True, slots=True)
class Memory:
    """The remembered part of the state; fields as in StateArrays.

    `credits` [athlete, week] of the last three weeks, newest last, earned at level `credit_level`; `pain_latched` and
    `flag_latched` stops that stand until cleared; `calm_days` days with a report of pain 2 or less since the last
    above 5; `injured` an injury stands that neither answers nor a professional ended; `walk_weeks` weeks of walks to
    come after one that settled; `quiet_days` since running restarted after a stop;
    `held` a health question forbids running; `week_last_min`, `run_last_min` and `bout_last_min`
    running minutes of the week, its longest run and that run's longest bout as prescribed last (infinite: none).
    """

    track: Array
    top: Array
    level: Array
    k_last: Array
    gap_base: Array
    days_at_level: Array
    consecutive_advances: Array
    prev_back_off: Array
    low_weeks: Array
    comfort_holds: Array
    pain_latched: Array
    flag_latched: Array
    calm_days: Array
    walk_due: Array
    injured: Array
    walk_weeks: Array
    restart: Array
    quiet_days: Array
    ill: Array
    after_illness: Array
    held: Array
    week_last_min: Array
    run_last_min: Array
    bout_last_min: Array
    credits: Array
    credit_level: Array

    @property
    def credit(self) -> Array:
        """Credits of the last 21 days that were earned at the level prescribed last, or above."""
        counts = self.credit_level >= np.minimum(self.k_last, self.level)[:, None]
        return np.asarray(np.sum(np.where(counts, self.credits, 0.0), axis=1))

    @property
    def stop_latched(self) -> Array:
        """Whether a stop stands."""
        return np.asarray(self.pain_latched | self.flag_latched)

    def scalars(self) -> dict[str, Any]:
        """The single athlete's memory as plain JSON values (infinity is None)."""
        plain: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)[0].tolist()
            plain[f.name] = None if value == np.inf else value
        return plain

    @classmethod
    def from_scalars(cls, values: dict[str, Any]) -> Memory:
        """The inverse of `scalars`."""
        columns = {
            name: np.array([neutral if values.get(name) is None else values[name]], dtype=_TYPES[name])
            for name, neutral in _DEFAULTS.items()
        }
        credit = np.array([values.get("credits", [0.0] * CREDIT_WEEKS)], dtype=np.float64)
        levels = np.array([values.get("credit_level", [-1] * CREDIT_WEEKS)], dtype=np.int64)
        return cls(**columns, credits=credit, credit_level=levels)


def initial(n: int, level: Array | int = 0, track: Array | int = 0, top: Array | int = ladder.P6) -> Memory:
    """A first memory: n athletes who enter at `level` (see models/policy/build_state.py for where someone enters)."""
    columns = {name: np.full(n, value, dtype=np.asarray(value).dtype) for name, value in _DEFAULTS.items()}
    for name, value in {"track": track, "top": top, "level": level, "k_last": level, "gap_base": level}.items():
        columns[name] = np.full(n, value, dtype=np.int64)
    return Memory(
        **columns,
        credits=np.zeros((n, CREDIT_WEEKS)),
        credit_level=np.full((n, CREDIT_WEEKS), -1, dtype=np.int64),
    )


REMEMBERED = tuple(name for name, x in state_fields(StateArrays).items() if x.remembered)
"""Fields of the state that come from memory; every one is a field or a property of Memory."""


def state(m: Memory, parameters: Parameters = IN_FORCE, **signals: Any) -> StateArrays:
    """The policy's state: what is remembered, with this week's signals (fields of StateArrays) beside it."""
    remembered = {name: getattr(m, name) for name in REMEMBERED if name != "stop_recent"}
    remembered["stop_recent"] = m.quiet_days < parameters.stop_quiet_days
    return StateArrays.make(len(m.level), **{**remembered, **signals})


def after_decision(m: Memory, d: DecisionArrays) -> Memory:
    """What is remembered once a week has been decided (and published)."""
    stopped = d.action == Action.STOP
    raised = d.action == Action.ADVANCE
    walking_only = (d.level < ladder.J1) & (d.earned >= ladder.J1) & (m.track != ladder.WALK)
    passing = stopped | d.temporary | walking_only | d.around_goal
    k_last = np.where(passing, m.k_last, d.level)
    return replace(
        m,
        level=d.earned,
        k_last=k_last,
        days_at_level=np.where(k_last == m.k_last, m.days_at_level, 0.0),
        consecutive_advances=np.where(raised, m.consecutive_advances + 1, 0),
        prev_back_off=d.action == Action.BACK_OFF,
        comfort_holds=np.where(d.comfort_hold, m.comfort_holds + 1, 0),
        week_last_min=np.where(passing, m.week_last_min, d.week_min),
        run_last_min=np.where(passing, m.run_last_min, np.where(d.run_min > 0, d.run_min, np.inf)),
        bout_last_min=np.where(passing, m.bout_last_min, np.where(d.bout_min > 0, d.bout_min, np.inf)),
        # It is for the first week with running, whenever that is planned; walkers have none to wait for.
        restart=m.restart & (d.week_min <= 0) & (m.level >= ladder.J1) & (m.track != ladder.WALK),
        credits=np.where(raised[:, None], 0.0, m.credits),
    )


_NOTHING = {
    name: (value, np.asarray(value).dtype)
    for name, value in {
        "credit": 0.0, "credit_level": -1, "ran": False, "adherence": np.nan, "pain_most": 0.0, "calm_days": 0,
        "red_flag": False, "cleared": False, "ill": False, "ill_ended": False, "held": False, "test_walk": False,
        "days": 7.0, "injured": False, "settled": False, "times": 0, "walk_week": False,
    }.items()
}  # fmt: skip
"""A week of which nothing is known, with the type of each field."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened since the last decision, per athlete.

    `credit` sum of session credits; `credit_level` the level they were done at; `ran` at least one run (walk, on
    walking levels); `adherence` share of planned sessions done, NaN where the week does not count (not synced, under
    five days of plan); `pain_most` worst report 0-10; `calm_days` days with a report of 2 or less after the last one
    above 5; `red_flag` reported; `cleared` cleared by a professional after it; `ill` symptomatic at the end;
    `ill_ended` an illness began and ended within; `held` a health
    question forbids running at the end; `test_walk` a pain-free walk of 30 min (after clearing); `injured` an injury
    stands at the end; `settled` answers ended one, which had come back so many
    `times`; `walk_week` a week of walks that were done, with little pain reported.
    """

    credit: Array
    credit_level: Array
    ran: Array
    adherence: Array
    pain_most: Array
    calm_days: Array
    red_flag: Array
    cleared: Array
    ill: Array
    ill_ended: Array
    held: Array
    test_walk: Array
    days: Array
    injured: Array
    settled: Array
    times: Array
    walk_week: Array

    @classmethod
    def make(cls, n: int, **known: Any) -> Outcome:
        """An outcome of n athletes; what is not given did not happen (adherence: does not count)."""
        if unknown := known.keys() - _NOTHING.keys():
            raise ValueError(
                f"an outcome has no field {', '.join(sorted(unknown))}; see models/policy/memory/policy_memory.py"
            )
        return cls(**{k: np.full(n, known.get(k, v), dtype=dtype) for k, (v, dtype) in _NOTHING.items()})


def walk_weeks_after(times: Array | int, p: Parameters = IN_FORCE) -> Array:
    """Weeks of walks after an injury that settled: as many again each time that it has come back lately."""
    return np.minimum(p.settled_walk_weeks * (1 + np.asarray(times)), p.settled_walk_most)


def after_week(m: Memory, o: Outcome, parameters: Parameters = IN_FORCE) -> Memory:
    """What is remembered once the week has happened."""
    strong = o.pain_most > parameters.pain_stop
    calm = np.where(strong, o.calm_days, m.calm_days + o.calm_days)
    pain_latched = (m.pain_latched | strong) & (calm < parameters.pain_calm_days)
    flag_latched = (m.flag_latched | o.red_flag) & ~o.cleared
    settled = o.settled & ~o.injured  # by answers: weeks of walks come before running
    was = m.pain_latched | m.flag_latched | strong | o.red_flag | m.injured
    stands = pain_latched | flag_latched | o.injured
    by_word = (m.walk_weeks > 0) & o.cleared & ~settled
    waits = m.walk_weeks - ((m.walk_weeks > 0) & o.walk_week & ~stands)
    waits = np.where(settled, walk_weeks_after(o.times, parameters), np.where(by_word | o.injured, 0, waits))
    opened = ((was & ~settled) | by_word) & ~stands
    walk_due = (m.walk_due | opened) & ~stands
    walked = (walk_due & o.test_walk) | ((m.walk_weeks > 0) & (waits == 0) & ~by_word & ~stands)
    released = m.held & ~o.held & parameters.one_door  # a medical hold is a restart, not a holiday
    walking = (m.level < ladder.J1) | (m.track == ladder.WALK)
    strolled = walking & parameters.walks_go_on  # and so nothing was held back but the next step
    lacking = np.isfinite(o.adherence) & (o.adherence < parameters.missed_share)
    counted = np.isfinite(o.adherence)
    return replace(
        m,
        gap_base=np.where(o.ran, m.level, m.gap_base),
        days_at_level=m.days_at_level + o.days,
        low_weeks=np.where(lacking, m.low_weeks + 1, np.where(counted, 0, m.low_weeks)),
        pain_latched=pain_latched,
        flag_latched=flag_latched,
        calm_days=np.where(pain_latched, calm, 0),
        walk_due=walk_due & ~walked,
        injured=o.injured,
        walk_weeks=waits,
        restart=(m.restart | walked | (released & ~strolled)) & ~stands & ~(walk_due & ~walked) & (waits == 0),
        quiet_days=np.where(
            walked | m.restart | released, 0.0, np.where(walk_due | stands | (waits > 0), 999.0, m.quiet_days + o.days)
        ),
        ill=o.ill,
        held=o.held,
        after_illness=(m.ill & ~o.ill) | (o.ill_ended & ~o.ill),
        credits=np.concatenate([m.credits[:, 1:], o.credit[:, None]], axis=1),
        credit_level=np.concatenate([m.credit_level[:, 1:], o.credit_level[:, None]], axis=1),
    )
