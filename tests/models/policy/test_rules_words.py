"""A rule is one place: its words decide nothing, and its numbers are the policy's own wherever they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.models.policy.rules.found import BY_ID, RULES, RULES_V1, Rule
from steadymile.models.weekplan import Action, WeekPlan
from steadymile.reports.reported import _of_day

from tests.models.policy_people import live, person

SUNDAY = date(2025, 3, 2)
WORDS = ("short", "says", "near", "change", "window")


@pytest.fixture
def reworded() -> Iterator[None]:
    """Every rule in other words."""
    before = [(r, name, getattr(r, name)) for r in RULES for name in (*WORDS, "speaks", "undo", "unhindered")]
    for rule, name, value in before:
        object.__setattr__(rule, name, ("Other words." if value else "") if name in WORDS else None)
    yield
    for rule, name, value in before:
        object.__setattr__(rule, name, value)


@pytest.fixture
def stricter() -> Iterator[float]:
    """The policy in force, stopping at more than 4 of 10."""
    before = IN_FORCE.pain_stop
    object.__setattr__(IN_FORCE, "pain_stop", 4.0)
    yield 4.0
    object.__setattr__(IN_FORCE, "pain_stop", before)


def weeks_of(pain: float, effort: float = 3.0, weeks: range = range(6, 8)) -> list[WeekPlan]:
    """Eight weeks of somebody active who does what the plan says, with this pain and effort in some of the weeks."""
    _, plans = live(
        person(experience="active"), SUNDAY, 8, lambda w, p: {"rpe": effort if w in weeks else 3.0},
        told=lambda w, day: {"pain": pain} if w in weeks and day.isoweekday() == 3 else {},
    )  # fmt: skip
    return plans


def targets(plans: list[WeekPlan]) -> list[tuple[object, ...]]:
    return [(p.action, p.level, p.run_min, p.longest_bout_min, p.sessions, [r.rule for r in p.reasons]) for p in plans]


def test_a_reworded_rule_decides_as_before(request: pytest.FixtureRequest) -> None:
    before = targets(weeks_of(4.0, effort=9.0))
    request.getfixturevalue("reworded")
    plans = weeks_of(4.0, effort=9.0)
    assert "Other words." in {r.sentence for p in plans for r in p.reasons}
    assert targets(plans) == before


def test_every_rule_has_a_place_of_its_own() -> None:
    by_place: dict[int, list[str]] = {}
    for rule in RULES:
        by_place.setdefault(rule.place, []).append(rule.id)
    assert {place: ids for place, ids in by_place.items() if len(ids) > 1} == {}, "rules of one place: move one"


def test_pain_of_four_and_a_half_stops_nobody_while_five_is_the_limit() -> None:
    assert Action.STOP not in [p.action for p in weeks_of(4.5, weeks=range(4, 5))]


def test_a_lower_limit_for_pain_stops_latches_is_explained_and_shown(stricter: float) -> None:
    plans = weeks_of(4.5, weeks=range(4, 5))
    first = next(i for i, p in enumerate(plans) if p.action == Action.STOP)
    assert [p.action for p in plans[first:]] == [Action.STOP] * (len(plans) - first)  # silence clears nothing
    assert plans[first].reasons[0].threshold == stricter
    assert _of_day({"day": SUNDAY, "pain": 4.5})[0][0] == "stop_pain"


def test_the_first_version_has_all_rules_that_it_brought_and_no_other() -> None:
    assert {r.id for r in RULES_V1} == {r.id for r in RULES if r.since == 1}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_a_rule_has_a_few_words_for_a_table(rule: Rule) -> None:
    said = rule.in_short(3.0, 4.0)
    assert said
    assert "{" not in said
    assert len(said) < 40


def test_a_rule_in_short_shows_what_was_observed() -> None:
    assert BY_ID["earned"].in_short(1.5, 2.0) == "credits 1.5 of 2"


def test_a_rule_in_short_without_its_number_is_its_name() -> None:
    assert BY_ID["hard_weeks"].in_short(None, None) == "hard weeks"
