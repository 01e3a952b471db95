"""What is saved comes back, saving it again changes nothing, and a change touches only what changed."""

from __future__ import annotations

from dataclasses import replace as dataclass_replace
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.athlete import Athlete, Facts
from steadymile.models.metrics.catalogue import CATALOGUE, Card, Digest, Segment, Value
from steadymile.models.recording import SAMPLES, CheckIn, Device, Stored, Wellness
from steadymile.warehouse import queries, store
from steadymile.warehouse.database import changes, rows
from steadymile.warehouse.tables import replace
from steadymile.warehouse.tables.health import remove_answers
from steadymile.warehouse.tables.packing import pack, unpack
from steadymile.warehouse.tables.rows import FileRow, MatchRow, RunRow

from tests.warehouse.made_rows import START, recording

SHA = "a" * 64


def file_row(path="a.fit", status="ingested", sha256=SHA, **more):
    return FileRow(path, status, START, "me", sha256, 100, **more)


# files


def test_files_are_saved_once_and_unchanged_the_second_time(con):
    assert store.save_files(con, [file_row(), file_row("b.gpx", "quarantined", None, reason="broken")]) == 2
    assert store.save_files(con, [file_row(), file_row("b.gpx", "quarantined", None, reason="broken")]) == 0


def test_the_first_sighting_stays(con):
    store.save_files(con, [file_row()])
    later = FileRow("a.fit", "ingested", START + timedelta(days=9), "me", SHA, 100)
    assert store.save_files(con, [later]) == 0
    assert rows(con, "SELECT first_seen_at FROM files") == [(START,)]


def test_other_bytes_under_the_same_path_are_another_row(con):
    store.save_files(con, [file_row(), file_row(sha256="b" * 64)])
    assert rows(con, "SELECT path, sha256[1] FROM files ORDER BY 2") == [("a.fit", "a"), ("a.fit", "b")]


def test_a_file_that_could_be_read_at_last_has_no_second_row(con):
    store.save_files(con, [file_row("a.fit", "quarantined", None, reason="no permission")])
    store.save_files(con, [file_row("a.fit")])
    assert rows(con, "SELECT status FROM files") == [("ingested",)]


def test_a_changed_status_replaces_the_row(con):
    store.save_files(con, [file_row(), file_row("b.fit", sha256="b" * 64)])
    assert store.save_files(con, [file_row(status="salvaged", reason="ends early")]) == 1
    assert rows(con, "SELECT path, status FROM files ORDER BY 1") == [("a.fit", "salvaged"), ("b.fit", "ingested")]


def test_seen_files_are_known_by_size_and_time(con):
    assert store.save_seen(con, {"a.fit": (100, 1_700_000_000_123_456_789), "x.zip": (5, 6)}) == 2
    assert store.save_seen(con, {"x.zip": (5, 7)}) == 1
    assert store.known_files(con) == {"a.fit": (100, 1_700_000_000_123_456_789), "x.zip": (5, 7)}


def test_contents_are_known_per_athlete_by_the_path_they_first_came_under(con):
    store.save_files(con, [file_row(), file_row("copy.fit", "duplicate", reason="equal bytes")])
    store.save_files(con, [FileRow("friend/a.fit", "ingested", START, "friend", SHA)])
    assert store.known_contents(con) == {("me", SHA): "a.fit", ("friend", SHA): "friend/a.fit"}


# recordings


def test_a_recording_ends_with_the_last_sample_that_cleaning_believed(con):
    made = recording()
    absurd = made.activity.samples.with_columns(time=pl.lit(datetime(2106, 1, 1, tzinfo=START.tzinfo)))
    store.save_recordings(con, [dataclass_replace(made, activity=dataclass_replace(made.activity, samples=absurd))])
    assert store.load_recordings(con, "me")[0].ended_at == START + timedelta(seconds=59)


