"""Strava's activities.csv: titles and efforts, matched later by the start."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.exports import read_strava, strava_time
from ingest.read import read
from ingest.reading import Unreadable

HEAD = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Filename,"
    "Perceived Exertion\n"
)
ROW = '123,"Jan 5, 2026, 7:03:12 AM",Morning Run,Run,"cold, dry",1800,activities/1.fit.gz,4.0\n'


def test_a_row_is_a_check_in_at_the_sessions_start():
    (c,) = read_strava((HEAD + ROW).encode()).checkins
    assert (c.at, c.day) == (datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC), date(2026, 1, 5))
    assert c.values == {"title": "Morning Run", "note": "cold, dry", "rpe": 4.0}


def test_the_export_is_known_by_its_header_whatever_its_name():
    assert read((HEAD + ROW).encode(), "x.bin").what == "Strava activities.csv"


def test_effort_that_was_not_given_is_absent():
    (c,) = read_strava((HEAD + ROW.replace(",4.0", ",")).encode()).checkins
    assert "rpe" not in c.values


def test_a_bad_row_costs_that_row_only():
    reading = read_strava((HEAD + "9,when?,x,Run,,1,f,\n" + ROW).encode())
    assert len(reading.checkins) == 1
    assert "1 rows or cells" in reading.notes[0]


def test_a_list_whose_dates_cannot_be_read_is_refused_with_the_next_step():
    with pytest.raises(Unreadable, match="date"):
        read_strava((HEAD + "9,when?,x,Run,,1,f,\n").encode())


def test_an_empty_list_is_ignored():
    assert read_strava(HEAD.encode()).ignored == "The list holds no session"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Jan 5, 2026, 12:03:12 AM", datetime(2026, 1, 5, 0, 3, 12, tzinfo=UTC)),
        ("Jan 5, 2026, 12:03:12 PM", datetime(2026, 1, 5, 12, 3, 12, tzinfo=UTC)),
        ("Jan 5, 2026, 1:03:12\u202fPM", datetime(2026, 1, 5, 13, 3, 12, tzinfo=UTC)),
        ("5 Jan 2026, 07:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("2026-01-05 07:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("Feb 30, 2026, 7:03:12 AM", None),
        ("soon", None),
    ],
)
def test_the_exports_dates_are_utc(text, moment):
    assert strava_time(text) == moment


@given(st.text(max_size=120))
def test_any_text_after_the_header_is_read_or_refused(text):
    with suppress(Unreadable):
        read_strava((HEAD + text).encode("utf-8", "replace"))
