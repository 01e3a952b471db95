"""People lived through the planner: what they are given as shown, week after week."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from steadymile.models.week.plan import plan
from steadymile.models.week.replay import replay
from steadymile.models.weekplan import RUN_KINDS, Action

from tests.models.policy_people import RUN_M_S, SUNDAY, live, person, run

EASY = {"rpe": 3.0, "talk_test": "yes"}


def past(minutes, weekdays, weeks: int, end: date = SUNDAY, speed: float = RUN_M_S):
    """Weeks of continuous runs up to a Sunday."""
    return tuple(
        run(end - timedelta(days=7 * w - d), m, run_speed_m_s=speed, distance_m=60 * m * speed, walking_s=0.0)
        for w in range(weeks, 0, -1)
        for d, m in zip(weekdays, minutes, strict=True)
    )


def frozen(plans):
    return [p for p in plans if p.status == "frozen"]


@pytest.mark.parametrize(
    ("minutes", "weekdays", "usual"),
    [
        ((25.0, 25.0, 28.0, 62.0), (2, 4, 6, 7), 140.0),
        ((50.0, 75.0), (3, 7), 125.0),
        ((60.0,) * 5, (1, 2, 4, 6, 7), 300.0),
    ],
)
def test_who_already_runs_starts_near_the_usual_week(minutes, weekdays, usual):
    first = plan(person(past(minutes, weekdays, 6), goal="10k"), SUNDAY)
    assert first.level == "E"
    assert 0.9 * usual <= first.run_min <= 1.05 * usual
    assert f"{usual:.0f} min in a usual week" in first.headline


def test_stops_at_crossings_make_nobody_a_beginner():
    stops = tuple(
        run(SUNDAY - timedelta(days=7 * w - d), 45.0, 9.0, walking_s=30.0, moving_s=2730.0, elapsed_s=2900.0)
        for w in range(6, 0, -1)
        for d in (2, 4, 6)
    )
    assert plan(person(stops, goal="mile"), SUNDAY).level == "E"


def test_the_days_on_which_somebody_runs_are_the_days_of_the_plan():
    first = plan(person(past((45.0, 45.0, 60.0), (1, 3, 5), 8), goal="10k"), SUNDAY)
    assert [p.day.isoweekday() for p in first.planned if p.kind in RUN_KINDS] == [1, 3, 5]


@pytest.mark.parametrize("speed", [1.7, 2.6, 3.4])
def test_a_watch_that_is_started_with_the_first_jog_holds_nobody_below_the_mile(speed):
    def running_only(week, p):
        return {**EASY, "distance_m": 60 * speed * p.run_min, "run_speed_m_s": speed}

    plans = frozen(live(person(experience="active", goal="mile"), SUNDAY, 17, running_only)[1])
    assert {"M1", "M2"} & {p.level for p in plans}


HALF_DAY = SUNDAY + timedelta(weeks=12)


@pytest.fixture(scope="module")
def half_marathon():
    """About 40 km a week, twelve weeks before a half marathon."""
    who = person(past((60.0, 60.0, 75.0, 120.0), (2, 4, 5, 7), 10), goal="half", goal_date=HALF_DAY)
    before, weeks = live(who, SUNDAY, 12, lambda w, p: dict(EASY))
    ran = replace(before, sessions=(*before.sessions, run(HALF_DAY, 150.0)), last_file_day=HALF_DAY)
    return frozen([*weeks, *live(ran, HALF_DAY, 3, lambda w, p: dict(EASY))[1]])


def notes(week, rule):
    return [r.sentence for r in week.reasons if r.rule == rule]


def test_a_half_marathon_in_twelve_weeks_fits_for_forty_kilometres_a_week(half_marathon):
    assert all("fits" in notes(p, "goal_date")[0] for p in half_marathon[:11])


def test_two_easier_weeks_come_before_the_day_and_two_after_it(half_marathon):
    minutes = {p.week: p.run_min for p in half_marathon}
    weeks = list(minutes)
    usual = max(minutes[w] for w in weeks[:10])
    assert [round(minutes[w] / usual, 1) for w in weeks[10:14]] == pytest.approx([0.7, 0.4, 0.5, 0.8], abs=0.11)
    assert usual * 0.8 < minutes[weeks[14]] < 1.3 * minutes[weeks[13]]


def test_the_week_of_the_day_has_no_long_run_and_no_weights(half_marathon):
    week = half_marathon[11]
    day = next(p for p in week.planned if p.title == "Your day: the half marathon")
    assert day.day == HALF_DAY
    assert not [p for p in week.planned if p.kind == "strength"]
    assert not [p for p in week.planned if p.kind in RUN_KINDS and p.day >= HALF_DAY - timedelta(days=1)]
    runs = [p.run_min for p in week.planned if p.kind == "run"]
    assert max(runs) - min(runs) <= 0.5
    assert max(runs) < 0.5 * half_marathon[9].longest_bout_min
    assert "near" in week.headline


def test_the_weeks_around_the_day_are_no_new_habit(half_marathon):
    assert half_marathon[13].action in (Action.HOLD, Action.ADVANCE)
    assert "recovery" in half_marathon[12].headline


def test_a_date_that_is_too_soon_names_the_nearest_distance_and_stays_the_same():
    who = person(past((30.0, 30.0, 40.0), (2, 4, 7), 8), goal="half", goal_date=SUNDAY + timedelta(weeks=6))
    weeks = frozen(live(who, SUNDAY, 4, lambda w, p: dict(EASY))[1])
    said = [notes(p, "goal_date")[0] for p in weeks]
    assert "5 km is within your reach already." in said[0]
    assert len({p.state["goal_safe"] for p in weeks}) == 1


def test_a_goal_time_over_the_mile_gets_work_at_its_pace():
    who = person(past((40.0, 40.0, 60.0), (2, 4, 7), 8), goal="mile", goal_mile_s=420.0)
    titles = [p.title for w in frozen(live(who, SUNDAY, 6, lambda w, p: dict(EASY))[1]) for p in w.planned]
    assert any("mile pace" in t for t in titles)


def doubled(week, p):
    if p.kind != "run":
        return dict(EASY)
    return {**EASY, "running_s": 120 * p.run_min, "longest_run_s": 120.0 * max(s.run_s for s in p.steps) / 60}


def test_who_runs_twice_what_is_planned_is_not_given_more_for_it():
    kept = frozen(live(person(experience="active"), SUNDAY, 10, lambda w, p: dict(EASY))[1])
    twice = frozen(live(person(experience="active"), SUNDAY, 10, doubled)[1])
    assert all(b.state["signals"]["session_max_min"] <= 1.3 * a.state["signals"]["session_max_min"] + 2.0
               for a, b in zip(kept, twice, strict=True) if b.level == a.level)  # fmt: skip
    assert twice[-1].run_min <= kept[-1].run_min


def test_who_runs_twice_what_is_planned_is_told_so():
    weeks = frozen(live(person(experience="active"), SUNDAY, 4, doubled)[1])
    assert any("where" in s and "planned" in s for w in weeks for s in notes(w, "overdone"))


def halved(week, p):
    if p.kind != "run":
        return dict(EASY)
    return {**EASY, "running_s": 30 * p.run_min, "longest_run_s": 30.0}


def test_who_always_does_half_gets_a_plan_that_fits():
    """The smallest session is not halved; a longer one is."""
    weeks = frozen(live(person(experience="active"), SUNDAY, 6, halved)[1])
    assert any("50%" in n for w in weeks for n in notes(w, "underdone"))
    assert "50%" in weeks[2].headline
    jogs = past((12.0,) * 3, (2, 4, 6), 4)
    weeks = frozen(live(person(jogs), SUNDAY, 4, halved)[1])
    assert min(w.run_min for w in weeks[1:]) < 0.7 * weeks[0].run_min


def test_who_does_half_and_says_that_it_felt_fine_goes_on_from_there():
    weeks = frozen(live(person(experience="active"), SUNDAY, 6, halved)[1])
    assert weeks[0].level == "J1"
    assert "J2" in [w.level for w in weeks]
    assert all(max(p.run_min for p in w.planned) <= w.state["decision"]["session_cap_min"] for w in weeks)


def test_who_does_half_and_says_nothing_waits_and_is_told_what_counts():
    weeks = frozen(live(person(experience="active"), SUNDAY, 5, lambda w, p: silently(halved(w, p)))[1])
    assert {w.level for w in weeks} == {"J1"}
    assert all("report that it felt fine" in w.headline for w in weeks[2:])


def test_asking_for_half_of_a_half_is_not_gone_on_with():
    """Where less is done of less, a plan that follows down would end at nothing in a month."""
    weeks = frozen(live(person(past((40.0, 40.0, 60.0), (2, 4, 7), 10), goal="10k"), SUNDAY, 7, halved)[1])
    assert [w.state["signals"]["fit_share"] < 1.0 for w in weeks[:6]] == [False, False, True, True, False, False]
    assert weeks[-1].run_min >= 0.5 * weeks[0].run_min


def test_walks_that_were_earned_lead_to_the_first_jogs_in_words_too():
    first = next(w for w in frozen(live(person(), SUNDAY, 5, lambda w, p: dict(EASY))[1]) if w.run_min > 0)
    assert "easy walks earned the next step" in first.headline


def test_who_runs_twice_a_day_is_told_that_the_plan_has_one_run_a_day():
    days = [SUNDAY - timedelta(days=7 * w - d) for w in range(8, 0, -1) for d in (1, 3, 5, 6)]
    both = tuple(run(d, 35.0, activity_id=f"{n}-{d}", started_at=datetime(d.year, d.month, d.day, n, tzinfo=UTC))
                 for d in days for n in (7, 18))  # fmt: skip
    first = plan(person(both, goal="10k"), SUNDAY)
    assert "about 280 min in a usual week; with one run a day and a day of rest the plan starts" in first.headline
    fewer = plan(person(past((40.0,) * 5, (1, 2, 4, 6, 7), 8), goal="10k", days_free=(2, 4, 6)), SUNDAY)
    assert "on the days that you have for it" in fewer.headline


def test_after_a_week_that_was_eased_for_being_hard_one_step_comes_at_most():

    def hard(w, p):
        return {"rpe": 7.0 if 3 <= w < 8 else 3.0, "talk_test": "yes"}

    weeks = frozen(live(person(experience="active"), SUNDAY, 12, hard)[1])
    eased = next(n for n, w in enumerate(weeks) if w.action == Action.BACK_OFF)
    names = [w.level for w in weeks]
    assert names[eased + 1] in (names[eased], names[eased - 1])


def silently(session):
    return {k: v for k, v in session.items() if k not in EASY}


def test_who_missed_a_week_or_did_one_half_is_asked_for_the_whole():
    def once(week, p):
        return None if week == 2 else halved(week, p) if week == 4 and p.slot == 1 else dict(EASY)

    weeks = frozen(live(person(experience="active"), SUNDAY, 8, once)[1])
    assert not [n for w in weeks for n in notes(w, "underdone")]
    assert {w.state["signals"]["fit_share"] for w in weeks} == {1.0}


def felt_like(effort: float):
    return lambda week, p: {"rpe": effort, "talk_test": "yes"}


def test_a_week_that_felt_like_seven_of_ten_leads_no_further():
    weeks = frozen(live(person(experience="active"), SUNDAY, 14, felt_like(7.0))[1])
    assert not [w for w in weeks if w.action == Action.ADVANCE and w.run_min > 0]
    assert any("felt hard" in w.headline for w in weeks)
    assert any(w.action == Action.BACK_OFF for w in weeks)
    assert "ADVANCE" in [w.action.name for w in frozen(live(person(experience="active"), SUNDAY, 3, felt_like(6.0))[1])]


def test_a_mile_test_that_was_meant_to_be_hard_eases_nothing():
    who = person(past((40.0, 40.0, 60.0), (2, 4, 7), 8), goal="mile")
    _, weeks = live(who, SUNDAY, 9, lambda w, p: {"rpe": 9.5} if p.kind == "test" else {})
    assert any(p.kind == "test" for w in frozen(weeks) for p in w.planned)
    assert all(w.action >= Action.HOLD for w in frozen(weeks))


def test_pain_in_three_of_four_weeks_asks_for_two_calm_ones():
    def told(week, day):
        return {"pain": 3.0 if week < 3 else 1.0} if day.isoweekday() == 3 else {}

    who = person(experience="active")
    weeks = [w for w in frozen(live(who, SUNDAY, 7, lambda w, p: dict(EASY), told=told)[1]) if w.revision == 1]
    assert [bool(notes(w, "sore_weeks")) for w in weeks[:6]] == [False, False, False, True, True, False]
    assert [w.action for w in weeks[4:6]] == [Action.HOLD, Action.ADVANCE]


def test_two_runs_share_a_week():
    weekend = plan(person(past((20.0, 90.0), (3, 7), 8), goal="10k"), SUNDAY)
    long, whole = max(p.run_min for p in weekend.planned), weekend.run_min
    assert weekend.sessions == 2
    assert whole == pytest.approx(110.0, rel=0.06)
    assert long == pytest.approx(2 / 3 * whole, abs=0.6)


def test_two_runs_a_week_come_to_the_longest_run_of_a_goal():
    weeks = frozen(live(person(past((25.0, 55.0), (3, 7), 8), goal="10k"), SUNDAY, 26, lambda w, p: dict(EASY))[1])
    assert max(p.run_min for w in weeks[-4:] for p in w.planned) >= 75.0
    assert all(max(p.run_min for p in w.planned) <= 0.68 * w.run_min for w in weeks if w.sessions == 2)


def test_a_draw_takes_the_same_or_less_and_is_the_same_again():
    def lives(share):
        return frozen(live(person(experience="active", randomise=share), SUNDAY, 16, lambda w, p: dict(EASY))[1])

    always, drawn = lives(None), lives(0.5)
    assert all(w.state["choice"]["probability"] == 1.0 for w in always)
    assert all(w.state["choice"]["taken"] == w.state["choice"]["allowed"][-1] for w in always)
    less = [w for w in drawn if w.state["choice"]["taken"] < w.state["choice"]["allowed"][-1]]
    assert less
    assert all(w.state["choice"]["probability"] == 0.25 for w in less)
    assert all(any(r.rule == "drawn" and r.binding for r in w.reasons) for w in less)
    assert drawn == lives(0.5)
    assert all(replay(w) == w for w in drawn)
    assert drawn[-1].run_min <= always[-1].run_min


def test_a_pause_is_a_slope_and_no_day_is_a_cliff():
    ran = past((50.0, 50.0, 90.0), (2, 4, 7), 20)
    minutes = []
    for days in (*range(14, 130, 7), 111, 112, 113):
        minutes.append((days, plan(person(ran, goal="10k"), SUNDAY + timedelta(days=days)).longest_bout_min))
    steps = [(a, b) for a, b in zip(sorted(minutes), sorted(minutes)[1:], strict=False)]
    assert all(after >= 0.5 * before or after == 0.0 for (_, before), (_, after) in steps), minutes


def test_a_week_with_a_goals_day_replays(half_marathon):
    for week in half_marathon[9:13]:
        assert replay(week) == week


RESTED = {"fatigue": 2, "sleep_quality": 2, "stress": 2, "soreness": 2}
WORN_OUT = {"fatigue": 6, "sleep_quality": 6, "stress": 4, "soreness": 2}


def morning(bad):
    """What a morning's answers are, where every second week (`bad` 1) is one of night shifts."""
    return lambda week, day: dict(WORN_OUT if week % 2 == bad else RESTED)


