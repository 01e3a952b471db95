"""The door: whatever a reader gives, what passes can be stored, written and shown."""

from __future__ import annotations

import json
import math
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.ingest.door import LONGEST_S, TOTAL_BOUNDS, through, totals
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.models.recording import SAMPLES, Activity, CheckIn, Device, Stored, Wellness

from tests.conftest import ROOT

START = datetime(2026, 3, 1, 7, tzinfo=UTC)


def samples(times: list[datetime], **columns: list[float | None]) -> pl.DataFrame:
    t_s = [(time - times[0]).total_seconds() for time in times]
    rows = {"time": times, "t_s": t_s, "flags": [0] * len(times), **columns}
    absent = [None] * len(times)
    columns_of = {name: pl.Series(rows.get(name, absent), dtype=kind, strict=False) for name, kind in SAMPLES.items()}
    return pl.DataFrame(columns_of)


def every_second(n: int, **columns: list[float | None]) -> pl.DataFrame:
    return samples([START + timedelta(seconds=i) for i in range(n)], **columns)


def passed(**changes: object) -> Activity:
    activity = replace(Activity(START, "running", every_second(3), "test"), **changes)
    return through(Reading("test", "test", activities=(activity,))).activities[0]


@given(st.text(), st.text())
def test_every_text_behind_the_door_can_be_written(title: str, product: str) -> None:
    found = passed(title=title, device=Device(product=product))
    for words in (found.title or "", found.device.product or ""):
        words.encode()
        assert len(words) <= 200
        assert not any(ord(letter) < 32 for letter in words)


def test_half_an_emoji_does_not_cost_the_title() -> None:
    assert passed(title="bad \ud83d name").title == "bad ? name"


def test_a_letter_of_another_script_stays_as_it_is() -> None:
    assert passed(title="Lauf über 5 км – ריצה").title == "Lauf über 5 км – ריצה"


def test_every_total_has_its_bounds() -> None:
    assert set(TOTAL_BOUNDS) == {field.name for field in fields(Stored)}


@given(st.floats(), st.floats(), st.floats())
def test_every_total_behind_the_door_is_finite_and_possible(timer: float, distance: float, heart: float) -> None:
    found = totals(Stored(timer_s=timer, distance_m=distance, heart_rate_mean_bpm=heart))
    assert found.timer_s is None or 0 <= found.timer_s <= LONGEST_S
    assert found.distance_m is None or 0 <= found.distance_m <= 5e6
    assert found.heart_rate_mean_bpm is None or 30 <= found.heart_rate_mean_bpm <= 230


@pytest.mark.parametrize("nothing", [0.0, 255.0])
def test_a_mean_heart_rate_that_no_heart_has_is_unknown(nothing: float) -> None:
    assert totals(Stored(heart_rate_mean_bpm=nothing)).heart_rate_mean_bpm is None


def test_no_time_elapsed_beside_an_hour_of_timer_is_unknown() -> None:
    assert totals(Stored(elapsed_s=0.0, timer_s=3623.0)).elapsed_s is None


def test_a_session_of_decades_has_no_elapsed_time() -> None:
    assert totals(Stored(elapsed_s=43.8 * 365.25 * 86_400)).elapsed_s is None


def test_what_is_possible_passes_unchanged() -> None:
    stored = Stored(
        10_000.0, 3_700.0, 3_600.0, 3_500.0, 120.0, 118.0, 151.0, 178.0, 640.0, 51.5, 3.4, 0.6, 26.0, -4.0
    )  # fmt: skip
    assert totals(stored) == stored


def test_a_reading_that_no_sensor_gives_becomes_unknown() -> None:
    found = passed(samples=every_second(3, latitude_deg=[1.0, 1e9, math.nan])).samples
    assert found["latitude_deg"].to_list() == [1.0, None, None]


def test_times_spread_over_months_are_refused_with_a_reason() -> None:
    apart = samples([START + timedelta(hours=i) for i in range(2000)])
    with pytest.raises(Unreadable, match="no session lasts"):
        passed(samples=apart)


def test_a_session_of_three_days_passes() -> None:
    assert passed(samples=samples([START + timedelta(minutes=i) for i in range(4320)])).samples.height == 4320


def test_one_stray_time_does_not_cost_the_session() -> None:
    times = [START + timedelta(seconds=i) for i in range(300)]
    times[150] += timedelta(days=9000)
    assert passed(samples=samples(times)).samples.height == 300


def test_a_check_in_keeps_what_is_possible() -> None:
    said = CheckIn(date(2026, 3, 1), {"rpe": 40.0, "pain": 3.0, "note": "ok \ud83d"}, "test")
    (found,) = through(Reading("test", "test", checkins=(said,))).checkins
    assert found.values == {"pain": 3.0, "note": "ok ?"}


def test_a_check_in_of_an_impossible_day_is_left_out_and_said() -> None:
    said = CheckIn(date(1, 1, 1), {"pain": 3.0}, "test")
    found = through(Reading("test", "test", checkins=(said,)))
    assert found.checkins == ()
    assert "left out" in found.notes[0]


@given(st.floats())
def test_every_wellness_reading_behind_the_door_is_possible(value: float) -> None:
    reading = Wellness("sleep_h", value, "test", at=START)
    for found in through(Reading("test", "test", wellness=(reading,))).wellness:
        assert 0 <= found.value <= 24


def test_everything_behind_the_door_can_be_put_into_json() -> None:
    found = passed(title="\udfff", notes=("\ud800",), stored=Stored(distance_m=math.inf))
    json.dumps([found.title, found.notes, found.stored.distance_m], ensure_ascii=False).encode()


def test_every_total_of_a_recording_is_filled_by_a_reader():
    readers = [p for p in (ROOT / "ingest").rglob("*.py") if p.name != "door.py"]
    words = {word for path in readers for word in re.findall(r"\w+", path.read_text("utf-8"))}
    assert {f.name for f in fields(Stored)} - words == set()
