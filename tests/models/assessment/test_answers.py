"""Answers find their session."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from steadymile.models.assessment.answers import attach
from steadymile.models.measured import Recording
from steadymile.models.recording import CheckIn

DAY = date(2026, 5, 4)


def recorded(name: str, hour: int, kind: str = "run", **stored: float) -> Recording:
    start = datetime(2026, 5, 4, hour, tzinfo=UTC)
    end = start + timedelta(minutes=30)
    return Recording(activity_id=name, started_at=start, ended_at=end, local_day=DAY, kind=kind, **stored)


def said(source: str = "log", **values: object) -> CheckIn:
    return CheckIn(DAY, values, source)


def test_what_is_said_wins_over_what_the_watch_stored():
    assert attach([recorded("a", 7, rpe=6.0)], [said(rpe=3.0)])["a"]["rpe"] == 3.0


def test_what_the_watch_stored_counts_where_nothing_is_said():
    assert attach([recorded("a", 7, rpe=6.0)], [])["a"] == {"rpe": 6.0}


def test_an_answer_for_a_day_goes_to_its_last_run_not_to_a_later_walk():
    found = attach([recorded("run", 7), recorded("walk", 18, "walk")], [said(talk_test="yes")])
    assert found == {"run": {"talk_test": "yes"}}


def test_a_later_word_corrects_an_earlier_one():
    assert attach([recorded("a", 7)], [said(rpe=3.0), said(rpe=5.0)])["a"]["rpe"] == 5.0


def test_two_rows_of_a_file_for_one_day_go_to_its_two_sessions_in_order():
    rows = [said("week.csv", rpe=2.0), said("week.csv", rpe=7.0)]
    found = attach([recorded("morning", 7), recorded("evening", 18)], rows)
    assert (found["morning"]["rpe"], found["evening"]["rpe"]) == (2.0, 7.0)


def test_an_answer_with_a_time_goes_to_the_session_around_it():
    checkin = CheckIn(DAY, {"rpe": 4.0}, "strava", at=datetime(2026, 5, 4, 7, 1, tzinfo=UTC))
    assert attach([recorded("morning", 7), recorded("evening", 18)], [checkin]) == {"morning": {"rpe": 4.0}}


def listed(minutes: float, **values: object) -> CheckIn:
    return CheckIn(DAY, values, "strava", at=datetime(2026, 5, 4, 7, tzinfo=UTC) + timedelta(minutes=minutes))


def test_a_listed_session_gives_its_title_to_the_recording_that_began_then():
    assert attach([recorded("a", 7)], [listed(0.1, title="Hills")]) == {"a": {"title": "Hills"}}


def test_what_an_exports_list_says_of_a_session_without_a_file_goes_to_no_other_session():
    assert attach([recorded("a", 7)], [listed(40, rpe=9.0, title="Strength"), listed(600, rpe=9.0)]) == {}


@pytest.mark.parametrize("name", ["abcd1234", "abcd"])
def test_an_answer_may_name_its_activity_by_the_start_of_its_id(name):
    checkin = CheckIn(DAY, {"rpe": 4.0}, "log", activity_id=name)
    assert attach([recorded("abcd1234", 7), recorded("ffff", 18)], [checkin]) == {"abcd1234": {"rpe": 4.0}}


def test_pain_is_no_answer_about_a_session():
    assert attach([recorded("a", 7)], [said(pain=2.0)]) == {}
