"""The sentence about how the next run will feel says what the view holds, and nothing before enough was answered."""

from __future__ import annotations

from typing import Any

from steadymile.reports.learned import expectation

HERE = {"name": "effort_here", "value": 4.2, "low": 2.9, "high": 5.6, "average": 6.4, "n": 9}
RECENT = {"name": "recent_effort", "value": 3.0, "n": 6}


def said(**changes: Any) -> str | None:
    return expectation([{**HERE, **changes}, RECENT])


def test_the_forecast_is_said_with_its_range_the_last_runs_and_the_average_beginner() -> None:
    assert said() == (
        "We expect the longest run to feel like 4 of 10 (3 to 6) for you; your last 6 runs with an answer felt like 3. "
        "An average beginner would expect 6."
    )


def test_nothing_is_said_of_somebody_who_answered_little_or_has_no_run_ahead() -> None:
    assert said(n=2) is None
    assert said(value=None) is None
    assert expectation([]) is None


def test_without_remembered_efforts_only_the_forecast_is_said() -> None:
    assert expectation([HERE]) == (
        "We expect the longest run to feel like 4 of 10 (3 to 6) for you. An average beginner would expect 6."
    )
