"""How the sessions felt, and how tired somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from steadymile.models.policy.evidence import Evidence
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.rules.tiredness import exhausted, fatigue, fatigue_high, tired
from steadymile.models.policy.training import recent
from steadymile.models.policy.training.matching import MatchedSession, latest
from steadymile.models.policy.training.scoring import Scored, could_barely_talk
from steadymile.models.week.facts.known import KNOWN_DAYS
from steadymile.models.weekplan import WeekPlan

BREATHLESS_TIMES = 2
"""Sessions of a week in which talking was not possible, from which on the week counts as such (design value)."""
TIRED_OF, TIRED_RULES = 8, frozenset({tired.id, exhausted.id, fatigue.id, fatigue_high.id})
"""Weeks in which it is looked at how often tiredness held or eased the plan, and the rules by which it does."""


def of(e: Evidence) -> dict[str, Any]:
    """Answers of the last week, and what has come together over several."""
    week = recent.window(e.ran, e.as_of - timedelta(days=6), e.as_of)
    month = recent.window(e.matched, e.as_of - timedelta(days=27), e.as_of)
    lately = recent.window(e.matched, e.as_of - timedelta(days=e.p.breathless_days - 1), e.as_of)
    return {
        "runs_7d": len(week),
        "effort_answers": sum(1 for m in week if m.session.rpe is not None or m.session.talk is not None),
        "barely_7d": sum(could_barely_talk(s, e.p) for s in e.scored if _of_week(s, e.as_of)),
        "tired_weeks": _tired_weeks(e.history.weeks, e.week),
        "days_in_row": _days_in_row(e.ran, e.as_of),
        "breathless_weeks": _breathless_weeks(month, e.as_of),
        "breathless_lately": _breathless_weeks(lately, e.as_of),
        "walks_felt": _walks_felt(e.scored, e.monday, e.p),
        "easy_speed_m_s": _easy_speed(e.ran, e.as_of, e.p),
        "fatigue_z": dict(e.fatigue.z),
    }


def _of_week(s: Scored, as_of: date) -> bool:
    return s.matched.foot == "run" and s.matched.session.local_day > as_of - timedelta(days=7)


def _tired_weeks(weeks: Sequence[WeekPlan], week: str) -> int:
    """How many of the eight weeks before one were eased or held for tiredness."""
    known = sorted((name, w) for name, w in latest(weeks[-2 * TIRED_OF * 4 :]).items() if name < week)[-TIRED_OF:]
    return sum(any(r.rule in TIRED_RULES and r.binding for r in w.reasons) for _, w in known)


def _days_in_row(ran: Sequence[MatchedSession], as_of: date) -> int:
    """On how many days in a row up to a day, or the day before, somebody ran; looked at for four weeks."""
    days = {m.session.local_day for m in recent.window(ran, as_of - timedelta(days=KNOWN_DAYS), as_of)}
    last = as_of if as_of in days else as_of - timedelta(days=1)
    return next(n for n in range(KNOWN_DAYS + 1) if n == KNOWN_DAYS or last - timedelta(days=n) not in days)


def _breathless_weeks(lately: Sequence[MatchedSession], as_of: date) -> int:
    """In how many of the weeks up to a day somebody could not talk in two sessions or more."""
    weeks = [(as_of - m.session.local_day).days // 7 for m in lately if m.session.talk == "no"]
    return sum(weeks.count(n) >= BREATHLESS_TIMES for n in set(weeks))


def _walks_felt(scored: Sequence[Scored], monday: date, p: Parameters) -> list[float] | None:
    """The mean effort of the finished walks of three weeks, and the highest that is easy, where every one of them felt
    harder than that; else None."""
    first = monday - timedelta(days=21)
    walks = [s for s in scored if s.matched.foot == "walk" and s.matched.session.local_day >= first]
    whole = [s for s in walks if s.matched.planned is not None and (s.matched.completion or 0.0) >= p.walk_share]
    hard = [s.matched.session.rpe for s in whole if (s.matched.session.rpe or 0.0) > p.walk_effort]
    if not hard or len(hard) < len(whole):
        return None
    return [round(sum(x or 0.0 for x in hard) / len(hard), 1), p.walk_effort]


def _easy_speed(ran: Sequence[MatchedSession], as_of: date, p: Parameters) -> float | None:
    """The median running speed (m/s) of lately's runs that were said to be easy; None with too few of them."""
    easy = [
        m.session.run_speed_m_s
        for m in recent.window(ran, as_of - timedelta(days=p.easy_days - 1), as_of)
        if m.session.run_speed_m_s is not None and _said_easy(m, p)
    ]
    return round(median(easy), 3) if len(easy) >= p.easy_runs else None


def easy_heart_rate(ran: Sequence[MatchedSession], as_of: date, p: Parameters = IN_FORCE) -> float | None:
    """The median of the mean heart rates (bpm) of lately's runs that were said to be easy; None with too few of them.
    An established runner's ceiling follows it."""
    rates = [
        m.session.heart_rate_mean_bpm
        for m in recent.window(ran, as_of - timedelta(days=p.easy_days - 1), as_of)
        if m.session.heart_rate_mean_bpm is not None and _said_easy(m, p)
    ]
    return round(float(median(rates)), 1) if len(rates) >= p.easy_rate_runs else None


def _said_easy(m: MatchedSession, p: Parameters) -> bool:
    hard = m.session.talk is not None and m.session.talk != "yes"
    return not hard and m.session.rpe is not None and m.session.rpe <= p.easy_effort
