"""Running told from walking: the split, the longest run, the mile, the breaks; with and without cadence."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.models.measuring.measure import measure
from steadymile.models.signal import gait
from steadymile.models.signal.series import Pieces
from steadymile.models.units import MILE_M

from tests.models.recordings import intervals, phone_track, recording, steady


def metrics(activity):
    return measure(activity).metrics


def test_run_walk_intervals_with_cadence_are_split_to_the_second_or_so() -> None:
    found = metrics(intervals([(60, 2.5, 160), (90, 1.4, 110)] * 6))
    assert found["running_s"].value == pytest.approx(360, abs=6)
    assert found["walking_s"].value == pytest.approx(540, abs=6)
    assert found["longest_run_s"].value == pytest.approx(60, abs=3)
    assert found["walk_breaks"].value == 5
    assert found["run_speed_m_s"].value == pytest.approx(2.5, abs=0.05)
    assert found["walk_speed_m_s"].value == pytest.approx(1.4, abs=0.05)


def test_the_bouts_follow_each_other_and_hold_the_whole_way() -> None:
    measured = measure(intervals([(60, 2.5, 160), (90, 1.4, 110), (60, 0.0, 0), (120, 2.5, 160)]))
    bouts = measured.bouts
    assert bouts["kind"].to_list() == ["run", "walk", "stand", "run"]
    ends = (bouts["start_s"] + bouts["duration_s"]).to_list()
    assert bouts["start_s"].to_list()[1:] == pytest.approx(ends[:-1])
    assert bouts["distance_m"].sum() == pytest.approx(measured.metrics["distance_m"].value)


def test_run_walk_intervals_without_cadence_are_split_by_two_speeds() -> None:
    found = metrics(intervals([(60, 2.5, np.nan), (90, 1.4, np.nan)] * 6))
    assert found["running_s"].value == pytest.approx(360, abs=20)
    assert found["running_s"].source == "two speeds"


HALF_MINUTES = [(300, 1.4), *[(30, 2.2), (90, 1.4)] * 8, (210, 1.4)]


@pytest.mark.parametrize("every_s", [1, 5, 10])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_eight_jogs_of_half_a_minute_are_seen_in_a_phones_track(every_s: int, seed: int) -> None:
    found = metrics(phone_track(HALF_MINUTES, every_s, seed=seed))
    assert found["running_s"].value == pytest.approx(240, abs=40)
    assert found["walk_breaks"].value == pytest.approx(7, abs=1)
    assert found["running_s"].source == "two speeds"


def test_half_minute_jogs_under_a_poor_receiver_are_unknown_with_a_reason() -> None:
    found = metrics(phone_track(HALF_MINUTES, error_m=5.0, jitter_m=1.0))
    assert found["running_s"].value is None
    assert "no cadence was recorded" in (found["running_s"].reason or "")


@pytest.mark.parametrize(("error_m", "jitter_m"), [(2.0, 0.2), (3.0, 0.5), (5.0, 1.0)])
@pytest.mark.parametrize("every_s", [1, 5, 10])
def test_a_walk_is_no_run_however_poor_the_receiver(error_m: float, jitter_m: float, every_s: int) -> None:
    found = metrics(phone_track([(1500, 1.4)], every_s, error_m, jitter_m))
    assert found["running_s"].value in (0, None)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_jogging_speed_that_wanders_is_never_taken_for_two(seed: int) -> None:
    found = metrics(phone_track([(1500, 2.0)], error_m=3.0, jitter_m=0.5, seed=seed))
    assert found["running_s"].value is None


def test_a_steady_run_of_a_jittering_phone_is_running_at_its_true_speed() -> None:
    found = metrics(phone_track([(1500, 2.6)], jitter_m=0.5))
    assert found["running_s"].value == pytest.approx(1499)


def test_ambling_and_brisk_walking_are_no_jog() -> None:
    found = metrics(intervals([(300, 0.9, np.nan), (300, 1.5, np.nan)] * 2))
    assert found["running_s"].value in (0, None)


def test_a_walk_with_some_brisk_minutes_hides_no_jog() -> None:
    # The fastest twentieth goes 1.7 m/s: less than half a metre a second above the rest.
    assert metrics(intervals([(900, 1.3, np.nan), (90, 1.7, np.nan)]))["running_s"].value == 0
    assert metrics(intervals([(900, 1.3, np.nan), (90, 1.74, np.nan)]))["running_s"].value == 0


def test_a_slow_walker_walks() -> None:
    assert metrics(steady(1.0, 900))["running_s"].value == 0


def test_a_slow_jog_between_walks_without_cadence_is_running() -> None:
    # 1.79 m/s is below 2 m/s, but it is the faster of two clear speeds: a jog that completes the mile.
    found = metrics(intervals([(300, 1.4, np.nan), (910, 1.79, np.nan), (300, 1.4, np.nan)]))
    assert found["running_s"].value == pytest.approx(910, abs=15)
    assert found["mile_done"].value == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_phones_track_of_a_slow_mile_completes_it(seed: int) -> None:
    found = metrics(phone_track([(300, 1.35), (960, 1.8), (300, 1.35)], error_m=1.5, jitter_m=0.1, seed=seed))
    assert found["mile_done"].value == 1


@pytest.mark.parametrize(
    ("slow", "fast", "told"), [(1.3, 1.72, False), (1.3, 1.78, True), (1.62, 2.02, False), (1.4, 1.74, False)]
)
def test_near_speeds_are_a_walk_and_a_jog_only_where_they_can_be(slow: float, fast: float, told: bool) -> None:
    r = np.random.default_rng(7)
    both = np.concatenate((r.normal(slow, 0.03, 400), r.normal(fast, 0.03, 400)))
    assert (clear(both) is not None) is told


def test_one_steady_speed_between_walking_and_running_stays_unknown() -> None:
    found = metrics(steady(1.8, 900))
    for name in ("running_s", "walking_s", "longest_run_s", "longest_run_m", "mile_done", "walk_breaks"):
        assert found[name].value is None, name
        assert "1.8 m/s" in (found[name].reason or ""), name
    assert found["moving_s"].value == 900


def test_a_steady_run_without_cadence_is_running() -> None:
    found = metrics(steady(2.6, 900))
    assert found["running_s"].value == 900
    assert found["mile_done"].value == 1


def test_a_steady_walk_without_cadence_is_walking_even_if_the_file_says_running() -> None:
    found = metrics(steady(1.3, 900))
    assert found["running_s"].value == 0
    assert found["walking_s"].value == 900


def test_fast_and_slow_running_without_cadence_is_all_running() -> None:
    found = metrics(intervals([(120, 3.6, np.nan), (120, 2.4, np.nan)] * 4))
    assert found["walking_s"].value == pytest.approx(0, abs=1)


def test_a_hike_is_never_running_below_2_2_m_s() -> None:
    found = metrics(steady(2.1, 600, sport="hiking", cadence_spm=150.0))
    assert found["running_s"].value == 0


def test_a_walk_in_which_one_ran_has_running() -> None:
    found = metrics(intervals([(300, 1.4, 110), (120, 2.8, 165), (300, 1.4, 110)], sport="walking"))
    assert found["running_s"].value == pytest.approx(120, abs=6)


def test_cadence_of_one_foot_is_doubled_when_nobody_could_run_like_that() -> None:
    found = metrics(intervals([(300, 2.8, 80), (100, 1.4, 55)]))
    assert found["running_s"].value == pytest.approx(300, abs=6)


def test_one_foots_steps_at_a_slow_jog_are_a_run() -> None:
    assert metrics(steady(2.0, 1200, cadence_spm=82.0))["running_s"].value == pytest.approx(1200, abs=6)


def test_slow_steps_of_both_feet_are_not_doubled() -> None:
    assert metrics(steady(1.4, 600, cadence_spm=100.0))["running_s"].value == 0


def test_one_foots_steps_are_known_by_a_minute_of_running() -> None:
    def ran(seconds: int) -> float:
        return metrics(intervals([(120, 1.3, 55), (seconds, 2.8, 80)]))["running_s"].value or 0.0

    assert ran(80) == pytest.approx(80, abs=8)
    assert ran(50) == 0


def test_brisk_walking_with_cadence_is_walking() -> None:
    assert metrics(steady(1.9, 600, cadence_spm=128.0))["running_s"].value == 0


@pytest.mark.parametrize(("spm", "run_s"), [(139.0, 0.0), (140.0, 600.0)])
def test_running_begins_at_140_steps_a_minute(spm: float, run_s: float) -> None:
    assert measure(steady(1.9, 600, cadence_spm=spm)).metrics["running_s"].value == run_s


def test_where_a_step_rate_is_missing_for_a_while_speed_tells() -> None:
    # run, walk, run, five minutes each; the last run and the end of the walk without a step rate
    t = np.arange(901.0)
    speed = np.repeat([2.6, 1.2, 2.6], 300)
    spm = np.select([t < 300, t < 500], [165.0, 110.0], np.nan)
    activity = recording(t, distance_m=np.concatenate(([0.0], np.cumsum(speed))), cadence_spm=spm)
    found = measure(activity).metrics["running_s"]
    assert (found.value, found.source) == (pytest.approx(600, abs=8), "cadence")


def test_a_step_counter_that_stood_at_zero_counts_for_nothing() -> None:
    found = measure(steady(2.6, 600, cadence_spm=0.0)).metrics["running_s"]
    assert (found.value, found.source) == (600.0, "speed")


def test_a_step_rate_known_for_less_than_half_of_the_time_is_none() -> None:
    spm = np.where(np.arange(601) < 290, 110.0, np.nan)
    found = measure(steady(2.6, 600, cadence_spm=spm)).metrics["running_s"]
    assert (found.value, found.source) == (600.0, "speed")


def test_a_hike_with_a_runners_steps_runs_above_2_2_m_s() -> None:
    slow, fast = (measure(steady(v, 600, cadence_spm=165.0, sport="hiking")) for v in (2.15, 2.25))
    assert slow.metrics["running_s"].value == 0.0
    assert fast.metrics["running_s"].value == 600.0


@pytest.mark.parametrize(("spm", "run_s"), [(105.0, 600.0), (106.0, 0.0)])
def test_up_to_105_steps_a_minute_at_a_runners_speed_are_one_foots(spm: float, run_s: float) -> None:
    assert measure(steady(2.6, 600, cadence_spm=spm)).metrics["running_s"].value == run_s


def test_a_slow_shuffle_with_a_runners_cadence_is_running() -> None:
    assert metrics(steady(1.5, 600, cadence_spm=150.0))["running_s"].value == 600


def test_a_stop_of_eight_seconds_does_not_break_a_run_but_one_of_half_a_minute_does() -> None:
    short = metrics(intervals([(400, 2.5, 160), (8, 0.0, 0), (400, 2.5, 160)]))
    long = metrics(intervals([(400, 2.5, 160), (30, 0.0, 0), (400, 2.5, 160)]))
    assert short["longest_run_s"].value == pytest.approx(808, abs=1)
    assert short["mile_done"].value == 1
    assert long["longest_run_s"].value == pytest.approx(400, abs=6)
    assert long["mile_done"].value == 0
    assert long["walk_breaks"].value == 1


@pytest.mark.parametrize(("seconds", "stretches"), [(9, 1), (10, 3), (11, 3)])
def test_a_stretch_of_ten_seconds_stands_alone(seconds: int, stretches: int) -> None:
    kinds = np.repeat([gait.RUN, gait.WALK, gait.RUN], [100, seconds, 60])
    starts, stops = gait.bouts(kinds, np.arange(float(kinds.size)), np.ones(kinds.size))
    assert len(starts) == stretches
    assert (starts[0], stops[-1]) == (0, kinds.size)


def test_a_short_stretch_joins_its_longer_neighbour() -> None:
    kinds = np.repeat([gait.RUN, gait.STAND, gait.WALK], [40, 5, 60])
    starts, stops = gait.bouts(kinds, np.arange(105.0), np.ones(105))
    assert list(zip(starts.tolist(), stops.tolist())) == [(0, 40), (40, 105)]


@pytest.mark.parametrize(("pause", "stretches"), [(10.0, 1), (10.5, 2)])
def test_a_pause_of_more_than_ten_seconds_ends_a_stretch(pause: float, stretches: int) -> None:
    t = np.concatenate((np.arange(50.0), 50.0 + pause + np.arange(50.0)))
    starts, _ = gait.bouts(np.full(100, gait.RUN), t, np.ones(100))
    assert len(starts) == stretches


def test_a_walk_of_twenty_seconds_breaks_the_mile() -> None:
    found = metrics(intervals([(400, 2.5, 160), (20, 1.2, 110), (400, 2.5, 160)]))
    assert found["mile_done"].value == 0


def test_a_paused_timer_breaks_a_run_unless_it_is_short() -> None:
    def paused(seconds: float) -> float:
        t = np.concatenate((np.arange(401.0), 400 + seconds + np.arange(401.0)))
        d = np.where(t <= 400, 2.5 * t, 2.5 * (t - seconds))
        timer = ((0.0, 400.0), (400 + seconds, 800 + seconds))
        return metrics(recording(t, distance_m=d, cadence_spm=160.0, timer=timer))["longest_run_s"].value

    assert paused(6.0) == pytest.approx(800)
    assert paused(60.0) == pytest.approx(400)


@pytest.mark.parametrize(("metres", "done"), [(MILE_M - 3, 0), (MILE_M + 3, 1)])
def test_the_mile_is_1609_344_metres(metres: float, done: int) -> None:
    assert metrics(steady(metres / 600, 600, cadence_spm=160.0))["mile_done"].value == done


def test_standing_all_the_time_is_neither_running_nor_walking() -> None:
    found = metrics(intervals([(300, 0.0, 0), (5, 0.4, 0), (300, 0.0, 0)]))
    assert found["running_s"].value == 0
    assert found["walking_s"].value == 0


def test_moving_starts_above_0_6_and_stops_below_0_4() -> None:
    def moves(speed: list[float]) -> list[bool]:
        x = np.array(speed)
        return gait.moving(x, Pieces.from_starts(np.arange(x.size) == 0)).tolist()

    assert moves([0.5] * 3 + [0.7] * 3 + [0.5] * 4) == [True] * 10  # begins in the middle of the two
    assert moves([0.0] * 5 + [0.7] * 2 + [0.0] * 5) == [False] * 12  # too short to count
    assert moves([0.0] * 5 + [0.7] * 3 + [0.5] * 4) == [False] * 5 + [True] * 7
    assert moves([1.0] * 5 + [0.3] * 4 + [0.5] * 2) == [True] * 11
    assert moves([1.0] * 5 + [0.3] * 5 + [0.5] * 2) == [True] * 5 + [False] * 7


def test_straight_speed_goes_on_after_places_were_lost() -> None:
    t = np.arange(100.0)
    north = 48.0 + 2.5 * t / gait.METRES_PER_DEGREE
    north[40:50] = np.nan
    found = gait.straight_speed(north, np.full(100, 9.0), t, Pieces.from_starts(t == 0))
    assert found[50:] == pytest.approx(np.full(50, 2.5), rel=0.25)
    assert found[60:90] == pytest.approx(np.full(30, 2.5))
    assert np.isnan(found[40:50]).all()


def test_straight_speed_east_is_narrowed_by_latitude() -> None:
    t = np.arange(60.0)
    east = 9.0 + 2.0 * t / gait.METRES_PER_DEGREE
    found = gait.straight_speed(np.full(60, 60.0), east, t, Pieces.from_starts(t == 0))
    assert found[10:50] == pytest.approx(np.full(40, 1.0))


def test_jitter_does_not_make_the_straight_line_longer() -> None:
    r = np.random.default_rng(5)
    t = np.arange(600.0)
    north = 48.0 + (1.4 * t + r.normal(0, 0.5, 600)) / gait.METRES_PER_DEGREE
    east = 9.0 + r.normal(0, 0.5, 600) / gait.METRES_PER_DEGREE
    found = gait.straight_speed(north, east, t, Pieces.from_starts(t == 0))
    assert np.median(found) == pytest.approx(1.4, abs=0.02)


def test_where_no_place_is_known_there_is_no_straight_speed() -> None:
    t = np.arange(10.0)
    assert np.isnan(gait.straight_speed(np.full(10, np.nan), np.full(10, np.nan), t, Pieces.from_starts(t == 0))).all()


def clear(speed: np.ndarray) -> tuple[float, float] | None:
    found = gait.split(speed)
    return (found.low_m_s, found.high_m_s) if found and found.clear else None


def test_two_speeds_are_seen_where_there_are_two() -> None:
    r = np.random.default_rng(2)
    assert clear(r.normal(2.0, 0.2, 900)) is None
    assert clear(r.uniform(1.2, 3.0, 900)) is None
    both = np.concatenate((r.normal(1.3, 0.1, 400), r.normal(2.5, 0.15, 400)))
    assert clear(both) == pytest.approx((1.3, 2.5), abs=0.1)
    few = np.concatenate((r.normal(1.4, 0.1, 800), r.normal(2.2, 0.1, 100)))
    assert clear(few) == pytest.approx((1.4, 2.2), abs=0.1)  # a ninth of the time


def test_two_speeds_need_a_valley_between_them() -> None:
    r = np.random.default_rng(3)
    both = np.concatenate((r.normal(1.3, 0.05, 300), r.normal(2.5, 0.05, 300)))
    for seconds, seen in ((70, True), (110, False)):  # 10 and 15 % of the time half-way between
        assert (clear(np.concatenate((both, r.normal(1.9, 0.05, seconds)))) is not None) == seen


def test_speeds_less_than_half_a_metre_a_second_apart_are_one() -> None:
    r = np.random.default_rng(4)
    for apart, seen in ((0.48, False), (0.52, True)):
        both = np.concatenate((r.normal(1.7, 0.03, 400), r.normal(1.7 + apart, 0.03, 400)))
        assert (clear(both) is not None) == seen


@pytest.mark.parametrize(("apart", "seen"), [(1.0, False), (1.1, True)])
def test_two_speeds_lie_nearly_four_spreads_apart(apart: float, seen: bool) -> None:
    # Cut in the middle the halves of these lie about 3.7 and 4 spreads apart.
    r = np.random.default_rng(4)
    both = np.concatenate((r.normal(1.3, 0.3, 4000), r.normal(1.3 + apart, 0.3, 4000)))
    assert (clear(both) is not None) is seen


@pytest.mark.parametrize(("few", "seen"), [(30, False), (70, True)])
@pytest.mark.parametrize("fast", [True, False])
def test_a_speed_of_less_than_a_twentieth_of_the_time_is_none(few: int, seen: bool, fast: bool) -> None:
    r = np.random.default_rng(6)
    most, least = (1.4, 2.6) if fast else (2.6, 1.4)
    assert (clear(np.concatenate((r.normal(most, 0.05, 1000 - few), r.normal(least, 0.05, few)))) is not None) is seen


def test_less_than_a_minute_tells_no_two_speeds() -> None:
    both = np.repeat([1.3, 2.5], 30)
    assert gait.split(both) is not None
    assert gait.split(both[:59]) is None


def in_turn(*stretches: int) -> np.ndarray:
    """Slow and fast stretches in turn, beginning with a slow one."""
    return np.concatenate([np.full(n, i % 2 == 1) for i, n in enumerate(stretches)])


def test_intervals_keep_time() -> None:
    assert gait.regular(in_turn(300, *(30, 90) * 6))
    assert not gait.regular(in_turn(300, *(30, 90) * 5))  # five may be chance
    assert gait.regular(in_turn(300, *(150, 60) * 6))
    assert not gait.regular(in_turn(300, *(152, 60) * 6))  # so long ones show by their speed


def test_intervals_may_be_out_of_time_now_and_then() -> None:
    def at(*every: int) -> bool:
        fast = np.zeros(1500, np.bool_)
        for start in np.cumsum([300, *every]):
            fast[start : start + 30] = True
        return gait.regular(fast)

    assert not at(120, 120, 145, 95, 120, 120)  # 4 of 6 within a fifth of two minutes: less than seven tenths
    assert at(120, 120, 145, 95, 120, 120, 120)  # 5 of 7


def test_stretches_of_unlike_length_are_not_regular() -> None:
    assert not gait.regular(in_turn(300, *(20, 100, 70, 50) * 4))
    assert gait.regular(in_turn(300, *(30, 90, 44, 76) * 4))


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_slow_jogs_that_blur_into_the_walk_are_seen_when_they_keep_time(seed: int) -> None:
    track = phone_track([(300, 1.45), *[(60, 1.85), (90, 1.45)] * 8, (210, 1.45)], jitter_m=0.3, seed=seed)
    found = metrics(track)["running_s"]
    assert found.source == "two speeds in turn"
    assert found.value == pytest.approx(480, abs=60)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 90), st.sampled_from([0.0, 0.9, 1.4, 1.9, 2.5, 3.5]), st.sampled_from([0, 110, 160])),
        min_size=1,
        max_size=12,
    )
)
def test_the_parts_add_up_whatever_one_does(pattern: list[tuple[float, float, float]]) -> None:
    measured = measure(intervals([(20, 2.5, 160), *pattern]))
    found = {k: v.value for k, v in measured.metrics.items()}
    if found["running_s"] is None:  # half of the moving time without a step: the cadence is not believed
        assert measured.metrics["running_s"].reason
        return
    assert found["running_s"] + found["walking_s"] == pytest.approx(found["moving_s"])
    assert found["moving_s"] <= found["timer_s"] + 1e-9
    assert found["longest_run_m"] <= found["distance_m"] + 1e-6
    bouts = measured.bouts
    assert bouts["duration_s"].sum() == pytest.approx(found["timer_s"])
    if bouts.height > 1:
        assert bouts["duration_s"].min() >= gait.SHORTEST_BOUT_S - 1
    kinds = bouts["kind"].to_list()
    assert all(a != b for a, b in itertools.pairwise(kinds))
