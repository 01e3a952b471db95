"""What a file says may begin a stop and never end one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from steadymile.models.physiology.confirmation import eases, unconfirmed
from steadymile.models.physiology.symptoms import Record, illness_of, span_of, standing_on
from steadymile.models.session import Day

FIRST = date(2026, 6, 1)


def days(*values: dict, held: str = "") -> list[Day]:
    """Values of successive days; `held` on every day after the first."""
    names = frozenset(held.split())
    return [Day(FIRST + timedelta(days=n), v, names if n else frozenset()) for n, v in enumerate(values)]


@pytest.mark.parametrize(
    ("field", "value", "easing"),
    [
        ("cleared", True, True), ("cleared", False, False), ("ill", False, True), ("ill", True, False),
        ("pain", 2.0, True), ("pain", 3.0, False), ("fatigue", 5.0, True), ("fatigue", 6.0, False),
        ("after_effort", "fine", True), ("after_effort", "worse", False), ("red_flag", "fever", False),
        ("run_min", 300.0, False), ("run_min", 301.0, True), ("walk_min", 700.0, False), ("rpe", 2.0, False),
    ],
)  # fmt: skip
def test_only_what_makes_the_plan_freer_is_held(field, value, easing):
    assert eases(field, value) is easing


@pytest.mark.parametrize(("held", "stands"), [("", False), ("pain", True)])
def test_calm_days_of_a_file_alone_end_no_stop(held, stands):
    told = days({"pain": 7.0}, {"pain": 1.0}, {"pain": 1.0}, {"pain": 0.0}, held=held)
    last = told[-1].day
    assert standing_on(Record.of(told), last).pain is stands
    assert (span_of(Record.of(told), FIRST, last).cleared_on is None) is stands
    assert [w.field for w in unconfirmed(told, last)] == (["pain"] if stands else [])


def test_one_calm_day_of_the_person_after_one_of_a_file_ends_it():
    told = [*days({"pain": 7.0}, {"pain": 1.0}, held="pain"), Day(FIRST + timedelta(days=2), {"pain": 1.0})]
    assert not standing_on(Record.of(told), told[-1].day).pain


@pytest.mark.parametrize(("held", "ill"), [("", False), ("ill", True)])
def test_an_illness_lasts_although_a_file_says_well(held, ill):
    told = days({"ill": True}, {"ill": False}, held=held)
    assert illness_of(told, told[-1].day)[0] is ill
    assert bool(unconfirmed(told, told[-1].day)) is ill


def test_a_clearance_from_before_the_warning_sign_is_not_asked_about():
    told = [Day(FIRST, {}, frozenset({"cleared"})), Day(FIRST + timedelta(days=1), {"red_flag": "fever"})]
    assert unconfirmed(told, told[-1].day) == ()
