"""What an average beginner would have been given beside what this runner was given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from steadymile.models.explain.average import AVERAGE, average_beginner
from steadymile.models.policy.state import StateArrays, signals

from tests.models.policy_people import SUNDAY, live, person, run

EASY = {"rpe": 2.0, "talk_test": "yes"}


OWN = {
    "health, of which nothing may read like a promise": (
        "crashed pain pain_persist pain_weeks bad_times bad_days_ago red_flag injured calm_answers walk_weeks ill "
        "stop_latched walk_due restart stop_recent after_illness needs_clearance careful heavy_first_week"
    ),
    "the same limits": (
        "session_max_min bout_max_min distance_max_m week_best_min gain_mean_4w_m descent_max_30d_m drawn_steps "
        "taper_share recovery_share walk_ok unsynced"
    ),
    "the same place, reached the same way": "days_at_level consecutive_advances prev_back_off comfort_holds",
}
"""What the average beginner shares with the runner, of the fields that have a worse direction."""


def test_every_sign_of_how_somebody_is_is_averaged_or_shared():
    shared = {name for names in OWN.values() for name in names.split()}
    assert shared | set(AVERAGE) == {name for name, x in signals(StateArrays).items() if x.worse} | set(AVERAGE)
    assert shared & set(AVERAGE) == set()


def weeks(answers, told=None):
    plans = live(person(experience="active"), SUNDAY, 5, lambda w, p: answers, told=told)[1]
    return [p for p in plans if p.status == "frozen"]


def test_who_finds_it_easy_is_given_more_than_an_average_beginner():
    said = [average_beginner(p) for p in weeks(EASY)[1:]]
    assert any("would have been given 3 runs" in (s or "") and "you were given" in (s or "") for s in said)


def test_a_silent_runner_is_the_average_beginner():
    said = [average_beginner(p) for p in weeks({})[1:4]]
    assert all("the same: 3 runs" in (s or "") for s in said), said


@pytest.mark.parametrize("day", [{"pain": 4}, {"ill": "yes"}])
def test_where_health_decides_nothing_reads_like_a_promise_of_running(day):
    told = weeks(EASY, lambda w, d: day if w >= 1 and d.isoweekday() == 6 else {})
    assert all(average_beginner(p) is None for p in told[2:])


def test_who_came_back_with_runs_of_their_own_is_not_called_a_beginner():
    before = tuple(run(SUNDAY - timedelta(days=2 * n), 20.0, 8.0) for n in range(12, 0, -1))
    plans = live(person(before, goal="mile"), SUNDAY, 3, lambda w, p: {})[1]
    said = [s for p in plans if (s := average_beginner(p))]
    assert said
    assert all(s.startswith("Any other runner at your place") for s in said)


def test_for_walkers_there_is_no_comparison():
    assert average_beginner(live(person(), SUNDAY, 0)[1][0]) is None
