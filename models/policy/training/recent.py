"""What was run lately: the maxima that caps rest on, typical speeds and loads, and who is an established runner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import numpy as np
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.training.matching import MatchedSession, week_of
from steadymile.models.sport import SLOWEST_WALK_M_S

WEEKS_BACK = 26
"""How many weeks are read for a habit: those that say nothing of it are passed over."""


@dataclass(frozen=True, slots=True)
class Maxima:
    """Of run sessions up to a day: longest session, bout (min) and distance (m) of 30 days, best of four 7-day
    blocks (min), greatest descent (m), and the ids of the sessions that set them. `distance_m` None: never known."""

    session_min: float
    bout_min: float
    distance_m: float | None
    week_min: float
    descent_m: float
    session_ids: tuple[str, ...]
    bout_ids: tuple[str, ...]
    distance_ids: tuple[str, ...]


def window(matched: Sequence[MatchedSession], first: date, last: date) -> list[MatchedSession]:
    """The sessions from first to last, both included."""
    return [m for m in matched if first <= m.session.local_day <= last]


def runs(matched: Iterable[MatchedSession]) -> list[MatchedSession]:
    """Only the runs."""
    return [m for m in matched if m.foot == "run"]


def maxima_of(matched: Sequence[MatchedSession], as_of: date, p: Parameters = IN_FORCE) -> Maxima:
    """The maxima that caps rest on, as of a day."""
    month = runs(window(matched, as_of - timedelta(days=p.longest_days - 1), as_of))
    session, session_ids = _most(month, [m.counted_min for m in month])
    bout, bout_ids = _most(month, [m.counted_bout_min for m in month])
    distance, distance_ids = _most(month, [m.counted_m for m in month])
    if _longest(m for m in month if m.session.distance_m is None) > _longest(m for m in month if m.session.distance_m):
        distance, distance_ids = None, ()  # the farthest run is one of which nobody knows how far it went
    descent, _ = _most(month, [m.session.elevation_loss_m for m in month])
    blocks = _blocks(month, as_of)
    week = max(sum(_of_week(m) for m in blocks.get(back, ())) for back in range(4))
    return Maxima(session or 0.0, bout or 0.0, distance, week, descent or 0.0, session_ids, bout_ids, distance_ids)


def _longest(some: Iterable[MatchedSession]) -> float:
    return max((m.counted_min or 0.0 for m in some), default=0.0)


def _blocks(ran: Iterable[MatchedSession], as_of: date) -> dict[int, list[MatchedSession]]:
    """Runs up to a day by the 7 days that end so many weeks before it."""
    blocks: dict[int, list[MatchedSession]] = {}
    for m in ran:
        if (days := (as_of - m.session.local_day).days) >= 0:
            blocks.setdefault(days // 7, []).append(m)
    return blocks


def _of_week(m: MatchedSession) -> float:
    """Running minutes of a session that count in the sum of its week."""
    return (m.counted_min or 0.0) * m.week_counted


@dataclass(frozen=True, slots=True)
class Habit:
    """The typical week of an established runner: minutes a session, of the longest run, a week; run days."""

    session_min: float
    long_min: float
    week_min: float
    days: int


def habit_of(
    matched: Sequence[MatchedSession],
    as_of: date,
    already: bool,
    eased: Mapping[str, float] | None = None,
    asked: Mapping[str, float] | None = None,
    p: Parameters = IN_FORCE,
) -> Habit | None:
    """The habit of someone with two runs or more and 75 running minutes in 4 of the last 8 weeks, else None.

    Once established, two runs of half an hour are enough: two eased weeks and a holiday, or a run missed here and
    there, must not throw anyone back to the ladder. Medians over the weeks with all 3 runs, where there are such, so
    that eased and broken weeks do not lower what comes after them. Weeks for which the plan itself asked for less
    than the usual minutes then (`eased`, by ISO week), and in which less was run, say nothing of a habit: the weeks
    before them count instead, as long as somebody runs and they hold more. Nor do a few broken ones, in which clearly
    less was run than the plan asked for (`asked`, by ISO week): bad weeks must not become the usual ones for good.
    """
    of_all = _habit(matched, as_of, already, {}, {}, p)
    if not eased and not asked:
        return of_all
    of_others = _habit(matched, as_of, already, eased or {}, asked or {}, p)
    return max((h for h in (of_others, of_all) if h is not None), key=lambda h: h.week_min, default=None)


def _habit(
    matched: Sequence[MatchedSession],
    as_of: date,
    already: bool,
    eased: Mapping[str, float],
    asked: Mapping[str, float],
    p: Parameters,
) -> Habit | None:
    """The habit of the newest weeks that are neither `eased` nor broken."""
    weeks: list[tuple[int, list[float], int, bool]] = []
    every: list[list[float]] = []
    ran = runs(matched)
    blocks = _blocks(ran, as_of)
    seen = 0
    least = {**eased, **_unbroken(blocks, as_of, asked, eased, p)}
    for back in range(WEEKS_BACK):
        last = as_of - timedelta(days=7 * back)
        block = blocks.get(back, [])
        minutes = _minutes(block)
        if not seen and not minutes:
            continue  # a pause says nothing of the habit before it; what it costs is the rules' to say
        if sum(minutes) < least.get(week_of(last), 0.0):
            continue
        minutes = _as_planned(block, p)
        if seen == p.habit_weeks_seen or not ran or last < ran[0].session.local_day:
            break
        seen += 1
        every.append(minutes)
        long_runs = len(minutes) >= p.habit_runs_least and (
            sum(minutes) >= p.habit_week_min or (already and median(minutes) >= p.habit_run_min)
        )
        if long_runs:
            free = all(m.planned is None for m in block)
            weeks.append((seen - 1, minutes, len({m.session.local_day for m in block}), free))
    away = not ran or (as_of - ran[-1].session.local_day).days > p.habit_days_away
    if len(weeks) < (p.habit_weeks_to_stay if already else p.habit_weeks_to_enter) or away:
        return None
    whole = [w for w in weeks if len(w[1]) >= p.habit_runs] or weeks
    usual = [w for w in whole if w[0] < p.habit_weeks_newest] or whole
    middle_min = float(median(sum(minutes) for minutes in every if minutes))
    middle_long_min = float(median(max(minutes) for minutes in every if minutes))
    # What went beyond a plan is not counted anyway; a week that nobody planned may be a breach as a whole.
    most_min, most_long_min = p.habit_over_middle * middle_min, p.habit_over_middle * middle_long_min
    long_min = float(median(min(max(x), most_long_min) if free else max(x) for _, x, _, free in usual))
    week_min = float(median(min(sum(x), most_min) if free else sum(x) for _, x, _, free in usual))
    if not already:  # nobody planned these weeks: the broken ones are as usual as the whole ones
        long_min = min(long_min, middle_long_min)
        week_min = min(week_min, float(median(sum(minutes) for minutes in every)))
    return Habit(
        session_min=min(long_min, float(median(x for _, minutes, _, _ in usual for x in minutes))),
        long_min=long_min,
        week_min=week_min,
        days=min(p.run_days_most, int(median(days for _, _, days, _ in usual))),
    )


def _minutes(block: Iterable[MatchedSession]) -> list[float]:
    """Running minutes of the sessions that tell any."""
    return [_of_week(m) for m in block if m.counted_min is not None]


def _as_planned(block: Sequence[MatchedSession], p: Parameters) -> list[float]:
    """The minutes of the runs, and of a planned run of which most was done those that it was planned with: who leaves
    every run a little early would else be planned a little less each time. A run that was missed counts nothing."""
    return [
        max(_of_week(m), m.asked_min or 0.0) if p.habit_kept <= (m.completion or 0.0) < 1.0 else _of_week(m)
        for m in block
        if m.counted_min is not None
    ]


def _unbroken(
    blocks: Mapping[int, list[MatchedSession]],
    as_of: date,
    asked: Mapping[str, float],
    eased: Mapping[str, float],
    p: Parameters,
) -> dict[str, float]:
    """The least minutes that make a planned week a whole one, by ISO week; none where most weeks are broken."""
    least = {week: max(p.habit_broken_below * minutes, eased.get(week, 0.0)) for week, minutes in asked.items()}
    lately = [(week_of(as_of - timedelta(days=7 * back)), blocks.get(back, [])) for back in range(p.habit_weeks_seen)]
    broken = sum(sum(_minutes(block)) < p.habit_broken_below * asked.get(week, 0.0) for week, block in lately)
    return least if broken <= p.habit_broken_most else {}


def median_of(values: Iterable[float | None], last: int) -> float | None:
    """The median of the last known values, None without any."""
    known = [v for v in values if v is not None]
    return float(median(known[-last:])) if known else None


def speeds_of(matched: Sequence[MatchedSession], p: Parameters = IN_FORCE) -> tuple[float | None, float | None]:
    """Median running and walking speed of the last ten sessions that tell one, m/s. Breaks that were mostly stood
    through tell no walking speed."""
    run = median_of((m.session.run_speed_m_s for m in runs(matched)), p.speeds_from)
    walked = (m.session.walk_speed_m_s for m in matched)
    walk = median_of((v for v in walked if v is not None and v >= SLOWEST_WALK_M_S), p.speeds_from)
    return run, walk


def aged_share(days: float, p: Parameters = IN_FORCE) -> float:
    """The share of a run of so many days ago that still counts for the limits: a slope, not steps."""
    return float(np.interp(days, p.aged_days, p.aged_shares))


def before_pause(
    ran: Sequence[MatchedSession], as_of: date, p: Parameters = IN_FORCE, least_days: float | None = None
) -> Sequence[MatchedSession]:
    """The runs up to the last pause of two weeks, or of `least_days`, or more; none where there was no pause. `ran` in
    order of days."""
    least = p.pause_days if least_days is None else least_days
    days = [m.session.local_day for m in ran] + [as_of]
    last = next((i for i in range(len(ran), 0, -1) if (days[i] - days[i - 1]).days >= least), 0)
    return ran[:last]


def aged(ran: Sequence[MatchedSession], as_of: date, p: Parameters = IN_FORCE) -> tuple[float, float, float]:
    """The longest session and bout and the best week (min) of before a pause, as far as they still count. Whoever keeps
    running is held against the last 30 days alone."""
    before = before_pause(ran, as_of, p)
    session = bout = 0.0
    for m in before:
        days = (as_of - m.session.local_day).days
        if days > p.whole_days:
            share = aged_share(days, p)
            session = max(session, share * (m.counted_min or 0.0))
            bout = max(bout, share * (m.counted_bout_min or 0.0))
    if not before:
        return session, bout, 0.0
    last = before[-1].session.local_day
    return session, bout, aged_share((as_of - last).days, p) * maxima_of(before, last, p).week_min


def _most(matched: Sequence[MatchedSession], values: Sequence[float | None]) -> tuple[float | None, tuple[str, ...]]:
    best: float | None = None
    ids: tuple[str, ...] = ()
    for m, value in zip(matched, values):
        if value is not None and (best is None or value > best):
            best, ids = value, m.session.activity_ids
    return best, ids
