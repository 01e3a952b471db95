"""The ladder: its order, its sizes, and that every step keeps the caps."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.policy import ladder
from steadymile.models.policy.caps import bout_cap, session_cap, week_cap
from steadymile.models.policy.parameters import UNTUNED as V2

TRACKS = [ladder.MILE, ladder.WALK, ladder.DISTANCE]


def test_the_first_nineteen_levels_have_the_published_running_minutes():
    expected = [0, 0, 4, 6, 8, 9, 12, 12, 13.5, 16, 17, 18, 20, 22, 24, 24, 26, 28, 30]
    assert ladder.RUN_MIN[ladder.MILE, :19].tolist() == expected


def test_the_first_nineteen_levels_have_the_published_longest_bouts():
    expected = [0, 0, 0.5, 1, 1, 1.5, 2, 3, 4.5, 6.5, 9, 12, 15, 18, 21, 24, 26, 28, 30]
    assert ladder.BOUT_MIN[ladder.MILE, :19].tolist() == expected


@pytest.mark.parametrize("track", TRACKS)
def test_running_minutes_and_bouts_never_fall_from_level_to_level(track):
    assert (np.diff(ladder.RUN_MIN[track]) >= 0).all()
    assert (np.diff(ladder.BOUT_MIN[track]) >= 0).all()


@pytest.mark.parametrize("track", TRACKS)
def test_every_step_keeps_the_session_bout_and_week_caps_when_the_level_before_was_completed(track):
    run, bout, other, n = (t[track] for t in (ladder.RUN_MIN, ladder.BOUT_MIN, ladder.OTHER_MIN, ladder.SESSIONS))
    week = run + np.maximum(n - 1, 0) * other
    for k in range(ladder.J1, len(ladder.LEVELS[track])):
        before = 0.0 if k == ladder.J1 else 1.0
        assert run[k] <= session_cap(before * run[k - 1], V2) + 1e-9, ladder.level_of(track, k).id
        assert bout[k] <= bout_cap(before * bout[k - 1], V2) + 1e-9, ladder.level_of(track, k).id
        if n[k] == n[max(k - 1, ladder.J1)]:
            assert week[k] <= week_cap(before * week[k - 1], V2) + 1e-9, ladder.level_of(track, k).id


def test_the_first_mile_of_running_comes_at_m1():
    assert ladder.level_of(ladder.MILE, ladder.M1).bouts_min == (15.0, 5.0)
    assert pytest.approx(1609.344, abs=2) == 15 * 60 * 1.79


def test_the_walk_goal_climbs_from_25_to_50_minutes_five_times_a_week():
    levels = ladder.LEVELS[ladder.WALK][2:]
    assert [x.walk_min for x in levels] == [25, 30, 35, 40, 45, 50]
    assert {x.walks for x in levels} == {5}
    assert not ladder.RUN_MIN[ladder.WALK].any()


def test_a_level_is_found_by_its_name():
    assert ladder.index_of(ladder.MILE, "J3") == 4
    assert ladder.index_of(ladder.WALK, "J3") is None


@pytest.mark.parametrize(("goal", "long_min"), [("5k", 42), ("10k", 79), ("half", 149)])
def test_each_distance_goal_ends_at_its_own_long_run(goal, long_min):
    assert ladder.RUN_MIN[ladder.DISTANCE, ladder.TOP[goal]] == long_min
