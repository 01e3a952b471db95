"""The decision: the lowest of what all rules ask, then the caps. Arrays over athletes, no memory, no clock.

The same function decides at night for one athlete and in the lab for thousands. Source: docs/policy.md; the form
(a minimum over independent monotone rules) is what makes "worse signals never raise a target" hold by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.caps import CAPS, Caps, caps_of, highest_allowed, lift, other_min
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.habit import (
    after_less,
    habit_is_enough,
    off_ladder,
    own_before,
    short_runs,
    usual_week_min,
)
from steadymile.models.policy.parameters import IN_FORCE, V1, V2, Parameters
from steadymile.models.policy.rules.found import RULES, RULES_V1
from steadymile.models.policy.rules.rule import FREE, Effect, Rule
from steadymile.models.policy.state import StateArrays
from steadymile.models.units import MILE_M
from steadymile.models.weekplan import Action

__all__ = [
    "IN_FORCE",
    "RULES",
    "RULES_V1",
    "V1",
    "V2",
    "DecisionArrays",
    "Parameters",
    "StateArrays",
    "decide",
    "decide_v1",
]

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class _Meet:
    """The componentwise minimum over the rules that fired."""

    action: Array
    prescribed: Array
    eased: Array  # steps down from the week before
    earned_other: Array
    earned_gap: Array
    sessions: Array
    gain: Array
    hr_bpm: Array
    level_most: Array
    lasting: Array  # lowest action among rules that are not temporary
    fired: Array


def meet(effects: Sequence[tuple[Rule, Effect]], n: int, enabled: Array | None = None) -> _Meet:
    """Combine rules: every number is the smallest that a fired (and `enabled`) rule asks for."""
    action = np.full(n, int(Action.ADVANCE))
    lasting = action.copy()
    prescribed, other, gap, sessions, most = (np.full(n, FREE) for _ in range(5))
    gain, hr, eased = np.full(n, float(FREE)), np.zeros(n), np.zeros(n, dtype=np.int64)
    fired = np.zeros((n, len(effects)), dtype=bool)
    for i, (rule, e) in enumerate(effects):
        on = e.fired
        if not (isinstance(on, np.ndarray) and on.shape == (n,)):
            on = np.broadcast_to(np.asarray(on, dtype=bool), (n,))
        if enabled is not None:
            on = on & enabled[:, i]
        if not on.any():
            continue
        fired[:, i] = on
        wanted = np.where(on, e.action, Action.ADVANCE)
        action = np.minimum(action, wanted)
        if not rule.temporary:
            lasting = np.minimum(lasting, wanted)
        prescribed = np.minimum(prescribed, np.where(on, e.prescribed, FREE))
        if rule.easing:
            eased = np.minimum(eased, np.where(on, e.prescribed, 0))
        lower = np.where(on, e.earned, FREE)
        if rule.gap:
            gap = np.minimum(gap, lower)
        else:
            other = np.minimum(other, lower)
        sessions = np.minimum(sessions, np.where(on, e.sessions, FREE))
        gain = np.minimum(gain, np.where(on, e.gain, FREE))
        hr = np.minimum(hr, np.where(on, e.hr_bpm, 0.0))
        most = np.minimum(most, np.where(on, e.level_most, FREE))
    return _Meet(action, prescribed, eased, other, gap, sessions, gain, hr, most, lasting, fired)


def decide(
    s: StateArrays,
    rules: Sequence[Rule] = RULES,
    parameters: Parameters = IN_FORCE,
    enabled: Array | None = None,
    lifted: Array | None = None,
    effects: Sequence[Effect] | None = None,
) -> DecisionArrays:
    """Next week of every athlete in `s`. `enabled` [athlete, rule] switches rules off and `lifted` [athlete, cap] takes
    caps away, to see what each one did; `effects` are what the rules ask of them, where somebody knows already."""
    p = parameters
    m = meet(list(zip(rules, effects_of(s, rules, p) if effects is None else effects, strict=True)), s.n, enabled)
    stopped = m.action == Action.STOP
    floor = _floor(s, m, p)
    wanted = _wanted(s, m, floor, p)
    caps = caps_of(s, p) if lifted is None else lift(caps_of(s, p), lifted)
    level = highest_allowed(s, np.maximum(wanted, 0), caps, p)
    earned = earned_level(s.level, m.action, level, m.earned_other, s.level + np.minimum(m.earned_gap, 0), floor, s.top)
    habit = off_ladder(s, level, p)
    run, other, bout, week, sessions = _volume(s, m, level, np.maximum(wanted, 0), habit, caps, p)
    action = m.action
    if p.amended:
        same = np.where(habit, np.isfinite(s.week_last_min), level <= s.k_last)
        action = np.where(same & ~_fuller(s, run, bout, week) & (action == Action.ADVANCE), int(Action.HOLD), action)
        run, other, bout, week = _never_more_without_an_advance(s, m, action, p, (run, other, bout, week))
    walks, walk_min = _walks(s, m, level, p)
    gain, gain_factor, descent = _hills(s, m, level, stopped, p)
    uneasy = (s.comfort < p.fast_comfort) | s.gate | (s.effort_mean >= p.hold_effort)
    comfort_hold = (action == Action.HOLD) & uneasy & (level >= ladder.J1) & (s.track != ladder.WALK)
    return DecisionArrays(
        action=action,
        level=np.where(stopped, -1, level),
        earned=earned,
        wanted=wanted,
        run_min=run,
        other_min=other,
        bout_min=bout,
        week_min=week,
        sessions=sessions,
        walks=walks,
        walk_min=walk_min,
        gain_m=gain,
        gain_factor=gain_factor,
        descent_m=descent,
        heart_rate_ceiling_bpm=_ceiling(s, m, level, stopped, p),
        ease=comfort_hold & (s.comfort_holds >= 1),
        temporary=(m.action == Action.BACK_OFF) & (m.lasting >= Action.HOLD) & (~s.prev_back_off | p.passing_weeks),
        d_prescribed=m.prescribed,
        d_other=m.earned_other,
        gap_level=s.level + m.earned_gap,
        floor=floor,
        comfort_hold=comfort_hold,
        fired=m.fired,
        session_cap_min=caps.session_min,
        bout_cap_min=caps.bout_min,
        distance_cap_m=caps.distance_m,
        week_cap_min=caps.week_min,
        around_goal=_passing_share(s, p) < 1.0,
    )


def _fuller(s: StateArrays, run: Array, bout: Array, week: Array) -> Array:
    """Whether a week holds more of anything than the one prescribed last: an advance may also fill up a level that the
    caps had cut before, and one that brings nothing is a hold."""
    return (run > s.run_last_min + 1e-6) | (bout > s.bout_last_min + 1e-6) | (week > s.week_last_min + 1e-6)


def _hills(s: StateArrays, m: _Meet, level: Array, stopped: Array, p: Parameters) -> tuple[Array, Array, Array]:
    """Metres of climbing of the week, the factor on what is usual that they come from, and metres down at most."""
    factor = np.where(stopped, 0.0, m.gain)
    if p.amended:
        factor = _one_dimension(s, m, level, factor)
    gain = np.where(stopped, 0.0, np.maximum(p.gain_floor_m, factor * s.gain_mean_4w_m))
    descent = np.maximum(p.descent_ratio * s.descent_max_30d_m, s.descent_max_30d_m + p.descent_plus_m)
    return gain, factor, np.where(stopped, 0.0, descent)


def effects_of(s: StateArrays, rules: Sequence[Rule] = RULES, p: Parameters = IN_FORCE) -> tuple[Effect, ...]:
    """What each rule asks of every athlete in `s`, in the order of the rules."""
    return tuple(r.effect(s, p) for r in rules)


def effects_for(effects: Sequence[Effect], rows: Array, n: int) -> Sequence[Effect]:
    """What rules ask of these rows of n athletes; rows may repeat. Of one athlete it is the same for every row."""
    if n == 1:
        return effects

    def taken(value: Any) -> Any:
        return value[rows] if isinstance(value, np.ndarray) and value.shape == (n,) else value

    return [Effect(*(taken(getattr(e, f.name)) for f in fields(Effect))) for e in effects]


TARGETS = (
    "action", "level", "earned", "run_min", "bout_min", "week_min", "sessions", "gain_m", "heart_rate_ceiling_bpm",
)  # fmt: skip


def differs(d: DecisionArrays, rows: Array, other: DecisionArrays) -> Array:
    """Which rows of `other` differ from those rows of `d` in a target."""
    out = np.zeros(len(rows), dtype=bool)
    for name in TARGETS:
        a, b = getattr(d, name)[rows], getattr(other, name)
        out |= (a != b) & ~((a != a) & (b != b))
    return out


def decide_v1(s: StateArrays) -> DecisionArrays:
    """The frozen first version, the yardstick of the lab and of its published test vectors."""
    return decide(s, RULES_V1, V1)


def earned_level(
    level: Array, action: Array, prescribed: Array, d_other: Array, gap_level: Array, floor: Array, top: Array
) -> Array:
    """The level kept after a decision: up to the prescribed one on ADVANCE; else lowered by the strongest of the
    other rules or to the gap's level, whichever is lower."""
    lowered = np.minimum(level + np.minimum(d_other, 0), gap_level)
    kept = np.clip(np.minimum(lowered, level), np.minimum(floor, level), np.maximum(top, level))
    return np.where(action == Action.ADVANCE, np.maximum(prescribed, level), kept)


