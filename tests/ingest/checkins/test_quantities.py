"""Facts are understood as people write them, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.ingest.checkins.quantities import days_in_words, days_of, doubted, number_of
from steadymile.pipelines.errors import HomeError
from steadymile.pipelines.facts import parse_fact


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("mon wed fri", (1, 3, 5)),
        ("mon-fri", (1, 2, 3, 4, 5)),
        ("tuesday thursday and saturday", (2, 4, 6)),
        ("Tue, Thu & Sat.", (2, 4, 6)),
        ("fri - mon", (1, 5, 6, 7)),
        ("Monday to Wednesday", (1, 2, 3)),
        ("weekends", (6, 7)),
        ("mondays and weds", (1, 3)),
        ("2,4,6", (2, 4, 6)),
        ("sat+sun", (6, 7)),
    ],
)
def test_days_are_understood_as_people_write_them(said, days):
    assert parse_fact("days_free", said, "me") == days


@pytest.mark.parametrize("said", ["mon wed someday", "t", "month", "8", "tue-thu-sat", "0", "mon wed f r i"])
def test_a_word_that_is_no_day_is_refused_and_not_left_out(said):
    with pytest.raises(HomeError, match="Give days like"):
        parse_fact("days_free", said, "me")


@given(st.sets(st.integers(1, 7), min_size=1))
def test_what_is_echoed_is_understood_as_the_same_days(days):
    assert set(days_of(days_in_words(tuple(sorted(days))))) == days


@pytest.mark.parametrize(
    ("name", "said", "value"),
    [
        ("weight_kg", "168 lb", 76.2),
        ("weight_kg", "70,5", 70.5),
        ("weight_kg", "70.5 kg", 70.5),
        ("weight_kg", "11 st 4", 71.7),
        ("height_cm", "5'10\"", 177.8),
        ("height_cm", "5 ft 7 in", 170.2),
        ("height_cm", "70 in", 177.8),
        ("height_cm", "1,78", 178.0),
        ("height_cm", "178cm", 178.0),
        ("resting_heart_rate_bpm", "58 bpm", 58.0),
        ("remind_min", "30 min", 30.0),
        ("goal_mile_s", "8:30", 510.0),
        ("goal_mile_s", "510 s", 510.0),
    ],
)
def test_weights_and_heights_come_in_the_units_people_have(name, said, value):
    assert number_of(name, said) == pytest.approx(value, abs=0.05)
    assert parse_fact(name, said, "me") == pytest.approx(value, abs=0.05)


def test_168_for_kilograms_is_questioned_and_with_its_unit_it_is_not():
    assert "168 lb" in (doubted("weight_kg", "168") or "")
    assert doubted("weight_kg", "168 kg") is None
    assert doubted("weight_kg", "68") is None
    assert doubted("birth_year", "1985") is None


@pytest.mark.parametrize("said", ["heavy", "70 stones and a bit", "1,2,3", "nan", "1e3"])
def test_what_is_no_number_is_refused(said):
    with pytest.raises(HomeError):
        parse_fact("weight_kg", said, "me")
