"""One recording has one clock; what no clock can say is dated by another word, or waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from steadymile.ingest.clocks import hundredfold, join
from steadymile.ingest.dating import ROLLOVER, Dating, by_its_file, counted_anew, dated, named, stated, wrong
from steadymile.models.recording import SAMPLES, Activity, Device

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def at(start: datetime) -> Activity:
    return Activity(start, "running", pl.DataFrame(schema=SAMPLES), "test")


@pytest.mark.parametrize("shift", [-20 * 86_400, -3 * 86_400, 400 * 86_400, -1e9])
def test_the_smaller_part_moves_to_the_clock_of_the_larger(shift: float) -> None:
    t = NOON + np.arange(1500.0)
    t[:300] += shift
    found = join(t)
    assert found.t == pytest.approx(NOON + np.arange(1500.0), abs=1.0)
    assert found.moved == 300


def test_a_clock_set_at_the_end_moves_the_end() -> None:
    t = NOON + np.arange(1500.0)
    t[1400:] += 20 * 86_400
    assert join(t).t == pytest.approx(NOON + np.arange(1500.0), abs=1.0)


def test_a_clock_that_can_be_right_wins_though_it_has_fewer_samples() -> None:
    t = np.concatenate((631_065_600 + np.arange(1000.0), NOON + np.arange(100.0)))
    assert join(t).t[0] == pytest.approx(NOON - 1000, abs=1)


def test_a_step_that_the_sessions_length_denies_is_a_clock() -> None:
    t = NOON + np.arange(1500.0)
    t[:300] -= 7200
    assert join(t, elapsed_s=1499.0).moved == 300


def test_a_rest_of_hours_is_no_clock() -> None:
    t = NOON + np.concatenate((np.arange(600.0), 7200 + np.arange(600.0)))
    assert join(t, elapsed_s=7799.0).moved == 0
    assert join(t).moved == 0


def test_a_step_to_another_place_is_another_recording() -> None:
    t = NOON + np.arange(600.0)
    t[:200] -= 20 * 86_400
    latitude = np.where(np.arange(600) < 200, 48.0, 49.0)
    assert join(t, latitude, np.full(600, 9.0)).moved == 0


def northwards(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of a run at 3 m/s, by the seconds since its start."""
    return 48.0 + t * 3.0 / 111_195.0, np.full(t.size, 9.0)


def test_a_clock_set_on_by_a_whole_hour_in_full_motion_is_joined() -> None:
    t = np.arange(1500.0)
    assert join(NOON + t + np.where(t >= 700, 3600.0, 0.0), *northwards(t)).t == pytest.approx(NOON + 3600 + t, abs=1.0)


@pytest.mark.parametrize(("hours", "rests_s", "goes_m"), [(1.0, 30, 0), (1.02, 0, 0), (1.0, 0, 400)])
def test_an_hour_at_rest_or_of_another_length_or_to_another_place_is_a_break(hours, rests_s, goes_m) -> None:
    t = np.arange(1500.0)
    way = np.minimum(t, 700.0 - rests_s) + np.maximum(t - 700.0, 0.0) + np.where(t >= 700, goes_m / 3.0, 0.0)
    assert join(NOON + t + np.where(t >= 700, 3600.0 * hours, 0.0), *northwards(way)).moved == 0


def test_a_clock_set_back_and_on_again_moves_what_lies_between() -> None:
    t = np.arange(1500.0)
    found = join(NOON + t - np.where((t >= 500) & (t < 520), 7200.0, 0.0), *northwards(t))
    assert (found.moved, found.t.max() - found.t.min()) == (20, pytest.approx(1499.0, abs=2.0))


def test_a_recording_that_stands_twice_in_its_file_is_no_clock_that_was_set() -> None:
    t = np.tile(np.arange(1500.0), 2)
    assert join(NOON + t, *northwards(t)).moved == 0


def test_pieces_in_another_order_than_they_were_recorded_keep_their_times() -> None:
    t = np.concatenate([np.arange(a, a + 500.0) for a in (500.0, 0.0, 1500.0, 1000.0)])
    assert join(NOON + t, *northwards(t)).moved == 0


