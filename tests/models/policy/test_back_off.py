"""A week that backs off is easier than the week before, also for someone on the way back to an earned level."""

from __future__ import annotations

from typing import Any

import pytest
from steadymile.models.policy.decide import StateArrays, decide
from steadymile.models.weekplan import Action

J9, J10 = 10, 11
COMING_BACK = {"level": J10 + 3, "k_last": J10, "gap_base": J10 + 3, "session_max_min": 30.0, "bout_max_min": 30.0,
               "week_best_min": 100.0, "run_speed_m_s": 1.8, "distance_max_m": 9000.0}  # fmt: skip


def one(**changed: Any) -> Any:
    return decide(StateArrays.make(1, **{**COMING_BACK, **changed}))


@pytest.mark.parametrize(
    ("sign", "down"),
    [({"fat_upper": 0.7}, 1), ({"fat_upper": 0.85}, 2), ({"pain_persist": True}, 1), ({"comfort": 0.2}, 1),
     ({"ill": True}, 1), ({"restart": True}, 2)],
)  # fmt: skip
def test_a_step_down_counts_from_the_week_before_where_more_is_earned(sign, down):
    d = one(**sign)
    assert (int(d.action[0]) <= Action.REBUILD, int(d.level[0])) == (True, J10 - down)


def test_a_pause_counts_from_the_level_that_was_earned():
    assert int(one(days_since_run=15.0).level[0]) == J10


def test_without_a_sign_the_level_of_the_week_before_stays():
    assert int(one(credit=0.0).level[0]) == J10


def test_a_back_off_is_shorter_also_where_the_caps_had_cut_the_last_week_to_the_level_below():
    # J9 was cut to the 16 minutes that J8 has
    s = StateArrays.make(1, level=10, session_max_min=16.0, bout_max_min=7.75, week_best_min=33.0, fat_upper=0.7,
                         run_last_min=16.0, bout_last_min=7.75, week_last_min=33.6)  # fmt: skip
    d = decide(s)
    assert (float(d.run_min[0]), float(d.week_min[0])) == pytest.approx((14.4, 30.24))
