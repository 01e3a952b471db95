"""Two steps at once: not after strong pain, and not while talking is hardly possible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from steadymile.models.policy import ladder
from steadymile.models.weekplan import Action, PlannedSession, WeekPlan

from tests.models.policy_people import SUNDAY, live, person, run

FINE = {"rpe": 3.0, "talk_test": "yes"}
BARELY = {"rpe": 3.0, "talk_test": "equivocal"}
Said = Callable[[int, date], dict[str, Any]]


def weeks_of(said: Said, felt: Callable[[PlannedSession], dict[str, Any]] = lambda p: dict(FINE)) -> list[WeekPlan]:
    """Ten weeks of a beginner, each as it was published first; what the days of the first change is seen."""
    begun, plans = live(person(experience="active"), SUNDAY, 1, lambda w, p: felt(p), nightly=True, told=said)
    _, more = live(begun, SUNDAY + timedelta(weeks=1), 9, lambda w, p: felt(p), told=lambda w, d: said(w + 1, d))
    plans += more
    first = {w.week: w for w in reversed([p for p in plans if p.status == "frozen"])}
    return [first[name] for name in sorted(first)]


def steps(plans: list[WeekPlan]) -> list[int]:
    """How many levels each advance went up."""
    levels = [(w, ladder.index_of(ladder.MILE, w.level)) for w in plans]
    return [b - a for (_, a), (w, b) in pairwise(levels) if w.action == Action.ADVANCE and a is not None and b]


def hurt_on(week: int, worst: float) -> Said:
    """Pain on the Wednesday of a week, and none on any other day."""
    return lambda w, d: {"pain": worst if (w, d.isoweekday()) == (week, 3) else 0.0}


def test_after_one_strong_pain_the_dose_that_hurt_comes_again_before_more() -> None:
    plans = weeks_of(hurt_on(0, 7.0))
    since = [w for w in plans if w.run_min and w.as_of < SUNDAY + timedelta(days=3 + 42)]
    assert steps(since) == [1, 1, 1]
    assert [w.level for w in since] == ["J1", "J1", "J1", "J2", "J3", "J4"]
    words = next(r.sentence for r in since[-1].reasons if r.rule == "one_step")
    assert "what you ran then comes again before more" in words


def test_six_weeks_after_it_two_steps_may_come_again() -> None:
    assert 2 in steps(weeks_of(hurt_on(0, 7.0))[7:])


def test_pain_that_a_run_may_have_leaves_two_steps_alone() -> None:
    assert 2 in steps(weeks_of(hurt_on(0, 2.0))[:4])


def test_whoever_can_barely_talk_goes_one_step_at_a_time() -> None:
    plans = weeks_of(lambda w, d: {}, lambda p: dict(BARELY))
    assert set(steps(plans)) == {1}
    assert any(w.action == Action.ADVANCE for w in plans)  # and goes on
    named = [r for w in plans for r in w.reasons if "barely talk" in r.sentence]
    assert named[0].sentence == "One step at a time: in 3 runs of the week you could barely talk."
    assert named[0].what_would_change_it.startswith("Runs in which you speak in full sentences: go slower")


def test_runs_in_which_talking_was_barely_possible_are_not_called_comfortable() -> None:
    plans = weeks_of(lambda w, d: {}, lambda p: dict(BARELY))
    assert all("comfortable runs" not in w.headline for w in plans if w.action == Action.ADVANCE)


def test_one_run_of_a_week_with_little_breath_leaves_two_steps_alone() -> None:
    plans = weeks_of(lambda w, d: {}, lambda p: dict(BARELY if p.slot == 2 else FINE))
    assert 2 in steps(plans)


def test_a_runner_with_a_habit_who_comes_back_from_a_pause_does_not_fall_to_jog_walks() -> None:
    """The ladder's own week has ten minutes of walking in every run, so that its metres reached the limit first."""
    before = tuple(run(SUNDAY - timedelta(days=7 * w + k), 40.0) for w in range(12, 0, -1) for k in (6, 5, 4))
    _, plans = live(
        person(before, experience="active", goal="10k"), SUNDAY, 8, lambda w, p: None if w < 3 else dict(FINE)
    )
    back = [w for w in plans if w.status == "frozen"][3:]
    assert {w.level for w in back} == {"E"}
    assert all(b.run_min >= a.run_min for a, b in pairwise(back))
