"""The ladder row by row, as docs/policy.md prints it: bouts, walk breaks, runs and walks a week."""

from __future__ import annotations

import pytest
from steadymile.models.policy import ladder

ROWS = {
    # level: (running bouts, walking after each but the last) [min]
    "J1": ((0.5,) * 8, 1.5),
    "J2": ((1.0,) * 6, 1.5),
    "J3": ((1.0,) * 8, 1.5),
    "J4": ((1.5,) * 6, 2.0),
    "J5": ((2.0,) * 6, 2.0),
    "J6": ((3.0,) * 4, 2.0),
    "J7": ((4.5,) * 3, 2.0),
    "J8": ((6.5, 6.5, 3.0), 2.0),
    "J9": ((9.0, 8.0), 2.0),
    "J10": ((12.0, 6.0), 2.0),
    "M1": ((15.0, 5.0), 2.0),
    "M2": ((18.0, 4.0), 2.0),
    "M3": ((21.0, 3.0), 2.0),
    "M4": ((24.0,), 0.0),
    "M5": ((26.0,), 0.0),
    "M6": ((28.0,), 0.0),
    "M7": ((30.0,), 0.0),
    **{f"P{i}": ((30.0,), 0.0) for i in range(1, 7)},
}


@pytest.mark.parametrize("name", ROWS)
def test_a_running_level_is_that_of_the_table(name: str) -> None:
    level = ladder.level_of(ladder.MILE, ladder.index_of(ladder.MILE, name) or 0)
    assert (level.bouts_min, level.rest_min) == ROWS[name]
    assert (level.sessions, level.walks, level.walk_min, level.other_min) == (3, 2, 20.0, None)


def test_the_levels_stand_in_the_order_of_the_table() -> None:
    assert [level.id for level in ladder.LEVELS[ladder.MILE]] == ["W1", "W2", *ROWS]
    assert [level.id for level in ladder.LEVELS[ladder.WALK]] == [f"W{i}" for i in range(1, 9)]
    assert [level.id for level in ladder.LEVELS[ladder.DISTANCE][19:]] == [f"D{i}" for i in range(1, 19)]


def test_named_levels_are_where_their_names_say() -> None:
    names = {"J1": ladder.J1, "J9": ladder.J9, "M1": ladder.M1, "M2": ladder.M2, "M4": ladder.M4, "M7": ladder.M7}
    names |= {"P1": ladder.P1, "P2": ladder.P2, "P3": ladder.P3, "P4": ladder.P4, "P5": ladder.P5, "P6": ladder.P6}
    assert {name: ladder.index_of(ladder.MILE, name) for name in names} == names


@pytest.mark.parametrize(("name", "minutes"), [("W1", 15.0), ("W2", 20.0)])
def test_the_first_levels_walk_on_five_days(name: str, minutes: float) -> None:
    for track in (ladder.MILE, ladder.WALK, ladder.DISTANCE):
        level = ladder.level_of(track, ladder.index_of(track, name) or 0)
        assert (level.walks, level.walk_min, level.sessions, level.run_min) == (5, minutes, 0, 0.0)


def test_long_runs_grow_and_the_others_follow_to_an_hour() -> None:
    levels = ladder.LEVELS[ladder.DISTANCE][19:]
    long = [33, 36, 39, 42, 46, 50, 55, 60, 66, 72, 79, 86, 94, 103, 113, 124, 136, 149]
    # three tenths of what the long run has beyond half an hour, in whole minutes
    other = [31, 32, 33, 34, 35, 36, 38, 39, 41, 43, 45, 47, 49, 52, 55, 58, 60, 60]
    assert [level.bouts_min for level in levels] == [(float(minutes),) for minutes in long]
    assert [level.other_min for level in levels] == other
    assert [level.sessions for level in levels] == [3] * 7 + [4] * 11
    assert [level.walks for level in levels] == [2] * 7 + [1] * 11
    assert {level.walk_min for level in levels} == {20.0}


def test_walk_breaks_lie_between_the_bouts() -> None:
    level = ladder.level_of(ladder.MILE, ladder.J1)
    assert (level.run_min, level.longest_bout_min, level.breaks_min) == (4.0, 0.5, 10.5)
    assert ladder.Level("none").breaks_min == 0.0


def test_every_run_has_five_minutes_of_walking_before_and_after() -> None:
    assert ladder.WARM_MIN == 5.0


@pytest.mark.parametrize(
    ("goal", "top", "week_min", "long_min"),
    [("mile", "P6", 180.0, 60.0), ("walk", "W8", 0.0, 0.0), ("5k", "D4", 240.0, 60.0), ("10k", "D11", 300.0, 90.0),
     ("half", "D18", 390.0, 150.0)],
)  # fmt: skip
def test_each_goal_ends_somewhere(goal: str, top: str, week_min: float, long_min: float) -> None:
    assert ladder.level_of(ladder.TRACK[goal], ladder.TOP[goal]).id == top
    assert (ladder.WEEK_TOP_MIN[goal], ladder.LONG_TOP_MIN[goal]) == (week_min, long_min)


def test_beyond_the_ends_of_a_track_stand_its_first_and_last_level() -> None:
    assert [ladder.level_of(ladder.WALK, i).id for i in (-3, 0, 7, 99)] == ["W1", "W1", "W8", "W8"]
    assert ladder.RUN_MIN[ladder.MILE, -1] == 30.0
    assert ladder.WALK_MIN[ladder.WALK, -1] == 50.0
    assert ladder.BREAKS_MIN[ladder.MILE, ladder.J1] == 10.5
    assert ladder.OTHER_MIN[ladder.MILE, ladder.J1] == 4.0
