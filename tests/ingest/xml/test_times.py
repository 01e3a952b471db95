"""Times of a column at once are what the standard library reads one by one."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.ingest.xml.times import NO_TIME, common_era, parse_times

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MARCH = 1_772_348_400_000_000
"""2026-03-01T07:00:00Z: 20,513 days of 86,400 s and 7 hours, in microseconds."""


def us(*texts):
    return parse_times([text.encode() for text in texts]).us.tolist()


@pytest.mark.parametrize(
    ("text", "after_us"),
    [
        ("2026-03-01T07:00:00Z", 0),
        ("2026-03-01 07:00:00z", 0),
        ("2026/03/01 07:00:00", 0),
        ("2026-03-01T07:00:00", 0),
        ("2026-03-01T07:00:01.5Z", 1_500_000),
        ("2026-03-01T07:00:00.123456789Z", 123_456),
        ("2026-03-01T07:00:00.12345678901234567Z", 123_456),
        ("2026-03-01T09:00:00+02:00", 0),
        ("2026-03-01T01:30:00-0530", 0),
        ("2026-03-01T12:00:00+05", 0),
        (" 2026-03-01T07:00Z ", 0),
        ("2026-03-01", -7 * 3_600_000_000),
        ("٢٠٢٦-٠٣-٠١T٠٧:٠٠:٠٠Z", 0),
        ("۲۰۲۶-۰۳-۰۱T۰۷:۰۰:۰۱Z", 1_000_000),
        ("1772348400", 0),
        ("1772348400250", 250_000),
    ],
)
def test_a_time_becomes_utc(text, after_us):
    assert us(text) == [MARCH + after_us]


@pytest.mark.parametrize(
    "text",
    ["2026-02-30T07:00:00Z", "2026-13-01T07:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T07:60:00Z", "yesterday",
     "2026-03-01T07:00:00.1xZ", "2026-03-0:T07:00:00Z", "0000-03-01T07:00:00Z", "177234840", "17723484001"],
)  # fmt: skip
def test_what_is_no_time_is_none_and_counted(text):
    found = parse_times([b"2026-03-01T07:00:00Z", text.encode(), None])
    assert found.us.tolist() == [MARCH, NO_TIME, NO_TIME]
    assert found.unreadable == 1


@pytest.mark.parametrize(("year", "calendar"), [("2569", "Buddhist"), ("0008", "Japanese")])
def test_years_of_another_calendar_are_counted_from_the_common_era(year, calendar):
    texts = [f"{year}-03-01T07:00:00Z".encode(), None, f"{year}-12-31T23:59:59Z".encode()]
    found, note = common_era(parse_times(texts).us)
    assert found.tolist() == [MARCH, NO_TIME, us("2026-12-31T23:59:59Z")[0]]
    assert calendar in note


@pytest.mark.parametrize("texts", [["2569-03-01T07:00:00Z", "2026-03-01T07:00:00Z"], ["0001-01-01T00:00:00Z"], []])
def test_other_years_stay_as_they_are(texts):
    given_us = parse_times([text.encode() for text in texts]).us
    assert common_era(given_us) == (pytest.approx(given_us), None)


def test_an_offset_that_changes_on_the_way_is_seen_from_there_on():
    found = parse_times([b"2026-03-29T00:59:59+00:00", b"2026-03-29T02:00:00+01:00", b"2026-03-29T02:30:01+01:30"])
    assert np.diff(found.us).tolist() == [1_000_000, 1_000_000]
    assert found.offset_s.tolist() == [0.0, 3600.0, 5400.0]


def test_midnight_and_mixed_layouts_keep_their_order():
    texts = ["2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00.5Z", "2026-03-01T00:00:01Z"]
    assert np.diff(us(*texts)).tolist() == [1_000_000, 500_000, 500_000]


moments = st.datetimes(timezones=st.none() | st.timezones()).filter(lambda moment: 2 < moment.year < 9998)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(moments, st.sampled_from(["auto", "seconds", "milliseconds"]), st.booleans()), max_size=20))
def test_any_column_equals_the_standard_library(drawn):
    texts, expected = [], []
    for moment, precision, zulu in drawn:
        moment = moment.replace(tzinfo=UTC) if zulu else moment
        text = moment.isoformat(timespec=precision)
        if moment.utcoffset() is not None and moment.utcoffset().total_seconds() % 60:
            continue  # offsets of local mean time have seconds, which no watch writes
        passed = datetime.fromisoformat(text)
        passed = (passed if passed.tzinfo else passed.replace(tzinfo=UTC)) - EPOCH
        texts.append(text.replace("+00:00", "Z") if zulu else text)
        expected.append((passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds)
    assert us(*texts) == expected
