"""The contract views: the columns that the design fixes, and what they show."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import duckdb
import polars as pl
import pytest
from steadymile.models.metrics.catalogue import Value
from steadymile.models.session import Session
from steadymile.models.weekplan import PlannedSession
from steadymile.warehouse import queries, store
from steadymile.warehouse.database import open_work, rows
from steadymile.warehouse.tables.rows import FileRow

from tests.warehouse.made_rows import recording, week_plan

CONTRACT = {
    "checkins": "local_day number source at_time activity_id rpe talk_test feel run_min walk_min pain pain_place "
    "pain_next_morning ill red_flag cleared note",
    "files": "path sha256 bytes first_seen_at status reason reader activities",
    "activities": "activity_id started_at local_day timezone timezone_source sport sub_sport device title elapsed_s "
    "timer_s moving_s running_s walking_s distance_m pace_s_per_km grade_adjusted_pace_s_per_km longest_run_s "
    "longest_run_m elevation_gain_m elevation_gain_sd_m elevation_loss_m elevation_source heart_rate_mean_bpm "
    "heart_rate_max_bpm heart_rate_coverage load load_sd load_source decoupling_pct rpe talk_test comfort surface "
    "pack_kg device_distance_m device_elevation_gain_m preferred duplicate_of cadence_mean_spm cadence_max_spm "
    "stride_length_m calories_kcal power_mean_w power_normalized_w temperature_mean_c gap_share jump_share "
    "position_coverage quality heart_rate_quality",
    "samples": "activity_id time t_s latitude_deg longitude_deg altitude_m distance_m speed_m_s heart_rate_bpm "
    "cadence_spm power_w temperature_c flags",
    "laps": "activity_id",
    "bouts": "activity_id kind",
    "splits": "activity_id unit index start_s timer_s moving_s distance_m pace_s_per_km heart_rate_mean_bpm",
    "metrics": "activity_id metric value reason definition",
    "metric_cards": "metric unit needs source evidence adds_up definition",
    "health": "day resting_heart_rate_bpm hrv_ln_rmssd sleep_h stress weight_kg resting_heart_rate_source",
    "days": "day load load_source fitness fatigue form monotony strain fatigue_index fatigue_index_upper coverage",
    "body": "valid_from heart_rate_max_bpm heart_rate_max_sd_bpm heart_rate_max_source heart_rate_rest_bpm "
    "heart_rate_rest_sd_bpm heart_rate_rest_source vt1_mean vt1_sd note",
    "estimates": "as_of name value low high unit reason source evidence n activity_id day",
    "learned": "as_of name value low high unit average level n basis reason",
    "choices": "week as_of level policy_step learned_step learned_action active answered allowed probability hard "
    "effort",
    "weeks": "week",
    "targets": "athlete_id week as_of action level run_min longest_bout_min distance_m elevation_gain_m load_low "
    "load_high heart_rate_ceiling_bpm sessions headline status revision",
    "targets_history": "athlete_id week as_of action level run_min revision status",
    "planned_sessions": "week day kind steps minutes expected_distance_m heart_rate_ceiling_bpm instruction",
    "planned_sessions_history": "week day kind steps revision",
    "reasons": "week rule observed threshold window before after binding evidence_strength activity_ids sentence "
    "what_would_change_it",
    "reasons_history": "week rule revision",
    "agreement": "activity_id device distance_m device_distance_m timer_s device_timer_s elevation_gain_m "
    "device_elevation_gain_m heart_rate_mean_bpm device_heart_rate_mean_bpm",
    "runs_log": "run_id started_at finished_at durations_s versions",
}
REST = PlannedSession(date(2026, 11, 2), "rest", 0.0, "")
NOT_ABOUT_A_PERSON = {"metric_cards", "runs_log"}


@pytest.mark.parametrize("name", queries.VIEWS)
def test_a_view_has_the_columns_it_promises(con, name):
    found = queries.view(con, name).columns
    assert name in CONTRACT, f"promise the columns of {name} in CONTRACT above"
    promised = set(CONTRACT[name].split()) | (set() if name in NOT_ABOUT_A_PERSON else {"athlete_id"})
    assert promised <= set(found)
    assert len(set(found)) == len(found)


def test_the_planner_reads_every_field_of_a_session(con):
    asked = {column[0] for column in con.execute(queries._sql("sessions"), ["me", date.max, date.min]).description}
    fields = {field.name for field in dataclasses.fields(Session) if field.init}
    made_later = {"joined", "mile_done"}  # several recordings as one; a flag from its metric
    assert fields - asked - set(queries._OPTIONAL) - made_later == set(), (
        "read these in warehouse/sql/queries/sessions.sql, or as a metric in _OPTIONAL of warehouse/queries.py: "
        "a rule on them would never fire"
    )


def test_times_are_timestamps_with_zone_and_days_are_dates(con):
    wrong = rows(
        con,
        """SELECT table_name, column_name, data_type FROM duckdb_columns()
        WHERE schema_name = 'main' AND NOT internal AND (
            (column_name LIKE '%\\_at' ESCAPE '\\' OR column_name = 'time') AND data_type <> 'TIMESTAMP WITH TIME ZONE'
            OR column_name IN ('day', 'local_day', 'as_of', 'monday') AND data_type <> 'DATE'
        )""",
    )
    assert wrong == []


def test_no_view_has_an_interval(con):
    assert rows(con, "SELECT 1 FROM duckdb_columns() WHERE data_type LIKE '%INTERVAL%' AND NOT internal") == []


def test_wide_columns_of_activities_equal_the_long_metrics(con):
    store.save_recordings(
        con, [recording("a1"), recording("a2", day=1, metrics={"running_s": Value(reason="no speed")})]
    )
    for name in ("elapsed_s", "running_s", "distance_m", "elevation_gain_m", "decoupling_pct"):
        wide = rows(con, f"SELECT activity_id, {name} FROM activities ORDER BY 1")
        assert wide == rows(con, f"SELECT activity_id, value FROM metrics WHERE metric = '{name}' ORDER BY 1")
    assert rows(con, "SELECT elevation_gain_sd_m, elevation_source FROM activities LIMIT 1") == [(3.0, "barometric")]


@pytest.mark.parametrize(
    ("coverage", "trimp", "quality"),
    [
        (Value(1.0), Value(40.0), "good"),
        (Value(0.9), Value(40.0), "fair"),
        (Value(1.0), Value(reason="more than anyone holds for so long"), "poor"),
        (Value(reason="none was recorded"), Value(reason="none was recorded"), None),
    ],
)
def test_a_heart_rate_has_a_mark_of_its_own(con, coverage, trimp, quality):
    store.save_recordings(con, [recording("a1", metrics={"heart_rate_coverage": coverage})])
    store.save_person_metrics(con, "me", {"a1": {"load": Value(10.0), "trimp_banister": trimp}})
    assert rows(con, "SELECT heart_rate_quality FROM activities") == [(quality,)]


def test_agreement_shows_ours_the_devices_and_the_difference(con):
    store.save_recordings(con, [recording(metrics={"timer_s": Value(60.0)})])
    found = queries.view(con, "agreement").to_dicts()[0]
    assert (found["distance_m"], found["device_distance_m"], found["distance_difference_m"]) == (150.0, 160.0, -10.0)
    assert found["timer_difference_s"] == 1.0
    assert found["elevation_gain_difference_m"] == 2.0
    assert found["heart_rate_mean_difference_bpm"] == -1.0
    assert found["heart_rate_max_difference_bpm"] is None
    assert found["device"] == "made watch"


def week_row(con, week="2026-W45"):
    return next(w for w in queries.view(con, "weeks").to_dicts() if w["week"] == week)


def test_a_week_shows_done_and_planned_side_by_side(con):
    store.save_week(con, week_plan())
    store.save_recordings(
        con, [recording("a1"), recording("a2", day=2), recording("w", day=3, kind="walk", sport="walking")]
    )
    store.save_person_metrics(con, "me", {i: {"load": Value(10.0)} for i in ("a1", "a2", "w")})
    found = week_row(con)
    assert (found["monday"], found["action"], found["level"]) == (date(2026, 11, 2), "advance", "J3")
    assert (found["sessions_done"], found["sessions_planned"]) == (2, 3)
    assert (found["runs_done"], found["walks_done"]) == (2, 1)
    assert (found["running_min_done"], found["running_min_planned"]) == (2.0, 24.0)
    assert (found["longest_run_s"], found["longest_run_planned_s"]) == (40.0, 60.0)
    assert (found["distance_done_m"], found["distance_planned_m"]) == (450.0, 9000.0)
    assert (found["elevation_gain_done_m"], found["elevation_gain_planned_m"]) == (36.0, 60.0)
    assert (found["load_done"], found["load_low"], found["load_high"]) == (30.0, 90.0, 130.0)


def test_a_copy_of_a_run_and_a_forgotten_run_count_for_nothing(con):
    store.save_recordings(con, [recording("a1"), recording("a2"), recording("a3", day=1)])
    store.save_matches(con, "me", [store.MatchRow("a2", "a1", "same file")])
    store.save_standing(con, "me", kept=[], forgotten=["a3"])
    assert week_row(con)["distance_done_m"] == 150.0


def test_a_ride_adds_load_but_no_distance_on_foot(con):
    store.save_recordings(con, [recording("a1"), recording("ride", day=1, kind="other", sport="cycling")])
    store.save_person_metrics(con, "me", {"a1": {"load": Value(10.0)}, "ride": {"load": Value(30.0)}})
    found = week_row(con)
    assert (found["distance_done_m"], found["runs_done"], found["load_done"]) == (150.0, 1, 40.0)


def test_walks_are_the_sessions_of_a_week_of_walks(con):
    store.save_week(con, week_plan(run_min=0.0))
    store.save_recordings(con, [recording("w1", kind="walk"), recording("w2", day=1, kind="hike")])
    assert week_row(con)["sessions_done"] == 2


def test_a_recorded_week_without_sessions_is_zero_and_a_coming_week_is_unknown(con):
    store.save_weeks(con, [week_plan("2026-W45"), week_plan("2026-W46")])
    days = [date(2026, 11, 2) + timedelta(days=n) for n in range(7)]
    store.save_days(con, "me", pl.DataFrame({"day": days, "load": [0.0] * 7}))
    assert (week_row(con)["sessions_done"], week_row(con)["distance_done_m"], week_row(con)["longest_run_s"]) == (
        0,
        0.0,
        None,
    )
    coming = week_row(con, "2026-W46")
    assert (coming["sessions_done"], coming["running_min_done"], coming["load_done"]) == (None, None, None)
    assert (coming["running_unknown"], week_row(con)["running_unknown"]) == (None, 0)
    assert coming["sessions_planned"] == 3


def test_running_that_is_not_known_is_not_zero(con):
    store.save_recordings(con, [recording(metrics={"running_s": Value(reason="no cadence")})])
    assert week_row(con)["running_min_done"] is None


def test_what_is_known_of_a_week_stands_beside_how_much_is_not(con):
    unsplit = {"running_s": Value(reason="one speed between walking and running"), "walking_s": Value(reason="same")}
    store.save_recordings(con, [recording("a1"), recording("a2", day=1, metrics=unsplit)])
    store.save_recordings(con, [recording("a3", day=2, metrics={"elevation_gain_m": Value(reason="a treadmill")})])
    store.save_person_metrics(con, "me", {"a1": {"load": Value(10.0)}, "a2": {"load": Value(5.0)}})
    found = week_row(con)
    assert (found["running_min_done"], found["running_unknown"]) == (80 / 60, 1)
    assert (found["elevation_gain_done_m"], found["elevation_gain_unknown"]) == (24.0, 1)
    assert (found["distance_done_m"], found["distance_unknown"]) == (450.0, 0)
    assert (found["load_done"], found["load_unknown"]) == (15.0, 1)


def test_a_rides_running_is_not_unknown_but_none(con):
    ride = {"running_s": Value(reason="not a sport on foot"), "distance_m": Value(reason="none")}
    store.save_recordings(con, [recording("ride", kind="other", sport="cycling", metrics=ride)])
    found = week_row(con)
    assert (found["running_unknown"], found["distance_unknown"], found["load_unknown"]) == (0, 0, 1)


def test_weeks_are_iso_weeks_at_the_turn_of_the_year(con):
    store.save_recordings(
        con, [recording("a1", local_day=date(2027, 1, 3)), recording("a2", local_day=date(2027, 1, 4))]
    )
    store.save_week(con, week_plan("2026-W53"))
    found = {w["week"]: (w["monday"], w["runs_done"]) for w in queries.view(con, "weeks").to_dicts()}
    assert found == {"2026-W53": (date(2026, 12, 28), 1), "2027-W01": (date(2027, 1, 4), 1)}


def test_a_view_is_read_for_one_athlete_from_a_day_on(con):
    store.save_recordings(con, [recording("a1"), recording("a2", day=5), recording("b1", "you", day=5)])
    found = queries.view(con, "activities", "me", since=date(2026, 11, 5))
    assert found["activity_id"].to_list() == ["a2"]
    for name in queries.VIEWS:
        queries.view(con, name, "me", since=date(2026, 11, 5))


def test_a_session_has_what_the_planner_sees(con):
    store.save_recordings(
        con, [recording(metrics={"run_speed_m_s": Value(2.4), "mile_done": Value(1.0)}), recording("a2", day=9)]
    )
    store.save_person_metrics(con, "me", {"a1": {"load": Value(40.0, sd=4.0, source="hr"), "efficiency": Value(0.02)}})
    store.save_answers(con, "me", {"a1": {"rpe": 4.0, "talk_test": "yes", "feel": 75.0}})
    (found,) = queries.sessions(con, "me", until=date(2026, 11, 10))
    assert (found.activity_id, found.kind, found.local_day) == ("a1", "run", date(2026, 11, 2))
    assert (found.run_speed_m_s, found.walk_speed_m_s, found.mile_done, found.efficiency) == (2.4, None, True, 0.02)
    assert (found.load, found.load_sd, found.load_source) == (40.0, 4.0, "hr")
    assert (found.rpe, found.talk_test, found.feel, found.surface) == (4.0, "yes", 75.0, None)
    assert found.started_at.utcoffset() == timedelta(0)


def test_a_session_says_how_running_was_told_and_what_the_pack_weighs(con):
    store.save_recordings(
        con,
        [
            recording(metrics={"running_s": Value(240.0, source="two speeds")}),
            recording("a2", day=4, metrics={"running_s": Value(reason="no cadence")}),
        ],
    )
    store.save_person_metrics(con, "me", {"a1": {"impact_ratio": Value(1.1, source="check-in")}})
    first, second = queries.sessions(con, "me")
    assert (first.running_s, first.running_source, first.impact_ratio) == (240.0, "two speeds", 1.1)
    assert (second.running_s, second.running_source, second.impact_ratio) == (None, None, None)


def test_a_copy_is_no_session(con):
    store.save_recordings(con, [recording("a1"), recording("a2")])
    store.save_matches(con, "me", [store.MatchRow("a2", "a1", "time")])
    assert [s.activity_id for s in queries.sessions(con, "me")] == ["a1"]


def test_a_readers_bad_sql_is_answered_in_one_line_with_the_next_step(con):
    assert queries.query(con, "SELECT 1 AS one").to_dicts() == [{"one": 1}]
    with pytest.raises(
        queries.WarehouseError, match=r"The views and their columns are listed in docs/reference/schema\.md"
    ):
        queries.query(con, "SELECT nonsense FROM nowhere")


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("INTERVAL 1 DAY", "1 day"), ("union_value(a := 1)", "1"), ("'101'::BIT", "101"), ("'1'::VARIANT", "1"),
        ("'12:00:00+02'::TIMETZ", "12:00:00+02"), ("DATE 'infinity'", "infinity"),
        ("DATE '12000-01-01'", "12000-01-01"),
        ("TIMESTAMP 'infinity'", "infinity"), ("DATE '2026-11-29'", date(2026, 11, 29)), ("sum(7)", 7),
    ],
)  # fmt: skip
def test_what_a_frame_cannot_hold_is_answered_as_text_and_what_it_can_as_it_is(con, value, answer):
    assert queries.query(con, f"SELECT {value} AS a, 2 AS b").rows() == [(answer, 2)]


def test_columns_of_one_name_keep_their_values_beside_one_that_becomes_text(con):
    assert queries.query(con, "SELECT 1 AS a, INTERVAL 2 DAY AS a").rows() == [(1, "2 days")]


def test_the_hash_of_a_view_does_not_depend_on_the_order_of_arrival(tmp_path):
    found = []
    for order in (1, -1):
        con = open_work(tmp_path / f"{order}.duckdb")
        for record in [recording("a1"), recording("a2", day=2), recording("b", "you", day=1)][::order]:
            store.save_recordings(con, [record])
        store.save_week(con, week_plan())
        found.append(queries.contract_hash(con))
        con.close()
    assert found[0] == found[1]
    assert "runs_log" not in found[0]
    assert set(found[0]) == set(queries.VIEWS) - {"runs_log"}


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("samples", lambda con: store.save_recordings(con, [recording(heart_rate=141.0)])),
        ("files", lambda con: store.save_files(con, [FileRow("x", "ignored", recording().activity.started_at)])),
        ("targets", lambda con: store.save_week(con, week_plan(run_min=25.0))),
        ("planned_sessions", lambda con: store.save_week(con, week_plan(planned=(REST,)))),
    ],
)  # fmt: skip
def test_the_hash_of_a_view_sees_a_changed_row(con, name, change):
    store.save_recordings(con, [recording()])
    store.save_week(con, week_plan())
    before = queries.contract_hash(con)[name]
    change(con)
    assert queries.contract_hash(con)[name] != before


def test_views_read_once_for_everybody_hold_what_is_read_for_each(con):
    for who in ("anna", "ben"):
        store.save_recordings(con, [recording(f"{who}{n}", who, day=n) for n in range(3)])
    store.save_week(con, week_plan(athlete_id="anna"))
    shared = queries.Views(con, ("activities", "targets", "metric_cards"))
    for who in ("anna", "ben", "nobody"):
        for name, found in shared.of(who).items():
            assert found.equals(queries.view(con, name, who))
    some = queries.Views(con, ("activities", "metric_cards"), ("ben", "nobody"))
    assert set(some.of("ben")["activities"]["athlete_id"]) == {"ben"}
    assert some.of("anna")["activities"].is_empty()
    assert some.of("ben").on(con)["activities"].equals(some.of("ben")["activities"])
    with pytest.raises(KeyError):
        shared.of("anna")["samples"]


def test_views_of_several_people_are_held_once(con):
    store.save_recordings(con, [recording(f"{who}{n}", who, day=n) for n in range(3) for who in ("anna", "ben")])
    shared = queries.Views(con, ("activities", "metric_cards"))
    rows = {name: len(shared.of("anna")[name]) for name in shared.names()}
    held = {name: whole.height + sum(p.height for p in parts.values()) for name, (whole, parts) in shared._read.items()}
    assert held == {"activities": 2 * rows["activities"], "metric_cards": rows["metric_cards"]}


def test_a_view_that_cannot_be_read_for_all_together_is_read_for_each(con, monkeypatch):
    store.save_recordings(con, [recording("anna1", "anna", day=1)])
    read = queries.view

    def refusing(con, name, of=None, since=None):
        if of is not None and ((len(of) > 1 and not isinstance(of, str)) or of == "ben"):
            raise duckdb.OutOfMemoryException("too much")
        return read(con, name, of, since)

    monkeypatch.setattr(queries, "view", refusing)
    some = queries.Views(con, ("activities",), ("anna", "ben"))
    assert some.of("anna")["activities"].height == 1
    with pytest.raises(duckdb.Error):
        some.of("ben")["activities"]
