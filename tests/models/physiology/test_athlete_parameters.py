"""What is believed of a body: as of a day, with its spread, and moved only by evidence."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.physiology import athlete_parameters
from steadymile.models.physiology.athlete_parameters import Peak

DAY = date(2026, 6, 1)


def days_before(n: int) -> date:
    return DAY - timedelta(days=n)


def test_two_days_within_three_beats_make_a_peak():
    assert (
        athlete_parameters.robust_peak([Peak(days_before(9), 188, None), Peak(days_before(2), 185, None)], DAY) == 188
    )


@pytest.mark.parametrize(
    "peaks",
    [
        [Peak(days_before(9), 188, None)],
        [Peak(days_before(9), 188, None), Peak(days_before(9), 187, None)],
        [Peak(days_before(9), 188, 7), Peak(days_before(2), 184, None)],
    ],
    ids=["one day", "the same day", "four beats apart"],
)
def test_an_unconfirmed_peak_does_not_count(peaks: list[Peak]):
    assert athlete_parameters.robust_peak(peaks, DAY) is None


def test_one_all_out_session_confirms_itself():
    assert athlete_parameters.robust_peak([Peak(days_before(9), 188, 8)], DAY) == 188


def test_a_lower_confirmed_peak_counts_where_the_highest_is_not():
    peaks = [Peak(days_before(i), bpm, None) for i, bpm in enumerate([200, 186, 184])]
    assert athlete_parameters.robust_peak(peaks, DAY) == 186


def test_peaks_older_than_a_year_or_after_the_day_do_not_count():
    for peak in (Peak(days_before(365), 188, 9), Peak(DAY + timedelta(days=1), 188, 9)):
        assert athlete_parameters.robust_peak([peak], DAY) is None
    assert athlete_parameters.robust_peak([Peak(days_before(364), 188, 9)], DAY) == 188


def test_without_peaks_age_decides():
    assert athlete_parameters.maximal_heart_rate(1986, None, [], DAY) == (180.0, 10.0, "age")


def test_an_unknown_age_is_less_sure():
    estimate = athlete_parameters.maximal_heart_rate(None, None, [], DAY)
    assert estimate == (180.0, 13.0, "age unknown")


def test_a_recorded_peak_moves_the_belief_up_and_narrows_it():
    estimate = athlete_parameters.maximal_heart_rate(1986, None, [Peak(days_before(1), 188, 9)], DAY)
    assert estimate.mean == pytest.approx(193.6740, abs=1e-4)
    assert estimate.sd == pytest.approx(4.7343, abs=1e-4)
    assert estimate.source == "age and peaks"


def test_a_stated_maximum_stands():
    assert athlete_parameters.maximal_heart_rate(1986, 190, [Peak(days_before(1), 191, 9)], DAY) == (190, 2.0, "stated")


def test_a_stated_maximum_yields_to_a_heart_that_beat_faster():
    estimate = athlete_parameters.maximal_heart_rate(1986, 180, [Peak(days_before(1), 190, 9)], DAY)
    assert 190 < estimate.mean < 191
    assert estimate.source == "stated and peaks"


def test_an_impossible_peak_is_a_sensors():
    assert athlete_parameters.maximal_heart_rate(1986, None, [Peak(days_before(1), 216, 9)], DAY).source == "age"


@given(st.floats(150, 200), st.floats(2, 15), st.floats(100, 230))
def test_the_posterior_lies_above_prior_and_peak_and_is_narrower(mean: float, sd: float, peak: float):
    posterior, spread = athlete_parameters.truncated_below(mean, sd, peak)
    assert posterior >= max(mean, peak) - 1e-9
    assert 0 < spread <= sd + 1e-9


def test_the_posterior_is_continuous_where_its_tail_is_computed_otherwise():
    near, far = (athlete_parameters.truncated_below(0.0, 1.0, a)[0] for a in (29.9999, 30.0001))
    assert near == pytest.approx(far, abs=1e-3)


def morning(n: int, bpm: float = 55.0) -> list[tuple[date, float]]:
    return [(days_before(n - i), bpm) for i in range(n)]


def test_resting_rate_needs_seven_mornings():
    assert athlete_parameters.resting_heart_rate(morning(6), 60, DAY) == (60, 4.0, "stated")
    assert athlete_parameters.resting_heart_rate(morning(7), 60, DAY).mean == 55.0


def test_resting_rate_is_assumed_where_nothing_is_known():
    assert athlete_parameters.resting_heart_rate([], None, DAY) == (65.0, 8.0, "assumed")


def test_one_feverish_morning_does_not_move_the_resting_rate():
    assert athlete_parameters.resting_heart_rate([*morning(20), (DAY, 90.0)], None, DAY).mean == 55.0


def test_mornings_beyond_the_last_sixty_are_forgotten():
    values = [(days_before(200 - i), 75.0 if i < 100 else 50.0) for i in range(160)]
    assert athlete_parameters.resting_heart_rate(values, None, DAY).mean == 50.0


def test_mornings_after_the_day_are_not_seen():
    later = [(DAY + timedelta(days=i), 90.0) for i in range(1, 30)]
    assert athlete_parameters.resting_heart_rate([*morning(10), *later], None, DAY).mean == 55.0


def test_the_ceiling_is_a_quarter_above_the_threshold_and_at_most_085():
    assert athlete_parameters.heart_rate_ceiling_reserve(0.54) == pytest.approx(0.79)
    assert athlete_parameters.heart_rate_ceiling_reserve(0.70) == 0.85


@given(st.floats(0.35, 0.80), st.sampled_from([0.06, 0.09]))
def test_talking_raises_the_threshold_and_not_talking_lowers_it(x: float, width: float):
    means = [
        athlete_parameters.vt1_summary(athlete_parameters.vt1_update(athlete_parameters.vt1_prior(), x, talk, width))[0]
        for talk in ("no", "yes")
    ]
    prior = athlete_parameters.vt1_summary(athlete_parameters.vt1_prior())[0]
    assert means[0] <= prior + 1e-9
    assert means[1] >= prior - 1e-9


def test_an_effort_answer_teaches_less_than_a_talk_answer():
    by_talk, by_effort = (
        athlete_parameters.vt1_update(athlete_parameters.vt1_prior(), 0.62, "yes", w) for w in (0.06, 0.09)
    )
    assert athlete_parameters.vt1_summary(by_effort)[1] > athlete_parameters.vt1_summary(by_talk)[1]


def test_forgetting_widens_and_takes_whole_blocks_of_28_days():
    sure = athlete_parameters.vt1_update(
        athlete_parameters.vt1_update(athlete_parameters.vt1_prior(), 0.6, "yes"), 0.62, "equivocal"
    )
    assert np.array_equal(athlete_parameters.vt1_forget(sure, 27), sure)
    assert (
        athlete_parameters.vt1_summary(athlete_parameters.vt1_forget(sure, 56))[1]
        > athlete_parameters.vt1_summary(athlete_parameters.vt1_forget(sure, 28))[1]
    )
    assert (
        athlete_parameters.vt1_summary(athlete_parameters.vt1_forget(sure, 28))[1]
        > athlete_parameters.vt1_summary(sure)[1]
    )
    assert athlete_parameters.vt1_forget(sure, 280).sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("talk", "rpe", "expected"),
    [
        ("no", 2, ("no", 0.06)),
        (None, 3, ("yes", 0.09)),
        (None, 4, ("equivocal", 0.09)),
        (None, 5, ("equivocal", 0.09)),
        (None, 6, ("no", 0.09)),
        (None, None, None),
    ],
)
def test_talk_outranks_effort(talk: str | None, rpe: float | None, expected: tuple[str, float] | None):
    assert athlete_parameters.talk_answer(talk, rpe) == expected


def test_efficiency_needs_four_sessions_and_starts_at_one():
    sessions = [(days_before(20 - i), value) for i, value in enumerate([4.0, 5.0, 4.4, 4.6])]
    assert athlete_parameters.efficiency_levels(sessions[:3]) == []
    assert athlete_parameters.efficiency_levels(sessions)[0].mean == 1.0


def test_a_lasting_fall_of_efficiency_is_followed():
    sessions = [(DAY + timedelta(days=3 * i), 4.5 if i < 8 else 4.05) for i in range(30)]
    levels = athlete_parameters.efficiency_levels(sessions)
    assert levels[-1].mean == pytest.approx(0.9, abs=0.005)
    assert levels[5].mean > 0.9 + 0.05


def test_one_step_of_efficiency_is_worked_by_hand():
    # variance 0.0064/4 + 10 days x 0.0004 = 0.0056; gain 0.0056 / (0.0056 + 0.0064) = 0.46667
    level = athlete_parameters.efficiency_levels([(DAY, 4.0)] * 4 + [(DAY + timedelta(days=10), 4.4)])[-1]
    assert level.mean == pytest.approx(1.0 + 0.46667 * 0.1, abs=1e-6)
    assert level.var == pytest.approx(0.53333 * 0.0056, abs=1e-7)


def test_an_old_belief_is_less_sure():
    level = athlete_parameters.Level(DAY, 1.0, 0.001)
    assert level.on(DAY + timedelta(days=10)) == athlete_parameters.Level(DAY + timedelta(days=10), 1.0, 0.005)


def test_the_pace_line_finds_a_clean_line_despite_two_wild_sessions():
    cost = [20.0, 22, 24, 26, 28, 30, 32, 34, 25, 27]
    x = [0.1 + 0.02 * c for c in cost]
    x[3], x[7] = 1.0, 0.2
    line = athlete_parameters.pace_line(cost, x)
    assert line == pytest.approx((0.1, 0.02))


def test_the_pace_line_looks_at_the_last_ten_sessions():
    cost = [20.0, 25, 30, 35] * 5
    x = [0.9] * 10 + [0.02 * c for c in cost[10:]]
    assert athlete_parameters.pace_line(cost, x) == pytest.approx((0.0, 0.02))


def test_four_sessions_make_no_line():
    assert athlete_parameters.pace_line([20.0, 25, 30, 35], [0.4, 0.5, 0.6, 0.7]) is None


@pytest.mark.parametrize("x", [[0.6] * 5, [0.8, 0.7, 0.6, 0.5, 0.4]], ids=["one pace", "falling"])
def test_a_cloud_without_a_believable_slope_goes_through_the_origin(x: list[float]):
    cost = [30.0] * 5 if x[0] == 0.6 else [20.0, 25, 30, 35, 40]
    line = athlete_parameters.pace_line(cost, x)
    assert line is not None
    assert line.intercept == 0.0
    assert line.slope == pytest.approx(0.02)


def test_typical_speed_is_the_median_of_the_last_ten_known():
    assert athlete_parameters.typical([9.0, 9.0, None, *[float(i) for i in range(10)]]) == 4.5
    assert athlete_parameters.typical([None, None]) is None


@pytest.mark.parametrize("slip", [0.0, 18.0, 119.0, 231.0, 1850.0])
def test_a_maximum_that_no_heart_has_is_not_used(slip: float):
    assert athlete_parameters.maximal_heart_rate(1986, slip, [], DAY).source == "age"


@pytest.mark.parametrize("slip", [0.0, 24.0, 111.0])
def test_a_resting_rate_that_no_heart_has_is_not_used(slip: float):
    assert athlete_parameters.resting_heart_rate([], slip, DAY).source == "assumed"
    assert (
        athlete_parameters.resting_heart_rate([*morning(7), *((DAY, slip) for _ in range(20))], None, DAY).mean == 55.0
    )


# where the rules end


def test_the_morning_of_the_day_itself_counts():
    assert athlete_parameters.resting_heart_rate(morning(6), None, DAY).source == "assumed"
    assert athlete_parameters.resting_heart_rate([*morning(6), (DAY, 55.0)], None, DAY).source == "measured"


def test_the_spread_of_mornings_is_that_of_their_distances():
    # 50, 52, 54, 56, 58, 60, 62: median 56, distances 6 4 2 0 2 4 6, their median 4.
    mornings = [(days_before(7 - i), 50.0 + 2 * i) for i in range(7)]
    assert athlete_parameters.resting_heart_rate(mornings, None, DAY) == (56.0, pytest.approx(1.4826 * 4), "measured")
    assert athlete_parameters.resting_heart_rate(morning(7), None, DAY).sd == 1.5


@pytest.mark.parametrize("edge", [120.0, 230.0])
def test_the_edges_of_a_possible_maximum_are_possible(edge: float):
    assert athlete_parameters.maximal_heart_rate(1986, edge, [], DAY) == (edge, 2.0, "stated")


@pytest.mark.parametrize("edge", [25.0, 110.0])
def test_the_edges_of_a_possible_resting_rate_are_possible(edge: float):
    assert athlete_parameters.resting_heart_rate([], edge, DAY) == (edge, 4.0, "stated")


@pytest.mark.parametrize(("intercept", "kept"), [(0.44, True), (0.46, False), (-0.29, True), (-0.31, False)])
def test_a_line_that_calls_rest_half_an_effort_is_not_believed(intercept: float, kept: bool):
    cost = [8.0, 16.0, 24.0, 32.0, 40.0]
    line = athlete_parameters.pace_line(cost, [intercept + 0.0625 * c for c in cost])
    assert line is not None
    assert (line.intercept != 0.0) is kept


def test_sessions_that_cost_about_the_same_have_no_slope():
    def line(spread: float) -> athlete_parameters.Line:
        cost = [20.0 + spread * i / 4 for i in range(5)]
        found = athlete_parameters.pace_line(cost, [0.1 + 0.02 * c for c in cost])
        assert found is not None
        return found

    assert line(2.9).intercept == 0.0
    assert line(3.0) == pytest.approx((0.1, 0.02))


def test_pairs_of_nearly_equal_cost_say_nothing_of_the_slope():
    # 20.0 and 20.4 lie too near each other; their wild slopes would outvote the rest.
    cost = [20.0, 20.4, 20.2, 20.1, 30.0]
    x = [0.50, 0.58, 0.46, 0.55, 0.70]
    steep = athlete_parameters.pace_line(cost, x)
    assert steep is not None
    assert steep.slope == pytest.approx(np.median([(0.70 - y) / (30.0 - c) for c, y in zip(cost[:4], x[:4])]))
