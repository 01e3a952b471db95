"""Weeks that a person changed, was ill in, missed or cut short: what comes after them, and what is said of it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.models.athlete import Athlete, Facts
from steadymile.models.explain.reasons import lead
from steadymile.models.lab.adaptive import _lengths
from steadymile.models.physiology.comfort import comfort, hard_answer
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import state_of
from steadymile.models.policy.caps import bout_cap
from steadymile.models.policy.decide import decide
from steadymile.models.policy.memory import policy_memory
from steadymile.models.policy.memory.replay_weeks import gap_step, lowered_share
from steadymile.models.policy.parameters import IN_FORCE, V3_1, V3_2
from steadymile.models.policy.rules.rule import Said
from steadymile.models.policy.state import StateArrays
from steadymile.models.week.easing import tonight
from steadymile.models.week.layout import Chosen, lengths
from steadymile.models.week.override import apply_override
from steadymile.models.week.plan import build, plan
from steadymile.models.weekplan import Action, WeekPlan

from tests.models.policy_people import SUNDAY, done, live, person, run
from tests.models.week.test_plays import past

EASY = {"rpe": 3.0, "talk_test": "yes"}
J1, J3, J8 = ladder.J1, ladder.J1 + 2, ladder.J9 - 1
READY = {"level": J8, "k_last": J8, "gap_base": J8, "session_max_min": 16.0, "bout_max_min": 6.5, "sessions_7d": 3.0,
         "week_best_min": 33.0, "run_last_min": 16.0, "bout_last_min": 6.5, "week_last_min": 33.6}  # fmt: skip


def lowered(share: float, weeks: int) -> list[WeekPlan]:
    """The weeks of a beginner whose coach takes something off every one, and who does what is left of it."""
    history, published = person(experience="active", goal="mile"), []
    for n in range(7 * weeks + 1):
        day = SUNDAY + timedelta(days=n)
        asked = {w.week: w for w in history.weeks}.get(f"2026-W{day.isocalendar()[1]:02d}")
        for p in asked.planned if asked else ():
            if p.day == day and (session := done(p, **EASY)):
                history = replace(history, sessions=(*history.sessions, session), last_file_day=day)
        if day.isoweekday() == 7:
            for week in tonight(history, day):
                less = apply_override(week, {"share": share, "who": "coach", "why": "careful"})
                history = replace(history, weeks=(*history.weeks, week, less))
                published.append(week)
    return published


@pytest.fixture(scope="module")
def shortened() -> list[WeekPlan]:
    return lowered(0.7, 6)


def test_weeks_that_a_coach_shortens_lead_on(shortened):
    assert shortened[0].level == "J1"
    assert ladder.index_of(ladder.MILE, shortened[-1].level) >= J3


def test_a_run_of_a_shortened_week_counts_by_what_it_holds_of_its_step(shortened):
    """J1 holds 4 min in jogs of half a minute; 70 % of them are 2.5 min, so three runs earn 3 x 0.625 = 1.9."""
    less = apply_override(shortened[0], {"share": 0.7})
    assert lowered_share(less) == pytest.approx(2.5 / 4.0)
    second = shortened[1]
    assert sum(second.state["memory"]["credits"]) == pytest.approx(3 * 2.5 / 4.0)
    said = next(r.sentence for r in second.reasons if r.rule == "lowered_by_hand")
    assert "The last week was made shorter by hand to 62% of its longest run." in said
    assert "counts 62% towards the next step" in said


def test_what_counts_nothing_because_it_was_made_too_short_is_said_so():
    week = lowered(0.4, 2)[-1]
    assert week.level == "J1"
    assert "none counts yet, for the weeks were made shorter by hand" in week.headline
    assert "too far below its step" in next(r.sentence for r in week.reasons if r.rule == "lowered_by_hand")


def test_a_shortened_week_that_was_missed_is_not_the_reason_why_nothing_counts():
    history, _ = live(person(experience="active"), SUNDAY, 0)
    less = apply_override(history.weeks[-1], {"share": 0.4, "who": "coach", "why": "careful"})
    week = plan(replace(history, weeks=(*history.weeks, less)), SUNDAY + timedelta(days=7))
    assert "by hand" not in week.headline
    assert not any("none counts yet, for" in r.sentence for r in week.reasons)


def test_a_week_that_nobody_changed_is_no_shortened_one(shortened):
    assert lowered_share(shortened[0]) == 1.0
    assert "lowered_by_hand" not in [r.rule for r in shortened[0].reasons]


def weeks_of(signal: dict, weeks: int, p=IN_FORCE) -> list[int]:
    """The levels of weeks in a row that all bring the same signal."""
    m = replace(policy_memory.initial(1, J8), **{k: np.array([v]) for k, v in READY.items() if k.endswith("last_min")})
    out = []
    for _ in range(weeks):
        kept = {k: v for k, v in READY.items() if k.endswith("max_min") or k == "week_best_min"}
        d = decide(policy_memory.state(m, p, **signal, **kept, sessions_7d=2.0, days_since_run=1.0), parameters=p)
        m = policy_memory.after_decision(m, d)
        m = policy_memory.after_week(m, policy_memory.Outcome.make(1, ran=True, ill="ill" in signal), p)
        out.append(int(d.level[0]))
    return out


@pytest.mark.parametrize("signal", [{"ill": True}, {"fat_upper": 0.7, "coverage": 1.0}])
def test_weeks_of_illness_or_tiredness_take_no_step_from_one_another(signal):
    signal = {k: v for k, v in signal.items() if k != "ill"} | ({"ill": np.array([True])} if "ill" in signal else {})
    assert weeks_of(signal, 6) == [J8 - 1] * 6
    assert weeks_of(signal, 6, V3_1)[-1] < J8 - 3


def test_who_is_ill_in_most_weeks_of_a_month_is_sent_to_a_doctor():

    def ill(w, d):
        return {"ill": True} if d.isoweekday() == 2 else {}

    plans = live(person(experience="active"), SUNDAY, 3, lambda w, p: dict(EASY), told=ill)[1]
    assert "ill_for_weeks" in [r.rule for r in plans[-1].reasons]
    assert "ill_for_weeks" not in [r.rule for r in plans[1].reasons]


def test_a_rather_hard_run_counts_half_and_allows_one_step():
    assert comfort("equivocal", 6.0, None, 1.0).credit == 0.5
    assert comfort("equivocal", 6.0, None, 1.0, p=V3_1).credit == 1.0
    assert comfort("yes", 6.0, None, 1.0).credit == comfort("equivocal", 5.0, None, 1.0).credit == 1.0
    assert bool(hard_answer(np.array([0.5]), np.array([6.0]))[0])
    assert not bool(hard_answer(np.array([np.nan]), np.array([6.0]))[0])


def chosen(run: float, other: float, week: float, sessions: int = 3, **more) -> Chosen:
    return Chosen(Action.HOLD, J8, ladder.MILE, False, run, other, run, week, sessions, 2, 20.0, False, False, False,
                  False, None, None, longest_of_two=2 / 3, **more)  # fmt: skip


def test_a_cut_week_has_fewer_runs_rather_than_runs_of_two_minutes():
    assert lengths(chosen(8.0, 8.0, 18.0), 3, 18.0) == [8.0, 8.0, 2.0]
    assert lengths(chosen(8.0, 8.0, 18.0, shortest_run_min=4.0), 3, 18.0) == [8.0, 5.0, 5.0]
    assert lengths(chosen(8.0, 8.0, 10.0, shortest_run_min=4.0), 3, 10.0) == pytest.approx([6.0, 4.0])
    assert lengths(chosen(8.0, 8.0, 7.0, shortest_run_min=4.0), 3, 7.0) == [7.0]


@settings(max_examples=300, deadline=None)
@given(st.floats(4, 60), st.floats(0.3, 1.0), st.floats(4, 180), st.integers(1, 5), st.booleans())
def test_every_run_of_a_cut_week_is_worth_going_out_for_and_none_of_the_week_is_lost(run, share, week, count, alone):
    c = chosen(run, max(share * run, 4.0), week, count, shortest_run_min=4.0, alone=alone)
    runs = lengths(c, count, week)
    asked = min(week, c.run_min + (count - 1) * min(c.other_min, c.run_min))
    assert 1 <= len(runs) <= count
    assert min(runs) >= min(4.0, week) - 1e-6
    assert max(runs) <= max(run, 0.75 * week) + 1e-6
    assert sum(runs) <= asked + 1e-6
    if 8.0 <= asked <= 2.0 * run and count > 1:
        assert sum(runs) == pytest.approx(asked)


@settings(max_examples=100, deadline=None)
@given(st.floats(4, 30), st.floats(0.3, 1.0), st.floats(12, 90), st.integers(1, 3))
def test_the_lab_cuts_a_week_as_the_night_does(run, share, week, count):
    d = decide(StateArrays.make(1))
    d = replace(d, run_min=np.array([run]), other_min=np.array([share * run]), week_min=np.array([week]),
                sessions=np.array([float(count)]))  # fmt: skip
    seen = [x for x in _lengths(d, IN_FORCE)[0] if x > 0]
    assert seen == pytest.approx(lengths(chosen(run, share * run, week, count, shortest_run_min=4.0), count, week))


def test_a_week_off_keeps_one_of_the_steps_that_were_earned():
    away = {**READY, "gap_base": J1, "k_last": J3, "level": J3, "days_since_run": 8.0, "sessions_7d": 0.0}
    assert int(decide(StateArrays.make(1, **away)).level[0]) == J1 + 1
    assert int(decide(StateArrays.make(1, **away), parameters=V3_1).level[0]) == J1
    assert (gap_step(8.0), gap_step(14.0), gap_step(8.0, V3_1)) == (1, -1, 0)


def test_who_runs_every_other_week_gets_on():
    plans = live(person(experience="active"), SUNDAY, 9, lambda w, p: dict(EASY) if w % 2 == 0 else None)[1]
    last = [p for p in plans if p.status == "frozen"][-1]
    assert ladder.index_of(ladder.MILE, last.level) >= J3


def test_an_established_runners_first_weeks_grow_by_a_twentieth():
    """Three runs of 195 min in all, the longest of 100: the ladder's level of such a run would ask for 278."""
    who = person(past((50.0, 45.0, 100.0), (2, 4, 7), 10), goal="half")
    weeks = [p for p in live(who, SUNDAY, 4, lambda w, p: dict(EASY))[1] if p.status == "frozen"]
    assert [p.sessions for p in weeks] == [3] * 5
    for before, after in itertools.pairwise(weeks):
        assert after.run_min <= 1.06 * before.run_min


