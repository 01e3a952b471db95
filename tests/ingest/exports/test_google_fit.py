"""Google Fit's list of sessions, one JSON each: the totals stand in their own units, a night gives no hours."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from steadymile.ingest.formats import read
from steadymile.ingest.reading import Unreadable
from steadymile.models.stated.listed import LISTED


def session(**changes) -> dict:
    begun, ended = "2026-11-20T17:00:00.500Z", "2026-11-20T17:20:00.500Z"
    return {
        "fitnessActivity": "running",
        "startTime": begun,
        "endTime": ended,
        "duration": "1100.250s",
        "segment": [{"fitnessActivity": "running", "startTime": begun, "endTime": ended}],
        "aggregate": [
            {"metricName": "com.google.calories.expended", "floatValue": 200.5},
            {"metricName": "com.google.step_count.delta", "intValue": 3000},
            {"metricName": "com.google.distance.delta", "floatValue": 2750.25},
        ],
    } | changes


def reading(**changes):
    return read(json.dumps(session(**changes)).encode(), "x.bin")


def test_a_session_is_listed_with_its_totals():
    (activity,) = reading().activities
    assert activity.started_at == datetime(2026, 11, 20, 17, 0, 0, 500_000, UTC)
    assert (activity.sport, activity.source, activity.samples.height) == ("running", LISTED, 0)
    stored = activity.stored
    assert (stored.distance_m, stored.elapsed_s, stored.timer_s, stored.calories_kcal) == (
        2750.25,
        1200,
        1100.25,
        200.5,
    )


def test_a_time_with_a_zone_is_that_moment():
    (activity,) = reading(startTime="2026-11-20T18:00:00+01:00").activities
    assert activity.started_at == datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.mark.parametrize("word", ["sleep", "sleep.deep"])
def test_a_night_is_ignored_and_says_why(word):
    night = reading(fitnessActivity=word)
    assert (night.activities, night.wellness) == ((), ())
    assert "night" in night.ignored


@pytest.mark.parametrize(
    "changes",
    [
        {"startTime": "2026-11-20T17:00:00"},
        {"startTime": None},
        {"startTime": 5},
        {"endTime": "2026-11-20T16:00:00Z", "duration": "x"},
        {"endTime": "no", "duration": None},
    ],
)
def test_without_a_moment_or_a_length_it_is_no_session(changes):
    assert reading(**changes).activities == ()
    assert reading(**changes).ignored


@pytest.mark.parametrize(
    "aggregate", [None, 3, [None, {"metricName": "com.google.distance.delta"}], [{"floatValue": 1}]]
)
def test_a_total_that_is_not_stated_is_unknown(aggregate):
    (activity,) = reading(aggregate=aggregate).activities
    assert (activity.stored.distance_m, activity.stored.calories_kcal) == (None, None)


def test_a_file_cut_off_is_said():
    with pytest.raises(Unreadable, match="cannot be read"):
        read(json.dumps(session()).encode()[:-5], "x.json")
