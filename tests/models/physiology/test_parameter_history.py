"""How the belief in a heart changes: rarely, noted, and reaching back only as far as its evidence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from steadymile.models.athlete import Athlete, Facts
from steadymile.models.physiology.athlete_parameters import Peak
from steadymile.models.physiology.parameter_history import beliefs, in_force, month_starts

FIRST, AS_OF = date(2025, 1, 10), date(2026, 6, 15)
ANNA = Athlete("anna", base=Facts(birth_year=1985))


def test_months_begin_with_the_first_session_and_end_today():
    assert month_starts(date(2025, 11, 20), date(2026, 1, 5)) == [
        date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 1, 5)
    ]  # fmt: skip


def test_a_first_of_the_month_is_not_counted_twice():
    assert month_starts(date(2025, 12, 1), date(2026, 1, 1)) == [date(2025, 12, 1), date(2026, 1, 1)]


def test_a_session_is_judged_by_the_belief_of_its_month():
    believed = beliefs(ANNA, [], [], FIRST, AS_OF)
    assert in_force(believed, date(2025, 3, 31)).since == date(2025, 3, 1)
    assert in_force(believed, AS_OF).since == AS_OF


def test_getting_a_year_older_changes_nothing_and_needs_no_note():
    believed = beliefs(ANNA, [], [], FIRST, AS_OF)
    assert {b.maximum.mean for b in believed} == {180.0}
    assert not any(b.note for b in believed)


def test_a_higher_maximum_reaches_back_a_year_and_is_noted():
    believed = beliefs(ANNA, [Peak(date(2026, 5, 20), 195, 9)], [], FIRST, AS_OF)
    assert in_force(believed, date(2025, 4, 10)).maximum.mean == 180.0
    assert in_force(believed, date(2025, 7, 10)).maximum.mean > 195
    notes = [b.note for b in believed if b.note]
    assert len(notes) == 1
    assert notes[0].startswith("maximal heart rate 180 -> ")


def test_evidence_that_grew_old_lowers_only_what_follows():
    believed = beliefs(ANNA, [Peak(date(2025, 1, 20), 195, 9)], [], FIRST, AS_OF)
    assert in_force(believed, date(2025, 12, 20)).maximum.mean > 195
    assert in_force(believed, date(2026, 3, 20)).maximum.mean < 182


def test_a_change_within_three_beats_is_not_adopted():
    peaks = [Peak(date(2025, 2, 3), 190, 9), Peak(date(2025, 6, 3), 192, 9)]
    believed = beliefs(ANNA, peaks, [], FIRST, date(2025, 12, 31))
    assert len({b.maximum.mean for b in believed}) == 1
    assert sum(b.note is not None for b in believed) == 1


def test_a_stated_maximum_is_taken_at_once():
    told = Athlete("anna", dated={date(2025, 8, 3): Facts(maximal_heart_rate_bpm=181)}, base=Facts(birth_year=1985))
    assert in_force(beliefs(told, [], [], FIRST, AS_OF), AS_OF).maximum == (181, 2.0, "stated")


def mornings(first: date, count: int, bpm: float) -> list[tuple[date, float]]:
    return [(first + timedelta(days=i), bpm) for i in range(count)]


def test_a_measured_resting_rate_replaces_the_guess_of_the_year_before():
    believed = beliefs(ANNA, [], mornings(date(2026, 4, 1), 40, 52.0), FIRST, AS_OF)
    assert in_force(believed, date(2025, 10, 1)).rest.mean == 52.0
    assert in_force(believed, date(2025, 3, 1)).rest.mean == 65.0


def test_a_resting_rate_that_falls_has_its_date():
    values = mornings(date(2025, 1, 1), 300, 60.0) + mornings(date(2025, 10, 28), 200, 50.0)
    believed = beliefs(ANNA, [], values, FIRST, AS_OF)
    assert in_force(believed, date(2025, 9, 1)).rest.mean == 60.0
    assert in_force(believed, date(2026, 3, 1)).rest.mean == 50.0


@pytest.mark.parametrize("as_of", [date(2025, 2, 1), date(2025, 9, 17)])
def test_nothing_later_than_the_day_is_seen(as_of: date):
    peaks = [Peak(date(2025, 1, 20), 192, 9), Peak(date(2026, 5, 20), 205, 9)]
    values = mornings(date(2025, 1, 1), 500, 50.0)
    known = beliefs(ANNA, [p for p in peaks if p.day <= as_of], [v for v in values if v[0] <= as_of], FIRST, as_of)
    assert beliefs(ANNA, peaks, values, FIRST, as_of) == known


@pytest.mark.parametrize(("later", "adopted"), [(57.0, 60.0), (56.8, 56.8)])
def test_a_change_is_adopted_beyond_three_beats(later: float, adopted: float):
    values = mornings(date(2025, 1, 1), 300, 60.0) + mornings(date(2025, 10, 28), 200, later)
    assert beliefs(ANNA, [], values, FIRST, AS_OF)[-1].rest.mean == adopted
