"""What was said of pain and illness, and what stands of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from steadymile.models.physiology import symptoms
from steadymile.models.policy.evidence import Evidence
from steadymile.models.policy.memory.replay_weeks import Start, held_back, sore_days
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.training import recent
from steadymile.models.policy.training.matching import MatchedSession
from steadymile.models.session import History


def of(e: Evidence, start: Start) -> dict[str, Any]:
    """Pain of the last days and weeks, what is stopped, and whose word it waits for."""
    days, m, p = e.history.days, start.memory, e.p
    pain = symptoms.pain_of(days, e.as_of, start.cleared_on, p)
    bad_times, bad_days_ago = symptoms.bad_pain_of(e.record, e.as_of, p)
    return {
        "pain": pain.worst,
        "pain_persist": pain.persists,
        "calm_answers": float(symptoms.calm_answers(days, e.as_of, p)) if bool(m.injured[0]) else 0.0,
        "pain_weeks": float(symptoms.pain_weeks(days, e.as_of, p)),
        "bad_times": float(bad_times),
        "bad_days_ago": bad_days_ago,
        "red_flag": bool(m.flag_latched[0]),
        "referral": symptoms.code_of(e.record, e.as_of),
        "needs_clearance": held_back(e.facts),
        "walk_ok": _walk_ok(e.matched, e.history, e.as_of, p),
    }


def _walk_ok(matched: Sequence[MatchedSession], history: History, as_of: date, p: Parameters) -> bool:
    """Two walks without pain of `walk_ok_min` or nearly so, within `walk_ok_days`."""
    first = as_of - timedelta(days=p.walk_ok_days - 1)
    sore = sore_days(history, first, as_of, p)
    fine = [
        m
        for m in recent.window(matched, first, as_of)
        if m.session.total_min >= p.complete * p.walk_ok_min and m.session.local_day not in sore
    ]
    return len(fine) >= 2
