"""Time, distance and pace of a recording, whatever the file is like."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.models.measuring.measure import measure
from steadymile.models.metrics.catalogue import CATALOGUE, Value
from steadymile.models.recording import BOUTS, SAMPLES, Stored

from tests.models.recordings import intervals, northwards, recording, steady


def value(activity: object, name: str) -> Value:
    return measure(activity).metrics[name]


def test_every_file_metric_has_a_value_or_a_reason() -> None:
    for activity in (steady(2.5), recording([]), recording([0.0]), steady(2.5, sport="cycling")):
        for name, found in measure(activity).metrics.items():
            assert (found.value is None) == bool(found.reason), name


def test_every_card_says_what_it_means_and_what_it_cannot_tell() -> None:
    for card in CATALOGUE.values():
        assert card.meaning.endswith("."), card.name
        assert len(card.meaning) > 10, card.name
        assert card.cannot_tell, card.name
        assert card.source, card.name
        assert card.needs or card.stage == "person", card.name
        assert card.evidence in {"strong", "moderate", "weak", "practice"}, card.name
        assert card.adds_up in {"sum", "mean", "max", "last", "none"}, card.name
        assert card.stage in {"file", "person"}, card.name


def test_ten_minutes_at_a_steady_speed() -> None:
    metrics = measure(steady(2.5, 600, cadence_spm=160.0)).metrics
    assert metrics["elapsed_s"].value == 600
    assert metrics["moving_s"].value == 600
    assert metrics["distance_m"].value == pytest.approx(1500)
    assert metrics["pace_s_per_km"].value == pytest.approx(400)
    assert metrics["running_s"].value == 600
    assert metrics["walking_s"].value == 0


def test_elapsed_is_from_the_first_sample_to_the_last() -> None:
    t = np.arange(30.0, 331.0)
    assert value(recording(t, distance_m=2.5 * t), "elapsed_s").value == 300


def test_elapsed_lasts_until_the_timer_stopped_where_samples_end_before() -> None:
    t = np.arange(0.0, 301.0)
    metrics = measure(recording(t, distance_m=1.4 * t, timer=((0.0, 900.0),))).metrics
    assert metrics["elapsed_s"].value == metrics["timer_s"].value == 900


def test_a_stop_counts_in_the_timer_but_not_as_moving() -> None:
    metrics = measure(intervals([(300, 2.5, 160), (120, 0.0, 0), (300, 2.5, 160)])).metrics
    assert metrics["timer_s"].value == 720
    assert metrics["moving_s"].value == pytest.approx(600, abs=6)


def test_a_pause_of_the_timer_is_elapsed_only() -> None:
    t = np.concatenate((np.arange(301.0), np.arange(900.0, 1201.0)))
    d = np.where(t <= 300, 2.5 * t, 2.5 * (t - 600))
    metrics = measure(recording(t, distance_m=d, timer=((0.0, 300.0), (900.0, 1200.0)))).metrics
    assert metrics["elapsed_s"].value == 1200
    assert metrics["timer_s"].value == 600
    assert metrics["moving_s"].value == 600
    assert metrics["distance_m"].value == pytest.approx(1500)


def test_walking_with_the_timer_stopped_is_not_measured() -> None:
    t = np.arange(901.0)
    activity = recording(t, distance_m=2.5 * t, cadence_spm=160.0, timer=((0.0, 300.0), (600.0, 900.0)))
    assert value(activity, "moving_s").value == pytest.approx(600, abs=3)


def test_timer_events_that_contradict_the_devices_total_are_not_believed() -> None:
    activity = steady(2.5, 600, timer=((0.0, 20.0),), stored=Stored(timer_s=600.0))
    assert value(activity, "timer_s").value == 600
    assert value(activity, "moving_s").value == 600


def test_smart_recording_gives_what_one_hertz_gives() -> None:
    t = np.arange(1201.0)
    d = np.cumsum(np.where((t // 200) % 2 == 0, 2.6, 1.4))
    keep = np.unique(np.concatenate((np.arange(0, 1201, 7), np.arange(0, 1201, 11))))
    dense = measure(recording(t, distance_m=d)).metrics
    smart = measure(recording(t[keep], distance_m=d[keep])).metrics
    for name in ("moving_s", "running_s", "walking_s", "distance_m", "pace_s_per_km"):
        assert smart[name].value == pytest.approx(dense[name].value, rel=0.03), name


def test_a_slow_walker_moves() -> None:
    assert value(steady(0.8, 600, sport="walking"), "moving_s").value == 600


def test_drift_of_a_receiver_at_rest_is_not_moving() -> None:
    r = np.random.default_rng(1)
    wander = np.cumsum(r.normal(0, 0.05, (2, 601)), axis=1)
    place = northwards(wander[0])
    activity = recording(np.arange(601.0), **place, sport="walking")
    assert value(activity, "moving_s").value < 60


def test_the_treadmills_calibrated_distance_wins_and_is_uncertain() -> None:
    activity = steady(2.62, 5000, sub_sport="treadmill", stored=Stored(distance_m=10_000.0), cadence_spm=160.0)
    metrics = measure(activity).metrics
    assert metrics["distance_m"].value == 10_000
    assert metrics["distance_m"].sd == pytest.approx(800)
    assert metrics["pace_s_per_km"].value == pytest.approx(500)
    assert metrics["elevation_gain_m"].reason == "recorded indoors, no altitude is meaningful"
    assert metrics["grade_adjusted_pace_s_per_km"].value is None
    assert metrics["longest_run_m"].value == pytest.approx(10_000)


def test_an_entry_made_by_hand_keeps_the_devices_totals() -> None:
    stored = Stored(distance_m=5000.0, elapsed_s=1900.0, timer_s=1850.0)
    metrics = measure(recording([], stored=stored)).metrics
    assert metrics["distance_m"] == Value(5000.0, source="device total")
    assert metrics["elapsed_s"] == Value(1900.0, source="device total")
    assert metrics["timer_s"] == Value(1850.0, source="device total")
    assert metrics["running_s"].value == 1850
    assert metrics["running_s"].source == "average pace"
    assert metrics["longest_run_s"].value is None
    assert metrics["pace_s_per_km"].value == pytest.approx(370)


def test_a_treadmill_entry_made_by_hand_is_as_uncertain_as_a_treadmill() -> None:
    stored = Stored(distance_m=1000.0, timer_s=1850.0)
    found = measure(recording([], sub_sport="treadmill", sport="generic", stored=stored)).metrics["distance_m"]
    assert found.sd == pytest.approx(80)


def test_bouts_carry_their_speed_and_heart_rate() -> None:
    hr = np.concatenate((np.full(300, 150.0), np.full(301, 120.0))) + np.sin(np.arange(601) / 5)
    bouts = measure(intervals([(300, 2.5, 160), (300, 1.4, 110)], heart_rate_bpm=hr)).bouts
    assert bouts["speed_m_s"].to_list() == pytest.approx([2.5, 1.4], abs=0.02)
    assert bouts["heart_rate_mean_bpm"].to_list() == pytest.approx([150, 120], abs=1)
    assert bouts["start_s"].to_list() == pytest.approx([0, 300], abs=2)


@pytest.mark.parametrize(
    ("sport", "metres", "running", "walking"),
    [
        ("running", 5000.0, 1850.0, 0.0),  # 2.7 m/s: nobody walks that
        ("running", 3500.0, None, None),  # 1.9 m/s: a slow run or a brisk walk
        ("running", 2000.0, None, None),  # 1.1 m/s: a walk, or a run with long stops
        ("walking", 2500.0, 0.0, 1850.0),
        ("walking", 900.0, None, None),  # 0.5 m/s: mostly standing
        ("unknown", 5000.0, None, None),
        ("running", 20000.0, None, None),  # 10.8 m/s: not on foot
    ],
)
def test_an_average_tells_running_only_where_it_can(
    sport: str, metres: float, running: float | None, walking: float | None
) -> None:
    metrics = measure(recording([], sport=sport, stored=Stored(distance_m=metres, timer_s=1850.0))).metrics
    assert metrics["running_s"].value == running
    assert metrics["walking_s"].value == walking


def test_moving_time_of_an_entry_is_the_devices_where_it_states_one() -> None:
    stated = Stored(distance_m=5000.0, timer_s=1850.0, moving_s=1800.0)
    assert value(recording([], stored=stated), "moving_s") == Value(1800.0, source="device total")
    unstated = Stored(distance_m=5000.0, timer_s=1850.0)
    assert value(recording([], stored=unstated), "moving_s") == Value(1850.0, sd=185.0, source="average pace")


def test_an_entry_made_by_hand_without_numbers_has_reasons_only() -> None:
    measured = measure(recording([]))
    assert all(v.value is None and v.reason for v in measured.metrics.values())
    assert measured.samples.schema == SAMPLES
    assert measured.bouts.schema == BOUTS


def test_few_samples_in_a_long_run_do_not_make_it_a_short_one() -> None:
    activity = recording(
        [0.0, 900.0, 905.0, 910.0, 2600.0],
        distance_m=[0.0, 2500.0, 2514.0, 2528.0, 7200.0],
        timer=((0.0, 2600.0),),
        stored=Stored(distance_m=7200.0, timer_s=2600.0),
    )
    metrics = measure(activity).metrics
    assert metrics["distance_m"].value == 7200
    assert metrics["pace_s_per_km"].value == pytest.approx(2600 / 7.2)
    assert metrics["running_s"].value == 2600
    assert metrics["running_s"].sd == pytest.approx(260)
    assert metrics["mile_done"].value is None
    assert "samples cover 0 %" in (metrics["mile_done"].reason or "")


def test_a_recording_of_heart_rate_alone_cannot_tell_moving() -> None:
    metrics = measure(recording(np.arange(601.0), heart_rate_bpm=130.0)).metrics
    assert metrics["moving_s"].value is None
    assert metrics["running_s"].value is None
    assert metrics["elapsed_s"].value == 600


def test_steps_alone_tell_moving_and_running() -> None:
    cadence = np.where(np.arange(601) < 300, 160.0, 110.0)
    metrics = measure(recording(np.arange(601.0), cadence_spm=cadence)).metrics
    assert metrics["running_s"].value == pytest.approx(300, abs=8)
    assert metrics["distance_m"].value is None
    assert metrics["longest_run_m"].reason == "no distance was recorded"


def test_cycling_has_no_running() -> None:
    metrics = measure(steady(7.0, 600, sport="cycling", cadence_spm=85.0)).metrics
    assert metrics["running_s"].reason == "not a sport on foot"
    assert metrics["distance_m"].value == pytest.approx(4200)


def test_a_counter_of_pool_lengths_does_not_make_a_swimmer_stand() -> None:
    t = np.arange(1200.0)
    found = measure(recording(t, sport="swimming", distance_m=25 * np.floor(t / 40), heart_rate_bpm=130 + np.sin(t)))
    assert found.digest.heart_rate_s is not None
    assert found.digest.heart_rate_s.sum() == pytest.approx(1199)
    assert found.metrics["distance_m"].value == 725


def test_a_file_without_a_sport_that_is_fast_for_ten_minutes_is_not_on_foot() -> None:
    assert value(steady(6.0, 900, sport="unknown"), "running_s").value is None
    assert value(steady(2.8, 900, sport="unknown", cadence_spm=160.0), "running_s").value == 900


def test_the_order_of_rows_does_not_matter() -> None:
    t = np.arange(301.0)
    columns = {"distance_m": 2.5 * t, "heart_rate_bpm": 120 + t / 10, "altitude_m": 100 + t / 20}
    straight = measure(recording(t, **columns))
    shuffled = measure(recording(t, shuffle=np.random.default_rng(0).permutation(301), **columns))
    assert {k: v.value for k, v in straight.metrics.items()} == {k: v.value for k, v in shuffled.metrics.items()}


def test_heart_rate_histograms_hold_all_seconds_that_were_heard() -> None:
    digest = measure(steady(2.5, 600, heart_rate_bpm=140.0, cadence_spm=160.0)).digest
    assert digest.heart_rate_s is not None
    assert digest.run_heart_rate_s is not None
    assert digest.heart_rate_s[140] == digest.run_heart_rate_s[140] == 600
    assert digest.coverage == 1.0


def test_the_digest_has_its_stated_shape() -> None:
    digest = measure(steady(2.5, 600, heart_rate_bpm=140.0, cadence_spm=160.0)).digest
    assert digest.heart_rate_s is not None
    assert digest.energy_s is not None
    assert (digest.heart_rate_s.size, digest.energy_s.size) == (256, 200)


def test_means_over_running_leave_out_the_first_five_minutes() -> None:
    hr = np.where(np.arange(901) < 320, 120.0, 150.0) + np.sin(np.arange(901) / 5)
    z = 100 + 0.06 * 2.5 * np.arange(901.0)
    digest = measure(steady(2.5, 900, heart_rate_bpm=hr, altitude_m=z, cadence_spm=160.0)).digest
    assert digest.run_heart_rate_bpm == pytest.approx((20 * 120 + 580 * 150) / 600, abs=0.3)
    assert digest.run_grade_adjusted_speed_m_s == pytest.approx(2.5 * 1.228, rel=0.01)


def test_less_than_a_minute_after_the_warm_up_is_no_mean() -> None:
    assert measure(steady(2.5, 350, heart_rate_bpm=140.0, cadence_spm=160.0)).digest.run_heart_rate_bpm is None


def test_coverage_counts_moving_time_without_heart_rate() -> None:
    hr = np.full(601, 140.0)
    hr[300:] = np.nan
    assert measure(steady(2.5, 600, heart_rate_bpm=hr)).digest.coverage == pytest.approx(0.5, abs=0.02)


def test_energy_of_level_running_lies_where_the_formula_says() -> None:
    digest = measure(steady(2.5, 600, cadence_spm=160.0)).digest
    assert digest.energy_s is not None
    # 3.6 J/kg/m * 2.5 m/s * 60 / 20.9 J/mL = 25.84 mL/kg/min
    assert digest.energy_s[51] == 600
    assert digest.energy_s.sum() == 600


def test_energy_of_level_walking_lies_where_the_formula_says() -> None:
    digest = measure(steady(1.34, 600, sport="walking", cadence_spm=110.0)).digest
    assert digest.energy_s is not None
    # 4.414 W/kg * 60 / 20.9 - 3.5 = 9.17 mL/kg/min
    assert digest.energy_s[18] == 600


def test_long_steady_stretches_become_segments() -> None:
    pattern = [(240, 2.6, 160), (60, 1.4, 110), (240, 2.6, 160), (300, 1.4, 110)]
    digest = measure(intervals(pattern, heart_rate_bpm=140 + np.sin(np.arange(841) / 7))).digest
    assert [s.kind for s in digest.segments] == ["run", "run", "walk"]
    assert digest.segments[0].duration_s == pytest.approx(240, abs=6)
    assert digest.segments[0].heart_rate_bpm == pytest.approx(140, abs=0.3)


numbers = st.one_of(
    st.none(), st.floats(-1e4, 1e4), st.sampled_from([float("nan"), float("inf"), -500.0, 0.0, 255.0, 1e300])
)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), sport=st.sampled_from(["running", "walking", "hiking", "cycling", "unknown", "swimming"]))
def test_no_file_is_too_odd_to_measure(data: st.DataObject, sport: str) -> None:
    n = data.draw(st.integers(0, 40))
    step = st.sampled_from([0.0, 0.001, 1.0, 1.0, 1.0, 6.0, 61.0, -1.0, -30.0, 4e3, 1e6])
    t = np.cumsum(data.draw(st.lists(step, min_size=n, max_size=n)) or [])
    names = [n for n in SAMPLES if n not in ("time", "t_s", "flags")]
    columns = {
        name: np.array([np.nan if v is None else v for v in data.draw(st.lists(numbers, min_size=n, max_size=n))])
        for name in data.draw(st.sets(st.sampled_from(names)))
    }
    timer = data.draw(st.sampled_from([None, ((0.0, 5.0),), ((0.0, 5.0), (9.0, 1e3)), ((-5.0, 2e6),), ()]))
    measured = measure(recording(t, sport=sport, timer=timer, **columns))
    for name, found in measured.metrics.items():
        assert (found.value is None) == bool(found.reason), name
        assert found.value is None or np.isfinite(found.value), name
    floats = [c for c in measured.samples.columns if measured.samples.schema[c].is_float()]
    assert not any(measured.samples[c].is_nan().any() for c in floats)
    got = {k: v.value for k, v in measured.metrics.items()}
    if got["moving_s"] is not None and got["running_s"] is not None:
        assert got["running_s"] + got["walking_s"] == pytest.approx(got["moving_s"], abs=1e-6)
    if got["moving_s"] is not None and measured.metrics["timer_s"].source == "recorded time without gaps":
        assert got["moving_s"] <= got["timer_s"] + 1e-6


def test_a_timer_that_ran_on_after_all_of_the_way_leaves_the_run_known() -> None:
    t = np.arange(1801.0)
    stored = Stored(distance_m=2.7 * 1800, timer_s=20_000.0, elapsed_s=20_000.0)
    found = measure(recording(t, distance_m=2.7 * t, cadence_spm=166.0, stored=stored)).metrics
    assert (found["moving_s"].value, found["longest_run_s"].value) == (pytest.approx(1800), pytest.approx(1800))
    assert (found["gap_share"].value or 0.0) > 0.9
    part = replace(stored, distance_m=2.7 * 6000)
    assert measure(recording(t, distance_m=2.7 * t, cadence_spm=166.0, stored=part)).metrics["running_s"].value is None


def test_steps_without_a_distance_leave_the_distance_unknown() -> None:
    found = measure(recording(np.arange(600.0), cadence_spm=166.0, stored=Stored(distance_m=0.0))).metrics
    assert (found["distance_m"].value, found["running_s"].value) == (None, pytest.approx(599))


def test_the_cadence_of_one_foot_is_doubled_where_the_file_names_no_sport() -> None:
    t = np.arange(600.0)
    found = measure(recording(t, sport="unknown", distance_m=2.7 * t, cadence_spm=83.0)).metrics
    assert found["cadence_mean_spm"].value == pytest.approx(166.0)