def test_the_long_run_grows_no_faster_than_its_week():
    usual = {"established": True, "track": ladder.DISTANCE, "top": ladder.TOP["half"], "level": 28, "k_last": 28,
             "gap_base": 28, "usual_week_min": 170.0, "usual_long_min": 70.0, "usual_session_min": 36.0,
             "usual_days": 4.0, "max_runs": 6.0, "week_best_min": 143.0, "week_last_min": 200.0, "run_last_min": 82.0,
             "session_max_min": 81.5, "bout_max_min": 81.5, "distance_max_m": np.inf, "credit": 3.0,
             "week_top_min": 390.0, "sessions_7d": 3.0, "long_top_min": 150.0}  # fmt: skip
    d = decide(StateArrays.make(1, **usual))
    assert d.run_min[0] <= 1.05 * 70.0 * d.week_min[0] / 170.0 + 1e-6
    assert decide(StateArrays.make(1, **usual), parameters=V3_1).run_min[0] > 80.0


def test_an_eased_week_of_an_established_runner_counts_where_they_are():
    """A first week at 80 % after the day of a goal: its three comfortable runs earn a step."""
    day = SUNDAY - timedelta(days=10)
    runs = [s for s in past((25.0, 25.0, 30.0), (2, 4, 7), 8) if s.local_day != day]
    runs = sorted([*runs, run(day, 60.0)], key=lambda s: s.local_day)
    who = person(tuple(runs), goal="10k", goal_date=day)
    first, second = [p for p in live(who, SUNDAY, 1, lambda w, p: dict(EASY))[1] if p.status == "frozen"]
    assert "The day of your goal is behind you" in first.headline
    assert "3 credits" in second.headline
    assert second.action == Action.ADVANCE