def test_a_recording_comes_back_without_its_samples(con):
    assert store.save_recordings(con, [recording()]) == 1
    (found,) = store.load_recordings(con, "me")
    assert (found.activity_id, found.sha256, found.path, found.kind) == ("a1", "0" * 64, "a1.fit", "run")
    assert (found.started_at, found.ended_at) == (START, START + timedelta(seconds=59))
    assert (found.local_day, found.timezone) == (date(2026, 11, 2), "Australia/Eucla")
    assert found.device == Device("made", "watch", "17", "1.0", True)
    assert found.stored == Stored(distance_m=160.0, timer_s=59.0, elevation_gain_m=10.0, heart_rate_mean_bpm=141.0)
    assert (found.rpe, found.feel, found.identity, found.notes) == (3.0, None, "17:900", ("one note",))
    assert (found.n_samples, found.has_heart_rate, found.has_cadence) == (60, True, True)
    assert found.metrics["distance_m"] == 150.0
    assert found.metrics["decoupling_pct"] is None
    assert found.signature.distance_m.tolist() == [0.0, 60.0, 120.0]
    assert found.preferred


def test_the_digest_comes_back_exactly(con):
    store.save_recordings(con, [recording()])
    found, sent = store.load_recordings(con, "me")[0].digest, recording().measured.digest
    assert np.array_equal(found.energy_s, sent.energy_s)
    assert np.array_equal(found.heart_rate_s, sent.heart_rate_s)
    assert found.run_heart_rate_s is None
    assert (found.coverage, found.cadence_lock_share, found.segments) == (0.9, None, sent.segments)


@given(
    st.builds(
        Digest,
        heart_rate_s=st.none() | st.lists(st.floats(0, 1e6), min_size=256, max_size=256).map(np.array),
        coverage=st.none() | st.floats(0, 1),
        segments=st.lists(
            st.builds(Segment, st.sampled_from(["run", "walk"]), st.floats(180, 9e3), st.floats(40, 210), st.none()),
            max_size=3,
        ).map(tuple),
    )
)
def test_any_digest_survives_packing(digest):
    found = unpack(pack(digest))
    assert found.coverage == digest.coverage
    assert found.segments == digest.segments
    assert np.array_equal(found.heart_rate_s, digest.heart_rate_s)


def test_each_value_comes_back_under_its_own_name_among_many(con):
    metrics = [{f"made_{k}": Value(float(1000 * n + k)) for k in range(50)} for n in range(200)]
    store.save_recordings(con, [recording(f"a{n}", day=n, seconds=1, metrics=m) for n, m in enumerate(metrics)])
    for n, found in enumerate(store.load_recordings(con, "me")):
        assert {name: found.metrics[name] for name in metrics[n]} == {k: v.value for k, v in metrics[n].items()}


def test_samples_come_back_to_the_resolution_of_a_device(con):
    store.save_recordings(con, [recording(seconds=20)])
    found = queries.view(con, "samples", "me").select(list(SAMPLES))
    sent = recording(seconds=20).measured.samples
    assert found.schema == sent.schema
    assert found["time"].to_list() == sent["time"].to_list()
    assert found["altitude_m"].to_list() == [round(a, 2) for a in sent["altitude_m"]]
    assert found["latitude_deg"].to_list() == pytest.approx(sent["latitude_deg"].to_list(), abs=5e-8)
    assert found["power_w"].null_count() == 20


def test_saving_recordings_again_changes_nothing(con):
    batch = [recording("a1"), recording("a2", day=2)]
    store.save_recordings(con, batch)
    before = queries.contract_hash(con), changes(con)
    assert store.save_recordings(con, batch) == 0
    assert (queries.contract_hash(con), changes(con)) == before


def test_a_changed_recording_replaces_only_itself(con):
    store.save_recordings(con, [recording("a1"), recording("a2", day=2)])
    assert store.save_recordings(con, [recording("a1", heart_rate=151.0), recording("a2", day=2)]) == 1
    found = rows(con, "SELECT activity_id, max(heart_rate_bpm), count(*) FROM samples GROUP BY 1 ORDER BY 1")
    assert found == [("a1", 151.0, 60), ("a2", 140.0, 60)]


def test_a_change_in_one_table_alone_is_counted(con):
    store.save_recordings(con, [recording()])
    assert store.save_recordings(con, [recording(metrics={"distance_m": Value(151.0)})]) == 1
    assert rows(con, "SELECT value FROM metrics WHERE metric = 'distance_m'") == [(151.0,)]


