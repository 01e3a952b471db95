"""What a runner gets out of FIT files: activities with their share of samples, pauses, laps, beats and words."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.ingest.barometers import has_barometer
from steadymile.ingest.fit.reader import read_fit
from steadymile.ingest.formats import read
from steadymile.ingest.reading import Unreadable
from steadymile.models.recording import SAMPLES, Flag

from tests.ingest.fit_making import (
    BYTE,
    ENUM,
    SINT32,
    STRING,
    T0,
    UINT8,
    UINT16,
    UINT32,
    Fit,
    add_session,
    file_id,
    run,
)

START = datetime(2021, 9, 8, 1, 46, 40, tzinfo=UTC)


def test_a_run_comes_in_with_time_sport_device_and_identity() -> None:
    (activity,) = read_fit(run().bytes()).activities
    assert activity.started_at == START
    assert (activity.sport, activity.sub_sport, activity.reader) == ("running", None, "columnar")
    assert activity.device.name == "garmin fenix6"
    assert (activity.device.barometer, activity.identity) == (True, f"1234:{T0}")


@pytest.mark.parametrize(
    ("model", "known"),
    [
        ("fenix6", True),
        ("fr245", False),
        ("fr2450", None),
        ("venu2", True),
        ("venusq", False),
        ("venusq2", False),
        ("edge_mtb", True),
        ("Garmin Forerunner 935", True),
        ("Garmin f\u0113nix 6X Pro", True),
        ("Forerunner 245 Music", False),
        ("Polar M400", False),
        ("ELEMNT BOLT", True),
        ("iPhone12,1", False),
        ("Watch6,14", False),
        ("StravaGPX iPhone", False),
        ("StravaGPX", None),
        ("Garmin Connect", None),
    ],
)
def test_heights_by_air_pressure_are_claimed_only_for_models_known_to_write_them(
    model: str, known: bool | None
) -> None:
    assert has_barometer(model) is known


def test_a_model_younger_than_the_profile_has_its_name() -> None:
    fit = Fit().define(0, 0, [(0, ENUM), (1, UINT16), (2, UINT16)]).data(0, 4, 1, 4655)
    assert read_fit(run(fit=fit).bytes()).activities[0].device.name == "garmin edge_mtb"


def test_the_maker_is_not_named_twice() -> None:
    fit = Fit().define(0, 0, [(0, ENUM), (1, UINT16), (8, STRING, 16)]).data(0, 4, 294, "COROS PACE 2")
    (activity,) = read_fit(run(fit=fit).bytes()).activities
    assert activity.device.name == "coros PACE 2"
    assert (activity.device.barometer, activity.identity) == (True, None)


def test_samples_follow_the_schema_in_si_units() -> None:
    (activity,) = read_fit(run().bytes()).activities
    assert activity.samples.schema == SAMPLES
    last = activity.samples.row(-1, named=True)
    wanted = {"t_s": 60.0, "distance_m": 180.0, "speed_m_s": 3.0, "altitude_m": 100.0, "heart_rate_bpm": 150.0}
    assert {name: last[name] for name in wanted} == wanted
    assert last["power_w"] is None


def test_cadence_on_foot_counts_both_feet() -> None:
    (activity,) = read_fit(run().bytes()).activities
    assert activity.samples["cadence_spm"].unique().to_list() == [160.0]


def test_cadence_on_a_bicycle_counts_turns() -> None:
    (activity,) = read_fit(run(sport=2).bytes()).activities
    assert activity.samples["cadence_spm"].unique().to_list() == [80.0]


def test_rpe_and_feel_of_the_watch_are_on_their_own_scales() -> None:
    (activity,) = read_fit(run().bytes()).activities
    assert (activity.rpe, activity.feel) == (3.0, 75.0)


def test_the_devices_own_totals_are_kept() -> None:
    stored = read_fit(run().bytes()).activities[0].stored
    assert (stored.distance_m, stored.timer_s, stored.heart_rate_mean_bpm) == (180.0, 60.0, 150.0)
    assert stored.elevation_gain_m is None


@pytest.mark.parametrize(
    ("sport", "sub_sport", "words"),
    [
        (4, 15, ("elliptical", None)),  # fitness equipment
        (4, 14, ("rowing", "indoor_rowing")),
        (4, 1, ("running", "treadmill")),
        (10, 20, ("strength_training", None)),  # training
        (10, 43, ("yoga", None)),
        (10, 26, ("training", "cardio_training")),
        (0, 3, ("running", "trail")),
    ],
)
def test_a_vague_sport_is_what_its_sub_sport_says(sport: int, sub_sport: int, words: tuple[str, str | None]) -> None:
    fit = add_session(run(session=False), T0, 60, sport, sub_sport)
    (activity,) = read_fit(fit.bytes()).activities
    assert (activity.sport, activity.sub_sport) == words


def test_the_calibrated_treadmill_distance_stands_in_the_totals() -> None:
    fit = run(session=False)
    add_session(fit, T0, 60, sub_sport=1)
    fit.body[-7:-3] = (15_000).to_bytes(4, "little")  # 150 m by the runner's word, 180 m by the last sample
    (activity,) = read_fit(fit.bytes()).activities
    assert (activity.sub_sport, activity.stored.distance_m) == ("treadmill", 150.0)
    assert activity.samples["distance_m"].max() == 180.0


def test_plain_fields_serve_where_enhanced_ones_are_unknown() -> None:
    fit = file_id(Fit()).define(1, 20, [(253, UINT32), (2, UINT16), (78, UINT32)])
    fit.data(1, T0, 3000, 0xFFFFFFFF).data(1, T0 + 1, 3000, 3005)
    samples = read_fit(fit.bytes()).activities[0].samples
    assert samples["altitude_m"].to_list() == [100.0, 101.0]


def test_positions_are_degrees() -> None:
    fit = file_id(Fit()).define(1, 20, [(253, UINT32), (0, SINT32), (1, SINT32)])
    fit.data(1, T0, 2**29, -(2**30))
    samples = read_fit(fit.bytes()).activities[0].samples
    assert samples.select("latitude_deg", "longitude_deg").row(0) == (45.0, -90.0)


def paused(stop: int, again: int, end: int) -> Fit:
    fit = file_id(Fit()).define(1, 21, [(253, UINT32), (0, ENUM), (1, ENUM)]).define(2, 20, [(253, UINT32), (3, UINT8)])
    fit.data(1, T0, 0, 0)
    for s in range(end + 1):
        if s == stop:
            fit.data(1, T0 + s, 0, 4)
        if s == again:
            fit.data(1, T0 + s, 0, 0)
        fit.data(2, T0 + s, 120)
    return fit.data(1, T0 + end, 0, 4)


def test_pauses_come_from_timer_events() -> None:
    (activity,) = read_fit(paused(20, 50, 100).bytes()).activities
    assert activity.timer == ((0.0, 20.0), (50.0, 100.0))


def test_pauses_that_contradict_the_timer_total_are_not_believed() -> None:
    fit = paused(20, 50, 100)
    add_session(fit, T0, 100)  # the session claims a timer of 100 s, the events say 70
    (activity,) = read_fit(fit.bytes()).activities
    assert activity.timer is None
    assert "do not add up" in activity.notes[0]


def test_a_file_without_timer_events_says_nothing_of_pauses() -> None:
    fit = file_id(Fit()).define(1, 20, [(253, UINT32)]).data(1, T0).data(1, T0 + 10)
    assert read_fit(fit.bytes()).activities[0].timer is None


def test_the_local_clock_gives_the_offset() -> None:
    fit = run()
    fit.define(4, 34, [(253, UINT32), (5, UINT32)]).data(4, T0 + 60, T0 + 60 + 5 * 3600 + 1803)
    (activity,) = read_fit(fit.bytes()).activities
    assert (activity.utc_offset_s, activity.utc_offset_source) == (19800, "fit_local_timestamp")


def test_an_absurd_local_clock_is_not_believed() -> None:
    fit = run()
    fit.define(4, 34, [(253, UINT32), (5, UINT32)]).data(4, T0, T0 + 40 * 3600)
    reading = read_fit(fit.bytes())
    assert reading.activities[0].utc_offset_s is None
    assert "14 hours" in reading.notes[0]


def test_each_session_of_a_multisport_file_gets_its_own_samples() -> None:
    fit = file_id(Fit()).define(1, 20, [(253, UINT32), (3, UINT8)])
    for s in range(100):
        fit.data(1, T0 + s, 100 + s)
    add_session(fit, T0 + 50, 49, sport=1)
    add_session(fit, T0, 50, sport=11)
    walk, jog = read_fit(fit.bytes()).activities
    assert [(a.sport, a.index, a.samples.height) for a in (walk, jog)] == [("walking", 0, 50), ("running", 1, 50)]
    assert jog.samples["heart_rate_bpm"].min() == 150.0


@pytest.mark.parametrize(
    ("whole_s", "sports"),
    [
        (100, ["running", "cycling"]),
        (120, ["running", "cycling"]),
        (200, ["running", "multisport", "cycling"]),  # most of it is in none of the others
        (60, ["multisport", "running", "cycling"]),
    ],
)
def test_a_session_that_adds_up_the_others_is_left_out(whole_s: int, sports: list[str]) -> None:
    fit = file_id(Fit()).define(1, 20, [(253, UINT32), (3, UINT8)])
    for s in range(100):
        fit.data(1, T0 + s, 100 + s)
    for start, seconds, sport in ((0, whole_s, 18), (0, 49, 1), (50, 50, 2)):
        add_session(fit, T0 + start, seconds, sport=sport)
    reading = read_fit(fit.bytes())
    assert sorted(a.sport for a in reading.activities) == sorted(sports)
    assert ("adds up" in " ".join(reading.notes)) == (len(sports) == 2)


def test_chained_recordings_are_separate_activities() -> None:
    data = run().bytes() + run(start=T0 + 5000, seconds=10).bytes()
    assert [a.samples.height for a in read_fit(data).activities] == [61, 11]
    assert [a.index for a in read_fit(data).activities] == [0, 1]


def test_a_manual_entry_is_an_activity_without_samples() -> None:
    (activity,) = read_fit(add_session(file_id(Fit(big=True)), T0, 1800).bytes()).activities
    assert (activity.samples.height, activity.samples.schema) == (0, SAMPLES)
    assert (activity.stored.distance_m, activity.stored.elapsed_s) == (5400.0, 1800.0)


def test_samples_without_a_session_are_an_activity_of_unknown_sport() -> None:
    (activity,) = read_fit(run(session=False).bytes()).activities
    assert (activity.sport, activity.stored.elapsed_s, activity.samples.height) == ("unknown", 60.0, 61)


def test_a_number_without_a_name_is_an_unknown_sport_with_a_note() -> None:
    (activity,) = read_fit(run(sport=251).bytes()).activities
    assert (activity.sport, activity.notes) == ("unknown", ("sport number 251 has no name yet",))


def test_laps_keep_the_devices_words() -> None:
    fit = run()
    fit.define(5, 19, [(2, UINT32), (7, UINT32), (9, UINT32), (24, ENUM)])
    fit.data(5, T0, 30_000, 9_000, 0).data(5, T0 + 30, 30_000, 9_000, 7)
    laps = read_fit(fit.bytes()).activities[0].laps
    assert laps["elapsed_s"].to_list() == [30.0, 30.0]
    assert laps["trigger"].to_list() == ["manual", "session_end"]
    assert laps["heart_rate_mean_bpm"].to_list() == [None, None]


def test_beat_intervals_are_in_order_and_without_gaps() -> None:
    fit = run()
    fit.define(5, 78, [(0, UINT16, 6)]).data(5, [800, 810, 65535]).data(5, [820, 65535, 65535])
    intervals = read_fit(fit.bytes()).activities[0].rr_s
    assert intervals is not None
    assert intervals.tolist() == [0.8, 0.81, 0.82]


def test_the_straps_own_beats_fill_samples_without_heart_rate() -> None:
    fit = file_id(Fit()).define(1, 20, [(253, UINT32), (3, UINT8)])
    for s in range(6):
        fit.data(1, T0 + s, 90 if s == 0 else 255)
    fit.define(2, 132, [(253, UINT32), (9, UINT32), (6, UINT8)]).data(2, T0, 5000, 100)
    fit.define(3, 132, [(6, UINT8, 2), (10, BYTE, 3)])
    ticks = [(5000 + 1024) & 0xFFF, (5000 + 3 * 1024) & 0xFFF]
    fit.data(3, [110, 130], (ticks[0] | ticks[1] << 12).to_bytes(3, "little"))
    samples = read_fit(fit.bytes()).activities[0].samples
    assert samples["heart_rate_bpm"].to_list() == [90.0, 110.0, 110.0, 130.0, 130.0, 130.0]
    assert samples["flags"].to_list() == [0] + [int(Flag.HR_FROM_STRAP)] * 5


def test_a_developer_field_stands_in_for_a_missing_native_one() -> None:
    fit = file_id(Fit()).define(1, 206, [(0, UINT8), (1, UINT8), (2, UINT8), (3, STRING, 8), (15, UINT8)])
    fit.data(1, 0, 5, UINT16, "Power", 7).define(2, 20, [(253, UINT32)], developer=[(5, 2, 0, UINT16)])
    fit.data(2, T0, 250)
    assert read_fit(fit.bytes()).activities[0].samples["power_w"].to_list() == [250.0]


def test_a_developer_field_fills_what_the_native_one_lacks() -> None:
    fit = file_id(Fit()).define(1, 207, [(3, UINT8), (1, BYTE, 16)]).data(1, 0, bytes(16))
    fit.define(1, 206, [(0, UINT8), (1, UINT8), (2, UINT8), (15, UINT8)]).data(1, 0, 7, UINT8, 3)
    fit.define(2, 20, [(253, UINT32), (3, UINT8)], [(7, 1, 0, UINT8)]).data(2, T0, 120, 99).data(2, T0 + 1, 255, 130)
    assert read_fit(fit.bytes()).activities[0].samples["heart_rate_bpm"].to_list() == [120.0, 130.0]


def test_the_workout_that_was_followed_is_named() -> None:
    fit = run().define(6, 26, [(8, STRING, 16)]).data(6, "Week 3 run 1")
    assert read_fit(fit.bytes()).activities[0].workout == "Week 3 run 1"


@pytest.mark.parametrize(("kind", "word"), [(5, "workout"), (6, "course"), (2, "settings"), (11, "goals")])
def test_files_of_no_use_say_what_they_are(kind: int, word: str) -> None:
    reading = read_fit(file_id(Fit(), kind=kind).bytes())
    assert reading.activities == ()
    assert reading.what == f"FIT {word}"
    assert reading.ignored


def test_a_course_with_samples_is_still_no_activity() -> None:
    assert read_fit(run(session=False, fit=file_id(Fit(), kind=6)).bytes()).activities == ()


def test_a_truncated_run_keeps_what_it_has_and_says_so() -> None:
    data = run().bytes()
    reading = read_fit(data[:400])
    assert reading.activities[0].samples.height == 16  # 95 bytes before the first, 19 each
    assert reading.salvaged is not None
    assert reading.salvaged_offset is not None
    assert 380 < reading.salvaged_offset <= 400


def test_an_empty_file_is_refused_with_a_next_step() -> None:
    with pytest.raises(Unreadable, match="empty") as refusal:
        read_fit(b"")
    assert refusal.value.what_to_do


def test_something_else_is_refused_as_not_fit() -> None:
    with pytest.raises(Unreadable, match="not a FIT file"):
        read_fit(b"<?xml version='1.0'?><gpx></gpx>")


def test_a_header_alone_is_refused() -> None:
    with pytest.raises(Unreadable, match="nothing else"):
        read_fit(Fit().bytes())


def test_the_companion_files_of_macos_are_passed_over() -> None:
    assert read_fit(b"\x00\x05\x16\x07" + bytes(174)).ignored


def plain_records(fit: Fit, times: range, local: int = 2) -> Fit:
    """Samples at 3 m/s with heart rate 140."""
    fit.define(local, 20, [(253, UINT32), (3, UINT8), (5, UINT32)])
    for n, t in enumerate(times):
        fit.data(local, t, 140, 300 * n)
    return fit


def test_a_clock_set_during_the_run_is_counted_back_to_its_start() -> None:
    fit = plain_records(plain_records(file_id(Fit(), created=60), range(100, 130)), range(T0 + 30, T0 + 60))
    fit.define(3, 18, [(253, UINT32), (2, UINT32), (5, ENUM), (7, UINT32)]).data(3, T0 + 60, 100, 1, 60_000)
    (only,) = read_fit(fit.bytes()).activities
    assert (only.started_at, only.samples["t_s"].to_list()) == (
        datetime(2021, 9, 8, 1, 46, 40, tzinfo=UTC),
        [*range(60)],
    )
    reading = read(fit.bytes(), "x.fit")
    assert "clock was set during the recording" in reading.notes[0]
    assert reading.code == "clock"


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_session_written_in_local_time_begins_with_its_samples(hours: int) -> None:
    fit = add_session(plain_records(file_id(Fit()), range(T0, T0 + 60)), T0 + hours * 3600, 60)
    (only,) = read_fit(fit.bytes()).activities
    assert (only.started_at, only.samples["t_s"][0]) == (START, 0.0)


def test_laps_alone_are_an_activity() -> None:
    fit = file_id(Fit())
    fit.define(4, 19, [(253, UINT32), (2, UINT32), (7, UINT32), (8, UINT32), (9, UINT32), (25, ENUM)])
    for n in range(3):
        fit.data(4, T0 + 300 * (n + 1), T0 + 300 * n, 300_000, 290_000, 100_000, 1)
    (only,) = read_fit(fit.bytes()).activities
    assert (only.sport, only.laps.height) == ("running", 3)
    assert (only.stored.distance_m, only.stored.elapsed_s, only.stored.timer_s) == (3000.0, 900.0, 870.0)


def test_a_session_that_is_written_twice_is_one() -> None:
    assert len(read_fit(add_session(run(), T0, 60).bytes()).activities) == 1


def test_short_times_without_a_full_one_roll_on_from_when_the_file_was_made() -> None:
    fit = file_id(Fit()).define(2, 20, [(3, UINT8)])
    for s in range(1, 100):
        fit.data(2, 140, compressed=(T0 + s) & 31)
    (only,) = read_fit(fit.bytes()).activities
    assert (only.started_at, only.samples["t_s"][-1]) == (datetime(2021, 9, 8, 1, 46, 41, tzinfo=UTC), 98.0)


def test_a_clock_that_was_never_set_is_noted() -> None:
    (activity,) = read_fit(run(start=500, fit=file_id(Fit(), created=480)).bytes()).activities
    assert "clock was not set" in activity.notes[0]
    assert activity.identity is None


def test_samples_of_the_year_2106_end_quickly_and_do_not_stretch_the_session() -> None:
    fit = run(session=False)
    fit.data(2, 0xFFFFFFF0, 150, 80, 0, 0, 0)
    add_session(fit, T0, 60)
    (activity,) = read_fit(fit.bytes()).activities
    assert activity.timer == ((0.0, 60.0),)


def test_when_the_columnar_reader_fails_fitparse_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    data = run().bytes()
    ours = read_fit(data).activities[0]

    def broken(_: bytes) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("steadymile.ingest.fit.reader.decode", broken)
    (theirs,) = read_fit(data).activities
    assert theirs.reader == "fitparse"
    assert theirs.samples.equals(ours.samples)
    assert (theirs.stored, theirs.timer, theirs.device, theirs.rpe) == (ours.stored, ours.timer, ours.device, ours.rpe)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_raises_anything_but_a_refusal(data: st.DataObject) -> None:
    whole = bytearray(_SAMPLE)
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(1, len(whole)))])
    try:
        reading = read_fit(cut)
    except Unreadable:
        return
    for activity in reading.activities:
        assert activity.reader == "columnar", "the columnar reader failed and fitparse stood in"
        for name in ("t_s", "heart_rate_bpm", "distance_m", "speed_m_s"):
            assert not any(math.isnan(v) for v in activity.samples[name].drop_nulls())


_SAMPLE = run(seconds=12).define(7, 55, [(253, UINT32), (3, UINT32), (5, ENUM)]).data(7, T0, 55, 6).bytes()


def test_absurdly_many_sessions_are_read_up_to_a_limit() -> None:
    fit = run(seconds=3, session=False)
    for i in range(3000):
        add_session(fit, T0 + i, 1)
    reading = read_fit(fit.bytes(crc=False) + b"\0\0")
    assert len(reading.activities) == 200
    assert "3,000 sessions" in reading.notes[0]


def test_thousands_of_layouts_of_one_message_end_quickly() -> None:
    fit = file_id(Fit())
    for i in range(8000):
        fit.define(1, 20, [(253, UINT32), (3, UINT8), (100 + i % 100, UINT8), (110 + i // 100, UINT8)])
        fit.data(1, T0 + i, 100, 1, 2)
    begun = time.process_time()
    (activity,) = read_fit(fit.bytes(crc=False) + b"\0\0").activities
    assert activity.samples.height == 8000
    assert time.process_time() - begun < 20


def test_thousands_of_descriptions_of_one_field_end_quickly() -> None:
    fit = file_id(Fit()).define(1, 206, [(0, UINT8), (1, UINT8), (2, UINT8), (3, STRING, 4)])
    for _ in range(20_000):
        fit.data(1, 0, 5, UINT16, "abc")
    for i in range(2000):
        fit.define(2, 20, [(253, UINT32), (i % 250, UINT8)], developer=[(5, 2, 0, UINT16)]).data(2, T0 + i, 1, 7)
    begun = time.process_time()
    assert read_fit(fit.bytes(crc=False) + b"\0\0").activities
    assert time.process_time() - begun < 20
