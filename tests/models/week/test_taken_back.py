"""An answer that was a mistake and is taken back: the week is as it was, and stays so when it is decided again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from steadymile.models.session import Day, History
from steadymile.models.week.easing import OTHER_NEWS, RUNS_AGAIN, TAKEN_BACK, tonight
from steadymile.models.week.override import apply_override
from steadymile.models.week.replay import replay
from steadymile.models.weekplan import Action, WeekPlan

from tests.models.policy_people import SUNDAY, live, person, walk

WEDNESDAY = SUNDAY + timedelta(days=24)


@pytest.fixture(scope="module")
def under_way() -> tuple[History, WeekPlan]:
    history, plans = live(person(experience="active"), SUNDAY, 3, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    return history, plans[-1]


def said(history: History, day: date, **values: Any) -> History:
    return replace(history, days=(*history.days, Day(day, values)))


def tonights(history: History, day: date) -> list[WeekPlan]:
    return [p for p in tonight(history, day) if p.status == "frozen"]


@pytest.mark.parametrize("mistake", [{"pain": 6.0}, {"ill": True}], ids=["pain", "illness"])
@pytest.mark.parametrize("delay", [0, 1], ids=["same day", "next day"])
def test_a_week_is_as_it_was_once_a_mistaken_answer_is_taken_back(
    under_way: tuple[History, WeekPlan], mistake: dict[str, Any], delay: int
) -> None:
    history, week = under_way
    (eased,) = tonights(said(history, WEDNESDAY, **mistake), WEDNESDAY)
    assert eased.planned != week.planned
    later = replace(history, weeks=(*history.weeks, eased))
    (back,) = tonights(said(later, WEDNESDAY, pain=1.0), WEDNESDAY + timedelta(days=delay))
    assert back.revision == 3
    lived = {name: value for name, value in back.state.items() if name != "eased_for"}  # a run that was kept out
    assert replace(back, state=lived, revision=week.revision, revision_reason=week.revision_reason) == week
    assert replay(back) == back
    assert tonights(replace(later, weeks=(*later.weeks, back)), WEDNESDAY + timedelta(days=delay)) == []


def test_an_override_from_within_the_mistake_speaks_of_the_week_that_came_back(
    under_way: tuple[History, WeekPlan],
) -> None:
    history, _ = under_way
    (ill,) = tonights(said(history, WEDNESDAY, ill=True), WEDNESDAY)
    mine = apply_override(ill, {"who": "coach", "why": "a trip", "share": 0.7})
    later = replace(history, weeks=(*history.weeks, ill, mine))
    (back,) = tonights(said(later, WEDNESDAY, ill=False), WEDNESDAY)
    assert mine.run_min < back.run_min
    assert back.headline.startswith("Changed by coach: a trip.")
    assert f"{back.sessions} runs, {back.run_min:.0f} min" in back.headline
    known = replace(later, weeks=(*later.weeks, back))
    (stopped,) = tonights(said(known, WEDNESDAY, ill=False, pain=7.0), WEDNESDAY)
    assert stopped.headline.startswith("No running for now.")
    assert [replay(week) for week in (back, stopped)] == [back, stopped]


def test_a_week_that_something_else_eases_is_not_said_to_be_as_it_was(under_way: tuple[History, WeekPlan]) -> None:
    history, _ = under_way
    (stopped,) = tonights(said(history, WEDNESDAY, pain=6.0), WEDNESDAY)
    later = replace(history, weeks=(*history.weeks, stopped))
    (ill,) = tonights(said(later, WEDNESDAY, pain=1.0, ill=True), WEDNESDAY)
    assert ill.action == Action.BACK_OFF
    assert str(ill.revision_reason).startswith(f"{WEDNESDAY}: {OTHER_NEWS} You reported being ill")
    assert TAKEN_BACK not in str(ill.revision_reason)


def test_a_week_that_was_stopped_from_the_start_is_not_said_to_be_as_it_was(
    under_way: tuple[History, WeekPlan],
) -> None:
    history, week = under_way
    earlier = replace(history, weeks=tuple(w for w in history.weeks if w.week != week.week))
    stopped = tonights(said(earlier, week.as_of, pain=6.0), week.as_of)[-1]
    assert stopped.sessions == 0
    known = said(replace(earlier, weeks=(*earlier.weeks, stopped)), week.as_of, pain=1.0)
    (planned,) = tonights(known, week.as_of + timedelta(days=1))
    assert planned.planned == week.planned
    assert planned.revision_reason == f"{week.as_of + timedelta(days=1)}: {RUNS_AGAIN}"


def test_an_override_from_before_the_mistake_stays(under_way: tuple[History, WeekPlan]) -> None:
    history, week = under_way
    mine = apply_override(week, {"who": "coach", "why": "a trip", "share": 0.7})
    history = replace(history, weeks=(*history.weeks, mine))
    (stopped,) = tonights(said(history, WEDNESDAY, pain=6.0), WEDNESDAY)
    (back,) = tonights(replace(history, weeks=(*history.weeks, stopped)), WEDNESDAY)
    assert (back.planned, back.headline, back.override) == (mine.planned, mine.headline, mine.override)
    assert replay(back) == back


def test_a_stop_that_was_answered_calmly_since_is_not_taken_back(under_way: tuple[History, WeekPlan]) -> None:
    history, _ = under_way
    history = said(history, WEDNESDAY, pain=6.0)
    (stopped,) = tonights(history, WEDNESDAY)
    history = replace(history, weeks=(*history.weeks, stopped))
    for n in (1, 2):
        history = said(history, WEDNESDAY + timedelta(days=n), pain=1.0)
    (lifted,) = tonights(history, WEDNESDAY + timedelta(days=2))
    assert lifted.action == Action.STOP


def test_a_stop_that_late_answers_and_a_walk_ended_was_no_mistake(under_way: tuple[History, WeekPlan]) -> None:
    history, _ = under_way
    strolled = (*history.sessions, walk(WEDNESDAY, 40.0))
    history = replace(said(history, WEDNESDAY - timedelta(days=2), pain=7.0), sessions=strolled)
    (stopped,) = tonights(history, WEDNESDAY)
    history = replace(history, weeks=(*history.weeks, stopped))
    for n in (-1, 0):
        history = said(history, WEDNESDAY + timedelta(days=n), pain=1.0)
    (lifted,) = tonights(history, WEDNESDAY)
    assert lifted.action == Action.STOP
    assert not any(p.run_min for p in lifted.planned if p.day >= WEDNESDAY)


def test_an_illness_taken_back_gives_no_week_back_that_a_warning_sign_stopped(
    under_way: tuple[History, WeekPlan],
) -> None:
    history, _ = under_way
    for n, values in enumerate(({"ill": True}, {"red_flag": "chest_pain"}, {"cleared": True})):
        day = WEDNESDAY - timedelta(days=2 - n)
        history = said(history, day, **values)
        history = replace(history, weeks=(*history.weeks, *tonights(history, day)))
    well = tuple(d for d in history.days if "ill" not in d.values)
    strolled = (*history.sessions, walk(WEDNESDAY, 40.0))
    (walked,) = tonights(replace(history, days=well, sessions=strolled), WEDNESDAY + timedelta(days=1))
    assert (walked.action, walked.planned) == (Action.STOP, history.weeks[-1].planned)


def test_a_week_stopped_for_a_warning_sign_stays_stopped(under_way: tuple[History, WeekPlan]) -> None:
    history, _ = under_way
    (stopped,) = tonights(said(history, WEDNESDAY, red_flag="chest_pain"), WEDNESDAY)
    after = tonights(replace(history, weeks=(*history.weeks, stopped)), WEDNESDAY)
    assert all(p.action == Action.STOP for p in after)


def nights(history: History, first: date, last: date) -> tuple[History, list[WeekPlan]]:
    """The history with every evening's plans from first to last, and those that were published."""
    out: list[WeekPlan] = []
    for n in range((last - first).days + 1):
        new = tonights(history, first + timedelta(days=n))
        history = replace(history, weeks=(*history.weeks, *new))
        out += new
    return history, out


