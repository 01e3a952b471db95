"""What the weeks around a goal's day keep of their running."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from steadymile.models.athlete import Facts
from steadymile.models.physiology import symptoms
from steadymile.models.policy.evidence import Evidence
from steadymile.models.policy.memory.policy_memory import Memory
from steadymile.models.policy.memory.replay_weeks import held_back
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.training import recent
from steadymile.models.policy.training.matching import MatchedSession, monday_of
from steadymile.models.week.goals import needed_m, recovery_share, taper_share


def of(e: Evidence, m: Memory, longest_min: float, usual: bool, since_run_days: float) -> dict[str, Any]:
    """The shares that remain before and after the goal's day, with the longest run that counts."""
    p, speed_m_s = e.p, e.speeds_m_s[0]
    carries = usual or _carries(e.facts, longest_min, speed_m_s, p)
    away = p.day_off and (_on_way_back(m, p) or held_back(e.facts) or since_run_days >= p.gap_days[1])
    return {
        "taper_share": 1.0 if away else _taper(e.facts, carries, e.week, p),
        "recovery_share": _recovery(e, carries, bool(away)),
    }


def _on_way_back(m: Memory, p: Parameters) -> bool:
    """Whether somebody is stopped or ill, or on the way back from that."""
    stopped = m.pain_latched | m.flag_latched | m.injured | m.walk_due | (m.walk_weeks > 0) | m.restart
    return bool((stopped | m.ill | m.after_illness | (m.quiet_days < p.stop_quiet_days))[0])


def _carries(facts: Facts, longest_min: float, speed_m_s: float | None, p: Parameters) -> bool:
    """Whether the longest run carries so much of the goal that there is something to rest for; so where no speed is
    known."""
    least = p.taper_reach * needed_m(facts.goal or "", p)
    return not p.taper_reach or speed_m_s is None or 60.0 * speed_m_s * longest_min >= least


def _taper(facts: Facts, carries: bool, week: str, p: Parameters) -> float:
    """The share of its running that a week before the goal's day keeps."""
    share = taper_share(facts.goal or "", facts.goal_date, monday_of(week), p)
    return share if carries else 1.0


def _recovery(e: Evidence, carries: bool, away: bool) -> float:
    """The share of its running that a week after the goal's day keeps: there is something to recover from only where
    much of the distance was covered on it, or the day before or after. Until a session after it is known, and where
    somebody told how one felt on it that no recording shows, it is taken to have been run, but for who is `away`."""
    goal, day, p, speed_m_s = e.facts.goal or "", e.facts.goal_date, e.p, e.speeds_m_s[0]
    share = recovery_share(goal, day, e.monday, p)
    if day is None or share >= 1.0 or not p.taper_reach or (carries and not p.recovery_ran):
        return share
    around = timedelta(days=int(p.recovery_ran))
    near = [m for m in e.matched if day - around <= m.session.local_day <= day + around]
    if not p.recovery_ran:
        far_m = max((_ran_m(m, speed_m_s) for m in recent.runs(near)), default=0.0)
        return share if far_m >= p.taper_reach * needed_m(goal, p) else 1.0
    on_days: dict[date, float] = {}
    for m in near:
        on_days[m.session.local_day] = on_days.get(m.session.local_day, 0.0) + _ran_m(m, speed_m_s)
    if max(on_days.values(), default=0.0) >= p.taper_reach * needed_m(goal, p):
        return share
    felt = symptoms.between(e.history.days, day - around, day + around)
    told = {d.day for d in felt if {"rpe", "talk_test"} & set(d.values)} - set(on_days)
    unheard = bool(told) or max((m.session.local_day for m in e.matched), default=day) <= day
    return share if carries and unheard and not away else 1.0


def _ran_m(m: MatchedSession, speed_m_s: float | None) -> float:
    """Metres on foot, of a run by the athlete's own speed where it tells none; without either it may have been any
    distance."""
    if m.session.distance_m or m.foot != "run":
        return m.session.distance_m or 0.0
    return float(np.inf) if speed_m_s is None else 60.0 * speed_m_s * (m.run_min or 0.0)