def test_a_recording_without_samples_laps_or_metrics_is_kept(con):
    bare = recording(seconds=0)
    empty = bare.measured.__class__(bare.measured.samples, bare.measured.bouts.clear(), {})
    store.save_recordings(con, [store.NewRecording(**{**_fields(bare), "measured": empty})])
    (found,) = store.load_recordings(con, "me")
    assert (found.n_samples, found.has_heart_rate, found.metrics) == (0, False, {})


def test_samples_lie_in_order_of_athlete_and_time_whatever_the_order_of_the_batch(con):
    store.save_recordings(con, [recording("b", day=3), recording("z", "you", day=1), recording("a", day=1)])
    found = rows(con, "SELECT activity_id FROM (SELECT activity_no, rowid AS r FROM base.samples) "
                      "JOIN base.activities USING (activity_no) GROUP BY 1 ORDER BY min(r)")  # fmt: skip
    assert [i for (i,) in found] == ["a", "b", "z"]


def test_two_friends_may_share_a_file(con):
    store.save_recordings(con, [recording("me-1", "me"), recording("you-1", "you")])
    assert [r.activity_id for r in store.load_recordings(con, "you")] == ["you-1"]
    assert queries.view(con, "samples", "me").height == 60


def test_nan_never_reaches_a_metric(con):
    store.save_recordings(con, [recording(metrics={"pace_s_per_km": Value(float("nan"))})])
    assert rows(con, "SELECT value, reason FROM metrics WHERE metric = 'pace_s_per_km'") == [(None, "not a number")]
    assert rows(con, "SELECT pace_s_per_km FROM activities") == [(None,)]


def test_metrics_carry_unit_and_definition_of_their_card(con, monkeypatch):
    card = Card("distance_m", "m", "", "", (), "", "strong", "sum", 7, "file")
    monkeypatch.setitem(CATALOGUE, "distance_m", card)
    store.save_recordings(con, [recording()])
    assert rows(con, "SELECT unit, definition FROM metrics WHERE metric = 'distance_m'") == [("m", 7)]


# what is said of activities


def test_a_match_names_the_preferred_copy_and_can_be_taken_back(con):
    store.save_recordings(con, [recording("a1"), recording("a2")])
    assert store.save_matches(con, "me", [MatchRow("a2", "a1", "time", "99 % overlap")]) == 1
    found = rows(con, "SELECT activity_id, preferred, duplicate_of, duplicate_rule FROM activities ORDER BY 1")
    assert found == [("a1", True, None, None), ("a2", False, "a1", "time")]
    assert store.save_matches(con, "me", []) == 1
    assert rows(con, "SELECT count(*) FROM activities WHERE preferred") == [(2,)]


def test_a_forgotten_activity_is_hidden_everywhere_and_comes_back(con):
    store.save_recordings(con, [recording("a1"), recording("a2", day=1)])
    store.save_person_metrics(con, "me", {i: {"load": Value(10.0)} for i in ("a1", "a2")})
    before = queries.contract_hash(con)
    store.save_standing(con, "me", kept=["a1"], forgotten=["a2"])
    with_ids = {"activities", "samples", "laps", "bouts", "splits", "metrics", "agreement"}
    for name in with_ids:
        assert set(queries.view(con, name)["activity_id"]) == {"a1"}, name
    assert [r.activity_id for r in store.load_recordings(con, "me")] == ["a1"]
    assert len(store.load_recordings(con, "me", forgotten=True)) == 2
    assert [s.activity_id for s in queries.sessions(con, "me")] == ["a1"]
    assert store.load_standing(con, "me") == ({"a1"}, {"a2"})
    store.save_standing(con, "me", kept=[], forgotten=[])
    assert queries.contract_hash(con) == before


