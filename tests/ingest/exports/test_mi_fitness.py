"""Mi Fitness's table of sport records: totals as JSON in a column."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

from steadymile.ingest.formats import read

START_S = 1_763_140_000


def table(*records: tuple[str, object]) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["Uid", "Sid", "Key", "Time", "Category", "Value", "UpdateTime"])
    for key, value in records:
        rows.writerow([1, "a", key, START_S, key.rpartition("_")[2], json.dumps(value), START_S])
    return text.getvalue().encode()


RUN = {"start_time": START_S, "end_time": START_S + 1860, "duration": 1800, "distance": 5000, "calories": 300,
       "avg_hrm": 150, "max_hrm": 170}  # fmt: skip


def test_a_record_is_a_session_with_its_sport_start_and_totals() -> None:
    (run,) = read(table(("outdoor_running", RUN)), "x").activities
    assert (run.sport, run.source, run.started_at) == ("running", "listed", datetime.fromtimestamp(START_S, UTC))
    assert (run.stored.timer_s, run.stored.distance_m, run.stored.heart_rate_max_bpm) == (1800.0, 5000.0, 170.0)


def test_a_record_without_a_start_or_a_length_is_counted_and_the_others_are_taken() -> None:
    found = read(table(("outdoor_walking", RUN), ("outdoor_running", {"duration": 5}), ("yoga", "no JSON")), "x")
    assert ([a.sport for a in found.activities], found.left_out) == (["walking"], 2)


def test_its_other_tables_of_the_same_columns_are_left_alone() -> None:
    found = read(table(("steps", {"steps": 4000, "time": START_S})), "x")
    assert found.activities == ()
