"""The week on one sheet: each day once, in the plan's own words, and no place."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from steadymile.reports import formats
from steadymile.reports.decision import headline
from steadymile.reports.pages.sheet import COLUMNS, render
from steadymile.reports.sentences import session_title
from steadymile.reports.view_model import story

from tests.reports import sample
from tests.reports.pages.test_athlete import outline

TOLD = story(sample.ATHLETE, sample.tables(), sample.AS_OF)
PAGE = render(TOLD)


def test_every_day_and_every_session_of_the_week_stands_on_it():
    said = " ".join(outline(PAGE).text)
    for line in TOLD.days:
        assert said.count(formats.day(line.day)) >= 1
        for planned in line.planned:
            assert session_title(planned) in said or planned["kind"] == "rest"
    assert " ".join(headline(TOLD)).strip() in said


def test_each_session_has_a_box_and_its_day_two_lines_and_a_day_of_rest_has_none():
    sessions = [sum(p["kind"] != "rest" for p in line.planned) for line in TOLD.days]
    active = sum(n > 0 for n in sessions)
    assert 0 < active < 7
    assert (PAGE.count('class="box"'), PAGE.count('class="line"')) == (sum(sessions), 2 * active)
    assert all(f'<th scope="col">{name}</th>' in PAGE for name in COLUMNS)


def test_what_a_session_asks_for_is_written_out_once_and_then_named_by_its_day():
    again = [line for line in TOLD.days if any(p["kind"] == "run" for p in line.planned)]
    planned = sample.tables()["planned_sessions"]
    first = planned.filter(pl.col("day") == again[0].day)
    twice = pl.concat([first, first.with_columns(day=pl.lit(again[0].day + timedelta(days=1)))])
    page = render(story(sample.ATHLETE, {**sample.tables(), "planned_sessions": twice}, sample.AS_OF))
    assert page.count(f"As on {formats.day(again[0].day).split()[0]}.") == 1


def test_the_sheet_holds_no_place():
    for word in ("Secret Harbour", "Eucla", "Australia"):
        assert word not in PAGE


def test_before_the_first_plan_the_sheet_says_so():
    assert "No plan yet" in render(story(sample.ATHLETE, {}, sample.AS_OF))
