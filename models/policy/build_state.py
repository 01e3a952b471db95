"""The state of one athlete on a day, from the history as of that day only: what the policy decides from.

Everything a week is built from ends up in `State.stored()`, plain JSON values, so that any published week can be
decided again to the identical result.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from steadymile.models.athlete import Facts
from steadymile.models.physiology import symptoms
from steadymile.models.physiology.fatigue_index import Fatigue, fatigue_of, resting_rate_alarm
from steadymile.models.physiology.symptoms import Record
from steadymile.models.policy import ladder
from steadymile.models.policy.caps import session_cap, week_cap
from steadymile.models.policy.decide import decide
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.draw import drawn_steps
from steadymile.models.policy.habit import usual_on_days_min
from steadymile.models.policy.memory import policy_memory as memory
from steadymile.models.policy.memory.policy_memory import Memory
from steadymile.models.policy.memory.replay_weeks import (
    REFOLDED_WEEKS,
    SCORED_DAYS,
    Scored,
    Start,
    could_not_talk,
    decision_of,
    fold,
    held_back,
    score,
    sore_days,
    with_standing,
)
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.state import DEFAULTS, StateArrays
from steadymile.models.policy.training import completion, recent
from steadymile.models.policy.training.matching import MatchedSession, join, latest, match, monday_of, week_of
from steadymile.models.policy.training.pauses import days_since, floor_of_pause, most_after_pain, most_after_pause
from steadymile.models.policy.training.placement import Entry, entry_of, track_of
from steadymile.models.policy.training.recent import Maxima, maxima_of
from steadymile.models.session import Day, History, Session, sessions_between
from steadymile.models.week.goals import needed_m, recovery_share, taper_share, top_level
from steadymile.models.week.layout_inputs import (
    KNOWN_DAYS,
    easy_heart_rate,
    facts_for_texts,
    first_mile_on,
    knew_the_answers,
    known_ids,
    latest_weight,
    published_before,
)
from steadymile.models.weekplan import RUN_KINDS, Action, PlannedSession, WeekPlan

LOOK_BACK_DAYS, LOOK_BACK_NEW_DAYS, LOOK_BACK_HABIT_DAYS = 63, 98, 7 * recent.WEEKS_BACK
FIRST_LOOK_DAYS = 60
SIGN = "sign@"
"""How the end of running for a warning sign is marked in a week under way, with the day of the sign."""
_TOLD_MIN = frozenset({"run_min", "walk_min"})
_USUAL = ("usual_week_min", "usual_long_min", "usual_session_min", "usual_days", "max_runs")


@dataclass(frozen=True, slots=True)
class State:
    """What the policy sees (`signals`), what it remembers (`memory`) and what the week's texts need (`facts`)."""

    signals: StateArrays
    memory: Memory
    facts: Mapping[str, Any]

    def stored(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"signals": self.signals.scalars(), "memory": self.memory.scalars(), "facts": dict(self.facts)}

    @classmethod
    def from_stored(cls, values: Mapping[str, Any]) -> State:
        """The inverse of `stored`."""
        return cls(
            StateArrays.from_scalars(dict(values["signals"])),
            Memory.from_scalars(dict(values["memory"])),
            dict(values["facts"]),
        )


def target_week(as_of: date, weeks: Sequence[WeekPlan]) -> tuple[str, str]:
    """The week that a plan made on a day is for, and whether it is `frozen` or `provisional`.

    The first run on or after Sunday freezes the coming week, a later first run the current one; anything earlier is
    provisional.
    """
    coming = week_of(as_of + timedelta(days=7 - as_of.weekday()))
    if as_of.isoweekday() == 7:
        return coming, "frozen"
    current = week_of(as_of)
    if any(w.week == current and w.status == "frozen" and w.as_of <= as_of for w in weeks):
        return coming, "provisional"
    return current, "frozen"


