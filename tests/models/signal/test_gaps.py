"""A gap in recording is a pause only where nobody moved on; totals of the timer decide what else was one."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.measuring.measure import measure
from steadymile.models.recording import Stored
from steadymile.models.signal.gaps import moved_through, pauses

from tests.models.recordings import northwards, recording

SEEN = np.concatenate((np.arange(600.0), np.arange(825.0, 1500.0)))


def test_a_gap_that_the_counter_ran_through_is_running() -> None:
    found = measure(recording(SEEN, distance_m=2.8 * SEEN, cadence_spm=170.0, timer=((0.0, 1499.0),)))
    assert found.metrics["moving_s"].value == pytest.approx(1499, abs=2)
    assert found.metrics["longest_run_s"].value == pytest.approx(1499, abs=2)
    assert found.metrics["longest_run_m"].value == pytest.approx(2.8 * 1499, rel=0.01)


def test_a_gap_in_which_the_counter_stood_still_stays_a_pause() -> None:
    d = np.where(SEEN < 700, 2.8 * SEEN, 2.8 * (SEEN - 225))
    found = measure(recording(SEEN, distance_m=d, cadence_spm=170.0))
    assert found.metrics["moving_s"].value == pytest.approx(1499 - 226, abs=3)
    assert found.metrics["longest_run_s"].value == pytest.approx(675, abs=3)


def test_a_gap_in_which_the_timer_was_stopped_stays_a_pause() -> None:
    found = measure(recording(SEEN, distance_m=2.8 * SEEN, timer=((0.0, 599.0), (825.0, 1499.0))))
    assert found.metrics["moving_s"].value == pytest.approx(599 + 674, abs=3)


@pytest.mark.parametrize(("pace", "fits"), [(0.5, False), (1.5, False), (2.8, True), (3.5, True), (6.0, False)])
def test_the_pace_in_a_gap_must_fit_the_pace_beside_it(pace: float, fits: bool) -> None:
    along = np.where(SEEN < 700, 2.8 * SEEN, 2.8 * 599 + pace * 226 + 2.8 * (SEEN - 825))
    assert bool(moved_through(SEEN, along, None, 60.0).any()) is fits


LONG = np.concatenate((np.arange(1200.0), np.arange(2400.0, 3600.0)))
"""Twenty minutes, twenty without a sample, and twenty more."""


def test_a_gap_of_twenty_minutes_is_running_where_the_timer_says_that_it_ran() -> None:
    found = measure(recording(LONG, distance_m=2.8 * LONG, cadence_spm=170.0, timer=((0.0, 3599.0),)))
    assert found.metrics["moving_s"].value == pytest.approx(3599, abs=2)


@pytest.mark.parametrize("timer", [None, ((0.0, 1199.0), (2400.0, 3599.0)), ((0.0, 3000.0),)])
def test_a_gap_of_twenty_minutes_stays_unknown_where_the_timer_does_not_say_so(timer) -> None:
    runs = timer == ((0.0, 3000.0),)  # a timer that stopped later still ran over the gap
    assert bool(moved_through(LONG, 2.8 * LONG, timer, 60.0).any()) is runs


def test_a_long_gap_in_which_the_counter_hardly_moved_stays_a_pause() -> None:
    along = np.where(LONG < 2000, 2.8 * LONG, 2.8 * 1199 + 300 + 2.8 * (LONG - 2400))
    assert not moved_through(LONG, along, ((0.0, 3599.0),), 60.0).any()


def test_a_straight_line_over_a_gap_is_said_to_be_a_lower_bound() -> None:
    found = measure(recording(SEEN, **northwards(2.8 * SEEN)))
    assert found.metrics["distance_m"].value == pytest.approx(2.8 * 1499, rel=0.01)
    assert "lower bound" in (found.metrics["distance_m"].source or "")


def test_the_heart_rate_of_a_gap_stays_unknown() -> None:
    found = measure(recording(SEEN, distance_m=2.8 * SEEN, heart_rate_bpm=150.0, timer=((0.0, 1499.0),)))
    assert found.metrics["heart_rate_coverage"].value == pytest.approx(1 - 226 / 1499, abs=0.02)


def test_short_gaps_beyond_the_stored_timer_were_pauses_the_slowest_first() -> None:
    t = np.concatenate((np.arange(300.0), np.arange(340.0, 640.0), np.arange(680.0, 980.0)))
    along = np.cumsum(np.concatenate(([0.0], np.where(np.diff(t) > 1, [2.8 * 41] * 899, 2.8))))
    along[600:] -= 2.8 * 40
    found = pauses(t, along, np.ones(t.size - 1, np.bool_), 979.0 - 41.0)
    assert np.flatnonzero(found).tolist() == [599]


def test_moving_time_is_never_longer_than_the_timer_ran() -> None:
    t = np.concatenate((np.arange(300.0), np.arange(340.0, 640.0)))
    found = measure(recording(t, distance_m=np.arange(600) * 2.8, stored=Stored(timer_s=600.0, distance_m=1677.0)))
    assert found.metrics["moving_s"].value <= found.metrics["timer_s"].value <= found.metrics["elapsed_s"].value


@pytest.mark.parametrize(
    ("begins_s", "stored_m", "total"),
    [(0.0, 2300.0, 2300.0), (0.0, None, 1800.0), (300.0, None, 2300.0), (2.0, None, 1800.0), (0.0, 1800.0, 1800.0)],
)
def test_a_counter_that_begins_above_0_keeps_that_part_where_it_was_of_this_session(begins_s, stored_m, total) -> None:
    """A swim whose first sample counts 500 m: the device's total, or the time before it, says whose they are."""
    t = begins_s + np.arange(1801.0)
    stored = Stored() if stored_m is None else Stored(distance_m=stored_m)
    found = measure(recording(t, "swimming", distance_m=500.0 + np.arange(1801.0), stored=stored))
    assert found.metrics["distance_m"].value == pytest.approx(total, abs=1)


LOST = np.concatenate((np.arange(600.0), np.arange(1800.0, 2400.0)))
"""Two times ten minutes, and twenty between them of which there is no sample and no distance."""


def test_a_total_that_holds_a_way_without_samples_is_the_larger_evidence() -> None:
    d = np.concatenate((np.arange(600.0), np.arange(600.0, 1200.0))) * 2.8
    stored = Stored(distance_m=2.8 * 2399, timer_s=2399.0)
    found = measure(recording(LOST, distance_m=d, stored=stored)).metrics["distance_m"]
    assert found.value == pytest.approx(2.8 * 2399)
    assert "device total" in (found.source or "")


def test_a_longer_total_without_missing_samples_is_not_believed() -> None:
    t = np.arange(2400.0)
    found = measure(recording(t, distance_m=2.8 * t, stored=Stored(distance_m=1.043 * 2.8 * 2399, timer_s=2399.0)))
    assert found.metrics["distance_m"].value == pytest.approx(2.8 * 2399)


def test_a_total_that_no_pace_of_the_session_explains_is_not_believed() -> None:
    d = np.concatenate((np.arange(600.0), np.arange(600.0, 1200.0))) * 2.8
    found = measure(recording(LOST, distance_m=d, stored=Stored(distance_m=9000.0, timer_s=1330.0)))
    assert found.metrics["distance_m"].value == pytest.approx(2.8 * 1199, rel=0.01)
