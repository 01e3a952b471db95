"""Weeks come back equal to what was published, every revision of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.models.weekplan import Action, PlannedSession, Reason, Step, WeekPlan
from steadymile.warehouse.database import open_work, rows
from steadymile.warehouse.store import load_weeks, save_week, save_weeks, unsaved

from tests.warehouse.made_rows import week_plan

NUMBERS = count()
NUMBER = st.floats(-1e6, 1e6)
MAYBE = st.none() | NUMBER
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
STEPS = st.lists(st.builds(Step, st.integers(1, 9), st.integers(0, 900), st.integers(0, 900)), max_size=3).map(tuple)
SESSIONS = st.builds(PlannedSession, DAYS, TEXT, NUMBER, TEXT, STEPS, MAYBE, MAYBE, st.integers(0, 7), TEXT)
REASONS = st.builds(
    Reason, TEXT, TEXT, MAYBE, MAYBE, TEXT, MAYBE, MAYBE, st.booleans(), st.booleans(), TEXT,
    st.lists(TEXT, max_size=3).map(tuple), TEXT,
)  # fmt: skip
STATE = st.dictionaries(
    TEXT, st.none() | st.booleans() | st.integers(-9, 9) | NUMBER | TEXT | st.lists(NUMBER), max_size=4
)
PLANS = st.builds(
    WeekPlan, st.just("me"), st.just("2026-W45"), DAYS, st.sampled_from(Action), TEXT, TEXT, NUMBER, NUMBER, NUMBER,
    MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, st.integers(0, 7), TEXT, st.lists(SESSIONS, max_size=3).map(tuple),
    st.lists(REASONS, max_size=3).map(tuple), STATE, TEXT, TEXT, st.sampled_from(["provisional", "frozen"]),
    st.integers(1, 9), st.none() | TEXT, st.none() | STATE,
)  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    con = open_work(tmp_path_factory.mktemp("home") / "w.duckdb")
    yield con
    con.close()


@settings(max_examples=25, deadline=None)
@given(plan=PLANS)
def test_any_week_comes_back_equal(shared, plan):
    plan = replace(plan, athlete_id=f"me{next(NUMBERS)}")
    save_week(shared, plan)
    assert load_weeks(shared, plan.athlete_id) == [plan]
    assert save_week(shared, plan) == 0


def test_the_latest_revision_is_shown_and_all_are_kept(con):
    first = week_plan()
    eased = replace(first, revision=2, run_min=18.0, revision_reason="ill on Tuesday", reasons=first.reasons[:1])
    assert save_weeks(con, [eased, first]) == 2
    assert load_weeks(con, "me") == [eased]
    assert load_weeks(con, "me", revisions=True) == [first, eased]
    assert rows(con, "SELECT run_min, revision FROM targets") == [(18.0, 2)]
    assert rows(con, "SELECT count(*) FROM targets_history") == [(2,)]
    assert rows(con, "SELECT rule FROM reasons") == [("earned",)]
    assert rows(con, "SELECT count(*) FROM reasons_history") == [(3,)]
    assert rows(con, "SELECT count(*), max(revision) FROM planned_sessions") == [(2, 2)]


def test_a_provisional_week_is_replaced_by_its_frozen_self(con):
    save_week(con, week_plan(status="provisional"))
    frozen = week_plan(status="frozen", planned=(), as_of=date(2026, 11, 2))
    assert save_week(con, frozen) == 1
    assert load_weeks(con, "me") == [frozen]
    assert rows(con, "SELECT count(*) FROM planned_sessions_history") == [(0,)]


def test_weeks_ascend_across_the_turn_of_the_year(con):
    names = ["2027-W01", "2026-W53", "2026-W09"]
    save_weeks(con, [week_plan(name) for name in names])
    assert [p.week for p in load_weeks(con, "me")] == sorted(names)


def test_another_athletes_week_is_another_week(con):
    save_weeks(con, [week_plan(), week_plan(athlete_id="you", run_min=5.0)])
    assert [p.run_min for p in load_weeks(con, "me")] == [24.0]


def test_actions_are_lower_case_words_and_steps_are_structs(con):
    save_week(con, week_plan(action=Action.BACK_OFF))
    assert rows(con, "SELECT action FROM targets") == [("back_off",)]
    assert rows(con, "SELECT steps FROM planned_sessions WHERE kind = 'run'") == [
        ([{"reps": 1, "run_s": 0, "walk_s": 300}, {"reps": 8, "run_s": 60, "walk_s": 90}],)
    ]
    assert rows(con, "SELECT steps FROM planned_sessions WHERE kind = 'rest'") == [([],)]
    assert rows(con, "SELECT DISTINCT typeof(steps) FROM planned_sessions") == [
        ("STRUCT(reps INTEGER, run_s INTEGER, walk_s INTEGER)[]",)
    ]
    assert rows(con, "SELECT DISTINCT typeof(activity_ids) FROM reasons") == [("VARCHAR[]",)]


def test_saving_many_athletes_at_once_is_one_comparison(con):
    plans = [week_plan(athlete_id=f"a{n}", as_of=date(2026, 11, 1) - timedelta(days=n % 3)) for n in range(50)]
    assert save_weeks(con, plans) == 50
    assert save_weeks(con, plans) == 0


def test_only_weeks_that_are_not_stored_just_so_are_unsaved(con):
    first, second = week_plan("2026-W45"), week_plan("2026-W46")
    save_weeks(con, [first, second])
    changed = replace(second, run_min=second.run_min + 1.0)
    revised = replace(second, revision=2)
    other = replace(first, athlete_id="you")
    assert unsaved(con, [first, changed, revised, other]) == [changed, revised, other]
    assert unsaved(con, [second, first]) == []


def test_a_week_is_read_from_a_file_that_was_published_before_a_column_came(con):
    save_week(con, replace(week_plan(), lead="hold"))
    for (view,) in rows(con, "SELECT view_name FROM duckdb_views() WHERE NOT internal"):
        con.execute(f'DROP VIEW IF EXISTS "{view}"')
    con.execute("ALTER TABLE base.targets DROP COLUMN lead")
    con.execute("ALTER TABLE base.planned_sessions DROP COLUMN purpose")
    assert load_weeks(con, "me") == [week_plan()]
    assert load_weeks(con, "me")[0].lead is None