def state_of(
    history: History,
    as_of: date,
    week: str | None = None,
    parameters: Parameters = IN_FORCE,
    before: Memory | None = None,
) -> State:
    """The state on a day, for planning `week` (default: the target week of that day). Later rows change nothing.
    `before` is the memory on that day, where somebody has folded it already."""
    history = _until(history, as_of)
    week = week or target_week(as_of, history.weeks)[0]
    facts = history.athlete.facts(as_of)
    published, matched = _followed(history, as_of, week, parameters)
    entry = entry_of(matched, facts, as_of, parameters)
    since = _scored_from(published, as_of)
    scored = score([m for m in matched if m.session.local_day >= since], parameters)
    record = symptoms.record_of(history.days, parameters)
    if stopped := _signs(history.weeks):
        record = replace(record, stopped=stopped)
    fatigue = fatigue_of(history, as_of, record.high)
    start = _memory(history, record, published, scored, matched, entry, facts, as_of, week, parameters, before)
    remembered = start.memory
    maxima = maxima_of(matched, as_of, parameters)
    first_mile = first_mile_on(history)
    signals = _signals(
        history,
        record,
        facts,
        remembered,
        start.cleared_on,
        matched,
        scored,
        maxima,
        fatigue,
        first_mile,
        as_of,
        week,
        parameters,
    )
    told = facts_for_texts(
        history,
        facts,
        matched,
        scored,
        maxima,
        entry,
        start,
        fatigue,
        as_of,
        week,
        first_mile,
        record,
        parameters,
    )
    return State(memory.state(remembered, parameters, **signals), remembered, told)


def knew_all(told: Mapping[str, Any], history: History, as_of: date, p: Parameters = IN_FORCE) -> bool:
    """Whether a plan of that day, by its facts, knew all that is known now of the 28 days before it."""
    history = _until(history, as_of)
    first = as_of - timedelta(days=KNOWN_DAYS + 1)  # two days more, for files of one session around midnight
    sessions = list(sessions_between(history.sessions, first, as_of))
    joined = join(told_sessions(sessions, symptoms.between(history.days, first, as_of)), p)
    return bool(known_ids(joined, as_of) == told["known_ids"]) and knew_the_answers(told, history, joined, as_of)


def _followed(history: History, as_of: date, week: str, p: Parameters) -> tuple[list[WeekPlan], list[MatchedSession]]:
    """The weeks published before `week`, and the sessions up to a day with what was planned for them."""
    known = latest(history.weeks)
    published = [w for name, w in sorted(known.items()) if name < week and w.as_of <= as_of]
    under_way = [known[week]] if week in known and known[week].as_of < as_of else []
    return published, _matched(history, published, under_way, as_of, p)


def _until(history: History, as_of: date) -> History:
    """The history without anything dated later."""
    sessions, days = history.sessions, history.days
    if sessions and sessions[-1].local_day > as_of:
        sessions = tuple(s for s in sessions if s.local_day <= as_of)
    if days and days[-1].day > as_of:
        days = days[: bisect_right(days, as_of, key=lambda d: d.day)]
    weeks = history.weeks
    if any(w.as_of > as_of for w in weeks):
        weeks = tuple(w for w in weeks if w.as_of <= as_of)
    last_file = history.last_file_day
    if last_file is not None and last_file > as_of:
        last_file = sessions[-1].local_day if sessions else None
    return replace(history, sessions=sessions, days=days, weeks=weeks, last_file_day=last_file)


def _signs(weeks: Sequence[WeekPlan]) -> tuple[date, ...]:
    """The days of the warning signs for which weeks were planned without running, or stopped within."""
    found = {w.state["facts"].get("sign_on") for w in weeks if "facts" in w.state}
    for w in weeks:
        marks = (str(c.get("for", "")) for c in w.state.get("changes", ()) if c["do"] == "act")
        found |= {mark.removeprefix(SIGN) for mark in marks if mark.startswith(SIGN)}
    return tuple(sorted(date.fromisoformat(day) for day in found - {None}))


def _scored_from(published: Sequence[WeekPlan], as_of: date) -> date:
    """The first day whose sessions are scored: that of the oldest week that is folded, however long ago it was."""
    first = as_of - timedelta(days=SCORED_DAYS - 1)
    return min([first, *(monday_of(p.week) for p in published[-REFOLDED_WEEKS:])])


