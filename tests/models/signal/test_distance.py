"""The distance counter held against the places: in another unit, or standing still while the way goes on."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.measuring.measure import Measured, measure
from steadymile.models.recording import Stored

from tests.models.recordings import northwards, recording

T = np.arange(1501.0)
WAY = 2.6 * T


def metres(counter_m: np.ndarray, **given: object) -> tuple[float | None, str | None]:
    """Distance and its source of a run of 3,900 m by its places."""
    stored = Stored(distance_m=float(counter_m[-1]))
    found = measure(recording(T, distance_m=counter_m, **{**northwards(WAY), **given}, stored=stored))
    return found.metrics["distance_m"].value, found.metrics["distance_m"].source


@pytest.mark.parametrize("factor", [1.609344, 1.58, 1.64, 0.621371, 0.61])
def test_a_counter_in_the_other_unit_gives_way_to_the_places(factor: float) -> None:
    assert metres(factor * WAY) == (pytest.approx(3900, rel=0.01), "positions")


@pytest.mark.parametrize("factor", [1.0, 1.25, 1.5, 1.75, 0.84, 0.7])
def test_a_counter_that_is_calibrated_otherwise_is_believed(factor: float) -> None:
    assert metres(factor * WAY) == (pytest.approx(3900 * factor), "file")


def test_a_counter_of_which_a_part_alone_is_too_long_is_in_no_other_unit() -> None:
    counter = WAY + np.clip(T - 300, 0, 1200) * 1.98  # 1.609 times as long in the end
    assert metres(counter)[1] == "file"


def test_miles_without_places_cannot_be_seen() -> None:
    nowhere = {"latitude_deg": np.nan, "longitude_deg": np.nan}
    assert metres(1.609344 * WAY, **nowhere) == (pytest.approx(6276, rel=0.001), "file")


def fallen(still_from_s: float, still_to_s: float, steps: float = 0.0, **given: object) -> Measured:
    """A run at 3 m/s by its places whose pod counts nothing for a while."""
    lost = np.isin(T, np.arange(still_from_s, still_to_s))
    counter = np.cumsum(np.where(lost, 0.0, 3.0)) - 3.0
    cadence = np.where(lost, steps, 164.0)
    stored = Stored(distance_m=float(counter[-1]), timer_s=1500.0)
    places = northwards(3.0 * T)
    return measure(recording(T, distance_m=counter, cadence_spm=cadence, **{**places, **given}, stored=stored))


@pytest.mark.parametrize(("begin", "end"), [(600, 1501), (0, 600), (400, 900)])
def test_where_a_fallen_pod_counts_nothing_the_places_go_on(begin: float, end: float) -> None:
    found = fallen(begin, end).metrics
    assert found["distance_m"].value == pytest.approx(4500, rel=0.01)
    assert found["running_s"].value == pytest.approx(1500, abs=20)


def test_a_counter_that_stands_for_two_minutes_stays_as_it_is() -> None:
    assert fallen(600, 720).metrics["distance_m"].value == pytest.approx(4140, rel=0.01)


def test_a_receiver_that_wanders_at_rest_lengthens_no_counter() -> None:
    rng = np.random.default_rng(1)
    drift = np.cumsum(np.where(T > 600, rng.normal(0, 0.8, T.size), 0.0))
    counter = np.minimum(3.0 * T, 1800.0)
    found = measure(recording(T, distance_m=counter, **northwards(counter + drift)))
    assert found.metrics["distance_m"].value == pytest.approx(1800)


def test_what_was_walked_while_the_timer_stood_stays_out() -> None:
    found = fallen(600, 1000, timer=((0.0, 600.0), (1000.0, 1500.0)))
    assert found.metrics["distance_m"].value == pytest.approx(3300, rel=0.01)


@pytest.mark.parametrize(
    ("after_m_s", "after_bpm", "on_foot"),
    [
        (2.8, 148.0, True),  # the pod fell off
        (4.0, 148.0, True),
        (3.2, np.nan, True),
        (3.0, 85.0, False),  # a ferry, a tram in traffic
        (5.5, 148.0, False),  # a bicycle ridden hard
        (4.5, np.nan, False),  # much faster, and nothing says who runs
    ],
)
def test_a_counter_that_stands_still_on_a_seat_is_right(after_m_s: float, after_bpm: float, on_foot: bool) -> None:
    run = T < 900
    speed, counted = np.where(run, 2.8, after_m_s), np.where(run, 2.8, 0.0)
    found = measure(
        recording(
            T,
            distance_m=np.cumsum(counted),
            cadence_spm=np.where(run, 166.0, 0.0),
            heart_rate_bpm=np.where(run, 150.0, after_bpm) + T % 3,
            **northwards(np.cumsum(speed)),
            stored=Stored(distance_m=float(counted.sum())),
        )
    )
    way = float((speed if on_foot else counted).sum())
    assert found.metrics["distance_m"].value == pytest.approx(way, rel=0.02)
    assert found.metrics["running_s"].value == pytest.approx(1500 if on_foot else 900, abs=15)
