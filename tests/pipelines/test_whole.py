"""A night begins with all that is known and publishes it undisturbed, whatever became of the work database."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from steadymile.pipelines import restore
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.home import Home, set_facts
from steadymile.pipelines.nightly import run
from steadymile.warehouse import publish
from steadymile.warehouse.errors import Busy
from steadymile.warehouse.lock import HomeLock

from tests.pipelines.conftest import AS_OF, NIGHT, fill, settings_of
from tests.pipelines.test_nightly import ask, hashes


def empty_inbox(home):
    shutil.rmtree(home / "inbox")
    (home / "inbox").mkdir()


def test_a_night_without_its_work_database_takes_everything_from_archive_and_journal(home):
    before, journal = hashes(home), (home / "archive" / "journal.jsonl").read_bytes()
    empty_inbox(home)
    shutil.rmtree(home / ".steadymile")
    run(settings_of(home), NIGHT, as_of=AS_OF)
    assert (hashes(home), (home / "archive" / "journal.jsonl").read_bytes()) == (before, journal)


def test_a_home_from_nothing_but_its_archive_knows_the_same(home, tmp_path):
    set_facts(Home(home), "me", {"name": "Jürgen", "units": "miles", "days_free": "mon,wed"}, None)
    set_facts(Home(home), "me", {"weight_kg": 75}, date(2026, 6, 1))
    run(settings_of(home), NIGHT, as_of=AS_OF)
    copy = tmp_path / "copy"
    shutil.copytree(home / "archive", copy / "archive")
    run(settings_of(copy), NIGHT, as_of=AS_OF)
    assert Home(copy).athletes() == Home(home).athletes()
    assert hashes(copy) == hashes(home)


def test_a_folder_whose_name_a_disk_took_apart_is_still_its_owner_s(tmp_path):
    place = Home(tmp_path)
    place.make()
    for who in ("jürgen", "anna"):
        set_facts(place, who, {}, None, create=True)
    fill(place.inbox / "ju\u0308rgen", weeks=1)
    run(settings_of(tmp_path), NIGHT, as_of=AS_OF)
    assert ask(tmp_path, "SELECT DISTINCT athlete_id FROM activities") == [("jürgen",)]


def test_a_rebuild_that_is_cut_short_leaves_the_work_database_as_it_was(home, monkeypatch):
    before, work = hashes(home), (home / ".steadymile" / "work.duckdb").read_bytes()
    empty_inbox(home)

    def cut_short(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(restore, "replay_rest", cut_short)
        with pytest.raises(KeyboardInterrupt):
            rebuild_home(settings_of(home), NIGHT, silent)
    assert (home / ".steadymile" / "work.duckdb").read_bytes() == work
    run(settings_of(home), NIGHT, as_of=AS_OF)
    assert hashes(home) == before
    assert not list((home / ".steadymile").glob("*rebuilt*"))


def test_nobody_else_may_write_the_work_database_while_it_is_published(home, monkeypatch):
    copy, met = shutil.copyfile, []

    def copied(source, target):
        try:
            with HomeLock(home / ".steadymile" / "lock"):
                met.append("free")
        except Busy:
            met.append("busy")
        return copy(source, target)

    monkeypatch.setattr(publish.shutil, "copyfile", copied)
    (home / "warehouse.duckdb").unlink()
    run(settings_of(home), NIGHT, as_of=AS_OF)
    assert met == ["busy"]