def _matched(
    history: History, published: Sequence[WeekPlan], under_way: Sequence[WeekPlan], as_of: date, p: Parameters
) -> list[MatchedSession]:
    """Recent sessions with the planned ones they fulfil; further back to the last run when it is long ago, and to the
    weeks that are folded. Sessions of the week `under_way` belong to its own plan."""
    new = not published or (as_of - published[0].as_of).days <= p.entry_open_days
    back = LOOK_BACK_NEW_DAYS if new else LOOK_BACK_DAYS
    if _was_established(published):
        back = LOOK_BACK_HABIT_DAYS
    first = min(as_of - timedelta(days=back), _scored_from(published, as_of))
    last_run = next((s.local_day for s in reversed(history.sessions) if s.kind == "run"), None)
    sessions = list(sessions_between(history.sessions, first, as_of))
    if last_run is not None and (month := last_run - timedelta(days=p.longest_days)) < first:
        before = sessions_between(history.sessions, month, first - timedelta(days=1))
        sessions = [*before, *sessions]
    sessions = told_sessions(sessions, symptoms.between(history.days, first, as_of))
    current = _stand_in(published[-1]) if published else None
    return match(sessions, [*published, *under_way], current, p)


def told_sessions(sessions: list[Session], days: Sequence[Day]) -> list[Session]:
    """The sessions with those that were only told (run or walked without a watch) put in their place."""
    told = []
    for d in days:
        if _TOLD_MIN.isdisjoint(d.values):
            continue
        for kind in ("run", "walk"):
            minutes = symptoms.number(d.values, f"{kind}_min")
            if not minutes or any(s.local_day == d.day and s.kind == kind for s in sessions):
                continue
            told.append(
                Session(
                    f"told-{kind}-{d.day.isoformat()}", datetime.combine(d.day, time(12), UTC), d.day, kind,
                    moving_s=minutes * 60.0, running_s=minutes * 60.0 if kind == "run" else 0.0,
                    rpe=symptoms.number(d.values, "rpe"),
                )
            )  # fmt: skip
    return sorted((*sessions, *told), key=lambda s: s.started_at) if told else sessions


def _stand_in(plan: WeekPlan) -> PlannedSession | None:
    """The session that unplanned weeks are compared with: the last plan's first run, else its first walk."""
    return next((p for kinds in (RUN_KINDS, ("walk",)) for p in plan.planned if p.kind in kinds), None)


def _memory(
    history: History,
    record: Record,
    published: Sequence[WeekPlan],
    scored: Sequence[Scored],
    matched: Sequence[MatchedSession],
    entry: Entry,
    facts: Facts,
    as_of: date,
    week: str,
    p: Parameters,
    before: Memory | None,
) -> Start:
    """The memory on a day: the entry at first, then the published weeks folded again with what is known now."""
    lately = [plan for plan in published if "memory" in plan.state][-REFOLDED_WEEKS:]
    with_memory = _of_one_goal(lately)
    if not with_memory:
        first = memory.initial(1, entry.level, entry.track, entry.top)
        span = symptoms.span_of(record, as_of - timedelta(days=FIRST_LOOK_DAYS), as_of, p=p)
        outcome = memory.Outcome.make(
            1, held=held_back(facts), pain_most=span.pain_most, calm_days=span.calm_days,
            red_flag=span.red_flag, cleared=span.cleared,
            ill=span.ill, ill_ended=span.ill_ended, injured=span.injured, settled=span.settled,
            times=span.times, days=0.0,
        )  # fmt: skip
        m = with_standing(memory.after_week(first, outcome, p), record, as_of, p)
        return Start(m, entry.level, as_of, span.cleared_on)
    origin = with_memory[-1].state["facts"]
    plans, stands = _known_by(with_memory, history, matched)
    if plans[0] is not lately[0] and plans[0] is with_memory[0] and not stands:
        plans = [_of_another_goal(plans[0], history, p), *plans[1:]]
    ran = [m.session.local_day for m in recent.runs(matched)]
    again = _decided_anew(plans[stands:], history, matched, p)
    folded, cleared_on = fold(history, record, plans, scored, ran, as_of, week, p, again)
    if before is not None:
        folded = before
    entry_level, entry_on = int(origin["entry_level"]), date.fromisoformat(origin["entry_on"])
    if (as_of - entry_on).days <= p.entry_open_days:
        folded, entry_level = _late_entry(folded, matched, facts, entry_level, entry_on, p)
    walked = int(folded.track[0]) == ladder.WALK
    left = _left_running(published, entry) if ran and walked else None
    since = float((as_of - max(ran)).days) if ran else np.inf
    on_goal = _on_goal(folded, facts, recent.speeds_of(matched, p)[0], left, since, p)
    return Start(on_goal, entry_level, entry_on, cleared_on)


