"""What the texts, days and reasons of a week need to know beyond the policy's state, as plain JSON values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from steadymile.models.athlete import Facts
from steadymile.models.physiology import symptoms
from steadymile.models.physiology.fatigue_index import Fatigue
from steadymile.models.policy import ladder
from steadymile.models.policy.memory.replay_weeks import (
    Scored,
    Start,
    credit_towards,
    lowered_weeks,
    walked_and_said,
)
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.rules.tiredness import exhausted, fatigue, fatigue_high, tired
from steadymile.models.policy.training import completion, recent
from steadymile.models.policy.training.matching import MatchedSession, latest, monday_of
from steadymile.models.policy.training.placement import Entry
from steadymile.models.policy.training.recent import Maxima
from steadymile.models.session import History, Session, sessions_between
from steadymile.models.week.goals import GOAL_M
from steadymile.models.week.layout import LAYOUT
from steadymile.models.week.sessions.run_days import run_day_shares
from steadymile.models.weekplan import RUN_KINDS, WeekPlan

RACE_WEEK_DAYS = 7
BEYOND_MIN = 2.0
"""Minutes beyond what counts of a plan that are named (design value)."""
PAIN_TREND_DAYS, PAUSES_DAYS = 21, 112
BREATHLESS_TIMES = 2
"""Sessions of a week in which talking was not possible, from which on the week counts as such (design value)."""
TIRED_OF, TIRED_RULES = 8, frozenset({tired.id, exhausted.id, fatigue.id, fatigue_high.id})
"""Weeks in which it is looked at how often tiredness held or eased the plan, and the rules by which it does."""
KNOWN_DAYS = 28
"""Days before a plan of which it is kept what it knew: what came later about them is late."""
HEALTH_ANSWERS = frozenset(
    {"pain", "pain_next_morning", "after_effort", "ill", "red_flag", "cleared", *symptoms.HOOPER}
)
_HEALTH_IN_ORDER = tuple(sorted(HEALTH_ANSWERS))
_FELT = frozenset({"rpe", "talk_test"})


def first_mile_on(history: History) -> date | None:
    """The day of the first continuous mile on record."""
    return next((s.local_day for s in history.sessions if s.mile_done), None)


def latest_weight(facts: Facts, history: History, p: Parameters = IN_FORCE) -> float | None:
    """The newest weight in kg: of a check-in or a scale among the newest days with values, else the stated one."""
    for d in reversed(history.days[-p.weight_rows :]):
        if "weight_kg" in d.values and (weight := symptoms.number(d.values, "weight_kg")) is not None:
            return weight
    return facts.weight_kg


def facts_for_texts(
    history: History,
    facts: Facts,
    matched: Sequence[MatchedSession],
    scored: Sequence[Scored],
    maxima: Maxima,
    entry: Entry,
    start: Start,
    fatigue: Fatigue,
    as_of: date,
    week: str,
    first_mile: date | None,
    record: symptoms.Record,
    parameters: Parameters = IN_FORCE,
) -> dict[str, Any]:
    """What the texts, days and reasons of the week need, as plain JSON values."""
    monday = monday_of(week)
    ran = recent.runs(matched)
    done = [m for m in ran if m.session.local_day >= monday]
    first_day = max(monday, as_of + timedelta(days=1) if any(m.session.local_day == as_of for m in done) else as_of)
    week_pain = symptoms.pain_of(history.days, as_of, None, parameters)
    week_days = symptoms.between(history.days, as_of - timedelta(days=6), as_of)
    ran_before = bool(ran) or any(s.kind == "run" and s.foot == "run" for s in history.sessions)
    recent_runs = recent.window(ran, as_of - timedelta(days=6), as_of)
    month = recent.window(matched, as_of - timedelta(days=27), as_of)
    run_speed, walk_speed = recent.speeds_of(matched, parameters)
    tests = [m for m in matched if m.planned is not None and m.planned.kind == "test"]
    packs = [(m.session.local_day, m.session.pack_kg) for m in matched if m.session.pack_kg]
    sign_on = record.sign_on(as_of) if bool(start.memory.flag_latched[0]) else None
    return {
        "athlete_id": history.athlete.athlete_id,
        "week": week,
        "as_of": as_of.isoformat(),
        "start": first_day.isoformat(),
        "runs_done": len(done),
        "run_min_done": round(sum(m.run_min or 0.0 for m in done), 3),
        "first_plan": not any("memory" in w.state for w in history.weeks if w.week < week),
        "last_run_day": ran[-1].session.local_day.isoformat() if ran else None,
        "entry_level": start.entry_level,
        "entry_on": start.entry_on.isoformat(),
        "entry_why": entry.why,
        "known_ids": known_ids([m.session for m in matched], as_of),
        "known_answers": answers_known(history, as_of),
        "known_health": health_known(history, as_of),
        "known_felt": felt_known([m.session for m in matched], as_of),
        "weeks_at_level": int(start.memory.days_at_level[0] // 7),
        "hard_day": _hard_day(history, ran, as_of, parameters),
        "run_day_shares": list(run_day_shares(ran, latest(history.weeks), as_of, parameters)),
        "days_free": list(facts.days_free) if facts.days_free else None,
        "goal": facts.goal or "mile",
        "goal_told": facts.goal is not None,
        **_shown_before(history, week),
        "goal_new": _goal_new(history, facts, week),
        "goal_date": facts.goal_date.isoformat() if facts.goal_date else None,
        "goal_safe_before": _stated_before(history, facts, week),
        "race_day": _race_day(facts, monday),
        "longest_m": maxima.distance_m,
        "layout": LAYOUT,
        "randomise": facts.randomise,
        "mile_pace": facts.goal == "mile" and facts.goal_mile_s is not None,
        "goal_mile_s": facts.goal_mile_s,
        "mile_done": first_mile is not None,
        "mile_new": first_mile is not None and (as_of - first_mile).days < 7,
        "best_mile_s": _best_mile_s(history, as_of, parameters),
        "weight_kg": latest_weight(facts, history, parameters),
        "lifts": _lifts(facts, history, start.entry_on, as_of, parameters),
        "pain_rising": _pain_rising(history, as_of, parameters),
        "pain_worse": any(d.values.get("pain_next_morning") == "worse" for d in week_days),
        "ran_before": ran_before,
        "pauses": _pauses(history, as_of, parameters),
        "hills_hurt": _hills_hurt(matched, history, as_of, parameters),
        "sign_on": None if sign_on is None else sign_on.isoformat(),
        "sign_withdrawn": sign_on is not None and record.withdrawn(sign_on),
        "hurt_on": _hurt_on(record, as_of, parameters),
        "calm_days": int(start.memory.calm_days[0]),
        "injured_again": _injured_again(record, as_of, parameters),
        "calm_by_file": _calm_by_file(record, as_of, parameters),
        "injury_known": record.remembers_injury(as_of, parameters),
        "walked_and_said": _walked_and_said(scored, history, start, as_of, parameters),
        "ill_weeks": symptoms.ill_weeks(history.days, as_of),
        "tired_weeks": _tired_weeks(history.weeks, week),
        "days_in_row": _days_in_row(ran, as_of),
        "breathless_weeks": _breathless_weeks(month, as_of),
        "breathless_lately": _breathless_weeks(
            recent.window(matched, as_of - timedelta(days=parameters.breathless_days - 1), as_of), as_of
        ),
        "walks_felt": _walks_felt(scored, monday, parameters),
        "equipment": list(facts.equipment),
        "screening": facts.screening,
        "run_speed_m_s": run_speed,
        "walk_speed_m_s": walk_speed,
        "load_per_min": _load_per_min(recent.runs(month), parameters),
        "walk_load_per_min": _load_per_min([m for m in month if m.foot == "walk"], parameters),
        "load_best_4w": _best_load(month, as_of),
        "days_since_test": (as_of - tests[-1].session.local_day).days if tests else None,
        "pack_kg": packs[-1][1] if packs else None,
        "pack_days": _pack_days(packs, as_of, parameters),
        "beyond_plan": _beyond_plan(ran, as_of),
        **completion.done_shares(matched, as_of, parameters),
        "lowered": lowered_weeks([w for name, w in sorted(latest(history.weeks).items()) if name < week], parameters),
        "pain_answers": week_pain.answers,
        "easy_speed_m_s": _easy_speed(ran, as_of, parameters),
        "effort_answers": sum(1 for m in recent_runs if m.session.rpe is not None or m.session.talk is not None),
        "runs_7d": len(recent_runs),
        "fatigue_z": dict(fatigue.z),
        "heart_rate_max_source": history.body.heart_rate_max_source,
        "heart_rate_max_sd_bpm": history.body.heart_rate_max_sd_bpm,
        **_not_recorded(history, matched, as_of),
        "ids": {
            "credit": _credited(scored, start, monday, parameters),
            "comfort": [i for m in recent_runs for i in m.session.activity_ids],
            "session": list(maxima.session_ids),
            "bout": list(maxima.bout_ids),
            "distance": list(maxima.distance_ids),
            "last_run": list(ran[-1].session.activity_ids) if ran else [],
        },
    }  # fmt: skip


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


def _lifts(facts: Facts, history: History, entry_on: date, as_of: date, p: Parameters) -> bool:
    """Whether somebody is fit for weights: after some weeks of exercises without, not for a month after pain, a warning
    sign or an illness, and in older age only under guidance, which no plan can give (Fragala 2019)."""
    if (as_of - entry_on).days < p.lift_after_days:
        return False
    if facts.birth_year is not None and as_of.year - facts.birth_year >= p.lift_age:
        return False
    month = symptoms.between(history.days, as_of - timedelta(days=p.lift_quiet_days - 1), as_of)
    return not any(
        symptoms.flagged(d.values)
        or symptoms.truth(d.values.get("ill"))
        or (symptoms.number(d.values, "pain") or 0.0) >= p.pain_persistent
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


def _beyond_plan(ran: Sequence[MatchedSession], as_of: date) -> list[float] | None:
    """Running minutes done and those that count of the last seven days, where the first are clearly more."""
    week = recent.window(ran, as_of - timedelta(days=6), as_of)
    done = sum(m.run_min or 0.0 for m in week)
    counted = sum((m.counted_min or 0.0) * m.week_counted for m in week)
    return [round(done, 1), round(counted, 1)] if done > counted + BEYOND_MIN else None


def _stated_before(history: History, facts: Facts, week: str) -> str | None:
    """The day by which the same goal was said to be within reach in the week published last."""
    before = [w for w in history.weeks if w.week < week and "facts" in w.state]
    if not before or before[-1].state["facts"]["goal"] != (facts.goal or "mile"):
        return None
    stated = before[-1].state.get("goal_safe")
    return None if stated is None else str(stated)


def _race_day(facts: Facts, monday: date) -> str | None:
    """The goal's day, in its own week and in the week after."""
    day = facts.goal_date
    if day is None or facts.goal not in GOAL_M or not -RACE_WEEK_DAYS <= (day - monday).days < RACE_WEEK_DAYS:
        return None
    return day.isoformat()


