"""The calendar, read back with the library that calendars use."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from steadymile.models.athlete import Athlete
from steadymile.reports.calendar import ics, uid

from tests.reports import sample

STAMP = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
PLANNED = sample.tables()["planned_sessions"].filter(pl.col("week") == "2026-W48")


def events(data: bytes) -> list:
    return Calendar.from_ical(data).walk("VEVENT")


def test_every_session_that_is_not_rest_is_an_event():
    assert len(events(ics(sample.ATHLETE, PLANNED, STAMP))) == 5  # 3 runs, 1 walk, 1 strength


def test_an_event_lasts_its_whole_day():
    first = next(
        e for e in events(ics(sample.ATHLETE, PLANNED, STAMP)) if e["uid"] == uid("demo", "2026-W48", "run", 1)
    )
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (date(2026, 11, 24), date(2026, 11, 25))


def test_equal_input_gives_equal_bytes():
    assert ics(sample.ATHLETE, PLANNED, STAMP) == ics(sample.ATHLETE, PLANNED.reverse(), STAMP)


def test_a_session_moved_to_another_day_keeps_its_identity():
    moved = PLANNED.with_columns(day=pl.col("day") + pl.duration(days=1), revision=pl.lit(2, pl.Int64))
    before, after = (events(ics(sample.ATHLETE, planned, STAMP)) for planned in (PLANNED, moved))
    assert {e["uid"] for e in before} == {e["uid"] for e in after}
    assert {int(e["sequence"]) for e in after} == {1}


def test_a_session_that_a_revision_dropped_is_cancelled():
    eased = PLANNED.filter(~((pl.col("kind") == "run") & (pl.col("slot") == 3))).with_columns(revision=pl.lit(2))
    history = pl.concat([PLANNED, eased], how="vertical_relaxed")
    found = {e["uid"]: e for e in events(ics(sample.ATHLETE, eased, STAMP, history=history))}
    dropped = found[uid("demo", "2026-W48", "run", 3)]
    assert (dropped["status"], int(dropped["sequence"])) == ("CANCELLED", 1)
    assert sum(e["status"] == "CANCELLED" for e in found.values()) == 1


def test_a_walk_in_place_of_a_run_stands_beside_the_weeks_other_walks():
    """It has no slot of its own, and takes no other session's."""
    walks = PLANNED.filter(pl.col("kind") == "walk").height
    instead = (pl.col("kind") == "run") & (pl.col("slot") == 1)
    walked = PLANNED.with_columns(
        kind=pl.when(instead).then(pl.lit("walk")).otherwise(pl.col("kind")),
        slot=pl.when(instead).then(0).otherwise(pl.col("slot")).cast(PLANNED.schema["slot"]),
    )
    days = {e.decoded("dtstart") for e in events(ics(sample.ATHLETE, walked, STAMP)) if "-walk-" in e["uid"]}
    assert len(days) == walks + 1


def test_a_start_time_goes_by_the_runners_clock_and_lasts_the_session():
    run = next(e for e in events(ics(sample.ATHLETE, PLANNED, STAMP, start=time(7, 30))) if "run-1" in e["uid"])
    assert run.decoded("dtstart") == datetime(2026, 11, 24, 7, 30)  # noqa: DTZ001  (floating on purpose)
    assert run.decoded("dtend") - run.decoded("dtstart") == timedelta(minutes=30)


def test_the_description_tells_the_steps_and_the_ceiling():
    run = next(e for e in events(ics(sample.ATHLETE, PLANNED, STAMP)) if "run-1" in e["uid"])
    assert "2 times: jog 6 min 30 s, walk 2 min" in run["description"]
    assert "Heart rate above 158: slow down or walk." in run["description"]


def test_no_event_says_where():
    assert b"LOCATION" not in ics(sample.ATHLETE, PLANNED, STAMP)
    assert b"GEO" not in ics(sample.ATHLETE, PLANNED, STAMP)