def _of_one_goal(plans: Sequence[WeekPlan]) -> list[WeekPlan]:
    """The newest plans in a row that led to the same goal: levels of another way cannot be folded into this one."""
    if not plans:
        return []

    def goal(p: WeekPlan) -> tuple[Any, Any]:
        return p.state["memory"]["track"], p.state["facts"]["goal"]

    now = goal(plans[-1])
    other = next((i for i in reversed(range(len(plans))) if goal(plans[i]) != now), -1)
    return list(plans[other + 1 :])


def _of_another_goal(first: WeekPlan, history: History, p: Parameters) -> WeekPlan:
    """The first plan of a new goal, with the memory that it would have had if all had been known of the weeks before
    that is known now: they are folded along their own way, and lead on from there."""
    earlier = replace(history, weeks=tuple(w for w in history.weeks if w.week < first.week))
    known = state_of(earlier, first.as_of, first.week, p).memory
    return replace(first, state={**first.state, "memory": known.scalars()})


def _known_by(
    plans: Sequence[WeekPlan], history: History, matched: Sequence[MatchedSession]
) -> tuple[Sequence[WeekPlan], bool]:
    """The plans to fold again: from the newest that knew all that is known now of its own past. Its memory holds what
    older ones could not know yet. And whether there is such a one, or the oldest stands for want of it."""
    folded = plans[-REFOLDED_WEEKS:]
    newest = next((i for i in reversed(range(len(folded))) if _nothing_late(folded[i], history, matched)), None)
    return folded[newest or 0 :], newest is not None


def _nothing_late(newest: WeekPlan, history: History, matched: Sequence[MatchedSession]) -> bool:
    """Whether the newest plan knew all that is known now of the 28 days before it: then its memory stands."""
    told, sessions = newest.state["facts"], [m.session for m in matched]
    same = bool(known_ids(sessions, newest.as_of) == told["known_ids"])
    return same and knew_the_answers(told, history, sessions, newest.as_of)


def _decided_anew(
    plans: Sequence[WeekPlan], history: History, matched: Sequence[MatchedSession], p: Parameters
) -> Callable[[WeekPlan, Memory], DecisionArrays | None]:
    """What a published week would have been with the answers as they are known now, given the memory before it: for
    those whose answers, and nothing else, were corrected since. None for every other."""
    sessions = [m.session for m in matched]
    corrected = {
        plan.week
        for plan in plans
        if plan.as_of == monday_of(plan.week) - timedelta(days=1)
        and known_ids(sessions, plan.as_of) == plan.state["facts"]["known_ids"]
        and "known_felt" in plan.state["facts"]
        and not knew_the_answers(plan.state["facts"], history, sessions, plan.as_of)
    }

    def again(plan: WeekPlan, before: Memory) -> DecisionArrays | None:
        if plan.week not in corrected:
            return None
        return decide(state_of(history, plan.as_of, plan.week, p, before).signals, parameters=p)

    return again


def _late_entry(
    m: Memory, matched: Sequence[MatchedSession], facts: Facts, entry_level: int, entry_on: date, p: Parameters
) -> tuple[Memory, int]:
    """Years of files that arrive after the first plan still count for where someone enters."""
    before = [x for x in matched if x.session.local_day <= entry_on]
    if not before or (seen := entry_of(before, facts, entry_on, p)).level <= entry_level:
        return m, entry_level
    known = seen.level
    up = known - entry_level
    if seen.track != int(m.track[0]) and int(m.level[0]) <= ladder.M7:
        m = replace(m, track=np.full(1, seen.track), top=np.full(1, seen.top))
    most = m.top
    return replace(
        m,
        level=np.minimum(m.level + up, most),
        k_last=np.minimum(m.k_last + up, most),
        gap_base=np.minimum(m.gap_base + up, most),
        run_last_min=np.full(1, np.inf),
        bout_last_min=np.full(1, np.inf),
        week_last_min=np.full(1, np.inf),
    ), known


def _left_running(published: Sequence[WeekPlan], entry: Entry) -> Memory:
    """Where who walked for a while left running: at what the runs of before carry, and never above what the last plan
    with another goal than walking left, so that a week of walks is no way around steps down."""
    carried = memory.initial(1, entry.level, entry.track, entry.top)
    plans = (p for p in reversed(published) if p.state.get("memory", {}).get("track", ladder.WALK) != ladder.WALK)
    last = next(plans, None)
    if last is None:
        return carried
    left = memory.after_decision(Memory.from_scalars(last.state["memory"]), decision_of(last.state["decision"]))
    most = np.array([entry.level if int(left.track[0]) == entry.track else min(entry.level, ladder.M7)])
    level, last_level, base = (np.minimum(x, most) for x in (left.level, left.k_last, left.gap_base))
    return replace(carried, level=level, k_last=last_level, gap_base=base)