@pytest.fixture(scope="module")
def night_shifts():
    weeks = frozen(live(person(experience="active"), SUNDAY, 14, lambda w, p: dict(EASY), told=morning(1))[1])
    return [p for p in weeks if p.revision == 1]


def exhausted(week):
    return any(r.rule == "exhausted" and r.fired for r in week.reasons)


def test_every_second_week_of_night_shifts_is_seen_however_long_it_goes_on(night_shifts):
    assert [n for n, p in enumerate(night_shifts) if exhausted(p)] == list(range(2, 15, 2))
    assert all(p.action <= Action.HOLD for p in night_shifts if exhausted(p))


def test_whoever_works_nights_every_second_week_comes_on_in_the_others(night_shifts):
    minutes = [p.run_min for p in night_shifts]
    assert max(minutes) > 2 * minutes[0]
    assert not any(p.action == Action.STOP for p in night_shifts)


def test_rested_mornings_are_never_called_exhausted():
    rested = frozen(live(person(experience="active"), SUNDAY, 6, lambda w, p: dict(EASY), told=morning(2))[1])
    assert not any(exhausted(p) for p in rested)


def beating(bpm: float | None, effort: float = 3.0, weeks: int = 8):
    ran = past((40.0, 40.0, 60.0), (2, 4, 7), weeks)
    return person(tuple(replace(s, heart_rate_mean_bpm=bpm, rpe=effort) for s in ran), goal="10k")


