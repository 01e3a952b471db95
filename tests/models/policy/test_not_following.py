"""Someone who runs their own way is seen as a runner, not as someone who does nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from steadymile.models.session import Session
from steadymile.models.weekplan import PlannedSession

from tests.models.policy_people import RUN_M_S, SUNDAY, WALK_M_S, Answers, live, person, run


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


def ends_early(share: float) -> Answers:
    """Every run comfortable, and left when a share of it is done."""

    def answers(week: int, planned: PlannedSession) -> dict[str, Any]:
        if planned.kind not in ("run", "hills", "test"):
            return {"rpe": 3.0}
        ran_s = 60.0 * share * planned.run_min
        bout_s = min(float(max(step.run_s for step in planned.steps)), ran_s)
        return {"rpe": 3.0, "talk_test": "yes", "running_s": ran_s, "longest_run_s": bout_s,
                "distance_m": ran_s * RUN_M_S + 600.0 * WALK_M_S}  # fmt: skip

    return answers


@pytest.mark.parametrize(("share", "said"), [(0.85, "About 85%"), (0.75, "About 75%"), (0.6, "About 60%")])
def test_who_leaves_every_run_early_is_told_that_the_limits_follow_what_is_done(share: float, said: str) -> None:
    _, weeks = live(person(goal="5k"), SUNDAY, 24, ends_early(share))
    assert f"{said} of each planned run was done lately, and the limits follow what is done." in weeks[-1].headline


def test_who_does_whole_runs_hears_nothing_of_parts_of_them() -> None:
    _, weeks = live(person(goal="5k"), SUNDAY, 24, ends_early(0.97))
    assert not [r for w in weeks for r in w.reasons if "of each planned run was done" in r.sentence]
