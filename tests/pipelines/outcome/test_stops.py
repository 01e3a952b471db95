"""A stop that could not be published is said all the same, and the runs that it forbids are taken back."""

from __future__ import annotations

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from steadymile.pipelines import nightly as nights
from steadymile.pipelines.commands.log import log_checkin
from steadymile.pipelines.commands.status import status_of
from steadymile.pipelines.home import set_facts
from steadymile.pipelines.nightly import run
from steadymile.pipelines.outcome import stops
from steadymile.pipelines.outputs import sheet_of

from tests.pipelines.conftest import AS_OF, NIGHT, settings_of
from tests.pipelines.test_nightly import nightly

CHEST = "call for help at once"


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def say(home: Path, *words: str, at=NIGHT) -> None:
    log_checkin(settings_of(home), None, words, AS_OF, None, at)


def failing_night(home: Path, monkeypatch) -> None:
    """A night that cannot publish."""
    with monkeypatch.context() as patched:
        patched.setattr(nights, "DIRECT", {**nights.DIRECT, "publish": full})
        with pytest.raises(OSError, match="No space"):
            nightly(home)


def page(home: Path) -> str:
    return (home / "reports" / "index.html").read_text()


def runs_in(home: Path) -> int:
    """How many runs the calendar offers."""
    text = (home / "calendar" / "me.ics").read_text()
    return sum("run" in event.lower() and "run-failed" not in event for event in text.split("BEGIN:VEVENT")[1:])


def test_a_stop_that_cannot_be_published_takes_the_runs_off_every_face(home, monkeypatch):
    assert runs_in(home) > 0
    say(home, "red_flag=chest_pain")
    failing_night(home, monkeypatch)
    assert CHEST in page(home)
    assert "The last run failed" in page(home)
    assert CHEST in (home / "calendar" / "me.ics").read_text().replace("\r\n ", "")
    assert runs_in(home) == 0
    assert CHEST in sheet_of(stops.Home(home), "me").read_text()
    assert list((home / "workouts").rglob("*.fit")) == []


def test_the_next_good_night_writes_all_of_it_anew(home, monkeypatch):
    before = page(home)
    say(home, "pain=8")
    failing_night(home, monkeypatch)
    nightly(home)
    assert "The last run failed" not in page(home)
    assert len(page(home)) > len(before) / 2
    assert "No running: see what you reported" not in (home / "calendar" / "me.ics").read_text()


@pytest.mark.parametrize("words", [["rpe=4"], ["pain=3"], ["red_flag=chest_pain", "cleared=true"]])
def test_without_a_standing_stop_a_failed_night_leaves_the_week_as_it_was(home, monkeypatch, words):
    before, runs = page(home), runs_in(home)
    for word in words:
        say(home, word)
    failing_night(home, monkeypatch)
    assert len(page(home)) > len(before)
    assert runs_in(home) == runs


def test_a_stop_that_is_published_stays_as_its_week_says_it(home, monkeypatch):
    say(home, "red_flag=chest_pain")
    nightly(home)
    before = page(home)
    failing_night(home, monkeypatch)
    assert len(page(home)) >= len(before)


def test_a_published_stop_whose_page_cannot_be_written_takes_the_runs_off_it(home, monkeypatch):
    say(home, "red_flag=chest_pain")
    with monkeypatch.context() as patched:
        patched.setattr("steadymile.pipelines.outputs.athlete_page.render", full)
        patched.setattr("steadymile.pipelines.outputs.write_calendar", full)
        assert nightly(home).failed.keys() == {"me"}
    assert "Your plan stops running" in page(home)
    assert runs_in(home) == 0
    nightly(home)
    assert "Your plan stops running" not in page(home)


def test_an_illness_that_cannot_be_published_is_said_too(home, monkeypatch):
    say(home, "ill=yes")
    failing_night(home, monkeypatch)
    assert "Please do not run while you are ill." in page(home)
    assert runs_in(home) == 0


def test_on_a_disk_without_any_room_the_page_says_it_in_its_old_place(home, monkeypatch):
    say(home, "red_flag=chest_pain")
    monkeypatch.setattr(stops, "write_whole", full)
    stops.withhold(settings_of(home), NIGHT)
    assert CHEST in page(home)
    assert page(home).rstrip().endswith("</body></html>")
    assert runs_in(home) == 0


def test_where_nothing_can_be_written_at_all_what_offers_runs_is_removed(home, monkeypatch):
    say(home, "red_flag=chest_pain")
    monkeypatch.setattr(stops, "write_whole", full)
    monkeypatch.setattr(stops, "_event", lambda *_: b"x" * 10_000_000)
    stops.withhold(settings_of(home), NIGHT)
    assert not (home / "calendar" / "me.ics").exists()


def test_of_two_people_only_the_one_who_reported_loses_the_week(home, monkeypatch):
    set_facts(stops.Home(home), "ben", {"birth_year": 1980}, None, create=True)
    run(settings_of(home), NIGHT, as_of=AS_OF)
    bens = (home / "reports" / "ben.html").read_text()
    log_checkin(settings_of(home), "me", ["red_flag=chest_pain"], AS_OF, None, NIGHT)
    assert stops.withhold(settings_of(home), NIGHT).keys() == {"me"}
    assert (home / "reports" / "ben.html").read_text() == bens
    assert f"me: {stops.caution({'red_flag': 'chest_pain'})}" in (home / "reports" / "coach.html").read_text()


def test_status_says_a_stop_before_any_night_has_planned_it(home):
    assert status_of(settings_of(home), None).as_json()["unpublished_stops"] == {}
    say(home, "red_flag=chest_pain", at=NIGHT + timedelta(hours=1))
    assert CHEST in status_of(settings_of(home), None).as_json()["unpublished_stops"]["me"]
    nightly(home)
    assert status_of(settings_of(home), None).as_json()["unpublished_stops"] == {}
