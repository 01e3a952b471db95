"""Decimal numbers of a column at once are what Python reads one by one, to the last bit."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.ingest.xml.bytes import MARGIN
from steadymile.ingest.xml.decimals import _chunk, decimals, number


def spans(texts):
    """The texts with a mark between them, as they stand in a file, and the span of each."""
    data = b"<".join(texts) + b"<" * MARGIN
    lengths = np.array([len(text) for text in texts], np.int64)
    stop = np.cumsum(lengths + 1) - 1
    return data, stop - lengths, stop


def read(*texts):
    data, start, stop = spans([text.encode() for text in texts])
    return decimals(data, [(start, stop)])[0]


def same_bits(texts):
    ours = read(*texts)
    pythons = np.array([number(text.encode()) for text in texts])
    return [
        (text, a, b)
        for text, a, b in zip(texts, ours.tolist(), pythons.tolist(), strict=True)
        if np.float64(a).tobytes() != np.float64(b).tobytes() and not (np.isnan(a) and np.isnan(b))
    ] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("104", 104.0),
        ("-0.0", -0.0),
        ("47.5960084", 47.5960084),
        ("52.09731238894164562225341796875", 621_545_147 * 180 / 2**31),  # 32-bit semicircles, as Garmin writes them
        ("6.80000019073486328125", float(np.float32(6.8))),
        ("5.", 5.0),
        ("-.5", -0.5),
        ("+5", 5.0),
        (" 5\n", 5.0),
        ("1.5e-3", 0.0015),
        ("9007199254740993", 9007199254740992.0),  # 2**53 + 1: the even neighbour
        ("99999999.9", 99999999.9),
        ("1" * 40, float("1" * 40)),
    ],
)
def test_a_number_is_read_as_written(text, value):
    assert read(text).tobytes() == np.float64(value).tobytes()


@pytest.mark.parametrize(
    "text", ["", "-", ".", "1.2.3", "1-2", "5x", "1,086.5", "0x10", "north", "123456789x", "1.23456789:"]
)
def test_what_is_no_number_is_nan(text):
    assert np.isnan(read(text)[0])


def test_digits_of_other_scripts_are_digits():
    assert read("٥٢٫٥", "-۱۳.۲۵", "−8").tolist() == [52.5, -13.25, -8.0]


def test_a_decimal_comma_is_a_point():
    assert read("50,25", "-8,5").tolist() == [50.25, -8.5]


def test_a_value_between_two_doubles_is_rounded_as_python_does():
    middle = sum(Decimal(float(x)) for x in (np.float64(52.1), np.nextafter(52.1, 53))) / 2
    assert same_bits([str(middle), str(middle)[:-1], str(middle) + "1"])


def test_columns_of_different_length_keep_their_rows():
    data, start, stop = spans([b"1.5", b"2", b"x", b"-4.25"])
    first, second = decimals(data, [(start, stop), (start[3:], stop[3:])])
    assert first[[0, 1, 3]].tolist() == [1.5, 2.0, -4.25]
    assert np.isnan(first[2])
    assert second.tolist() == [-4.25]


def test_numbers_as_watches_write_them_need_no_second_look():
    texts = [str(Decimal((621_545_147 + n * 7919) * 180 / 2**31)) for n in range(500)] + ["47.5960084", "-8.1", "140"]
    data, start, stop = spans([text.encode() for text in texts])
    assert not _chunk(data, start, stop)[1].any()


numbers = st.one_of(
    st.floats(-1e4, 1e4).map(repr),
    st.floats(-180, 180).map(lambda x: str(Decimal(x))[:40]),
    st.floats(-500, 9000, width=32).map(lambda x: str(Decimal(x))),
    st.decimals(-400, 400, places=7).map(str),
    st.integers(0, 300).map(str),
    st.from_regex(r"-?[0-9]{0,10}(\.[0-9]{0,34})?", fullmatch=True),
    st.floats().map(repr),
    st.text("0123456789.-+eE ", max_size=12),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(numbers, max_size=30))
def test_any_column_equals_python_bit_for_bit(texts):
    assert same_bits(texts)