def _floor(s: StateArrays, m: _Meet, p: Parameters) -> Array:
    """The lowest level a week may fall to: J1 for those who run, so that nobody is kept walking for ever."""
    running = (s.level >= ladder.J1) & (s.track != ladder.WALK)
    onward = (m.action >= Action.REBUILD) & ((s.days_since_run < p.gap_days[-1]) | s.walk_ok)
    return np.where(running, np.where(onward, ladder.J1, 1), 0)


def _wanted(s: StateArrays, m: _Meet, floor: Array, p: Parameters) -> Array:
    """The level before caps; -1 under STOP. Only an advance may pass the level prescribed last, and an easier week
    is a step below it, whatever was earned."""
    level = s.level + m.prescribed
    if p.amended:
        step = np.where(m.action == Action.ADVANCE, np.clip(m.prescribed, 0, 2), 0)
        level = np.minimum(level, s.k_last + step + m.eased)
    level = np.minimum(np.clip(level, floor, s.top), m.level_most)
    return np.where(m.action == Action.STOP, -1, level)


def _passing_share(s: StateArrays, p: Parameters) -> Array:
    """The share of its minutes that a week around a goal's day, or after an illness, keeps."""
    ill = np.where(s.after_illness, p.after_illness_share, 1.0)
    return np.minimum(np.minimum(s.taper_share, s.recovery_share), ill)


