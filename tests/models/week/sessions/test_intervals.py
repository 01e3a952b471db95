"""A session's minutes as bouts: nothing is lost, nothing is longer than allowed, and less allowed is never more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.policy import ladder
from steadymile.models.week.sessions.intervals import MOST_BOUTS, bouts_of

JOGS = range(ladder.J1, ladder.M4)


def made(level: int, run_min: float, bout_min: float) -> list[float]:
    own = np.zeros(MOST_BOUTS)
    bouts = ladder.level_of(ladder.MILE, level).bouts_min
    own[: len(bouts)] = bouts
    out = bouts_of(own, np.float64(run_min), np.float64(bout_min))
    return [float(b) for b in out if b > 0]


@pytest.mark.parametrize("level", JOGS)
def test_a_level_that_fits_is_run_as_it_stands(level):
    whole = ladder.level_of(ladder.MILE, level)
    assert made(level, whole.run_min, whole.longest_bout_min) == list(whole.bouts_min)


J7, J9, M1, M2 = 8, 10, 12, 13


@pytest.mark.parametrize(
    ("level", "run_min", "bout_min", "bouts"),
    [
        (J9, 17.0, 6.75, [6.75, 5.25, 5.0]),  # 10.25 min are left for two bouts
        (M1, 20.0, 11.25, [11.25, 8.75]),
        (M2, 8.75, 18.0, [8.5]),  # half minutes
        (J7, 8.0, 4.5, [4.5, 3.5]),
        (M1, 18.0, 16.5, [16.5, 1.5]),  # longer than the level's own: the mile itself
    ],
)
def test_minutes_are_split_into_a_first_bout_as_long_as_allowed_and_equal_ones(level, run_min, bout_min, bouts):
    assert made(level, run_min, bout_min) == bouts


quarters = st.integers(1, 100).map(lambda n: n / 4)


@given(st.sampled_from(list(JOGS)), quarters, quarters)
def test_no_bout_and_no_sum_is_longer_than_allowed(level, run_min, bout_min):
    bouts = made(level, run_min, bout_min)
    assert max(bouts, default=0.0) <= bout_min
    assert sum(bouts) <= run_min


@given(st.sampled_from(list(JOGS)), quarters, quarters, quarters)
def test_a_lower_limit_on_bouts_never_gives_more_minutes(level, run_min, a, b):
    assert sum(made(level, run_min, min(a, b))) <= sum(made(level, run_min, max(a, b)))


@given(st.sampled_from(list(JOGS)), quarters, quarters, quarters)
def test_fewer_minutes_never_give_more(level, bout_min, a, b):
    assert sum(made(level, min(a, b), bout_min)) <= sum(made(level, max(a, b), bout_min))
