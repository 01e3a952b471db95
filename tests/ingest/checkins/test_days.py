"""Days as people and programs write them, also by other calendars."""

from __future__ import annotations

from datetime import date

import pytest
from steadymile.ingest.checkins.days import parse_day
from steadymile.ingest.checkins.files import read_checkins
from steadymile.ingest.reading import Unreadable

IRAN = {
    "1404-09-10": date(2025, 12, 1),
    "1405/01/01": date(2026, 3, 21),
    "1403-12-30": date(2025, 3, 20),  # a leap year
    "1378-10-11": date(2000, 1, 1),
    "1379-01-01": date(2000, 3, 20),
    "1370-01-01": date(1991, 3, 21),
    "۱۴۰۵/۰۹/۰۹": date(2026, 11, 30),
    "14050909": date(2026, 11, 30),
    "9.9.1405": date(2026, 11, 30),
    "10/09/1404": date(2025, 12, 1),
}


@pytest.mark.parametrize("text", IRAN)
def test_a_day_of_the_iranian_calendar_is_its_day(text):
    assert parse_day(text, None) == IRAN[text]


@pytest.mark.parametrize("text", ["1404-12-30", "1404-07-31", "1404-13-01", "1404-00-10", "1410-01-01", "1360-05-05"])
def test_a_day_that_this_calendar_has_not_or_that_is_far_is_none(text):
    assert parse_day(text, None) is None


def test_a_year_of_buddha_is_its_year():
    assert (parse_day("2569-11-30", None), parse_day("30/11/2569", None)) == (date(2026, 11, 30), date(2026, 11, 30))


@pytest.mark.parametrize("text", ["2026-11-30", "30.11.2026", "20261130", "Nov 30, 2026"])
def test_a_year_of_today_stays_what_it_is(text):
    assert parse_day(text, None) == date(2026, 11, 30)


def test_answers_under_iranian_days_count_on_them():
    said = read_checkins(b"date,pain\n1405-09-08,4\n1405-09-09,2\n").checkins
    assert [(c.day, c.values["pain"]) for c in said] == [(date(2026, 11, 29), 4.0), (date(2026, 11, 30), 2.0)]


def test_a_day_of_the_islamic_calendar_is_asked_about():
    with pytest.raises(Unreadable, match="1448-06-20” is a day of the Islamic calendar"):
        read_checkins(b"date,pain\n1448-06-20,4\n")


def test_a_warning_sign_under_such_a_day_counts_all_the_same():
    found = read_checkins(b"date,red_flag\n2026-11-29,\n1448-06-20,chest pain\n")
    assert [c.values["red_flag"] for c in found.checkins] == ["unclear"]
