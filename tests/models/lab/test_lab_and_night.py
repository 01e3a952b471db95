"""The lab decides what the night would: virtual athletes' sessions, given to the real planner, get the same weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from steadymile.models.athlete import Athlete, Facts
from steadymile.models.lab import study
from steadymile.models.lab.adaptive import Adaptive, Variant
from steadymile.models.lab.answers import PAST
from steadymile.models.lab.compare import draw, worlds
from steadymile.models.lab.plans import Seen, Week
from steadymile.models.policy import ladder
from steadymile.models.session import Body, History, Session
from steadymile.models.week.plan import plan

SUNDAY = date(2026, 3, 1)
N, WEEKS = 8, 9


class Both(Adaptive):
    """The lab's policy, with the night's planner running beside it on what a watch would have recorded."""

    def __init__(self) -> None:
        super().__init__(Variant())
        facts = Facts(experience="active", timezone="UTC")
        self.histories = [History(Athlete(f"v{i}", base=facts), body=Body()) for i in range(N)]
        self.lab: list[tuple[int, str, float]] = []
        self.night: list[tuple[int, str, float]] = []

    def plan(self, seen: Seen) -> Week:
        week = super().plan(seen)
        assert self.decision is not None
        sunday = SUNDAY + timedelta(days=seen.day + 1)
        for i, history in enumerate(self.histories):
            if seen.day >= 0:
                done = tuple(recorded(seen, i, k, sunday) for k in range(3) if seen.went[k][i])
                history = replace(history, sessions=history.sessions + done, last_file_day=sunday)
            planned = plan(history, sunday)
            self.histories[i] = replace(history, weeks=(*history.weeks, planned))
            self.night.append((i, planned.level, round(planned.run_min, 1)))
            level = ladder.level_of(ladder.MILE, int(self.decision.level[i])).id
            self.lab.append((i, level, round(float(week.bouts_min[i].sum()), 1)))
        return week


def recorded(seen: Seen, i: int, slot: int, sunday: date) -> Session:
    day = sunday - timedelta(days=5 - 2 * slot)
    at = PAST + seen.day - (5 - 2 * slot)
    r = seen.record
    seconds = float(r.run_min[i, at]) * 60.0
    return Session(
        f"{i}-{day}", datetime.combine(day, time(7), UTC), day, "run", elapsed_s=seconds + 900, moving_s=seconds + 900,
        running_s=seconds, walking_s=900.0, longest_run_s=float(r.bout_min[i, at]) * 60.0,
        distance_m=float(r.distance_m[i, at]), load=float(r.load[i, at]),
        run_speed_m_s=float(r.speeds_m_s[i, slot - 3]),
    )  # fmt: skip


def test_silent_healthy_athletes_who_do_what_is_asked_get_the_same_weeks() -> None:
    people, luck = draw(55, N, WEEKS)
    people = replace(worlds(people)["answer nothing, no heart rate"], slowest_jog=np.full(N, 1.8))
    luck = replace(
        luck,
        ill=np.zeros_like(luck.ill),
        u_injury=np.ones_like(luck.u_injury),
        u_quits=np.ones_like(luck.u_quits),
        u_goes=np.zeros_like(luck.u_goes),
    )
    both = Both()
    study.run_arm(both, people, luck, np.zeros(N, dtype=int))
    assert len(both.lab) == N * WEEKS
    assert both.lab == both.night
