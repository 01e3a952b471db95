"""What the reply to an override says: what changed, and what was asked for and not granted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from steadymile.models.policy.build_state import state_of
from steadymile.models.week.override import apply_override
from steadymile.models.week.plan import build
from steadymile.models.weekplan import WeekPlan
from steadymile.pipelines.commands.override import reply
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.overrides import checked_level, checked_week

from tests.models.policy_people import SUNDAY, live, person


@pytest.fixture(scope="module")
def week() -> WeekPlan:
    _, plans = live(person(experience="active"), SUNDAY, 3, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    return plans[-1]


def said(week: WeekPlan, **targets: Any) -> list[str]:
    return reply(week, apply_override(week, {"who": "Kim", "why": "a trip", **targets}), "Kim", targets)


def test_a_level_that_limits_do_not_allow_is_refused_with_the_reason(week: WeekPlan) -> None:
    _, *rest = said(week, level="M5")
    assert rest[0].startswith("Level M5 was asked for; the week is at J")
    assert rest[0].endswith("the limits, which follow your last 30 days, allow no more.")


def test_a_week_that_stays_as_it_is_is_not_said_to_have_changed(week: WeekPlan) -> None:
    assert said(week, level=week.level) == [f"{week.week}: as much as before, by Kim."]


def test_what_changed_is_listed_and_nothing_else(week: WeekPlan) -> None:
    first, *rest = said(week, level="J1")
    assert f"level {week.level} -> J1" in first
    assert "longest continuous run" in first
    assert "runs 3" not in first
    assert rest == []


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ({"sessions": 9}, "9 runs were asked for; the week has 3 runs: runs can only be taken away."),
        ({"share": 1.5}, "A share above 1 changes nothing: minutes can only be lowered."),
    ],
)
def test_more_than_there_is_cannot_be_had(week: WeekPlan, targets: dict[str, Any], words: str) -> None:
    assert said(week, **targets)[1] == words


def test_an_eased_week_is_not_raised_and_says_so() -> None:
    history, _ = live(person(experience="active"), SUNDAY, 3, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    state = state_of(history, SUNDAY + timedelta(days=21))
    ill = replace(state, signals=state.signals.but(ill=np.array([True])))
    _, refused = said(build(ill, "frozen"), level="J9")
    assert refused.endswith("a week that was eased for pain, illness or tiredness is not raised.")


@pytest.mark.parametrize("text", ["26-W48", "2026-W54", "2026-48", "next", "12026-W01"])
def test_a_week_that_there_is_not_is_refused_and_not_kept_for_ever(text: str) -> None:
    with pytest.raises(Trouble, match="There is no week"):
        checked_week(text)


def test_a_week_is_understood_in_small_letters_and_without_its_nought() -> None:
    assert checked_week("2026-w9") == "2026-W09"


def test_a_level_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    assert checked_level("d18") == "D18"
    with pytest.raises(Trouble) as refusal:
        checked_level("J11")
    assert refusal.value.what_to_do == "Levels: W1 to W8, J1 to J10, M1 to M7, P1 to P6, D1 to D18."