def _within_caps(s: StateArrays, m: _Meet, level: Array, habit: Array, caps: Caps, p: Parameters) -> tuple[Array, ...]:
    """Minutes of the longest run, its longest bout and the others, the number of runs and the most that a week holds,
    of a level or a usual week within the caps."""
    run, bout, other = (t[s.track, level] for t in (ladder.RUN_MIN, ladder.BOUT_MIN, ladder.OTHER_MIN))
    if p.amended:
        run, bout = _lighter_speed_work(s, m, p, run, bout)
        run, bout = _cut(s, level, run, _until_the_mile(s, m, level, bout, p), caps, p)
    other = other_min(run, other, p)
    full = ladder.SESSIONS[s.track, level]
    most = caps.week_min
    own = own_before(s, p) if p.own_return else habit
    if (own | habit).any():
        of_ladder = (run, bout, other, full, most)
        of_habit = _usual(s, m, level, caps, p, (run, bout, other, full))
        # The first week after a stop has the ladder's walk breaks, and no more of anything than one's own week.
        lower = (np.where(own, np.minimum(x, y), x) for x, y in zip(of_ladder, of_habit))
        run, bout, other, full, most = (np.where(habit, y, x) for x, y in zip(lower, of_habit))
    return run, bout, other, full, most


def _volume(
    s: StateArrays, m: _Meet, level: Array, wanted: Array, habit: Array, caps: Caps, p: Parameters
) -> tuple[Array, ...]:
    """Running minutes of the longest, the other sessions, the longest bout, the week, and the number of runs, of a
    level that the caps leave of the one `wanted`."""
    run, bout, other, full, most = _within_caps(s, m, level, habit, caps, p)
    uncut = run, other, most
    if p.fit_uncut and (s.fit_share < 1.0).any():
        all_lifted = lift(caps, np.ones((s.n, len(CAPS)), dtype=bool))
        free = _within_caps(s, m, wanted, off_ladder(s, wanted, p), all_lifted, p)
        uncut = free[0], free[2], free[4]
    floors = p.session_floor_min, p.session_floor_min, p.week_floor_min
    run, other, most = (_kept(*x, s, p) for x in zip((run, other, most), uncut, floors))
    bout = np.minimum(bout, run)
    share = np.minimum(m.sessions, ladder.FULL_SESSIONS) / ladder.FULL_SESSIONS
    sessions = np.minimum(np.ceil(full * share - 1e-9), s.max_runs) + 0.0
    week = np.minimum(run + np.maximum(sessions - 1, 0) * other, most)
    none = (sessions <= 0) | (run <= 0) | (m.action == Action.STOP)
    here = np.where(none, 0.0, 1.0)
    run = np.minimum(run, week)
    return run * here, np.minimum(other, run) * here, np.minimum(bout, run) * here, week * here, sessions * here


