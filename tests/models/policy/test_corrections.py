"""An answer that is corrected later: the plan goes on as if it had been right from the start, from the week that was
lived."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from steadymile.models.athlete import Facts
from steadymile.models.physiology.newest import newest
from steadymile.models.physiology.symptoms import Record
from steadymile.models.policy.build_state import state_of
from steadymile.models.policy.memory.policy_memory import initial
from steadymile.models.policy.memory.replay_weeks import with_standing
from steadymile.models.policy.training.matching import week_of
from steadymile.models.session import Day, History
from steadymile.models.week.easing import CAME_BACK, tonight
from steadymile.models.week.replay import replay
from steadymile.models.weekplan import Action, WeekPlan

from tests.models.policy_people import SUNDAY, done, live, person, run

FINE: dict[str, Any] = {"rpe": 3.0, "talk_test": "yes"}
AWFUL: dict[str, Any] = {"rpe": 9.0, "talk_test": "no"}
END = SUNDAY + timedelta(days=28)


@cache
def fourth_week(**answers: Any) -> tuple[History, WeekPlan]:
    """Four weeks of which the last felt as it is said, and the plan for the fifth."""
    history, plans = live(person(experience="active"), SUNDAY, 4, lambda w, p: answers if w == 3 else FINE)
    return history, plans[-1]


def corrected(history: History, **answers: Any) -> History:
    """The history with other answers to the runs of the fourth week."""
    told = (replace(s, **answers) if s.local_day > END - timedelta(days=7) else s for s in history.sessions)
    return replace(history, sessions=tuple(told))


def lived_on(history: History, days: int, fix: int | None = None, **answers: Any) -> list[WeekPlan]:
    """What is published while the plan is followed; on the evening of day `fix` the fourth week is corrected."""
    out = []
    for n in range(1, days + 1):
        day = END + timedelta(days=n)
        plans = {w.week: w for w in history.weeks}
        for p in plans[week_of(day)].planned:
            if p.day == day and (session := done(p, **FINE)) is not None:
                history = replace(history, sessions=(*history.sessions, session), last_file_day=day)
        if n == fix:
            history = corrected(history, **answers)
        new = [w for w in tonight(history, day) if w.status == "frozen"]
        history = replace(history, weeks=(*history.weeks, *new))
        out += new
    return out


def level(plan: WeekPlan) -> int:
    return int(plan.state["decision"]["level"])


def test_answers_corrected_before_a_week_begins_give_the_week_that_they_would_have_given():
    history, eased = fourth_week(**AWFUL)
    _, right = fourth_week(**FINE)
    assert eased.action == Action.BACK_OFF
    again = tonight(corrected(history, **FINE), END + timedelta(days=1))[0]
    assert (again.week, again.planned, again.action) == (right.week, right.planned, right.action)
    assert replay(again) == again


def test_a_week_that_was_lived_stays_and_the_next_goes_on_as_if_the_answers_had_been_right():
    history, eased = fourth_week(**AWFUL)
    never = lived_on(history, 7)[-1]
    fixed = lived_on(history, 7, fix=6, **FINE)
    assert [w.week for w in fixed] == [never.week]  # the week under way was not made harder
    assert level(never) - level(eased) == 1  # never two steps after an easier week
    assert level(fixed[-1]) - level(eased) == 2  # which was one by mistake


def test_answers_corrected_to_worse_take_back_the_step_that_they_would_not_have_earned():
    history, raised = fourth_week(**FINE)
    assert raised.action == Action.ADVANCE
    worse = lived_on(history, 7, fix=6, **AWFUL)
    assert level(worse[-1]) < level(lived_on(history, 7)[-1])


def test_a_correction_of_answers_that_says_the_same_changes_nothing():
    history, _ = fourth_week(**FINE)
    assert lived_on(history, 7, fix=6, **FINE) == lived_on(history, 7)


def test_a_run_that_is_hidden_and_brought_back_leaves_the_week_as_it_was():
    past = tuple(run(SUNDAY - timedelta(days=2 * n + 1), 30.0) for n in range(12))[::-1]
    history, plans = live(person(past, goal="10k"), SUNDAY, 0)
    week, wednesday = plans[-1], SUNDAY + timedelta(days=3)
    hidden = replace(history, sessions=history.sessions[:-8])
    (less,) = [w for w in tonight(hidden, wednesday) if w.status == "frozen"]
    assert less.run_min < week.run_min
    back = replace(history, weeks=(*history.weeks, less))
    (again,) = [w for w in tonight(back, wednesday) if w.status == "frozen"]
    assert again.planned == week.planned
    assert CAME_BACK in str(again.revision_reason)
    assert replay(again) == again
    known = replace(back, weeks=(*back.weeks, again))
    assert [w for w in tonight(known, wednesday) if w.status == "frozen"] == []


def test_answers_from_before_a_changed_goal_are_corrected_as_if_they_had_been_right():
    def with_goal(**answers: Any) -> History:
        history, _ = fourth_week(**answers)
        changed = replace(history.athlete, dated={END - timedelta(days=1): Facts(goal="5k")})
        history = replace(history, athlete=changed, weeks=tuple(w for w in history.weeks if w.as_of < END))
        return replace(history, weeks=(*history.weeks, tonight(history, END)[-1]))

    eased, right = with_goal(**AWFUL), with_goal(**FINE)
    assert eased.weeks[-1].state["memory"]["track"] != eased.weeks[-2].state["memory"]["track"]
    assert level(eased.weeks[-1]) < level(right.weeks[-1])
    sunday = END + timedelta(days=7)
    then = [state_of(corrected(h, **FINE), sunday).memory for h in (eased, right)]
    assert then[0].level == then[1].level
    assert state_of(eased, sunday).memory.level < then[0].level


def test_a_warning_sign_that_is_taken_back_waits_for_a_word_however_an_old_injury_settled():
    def on(n: int, **values: Any) -> Day:
        return Day(SUNDAY + timedelta(days=n), values)

    hurt = [on(n, pain=4.0, pain_next_morning="worse") for n in (0, 2, 4)]
    record = Record.of([*hurt, *(on(n, pain=1.0) for n in (12, 14, 16, 17))])
    flagged = replace(initial(1, 5), flag_latched=initial(1).flag_latched | True)
    later: date = SUNDAY + timedelta(days=200)
    assert record.settled_on(later) is not None
    standing = with_standing(flagged, record, later)
    assert bool(standing.flag_latched[0])
    assert int(standing.walk_weeks[0]) == 0
    old = with_standing(flagged, record, later, old=True)  # up to 3.2 an injury was such a stop
    assert not bool(old.flag_latched[0])


def test_the_newest_answer_is_given_again_for_the_same_and_found_anew_for_another():
    asked: list[object] = []

    @newest
    def length(some: list[int], more: int) -> int:
        asked.append(some)
        return len(some) + more

    one, other = [1], [1]
    assert [length(x, 2) for x in (one, one, other, other, one)] == [3] * 5
    assert asked == [one, other, one]
    assert [a is b for a, b in zip(asked, (one, other, one))] == [True] * 3