def test_answers_and_person_metrics_show_in_activities(con):
    store.save_recordings(con, [recording()])
    store.save_answers(con, "me", {"a1": {"rpe": 3.0, "talk_test": "yes", "surface": "trail", "pack_kg": None}})
    metrics = {
        "a1": {"load": Value(42.0, sd=4.0, source="hr"), "comfort": Value(0.7), "zone_1_s": Value(reason="no hr")}
    }
    assert store.save_person_metrics(con, "me", metrics) == 1
    assert store.save_person_metrics(con, "me", metrics) == 0
    found = rows(con, "SELECT load, load_sd, load_source, comfort, rpe, talk_test, surface, pack_kg FROM activities")
    assert found == [(42.0, 4.0, "hr", 0.7, 3.0, "yes", "trail", None)]
    assert rows(con, "SELECT value, reason FROM metrics WHERE metric = 'zone_1_s'") == [(None, "no hr")]


def test_a_title_as_stated_goes_before_the_one_in_the_file(con):
    store.save_recordings(con, [recording()])
    store.save_answers(con, "me", {"a1": {"title": "Hills"}})
    assert rows(con, "SELECT title FROM activities") == [("Hills",)]


def test_setting_one_athletes_metrics_leaves_anothers_alone(con):
    store.save_recordings(con, [recording("a1"), recording("b1", "you")])
    store.save_person_metrics(con, "you", {"b1": {"load": Value(7.0)}})
    store.save_person_metrics(con, "me", {"a1": {"load": Value(5.0)}})
    store.save_person_metrics(con, "me", {})
    assert rows(con, "SELECT activity_id, load FROM activities ORDER BY 1") == [("a1", None), ("b1", 7.0)]


# days and health


def test_days_are_replaced_one_by_one(con):
    frame = pl.DataFrame({"day": [date(2026, 11, 1), date(2026, 11, 2)], "load": [0.0, 5.0], "unheard_of": [1, 2]})
    assert store.save_days(con, "me", frame) == 2
    assert store.save_days(con, "me", frame) == 0
    assert store.save_days(con, "me", frame.with_columns(load=pl.Series([0.0, 6.0]))) == 1
    assert rows(con, "SELECT day, load, fitness FROM days ORDER BY 1") == [
        (date(2026, 11, 1), 0.0, None),
        (date(2026, 11, 2), 6.0, None),
    ]


def test_nan_in_a_day_becomes_null(con):
    store.save_days(con, "me", pl.DataFrame({"day": [date(2026, 11, 1)], "monotony": [float("nan")]}))
    assert rows(con, "SELECT monotony FROM days") == [(None,)]


DAY = date(2026, 11, 3)


def reading(value, quantity="resting_heart_rate_bpm", hour=None):
    at = None if hour is None else datetime(2026, 11, 3, hour, tzinfo=START.tzinfo)
    return DAY, Wellness(quantity, value, "watch", at)


def test_the_latest_reading_of_a_day_counts(con):
    store.save_wellness(con, "me", "f" * 64, 1, [reading(61.0, hour=5), reading(58.0, hour=7)])
    store.save_wellness(con, "me", "e" * 64, 2, [reading(64.0, hour=6)])
    assert rows(con, "SELECT resting_heart_rate_bpm, resting_heart_rate_source FROM health") == [(58.0, "watch")]


def test_an_answer_that_is_taken_back_is_a_change_even_where_nothing_is_computed_from_it(con):
    store.save_checkins(con, "me", "journal:1", 1, [CheckIn(DAY, {"note": "private"}, "log")])
    before = changes(con)
    assert remove_answers(con, "me", "journal:1", ["pain"]) == 0
    assert changes(con) == before
    assert remove_answers(con, "me", "journal:1", ["note"]) == 1
    assert changes(con) > before


def test_the_persons_word_wins_over_the_device(con):
    store.save_checkins(con, "me", "journal:1", 1, [CheckIn(DAY, {"sleep_h": 6.0}, "log")])
    store.save_wellness(con, "me", "f" * 64, 2, [reading(8.0, "sleep_h", 9)])
    assert rows(con, "SELECT sleep_h, sleep_source, answers_source FROM health") == [(6.0, "log", "log")]


def test_later_check_ins_win_field_by_field(con):
    store.save_checkins(
        con, "me", "journal:1", 1, [CheckIn(DAY, {"soreness": 4.0, "pain_place": "shin", "ill": True}, "log")]
    )
    store.save_checkins(con, "me", "journal:2", 2, [CheckIn(DAY, {"soreness": 1.0, "ill": False}, "log")])
    assert rows(con, "SELECT soreness, pain_place, ill FROM health") == [(1.0, "shin", False)]
    assert store.load_days(con, "me")[0].values == {"soreness": 1.0, "pain_place": "shin", "ill": False}


