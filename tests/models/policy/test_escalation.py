"""Pain and exhaustion escalate: what goes on too long, or gets worse after effort, is stopped, referred, remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.models.athlete import Athlete, Facts
from steadymile.models.physiology import symptoms
from steadymile.models.policy.parameters import IN_FORCE, V2
from steadymile.models.session import Day
from steadymile.models.week.plan import plan
from steadymile.models.weekplan import Action, WeekPlan

from tests.models.policy_people import SUNDAY, live, person

MORNING = {"fatigue": 2.0, "soreness": 2.0, "stress": 2.0, "sleep_quality": 2.0}
HIGH = dict.fromkeys(MORNING, 7.0)
FINE = {"rpe": 3.0, "talk_test": "yes"}


def lived(weeks: int, told: Any, done: Any = FINE, **facts: Any) -> list[WeekPlan]:
    """The first published plan of every week, everything done as planned."""
    _, plans = live(person(**{"experience": "active", **facts}), SUNDAY, weeks, lambda w, p: dict(done), told=told)
    return [p for p in plans if p.status == "frozen" and p.revision == 1]


def on_run_days(values: dict[str, Any], first: int = 1) -> Any:
    return lambda week, day: dict(values) if week >= first and day.isoweekday() in (2, 4, 6) else {}


def fired(p: WeekPlan) -> set[str]:
    return {r.rule for r in p.reasons if r.fired}


def test_pain_that_is_worse_every_next_morning_stops_and_refers_after_three_sessions() -> None:
    plans = lived(6, on_run_days({"pain": 5.0, "pain_next_morning": "worse"}))
    assert plans[2].action == Action.STOP
    assert all(p.action == Action.STOP for p in plans[2:]), "remembered until a professional has cleared it"
    assert "doctor or physiotherapist" in plans[2].headline


def test_pain_of_four_that_settles_by_morning_neither_stops_nor_ratchets_the_week_down() -> None:
    calm, hurt = lived(8, lambda w, d: {}), lived(8, on_run_days({"pain": 4.0, "pain_next_morning": "same"}, 3))
    assert [p.action for p in hurt[4:]] == [Action.HOLD] * len(hurt[4:])
    assert {p.run_min for p in hurt[4:]} == {hurt[4].run_min}
    assert hurt[-1].run_min < calm[-1].run_min


def test_seven_days_of_pain_in_a_row_are_an_injury() -> None:
    days = tuple(Day(SUNDAY - timedelta(days=n), {"pain": 3.0}) for n in reversed(range(7)))
    assert plan(person(days=days, experience="active"), SUNDAY).action == Action.STOP
    assert plan(person(days=days[1:], experience="active"), SUNDAY).action != Action.STOP


def test_answers_of_seven_every_morning_never_advance_and_are_referred_after_three_weeks() -> None:
    plans = lived(6, lambda w, d: HIGH)
    assert all(p.action != Action.ADVANCE for p in plans[1:])
    assert "exhausted" in fired(plans[1])
    assert plans[-1].action == Action.STOP


def test_answers_that_rise_for_good_do_not_become_the_new_usual() -> None:
    plans = lived(14, lambda w, d: MORNING if w < 8 else dict.fromkeys(MORNING, 6.0))
    assert all(p.action != Action.ADVANCE for p in plans[9:])


def test_one_point_more_on_every_answer_for_a_week_does_not_ease_the_plan() -> None:
    plans = lived(7, lambda w, d: MORNING if w < 5 else dict.fromkeys(MORNING, 3.0))
    assert all(p.action >= Action.HOLD for p in plans)


def test_feeling_worse_after_effort_holds_once_and_is_referred_the_second_time() -> None:
    once = lived(3, lambda w, d: {"after_effort": "worse"} if w == 1 and d.isoweekday() == 3 else {})
    twice = lived(3, on_run_days({"after_effort": "worse"}))
    assert "crashed" in fired(once[2])
    assert Action.STOP not in {p.action for p in once}
    assert twice[2].action == Action.STOP


def test_effort_nine_at_the_first_jogs_is_answered_with_a_word() -> None:
    plans = lived(3, lambda w, d: {}, {"rpe": 9.0, "talk_test": "yes"})
    assert {"too_hard", "out_of_proportion"} <= fired(plans[1])


def test_two_runs_in_which_talking_was_not_possible_are_a_step_down() -> None:
    history, _ = live(person(experience="active"), SUNDAY, 8,
                      lambda w, p: {"rpe": 4.0, "talk_test": "no" if w >= 7 else "yes"})  # fmt: skip
    assert "too_hard" in fired(plan(history, SUNDAY + timedelta(days=56)))


def test_a_doctors_word_lifts_a_referral_and_the_count_begins_again() -> None:
    bad = {"pain": 4.0, "pain_next_morning": "worse"}
    days = [Day(SUNDAY + timedelta(days=n), bad) for n in (0, 2, 4)]
    last = SUNDAY + timedelta(days=9)
    assert symptoms.open_referral(symptoms.Record.of(days), last) == "injury"
    days.append(Day(SUNDAY + timedelta(days=6), {"cleared": True}))
    assert symptoms.open_referral(symptoms.Record.of(days), last) is None
    days.append(Day(SUNDAY + timedelta(days=8), bad))
    assert symptoms.open_referral(symptoms.Record.of(days), last) is None


def test_silence_never_lifts_a_referral() -> None:
    days = [Day(SUNDAY + timedelta(days=n), {"pain_next_morning": "worse"}) for n in (0, 2, 4)]
    assert symptoms.open_referral(symptoms.Record.of(days), SUNDAY + timedelta(days=900)) == "injury"


DAY_ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "pain": st.integers(0, 10).map(float),
        "pain_next_morning": st.sampled_from(["better", "same", "worse"]),
        "after_effort": st.sampled_from(["fine", "worse"]),
        "fatigue": st.integers(1, 7).map(float),
        "soreness": st.integers(1, 7).map(float),
    },
)
WORST = {"pain": 10.0, "pain_next_morning": "worse", "after_effort": "worse", "fatigue": 7.0, "soreness": 7.0}


@settings(max_examples=60, deadline=None)
@given(st.lists(DAY_ANSWERS, min_size=1, max_size=40), st.data())
def test_a_worse_answer_never_takes_a_referral_back(answers: list[dict[str, Any]], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(answers) - 1))
    key = data.draw(st.sampled_from(sorted(WORST)))
    worse = [*answers]
    worse[at] = {**answers[at], key: WORST[key]}

    def first(told: list[dict[str, Any]], on: date) -> bool:
        days = [Day(SUNDAY + timedelta(days=n), v) for n, v in enumerate(told)]
        return symptoms.open_referral(symptoms.Record.of(days), on) is not None

    for n in range(len(answers)):
        on = SUNDAY + timedelta(days=n)
        assert first(worse, on) >= first(answers, on)


@settings(max_examples=60, deadline=None)
@given(st.lists(DAY_ANSWERS, min_size=1, max_size=40))
def test_what_a_record_says_of_a_day_knows_nothing_of_later_days(answers: list[dict[str, Any]]) -> None:
    days = [Day(SUNDAY + timedelta(days=n), v) for n, v in enumerate(answers)]
    whole = symptoms.Record.of(days)
    for n, d in enumerate(days):
        then = symptoms.Record.of(days[: n + 1])
        assert whole.last_referral(d.day) == then.last_referral(d.day)
        assert symptoms.standing_on(whole, d.day) == symptoms.standing_on(then, d.day)


@pytest.mark.parametrize("stop", [4.0, 5.0, 6.0])
def test_the_pain_that_stops_latches_and_explains_is_one_number(stop: float) -> None:
    p = replace(IN_FORCE, pain_stop=stop)
    days = [Day(SUNDAY, {"pain": stop + 0.5}), Day(SUNDAY + timedelta(days=1), {"pain": stop})]
    span = symptoms.span_of(symptoms.Record.of(days[:1], p), SUNDAY, SUNDAY, p=p)
    assert symptoms.standing_on(symptoms.Record.of(days[:1], p), SUNDAY, p).pain
    assert not symptoms.standing_on(symptoms.Record.of(days[1:], p), SUNDAY + timedelta(days=1), p).pain
    assert span.pain_most > p.pain_stop


def test_version_2_1_knows_none_of_it() -> None:
    awful = {**HIGH, "pain": 4.0, "pain_next_morning": "worse", "after_effort": "worse"}
    days = [Day(SUNDAY + timedelta(days=n), awful) for n in range(28)]
    assert symptoms.open_referral(symptoms.Record.of(days, V2), SUNDAY + timedelta(days=30)) is None


def test_a_medical_hold_is_a_restart() -> None:
    """Someone at half an hour of running is held for six weeks by a health question, walks, and is then cleared."""
    history, _ = live(person(experience="active"), SUNDAY, 24, lambda w, p: dict(FINE))
    before = max(history.weeks[-4:], key=lambda w: w.longest_bout_min)  # others have hills or a test in its place
    asked = SUNDAY + timedelta(days=24 * 7)
    held = replace(history, athlete=said(history.athlete, asked, screening=True))
    history, _ = live(held, asked, 6, lambda w, p: dict(FINE))
    cleared = asked + timedelta(days=42)
    free = replace(history, athlete=said(history.athlete, cleared, cleared=True))
    first = plan(free, cleared)
    assert "restart" in fired(first)
    assert first.sessions <= 2
    assert first.longest_bout_min <= 3.0
    assert before.longest_bout_min >= 20.0


def said(athlete: Athlete, day: date, **facts: Any) -> Athlete:
    """The athlete with facts that are known from a day on."""
    return replace(athlete, dated={**athlete.dated, day: Facts(**facts)})
