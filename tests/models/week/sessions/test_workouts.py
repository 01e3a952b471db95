"""What sessions are made of: hills that stay at their longest, jogs without a stub."""

from __future__ import annotations

import pytest
from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import IN_FORCE, V3_8, Parameters
from steadymile.models.week.sessions.workouts import jog_steps, special


def repetitions(weeks: int, p: Parameters = IN_FORCE) -> tuple[int, int]:
    """How often, and for how many seconds, it goes uphill after so many weeks at a level."""
    content = special("P3", 60.0, weeks, None, False, p)
    assert content is not None
    up = content.steps[-1]
    return up.reps, up.run_s


@pytest.mark.parametrize("weeks", range(10))
def test_hills_grow_within_a_size_and_then_in_size(weeks: int) -> None:
    assert repetitions(weeks) == repetitions(weeks, V3_8)


def test_the_longest_hills_stay_as_many_as_they_are() -> None:
    assert [repetitions(n) for n in (10, 11, 12, 15, 40)] == [(2, 120), (3, 120), (4, 120), (4, 120), (4, 120)]


def bouts(level: int, run_min: float, bout_min: float) -> list[int]:
    """Seconds of the jogs of a level's longest run, cut to so many minutes."""
    steps = jog_steps(ladder.level_of(ladder.MILE, level), run_min, bout_min, False)
    return [s.run_s for s in steps for _ in range(s.reps) if s.run_s]


def test_half_a_minute_after_a_jog_of_twenty_one_is_left_out() -> None:
    assert bouts(ladder.M4 - 1, 21.6, 21.0) == [1260]


def test_a_last_jog_of_some_minutes_stays() -> None:
    assert bouts(ladder.M4 - 1, 24.0, 21.0) == [1260, 180]


def test_short_jogs_keep_a_shorter_last_one() -> None:
    assert bouts(ladder.J1, 4.0, 0.5) == [30] * 8
