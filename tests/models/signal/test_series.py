"""The numpy tools under the file stage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.signal.series import (
    Pieces,
    all_ahead,
    median_of_five,
    robust_sd,
    rolling_mean,
    rolling_mean_nearest,
    run_lengths,
)

series = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30).map(np.array)


def cut(n: int, at: list[int]) -> Pieces:
    starts = np.zeros(n, np.bool_)
    starts[[0, *[a for a in at if a < n]]] = True
    return Pieces.from_starts(starts)


@given(series, st.lists(st.integers(0, 29), max_size=3), st.sampled_from([1, 3, 11, 31]))
def test_a_running_mean_stays_inside_its_piece(x: np.ndarray, at: list[int], width: int) -> None:
    pieces, half = cut(x.size, at), width // 2
    for low, high in pieces.bounds():
        part = x[low:high]
        plain = [part[max(0, i - half) : i + half + 1].mean() for i in range(part.size)]
        assert rolling_mean(x, pieces, width)[low:high] == pytest.approx(plain, abs=1e-8)
        padded = np.pad(part, half, mode="edge")
        nearest = [padded[i : i + width].mean() for i in range(part.size)]
        assert rolling_mean_nearest(x, pieces, width)[low:high] == pytest.approx(nearest, abs=1e-8)


@given(series, st.lists(st.integers(0, 29), max_size=3))
def test_the_median_of_five_is_the_median(x: np.ndarray, at: list[int]) -> None:
    pieces = cut(x.size, at)
    for low, high in pieces.bounds():
        padded = np.pad(x[low:high], 2, mode="edge")
        plain = [np.median(padded[i : i + 5]) for i in range(high - low)]
        assert median_of_five(x, pieces)[low:high].tolist() == plain


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 6))
def test_a_condition_ahead_holds_for_its_whole_length(flags: list[bool], length: int) -> None:
    x = np.array(flags, dtype=np.bool_)
    plain = [i + length <= len(flags) and all(flags[i : i + length]) for i in range(len(flags))]
    assert all_ahead(x, length).tolist() == plain


@given(st.lists(st.integers(0, 2), max_size=30))
def test_run_lengths_rebuild_the_labels(labels: list[int]) -> None:
    x = np.array(labels, dtype=np.int64)
    starts, lengths = run_lengths(x)
    assert np.repeat(x[starts], lengths).tolist() == labels


def test_the_robust_sd_is_deaf_to_an_outlier() -> None:
    x = np.random.default_rng(0).normal(0, 2.0, 4000)
    x[0] = 1e6
    assert robust_sd(x) == pytest.approx(2.0, rel=0.06)


def test_no_elements_are_no_pieces() -> None:
    assert Pieces.from_starts(np.zeros(0, np.bool_)).bounds() == []