def test_a_number_reads_unlike_the_limit_that_it_passed():
    one = StateArrays.make(1)
    said = Said(one, IN_FORCE, 0.604, 0.60, {}, int(Action.HOLD))
    assert said.fill("{observed:.2f} and {threshold:.2f}") == "0.604 and 0.60"
    assert replace(said, observed=0.61).fill("{observed:.2f} and {threshold:.2f}") == "0.61 and 0.60"
    assert replace(said, observed=0.60).fill("{observed:.2f} and {threshold:.2f}") == "0.60 and 0.60"


def asked_to_wait(facts: dict[date, Facts], weeks: int) -> list[WeekPlan]:
    who = person()
    athlete = Athlete("a", "A", base=Facts(goal="5k", screening=True, experience="active"), dated=facts)
    return live(replace(who, athlete=athlete), SUNDAY, weeks, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})[1]


def test_who_runs_by_a_doctors_word_goes_one_step_at_a_time():
    plans = asked_to_wait({SUNDAY + timedelta(weeks=2): Facts(cleared=True)}, 8)
    levels = [ladder.index_of(ladder.DISTANCE, p.level) for p in plans if p.status == "frozen"]
    assert plans[1].headline.startswith("Walking for now.")
    assert levels[-1] >= J1 + 3
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_shortest_walks_that_feel_too_hard_are_a_matter_for_a_doctor():
    plans = live(person(experience="active"), SUNDAY, 4, lambda w, p: {"rpe": 10.0, "talk_test": "no"})[1]
    assert plans[-1].headline.startswith("The same short walks again. Even the shortest walks felt too hard.")
    assert "doctor" in plans[-1].headline