def _kept(minutes: Array, uncut: Array, floor_min: float, s: StateArrays, p: Parameters) -> Array:
    """What a week around a goal's day, after an illness, or one that fits what is done keeps of its minutes. The last
    asks for no less than the smallest session, of which half is hardly one; it is a share of the minutes before the
    caps (`uncut`), which have seen already how little was done."""
    passing = _passing_share(s, p)
    if p.fit_holds:
        return minutes * np.maximum(np.minimum(passing, s.fit_share), p.least_kept)
    share = np.maximum(s.fit_share, p.least_kept)
    fitted = np.where(share < 1.0, np.minimum(uncut * share, minutes), minutes)
    fitted = np.maximum(fitted, np.minimum(minutes, floor_min))
    return np.minimum(fitted, minutes * np.maximum(passing, p.least_kept))


def _lighter_speed_work(s: StateArrays, m: _Meet, p: Parameters, run: Array, bout: Array) -> tuple[Array, Array]:
    """A step down from a P level is also shorter: those levels differ in content only."""
    steps = np.clip(np.minimum(-m.prescribed, s.level - ladder.M7), 0, 2)
    share = np.where(s.track == ladder.MILE, p.speed_step**steps, 1.0)
    return run * share, bout * share


def _until_the_mile(s: StateArrays, m: _Meet, level: Array, bout: Array, p: Parameters) -> Array:
    """From J9 to M2, for who never ran a mile: the longest bout lasts until it is done at the athlete's own speed, if
    that takes no more than the next level's bout. The goal counts metres, not levels."""
    near = (level >= ladder.J9) & (level <= ladder.M2) & ~s.mile_done & (m.action >= Action.HOLD) & p.mile_bout
    mile_min = np.ceil(4.0 * p.mile_margin * MILE_M / (60.0 * s.run_speed_m_s)) / 4.0
    reachable = mile_min <= ladder.BOUT_MIN[s.track, np.minimum(level + 1, ladder.M7)]
    return np.where(near & reachable, np.maximum(bout, mile_min), bout)


def _cut(s: StateArrays, level: Array, run: Array, bout: Array, caps: Caps, p: Parameters) -> tuple[Array, Array]:
    """A level's minutes cut to the caps; bouts to whole quarter minutes, for that is how they are told."""
    bout = np.floor(np.minimum(bout, caps.bout_min) * 4.0 + 1e-6) / 4.0
    run = np.minimum(run, caps.session_min)
    if isfinite(p.cut_more_min):  # a level that is taken in part keeps to the distance too
        walked = 60.0 * (ladder.BREAKS_MIN[s.track, level] + 2.0 * ladder.WARM_MIN) * s.walk_speed_m_s
        far_min = (caps.distance_m - walked) / (60.0 * s.run_speed_m_s)
        run = np.where(level >= ladder.M1, np.minimum(run, far_min), run)
    return run, np.minimum(bout, run)


def _never_more_without_an_advance(
    s: StateArrays, m: _Meet, action: Array, p: Parameters, volume: tuple[Array, ...]
) -> tuple[Array, ...]:
    """A week that does not advance holds no more than what was prescribed last, although its caps may have grown; one
    that eases off holds less, also where the caps had cut the last one to the minutes of the level below. Weeks that
    were merely missed are not made shorter and shorter."""
    run, other, bout, week = volume
    held = (action != Action.ADVANCE) & (s.k_last >= ladder.J1)
    less = np.where((action == Action.BACK_OFF) & (m.eased < 0), p.back_off_share, 1.0)
    run = np.where(held, np.minimum(run, np.maximum(less * s.run_last_min, p.session_floor_min)), run)
    bout = np.where(held, np.minimum(bout, s.bout_last_min), bout)
    week = np.where(
        held & (s.week_last_min > 0), np.minimum(week, np.maximum(less * s.week_last_min, p.week_floor_min)), week
    )
    return run, np.minimum(other, run), np.minimum(bout, run), week


