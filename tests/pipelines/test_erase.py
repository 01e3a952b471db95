"""Erasing a person: what is kept about them is gone to the last byte, and the others notice nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from steadymile.models.recording import CheckIn
from steadymile.pipelines.commands.erase import erase_athlete
from steadymile.pipelines.commands.log import log_checkin
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home, set_facts
from steadymile.pipelines.nightly import run
from steadymile.warehouse import store
from steadymile.warehouse.compact import compact
from steadymile.warehouse.database import open_work, rows

from tests.pipelines.conftest import AS_OF, NIGHT, fill, settings_of
from tests.pipelines.test_nightly import ask, hashes

SECRET = "zebrafinch"


@pytest.fixture
def club(tmp_path: Path) -> Path:
    """Anna and Bo, each with a week of files; Bo has also said something. Two files of Bo's came before Bo was here."""
    home = tmp_path / "club"
    Home(home).make()
    set_facts(Home(home), "anna", {}, None, create=True)
    set_facts(Home(home), "anna-2", {}, None, create=True)
    for who, seed in (("anna", 1), ("bo", 2)):
        fill(home / "inbox" / who, weeks=1, seed=seed)
    run(settings_of(home), NIGHT, as_of=AS_OF)
    set_facts(Home(home), "bo", {}, None, create=True)
    log_checkin(settings_of(home), "bo", [f"note={SECRET}", "rpe=3"], AS_OF, None, NIGHT)
    run(settings_of(home), NIGHT, as_of=AS_OF)
    return home


def holding(home: Path, word: str) -> set[str]:
    """The files of a home, but for the inbox, that hold a word."""
    found = (p for p in home.rglob("*") if p.is_file() and "inbox" not in p.relative_to(home).parts)
    return {p.name for p in found if word.encode() in p.read_bytes()}


def test_no_byte_of_what_an_erased_person_said_is_left(club):
    assert {"journal.jsonl", "work.duckdb", "warehouse.duckdb"} <= holding(club, SECRET)
    erase_athlete(settings_of(club), "bo", NIGHT)
    assert holding(club, SECRET) == set()


def test_neither_journal_nor_page_names_an_erased_person_or_their_files(club):
    erase_athlete(settings_of(club), "bo", NIGHT)
    journal = (club / "archive" / "journal.jsonl").read_text()
    assert ('"bo"' in journal, '"bo/' in journal) == (False, False)
    assert "bo.html" not in (club / "reports" / "index.html").read_text()


def test_erasing_one_leaves_the_others_their_rows_and_pages(club):
    theirs = "SELECT * FROM activities WHERE athlete_id = 'anna' ORDER BY ALL"
    before = ask(club, theirs)
    erase_athlete(settings_of(club), "anna-2", NIGHT)
    erase_athlete(settings_of(club), "bo", NIGHT)
    assert ask(club, theirs) == before
    assert (club / "reports" / "index.html").exists()


def test_erasing_keeps_the_page_of_one_whose_id_begins_alike(club):
    erase_athlete(settings_of(club), "anna", NIGHT)
    assert (club / "reports" / "anna-2.html").exists()


def test_files_that_an_erased_person_left_in_the_inbox_are_met_again(club):
    before = {path for (path,) in ask(club, "SELECT path FROM files WHERE athlete_id = 'bo'")}
    erase_athlete(settings_of(club), "bo", NIGHT)
    run(settings_of(club), NIGHT, as_of=AS_OF)
    again = ask(club, "SELECT path FROM files WHERE reason LIKE 'Nobody here is called bo%'")
    assert {path for (path,) in again} == before


def test_one_who_was_taken_out_of_athletes_toml_can_still_be_erased(club):
    Home(club).athletes_file.write_text("[anna]\n")
    erase_athlete(settings_of(club), "bo", NIGHT)
    assert ask(club, "SELECT count(*) FROM activities WHERE athlete_id = 'bo'") == [(0,)]


def test_one_who_never_was_here_cannot_be_erased(club):
    with pytest.raises(Trouble, match="Nobody here is called carl"):
        erase_athlete(settings_of(club), "carl", NIGHT)


def test_compacting_changes_no_row(club):
    before = hashes(club)
    compact(club / ".steadymile" / "work.duckdb")
    (club / "warehouse.duckdb").unlink()
    run(settings_of(club), NIGHT, as_of=AS_OF)
    assert hashes(club) == before


def test_compacting_keeps_every_comment(tmp_path):
    def comments() -> list[tuple]:
        con = open_work(tmp_path / "work.duckdb")
        try:
            store.save_checkins(con, "me", "journal:1", 1, [CheckIn(AS_OF, {"pain": 1.0}, "log")])
            return rows(
                con, "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
            )
        finally:
            con.close()

    before = comments()
    compact(tmp_path / "work.duckdb")
    assert comments() == before
