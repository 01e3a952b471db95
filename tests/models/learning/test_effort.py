"""The effort model learns one runner: monotone in what is said, never surer or kinder for silence, replayable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.learning import effort, normal
from steadymile.models.learning.effort import EASE, POPULATION, Witness

efforts = st.floats(0.0, 10.0)
talks = st.sampled_from([np.nan, 0.0, 0.5, 1.0])
finishes = st.sampled_from([np.nan, 0.0, 1.0])
sessions = st.tuples(
    st.floats(0.5, 30.0), st.floats(4.0, 40.0), st.one_of(st.just(np.nan), efforts), talks, finishes,
    st.one_of(st.just(np.nan), st.floats(0.0, 1.0)), st.one_of(st.just(np.nan), st.floats(1.5, 4.0)),
)  # fmt: skip
histories = st.lists(sessions, max_size=8)


def lived(history: list[tuple[float, ...]]) -> effort.Belief:
    belief = effort.population(1)
    for bout, run, felt, talk, finished, share, pace in history:
        seen = Witness.of(1, min(bout, run), run, effort=felt, talk=talk, finished=finished, share_above=share,
                          pace_at_heart=pace)  # fmt: skip
        belief = effort.after_days(effort.observe(belief, seen), 2.0)
    return belief


def told(belief: effort.Belief, **channels: float) -> effort.Forecast:
    return effort.forecast(effort.observe(belief, Witness.of(1, 4.0, 12.0, **channels)), 5.0, 14.0)


def test_a_session_has_the_difficulty_of_the_formula() -> None:
    # 4.24 + .33 log2(4) + .59 log2(16) = 4.24 + .66 + 2.36
    assert effort.difficulty(4.0, 16.0) == pytest.approx(7.26)


def test_one_reported_effort_moves_ease_by_kalmans_gain() -> None:
    after = effort.observe(effort.population(1), Witness.of(1, 4.0, 16.0, effort=5.26))
    variance, noise = 1.3**2, 0.60**2 + 0.65**2
    gain = variance / (variance + noise)  # .6835
    assert after.ease[0] == pytest.approx(gain * 2.0 + POPULATION.gain)  # and one doubling of practice
    assert after.ease_sd[0] == pytest.approx(np.sqrt(variance * (1.0 - gain)))


def test_an_average_beginners_first_forecast_is_the_difficulty_with_its_whole_spread() -> None:
    first = effort.forecast(effort.population(1), 4.0, 16.0)
    assert first.mean[0] == pytest.approx(7.26)
    assert first.sd[0] == pytest.approx(np.sqrt(1.3**2 + 0.60**2 + 0.65**2))
    assert first.hard[0] == pytest.approx(normal.above(np.array([(6.5 - 7.26) / first.sd[0]]))[0])


@given(histories, efforts, efforts)
def test_a_higher_reported_effort_never_makes_the_next_session_look_easier(history, a, b) -> None:
    low, high = sorted((a, b))
    easy, hard = told(lived(history), effort=low), told(lived(history), effort=high)
    assert easy.mean <= hard.mean + 1e-9
    assert easy.hard <= hard.hard + 1e-9


@given(histories)
def test_a_worse_talk_answer_never_makes_the_next_session_look_easier(history) -> None:
    yes, barely, no = (told(lived(history), talk=t).hard[0] for t in (1.0, 0.5, 0.0))
    assert yes <= barely + 1e-9 <= no + 2e-9


@given(histories)
def test_not_finishing_never_makes_the_next_session_look_easier(history) -> None:
    assert told(lived(history), finished=1.0).hard <= told(lived(history), finished=0.0).hard + 1e-9


@given(histories, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_more_time_above_the_ceiling_never_makes_the_next_session_look_easier(history, a, b) -> None:
    low, high = sorted((a, b))
    assert told(lived(history), share_above=low).mean <= told(lived(history), share_above=high).mean + 1e-9


@given(histories, st.floats(0.0, 400.0))
def test_silence_only_widens(history, days) -> None:
    before = lived(history)
    after = effort.after_days(before, days)
    np.testing.assert_array_equal(after.mean, before.mean)
    assert after.ease_sd >= before.ease_sd - 1e-12
    quiet = effort.observe(before, Witness.of(1, 4.0, 12.0))
    np.testing.assert_array_equal(quiet.mean, before.mean)
    np.testing.assert_allclose(quiet.cov, before.cov)
    assert quiet.answered == before.answered


@given(histories)
def test_what_is_believed_stays_a_distribution(history) -> None:
    belief = lived(history)
    assert np.isfinite(belief.mean).all()
    np.testing.assert_allclose(belief.cov, np.swapaxes(belief.cov, 1, 2), atol=1e-9)
    assert np.linalg.eigvalsh(belief.cov[0]).min() > 0


@given(histories)
def test_the_same_sessions_give_the_same_belief_alone_and_among_others(history) -> None:
    alone, again = lived(history), lived(history)
    np.testing.assert_array_equal(alone.mean, again.mean)
    many = effort.population(3)
    for bout, run, felt, talk, finished, share, pace in history:
        rows = {"effort": [5.0, felt, np.nan], "talk": [1.0, talk, np.nan], "finished": [1.0, finished, np.nan],
                "share_above": [0.5, share, np.nan], "pace_at_heart": [2.5, pace, np.nan]}  # fmt: skip
        seen = Witness.of(3, min(bout, run), run, **{k: np.array(v) for k, v in rows.items()})
        many = effort.after_days(effort.observe(many, seen), 2.0)
    np.testing.assert_allclose(many.mean[1], alone.mean[0], atol=1e-9)
    np.testing.assert_allclose(many.cov[1], alone.cov[0], atol=1e-9)


def test_longer_runs_and_longer_bouts_are_never_easier() -> None:
    belief = effort.population(1)
    hard = [effort.forecast(belief, bout, run).hard[0] for bout, run in ((1, 8), (2, 12), (9, 17), (24, 24), (30, 30))]
    assert hard == sorted(hard)


def test_an_offset_of_the_heart_rate_is_learned_and_not_taken_for_ease() -> None:
    """A believed maximum that is too low puts every run above the ceiling: with efforts of 3 that is no hardship."""
    belief = effort.population(1)
    for _ in range(10):
        belief = effort.observe(belief, Witness.of(1, 2.0, 12.0, effort=3.0, share_above=1.0))
    assert effort.forecast(belief, 2.0, 12.0).mean < 4.0


def test_a_wrong_prior_is_forgotten_within_ten_answers() -> None:
    rng = np.random.default_rng(1)
    right, wrong = POPULATION, POPULATION.shifted(1.5)
    a, b = effort.population(200, right), effort.population(200, wrong)
    ease = rng.normal(0.0, 1.3, 200)
    for _ in range(10):
        felt = np.clip(np.round(effort.difficulty(2.0, 12.0) - ease + rng.normal(0.0, 1.0, 200)), 0, 10)
        seen = Witness.of(200, 2.0, 12.0, effort=felt)
        a, b = effort.observe(a, seen, right), effort.observe(b, seen, wrong)
    gap = effort.forecast(a, 2.0, 12.0, right).mean - effort.forecast(b, 2.0, 12.0, wrong).mean
    assert np.abs(gap).max() < 0.25


def test_forecasts_of_those_who_are_as_believed_hold_four_of_five() -> None:
    rng = np.random.default_rng(2)
    n, inside = 2000, []
    model = replace(POPULATION, gain=0.0, drift_sd=0.0)
    ease = rng.normal(0.0, model.ease_sd, n)
    belief = effort.population(n, model)
    for _ in range(8):
        felt = effort.difficulty(1.0, 8.0, model) - ease + rng.normal(0.0, np.hypot(model.day_sd, model.reported_sd), n)
        f = effort.forecast(belief, 1.0, 8.0, model)
        sd = f.sd / belief.spread  # as the population has it
        inside.append((np.abs(felt - f.mean) < effort.Z_80 * sd).mean())
        belief = effort.observe(belief, Witness.of(n, 1.0, 8.0, effort=felt), model)
    assert np.mean(inside) == pytest.approx(0.80, abs=0.015)
    assert np.corrcoef(belief.ease, ease)[0, 1] > 0.85


def test_who_scatters_more_than_the_population_gets_a_wider_range_within_some_runs() -> None:
    rng = np.random.default_rng(3)
    belief, inside = effort.population(500), []
    for n in range(40):
        felt = np.clip(np.round(effort.difficulty(2.0, 12.0) - 1.0 + rng.normal(0.0, 2.0, 500)), 0, 10)
        f = effort.forecast(belief, 2.0, 12.0)
        inside.append((np.abs(felt - f.mean) < effort.Z_80 * f.sd).mean() if n >= 15 else np.nan)
        belief = effort.observe(belief, Witness.of(500, 2.0, 12.0, effort=felt))
    assert np.nanmean(inside) > 0.72
    assert belief.spread.mean() > 1.4
    assert effort.population(3).spread.tolist() == [1.0, 1.0, 1.0]


@given(st.floats(-8, 8), st.floats(0.1, 3.0), st.floats(-8, 8), st.floats(0.01, 8))
def test_an_interval_keeps_the_mean_inside_and_never_widens(mean, sd, low, width) -> None:
    after, var = normal.within(np.array([mean]), np.array([sd]), low, low + width)
    assert low - 1e-6 <= after[0] <= low + width + 1e-6
    assert 0.0 <= var[0] <= sd**2 + 1e-12


def test_a_half_line_has_the_known_moments() -> None:
    mean, var = normal.within(np.zeros(1), np.ones(1), 0.0, np.inf)
    assert mean[0] == pytest.approx(np.sqrt(2 / np.pi))
    assert var[0] == pytest.approx(1 - 2 / np.pi)


def test_ease_is_the_first_of_the_three_that_are_learned() -> None:
    assert EASE == 0