def test_within_one_file_the_later_row_wins(con):
    told = [CheckIn(DAY, {"stress": 4.0}, "csv"), CheckIn(DAY, {"stress": 2.0}, "csv")]
    store.save_checkins(con, "me", SHA, 1, told)
    assert rows(con, "SELECT stress FROM health") == [(2.0,)]


def test_of_pain_the_worst_of_the_day_stands(con):
    store.save_checkins(con, "me", "journal:1", 1, [CheckIn(DAY, {"pain": 8.0, "pain_next_morning": "worse"}, "log")])
    store.save_checkins(con, "me", "journal:2", 2, [CheckIn(DAY, {"pain": 1.0, "pain_next_morning": "same"}, "log")])
    assert store.load_days(con, "me")[0].values == {"pain": 8.0, "pain_next_morning": "worse"}


def test_a_watchs_mean_of_the_day_is_made_of_its_files_by_what_each_measured(con):
    at = datetime(2026, 11, 3, 8, tzinfo=START.tzinfo)
    for origin, value, weight in (("e", 20.0, 90), ("f", 60.0, 30)):
        store.save_wellness(con, "me", origin * 64, 1, [(DAY, Wellness("stress", value, "fit", at, weight=weight))])
    assert rows(con, "SELECT device_stress FROM health") == [(30.0,)]  # (20 x 90 + 60 x 30) / 120


def test_the_watchs_stress_and_the_persons_are_never_mixed(con):
    store.save_wellness(con, "me", "f" * 64, 1, [reading(37.0, "stress")])
    store.save_checkins(con, "me", "journal:2", 2, [CheckIn(DAY, {"stress": 2.0}, "log")])
    assert rows(con, "SELECT device_stress, stress FROM health") == [(37.0, 2.0)]
    assert store.load_days(con, "me")[0].values == {"device_stress": 37.0, "stress": 2.0}


def test_a_stated_rmssd_is_kept_as_its_logarithm(con):
    store.save_checkins(con, "me", "journal:1", 1, [CheckIn(DAY, {"hrv_rmssd_ms": 50.0}, "log")])
    assert rows(con, "SELECT round(hrv_ln_rmssd, 4) FROM health") == [(3.912,)]


def test_a_file_with_readings_and_statements_keeps_both(con):
    store.save_wellness(con, "me", SHA, 1, [reading(60.0)])
    store.save_checkins(con, "me", SHA, 1, [CheckIn(DAY, {"pain": 0.0}, "csv")])
    assert store.save_wellness(con, "me", SHA, 1, [reading(60.0)]) == 0
    assert rows(con, "SELECT resting_heart_rate_bpm, pain FROM health") == [(60.0, 0.0)]


def test_saving_an_origin_again_replaces_it(con):
    store.save_checkins(con, "me", SHA, 1, [CheckIn(DAY, {"pain": 4.0}, "csv")])
    assert store.save_checkins(con, "me", SHA, 1, [CheckIn(DAY, {"soreness": 2.0}, "csv")]) == 1
    assert rows(con, "SELECT pain, soreness FROM health") == [(None, 2.0)]


def test_days_are_loaded_only_up_to_the_asked_day(con):
    said = [CheckIn(DAY + timedelta(days=n), {"pain": float(n)}, "log") for n in range(3)]
    store.save_checkins(con, "me", "journal:1", 1, said)
    assert [d.values["pain"] for d in store.load_days(con, "me", until=DAY + timedelta(days=1))] == [0.0, 1.0]


def test_check_ins_come_back_as_they_were_stated(con):
    said = [
        CheckIn(DAY, {"rpe": 4.0, "talk_test": "no", "ill": False}, "log", START, "a1"),
        CheckIn(DAY, {"rpe": 5.0}, "log"),
    ]
    store.save_checkins(con, "me", "journal:1", 1, said)
    assert [checkin for _, checkin in store.load_session_checkins(con, "me")] == said