def test_no_plan_is_an_empty_calendar():
    assert events(ics(sample.ATHLETE, pl.DataFrame(), STAMP)) == []


def test_weeks_long_past_are_left_out():
    later = STAMP + timedelta(weeks=8)
    assert events(ics(sample.ATHLETE, PLANNED, later)) == []


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_any_words_come_back_as_they_were(text):
    said = PLANNED.head(1).with_columns(title=pl.lit("x" + text), steps=pl.lit([], PLANNED.schema["steps"]))
    data = ics(sample.ATHLETE, said, STAMP)
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    assert str(events(data)[0]["summary"]) == "x" + text


def test_lines_in_an_instruction_stay_lines():
    said = PLANNED.filter(pl.col("kind") == "strength").with_columns(instruction=pl.lit("one\r\ntwo; three, four\\n"))
    assert str(events(ics(sample.ATHLETE, said, STAMP))[0]["description"]).endswith("one\ntwo; three, four\\n")


def test_a_week_stopped_altogether_cancels_all_its_sessions():
    found = events(ics(sample.ATHLETE, PLANNED.clear(), STAMP, history=PLANNED))
    assert {str(e["status"]) for e in found} == {"CANCELLED"}
    assert len(found) == 5


def test_the_calendar_of_a_homes_only_person_is_called_training():
    planned = pl.DataFrame()
    assert b"X-WR-CALNAME:Training\r\n" in ics(Athlete("me"), planned, STAMP)
    assert b"X-WR-CALNAME:Training: Anna\r\n" in ics(Athlete("me", "Anna"), planned, STAMP)


TARGETS = sample.tables()["targets"].filter(pl.col("week") == "2026-W48")
LATER = STAMP + timedelta(days=1)


def one(data: bytes, part: str):
    return next(e for e in events(data) if part in e["uid"])


def test_what_did_not_change_is_published_again_byte_for_byte():
    before = ics(sample.ATHLETE, PLANNED, STAMP, targets=TARGETS)
    assert ics(sample.ATHLETE, PLANNED, LATER, targets=TARGETS, before=before) == before


def test_a_change_within_one_revision_raises_the_sequence_and_takes_the_moment():
    before = ics(sample.ATHLETE, PLANNED, STAMP)
    longer = PLANNED.with_columns(title=pl.when(pl.col("slot") == 1).then(pl.lit("Other")).otherwise(pl.col("title")))
    after = ics(sample.ATHLETE, longer, LATER, before=before)
    changed, same = one(after, "run-1"), one(after, "run-2")
    assert (int(changed["sequence"]), changed.decoded("dtstamp")) == (1, LATER)
    assert (int(same["sequence"]), same.decoded("dtstamp")) == (0, STAMP)


def test_a_provisional_week_is_tentative_and_confirmed_once_decided():
    provisional = ics(sample.ATHLETE, PLANNED, STAMP, targets=TARGETS.with_columns(status=pl.lit("provisional")))
    assert {str(e["status"]) for e in events(provisional)} == {"TENTATIVE"}
    decided = ics(sample.ATHLETE, PLANNED, LATER, targets=TARGETS, before=provisional)
    assert {(str(e["status"]), int(e["sequence"])) for e in events(decided)} == {("CONFIRMED", 1)}


def test_a_provisional_week_that_disappears_is_cancelled():
    before = ics(sample.ATHLETE, PLANNED, STAMP)
    after = events(ics(sample.ATHLETE, PLANNED.clear(), LATER, before=before))
    assert len(after) == 5
    assert {(str(e["status"]), int(e["sequence"])) for e in after} == {("CANCELLED", 1)}


