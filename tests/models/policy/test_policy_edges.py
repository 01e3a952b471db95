"""Corners of the decision that no rule's own test sees."""

from __future__ import annotations

from typing import Any

import pytest
from steadymile.models.policy import ladder
from steadymile.models.policy.decide import StateArrays, decide
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.weekplan import Action

ROOM = {"session_max_min": 60.0, "bout_max_min": 60.0, "week_best_min": 200.0}
"""Limits far above what is planned."""


def decided(**state: Any) -> DecisionArrays:
    return decide(StateArrays.make(1, **(ROOM | state)))


def test_a_stop_wants_no_level_at_all() -> None:
    d = decided(level=9, red_flag=True)
    assert (d.wanted[0], d.level[0], d.run_min[0], d.walks[0]) == (-1, -1, 0.0, 0.0)


def test_who_has_no_day_for_running_has_no_running() -> None:
    d = decided(level=9, max_runs=0.0)
    assert (d.sessions[0], d.run_min[0], d.other_min[0], d.bout_min[0], d.week_min[0]) == (0.0,) * 5


@pytest.mark.parametrize(
    ("state", "held"),
    [
        ({"comfort": 0.40}, True),
        ({"comfort": 0.90}, False),
        ({"comfort": 0.90, "gate": True}, True),
        ({"comfort": 0.40, "credit": 2.0}, False),  # it advances
        ({"comfort": 0.40, "level": 1}, False),  # it only walks
        ({"comfort": 0.40, "level": 5, "track": ladder.WALK, "top": 7}, False),
    ],
)
def test_a_week_is_held_for_comfort_only_where_it_is_held_and_felt_hard(state: dict[str, Any], held: bool) -> None:
    assert bool(decided(**{"level": 9, **state}).comfort_hold[0]) is held


@pytest.mark.parametrize(("holds", "eases"), [(0, False), (1, True)])
def test_the_second_week_held_for_comfort_is_eased(holds: int, eases: bool) -> None:
    assert bool(decided(level=9, comfort=0.40, comfort_holds=holds).ease[0]) is eases


@pytest.mark.parametrize(
    ("level", "speed_m_s", "bout_min"),
    [
        # the mile and two hundredths more, in whole quarter minutes, where the next level's bout holds it
        (ladder.M2, 1.42, 19.5),
        (ladder.M2, 1.29, 18.0),  # 21.25 min: more than the 21 of M3
        (ladder.J9, 2.40, 11.5),
        (ladder.J9 - 1, 3.40, 6.5),
        (ladder.M2 + 1, 1.25, 21.0),
    ],
)
def test_from_j9_to_m2_the_longest_bout_lasts_until_the_mile_is_done(
    level: int, speed_m_s: float, bout_min: float
) -> None:
    assert decided(level=level, mile_done=False, run_speed_m_s=speed_m_s).bout_min[0] == bout_min


def test_an_established_runners_week_is_never_below_that_of_the_ladder() -> None:
    usual = {
        "usual_session_min": 10.0,
        "usual_long_min": 10.0,
        "usual_week_min": 30.0,
        "usual_days": 3.0,
        "week_last_min": 60.0,
    }
    d = decided(level=ladder.M4, established=True, **usual)
    # M4: 24 min once, and twice 0.55 of it
    assert d.week_min[0] == pytest.approx(24.0 + 2 * 0.55 * 24.0)


def test_the_long_run_of_a_usual_week_is_cut_in_proportion_to_the_week() -> None:
    usual = {"usual_session_min": 40.0, "usual_long_min": 60.0, "usual_week_min": 140.0, "usual_days": 3.0}
    d = decided(level=ladder.M4, established=True, run_last_min=60.0, week_last_min=140.0, **usual, week_best_min=60.0)
    # the best of four weeks was 60 min: 72 are allowed, of the usual 140
    assert d.week_min[0] == pytest.approx(72.0)
    assert d.run_min[0] == pytest.approx(60.0 * 72.0 / 140.0)


@pytest.mark.parametrize(("why", "run_min"), [({"low_weeks": 3}, 13.5), ({"fat_upper": 0.7}, 0.9 * 13.5)])
def test_an_easier_week_is_shorter_than_the_last_but_not_where_weeks_were_merely_missed(
    why: dict[str, Any], run_min: float
) -> None:
    # J8 was cut to J7's 13.5 minutes last week; one step down is J7
    d = decided(level=9, run_last_min=13.5, bout_last_min=4.5, week_last_min=40.0, **why)
    assert (d.action[0], d.level[0]) == (Action.BACK_OFF, 8)
    assert d.run_min[0] == pytest.approx(run_min)


@pytest.mark.parametrize(("comfort", "temporary"), [(0.9, True), (0.2, False)])
def test_an_easier_week_is_temporary_where_only_tiredness_asked_for_it(comfort: float, temporary: bool) -> None:
    d = decided(level=9, fat_upper=0.7, comfort=comfort)
    assert d.action[0] == Action.BACK_OFF
    assert bool(d.temporary[0]) is temporary
