"""What was run lately: the maxima that limits rest on, the usual week, usual speeds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from steadymile.models.policy.training.matching import MatchedSession, match, week_of
from steadymile.models.policy.training.recent import Maxima, habit_of, maxima_of, speeds_of
from steadymile.models.session import sessions_between

from tests.models.policy_people import SUNDAY, run, walk


def ran(*days_and_minutes: tuple[int, float], **more: object) -> list[MatchedSession]:
    """Runs so many days before Sunday, of so many minutes."""
    ordered = sorted(days_and_minutes, reverse=True)
    return match([run(SUNDAY - timedelta(days=d), m, **more) for d, m in ordered], [])


@pytest.mark.parametrize(("days", "seen"), [(0, 20.0), (29, 20.0), (30, 0.0)])
def test_the_month_is_thirty_days_with_today(days: int, seen: float) -> None:
    assert maxima_of(ran((days, 20.0)), SUNDAY).session_min == seen


def test_each_maximum_names_the_session_that_set_it() -> None:
    sessions = [
        run(SUNDAY - timedelta(days=9), 30.0, 5.0, distance_m=4_000.0, elevation_loss_m=80.0),
        run(SUNDAY - timedelta(days=5), 20.0, 12.0, distance_m=3_000.0, elevation_loss_m=120.0),
        run(SUNDAY - timedelta(days=2), 25.0, 8.0, distance_m=5_000.0, elevation_loss_m=60.0),
    ]
    ids = [s.activity_id for s in sessions]
    assert maxima_of(match(sessions, []), SUNDAY) == Maxima(
        30.0, 12.0, 5_000.0, 45.0, 120.0, (ids[0],), (ids[1],), (ids[2],)
    )


def test_walks_make_no_running_maximum() -> None:
    assert maxima_of(match([walk(SUNDAY, 90.0)], []), SUNDAY).distance_m is None


def test_a_week_is_seven_days_that_end_weeks_before() -> None:
    runs = ran((0, 10.0), (6, 20.0), (7, 40.0), (13, 80.0))
    assert maxima_of(runs, SUNDAY).week_min == 120.0


@pytest.mark.parametrize(("days", "counts"), [(21, True), (27, True), (28, False)])
def test_the_best_week_is_one_of_the_last_four(days: int, counts: bool) -> None:
    assert (maxima_of(ran((days, 20.0)), SUNDAY).week_min == 20.0) is counts


def weeks_of(count: int, runs: tuple[float, ...] = (30.0, 30.0, 40.0), skip: int = 0) -> list[MatchedSession]:
    return ran(*((7 * (w + skip) + 2 * i, m) for w in range(count) for i, m in enumerate(runs)))


@pytest.mark.parametrize(
    ("weeks", "already", "known"), [(4, False, True), (3, False, False), (4, True, True), (3, True, False)]
)
def test_a_habit_takes_four_of_eight_weeks(weeks: int, already: bool, known: bool) -> None:
    assert (habit_of(weeks_of(weeks), SUNDAY, already) is not None) is known


def test_weeks_before_the_last_eight_make_no_habit() -> None:
    lately = ran(*((7 * w, 10.0) for w in range(5)))
    assert habit_of(sorted([*lately[1:], *weeks_of(6, skip=4)], key=day_of), SUNDAY, False) is not None
    assert habit_of(sorted([*lately, *weeks_of(6, skip=5)], key=day_of), SUNDAY, False) is None


def day_of(m: MatchedSession) -> date:
    return m.session.local_day


@pytest.mark.parametrize("weeks", [0, 1, 3, 5])
def test_a_pause_says_nothing_of_the_habit_before_it(weeks: int) -> None:
    assert habit_of(weeks_of(8, skip=weeks), SUNDAY, False) == habit_of(weeks_of(8), SUNDAY, False)


def broken(count: int) -> tuple[list[MatchedSession], dict[str, float]]:
    """Twelve weeks that asked for 100 minutes, of which so many of the newest had one run of 30."""
    kept = weeks_of(12 - count, skip=count)
    asked = {week_of(SUNDAY - timedelta(days=7 * w)): 100.0 for w in range(12)}
    return sorted([*ran(*((7 * w, 30.0) for w in range(count))), *kept], key=day_of), asked


@pytest.mark.parametrize(("count", "week_min"), [(0, 100.0), (3, 100.0), (4, 100.0)])
def test_a_few_broken_weeks_say_nothing_of_a_habit(count: int, week_min: float) -> None:
    matched, asked = broken(count)
    habit = habit_of(matched, SUNDAY, True, {}, asked)
    assert habit is not None
    assert habit.week_min == week_min


def test_more_broken_weeks_than_whole_ones_are_the_habit() -> None:
    assert habit_of(broken(4)[0], SUNDAY, True, {}, broken(4)[1]) is not None
    assert habit_of(broken(5)[0], SUNDAY, True, {}, broken(5)[1]) is None


@pytest.mark.parametrize(("week_min", "usual_min"), [(133.0, 200.0), (134.0, 167.0)])
def test_a_week_is_broken_below_two_thirds_of_what_it_asked_for(week_min: float, usual_min: float) -> None:
    """Three such weeks after five, all asked for 200: the median is of the six newest that are not broken."""
    lately = ran(*((7 * w + d, week_min / 3) for w in range(3) for d in (0, 2, 4)))
    asked = {week_of(SUNDAY - timedelta(days=7 * w)): 200.0 for w in range(9)}
    matched = sorted([*lately, *weeks_of(6, (60.0, 60.0, 80.0), skip=3)], key=day_of)
    habit = habit_of(matched, SUNDAY, True, {}, asked)
    assert habit is not None
    assert habit.week_min == pytest.approx(usual_min)


def test_after_six_weeks_away_nobody_has_a_habit() -> None:
    assert habit_of(weeks_of(8, skip=7), SUNDAY, False) is None


def test_the_usual_week_is_worked_by_hand() -> None:
    habit = habit_of(weeks_of(6), SUNDAY, False)
    assert habit is not None
    assert (habit.session_min, habit.long_min, habit.week_min, habit.days) == (30.0, 40.0, 100.0, 3)


def test_one_week_of_three_times_as_much_is_not_usual() -> None:
    usual = ran(*((7 * w + 2 * i, 30.0) for w in range(1, 8) for i in range(3)))
    spike = ran(*((i, 40.0) for i in range(7)))
    began, later = habit_of([*usual, *spike], SUNDAY, False), habit_of([*usual, *spike], SUNDAY, True)
    assert began is not None
    assert later is not None
    assert (began.week_min, later.week_min) == (90.0, 90.0)


def test_broken_weeks_that_nobody_planned_are_usual_too() -> None:
    weeks = (309.0, 37.0, 48.0, 165.0, 21.0, 108.0, 180.0, 90.0)
    found = ran(*((7 * w + i, minutes / 3) for w, minutes in enumerate(weeks) for i in range(3)))
    habit = habit_of(found, SUNDAY, False)
    assert habit is not None
    assert habit.week_min == 99.0  # the median of all eight
    assert habit.long_min == 33.0
    later = habit_of(found, SUNDAY, True)
    assert later is not None
    assert later.week_min == 1.5 * 99.0  # of 309, 165 and 108 min that nobody planned


def test_a_habit_that_grows_by_a_tenth_a_week_counts_in_full() -> None:
    weeks = [100.0 * 1.1**w for w in range(8)][::-1]
    found = ran(*((7 * w + i, minutes / 3) for w, minutes in enumerate(weeks) for i in range(3)))
    habit = habit_of(found, SUNDAY, True)
    assert habit is not None
    assert habit.week_min == pytest.approx(sum(weeks[2:4]) / 2)  # the middle of the last six


def test_weeks_before_the_first_recording_are_unknown_and_not_empty() -> None:
    habit = habit_of(weeks_of(4), SUNDAY, False)
    assert habit is not None
    assert habit.week_min == 100.0


@pytest.mark.parametrize(
    ("runs", "known"), [((30.0, 30.0, 15.0), True), ((30.0, 29.0, 15.0), False), ((62.0, 20.0), True), ((90.0,), False)]
)
def test_a_habit_is_two_runs_or_more_and_75_minutes_a_week(runs: tuple[float, ...], known: bool) -> None:
    assert (habit_of(weeks_of(8, runs), SUNDAY, False) is not None) is known


def test_two_runs_a_week_keep_a_habit() -> None:
    assert habit_of(weeks_of(8, (30.0, 30.0)), SUNDAY, True) is not None


def test_who_runs_daily_has_six_days_at_most() -> None:
    daily = ran(*((d, 30.0) for d in range(56)))
    habit = habit_of(daily, SUNDAY, False)
    assert habit is not None
    assert habit.days == 6


def test_usual_speeds_are_medians_of_the_last_ten() -> None:
    old = [run(SUNDAY - timedelta(days=40 - i), 20.0, run_speed_m_s=9.0, walk_speed_m_s=9.0) for i in range(5)]
    new = [
        run(SUNDAY - timedelta(days=20 - i), 20.0, run_speed_m_s=2.0 + i / 10, walk_speed_m_s=1.4) for i in range(10)
    ]
    assert speeds_of(match([*old, *new], [])) == (pytest.approx(2.45), 1.4)
    assert speeds_of([]) == (None, None)


def test_sessions_between_hold_both_days() -> None:
    sessions = [run(SUNDAY - timedelta(days=d), 20.0) for d in (5, 4, 3, 2, 1)]
    found = sessions_between(sessions, SUNDAY - timedelta(days=4), SUNDAY - timedelta(days=2))
    assert [(SUNDAY - s.local_day).days for s in found] == [4, 3, 2]


def test_breaks_that_were_mostly_stood_through_tell_no_walking_speed():
    stood = [run(SUNDAY - timedelta(days=n), 20.0, walk_speed_m_s=0.5) for n in range(9, 3, -1)]
    walked = [walk(SUNDAY - timedelta(days=n), 30.0, walk_speed_m_s=1.3) for n in (2, 1)]
    assert speeds_of(match([*stood, *walked], []))[1] == 1.3
    assert speeds_of(match(stood, []))[1] is None


def test_where_the_longest_run_tells_no_distance_none_limits():
    unknown = [run(SUNDAY - timedelta(days=n), 50.0, distance_m=None) for n in (9, 5)]
    short = run(SUNDAY - timedelta(days=2), 12.0)
    assert maxima_of(match([*unknown, short], []), SUNDAY).distance_m is None
    longer = run(SUNDAY - timedelta(days=1), 55.0)
    assert maxima_of(match([*unknown, short, longer], []), SUNDAY).distance_m == longer.distance_m
