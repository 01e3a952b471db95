"""Someone who runs their own way is seen as a runner, not as someone who does nothing."""

from __future__ import annotations

from datetime import date, timedelta

from steadymile.models.session import Session

from tests.models.policy_people import SUNDAY, live, person, run


def three_runs_a_week(start: date, weeks: int, minutes: float) -> tuple[Session, ...]:
    return tuple(run(start + timedelta(days=7 * w + d), minutes) for w in range(weeks) for d in (1, 3, 5))


def test_a_runner_who_is_asked_to_walk_and_runs_is_not_kept_walking_for_ever() -> None:
    from dataclasses import replace

    history = person(experience="walker")
    runs = three_runs_a_week(SUNDAY + timedelta(days=1), 12, 30.0)
    for week in range(13):
        day = SUNDAY + timedelta(days=7 * week)
        known = tuple(s for s in runs if s.local_day <= day)
        history = replace(history, sessions=known, last_file_day=day)
        history, published = live(history, day, 0)
    assert published[-1].run_min > 0
    assert published[-1].level.startswith(("J", "M", "E", "P"))


def test_long_after_a_pause_running_weeks_do_not_count_as_missed_walks() -> None:
    from dataclasses import replace

    runs = three_runs_a_week(SUNDAY, 2, 30.0) + three_runs_a_week(SUNDAY + timedelta(days=49), 20, 32.0)
    history = person(runs[:2])
    actions = []
    for week in range(26):
        day = SUNDAY + timedelta(days=7 * week)
        history = replace(history, sessions=tuple(s for s in runs if s.local_day <= day), last_file_day=day)
        history, published = live(history, day, 0)
        actions += [(p.action.word, p.run_min) for p in published]
    assert actions[-1][1] > 30
    assert [a for a, _ in actions[-12:]].count("back_off") <= 2
