"""Which recordings are one run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.models.copies.duplicates import duplicates, elsewhere
from steadymile.models.copies.signature import STEP_S, signature
from steadymile.models.measured import Recording, Signature
from steadymile.models.recording import SAMPLES

START = datetime(2026, 3, 1, 7, tzinfo=UTC)


def samples(minutes=30, seed=1, noise_m=0.0, gps=True, pace_m_s=2.8, hr=True, step_s=1, skip_s=0):
    """A run on a winding course, its speed and heart rate drifting with the seed, its places with noise."""
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, minutes * 60 + skip_s, 1.0)
    speed = pace_m_s * (1 + 0.06 * np.cumsum(rng.normal(0, 0.05, len(t))).clip(-3, 3))
    distance = np.cumsum(speed)
    angle = distance / 400
    east, north = 600 * np.sin(angle), distance * 0.5 + 300 * np.cos(angle * 0.7)
    beat = 140 + 10 * np.sin(distance / 500 + seed) + np.cumsum(rng.normal(0, 0.3, len(t)))
    keep = slice(skip_s, None, step_s)
    own = np.random.default_rng(seed + 1000 + int(noise_m))
    n = len(t[keep])
    return pl.DataFrame(
        {
            "time": [START + timedelta(seconds=s) for s in t[keep]],
            "t_s": t[keep] - skip_s,
            "latitude_deg": 50 + (north[keep] + own.normal(0, noise_m, n)) / 111_195 if gps else None,
            "longitude_deg": 8 + (east[keep] + own.normal(0, noise_m, n)) / 71_475 if gps else None,
            "altitude_m": None,
            "distance_m": distance[keep] - distance[skip_s],
            "speed_m_s": None,
            "heart_rate_bpm": beat[keep].round() if hr else None,
            "cadence_spm": None,
            "power_w": None,
            "temperature_c": None,
            "flags": 0,
        },
        schema=SAMPLES,
    )


def recording(name, frame, start=START, sport="running", **facts):
    length = float(frame["t_s"][-1])
    base = Recording(
        activity_id=name,
        started_at=start,
        ended_at=start + timedelta(seconds=length),
        local_day=start.date(),
        sport=sport,
        metrics={"distance_m": float(frame["distance_m"][-1]), "moving_s": length},
        n_samples=frame.height,
        has_heart_rate=frame["heart_rate_bpm"].null_count() < frame.height,
        has_position=frame["latitude_deg"].null_count() < frame.height,
        reader="rich",
        signature=signature(frame),
    )
    return replace(base, **facts)


def pairs(*recordings, keep=frozenset()):
    found = duplicates(recordings, keep, rank_of=lambda reader: len(reader) * (reader == "rich"))
    return [(m.activity_id, m.duplicate_of, m.rule) for m in found]


def test_the_makers_identity_tells_the_same_recording_in_two_exports():
    a = recording("a", samples(), identity="123:456")
    b = recording("b", samples(hr=False), identity="123:456", reader="poor")
    assert pairs(a, b) == [("b", "a", "same recording")]


def test_a_copy_that_was_cut_off_is_never_preferred_to_the_whole_recording():
    whole = recording("whole", samples(hr=False), identity="123:456", reader="poor")
    cut_off = recording("cut off", cut(samples(), 0, 900), identity="123:456", has_altitude=True)
    assert pairs(whole, cut_off) == [("cut off", "whole", "same recording")]


def test_sessions_of_one_multisport_file_share_an_identity_and_are_not_copies():
    a = recording("a", samples(), identity="123:456")
    b = recording("b", samples(seed=2), start=START + timedelta(minutes=31), identity="123:456")
    assert pairs(a, b) == []


def test_watch_and_phone_of_one_run_are_one_and_the_copy_with_heart_rate_is_preferred():
    watch = recording("watch", samples(noise_m=4))
    phone = recording(
        "phone", samples(noise_m=8, hr=False, skip_s=12), start=START + timedelta(seconds=12), reader="poor"
    )
    assert pairs(phone, watch) == [("phone", "watch", "same time")]


def test_two_indoor_recordings_at_the_same_time_are_one():
    a = recording("a", samples(gps=False))
    b = recording("b", samples(gps=False, hr=False), metrics={})
    assert pairs(a, b) == [("b", "a", "same time")]


def test_two_recordings_at_the_same_time_in_different_places_are_two():
    a, far = samples(), samples(seed=2).with_columns(pl.col("latitude_deg") + 1)
    assert pairs(recording("a", a), recording("b", far)) == []


def test_two_recordings_that_no_one_person_can_have_made_are_found_with_how_far_they_are_apart():
    here = samples()
    there = here.with_columns(pl.col("latitude_deg") + 1.0)
    ((a, b, apart_m),) = elsewhere([recording("a", here), recording("b", there, START + timedelta(minutes=5))])
    assert (a.activity_id, b.activity_id) == ("a", "b")
    assert apart_m == pytest.approx(111_195, rel=0.01)


@pytest.mark.parametrize(
    ("there", "later_min"),
    [
        (samples(seed=2), 0),  # two of the same club, in the same park
        (samples().with_columns(pl.col("latitude_deg") + 1.0), 30),  # one after the other
        (samples(minutes=3).with_columns(pl.col("latitude_deg") + 1.0), 0),  # too short to be sure
        (samples(gps=False), 0),
    ],
)
def test_recordings_that_one_person_may_have_made_are_left_alone(there, later_min):
    assert elsewhere([recording("a", samples()), recording("b", there, START + timedelta(minutes=later_min))]) == []


def test_a_ride_and_a_run_at_the_same_time_are_two():
    assert pairs(recording("a", samples(gps=False)), recording("b", samples(gps=False), sport="cycling")) == []


@pytest.mark.parametrize("minutes", [60, 120, 480, 30, 330, -330, 345 - 15, 3, 8])
def test_one_run_under_a_wrong_clock_is_one(minutes):
    right = recording("right", samples(noise_m=3))
    wrong = recording("wrong", samples(noise_m=4, hr=False), start=START + timedelta(minutes=minutes))
    assert pairs(right, wrong) == [("wrong", "right", "shifted clock")]


def test_one_indoor_run_under_a_wrong_clock_is_one_by_distance_and_heart_rate():
    a = recording("a", samples(gps=False))
    b = recording("b", samples(gps=False), start=START + timedelta(hours=8), reader="poor")
    assert pairs(a, b) == [("b", "a", "shifted clock")]


def test_two_treadmill_runs_of_the_same_pace_hours_apart_are_two():
    a = recording("a", samples(gps=False, seed=1))
    b = recording("b", samples(gps=False, seed=2), start=START + timedelta(hours=8))
    assert pairs(a, replace(b, metrics=a.metrics)) == []


@pytest.mark.parametrize("days", [1, 2, 7])
def test_two_identical_runs_at_the_same_hour_of_different_days_are_two(days):
    a = recording("a", samples())
    b = recording("b", samples(), start=START + timedelta(days=days))
    assert pairs(a, b) == []


@pytest.mark.parametrize("seed", range(2, 8))
def test_the_same_round_in_the_morning_and_the_evening_is_two_runs(seed):
    morning = recording("a", samples(seed=1, noise_m=3))
    evening = recording("b", samples(seed=seed, noise_m=3), start=START + timedelta(hours=10))
    assert pairs(morning, replace(evening, metrics=morning.metrics)) == []


UNSET = datetime(1990, 1, 1, tzinfo=UTC) - timedelta(hours=20)


def test_two_runs_of_a_watch_whose_clock_was_never_set_are_two_though_their_times_are_the_same():
    first = recording("a", samples(gps=False, seed=1), start=UNSET)
    assert pairs(first, recording("b", samples(gps=False, seed=2), start=UNSET + timedelta(seconds=20))) == []


def test_one_run_exported_twice_under_a_clock_that_was_never_set_is_one():
    found = pairs(
        recording("a", samples(), start=UNSET), recording("b", samples(noise_m=1), start=UNSET, reader="poor")
    )
    assert found == [("b", "a", "shifted clock")]


def test_a_shift_that_no_zone_explains_is_two_runs():
    a, b = recording("a", samples()), recording("b", samples(), start=START + timedelta(minutes=77))
    assert pairs(a, b) == []


def split(frame, at_s, gap_s=0):
    first = frame.filter(pl.col("t_s") < at_s)
    second = frame.filter(pl.col("t_s") >= at_s + gap_s)
    return first, second.with_columns(pl.col("t_s") - second["t_s"][0], pl.col("distance_m") - second["distance_m"][0])


def test_a_run_split_into_two_files_is_not_matched_away():
    first, second = split(samples(), 900)
    assert pairs(recording("a", first), recording("b", second, start=START + timedelta(seconds=900))) == []


def test_the_parts_of_a_run_are_copies_of_the_whole_even_when_they_are_richer():
    whole = samples(hr=False)
    first, second = split(samples(), 900)
    found = pairs(
        recording("whole", whole, reader="poor"),
        recording("one", first),
        recording("two", second, start=START + timedelta(seconds=900)),
    )
    assert found == [("one", "whole", "part"), ("two", "whole", "part")]


def test_the_run_itself_is_preferred_to_a_watch_that_was_left_on_all_night():
    run = samples(gps=False)
    still = pl.DataFrame({"time": [START + timedelta(hours=9)], "t_s": [32_400.0], "distance_m": run["distance_m"][-1]})
    night = pl.concat([run, still], how="diagonal_relaxed").select(run.columns)
    found = pairs(recording("night", night), recording("run", run.with_columns(cadence_spm=85.0), has_cadence=True))
    assert found == [("night", "run", "part")]


def test_a_run_within_a_day_long_walk_stays_a_run():
    walk = recording("walk", samples(minutes=600, gps=False, pace_m_s=1.2), sport="walking")
    run = recording("run", samples(gps=False), start=START + timedelta(hours=2))
    assert pairs(walk, run) == []


def test_a_forgotten_watch_does_not_swallow_the_next_run():
    night = samples(minutes=720, gps=False, hr=False, pace_m_s=0.7)
    run = recording("run", samples(gps=False), start=START + timedelta(hours=8))
    assert pairs(recording("night", night), run) == []


def cut(frame, begin_s, end_s):
    inside = frame.filter(pl.col("t_s").is_between(begin_s, end_s))
    return inside.with_columns(pl.col("t_s") - inside["t_s"][0], pl.col("distance_m") - inside["distance_m"][0])


def test_a_second_app_started_later_and_stopped_a_little_later_is_the_same_run():
    run = samples(minutes=60, gps=False)
    first, second = cut(run, 0, 1800), cut(run, 180, 2050)
    found = pairs(recording("first", first), recording("second", second, start=START + timedelta(seconds=180)))
    assert found == [("first", "second", "part")]


def test_two_runs_that_overlap_for_less_than_four_fifths_of_the_shorter_are_two():
    run = samples(minutes=60, gps=False)
    first, second = cut(run, 0, 1800), cut(run, 600, 2400)
    assert pairs(recording("first", first), recording("second", second, start=START + timedelta(seconds=600))) == []


def test_a_whole_that_knows_little_but_its_total_is_compared_by_its_mean_speed():
    run = samples(minutes=120, gps=False)
    totals = pl.concat([run[:1], run[-1:]])
    part = recording("part", cut(run, 5400, 7200), start=START + timedelta(seconds=5400))
    assert pairs(recording("whole", totals), part) == [("part", "whole", "part")]


def left_on(run, hours, rest_m):
    """The run on a recording that went on for hours, in which the distance hardly grew, during the run neither."""
    still = run[-1:].with_columns(t_s=pl.lit(hours * 3600.0), distance_m=pl.lit(run["distance_m"][-1] + rest_m))
    return pl.concat([run.with_columns(pl.col("distance_m") * 0.1), still])


def test_a_recording_left_on_that_lost_its_distance_is_known_by_the_heart_and_the_run_counts():
    run = samples(gps=False)
    found = pairs(recording("left on", left_on(run, 12, 2500.0)), recording("run", run))
    assert found == [("left on", "run", "part")]
    (match,) = duplicates([recording("left on", left_on(run, 12, 2500.0)), recording("run", run)])
    assert match.detail.endswith("the same heart rate at the same moments")


def test_a_recording_left_on_with_another_heart_is_not_the_run():
    run, other = samples(gps=False), samples(gps=False, seed=2).with_columns(pl.col("heart_rate_bpm") - 30)
    assert pairs(recording("left on", left_on(other, 12, 2500.0)), recording("run", run)) == []


def test_sessions_started_and_stopped_together_are_one_even_when_one_lost_its_distance():
    a = recording("a", samples(gps=False))
    b = recording("b", samples(gps=False, hr=False), metrics={"distance_m": 900.0})
    assert pairs(a, b) == [("b", "a", "same time")]


def test_every_copy_names_the_preferred_one_and_never_another_copy():
    three = [recording(name, samples(noise_m=n, hr=n == 0)) for n, name in enumerate("abc")]
    assert pairs(*three) == [("b", "a", "same time"), ("c", "a", "same time")]


def test_a_run_that_is_kept_is_never_matched_away():
    a, b = recording("a", samples()), recording("b", samples(hr=False))
    assert pairs(a, b, keep=frozenset({"b"})) == []


def test_keeping_the_preferred_one_changes_nothing():
    a, b = recording("a", samples()), recording("b", samples(hr=False))
    assert pairs(a, b, keep=frozenset({"a"})) == [("b", "a", "same time")]


def test_a_match_says_its_evidence_in_plain_words():
    (match,) = duplicates([recording("a", samples()), recording("b", samples(noise_m=3, hr=False))])
    assert "100% of the time in common" in match.detail
    assert " m apart" in match.detail


def test_a_session_without_length_is_matched_to_nothing_but_its_own_identity():
    empty = Recording(activity_id="a", started_at=START, ended_at=START, local_day=START.date(), sport="running")
    assert pairs(empty, recording("b", samples())) == []


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(2, 8))
def test_the_order_of_recordings_does_not_matter(random_, n):
    found = [
        Recording(
            activity_id=str(i),
            started_at=START + timedelta(minutes=random_.randint(0, 90)),
            ended_at=START + timedelta(minutes=random_.randint(91, 180)),
            local_day=START.date(),
            sport=random_.choice(["running", "walking", "unknown"]),
            n_samples=random_.randint(0, 3),
        )
        for i in range(n)
    ]
    forwards, names = duplicates(found), {r.activity_id for r in found}
    random_.shuffle(found)
    assert duplicates(found) == forwards
    copies = {m.activity_id for m in forwards}
    assert all(m.duplicate_of in names - copies for m in forwards)


def test_a_signature_holds_place_distance_and_heart_rate_every_half_minute():
    s = signature(samples(minutes=5))
    assert len(s.latitude_deg) == len(s.distance_m) == len(s.heart_rate_bpm) == 10


def test_a_signature_does_not_invent_values_across_a_gap():
    frame = samples(minutes=10).filter((pl.col("t_s") < 120) | (pl.col("t_s") > 400))
    assert np.isnan(signature(frame).latitude_deg[6])


def test_a_signature_of_nothing_is_empty():
    empty = signature(pl.DataFrame(schema=SAMPLES))
    assert [getattr(empty, name).size for name in Signature.__dataclass_fields__] == [0, 0, 0, 0]


def beside(sport: str, name: str, begin_s: float, seconds: float, speed_m_s: float = 2.6, **more: object) -> Recording:
    """A recording of one and the same way: who is where depends on the clock alone."""
    t = np.arange(begin_s, begin_s + seconds, STEP_S)
    here = Signature(latitude_deg=48.0 + speed_m_s * t / 111_195.0, longitude_deg=np.full(t.size, 9.0))
    start = datetime(2026, 11, 8, 17, tzinfo=UTC) + timedelta(seconds=begin_s)
    return Recording(
        activity_id=name, started_at=start, ended_at=start + timedelta(seconds=seconds), local_day=start.date(),
        sport=sport, metrics={"distance_m": speed_m_s * seconds, "moving_s": seconds}, n_samples=int(seconds),
        has_position=True, signature=here, **more,
    )  # fmt: skip


def test_a_run_inside_a_phones_walk_counts_once() -> None:
    walk, run = beside("walking", "walk", 0, 3600), beside("running", "run", 1200, 1200)
    assert pairs(walk, run) == [("run", "walk", "part")]


def test_a_run_that_a_second_watch_calls_a_ride_is_a_run() -> None:
    run, ride = beside("running", "run", 0, 1800), beside("cycling", "ride", 5, 1800, has_heart_rate=True)
    assert pairs(run, ride) == [("ride", "run", "same time")]


def test_a_ride_that_a_phone_calls_a_run_is_a_ride() -> None:
    run, ride = beside("running", "run", 0, 1800, 7.0), beside("cycling", "ride", 5, 1800, 7.0)
    assert pairs(run, ride) == [("run", "ride", "same time")]


def test_a_ride_somewhere_else_at_the_same_time_stays() -> None:
    there = beside("cycling", "ride", 0, 1800, 7.0)
    assert pairs(beside("running", "run", 0, 1800), there) == []


def test_of_two_copies_the_one_that_names_its_sport_counts() -> None:
    named, vague = beside("running", "named", 0, 1800), beside("unknown", "vague", 0, 1800, has_heart_rate=True)
    assert pairs(named, vague) == [("vague", "named", "same time")]


def three_in_one(sport, parts_sport="running"):
    """Ninety minutes of a logger, and three recordings of a quarter of an hour each within it."""
    whole = samples(minutes=90)
    parts = []
    for n, begin in enumerate((300, 2100, 3900)):
        piece = cut(whole, begin, begin + 900)
        piece = piece.with_columns(pl.col("t_s") - piece["t_s"][0], pl.col("distance_m") - piece["distance_m"][0])
        parts.append(recording(f"fit {n}", piece, start=START + timedelta(seconds=begin), sport=parts_sport))
    return recording("log", whole, sport=sport, has_heart_rate=False, reader="poor"), parts


def test_a_long_log_without_a_sport_gives_way_to_the_three_sessions_within_it():
    log, parts = three_in_one("unknown")
    (match,) = duplicates([log, *parts])
    assert (match.activity_id, match.rule) == ("log", "part")


@pytest.mark.parametrize(("sport", "parts_sport"), [("running", "running"), ("unknown", "unknown")])
def test_where_the_sport_says_nothing_more_the_longest_recording_counts_for_its_parts(sport, parts_sport):
    log, parts = three_in_one(sport, parts_sport)
    assert pairs(log, *parts) == [(p.activity_id, "log", "part") for p in parts]


def test_one_named_part_of_a_longer_recording_does_not_replace_the_whole():
    log, parts = three_in_one("unknown")
    assert pairs(log, parts[1]) == [("fit 1", "log", "part")]


def ran(recording: Recording, seconds: float, **more: object) -> Recording:
    """The recording, in which so much running was seen."""
    return replace(recording, metrics={**recording.metrics, "running_s": seconds}, **more)


def run_ride_walk_log() -> list[Recording]:
    """Five recordings of one walk with a run in it: a watch's run, two that call it a ride, a phone's walk, a log."""
    return [
        ran(beside("running", "run", 600, 1500), 1400, has_cadence=True),
        beside("cycling", "ride", 604, 1499, has_heart_rate=True),
        beside("cycling", "late ride", 700, 1390, has_heart_rate=True, has_altitude=True),
        ran(beside("walking", "walk", 0, 2700), 12, has_altitude=True, n_samples=9000),
        beside("unknown", "log", 500, 1700, has_heart_rate=True),
    ]


@settings(max_examples=60, deadline=None)
@given(st.permutations(run_ride_walk_log()), st.integers(0, 4))
def test_in_any_order_and_number_the_run_counts_for_the_ride_and_the_walk_that_did_not_see_it(shuffled, left_out):
    found = [r for r in shuffled if r.activity_id == "run" or r not in shuffled[:left_out]]
    others = {r.activity_id for r in found} - {"run"}
    assert {(m.activity_id, m.duplicate_of) for m in duplicates(found)} == {(other, "run") for other in others}


def test_a_walk_that_saw_the_running_counts_whole():
    walk, run = ran(beside("walking", "walk", 0, 3600), 1190), ran(beside("running", "run", 1200, 1200), 1200)
    assert pairs(walk, run) == [("run", "walk", "part")]


def test_a_walk_that_counted_steps_is_believed_before_a_run_that_did_not():
    walk = ran(beside("walking", "walk", 0, 3600, 1.9), 0, has_cadence=True)
    assert pairs(walk, ran(beside("running", "run", 1200, 1200, 1.9), 600)) == [("run", "walk", "part")]


def test_two_runs_within_one_walk_count_both_where_it_saw_only_one_of_them():
    walk, one = ran(beside("walking", "walk", 0, 5400), 900), ran(beside("running", "one", 600, 1000), 900)
    two = ran(beside("running", "two", 3600, 1000), 900)
    assert pairs(two, walk, one) == [("walk", "one", "part")]


def test_two_copies_of_one_run_within_a_walk_are_no_more_running_than_one():
    walk, one = ran(beside("walking", "walk", 0, 5400), 880), ran(beside("running", "one", 600, 1000), 900)
    two = ran(beside("running", "two", 605, 1000), 900)
    assert pairs(two, walk, one) == [("one", "walk", "part"), ("two", "walk", "part")]


def test_a_run_within_a_longer_ride_that_nobody_rode_is_a_run():
    ride, run = beside("cycling", "ride", 0, 3000), ran(beside("running", "run", 300, 1500), 1400)
    assert pairs(ride, run) == [("ride", "run", "part")]


def test_a_part_of_a_ride_that_a_phone_calls_a_run_is_a_ride():
    ride, run = beside("cycling", "ride", 0, 3000, 7.0), ran(beside("running", "run", 300, 1500, 7.0), 1400)
    assert pairs(ride, run) == [("run", "ride", "part")]


def test_a_log_without_a_sport_that_went_on_as_fast_counts_for_a_run_within_it():
    log, run = beside("unknown", "log", 0, 5400), ran(beside("running", "run", 300, 900), 880)
    assert pairs(log, run) == [("run", "log", "part")]


@pytest.mark.parametrize(("sport", "speed_m_s"), [("walking", 1.4), ("cycling", 7.0), ("unknown", 1.4)])
def test_a_walk_or_a_ride_to_the_start_and_the_run_after_it_are_two(sport, speed_m_s):
    before, run = beside(sport, "before", 0, 900, speed_m_s), ran(beside("running", "run", 905, 1800), 1700)
    assert pairs(run, before) == []
