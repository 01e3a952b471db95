"""Which seconds of a recording count: the timer that is believed, the gaps that are bridged."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.recording import Stored
from steadymile.models.signal.grid import Sampler, cells, gap_limit_s, trusted_timer

from tests.models.recordings import recording

T = np.arange(1001.0)


def believed(timer: tuple[tuple[float, float], ...], stored_s: float | None, t: np.ndarray = T) -> bool:
    return trusted_timer(t, recording(t, timer=timer, stored=Stored(timer_s=stored_s))) is not None


def test_a_timer_stands_where_the_device_states_nothing_else() -> None:
    assert believed(((0.0, 500.0),), None)


def test_a_timer_is_not_believed_where_the_devices_total_agrees_with_the_samples() -> None:
    # 500 s by the events, 1000 by samples and total.
    assert not believed(((0.0, 500.0),), 1000.0)
    assert believed(((0.0, 500.0),), 520.0)  # off by 20 s, no more than 5 % of 520


def test_a_timer_that_is_wrong_stands_where_the_samples_are_more_wrong() -> None:
    assert believed(((0.0, 500.0),), 400.0)


@pytest.mark.parametrize(("stated", "stands"), [(96.0, True), (94.0, False)])
def test_a_timer_may_be_off_by_five_seconds(stated: float, stands: bool) -> None:
    # 5 % of 100 s are 5 s as well; of 60 s they are 3, and 5 s are forgiven.
    assert believed(((0.0, stated),), 100.0, np.arange(101.0)) is stands
    assert believed(((0.0, stated - 40.0),), 60.0, np.arange(61.0)) is stands


def test_a_timer_lasts_from_each_start_to_its_stop() -> None:
    # 300 s from 100 to 400 and 400 s from 600 to 1000 are the 700 s that the device states; the samples last 1000
    assert believed(((100.0, 400.0), (600.0, 1000.0)), 700.0)
    assert not believed(((100.0, 400.0), (600.0, 1000.0)), 1000.0)


def test_a_timer_without_a_sample_in_it_is_none() -> None:
    assert not believed(((2000.0, 3000.0),), None)


@pytest.mark.parametrize(("spacing", "limit"), [(1.0, 60.0), (20.0, 60.0), (40.0, 120.0), (300.0, 600.0)])
def test_a_sparse_recording_bridges_three_times_its_spacing(spacing: float, limit: float) -> None:
    assert gap_limit_s(np.arange(50) * spacing) == pytest.approx(limit)


def test_cells_are_seconds_and_the_last_of_a_piece_may_be_shorter() -> None:
    begin, length, begins = cells(np.array([0.0, 1.0, 2.5]), None, 60.0)
    assert begin.tolist() == [0.0, 1.0, 2.0]
    assert length.tolist() == [1.0, 1.0, 0.5]
    assert begins.tolist() == [True, False, False]


@pytest.mark.parametrize(("gap", "pieces"), [(60.0, 1), (61.0, 2)])
def test_a_gap_of_more_than_a_minute_parts_a_recording(gap: float, pieces: int) -> None:
    t = np.concatenate((np.arange(11.0), 10.0 + gap + np.arange(11.0)))
    _, length, begins = cells(t, None, 60.0)
    assert begins.sum() == pieces
    assert length.sum() == pytest.approx(20.0 + (gap if pieces == 1 else 0.0))


def test_cells_lie_where_the_timer_ran() -> None:
    begin, length, _ = cells(T, ((0.0, 100.0), (300.0, 400.0)), 60.0)
    assert length.sum() == pytest.approx(202, abs=2)  # the samples a second beside each end belong to it
    assert not ((begin > 102) & (begin < 298)).any()


def test_stretches_that_overlap_count_once() -> None:
    _, length, _ = cells(T, ((0.0, 100.0), (50.0, 150.0)), 60.0)
    assert length.sum() == pytest.approx(151, abs=1)


def test_readings_between_samples_lie_on_the_line_and_wide_gaps_stay_unknown() -> None:
    t, values = np.array([0.0, 2.0, 4.0, 20.0]), np.array([10.0, 20.0, np.nan, 40.0])
    at = np.array([0.0, 1.0, 2.0, 3.0, 10.0, 20.0])
    read = Sampler.of(t, at).read(values, 10.0)
    assert read[[0, 1, 2, 5]].tolist() == [10.0, 15.0, 20.0, 40.0]
    assert np.isnan(read[[3, 4]]).all()
    assert Sampler.of(t, at).read(values, 18.0)[4] == pytest.approx(20.0 + 20.0 * 8 / 18)


def test_without_samples_nothing_is_read() -> None:
    empty = np.zeros(0)
    assert Sampler.of(empty, empty).read(empty, 10.0).size == 0
    assert np.isnan(Sampler.of(T, T).read(np.full(T.size, np.nan), 10.0)).all()
    assert np.isnan(Sampler.of(empty, np.arange(3.0)).read(empty, 10.0)).tolist() == [True] * 3
