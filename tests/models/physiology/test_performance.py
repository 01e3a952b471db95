"""Best efforts, predictions and the mile time now: worked numbers, and honesty when data is thin."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.models.measuring.measure import measure
from steadymile.models.physiology import performance
from steadymile.models.physiology.performance import (
    CriticalSpeed,
    Effort,
    MileTime,
    best_efforts,
    critical_speed,
    mile_time_now,
)
from steadymile.models.units import MILE_M

from tests.models.recordings import intervals, recording, steady

TODAY = date(2026, 5, 4)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_vdot_and_its_inverse_agree() -> None:
    for level in (15.0, 30.0, 60.0):
        seconds = performance.time_of_vdot(level, 5000)
        assert performance.vdot(5000, seconds) == pytest.approx(level, abs=1e-3)


def test_a_performance_without_distance_or_time_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        performance.vdot(0, 100)
    with pytest.raises(ValueError, match="above 0"):
        performance.time_of_vdot(30, 0)


def test_riegel_to_the_same_distance_is_the_same_time() -> None:
    assert performance.riegel(600, MILE_M, MILE_M) == 600


def test_the_fastest_400_m_is_found_inside_a_session() -> None:
    found = measure(intervals([(300, 2.0, 160), (100, 5.0, 180), (300, 2.0, 160)])).metrics
    assert found["best_400m_s"].value == pytest.approx(80)
    assert found["best_800m_s"].value == pytest.approx(100 + 300 / 2)


def test_a_pause_counts_in_a_best_effort() -> None:
    t = np.concatenate((np.arange(101.0), 160 + np.arange(101.0)))
    d = np.where(t <= 100, 4.0 * t, 4.0 * (t - 60))
    activity = recording(t, distance_m=d, timer=((0.0, 100.0), (160.0, 260.0)), cadence_spm=160.0)
    found = measure(activity).metrics
    assert found["best_400m_s"].value == pytest.approx(100)
    assert found["best_800m_s"].value == pytest.approx(260)


def test_a_session_too_short_has_no_best_effort() -> None:
    found = measure(steady(2.5, 300)).metrics["best_1km_s"]
    assert found.value is None
    assert found.reason == "the session is shorter than 1000 m"


def test_faster_than_the_world_record_is_a_wrong_distance() -> None:
    found = measure(steady(8.5, 110)).metrics["best_800m_s"]
    assert found.value is None
    assert "world record" in (found.reason or "")


def test_the_farthest_way_in_twelve_minutes() -> None:
    found = measure(intervals([(600, 2.0, 160), (720, 3.0, 160), (600, 2.0, 160)])).metrics
    assert found["best_12min_m"].value == pytest.approx(2160)
    assert found["best_60min_m"].value is None


def exhaustive(t: np.ndarray, d: np.ndarray, target: float) -> float:
    """Least time over a fine comb of starts, by brute force."""
    best = np.inf
    for start in np.linspace(t[0], t[-1], 4001):
        here = float(np.interp(start, t, d))
        at = int(np.searchsorted(d, here + target, side="left"))
        if at < d.size:
            share = (here + target - d[at - 1]) / (d[at] - d[at - 1]) if at else 0.0
            best = min(best, (t[at - 1] + share * (t[at] - t[at - 1]) if at else t[0]) - start)
    return float(best)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(0.5, 40), st.sampled_from([0.0, 0.5, 2.0, 4.0])), min_size=2, max_size=12))
def test_best_efforts_are_what_brute_force_finds(steps: list[tuple[float, float]]) -> None:
    t = np.concatenate(([0.0], np.cumsum([dt for dt, _ in steps])))
    d = np.concatenate(([0.0], np.cumsum([dt * v for dt, v in steps])))
    target = 0.4 * float(d[-1])
    if target <= 0.01:
        return
    (found,) = best_efforts(t, d, [target])
    assert found is not None
    slow = exhaustive(t, d, target)
    assert found <= slow + 1e-3
    assert found >= slow - float(t[-1]) / 4000 - 1e-3


def test_critical_speed_goes_through_three_hard_efforts() -> None:
    efforts = [Effort(ago(k), 100 + 2.5 * s, s, hard=True) for k, s in ((1, 180.0), (5, 420.0), (9, 900.0))]
    found = critical_speed(efforts)
    assert isinstance(found, CriticalSpeed)
    assert found.speed_m_s == pytest.approx(2.5)
    assert found.reserve_m == pytest.approx(100)


@pytest.mark.parametrize(
    ("efforts", "word"),
    [
        ([Effort(ago(1), 800, 240, True), Effort(ago(2), 1600, 520, True)], "three"),
        ([Effort(ago(1), 100 + 2.5 * s, s, True) for s in (180.0, 420.0, 900.0)], "two days"),
        ([Effort(ago(k), 100 + 2.5 * s, s, True) for k, s in ((1, 500.0), (2, 600.0), (3, 700.0))], "length"),
        ([Effort(ago(1), 800, 180, True), Effort(ago(2), 900, 420, True), Effort(ago(3), 3000, 900, True)], "line"),
        ([Effort(ago(k), 100 + 2.5 * s, s) for k, s in ((1, 180.0), (5, 420.0), (9, 900.0))], "hard"),
    ],
)
def test_critical_speed_is_refused_when_not_supported(efforts: list[Effort], word: str) -> None:
    found = critical_speed(efforts)
    assert isinstance(found, str)
    assert word in found


def test_a_hard_mile_is_the_mile_time_now() -> None:
    found = mile_time_now([Effort(ago(3), MILE_M, 600.0, hard=True)], TODAY)
    assert isinstance(found, MileTime)
    assert found.seconds == pytest.approx(600, abs=0.1)
    assert found.low == pytest.approx(600 * (1 - 1.645 * 0.03), abs=0.5)
    assert found.low < found.seconds <= found.high


def test_easy_efforts_alone_give_a_wide_interval_towards_faster() -> None:
    easy = [Effort(ago(3), MILE_M, 700.0), Effort(ago(6), MILE_M, 720.0), Effort(ago(8), MILE_M, 720.0)]
    found = mile_time_now(easy, TODAY)
    assert isinstance(found, MileTime)
    assert found.low == pytest.approx(0.80 * 700, abs=0.1)
    assert found.seconds == pytest.approx(0.95 * 700, abs=0.1)
    assert found.high == pytest.approx(1.02 * 700, abs=0.1)  # it was run: no worse than a bad day
    assert "none was known to be hard" in found.basis


def test_without_a_whole_mile_the_interval_reaches_a_little_slower_than_the_best_effort_says() -> None:
    efforts = [Effort(ago(3), 1000.0, 400.0), Effort(ago(6), 800.0, 330.0), Effort(ago(8), 800.0, 330.0)]
    found = mile_time_now(efforts, TODAY)
    assert isinstance(found, MileTime)
    level = performance.vdot(1000.0, 400.0)
    # It may have been hard: 3 % and 2 % of ln(1609/1000) = 3.95 %, times 1.645.
    assert found.high == pytest.approx(1.065 * performance.time_of_vdot(level, MILE_M), abs=0.5)


def test_one_run_is_one_witness_however_many_distances_it_holds() -> None:
    one = [Effort(ago(3), m, m / 2.3) for m in (800.0, 1000.0, MILE_M)]
    assert isinstance(mile_time_now(one, TODAY), str)
    two = [*one, *(Effort(ago(5), m, m / 2.3) for m in (800.0, 1000.0, MILE_M))]
    assert isinstance(mile_time_now(two, TODAY), str)
    assert isinstance(mile_time_now([*two, Effort(ago(7), 800.0, 400.0)], TODAY), MileTime)


def test_jogs_with_walks_between_are_no_effort_over_the_whole() -> None:
    times = {"best_400m_s": 200.0, "best_800m_s": 480.0, "best_1km_s": 620.0}
    assert [e.distance_m for e in performance.session_efforts(TODAY, times | {"longest_run_m": 799.0})] == [400.0]
    assert [e.distance_m for e in performance.session_efforts(TODAY, times | {"longest_run_m": 800.0})] == [400, 800]


def test_where_running_is_unknown_an_effort_counts_that_nobody_walks() -> None:
    times = {"best_800m_s": 800 / 2.2, "best_1km_s": 1000 / 2.19}
    assert [e.distance_m for e in performance.session_efforts(TODAY, times)] == [800.0]


def test_records_over_longer_distances_are_slower() -> None:
    speeds = [metres / seconds for metres, seconds in performance.WORLD_RECORDS_S.items()]
    assert speeds == sorted(speeds, reverse=True)


def test_the_efforts_of_a_session_are_its_best_times() -> None:
    found = measure(steady(2.5, 700, cadence_spm=160.0)).metrics
    efforts = performance.session_efforts(TODAY, {name: v.value for name, v in found.items()}, hard=True)
    assert [round(e.distance_m) for e in efforts] == [400, 800, 1000, 1609]
    assert all(e.seconds == pytest.approx(e.distance_m / 2.5) and e.hard for e in efforts)


@pytest.mark.parametrize(
    "efforts",
    [
        [],
        [Effort(ago(60), MILE_M, 600.0, hard=True)],
        [Effort(ago(-2), MILE_M, 600.0, hard=True)],
        [Effort(ago(2), 400.0, 100.0, hard=True)],
        [Effort(ago(2), MILE_M, 700.0)],
        [Effort(ago(2), MILE_M, 700.0), Effort(ago(3), MILE_M, 700.0)],
    ],
)
def test_thin_old_or_future_data_gives_a_reason_not_a_dream(efforts: list[Effort]) -> None:
    assert isinstance(mile_time_now(efforts, TODAY), str)


def test_a_longer_effort_is_less_certain_of_the_mile() -> None:
    mile = mile_time_now([Effort(ago(1), MILE_M, 600.0, hard=True)], TODAY)
    ten = mile_time_now([Effort(ago(1), 10_000.0, 4200.0, hard=True)], TODAY)
    assert isinstance(mile, MileTime)
    assert isinstance(ten, MileTime)
    assert (ten.high - ten.low) / ten.seconds > (mile.high - mile.low) / mile.seconds


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 41), st.sampled_from([800.0, MILE_M, 5000.0]), st.floats(0.25, 0.7), st.booleans()
        ).map(lambda x: Effort(ago(x[0]), x[1], x[1] * x[2], x[3])),
        max_size=6,
    )
)
def test_the_interval_always_holds_the_estimate(efforts: list[Effort]) -> None:
    found = mile_time_now(efforts, TODAY)
    if isinstance(found, MileTime):
        assert 0 < found.low <= found.seconds <= found.high


# where the rules end


@pytest.mark.parametrize(("slopes", "metres"), [((0.5, 4.0, 1.5), 430.0), ((1.5, 4.0, 0.5), 430.0)])
def test_the_farthest_way_may_begin_or_end_at_a_sample(slopes: tuple[float, ...], metres: float) -> None:
    # 400 m of the fast 100 s, and the 20 s beside them at 1.5 m/s: after them, or before.
    d = np.concatenate(([0.0], np.cumsum([100 * v for v in slopes])))
    assert performance.farthest_in(np.arange(0.0, 400.0, 100.0), d, 120.0) == pytest.approx(metres)


def test_the_farthest_way_needs_the_whole_time() -> None:
    t, d = np.array([0.0, 60.0, 120.0]), np.array([0.0, 150.0, 240.0])
    assert performance.farthest_in(t, d, 120.0) == pytest.approx(240.0)
    assert performance.farthest_in(t, d, 121.0) is None


def hard_line(*seconds: float, reserve: float = 100.0) -> list[Effort]:
    return [Effort(ago(n), reserve + 2.5 * s, s, hard=True) for n, s in enumerate(seconds, 1)]


@pytest.mark.parametrize(
    ("efforts", "supported"),
    [
        (hard_line(120.0, 600.0, 1200.0), True),
        (hard_line(119.0, 600.0, 1200.0), False),
        (hard_line(120.0, 600.0, 1201.0), False),
        (hard_line(300.0, 400.0, 600.0), True),
        (hard_line(300.0, 400.0, 599.0), False),
        (hard_line(300.0, 600.0, 900.0, reserve=30.5), True),
        (hard_line(300.0, 600.0, 900.0, reserve=29.5), False),
        (hard_line(300.0, 600.0, 900.0, reserve=399.5), True),
        (hard_line(300.0, 600.0, 900.0, reserve=400.5), False),
    ],
)
def test_the_edges_of_a_supported_critical_speed(efforts: list[Effort], supported: bool) -> None:
    assert isinstance(critical_speed(efforts), CriticalSpeed) is supported


def test_twice_the_time_over_nearly_the_same_way_is_not_two_lengths() -> None:
    efforts = [Effort(ago(1), 800, 200, True), Effort(ago(2), 900, 300, True), Effort(ago(3), 1100, 420, True)]
    assert "length" in str(critical_speed(efforts))


@pytest.mark.parametrize(("days", "known"), [(0, True), (42, True), (43, False)])
def test_the_mile_now_looks_back_42_days(days: int, known: bool) -> None:
    found = mile_time_now([Effort(ago(days), MILE_M, 600.0, hard=True)], TODAY)
    assert isinstance(found, MileTime) is known


def test_a_hard_800_says_a_little_less_of_the_mile() -> None:
    found = mile_time_now([Effort(ago(3), 800.0, 240.0, hard=True)], TODAY)
    assert isinstance(found, MileTime)
    sd = 0.03 + 0.02 * np.log(MILE_M / 800.0)
    assert found.low == pytest.approx(found.seconds * (1 - 1.645 * sd))
    assert found.high == pytest.approx(found.seconds * (1 + 1.645 * sd))


def test_each_best_effort_has_its_distance() -> None:
    assert performance.EFFORT_METRICS == {
        "best_400m_s": 400, "best_800m_s": 800, "best_1km_s": 1000, "best_mile_s": 1609.344,
        "best_2mile_s": 3218.688, "best_5km_s": 5000, "best_10km_s": 10_000, "best_half_marathon_s": 21_097.5,
    }  # fmt: skip


def test_a_recording_of_one_sample_has_no_best_effort() -> None:
    assert best_efforts(np.array([0.0]), np.array([0.0]), [400.0, 800.0]) == [None, None]


@pytest.mark.parametrize("level", [0.0, -1.0])
def test_a_prediction_needs_a_level_above_nothing(level: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        performance.time_of_vdot(level, MILE_M)


def test_a_very_low_level_still_has_a_time() -> None:
    assert performance.time_of_vdot(0.9, 400.0) > 0


@pytest.mark.parametrize(("bend_m", "supported"), [(120.0, True), (130.0, False)])
def test_efforts_that_bend_make_no_line(bend_m: float, supported: bool) -> None:
    # 200, 500 and 800 s on a line, the ends half the bend above, the middle the bend below: R2 0.981 and 0.978.
    efforts = [
        Effort(ago(n), 100 + 2.5 * s + bend_m * off, s, hard=True)
        for n, (s, off) in enumerate(((200.0, 0.5), (500.0, -1.0), (800.0, 0.5)), 1)
    ]
    assert isinstance(critical_speed(efforts), CriticalSpeed) is supported


def test_a_way_is_measured_from_its_own_start() -> None:
    assert performance.farthest_in(np.array([500.0, 560.0]), np.array([0.0, 150.0]), 61.0) is None


def steady_way(*parts: tuple[int, float]) -> tuple[np.ndarray, np.ndarray]:
    """Times and metres, second by second, of (seconds, m/s) one after another."""
    speeds = np.concatenate([np.full(seconds, speed) for seconds, speed in parts])
    return np.arange(speeds.size + 1.0), np.concatenate(([0.0], np.cumsum(speeds)))


def test_a_single_step_is_no_best_effort() -> None:
    t, d = steady_way((600, 2.5), (20, 9.0), (600, 2.5))  # 180 m between two samples 20 s apart
    samples = np.concatenate((t[:601], t[620:]))
    (fooled,) = best_efforts(t, d, [400.0])
    (found,) = best_efforts(t, d, [400.0], samples)
    assert fooled == pytest.approx(108.0)
    assert found == pytest.approx(160.0)


def test_what_few_samples_saw_is_no_best_effort() -> None:
    t, d = steady_way((600, 2.5))
    assert best_efforts(t, d, [400.0], t[::40]) == [np.inf]
    assert best_efforts(t, d, [400.0], t[::10]) == [pytest.approx(160.0)]


JOGS = [performance.Pace(5000.0, 2.5)] * 8


@pytest.mark.parametrize(
    ("distance_m", "seconds", "supported"),
    [
        (400.0, 44.0, False),  # a jogger of 6:40 a kilometre
        (MILE_M, 236.0, False),
        (400.0, 80.0, True),
        (800.0, 190.0, True),
        (5000.0, 2000.0, True),
    ],
)
def test_an_effort_needs_the_support_of_the_persons_other_runs(
    distance_m: float, seconds: float, supported: bool
) -> None:
    bound = performance.supported_m_s(distance_m, JOGS)[0]
    assert (distance_m / seconds <= bound) == supported


def test_a_race_supports_itself_and_a_ride_does_not() -> None:
    race, ride = performance.Pace(5000.0, 4.2), performance.Pace(8000.0, 6.0)
    assert performance.supported_m_s(5000.0, [race, *JOGS])[0] >= 4.2
    assert performance.supported_m_s(5000.0, [ride, *JOGS])[0] < 4.0


def test_where_nothing_else_is_known_nothing_is_doubted() -> None:
    assert performance.supported_m_s(400.0, [performance.Pace(0.0, 0.0)]) == [np.inf]


@given(
    st.lists(st.tuples(st.floats(50.0, 50_000.0), st.sampled_from([0.0, 1.5, 2.0, 2.5, 2.5, 3.0, 9.0])), max_size=14)
)
def test_a_session_is_never_among_its_own_others(stated: list[tuple[float, float]]) -> None:
    paces = [performance.Pace(way if speed else 0.0, speed) for way, speed in stated]
    found = performance.supported_m_s(1000.0, paces)
    for i, own in enumerate(paces):
        others = [p for n, p in enumerate(paces) if n != i and p.speed_m_s]
        reached = [p.speed_m_s * max(p.distance_m / 1000.0, 1.0) ** performance.SUPPORT_EXPONENT for p in others]
        mine = own.speed_m_s * max(own.distance_m / 1000.0, 1.0) ** performance.SUPPORT_EXPONENT
        if len(others) < performance.FEWEST_OTHERS:
            expected = mine or np.inf
        elif own.speed_m_s > performance.OWN_OVER_OTHERS * np.median([p.speed_m_s for p in others]):
            expected = np.median(reached)
        else:
            expected = max(np.median(reached), mine)
        assert found[i] == pytest.approx(expected)
