"""On which days of the week somebody runs: a share per weekday, learned from what was planned and done.

Beta-Binomial: a planned run is a trial of its weekday, a run is a success of its own; in weeks without a plan every
day of a week with running is a trial. Older weeks count less. Prior and fading are design values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.training.matching import MatchedSession, monday_of, week_of
from steadymile.models.weekplan import RUN_KINDS, WeekPlan


def run_day_shares(
    matched: Sequence[MatchedSession], plans: Mapping[str, WeekPlan], as_of: date, p: Parameters = IN_FORCE
) -> tuple[float, ...]:
    """The expected share of planned runs that are done, Monday to Sunday, from the weeks that are over on a day."""
    ran: dict[str, set[int]] = {}
    for m in matched:
        if m.foot == "run":
            ran.setdefault(m.week, set()).add(m.session.local_day.isoweekday())
    went, trials = [0.0] * 8, [0.0] * 8
    monday = monday_of(week_of(as_of + timedelta(days=1)))
    for back in range(1, p.run_day_weeks + 1):
        name = week_of(monday - timedelta(weeks=back))
        plan, days = plans.get(name), ran.get(name, set())
        asked = set(range(1, 8))
        if plan:
            asked = {q.day.isoweekday() for q in plan.planned if q.kind in RUN_KINDS and not plan.kept_out(q.day)}
        if not days:
            continue  # a week without any run says nothing about its days
        weight = p.run_day_fade**back
        for day in asked | days:
            trials[day] += weight
            went[day] += weight * (day in days)
    return tuple(
        round((went[day] + p.run_day_ran) / (trials[day] + p.run_day_ran + p.run_day_missed), 3) for day in range(1, 8)
    )
