"""An override counts from when it was recorded, whatever became of the command that recorded it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.override import override_week
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import run
from steadymile.warehouse.journal import Entry, Journal

from tests.pipelines.conftest import AS_OF, NIGHT, settings_of
from tests.pipelines.test_nightly import ask, hashes, nightly

WEEK = "2026-W27"
LATEST = f"SELECT sessions, revision, headline FROM targets WHERE week = '{WEEK}'"


def recorded(home: Path, sessions: int = 1, minutes: int = 1) -> None:
    """What `override` records before it changes the week, and nothing after that."""
    payload = {"week": WEEK, "targets": {"sessions": sessions}, "who": "a coach", "why": "a trip"}
    Journal(Home(home).journal).append([Entry("override", NIGHT + timedelta(minutes=minutes), payload, "me")])


def test_an_override_that_was_recorded_and_not_published_is_published_by_the_next_night(home):
    recorded(home)
    nightly(home)
    sessions, revision, headline = ask(home, LATEST)[0]
    assert (sessions, revision) == (1, 2)
    assert headline.startswith("Changed by a coach: a trip")


def test_the_night_that_publishes_it_gives_what_the_command_would_have_given(home, tmp_path):
    override_week(settings_of(home), "me", WEEK, ["sessions=1"], "a coach", "a trip", NIGHT + timedelta(minutes=1))
    wanted = ask(home, LATEST)
    other = tmp_path / "other"
    Home(other).make()
    (other / "inbox").rmdir()
    (home / "inbox").rename(other / "inbox")
    run(settings_of(other), NIGHT, as_of=AS_OF)
    recorded(other)
    nightly(other)
    assert ask(other, LATEST) == wanted


def test_of_two_that_were_recorded_the_newer_counts_also_after_one_that_was_published(home):
    override_week(settings_of(home), "me", WEEK, ["sessions=2"], "a coach", "a trip", NIGHT)
    recorded(home)
    nightly(home)
    assert ask(home, LATEST)[0][:2] == (1, 3)


def test_an_override_that_is_in_the_week_is_not_applied_again(home):
    override_week(settings_of(home), "me", WEEK, ["sessions=1"], "a coach", "a trip", NIGHT)
    before = hashes(home)
    nightly(home)
    assert hashes(home) == before


def test_of_a_week_that_is_over_nothing_is_changed_any_more(home):
    before = ask(home, LATEST)
    recorded(home)
    run(settings_of(home), NIGHT + timedelta(days=14), as_of=AS_OF + timedelta(days=14))
    assert ask(home, LATEST) == before


def test_a_rebuild_before_that_night_leaves_it_to_the_night_which_journals_it(home):
    recorded(home)
    rebuild_home(settings_of(home), NIGHT, silent)
    assert ask(home, LATEST)[0][1] == 1
    nightly(home)
    before = hashes(home)
    assert ask(home, LATEST)[0][1] == 2
    rebuild_home(settings_of(home), NIGHT, silent)
    assert hashes(home) == before
