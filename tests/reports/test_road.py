"""The road to the mile: the first mile as an event, and how many weeks the rest may take."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from steadymile.models.athlete import Athlete, Facts
from steadymile.reports.road import (
    UNTIL_THEN,
    celebrated,
    comes_first,
    first_mile,
    ladder,
    mile_picture_png,
    mile_words,
    running_speed,
    steps_to_mile,
    weeks_line,
)
from steadymile.reports.view_model import Story, story

AS_OF = date(2026, 6, 28)


def told(metres: list[float], levels: list[str]) -> Story:
    days = [AS_OF - timedelta(days=7 * n) for n in range(len(metres))][::-1]
    runs = pl.DataFrame(
        {
            "activity_id": [f"run{n}" for n in range(len(days))],
            "local_day": days,
            "started_at": [datetime(d.year, d.month, d.day, 7, tzinfo=UTC) for d in days],
            "preferred": [True] * len(days),
            "longest_run_m": metres,
            "longest_run_s": [m / 2.5 for m in metres],
        },
        schema_overrides={"longest_run_m": pl.Float64, "longest_run_s": pl.Float64},
    )
    mondays = [AS_OF - timedelta(days=6 + 7 * n) for n in range(len(levels))][::-1]
    targets = pl.DataFrame(
        {"week": [f"{d:%G-W%V}" for d in mondays], "as_of": mondays, "level": levels},
        schema={"week": pl.String, "as_of": pl.Date, "level": pl.String},
    )
    return story(Athlete("me"), {"activities": runs, "targets": targets}, AS_OF)


def test_the_first_mile_is_the_first_run_of_a_mile_and_not_the_longest():
    event = first_mile(told([800.0, 1700.0, 3000.0], []))
    assert (event.activity_id, event.day, event.runs, event.days) == ("run1", date(2026, 6, 21), 2, 7)


def test_a_mile_within_days_of_the_first_recording_is_no_event_to_celebrate():
    assert celebrated(told([1700.0, 800.0, 1700.0], [])) is None
    assert celebrated(told([800.0, 800.0, 1700.0], [])).runs == 3
    ran_before = replace(told([800.0, 800.0, 1700.0], []), athlete=Athlete("me", base=Facts(experience="runner")))
    assert celebrated(ran_before) is None


def test_before_a_mile_there_is_no_event():
    assert first_mile(told([800.0, 1609.0], [])) is None


def test_the_first_mile_in_words_says_when_how_far_and_how_long_it_took_to_get_there():
    event = first_mile(told([800.0, 1700.0], []))
    assert mile_words(event, "km") == (
        "On Sun 28 Jun 2026 you ran 1.70 km without a walk break in 11 min. It took 7 days and 2 runs."
    )


def test_the_picture_to_share_is_a_png():
    assert mile_picture_png(first_mile(told([1700.0], [])), "km")[:8] == b"\x89PNG\r\n\x1a\n"


def test_every_level_of_the_ladder_reads_differently_and_names_what_is_new_on_it():
    words = {rung.level: rung.words for rung in ladder(told([800.0], ["M7"]))}
    assert len(set(words.values())) == len(words)
    assert words["P1"] == "Jog 30 min, every run easy"
    assert words["P2"] == "Jog 30 min; one run of the week: easy run with 6 strides"


def test_a_faster_runner_reaches_the_mile_on_an_earlier_step():
    # 1609.344 m: 9 min at 3 m/s (J9, index 10), 12 min at 2.3 m/s (J10, index 11)
    assert [steps_to_mile(0, speed) for speed in (3.0, 2.3)] == [10, 11]


def test_the_speed_is_the_median_of_the_longest_continuous_runs():
    assert running_speed(told([300.0, 600.0], [])) == 2.5


def test_the_weeks_to_the_mile_come_from_how_often_the_last_weeks_moved_on():
    line = weeks_line(told([600.0] * 6, ["J1", "J2", "J3", "J4", "J5", "J6"]))
    assert line.startswith("The mile is 4 steps away. At the pace of your last 6 planned weeks it takes 4 to ")
    assert "90 % range" in line


def test_who_stands_still_is_told_of_more_weeks():
    moving = weeks_line(told([600.0] * 6, ["J1", "J2", "J3", "J4", "J5", "J6"]))
    still = weeks_line(told([600.0] * 6, ["J6"] * 6))
    assert "at least" in still
    assert "at least" not in moving


def test_after_two_planned_weeks_no_range_is_stated():
    assert "after a few planned weeks" in weeks_line(told([600.0] * 2, ["J1", "J2"]))


def test_who_has_run_the_mile_is_told_of_no_weeks():
    assert weeks_line(told([1700.0], ["J8"])) == ""


def saying(levels: list[str], target: dict[str, object] | None = None, **values: object) -> Story:
    """A story of somebody on the way who reported something on the day itself."""
    found = told([600.0] * 6, levels)
    health = pl.DataFrame({"day": [AS_OF], **{name: [value] for name, value in values.items()}})
    return replace(found, target={**(found.target or {}), **(target or {})}, tables={**found.tables, "health": health})


MOVING = ["J1", "J2", "J3", "J4", "J5", "J6"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"ill": True}, "Ill on Sun 28 Jun."),
        ({"pain": 3.0}, "Pain 3 of 10 on Sun 28 Jun."),
        ({"red_flag": "chest_pain"}, "Chest pain reported on Sun 28 Jun."),
    ],
)
def test_nobody_who_is_ill_or_hurts_is_promised_weeks_to_the_mile(said, words):
    now = saying(MOVING, **said)
    assert (weeks_line(now), comes_first(now)) == ("", f"{words} {UNTIL_THEN}")


@pytest.mark.parametrize("said", [{"ill": False}, {"pain": 2.0}, {"note": "all well"}])
def test_who_is_well_is_told_of_weeks_to_the_mile(said):
    now = saying(MOVING, **said)
    assert (weeks_line(now)[:8], comes_first(now)) == ("The mile", "")


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ({"action": "stop", "headline": "No running for now. Next: rest."}, "No running for now. Next: rest."),
        (
            {"action": "rebuild", "run_min": 0.0, "headline": "A gentle way back. Next: 3 walks of 30 min."},
            "A gentle way back. Next: 3 walks of 30 min.",
        ),
    ],
)
def test_a_week_without_running_for_health_says_what_comes_first(target, words):
    now = saying(MOVING, target, ill=False)
    assert (weeks_line(now), comes_first(now)) == ("", f"{words} {UNTIL_THEN}")


def test_a_doctors_word_that_is_wanted_comes_before_the_weeks_to_the_mile():
    waits = replace(saying(MOVING, ill=False), athlete=Athlete("me", base=Facts(screening=True)))
    assert (weeks_line(waits), comes_first(waits).endswith(UNTIL_THEN)) == ("", True)