@pytest.mark.parametrize("told", [WEDNESDAY, WEDNESDAY + timedelta(days=4)], ids=["in the week", "as it is planned"])
def test_a_warning_sign_that_stopped_a_week_and_is_taken_back_waits_for_a_word(
    under_way: tuple[History, WeekPlan], told: date
) -> None:
    history, _ = under_way
    flagged = said(history, told, red_flag="chest_pain")
    stopped = replace(history, weeks=nights(flagged, told, told)[0].weeks)
    later, published = nights(stopped, told, told + timedelta(days=13))
    assert {p.action for p in published} == {Action.STOP}  # none says that it is lifted, none runs
    assert "was taken back" in published[-1].reasons[0].sentence
    assert [replay(p) for p in published] == published
    sunday = told + timedelta(days=21 - told.isoweekday() % 7)
    word = said(later, sunday - timedelta(days=2), cleared=True)
    assert nights(word, sunday, sunday)[1][-1].action == Action.REBUILD


@pytest.mark.parametrize("now_said", [{}, {"red_flag": "none"}], ids=["taken back", "was none"])
def test_a_word_on_the_day_of_a_sign_that_is_taken_back_counts(
    under_way: tuple[History, WeekPlan], now_said: dict[str, str]
) -> None:
    history, _ = under_way
    stopped = nights(said(history, WEDNESDAY, red_flag="other"), WEDNESDAY, WEDNESDAY)[0].weeks
    sunday = WEDNESDAY + timedelta(days=4)
    word = said(replace(history, weeks=stopped), WEDNESDAY, cleared=True, **now_said)
    assert nights(word, sunday, sunday)[1][-1].action == Action.REBUILD
    still = said(replace(history, weeks=stopped), WEDNESDAY, cleared=True, red_flag="other")
    assert nights(still, sunday, sunday)[1][-1].action == Action.STOP


