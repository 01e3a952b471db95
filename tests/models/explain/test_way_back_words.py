"""Words of weeks that come after easier ones, of people who never ran, and of what is done in part."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from steadymile.models.weekplan import Action, PlannedSession, Reason, WeekPlan

from tests.models.policy_people import SUNDAY, live, person, run, walk

FINE = {"rpe": 3.0, "talk_test": "yes"}


def first_ones(plans: list[WeekPlan]) -> list[WeekPlan]:
    """Each week as it was published first."""
    first = {w.week: w for w in reversed([p for p in plans if p.status == "frozen"])}
    return [first[name] for name in sorted(first)]


def reason(week: WeekPlan, rule: str) -> Reason | None:
    return next((r for r in week.reasons if r.rule == rule), None)


def hurt(week: int, day: date) -> dict[str, Any]:
    """Strong pain on the first Wednesday, and none since."""
    return {"pain": 7.0 if (week, day.isoweekday()) == (0, 3) else 0.0}


def after_a_stop() -> list[WeekPlan]:
    """A beginner whom strong pain stops in the first week."""
    begun, plans = live(person(experience="active"), SUNDAY, 1, lambda w, p: dict(FINE), nightly=True, told=hurt)
    _, more = live(begun, SUNDAY + timedelta(weeks=1), 3, lambda w, p: dict(FINE), told=lambda w, d: {"pain": 0.0})
    return first_ones([*plans, *more])


def test_twelve_minutes_after_eight_are_not_called_the_same_step() -> None:
    back, whole = after_a_stop()[2:4]
    assert (back.run_min, whole.run_min, back.level, whole.level) == (8.0, 12.0, "J1", "J1")
    assert whole.headline.startswith("Back from an easier week. Running was stopped for your health until")


def test_a_whole_week_after_a_first_one_that_began_on_a_thursday_is_the_same_step() -> None:
    thursday = SUNDAY + timedelta(days=4)
    _, plans = live(person(experience="active"), thursday, 1, lambda w, p: {"rpe": 7.0})
    partial, whole = first_ones(plans)[:2]
    assert (partial.run_min < whole.run_min, whole.action) == (True, Action.HOLD)
    assert whole.headline.startswith("The same step again.")


def test_whoever_never_ran_is_not_said_to_come_back() -> None:
    """Somebody who walks instead of every jog."""

    def walks(week: int, p: PlannedSession) -> dict[str, Any] | None:
        return dict(FINE) if p.kind == "walk" else None

    _, plans = live(person(experience="active"), SUNDAY, 8, walks)
    late = [w for w in first_ones(plans) if reason(w, "gap14") or reason(w, "gap28")]
    assert late
    assert all(w.headline.startswith("A gentle start. The first run was planned") for w in late if w.action < 3)
    words = {r.what_would_change_it for w in late for r in w.reasons if r.rule in ("gap14", "gap28") and r.fired}
    assert words == {"A first run, however short."}


def test_whoever_ran_once_comes_back() -> None:
    before = tuple(run(SUNDAY - timedelta(days=n), 12.0, 2.0, **FINE) for n in range(40, 20, -3))
    _, plans = live(person(before, experience="active"), SUNDAY, 1, lambda w, p: None)
    assert plans[-1].headline.startswith("A gentle way back.")
    assert "Running again" in next(r.what_would_change_it for r in plans[-1].reasons if r.rule.startswith("gap"))


def test_beside_a_lower_week_a_short_pause_does_not_say_that_it_repeats() -> None:
    restart = after_a_stop()[2]
    said = reason(restart, "gap7")
    assert said is not None
    assert said.sentence == "12 days since your last run, so nothing goes up."


@pytest.mark.parametrize(("share", "about", "counts"), [(0.3, "30%", "40% or more"), (0.5, "50%", "as much as usual")])
def test_what_is_done_in_part_is_said_as_it_is_and_what_of_it_counts(share: float, about: str, counts: str) -> None:
    lived, _ = live(person(experience="active"), SUNDAY, 9, lambda w, p: dict(FINE))

    def part(week: int, p: PlannedSession) -> dict[str, Any]:
        done_s = 60.0 * share * p.run_min
        return {**FINE, "running_s": done_s, "longest_run_s": done_s}

    _, plans = live(lived, SUNDAY + timedelta(weeks=9), 3, part)
    said = [r.sentence for r in plans[-1].reasons if "of each planned run was done lately" in r.sentence]
    assert said
    assert all(f"About {about} of each planned run" in sentence for sentence in said)
    assert f"do {counts} counts half" in said[0]


@pytest.mark.parametrize(("pain", "morning", "days", "shown"), [(4.0, "worse", (3,), None), (5.0, "same", (3, 5), 5.0)])
def test_pain_that_was_worse_the_next_morning_is_not_held_against_how_strong_it_was(
    pain: float, morning: str, days: tuple[int, ...], shown: float | None
) -> None:
    said: dict[str, Any] = {"pain": pain, "pain_next_morning": morning}
    _, plans = live(
        person(experience="active"), SUNDAY, 2, lambda w, p: dict(FINE),
        told=lambda w, d: said if w == 1 and d.isoweekday() in days else {"pain": 1.0},
    )  # fmt: skip
    told = reason(plans[-1], "pain")
    assert told is not None
    assert told.observed == shown


def often(weeks: int) -> list[WeekPlan]:
    """Pain of 4 that settles by morning, in the newest `weeks` of every other week, and thirteen calm weeks else."""
    hurting = range(13 - 2 * weeks, 13, 2)
    return live(
        person(experience="active"), SUNDAY, 13, lambda w, p: dict(FINE),
        told=lambda w, d: {"pain": 4.0 if w in hurting and d.isoweekday() == 4 else 0.0, "pain_next_morning": "same"},
    )[1]  # fmt: skip


def test_pain_that_settles_and_comes_back_for_months_is_a_matter_for_a_physiotherapist() -> None:
    said = reason(often(5)[-1], "pain_weeks")
    assert said is not None
    assert said.sentence == (
        "You reported pain of 3 or more in 5 of the last twelve weeks. It settles, and it comes back: let a "
        "physiotherapist look at it."
    )


def test_pain_in_three_weeks_of_twelve_is_not_named() -> None:
    assert reason(often(3)[-1], "pain_weeks") is None


def test_a_goals_day_that_is_off_is_not_said_to_fit() -> None:
    day = SUNDAY + timedelta(weeks=7)
    goal = person(experience="active", goal="mile", goal_date=day)
    bad: dict[str, Any] = {"pain": 4.0, "pain_next_morning": "worse"}
    for said, words in ((bad, "lies in a week that has to be careful"), ({"pain": 0.0}, "fits")):
        lived, plans = live(
            goal, SUNDAY, 6, lambda w, p: dict(FINE), told=lambda w, d, s=said: s if w == 5 and d.day % 7 == 3 else {}
        )
        told = reason(plans[-1], "goal_date")
        assert told is not None
        assert words in told.sentence
        assert lived.weeks[-1].planned[-1].day == day


def test_a_walkers_way_back_stays_one() -> None:
    walks = tuple(walk(SUNDAY - timedelta(days=n), 30.0) for n in range(60, 25, -2))
    _, plans = live(person(walks, goal="walk", experience="walker"), SUNDAY, 1, lambda w, p: None)
    assert not any(w.headline.startswith("A gentle start.") for w in plans)
