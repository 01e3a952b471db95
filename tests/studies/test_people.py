"""Made people played through the real line: nothing stuck, unsafe or absurd in what it decides for them."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from steadymile.models.weekplan import Action, Reason
from steadymile.studies.people import (
    AT_GOAL,
    Row,
    Study,
    counts,
    group_table,
    in_short,
    play_group,
    play_one,
    table,
    why,
)
from steadymile.studies.synthetic.people import SINGLE

from tests.conftest import ROOT
from tests.models.policy_people import SUNDAY, live, person, run

MISSED = {"missed"}


def given(row: Row) -> float:
    """Running minutes that the policy allowed the week."""
    return float(row.first.state["decision"]["week_min"])


def raised_without_an_advance(rows: list[Row]) -> list[str]:
    """Weeks without an advance that were given more running than any of the four weeks before them.

    What was given, not what was laid out: the week of a mile test is a little shorter than it might be.
    """
    found = []
    for n, row in enumerate(rows[1:], 1):
        before = max(given(r) for r in rows[max(0, n - 4) : n])
        back = any(r.first.action == Action.STOP or r.first.run_min == 0 for r in rows[max(0, n - 4) : n])
        if row.first.action < Action.ADVANCE and given(row) > before + 0.5 and not back:
            found.append(f"week {n + 1}: {row.first.action.word} {given(row)} after {before}")
    return found


def not_easier(rows: list[Row]) -> list[str]:
    """Weeks that back off and hold as much running as the week before."""
    return [
        f"week {n}: {b.first.run_min} after {a.first.run_min}"
        for n, (a, b) in enumerate(pairwise(rows), 2)
        if b.first.action == Action.BACK_OFF and a.first.action > Action.BACK_OFF
        if b.first.run_min >= a.first.run_min > 4
    ]


def stuck(rows: list[Row]) -> list[str]:
    """Three months of weeks in a row that rebuild, back off or stop."""
    return [f"week {n}" for n in range(len(rows) - 12) if all(r.first.action < Action.HOLD for r in rows[n : n + 12])]


def wrong_words(rows: list[Row]) -> list[str]:
    return [r.first.headline for r in rows if "1 runs" in r.first.headline or "nan" in r.first.headline]


def fired(rows: list[Row]) -> set[str]:
    return {reason.rule for row in rows for reason in row.first.reasons if reason.fired}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    return play_one("silent", 3, tmp_path_factory.mktemp("silent") / "home")


def test_an_active_person_who_does_everything_is_running_more_after_three_weeks(begun):
    assert begun[-1].first.run_min > begun[0].first.run_min > 0


def test_the_warehouse_finds_what_was_planned_done(begun):
    done = sum(row.run_min for row in begun)
    assert 0.6 * sum(row.last.run_min for row in begun) < done < 1.1 * sum(row.last.run_min for row in begun)


def test_a_walker_is_never_asked_to_run(tmp_path):
    rows = play_one("walker", 2, tmp_path / "home")
    assert all(row.first.run_min == 0 and row.first.walk_min > 0 for row in rows)


def test_the_table_has_a_line_a_week_and_a_reason_in_each(begun):
    lines = table(begun)
    assert len(lines) == 2 + len(begun)
    assert all(line.split("|")[-2].strip() for line in lines[2:])


def test_weeks_at_the_goals_level_stand_in_one_line():
    plans = live(person(goal="walk"), SUNDAY, 12)[1]
    lines = table([Row(p.week, [p]) for p in plans])
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["1", "2", "3", "4", "5", "6", "7", "8-13"]


def test_the_same_people_get_the_same_weeks(tmp_path, begun):
    again = play_one("silent", 3, tmp_path / "home")
    assert [r.plans for r in again] == [r.plans for r in begun]


def test_the_page_tells_everyone():
    text = (ROOT / "docs" / "results" / "people.md").read_text(encoding="utf-8")
    assert all(f"## {life.title}" in text for life in SINGLE.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", SINGLE)
def test_a_year_of_everyone_is_neither_stuck_nor_absurd(name):
    rows = play_one(name)
    assert len(rows) == SINGLE[name].weeks_played
    assert raised_without_an_advance(rows) == []
    assert not_easier(rows) == []
    assert stuck(rows) == []
    assert wrong_words(rows) == []
    assert counts(rows)
    if name == "walker":
        assert all(row.first.run_min == 0 for row in rows)
    if name == "silent":
        assert not fired(rows) & MISSED
        assert "unsynced" in fired(rows)
    if name == "troubled":
        stop = next(n for n, row in enumerate(rows) if row.last.action == Action.STOP)
        assert any(row.first.run_min > 0 for row in rows[stop + 2 : stop + 6])
        assert all(row.first.action != Action.ADVANCE for row in rows[stop + 1 : stop + 4])
    if name == "established":
        assert min(row.first.run_min for row in rows) > 0.5 * rows[0].first.run_min


@pytest.mark.slow
def test_thirty_of_one_coach_keep_their_files_and_their_silences_apart():
    rows = play_group(8)
    assert {name for name, mine in rows.items() if "unsynced" in fired(mine[6:])} >= {"runner-07", "runner-19"}
    assert all(not fired(rows[name]) & MISSED for name in ("runner-07", "runner-19"))


def test_a_coach_sees_a_line_for_each(tmp_path: Path):
    people = [SINGLE["walker"]("a", 1), SINGLE["silent"]("b", 2)]
    lines = group_table(Study(tmp_path / "home", people).play(1), people)
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["a", "b"]


def test_a_week_that_holds_for_what_the_goal_asks_says_so():
    runner = person(tuple(run(SUNDAY - timedelta(days=n), 70.0) for n in range(84, 0, -2)), goal="mile")
    (week,) = [w for w in live(runner, SUNDAY, 1)[1] if w.as_of > SUNDAY and w.status == "frozen"]
    assert week.action == Action.HOLD
    assert why(week) == AT_GOAL


@pytest.mark.parametrize(("rule", "said"), [("cap_week", "week limit 40 min"), ("cap_distance", "distance limit 40 m")])
def test_a_limit_is_named_with_its_unit(rule, said):
    assert in_short(Reason(rule, "whatever it says", threshold=40.0)) == said