def test_a_warning_sign_that_is_taken_back_before_it_stopped_anything_is_forgotten(
    under_way: tuple[History, WeekPlan],
) -> None:
    history, _ = under_way
    _, published = nights(history, WEDNESDAY, WEDNESDAY + timedelta(days=4))
    assert Action.STOP not in {p.action for p in published}


def test_answers_that_showed_an_injury_and_are_all_taken_back_leave_no_step_down(
    under_way: tuple[History, WeekPlan],
) -> None:
    history, week = under_way
    hurt, monday = history, WEDNESDAY - timedelta(days=2)
    for n in range(3):
        day = monday + timedelta(days=n)
        hurt = nights(said(hurt, day, pain=4.0, pain_next_morning="worse"), day, day)[0]
    assert [p.action for p in hurt.weeks[-2:]] == [Action.BACK_OFF, Action.STOP]
    (back,) = tonights(replace(history, weeks=hurt.weeks), WEDNESDAY)
    assert (back.planned, back.action, back.headline) == (week.planned, week.action, week.headline)
    assert replay(back) == back


def test_an_illness_that_shortened_only_runs_and_is_taken_back_shortens_none(
    under_way: tuple[History, WeekPlan],
) -> None:
    history, week = under_way
    monday = WEDNESDAY - timedelta(days=2)
    only = tuple(p for p in week.planned if p.kind in ("run", "rest") and p.day > monday + timedelta(days=2))
    bare = replace(week, planned=only)
    ill = said(replace(history, weeks=(*history.weeks[:-1], bare)), monday, ill=True)
    (eased,) = tonights(ill, monday)
    assert [c["do"] for c in eased.state["changes"]].index("act") > 0
    (back,) = tonights(replace(history, weeks=(*ill.weeks, eased)), monday + timedelta(days=1))
    assert "changes" not in back.state


def test_a_long_run_that_a_mistaken_stop_kept_out_is_not_called_missed(under_way: tuple[History, WeekPlan]) -> None:
    history, _ = under_way
    tuesday = WEDNESDAY - timedelta(days=1)
    (stopped,) = tonights(said(history, tuesday, pain=7.0), tuesday)
    known = replace(history, weeks=(*history.weeks, stopped))
    known = replace(known, sessions=(*known.sessions, walk(WEDNESDAY, 20.0)), last_file_day=WEDNESDAY)
    (back,) = tonights(known, WEDNESDAY)
    assert back.kept_out(tuesday)
    assert "Tuesday had no place while running was left out" in str(back.revision_reason)
    assert "missed" not in str(back.revision_reason)
    assert replay(back) == back


def test_a_week_planned_as_a_stop_is_planned_again_and_no_walk_is_due(under_way: tuple[History, WeekPlan]) -> None:
    history, _ = under_way
    sunday = WEDNESDAY + timedelta(days=4)
    stop = tonights(said(history, sunday, pain=6.0), sunday)[-1]
    as_usual = tonights(said(history, sunday, pain=0.0), sunday)[-1]
    later = said(replace(history, weeks=(*history.weeks, stop)), sunday, pain=0.0)
    (back,) = tonights(later, sunday + timedelta(days=1))
    assert stop.action == Action.STOP
    assert back.planned == as_usual.planned
    assert replay(back) == back