def test_a_clock_set_back_to_just_before_the_start_is_still_a_clock() -> None:
    t = np.concatenate((np.arange(1500.0), np.arange(-800.0, 0.0)))
    assert join(NOON + t, *northwards(np.arange(2300.0))).moved == 800


def test_a_recording_twice_over_whose_clock_was_set_is_not_taken_for_whole() -> None:
    t = np.concatenate((np.arange(300.0) - 20 * 86_400, np.arange(300.0) - 20 * 86_400, np.arange(1200.0)))
    places = np.concatenate((np.arange(300.0), np.arange(300.0), 300.0 + np.arange(1200.0)))
    assert join(NOON + t, *northwards(places)).moved > 0


def test_a_stray_time_is_left_to_cleaning() -> None:
    t = NOON + np.arange(600.0)
    t[300] += 9e8
    assert join(t).moved == 0


def test_times_in_order_stay_as_they_are() -> None:
    t = NOON + np.sort(np.random.default_rng(1).uniform(0, 80_000, 500))
    assert join(t).t is t


def test_other_times_of_the_recording_move_with_it() -> None:
    t = NOON + np.arange(1500.0)
    t[:300] -= 20 * 86_400
    found = join(t)
    lap_starts = np.array([t[0], t[150], t[400]])
    assert found.real(lap_starts) == pytest.approx([NOON, NOON + 150, NOON + 400], abs=1)


def test_a_first_time_a_hundredfold_gives_the_start() -> None:
    start = int(NOON * 1e6)
    us = np.array([start * 100, 1_000_000, 2_000_000, 3_000_000])
    found, mended = hundredfold(us, -1)
    assert mended
    assert found.tolist() == [start, start + 1_000_000, start + 2_000_000, start + 3_000_000]


def test_usual_times_are_no_hundredfold() -> None:
    us = (NOON * 1e6 + np.arange(10) * 1e6).astype(np.int64)
    assert not hundredfold(us, -1)[1]


@pytest.mark.parametrize(
    ("start", "is_wrong"),
    [
        (datetime(1989, 12, 31, tzinfo=UTC), True),
        (datetime(2000, 1, 1, 3, tzinfo=UTC), True),
        (datetime(2027, 11, 13, tzinfo=UTC), True),
        (datetime(2003, 5, 1, tzinfo=UTC), False),
        (NOW + timedelta(hours=13), False),
    ],
)
def test_only_a_clock_that_cannot_be_right_is_wrong(start: datetime, is_wrong: bool) -> None:
    assert (wrong([at(start)], NOW + timedelta(hours=26)) is not None) is is_wrong


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("2026-11-20-07-15-00.fit", datetime(2026, 11, 20, 6, 15, tzinfo=UTC)),
        ("export.zip!/runs/20261120T071530.gpx", datetime(2026, 11, 20, 6, 15, 30, tzinfo=UTC)),
        ("Run 2026-11-20 07.15.gpx", datetime(2026, 11, 20, 6, 15, tzinfo=UTC)),
        ("1989-12-31-00-02-00.fit", None),
        ("2031-01-01-10-00-00.fit", None),
        ("9876543210123.fit", None),
        ("morning run.fit", None),
    ],
)
def test_a_name_dates_a_file_only_where_it_states_day_and_time(name: str, start: datetime | None) -> None:
    found = named(name, "Europe/Berlin", NOW)
    assert (found.started_at if found else None) == start


RUN_ON = datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "reader", "stamp", "is_dated"),
    [
        ("2026-11-20-18-00-00.gpx", "gpx", None, True),
        ("2026-11-20.gpx", "gpx", None, True),
        ("run_20261120.tcx", "tcx", None, True),
        ("2026-11-23.gpx", "gpx", None, False),
        ("2007-04-06.gpx", "gpx", None, False),
        ("2026-02-30.gpx", "gpx", None, False),
        ("run.gpx", "gpx", RUN_ON, True),
        ("run.fit", "columnar", None, True),
        ("run.gpx", "gpx", None, False),
        ("2007-04-06-18-00-00.gpx", "gpx", RUN_ON - ROLLOVER, False),
    ],
)
def test_a_receiver_that_counts_weeks_anew_is_dated_where_something_else_says_so(path, reader, stamp, is_dated) -> None:
    recording = replace(at(RUN_ON - ROLLOVER), reader=reader, stamp=stamp)
    found = counted_anew([recording], path, "Europe/Berlin", NOW)
    assert (found.started_at if found else None) == (RUN_ON if is_dated else None)
    assert getattr(wrong([recording], NOW), "by_weeks", False)