def _goal_new(history: History, facts: Facts, week: str) -> bool:
    """Whether the goal leads another way than that of the week published last."""
    before = [w for w in history.weeks if w.week < week and "facts" in w.state]
    if not before or facts.goal is None:
        return False
    then = str(before[-1].state["facts"]["goal"])
    return ladder.TRACK.get(then, ladder.MILE) != ladder.TRACK.get(facts.goal, ladder.MILE)


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


def _pack_days(packs: Sequence[tuple[date, float]], as_of: date, p: Parameters) -> int | None:
    """Days since the first of the last walks with the pack as heavy as it is now."""
    if not packs:
        return None
    since = next((i for i in range(len(packs) - 1, 0, -1) if packs[i - 1][1] < packs[-1][1] - p.pack_same_kg), 0)
    return (as_of - packs[since][0]).days


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


def _best_mile_s(history: History, as_of: date, p: Parameters) -> float | None:
    """Fastest mile of the last half year, s."""
    first = as_of - timedelta(days=p.best_mile_days)
    best = None
    for s in reversed(history.sessions):
        if s.local_day < first:
            break
        if s.best_mile_s is not None and (best is None or s.best_mile_s < best):
            best = s.best_mile_s
    return best


def _load_per_min(matched: Sequence[MatchedSession], p: Parameters) -> float | None:
    """Median load of a minute of session, au."""
    known = ((m.session.load, m.session.total_min) for m in matched)
    return recent.median_of(
        (load / minutes if load and minutes > 0 else None for load, minutes in known), p.speeds_from
    )


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


