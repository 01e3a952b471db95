"""An injury that has settled: answers bring walks back, walks bring running back, and the injury is remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.models.explain.counterfactual import counterfactuals
from steadymile.models.physiology import symptoms
from steadymile.models.physiology.symptoms import Record
from steadymile.models.policy.build_state import state_of
from steadymile.models.policy.memory.policy_memory import walk_weeks_after
from steadymile.models.policy.parameters import V3_2
from steadymile.models.session import Day, History
from steadymile.models.week.override import apply_override
from steadymile.models.week.plan import build, plan
from steadymile.models.week.replay import replay
from steadymile.models.weekplan import Action, WeekPlan

from tests.models.policy_people import SUNDAY, live, person, run

FINE = {"rpe": 3.0, "talk_test": "yes"}
BAD = {"pain": 5.0, "pain_next_morning": "worse"}
INJURED = [Day(SUNDAY + timedelta(days=n), BAD) for n in (0, 2, 4)]
RUNNER = tuple(
    run(SUNDAY - timedelta(days=7 * w - d), minutes) for w in range(10, 0, -1) for d, minutes in ((2, 30.0), (4, 30.0))
)


def on(n: int, **values: Any) -> Day:
    return Day(SUNDAY + timedelta(days=n), values)


def stands(days: list[Day], n: int, **more: Any) -> bool:
    return symptoms.open_referral(Record.of(days, **more), SUNDAY + timedelta(days=n)) is not None


def calm(*days: int, pain: float = 1.0) -> list[Day]:
    return [on(n, pain=pain) for n in days]


def test_little_pain_on_four_days_of_a_week_ends_the_stop_of_an_injury() -> None:
    days = [*INJURED, *calm(6, 8, 10, 11)]
    assert [stands(days, n) for n in (10, 11, 400)] == [True, False, False]
    assert stands(days, 400, p=V3_2), "up to 3.2 only a professional's word"


@pytest.mark.parametrize(
    "days",
    [
        calm(6, 8, 10),
        calm(6, 9, 13, 17, 21),
        [*calm(6, 8), on(9, pain=3.0), *calm(10, 11)],
        [*calm(6, 8), on(9, pain=1.0, pain_next_morning="worse"), *calm(10, 11)],
        calm(6, 8, 10, 11, pain=2.5),
        [],
    ],
    ids=["three days", "too far apart", "one day of 3", "worse next morning", "above 2", "silence"],
)
def test_less_than_that_does_not(days: list[Day]) -> None:
    assert stands([*INJURED, *days], 12)
    assert stands([*INJURED, *days], 90)


def test_a_file_does_not_say_the_last_word() -> None:
    held = [replace(d, held=frozenset({"pain"})) for d in calm(6, 8, 10, 11)]
    assert stands([*INJURED, *held], 12)
    assert not stands([*INJURED, *held, on(12, pain=1.0)], 12)


def test_four_calm_answers_count_once_the_last_bad_day_is_a_week_ago() -> None:
    days = [*INJURED, *calm(5, 6, 7, 8)]
    assert [stands(days, n) for n in (10, 11)] == [True, False]


def test_pain_of_three_within_twelve_weeks_is_the_injury_again_and_later_it_is_not() -> None:
    back = [*INJURED, *calm(6, 8, 10, 11)]
    assert stands([*back, on(11 + 84, pain=3.0)], 11 + 84)
    assert not stands([*back, on(11 + 85, pain=3.0)], 11 + 85)
    assert not stands([*back, on(60, pain=2.5)], 60)
    assert not stands([*back, on(20, cleared=True), on(60, pain=3.0)], 60), "a professional has looked at it"


@pytest.mark.parametrize(
    "other",
    [
        {"red_flag": "chest_pain"},
        {"after_effort": "worse"},
    ],
)
def test_other_stops_still_need_a_professional(other: dict[str, Any]) -> None:
    days = [*INJURED, on(5, **other), on(6, **other), *calm(7, 8, 10, 11, 12)]
    assert symptoms.standing_on(Record.of(days), SUNDAY + timedelta(days=40)).flag


ANSWERS = st.fixed_dictionaries(
    {},
    optional={"pain": st.integers(0, 7).map(float), "pain_next_morning": st.sampled_from(["same", "worse"])},
)


@settings(max_examples=80, deadline=None)
@given(st.lists(ANSWERS, min_size=20, max_size=45), st.data())
def test_more_pain_on_a_day_never_ends_an_injury_sooner(answers: list[dict[str, Any]], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(answers) - 1))
    hurt = {**answers[at], "pain": max(answers[at].get("pain", 0.0), data.draw(st.integers(3, 10)) + 0.0)}
    days = [on(n, **v) for n, v in enumerate(answers)]
    more = [on(n, **(hurt if n == at else v)) for n, v in enumerate(answers)]
    worse, better = Record.of(more), Record.of(days)
    for n in range(len(answers)):
        day = SUNDAY + timedelta(days=n)
        assert symptoms.open_referral(worse, day) or not symptoms.open_referral(better, day)


def lived(told: Any, weeks: int, walks: bool = True) -> tuple[History, list[WeekPlan]]:
    """A runner with an injury in the second week."""

    def values(week: int, day: date) -> dict[str, Any]:
        return BAD if week in (1, 2) and day.isoweekday() in (2, 4, 6) else told(week, day)

    def done(week: int, p: Any) -> Any:
        return FINE if walks or p.kind != "walk" else None

    history, plans = live(person(RUNNER, goal="5k"), SUNDAY, weeks, done, told=values)
    return history, [p for p in plans if p.status == "frozen" and p.revision == 1]


def always_calm(week: int, day: date) -> dict[str, Any]:
    return {"pain": 1.0} if week >= 3 else {}


def test_two_weeks_of_walks_lead_from_a_settled_injury_to_the_restart() -> None:
    _, plans = lived(always_calm, 12)
    first = next(n for n, p in enumerate(plans) if "settled" in fired(p))
    assert {p.action for p in plans[first - 2 : first]} == {Action.STOP}
    walks = [[s.minutes for s in p.planned if s.kind == "walk"] for p in plans[first : first + 2]]
    assert walks == [[20.0] * 3, [30.0] * 3]
    back = plans[first + 2]
    assert "restart" in fired(back)
    assert 0 < back.sessions <= 2
    assert back.level in ("J1", "J2", "J3", "J4", "J5")
    assert not any(p.headline.startswith("Two steps") for p in plans[first:])
    assert all(replay(p) == p for p in plans)


def test_a_walker_reads_of_walks() -> None:

    def told(w, d):
        return {"pain": 4.0} if w == 1 else {"pain": 1.0} if w >= 2 else {}

    _, plans = live(person(goal="walk", experience="walker"), SUNDAY, 6, lambda w, p: {}, told=told)
    words = [p.headline for p in plans if "settled" in fired(p)]
    assert words
    assert all("back to your own walks" in text for text in words)


def test_each_time_that_it_came_back_asks_for_two_weeks_of_walks_more() -> None:
    days = [*INJURED, *calm(6, 8, 10, 11), on(30, pain=3.0), *calm(32, 34, 36, 37), on(50, pain=4.0)]
    record = Record.of(days)
    assert [record.times(SUNDAY + timedelta(days=n)) for n in (20, 40, 60, 30 + 183, 50 + 183)] == [0, 1, 2, 1, 0]
    assert [int(walk_weeks_after(times)) for times in range(4)] == [2, 4, 6, 6]


@pytest.mark.parametrize("pain", [{"pain": 3.0}, {"pain": 6.0}, {"pain": 1.0, "pain_next_morning": "worse"}])
def test_pain_within_days_of_having_settled_is_counted_as_having_come_back(pain: dict[str, Any]) -> None:
    """The three bad days are still within 28: that makes a referral of its own, and a relapse all the same."""
    record = Record.of([*INJURED, *calm(6, 8, 10, 11), on(15, **pain), *calm(17, 19, 21, 22)])
    assert record.times(SUNDAY + timedelta(days=30)) == 1


def test_a_word_on_the_very_day_that_pain_came_back_leaves_no_injury_that_nothing_settles() -> None:
    back = [*INJURED, *calm(6, 8, 10, 11), on(30, pain=3.0, cleared=True)]
    assert not stands([*back, *calm(32, 34, 36, 37)], 40)
    bad = [on(n, **BAD) for n in (31, 32, 33)]
    assert stands([*back, *bad], 34)
    assert not stands([*back, *bad, *calm(35, 37, 39, 40)], 40)


def test_an_answer_that_is_corrected_to_pain_leads_back_to_the_walks_as_a_late_one_does() -> None:
    """As many answers as before are known: what they say has changed."""
    history, plans = lived(always_calm, 10)
    last = history.days[-1].day
    wrong = last - timedelta(days=16)
    days = tuple(replace(d, values={"pain": 4.0}) if d.day == wrong else d for d in history.days)
    assert plans[-1].sessions > 0
    corrected = plan(replace(history, days=days), last)
    assert corrected.sessions == 0
    assert int(corrected.state["memory"]["walk_weeks"]) > 0


def test_silence_keeps_an_injury_stopped_and_says_what_ends_it() -> None:
    _, plans = lived(lambda w, d: {}, 12)
    assert {p.action for p in plans[4:]} == {Action.STOP}
    assert "4 days of seven" in plans[-1].headline
    assert "doctor or physiotherapist" in plans[-1].headline
    way = [c for c in counterfactuals(plans[-1]) if c.field == "calm_answers"]
    assert [c.wanted for c in way] == [4.0]


def test_a_level_by_hand_makes_the_walks_after_an_injury_no_more_and_no_longer() -> None:
    _, plans = lived(always_calm, 6)
    week = next(p for p in plans if "settled" in fired(p))
    after = apply_override(week, {"who": "coach", "why": "looks fine", "level": "J6"})
    assert [(p.day, p.minutes) for p in after.planned if p.kind != "rest"] == [
        (p.day, p.minutes) for p in week.planned if p.kind != "rest"
    ]
    assert after.sessions == 0


def test_no_count_of_walking_weeks_is_named_as_what_would_have_allowed_more() -> None:
    """With none to come the restart would follow, not the level from before."""
    _, plans = lived(always_calm, 6)
    week = next(p for p in plans if "settled" in fired(p))
    assert "walk_weeks" not in {c.field for c in counterfactuals(week)}


def test_walks_that_are_not_done_lead_nowhere() -> None:
    _, plans = lived(always_calm, 10, walks=False)
    assert all(p.sessions == 0 for p in plans[4:])
    assert "settled" in fired(plans[-1])


def test_walks_of_which_nobody_says_how_they_felt_lead_nowhere() -> None:
    _, plans = lived(lambda w, d: {"pain": 1.0} if w == 3 else {}, 10)
    assert all(p.sessions == 0 for p in plans[4:])


def test_a_professionals_word_opens_the_way_as_before_while_walks_are_asked_for() -> None:
    _, plans = lived(lambda w, d: {"pain": 1.0, "cleared": (w, d.isoweekday()) == (5, 1)} if w >= 3 else {}, 8)
    assert "settled" in fired(plans[5])
    assert "restart" in fired(plans[6])


def test_pain_that_comes_back_stops_the_week_on_the_same_night() -> None:
    history, plans = lived(always_calm, 10)
    assert plans[-1].sessions > 0
    sore = replace(history, days=(*history.days, Day(history.days[-1].day + timedelta(days=2), {"pain": 3.0})))
    on_day = sore.days[-1].day
    assert plan(sore, on_day).action == Action.STOP
    assert "within 12 weeks" in plan(sore, on_day).headline


def test_a_stop_of_3_2_that_had_settled_by_the_change_of_version_goes_through_the_walks() -> None:
    """Its memory holds a stop that only a word ends; the answers since are what decides."""
    history, _ = lived(lambda w, d: {}, 4)
    days = tuple(Day(history.days[-1].day + timedelta(days=n), {"pain": 1.0}) for n in range(1, 15))
    on_day = days[-1].day
    old = [p for p in history.weeks if p.as_of < SUNDAY + timedelta(days=15)]
    then = build(
        state_of(replace(history, weeks=tuple(old)), SUNDAY + timedelta(days=21), parameters=V3_2), "frozen", V3_2
    )
    assert then.action == Action.STOP
    assert then.state["memory"]["flag_latched"]
    told = replace(history, days=(*history.days, *days), weeks=(*old, then))
    now = plan(told, on_day + timedelta(days=(7 - on_day.isoweekday()) % 7))
    assert "settled" in fired(now)
    assert replay(then) == then


def fired(p: WeekPlan) -> set[str]:
    return {r.rule for r in p.reasons if r.fired}


def test_files_alone_are_told_what_is_missing() -> None:
    held = tuple(replace(d, held=frozenset({"pain"})) for d in calm(6, 8, 10, 11))
    text = plan(person(RUNNER, (*INJURED, *held), goal="5k"), SUNDAY + timedelta(days=12)).headline
    assert "one answer of your own" in text


STRONG = [on(n, pain=6.0) for n in (0, 2, 4)]


def said_of(days: list[Day], n: int = 5) -> WeekPlan:
    return plan(person(RUNNER, tuple(days), goal="5k"), SUNDAY + timedelta(days=n))


def test_strong_pain_of_an_injury_promises_nothing_for_two_calm_days() -> None:
    week = said_of(STRONG)
    ways = {r.rule: r.what_would_change_it or "" for r in week.reasons if r.fired}
    assert {"stop", "injury"} <= ways.keys()
    assert "4 different days of seven" in ways["stop"]
    assert "two different days" not in "".join(ways.values())
    assert not any("until a doctor" in r.sentence for r in week.reasons if r.fired)


def test_a_warning_sign_is_named_beside_an_injury() -> None:
    week = said_of([*STRONG[:2], on(4, pain=6.0, red_flag="chest_pain")])
    sentences = [r.sentence for r in week.reasons if r.rule == "stop"]
    assert sentences == ["You reported a warning sign. No running until a doctor or physiotherapist has cleared it."]
