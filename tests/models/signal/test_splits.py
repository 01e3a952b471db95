"""Kilometre and mile splits: where they are cut, and what each holds."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.measuring.measure import measure
from steadymile.models.units import MILE_M

from tests.models.recordings import recording, steady


def of_unit(activity, unit: str):
    found = measure(activity).splits
    return found.filter(found["unit"] == unit)


def test_a_steady_run_has_equal_kilometres_and_what_was_left() -> None:
    km = of_unit(steady(2.5, 1000), "km")
    assert km["index"].to_list() == [1, 2, 3]
    assert km["distance_m"].to_list() == pytest.approx([1000.0, 1000.0, 500.0])
    assert km["timer_s"].to_list() == pytest.approx([400.0, 400.0, 200.0])
    assert km["pace_s_per_km"].to_list() == pytest.approx([400.0, 400.0, 400.0])
    assert km["start_s"].to_list() == pytest.approx([0.0, 400.0, 800.0])


def test_miles_are_cut_at_miles() -> None:
    miles = of_unit(steady(2.5, 1000), "mile")
    assert miles["distance_m"].to_list() == pytest.approx([MILE_M, 2500.0 - MILE_M])
    assert miles["timer_s"].sum() == pytest.approx(1000.0)


def test_a_run_of_whole_kilometres_leaves_no_crumb() -> None:
    assert of_unit(steady(2.5, 800), "km")["distance_m"].to_list() == pytest.approx([1000.0, 1000.0])


def test_a_kilometre_run_harder_is_shorter_and_has_its_own_heart_rate() -> None:
    t = np.arange(701.0)
    distance = np.where(t <= 400, 2.5 * t, 1000 + (t - 400) * 10 / 3)
    km = of_unit(recording(t, distance_m=distance, heart_rate_bpm=np.where(t < 400, 140.0, 160.0)), "km")
    assert km["timer_s"].to_list() == pytest.approx([400.0, 300.0])
    assert km["heart_rate_mean_bpm"].to_list() == pytest.approx([140.0, 160.0], abs=0.1)


def test_a_stop_is_timer_time_and_no_moving_time() -> None:
    t = np.arange(501.0)
    distance = np.where(t <= 200, 2.5 * t, np.where(t <= 300, 500.0, 500 + 2.5 * (t - 300)))
    km = of_unit(recording(t, distance_m=distance), "km")
    assert km["timer_s"].to_list() == pytest.approx([500.0])
    assert km["moving_s"][0] == pytest.approx(400.0, abs=8.0)


def test_splits_add_up_to_the_way() -> None:
    rng = np.random.default_rng(1)
    distance = np.concatenate(([0.0], np.cumsum(rng.uniform(0.0, 5.0, 3000))))
    found = measure(recording(np.arange(3001.0), distance_m=distance)).splits
    for unit in ("km", "mile"):
        part = found.filter(found["unit"] == unit)
        assert part["distance_m"].sum() == pytest.approx(distance[-1], abs=10.0)
        assert part["timer_s"].sum() == pytest.approx(3000.0, abs=10.0)


@pytest.mark.parametrize("activity", [steady(0.0, 60), recording(np.arange(601.0), heart_rate_bpm=150.0)])
def test_a_recording_without_a_way_has_no_splits(activity) -> None:
    assert measure(activity).splits.height == 0
