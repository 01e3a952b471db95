"""What was run, walked and carried lately, and what no recording shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from steadymile.models.physiology import symptoms
from steadymile.models.policy.evidence import Evidence
from steadymile.models.policy.memory.replay_weeks import lowered_weeks
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.training import completion, recent
from steadymile.models.policy.training.matching import MatchedSession, latest, monday_of
from steadymile.models.session import History, sessions_between
from steadymile.models.week.facts.known import KNOWN_DAYS
from steadymile.models.weekplan import RUN_KINDS, WeekPlan

BEYOND_MIN = 2.0
"""Minutes beyond what counts of a plan that are named (design value)."""
PAUSES_DAYS = 112
_FELT = frozenset({"rpe", "talk_test"})


def of(e: Evidence) -> dict[str, Any]:
    """Speeds, loads, pauses, packs and tests of the last weeks, and how much of the plan was done."""
    month = recent.window(e.matched, e.as_of - timedelta(days=27), e.as_of)
    tests = [m for m in e.matched if m.planned is not None and m.planned.kind == "test"]
    packs = [(m.session.local_day, m.session.pack_kg) for m in e.matched if m.session.pack_kg]
    run_speed, walk_speed = e.speeds_m_s
    before = [w for name, w in sorted(latest(e.history.weeks).items()) if name < e.week]
    return {
        "last_run_day": e.ran[-1].session.local_day.isoformat() if e.ran else None,
        "ran_before": bool(e.ran) or any(s.kind == "run" and s.foot == "run" for s in e.history.sessions),
        "longest_m": e.maxima.distance_m,
        "run_speed_m_s": run_speed,
        "walk_speed_m_s": walk_speed,
        "load_per_min": _load_per_min(recent.runs(month), e.p),
        "walk_load_per_min": _load_per_min([m for m in month if m.foot == "walk"], e.p),
        "load_best_4w": _best_load(month, e.as_of),
        "hard_day": _hard_day(e.history, e.ran, e.as_of, e.p),
        "pauses": _pauses(e.history, e.as_of, e.p),
        "days_since_test": (e.as_of - tests[-1].session.local_day).days if tests else None,
        "pack_kg": packs[-1][1] if packs else None,
        "pack_days": _pack_days(packs, e.as_of, e.p),
        "pack_ago": (e.as_of - packs[-1][0]).days if packs else None,
        "back_days": _back_days(e.ran, e.as_of, e.p),
        "beyond_plan": _beyond_plan(e.ran, e.as_of),
        "lowered": lowered_weeks(before, e.p),
        "runs_walked": _runs_walked(e, month, before),
        **completion.done_shares(e.matched, e.as_of, e.p),
        **_not_recorded(e.history, e.matched, e.as_of),
    }


def _runs_walked(e: Evidence, month: Sequence[MatchedSession], before: Sequence[WeekPlan]) -> int:
    """How many of the last weeks asked for jogs of somebody who walks, and has run none of them."""
    if e.ran or not any(m.foot == "walk" for m in month):
        return 0
    first = e.as_of - timedelta(weeks=e.p.note_walked_of)
    return sum(w.sessions > 0 and first <= w.as_of < e.as_of for w in before)


def _pauses(history: History, as_of: date, p: Parameters) -> int:
    """How often somebody paused for two weeks or more within sixteen, and for less than half of them. Weeks for which
    the plan itself asked for walks alone are no pause."""
    first = as_of - timedelta(days=PAUSES_DAYS)
    days = [s.local_day for s in sessions_between(history.sessions, first, as_of) if s.foot == "run"]
    asked = [(monday_of(w.week), w.sessions) for w in latest(history.weeks).values()]

    def ordered(a: date, b: date) -> bool:
        runs = [n for monday, n in asked if a < monday and monday + timedelta(days=6) < b]
        return bool(runs) and not any(runs)

    # From run to run a day more than were without one: who runs on Saturdays and leaves one out has not paused so long.
    if not days:
        return 0
    return sum(
        p.pause_days < (b - a).days < PAUSES_DAYS // 2 and not ordered(a, b) for a, b in pairwise((*days, as_of))
    )


def _back_days(ran: Sequence[MatchedSession], as_of: date, p: Parameters) -> int | None:
    """Days since the first run after the last pause; 0 in the pause itself, None without one."""
    days = [m.session.local_day for m in ran]
    if not days or (as_of - days[-1]).days >= p.pause_days:
        return 0 if days else None
    since = next((b for a, b in reversed(list(pairwise(days))) if (b - a).days >= p.pause_days), None)
    return None if since is None else (as_of - since).days


def _beyond_plan(ran: Sequence[MatchedSession], as_of: date) -> list[float] | None:
    """Running minutes done and those that count of the last seven days, where the first are clearly more."""
    week = recent.window(ran, as_of - timedelta(days=6), as_of)
    done = sum(m.run_min or 0.0 for m in week)
    counted = sum((m.counted_min or 0.0) * m.week_counted for m in week)
    return [round(done, 1), round(counted, 1)] if done > counted + BEYOND_MIN else None


def _pack_days(packs: Sequence[tuple[date, float]], as_of: date, p: Parameters) -> int | None:
    """Days since the first of the last walks with the pack as heavy as it is now."""
    if not packs:
        return None
    since = next((i for i in range(len(packs) - 1, 0, -1) if packs[i - 1][1] < packs[-1][1] - p.pack_same_kg), 0)
    return (as_of - packs[since][0]).days


def _load_per_min(matched: Sequence[MatchedSession], p: Parameters) -> float | None:
    """Median load of a minute of session, au."""
    known = ((m.session.load, m.session.total_min) for m in matched)
    return recent.median_of(
        (load / minutes if load and minutes > 0 else None for load, minutes in known), p.speeds_from
    )


def _best_load(matched: Sequence[MatchedSession], as_of: date) -> float:
    """The highest load of the last four 7-day blocks, au."""
    weeks = [0.0] * 4
    for m in matched:
        weeks[(as_of - m.session.local_day).days // 7] += m.session.load or 0.0
    return max(weeks)


def _hard_day(history: History, ran: Sequence[MatchedSession], as_of: date, p: Parameters) -> str | None:
    """Today or yesterday, when another activity was long or heavy beside the median run."""
    usual = recent.median_of((m.session.load for m in ran), p.speeds_from)
    for s in reversed(sessions_between(history.sessions, as_of - timedelta(days=1), as_of)):
        if s.kind == "run":
            continue
        minutes = (s.moving_s if s.moving_s is not None else s.elapsed_s or 0.0) / 60.0
        heavy = (
            usual is not None and s.load is not None and s.load > max(p.other_sport_loads * usual, p.other_sport_load)
        )
        if minutes > p.other_sport_min or heavy:
            return s.local_day.isoformat()
    return None


def _not_recorded(history: History, matched: Sequence[MatchedSession], as_of: date) -> dict[str, Any]:
    """How long no file came, recordings without a day, and the days of four weeks with a run planned for which somebody
    told how a session felt, and nothing shows one."""
    first = as_of - timedelta(days=KNOWN_DAYS - 1)
    told = {d.day for d in symptoms.between(history.days, first, as_of) if not _FELT.isdisjoint(d.values)}
    if told:
        told -= {m.session.local_day for m in matched}
        told -= {s.local_day for s in sessions_between(history.sessions, first, as_of)}
        told &= {p.day for w in latest(history.weeks).values() for p in w.planned if p.kind in RUN_KINDS}
    return {
        "silent_days": None if history.last_file_day is None else (as_of - history.last_file_day).days,
        "undated": history.undated,
        "unrecorded": len(told),
    }
