"""The study of the goals judges what was run, and forecasts are scored from the past alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from steadymile.models.lab.arms import POLICY, STUDIED, TWIN
from steadymile.models.lab.compare import draw, run_models
from steadymile.models.learning import scores
from steadymile.models.learning.heart_at_pace import Line
from steadymile.models.session import Session
from steadymile.studies import effort_prior, forecasts, goals, versions
from steadymile.studies.evidence import replace_blocks


def run(n: int, rpe: float | None, bpm: float = 150.0, speed: float = 2.8) -> Session:
    day = date(2026, 1, 1) + timedelta(days=3 * n)
    return Session(f"r{n}", datetime.combine(day, datetime.min.time(), UTC), day, "run", running_s=1200.0,
                   longest_run_s=1200.0, rpe=rpe, run_speed_m_s=speed, heart_rate_mean_bpm=bpm)  # fmt: skip


def test_the_policy_against_itself_is_no_more_injuries_and_the_twin_is_judged_by_nobody() -> None:
    people, luck = draw(3, 40, 6)
    done = {name: run_models(STUDIED[name], people, luck) for name in (POLICY, TWIN)}
    table = goals.goal_table(done, 3).splitlines()
    assert len(table) == 3
    assert "+0.000 met" in table[2]
    assert goals.outcomes(done, "H").count("\n") == 3
    assert goals.against(done, POLICY, TWIN, 3).count("\n") == 9


def test_a_run_is_foreseen_from_those_before_it_only() -> None:
    runs = [run(n, 4.0) for n in range(8)]
    changed = [*runs[:-1], run(7, 9.0)]
    a, b = forecasts.effort_rows(runs), forecasts.effort_rows(changed)
    assert len(a) == 2
    np.testing.assert_array_equal(a[:, 1:], b[:, 1:])
    assert (a[-1, 0], b[-1, 0]) == (4.0, 9.0)


def test_yardsticks_are_the_last_value_and_the_mean_of_seven_days() -> None:
    rows = forecasts.effort_rows([run(n, float(n)) for n in range(8)])
    assert rows[-1, 3:].tolist() == [6.0, 5.5]  # three days between runs: two of them in a week


def test_a_runner_without_noise_is_foreseen_at_every_speed() -> None:
    rng = np.random.default_rng(1)
    speeds = rng.uniform(2.2, 3.4, 60)
    rows = forecasts.heart_rows([run(n, None, 140.0 + 25.0 * (v - 2.8), float(v)) for n, v in enumerate(speeds)])
    assert np.abs(rows[-10:, 0] - rows[-10:, 1]).max() < 1.0


def test_a_line_of_nobody_has_the_printed_prior() -> None:
    mean, sd = Line.unknown().forecast(2.8)
    assert (mean, sd) == (150.0, pytest.approx(np.hypot(20.0, 6.0)))


def test_the_crps_of_a_point_is_its_error_and_of_a_standard_normal_at_0_the_known_number() -> None:
    zero = np.zeros(1)
    assert scores.crps(np.full(1, 3.0), zero, zero)[0] == 3.0
    assert scores.crps(zero, zero, np.ones(1))[0] == pytest.approx(0.23369, abs=1e-4)  # (sqrt 2 - 1) / sqrt pi


def test_calibrated_forecasts_are_within_four_of_five() -> None:
    rng = np.random.default_rng(2)
    s = scores.score(rng.normal(5.0, 1.0, 5000), np.full(5000, 5.0), np.ones(5000))
    assert s.within_80 == pytest.approx(0.8, abs=0.02)
    assert s.count == 5000


def test_the_fit_finds_the_numbers_that_efforts_were_made_with() -> None:
    rng = np.random.default_rng(6)
    who = np.repeat(np.arange(60), 40).astype(float)
    bout, minutes, before = rng.uniform(0.5, 20, 2400), rng.uniform(20, 40, 2400), np.tile(np.arange(40.0), 60)
    ease = rng.normal(0.0, 1.0, 60)[who.astype(int)]
    felt = 4.0 + 0.3 * np.log2(bout) + 0.6 * np.log2(minutes) - 0.4 * np.log2(1 + before) - ease
    found = effort_prior.fit(np.column_stack([who, bout, minutes, before, felt + rng.normal(0, 0.5, 2400)]))
    assert found["per_bout"] == pytest.approx(0.3, abs=0.03)
    assert found["per_run"] == pytest.approx(0.6, abs=0.15)
    assert found["gain"] == pytest.approx(0.4, abs=0.03)
    assert found["scatter"] == pytest.approx(0.5, abs=0.03)


def test_every_answered_session_is_noted_with_what_was_asked() -> None:
    rows = effort_prior.sessions(20, "policy", weeks=3)
    assert (rows[:, 1] <= rows[:, 2]).all()
    assert ((rows[:, 4] >= 0) & (rows[:, 4] <= 10)).all()


def test_the_page_of_version_3_has_a_place_for_every_table() -> None:
    people, luck = draw(4, 20, 4)
    done = {name: run_models(STUDIED[name], people, luck) for name in versions.JUDGED}
    page = Path(__file__).parents[2] / "docs" / "results" / "version-3.md"
    filled = replace_blocks(page.read_text(encoding="utf-8"), versions.blocks(done, 20, 4))
    assert "20 athletes" in filled
    assert filled.count("| version 3 |") == 3
