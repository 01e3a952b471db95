"""Polar Flow's CSV of one session: totals and samples, in the account's units, at its time on the wall."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from steadymile.ingest.formats import read
from steadymile.ingest.reading import Unreadable
from steadymile.models.measuring.measure import measure
from steadymile.models.units import MILE_M

TOTALS = "Name,Sport,Date,Start time,Duration,Total distance (km),Average heart rate (bpm),Calories,Ascent (m),Notes\n"
COLUMNS = "Sample rate,Time,HR (bpm),Speed (km/h),Pace (min/km),Cadence,Altitude (m),Distances (m),Temperatures (C)\n"


def second(s: int, run: bool = True) -> str:
    clock = f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"
    return f"1,{clock},140,{9.0 if run else ''},06:40,84,{100 + s / 100:.1f},{2.5 * s:.1f},18.0\n"


def session(rows: int = 900, totals: str = "A,Running,14-11-2026,18:05:00,00:15:00,2.25,141,180,9,\n") -> str:
    return TOTALS + totals + COLUMNS + "".join(second(s) for s in range(rows))


def of(text: str):
    return read(text.encode(), "x")


def test_the_session_begins_at_its_time_on_the_wall_and_is_what_its_sport_says() -> None:
    found = of(session())
    (activity,) = found.activities
    assert (activity.sport, activity.started_at) == ("running", datetime(2026, 11, 14, 18, 5, tzinfo=UTC))
    assert found.wall_clock


def test_samples_are_in_si_and_each_at_its_second() -> None:
    samples = of(session()).activities[0].samples
    assert samples.height == 900
    assert samples["speed_m_s"][10] == pytest.approx(2.5)
    assert (samples["t_s"][899], samples["heart_rate_bpm"][0], samples["distance_m"][899]) == (899.0, 140.0, 2247.5)


def test_the_cadence_of_one_foot_is_doubled() -> None:
    assert of(session()).activities[0].samples["cadence_spm"][0] == 168.0


def test_totals_are_kept_as_the_device_s_own() -> None:
    stored = of(session()).activities[0].stored
    assert (stored.distance_m, stored.timer_s) == (2250.0, 900.0)
    assert (stored.heart_rate_mean_bpm, stored.elevation_gain_m) == (141.0, 9.0)


def test_it_is_measured_like_any_recording() -> None:
    metrics = measure(of(session()).activities[0]).metrics
    assert metrics["running_s"].value == pytest.approx(899, abs=2)
    assert metrics["distance_m"].value == pytest.approx(2247.5, abs=3)


def test_an_account_in_miles_is_read_in_its_units() -> None:
    text = session(60).replace("(km)", "(mi)").replace("(km/h)", "(mph)").replace("Distances (m)", "Distances (ft)")
    activity = of(text).activities[0]
    assert activity.stored.distance_m == pytest.approx(2.25 * MILE_M)
    assert activity.samples["distance_m"][59] == pytest.approx(2.5 * 59 * 0.3048)


def test_a_session_without_samples_keeps_its_totals() -> None:
    (activity,) = of(TOTALS + "A,Running,14-11-2026,18:05:00,00:15:00,2.25,141,180,9,\n").activities
    assert (activity.samples.height, activity.stored.timer_s) == (0, 900.0)


def test_cells_that_are_no_numbers_are_unknown_and_cost_nothing_else() -> None:
    samples = of(session(60).replace("1,00:00:07,140", "1,00:00:07,--")).activities[0].samples
    assert (samples["heart_rate_bpm"][7], samples["heart_rate_bpm"][8]) == (None, 140.0)


def test_without_a_day_it_is_refused_with_the_next_step() -> None:
    with pytest.raises(Unreadable, match="no date and time of its start"):
        of(TOTALS + "A,Running,,18:05:00,00:15:00,2.25,141,180,9,\n")


def test_a_table_that_a_spreadsheet_saved_with_semicolons_and_commas_is_the_same() -> None:
    saved = re.sub(r"(\d)\.(\d)", r"\1,\2", session().replace(",", ";"))
    (one,), (other,) = of(session()).activities, of(saved).activities
    assert other.samples.equals(one.samples)
    assert other.stored == one.stored
