"""Plans of which a part is done: what they ask for next, and that nobody waits at a limit for what cannot come."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

import numpy as np
import pytest
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import state_of
from steadymile.models.policy.caps import caps_of, highest_allowed
from steadymile.models.policy.decide import decide
from steadymile.models.policy.parameters import IN_FORCE, V3_6
from steadymile.models.policy.state import StateArrays
from steadymile.models.policy.training.matching import MatchedSession, week_of
from steadymile.models.policy.training.recent import habit_of
from steadymile.models.session import History
from steadymile.models.weekplan import RUN_KINDS, Action, PlannedSession, Step, WeekPlan

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


def life_missing(missed: int) -> list[WeekPlan]:
    """Twelve weeks of a runner who leaves out the first so many runs of every week from the fourth on."""
    habit = past((45.0, 45.0, 45.0, 75.0), (1, 3, 5, 7), 16)
    runner = person(habit, experience="runner", goal="half", birth_year=1985)
    first: dict[str, int] = {}

    def some(w: int, p: PlannedSession) -> dict[str, float | str] | None:
        if p.kind in RUN_KINDS and w >= 3:
            n = first[week_of(p.day)] = first.get(week_of(p.day), 0) + 1
            if n <= missed:
                return None
        return FINE

    _, plans = live(runner, SUNDAY, 12, some)
    return list({p.week: p for p in plans if p.status == "frozen"}.values())


def test_missing_a_run_makes_no_other_run_longer() -> None:
    whole, missed = life_missing(0), life_missing(1)
    longest = [[max(q.run_min for q in p.planned) for p in plans] for plans in (whole, missed)]
    so_far = [list(accumulate(each, max)) for each in longest]  # level weeks come in other weeks
    assert all(b <= a + 0.5 for a, b in zip(*so_far)), longest


@pytest.mark.parametrize(("share", "usual_min"), [(0.72, 40.0), (0.68, 27.2), (1.0, 40.0)])
def test_a_run_of_which_most_was_done_counts_as_planned_in_the_habit(share: float, usual_min: float) -> None:
    habit = habit_of(in_planned_weeks(share, missed=0), SUNDAY, True, {}, {})
    assert habit is not None
    assert habit.long_min == pytest.approx(usual_min)
    assert habit.week_min == pytest.approx(3 * usual_min)


def test_a_run_that_was_missed_makes_the_others_no_longer() -> None:
    habit = habit_of(in_planned_weeks(1.0, missed=1), SUNDAY, True, {}, {})
    assert habit is not None
    assert habit.long_min == pytest.approx(40.0)
    assert habit.week_min == pytest.approx(80.0)


def test_runs_of_before_the_plan_are_not_measured_by_what_it_asks_for_now() -> None:
    plans = life_missing(1)
    assert plans[6].state["signals"]["usual_session_min"] < 50.0


def in_planned_weeks(share: float, missed: int) -> list[MatchedSession]:
    """Ten weeks with three planned runs of 40 min, of which some are missed and a share of the others is done."""
    days = [SUNDAY - timedelta(days=7 * w - d) for w in range(10, 0, -1) for d in (2, 4, 6)[missed:]]
    asked = (PlannedSession(day, "run", 50.0, "", steps=(Step(1, 2400, 0),)) for day in days)
    done = (run(day, 40.0 * share, **FINE) for day in days)
    return [
        MatchedSession(d, week_of(d.local_day), p, share, False, d.run_min, d.bout_min) for d, p in zip(done, asked)
    ]


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


def on_goal_day(minutes: float, day: date, ran: tuple[tuple[int, float], ...]) -> tuple[float, float]:
    """Shares of the week before a goal's day and of the one after, of a beginner with runs of so many minutes, who ran
    so many days after the goal's day for so long."""
    runs = tuple(run(SUNDAY - timedelta(days=n), minutes, **FINE) for n in range(28, 0, -3))
    after = tuple(run(day + timedelta(days=n), length, **FINE) for n, length in ran)
    history = person(runs, experience="active", goal="5k", goal_date=day)
    before = state_of(history, day - timedelta(days=7), week_of(day)).signals
    later = person((*runs, *after), experience="active", goal="5k", goal_date=day)
    behind = state_of(later, day + timedelta(days=7), week_of(day + timedelta(days=1))).signals
    return float(before.taper_share[0]), float(behind.recovery_share[0])


@pytest.mark.parametrize(
    ("minutes", "ran", "shares"),
    [
        (12.0, (), (1.0, 1.0)),
        (12.0, ((1, 5.0),), (1.0, 1.0)),
        (12.0, ((0, 5.0),), (1.0, 1.0)),
        (12.0, ((0, 38.0),), (1.0, 0.7)),
        (30.0, ((0, 30.0),), (0.55, 0.7)),
        (30.0, ((2, 5.0),), (0.55, 1.0)),
        (30.0, ((1, 30.0),), (0.55, 0.7)),
        (30.0, ((-1, 5.0),), (0.55, 0.7)),
    ],
)
def test_nobody_rests_for_a_distance_far_beyond_what_is_run_nor_after_a_day_without_it(minutes, ran, shares) -> None:
    """Where the distance was within reach, the day was run until something is heard of the time after it."""
    assert on_goal_day(minutes, SUNDAY + timedelta(days=7), ran) == shares