def test_a_cancelled_session_that_comes_back_rises_above_its_cancellation():
    before = ics(sample.ATHLETE, PLANNED, STAMP)
    gone = ics(sample.ATHLETE, PLANNED.clear(), LATER, before=before)
    back = ics(sample.ATHLETE, PLANNED, LATER + timedelta(hours=1), before=gone)
    assert {(str(e["status"]), int(e["sequence"])) for e in events(back)} == {("CONFIRMED", 2)}


def test_a_stop_cancels_the_runs_of_a_provisional_week_and_leaves_its_walks():
    coming = TARGETS.with_columns(status=pl.lit("provisional"), as_of=pl.lit(STAMP.date() - timedelta(days=7)))
    before = ics(sample.ATHLETE, PLANNED, STAMP, targets=coming)
    stop = coming.with_columns(
        week=pl.lit("2026-W47"), action=pl.lit("stop"), status=pl.lit("frozen"), as_of=pl.lit(STAMP.date())
    )
    after = events(ics(sample.ATHLETE, PLANNED, LATER, targets=pl.concat([coming, stop]), before=before))
    assert {str(e["status"]) for e in after if "-run-" in e["uid"]} == {"CANCELLED"}
    assert {str(e["status"]) for e in after if "-walk-" in e["uid"]} == {"TENTATIVE"}


def test_days_that_are_over_stay_as_they_were():
    before = ics(sample.ATHLETE, PLANNED, STAMP)
    after = ics(sample.ATHLETE, PLANNED.clear(), STAMP + timedelta(days=14), before=before)
    assert after == before


def test_two_homes_publish_under_different_identities():
    mine, theirs = (ics(Athlete("me"), PLANNED, STAMP, home_id=name) for name in ("0a", "0b"))
    assert {e["uid"] for e in events(mine)}.isdisjoint({e["uid"] for e in events(theirs)})


def test_events_of_an_older_home_without_its_identity_are_cancelled_not_doubled():
    before = ics(sample.ATHLETE, PLANNED, STAMP)
    after = events(ics(sample.ATHLETE, PLANNED, LATER, before=before, home_id="0a"))
    assert {str(e["status"]) for e in after if e["uid"].endswith("@steadymile")} == {"CANCELLED"}
    assert sum(e["status"] == "CONFIRMED" for e in after) == 5


def test_a_calendar_that_was_damaged_is_written_afresh():
    assert len(events(ics(sample.ATHLETE, PLANNED, STAMP, before=b"BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\n\xff"))) == 5


def test_the_description_says_why_the_week_is_as_it_is():
    assert (
        "Why: You finished all three sessions"
        in one(ics(sample.ATHLETE, PLANNED, STAMP, targets=TARGETS), "run-1")["description"]
    )


def test_without_a_sensor_no_heart_rate_is_named():
    found = events(ics(sample.ATHLETE, PLANNED, STAMP, sensor=False))
    assert not any("158" in e["description"] for e in found)
    assert any("158" in e["description"] for e in events(ics(sample.ATHLETE, PLANNED, STAMP)))


def test_sessions_of_one_day_follow_each_other_and_the_first_one_reminds():
    together = PLANNED.with_columns(day=pl.col("day").filter(pl.col("kind") != "rest").last())
    found = events(
        ics(sample.ATHLETE, pl.concat([PLANNED[:2], together[2:]]), STAMP, start=time(18, 30), remind_min=45)
    )
    days: dict = {}
    for event in sorted(found, key=lambda e: e["dtstart"].dt):
        days.setdefault(event["dtstart"].dt.date(), []).append(event)
    assert max(len(day) for day in days.values()) > 1
    for first, *later in days.values():
        (alarm,) = first.walk("VALARM")
        assert (alarm["trigger"].dt, alarm["action"], str(alarm["description"])) == (
            timedelta(minutes=-45), "DISPLAY", str(first["summary"])
        )  # fmt: skip
        assert first["dtstart"].dt.time() == time(18, 30)
        for before, after in zip([first, *later], later):
            assert after["dtstart"].dt == before["dtend"].dt
            assert not after.walk("VALARM")