def _on_goal(
    m: Memory,
    facts: Facts,
    run_speed_m_s: float | None,
    left: Memory | None = None,
    since_run_days: float = np.inf,
    p: Parameters = IN_FORCE,
) -> Memory:
    """The memory on the track of today's goal: a changed goal keeps the level as far as the new track knows it. Who
    walked for a while and wants to run again goes on from the runs of before (`left`, see `_left_running`), as
    after a pause of that length; after a stop since the last run, as in the first week after every stop."""
    if facts.goal is None:  # nothing asks for another way than the one they are on
        return m
    track, top = track_of(facts.goal)[0], top_level(facts.goal, run_speed_m_s, p)
    if int(m.track[0]) == track and int(m.top[0]) == top:
        return m
    old = int(m.track[0])
    if old == ladder.WALK and left is not None and int(left.level[0]) > 1:
        unused = (m.quiet_days < since_run_days) & ~(m.stop_latched | m.injured | m.walk_due | (m.walk_weeks > 0))
        return replace(
            m, track=np.array([track]), top=np.maximum(top, left.level), level=left.level, k_last=left.k_last,
            gap_base=left.gap_base, credits=np.zeros_like(m.credits), run_last_min=left.run_last_min,
            bout_last_min=left.bout_last_min, week_last_min=left.week_last_min, restart=m.restart | unused,
            quiet_days=np.where(unused, 0.0, m.quiet_days),
        )  # fmt: skip

    def moved(index: int) -> int:
        if old == track:
            return min(index, max(top, index))
        if ladder.WALK in (old, track):
            return min(index, 1)
        return min(index, ladder.M7)

    level, last, base = (moved(int(x[0])) for x in (m.level, m.k_last, m.gap_base))
    return replace(
        m, track=np.array([track]), top=np.array([max(top, level)]), level=np.array([level]),
        k_last=np.array([last]), gap_base=np.array([base]),
    )  # fmt: skip