def test_an_established_runners_ceiling_comes_from_runs_that_felt_easy():
    """Of a maximum of 185 and a rest of 60 the general ceiling is 60 + 0.79 x 125 = 159 and the threshold 128."""
    assert plan(beating(None), SUNDAY).heart_rate_ceiling_bpm == 159
    own = plan(beating(135.0), SUNDAY)
    assert own.heart_rate_ceiling_bpm == 145
    assert "135 beats a minute on average. Without them it would be 159" in notes(own, "own_ceiling")[0]
    assert replay(own) == own


@pytest.mark.parametrize("history", [beating(155.0), beating(135.0, effort=6.0), beating(135.0, weeks=1)])
def test_an_own_ceiling_is_never_higher_and_rests_on_easy_runs_of_a_habit(history):
    week = plan(history, SUNDAY)
    assert week.heart_rate_ceiling_bpm in (158, 159)
    assert not notes(week, "own_ceiling")


def test_an_own_ceiling_is_not_below_the_first_threshold():
    assert plan(beating(105.0), SUNDAY).heart_rate_ceiling_bpm == 128


def at_speed(speed: float):
    def answers(week, p):
        if p.kind != "run":
            return dict(EASY)
        walked_m = sum(s.reps * s.walk_s for s in p.steps) * 1.2
        return {**EASY, "run_speed_m_s": speed, "walk_speed_m_s": 1.2, "distance_m": 60 * p.run_min * speed + walked_m}

    return answers


