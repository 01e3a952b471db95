"""Runs and walks reported in minutes: which sessions they are, and which of them were recorded too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.measured import Recording
from steadymile.models.recording import CheckIn
from steadymile.models.stated.logged import Logged, logged_matches, logged_sessions

DAY = date(2026, 7, 1)
MORNING = datetime(2026, 7, 1, 7, tzinfo=UTC)


def told(*said, day=DAY):
    """(origin, values) pairs as check-ins of one day."""
    return [(origin, CheckIn(day, values, "log")) for origin, values in said]


def minutes(checkins):
    return [(s.kind, s.run_s, s.walk_s) for s in logged_sessions(checkins)]


def test_running_and_walking_of_one_report_are_one_session():
    assert minutes(told(("a", {"run_min": 12.0, "walk_min": 18.0}))) == [("run", 720.0, 1080.0)]


def test_a_run_of_which_no_walking_is_reported_keeps_that_it_was_none():
    assert minutes(told(("a", {"run_min": 30.0, "walk_min": 0.0}))) == [("run", 1800.0, 0.0)]


def test_minutes_reported_again_replace_those_before_them():
    assert minutes(told(("a", {"run_min": 12.0}), ("b", {"run_min": 15.0}))) == [("run", 900.0, None)]


def test_a_walk_reported_after_a_run_leaves_the_run_as_it_is():
    assert minutes(told(("a", {"run_min": 12.0}), ("b", {"walk_min": 30.0}))) == [
        ("run", 720.0, None),
        ("walk", None, 1800.0),
    ]


def test_rows_of_one_file_are_sessions_of_their_own():
    found = logged_sessions(told(("file", {"run_min": 12.0}), ("file", {"run_min": 20.0})))
    assert [(s.number, s.run_s) for s in found] == [(0, 720.0), (1, 1200.0)]


def test_zero_minutes_take_a_session_away():
    assert minutes(told(("a", {"run_min": 12.0}), ("b", {"run_min": 0.0}))) == []


def test_answers_without_minutes_are_no_session():
    assert minutes(told(("a", {"rpe": 4.0, "pain": 1.0}))) == []


RUN = Logged(0, DAY, "run", 0, 720.0, None)
SECONDS = {"running_s": 720.0, "walking_s": 1080.0, "moving_s": 1800.0, "elapsed_s": 1810.0}
FILE = Recording(
    activity_id="file", started_at=MORNING, ended_at=MORNING + timedelta(minutes=30), local_day=DAY, kind="run",
    metrics=SECONDS,
)  # fmt: skip


def pairs(logged, *recorded, kept=()):
    return {m.activity_id: m.duplicate_of for m in logged_matches(logged, recorded, kept)}


def test_a_recording_of_the_same_day_and_size_counts_instead():
    assert pairs({"said": RUN}, FILE) == {"said": "file"}
    assert pairs({"said": replace(RUN, run_s=1800.0)}, FILE) == {"said": "file"}
    assert pairs({"said": replace(RUN, walk_s=1080.0)}, FILE) == {"said": "file"}


def test_a_recording_of_another_day_kind_or_size_is_another_session():
    assert pairs({"said": replace(RUN, day=DAY + timedelta(days=1))}, FILE) == {}
    assert pairs({"said": replace(RUN, kind="walk", run_s=None, walk_s=720.0)}, FILE) == {}
    assert pairs({"said": replace(RUN, run_s=3600.0)}, FILE) == {}
    assert pairs({"said": replace(RUN, run_s=240.0)}, FILE) == {}


def test_a_recording_stands_for_one_report_only():
    second = replace(RUN, number=1)
    assert pairs({"one": RUN, "two": second}, FILE) == {"one": "file"}


def test_a_report_with_a_time_is_of_a_recording_near_it():
    assert pairs({"said": replace(RUN, at=MORNING + timedelta(hours=1))}, FILE) == {"said": "file"}
    assert pairs({"said": replace(RUN, at=MORNING + timedelta(hours=6))}, FILE) == {}


def test_what_names_a_recording_belongs_to_it_whatever_its_size():
    assert pairs({"said": replace(RUN, run_s=3600.0, names="file")}, FILE) == {"said": "file"}


def test_what_its_owner_keeps_stands_by_itself():
    assert pairs({"said": RUN}, FILE, kept=["said"]) == {}


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(1, 90)), max_size=6), st.floats(5, 90))
def test_no_recording_counts_for_two_reports_and_none_is_invented(said, length):
    checkins = told(*((origin, {"run_min": value}) for origin, value in said))
    sessions = {str(i): s for i, s in enumerate(logged_sessions(checkins))}
    recording = replace(FILE, metrics=dict.fromkeys(("running_s", "moving_s", "elapsed_s"), 60 * length))
    matched = logged_matches(sessions, [recording])
    assert len(matched) <= 1
    last = said[-1][0] if said else None
    assert len(sessions) == sum(origin == last for origin, _ in said)
