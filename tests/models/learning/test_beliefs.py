"""What is believed of a runner from their own sessions and weeks, and the shadow of the learned choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from steadymile.models.learning import recovery
from steadymile.models.learning.beliefs import beliefs, named
from steadymile.models.learning.recovery import settling
from steadymile.models.policy import ladder
from steadymile.models.session import Day, History
from steadymile.models.weekplan import Action, WeekPlan

from tests.models.policy_people import SUNDAY, live, person, walk

WEEKS = 12
WALKED = tuple(walk(SUNDAY - timedelta(days=d), 25.0) for d in range(14, 0, -2))
END = SUNDAY + timedelta(days=7 * WEEKS)


def lived(effort: float | None) -> tuple[History, list[WeekPlan]]:
    said = {} if effort is None else {"rpe": effort, "talk_test": "yes" if effort < 5 else "no"}
    return live(person(WALKED, birth_year=1990, experience="active"), SUNDAY, WEEKS, lambda w, p: said)


@pytest.fixture(scope="module")
def easy() -> History:
    return lived(3.0)[0]


@pytest.fixture(scope="module")
def silent() -> History:
    return lived(None)[0]


def test_who_finds_running_easy_is_expected_to_find_the_next_run_easier_than_a_beginner(easy) -> None:
    b = named(beliefs(easy, END)[0])
    here = b["effort_here"]
    assert here.value is not None
    assert here.average is not None
    assert here.value < here.average - 1.0
    assert here.low < here.value < here.high
    assert here.basis == "answers"
    assert here.n >= 6
    assert b["recent_effort"].value == 3.0
    assert here.value <= b["effort_one_up"].value <= b["effort_two_up"].value
    assert b["chance_hard_here"].value <= b["chance_hard_one_up"].value


def test_of_whom_nothing_was_answered_no_effort_is_remembered_and_no_step_is_chosen(silent) -> None:
    b = named(beliefs(silent, END)[0])
    assert (b["recent_effort"].value, b["recent_effort"].reason) == (None, "no_answers")
    assert (b["step"].value, b["step"].reason) == (None, "not_calibrated")
    assert b["effort_here"].basis == "population"


def test_every_belief_has_a_value_or_a_reason(easy, silent) -> None:
    for history in (easy, silent, person()):
        for x in beliefs(history, END)[0]:
            assert (x.value is None) == (x.reason is not None), x


def test_every_published_week_is_logged_once_with_what_was_allowed_and_how_it_was_chosen(easy) -> None:
    choices = beliefs(easy, END)[1]
    assert [c.week for c in choices] == sorted({w.week for w in easy.weeks if w.as_of <= END})
    for c in choices:
        assert c.probability == 1.0
        assert len(c.hard) == len(c.effort) == 3
        assert 0 in c.allowed
    assert any(c.active for c in choices)


def test_the_shadow_never_goes_beyond_what_caps_and_vetoes_leave_open(easy) -> None:
    for c in beliefs(easy, END)[1]:
        if c.active:
            assert c.learned_step <= max(c.allowed)


def test_until_six_sessions_are_answered_the_shadow_is_the_policy(easy) -> None:
    for c in beliefs(easy, END)[1]:
        if c.answered < 6:
            assert not c.active
            assert c.learned_step == c.policy_step


def test_what_comes_after_a_plan_leaves_its_logged_choice_as_it_was(easy) -> None:
    day = SUNDAY + timedelta(days=42)
    earlier = replace(
        easy,
        sessions=tuple(s for s in easy.sessions if s.local_day <= day),
        weeks=tuple(w for w in easy.weeks if w.as_of <= day),
    )  # fmt: skip
    now = {c.week: c for c in beliefs(easy, END)[1]}
    for c in beliefs(earlier, day)[1]:
        assert now[c.week] == c


def test_the_same_facts_give_the_same_beliefs(easy) -> None:
    assert beliefs(easy, END) == beliefs(easy, END)


def test_in_a_stop_nothing_is_allowed_and_nothing_is_expected() -> None:
    history, _ = live(
        person(WALKED, birth_year=1990, experience="active"),
        SUNDAY,
        3,
        told=lambda w, day: {"pain": 7.0} if w >= 1 else {},
    )  # fmt: skip
    found, choices = beliefs(history, SUNDAY + timedelta(days=21))
    assert choices[-1].allowed == ()
    assert choices[-1].learned_action == Action.STOP.word
    assert named(found)["effort_here"].reason == "no_run_planned"


def test_a_walker_is_told_no_effort_of_a_run() -> None:
    history, _ = live(person(birth_year=1950, goal="walk"), SUNDAY, 2)
    assert named(beliefs(history, SUNDAY + timedelta(days=14))[0])["effort_here"].reason == "no_run_planned"


def test_who_does_all_that_is_planned_has_a_share_near_one_and_narrow(easy) -> None:
    share = named(beliefs(easy, END)[0])["plan_share"]
    assert share.value > 0.9
    assert share.high - share.low < 0.12
    assert share.average == 0.75


def test_days_without_load_or_answers_leave_the_prior() -> None:
    s = settling(np.zeros(100), np.full(100, np.nan))
    assert s.n == 0
    assert s.days == pytest.approx(recovery.PRIOR_DAYS, rel=0.1)
    assert s.low < s.days < s.high


@pytest.mark.parametrize("true", [1.2, 3.0, 6.0])
def test_the_time_to_settle_is_found_again(true: float) -> None:
    rng = np.random.default_rng(4)
    load = np.where(rng.random(360) < 0.35, rng.lognormal(3.5, 0.5, 360), 0.0)
    left, level = np.empty(360), 0.0
    for i in range(360):
        level *= np.exp(-1.0 / true)
        left[i] = level
        level += load[i]
    value = 60.0 + 0.08 * left + rng.normal(0.0, 0.6, 360)
    s = settling(load, value)
    assert s.n == 360
    assert s.low <= true <= s.high
    assert s.days == pytest.approx(true, rel=0.35)


def test_noise_tells_little_about_settling() -> None:
    rng = np.random.default_rng(5)
    s = settling(np.where(rng.random(200) < 0.4, 30.0, 0.0), rng.normal(60.0, 2.0, 200))
    assert s.low < recovery.PRIOR_DAYS < s.high


def test_answers_and_resting_heart_rate_are_used_where_they_are_there(easy) -> None:
    days = tuple(
        Day(SUNDAY + timedelta(days=i), {"fatigue": 2 + i % 2, "soreness": 3, "resting_heart_rate_bpm": 58 + i % 3})
        for i in range(60)
    )
    b = named(beliefs(replace(easy, days=days), END)[0])
    assert b["settle_answers"].n == b["settle_resting_heart_rate"].n == 60
    assert b["settle_effort"].basis == "days"


def test_running_levels_are_named_as_the_ladder_names_them(easy) -> None:
    b = named(beliefs(easy, END)[0])
    ids = [level.id for level in ladder.LEVELS[ladder.MILE]]
    at = ids.index(b["effort_here"].level or "")
    assert b["effort_one_up"].level == ids[min(at + 1, len(ids) - 1)]
