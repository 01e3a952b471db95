"""Axes, gaps, bars: what the picture shows is what the numbers say."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from steadymile.reports.charts import svg

FIRST = date(2026, 8, 17)
AT = svg.Axes(FIRST, FIRST + timedelta(days=99), 100.0)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e7)), max_size=20))
def test_the_axis_holds_every_value_and_wastes_less_than_half(values):
    at = svg.axes(FIRST, FIRST + timedelta(days=30), values)
    greatest = max((v for v in values if v is not None), default=0)
    assert at.top >= greatest * 0.999
    assert greatest < 1e-3 or at.top <= 2 * greatest


@given(st.floats(0, 99), st.floats(0, 99))
def test_more_is_never_drawn_lower(a, b):
    assert (AT.y(a) >= AT.y(b)) if a <= b else (AT.y(a) <= AT.y(b))


def test_an_unknown_breaks_the_line():
    points = [(FIRST, 1.0), (FIRST + timedelta(days=1), None), (FIRST + timedelta(days=2), 2.0)]
    assert svg.line(AT, points, "l").count("M") == 2


def test_a_line_without_values_is_not_drawn():
    assert svg.line(AT, [(FIRST, None)], "l") == ""


def test_an_unknown_or_empty_day_has_no_bar():
    assert svg.bars(AT, [(FIRST, None), (FIRST, 0.0)], "run") == ""


def test_a_stacked_bar_stands_on_the_one_below():
    upper = svg.bars(AT, [(FIRST, 20.0)], "walk", base=[30.0])
    height = float(upper.split('height="')[1].split('"')[0])
    top = float(upper.split(' y="')[1].split('"')[0])
    assert abs(top - AT.y(50.0)) < 0.06
    assert abs(top + height - AT.y(30.0)) < 0.11


def test_months_stand_along_the_foot():
    assert [name for name in ("Aug", "Sep", "Oct", "Nov") if f">{name}<" in svg.grid(AT)] == [
        "Aug",
        "Sep",
        "Oct",
        "Nov",
    ]


def test_a_ribbon_is_as_long_as_the_session_and_jogs_stand_higher():
    ribbon = svg.strip([{"reps": 1, "run_s": 0, "walk_s": 300}, {"reps": 2, "run_s": 60, "walk_s": 90}])
    assert (ribbon.count('class="run"'), ribbon.count('class="walk"')) == (2, 3)
    assert 'height="14"' in ribbon


def test_words_in_a_picture_are_escaped():
    picture = svg.Picture("x", "a < b", 'say "hi" & go', "", (("run", "dot", "<dot>"),))
    assert "a &lt; b" in picture.html()
    assert "<dot>" not in picture.html() + picture.alone()
