"""Goals in metres and on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from steadymile.models.athlete import Athlete, Facts
from steadymile.models.policy import ladder
from steadymile.models.week.goals import (
    nearest_distance,
    recovery_share,
    safe_date,
    taper_share,
    top_level,
    weeks_to,
)
from steadymile.models.weekplan import Action, WeekPlan

from tests.models.policy_people import SUNDAY, live, person

MONDAY = date(2026, 5, 4)
TODAY = date(2026, 3, 1)


def test_a_slow_runner_needs_a_longer_run_for_the_same_distance():
    # 5 km take 33.3 min at 2.5 m/s (D2 is 36) and 46.3 min at 1.8 m/s (D6 is 50).
    levels = [ladder.level_of(ladder.DISTANCE, top_level("5k", speed)).id for speed in (2.5, 1.8)]
    assert levels == ["D2", "D6"]


def test_without_a_speed_the_ladders_own_minutes_stand():
    assert top_level("half", None) == ladder.TOP["half"]


def test_forty_kilometres_a_week_reach_a_half_marathon_in_twelve_weeks():
    # A long run of 75 min at 2.78 m/s is 12.5 km; 15.8 km are 1.27 times that: ln 1.27 / ln 1.03 is 8 weeks.
    assert weeks_to("half", ladder.M7, 75.0, 2.78) == 8


def test_whoever_runs_far_enough_already_waits_for_nothing():
    assert weeks_to("10k", ladder.M7, 90.0, 2.5) == 0


@pytest.mark.parametrize(("weeks", "kept"), [(10, True), (11, True), (12, True), (13, False), (7, False)])
def test_a_stated_date_stays_unless_it_moves_by_more_than_two_weeks(weeks, kept):
    stated = TODAY + timedelta(weeks=10)
    assert (safe_date(TODAY, weeks, stated) == stated) is kept


def test_where_a_distance_is_too_far_the_longest_that_is_within_reach_is_named():
    reach = {"mile": TODAY, "5k": TODAY, "10k": TODAY + timedelta(weeks=4), "half": TODAY + timedelta(weeks=20)}
    assert nearest_distance("half", reach, TODAY + timedelta(weeks=6)) == "10k"
    assert nearest_distance("half", reach, TODAY + timedelta(weeks=2)) == "5k"
    assert nearest_distance("mile", reach, TODAY) is None


def test_two_weeks_before_a_half_marathon_are_easier_and_nothing_before_them():
    day = MONDAY + timedelta(days=6)
    shares = [taper_share("half", day, MONDAY - timedelta(weeks=w)) for w in (3, 2, 1, 0, -1)]
    assert shares == [1.0, 1.0, 0.7, 0.45, 1.0]


def test_one_week_before_a_mile_is_easier():
    day = MONDAY + timedelta(days=5)
    assert [taper_share("mile", day, MONDAY - timedelta(weeks=w)) for w in (1, 0)] == [1.0, 0.55]


def test_the_taper_of_a_long_distance_is_that_of_the_studies():
    # 41-60 % over 8 to 21 days: what the two weeks leave out together.
    day = MONDAY + timedelta(days=6)
    left_out = 2.0 - taper_share("half", day, MONDAY) - taper_share("half", day, MONDAY - timedelta(weeks=1))
    assert 0.41 <= left_out / 2.0 <= 0.60


def test_the_week_after_is_for_recovery():
    day = MONDAY - timedelta(days=1)
    assert [recovery_share("half", day, MONDAY + timedelta(weeks=w)) for w in (-1, 0, 1, 2)] == [1.0, 0.5, 0.8, 1.0]


def test_who_walked_for_a_while_goes_on_from_the_runs_of_before_as_after_a_pause() -> None:
    wish = {SUNDAY + timedelta(weeks=w, days=3): Facts(goal=goal) for w, goal in ((8, "walk"), (11, "5k"))}
    runner = replace(person(), athlete=Athlete("a", "A", base=Facts(experience="active", goal="mile"), dated=wish))
    _, plans = live(runner, SUNDAY, 12, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    levels = [p.level for p in plans]
    assert levels[8] == "M3"
    assert [level[0] for level in levels[9:12]] == ["W"] * 3
    assert plans[12].sessions == 3
    assert plans[12].level.startswith("J")  # four weeks without running, not a beginner's first walks
    assert "since your last run" in plans[12].headline


def test_who_only_ever_walked_begins_running_by_walks() -> None:
    wish = {SUNDAY + timedelta(weeks=3, days=3): Facts(goal="5k")}
    walker = replace(person(), athlete=Athlete("a", "A", base=Facts(goal="walk"), dated=wish))
    _, plans = live(walker, SUNDAY, 4, lambda w, p: {"rpe": 3.0})
    assert plans[-1].sessions == 0


def shown(
    *wishes: tuple[int, str],
    weeks: int = 14,
    told: dict[int, float] | None = None,
    rpe: float = 3.0,
    hard_from: int = 7,
) -> list[WeekPlan]:
    """The plans by the Sunday they were made on, of somebody whose goal changes in these weeks, whose runs feel so
    hard from a week on, and who reports pain on these days."""
    dated = {SUNDAY + timedelta(weeks=w, days=3): Facts(goal=goal) for w, goal in wishes}
    runner = replace(person(), athlete=Athlete("a", "A", base=Facts(experience="active", goal="5k"), dated=dated))
    pain = {SUNDAY + timedelta(days=n): x for n, x in (told or {}).items()}
    fine: dict[str, Any] = {"rpe": 3.0, "talk_test": "yes"}
    later: dict[str, Any] = {"rpe": rpe, "talk_test": "yes" if rpe < 7.0 else "no"}
    _, plans = live(
        runner,
        SUNDAY,
        weeks,
        lambda w, p: later if w >= hard_from else fine,
        told=lambda w, day: {"pain": pain[day]} if day in pain else {},
    )
    return [p for p in plans if p.status == "frozen" and p.revision == 1]


def test_a_week_of_walks_as_a_goal_is_no_way_around_steps_down() -> None:
    sore = {7 * w + 3: 3.0 for w in (6, 7, 8)}
    plans = shown((10, "walk"), (11, "5k"), told=sore, weeks=12, rpe=9.0, hard_from=8)
    assert [p.level for p in plans[8:]] == ["M2", "M1", "J10", "W1", "J10"]  # not what the month before carried


@pytest.mark.parametrize("leaves", [9, 10])
def test_a_week_of_walks_as_a_goal_is_no_way_around_the_slow_way_back(leaves: int) -> None:
    stop = {58: 7.0, 60: 1.0, 62: 1.0}
    straight, around = shown(told=stop), shown((leaves, "walk"), (leaves + 1, "5k"), told=stop)
    assert all(a.run_min <= s.run_min and a.longest_bout_min <= s.longest_bout_min for a, s in zip(around, straight))


def test_running_that_begins_by_another_goal_after_a_stop_is_the_first_week_after_it() -> None:
    stop = {58: 7.0, 60: 1.0, 62: 1.0}
    straight, around = shown(told=stop), shown((9, "walk"), (10, "5k"), told=stop)
    first = next(p for p in around[9:] if p.sessions)
    assert (first.action, first.sessions) == (Action.REBUILD, 2)
    after = around[around.index(first) + 1]
    assert after.action <= Action.HOLD  # nothing goes up for 14 days, as without the walks
    assert all(a.run_min <= s.run_min for a, s in zip(around[9:], straight[9:]))
