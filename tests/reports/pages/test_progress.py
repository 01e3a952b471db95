"""What the pictures of the way so far take in."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from steadymile.reports.pages.progress import comfort_picture, load_picture, mile_picture, share_picture, share_section
from steadymile.reports.view_model import story

from tests.reports import sample

TABLES = sample.tables()
TOLD = story(sample.ATHLETE, TABLES, sample.AS_OF)


def told(**views: pl.DataFrame):
    return story(sample.ATHLETE, {**TABLES, **views}, sample.AS_OF)


def runs(*days_ago: int) -> pl.DataFrame:
    days = [sample.AS_OF - timedelta(days=n) for n in days_ago]
    return pl.DataFrame({"local_day": days, "longest_run_m": [1000.0] * len(days)})


def test_each_run_of_the_last_year_is_a_dot():
    assert mile_picture(told(activities=runs(366, 365, 10))).body.count("<circle") == 2


def test_the_line_is_called_best_so_far_only_if_it_is():
    lines = [mile_picture(told(activities=runs(*days))).key[1][2] for days in ((300, 10), (500, 10))]
    assert lines == ["best so far", "best of the last year"]


def test_without_running_there_is_no_picture_of_it():
    walks = TABLES["activities"].filter(pl.col("kind") == "walk")
    assert mile_picture(told(activities=walks)) is None


def test_load_without_heart_rate_is_drawn_apart_and_named():
    assert "guess" not in load_picture(TOLD).body
    mixed = load_picture(told(days=TABLES["days"].with_columns(load_source=pl.lit("pace"))))
    assert 'class="guess"' in mixed.body
    assert ("guess", "bar", "load estimated without it") in mixed.key


def test_fitness_that_is_not_known_yet_leaves_a_gap():
    known = TABLES["days"]["fitness"].drop_nulls().len()
    path = load_picture(TOLD).body.split('class="l-fitness" d="')[1].split('"')[0]
    assert path.count("M") + path.count("L") == known == TABLES["days"].height - 6


def test_a_missed_week_has_no_bar_but_its_plan():
    body = share_picture(TOLD).body
    assert body.count('class="run"') == 13  # of 14 weeks
    assert body.count('class="planned"') == 14


def test_the_share_of_running_is_of_the_last_week():
    week = TABLES["weeks"].sort("week").tail(1)
    run, walk = week["running_min_done"][0], week["walking_min_done"][0]
    assert share_picture(TOLD).text.startswith(f"{100 * run / (run + walk):.0f}% of the last week's time on foot")


def test_a_day_with_pain_is_marked_and_one_without_is_not():
    picture = comfort_picture(TOLD)
    assert picture.body.count('class="pain"') == TABLES["health"].filter(pl.col("pain") >= 1).height == 1


def test_nothing_after_the_day_told_on_is_drawn():
    early = story(sample.ATHLETE, TABLES, sample.AS_OF - timedelta(days=49))
    assert share_picture(early).body.count('class="planned"') == 7


def test_months_without_a_minute_on_foot_are_numbers_and_no_empty_picture():
    minutes = [pl.lit(0.0).alias(name) for name in TABLES["weeks"].columns if "_min_" in name]
    idle = told(weeks=TABLES["weeks"].with_columns(minutes))
    assert share_picture(idle) is None
    assert "<svg" not in share_section(idle)
    assert "All weeks as numbers" in share_section(idle)
