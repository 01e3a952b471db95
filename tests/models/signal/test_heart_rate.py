"""Cleaning a heart-rate stream: each fault is found, and nothing else is touched."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.recording import Flag
from steadymile.models.signal.heart_rate import _row_median, clean_heart_rate, peak_20s


def steady(n: int = 900, bpm: float = 140.0, step_s: float = 1.0) -> dict[str, np.ndarray]:
    """A calm run: heart rate wavers by a beat or two, cadence is far from it, speed too constant to matter."""
    t = np.arange(n) * step_s
    return {
        "t_s": t,
        "hr": np.round(bpm + 2.0 * np.sin(t / 20.0)),
        "cadence_spm": np.full(n, 172.0),
        "speed_m_s": np.full(n, 2.5),
        "moving": np.ones(n, dtype=bool),
    }


def test_a_clean_stream_is_left_alone():
    run = steady()
    clean, flags, share = clean_heart_rate(**run)
    assert np.array_equal(clean, run["hr"])
    assert not flags.any()
    assert share == 0.0


@pytest.mark.parametrize("bad", [0.0, 255.0, 29.0, 231.0])
def test_an_impossible_value_is_flagged_and_bridged(bad: float):
    run = steady()
    run["hr"][400] = bad
    clean, flags, _ = clean_heart_rate(**run)
    assert flags[400] == Flag.HR_INVALID
    assert clean[400] == pytest.approx((run["hr"][399] + run["hr"][401]) / 2)


@pytest.mark.parametrize("good", [30.0, 230.0])
def test_the_edges_of_the_possible_are_possible(good: float):
    run = steady(bpm=good)
    run["hr"][:] = good
    clean, flags, _ = clean_heart_rate(**run)
    assert not flags.any()
    assert np.array_equal(clean, run["hr"])


def test_a_missing_sample_is_not_flagged():
    run = steady()
    run["hr"][400] = np.nan
    clean, flags, _ = clean_heart_rate(**run)
    assert flags[400] == 0
    assert not np.isnan(clean[400])


def test_a_short_spike_is_flagged():
    run = steady()
    run["hr"][500:503] = 175.0
    _, flags, _ = clean_heart_rate(**run)
    assert np.flatnonzero(flags & Flag.HR_SPIKE).tolist() == [500, 501, 502]


def test_a_waver_within_twelve_beats_is_no_spike():
    run = steady()
    run["hr"][500] = run["hr"][499] + 8.0
    _, flags, _ = clean_heart_rate(**run)
    assert not flags.any()


def test_a_spike_is_found_in_sparse_samples():
    run = steady(n=120, step_s=5.0)
    run["hr"][60] = 200.0
    _, flags, _ = clean_heart_rate(**run)
    assert flags[60] == Flag.HR_SPIKE


def test_the_true_rise_at_the_start_of_a_run_stays():
    run = steady()
    run["hr"] = np.round(85.0 + 65.0 * (1.0 - np.exp(-run["t_s"] / 30.0)))
    clean, flags, _ = clean_heart_rate(**run)
    assert not flags.any()
    assert not np.isnan(clean).any()


def test_a_step_faster_than_eight_beats_a_second_is_flagged_where_it_lands():
    run = steady()
    run["hr"] = np.where(run["t_s"] < 450, 130.0, 150.0) + np.round(np.sin(run["t_s"] / 7.0))
    _, flags, _ = clean_heart_rate(**run)
    assert flags[450] & Flag.HR_SPIKE
    assert not flags[460:].any()


def test_a_gap_of_ten_seconds_is_bridged_and_a_longer_one_stays_missing():
    run = steady()
    run["hr"][100:109] = np.nan
    run["hr"][300:310] = np.nan
    clean, _, _ = clean_heart_rate(**run)
    assert not np.isnan(clean[100:109]).any()
    assert np.isnan(clean[300:310]).all()


@pytest.mark.parametrize("length", [123, 200])
def test_a_frozen_sensor_is_flagged_when_speed_changes(length: int):
    run = steady()
    run["hr"] += np.where(run["t_s"] % 2 == 0, 1.0, 0.0)
    run["hr"][200 : 200 + length] = 150.0
    run["speed_m_s"][200:400] = np.linspace(1.5, 3.5, 200)
    _, flags, _ = clean_heart_rate(**run)
    assert (flags[201 : 200 + length] & Flag.HR_FROZEN).all()
    assert not (flags[:190] & Flag.HR_FROZEN).any()
    assert not (flags[205 + length :] & Flag.HR_FROZEN).any()


@pytest.mark.parametrize(("length", "rise"), [(119, 2.0), (200, 0.4)])
def test_the_same_value_for_a_while_is_not_frozen_if_short_or_at_one_speed(length: int, rise: float):
    run = steady()
    run["hr"] += np.where(run["t_s"] % 2 == 0, 1.0, 0.0)
    run["hr"][200 : 200 + length] = 141.0
    run["speed_m_s"][200:400] = np.linspace(2.0, 2.0 + rise, 200)
    _, flags, _ = clean_heart_rate(**run)
    assert not (flags & Flag.HR_FROZEN).any()


def locked(**changes: np.ndarray) -> dict[str, np.ndarray]:
    """A run in which the sensor jumps onto the step rate from second 300 to 500."""
    run = steady() | changes
    on = (run["t_s"] >= 300) & (run["t_s"] < 500)
    run["hr"] = np.where(on, run["cadence_spm"] + np.round(np.sin(run["t_s"])), run["hr"])
    return run


def test_a_jump_onto_the_step_rate_is_cadence_lock():
    _, flags, share = clean_heart_rate(**locked())
    assert (flags[305:495] & (Flag.HR_CADENCE_LOCK | Flag.HR_SPIKE)).all()
    assert share == pytest.approx(200 / 900, abs=0.01)


def test_a_heart_rate_that_comes_to_equal_the_step_rate_slowly_is_kept():
    run = steady()
    run["hr"] = np.round(np.interp(run["t_s"], [0, 500, 900], [150, 168, 172])) + np.round(np.sin(run["t_s"] / 9))
    _, flags, share = clean_heart_rate(**run)
    assert not flags.any()
    assert share == 0.0


def test_a_heart_rate_that_follows_every_change_of_step_rate_is_cadence_lock():
    t = np.arange(900.0)
    cadence = 160.0 + np.round(6.0 * np.sin(t / 40.0))
    run = steady() | {"cadence_spm": cadence, "hr": cadence + np.where(t % 3 == 0, 1.0, 0.0)}
    _, flags, share = clean_heart_rate(**run)
    assert (flags & Flag.HR_CADENCE_LOCK).sum() > 800
    assert share > 0.9


def test_a_lock_is_seen_although_a_step_rate_is_missing_now_and_then():
    cadence = np.where(np.arange(900) % 5 == 0, np.nan, 172.0)
    run = locked()
    _, flags, share = clean_heart_rate(**(run | {"cadence_spm": cadence}))
    assert (flags[305:495] & (Flag.HR_CADENCE_LOCK | Flag.HR_SPIKE)).all()
    assert share == pytest.approx(200 / 900, abs=0.01)


@pytest.mark.parametrize(("values", "middle"), [((1, 2, 4, 8), 3), ((1, 9, 5), 5), ((7,), 7), ((3, 4), 3.5)])
def test_the_median_of_a_row_leaves_out_what_is_missing(values: tuple[float, ...], middle: float):
    row = np.array([[np.nan, *values, np.nan, np.nan]])
    found, count = _row_median(row)
    assert (found.tolist(), count.tolist()) == ([middle], [len(values)])


def test_a_spike_is_told_from_three_readings_on():
    run = steady(n=3, step_s=5.0)
    run["hr"] = np.array([140.0, 165.0, 140.0])
    assert clean_heart_rate(**run)[1].tolist() == [0, int(Flag.HR_SPIKE), 0]


def test_a_frozen_stretch_is_flagged_to_its_last_sample():
    run = steady()
    run["hr"][300:500] = 145.0
    run["speed_m_s"] = np.where(np.arange(900) < 400, 2.0, 3.0)
    flags = clean_heart_rate(**run)[1]
    assert np.flatnonzero(flags & Flag.HR_FROZEN)[[0, -1]].tolist() == [300, 499]


def test_the_lock_share_counts_moving_time_only():
    run = locked()
    run["moving"] = run["t_s"] < 300
    assert clean_heart_rate(**run)[2] == pytest.approx(0.0, abs=0.01)


def test_without_cadence_nothing_can_be_called_cadence_lock():
    run = locked()
    run["cadence_spm"] = np.full(900, np.nan)
    _, flags, share = clean_heart_rate(**run)
    assert not (flags & Flag.HR_CADENCE_LOCK).any()
    assert share == 0.0


def test_a_high_reading_before_the_sensor_warms_up_is_flagged():
    run = steady()
    run["hr"][:60] = 180.0 + np.round(np.sin(np.arange(60)))
    _, flags, _ = clean_heart_rate(**run)
    assert (flags[:50] & Flag.HR_WARM_UP).all()
    assert not (flags[70:] & Flag.HR_WARM_UP).any()


def test_an_early_sprint_at_a_speed_never_repeated_is_kept():
    run = steady()
    run["hr"][:60] = np.round(np.linspace(178, 182, 60))
    run["speed_m_s"][:60] = 5.0
    _, flags, _ = clean_heart_rate(**run)
    assert not (flags & Flag.HR_WARM_UP).any()


def test_a_recording_without_heart_rate_stays_without():
    run = steady() | {"hr": np.full(900, np.nan)}
    clean, flags, share = clean_heart_rate(**run)
    assert np.isnan(clean).all()
    assert not flags.any()
    assert share == 0.0


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_the_shortest_recordings_do_not_break_it(n: int):
    clean, flags, share = clean_heart_rate(**{k: v[:n] for k, v in steady().items()})
    assert clean.size == flags.size == n
    assert share == 0.0


@given(
    st.lists(st.one_of(st.just(float("nan")), st.integers(0, 255).map(float)), min_size=2, max_size=120),
    st.lists(st.sampled_from([1.0, 2.0, 7.0, 60.0]), min_size=120, max_size=120),
)
def test_what_comes_out_is_always_possible_and_only_flagged_or_missing_samples_change(
    rates: list[float], steps: list[float]
):
    hr = np.array(rates)
    t = np.cumsum(steps[: hr.size])
    clean, flags, share = clean_heart_rate(
        t, hr, np.full(hr.size, 160.0), np.full(hr.size, 2.5), np.ones(hr.size, bool)
    )
    known = ~np.isnan(clean)
    assert ((clean[known] >= 30) & (clean[known] <= 230)).all()
    untouched = (flags == 0) & ~np.isnan(hr)
    assert np.array_equal(clean[untouched], hr[untouched])
    assert 0.0 <= share <= 1.0


def test_the_peak_is_what_twenty_seconds_held():
    hr = np.full(600, 150.0)
    hr[100:111] = 185.0
    hr[300:309] = 199.0
    assert peak_20s(np.arange(600.0), hr) == 185.0


def test_the_peak_needs_samples_that_fill_its_window():
    t = np.array([0.0, 1.0, 2.0, 300.0, 301.0, 600.0])
    assert peak_20s(t, np.full(6, 190.0)) is None


def test_the_peak_of_sparse_samples_is_found():
    t = np.arange(0.0, 300.0, 5.0)
    hr = np.full(60, 150.0)
    hr[20:25] = 181.0
    assert peak_20s(t, hr) == 181.0


def test_there_is_no_peak_without_heart_rate():
    assert peak_20s(np.arange(100.0), np.full(100, np.nan)) is None


@given(st.lists(st.integers(60, 200), min_size=40, max_size=200))
def test_the_peak_is_the_highest_lower_median_of_twenty_samples(rates: list[int]):
    hr = np.array(rates, dtype=float)
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(hr, 20), axis=1)
    # A window cut short at the end counts too, from 16 s on.
    cut = [np.sort(hr[-k:])[(k - 1) // 2] for k in range(16, 20)]
    assert peak_20s(np.arange(hr.size, dtype=float), hr) == max(windows[:, 9].max(), *cut)


# where the rules end


@pytest.mark.parametrize(("off", "counted"), [(4.0, True), (5.0, False)])
def test_within_four_beats_of_the_step_rate_is_alike(off: float, counted: bool):
    run = locked()
    on = (run["t_s"] >= 300) & (run["t_s"] < 500)
    run["hr"] = np.where(on, run["cadence_spm"] + off, steady()["hr"])
    share = clean_heart_rate(**run)[2]
    assert (share > 0.15) is counted


@pytest.mark.parametrize(("rise", "counted"), [(15, True), (14, False)])
def test_a_jump_onto_the_step_rate_is_one_of_fifteen_beats(rise: int, counted: bool):
    run = steady()
    t = run["t_s"]
    # Slowly away again, so that only the one edge can give it away.
    run["hr"] = np.interp(t, [0, 299, 301, 500, 900], [172 - rise, 172 - rise, 172, 172, 172 - rise])
    run["hr"] = np.round(run["hr"])
    assert (clean_heart_rate(**run)[2] > 0.1) is counted


@pytest.mark.parametrize(("seconds", "jump"), [(9, True), (13, False)])
def test_a_jump_happens_within_ten_seconds(seconds: int, jump: bool):
    run = steady()
    t = run["t_s"]
    run["hr"] = np.round(np.interp(t, [0, 300, 300 + seconds, 500, 900], [156.0, 156.0, 171.5, 172.0, 156.0]))
    assert (clean_heart_rate(**run)[2] > 0.1) is jump


def test_a_heart_rate_that_rises_slowly_to_the_step_rate_is_kept_however_high_it_is():
    run = steady()
    run["hr"] = np.round(np.interp(run["t_s"], [0, 250, 400, 600, 750, 900], [140, 140, 172, 172, 140, 140]))
    assert clean_heart_rate(**run)[2] == 0.0


def test_a_surge_to_the_step_rate_that_its_speed_explains_is_kept():
    run = steady(n=1800)
    fast = (run["t_s"] % 600 >= 300) & (run["t_s"] % 600 < 420)
    run["speed_m_s"] = np.where(fast, 4.2, 2.6)
    # The second of three equal surges happens to equal the step rate; all three cost the same.
    run["hr"] = np.where(fast, 170.0, 150.0) + np.round(np.sin(run["t_s"] / 9))
    run["cadence_spm"] = np.where((run["t_s"] >= 900) & (run["t_s"] < 1020), 170.0, 182.0)
    assert clean_heart_rate(**run)[2] == 0.0


def test_a_heart_rate_that_leaves_the_step_rate_in_a_jump_is_kept():
    run = steady()
    run["hr"] = np.round(np.interp(run["t_s"], [0, 300, 500, 502, 900], [140, 172, 172, 140, 140]))
    assert clean_heart_rate(**run)[2] == 0.0


def test_a_sensor_that_counts_steps_from_the_first_second_is_seen_where_it_finds_the_pulse():
    run = steady()
    on = run["t_s"] < 200
    run["hr"] = np.where(on, run["cadence_spm"] + np.round(np.sin(run["t_s"])), run["hr"])
    _, flags, share = clean_heart_rate(**run)
    assert (flags[5:195] & (Flag.HR_CADENCE_LOCK | Flag.HR_SPIKE)).all()
    assert share == pytest.approx(200 / 900, abs=0.02)


def test_a_sensor_that_comes_back_from_silence_onto_the_step_rate_is_seen():
    run = locked()
    run["hr"][265:300] = np.nan
    assert clean_heart_rate(**run)[2] == pytest.approx(200 / 900, abs=0.02)


@pytest.mark.parametrize(("until", "flagged"), [(179, 179), (260, 180)])
def test_the_warm_up_of_a_sensor_ends_after_three_minutes(until: int, flagged: int):
    run = steady(n=1800)
    run["hr"][: until + 1] = 185.0 - np.linspace(0, 1, until + 1).round()
    _, flags, _ = clean_heart_rate(**run)
    assert np.count_nonzero(flags & Flag.HR_WARM_UP) == pytest.approx(flagged, abs=3)


def test_a_high_reading_while_standing_at_the_start_is_no_matter_of_speed():
    run = steady()
    run["hr"][:60] = 180.0 + np.round(np.sin(np.arange(60)))
    run["moving"][:60] = False
    _, flags, _ = clean_heart_rate(**run)
    assert not (flags & Flag.HR_WARM_UP).any()


def test_only_what_lies_within_fifteen_seconds_makes_a_spike():
    # Every minute a sample, each 20 beats from the last: nothing near enough to be compared with.
    t = np.arange(0.0, 1200.0, 60.0)
    hr = np.where(np.arange(20) % 2 == 0, 130.0, 150.0)
    dense = np.concatenate((np.arange(1200.0, 1300.0), t + 1400.0))
    rates = np.concatenate((np.full(100, 140.0), hr))
    n = dense.size
    _, flags, _ = clean_heart_rate(dense, rates, np.full(n, 172.0), np.full(n, 2.5), np.ones(n, bool))
    assert not flags.any()


@pytest.mark.parametrize(("samples", "found"), [(2, False), (3, True)])
def test_a_peak_takes_three_samples(samples: int, found: bool):
    t = np.arange(0.0, 300.0, 20.0 / samples)
    assert (peak_20s(t, np.full(t.size, 180.0)) is not None) is found


@pytest.mark.parametrize(("step", "flagged"), [(8.0, False), (8.5, True)])
def test_no_heart_gains_more_than_eight_beats_a_second(step: float, flagged: bool):
    run = steady()
    run["hr"] = np.interp(run["t_s"], [0, 450, 451, 900], [135.0, 135.0, 135.0 + step, 135.0 + step])
    run["hr"][::2] += 0.01  # not frozen
    run["hr"][450:452] = [135.0, 135.0 + step]
    _, flags, _ = clean_heart_rate(**run)
    assert bool(flags[451] & Flag.HR_SPIKE) is flagged


def test_two_readings_five_seconds_apart_are_no_spike():
    # Within 7.5 s of each stands the other: the middle of three is theirs.
    run = steady(n=120, step_s=5.0)
    run["hr"] = np.where(np.arange(120) % 2 == 0, 140.0, 141.0)
    run["hr"][60:62] = 157.0
    _, flags, _ = clean_heart_rate(**run)
    assert not flags.any()
