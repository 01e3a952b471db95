"""The usual week of an established runner, and what a pause leaves of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from steadymile.models.policy.build_state import state_of, target_week
from steadymile.models.policy.decide import decide
from steadymile.models.policy.habit import off_ladder, own_before
from steadymile.models.policy.parameters import IN_FORCE, V3_5
from steadymile.models.policy.state import StateArrays
from steadymile.models.session import Day, History, Session
from steadymile.models.week.plan import plan
from steadymile.models.weekplan import Action, WeekPlan

from tests.models.policy_people import SUNDAY, live, person, run
from tests.models.week.test_plays import past

FINE = {"rpe": 3.0, "talk_test": "yes"}
WEEKDAYS = {3: (1, 3, 5), 4: (0, 2, 4, 6), 5: (0, 1, 3, 4, 6), 6: (0, 1, 2, 3, 4, 5)}
HABITS = {
    "six short runs": (20.0, 6, None, None),
    "five runs of M4's length": (25.0, 5, None, "10k"),
    "three runs to the mile": (30.0, 3, None, "mile"),
    "a long run of an hour": (40.0, 3, 60.0, "10k"),
    "six hours a week": (60.0, 5, 120.0, None),
}


def sessions_of(run_min: float, runs: int, long_min: float | None) -> tuple[Session, ...]:
    """Sixteen weeks of the same runs, the last one the longest."""
    first = SUNDAY - timedelta(days=16 * 7 - 1)
    minutes = [*([run_min] * (runs - 1)), long_min or run_min]
    return tuple(
        run(first + timedelta(days=7 * w + day), m, **FINE)
        for w in range(16)
        for day, m in zip(WEEKDAYS[runs], minutes)
    )


def runner(name: str, weeks: int = 0) -> History:
    """Somebody with one of the habits above, who may have lived weeks of the plan."""
    run_min, runs, long_min, goal = HABITS[name]
    history = person(sessions_of(run_min, runs, long_min), experience="runner", goal=goal, birth_year=1990)
    return live(history, SUNDAY, weeks, lambda w, p: FINE)[0] if weeks else history


def week_after(history: History, days: int) -> tuple[float, float, float]:
    """Running minutes of the week, its longest run and that run's longest bout, planned on a day so long after the
    last run; the Sundays before it are planned too where there are plans."""
    last = history.sessions[-1].local_day
    for n in range(1, days):
        if history.weeks and (last + timedelta(days=n)).isoweekday() == 7:
            history = planned_on(history, n)
    as_of = last + timedelta(days=days)
    d = decide(state_of(history, as_of, target_week(as_of, history.weeks)[0]).signals)
    return float(d.week_min[0]), float(d.run_min[0]), float(d.bout_min[0])


def planned_on(history: History, days: int) -> History:
    """The history with the week that is published on that day after the last run."""
    quiet, _ = live(history, history.sessions[-1].local_day + timedelta(days=days), 0, lambda w, p: None)
    return quiet


@pytest.mark.parametrize("name", HABITS)
def test_a_longer_pause_never_asks_for_more(name: str) -> None:
    found = [week_after(runner(name), days) for days in (3, 8, 13, 14, 17, 18, 21, 24, 28, 30, 35, 42, 43, 56, 84, 140)]
    for before, after in pairwise(found):
        assert all(b <= a + 1e-6 for a, b in zip(before[:1], after[:1])), found


@pytest.mark.parametrize("name", HABITS)
def test_from_two_weeks_on_no_day_takes_half_of_what_the_day_before_had(name: str) -> None:
    found = [week_after(runner(name), days)[0] for days in range(14, 57)]
    assert all(b >= 0.5 * a for a, b in pairwise(found)), found


@pytest.mark.parametrize("name", HABITS)
def test_no_day_of_a_pause_with_pain_takes_half_of_what_the_day_before_had(name: str) -> None:
    history = runner(name)
    hurt = replace(history, days=(Day(history.sessions[-1].local_day + timedelta(days=1), {"pain": 4.0}),))
    found = [week_after(hurt, days)[0] for days in range(8, 57)]
    assert all(b >= 0.5 * a for a, b in pairwise(found)), found
    assert all(b <= a + 1e-6 for a, b in pairwise(found)), found


@pytest.mark.parametrize(("days", "week_min"), [(14, 0.85**2 * 120.0), (28, 0.85**4 * 120.0), (42, 0.85**6 * 120.0)])
def test_six_short_runs_come_back_fifteen_percent_a_step_smaller(days: int, week_min: float) -> None:
    assert week_after(runner("six short runs"), days)[0] == pytest.approx(week_min, abs=1.0)


@pytest.mark.parametrize("name", HABITS)
def test_a_pause_under_a_plan_costs_as_much_as_one_without(name: str) -> None:
    alone, planned = runner(name), runner(name, weeks=3)
    for days in (28, 42):
        assert week_after(planned, days)[0] == pytest.approx(week_after(alone, days)[0], rel=0.2)


def published(history: History, start_day: int, weeks: int, gap: int, pain: float | None = None) -> list[WeekPlan]:
    """The weeks published from a day on by somebody who does nothing for `gap` days, with `pain` on the first of them,
    and then everything."""
    last = history.sessions[-1].local_day
    start = SUNDAY + timedelta(days=start_day)
    hurt = {} if pain is None else {last + timedelta(days=1): {"pain": pain}}
    _, plans = live(
        history, start, weeks, lambda w, p: None if (p.day - last).days < gap else FINE,
        told=lambda w, day: hurt.get(day, {}),
    )  # fmt: skip
    return list({p.week: p for p in plans if p.status == "frozen"}.values())


def test_the_week_after_the_first_run_back_is_no_smaller_than_that_one() -> None:
    """Only two runs of that week were left, and its limit rests on what the week asked for."""
    plans = published(runner("six short runs", weeks=3), 21, 6, gap=35)
    asked = [float(p.state["decision"]["week_min"]) for p in plans]
    assert asked[4] == pytest.approx(asked[3])
    assert asked[4] < asked[5] <= 1.16 * asked[4]


@pytest.mark.parametrize("gap", [16, 20, 28])
@pytest.mark.parametrize("name", HABITS)
def test_the_way_back_grows_by_a_fifth_a_week_at_most(name: str, gap: int) -> None:
    """By 15 % of the week before, or to what the ladder's level holds."""
    asked = [float(p.state["decision"]["week_min"]) for p in published(runner(name, weeks=3), 21, 10, gap)]
    low = asked.index(min(asked))
    assert all(b <= 1.2 * a for a, b in pairwise(asked[low:])), asked
    assert asked[-1] > 1.3 * asked[low]


