"""What the page and the terminal say of the mile now and of best efforts."""

from __future__ import annotations

import re
from datetime import timedelta

from steadymile.reports.estimates import mile_now_line
from steadymile.reports.pages.progress import mile_now_section
from steadymile.reports.view_model import story

from tests.reports import sample

TABLES = sample.tables()
TOLD = story(sample.ATHLETE, TABLES, sample.AS_OF)


def told(units: str = "km", mile: bool = True):
    return story(sample.ATHLETE, {**TABLES, "estimates": sample.estimated(mile)}, sample.AS_OF, units)


def cells(section: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", section)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_the_mile_now_comes_with_its_range():
    # Training efforts: 0.95 and 0.80 of the time that their best gives; what was run, 12:40, can be run again.
    assert mile_now_line(TOLD) == "Your mile now: about 12:02 (90 % range 10:08 to 12:55)."


def test_the_page_says_what_the_mile_rests_on():
    assert "It rests on training efforts only" in mile_now_section(TOLD)


def test_a_mile_that_is_not_known_yet_is_told_kindly_and_why():
    section = mile_now_section(told(mile=False))
    assert mile_now_line(told(mile=False)) == ""
    assert "Nothing recent says what you would run a mile in: no continuous effort of 800 m" in section
    assert "Every run brings it closer." in section


def test_best_efforts_stand_beside_those_of_the_last_ninety_days():
    found = {row[0]: row[1:] for row in cells(mile_now_section(TOLD))}
    assert found["400 m"] == ["2:30", "2:50", "6:15 /km", "Wed 17 Dec 2025"]
    assert found["Mile"] == ["12:40", "12:40", "7:52 /km", "Sat 21 Nov"]
    assert found["12 minutes"] == ["1.40 km", "–", "", "Wed 17 Dec 2025"]
    assert "5K" not in found


def test_paces_and_distances_are_in_the_readers_units():
    section = mile_now_section(told("miles"))
    found = {row[0]: row[1:] for row in cells(section)}
    assert found["Mile"][2] == "12:40 /mi"
    assert found["12 minutes"][0] == "0.87 mi"
    assert "Usual pace: running 13:25 /mi and walking 17:53 /mi." in section
    assert "/km" not in section


def test_what_was_learnt_later_is_not_told_of_an_earlier_day():
    earlier = story(sample.ATHLETE, TABLES, sample.AS_OF - timedelta(days=1))
    assert mile_now_section(earlier) == mile_now_line(earlier) == ""


def test_without_the_view_nothing_is_said():
    bare = story(sample.ATHLETE, {k: v for k, v in TABLES.items() if k != "estimates"}, sample.AS_OF)
    assert mile_now_section(bare) == ""
