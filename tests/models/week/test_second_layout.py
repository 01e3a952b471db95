"""How weeks are laid out now: walks on the free days, short runs without a stub, no hills where they hurt; and weeks
that were laid out before stay as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from steadymile.models.athlete import Athlete, Facts
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import state_of
from steadymile.models.policy.decide import decide
from steadymile.models.policy.parameters import IN_FORCE, V3_3, V3_4
from steadymile.models.policy.state import StateArrays
from steadymile.models.session import Day, Session
from steadymile.models.week.easing import tonight
from steadymile.models.week.layout import lengths
from steadymile.models.week.plan import build, chosen_of, plan
from steadymile.models.week.sessions.weekdays import walk_days
from steadymile.models.week.sessions.wording import run_title
from steadymile.models.week.sessions.workouts import jog_steps
from steadymile.models.weekplan import Step, WeekPlan

from tests.models.policy_people import SUNDAY, live, person, run, walk

ALL = tuple(range(1, 8))
EASY = {"rpe": 3.0, "talk_test": "yes"}


def note(week: WeekPlan, rule: str) -> str | None:
    return next((r.sentence for r in week.reasons if r.rule == rule), None)


@pytest.mark.parametrize(
    ("free", "count", "days"),
    [
        ((1, 3, 5), 5, (1, 2, 3, 5, 7)),
        ((2, 4), 5, (1, 2, 4, 5, 7)),
        ((1, 3, 5), 3, (1, 3, 5)),
        ((), 5, (1, 2, 4, 5, 7)),
    ],
)
def test_a_week_of_walks_keeps_to_the_free_days_first(free: tuple[int, ...], count: int, days: tuple[int, ...]) -> None:
    assert walk_days(count, (), ALL, free) == days


def bouts(level: int, run_min: float, bout_min: float, even: bool) -> list[float]:
    steps = jog_steps(ladder.level_of(0, level), run_min, bout_min, False, even)
    return [s.run_s / 60 for s in steps for _ in range(s.reps) if s.run_s]


def test_a_short_run_ends_in_no_stub_of_a_jog_and_keeps_its_minutes() -> None:
    assert bouts(10, 8.0, 7.5, even=False) == [7.5]
    assert bouts(10, 8.0, 7.5, even=True) == [4.0, 4.0]
    assert bouts(8, 6.0, 4.5, even=True) == [4.5, 1.5]  # a third is no stub


def test_the_longest_run_of_a_week_keeps_its_longest_bout() -> None:
    _, plans = live(person(experience="active"), SUNDAY, 8, lambda w, p: EASY)
    for week in plans:
        longest = [s.run_s for p in week.planned if p.run_min for s in p.steps]
        first = max((p for p in week.planned if p.run_min), key=lambda p: p.run_min)
        assert max(s.run_s for s in first.steps) == max(longest)


def test_a_title_groups_jogs_of_one_length() -> None:
    steps = (Step(1, 0, 300), Step(2, 90, 120), Step(4, 75, 120), Step(1, 0, 180))
    assert run_title(steps) == "Jog-walk 2 x 1 min 30 s + 4 x 1 min 15 s"
    alike = (Step(1, 0, 300), Step(1, 150, 180), Step(2, 150, 120), Step(1, 0, 180))
    assert run_title(alike) == "Jog-walk 3 x 2 min 30 s"


def test_a_week_that_was_published_before_keeps_its_days() -> None:
    state = state_of(person(experience="never", days_free=(1, 3, 5)), SUNDAY)
    before = replace(state, facts={k: v for k, v in state.facts.items() if k != "layout"})
    days = {name: [p.day.isoweekday() for p in build(s).planned if p.kind == "walk"]
            for name, s in (("then", before), ("now", state))}  # fmt: skip
    assert days == {"then": [1, 2, 4, 5, 7], "now": [1, 2, 3, 5, 7]}


def test_hills_that_hurt_twice_are_left_out_and_named() -> None:
    past = tuple(run(SUNDAY - timedelta(days=7 * w - d), 35.0) for w in range(10, 0, -1) for d in (1, 3, 6))
    history, plans = live(person(past, goal="mile"), SUNDAY, 8, lambda w, p: EASY)
    up = [next((p.day for p in w.planned if p.kind == "hills"), None) for w in plans]
    last = max(n for n, day in enumerate(up) if day)
    before = sorted(day for day in up[:last] if day)
    assert len(before) >= 2
    hurt = replace(history, days=tuple(Day(day, {"pain": 4.0}) for day in before), weeks=tuple(plans[:last]))
    week = plan(hurt, plans[last].as_of)
    assert not any(p.kind == "hills" for p in week.planned)
    assert str(note(week, "hills_hurt")).startswith(f"You reported pain of 3 or more on {len(before)} of")
    once = replace(hurt, days=hurt.days[:1])
    assert any(p.kind == "hills" for p in plan(once, plans[last].as_of).planned)


def ready(**more: float) -> StateArrays:
    known = {"level": 6, "k_last": 6, "credit": 3.0, "comfort": 0.9, "fat_upper": 0.2, "session_max_min": 12.0,
             "bout_max_min": 9.0, "week_best_min": 40.0}  # fmt: skip
    return StateArrays.make(1, **{**known, **more})


def test_after_two_weeks_of_pain_in_four_a_week_goes_up_one_step_at_most() -> None:
    assert int(decide(ready()).level[0]) == 8
    assert int(decide(ready(pain_weeks=1.0)).level[0]) == 8
    assert int(decide(ready(pain_weeks=2.0)).level[0]) == 7
    assert int(decide(ready(pain_weeks=2.0), parameters=V3_3).level[0]) == 8
    assert IN_FORCE.single_pain_weeks == V3_4.single_pain_weeks == 2.0


def test_who_only_walked_until_a_doctor_agreed_walks_on_as_before() -> None:
    cleared = Athlete("a", "A", base=Facts(screening=True), dated={SUNDAY + timedelta(days=22): Facts(cleared=True)})
    history = replace(person(), athlete=cleared)
    _, plans = live(history, SUNDAY, 5, lambda w, p: EASY)
    walks = [[p.minutes for p in w.planned if p.kind == "walk"] for w in plans]
    assert all(week == [20.0] * 5 for week in walks[:5])
    assert "go-ahead" in str(note(plans[4], "after_stop"))


def test_a_first_plan_that_waits_for_a_doctor_says_so() -> None:
    week = plan(person(experience="active", screening=True), SUNDAY)
    assert week.headline.startswith("Welcome. You answered yes to a health question.")
    assert note(week, "quiet_week") is None


def test_pauses_that_come_again_are_named() -> None:
    on = [d for d in range(-110, 0) if (d // 14) % 2 and d % 2]
    sessions: tuple[Session, ...] = tuple(run(SUNDAY + timedelta(days=d), 8.0, 1.0) for d in on)
    steady = tuple(run(SUNDAY + timedelta(days=d), 8.0, 1.0) for d in range(-110, 0, 2))
    assert "paused for two weeks or more" in str(note(plan(person(sessions), SUNDAY), "pauses"))
    assert note(plan(person(steady), SUNDAY), "pauses") is None


def test_a_weekly_runner_who_leaves_one_week_out_has_not_paused_for_two() -> None:
    on = [d for d in range(-105, 0, 7) if d % 4]
    sessions: tuple[Session, ...] = tuple(run(SUNDAY + timedelta(days=d), 8.0, 1.0) for d in on)
    assert max(b - a for a, b in pairwise(on)) == 14
    assert note(plan(person(sessions), SUNDAY), "pauses") is None


def test_a_week_before_the_goals_day_says_so_where_it_would_hold_anyway() -> None:
    past = tuple(
        run(SUNDAY - timedelta(days=7 * w - d), m) for w in range(10, 0, -1) for d, m in ((6, 40.0), (7, 60.0))
    )
    history = person(past, goal="half", goal_date=SUNDAY + timedelta(days=35), days_free=(6, 7))
    _, plans = live(history, SUNDAY, 4, lambda w, p: EASY)
    taper = [p for p in plans if any(r.rule == "taper" and r.fired for r in p.reasons)]
    assert taper
    assert all("day of your goal is near" in p.headline for p in taper)
    assert taper[-1].headline.endswith("Sunday is your day.")
    assert np.all([not p.headline.startswith("A little less") for p in taper])


def test_an_established_week_that_a_limit_cut_is_shown_whole_so_that_the_limit_can_follow_it() -> None:
    """24 and twice 17.3 min, where two runs of 24 would be 48: their limit, a fifth more, would never reach three."""
    s = ready(established=True, usual_long_min=34.5, usual_session_min=26.5, usual_week_min=84.0, usual_days=3.0)
    c = replace(chosen_of(s, decide(s), 0), established=True, run_min=24.0, other_min=20.9, week_min=58.6, sessions=3)
    assert lengths(c, 3, 58.6) == pytest.approx([17.3, 17.3, 24.0])
    assert lengths(c, 3, 48.5) == pytest.approx([24.0, 24.0])  # half a minute is no reason for another run
    assert lengths(replace(c, whole_weeks=False), 3, 58.6) == pytest.approx([24.0, 24.0])


def test_no_longer_run_takes_its_place_in_a_week_that_an_illness_eased() -> None:
    history, _ = live(person(experience="active"), SUNDAY, 3, lambda w, p: dict(EASY))
    monday = SUNDAY + timedelta(days=22)
    ill = replace(history, days=(*history.days, Day(monday, {"ill": True})))
    (eased,) = [p for p in tonight(ill, monday) if p.status == "frozen"]
    well = replace(ill, weeks=(*ill.weeks, eased), days=(*ill.days, Day(monday + timedelta(days=3), {"ill": False})))
    later = replace(well, sessions=(*well.sessions, walk(monday + timedelta(days=4), 20.0)),
                    last_file_day=monday + timedelta(days=4))  # fmt: skip
    said = [p.headline for p in tonight(later, monday + timedelta(days=4)) if p.status == "frozen"]
    assert not any("was missed" in text for text in said)
