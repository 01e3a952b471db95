"""What a session counts as: a run, a walk, a hike, something else, or nothing that the running limits may see."""

from __future__ import annotations

import numpy as np
import pytest
from steadymile.models.assessment.session_kind import fast_seconds, kind_of

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


@pytest.mark.parametrize(("seconds", "kind"), [(599, "run"), (600, "unknown")])
def test_ten_minutes_above_five_metres_a_second_are_no_run(seconds: int, kind: str) -> None:
    t = np.arange(seconds + 101.0)
    assert unnamed(900.0, t, np.where(t <= seconds, 5.1, 2.0)) == kind


def test_only_seconds_faster_than_five_metres_a_second_are_fast() -> None:
    t = np.array([0.0, 1.0, 3.0, 63.0, 124.0, 125.0])
    # Fast steps of 1, 2 and 60 s; one of 61 s counts for nothing, and 5.0 m/s is not faster.
    assert fast_seconds(t, np.array([5.1, 5.1, 5.1, 5.1, 5.1, 5.0])) == 63.0
    assert fast_seconds(t, np.full(6, 5.0)) == 0.0
