"""From published weeks to the memory they leave, folded again with what is known now.

Late files therefore count: the last weeks are folded anew for every plan (docs/policy.md).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from math import isfinite
from typing import Any

import numpy as np
from steadymile.models.athlete import Facts
from steadymile.models.physiology import symptoms
from steadymile.models.physiology.symptoms import Record
from steadymile.models.policy import ladder
from steadymile.models.policy.decide import earned_level, walk_to_pass_min
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.evidence import REFOLDED_WEEKS, Evidence
from steadymile.models.policy.memory import policy_memory as memory
from steadymile.models.policy.memory.policy_memory import Memory, Outcome
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.rules.breaks import gap_levels
from steadymile.models.policy.training.matching import monday_of, week_of
from steadymile.models.policy.training.scoring import Scored, credit_towards, stands_for_walk
from steadymile.models.session import History
from steadymile.models.weekplan import RUN_KINDS, Action, WeekPlan


@dataclass(frozen=True, slots=True)
class Start:
    """The memory, the entry it began from, and the day on which a stop was cleared last."""

    memory: Memory
    entry_level: int
    entry_on: date
    cleared_on: date | None


def fold(
    e: Evidence,
    plans: Sequence[WeekPlan],
    again: Callable[[WeekPlan, Memory], DecisionArrays | None] = lambda plan, m: None,
) -> tuple[Memory, date | None]:
    """The memory on a day from the last published weeks (ascending), and the day on which a stop was cleared last.
    `again` decides a week once more whose answers were corrected: the level that is kept follows from them, while what
    was prescribed stays what was lived."""
    plans, p = plans[-REFOLDED_WEEKS:], e.p
    by_week = {plan.week: plan for plan in plans}
    ran = [m.session.local_day for m in e.ran]
    m = Memory.from_scalars(dict(plans[0].state["memory"]))
    monday = monday_of(plans[0].week)
    m = with_standing(m, e.record, monday - timedelta(days=1), p, "injured" not in plans[0].state["memory"])
    cleared_on: date | None = None
    while monday <= e.as_of:
        name = week_of(monday)
        plan = by_week.get(name)
        if plan is not None:
            m = _closed_again(m, e.history, ran, monday, e.as_of, p)
            m = _after_published(m, plan, ran, p, again(plan, m))
        last = min(monday + timedelta(days=6), e.as_of)
        span = symptoms.span_of(e.record, monday, last, int(m.calm_days[0]), bool(m.pain_latched[0]), p)
        after = memory.after_week(m, _outcome(m, plan, e, monday, last, span), p)
        if name >= e.week:  # the week that is being planned has not been lived yet
            after = replace(
                after,
                credits=m.credits,
                credit_level=m.credit_level,
                low_weeks=m.low_weeks,
                days_at_level=m.days_at_level,
                quiet_days=m.quiet_days,
            )
        m = after
        cleared_on = span.cleared_on or cleared_on
        monday += timedelta(days=7)
    return m, cleared_on


def _after_published(
    m: Memory, plan: WeekPlan, ran: Sequence[date], p: Parameters, anew: DecisionArrays | None
) -> Memory:
    """The memory after a published week, which may have been decided `anew`."""
    after = memory.after_decision(m, _decided(m, plan, ran, p, anew))
    if anew is None:
        return after
    return replace(after, prev_back_off=anew.action == Action.BACK_OFF)  # eased by mistake is no reason to go slowly


def _closed_again(m: Memory, history: History, ran: Sequence[date], monday: date, as_of: date, p: Parameters) -> Memory:
    """The memory with the walk that opened running still due, where pain came in the first days of the week, before any
    run: the walk of the days before is then no walk without pain, though the week was planned with runs."""
    last = min(monday + timedelta(days=p.walk_calm_days - 1), as_of)
    sore = sore_days(history, monday, last, p) if bool(m.restart[0]) else set()
    if not sore or any(monday <= day <= min(sore) for day in ran):
        return m
    return replace(m, restart=np.full(1, False), walk_due=np.full(1, True))


def with_standing(m: Memory, record: Record, last: date, p: Parameters = IN_FORCE, old: bool = False) -> Memory:
    """The memory with what was told by a day and nothing has cleared, also where it arrived too late to be folded. An
    `old` one is from before injuries could settle."""
    open_ = symptoms.standing_on(record, last, p)
    if isfinite(p.settled_days):
        m = _as_known(_without_withdrawn(m, record, open_, last, p), record, open_, last, p, old)
    if not (open_.pain or open_.flag):
        return m
    # The memory of a plan made within a week already holds that week's calm days, which are folded again.
    calm = np.where(open_.pain, open_.calm_days, m.calm_days)
    return replace(
        m, pain_latched=m.pain_latched | open_.pain, flag_latched=m.flag_latched | open_.flag, calm_days=calm
    )  # fmt: skip


def _without_withdrawn(m: Memory, record: Record, standing: symptoms.Standing, last: date, p: Parameters) -> Memory:
    """The memory without a stop for strong pain of which no answer tells any more, for it was taken back: no walk is
    due for it. A week that was planned as a stop for a warning sign waits to be cleared."""
    if not m.pain_latched[0]:
        return m
    told = [d.values for d in record.days[: bisect_right(record.days, last, key=lambda d: d.day)]]
    hurt = standing.pain or any((symptoms.number(v, "pain") or 0.0) > p.pain_stop for v in told)
    return replace(m, pain_latched=m.pain_latched & hurt)


def _as_known(
    m: Memory, record: Record, standing: symptoms.Standing, last: date, p: Parameters, old: bool
) -> Memory:  # fmt: skip
    """The memory with the injury that stands, or has settled, by what is known now: also where an `old` one remembers
    it as a stop that only a professional's word ends, as up to version 3.2. A warning sign is no injury, and one that
    was taken back waits for that word."""
    settled = record.settled_on(last)
    stopped = bool(m.injured[0]) or (old and bool(m.flag_latched[0]))
    lifted = settled is not None and not standing.flag and stopped
    of_injury = old and (lifted or (standing.injured and not standing.flag))
    return replace(
        m,
        injured=np.full(1, standing.injured),
        flag_latched=m.flag_latched & (not of_injury),
        walk_weeks=np.full(1, memory.walk_weeks_after(record.times(last, p), p)) if lifted else m.walk_weeks,
    )


def _decided(
    m: Memory, plan: WeekPlan, run_days: Sequence[date], p: Parameters = IN_FORCE, anew: DecisionArrays | None = None
) -> DecisionArrays:
    """The published decision, with the earned level as it follows from the run days known now, and from the answers as
    they were corrected where it was decided `anew`."""
    d = decision_of(plan.state["decision"])
    ran = [day for day in run_days if day <= plan.as_of]
    gap = (plan.as_of - max(ran)).days if ran else int(plan.state["signals"]["days_since_run"])
    running = int(m.level[0]) >= ladder.J1 and int(m.track[0]) != ladder.WALK
    base = m.gap_base + gap_step(gap, p) if running else m.level
    by = d if anew is None else anew
    earned = earned_level(m.level, by.action, by.level, by.d_other, base, by.floor, m.top)
    return replace(d, earned=earned)


def gap_step(days: float, p: Parameters = IN_FORCE) -> int:
    """Levels that a pause of this many days costs, once."""
    if p.gap_slope and days >= p.gap_days[1]:
        return int(gap_levels(days, p)[1])
    if p.gap_days[0] <= days < p.gap_days[1]:
        return p.gap_earned[0] + p.gap_week_up
    return min((step for least, step in zip(p.gap_days, p.gap_earned) if days >= least), default=0)


def decision_of(stored: dict[str, Any]) -> DecisionArrays:
    """A stored decision as arrays of one athlete."""
    columns = {}
    for f in fields(DecisionArrays):
        value = stored.get(f.name, False if f.name == "around_goal" else None)
        columns[f.name] = np.array([np.nan if value is None else np.inf if value == "inf" else value])
    return DecisionArrays(**columns)


def _outcome(m: Memory, plan: WeekPlan | None, e: Evidence, monday: date, last: date, span: symptoms.Span) -> Outcome:
    """What happened from Monday to the last day of a week that is known, with what was said of health (`span`)."""
    history, p = e.history, e.p
    walking = int(m.k_last[0]) < ladder.J1 or int(m.track[0]) == ladder.WALK
    week = [s for s in e.scored if monday <= s.matched.session.local_day <= last]
    ours = [s for s in week if (s.matched.foot == "run") != walking or (walking and stands_for_walk(s, p))]
    level, share = (int(m.k_last[0]), 1.0) if plan is None else _level_asked(plan, int(m.track[0]), int(m.k_last[0]), p)
    since_clear = span.cleared_on or monday
    asked_min = float(walk_to_pass_min(m.track, m.level, p)[0])
    sore = sore_days(history, monday, min(last + timedelta(days=p.walk_calm_days), e.as_of), p)
    walks = [
        s for s in week
        if s.matched.session.local_day >= since_clear and s.matched.session.total_min >= p.complete * asked_min
        and (s.matched.session.run_min or 0.0) < 1.0
        and not any(0 <= (day - s.matched.session.local_day).days <= p.walk_calm_days for day in sore)
    ]  # fmt: skip
    return Outcome.make(
        1,
        credit=share * sum(credit_towards(s, walking, p) for s in week),
        credit_level=level,
        ran=any(s.matched.foot == "run" or walking for s in week),
        adherence=_adherence(plan, history, ours if plan is None or plan.sessions else week, last, e.as_of, span, p),
        pain_most=span.pain_most,
        calm_days=span.calm_days,
        red_flag=span.red_flag,
        cleared=span.cleared,
        ill=span.ill,
        ill_ended=span.ill_ended,
        held=held_back(history.athlete.facts(last)),
        injured=span.injured,
        settled=span.settled,
        times=span.times,
        walk_week=_walk_week(plan, week, history, monday, last, p),
        test_walk=bool(walks),
        days=float((last - monday).days + 1),
    )


def _level_asked(plan: WeekPlan, track: int, k_last: int, p: Parameters) -> tuple[int, float]:
    """The level that a week's sessions stand for, and how much of a session of it they count: the decision's in full,
    or what an override left of it. A week that a person made shorter counts by as much as its longest run holds of the
    decided one; below half of that it stands for the level which it carries. An established runner's week stands for
    where they are: its level says only what limits allowed."""
    level = max(int(plan.state["decision"]["level"]), k_last if plan.level == "E" else 0)
    share = lowered_share(plan)
    if share >= p.complete or level < ladder.J1:
        return level, 1.0
    if share >= p.lowered_share:
        return level, share
    longest = _longest_min(plan)
    carried = np.flatnonzero(p.complete * ladder.RUN_MIN[track] <= longest)
    return (min(level, int(carried[-1])) if carried.size else 0), 1.0


def lowered_share(plan: WeekPlan) -> float:
    """How much the longest run of a week that a person changed holds of the decided one, in minutes and in the bout
    that is run without a break, whichever is less; 1 where nobody lowered it."""
    decided = plan.state["decision"]
    if plan.override is None or float(decided["run_min"]) <= 0:
        return 1.0
    bout = max((s.run_s for q in plan.planned if q.kind in RUN_KINDS for s in q.steps), default=0) / 60.0
    shares = [_longest_min(plan) / float(decided["run_min"])]
    if float(decided["bout_min"]) > 0 and plan.level != "E":
        shares.append(bout / float(decided["bout_min"]))
    return min(1.0, *shares)


def lowered_weeks(weeks: Sequence[WeekPlan], p: Parameters = IN_FORCE) -> list[float] | None:
    """How many of the newest weeks in a row a person made shorter; of the newest, to which share of the minutes of its
    longest run, and how much of a session it counts. None for none."""
    count = 0
    for plan in reversed(weeks):
        if "decision" not in plan.state or lowered_share(plan) >= min(1.0, p.complete):
            break
        count += 1
    if not count:
        return None
    newest = weeks[-1]
    minutes = min(1.0, _longest_min(newest) / float(newest.state["decision"]["run_min"]))
    return [float(count), round(minutes, 3), round(lowered_share(newest), 3)]


def _longest_min(plan: WeekPlan) -> float:
    return max((q.run_min for q in plan.planned if q.kind in RUN_KINDS), default=0.0)


def held_back(facts: Facts) -> bool:
    """Whether a health question was answered with yes and no doctor has agreed to running since."""
    return bool(facts.screening) and not facts.cleared


def sore_days(history: History, first: date, last: date, p: Parameters = IN_FORCE) -> set[date]:
    """Days on which more than mild pain was told, or that it was worse in the morning."""
    days = symptoms.between(history.days, first, last)
    return {
        d.day
        for d in days
        if (symptoms.number(d.values, "pain") or 0.0) > p.pain_block or d.values.get("pain_next_morning") == "worse"
    }


def _walk_week(
    plan: WeekPlan | None, week: Sequence[Scored], history: History, monday: date, last: date, p: Parameters
) -> bool:
    """Whether the walks of a whole week were done, on several days, and little pain was reported in the person's own
    word: what leads on from an injury that settled."""
    asked = [q.minutes for q in plan.planned if q.kind == "walk"] if plan is not None else []
    if not asked or last < monday + timedelta(days=6):
        return False
    walks, answers, sore = walked_and_said(week, history, monday, last, p.complete * min(asked), p)
    return walks >= p.settled_walks and answers >= p.settled_answers and not sore


def walked_and_said(
    scored: Sequence[Scored], history: History, first: date, last: date, least_min: float, p: Parameters
) -> tuple[int, int, bool]:
    """On how many days from first to last a walk of so many minutes was done, on how many pain was reported in the
    person's own word, and whether any that was reported, by a file too, was more than little."""
    done = {
        s.matched.session.local_day for s in scored
        if s.matched.foot == "walk" and s.matched.session.total_min >= least_min
    }  # fmt: skip
    days = symptoms.between(history.days, first, last)
    told = [d for d in days if symptoms.number(d.values, "pain") is not None]
    sore = any((symptoms.number(d.values, "pain") or 0.0) > p.pain_block for d in told)
    sore = sore or any(symptoms.hurts_again(d.values, p) for d in days)
    walked = sum(first <= day <= last for day in done)
    return walked, sum("pain" not in d.held for d in told), sore


