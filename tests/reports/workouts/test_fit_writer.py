"""What the FIT encoder writes, other people's readers must read."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import fitdecode
import fitparse
import numpy as np
import pytest
from steadymile.models.weekplan import Step
from steadymile.reports.workouts.fit_writer import FitWriter, activity_file, encode, workout_file

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def messages(data: bytes, name: str) -> list[dict[str, Any]]:
    return [m.get_values() for m in fitparse.FitFile(io.BytesIO(data), check_crc=True).get_messages(name)]


def decoded(data: bytes, name: str) -> list[fitdecode.FitDataMessage]:
    with fitdecode.FitReader(io.BytesIO(data), check_crc=fitdecode.CrcCheck.RAISE) as reader:
        return [f for f in reader if isinstance(f, fitdecode.FitDataMessage) and f.name == name]


def a_run(**extra: Any) -> bytes:
    t = np.arange(0, 61, dtype=float)
    columns = {
        "position_lat": -25.0 + t * 1e-5,
        "position_long": 131.0 + t * 1e-5,
        "enhanced_altitude": 480.0 + t / 5,
        "heart_rate": np.where(t == 30, np.nan, 120.0),
        "cadence": np.full_like(t, 80.0),
        "distance": t * 2.5,
        "enhanced_speed": np.full_like(t, 2.5),
    }
    return activity_file(START, t, columns, totals={"total_distance": 150.0}, timer=[(0, 20), (40, 60)], **extra)


def test_fitparse_reads_the_values_back_with_its_checksum_on() -> None:
    rows = messages(a_run(), "record")
    assert len(rows) == 21 + 21  # 21 to 39 s were not recorded: the timer stood
    assert rows[10]["timestamp"].isoformat() == "2026-03-02T06:00:10"
    assert rows[10]["distance"] == pytest.approx(25.0)
    assert rows[10]["enhanced_altitude"] == pytest.approx(482.0)
    assert rows[10]["position_lat"] * 180 / 2**31 == pytest.approx(-24.9999, abs=1e-6)


def test_fitdecode_reads_the_same_file() -> None:
    assert decoded(a_run(), "record")[5].get_value("heart_rate") == 120


def test_an_unknown_heart_rate_is_missing_not_zero() -> None:
    t = np.array([0.0, 1.0])
    one = activity_file(START, t, {"heart_rate": np.array([np.nan, 99.0])}, totals={}, timer=[(0, 1)])
    assert [r["heart_rate"] for r in messages(one, "record")] == [None, 99]


def test_a_pause_is_two_timer_events() -> None:
    kinds = [m["event_type"] for m in messages(a_run(), "event")]
    assert kinds == ["start", "stop", "start", "stop_all"]


def test_the_effort_that_was_stored_comes_back_as_tenths() -> None:
    session = messages(a_run(rpe=4, feel=75), "session")[0]
    assert (session["unknown_193"], session["unknown_192"]) == (40, 75)


def test_the_local_time_carries_the_offset() -> None:
    activity = messages(a_run(utc_offset_s=34_200), "activity")[0]
    assert (activity["local_timestamp"] - activity["timestamp"]).total_seconds() == 34_200


def test_the_workout_name_travels_with_the_activity() -> None:
    assert messages(a_run(workout="Jog-walk 8 x 1 min"), "workout")[0]["wkt_name"] == "Jog-walk 8 x 1 min"


def test_a_developer_field_is_read_by_its_name() -> None:
    t = np.arange(0, 61, dtype=float)
    data = a_run(developer={"Ground Force": ("N", t * 2)})
    assert messages(data, "record")[7]["Ground Force"] == pytest.approx(14.0)


def test_a_workout_of_repeats_has_five_steps() -> None:
    steps = [Step(1, 0, 300), Step(8, 60, 90), Step(1, 0, 300)]
    rows = messages(workout_file("8 x 1 min", steps, created=START, heart_rate_ceiling_bpm=150), "workout_step")
    assert [r["duration_type"] for r in rows] == ["time", "time", "time", "repeat_until_steps_cmplt", "time"]
    assert [r.get("intensity") for r in rows] == ["warmup", "active", "rest", None, "cooldown"]


def test_a_step_lasts_as_many_milliseconds_as_the_plan_says() -> None:
    data = workout_file("one", [Step(1, 60, 0)], created=START)
    step = decoded(data, "workout_step")[0]
    assert step.get_field("duration_value").raw_value == 60_000
    assert step.get_value("duration_time") == pytest.approx(60.0)


def test_the_repeat_points_at_the_first_step_and_counts() -> None:
    steps = [Step(1, 0, 300), Step(8, 60, 90)]
    row = messages(workout_file("8 x 1 min", steps, created=START), "workout_step")[3]
    assert (row["duration_step"], row["repeat_steps"]) == (1, 8)


def test_the_ceiling_is_an_absolute_heart_rate_on_the_run_only() -> None:
    data = workout_file("x", [Step(2, 60, 90)], created=START, heart_rate_ceiling_bpm=149.6)
    run, walk, _ = messages(data, "workout_step")
    assert run["target_type"] == "heart_rate"
    assert decoded(data, "workout_step")[0].get_field("custom_target_value_high").raw_value == 250
    assert walk["target_type"] == "open"


def test_the_same_plan_gives_the_same_bytes() -> None:
    steps = [Step(1, 0, 300), Step(3, 270, 120)]
    assert workout_file("a", steps, created=START) == workout_file("a", steps, created=START)


def test_a_workout_without_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one step"):
        workout_file("empty", [], created=START)


def test_a_value_too_large_for_its_field_is_refused() -> None:
    with pytest.raises(ValueError, match="300"):
        encode([("session", {"max_heart_rate": 300})])


def test_an_undeclared_record_column_is_refused() -> None:
    with pytest.raises(ValueError, match="wind"):
        FitWriter().records(np.array([0.0]), {"wind": np.array([1.0])})