def known_ids(sessions: Iterable[Session], as_of: date) -> list[str]:
    """The activities of the last 28 days: tells whether some arrived late. Sessions on foot, joined."""
    first = as_of - timedelta(days=KNOWN_DAYS - 1)
    return sorted(i for s in sessions if first <= s.local_day <= as_of for i in s.activity_ids)


def answers_known(history: History, as_of: date) -> int:
    """How many answers the last 28 days hold: tells whether some arrived late."""
    return sum(len(d.values) for d in symptoms.between(history.days, as_of - timedelta(days=KNOWN_DAYS - 1), as_of))


def health_known(history: History, as_of: date) -> str:
    """A short hash of what the last 28 days say of pain, illness and warning signs, and of what only files say of
    them: tells whether an answer was corrected, which their number does not show."""
    days = symptoms.between(history.days, as_of - timedelta(days=KNOWN_DAYS - 1), as_of)
    said = []
    for d in days:
        values, day = d.values, d.day.isoformat()
        said += [[day, key, values[key], key in d.held] for key in _HEALTH_IN_ORDER if key in values]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def felt_known(sessions: Iterable[Session], as_of: date) -> str:
    """A short hash of what was said of the sessions of the last 28 days: effort, talk test and feel."""
    first = as_of - timedelta(days=KNOWN_DAYS - 1)
    said = [[*s.activity_ids, s.rpe, s.talk, s.feel] for s in sessions if first <= s.local_day <= as_of]
    return hashlib.sha256(json.dumps(sorted(said, key=str)).encode()).hexdigest()[:16]


def knew_the_answers(told: Mapping[str, Any], history: History, sessions: Iterable[Session], as_of: date) -> bool:
    """Whether the answers of 28 days are still those that a plan of that day knew, by its facts; of a plan from before
    they were kept, whether they are as many. `sessions` on foot, joined."""
    many = answers_known(history, as_of) == told["known_answers"]
    if not many or ("known_health" in told and told["known_health"] != health_known(history, as_of)):
        return False
    return "known_felt" not in told or told["known_felt"] == felt_known(sessions, as_of)


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
