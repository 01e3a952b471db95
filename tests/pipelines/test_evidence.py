"""What turns studies and logs into the evidence page: tables, pictures, areas under curves, replays."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from steadymile.models.lab.arms import ARMS
from steadymile.models.lab.compare import Difference
from steadymile.models.lab.hazards import HAZARDS
from steadymile.models.session import Day, Session
from steadymile.models.weekplan import Action
from steadymile.studies import lovdal, real_data
from steadymile.studies.evidence import replace_blocks
from steadymile.studies.lab import study
from steadymile.studies.lab_charts import differences, mile_curves
from steadymile.studies.research_logs import DAY_FEATURES, InjuryRows, ResearchLog

MONDAY = date(2025, 1, 6)


def made_log(weeks: int = 14) -> ResearchLog:
    days = [MONDAY + timedelta(days=i) for i in range(7 * weeks)]
    sessions = [
        Session(
            f"s{d}", datetime.combine(d, datetime.min.time(), UTC), d, "run", elapsed_s=1800.0, moving_s=1800.0,
            running_s=1500.0, longest_run_s=1500.0, distance_m=3900.0, load=40.0, rpe=4.0, run_speed_m_s=2.3,
        )
        for d in days
        if d.isoweekday() in (2, 4, 6)
    ]  # fmt: skip
    answers = {"fatigue": 3.0, "soreness": 2.0, "stress": 3.0, "sleep_quality": 3.0}
    return ResearchLog("made", tuple(sessions), tuple(Day(d, answers) for d in days), (), dict.fromkeys(days, 6.0))


def test_the_study_says_first_that_nobody_is_real(tmp_path: Path) -> None:
    lines = list(study(athletes=12, weeks=6, seed=3, out=tmp_path))
    assert lines[0].startswith("Simulated athletes, not people")
    assert (tmp_path / "outcomes.csv").read_text().count("\n") == 1 + len(ARMS) * len(HAZARDS)
    for name in ("mile", "hurt", "mile_active"):
        ET.parse(tmp_path / f"{name}.svg")


def test_the_curve_ends_at_the_share_that_reached_the_mile() -> None:
    svg = mile_curves(4, {"policy": np.array([1.0, 2.0, 4.0, np.inf])}, "t")
    path = next(e for e in ET.fromstring(svg).iter() if e.get("stroke-width") == "3")
    assert float(str(path.get("d")).split()[-1]) == pytest.approx(40 + 300 * 0.25)


def test_an_interval_that_leaves_out_zero_is_coloured() -> None:
    svg = differences({"a": Difference(-1, -2, -0.5), "b": Difference(0, -1, 1)}, "t", "left")
    dots = [e.get("fill") for e in ET.fromstring(svg).iter() if e.tag.endswith("circle")]
    assert dots[0] != dots[1]


def test_generated_parts_are_replaced_and_prose_is_kept() -> None:
    page = "before\n<!-- begin x -->\nold\n<!-- end x -->\nafter\n"
    assert replace_blocks(page, {"x": "new"}) == "before\n<!-- begin x -->\nnew\n<!-- end x -->\nafter\n"
    with pytest.raises(ValueError, match="no place for y"):
        replace_blocks(page, {"y": "new"})


def test_the_area_under_the_curve_by_hand() -> None:
    hurt = np.array([True, True, False, False])
    assert lovdal.area_under_curve(np.array([3.0, 4.0, 1.0, 2.0]), hurt) == 1.0
    assert lovdal.area_under_curve(np.array([1.0, 1.0, 1.0, 1.0]), hurt) == 0.5
    assert lovdal.area_under_curve(np.array([3.0, 1.0, 2.0, 0.0]), hurt) == 0.75
    assert np.isnan(lovdal.area_under_curve(np.array([1.0]), np.array([True])))


def made_rows(spikes_hurt: bool) -> InjuryRows:
    rng = np.random.default_rng(4)
    athletes, days = 12, 150
    rows_a, rows_d, rows_y, rows_v = [], [], [], []
    for a in range(athletes):
        series = rng.uniform(3, 8, (days, len(DAY_FEATURES)))
        spikes = rng.random(days) < 0.03
        series[spikes, lovdal.KM] = 20.0
        for day in range(7, days):
            rows_a.append(a)
            rows_d.append(day)
            rows_v.append(series[day - 7 : day])
            rows_y.append(bool(spikes[day - 1]) if spikes_hurt else bool(rng.random() < 0.03))
    return InjuryRows(np.array(rows_a), np.array(rows_d), np.array(rows_y), np.array(rows_v), DAY_FEATURES)


def test_a_signal_that_causes_injuries_is_found_and_noise_is_not() -> None:
    found = lovdal.signals(made_rows(spikes_hurt=True))["longest day against 30 days"]
    assert lovdal.area_under_curve(found, made_rows(True).injury) > 0.75
    noise = made_rows(spikes_hurt=False)
    area, low, high = lovdal.with_interval(
        lovdal.signals(noise)["7 against 28 days"], noise, np.random.default_rng(1), draws=60
    )
    assert low < 0.5 < high
    assert 0.3 < area < 0.7


def test_signals_use_only_the_days_before() -> None:
    rows = made_rows(True)
    changed = replace(rows, values=rows.values.copy())
    late = rows.day > 100
    changed.values[late, -1, lovdal.KM] = 99.0
    early = rows.day <= 100
    for name, values in lovdal.signals(rows).items():
        np.testing.assert_array_equal(values[early], lovdal.signals(changed)[name][early])


def test_reports_close_together_are_one_injury() -> None:
    days = [MONDAY, MONDAY + timedelta(days=5), MONDAY + timedelta(days=18), MONDAY + timedelta(days=60)]
    assert real_data.events(days) == [days[0], days[3]]


def test_flips_are_counted() -> None:
    up, hold = Action.ADVANCE, Action.HOLD
    assert real_data.flips([up, hold, up, up]) == (pytest.approx(2 / 3), 0.5)


def test_a_steady_log_raises_no_alarm_and_reads_the_same_without_some_answers() -> None:
    log = made_log()
    sundays, blocked, backed, strong = real_data.alarms(log)
    assert (blocked, backed, strong) == (0, 0, 0)
    assert sundays >= 8
    full = real_data.replayed(log)
    same, more = real_data.agreement(log, 0.0, np.random.default_rng(1), full)
    assert (same, more) == (1.0, 0.0)


def test_readiness_that_never_changes_is_foretold_by_all() -> None:
    assert set(real_data.readiness_errors(made_log()).values()) == {0.0}


def test_a_replay_sees_only_its_past() -> None:
    log = made_log()
    cut = MONDAY + timedelta(days=48)
    short = replace(
        log,
        sessions=tuple(s for s in log.sessions if s.local_day <= cut),
        days=tuple(d for d in log.days if d.day <= cut),
    )
    early, whole = real_data.replayed(short), real_data.replayed(log)
    assert [(w.week, w.action, w.run_min) for w in early] == [
        (w.week, w.action, w.run_min) for w in whole[: len(early)]
    ]


def test_the_year_table_has_a_row_a_year() -> None:
    lines = list(real_data.year_table(made_log()))
    assert [line.split("|")[1].strip() for line in lines[4:]] == ["2025"] or lines[-1].startswith("| 2025")