@pytest.mark.parametrize("gap", [15, 16, 18, 21])
@pytest.mark.parametrize("name", HABITS)
def test_the_way_back_from_a_pause_with_pain_begins_at_what_that_pause_left(name: str, gap: int) -> None:
    """What was run before the pain is no week that was run lately, though it lies within four weeks."""
    asked = [float(p.state["decision"]["week_min"]) for p in published(runner(name, weeks=3), 21, 5, gap, pain=4.0)]
    assert all(b <= 1.21 * a for a, b in pairwise(asked)), asked


def established(**fields: Any) -> StateArrays:
    """An established runner of six runs of 20 minutes, on M1."""
    there: dict[str, Any] = {
        "established": True, "usual_week_min": 120.0, "usual_long_min": 20.0, "usual_session_min": 20.0,
        "usual_days": 6.0, "max_runs": 6.0, "track": 2, "top": 29, "level": 12, "k_last": 12, "gap_base": 12,
        "week_last_min": 120.0, "run_last_min": 20.0, "bout_last_min": 20.0, "session_max_min": 20.0,
        "bout_max_min": 20.0, "week_best_min": 120.0, "distance_max_m": np.inf,
    }  # fmt: skip
    return StateArrays.make(1, **{**there, **fields})


def test_the_first_week_after_a_stop_has_the_ladders_walk_breaks() -> None:
    back = decide(established(days_since_run=21.0, restart=True))
    assert not off_ladder(established(restart=True), back.level, IN_FORCE)[0]
    assert float(back.bout_min[0]) < 10.0


def test_a_stop_asks_for_no_more_than_a_pause_of_the_same_length() -> None:
    for days in (8.0, 14.0, 21.0, 28.0, 42.0):
        paused, stopped = (decide(established(days_since_run=days, restart=r)) for r in (False, True))
        for name in ("week_min", "run_min", "bout_min"):
            assert float(getattr(stopped, name)[0]) <= float(getattr(paused, name)[0]) + 1e-9


