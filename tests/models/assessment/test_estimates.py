"""What runs say of a person as of a day: worked numbers, and a reason wherever nobody can say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.assessment.estimates import MARKS, Estimated, ceiling, estimates
from steadymile.models.measured import Recording
from steadymile.models.physiology.performance import time_of_vdot, vdot
from steadymile.models.session import Body
from steadymile.models.units import MILE_M

TODAY = date(2026, 5, 31)
BODY = Body(190.0, 10.0, "age", 60.0, 3.0, "measured", 0.54, 0.1)


def run(days_ago: int, metrics: dict[str, float | None], **changes) -> Recording:
    day = TODAY - timedelta(days=days_ago)
    start = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    about = {"activity_id": f"r{days_ago}", "sport": "running", "kind": "run", "metrics": metrics, **changes}
    return Recording(started_at=start, ended_at=start + timedelta(hours=1), local_day=day, **about)


def by_name(recordings, as_of: date = TODAY, tests: tuple[str, ...] = (), body: Body = BODY) -> dict[str, Estimated]:
    return {e.name: e for e in estimates(recordings, body, as_of, tests)}


def test_every_estimate_has_a_value_or_a_reason_and_never_both():
    for recordings in ([], [run(3, {"best_mile_s": 600.0, "run_speed_m_s": 2.7})]):
        for found in estimates(recordings, BODY, TODAY):
            assert (found.value is None) == (found.reason is not None), found
            assert (found.value is None) == (found.source is None), found


def test_the_names_are_the_same_for_everyone():
    names = [e.name for e in estimates([], BODY, TODAY)]
    assert names == [e.name for e in estimates([run(1, {"best_mile_s": 500.0})], BODY, TODAY)]
    assert len(set(names)) == len(names) == 7 + 2 * len(MARKS)


def test_without_a_run_the_mile_is_unknown_and_says_why():
    found = by_name([])
    assert found["mile_time_now_s"].value is None
    assert "no continuous effort of 800 m" in (found["mile_time_now_s"].reason or "")
    assert found["vdot"].reason == found["mile_time_now_s"].reason


def test_a_hard_mile_is_the_mile_now():
    found = by_name([run(5, {"best_mile_s": 540.0}, rpe=9.0)])["mile_time_now_s"]
    assert found.value == pytest.approx(540.0, abs=0.01)
    assert (found.low, found.high) == (pytest.approx(540 * (1 - 1.645 * 0.03), abs=0.1), pytest.approx(1.02 * 540))
    assert (found.evidence, found.n) == ("moderate", 1)


def test_a_planned_test_counts_as_hard_without_an_answer():
    runs = [run(5, {"best_mile_s": 540.0})]
    assert by_name(runs)["mile_time_now_s"].value is None
    assert by_name(runs, tests=("r5",))["mile_time_now_s"].value == pytest.approx(540.0, abs=0.01)


@pytest.mark.parametrize(("rpe", "grade"), [(8.0, "moderate"), (7.5, "weak")])
def test_hard_begins_at_eight(rpe: float, grade: str):
    runs = [run(5, {"best_mile_s": 540.0}, rpe=rpe), *(run(n, {"best_mile_s": 600.0}, rpe=4.0) for n in (3, 4))]
    assert by_name(runs)["mile_time_now_s"].evidence == grade


def test_vdot_belongs_to_the_mile_and_its_range_is_turned_round():
    found = by_name([run(5, {"best_mile_s": 540.0}, rpe=9.0)])
    mile, level = found["mile_time_now_s"], found["vdot"]
    assert level.value == pytest.approx(vdot(MILE_M, 540.0), abs=1e-3)
    assert level.low == pytest.approx(vdot(MILE_M, mile.high))
    assert level.low < level.value < level.high


def test_a_mile_of_43_days_ago_says_nothing_of_now():
    assert by_name([run(43, {"best_mile_s": 540.0}, rpe=9.0)])["mile_time_now_s"].value is None
    assert by_name([run(42, {"best_mile_s": 540.0}, rpe=9.0)])["mile_time_now_s"].value is not None


def test_a_beginner_who_jogs_between_walks_is_told_no_mile_time():
    jogs = {"best_800m_s": 500.0, "best_1km_s": 640.0, "best_mile_s": 1050.0, "longest_run_m": 140.0}
    found = by_name([run(n, jogs, rpe=8.0) for n in (1, 3, 5)])["mile_time_now_s"]
    assert found.value is None
    assert "no continuous effort of 800 m" in (found.reason or "")


def test_what_was_not_run_is_nobodys_best_effort():
    fast = {"best_mile_s": 300.0, "best_1km_s": 180.0}
    found = by_name([run(1, fast, kind="unknown", rpe=9.0), run(2, fast, kind="walk"), run(3, fast, kind="other")])
    assert found["best_mile_s"].value is None
    assert found["mile_time_now_s"].value is None


def test_best_efforts_name_their_run_and_day():
    runs = [run(200, {"best_1km_s": 300.0}), run(20, {"best_1km_s": 330.0}), run(10, {"best_1km_s": 345.0})]
    found = by_name(runs)
    ever, lately = found["best_1km_s"], found["best_1km_90d_s"]
    assert (ever.value, ever.activity_id, ever.day, ever.n) == (300.0, "r200", TODAY - timedelta(days=200), 3)
    assert (lately.value, lately.activity_id, lately.n) == (330.0, "r20", 2)


@pytest.mark.parametrize(("days_ago", "known"), [(89, True), (90, False)])
def test_ninety_days_end_with_today(days_ago: int, known: bool):
    assert (by_name([run(days_ago, {"best_400m_s": 90.0})])["best_400m_90d_s"].value is not None) == known


def test_of_equal_best_efforts_the_first_counts():
    found = by_name([run(9, {"best_400m_s": 100.0}), run(30, {"best_400m_s": 100.0})])["best_400m_s"]
    assert found.activity_id == "r30"


def test_in_a_time_the_farthest_is_best():
    found = by_name([run(3, {"best_12min_m": 2000.0}), run(2, {"best_12min_m": 2100.0})])
    assert (found["best_12min_m"].value, found["best_12min_90d_m"].unit) == (2100.0, "m")


def test_a_best_effort_that_is_not_there_says_so():
    found = by_name([run(3, {"best_1km_s": 330.0})])
    assert found["best_5km_s"].reason == "no recorded run of 5 km or more yet"
    assert found["best_5km_90d_s"].reason == "no recorded run of 5 km or more in the last 90 days"


LINE = {5: ("best_800m_s", 800.0), 12: ("best_1km_s", 1000.0), 25: ("best_2mile_s", 2 * MILE_M)}


def on_line(speed: float = 3.0, reserve: float = 120.0, **about) -> list[Recording]:
    return [run(ago, {name: (m - reserve) / speed}, **about) for ago, (name, m) in LINE.items()]


def test_critical_speed_is_the_line_through_hard_efforts():
    found = by_name(on_line(rpe=9.0))
    assert found["critical_speed_m_s"].value == pytest.approx(3.0)
    assert found["critical_reserve_m"].value == pytest.approx(120.0)
    assert found["critical_speed_m_s"].n == 3


def test_critical_speed_from_easy_runs_is_refused():
    assert by_name(on_line(rpe=5.0))["critical_speed_m_s"].reason == "needs three hard efforts of 2 to 20 minutes"


def test_the_splits_of_one_race_are_one_effort():
    # Even splits of a 2-mile race beside a mile race: seven times on paper, two efforts in truth.
    race = {"best_800m_s": 240.0, "best_1km_s": 300.0, "best_mile_s": 482.8, "best_2mile_s": 965.6}
    found = by_name([run(3, race, rpe=9.0), run(9, {"best_800m_s": 225.0, "best_mile_s": 452.6}, rpe=9.0)])
    assert found["critical_speed_m_s"].value is None
    assert found["critical_speed_m_s"].n == 2


def test_a_good_and_two_bad_days_over_one_distance_make_no_critical_speed():
    runs = [run(ago, {"best_mile_s": s}, rpe=9.0) for ago, s in ((2, 300.0), (9, 500.0), (20, 640.0))]
    assert "different length" in (by_name(runs)["critical_speed_m_s"].reason or "")


def test_efforts_of_last_season_make_no_critical_speed():
    old = [run(ago + 90, r.metrics, rpe=9.0) for ago, r in zip(LINE, on_line(), strict=True)]
    assert by_name(old)["critical_speed_m_s"].value is None


def test_usual_speed_is_the_median_of_ten():
    found = by_name([run(i, {"run_speed_m_s": 2.0 + i / 100}) for i in range(15)])["run_speed_m_s"]
    assert found.value == pytest.approx(2.045)  # the middle of the ten newest, 2.00 to 2.09
    assert found.n == 10


def test_walking_in_walks_and_in_runs_counts_for_the_usual_walk():
    recordings = [run(1, {"walk_speed_m_s": 1.4}), run(2, {"walk_speed_m_s": 1.6}, kind="walk")]
    found = by_name(recordings)
    assert found["walk_speed_m_s"].value == pytest.approx(1.5)
    assert found["run_speed_m_s"].value is None


def test_the_ceiling_is_a_quarter_of_the_reserve_above_the_threshold():
    # 60 + (0.54 + 0.25) * 130 = 162.7; sd of 0.79 * 10, 0.21 * 3 and 130 * 0.1.
    found = ceiling(BODY)
    assert found.value == pytest.approx(162.7)
    sd = (7.9**2 + 0.63**2 + 13.0**2) ** 0.5
    assert (found.low, found.high) == (pytest.approx(162.7 - 1.645 * sd), pytest.approx(162.7 + 1.645 * sd))


def test_without_a_maximal_heart_rate_there_is_no_ceiling():
    assert ceiling(Body()).value is None


@given(st.lists(st.tuples(st.integers(0, 200), st.floats(240, 1200)), max_size=12), st.integers(0, 120))
def test_nothing_later_than_the_day_is_read(found: list[tuple[int, float]], back: int):
    runs = [run(ago, {"best_mile_s": s, "run_speed_m_s": MILE_M / s}, rpe=9.0) for ago, s in found]
    as_of = TODAY - timedelta(days=back)
    assert estimates(runs, BODY, as_of) == estimates([r for r in runs if r.local_day <= as_of], BODY, as_of)


@given(st.floats(12, 60))
def test_a_hard_effort_over_any_distance_gives_the_mile_of_its_vdot(level: float):
    found = by_name([run(2, {"best_5km_s": time_of_vdot(level, 5000.0), "longest_run_m": 5000.0}, rpe=9.0)])[
        "mile_time_now_s"
    ]
    assert found.low < found.value <= found.high
    assert found.value == pytest.approx(time_of_vdot(level, MILE_M), rel=0.01)


def test_a_stretch_that_no_other_run_supports_is_no_best_effort_and_the_doubt_is_shown():
    jog = {"running_s": 1800.0, "run_speed_m_s": 2.5, "best_400m_s": 150.0}
    runs = [run(day, jog) for day in range(1, 7)]
    best = by_name([*runs, run(0, {**jog, "best_400m_s": 44.0})])["best_400m_s"]
    assert (best.value, best.source) == (
        150.0,
        "fastest segment of one run, pauses counted; 1 faster left out, which no other run supports",
    )