def test_whole_days_have_no_reminder():
    assert b"VALARM" not in ics(sample.ATHLETE, PLANNED, STAMP, remind_min=45)


def test_a_calendar_with_reminders_that_did_not_change_is_published_again_byte_for_byte():
    first = ics(sample.ATHLETE, PLANNED, STAMP, start=time(18, 30), remind_min=45)
    later = STAMP + timedelta(hours=3)
    assert ics(sample.ATHLETE, PLANNED, later, start=time(18, 30), remind_min=45, before=first) == first


def test_what_no_calendar_may_hold_is_left_out_and_joined_letters_stay_joined():
    odd = PLANNED.with_columns(instruction=pl.lit("slow\x7f\x85ly \N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"))
    athlete = Athlete("me", name="half \udc80")
    data = ics(athlete, odd, STAMP)
    assert "slowly \N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}" in data.replace(b"\r\n ", b"").decode()
    assert b"X-WR-CALNAME:Training: half \r\n" in data


def test_times_without_a_zone_of_their_own_name_the_runners_zone_once():
    stamp = STAMP.astimezone(ZoneInfo("Europe/Berlin"))
    lines = ics(sample.ATHLETE, PLANNED, stamp, start=time(7, 30)).split(b"\r\n")
    assert lines.count(b"X-WR-TIMEZONE:Europe/Berlin") == 1
    assert lines.index(b"X-WR-TIMEZONE:Europe/Berlin") < lines.index(b"BEGIN:VEVENT")
    assert b"X-WR-TIMEZONE" not in ics(sample.ATHLETE, PLANNED, stamp)  # whole days are the same everywhere


TIMED = {"start": time(18, 30), "remind_min": 45}


def test_a_cancelled_session_says_so_reminds_nobody_and_asks_for_nothing():
    before = ics(sample.ATHLETE, PLANNED, STAMP, targets=TARGETS, **TIMED)
    stop = TARGETS.with_columns(action=pl.lit("stop"), headline=pl.lit("No running for now."))
    for history in (PLANNED, None):
        gone = ics(sample.ATHLETE, PLANNED.clear(), LATER, targets=stop, history=history, before=before, **TIMED)
        assert b"VALARM" not in gone
        run = one(gone, "run-1")
        assert str(run["summary"]).startswith("Cancelled: ")
        assert str(run["transp"]) == "TRANSPARENT"
        why = " Why: No running for now." if history is not None else ""
        assert str(run["description"]) == f"This session is planned no longer.{why}"
        assert run["dtstart"].dt == one(before, "run-1")["dtstart"].dt


def test_a_cancellation_is_said_once_whatever_the_week_says_later():
    before = ics(sample.ATHLETE, PLANNED, STAMP, targets=TARGETS, **TIMED)
    gone = ics(sample.ATHLETE, PLANNED.clear(), LATER, targets=TARGETS, history=PLANNED, before=before, **TIMED)
    lifted = TARGETS.with_columns(headline=pl.lit("The stop is lifted."))
    later = LATER + timedelta(hours=5)
    assert ics(sample.ATHLETE, PLANNED.clear(), later, targets=lifted, history=PLANNED, before=gone, **TIMED) == gone


def test_a_session_that_comes_back_has_its_title_its_steps_and_its_reminder_again():
    before = ics(sample.ATHLETE, PLANNED, STAMP, targets=TARGETS, **TIMED)
    gone = ics(sample.ATHLETE, PLANNED.clear(), LATER, targets=TARGETS, history=PLANNED, before=before, **TIMED)
    back = ics(sample.ATHLETE, PLANNED, LATER + timedelta(hours=1), targets=TARGETS, before=gone, **TIMED)
    for name in ("summary", "description", "dtstart"):
        assert one(back, "run-1")[name] == one(before, "run-1")[name]
    assert len(one(back, "run-1").walk("VALARM")) == 1
