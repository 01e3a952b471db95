"""Hard limits on what a week may hold, from what was done in the last 30 days.

Source: single-session spikes against the longest run of 30 days raise injury hazard (Frandsen 2025, 5205 runners);
weekly jumps beyond 20-30 % may (Nielsen 2014, Damsted 2019); first-week distance matters with BMI >= 30 (Nielsen
2014). The absolute floors exist because 10 % of almost nothing is nothing; they are design values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.state import StateArrays

Array = np.ndarray
_SLACK = 1e-9  # so that a cap met exactly is met in floating point too


@dataclass(frozen=True, slots=True)
class Caps:
    """The limits of each athlete. Minutes of running a session, a bout, a week; metres on foot a session."""

    session_min: Array
    bout_min: Array
    distance_m: Array
    week_min: Array


def session_cap(longest_30d_min: Array | float, p: Parameters) -> Array:
    """Running minutes that one session may hold: 10 % or 3 min above the 30-day longest, at least 4."""
    x = np.asarray(longest_30d_min, dtype=np.float64)
    return np.maximum(np.maximum(p.session_ratio * x, x + p.session_plus_min), p.session_floor_min)


def bout_cap(longest_30d_min: Array | float, p: Parameters) -> Array:
    """Minutes that one running bout may last: 50 % or 3 min above the 30-day longest."""
    x = np.asarray(longest_30d_min, dtype=np.float64)
    return np.maximum(p.bout_ratio * x, x + p.bout_plus_min)


def distance_cap(longest_30d_m: Array | float, p: Parameters) -> Array:
    """Metres on foot that one session may hold from M1 on: 10 % or 400 m above the 30-day longest run session."""
    x = np.asarray(longest_30d_m, dtype=np.float64)
    return np.maximum(p.distance_ratio * x, x + p.distance_plus_m)


def week_cap(best_4w_min: Array | float, p: Parameters) -> Array:
    """Running minutes that one week may hold: 20 % or 9 min above the best of four weeks, at least 12."""
    x = np.asarray(best_4w_min, dtype=np.float64)
    return np.maximum(np.maximum(p.week_ratio * x, x + p.week_plus_min), p.week_floor_min)


def caps_of(s: StateArrays, p: Parameters) -> Caps:
    """All caps of the athletes in `s`."""
    week = week_cap(s.week_best_min, p)
    heavy_start_min = p.heavy_first_week_m / (60.0 * s.run_speed_m_s)
    week = np.where(s.heavy_first_week, np.minimum(week, heavy_start_min), week)
    return Caps(
        session_cap(s.session_max_min, p),
        bout_cap(s.bout_max_min, p),
        distance_cap(s.distance_max_m, p),
        week,
    )


CAPS = ("session", "bout", "distance", "week")
"""The caps by name, in the order in which they are lifted one by one to see what each did."""


def lift(caps: Caps, lifted: Array) -> Caps:
    """The caps without those that are `lifted`, [athlete, cap] in the order of CAPS."""
    values = (caps.session_min, caps.bout_min, caps.distance_m, caps.week_min)
    return Caps(*(np.where(lifted[:, k], np.inf, value) for k, value in enumerate(values)))


def session_distance_m(s: StateArrays, share: Array | float = 1.0) -> Array:
    """Expected metres on foot of the longest session of every level, [athlete, level], warm-up and breaks included,
    with a `share` of its running."""
    run = share * ladder.RUN_MIN[s.track] * s.run_speed_m_s[:, None]
    walk = (ladder.BREAKS_MIN[s.track] + 2.0 * ladder.WARM_MIN) * s.walk_speed_m_s[:, None]
    return 60.0 * (run + walk)


def other_min(run_min: Array, other: Array, p: Parameters) -> Array:
    """Running minutes of the week's other runs: a share of the longest, at least a few minutes, never more than it."""
    return np.minimum(other, np.maximum(p.other_share * run_min, p.other_floor_min))


def _more_than_below(s: StateArrays, p: Parameters) -> Array:
    """The share of every level's running that is a little more than the level below it holds, [athlete, level]."""
    run = ladder.RUN_MIN[s.track]
    below = np.concatenate([run[:, :1], run[:, :-1]], axis=1)
    return np.asarray(np.minimum(1.0, (below + p.cut_more_min) / np.maximum(run, _SLACK)))


def highest_allowed(s: StateArrays, wanted: Array, caps: Caps, p: Parameters) -> Array:
    """The highest level up to `wanted` of whose minutes the caps allow enough (all, unless the parameters accept a
    part; what they do not allow is cut off). W1 to J1 are always allowed.

    The distance cap speaks from M1 on: below, walk breaks make up most of the distance. Two of the level's sessions
    must fit into the week: after a long pause several small runs are kinder than a single larger one.
    """
    index = np.arange(ladder.RUN_MIN.shape[1])
    # A level of one continuous run, cut as far as others, would hold less running than the level below it.
    more = _more_than_below(s, p)
    share = np.where(ladder.BOUT_MIN[s.track] < ladder.RUN_MIN[s.track] - _SLACK, p.partial_share, more)
    stretch = ladder.BOUT_MIN[s.track] * share <= caps.bout_min[:, None] + _SLACK
    if p.amended:  # speed work is made of shorter stretches than its minutes; the week is laid out within the cap
        stretch |= (s.track == ladder.MILE)[:, None] & (index >= ladder.P2)
    fits = (ladder.RUN_MIN[s.track] * share <= caps.session_min[:, None] + _SLACK) & stretch
    if p.amended:
        run = ladder.RUN_MIN[s.track] * share
        # Who had one run a week until now has no second one that would have to fit.
        alone = np.isfinite(s.week_last_min) & (s.week_last_min <= s.run_last_min + _SLACK)
        two = ((s.max_runs >= 2) & ~alone)[:, None]
        second = np.where(two, other_min(run, ladder.OTHER_MIN[s.track], p), 0.0)
        fits &= s.established[:, None] | (run + second <= caps.week_min[:, None] + _SLACK)
    metres = session_distance_m(s, more)
    if p.own_distance:  # one's own week, which stands from M4 on, has no walks around its runs
        own = s.established[:, None] & (index >= ladder.M4)
        metres = np.where(own, 60.0 * more * ladder.RUN_MIN[s.track] * s.run_speed_m_s[:, None], metres)
    near = metres <= caps.distance_m[:, None] + _SLACK
    allowed = (index <= ladder.J1) | (fits & ((index < ladder.M1) | near))
    allowed &= index <= wanted[:, None]
    return index[-1] - np.argmax(allowed[:, ::-1], axis=1)
