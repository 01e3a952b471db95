"""Research logs read as histories; small made files stand in for the published ones."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from steadymile.ingest.reading import Unreadable
from steadymile.studies.research_logs import DAY_FEATURES, WEEK_FEATURES, read_lovdal, read_pmdata, read_run_log


def pmdata(folder: Path) -> Path:
    person = folder / "p01" / "pmsys"
    person.mkdir(parents=True)
    (person / "wellness.csv").write_text(
        "effective_time_frame,fatigue,mood,readiness,sleep_duration_h,sleep_quality,soreness,soreness_area,stress\n"
        "2020-01-06T08:00:00.000Z,1,3,2,6,5,3,[],0\n"
        "2020-01-07T08:00:00.000Z,0,0,0,0,0,0,[],0\n"
    )
    (person / "srpe.csv").write_text(
        "end_date_time,activity_names,perceived_exertion,duration_min\n"
        "2020-01-07T18:30:00.000Z,\"['individual', 'running']\",6,30\n"
        "2020-01-06T18:00:00.000Z,\"['team', 'soccer']\",7,60\n"
    )
    (person / "injury.csv").write_text(
        "effective_time_frame,injuries\n2020-01-06T08:00:00.000Z,{}\n2020-01-08T08:00:00.000Z,{'left_foot': 'minor'}\n"
    )
    return folder


def test_answers_are_turned_to_high_is_bad(tmp_path: Path) -> None:
    log = read_pmdata(pmdata(tmp_path), "p01")
    assert log.days[0].values == {"fatigue": 7.0, "soreness": 4.0, "sleep_quality": 1.0, "sleep_h": 6.0}


def test_a_day_of_zeros_is_no_answer(tmp_path: Path) -> None:
    log = read_pmdata(pmdata(tmp_path), "p01")
    assert log.days[1].values == {}
    assert log.readiness == {date(2020, 1, 6): 2.0}


def test_sessions_come_in_order_and_only_runs_are_runs(tmp_path: Path) -> None:
    log = read_pmdata(pmdata(tmp_path), "p01")
    assert [(s.kind, s.rpe, s.elapsed_s) for s in log.sessions] == [("other", 7.0, 3600.0), ("run", 6.0, 1800.0)]


def test_an_empty_injury_report_is_no_injury(tmp_path: Path) -> None:
    assert read_pmdata(pmdata(tmp_path), "p01").injuries == (date(2020, 1, 8),)


def test_a_participant_without_answers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="p09"):
        read_pmdata(pmdata(tmp_path), "p09")


def test_entries_of_one_day_in_a_run_log_are_laid_end_to_end(tmp_path: Path) -> None:
    entries = [
        {"date": "2024-05-01", "km": 3.0, "sec": 900, "hr": 150, "load": 20, "name": "warm-up"},
        {"date": "2024-05-01", "km": 1.2, "sec": 900, "hr": None, "load": 5, "name": "walk"},
    ]
    (tmp_path / "activities.json").write_text(json.dumps({"activities": entries}))
    (tmp_path / "wellness.json").write_text(
        json.dumps({"days": [{"d": "2024-05-01", "hrv": 80, "rhr": 48, "sleepSecs": 27000, "sleepQ": 1}]})
    )
    log = read_run_log(tmp_path)
    first, second = log.sessions
    assert (second.started_at - first.started_at).total_seconds() == 900
    assert (first.kind, second.kind) == ("run", "walk")
    assert log.days[0].values == {
        "resting_heart_rate_bpm": 48.0,
        "hrv_rmssd_ms": 80.0,
        "sleep_h": 7.5,
        "sleep_quality": 1.0,
    }


def lovdal(path: Path, series: np.ndarray, features: tuple[str, ...], lags: int, step: int, oldest_first: bool) -> Path:
    """A made file of documented columns from a series [time, feature] of one athlete."""
    lag_names = [[f if i == 0 else f"{f}.{i}" for f in features] for i in range(lags)]
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow([n for lag in lag_names for n in lag] + ["Athlete ID", "injury", "Date"])
        for t in range(lags * step, len(series), step):
            past = [series[t - step * (i + 1)] for i in range(lags)]
            if oldest_first:
                past = past[::-1]
            table.writerow([*np.concatenate(past).tolist(), 5, int(t == lags * step), t])
    return path


@pytest.mark.parametrize("oldest_first", [True, False])
@pytest.mark.parametrize(("features", "lags", "step"), [(DAY_FEATURES, 7, 1), (WEEK_FEATURES, 3, 7)])
def test_the_newest_lag_comes_last_however_the_file_counts(
    tmp_path: Path, features: tuple[str, ...], lags: int, step: int, oldest_first: bool
) -> None:
    series = np.random.default_rng(1).uniform(1, 9, (40 * step, len(features)))
    rows = read_lovdal(lovdal(tmp_path / "made.csv", series, features, lags, step, oldest_first))
    np.testing.assert_allclose(rows.values[0, -1], series[(lags - 1) * step])
    np.testing.assert_allclose(rows.values[0, 0], series[0])


def test_a_rest_day_is_unknown_not_minus_a_hundredth(tmp_path: Path) -> None:
    series = np.full((20, len(DAY_FEATURES)), 2.0)
    series[3, 7:] = -0.01
    rows = read_lovdal(lovdal(tmp_path / "made.csv", series, DAY_FEATURES, 7, 1, True))
    assert np.isnan(rows.values[0, 3, 7:]).all()
    assert rows.values[0, 3, 0] == 2.0


def test_athletes_days_and_injuries_are_read(tmp_path: Path) -> None:
    rows = read_lovdal(lovdal(tmp_path / "made.csv", np.ones((10, 10)), DAY_FEATURES, 7, 1, True))
    assert (rows.athlete.tolist(), rows.day.tolist()) == ([5, 5, 5], [7, 8, 9])
    assert rows.injury.tolist() == [True, False, False]


def test_another_table_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Unreadable, match="Lövdal"):
        read_lovdal(tmp_path / "other.csv")


@pytest.mark.corpus
def test_all_participants_of_pmdata_read(corpus: Path) -> None:
    folder = corpus / "files" / "itsalamhere__health-logs-streamlit"
    logs = [read_pmdata(folder, f"p0{i}") for i in range(1, 9)]
    assert [len(log.days) > 100 for log in logs] == [True] * 8
    assert all(1 <= v <= 7 for log in logs for d in log.days for k, v in d.values.items() if k == "fatigue")


@pytest.mark.corpus
def test_the_long_run_log_reads(corpus: Path) -> None:
    log = read_run_log(corpus / "files" / "SamirRehm__half-marathon-training")
    assert len(log.sessions) == 1055
    starts = [s.started_at for s in log.sessions]
    assert starts == sorted(starts)