def test_a_week_of_which_nothing_is_left_is_not_called_easier():
    plans = live(person(experience="active"), SUNDAY, 2, lambda w, p: {"rpe": 9.0, "talk_test": "no"})[1]
    assert len(plans) == 3  # nobody looked before Sunday night, and then the week is over
    assert not any("The rest of the week is easier" in week.headline for week in plans)


def test_who_leaves_the_established_weeks_is_not_told_of_two_steps_further():
    plans = live(person(experience="active"), SUNDAY, 0)[1]
    assert plans
    before = type("Before", (), {"level": 10, "bout_min": 30.0, "week_min": 73.0, "usual_min": np.nan})()
    c = type("Chosen", (), {"level_id": "M6", "level": 12, "action": Action.ADVANCE, "week_min": 58.8, "bout_min": 28.0,
                            "running": True, "track": 0})()  # fmt: skip
    assert lead(c, before, "E").startswith("Less than an established runner's week lately")
    assert lead(c, before, "M5") == "Two steps further."


def test_bouts_grow_by_three_minutes_as_sessions_do():
    assert [float(bout_cap(x, IN_FORCE)) for x in (0.5, 2.0, 6.0, 10.0)] == [3.5, 5.0, 9.0, 15.0]
    assert [float(bout_cap(x, V3_1)) for x in (0.5, 2.0, 6.0, 10.0)] == [2.0, 3.5, 9.0, 15.0]


def test_who_runs_short_and_often_starts_from_that_week() -> None:
    """5 x 20 min: up to 3.2 the first plan was three runs of 37 min in all."""
    runs = past((20.0,) * 5, (1, 2, 4, 5, 7), 10)
    state = state_of(person(runs, goal="10k"), SUNDAY)
    now, then = build(state, "frozen"), build(state, "frozen", V3_2)
    assert (now.level, now.sessions, now.run_min) == ("E", 5, 100.0)
    assert (then.sessions, then.run_min) == (3, 37.0)


def test_a_short_usual_week_that_goes_up_holds_as_many_runs() -> None:
    _, plans = live(person(past((15.0,) * 5, (1, 2, 4, 5, 7), 10), goal="mile"), SUNDAY, 2, lambda w, p: dict(EASY))
    first, second = (p for p in plans[:2])
    assert (first.sessions, second.sessions) == (5, 5)
    assert second.run_min > first.run_min
