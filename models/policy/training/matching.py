"""Which session fulfils which planned one, and how much of it was done.

Within an ISO week a watch workout's own name wins; then a run belongs to the run shown for its day; what is left goes
to the planned run that it fits best in length and steps. Files less than 30 minutes apart are one session. Extra
sessions count in caps, never as credit (docs/policy.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from math import log

from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.session import TALK, Session
from steadymile.models.signal.gait import HIGHEST_THRESHOLD_M_S
from steadymile.models.weekplan import RUN_KINDS, PlannedSession, WeekPlan

ON_FOOT = ("run", "walk", "hike")


@dataclass(frozen=True, slots=True)
class MatchedSession:
    """A session and the planned one it fulfils; `planned` None where there was no plan or it is an extra.

    `completion` run minutes done over planned (walks: total minutes), None without a plan; `run_min` and `bout_min`
    what was done. `counted` is the share of it that later limits and habits may grow from, `week_counted` the same
    for the sums of a week: what went well beyond a plan counts as far as it was planned.
    """

    session: Session
    week: str
    planned: PlannedSession | None
    completion: float | None
    extra: bool
    run_min: float | None
    bout_min: float | None
    counted: float = 1.0
    week_counted: float = 1.0
    foot: str = field(init=False, repr=False, compare=False)
    """run or walk, as the session has it: asked of every session many times."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "foot", self.session.foot)

    @property
    def asked_min(self) -> float | None:
        """Running minutes that the week's own plan asked for; None without one, also where another week's session
        stands in."""
        mine = self.planned is not None and self.week == week_of(self.planned.day)
        return self.planned.run_min if self.planned is not None and mine else None

    @property
    def counted_min(self) -> float | None:
        """Running minutes that later limits may grow from."""
        return None if self.run_min is None else self.run_min * self.counted

    @property
    def counted_bout_min(self) -> float | None:
        """Minutes of the longest bout that later limits may grow from."""
        return None if self.bout_min is None else self.bout_min * self.counted

    @property
    def counted_m(self) -> float | None:
        """Metres that later limits may grow from."""
        return None if self.session.distance_m is None else self.session.distance_m * self.counted

    @property
    def loaded_min(self) -> float | None:
        """Running minutes as the legs felt them, with the pack: held against caps, never what later caps grow from."""
        return None if self.run_min is None else self.run_min * self.session.impact