def _last_file(history: History, last: date) -> date | None:
    """The day of the newest file by a day."""
    if history.last_file_day is not None and history.last_file_day <= last:
        return history.last_file_day
    found = bisect_right(history.sessions, last, key=lambda s: s.local_day)
    return history.sessions[found - 1].local_day if found else None


def _adherence(
    plan: WeekPlan | None,
    history: History,
    ours: Sequence[Scored],
    last: date,
    as_of: date,
    span: symptoms.Span,
    p: Parameters = IN_FORCE,
) -> float:
    """Share of planned sessions done; NaN where the week says nothing: no or too short a plan, stop, illness,
    a week that is not over, a watch that has not synced."""
    if plan is None or plan.action == Action.STOP or span.ill or span.ill_ended:
        return np.nan
    start = date.fromisoformat(str(plan.state["facts"]["start"]))
    end = monday_of(plan.week) + timedelta(days=6)
    if last < end or (end - start).days + 1 < p.full_week_days:
        return np.nan
    # Judged by what had come by the end of that week, so that looking back later judges it alike.
    file_day = _last_file(history, last)
    if file_day is not None and file_day < monday_of(plan.week) and (last - file_day).days < p.silence_days:
        return np.nan
    walked = (ours and ours[0].matched.session.foot == "walk") or not plan.sessions
    kinds = ("walk",) if walked else RUN_KINDS
    planned = sum(1 for s in plan.planned if s.kind in kinds and not plan.kept_out(s.day))
    if not planned:
        return np.nan
    replaced = kinds == ("walk",) and not plan.sessions
    done = sum(1 for s in ours if s.matched.planned is not None or (replaced and stands_for_walk(s, p)))
    return min(1.0, done / planned)
