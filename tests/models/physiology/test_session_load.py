"""One load per session: which source speaks, how sure it is, and when two of them disagree."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.physiology import session_load
from steadymile.models.physiology.athlete_parameters import Line
from steadymile.models.physiology.session_load import Load
from steadymile.models.physiology.trimp import banister


def histogram(bpm: int, seconds: float) -> np.ndarray:
    out = np.zeros(256)
    out[bpm] = seconds
    return out


def test_heart_rate_load_is_scaled_up_to_all_moving_time():
    found = session_load.from_heart_rate(histogram(130, 1800.0), 0.9, 200, 60, "male", seen=True)
    assert found is not None
    assert found.value == pytest.approx(banister(30, 0.5, "male") / 0.9)


@pytest.mark.parametrize(
    ("coverage", "seen", "sd"), [(0.95, True, 0.10), (0.94, True, 0.20), (1.0, False, 0.15), (0.80, False, 0.25)]
)
def test_heart_rate_load_is_less_sure_with_holes_and_an_unseen_maximum(coverage: float, seen: bool, sd: float):
    found = session_load.from_heart_rate(histogram(130, 1800.0), coverage, 200, 60, "male", seen)
    assert found is not None
    assert found.relative_sd == pytest.approx(sd)


def test_below_half_coverage_heart_rate_says_nothing():
    assert session_load.from_heart_rate(histogram(130, 1800.0), 0.49, 200, 60, "male", seen=True) is None


@pytest.mark.parametrize("border", [session_load.USABLE_COVERAGE, 0.7, 0.6])
def test_one_sample_more_or_less_changes_neither_load_nor_deviation(border: float):
    """The same heart rate of 30 minutes, of which a hair more or less was recorded."""
    loads = [
        session_load.from_heart_rate(histogram(130, 1800.0 * share), share, 200, 60, "male", seen=True)
        for share in (border - 1e-6, border + 1e-6)
    ]
    low, high = loads
    assert low is not None
    assert high is not None
    assert low.value == pytest.approx(high.value, rel=1e-5)
    assert low.relative_sd == pytest.approx(high.relative_sd, abs=1e-5)


def test_two_thirds_of_a_heart_rate_is_less_sure_than_four_fifths():
    found = session_load.from_heart_rate(histogram(130, 1200.0), 2 / 3, 200, 60, "male", seen=True)
    assert found is not None
    assert found.relative_sd == pytest.approx(0.20 + 0.5 * (0.80 - 2 / 3))


def energy(cost: float, seconds: float) -> np.ndarray:
    out = np.zeros(200)
    out[int(cost / 0.5)] = seconds
    return out


def test_pace_load_is_worked_by_hand_against_an_uptake_of_35():
    found = session_load.from_pace(energy(20.0, 1800.0), 1.0, 1800.0, None, "male")
    assert found.value == pytest.approx(banister(30, 20.25 / 31.5, "male"))
    assert (found.relative_sd, found.source) == (0.40, "pace")


def test_pace_load_uses_the_athletes_own_line():
    found = session_load.from_pace(energy(20.0, 1800.0), 1.0, 1800.0, Line(0.1, 0.02), "male")
    assert found.value == pytest.approx(banister(30, 0.505, "male"))
    assert found.relative_sd == 0.25


def test_pace_load_counts_moving_time_that_the_track_missed():
    whole, holes = (session_load.from_pace(energy(20.0, s), 1.0, 1800.0, None, "male") for s in (1800.0, 1200.0))
    assert holes.value == pytest.approx(whole.value)


def test_pace_load_never_exceeds_the_maximum():
    assert session_load.from_pace(energy(90.0, 60.0), 1.0, 60.0, None, "male").value == pytest.approx(
        banister(1, 1.0, "male")
    )


def test_a_pack_makes_pace_cost_more():
    plain, packed = (session_load.from_pace(energy(15.0, 1800.0), f, 1800.0, None, "male").value for f in (1.0, 1.2))
    assert packed > plain


def test_totals_alone_are_a_little_less_sure_than_a_track():
    found = session_load.from_mean_pace(20.25, 30.0, None, "male")
    assert found.value == pytest.approx(banister(30, 20.25 / 31.5, "male"))
    assert found.relative_sd == pytest.approx(0.45)


def test_effort_load_is_calibrated_once_five_pairs_exist():
    plain = session_load.from_effort(4, 30, "male", [2.0] * 4)
    calibrated = session_load.from_effort(4, 30, "male", [2.0] * 5)
    assert plain == Load(banister(30, 0.60, "male"), 0.50, "rpe")
    assert calibrated.value == pytest.approx(2.0 * plain.value)
    assert calibrated.relative_sd == 0.35


def test_duration_alone_is_taken_at_55_percent():
    assert session_load.from_duration(30, 1.0, None) == Load(banister(30, 0.55, None), 0.60, "duration")


def test_the_best_source_speaks():
    every = [Load(50, 0.6, "duration"), Load(40, 0.5, "rpe"), Load(45, 0.4, "pace"), Load(48, 0.1, "hr")]
    assert session_load.choose(every)[0] == every[3]
    assert session_load.choose(every[:3])[0] == every[2]
    assert session_load.choose(every[:2])[0] == every[1]
    assert session_load.choose([]) == (None, False)


@pytest.mark.parametrize(("other", "conflict"), [(93.0, False), (95.0, True), (39.0, False), (38.0, True)])
def test_two_sources_conflict_beyond_twice_their_spread(other: float, conflict: bool):
    # exp(2 hypot(0.1, 0.2)) = 1.564: a load of 60 agrees with 38.4 to 93.8
    assert session_load.choose([Load(60, 0.1, "hr"), Load(other, 0.2, "rpe")])[1] is conflict


def test_duration_contradicts_nothing():
    assert not session_load.choose([Load(300, 0.1, "hr"), Load(10, 0.1, "duration")])[1]


def test_only_the_last_fifty_pairs_calibrate_effort():
    old = session_load.from_effort(4, 30, "male", [9.0] * 49 + [2.0] * 50).value
    assert old == pytest.approx(2.0 * session_load.from_effort(4, 30, "male", []).value)


def test_a_load_of_nothing_conflicts_with_nothing():
    assert not session_load.choose([Load(0.0, 0.1, "hr"), Load(50.0, 0.1, "rpe")])[1]


def test_the_deviation_in_units_of_load_is_the_share_of_it():
    assert Load(80.0, 0.25, "pace").sd == pytest.approx(20.0)


@pytest.mark.parametrize(("seen", "sd"), [(True, 0.25), (False, 0.30)])
def test_a_mean_heart_rate_is_less_sure_than_a_whole_one(seen: bool, sd: float):
    found = session_load.from_mean_heart_rate(0.5, 30.0, "male", seen)
    assert (found.relative_sd, found.source) == (pytest.approx(sd), "hr")


def test_loads_of_a_few_units_may_disagree_too():
    assert session_load.choose([Load(0.9, 0.10, "hr"), Load(3.6, 0.25, "pace")])[1]