@pytest.mark.parametrize(("last_min", "own"), [(120.0, True), (60.0, True), (45.0, False), (np.inf, True)])
def test_a_week_was_ones_own_where_it_held_a_fifth_more_than_the_ladders(last_min: float, own: bool) -> None:
    """M1 holds a run of 20 minutes and two of 11: 42 in all, 50.4 with a fifth."""
    assert own_before(established(week_last_min=last_min), IN_FORCE)[0] == own


def test_version_3_5_went_to_the_ladder_after_two_weeks() -> None:
    away = established(days_since_run=14.0)
    assert float(decide(away, parameters=V3_5).week_min[0]) < 40.0
    assert float(decide(away).week_min[0]) == pytest.approx(0.85**2 * 120.0)


def test_weeks_planned_in_a_pause_take_nothing_from_one_another() -> None:
    """Four weeks away, the level has come down by three already: the week is four steps below, not one."""
    away = established(days_since_run=28.0, level=9, k_last=10, week_last_min=90.0)
    assert float(decide(away).week_min[0]) == pytest.approx(0.85**4 * 120.0)
    assert float(decide(replace(away, gap_base=np.array([9]))).week_min[0]) < float(decide(away).week_min[0]) + 1e-9


def test_bad_weeks_do_not_become_the_usual_ones_for_good() -> None:
    """Without a goal nothing asks for more than is usual, so the plan has to know for long what that was."""
    missed = {2, 3, 4, 6}
    history = runner("six hours a week", weeks=3)
    _, plans = live(history, SUNDAY + timedelta(days=21), 26, lambda w, p: None if w in missed else FINE)
    asked = [float(p.state["decision"]["week_min"]) for p in plans if p.status == "frozen"]
    assert min(asked) < 0.8 * 360.0
    assert asked[-1] > 0.95 * 360.0


def test_silence_in_a_pause_claims_no_step_that_was_run_last() -> None:
    """The week is made smaller for the pause, so it does not go back to anything."""
    plans = published(runner("six short runs", weeks=3), 21, 2, gap=30)
    said = next(r.sentence for r in plans[1].reasons if r.rule == "unsynced" and r.fired)
    assert plans[1].action == Action.REBUILD
    assert said.endswith("until it is known, the week is planned as after a pause.")


@pytest.mark.parametrize("runs", [(3, 2), (5, 2)])
def test_the_first_week_planned_again_the_same_day_is_the_week_that_was_published(runs: tuple[int, int]) -> None:
    """Being planned for does not make anybody established: every second week here is too short to be one of theirs."""
    days = (0, 1, 3, 5, 6)
    first = SUNDAY - timedelta(days=16 * 7 - 1)
    done = tuple(
        run(first + timedelta(days=7 * w + days[k]), 32.0, **FINE) for w in range(16) for k in range(runs[w % 2])
    )
    monday = SUNDAY + timedelta(days=1)
    history = person(done, experience="runner", goal="10k", birth_year=1990)
    week = plan(history, monday)
    again = plan(replace(history, weeks=(week,)), monday, week.week)
    assert week.level == "E"
    assert again.run_min == week.run_min
    assert again.inputs_hash == week.inputs_hash


def test_after_an_exhausted_week_the_usual_one_comes_before_more_however_much_that_week_held() -> None:
    def told(week: int, day: date) -> dict[str, float]:
        high = 7.0 if 20 <= (day - SUNDAY).days < 28 else 2.0
        return {"fatigue": high, "soreness": high, "stress": 2.0, "sleep_quality": 2.0, "pain": 0.0}

    runner = person(past((40.0, 40.0, 60.0), (2, 4, 7), 10), goal="10k")
    _, plans = live(runner, SUNDAY, 7, lambda w, p: {"rpe": 3.0, "talk_test": "yes"}, nightly=True, told=told)
    weeks = list({w.week: w for w in plans if w.status == "frozen"}.values())
    eased = next(i for i, w in enumerate(weeks) if "exhausted" in {r.rule for r in w.reasons if r.fired})
    assert weeks[eased].action == Action.BACK_OFF
    assert weeks[eased + 1].action == Action.HOLD
    assert weeks[eased + 1].run_min < max(w.run_min for w in weeks[:eased])
