"""Lives in which a plan stays where it is, and says what keeps it there and what leads on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from steadymile.models.athlete import Facts
from steadymile.models.session import Day
from steadymile.models.week.plan import plan
from steadymile.models.weekplan import Action, PlannedSession, Reason, WeekPlan

from tests.models.policy_people import SUNDAY, live, person, run
from tests.models.week.test_plays import past


def reason(plan: WeekPlan, rule: str) -> Reason | None:
    return next((r for r in plan.reasons if r.rule == rule), None)


def test_walks_that_never_felt_easy_are_named_with_what_makes_them_count() -> None:
    _, plans = live(person(experience="walker", goal="mile"), SUNDAY, 4, lambda w, p: {"rpe": 5.0})
    told = reason(plans[-1], "earned")
    assert told is not None
    assert "Yours felt like 5 of 10, and easy is 4 or less, so none of them counts." in told.sentence
    assert told.what_would_change_it.startswith("6 easy walks: slower")
    _, easy = live(person(experience="walker", goal="mile"), SUNDAY, 4, lambda w, p: {"rpe": 4.0})
    assert not any("felt like" in r.sentence for p in easy for r in p.reasons)


def test_weeks_that_tiredness_holds_again_and_again_are_named() -> None:
    def shifts(w: int, day: object) -> dict[str, float]:
        high = 6.0 if w % 2 else 2.0
        return {"fatigue": high, "sleep_quality": high, "stress": 3.0, "soreness": 2.0}

    _, plans = live(person(experience="active"), SUNDAY, 10, lambda w, p: {"rpe": 4.0}, told=shifts)
    told = reason(plans[-1], "tired_weeks")
    assert told is not None
    assert f"`steadymile override {plans[-1].week} share=0.7 --who me --why nights`" in told.sentence
    _, rested = live(person(experience="active"), SUNDAY, 6, lambda w, p: {"rpe": 3.0})
    assert not any(reason(p, "tired_weeks") for p in rested)


def test_two_weeks_of_runs_without_a_day_off_are_named_and_six_days_a_week_are_not() -> None:
    every = past((25.0,) * 7, (1, 2, 3, 4, 5, 6, 7), 3)
    six = past((25.0,) * 6, (1, 2, 3, 4, 5, 6), 3)
    said = [reason(live(person(p, goal="10k"), SUNDAY, 0)[1][-1], "no_rest_day") for p in (every, six)]
    assert said[0] is not None
    assert said[1] is None
    assert "21 days in a row" in said[0].sentence


def test_a_goal_date_is_no_promise_while_running_waits_and_counts_from_the_step_that_is_left() -> None:
    day = SUNDAY + timedelta(weeks=18)
    runner = person(past((50.0, 50.0, 60.0, 110.0), (2, 4, 5, 7), 12), goal="half", goal_date=day)
    hurt = {"pain": 4.0, "pain_next_morning": "worse"}
    _, plans = live(
        runner, SUNDAY, 12, lambda w, p: {"rpe": 3.0},
        told=lambda w, d: hurt if w == 1 and d.isoweekday() in (1, 3, 5) else {"pain": 1.0},
    )  # fmt: skip
    said = {p.week: r.sentence for p in plans if (r := reason(p, "goal_date")) is not None}
    waiting = [said[p.week] for p in plans if not p.sessions]
    back = next(p for p in plans if p.level.startswith(("J", "M")))
    assert waiting
    assert all("nobody can say" in s for s in waiting)
    assert f"{day.day} {day:%b} {day.year} is too soon for the half marathon" in said[back.week]


def test_why_two_steps_wait_is_what_makes_them_wait_on_the_way_back() -> None:
    runner = person(past((50.0, 50.0, 60.0, 110.0), (2, 4, 5, 7), 12), goal="10k")
    _, plans = live(
        runner, SUNDAY, 10, lambda w, p: {"rpe": 2.0, "talk_test": "yes"},
        told=lambda w, d: {"pain": 4.0, "pain_next_morning": "worse"} if w == 1 and d.isoweekday() in (1, 3, 5)
        else {"pain": 1.0},
    )  # fmt: skip
    said = {r.sentence for p in plans if p.level.startswith(("J", "M")) and (r := reason(p, "one_step")) is not None}
    assert said == {"One step at a time: an injury of yours settled less than 12 weeks ago."}


def test_the_day_of_a_goal_is_over_for_the_week_after_it() -> None:
    runner = person(past((40.0, 40.0, 60.0), (2, 4, 7), 8), goal="mile", goal_date=SUNDAY)
    told = reason(live(runner, SUNDAY, 0)[1][-1], "goal_date")
    assert told is not None
    assert "lies before this week" in told.sentence  # nothing has passed on its very morning


def test_weeks_in_which_nobody_could_talk_are_a_matter_for_a_doctor() -> None:
    def breath(w: int, talk: str) -> dict[str, object]:
        return {"rpe": 7.0, "talk_test": talk} if w >= 4 else {"rpe": 3.0, "talk_test": "yes"}

    _, plans = live(person(experience="active"), SUNDAY, 8, lambda w, p: breath(w, "no"))
    told = reason(plans[-1], "breathless_weeks")
    assert told is not None
    assert "Let a doctor look at it" in told.sentence
    assert reason(plans[5], "breathless_weeks") is None


def test_who_has_the_weekend_alone_is_told_why_one_run_fits_and_what_would_bring_two() -> None:
    told = [
        reason(live(person(experience="active", days_free=days), SUNDAY, 0)[1][-1], "one_free_day")
        for days in ((6, 7), (6,), (3, 6), None)
    ]
    assert [bool(r) for r in told] == [True, True, False, False]
    assert told[0] is not None
    assert "no two runs lie on days in a row" in told[0].sentence


def test_who_wishes_for_one_run_a_week_is_not_told_that_the_free_days_hold_no_more() -> None:
    one_a_week = person(experience="active", max_run_days=1, days_free=(3, 6))
    assert reason(live(one_a_week, SUNDAY, 0)[1][-1], "one_free_day") is None


def test_a_limit_just_below_what_was_asked_is_told_apart_from_it() -> None:
    slow = {"rpe": 4.0, "run_speed_m_s": 2.0, "distance_m": None}  # a mile takes 13.75 min
    _, plans = live(person(birth_year=1955, goal="mile"), SUNDAY, 13, lambda w, p: dict(slow))
    told = [r for p in plans if p.level == "J10" and (r := reason(p, "cap_bout")) is not None]
    assert told[0].sentence.startswith("This step in full asks for 13.75 minutes without a walk break; 13.5 is")


def test_an_eased_week_with_more_running_than_the_one_before_is_not_called_easier_than_it() -> None:
    runner = person(past((25.0, 25.0, 30.0), (2, 4, 7), 8), goal="10k")

    def ill(w: int, day: date) -> dict[str, object]:
        return {"ill": day.isoweekday() == 2} if w == 1 and day.isoweekday() in (2, 7) else {}

    _, plans = live(
        runner, SUNDAY, 4,
        lambda w, p: {"rpe": 7.0, "talk_test": "no"} if w >= 2 else {"rpe": 3.0, "talk_test": "yes"}, told=ill,
    )  # fmt: skip
    weeks = {p.week: p for p in plans}
    names = sorted(weeks)
    eased = [
        (weeks[b].headline.startswith("An easier week."), weeks[b].run_min > weeks[a].run_min + 1.0)
        for a, b in pairwise(names) if weeks[b].action == Action.BACK_OFF
    ]  # fmt: skip
    assert (False, True) in eased
    assert (True, True) not in eased


def test_six_weeks_without_a_run_are_headed_as_a_way_back_not_as_weeks_missed() -> None:
    """Both rules hold then, and the pause says more; whoever ran now and then has only missed weeks."""
    habit = past((30.0, 30.0, 45.0), (2, 4, 6), 16)
    runner = person(habit, experience="runner", goal="5k", birth_year=1990)
    _, away = live(runner, SUNDAY, 9, lambda w, p: {"rpe": 3.0} if w < 2 else None)
    both = [p for p in away if p.status == "frozen" and reason(p, "missed") and reason(p, "gap28")]
    assert both
    assert all(p.headline.startswith("A gentle way back.") for p in both if p.action == Action.BACK_OFF)
    assert any(p.action == Action.BACK_OFF for p in both)
    four = person(past((30.0, 30.0, 30.0, 45.0), (1, 3, 5, 7), 16), experience="runner", goal="5k", birth_year=1990)
    _, seldom = live(four, SUNDAY, 8, lambda w, p: {"rpe": 3.0} if w < 2 or p.day.isoweekday() == 7 else None)
    missed = [p for p in seldom if p.status == "frozen" and p.action == Action.BACK_OFF and reason(p, "missed")]
    assert missed
    assert not any(p.headline.startswith("A gentle way back.") for p in missed)


def not_able_to_talk(w: int, p: PlannedSession) -> dict[str, float | str]:
    """Somebody who cannot talk in the shortest jogs and walks easily."""
    return {"rpe": 5.0, "talk_test": "no"} if p.kind == "run" else {"rpe": 3.0, "talk_test": "yes"}


def test_weeks_of_first_jogs_without_breath_are_named_to_a_doctor_although_walks_lie_between() -> None:
    _, plans = live(person(experience="active", goal="mile"), SUNDAY, 12, not_able_to_talk)
    weeks = [p for p in plans if p.status == "frozen"]
    named = [p for p in weeks if (r := reason(p, "breathless_weeks")) and "doctor" in r.sentence]
    assert named
    assert weeks.index(named[0]) <= 5
    _, easy = live(person(experience="active", goal="mile"), SUNDAY, 12, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    assert not any(reason(p, "breathless_weeks") for p in easy)


def test_jogs_that_were_too_hard_are_not_told_to_be_slower_walks() -> None:
    _, plans = live(person(experience="active", goal="mile"), SUNDAY, 4, not_able_to_talk)
    told = [r for p in plans if (r := reason(p, "too_hard")) is not None]
    assert told
    assert not any("walk should" in r.what_would_change_it for r in told)


def test_weeks_for_which_the_plan_asked_for_walks_alone_are_no_pause() -> None:
    _, plans = live(person(experience="active", goal="mile"), SUNDAY, 16, not_able_to_talk)
    assert not any(reason(p, "pauses") for p in plans)
    _, away = live(
        person(experience="active", goal="mile"), SUNDAY, 16,
        lambda w, p: {"rpe": 3.0, "talk_test": "yes"} if w % 5 < 2 else None,
    )  # fmt: skip
    assert any(reason(p, "pauses") for p in away)


def test_a_week_of_fewer_free_days_is_not_called_more_than_usual() -> None:
    runner = person(past((40.0, 40.0, 40.0, 60.0), (1, 3, 5, 7), 14), experience="runner", goal="10k", birth_year=1985)
    before, _ = live(runner, SUNDAY, 3, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    day = SUNDAY + timedelta(days=21)
    athlete = replace(before.athlete, dated={**before.athlete.dated, day: Facts(days_free=(7,))})
    week = plan(replace(before, athlete=athlete), day)
    assert week.sessions == 1
    assert week.headline.startswith("Fewer days, so fewer runs.")
    assert not plan(before, day).headline.startswith("Fewer days")


def test_walks_that_are_eased_but_longer_than_last_weeks_are_not_called_an_easier_week() -> None:
    def tired(w: int, day: object) -> dict[str, float]:
        high = 6.0 if w in (3, 4) else 2.0
        return {"fatigue": high, "soreness": high, "sleep_quality": high, "stress": 2.0}

    _, plans = live(person(goal="walk"), SUNDAY, 6, lambda w, p: {"rpe": 3.0}, told=tired)
    walks = {p.headline.split(".")[0]: sum(q.minutes for q in p.planned if q.kind == "walk") for p in plans[4:6]}
    assert walks == {"An easier week": 100.0, "Easier than a usual week": 150.0}


def test_the_week_after_the_goals_own_day_has_no_fewer_days() -> None:
    day = SUNDAY + timedelta(weeks=6)
    runner = person(goal="mile", goal_date=day, experience="active")
    _, plans = live(runner, SUNDAY, 7, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    race, after = plans[-3:-1]
    assert [p.day for p in race.planned if p.purpose == "goal_day"] == [day]
    assert (race.sessions, after.sessions) == (4, 3)
    assert after.headline.startswith("The same step again. The day of your goal is behind you")


def test_what_is_within_reach_today_is_not_offered_for_the_day_of_a_goal_too_far() -> None:
    day = SUNDAY + timedelta(weeks=14)
    _, plans = live(person(goal="half", goal_date=day), SUNDAY, 13, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    said = [r.sentence for p in plans if (r := reason(p, "goal_date")) is not None]
    assert "On that day the mile would be within reach." in said[0]
    assert not any("would be within reach" in s for s in said[-2:])
    assert all("is too soon for the half marathon" in s for s in said)


def test_who_runs_more_from_week_to_week_hears_nothing_of_less_than_planned() -> None:
    runner = person(past((40.0, 40.0, 30.0, 60.0), (1, 3, 5, 7), 12), goal="half")
    nearer = {SUNDAY + timedelta(weeks=3): Facts(goal="mile")}
    runner = replace(runner, athlete=replace(runner.athlete, dated=nearer))
    _, plans = live(runner, SUNDAY, 5, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    assert [round(p.run_min) for p in plans[:3]] == [170, 178, 186]
    assert not [r for p in plans for r in p.reasons if "less than was planned" in r.sentence]
    assert "You run as much already as your goal asks for." in plans[-1].headline


def test_answers_of_sessions_that_no_recording_shows_are_named() -> None:
    history, _ = live(person(experience="active"), SUNDAY, 4, lambda w, p: {"rpe": 3.0, "talk_test": "yes"})
    day = SUNDAY + timedelta(weeks=6)
    unseen, _ = live(history, SUNDAY + timedelta(weeks=4), 2, lambda w, p: None)
    runs = [p.day for w in unseen.weeks[-3:-1] for p in w.planned if p.kind == "run"]
    lifts = [p.day for w in unseen.weeks[-3:-1] for p in w.planned if p.kind == "strength" and p.day not in runs]
    felt = tuple(Day(d, {"rpe": 3.0, "talk_test": "yes"}) for d in sorted([*runs, *lifts]))
    told = reason(plan(replace(unseen, days=(*unseen.days, *felt)), day), "unrecorded")
    assert told is not None
    assert f"On {len(runs)} days you told how a session felt, and no recording shows one" in told.sentence
    assert reason(plan(unseen, day), "unrecorded") is None
    rides = tuple(run(d, 40.0, kind="other", sport="cycling") for d in runs)
    ridden = replace(unseen, sessions=(*unseen.sessions, *rides), days=(*unseen.days, *felt))
    assert reason(plan(ridden, day), "unrecorded") is None


def test_who_walks_where_jogs_are_planned_is_told_of_a_goal_of_walking() -> None:
    def walks(week: int, planned: PlannedSession) -> dict[str, float] | None:
        return {"rpe": 2.0} if planned.kind == "walk" else None

    walker, plans = live(person(experience="walker", goal="mile"), SUNDAY, 14, walks)
    assert sum(p.sessions > 0 for p in plans) >= 4
    day = SUNDAY + timedelta(weeks=14)
    told = reason(plan(walker, day), "runs_walked")
    assert told is not None
    assert "of your last weeks had jogs, and you walked instead" in told.sentence
    ran = replace(walker, sessions=(*walker.sessions, run(day, 6.0, 0.5)))
    assert reason(plan(ran, day), "runs_walked") is None
    wishes = replace(walker, athlete=replace(walker.athlete, base=replace(walker.athlete.base, goal="walk")))
    assert reason(plan(wishes, day), "runs_walked") is None
