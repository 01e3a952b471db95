"""How much was run lately, which limits how much comes next, and how long nothing came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from steadymile.models.physiology.symptoms import Record
from steadymile.models.policy import ladder
from steadymile.models.policy.caps import session_cap, week_cap
from steadymile.models.policy.evidence import Evidence
from steadymile.models.policy.memory.policy_memory import Memory
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.state import StateArrays
from steadymile.models.policy.training import completion, recent
from steadymile.models.policy.training.matching import MatchedSession, monday_of
from steadymile.models.policy.training.pauses import floor_of_pause, most_after_pain, most_after_pause
from steadymile.models.policy.training.recent import Maxima, maxima_of
from steadymile.models.session import History
from steadymile.models.week.facts.weekly import published_before
from steadymile.models.weekplan import WeekPlan


def of(e: Evidence, m: Memory, usual: bool, since_run_days: float) -> dict[str, Any]:
    """The longest of a month and the best of its weeks, as far as a pause leaves them; `usual` of somebody with a habit
    of running."""
    floor_session, floor_bout, floor_week = floor_of_pause(e.ran, e.history.weeks, e.record, e.as_of, e.p)
    most_session, most_bout, most_week = most_after_pain(e.ran, e.record, e.as_of, e.p)
    most_week = min(most_week, most_after_pause(e.ran, e.history.weeks, e.as_of, e.p))
    session_max = min(max(e.maxima.session_min, floor_session), most_session)
    farthest = _farthest_m(e.maxima, session_max, e.speeds_m_s, _walked_min(m, usual)) if e.ran else 0.0
    before = published_before(e.history, e.week)
    return {
        "days_since_run": since_run_days,
        "unsynced": _unsynced(e.history, e.as_of, e.p),
        "overshoot": _overshoot(e.matched, e.history, e.record, e.as_of, e.p),
        "session_max_min": session_max,
        "bout_max_min": min(max(e.maxima.bout_min, floor_bout), most_bout),
        "distance_max_m": farthest,
        "week_best_min": min(max(e.maxima.week_min, floor_week), most_week),
        "shown_last_min": np.inf if before is None else float(before.run_min),
        "mile_done": e.first_mile is not None,
        "gain_mean_4w_m": _gain_mean(e.matched, e.as_of),
        "descent_max_30d_m": e.maxima.descent_m,
        "fit_share": completion.fit_share(e.matched, e.as_of, _fitted(e.history.weeks), e.p),
    }


def _unsynced(history: History, as_of: date, p: Parameters) -> bool:
    """Whether nothing has arrived lately, from the watch or from the person, though not for so long that nobody knows
    anything any more."""
    last = max((d for d in (history.last_file_day, _last_answer(history)) if d is not None), default=None)
    if history.last_file_day is None or last is None:
        return False
    return p.unsynced_days <= (as_of - last).days < p.silence_days


def _last_answer(history: History) -> date | None:
    return history.days[-1].day if history.days else None


def _farthest_m(
    maxima: Maxima, session_max_min: float, speeds: tuple[float | None, float | None], walked_min: float
) -> float:
    """Metres that the distance limit rests on, in the unit of what it limits: the farthest run, or what the longest
    comes to at the athlete's own speeds, with the walking that was planned around it, recorded or not. Where a speed is
    not known, what is planned cannot be measured and nothing limits it."""
    run_speed, walk_speed = speeds
    if maxima.distance_m is None or run_speed is None:
        return float(np.inf)
    walked_m_s = StateArrays.make(1).walk_speed_m_s[0] if walk_speed is None else walk_speed
    return max(maxima.distance_m, 60.0 * (session_max_min * run_speed + walked_min * float(walked_m_s)))


def _walked_min(m: Memory, usual: bool) -> float:
    """Minutes walked in the longest session prescribed last: before, between and after its bouts."""
    if usual:
        return 0.0
    prescribed = bool(np.isfinite(m.run_last_min[0]))
    breaks = float(ladder.BREAKS_MIN[int(m.track[0]), int(m.k_last[0])]) if prescribed else 0.0
    return 2.0 * ladder.WARM_MIN + breaks


def _overshoot(matched: Sequence[MatchedSession], history: History, record: Record, as_of: date, p: Parameters) -> bool:
    """Whether a session of the last 7 days, or those days together, went over 1.1 times the caps in force before."""
    before = as_of - timedelta(days=7)
    ran = recent.runs(recent.window(matched, before + timedelta(days=1), as_of))
    known = recent.runs(m for m in matched if m.session.local_day <= before)
    if not ran or not known:
        return False  # nothing was known before the first week, so nothing was exceeded
    # Held against what the body has really done: the same again, though more than planned, is no new spike.
    in_full = [replace(m, counted=1.0, week_counted=1.0) if m.counted < 1.0 else m for m in known]
    earlier = maxima_of(in_full, before, p)
    floor, _, floor_week = floor_of_pause(known, history.weeks, record, before, p)
    session = session_cap(max(earlier.session_min, floor), p)
    week = week_cap(max(earlier.week_min, floor_week), p)
    for w in history.weeks[-4:]:
        if "decision" in w.state and before - timedelta(days=6) <= monday_of(w.week) <= as_of:
            session = max(session, w.state["decision"]["session_cap_min"])
            week = max(week, w.state["decision"]["week_cap_min"])
    longest = max(m.loaded_min or 0.0 for m in ran)
    total = sum(m.loaded_min or 0.0 for m in ran)
    return bool(longest > p.overshoot_ratio * session or total > p.overshoot_ratio * week)


def _gain_mean(matched: Sequence[MatchedSession], as_of: date) -> float:
    month = recent.runs(recent.window(matched, as_of - timedelta(days=27), as_of))
    return sum(m.session.elevation_gain_m or 0.0 for m in month) / 4.0


def _fitted(weeks: Sequence[WeekPlan]) -> set[str]:
    """The weeks that asked for as little as was done, and not only for less than a whole plan."""
    shares = ((w.week, w.state.get("signals", {}).get("fit_share", 1.0), w.state.get("facts", {})) for w in weeks)
    return {week for week, share, facts in shares if share < 1.0 and share <= facts.get("done_share", share)}
