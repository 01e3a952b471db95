"""The fatigue index: one night never decides, silence never reads as rest, and load alone never holds anyone back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.athlete import Athlete
from steadymile.models.physiology import fatigue_index
from steadymile.models.session import Body, Day, History, Session

AS_OF = date(2026, 6, 1)
BLOCKS, BACKS_OFF = 0.60, 0.65
z_values = st.dictionaries(st.sampled_from(list(fatigue_index.BETAS)), st.floats(-5, 9))


def index(**z: float) -> fatigue_index.Fatigue:
    return fatigue_index.index({name: np.array(value) for name, value in z.items()})


@given(z_values, st.sampled_from(list(fatigue_index.BETAS)), st.floats(0, 4))
def test_a_worse_input_never_lowers_the_index(z: dict[str, float], name: str, worse: float):
    if name not in z:
        return
    before, after = index(**z), index(**(z | {name: z[name] + worse}))
    assert after.index >= before.index
    assert after.upper >= before.upper
    assert after.coverage == before.coverage


@given(z_values, st.sampled_from(list(fatigue_index.BETAS)))
def test_an_answer_that_is_neutral_lowers_the_upper_bound(z: dict[str, float], name: str):
    silent = {k: v for k, v in z.items() if k != name}
    assert index(**silent, **{name: 0.0}).upper < index(**silent).upper or index(**silent).upper == 1.0


def test_nan_is_the_same_as_absent():
    assert index(subj=1.0, rhr=np.nan).upper == index(subj=1.0).upper


def test_load_alone_can_never_hold_anyone_back():
    assert index(load=9.0).upper < BLOCKS


@pytest.mark.parametrize("name", ["rhr", "hrv", "sleep", "eff", "load"])
def test_no_single_measured_input_backs_anyone_off(name: str):
    others = {k: 0.0 for k in fatigue_index.BETAS if k != name}
    assert index(**others, **{name: 9.0}).upper < BACKS_OFF


def series(base: float, week: list[float]) -> np.ndarray:
    return np.concatenate([np.full(56, base), week])[None, :]


def test_z_is_the_weeks_mean_in_floored_spreads():
    # spread floored at 1.5 bpm, mean 3 above: z = 2
    assert fatigue_index.z_of_week(series(50.0, [53.0] * 7), "rhr")[0] == pytest.approx(2.0)


def test_z_uses_the_athletes_own_spread_where_it_is_wider():
    rows = series(50.0, [56.0] * 7)
    rows[0, :56] = np.resize([50.0, 52.0, 54.0], 56)
    # median 52, MAD 2: spread 2.965
    assert fatigue_index.z_of_week(rows, "rhr")[0] == pytest.approx(4.0 / 2.9652)


@pytest.mark.parametrize(("name", "worse"), [("rhr", 58.0), ("subj", 58.0), ("hrv", 42.0), ("sleep", 42.0)])
def test_worse_is_positive_for_every_input(name: str, worse: float):
    assert fatigue_index.z_of_week(series(50.0, [worse] * 7), name)[0] > 0


def test_yesterday_a_week_ago_belongs_to_neither_week_nor_base():
    rows = series(50.0, [50.0] * 7)
    rows[0, 55] = 500.0
    assert fatigue_index.z_of_week(rows, "rhr")[0] == 0.0


def test_a_week_needs_three_values_and_a_base_fourteen():
    rows = series(50.0, [53.0, 53.0, 53.0, np.nan, np.nan, np.nan, np.nan])
    assert not np.isnan(fatigue_index.z_of_week(rows, "rhr")[0])
    rows[0, 56] = np.nan
    assert np.isnan(fatigue_index.z_of_week(rows, "rhr")[0])
    rows = series(50.0, [53.0] * 7)
    rows[0, 14:56] = np.nan
    assert not np.isnan(fatigue_index.z_of_week(rows, "rhr")[0])
    rows[0, 13] = np.nan
    assert np.isnan(fatigue_index.z_of_week(rows, "rhr")[0])


@given(st.sampled_from(["rhr", "hrv", "sleep"]), st.floats(1, 40), st.integers(0, 6))
def test_one_terrible_night_never_blocks(name: str, off: float, night: int):
    week = [50.0] * 7
    week[night] += fatigue_index.WORSE[name] * 3 * fatigue_index.FLOORS[name]
    z = dict.fromkeys(fatigue_index.BETAS, 0.0)
    z[name] = float(fatigue_index.z_of_week(series(50.0, week), name)[0])
    assert index(**z).upper < BLOCKS


def test_load_is_compared_with_the_four_weeks_before():
    rows = np.zeros((1, 63))
    rows[0, -35:-7] = 20.0
    rows[0, -7:] = 40.0
    assert fatigue_index.z_of_load(rows)[0] == pytest.approx(np.log(2.0) / 0.35)


def test_small_loads_are_compared_with_sixty():
    rows = np.zeros((1, 63))
    rows[0, -1] = 90.0
    assert fatigue_index.z_of_load(rows)[0] == pytest.approx(np.log(1.5) / 0.35)


def test_a_week_without_load_is_the_lowest_z_not_minus_infinity():
    rows = np.full((1, 63), 20.0)
    rows[0, -7:] = 0.0
    assert fatigue_index.z_of_load(rows)[0] == -1.0


def test_a_first_week_has_nothing_to_be_compared_with():
    rows = np.full((1, 63), np.nan)
    rows[0, -11:] = 30.0
    assert np.isnan(fatigue_index.z_of_load(rows)[0])
    rows[0, -12] = 30.0
    assert fatigue_index.z_of_load(rows)[0] == pytest.approx(0.0)


def test_an_unknown_load_this_week_is_unknown():
    rows = np.full((1, 63), 20.0)
    rows[0, -3] = np.nan
    assert np.isnan(fatigue_index.z_of_load(rows)[0])


def test_efficiency_z_is_the_fall_in_its_own_spread_at_least_four_percent():
    wide = fatigue_index.z_of_efficiency(*(np.array([v]) for v in (1.0, 0.0018, 0.9, 0.0018)))
    sharp = fatigue_index.z_of_efficiency(*(np.array([v]) for v in (1.0, 0.0, 0.9, 0.0)))
    assert wide[0] == pytest.approx(0.1 / 0.06)
    assert sharp[0] == pytest.approx(0.1 / 0.04)


def day(back: int, **values: float) -> Day:
    return Day(AS_OF - timedelta(days=back), values)


def session(back: int, load: float | None) -> Session:
    on = AS_OF - timedelta(days=back)
    return Session(f"s{back}", datetime(on.year, on.month, on.day, 7, tzinfo=UTC), on, "run", load=load)


def tired_history() -> History:
    values: dict[str, Any] = {"resting_heart_rate_bpm": 50.0, "sleep_h": 7.5, "hrv_rmssd_ms": 55.0}
    answers = {"fatigue": 2.0, "soreness": 2.0, "stress": 2.0, "sleep_quality": 2.0}
    days = [day(back, **values, **answers) for back in range(62, 6, -1)]
    days += [day(back, **values, **dict.fromkeys(answers, 3.0)) for back in range(6, -1, -1)]
    sessions = tuple(session(back, 30.0) for back in range(60, -1, -3))
    return History(Athlete("a"), sessions, tuple(days))


def test_a_history_gives_every_term_by_name():
    found = fatigue_index.fatigue_of(tired_history(), AS_OF)
    assert found.z["subj"] == pytest.approx(1.0)  # 3 against 2, in units of the least point believed
    assert found.z["rhr"] == found.z["hrv"] == found.z["sleep"] == pytest.approx(0.0)
    assert found.z["eff"] is None
    assert found.z["load"] is not None
    assert found.coverage == pytest.approx(2.45 / 2.95)
    assert isinstance(found.upper, float)


def test_later_days_and_sessions_change_nothing():
    history = tired_history()
    later = replace(
        history,
        sessions=(*history.sessions, session(-1, 500.0)),
        days=(*history.days, *(day(-i, fatigue=7.0, soreness=7.0, sleep_h=2.0) for i in range(1, 9))),
    )
    assert fatigue_index.fatigue_of(later, AS_OF) == fatigue_index.fatigue_of(history, AS_OF)


def test_nobody_known_is_doubted_and_not_rested():
    found = fatigue_index.fatigue_of(History(Athlete("a")), AS_OF)
    assert found.coverage == 0.0
    assert found.upper == pytest.approx(0.397816, abs=1e-6)
    assert set(found.z.values()) == {None}


def test_efficiency_comes_from_the_body():
    body = Body(efficiency_now=0.9, efficiency_now_var=0.0018, efficiency_28d_ago=1.0, efficiency_28d_ago_var=0.0018)
    found = fatigue_index.fatigue_of(replace(tired_history(), body=body), AS_OF)
    assert found.z["eff"] == pytest.approx(0.1 / 0.06)


def test_one_hooper_item_alone_is_no_answer():
    days = tuple(day(back, fatigue=2.0) for back in range(62, -1, -1))
    assert fatigue_index.fatigue_of(History(Athlete("a"), days=days), AS_OF).z["subj"] is None


def test_two_high_mornings_ask_about_illness_and_one_does_not():
    calm = [day(back, resting_heart_rate_bpm=50.0) for back in range(62, 1, -1)]
    high = [day(1, resting_heart_rate_bpm=53.0), day(0, resting_heart_rate_bpm=53.0)]
    assert fatigue_index.resting_rate_alarm([*calm, *high], AS_OF)
    assert not fatigue_index.resting_rate_alarm([*calm, day(1, resting_heart_rate_bpm=52.0), high[1]], AS_OF)
    assert not fatigue_index.resting_rate_alarm([*calm, high[1]], AS_OF)
    assert not fatigue_index.resting_rate_alarm(high, AS_OF)


def test_the_upper_bound_is_at_most_one():
    assert float(index(subj=3.0, rhr=3.0, hrv=3.0, eff=3.0).upper) == 1.0


@pytest.mark.parametrize(("oldest", "known"), [(62, True), (63, False)])
def test_the_base_begins_62_days_ago(oldest: int, known: bool):
    mornings = [day(back, sleep_h=7.0) for back in range(oldest, oldest - 14, -1)]
    week = [day(back, sleep_h=7.0) for back in range(6, -1, -1)]
    found = fatigue_index.fatigue_of(History(Athlete("a"), days=(*mornings, *week)), AS_OF)
    assert (found.z["sleep"] is not None) is known


def test_a_session_of_unknown_load_makes_the_weeks_load_unknown():
    history = tired_history()
    unknown = replace(history, sessions=(*history.sessions[:-1], session(0, None)))
    assert fatigue_index.fatigue_of(unknown, AS_OF).z["load"] is None


def test_a_week_is_compared_with_all_four_before_it():
    weeks = np.repeat([280.0, 140.0, 70.0, 70.0, 140.0], 7) / 7.0
    usual = (280.0 + 140.0 + 70.0 + 70.0) / 4
    found = fatigue_index.z_of_load(weeks[np.newaxis, :])
    assert found[0] == pytest.approx(np.log(140.0 / usual) / 0.35)
