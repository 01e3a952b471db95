"""Single metrics at their edges: each limit from both sides, each spread, each longest of several."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from steadymile.models.measuring.measure import measure
from steadymile.models.metrics import person
from steadymile.models.metrics.catalogue import Value
from steadymile.models.metrics.extra_load import ExtraLoad, extra_load_ratio, impact_ratio
from steadymile.models.metrics.found import FUNCTIONS
from steadymile.models.metrics.person import PersonSession
from steadymile.models.physiology.trimp import EDWARDS_EDGES
from steadymile.models.recording import Activity, Stored

from tests.models.recordings import intervals, northwards, recording, steady


def of(activity: Activity, name: str) -> Value:
    return measure(activity).metrics[name]


# running and walking


@pytest.mark.parametrize(("seconds", "known"), [(56, False), (64, True)])
def test_usual_running_speed_takes_a_minute_of_running(seconds: int, known: bool) -> None:
    found = of(intervals([(300, 1.3, 110), (seconds, 2.5, 165), (300, 1.3, 110)]), "run_speed_m_s")
    assert (found.value is not None) is known
    assert found.reason == (None if known else "less than a minute was run")


def test_the_longest_of_several_runs_counts() -> None:
    found = measure(intervals([(120, 2.5, 165), (60, 1.3, 110), (400, 2.5, 165), (60, 1.3, 110), (200, 2.5, 165)]))
    assert found.metrics["longest_run_s"].value == pytest.approx(400, abs=4)
    assert found.metrics["longest_run_m"].value == pytest.approx(1000, abs=12)
    assert found.metrics["walk_breaks"].value == 2


def test_a_walk_has_a_longest_run_of_nothing() -> None:
    found = measure(steady(1.3, 600, cadence_spm=110.0, sport="walking")).metrics
    assert (found["longest_run_s"].value, found["longest_run_m"].value, found["mile_done"].value) == (0.0, 0.0, 0.0)
    assert found["walk_breaks"].value == 0.0


def test_a_treadmills_spread_is_eight_percent_of_each_distance() -> None:
    found = measure(steady(2.5, 4000, sub_sport="treadmill", cadence_spm=160.0)).metrics
    assert found["distance_m"] == Value(10_000.0, sd=800.0, source=found["distance_m"].source)
    assert found["longest_run_m"].sd == pytest.approx(800.0, rel=1e-3)
    assert found["pace_s_per_km"].sd == pytest.approx(0.08 * 400.0)
    assert found["best_5km_s"].sd == pytest.approx(0.08 * 2000.0)
    assert found["best_30min_m"].sd == pytest.approx(0.08 * 4500.0)


def test_an_entry_made_by_hand_has_its_average_as_usual_speed_and_no_other() -> None:
    found = measure(recording([], stored=Stored(distance_m=5000.0, timer_s=2000.0))).metrics
    assert found["run_speed_m_s"] == Value(2.5, sd=0.25, source="average pace")
    assert found["walk_speed_m_s"].value is None


def test_steps_without_distance_have_no_speed() -> None:
    found = of(recording(np.arange(601.0), cadence_spm=160.0), "run_speed_m_s")
    assert found == Value(reason="no distance was recorded")


# how far and how fast


def test_out_of_doors_the_counter_stands_whatever_the_device_totals() -> None:
    found = of(steady(2.5, 600, stored=Stored(distance_m=1600.0)), "distance_m")
    assert found.value == 1500.0
    assert found.source != "device total"


def test_a_treadmill_without_a_total_keeps_its_counter() -> None:
    found = of(steady(2.5, 600, sub_sport="treadmill", cadence_spm=160.0), "distance_m")
    assert (found.value, found.sd) == (1500.0, 120.0)


def test_a_negative_total_is_unknown() -> None:
    assert of(recording([], stored=Stored(distance_m=-1.0, elapsed_s=600.0)), "distance_m").value is None


@pytest.mark.parametrize(("metres", "known"), [(48.0, False), (52.0, True)])
def test_pace_takes_fifty_metres(metres: float, known: bool) -> None:
    found = measure(steady(metres / 40.0, 40, altitude_m=np.linspace(100.0, 101.0, 41))).metrics
    assert (found["pace_s_per_km"].value is not None) is known
    assert (found["hill_energy_ratio"].value is not None) is known


@pytest.mark.parametrize(("name", "distance_m"), [("best_30min_m", 30 * 150.0), ("best_60min_m", 60 * 150.0)])
def test_the_farthest_within_a_time_is_speed_times_that_time(name: str, distance_m: float) -> None:
    assert of(steady(2.5, 3700), name).value == pytest.approx(distance_m)


@pytest.mark.parametrize(("sampled_s", "dense"), [(790, False), (810, True), (870, True)])
def test_a_recording_is_dense_from_four_fifths_of_the_timers_time_on(sampled_s: int, dense: bool) -> None:
    activity = steady(2.6, sampled_s, cadence_spm=165.0, timer=((0.0, 1000.0),), stored=Stored(timer_s=1000.0))
    assert (of(activity, "longest_run_s").value is not None) is dense


@pytest.mark.parametrize(("lost", "known"), [(0.03, True), (0.08, False)])
def test_altitude_takes_four_fifths_of_the_timers_time(lost: float, known: bool) -> None:
    # 850 of 1000 s are sampled; 0.97 of them are 0.82 of the time, 0.92 are 0.78
    height = 100 + 10.0 * np.sin(np.arange(851.0) / 100)
    height[: int(lost * 851)] = np.nan
    timed = {"timer": ((0.0, 1000.0),), "stored": Stored(timer_s=1000.0)}
    found = of(steady(2.6, 850, cadence_spm=165.0, altitude_m=height, **timed), "elevation_gain_m")
    assert (found.value is not None) is known


def test_a_ride_moves_while_its_distance_does() -> None:
    speed = np.concatenate((np.full(300, 7.0), np.zeros(200), np.full(300, 7.0)))
    ride = recording(np.arange(801.0), sport="cycling", distance_m=np.concatenate(([0.0], np.cumsum(speed))))
    found = of(ride, "moving_s")
    assert (found.value, found.source) == (pytest.approx(600, abs=6), "distance")


def test_a_step_now_and_then_tells_no_moving() -> None:
    spm = np.where(np.arange(601) < 50, 110.0, 0.0)
    assert of(recording(np.arange(601.0), cadence_spm=spm), "moving_s").value is None
    spm = np.where(np.arange(601) < 70, 110.0, 0.0)
    assert of(recording(np.arange(601.0), cadence_spm=spm), "moving_s").value == pytest.approx(70, abs=6)


def test_few_samples_or_steps_alone_tell_no_best_effort() -> None:
    t = np.array([0.0, 900.0, 905.0, 910.0, 2600.0])
    sparse = recording(t, distance_m=2.8 * t, timer=((0.0, 2600.0),), stored=Stored(distance_m=7280.0, timer_s=2600.0))
    for activity in (sparse, recording(np.arange(601.0), cadence_spm=160.0)):
        found = measure(activity).metrics
        assert found["best_400m_s"] == found["best_12min_m"] == Value(reason="no distance was recorded often enough")


def test_without_a_distance_there_is_no_hill_ratio() -> None:
    t = np.arange(601.0)
    found = of(recording(t, altitude_m=100 + t / 20, cadence_spm=160.0), "hill_energy_ratio")
    assert found == Value(reason="no distance was recorded")


@pytest.mark.parametrize(("lost_s", "known"), [(130, True), (150, False)])
def test_pace_on_the_level_takes_the_slope_of_four_fifths_of_the_moving_time(lost_s: int, known: bool) -> None:
    # of 1000 s 300 are spent standing: of the 700 s of moving 140 are a fifth
    t = np.arange(1001.0)
    height = 100 + 5.0 * np.sin(t / 100)
    height[200 : 200 + lost_s] = np.nan
    found = of(recording(t, distance_m=2.5 * np.minimum(t, 700.0), altitude_m=height), "grade_adjusted_pace_s_per_km")
    assert (found.value is not None) is known
    assert known or found.reason == "the slope is known for less than four fifths of the moving time"


def test_slopes_of_standing_cost_nothing() -> None:
    """Ten minutes level, then ten minutes at rest while the pressure falls as it would over a hill."""
    t = np.arange(1201.0)
    metres = 2.5 * np.minimum(t, 600.0)
    drift = 100 + np.where(t > 600, 30.0 * np.sin((t - 600) / 600 * np.pi), 0.0) + 0.3 * np.sin(t / 7)
    found = measure(recording(t, distance_m=metres, altitude_m=drift, **northwards(metres))).metrics
    assert found["hill_energy_ratio"].value == pytest.approx(1.0, abs=0.05)
    assert found["grade_adjusted_pace_s_per_km"].value == pytest.approx(400.0, rel=0.05)


# what the heart did


def heart(activity_s: int, heard_s: int) -> Activity:
    """A run of which only the first seconds have a heart rate, one that wavers as hearts do."""
    t = np.arange(activity_s + 1.0)
    bpm = np.where(t < heard_s, 150 + np.round(np.sin(t / 5)), np.nan)
    return steady(2.5, activity_s, cadence_spm=160.0, heart_rate_bpm=bpm)


@pytest.mark.parametrize(("heard_s", "known"), [(47, False), (53, True)])
def test_a_mean_takes_a_minute_of_heart_rate(heard_s: int, known: bool) -> None:
    # the last reading stands for ten seconds more
    found = of(heart(600, heard_s), "heart_rate_mean_bpm")
    assert (found.value is not None) is known


def test_half_a_run_with_heart_rate_has_half_a_coverage_and_its_own_mean() -> None:
    found = measure(heart(2400, 1190)).metrics
    assert found["heart_rate_coverage"].value == pytest.approx(0.5, abs=0.002)
    assert found["heart_rate_mean_bpm"].value == pytest.approx(150.0, abs=0.2)
    assert found["decoupling_pct"].value is None


@pytest.mark.parametrize(("heard", "known"), [(0.88, False), (0.93, True)])
def test_decoupling_takes_nine_tenths_of_the_heart_rate(heard: float, known: bool) -> None:
    t = np.arange(2401.0)
    bpm = 150 + np.round(np.sin(t / 5))
    bpm[(t > 600) & (t < 600 + (1 - heard) * 2100)] = np.nan
    activity = steady(2.5, 2400, cadence_spm=160.0, heart_rate_bpm=bpm, altitude_m=100 + 0.3 * np.sin(t / 60))
    assert (of(activity, "decoupling_pct").value is not None) is known


@pytest.mark.parametrize(("sway", "known"), [(0.14, True), (0.16, False)])
def test_decoupling_takes_a_pace_that_sways_by_less_than_fifteen_percent(sway: float, known: bool) -> None:
    steps = np.where(np.arange(3000) // 300 % 2 == 0, 2.6 * (1 + sway), 2.6 * (1 - sway))
    t = np.arange(3001.0)
    activity = recording(
        t,
        distance_m=np.concatenate(([0.0], np.cumsum(steps))),
        cadence_spm=165.0,
        altitude_m=100 + 0.3 * np.sin(t / 60),
        heart_rate_bpm=150 + np.round(np.sin(t / 5)),
    )
    assert (of(activity, "decoupling_pct").value is not None) is known


def test_decoupling_is_that_of_the_longest_run() -> None:
    """Half an hour whose heart rate climbs by a tenth after five minutes, then a short run at an even one."""
    pattern = [(1800, 2.5, 165), (60, 1.3, 110), (400, 2.5, 165)]
    t = np.arange(2261.0)
    bpm = np.where(t < 1050, 140.0, np.where(t < 1830, 154.0, 120.0)) + np.round(np.sin(t / 5))
    found = of(intervals(pattern, heart_rate_bpm=bpm, altitude_m=100 + 0.3 * np.sin(t / 60)), "decoupling_pct")
    # halves of 300..1800 s meet at 1050 s: 1/140 to 1/154 is a tenth of 1.1
    assert found.value == pytest.approx(100 * (1 - 140 / 154), abs=0.4)


def recovering(pattern: list[tuple[float, float, float]], falls: list[tuple[int, float]]) -> Value:
    """Recovery of a session in which heart rate stands at 160 and falls by so much a second from each second on."""
    size = int(sum(s for s, _, _ in pattern)) + 1
    t = np.arange(float(size))
    bpm = 160.0 + np.round(np.sin(t / 5))
    for begins, slope in falls:
        bpm[begins : begins + 90] = 160.0 - slope * np.arange(90)[: size - begins]
    return of(intervals(pattern, heart_rate_bpm=bpm), "heart_rate_recovery_60s_bpm")


def test_recovery_is_the_fall_after_the_last_run_of_a_minute() -> None:
    pattern = [(300, 2.5, 165), (120, 1.3, 110), (300, 2.5, 165), (120, 1.3, 110), (40, 2.5, 165), (120, 1.3, 110)]
    assert recovering(pattern, [(300, 0.8), (720, 0.5)]).value == pytest.approx(30.0, abs=3.0)


def test_running_again_within_the_minute_is_no_recovery() -> None:
    found = recovering([(300, 2.5, 165), (30, 1.3, 110), (40, 2.5, 165), (120, 1.3, 110)], [(300, 0.5)])
    assert found.reason == "no run of a minute was followed by a minute's rest with heart rate"


# what it says of the person


def session(**changes: Any) -> PersonSession:
    """Maximum 190, rest 60, first threshold at half of the reserve: 125 bpm, and 157.5 for the ceiling."""
    seconds = np.zeros(256)
    seconds[100], seconds[140], seconds[170] = 600.0, 300.0, 120.0
    plain: dict[str, Any] = {
        "day": date(2026, 5, 4), "kind": "run", "minutes": 17.0, "running_s": 420.0, "distance_m": 2500.0,
        "maximum_bpm": 190.0, "rest_bpm": 60.0, "sex": None, "vt1_mean": 0.5, "seconds_at_bpm": seconds,
        "running_seconds_at_bpm": np.where(np.arange(256) >= 140, seconds, 0.0), "run_speed_m_s": 2.5,
        "run_heart_rate_bpm": 138.0,
    }  # fmt: skip
    return PersonSession(**{**plain, **changes})


def test_lucia_counts_minutes_by_threshold() -> None:
    # 10 min below 125, 5 between, 2 above 157.5 bpm: 10 x 1 + 5 x 2 + 2 x 3
    assert person.lucia(session()).value == pytest.approx(26.0)


def test_five_zones_share_the_seconds_by_tenths_of_the_maximum() -> None:
    # of 200 bpm: 100 and 119 are in the first, 120 in the second, 150 in the third, 179 in the fourth, 190 in the fifth
    seconds = np.zeros(256)
    seconds[[90, 100, 119, 120, 150, 179, 190]] = [7.0, 10.0, 5.0, 20.0, 30.0, 40.0, 50.0]
    known = session(maximum_bpm=200.0, seconds_in_zone=person.zones(seconds, 200.0, EDWARDS_EDGES))
    names = ("zone_1_s", "zone_2_s", "zone_3_s", "zone_4_s", "zone_5_s")
    assert [FUNCTIONS[name](known).value for name in names] == [15.0, 20.0, 30.0, 40.0, 50.0]


def test_a_zone_without_heart_rate_is_unknown_and_says_why() -> None:
    assert FUNCTIONS["zone_2_s"](session(seconds_in_zone=None)) == Value(reason="no heart rate was recorded")


def test_stagno_counts_minutes_by_zone_of_the_maximum() -> None:
    # 140 of 190 is 74 % (1.71), 170 of 190 is 89 % (3.61), 100 of 190 is 53 %: nothing
    assert person.stagno(session()).value == pytest.approx(5 * 1.71 + 2 * 3.61)


def test_the_share_above_the_ceiling_is_that_of_the_running() -> None:
    assert person.share_above_ceiling(session()).value == pytest.approx(120 / 420)


@pytest.mark.parametrize(("running_s", "known"), [(524.0, True), (526.0, False)])
def test_the_share_above_the_ceiling_takes_four_fifths_of_the_running(running_s: float, known: bool) -> None:
    assert (person.share_above_ceiling(session(running_s=running_s)).value is not None) is known


def test_who_did_not_run_has_no_share_above_the_ceiling() -> None:
    assert person.share_above_ceiling(session(running_s=0.0)).reason == "nothing was run"


def test_efficiency_is_speed_over_the_share_of_the_reserve() -> None:
    # (138 - 60) / (190 - 60) is 0.6
    assert person.efficiency(session()).value == pytest.approx(2.5 / 0.6)


@pytest.mark.parametrize(
    "changes", [{"kind": "walk"}, {"running_s": 299.0}, {"running_s": None}, {"run_heart_rate_bpm": 118.0},
                {"run_heart_rate_bpm": 177.5}, {"pack_kg": 5.0}]
)  # fmt: skip
def test_efficiency_takes_five_minutes_of_running_at_a_middling_heart_rate(changes: dict[str, Any]) -> None:
    assert person.efficiency(session(**changes)).value is None


@pytest.mark.parametrize(
    "changes", [{"run_heart_rate_bpm": 119.0}, {"run_heart_rate_bpm": 176.5}, {"running_s": 301.0}]
)
def test_efficiency_is_known_from_45_to_90_percent_of_the_reserve_and_five_minutes(changes: dict[str, Any]) -> None:
    assert person.efficiency(session(**changes)).value is not None


# what was carried


def test_negative_boots_weigh_nothing_and_heavy_ones_multiply() -> None:
    assert extra_load_ratio(ExtraLoad(boots_g=-200.0)).value == 1.0
    assert extra_load_ratio(ExtraLoad(boots_g=1000.0)).value == pytest.approx(1.09)


def test_a_pack_of_no_weight_is_none_and_half_a_kilogram_is_one() -> None:
    assert impact_ratio(ExtraLoad(pack_kg=-3.0)).value == impact_ratio(ExtraLoad(pack_kg=0.0)).value == 1.0
    assert impact_ratio(ExtraLoad(pack_kg=0.5, body_kg=50.0)).value == pytest.approx(1.01)