def test_the_newest_day_of_any_file_is_known(con):
    assert store.last_file_day(con, "me") is None
    store.save_recordings(con, [recording(day=0)])
    store.save_wellness(con, "me", SHA, 1, [reading(60.0)])
    assert store.last_file_day(con, "me") == DAY
    assert store.last_file_day(con, "me", until=date(2026, 11, 2)) == date(2026, 11, 2)


# the rest


def test_athletes_come_back_with_their_dated_facts(con):
    base = Facts(birth_year=1988, sex="female", goal="mile", goal_date=date(2027, 3, 1), equipment=("pack",))
    athlete = Athlete("me", "Me", "miles", {date(2026, 1, 1): Facts(weight_kg=70.5, days_free=(2, 4, 6))}, base)
    assert store.save_athletes(con, [athlete, Athlete("you")]) == 2
    assert store.load_athletes(con) == [athlete, Athlete("you")]
    assert store.save_athletes(con, [athlete]) == 0


def test_cards_are_the_whole_catalogue(con):
    one = Card("a", "m", "means", "cannot", ("hr",), "src", "strong", "sum", 1, "file")
    store.save_cards(con, [one, Card("b", "s", "", "", (), "", "weak", "max", 2, "person")])
    assert store.save_cards(con, [one]) == 1
    assert rows(con, "SELECT metric, needs, definition FROM metric_cards") == [("a", ["hr"], 1)]


def test_a_run_is_logged_without_counting_as_a_change(con):
    before = changes(con)
    run = RunRow(
        "r1", "nightly", START, START + timedelta(seconds=90), counts={"ingested": 3}, durations_s={"read": 1.5}
    )
    store.save_run_log(con, run)
    store.save_run_log(con, run)
    assert rows(con, "SELECT run_id, duration_s, counts, published FROM runs_log") == [
        ("r1", 90.0, '{"ingested": 3}', False)
    ]
    assert changes(con) == before


def test_an_erased_athlete_leaves_no_row(con):
    for who in ("me", "you"):
        store.save_recordings(con, [recording(f"{who}-1", who)])
        store.save_checkins(con, who, f"journal:{who}", 1, [CheckIn(DAY, {"pain": 1.0}, "log")])
        store.save_athletes(con, [Athlete(who)])
    store.save_files(con, [file_row(), FileRow("b.fit", "ingested", START, "me", "b" * 64)])
    store.save_files(con, [FileRow("you/a.fit", "ingested", START, "you", SHA)])
    assert store.erase_athlete(con, "me") == ["b" * 64]
    tables = rows(
        con, "SELECT table_name FROM duckdb_columns() WHERE schema_name = 'base' AND column_name = 'athlete_id'"
    )
    for (table,) in tables:
        assert rows(con, f"SELECT count(*) FROM base.{table} WHERE athlete_id = 'me'") == [(0,)], table
    assert rows(con, "SELECT count(*) FROM base.samples") == [(60,)]
    assert [a.athlete_id for a in store.load_athletes(con)] == ["you"]


def test_erasing_takes_notes_of_runs_that_name_the_person_and_no_others(con):
    for number, note in enumerate(["bo: ValueError", "not measured again: bo/run.fit", "anna: no such bo-2"]):
        store.save_run_log(
            con, RunRow(run_id=str(number), command="nightly", started_at=START, finished_at=START, note=note)
        )
    store.erase_athlete(con, "bo")
    assert rows(con, "SELECT note FROM base.runs_log ORDER BY run_id") == [(None,), (None,), ("anna: no such bo-2",)]


def test_a_save_that_fails_half_way_leaves_nothing(con, monkeypatch):
    original = replace.append

    def broken(con, table, new):
        if table == "bouts":
            raise OSError("no space left on device")
        original(con, table, new)

    monkeypatch.setattr("steadymile.warehouse.tables.recordings.append", broken)
    with pytest.raises(OSError, match="no space"):
        store.save_recordings(con, [recording()])
    assert rows(con, "SELECT count(*) FROM base.samples") == [(0,)]
    monkeypatch.undo()
    assert store.save_recordings(con, [recording()]) == 1


def _fields(record):
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