@lru_cache(maxsize=65536)
def week_of(day: date) -> str:
    """The ISO week of a day, like 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


@lru_cache(maxsize=65536)
def monday_of(week: str) -> date:
    """The Monday of an ISO week."""
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def join(sessions: Iterable[Session], p: Parameters = IN_FORCE) -> list[Session]:
    """Sessions on foot, in order, with runs (walks) less than 30 minutes apart made one. Other sports are left out.
    The order in which equal times arrive makes no difference."""
    on_foot = (s for s in sessions if s.kind in ON_FOOT)
    groups: list[list[Session]] = []
    newest: dict[str, list[Session]] = {}
    for s in sorted(on_foot, key=lambda s: (s.started_at, s.activity_id)):
        group = newest.get(s.foot)
        if group is not None and _gap_s(group[-1], s) < p.same_session_s:
            group.append(s)
        else:
            newest[s.foot] = [s]
            groups.append(newest[s.foot])
    return [_one(g) for g in groups]


def match(
    sessions: Sequence[Session],
    weeks: Sequence[WeekPlan],
    current: PlannedSession | None = None,
    p: Parameters = IN_FORCE,
) -> list[MatchedSession]:
    """Match sessions (ascending in time) with the planned ones of the weeks' latest revisions.

    `current` stands in as the planned session in weeks without a plan.
    """
    plans = latest(weeks)
    by_week: dict[str, list[Session]] = {}
    for done in join(sessions, p):  # across the date line a later session may fall on an earlier local day
        by_week.setdefault(week_of(done.local_day), []).append(done)
    return [m for name, week in by_week.items() for m in _match_week(week, plans.get(name), current, p)]


def completion(
    sessions: Sequence[Session], weeks: Sequence[WeekPlan], p: Parameters = IN_FORCE
) -> dict[str, float | None]:
    """Run minutes done over planned by activity id; None for sessions without a planned one."""
    return completed(match(sessions, weeks, p=p))


def completed(matched: Iterable[MatchedSession]) -> dict[str, float | None]:
    """Run minutes done over planned by activity id, of sessions that were matched already."""
    return {i: m.completion for m in matched for i in m.session.activity_ids}


def tests(matched: Iterable[MatchedSession]) -> set[str]:
    """The ids of the sessions that were planned as a test."""
    return {i for m in matched if m.planned is not None and m.planned.kind == "test" for i in m.session.activity_ids}


def latest(weeks: Iterable[WeekPlan]) -> dict[str, WeekPlan]:
    """The newest revision of each published (frozen) week."""
    out: dict[str, WeekPlan] = {}
    for w in weeks:
        if w.status == "frozen" and (w.week not in out or w.revision >= out[w.week].revision):
            out[w.week] = w
    return out


def _match_week(
    week: list[Session], plan: WeekPlan | None, current: PlannedSession | None, p: Parameters
) -> list[MatchedSession]:
    name = week_of(week[0].local_day)
    if plan is None:
        stand_in = {"run": current} if current is not None and current.run_min > 0 else {"walk": current}
        return [_matched(d, name, stand_in.get(d.foot), False, p) for d in week]
    start = date.fromisoformat(str(plan.state.get("start", monday_of(name))))
    belongs: dict[int, PlannedSession] = {}
    for kind, kinds in (("run", RUN_KINDS), ("walk", ("walk",))):
        done = {i: d for i, d in enumerate(week) if d.foot == kind and d.local_day >= start}
        belongs |= _assigned(done, [q for q in plan.planned if q.kind in kinds], p)
    matched = [_matched(d, name, belongs.get(i), i not in belongs, p) for i, d in enumerate(week)]
    return _counted(matched, plan, start, p)


def _counted(matched: list[MatchedSession], plan: WeekPlan, start: date, p: Parameters) -> list[MatchedSession]:
    """The runs of a planned week, each as far as the longest planned one and all as far as the planned week reach,
    and a little beyond: no limit is built from a breach. Where no running was planned, as far as its limits reached."""
    asked = [q.run_min for q in plan.planned if q.kind in RUN_KINDS]
    limits = plan.state.get("decision") or {}
    if asked:
        most = p.counts_ratio * max(asked) + p.counts_plus_min
        most_week = p.counts_ratio * sum(asked) + p.counts_plus_min * len(asked)
    elif limits:
        most, most_week = float(limits["session_cap_min"]), float(limits["week_cap_min"])
    else:
        return matched
    mine = [m.run_min or 0.0 for m in matched if m.foot == "run" and m.session.local_day >= start]
    if not mine:
        return matched
    total = sum(min(x, most) for x in mine)
    if max(mine) <= most and total <= most_week:
        return matched
    share = min(1.0, most_week / total) if total > 0 else 1.0
    return [
        replace(m, counted=min(1.0, most / m.run_min), week_counted=share)
        if m.foot == "run" and m.run_min and m.session.local_day >= start
        else m
        for m in matched
    ]


def _assigned(done: dict[int, Session], planned: Sequence[PlannedSession], p: Parameters) -> dict[int, PlannedSession]:
    """Which planned session each of the sessions belongs to: by the workout's name, by day, then by the best fit."""
    if not done or not planned:
        return {}
    belongs, taken = _on_their_days(done, planned)
    if len(belongs) == len(done):
        return belongs
    pairs = sorted(
        (not _named(d, q), d.local_day != q.day, _misfit(d, q, p), i, k)
        for i, d in done.items()
        if i not in belongs
        for k, q in enumerate(planned)
        if k not in taken
    )
    for *_, i, k in pairs:
        if i not in belongs and k not in taken:
            belongs[i] = planned[k]
            taken.add(k)
    return belongs


def _on_their_days(
    done: dict[int, Session], planned: Sequence[PlannedSession]
) -> tuple[dict[int, PlannedSession], set[int]]:
    """The plain case: sessions without a workout's name that alone stand on the day of one planned session, and the
    places of those. Nothing has to be compared for them."""
    if any(d.workout for d in done.values()):
        return {}, set()
    asked: dict[date, list[int]] = {}
    for k, p in enumerate(planned):
        asked.setdefault(p.day, []).append(k)
    days = [d.local_day for d in done.values()]
    alone = {
        i: asked[d.local_day]
        for i, d in done.items()
        if len(asked.get(d.local_day, ())) == 1 and days.count(d.local_day) == 1
    }
    return {i: planned[k] for i, (k,) in alone.items()}, {k for (k,) in alone.values()}


def _named(d: Session, p: PlannedSession) -> bool:
    return bool(d.workout and p.title and d.workout.startswith(p.title))


def _misfit(d: Session, planned: PlannedSession, p: Parameters) -> float:
    """How far a session is from a planned one in running minutes and longest bout, as logarithms of their ratios;
    rounded, so that what fits alike is taken in the order of the week."""
    if d.foot != "run" or d.run_min is None:
        return round(abs(log((d.total_min + 1.0) / (planned.minutes + 1.0))), 1)
    length = abs(log((d.run_min + 1.0) / (planned.run_min + 1.0)))
    bout = 0.0 if d.bout_min is None else abs(log((d.bout_min + 1.0) / (_bout(planned) + 1.0)))
    return round(length + p.bout_weight * bout, 1)


