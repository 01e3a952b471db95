"""Entries of a person's own table beside recordings and beside later versions of the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from steadymile.models.measured import Recording
from steadymile.models.recording import Stored
from steadymile.models.stated.diary import diary_matches

NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)
CAME = {"old": NOON, "new": NOON + timedelta(days=7)}


def entry(name: str, minutes: float, sha256: str = "old", sport: str = "running", **other: object) -> Recording:
    stored = Stored(timer_s=60 * minutes, distance_m=other.pop("distance_m", None))
    return Recording(
        activity_id=name, started_at=NOON, ended_at=NOON + timedelta(minutes=minutes),
        local_day=other.pop("local_day", NOON.date()),
        sport=sport, sha256=sha256, stored=stored, **other,
    )  # fmt: skip


def counts_for(others: list[Recording], entries: list[Recording], **keep: object) -> dict[str, str]:
    return {m.activity_id: m.duplicate_of for m in diary_matches(others, entries, CAME, **keep)}


def test_the_recording_of_the_day_counts_for_its_entry() -> None:
    assert counts_for([entry("watch", 31.4)], [entry("mine", 30)]) == {"mine": "watch"}


def test_a_run_and_a_ride_of_one_day_are_two_sessions() -> None:
    assert counts_for([entry("ride", 30, sport="cycling")], [entry("mine", 30)]) == {}


def test_what_differs_much_in_length_or_distance_is_another_session() -> None:
    assert counts_for([entry("watch", 60)], [entry("mine", 30)]) == {}
    assert counts_for([entry("watch", 30, distance_m=8000.0)], [entry("mine", 30, distance_m=5000.0)]) == {}


def test_a_recording_stands_for_one_entry_of_its_day() -> None:
    assert counts_for([entry("watch", 30)], [entry("a", 30), entry("b", 30, index=1)]) == {"a": "watch"}


def test_the_copy_of_a_recording_leads_to_the_one_that_counts() -> None:
    assert counts_for([entry("copy", 30, duplicate_of="watch")], [entry("mine", 30)]) == {"mine": "watch"}


def test_a_later_version_of_the_table_holds() -> None:
    assert counts_for([], [entry("before", 30), entry("after", 35, "new")]) == {"before": "after"}


def test_an_earlier_version_leads_through_the_later_one_to_the_recording() -> None:
    found = counts_for([entry("watch", 35)], [entry("before", 30), entry("after", 35, "new")])
    assert found == {"before": "watch", "after": "watch"}


def test_what_the_later_version_leaves_out_counts_no_more() -> None:
    moved = replace(entry("moved", 30), local_day=NOON.date() + timedelta(days=1))
    old = [entry("a", 30), replace(entry("gone", 50, index=1), local_day=NOON.date() - timedelta(days=3))]
    assert counts_for([], [*old, entry("a2", 30, "new"), replace(moved, sha256="new")]) == {"a": "a2", "gone": "a2"}


def test_two_tables_with_little_in_common_both_count() -> None:
    ride = [entry("ride", 90, "new", sport="cycling"), entry("yoga", 45, "new", sport="yoga", index=1)]
    assert counts_for([], [entry("run", 30), *ride]) == {}


def test_the_same_session_in_two_tables_counts_once() -> None:
    others = [entry(f"run{i}", 30 + 20 * i, index=i, local_day=NOON.date() - timedelta(days=i)) for i in range(4)]
    assert counts_for([], [*others, entry("again", 31, "new"), entry("ride", 90, "new", sport="cycling")]) == {
        "again": "run0"
    }


def test_what_its_owner_keeps_stands_by_itself() -> None:
    assert counts_for([entry("watch", 30)], [entry("mine", 30)], keep={"mine"}) == {}