@pytest.mark.parametrize(("serial", "is_dated"), [("3900000000", True), (None, False)])
def test_an_old_fit_file_is_dated_anew_where_a_watch_wrote_it_and_else_asked_about(serial, is_dated):
    began = RUN_ON - timedelta(days=200) - ROLLOVER
    recording = replace(at(began), reader="columnar", device=Device(serial=serial))
    assert (counted_anew([recording], "run.fit", "Europe/Berlin", NOW) is not None) == is_dated
    assert getattr(wrong([recording], NOW), "by_weeks", False)


@pytest.mark.parametrize("start", [datetime(2010, 5, 1, tzinfo=UTC), datetime(2003, 5, 1, tzinfo=UTC), RUN_ON])
def test_old_recordings_that_no_week_counter_explains_keep_their_days(start: datetime) -> None:
    recording = replace(at(start), reader="gpx")
    assert (counted_anew([recording], "run.gpx", "Europe/Berlin", NOW), wrong([recording], NOW)) == (None, None)


@pytest.mark.parametrize(
    ("start", "path", "is_dated"),
    [
        (datetime(2010, 1, 1, 0, 0, 40, tzinfo=UTC), "2026-11-20_18-00-00_Running.gpx", True),
        (datetime(2010, 1, 1, 0, 0, 40, tzinfo=UTC), "run.gpx", False),
        (datetime(2010, 1, 1, 0, 0, 40, tzinfo=UTC), "20100101_010040.gpx", False),
        (datetime(2026, 1, 1, 0, 0, 40, tzinfo=UTC), "2026-11-20_18-00-00.gpx", False),  # a run in the new year
        (datetime(2010, 1, 1, 7, 0, tzinfo=UTC), "2026-11-20_18-00-00.gpx", False),  # exported long after
        (datetime(2010, 5, 1, 0, 0, 40, tzinfo=UTC), "2026-11-20_18-00-00.gpx", False),
    ],
)
def test_a_clock_that_began_anew_with_a_year_is_dated_by_the_files_name(start, path, is_dated) -> None:
    found = by_its_file([at(start)], path, "Europe/Berlin", NOW, None)
    assert (found.started_at if found else None) == (RUN_ON if is_dated else None)


def test_a_run_in_the_new_year_with_places_keeps_its_day_whenever_its_file_was_named() -> None:
    start, place = datetime(2024, 1, 1, 0, 20, tzinfo=UTC), {"latitude_deg": [31.2], "longitude_deg": [121.5]}
    row = pl.DataFrame({"time": [start], **place}, schema_overrides={"time": SAMPLES["time"]})
    recording = replace(at(start), samples=pl.concat([pl.DataFrame(schema=SAMPLES), row], how="diagonal"))
    assert by_its_file([recording], "2026-11-20_18-00-00.gpx", "Asia/Shanghai", NOW, None) is None


def test_all_sessions_of_a_file_keep_their_distances() -> None:
    first, second = datetime(1989, 12, 31, tzinfo=UTC), datetime(1989, 12, 31, 1, tzinfo=UTC)
    found = dated([at(first), at(second)], Dating(NOW, "owner", "said"))
    assert [a.started_at for a in found] == [NOW, NOW + timedelta(hours=1)]


def test_a_stated_time_without_an_offset_is_local() -> None:
    assert stated("2026-11-25T18:00", "Europe/Berlin") == datetime(2026, 11, 25, 17, tzinfo=UTC)
    assert stated("2026-11-25T18:00+00:00", "Europe/Berlin") == datetime(2026, 11, 25, 18, tzinfo=UTC)
