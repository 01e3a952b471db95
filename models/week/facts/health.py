"""What was said of pain, illness and warning signs, and what it opens or closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from steadymile.models.athlete import Facts
from steadymile.models.physiology import symptoms
from steadymile.models.policy.evidence import Evidence
from steadymile.models.policy.memory.replay_weeks import Start, walked_and_said
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.training.matching import MatchedSession
from steadymile.models.policy.training.scoring import Scored
from steadymile.models.session import History

PAIN_TREND_DAYS = 21


def of(e: Evidence, start: Start) -> dict[str, Any]:
    """The last week's pain, what stands of older pain and signs, and how far the way back is."""
    history, record, as_of, p = e.history, e.record, e.as_of, e.p
    week = symptoms.between(history.days, as_of - timedelta(days=6), as_of)
    sign_on = record.sign_on(as_of) if bool(start.memory.flag_latched[0]) else None
    return {
        "pain_answers": symptoms.pain_of(history.days, as_of, None, p).answers,
        "pain_rising": _pain_rising(history, as_of, p),
        "pain_worse": any(d.values.get("pain_next_morning") == "worse" for d in week),
        "hills_hurt": _hills_hurt(e.matched, history, as_of, p),
        "sign_on": None if sign_on is None else sign_on.isoformat(),
        "sign_withdrawn": sign_on is not None and record.withdrawn(sign_on),
        "hurt_on": _hurt_on(record, as_of, p),
        "calm_days": int(start.memory.calm_days[0]),
        "injured_again": _injured_again(record, as_of, p),
        "calm_by_file": _calm_by_file(record, as_of, p),
        "injury_known": record.remembers_injury(as_of, p),
        "walked_and_said": _walked_and_said(e.scored, history, start, as_of, p),
        "ill_weeks": symptoms.ill_weeks(history.days, as_of),
        "screening": e.facts.screening,
        "pain_weeks_12": symptoms.pain_weeks(history.days, as_of, p, p.note_pain_weeks_of),
        "quiet_month": _quiet_month(history, as_of, p),
        "lifts": _lifts(e.facts, history, start.entry_on, as_of, p),
    }


def _lifts(facts: Facts, history: History, entry_on: date, as_of: date, p: Parameters) -> bool:
    """Whether somebody is fit for weights: after some weeks of exercises without, not for a month after pain, a warning
    sign or an illness, and in older age only under guidance, which no plan can give (Fragala 2019)."""
    if (as_of - entry_on).days < p.lift_after_days:
        return False
    if facts.birth_year is not None and as_of.year - facts.birth_year >= p.lift_age:
        return False
    return _quiet_month(history, as_of, p)


def _quiet_month(history: History, as_of: date, p: Parameters) -> bool:
    """Whether a month was free of pain, warning signs and illness; from version 3.9 on also of pain that was worse the
    next morning, and of days on which effort made everything worse."""
    month = symptoms.between(history.days, as_of - timedelta(days=p.lift_quiet_days - 1), as_of)
    return not any(
        symptoms.flagged(d.values)
        or symptoms.truth(d.values.get("ill"))
        or (symptoms.number(d.values, "pain") or 0.0) >= p.pain_persistent
        or (p.load_quiet and (symptoms.hurts_again(d.values, p) or d.values.get("after_effort") == "worse"))
        for d in month
    )


def _pain_rising(history: History, as_of: date, p: Parameters) -> list[float] | None:
    """The last three reports of pain of three weeks where each is worse than the one before and the last is no longer
    harmless; else None."""
    days = symptoms.between(history.days, as_of - timedelta(days=PAIN_TREND_DAYS - 1), as_of)
    last = [x for d in days if (x := symptoms.number(d.values, "pain")) is not None][-3:]
    rising = len(last) == 3 and last[0] < last[1] < last[2] and last[2] >= p.pain_persistent
    return last if rising else None


def _hills_hurt(
    matched: Sequence[MatchedSession], history: History, as_of: date, p: Parameters
) -> list[int] | None:  # fmt: skip
    """On how many of the days with hills of eight weeks pain was reported that a run should not have, or was worse the
    next morning, and how many such days there were; None for fewer than two with pain."""
    first = as_of - timedelta(days=p.hills_days - 1)
    uphill = {
        m.session.local_day for m in matched
        if m.planned is not None and m.planned.kind == "hills" and first <= m.session.local_day
    }  # fmt: skip
    days = symptoms.between(history.days, first, as_of) if uphill else ()
    hurt = sum(d.day in uphill and symptoms.hurts_again(d.values, p) for d in days)
    return [hurt, len(uphill)] if hurt >= p.hills_hurt else None


def _hurt_on(record: symptoms.Record, as_of: date, p: Parameters) -> str | None:
    """The newest day with pain that stops running, however long ago."""
    told = reversed(record.days[record.grave :]) if record.grave is not None else ()
    hurt = (d.day for d in told if d.day <= as_of and (symptoms.number(d.values, "pain") or 0.0) > p.pain_stop)
    return day.isoformat() if (day := next(hurt, None)) is not None else None


def _injured_again(record: symptoms.Record, as_of: date, p: Parameters) -> int:
    """How often the injury that stands came back soon after it had settled, in half a year."""
    return 0 if record.injured(as_of) is None else record.times(as_of, p)


def _calm_by_file(record: symptoms.Record, as_of: date, p: Parameters) -> bool:
    """Whether an injury would have settled by what files report, and waits for the person's own word."""
    if record.injured(as_of) is None:
        return False
    own = [replace(d, held=frozenset()) for d in symptoms.between(record.days, as_of - timedelta(days=6), as_of)]
    return symptoms.calm_answers(own, as_of, p) >= p.settled_days


def _walked_and_said(
    scored: Sequence[Scored], history: History, start: Start, as_of: date, p: Parameters
) -> list[int] | None:
    """Days with a walk and days with an answer about pain in the last week, after an injury that settled before it."""
    week_ago = as_of - timedelta(days=6)
    if not int(start.memory.walk_weeks[0]) or start.cleared_on is None:
        return None
    walks, answers, _ = walked_and_said(scored, history, week_ago, as_of, p.complete * p.settled_walk_min, p)
    return [walks, answers] if start.cleared_on < week_ago else None
