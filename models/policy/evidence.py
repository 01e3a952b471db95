"""What is known of somebody on a day, made once for all that is decided and said of a week.

Nothing that is dated later is in it, so that any published week can be decided again from the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from steadymile.models.athlete import Facts
from steadymile.models.physiology import symptoms
from steadymile.models.physiology.fatigue_index import Fatigue, fatigue_of
from steadymile.models.physiology.symptoms import Record
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.training import recent
from steadymile.models.policy.training.matching import MatchedSession, latest, match, monday_of
from steadymile.models.policy.training.placement import Entry, entry_of
from steadymile.models.policy.training.recent import Maxima, maxima_of
from steadymile.models.policy.training.scoring import Scored, score
from steadymile.models.session import Day, History, Session, sessions_between
from steadymile.models.weekplan import RUN_KINDS, PlannedSession, WeekPlan

LOOK_BACK_DAYS, LOOK_BACK_NEW_DAYS, LOOK_BACK_HABIT_DAYS = 63, 98, 7 * recent.WEEKS_BACK
REFOLDED_WEEKS = 5
SCORED_DAYS = 7 * (REFOLDED_WEEKS + 2)
"""How far back weeks are folded again, and sessions scored for that."""
SIGN = "sign@"
"""How the end of running for a warning sign is marked in a week under way, with the day of the sign."""
_TOLD_MIN = frozenset({"run_min", "walk_min"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known on a day (`as_of`) for planning a `week` by a version of the policy (`p`).

    `history` holds nothing later. `published` are the weeks before the planned one, `matched` the sessions beside what
    was planned for them, `ran` those of them that are runs, `scored` those of the weeks that are folded again; `entry`
    is where the runs of before would let somebody begin, `speeds_m_s` of running and walking where they are known,
    `first_mile` the day of the first continuous mile. What needs more than a few of these takes them all.
    """

    history: History
    as_of: date
    week: str
    p: Parameters
    facts: Facts
    record: Record
    published: list[WeekPlan]
    matched: list[MatchedSession]
    ran: list[MatchedSession]
    scored: list[Scored]
    entry: Entry
    maxima: Maxima
    speeds_m_s: tuple[float | None, float | None]
    fatigue: Fatigue
    first_mile: date | None

    @classmethod
    def of(cls, history: History, as_of: date, week: str, p: Parameters) -> Evidence:
        """What `history` tells by that day."""
        history = until(history, as_of)
        facts = history.athlete.facts(as_of)
        published, matched = _followed(history, as_of, week, p)
        since = _scored_from(published, as_of)
        record = symptoms.record_of(history.days, p)
        if stopped := _signs(history.weeks):
            record = replace(record, stopped=stopped)
        return cls(
            history=history,
            as_of=as_of,
            week=week,
            p=p,
            facts=facts,
            record=record,
            published=published,
            matched=matched,
            ran=recent.runs(matched),
            scored=score([m for m in matched if m.session.local_day >= since], p),
            entry=entry_of(matched, facts, as_of, p),
            maxima=maxima_of(matched, as_of, p),
            speeds_m_s=recent.speeds_of(matched, p),
            fatigue=fatigue_of(history, as_of, record.high),
            first_mile=first_mile_on(history),
        )

    @property
    def monday(self) -> date:
        """The first day of the week that is planned."""
        return monday_of(self.week)


def first_mile_on(history: History) -> date | None:
    """The day of the first continuous mile on record."""
    return next((s.local_day for s in history.sessions if s.mile_done), None)


def _followed(history: History, as_of: date, week: str, p: Parameters) -> tuple[list[WeekPlan], list[MatchedSession]]:
    """The weeks published before `week`, and the sessions up to a day with what was planned for them."""
    known = latest(history.weeks)
    published = [w for name, w in sorted(known.items()) if name < week and w.as_of <= as_of]
    under_way = [known[week]] if week in known and known[week].as_of < as_of else []
    return published, matched_until(history, published, under_way, as_of, p)


def until(history: History, as_of: date) -> History:
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


def matched_until(
    history: History, published: Sequence[WeekPlan], under_way: Sequence[WeekPlan], as_of: date, p: Parameters
) -> list[MatchedSession]:
    """Recent sessions with the planned ones they fulfil; further back to the last run when it is long ago, and to the
    weeks that are folded. Sessions of the week `under_way` belong to its own plan."""
    new = not published or (as_of - published[0].as_of).days <= p.entry_open_days
    back = LOOK_BACK_NEW_DAYS if new else LOOK_BACK_DAYS
    if was_established(published):
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


def was_established(weeks: Sequence[WeekPlan]) -> bool:
    """Whether the newest week is an established runner's."""
    return bool(weeks) and weeks[-1].level == "E"
