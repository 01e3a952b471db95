"""Beliefs and estimates as rows, and activities that move to another local day."""

from __future__ import annotations

from datetime import date

from steadymile.models.assessment.estimates import estimates
from steadymile.models.physiology.athlete_parameters import Estimate
from steadymile.models.physiology.parameter_history import Held
from steadymile.models.session import Body
from steadymile.warehouse import queries, store
from steadymile.warehouse.database import changes, rows

from tests.warehouse.made_rows import recording

MAY = Held(date(2026, 5, 1), Estimate(180.0, 10.0, "age"), Estimate(65.0, 8.0, "assumed"), 0.54, 0.11)
JUNE = Held(date(2026, 6, 1), Estimate(191.0, 4.0, "age and peaks"), MAY.rest, 0.5, 0.08, "maximal heart rate higher")
TODAY = date(2026, 6, 28)


def untouched(con):
    return rows(con, "SELECT * EXCLUDE (local_day, timezone) FROM activities ORDER BY activity_id")


def test_beliefs_come_back_in_order_with_their_sources(con):
    store.save_body(con, "me", [MAY, JUNE])
    found = queries.view(con, "body", "me").to_dicts()
    assert [(r["valid_from"], r["heart_rate_max_bpm"], r["heart_rate_max_source"], r["note"]) for r in found] == [
        (date(2026, 5, 1), 180.0, "age", None),
        (date(2026, 6, 1), 191.0, "age and peaks", "maximal heart rate higher"),
    ]
    assert (found[1]["heart_rate_rest_sd_bpm"], found[1]["vt1_sd"]) == (8.0, 0.08)


def test_saving_the_same_beliefs_again_changes_nothing(con):
    assert store.save_body(con, "me", [MAY, JUNE]) == 2
    before = changes(con)
    assert store.save_body(con, "me", [MAY, JUNE]) == 0
    assert changes(con) == before


def test_a_belief_that_no_longer_stands_is_taken_out_and_others_people_stay(con):
    store.save_body(con, "me", [MAY, JUNE])
    store.save_body(con, "you", [MAY])
    store.save_body(con, "me", [MAY])
    assert rows(con, "SELECT athlete_id, count(*) FROM body GROUP BY ALL ORDER BY ALL") == [("me", 1), ("you", 1)]


def test_estimates_stand_in_their_order_each_with_value_or_reason(con):
    found = estimates([], Body(190.0, 10.0, "age", 60.0, 3.0, "measured"), TODAY)
    store.save_estimates(con, "me", TODAY, found)
    view = queries.view(con, "estimates", "me")
    assert view["name"].to_list() == [e.name for e in found]
    assert rows(con, "SELECT count(*) FROM estimates WHERE (value IS NULL) <> (reason IS NOT NULL)") == [(0,)]


def test_the_hash_sees_a_changed_estimate(con):
    store.save_estimates(con, "me", TODAY, estimates([], Body(190.0, 10.0, "age", 60.0), TODAY))
    before = queries.contract_hash(con)["estimates"]
    store.save_estimates(con, "me", TODAY, estimates([], Body(191.0, 10.0, "age", 60.0), TODAY))
    assert queries.contract_hash(con)["estimates"] != before


def test_an_activity_moves_to_another_day_and_keeps_everything_else(con):
    store.save_recordings(con, [recording("a1"), recording("a2", day=1)])
    before = rows(con, "SELECT * FROM base.samples ORDER BY ALL"), untouched(con)
    moved = store.Placed("a1", date(2026, 11, 1), "Pacific/Niue", "place")
    assert store.save_places(con, "me", [moved]) == 1
    found = rows(con, "SELECT activity_id, local_day, timezone FROM activities ORDER BY 1")
    assert found[0] == ("a1", date(2026, 11, 1), "Pacific/Niue")
    assert found[1][1] == date(2026, 11, 3)
    assert (rows(con, "SELECT * FROM base.samples ORDER BY ALL"), untouched(con)) == before


def test_a_place_that_is_the_same_changes_nothing(con):
    store.save_recordings(con, [recording("a1")])
    before = changes(con)
    same = store.Placed("a1", date(2026, 11, 2), "Australia/Eucla", "place")
    assert store.save_places(con, "me", [same]) == 0
    assert store.save_places(con, "you", [store.Placed("a1", date(2020, 1, 1), "UTC", "utc")]) == 0
    assert changes(con) == before
