"""On which days somebody runs, and where the longest run of the week stands because of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from steadymile.models.policy.training.matching import match
from steadymile.models.week.sessions.run_days import run_day_shares
from steadymile.models.week.sessions.weekdays import run_days

from tests.models.policy_people import SUNDAY, live, person, run

EASY = {"rpe": 3.0, "talk_test": "yes"}
TUESDAY = 2


def shares(*weekdays: int, weeks: int = 4):
    days = [SUNDAY + timedelta(days=d - 7 * back) for back in range(weeks, 0, -1) for d in weekdays]
    return run_day_shares(match([run(d, 20.0) for d in days], []), {}, SUNDAY)


def test_before_anything_is_known_every_day_is_as_likely():
    assert run_day_shares([], {}, SUNDAY) == (0.75,) * 7


def test_one_week_of_runs_is_worked_by_hand():
    # One trial a day of weight 0.9: (0.9 + 3) / (0.9 + 4) where there was a run, 3 / 4.9 where there was none.
    assert shares(1, 3, 5, weeks=1)[:3] == (pytest.approx(0.796), pytest.approx(0.612), pytest.approx(0.796))


def test_days_on_which_somebody_runs_become_likelier_with_every_week():
    assert shares(1, weeks=2)[0] < shares(1, weeks=8)[0]
    assert shares(1, weeks=2)[1] > shares(1, weeks=8)[1]


def test_a_week_without_any_run_says_nothing_about_its_days():
    away = [run(SUNDAY + timedelta(days=1 - 70), 20.0)]
    assert run_day_shares(match(away, []), {}, SUNDAY)[1] > 0.65


def test_runs_are_put_on_the_days_on_which_somebody_runs():
    assert run_days(3, (1, 2, 3, 4, 5, 6, 7), True, (), shares(1, 3, 5, weeks=8)) == (1, 3, 5)


def test_one_missed_run_moves_no_day():
    once = tuple(0.6 if d == TUESDAY else 0.78 for d in range(1, 8))
    assert run_days(3, (1, 2, 3, 4, 5, 6, 7), True, (), once) == (2, 4, 6)


def not_on_tuesdays(week, p):
    return None if p.kind == "run" and p.day.isoweekday() == TUESDAY else dict(EASY)


@pytest.fixture(scope="module")
def no_tuesdays():
    return live(person(experience="active"), SUNDAY, 12, not_on_tuesdays, nightly=True)


def test_who_cannot_run_on_tuesdays_is_given_the_longest_run_on_another_day(no_tuesdays):
    plan = [p for p in no_tuesdays[1] if p.status == "frozen"][-1]
    runs = [p for p in plan.planned if p.kind == "run"]
    assert max(runs, key=lambda p: p.run_min).day.isoweekday() != TUESDAY


def test_doing_what_is_shown_is_never_called_too_hard_although_a_day_is_missed(no_tuesdays):
    said = [p.headline + (p.revision_reason or "") for p in no_tuesdays[1]]
    assert not [s for s in said if "too hard" in s]


def test_who_cannot_run_on_tuesdays_runs_the_mile_all_the_same(no_tuesdays):
    levels = [p.level for p in no_tuesdays[1] if p.status == "frozen"]
    assert any(level.startswith("M") for level in levels)


@pytest.mark.parametrize("missed", [0, 1, 2])
def test_whichever_run_of_the_week_is_missed_the_way_goes_on(missed):
    def answers(week, p):
        nth = {2: 0, 4: 1, 6: 2}.get(p.day.isoweekday(), 1)
        return None if p.kind == "run" and nth == missed else dict(EASY)

    _, plans = live(person(experience="active"), SUNDAY, 14, answers, nightly=True)
    assert plans[-1].level[0] in "MP"