def _usual(
    s: StateArrays, m: _Meet, level: Array, caps: Caps, p: Parameters, of_ladder: tuple[Array, ...]
) -> tuple[Array, ...]:
    """The volume of established runners: their usual week, scaled, within the caps, and never less than the ladder's
    level gives. Far down the ladder (after a long pause) the ladder's own minutes stand."""
    run, bout, other, full = of_ladder
    scale, long_scale = _established_scale(s, m, p)
    near = (caps.distance_m / (60.0 * s.run_speed_m_s)).clip(max=1e6)
    long = np.minimum(np.minimum(s.usual_long_min * long_scale, caps.session_min), np.minimum(near, caps.bout_min))
    # The week may still grow where the long run is as long as the goal asks for.
    long = np.minimum(long, np.maximum(s.long_top_min, s.usual_long_min))
    other_top = np.maximum(p.other_top_share * s.long_top_min, s.usual_session_min)
    usual_other = np.minimum(np.minimum(s.usual_session_min * scale, other_top), long)
    of_level = run + np.maximum(np.minimum(full, s.max_runs) - 1.0, 0.0) * other
    usual = usual_week_min(s)
    first = np.isinf(s.week_last_min)
    back = after_less(s, p) if p.usual_first else np.zeros(s.n, dtype=bool)
    over_usual = np.where(back, 1.0, p.level_over_usual)
    of_level = np.where(first, np.minimum(of_level, over_usual * usual), of_level)
    if np.isfinite(p.level_over_last):
        last = np.where(first, np.inf, p.level_over_last * s.week_last_min)
        of_level = np.minimum(of_level, np.maximum(over_usual * usual, np.where(back, 0.0, last)))
    week = np.maximum(np.minimum(usual * scale, np.maximum(s.week_top_min, usual)), of_level)
    week = np.minimum(week, caps.week_min)
    # Whose usual runs are shorter than M4's keeps to them; the ladder's, with walking in them, may be longer.
    short = short_runs(s, p) if p.own_return else p.established_short
    least = np.where((level >= ladder.M4) | ~np.asarray(short), 1.0, 0.0)
    run, bout, other = (np.maximum(x, least * y) for x, y in ((long, run), (long, bout), (usual_other, other)))
    full = np.maximum(s.usual_days, full)
    # A week below the usual has a long run in proportion; from M4 on it is never shorter than M4's.
    cut = week < p.nearly_usual * usual
    over = np.where(cut, 1.0, p.established_up if p.long_in_proportion else np.inf)
    longest = over * s.usual_long_min * week / np.maximum(usual, 1e-9)
    longest = np.maximum(longest, ladder.RUN_MIN[ladder.MILE, ladder.M4])
    run, bout = np.minimum(run, longest), np.minimum(bout, longest)
    if p.long_in_proportion:  # a run more only where it leaves every other one as long as it is
        room = week - run >= (full - 1.0) * s.usual_session_min
        full = np.where(room, full, np.minimum(full, np.maximum(s.usual_days, 1.0)))
    return run, bout, other, full, week


def _established_scale(s: StateArrays, m: _Meet, p: Parameters) -> tuple[Array, Array]:
    """How much of the usual week, and of its long run, an established runner is given: 5 % up, level, or 15 % down a
    step."""
    up = m.action == Action.ADVANCE
    usual = usual_week_min(s)
    steps = -m.prescribed
    if p.own_return:  # the weeks of a pause have lowered the level already, or an advance raised it that was never run
        from_base = s.gap_base - (s.level + m.prescribed)
        steps = np.where(steps > 0, np.maximum(from_base, -m.eased), steps)
    down = p.established_step ** np.clip(steps, 0, 8)
    most = s.week_last_min * np.where(up, p.established_return, 1.0)
    most = np.where(up & (s.week_best_min >= usual), np.maximum(most, usual), most)  # a week that was run lately
    most = most / np.maximum(usual, 1e-9)
    week = p.established_up * _grown(s.week_best_min, s.week_last_min, usual, p)
    long = p.established_up * _grown(s.session_max_min, s.run_last_min, s.usual_long_min, p)
    enough = habit_is_enough(s, p)  # an advance leads back to the usual week, and not beyond it
    if p.usual_first:
        enough = enough | after_less(s, p)
    week, long = np.where(enough, np.minimum(week, 1.0), week), np.where(enough, np.minimum(long, 1.0), long)
    return np.minimum(np.where(up, week, down), most), np.minimum(np.where(up, long, down), most)


