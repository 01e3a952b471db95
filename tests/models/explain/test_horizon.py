"""The range of weeks to a goal, from how often the weeks so far went a step further."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.explain.horizon import FEWEST_WEEKS, at_least, weeks_to_climb


def test_with_a_uniform_belief_every_count_of_steps_is_equally_likely():
    assert at_least(3, 5, 1.0, 1.0) == pytest.approx(3 / 6)


def test_one_step_after_nine_of_ten_weeks_takes_one_to_two_weeks():
    # Beta(10, 2): a week fails with 2/12; two fail in a row with 2/12 * 3/13 = 1/26 = 0.038
    assert weeks_to_climb(1, 9, 10) == (1, 2)


def test_before_four_weeks_nothing_is_stated():
    assert weeks_to_climb(5, 3, FEWEST_WEEKS - 1) is None


def test_nothing_is_left_to_climb_at_the_goal():
    assert weeks_to_climb(0, 5, 10) is None


def test_who_never_moved_on_gets_no_upper_end():
    low, high = weeks_to_climb(10, 0, 12)
    assert low > 10
    assert high is None


@given(st.integers(1, 15), st.integers(4, 30), st.data())
def test_a_range_never_promises_more_than_a_step_a_week_and_widens_with_the_way(steps, weeks, data):
    advanced = data.draw(st.integers(0, weeks))
    low, high = weeks_to_climb(steps, advanced, weeks)
    assert low >= steps
    assert high is None or high >= low
    further = weeks_to_climb(steps + 1, advanced, weeks)
    assert further[0] >= low


@given(st.integers(1, 10), st.integers(5, 30), st.data())
def test_who_moved_on_more_often_arrives_no_later(steps, weeks, data):
    advanced = data.draw(st.integers(0, weeks - 1))
    slow, fast = weeks_to_climb(steps, advanced, weeks), weeks_to_climb(steps, advanced + 1, weeks)
    assert fast[0] <= slow[0]
    assert slow[1] is None or fast[1] <= slow[1]
