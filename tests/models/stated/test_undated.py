"""When a recording without a clock took place: by the totals of a list, or by the recordings named beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from steadymile.models.stated.undated import Named, Totals, between, listed_as, middle

MAY = datetime(2026, 5, 1, 6, tzinfo=UTC)
RUN = Totals((1800.0, 1750.0), 5000.0, "running")
ENTRY = Totals((1755.0,), 4990.0, "running", MAY)


def test_the_only_entry_with_its_distance_and_one_of_its_lengths_is_the_session() -> None:
    assert listed_as(RUN, [ENTRY, replace(ENTRY, distance_m=8000.0)]) is ENTRY


@pytest.mark.parametrize(
    "other",
    [
        replace(ENTRY, distance_m=5060.0),
        replace(ENTRY, lengths_s=(1850.0,)),
        replace(ENTRY, sport="cycling"),
        replace(ENTRY, distance_m=None),
    ],
)
def test_an_entry_of_another_distance_length_or_sport_is_another_session(other: Totals) -> None:
    assert listed_as(RUN, [other]) is None


def test_two_entries_that_fit_say_nothing() -> None:
    assert listed_as(RUN, [ENTRY, replace(ENTRY, started_at=MAY + timedelta(days=7))]) is None


def test_a_recording_without_a_distance_is_not_looked_for() -> None:
    assert listed_as(replace(RUN, distance_m=None), [replace(ENTRY, distance_m=None)]) is None


def test_a_sport_that_nobody_named_contradicts_none() -> None:
    assert listed_as(replace(RUN, sport="unknown"), [ENTRY]) is ENTRY


def series(*numbers: int, days: float = 1.0) -> list[Named]:
    return [
        Named(f"R{n}.fit", MAY + timedelta(days=days * n), MAY + timedelta(days=days * n, hours=1)) for n in numbers
    ]


def test_a_number_in_a_series_lies_between_its_neighbours() -> None:
    found = between("R9.fit", series(7, 8, 10, 11))
    assert found is not None
    assert [n.name for n in found] == ["R8.fit", "R10.fit"]


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("R9.fit", series(8, 10, 11)),
        ("R9.fit", series(7, 8, 10)),
        ("run9.fit", series(7, 8, 10, 11)),
        ("R9.fit", series(7, 8, 10, 11, days=-1.0)),
    ],
)
def test_without_two_on_each_side_in_order_a_name_says_nothing(name: str, others: list[Named]) -> None:
    assert between(name, others) is None


def test_a_recording_with_a_days_room_begins_in_the_middle() -> None:
    before, after = series(0, 1)
    assert middle(before, after, 3600.0) == (MAY + timedelta(hours=12), timedelta(hours=11))


def test_a_recording_with_more_room_or_none_has_no_day() -> None:
    a, b, c = series(0, 1, 2)
    assert middle(a, c, 3600.0) is None
    assert middle(a, b, 86_400.0) is None
