"""Readings that cannot belong to the stretch around them; distances on the globe."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.signal.outliers import haversine_m, reject_jumps, sliding_in


def judged(t_s: list[float], z: list[float], limit: float = 5.0) -> tuple[list[int], list[int]]:
    """Indices of the rejected and of the broken among these heights."""
    t, v = np.array(t_s), np.array(z)
    rejected, broken = reject_jumps(t, ~np.isnan(v), lambda i, j: np.abs(v[j] - v[i]), limit)
    return np.flatnonzero(rejected).tolist(), np.flatnonzero(broken).tolist()


def level(*parts: tuple[int, float]) -> list[float]:
    """Heights of stretches (seconds, metres), one a second."""
    return [height for seconds, height in parts for _ in range(seconds)]


def each_second(z: list[float]) -> list[float]:
    return [float(i) for i in range(len(z))]


def test_what_moves_no_faster_than_the_limit_is_believed() -> None:
    assert judged([0, 1, 2], [0, 5, 10]) == ([], [])
    assert judged([0, 1, 2], [0, 5.1, 10]) != ([], [])


def test_below_a_second_the_limit_is_that_of_a_second() -> None:
    assert judged([0, 0.1, 0.2], [0, 5, 0]) == ([], [])


@pytest.mark.parametrize(("seconds", "rejected"), [(60, True), (61, False)])
def test_a_part_of_less_than_a_minute_that_does_not_fit_is_rejected(seconds: int, rejected: bool) -> None:
    # 61 samples a second apart last a minute.
    z = level((200, 0), (seconds, 50), (200, 0))
    bad, broken = judged(each_second(z), z)
    assert bad == (list(range(200, 200 + seconds)) if rejected else [])
    assert broken == ([] if rejected else [200, 200 + seconds])


def test_a_short_part_that_fits_the_part_before_it_stays() -> None:
    # The second part is off, the third fits the first again.
    z = level((100, 0), (5, 90), (20, 3), (3, -70), (20, 1))
    assert judged(each_second(z), z) == ([*range(100, 105), *range(125, 128)], [])


def test_the_longest_part_in_time_is_the_one_to_go_by() -> None:
    # Ten samples a second in the first part, one in five seconds in the second: fewer, and longer.
    dense = [0.1 * i for i in range(100)]
    slow = [12.0 + 5.0 * i for i in range(8)]
    assert judged(dense + slow, [80.0] * 100 + [0.0] * 8) == (list(range(100)), [])


def test_parts_before_the_longest_are_judged_backwards_from_it() -> None:
    z = level((3, 200), (30, 100), (200, 0))
    assert judged(each_second(z), z) == (list(range(33)), [])


@pytest.mark.parametrize(("pause", "broken"), [(10.0, []), (10.5, [70])])
def test_after_a_pause_of_more_than_ten_seconds_both_sides_are_believed(pause: float, broken: list[int]) -> None:
    t = [*range(70), *(69 + pause + i for i in range(30))]
    z = level((70, 0), (30, 900))
    bad, seen = judged([float(x) for x in t], z)
    assert seen == broken
    assert bad == ([] if broken else list(range(70, 100)))


def test_one_reading_alone_is_believed() -> None:
    assert judged([0, 1, 2], [np.nan, 900, np.nan]) == ([], [])
    assert judged([0, 1], [0, 900])[0] != []


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((0, 0), (1, 0), 6_371_008.8 * np.pi / 180),
        ((0, 0), (0, 90), 6_371_008.8 * np.pi / 2),
        ((90, 0), (-90, 0), 6_371_008.8 * np.pi),
        ((60, 10), (60, 11), 55_596.6),  # half a degree of the equator, and 0.9 m less by the great circle
        ((51.5074, -0.1278), (48.8566, 2.3522), 343_556.5),  # London to Paris
    ],
)
def test_a_great_circle_is_as_long_as_it_is(a: tuple[float, float], b: tuple[float, float], metres: float) -> None:
    places = [np.array([float(x)]) for x in (*a, *b)]
    assert haversine_m(*places)[0] == pytest.approx(metres, rel=1e-5)


def northward(*parts: tuple[int, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(seconds, latitude, longitude) of stretches (seconds, m/s) to the north."""
    speed = np.concatenate([np.full(seconds, m_s) for seconds, m_s in parts])
    return np.arange(speed.size, dtype=float), 50.0 + np.cumsum(speed) / 111_195.0, np.full(speed.size, 8.0)


@pytest.mark.parametrize("before_s", [0, 40])
def test_the_places_of_a_receiver_that_slides_in_are_none(before_s: int) -> None:
    slid = sliding_in(*northward((before_s, 2.5), (30, 10.0), (1200, 2.5)))
    assert before_s + 29 <= slid <= before_s + 45


@pytest.mark.parametrize(
    "parts",
    [
        ((1200, 2.8),),
        ((30, 4.6), (1200, 1.4)),  # who starts fast and walks on
        ((25, 7.0), (60, 1.4), (25, 6.5), (60, 1.4), (25, 6.5), (60, 1.4)),  # sprints
        ((30, 1.5), (1200, 2.8)),
        ((600, 2.8), (30, 10.0), (600, 2.8)),  # catching up later, of which the way was gone
        ((60, 9.0),),  # nothing later to compare with
    ],
)
def test_a_receiver_that_began_where_it_was_slides_nowhere(parts: tuple[tuple[int, float], ...]) -> None:
    assert sliding_in(*northward(*parts)) == 0


def test_too_few_places_slide_nowhere() -> None:
    assert sliding_in(np.zeros(0), np.zeros(0), np.zeros(0)) == 0
    assert sliding_in(np.zeros(1), np.zeros(1), np.zeros(1)) == 0