def _signals(
    history: History,
    record: Record,
    facts: Facts,
    m: Memory,
    cleared_on: date | None,
    matched: Sequence[MatchedSession],
    scored: Sequence[Scored],
    maxima: Maxima,
    fatigue: Fatigue,
    first_mile: date | None,
    as_of: date,
    week_planned: str,
    p: Parameters,
) -> dict[str, Any]:
    week = [s for s in scored if s.matched.session.local_day > as_of - timedelta(days=7)]
    walking = int(m.level[0]) < ladder.J1 or int(m.track[0]) == ladder.WALK
    kind = "walk" if walking else "run"
    ours = [s for s in week if s.matched.foot == kind or s.matched.foot == "run"]
    felt = [s for s in ours if not _meant_hard(s, facts)]
    pain = symptoms.pain_of(history.days, as_of, cleared_on, p)
    bad_times, bad_days_ago = symptoms.bad_pain_of(record, as_of, p)
    since = days_since(matched, history.weeks, kind, as_of)
    ran = recent.runs(matched)
    floor_session, floor_bout, floor_week = floor_of_pause(ran, history.weeks, record, as_of, p)
    established = _was_established([w for w in history.weeks if w.week < week_planned])
    weeks = history.weeks[-recent.WEEKS_BACK * 4 :]
    habit = None if walking else recent.habit_of(matched, as_of, established, _eased(weeks, p), _asked(weeks), p)
    speeds = recent.speeds_of(matched, p)
    most_session, most_bout, most_week = most_after_pain(ran, record, as_of, p)
    most_week = min(most_week, most_after_pause(ran, history.weeks, as_of, p))
    session_max = min(max(maxima.session_min, floor_session), most_session)
    bout_max = min(max(maxima.bout_min, floor_bout), most_bout)
    body = history.body
    efforts = [s.matched.session.rpe for s in felt if s.matched.session.rpe is not None]
    known: dict[str, Any] = {
        "comfort": float(np.mean([s.comfort for s in felt])) if felt else DEFAULTS["comfort"],
        "gate": bool(felt[-1].gate) if felt else False,
        "answered": any(s.answered for s in felt) and not any(s.hard for s in felt),
        "effort_mean": float(np.mean(efforts)) if efforts else 0.0,
        "no_talk": float(sum(could_not_talk(s, p) for s in felt)),
        "raised_days": float(sum(day > as_of - timedelta(days=7) for day in record.high[-7:])),
        "crashed": any(
            d.values.get("after_effort") == "worse"
            for d in symptoms.between(history.days, as_of - timedelta(days=p.crashed_days - 1), as_of)
        ),
        "referral": symptoms.code_of(record, as_of),
        "rate_raised": resting_rate_alarm(history.days, as_of),
        "fat_upper": float(fatigue.upper),
        "coverage": float(fatigue.coverage),
        "pain": pain.worst,
        "pain_persist": pain.persists,
        "calm_answers": float(symptoms.calm_answers(history.days, as_of, p)) if bool(m.injured[0]) else 0.0,
        "pain_weeks": float(symptoms.pain_weeks(history.days, as_of, p)),
        "bad_times": float(bad_times),
        "bad_days_ago": bad_days_ago,
        "red_flag": bool(m.flag_latched[0]),
        "needs_clearance": held_back(facts),
        "unsynced": _unsynced(history, as_of, p),
        "days_since_run": float(since),
        "walk_ok": _walk_ok(matched, history, as_of, p),
        "sessions_7d": float(len(week)),
        "overshoot": _overshoot(matched, history, record, as_of, p),
        "session_max_min": session_max,
        "bout_max_min": bout_max,
        "distance_max_m": _farthest_m(maxima, session_max, speeds, _walked_min(m, habit is not None)) if ran else 0.0,
        "week_best_min": min(max(maxima.week_min, floor_week), most_week),
        "mile_done": first_mile is not None,
        "heavy_first_week": _heavy(facts, history, p) and (not ran or (as_of - ran[0].session.local_day).days < 7),
        "careful": (habit is None and _careful(facts, history, as_of, p)) or record.remembers_injury(as_of, p),
        "max_runs": float(most_runs(facts, habit is not None or int(m.level[0]) > ladder.M4 - 1, p)),
        "gain_mean_4w_m": _gain_mean(matched, as_of),
        "descent_max_30d_m": maxima.descent_m,
        "vt1": body.vt1_mean,
        "heart_rate_rest_bpm": np.nan if body.heart_rate_rest_bpm is None else body.heart_rate_rest_bpm,
        "heart_rate_max_bpm": np.nan if body.heart_rate_max_bpm is None else body.heart_rate_max_bpm,
    }
    if habit is not None:
        known |= _of_habit(habit, facts, easy_heart_rate(ran, as_of, p))
    before = published_before(history, week_planned)
    known["shown_last_min"] = np.inf if before is None else float(before.run_min)
    carries = habit is not None or _carries(facts, session_max, speeds[0], p)
    away = p.day_off and (_on_way_back(m, p) or held_back(facts) or since >= p.gap_days[1])
    known |= {
        "taper_share": 1.0 if away else _taper(facts, carries, week_planned, p),
        "recovery_share": _recovery(history, matched, facts, carries, bool(away), speeds[0], week_planned, p),
        "fit_share": completion.fit_share(matched, as_of, _fitted(history.weeks), p),
        "drawn_steps": drawn_steps(history.athlete.athlete_id, week_planned, facts.randomise),
    }
    for name, speed in zip(("run_speed_m_s", "walk_speed_m_s"), speeds):
        if speed is not None:
            known[name] = speed
    return known


def _of_habit(habit: recent.Habit, facts: Facts, easy_rate_bpm: float | None) -> dict[str, Any]:
    """What an established runner's week rests on. Without a goal nothing asks for more than what is run."""
    goal = facts.goal if facts.goal in ladder.TOP else None
    return {
        "easy_rate_bpm": np.nan if easy_rate_bpm is None else easy_rate_bpm,
        "established": True, "usual_session_min": habit.session_min, "usual_long_min": habit.long_min,
        "usual_week_min": habit.week_min, "usual_days": float(habit.days),
        "week_top_min": ladder.WEEK_TOP_MIN[goal] if goal else 0.0,
        "long_top_min": ladder.LONG_TOP_MIN[goal] if goal else 0.0,
    }  # fmt: skip


def _meant_hard(s: Scored, facts: Facts) -> bool:
    """Whether a run was a test or the goal's own day: that it felt hard says nothing of the training."""
    planned = s.matched.planned
    return (planned is not None and planned.kind == "test") or s.matched.session.local_day == facts.goal_date


