"""All of them together, with the days of the week that is planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from steadymile.models.athlete import Facts
from steadymile.models.physiology import symptoms
from steadymile.models.policy import ladder
from steadymile.models.policy.evidence import Evidence
from steadymile.models.policy.memory.replay_weeks import Start
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.training import recent
from steadymile.models.policy.training.matching import latest
from steadymile.models.policy.training.scoring import Scored, credit_towards
from steadymile.models.session import History
from steadymile.models.week.facts import done, effort, goal, health, known
from steadymile.models.week.layout import LAYOUT
from steadymile.models.week.sessions.run_days import run_day_shares
from steadymile.models.weekplan import WeekPlan


def facts_for_texts(e: Evidence, start: Start) -> dict[str, Any]:
    """What the texts, days and reasons of the week need, as plain JSON values."""
    return {
        "athlete_id": e.history.athlete.athlete_id,
        **_of_the_week(e),
        "first_plan": not any("memory" in w.state for w in e.history.weeks if w.week < e.week),
        "entry_level": start.entry_level,
        "entry_on": start.entry_on.isoformat(),
        "entry_why": e.entry.why,
        "weeks_at_level": int(start.memory.days_at_level[0] // 7),
        **_shown_before(e.history, e.week),
        **known.of(e),
        **goal.of(e),
        **health.of(e, start),
        **effort.of(e),
        **done.of(e),
        "equipment": list(e.facts.equipment),
        "randomise": e.facts.randomise,
        "weight_kg": latest_weight(e.facts, e.history, e.p),
        "heart_rate_max_source": e.history.body.heart_rate_max_source,
        "heart_rate_max_sd_bpm": e.history.body.heart_rate_max_sd_bpm,
        "layout": LAYOUT,
        "ids": _ids(e, start),
    }


def _of_the_week(e: Evidence) -> dict[str, Any]:
    """The days that the week still has, and what of it was run already."""
    monday = e.monday
    ran = [m for m in e.ran if m.session.local_day >= monday]
    ran_today = any(m.session.local_day == e.as_of for m in ran)
    return {
        "week": e.week,
        "as_of": e.as_of.isoformat(),
        "start": max(monday, e.as_of + timedelta(days=int(ran_today))).isoformat(),
        "runs_done": len(ran),
        "run_min_done": round(sum(m.run_min or 0.0 for m in ran), 3),
        "days_free": list(e.facts.days_free) if e.facts.days_free else None,
        "run_day_shares": list(run_day_shares(e.ran, latest(e.history.weeks), e.as_of, e.p)),
    }


def _ids(e: Evidence, start: Start) -> dict[str, list[str]]:
    """The activities that a reason rests on, by what it speaks of."""
    week = recent.window(e.ran, e.as_of - timedelta(days=6), e.as_of)
    return {
        "credit": _credited(e.scored, start, e.monday, e.p),
        "comfort": [i for m in week for i in m.session.activity_ids],
        "session": list(e.maxima.session_ids),
        "bout": list(e.maxima.bout_ids),
        "distance": list(e.maxima.distance_ids),
        "last_run": list(e.ran[-1].session.activity_ids) if e.ran else [],
    }


def latest_weight(facts: Facts, history: History, p: Parameters = IN_FORCE) -> float | None:
    """The newest weight in kg: of a check-in or a scale among the newest days with values, else the stated one."""
    for d in reversed(history.days[-p.weight_rows :]):
        if "weight_kg" in d.values and (weight := symptoms.number(d.values, "weight_kg")) is not None:
            return weight
    return facts.weight_kg


def published_before(history: History, week: str) -> WeekPlan | None:
    """The week published last before this one, as it stands; None before the first."""
    return next((w for w in reversed(history.weeks) if w.week < week), None)


def _shown_before(history: History, week: str) -> dict[str, Any]:
    """The level, the running minutes, the runs and the walking minutes of the week published last; None before the
    first."""
    last = published_before(history, week)
    names = ("level_shown", "week_shown_min", "runs_shown", "walks_shown_min")
    if last is None:
        return dict.fromkeys(names)
    walks_min = sum(p.minutes for p in last.planned if p.kind == "walk")
    most = int(last.state.get("signals", {}).get("max_runs", last.sessions))  # the goal's own day comes on top of them
    return dict(zip(names, (last.level, float(last.run_min), min(last.sessions, most), float(walks_min))))


def _credited(scored: Sequence[Scored], start: Start, monday: date, p: Parameters) -> list[str]:
    """The activities whose credits count towards the next step: those at this level since it was last raised."""
    m = start.memory
    level = min(int(m.k_last[0]), int(m.level[0]))
    weeks = len(m.credits[0])
    mondays = {
        monday - timedelta(weeks=weeks - n)
        for n, (credit, at) in enumerate(zip(m.credits[0], m.credit_level[0]))
        if credit > 0 and at >= level
    }
    walking = level < ladder.J1 or int(m.track[0]) == ladder.WALK
    return [
        i
        for s in scored
        if credit_towards(s, walking, p) > 0
        and s.matched.session.local_day - timedelta(days=s.matched.session.local_day.weekday()) in mondays
        for i in s.matched.session.activity_ids
    ]
