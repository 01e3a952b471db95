"""What the person stage keeps of a recording: seconds at each heart rate and each cost, means and steady stretches."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.measuring.measure import measure
from steadymile.models.measuring.summary import ENERGY_BINS
from steadymile.models.metrics.catalogue import Digest
from steadymile.models.recording import Stored

from tests.models.recordings import intervals, recording, steady


def costs(digest: Digest) -> dict[int, float]:
    """Seconds by bin of 0.5 mL/kg/min, without the empty ones."""
    assert digest.energy_s is not None
    return {int(i): float(digest.energy_s[i]) for i in np.flatnonzero(digest.energy_s)}


def digest_of(activity) -> Digest:
    return measure(activity).digest


def test_the_cost_of_a_level_run_is_worked_by_hand() -> None:
    # 3.6 J/kg/m x 2.5 m/s x 60 / 20.9 = 25.84 mL/kg/min above rest: the bin from 25.5 to 26.
    assert costs(digest_of(steady(2.5, 900, cadence_spm=160.0))) == {51: pytest.approx(900)}


def test_the_cost_of_a_level_walk_is_worked_by_hand() -> None:
    # (1.44 + 1.94 x 1.4^0.43 + 0.24 x 1.4^4) x 60 / 20.9 - 3.5 = 9.71.
    assert costs(digest_of(steady(1.4, 900, cadence_spm=110.0))) == {19: pytest.approx(900)}


def test_a_climb_costs_more() -> None:
    # 5 %: (C(0.05) = 4.6825) x 2.5 x 60 / 20.9 = 33.6.
    t = np.arange(901.0)
    found = costs(digest_of(recording(t, distance_m=2.5 * t, altitude_m=100 + 0.05 * 2.5 * t, cadence_spm=160.0)))
    assert max(found, key=lambda i: found[i]) == 67


def test_cost_is_that_of_blocks_of_five_seconds() -> None:
    # Ten seconds at 2 m/s, ten at 3: no block holds both. 20.67 and 31.0 mL/kg/min.
    found = costs(digest_of(intervals([(10, 2.0, 160), (10, 3.0, 160)] * 30)))
    assert found == {41: pytest.approx(300), 62: pytest.approx(300)}


def test_a_block_is_run_when_most_of_it_was() -> None:
    found = costs(digest_of(intervals([(300, 2.5, 160), (300, 1.4, 110)])))
    assert found == {51: pytest.approx(300, abs=10), 19: pytest.approx(300, abs=10)}


def test_standing_costs_nothing_that_counts() -> None:
    found = costs(digest_of(intervals([(300, 2.5, 160), (300, 0.0, 0)])))
    assert sum(found.values()) == pytest.approx(300, abs=8)


def test_the_dearest_bin_holds_all_that_is_dearer() -> None:
    assert list(costs(digest_of(steady(10.5, 80, cadence_spm=180.0)))) == [ENERGY_BINS - 1]


def test_heart_rate_is_seconds_at_each_beat() -> None:
    t = np.arange(601.0)
    bpm = np.where(t < 400, 140.4, 150.0)
    digest = digest_of(recording(t, distance_m=2.5 * t, cadence_spm=160.0, heart_rate_bpm=bpm))
    assert digest.heart_rate_s is not None
    assert digest.heart_rate_s[[140, 150]].tolist() == pytest.approx([400, 200], abs=3)
    assert digest.run_heart_rate_s is not None
    assert digest.run_heart_rate_s.sum() == pytest.approx(digest.heart_rate_s.sum())


def test_without_heart_rate_there_is_none_of_running_either() -> None:
    digest = digest_of(steady(2.5, 600, cadence_spm=160.0))
    assert (digest.heart_rate_s, digest.run_heart_rate_s, digest.peak_20s_bpm) == (None, None, None)


def test_where_running_is_unknown_so_is_its_heart_rate() -> None:
    digest = digest_of(steady(1.8, 600, heart_rate_bpm=140.0 + np.arange(601) % 2))
    assert digest.heart_rate_s is not None
    assert digest.run_heart_rate_s is None


@pytest.mark.parametrize(("seconds", "known"), [(359, False), (361, True)])
def test_a_running_speed_takes_a_minute_after_the_first_five(seconds: int, known: bool) -> None:
    digest = digest_of(steady(2.5, seconds, cadence_spm=160.0, sub_sport="treadmill"))
    assert (digest.run_grade_adjusted_speed_m_s is not None) is known


@pytest.mark.parametrize(("seconds", "stretches"), [(179, 0), (181, 1)])
def test_a_steady_stretch_lasts_three_minutes(seconds: int, stretches: int) -> None:
    n = seconds + 1
    digest = digest_of(steady(2.5, seconds, cadence_spm=160.0, heart_rate_bpm=150.0 + np.arange(n) % 2))
    assert len(digest.segments) == stretches


def test_a_steady_stretch_leaves_out_its_first_minute() -> None:
    t = np.arange(401.0)
    bpm = np.round(np.interp(t, [0, 60, 400], [100, 150, 150])) + t % 2
    (found,) = digest_of(recording(t, distance_m=2.5 * t, cadence_spm=160.0, heart_rate_bpm=bpm)).segments
    assert found.heart_rate_bpm == pytest.approx(150.5, abs=0.1)
    assert (found.kind, found.duration_s) == ("run", pytest.approx(400))


@pytest.mark.parametrize(("heard", "known"), [(0.85, True), (0.70, False)])
def test_a_steady_stretch_needs_four_fifths_of_its_heart_rate(heard: float, known: bool) -> None:
    t = np.arange(661.0)
    bpm = np.where(t < 60 + 600 * heard, 150.0 + t % 2, np.nan)
    digest = digest_of(recording(t, distance_m=2.5 * t, cadence_spm=160.0, heart_rate_bpm=bpm))
    assert bool(digest.segments) is known


def test_a_steady_stretch_has_its_speed_on_the_level_where_the_slope_is_known() -> None:
    bpm = 150.0 + np.arange(601) % 2
    (belt,) = digest_of(steady(2.5, 600, cadence_spm=160.0, heart_rate_bpm=bpm, sub_sport="treadmill")).segments
    (without,) = digest_of(steady(2.5, 600, cadence_spm=160.0, heart_rate_bpm=bpm)).segments
    height = 100 + 0.06 * 2.5 * np.arange(601.0)
    (uphill,) = digest_of(steady(2.5, 600, cadence_spm=160.0, heart_rate_bpm=bpm, altitude_m=height)).segments
    assert belt.grade_adjusted_speed_m_s == pytest.approx(2.5)
    assert without.grade_adjusted_speed_m_s is None
    assert uphill.grade_adjusted_speed_m_s == pytest.approx(2.5 * 1.228, rel=0.01)


@pytest.mark.parametrize(("sway", "stretches"), [(0.24, 1), (0.27, 0)])
def test_a_steady_stretch_varies_by_less_than_a_quarter(sway: float, stretches: int) -> None:
    # half of the time faster, half of it slower by the same share: that share is the spread
    pattern = [(60, 2.6 * (1 + sway), 165), (60, 2.6 * (1 - sway), 165)] * 5
    digest = digest_of(intervals(pattern, heart_rate_bpm=150.0 + np.arange(601) % 2))
    assert len(digest.segments) == stretches


def test_an_entry_made_by_hand_costs_what_its_average_costs() -> None:
    run = digest_of(recording([], stored=Stored(distance_m=5000.0, timer_s=2000.0)))
    walk = digest_of(recording([], sport="walking", stored=Stored(distance_m=2800.0, timer_s=2000.0)))
    assert costs(run) == {51: 2000.0}
    assert costs(walk) == {19: 2000.0}


def test_the_speed_of_running_is_that_of_the_time_with_a_heart_rate() -> None:
    t = np.arange(1201.0)
    bpm = np.where(t >= 900, 150.0 + t % 2, np.nan)
    pattern = [(900, 2.5, 160), (300, 3.0, 160)]
    found = digest_of(intervals(pattern, heart_rate_bpm=bpm, sub_sport="treadmill"))
    assert found.run_grade_adjusted_speed_m_s == pytest.approx(3.0, abs=0.01)
    silent = digest_of(intervals(pattern, sub_sport="treadmill"))
    # after the first five minutes: ten at 2.5, five at 3
    assert silent.run_grade_adjusted_speed_m_s == pytest.approx((600 * 2.5 + 300 * 3.0) / 900, abs=0.01)
    assert silent.run_heart_rate_bpm is None


@pytest.mark.parametrize(("speed", "of"), [(1.9, 33), (2.05, 42)])
def test_where_gait_is_unknown_two_metres_a_second_part_a_run_from_a_walk(speed: float, of: int) -> None:
    # (1.44 + 1.94 x 1.9^0.43 + 0.24 x 1.9^4) x 60 / 20.9 - 3.5 = 16.96; 3.6 x 2.05 x 60 / 20.9 = 21.19 mL/kg/min
    assert costs(digest_of(steady(speed, 600))) == {of: pytest.approx(600)}
