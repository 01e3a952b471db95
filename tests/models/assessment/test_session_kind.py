"""What a session counts as: a run, a walk, a hike, something else, or nothing that the running limits may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from steadymile.models.assessment.session_kind import kind_of, kinds_by_copies, kinds_by_history, too_fast
from steadymile.models.measured import Recording

START = datetime(2026, 3, 1, 7, tzinfo=UTC)
STILL = (np.arange(100.0), np.full(100, 2.0))


def unnamed(
    running_s: float | None, t_s: np.ndarray = STILL[0], speed_m_s: np.ndarray = STILL[1], sport: str = ""
) -> str:
    return kind_of(sport, t_s, speed_m_s, {"running_s": running_s})


@pytest.mark.parametrize(
    ("sport", "kind"),
    [
        ("running", "run"), ("Trail Running", "run"), ("treadmill_running", "run"),
        ("walking", "walk"), ("hiking", "hike"), ("mountaineering", "hike"), ("snowshoeing", "hike"), ("hike", "hike"),
        ("cycling", "other"), ("swimming", "other"),
    ],
)  # fmt: skip
def test_a_named_sport_is_what_it_says(sport: str, kind: str) -> None:
    assert kind_of(sport, *STILL, {"running_s": 0.0}) == kind


@pytest.mark.parametrize(("ridden", "kind"), [(0.0, "run"), (0.5, "run"), (0.9, "other")])
def test_a_run_that_was_mostly_ridden_is_none(ridden: float, kind: str) -> None:
    assert kind_of("running", *STILL, {"running_s": 100.0}, ridden=ridden) == kind


@pytest.mark.parametrize(("running_s", "kind"), [(0.0, "walk"), (59.9, "walk"), (60.0, "run"), (600.0, "run")])
def test_a_session_without_a_sport_is_a_run_from_a_minute_of_running_on(running_s: float, kind: str) -> None:
    assert unnamed(running_s) == kind
    assert unnamed(running_s, sport="generic") == kind


def test_where_running_is_unknown_a_session_without_a_sport_is_unknown() -> None:
    assert unnamed(None) == "unknown"


def test_without_a_known_speed_a_session_without_a_sport_is_unknown() -> None:
    assert unnamed(600.0, speed_m_s=np.full(100, np.nan)) == "unknown"
    assert unnamed(600.0, np.arange(1.0), np.full(1, 2.0)) == "unknown"
    assert unnamed(600.0, np.arange(2.0), np.full(2, 2.0)) == "run"


@pytest.mark.parametrize(("fast_s", "kind"), [(199, "run"), (201, "unknown")])
def test_more_than_a_fifth_of_the_time_above_five_metres_a_second_is_no_run(fast_s: int, kind: str) -> None:
    t = np.arange(1001.0)
    assert unnamed(900.0, t, np.where(t <= fast_s, 5.1, 2.0)) == kind


def test_a_long_race_with_fast_descents_stays_a_run_as_a_whole() -> None:
    t = np.arange(20_000.0)
    assert unnamed(18_000.0, t, np.where(t % 20 == 0, 5.5, 2.0)) == "run"


def test_standing_does_not_make_a_ride_slow() -> None:
    t = np.arange(2001.0)
    assert too_fast(t, np.where(t < 500, 6.0, 0.0))


def test_only_seconds_faster_than_five_metres_a_second_are_fast() -> None:
    t = np.array([0.0, 1.0, 3.0, 63.0, 124.0, 125.0])
    # Fast steps of 1 and 2 s in 63 s of moving; one of 61 s counts for nothing, and 5.0 m/s is not faster.
    assert not too_fast(t, np.array([5.1, 5.1, 5.1, 5.0, 5.1, 5.0]))
    assert too_fast(t, np.array([5.1, 5.1, 5.1, 5.1, 5.1, 5.0]))
    assert not too_fast(t, np.full(6, 5.0))


def test_without_a_sport_a_cadence_or_a_heart_rate_nobody_knows_what_it_was() -> None:
    assert kind_of("", *STILL, {"running_s": 900.0}, felt=False) == "unknown"
    assert kind_of("running", *STILL, {"running_s": 900.0}, felt=False) == "run"


def seen(name: str, kind: str, evident: bool, running_s: float, speed_m_s: float) -> Recording:
    return Recording(
        activity_id=name,
        started_at=START,
        ended_at=START,
        local_day=START.date(),
        sport="running" if evident else "unknown",
        kind=kind,
        metrics={"running_s": running_s, "longest_run_s": running_s, "run_speed_m_s": speed_m_s},
    )


def known(n: int, speed: float = 2.6, running_s: float = 1800.0) -> list[Recording]:
    return [seen(f"r{i}", "run", True, running_s, speed + 0.05 * i) for i in range(n)]


def judged(session: Recording, runs: list[Recording]) -> str:
    return kinds_by_history([*runs, session])[session.activity_id]


@pytest.mark.parametrize(
    ("speed", "running_s", "runs", "kind"),
    [
        (2.6, 1500.0, 5, "run"),
        (2.6, 1500.0, 4, "unknown"),  # four known runs are too few to judge by
        (4.5, 1500.0, 5, "unknown"),  # faster than any of them
        (1.9, 1500.0, 5, "unknown"),  # slower than any of them
        (2.6, 1900.0, 5, "unknown"),  # longer than any of them: it may not raise a limit
    ],
)
def test_the_persons_own_runs_judge_a_session_without_evidence(
    speed: float, running_s: float, runs: int, kind: str
) -> None:
    assert judged(seen("x", "unknown", False, running_s, speed), known(runs)) == kind


def test_sessions_without_evidence_are_no_measure_for_each_other() -> None:
    alike = [seen(f"x{i}", "run", False, 1500.0, 2.6) for i in range(9)]
    assert set(kinds_by_history(alike).values()) == {"unknown"}


def test_a_session_with_evidence_is_left_alone() -> None:
    assert kinds_by_history(known(9)) == {}


@pytest.mark.parametrize(
    ("sport", "running_s", "copy_sport", "counts_for", "kind"),
    [
        ("walking", 1200.0, "running", "walk", "run"),
        ("hiking", 1200.0, "running", "walk", "run"),
        ("walking", 30.0, "running", "walk", "walk"),  # it did not see the running
        ("walking", 1200.0, "walking", "walk", "walk"),  # nothing calls it a run
        ("hiking", 1200.0, "running", None, "hike"),  # a run of its own, at another time
    ],
)
def test_a_walk_that_saw_the_running_of_a_run_recorded_beside_it_is_a_run(
    sport: str, running_s: float, copy_sport: str, counts_for: str | None, kind: str
) -> None:
    walk = replace(seen("walk", "walk", True, running_s, 2.6), sport=sport)
    beside = "run" if copy_sport == "running" else "walk"
    copy = replace(seen("copy", beside, True, 1200.0, 2.6), sport=copy_sport, duplicate_of=counts_for)
    assert kinds_by_copies([walk, copy])["walk"] == kind


def test_a_walk_is_one_again_when_the_run_beside_it_is_gone() -> None:
    walk = replace(seen("walk", "run", True, 1200.0, 2.6), sport="walking")
    assert kinds_by_copies([walk]) == {"walk": "walk"}


def test_a_walk_that_was_mostly_ridden_stays_none() -> None:
    assert kinds_by_copies([replace(seen("ferry", "other", True, 0.0, 2.6), sport="walking")]) == {}


@pytest.mark.parametrize(
    ("heart_bpm", "steps_spm", "kind"),
    [
        (65.0, None, "unknown"),
        (65.0, 0.0, "unknown"),
        (89.0, None, "unknown"),
        (90.0, None, "run"),
        (65.0, 160.0, "run"),
    ],
)
def test_as_fast_as_a_run_at_the_heart_rate_of_a_seat_is_unknown(
    heart_bpm: float, steps_spm: float | None, kind: str
) -> None:
    metrics = {"running_s": 1800.0, "heart_rate_mean_bpm": heart_bpm, "cadence_mean_spm": steps_spm}
    t = np.arange(1800.0)
    assert kind_of("unknown", t, np.full(t.size, 3.2), metrics) == kind