def _matched(d: Session, week: str, planned: PlannedSession | None, extra: bool, p: Parameters) -> MatchedSession:
    run_min = d.run_min
    if planned is None:
        return MatchedSession(d, week, None, None, extra, run_min, d.bout_min)
    if d.foot == "walk":
        return MatchedSession(d, week, planned, _share(d.total_min, planned.minutes), extra, run_min, d.bout_min)
    if run_min is None or not timing_agrees(d, planned, p):
        # Gait unknown: the total decides, and caps see no more than was asked for.
        share = _share(d.total_min, planned.minutes)
        asked = min(planned.run_min, d.total_min)
        seen = None if share is None or share < p.complete else _bout(planned)
        return MatchedSession(d, week, planned, share, extra, asked, seen)
    share = _share(run_min, planned.run_min)
    bout = d.bout_min
    if bout is None and share is not None and share >= p.complete:
        bout = _bout(planned)  # told without a watch, and done as planned
    return MatchedSession(d, week, planned, share, extra, run_min, bout)


def timing_agrees(d: Session, planned: PlannedSession, p: Parameters = IN_FORCE) -> bool:
    """Whether running told by speed alone can be the planned intervals (docs/science.md 12.5).

    Far more of it, or far longer stretches, at a speed that one can walk, is brisk walking taken for running. Where
    jogs of less than a minute were planned, the missing ones may have been too short for the track. Less of longer
    jogs is believed: those would have been seen.
    """
    if not d.by_speed or d.run_min is None:
        return True
    longest = _bout(planned)
    if longest < p.short_jog_min and d.run_min < p.short_jog_share * planned.run_min:
        return False
    if d.run_speed_m_s is not None and d.run_speed_m_s >= HIGHEST_THRESHOLD_M_S:
        return True
    return _within(d.run_min, planned.run_min, p) and _within(d.bout_min or 0.0, longest, p)


def _within(seen_min: float, planned_min: float, p: Parameters) -> bool:
    return seen_min <= p.by_speed_ratio * planned_min + p.by_speed_plus_min


def _bout(planned: PlannedSession) -> float:
    return max((s.run_s for s in planned.steps), default=0) / 60.0


def _share(done: float, planned: float) -> float | None:
    return done / planned if planned > 0 else None


def _gap_s(a: Session, b: Session) -> float:
    ended = a.started_at + timedelta(seconds=a.elapsed_s or a.moving_s or 0.0)
    return (b.started_at - ended).total_seconds()


def _one(files: list[Session]) -> Session:
    """Several files as the one session that they are: sums, and the worst of their answers."""
    first = files[0]
    if len(files) == 1:
        return first
    talks = [s.talk for s in files if s.talk]
    return replace(
        first,
        joined=tuple(s.activity_id for s in files[1:]),
        kind=first.foot,
        elapsed_s=None,
        moving_s=_sum(s.total_s for s in files),
        running_s=None if any(s.running_s is None for s in files) else _sum(s.running_s for s in files),
        walking_s=None,
        distance_m=_sum(s.distance_m for s in files),
        longest_run_s=_most(s.bout_s for s in files),
        longest_run_m=_most(s.longest_run_m for s in files),
        elevation_gain_m=_sum(s.elevation_gain_m for s in files),
        elevation_loss_m=_sum(s.elevation_loss_m for s in files),
        load=_sum(s.load for s in files),
        load_sd=None,
        heart_rate_mean_bpm=None,
        share_above_ceiling=_most(s.share_above_ceiling for s in files),
        efficiency=None,
        decoupling_pct=_most(s.own_decoupling_pct for s in files),
        mile_done=any(s.mile_done for s in files),
        best_mile_s=_least(s.best_mile_s for s in files),
        rpe=_most(s.rpe for s in files),
        talk_test=min(talks, key=lambda t: TALK[t]) if talks else None,
        feel=_least(s.feel for s in files),
        pack_kg=_most(s.pack_kg for s in files),
        running_source=next((s.running_source for s in files if s.by_speed), first.running_source),
        impact_ratio=max(s.impact for s in files),
    )


def _known(values: Iterable[float | None]) -> list[float]:
    return [v for v in values if v is not None]


def _sum(values: Iterable[float | None]) -> float | None:
    known = _known(values)
    return sum(known) if known else None


def _most(values: Iterable[float | None]) -> float | None:
    return max(_known(values), default=None)


def _least(values: Iterable[float | None]) -> float | None:
    return min(_known(values), default=None)
