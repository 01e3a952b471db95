"""Facts that cannot be together are named, unusual ones are asked about, usual ones are left alone."""

from __future__ import annotations

from datetime import date

import pytest
from steadymile.models.athlete import Facts
from steadymile.models.plausible import contradiction, doubts

TODAY = date(2026, 7, 1)


@pytest.mark.parametrize(
    "facts",
    [
        Facts(resting_heart_rate_bpm=120),
        Facts(maximal_heart_rate_bpm=100),
        Facts(resting_heart_rate_bpm=100, maximal_heart_rate_bpm=129),
    ],
)
def test_heart_rates_that_no_formula_can_use_are_contradictions(facts):
    assert contradiction(facts) is not None


@pytest.mark.parametrize(
    "facts",
    [
        Facts(),
        Facts(resting_heart_rate_bpm=38, maximal_heart_rate_bpm=210),
        Facts(resting_heart_rate_bpm=100, maximal_heart_rate_bpm=140),
        Facts(birth_year=1940, weight_kg=150, height_cm=165, maximal_heart_rate_bpm=140),
        Facts(birth_year=2010, weight_kg=42, height_cm=178, goal_mile_s=300, goal_date=TODAY),
    ],
)
def test_uncommon_bodies_and_hearts_are_taken_without_a_question(facts):
    assert contradiction(facts) is None
    assert doubts(facts, TODAY) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts(birth_year=2019), "7 years old"),
        (Facts(birth_year=1905), "121 years old"),
        (Facts(weight_kg=168, height_cm=80), "another unit"),
        (Facts(resting_heart_rate_bpm=28), "at rest"),
        (Facts(maximal_heart_rate_bpm=225), "at most"),
        (Facts(goal_mile_s=225), "3:45"),
        (Facts(goal_date=date(2020, 1, 1)), "is over"),
        (Facts(goal_date=date(2090, 1, 1)), "ten years"),
        (Facts(paused_until=date(2026, 6, 30)), "pause"),
    ],
)
def test_what_is_unusual_is_asked_about_once(facts, said):
    (doubt,) = doubts(facts, TODAY)
    assert said in doubt


def test_only_what_was_just_stated_is_asked_about():
    facts = Facts(birth_year=2019, goal_mile_s=225)
    assert len(doubts(facts, TODAY, {"goal_mile_s", "weight_kg"})) == 1
