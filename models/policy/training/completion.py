"""How much of their planned runs somebody usually does, and the share that a plan asks for so that it fits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from statistics import median

from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.training.matching import MatchedSession
from steadymile.models.policy.training.recent import runs, window


def done_shares(matched: Sequence[MatchedSession], as_of: date, p: Parameters = IN_FORCE) -> dict[str, float]:
    """For texts, the share of planned runs that is usually done: `part_done` 1 where that is nearly all, `done_share`
    where it is not so little that the plan fits badly."""
    middle = _middle_done(matched, as_of, p)
    part = 1.0 if middle >= p.part_told else round(middle, 2)
    return {"done_share": _fitting(middle, p), "part_done": part}


def done_share(matched: Sequence[MatchedSession], as_of: date, p: Parameters = IN_FORCE) -> float:
    """The share of planned runs that is usually done, where that is so much less than all that the plan fits badly;
    else 1."""
    return _fitting(_middle_done(matched, as_of, p), p)


def _fitting(middle: float, p: Parameters) -> float:
    return 1.0 if middle >= p.fit_below else max(p.fit_least, round(middle, 2))


def fit_share(
    matched: Sequence[MatchedSession], as_of: date, fitted: Collection[str] = (), p: Parameters = IN_FORCE
) -> float:
    """The share of their minutes that planned runs keep, so that they fit what is usually done. Where weeks that asked
    for less (`fitted`) were done in part as well, asking for less is no answer, and the plan must not follow down."""
    share = done_share(matched, as_of, p)
    tried = _completions([m for m in matched if m.week in fitted]) if share < 1.0 else []
    if len(tried) >= p.fit_runs and median(tried) < p.fit_below:
        return 1.0
    return share if share == 1.0 else max(share, _fit_at_least(matched, as_of, p))


def _fit_at_least(matched: Sequence[MatchedSession], as_of: date, p: Parameters) -> float:
    """The share that no plan falls below since the last week of whose runs most was done, as in a pause: whoever runs a
    little loses no more than who does not run. 0 without such a week in as many days as a habit outlives."""
    if not p.fit_week:
        return 0.0
    weeks: dict[str, list[MatchedSession]] = {}
    for m in runs(window(matched, as_of - timedelta(days=p.habit_days_away), as_of)):
        weeks.setdefault(m.week, []).append(m)
    whole = (w for w in weeks.values() if (done := _completions(w)) and median(done) >= p.fit_below)
    last = max((w[-1].session.local_day for w in whole), default=None)
    return 0.0 if last is None else round(p.fit_week ** ((as_of - last).days / 7.0), 2)


def _middle_done(matched: Sequence[MatchedSession], as_of: date, p: Parameters) -> float:
    """The median share of the latest planned runs that was done, 1 where there are too few."""
    done = _completions(window(matched, as_of - timedelta(days=p.fit_days - 1), as_of))
    return median(done) if len(done) >= p.fit_runs else 1.0


def _completions(matched: Sequence[MatchedSession]) -> list[float]:
    """How much was done of each run that was planned for its week."""
    return [m.completion for m in runs(matched) if m.asked_min is not None and m.completion]
