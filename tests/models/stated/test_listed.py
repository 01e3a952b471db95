"""Sessions that a list names: which were recorded, and what sport the list says they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.measured import Recording
from steadymile.models.recording import Stored
from steadymile.models.stated.listed import LISTED, listed_matches, named_sports, with_hearts

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def span(name, minute=0.0, minutes=30.0, sport="unknown", duplicate_of=None):
    start = NOON + timedelta(minutes=minute)
    end = start + timedelta(minutes=minutes)
    return Recording(
        activity_id=name, started_at=start, ended_at=end, local_day=start.date(), sport=sport, duplicate_of=duplicate_of
    )


def pairs(recorded, listed, keep=()):
    return {m.activity_id: m.duplicate_of for m in listed_matches(recorded, listed, keep)}


def test_what_was_recorded_counts_by_its_recording():
    assert pairs([span("file")], [span("row", 1)]) == {"row": "file"}


def test_half_of_the_shorter_in_common_is_the_same_session():
    assert pairs([span("file", 15)], [span("row")]) == {"row": "file"}
    assert pairs([span("file", 16)], [span("row")]) == {}


def test_a_row_without_a_recording_is_a_session_of_its_own():
    assert pairs([span("file", 120)], [span("row")]) == {}


def test_a_row_names_the_copy_that_counts():
    copy = span("copy", duplicate_of="best")
    assert pairs([copy], [span("row")]) == {"row": "best"}


def test_two_lists_with_one_session_count_it_once():
    assert pairs([], [span("garmin"), span("strava", 1)]) == {"strava": "garmin"}


def test_what_its_owner_keeps_is_never_matched_away():
    assert pairs([span("file")], [span("row")], keep=["row"]) == {}


def abroad(quarters, seconds=0.0, reader="garmin_list", minutes=30.0):
    """A row of a list that many quarters of an hour after noon, and some seconds."""
    row = span("row", 15 * quarters + seconds / 60, minutes)
    return replace(row, reader=reader, stored=Stored(timer_s=60 * minutes))


FILE = replace(span("file"), stored=Stored(timer_s=1795.0, distance_m=5000.0))


@pytest.mark.parametrize("quarters", [28, -36, 23])
def test_a_row_in_the_local_time_of_another_country_is_the_session_recorded_there(quarters):
    assert pairs([FILE], [abroad(quarters)]) == {"row": "file"}


@pytest.mark.parametrize(
    "row",
    [
        abroad(28, 40.0),
        abroad(28, minutes=40.0),
        abroad(28, reader="strava"),
        abroad(4 * 15),
        replace(abroad(28), stored=Stored(timer_s=1800.0, distance_m=6000.0)),
        replace(abroad(28), sport="cycling"),
    ],
)
def test_a_row_of_another_second_length_zone_distance_or_sport_is_a_session_of_its_own(row):
    assert pairs([replace(FILE, sport="running")], [row]) == {}


def named(recorded, listed):
    return named_sports([recorded], {listed.activity_id: listed}, listed_matches([recorded], [listed]))


def test_the_list_names_the_sport_that_the_file_does_not():
    assert named(span("file"), span("row", sport="cycling")) == {"file": ("cycling", None)}


def test_the_owners_list_corrects_a_sport_that_was_done_otherwise():
    assert named(span("file", sport="running"), span("row", sport="cycling")) == {"file": ("cycling", None)}


def test_another_word_for_the_same_changes_nothing():
    assert named(span("file", sport="trail_running"), span("row", sport="running")) == {}
    assert named(span("file", sport="hiking"), span("row", sport="walking")) == {}


def test_a_list_that_says_nothing_takes_no_sport_away():
    assert named(span("file", sport="running"), span("row", sport="unknown")) == {}


MINUTES = st.lists(st.integers(0, 600), max_size=8)


@given(MINUTES, MINUTES)
def test_no_two_sessions_that_count_overlap_by_more_than_half(files, rows):
    recorded = [span(f"f{i}", m) for i, m in enumerate(files)]
    listed = [span(f"r{i}", m) for i, m in enumerate(rows)]
    matched = pairs(recorded, listed)
    for row in listed:
        if row.activity_id not in matched:
            assert all(abs((row.started_at - f.started_at).total_seconds()) > 900 for f in recorded)


@given(MINUTES, MINUTES)
def test_the_order_in_which_files_came_decides_nothing(files, rows):
    recorded = [span(f"f{i}", m) for i, m in enumerate(files)]
    listed = [span(f"r{i}", m) for i, m in enumerate(rows)]
    assert pairs(recorded, listed) == pairs(recorded[::-1], listed[::-1])


def test_a_recording_without_a_heart_rate_has_the_mean_that_its_list_states_and_another_fingerprint():
    row = replace(span("row", duplicate_of="file"), source=LISTED, stored=Stored(heart_rate_mean_bpm=145.0))
    mute = replace(span("file"), fingerprint=7)
    felt = replace(mute, metrics={"heart_rate_mean_bpm": 151.0})
    assert with_hearts([felt, row])[0] == felt
    found = with_hearts([mute, row])[0]
    assert found.stored.heart_rate_mean_bpm == 145.0
    assert found.fingerprint != 7
    assert with_hearts([mute, replace(row, duplicate_of=None)])[0] == mute


def test_of_two_lists_the_mean_that_is_known_counts_whichever_comes_last():
    garmin = replace(span("garmin", duplicate_of="file"), source=LISTED, stored=Stored(heart_rate_mean_bpm=145.0))
    strava = replace(span("strava", duplicate_of="file"), source=LISTED)
    mute = replace(span("file"), fingerprint=7)
    for lists in ([garmin, strava], [strava, garmin]):
        assert with_hearts([mute, *lists])[0].stored.heart_rate_mean_bpm == 145.0
