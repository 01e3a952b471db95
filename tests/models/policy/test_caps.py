"""Hard limits: their numbers, their floors, and that no level passes them."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.policy import ladder
from steadymile.models.policy.caps import (
    bout_cap,
    caps_of,
    distance_cap,
    highest_allowed,
    session_cap,
    session_distance_m,
    week_cap,
)
from steadymile.models.policy.parameters import UNTUNED as V2
from steadymile.models.policy.state import StateArrays


@pytest.mark.parametrize(("longest", "cap"), [(0, 4), (1, 4), (12, 15), (30, 33), (60, 66)])
def test_a_session_may_exceed_the_longest_of_30_days_by_ten_percent_or_three_minutes(longest, cap):
    assert session_cap(longest, V2) == pytest.approx(cap)


@pytest.mark.parametrize(("longest", "cap"), [(0, 1.5), (2, 3.5), (3, 4.5), (30, 45)])
def test_a_bout_may_exceed_the_longest_of_30_days_by_half_or_a_minute_and_a_half(longest, cap):
    assert bout_cap(longest, V2) == pytest.approx(cap)


@pytest.mark.parametrize(("longest", "cap"), [(0, 400), (4000, 4400), (10000, 11000)])
def test_ten_percent_of_distance_binds_from_four_kilometres_on(longest, cap):
    assert distance_cap(longest, V2) == pytest.approx(cap)


@pytest.mark.parametrize(("best", "cap"), [(0, 12), (36, 45), (90, 108)])
def test_a_week_may_exceed_the_best_of_four_by_a_fifth_or_nine_minutes(best, cap):
    assert week_cap(best, V2) == pytest.approx(cap)


def test_a_heavy_first_week_holds_at_most_three_kilometres_of_running():
    s = StateArrays.make(1, level=4, heavy_first_week=True, run_speed_m_s=2.5, week_best_min=60.0)
    assert caps_of(s, V2).week_min[0] * 60 * 2.5 == pytest.approx(3000)


def allowed(wanted: int, week_best_min: float = 100.0, **state: float) -> int:
    s = StateArrays.make(1, level=wanted, week_best_min=week_best_min, **state)
    return int(highest_allowed(s, np.array([wanted]), caps_of(s, V2), V2)[0])


def test_without_any_running_only_the_first_jog_level_is_allowed():
    assert allowed(12) == ladder.J1


def test_a_longest_session_of_12_minutes_allows_up_to_13_and_a_half():
    assert allowed(18, session_max_min=12.0, bout_max_min=30.0) == 8


def test_a_longest_bout_of_two_minutes_allows_up_to_three():
    assert allowed(18, session_max_min=40.0, bout_max_min=2.0) == 7


def test_distance_speaks_only_from_the_first_mile_level_on():
    assert allowed(14, session_max_min=40.0, bout_max_min=40.0, distance_max_m=100.0) == 11


def test_a_level_below_the_limits_stays_as_it_is():
    assert allowed(6, session_max_min=40.0, bout_max_min=40.0) == 6


def test_two_sessions_of_a_level_must_fit_into_the_week():
    longest = {"session_max_min": 20.0, "bout_max_min": 20.0}
    assert allowed(10, week_best_min=0.0, **longest) == 3  # twice 6 min is the week's 12
    assert allowed(10, week_best_min=0.0, max_runs=1.0, **longest) == 7  # a single run of 12


def test_the_distance_of_a_level_holds_its_walks_too():
    # M1: 15 and 5 min at 2 m/s, 2 min between them and 10 around them at 1.5 m/s.
    s = StateArrays.make(1, level=12, run_speed_m_s=2.0, walk_speed_m_s=1.5)
    assert session_distance_m(s)[0, 12] == pytest.approx(60 * (20 * 2.0 + 12 * 1.5))