def _unsynced(history: History, as_of: date, p: Parameters) -> bool:
    """Whether nothing has arrived lately, from the watch or from the person, though not for so long that nobody knows
    anything any more."""
    last = max((d for d in (history.last_file_day, _last_answer(history)) if d is not None), default=None)
    if history.last_file_day is None or last is None:
        return False
    return p.unsynced_days <= (as_of - last).days < p.silence_days


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


def _recovery(
    history: History,
    matched: Sequence[MatchedSession],
    facts: Facts,
    carries: bool,
    away: bool,
    speed_m_s: float | None,
    week: str,
    p: Parameters,
) -> float:
    """The share of its running that a week after the goal's day keeps: there is something to recover from only where
    much of the distance was covered on it, or the day before or after. Until a session after it is known, and where
    somebody told how one felt on it that no recording shows, it is taken to have been run, but for who is `away`."""
    goal, day = facts.goal or "", facts.goal_date
    share = recovery_share(goal, day, monday_of(week), p)
    if day is None or share >= 1.0 or not p.taper_reach or (carries and not p.recovery_ran):
        return share
    around = timedelta(days=int(p.recovery_ran))
    near = [m for m in matched if day - around <= m.session.local_day <= day + around]
    if not p.recovery_ran:
        far_m = max((_ran_m(m, speed_m_s) for m in recent.runs(near)), default=0.0)
        return share if far_m >= p.taper_reach * needed_m(goal, p) else 1.0
    on_days: dict[date, float] = {}
    for m in near:
        on_days[m.session.local_day] = on_days.get(m.session.local_day, 0.0) + _ran_m(m, speed_m_s)
    if max(on_days.values(), default=0.0) >= p.taper_reach * needed_m(goal, p):
        return share
    felt = symptoms.between(history.days, day - around, day + around)
    told = {d.day for d in felt if {"rpe", "talk_test"} & set(d.values)} - set(on_days)
    unheard = bool(told) or max((m.session.local_day for m in matched), default=day) <= day
    return share if carries and unheard and not away else 1.0


def _ran_m(m: MatchedSession, speed_m_s: float | None) -> float:
    """Metres on foot, of a run by the athlete's own speed where it tells none; without either it may have been any
    distance."""
    if m.session.distance_m or m.foot != "run":
        return m.session.distance_m or 0.0
    return float(np.inf) if speed_m_s is None else 60.0 * speed_m_s * (m.run_min or 0.0)


def _farthest_m(
    maxima: Maxima, session_max_min: float, speeds: tuple[float | None, float | None], walked_min: float
) -> float:
    """Metres that the distance limit rests on, in the unit of what it limits: the farthest run, or what the longest
    comes to at the athlete's own speeds, with the walking that was planned around it, recorded or not. Where a speed is
    not known, what is planned cannot be measured and nothing limits it."""
    run_speed, walk_speed = speeds
    if maxima.distance_m is None or run_speed is None:
        return float(np.inf)
    walked_m_s = StateArrays.make(1).walk_speed_m_s[0] if walk_speed is None else walk_speed
    return max(maxima.distance_m, 60.0 * (session_max_min * run_speed + walked_min * float(walked_m_s)))


def _walked_min(m: Memory, usual: bool) -> float:
    """Minutes walked in the longest session prescribed last: before, between and after its bouts."""
    if usual:
        return 0.0
    prescribed = bool(np.isfinite(m.run_last_min[0]))
    breaks = float(ladder.BREAKS_MIN[int(m.track[0]), int(m.k_last[0])]) if prescribed else 0.0
    return 2.0 * ladder.WARM_MIN + breaks


