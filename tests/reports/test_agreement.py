"""What is told of each device beside ours, against differences that were put in by hand."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from steadymile.reports.agreement import told_by_device
from steadymile.reports.view_model import story

from tests.reports import sample

AS_OF = sample.AS_OF
LIKE_OURS = {
    "distance_m": 5000.0,
    "timer_s": 1800.0,
    "elevation_gain_m": 100.0,
    "heart_rate_mean_bpm": 140.0,
    "heart_rate_max_bpm": 160.0,
}
COLUMN = {
    "distance_m": "distance_difference_m",
    "timer_s": "timer_difference_s",
    "elevation_gain_m": "elevation_gain_difference_m",
    "heart_rate_mean_bpm": "heart_rate_mean_difference_bpm",
    "heart_rate_max_bpm": "heart_rate_max_difference_bpm",
}
ALL_THE_SAME = (
    "In 5 sessions of the last year, distance, time, climb, mean heart rate and highest heart rate agree with made "
    "watch. A watch estimates too, so neither is the truth."
)


def session(n: int, device: str | None = "made watch", day: date | None = None, **off: float | None) -> dict:
    """One session whose device states plain numbers, and by how much ours are off; None where it states nothing."""
    row: dict = {"activity_id": f"{device}{n}", "device": device, "local_day": day or AS_OF - timedelta(days=n)}
    for name, stated in LIKE_OURS.items():
        difference = off.get(name, 0.0)
        row |= {f"device_{name}": None if difference is None else stated, COLUMN[name]: difference}
    return row


def told(rows: list[dict], preferred: bool = True) -> list[str]:
    found = pl.DataFrame(rows, infer_schema_length=None)
    runs = found.select("activity_id", "local_day", preferred=pl.lit(preferred))
    return list(told_by_device(story(sample.ATHLETE, {"agreement": found, "activities": runs}, AS_OF)))


def test_a_device_that_agrees_is_told_in_one_sentence():
    assert told([session(n) for n in range(5)]) == [ALL_THE_SAME]


def test_known_biases_come_back_with_their_sign_and_unit():
    # 100 m of 5000 is 2 %, 18 s of 1800 is 1 %, 12 m of 100 is 12 %
    off = {"distance_m": 100.0, "timer_s": -18.0, "elevation_gain_m": -12.0, "heart_rate_mean_bpm": 2.5}
    assert told([session(n, **off, heart_rate_max_bpm=-3.0) for n in range(5)]) == [
        "In 5 sessions of the last year, steadymile typically measures distance 2% longer, time 1% shorter, climb 12% "
        "lower, mean heart rate 2.5 beats higher and highest heart rate 3 beats lower than made watch does. "
        "A watch estimates too, so neither is the truth."
    ]


def test_one_odd_session_is_not_typical():
    assert told([session(n, distance_m=3000.0 if n == 2 else 0.0) for n in range(5)]) == [ALL_THE_SAME]


def test_small_differences_are_none():
    # 0.48 % of 5000 m, 2.9 % of 100 m, 0.9 beats
    small = {"distance_m": -24.0, "elevation_gain_m": 2.9, "heart_rate_mean_bpm": 0.9}
    assert told([session(n, **small) for n in range(5)]) == [ALL_THE_SAME]


def test_each_device_has_its_sentence_and_the_one_worn_most_comes_first():
    rows = [session(n, "seldom") for n in range(5)] + [session(n, "often", distance_m=100.0) for n in range(6)]
    assert ["often" in line for line in told(rows)] == [True, False]


def test_four_sessions_are_too_few_to_tell():
    assert told([session(n) for n in range(4)]) == []


def test_what_is_stated_too_seldom_is_left_out():
    rows = [session(n, elevation_gain_m=-50.0 if n < 4 else None) for n in range(6)]
    assert "climb" not in told(rows)[0]


def test_a_climb_of_less_than_fifty_metres_tells_nothing():
    rows = [session(n, elevation_gain_m=-40.0) | {"device_elevation_gain_m": 49.0} for n in range(5)]
    assert "climb" not in told(rows)[0]


def test_a_year_is_told_and_nothing_later_than_the_day():
    old, coming = AS_OF - timedelta(days=365), AS_OF + timedelta(days=1)
    assert told([session(n, day=old) for n in range(5)]) == told([session(n, day=coming) for n in range(5)]) == []
    assert told([session(n, day=old + timedelta(days=1)) for n in range(5)]) == [ALL_THE_SAME]


def test_copies_of_a_run_count_for_nothing():
    assert told([session(n) for n in range(5)], preferred=False) == []


def test_a_device_without_a_name_is_your_device():
    for device in (None, "development"):
        assert "agree with your device." in told([session(n, device) for n in range(5)])[0]


def test_the_formats_word_for_an_unknown_maker_is_left_out():
    assert "agree with Apple Watch Series 6." in told([session(n, "development Watch6,1") for n in range(5)])[0]
