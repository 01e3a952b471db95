"""Where someone enters, and the sentence that says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from steadymile.models.policy.training.matching import match
from steadymile.models.policy.training.placement import Entry, entry_of
from steadymile.models.session import Session

from tests.models.policy_people import SUNDAY, person, run


def entered(sessions: list[Session]) -> Entry:
    return entry_of(match(sessions, []), person(goal="mile").athlete.facts(SUNDAY), SUNDAY)


def month(**more: object) -> list[Session]:
    return [run(SUNDAY - timedelta(days=3 * i), 30.0, 8.0, **more) for i in range(9)][::-1]


def test_unseen_continuous_runs_are_named_where_they_keep_the_level_down() -> None:
    seen, unseen = month()[:3], month(longest_run_s=None)[3:]
    assert "in 6 of your 9 runs of the last 30 days the samples are too far apart" in entered([*seen, *unseen]).why


def test_logged_runs_ask_whether_there_was_walking_in_them() -> None:
    assert "Log those without walking again with walk_min=0" in entered(
        month(longest_run_s=None, running_source="stated")).why  # fmt: skip


def test_runs_that_only_a_list_knows_are_not_blamed_on_the_watch() -> None:
    why = entered(month(longest_run_s=None, running_source="average pace")).why
    assert "only totals are known" in why
    assert "watch" not in why


def test_runs_too_slow_to_be_told_from_walking_are_not_said_to_be_all_that_they_carry() -> None:
    """30 min at 2 m/s of a list: a walk, a jog, or some of both."""
    why = entered(month(longest_run_s=None, running_s=None, running_source=None)).why
    assert "lower than your minutes suggest" in why
    assert "the pace alone does not say how much of it you ran" in why
    assert "walk_min=0" in why


def test_runs_that_were_seen_whole_carry_what_they_are() -> None:
    assert entered(month()).why.endswith("that is what your 9 runs of the last 30 days can carry.")


def test_a_few_unseen_runs_change_nothing() -> None:
    seen, unseen = month()[:6], month(longest_run_s=None)[6:]
    assert entered([*seen, *unseen]) == entered(month())


def test_a_level_is_named_with_what_it_asks() -> None:
    assert entered(month()).why.startswith("You start at J8 (")
    whole = [run(SUNDAY - timedelta(days=3 * i), 26.0) for i in range(9)][::-1]
    assert entered(whole).why.startswith("You start at M5 (runs of up to 26 min)")


@pytest.mark.parametrize(("experience", "asked"), [(None, True), ("never", False), ("walker", False)])
def test_whoever_said_how_they_run_is_not_asked_to_say_so(experience, asked):
    facts = replace(person(goal="mile").athlete.facts(SUNDAY), experience=experience)
    why = entry_of([], facts, SUNDAY).why
    assert why.startswith("No runs are recorded, so the plan starts with walking.")
    assert ("If you run already" in why) is asked
