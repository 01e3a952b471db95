"""Plans of which a part is done: what they ask for next, and that nobody waits at a limit for what cannot come."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import state_of
from steadymile.models.policy.caps import caps_of, highest_allowed
from steadymile.models.policy.decide import decide
from steadymile.models.policy.matching import match, week_of
from steadymile.models.policy.parameters import IN_FORCE, V3_6
from steadymile.models.policy.recent import habit_of
from steadymile.models.policy.state import StateArrays
from steadymile.models.session import History
from steadymile.models.weekplan import RUN_KINDS, Action, PlannedSession, WeekPlan

from tests.models.policy_people import SUNDAY, done, live, person, run
from tests.models.week.test_plays import past

FINE = {"rpe": 3.0, "talk_test": "yes"}


def lived(history: History, weeks: int, share: float, short_s: float = 0.0) -> tuple[History, list[WeekPlan]]:
    """Weeks in which every run is left early: a share, or all but some seconds, of it is done. With the
    published weeks in order."""

    def answers(w: int, p: PlannedSession) -> dict[str, float | str]:
        if p.kind not in RUN_KINDS:
            return FINE
        minutes = share * p.run_min - short_s / 60.0
        bout = min(minutes, max(s.run_s for s in p.steps) / 60.0)
        return {**FINE, "running_s": 60.0 * minutes, "longest_run_s": 60.0 * bout,
                "distance_m": float(done(p).distance_m) * minutes / p.run_min}  # fmt: skip

    history, plans = live(history, SUNDAY, weeks, answers)
    return history, list({p.week: p for p in plans if p.status == "frozen"}.values())


@pytest.mark.parametrize(("share", "short_s"), [(1.0, 3.0), (1.0, 20.0), (0.97, 0.0)])
def test_runs_that_end_seconds_early_lead_beyond_half_an_hour(share: float, short_s: float) -> None:
    """D1 asks for three minutes more than M7, which is just what the limit allows above a run that was done to the
    second."""
    _, plans = lived(person(experience="active", goal="5k", birth_year=1985), 22, share, short_s)
    assert plans[-1].level in {"D1", "D2", "D3", "D4", "E"}
    assert max(q.run_min for q in plans[-1].planned) > 32.0


def test_runs_done_to_nine_tenths_lead_to_the_mile() -> None:
    history, _ = lived(person(experience="active", goal="mile", birth_year=1985), 26, 0.92)
    assert max(s.longest_run_s or 0.0 for s in history.sessions) > 20 * 60.0


@pytest.mark.parametrize(("cap", "level"), [(33.0, 19), (32.9, 19), (30.5, 19), (30.4, 18)])
def test_a_continuous_level_opens_where_the_limit_leaves_more_than_the_level_below(cap: float, level: int) -> None:
    s = StateArrays.make(1, track=ladder.DISTANCE, top=29, level=19, session_max_min=cap - 3.0, bout_max_min=30.0,
                         week_best_min=90.0)  # fmt: skip
    caps = caps_of(s, IN_FORCE)
    assert highest_allowed(s, np.array([19]), caps, IN_FORCE)[0] == level
    assert highest_allowed(s, np.array([19]), caps, V3_6)[0] == (19 if cap >= 33.0 else 18)


@pytest.mark.parametrize("cap_m", [4200.0, 4300.0, 4400.0])
def test_a_level_taken_in_part_keeps_to_the_metres(cap_m: float) -> None:
    s = StateArrays.make(
        1, track=ladder.DISTANCE, top=29, level=17, k_last=17, gap_base=17, credit=4.0, session_max_min=30.0,
        bout_max_min=30.0, week_best_min=80.0, distance_max_m=cap_m - 400.0, run_speed_m_s=2.0, walk_speed_m_s=1.4,
    )  # fmt: skip
    d = decide(s)
    assert 60.0 * (2.0 * float(d.run_min[0]) + 1.4 * 2 * ladder.WARM_MIN) <= cap_m + 1e-6


def week_after_short_runs(share: float) -> tuple[float, float]:
    """Minutes asked after two weeks in which a runner of 150 min did a part of every run, and after two of nothing."""
    habit = past((45.0, 45.0, 60.0), (2, 4, 6), 16)
    runner = person(habit, experience="runner", goal="10k", birth_year=1985)

    def some(w: int, p: PlannedSession) -> dict[str, float | str] | None:
        if p.kind not in RUN_KINDS or w < 3:
            return FINE
        return {**FINE, "running_s": 60.0 * share * p.run_min, "longest_run_s": 60.0 * share * p.run_min}

    _, short = live(runner, SUNDAY, 5, some)
    _, none = live(runner, SUNDAY, 5, lambda w, p: FINE if w < 3 else None)
    asked = [{p.week: p for p in plans if p.status == "frozen"} for plans in (short, none)]
    last = week_of(SUNDAY + timedelta(days=36))
    return float(asked[0][last].run_min), float(asked[1][last].run_min)


@pytest.mark.parametrize("share", [0.25, 0.4, 0.6])
def test_who_runs_a_little_is_asked_for_no_less_than_who_does_not_run(share: float) -> None:
    some, none = week_after_short_runs(share)
    assert some >= none - 1.0


def test_the_share_that_is_done_is_of_the_minutes_before_the_limits() -> None:
    """Runs of 10 min after two weeks away: the limits leave 39 min, and 40 % of the usual 150 is 60."""
    s = StateArrays.make(
        1, track=ladder.DISTANCE, top=29, level=25, k_last=25, gap_base=25, established=True, usual_week_min=150.0,
        usual_long_min=60.0, usual_session_min=45.0, usual_days=3.0, session_max_min=12.0, bout_max_min=12.0,
        week_best_min=30.0, week_last_min=40.0, run_last_min=14.0, bout_last_min=14.0, fit_share=0.4, max_runs=4.0,
    )  # fmt: skip
    whole = float(decide(s.but(fit_share=np.array([1.0]))).week_min[0])
    assert whole <= 39.0
    assert float(decide(s).week_min[0]) == pytest.approx(whole)
    assert float(decide(s, parameters=V3_6).week_min[0]) < 0.6 * whole


def test_a_runner_who_leaves_every_run_a_little_early_is_not_planned_down() -> None:
    habit = past((45.0, 45.0, 60.0), (2, 4, 6), 16)
    _, plans = lived(person(habit, experience="runner", goal="10k", birth_year=1985), 40, 0.9)
    assert min(p.run_min for p in plans[-6:]) > 0.85 * 150.0


@pytest.mark.parametrize(("asked_min", "usual_min"), [(150.0, 150.0), (171.0, 171.0), (174.0, 120.0), (110.0, 120.0)])
def test_most_of_a_planned_week_counts_as_asked_and_less_as_done(asked_min: float, usual_min: float) -> None:
    """Three runs of 40 min a week: of 171 asked they are 70 %, of 174 a little less, and of 110 more than all."""
    ran = past((40.0, 40.0, 40.0), (2, 4, 6), 10)
    asked = {week_of(s.local_day): asked_min for s in ran}
    habit = habit_of(match(ran, []), SUNDAY, True, {}, asked)
    assert habit is not None
    assert habit.week_min == pytest.approx(usual_min)
    assert habit.long_min == pytest.approx(usual_min / 3)


def test_after_an_easier_week_the_usual_one_comes_before_more() -> None:
    easy = StateArrays.make(
        1, track=ladder.DISTANCE, top=29, level=25, k_last=25, gap_base=25, established=True, usual_week_min=140.0,
        usual_long_min=60.0, usual_session_min=40.0, usual_days=3.0, session_max_min=66.0, bout_max_min=66.0,
        week_best_min=150.0, week_last_min=80.0, run_last_min=35.0, bout_last_min=35.0, credit=6.0, max_runs=4.0,
        comfort=0.8, answered=True, sessions_7d=3.0, days_since_run=1.0, week_top_min=300.0, long_top_min=90.0,
    )  # fmt: skip
    whole = easy.but(week_last_min=np.array([140.0]), run_last_min=np.array([60.0]), bout_last_min=np.array([60.0]))
    assert int(decide(easy).action[0]) == Action.ADVANCE
    assert float(decide(easy).week_min[0]) <= 140.0 + 1e-6
    assert float(decide(whole).week_min[0]) > 140.0


def on_goal_day(minutes: float, day: date, ran: bool) -> tuple[float, float]:
    """Shares of the week before a goal's day and of the one after, of a beginner with runs of so many minutes."""
    runs = tuple(run(SUNDAY - timedelta(days=n), minutes, **FINE) for n in range(28, 0, -3))
    after = (
        (run(day, minutes, **FINE), run(day + timedelta(days=2), 5.0)) if ran else (run(day + timedelta(days=2), 5.0),)
    )
    history = person(runs, experience="active", goal="5k", goal_date=day)
    before = state_of(history, day - timedelta(days=7), week_of(day)).signals
    later = person((*runs, *after), experience="active", goal="5k", goal_date=day)
    behind = state_of(later, day + timedelta(days=7), week_of(day + timedelta(days=1))).signals
    return float(before.taper_share[0]), float(behind.recovery_share[0])


def test_nobody_rests_for_a_distance_far_beyond_what_is_run_nor_after_a_day_without_a_run() -> None:
    day = SUNDAY + timedelta(days=7)
    assert on_goal_day(12.0, day, ran=False) == (1.0, 1.0)
    assert on_goal_day(30.0, day, ran=True) == (0.55, 0.7)
    assert on_goal_day(12.0, day, ran=True) == (1.0, 0.7)
    assert on_goal_day(30.0, day, ran=False) == (0.55, 1.0)
