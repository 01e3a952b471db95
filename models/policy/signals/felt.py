"""How the sessions of seven days felt, and how tired somebody is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
from steadymile.models.athlete import Facts
from steadymile.models.physiology import symptoms
from steadymile.models.physiology.fatigue_index import resting_rate_alarm
from steadymile.models.policy.evidence import Evidence
from steadymile.models.policy.state import DEFAULTS
from steadymile.models.policy.training.scoring import Scored, could_barely_talk, could_not_talk


def of(e: Evidence, walking: bool) -> dict[str, Any]:
    """Comfort, effort and tiredness; of runs, and of walks where those lead on."""
    week_ago = e.as_of - timedelta(days=7)
    week = [s for s in e.scored if s.matched.session.local_day > week_ago]
    kinds = ("walk", "run") if walking else ("run",)
    felt = [s for s in week if s.matched.foot in kinds and not _meant_hard(s, e.facts)]
    efforts = [s.matched.session.rpe for s in felt if s.matched.session.rpe is not None]
    crashed = symptoms.between(e.history.days, e.as_of - timedelta(days=e.p.crashed_days - 1), e.as_of)
    return {
        "comfort": float(np.mean([s.comfort for s in felt])) if felt else DEFAULTS["comfort"],
        "gate": bool(felt[-1].gate) if felt else False,
        "answered": any(s.answered for s in felt)
        and not any(s.hard for s in felt)
        and sum(could_barely_talk(s, e.p) for s in felt) < e.p.single_barely,
        "effort_mean": float(np.mean(efforts)) if efforts else 0.0,
        "no_talk": float(sum(could_not_talk(s, e.p) for s in felt)),
        "raised_days": float(sum(day > week_ago for day in e.record.high[-7:])),
        "crashed": any(d.values.get("after_effort") == "worse" for d in crashed),
        "rate_raised": resting_rate_alarm(e.history.days, e.as_of),
        "fat_upper": float(e.fatigue.upper),
        "coverage": float(e.fatigue.coverage),
        "sessions_7d": float(len(week)),
    }


def _meant_hard(s: Scored, facts: Facts) -> bool:
    """Whether a run was a test or the goal's own day: that it felt hard says nothing of the training."""
    planned = s.matched.planned
    return (planned is not None and planned.kind == "test") or s.matched.session.local_day == facts.goal_date