@pytest.mark.parametrize("speed", [1.7, 2.6])
def test_nobody_waits_for_a_limit_in_metres_that_their_own_speed_cannot_reach(speed):
    weeks = frozen(live(person(experience="active", goal="5k"), SUNDAY, 18, at_speed(speed))[1])
    waits = [p.week for p in weeks for r in p.reasons
             if r.rule == "cap_distance" and r.binding and p.action == Action.HOLD]  # fmt: skip
    assert waits == []
    assert max(p.longest_bout_min for p in weeks) >= 30


MARATHONER = past((60.0, 60.0, 60.0, 150.0), (2, 4, 6, 7), 20)


def after_pause(days: int):
    return plan(person(MARATHONER, goal="half"), SUNDAY + timedelta(days=days))


def test_the_hundred_and_twelfth_day_of_a_pause_is_hardly_another_than_the_one_before():
    before, after = after_pause(111), after_pause(112)
    assert after.longest_bout_min >= 0.8 * before.longest_bout_min
    assert after.run_min >= 0.8 * before.run_min


def test_a_marathoner_who_comes_back_does_not_start_at_jogs_of_half_a_minute():
    assert after_pause(112).longest_bout_min >= 5.0


def test_after_two_years_a_marathoner_is_a_beginner_again():
    back = after_pause(730)
    assert back.longest_bout_min <= 1.0
    assert max(p.run_min for p in back.planned) <= 6.0
