"""Pauses: how long the last one is, and what of the running before it, before pain and on the way back still counts for
the limits (docs/policy.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from steadymile.models.physiology.symptoms import Record
from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.training.matching import MatchedSession, monday_of
from steadymile.models.policy.training.recent import aged, before_pause, maxima_of
from steadymile.models.weekplan import WeekPlan


def days_since(matched: Sequence[MatchedSession], weeks: Sequence[WeekPlan], kind: str, as_of: date) -> int:
    """Days since the last run (walking levels: walk or run). Someone who never ran counts from the first week that
    asked for running, so that nobody is rebuilt for not having begun."""
    done = [m.session.local_day for m in matched if m.foot == "run" or kind == "walk"]
    if done:
        return (as_of - max(done)).days
    asked = [monday_of(w.week) for w in weeks if kind == "walk" or w.sessions > 0]
    return max(0, (as_of - min(asked)).days) if asked else 0


def floor_of_pause(
    ran: Sequence[MatchedSession], weeks: Sequence[WeekPlan], record: Record, as_of: date, p: Parameters
) -> tuple[float, float, float]:
    """The longest session, bout and week of before a pause, as far as they still count for the caps: no cliff at 30
    days. Of what was before pain no more counts than the first week after a stop may hold. On the way back the week
    counts as far as the newest one asked for it, so that a first run in the middle of it does not close the limit."""
    session, bout, week = aged(ran, as_of, p)
    hurt = record.last_hurt(as_of)
    if hurt is not None:
        since = aged([m for m in ran if m.session.local_day > hurt], as_of, p)
        most = _of_restart(p.restart_level_most, p)
        session, bout, week = (max(x, min(y, z)) for x, y, z in zip(since, (session, bout, week), most))
    before = before_pause(ran, as_of, p)
    if len(before) == len(ran):  # in the pause, or without one
        return session, bout, week
    return session, bout, min(week, _asked_since(weeks, before, as_of))


def _asked_since(weeks: Sequence[WeekPlan], before: Sequence[MatchedSession], as_of: date) -> float:
    """Running minutes that the newest week begun after a pause asked for; 0 where none was planned."""
    begun = [w for w in weeks if before and before[-1].session.local_day < monday_of(w.week) <= as_of]
    return float(begun[-1].state["decision"]["week_min"]) if begun and "decision" in begun[-1].state else 0.0


def most_after_pause(ran: Sequence[MatchedSession], weeks: Sequence[WeekPlan], as_of: date, p: Parameters) -> float:
    """The most that a week counts on the way back from a pause that was planned for: what its weeks asked for or held.
    A week of before it, though of the last four, is not one that was run lately."""
    before = before_pause(ran, as_of, p)
    asked = _asked_since(weeks, before, as_of) if len(before) < len(ran) else 0.0
    return max(asked, maxima_of(ran[len(before) :], as_of, p).week_min) if asked else np.inf


def most_after_pain(
    ran: Sequence[MatchedSession], record: Record, as_of: date, p: Parameters
) -> tuple[float, float, float]:
    """The most that counts for the caps in a pause with pain and on the way back from it: of what was before it, on a
    slope from one week on, over half of it after two (M7 at least) down to what the first week after a stop may hold
    after four, as there; and all that was run since."""
    before = before_pause(ran, as_of, p, p.gap_days[0])
    back = ran[len(before) :]
    last = back[0].session.local_day - timedelta(days=1) if back else as_of
    hurt = record.last_hurt(last)
    if not before or hurt is None or hurt < before[-1].session.local_day:
        return np.inf, np.inf, np.inf
    since, then = maxima_of(back, as_of, p), maxima_of(before, before[-1].session.local_day, p)
    days, at = (*p.gap_days[:2], p.restart_long_days), (last - before[-1].session.local_day).days
    own = (then.session_min, then.bout_min, then.week_min)
    ends = zip(own, _of_restart(ladder.M7, p), _of_restart(p.restart_level_most, p))
    session, bout, week = (
        float(np.interp(at, days, (x, min(x, max(p.after_pain_share * x, m7)), min(x, least)))) for x, m7, least in ends
    )
    return max(session, since.session_min), max(bout, since.bout_min), max(week, since.week_min)


def _of_restart(level: int, p: Parameters) -> tuple[float, float, float]:
    """Running minutes of a session, its longest bout and the week, of a first week after a stop on that level."""
    of = ladder.level_of(ladder.MILE, level)
    return of.run_min, of.longest_bout_min, p.restart_runs * of.run_min