def _grown(done: Array, last: Array, usual: Array, p: Parameters) -> Array:
    """What an advance starts from, as a share of the usual: what was done lately where that is more, as far as it was
    near what was planned last. A median of six weeks lags behind a habit that grows."""
    lately = np.minimum(done, p.established_near * last) / np.maximum(usual, 1e-9)
    return np.where(np.isfinite(last), np.maximum(lately, 1.0), 1.0)


def _walks(s: StateArrays, m: _Meet, level: Array, p: Parameters) -> tuple[Array, Array]:
    """Walks of the week and their minutes; when a test walk is due one of 30 min, or for walkers one of their own
    minutes; none under STOP."""
    share = np.minimum(m.sessions, ladder.FULL_SESSIONS) / ladder.FULL_SESSIONS
    walks = np.ceil(ladder.WALKS[s.track, level] * share - 1e-9) + 0.0
    minutes = ladder.WALK_MIN[s.track, level]
    settled = s.injured | (s.walk_weeks > 0)  # the last of these weeks has the walk that everybody passes
    to_pass = walk_to_pass_min(s.track, s.level, p)
    first = settled & ~s.walk_due & (s.walk_weeks != 1)
    walks = np.where(s.walk_due | settled, 3.0, walks)
    minutes = np.where(s.walk_due | settled, np.where(first, np.minimum(to_pass, p.settled_walk_min), to_pass), minutes)
    stopped = m.action == Action.STOP
    return np.where(stopped, 0.0, walks), np.where(stopped | (walks <= 0), 0.0, minutes)


def walk_to_pass_min(track: Array, level: Array, p: Parameters = IN_FORCE) -> Array:
    """Minutes of the walk that opens running after a stop; who walks by level is asked for no more than that."""
    walking = (level < ladder.J1) | (track == ladder.WALK)
    return np.where(walking, np.minimum(ladder.WALK_MIN[track, level], p.test_walk_min), p.test_walk_min)


def _one_dimension(s: StateArrays, m: _Meet, level: Array, gain: Array) -> Array:
    """Climbing may rise only on the levels that are about climbing, so never together with duration."""
    climbing = (s.track == ladder.MILE) & ((level == ladder.P3) | (level == ladder.P4)) & ~s.established
    return np.where((m.action == Action.ADVANCE) & climbing, gain, np.minimum(gain, 1.0))


def general_ceiling(s: StateArrays, p: Parameters) -> Array:
    """The ceiling in bpm that everybody has on a running level (Karvonen 1957): a margin above the first threshold."""
    reserve = s.heart_rate_max_bpm - s.heart_rate_rest_bpm
    return np.asarray(s.heart_rate_rest_bpm + np.minimum(p.ceiling_most, s.vt1 + p.ceiling_offset) * reserve)


def own_ceiling(s: StateArrays, p: Parameters) -> Array:
    """The ceiling in bpm of an established runner: what easy runs are run at and a little more, never below the
    threshold; NaN where nobody knows it."""
    threshold = s.heart_rate_rest_bpm + s.vt1 * (s.heart_rate_max_bpm - s.heart_rate_rest_bpm)
    return np.asarray(np.maximum(s.easy_rate_bpm + p.easy_rate_plus_bpm, threshold))


def _ceiling(s: StateArrays, m: _Meet, level: Array, stopped: Array, p: Parameters) -> Array:
    """The week's heart-rate ceiling in bpm: the threshold itself when walking, the lower of the general and one's own
    when running."""
    running = (level >= ladder.J1) & (s.track != ladder.WALK)
    walking = np.minimum(s.vt1, p.ceiling_most) * (s.heart_rate_max_bpm - s.heart_rate_rest_bpm)
    general = general_ceiling(s, p)
    most = np.where(s.established, np.fmin(general, own_ceiling(s, p)), general)
    bpm = np.where(running, most, s.heart_rate_rest_bpm + walking) + m.hr_bpm
    return np.where(stopped, np.nan, bpm)
