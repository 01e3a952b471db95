"""How sure it is and what is missing, in sentences with the right numbers."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from steadymile.reports.certainty import certainty, notes, without_it
from steadymile.reports.view_model import story

from tests.reports import sample

TABLES = sample.tables()
SURE = certainty(story(sample.ATHLETE, TABLES, sample.AS_OF, None, sample.BODY))


def noted(**views: pl.DataFrame) -> str:
    return " ".join(notes(story(sample.ATHLETE, {**TABLES, **views}, sample.AS_OF)))


def test_it_says_how_much_it_rests_on():
    # the first recording is of Tuesday 18 August, the day told on is 22 November
    assert SURE[0] == "It rests on 97 days of training, 14 sessions in the last four weeks."


def test_it_says_where_load_came_from():
    mixed = TABLES["activities"].with_columns(
        load_source=pl.when(pl.col("sport") == "walking").then(pl.lit("pace")).otherwise(pl.lit("hr"))
    )
    told = certainty(story(sample.ATHLETE, {**TABLES, "activities": mixed}, sample.AS_OF))
    assert (
        "How hard a session was is judged by heart rate in 10 and by pace in 4 of the last four weeks' sessions."
        in told
    )


def test_it_gives_maximal_heart_rate_with_its_spread_and_source():
    assert any("184 ± 8 beats a minute (age, corrected by 38 recordings)" in line for line in SURE)


def test_it_gives_tiredness_with_what_is_not_known_counted_against():
    assert any("0.41 on a scale from 0 to 1, or 0.52" in line and "62%" in line for line in SURE)


def test_it_compares_with_the_watch():
    # the made watch reads 1 % more: 1 - 1/1.01 of its own
    assert any(", and steadymile typically measures distance 1% shorter." in line for line in SURE)


def test_refused_files_are_counted_and_not_named():
    assert "1 file could not be read: `steadymile status` names it" in noted()
    assert "secret-harbour" not in noted()


def test_a_file_that_is_well_is_no_note():
    assert "could not be read" not in noted(files=TABLES["files"].filter(pl.col("status") == "ingested"))


def test_sessions_without_heart_rate_are_counted():
    without = TABLES["activities"].with_columns(heart_rate_mean_bpm=pl.lit(None, pl.Float64))
    assert "14 of 14 sessions in the last four weeks had no usable heart rate." in noted(activities=without)


def test_a_missing_answer_is_no_good_sign():
    assert "A missing answer counts as no report, never as a good sign." in noted(health=pl.DataFrame())


def test_silence_is_asked_about_from_a_week_on():
    for days, asked in ((6, False), (7, True)):
        told = story(sample.ATHLETE, TABLES, sample.AS_OF - timedelta(days=1) + timedelta(days=days))
        assert any("Has the watch been synced?" in line for line in notes(told)) is asked


def test_four_weeks_are_28_days_with_today():
    days = [sample.AS_OF - timedelta(days=n) for n in (28, 27)]
    told = certainty(story(sample.ATHLETE, {"activities": pl.DataFrame({"local_day": days})}, sample.AS_OF))
    assert told == ["It rests on 29 days of training, 1 session in the last four weeks; the newest is 27 days old."]


def test_what_a_reason_costs_is_told_in_whole_minutes():
    assert without_it({"before": 29.5, "after": 26.6}) == "about 3 min more of running in the week"
    assert without_it({"before": 26.9, "after": 26.6}) == "less than a minute more of running in the week"
    assert without_it({"before": 26.6, "after": 26.6}) == without_it({"before": None, "after": 3.0}) == ""


def forecast(level: str, days: int) -> str:
    told = story(sample.ATHLETE, TABLES, sample.AS_OF)
    assert told.target is not None
    assert told.decided_on is not None
    rows = pl.DataFrame(
        [{"name": "effort_here", "value": 4.2, "low": 2.9, "high": 5.6, "average": 6.4, "n": 9,
          "level": told.target["level"] if level == "same" else level,
          "as_of": told.decided_on + timedelta(days=days)}]
    )  # fmt: skip
    return " ".join(certainty(story(sample.ATHLETE, {**TABLES, "learned": rows}, sample.AS_OF)))


def test_it_says_how_the_longest_run_will_feel():
    assert "We expect the longest run to feel like 4 of 10 (3 to 6) for you." in forecast("same", 0)


def test_a_forecast_of_another_level_or_of_another_week_is_not_said():
    assert "We expect" not in forecast("M7", 0)
    assert "We expect" not in forecast("same", 7)
