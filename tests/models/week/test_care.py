"""Who is given weights, who goes one step at a time, the way back after an illness, and pain that rises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import state_of
from steadymile.models.policy.decide import decide
from steadymile.models.policy.parameters import V2, V3
from steadymile.models.policy.state import StateArrays
from steadymile.models.session import Day
from steadymile.models.week.easing import tonight
from steadymile.models.week.plan import plan

from tests.models.policy_people import SUNDAY, live, person, run, walk

EASY = {"rpe": 2.0, "talk_test": "yes"}
RAN = tuple(run(SUNDAY - timedelta(days=n), 30.0) for n in range(60, 0, -2))


def lifted(**facts):
    """The weeks of somebody who runs half an hour, with the days on which weights are planned."""
    weeks = live(person(RAN, goal="5k", **facts), SUNDAY, 7, lambda w, p: dict(EASY))[1]
    return [any("weights" in s.title for s in p.planned) for p in weeks if p.status == "frozen"]


def test_weights_come_after_six_weeks_of_exercises_without():
    assert lifted() == [False] * 6 + [True] * 2


def test_from_65_years_on_no_plan_asks_for_weights():
    assert not any(lifted(birth_year=SUNDAY.year - 65))
    assert any(lifted(birth_year=SUNDAY.year - 64))


@pytest.mark.parametrize(
    ("values", "ago", "fit"),
    [({"pain": 3}, 5, False), ({"pain": 2}, 5, True), ({"ill": "yes"}, 20, False), ({"ill": "yes"}, 30, True)],
)
def test_weights_wait_for_a_month_free_of_pain_and_illness(values, ago, fit):
    history = live(person(RAN, goal="5k"), SUNDAY, 7, lambda w, p: dict(EASY))[0]
    last = SUNDAY + timedelta(weeks=7)
    history = replace(history, days=(Day(last - timedelta(days=ago), values),))
    assert state_of(history, last).facts["lifts"] is fit


@pytest.mark.parametrize(
    ("facts", "careful"),
    [({"birth_year": SUNDAY.year - 60}, True), ({"birth_year": SUNDAY.year - 59}, False),
     ({"height_cm": 170.0, "weight_kg": 87.0}, True), ({"height_cm": 170.0, "weight_kg": 86.0}, False), ({}, False)],
)  # fmt: skip
def test_age_and_body_mass_make_a_beginner_go_one_step_at_a_time(facts, careful):
    assert bool(state_of(person(experience="active", **facts), SUNDAY).signals.careful[0]) is careful


def test_who_has_a_habit_of_running_is_no_beginner():
    habit = person(tuple(run(SUNDAY - timedelta(days=n), 45.0) for n in range(60, 0, -2)), birth_year=SUNDAY.year - 70)
    assert not bool(state_of(habit, SUNDAY).signals.careful[0])


def test_the_version_before_knew_no_such_care():
    s = StateArrays.make(2, level=5, k_last=5, credit=6.0, comfort=0.9, session_max_min=60.0, bout_max_min=30.0,
                         week_best_min=120.0, careful=np.array([True, False]))  # fmt: skip
    assert list(decide(s, parameters=V3).level) == [6, 7]
    assert list(decide(s, parameters=V2).level) == [7, 7]


def test_the_week_after_an_illness_holds_three_quarters_and_is_no_new_habit():
    s = StateArrays.make(2, level=ladder.M7, k_last=ladder.M7, after_illness=np.array([True, False]), run_last_min=30.0,
                         bout_last_min=30.0, week_last_min=90.0, session_max_min=30.0, bout_max_min=30.0,
                         week_best_min=90.0)  # fmt: skip
    d = decide(s)
    assert d.week_min[0] == pytest.approx(0.75 * d.week_min[1])
    assert list(d.around_goal) == [True, False]


def rising(*pains: float):
    days = tuple(Day(SUNDAY - timedelta(days=4 * n), {"pain": x}) for n, x in enumerate(reversed(pains)))[::-1]
    return [r.sentence for r in plan(person(RAN, days, goal="5k"), SUNDAY).reasons if r.rule == "pain_rising"]


def test_pain_that_rises_from_report_to_report_is_named():
    assert "1, 2, 3" in rising(1, 2, 3)[0]


@pytest.mark.parametrize("pains", [(0, 1, 2), (3, 3, 3), (4, 3, 2), (2, 3)])
def test_pain_that_is_harmless_steady_or_falling_is_not_called_rising(pains):
    assert not rising(*pains)


def easy_pace(rpe: float, talk: str | None = "yes", count: int = 9, minutes: float = 45.0):
    ran = tuple(
        run(SUNDAY - timedelta(days=n), minutes, run_speed_m_s=2.8, walking_s=0.0,
            **({"rpe": rpe, "talk_test": talk} if i >= 30 - count else {}))
        for i, n in enumerate(range(60, 0, -2))
    )  # fmt: skip
    return [r.sentence for r in plan(person(ran, goal="10k"), SUNDAY).reasons if r.rule == "easy_pace"]


def test_an_established_runner_is_told_their_own_easy_pace():
    # 1000 m at 2.8 m/s take 357 s: 5:55 to five seconds
    assert "about 5:55 min a km" in easy_pace(3.0)[0]


@pytest.mark.parametrize("felt", [{"rpe": 5.0}, {"rpe": 3.0, "talk": "no"}, {"rpe": 3.0, "count": 2}])
def test_runs_that_were_not_easy_or_too_few_tell_no_easy_pace(felt):
    assert easy_pace(**felt) == []


def test_a_beginner_is_told_no_pace():
    assert easy_pace(2.0, minutes=8.0) == []


@pytest.mark.parametrize(
    ("what", "hard"),
    [
        ({"kind": "walk", "sport": "walking", "moving_s": 1200.0, "load": 43.0}, False),
        ({"kind": "other", "sport": "cycling", "moving_s": 2400.0, "load": 36.0}, False),
        ({"kind": "other", "sport": "football", "moving_s": 3600.0, "load": 160.0}, True),
        ({"kind": "walk", "sport": "walking", "moving_s": 6000.0, "load": 40.0}, True),
    ],
    ids=["a brisk walk", "a commute", "football", "a long walk"],
)
def test_only_what_was_long_or_hard_eases_the_run_after_it(what: dict[str, Any], hard: bool) -> None:
    history, plans = live(person(experience="active"), SUNDAY, 2, lambda w, p: {"rpe": 3.0, "load": 22.0})
    run_day = next(p.day for p in plans[-1].planned if p.kind == "run")
    before = run_day - timedelta(days=1)
    other = walk(before, 20.0, activity_id="other", **what)
    found = tonight(replace(history, sessions=(*history.sessions, other), last_file_day=before), before)
    said = f"{before:%A} was long or hard in another sport, so the run of {run_day:%A}"
    assert any(said in str(w.revision_reason) for w in found) == hard