def _overshoot(matched: Sequence[MatchedSession], history: History, record: Record, as_of: date, p: Parameters) -> bool:
    """Whether a session of the last 7 days, or those days together, went over 1.1 times the caps in force before."""
    before = as_of - timedelta(days=7)
    ran = recent.runs(recent.window(matched, before + timedelta(days=1), as_of))
    known = recent.runs(m for m in matched if m.session.local_day <= before)
    if not ran or not known:
        return False  # nothing was known before the first week, so nothing was exceeded
    # Held against what the body has really done: the same again, though more than planned, is no new spike.
    in_full = [replace(m, counted=1.0, week_counted=1.0) if m.counted < 1.0 else m for m in known]
    earlier = maxima_of(in_full, before, p)
    floor, _, floor_week = floor_of_pause(known, history.weeks, record, before, p)
    session = session_cap(max(earlier.session_min, floor), p)
    week = week_cap(max(earlier.week_min, floor_week), p)
    for w in history.weeks[-4:]:
        if "decision" in w.state and before - timedelta(days=6) <= monday_of(w.week) <= as_of:
            session = max(session, w.state["decision"]["session_cap_min"])
            week = max(week, w.state["decision"]["week_cap_min"])
    longest = max(m.loaded_min or 0.0 for m in ran)
    total = sum(m.loaded_min or 0.0 for m in ran)
    return bool(longest > p.overshoot_ratio * session or total > p.overshoot_ratio * week)


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


def most_runs(facts: Facts, free_to_double: bool, p: Parameters = IN_FORCE) -> int:
    """Run days that a week can hold: free days, never next to each other unless `free_to_double`, one day of rest."""
    free = tuple(sorted(set(facts.days_free or range(1, 8))))
    most = len(free) if free_to_double else _apart(free)
    most = min(most, p.run_days_most)
    return max(1, most if facts.max_run_days is None else min(most, facts.max_run_days))


def _apart(free: tuple[int, ...]) -> int:
    """The most days of which no two are neighbours, Sunday and Monday included."""
    best = 1
    for first in free:
        last, count = first, 1
        for day in free:
            if day > last + 1 and day - first != 6:
                last, count = day, count + 1
        best = max(best, count)
    return best


def _heavy(facts: Facts, history: History, p: Parameters) -> bool:
    """Whether the body-mass index is high, from the latest weight."""
    bmi = _bmi(facts, history, p)
    return bmi is not None and bmi >= p.heavy_bmi


def _careful(facts: Facts, history: History, as_of: date, p: Parameters) -> bool:
    """Whether a beginner is of an age or a body-mass index with more injuries, or runs by a doctor's word."""
    bmi = _bmi(facts, history, p)
    old = facts.birth_year is not None and as_of.year - facts.birth_year >= p.careful_age
    if p.careful_cleared and facts.screening:
        return True
    return old or (bmi is not None and bmi >= p.careful_bmi)


def _bmi(facts: Facts, history: History, p: Parameters) -> float | None:
    weight = latest_weight(facts, history, p)
    return weight / (facts.height_cm / 100.0) ** 2 if weight is not None and facts.height_cm else None


def _gain_mean(matched: Sequence[MatchedSession], as_of: date) -> float:
    month = recent.runs(recent.window(matched, as_of - timedelta(days=27), as_of))
    return sum(m.session.elevation_gain_m or 0.0 for m in month) / 4.0


def _eased(weeks: Sequence[WeekPlan], p: Parameters) -> dict[str, float]:
    """Weeks for which an established runner was asked for less than usual, with nearly the usual minutes of then."""
    found: dict[str, float] = {}
    for w in weeks:
        if "decision" not in w.state:
            continue
        if w.action >= Action.HOLD and w.level != "E":
            continue
        week, long, session, days, most = (w.state["signals"].get(k, DEFAULTS[k]) for k in _USUAL)
        usual = p.habit_eased * float(usual_on_days_min(week, long, session, min(days, most)))
        if w.action < Action.HOLD:
            found[w.week] = usual or np.inf
        elif float(w.state["decision"]["week_min"]) < usual:
            found[w.week] = usual
    return found


def _asked(weeks: Sequence[WeekPlan]) -> dict[str, float]:
    """Running minutes that established runners' weeks asked for as they were published last, by ISO week."""
    asked = ((w.week, sum(q.run_min for q in w.planned if q.kind in RUN_KINDS)) for w in weeks if w.level == "E")
    return {week: minutes for week, minutes in asked if minutes}


def _fitted(weeks: Sequence[WeekPlan]) -> set[str]:
    """The weeks that asked for as little as was done, and not only for less than a whole plan."""
    shares = ((w.week, w.state.get("signals", {}).get("fit_share", 1.0), w.state.get("facts", {})) for w in weeks)
    return {week for week, share, facts in shares if share < 1.0 and share <= facts.get("done_share", share)}


def _was_established(weeks: Sequence[WeekPlan]) -> bool:
    return bool(weeks) and weeks[-1].level == "E"


def _last_answer(history: History) -> date | None:
    return history.days[-1].day if history.days else None
