"""Every sentence belongs to the week it stands over: its numbers are those of the composed week."""

from __future__ import annotations

import re
from datetime import timedelta

import numpy as np
import pytest
from steadymile.models.explain.counterfactual import counterfactuals
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import State, state_of
from steadymile.models.policy.memory.policy_memory import initial
from steadymile.models.week.plan import build_many
from steadymile.models.week.sessions import wording
from steadymile.models.weekplan import RUN_KINDS, Action, WeekPlan

from tests.models.policy_fuzz import random_states
from tests.models.policy_people import SUNDAY, person, run

WEEKS = 1500


@pytest.fixture(scope="module")
def weeks() -> list[WeekPlan]:
    """Weeks composed from random states, with the facts of somebody under plan."""
    rng = np.random.default_rng(2027)
    s = random_states(WEEKS, rng)
    ran = tuple(run(SUNDAY - timedelta(days=n), 30.0) for n in range(60, 0, -2))
    facts = {**state_of(person(ran, goal="10k"), SUNDAY).facts, "first_plan": False}
    states = [
        State(s.take(np.array([i])), initial(1, int(s.level[i]), int(s.track[i]), int(s.top[i])), facts)
        for i in range(WEEKS)
    ]
    return build_many(states, ["frozen"] * WEEKS)


def runs_of(week: WeekPlan):
    return [p for p in week.planned if p.kind in RUN_KINDS]


def said(week: WeekPlan) -> list[str]:
    return [week.headline, *(r.sentence for r in week.reasons if r.fired)]


def test_what_comes_next_is_what_the_week_holds(weeks):
    for week in weeks:
        if found := re.search(r"Next: (\d+) runs?, (\d+) min of running in all", week.headline):
            assert int(found[1]) == week.sessions == len(runs_of(week))
            assert abs(int(found[2]) - sum(p.run_min for p in runs_of(week))) <= 0.5
        if found := re.search(r"Next: (\d+) walks? of (\d+) min", week.headline):
            walks = [p for p in week.planned if p.kind == "walk"]
            assert (int(found[1]), int(found[2])) == (len(walks), round(walks[0].minutes))
            assert not runs_of(week)


def test_every_number_of_runs_in_a_sentence_is_that_of_the_week(weeks):
    words = {"one": 1, "two": 2, "three": 3}
    for week in weeks:
        for sentence in said(week):
            for number, _ in re.findall(r"\bonly (\w+) (runs?)\b", sentence):
                assert words.get(number, number) == week.sessions, (sentence, week.sessions)


def test_titles_and_instructions_tell_the_steps_of_their_session(weeks):
    for week in weeks:
        for p in week.planned:
            if not p.steps:
                continue
            whole = sum(s.reps * (s.run_s + s.walk_s) for s in p.steps) / 60.0
            assert p.minutes == pytest.approx(whole, abs=0.02), p.title
            if p.title.startswith(("Jog-walk", "Jog ", "Easy run", "Long easy run")) and "strides" not in p.title:
                assert wording.steps_in_words(p.steps) in p.instruction, p.title
                assert p.title in (wording.run_title(p.steps), wording.run_title(p.steps, long=True))


def test_a_week_of_walks_speaks_of_no_runs_that_lead_on_from_it(weeks):
    """Whoever comes back is placed lower than what they earned: sentences belong to the week, not to that level."""
    walked = [w for w in weeks if w.action != Action.STOP and not runs_of(w)
              and w.state["signals"]["level"] >= 2 and w.state["signals"]["track"] != ladder.WALK]  # fmt: skip
    assert len(walked) > 50
    runs = r"comfortable runs?\b|felt fine|you last ran|repeats where|of your usual min|for that much"
    for week in walked:
        for r in week.reasons:
            if r.fired:
                assert not re.search(runs, f"{r.sentence} {r.what_would_change_it}"), r.sentence


def test_a_week_with_runs_asks_for_no_walks_to_open_running(weeks):
    for week in weeks:
        if runs_of(week):
            for r in week.reasons:
                assert not (r.fired and "walks of 15 minutes open" in r.what_would_change_it)


def test_no_effort_that_nobody_reported_is_named(weeks):
    assert not [s for week in weeks for s in said(week) if re.search(r"effort 0 of", s)]


def test_a_week_that_is_called_the_same_or_easier_asks_for_no_more(weeks):
    for week in weeks:
        last = float(str(week.state["signals"]["week_last_min"]).replace("inf", "1e9"))
        if week.headline.startswith(("The same step again", "An easier week", "A step back")):
            assert week.run_min <= last + 1.0, week.headline


def test_a_step_further_is_an_advance_and_more_than_before(weeks):
    for week in weeks:
        if week.headline.startswith("One step further."):
            assert week.action == Action.ADVANCE
            assert week.run_min > 0 or week.level.startswith("W")


def test_what_keeps_the_level_keeps_it(weeks):
    for week in weeks:
        level = ladder.index_of(week.state["signals"]["track"], week.level)
        for sentence in (r.sentence for r in week.reasons if r.fired and r.binding):
            if "level stays" in sentence and level is not None:
                assert level <= week.state["signals"]["k_last"] or week.level == "J1", sentence


def test_a_limit_that_is_said_to_hold_is_below_what_was_asked_and_not_passed(weeks):
    for week in weeks:
        for r in week.reasons:
            if r.rule.startswith("cap_"):
                assert r.observed > r.threshold
            if r.rule == "cap_week":
                assert week.run_min <= r.threshold + 0.5
            if r.rule == "cap_session":
                assert max((p.run_min for p in runs_of(week)), default=0.0) <= r.threshold + 0.5


def test_a_limit_that_this_weeks_sessions_raise_is_really_raised_by_them(weeks):
    rests_on = {"cap_session": "session_max_min", "cap_bout": "bout_max_min", "cap_week": "week_best_min"}
    asked = {"cap_session": "run_min", "cap_bout": "bout_min", "cap_week": "week_min"}
    for week in weeks:
        for r in week.reasons:
            if r.rule in rests_on and "raises the limit" in r.what_would_change_it:
                assert week.state["decision"][asked[r.rule]] > week.state["signals"][rests_on[r.rule]]


def test_no_sentence_is_left_with_a_gap_or_a_number_nobody_reads(weeks):
    for week in weeks:
        for sentence in (*said(week), *(r.what_would_change_it for r in week.reasons)):
            assert not re.search(r"\bnan\b|\binf\b|None|\{|\}|  ", sentence), sentence


def test_what_would_change_the_week_does_when_it_is_done(weeks):
    """Counterfactuals of a sample, decided again with the one input changed."""
    from steadymile.models.policy.decide import decide
    from steadymile.models.policy.state import StateArrays

    for week in weeks[:40]:
        s = StateArrays.from_scalars(week.state["signals"])
        for c in counterfactuals(week)[:5]:
            column = np.full(1, c.wanted, dtype=getattr(s, c.field).dtype)
            d = decide(s.but(**{c.field: column}))
            assert (Action(int(d.action[0])), round(float(d.week_min[0]), 2)) == (c.action, c.run_min), c.sentence
