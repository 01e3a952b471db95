"""Erasing a person: what is kept about them is gone to the last byte, and the others notice nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from steadymile.models.recording import CheckIn
from steadymile.pipelines.commands.erase import erase_athlete
from steadymile.pipelines.commands.log import log_checkin
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home, set_facts
from steadymile.pipelines.nightly import run
from steadymile.pipelines.outputs import CHARTS, write_reports
from steadymile.warehouse import store
from steadymile.warehouse.archive import Archive
from steadymile.warehouse.compact import compact
from steadymile.warehouse.database import open_work, rows

from tests.pipelines.conftest import AS_OF, NIGHT, fill, settings_of
from tests.pipelines.test_nightly import ask, hashes

SECRET = "zebrafinch"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of `club`, lived in once."""
    home = tmp_path_factory.mktemp("lived") / "club"
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


@pytest.fixture
def club(tmp_path: Path, lived: Path) -> Path:
    """Anna and Bo, each with a week of files; Bo has also said something. Two files of Bo's came before Bo was here."""
    return Path(shutil.copytree(lived, tmp_path / "club", symlinks=True))


def holding(home: Path, word: str) -> set[str]:
    """The files of a home, but for the inbox, that hold a word."""
    found = (p for p in home.rglob("*") if p.is_file() and "inbox" not in p.relative_to(home).parts)
    return {p.name for p in found if word.encode() in p.read_bytes()}


def test_no_byte_of_what_an_erased_person_said_is_left(club):
    assert {"journal.jsonl", "work.duckdb", "warehouse.duckdb"} <= holding(club, SECRET)
    killed_reader = club / ".read-abc"
    killed_reader.mkdir()
    os.link(club / "warehouse.duckdb", killed_reader / "warehouse.duckdb")
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


def test_erasing_takes_the_charts_of_one_and_not_of_one_whose_id_begins_alike(club):
    for who in ("anna", "anna-2"):
        for chart in CHARTS:
            (club / "reports" / f"{who}-{chart}.png").write_bytes(b"a chart")
    erase_athlete(settings_of(club), "anna", NIGHT)
    assert {path.name for path in (club / "reports").glob("*.png")} == {f"anna-2-{chart}.png" for chart in CHARTS}


def test_every_chart_that_is_written_has_a_name_that_erasing_knows(home):
    pytest.importorskip("resvg_py")
    write_reports(settings_of(home), None, AS_OF, png=True, units=None, now=NIGHT)
    written = {path.name for path in (home / "reports").glob("*.png")}
    assert set() < written <= {f"me-{chart}.png" for chart in CHARTS}


def test_files_of_your_own_among_the_products_survive_even_when_nobody_is_left(home):
    own = [home / folder / "mine.txt" for folder in ("reports", "calendar", "workouts")]
    for path in own:
        path.write_text("mine")
    assert list((home / "workouts").glob("*.fit"))
    erase_athlete(settings_of(home), "me", NIGHT)
    assert [path.exists() for path in own] == [True] * 3
    products = [path for folder in ("reports", "calendar", "workouts") for path in (home / folder).rglob("*")]
    assert sorted(products) == sorted(own)


def test_a_second_erase_changes_nothing(home):
    erase_athlete(settings_of(home), "me", NIGHT)
    erase_athlete(settings_of(home), "me", NIGHT)
    assert ask(home, "SELECT count(*) FROM activities") == [(0,)]


def test_an_erase_that_was_cut_short_is_finished_by_the_next(club):
    erase_athlete(settings_of(club), "bo", NIGHT)
    (club / "reports" / "bo.html").write_text("left by a kill")
    erase_athlete(settings_of(club), "bo", NIGHT)
    assert not (club / "reports" / "bo.html").exists()


def test_erasing_removes_what_killed_runs_left_half_written(club):
    folder = club / "archive" / "objects" / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    left = [
        folder / ".abcdef-x.part",
        club / "archive" / "journal.jsonl.part",
        club / ".warehouse.duckdb.12.part",
        club / "reports" / "bo.html.1234abcd.new",
    ]
    for path in left:
        path.write_text(SECRET)
    erase_athlete(settings_of(club), "bo", NIGHT)
    assert holding(club, SECRET) == set()


def test_erasing_reaches_the_journals_that_restore_kept(club):
    journal = club / "archive" / "journal.jsonl"
    (club / "archive" / "journal-20260601T000000.jsonl").write_bytes(journal.read_bytes())
    erase_athlete(settings_of(club), "bo", NIGHT)
    assert holding(club, SECRET) == set()


def test_erasing_takes_refused_originals_along(club):
    (club / "inbox" / "bo" / "broken.fit").write_bytes(b"nothing that a watch would write")
    run(settings_of(club), NIGHT, as_of=AS_OF)
    assert len(Archive(Home(club).refused)) == 1
    erase_athlete(settings_of(club), "bo", NIGHT)
    assert len(Archive(Home(club).refused)) == 0


def test_originals_are_erased_although_the_work_database_is_gone(club):
    shutil.rmtree(club / ".steadymile")
    before = len(Archive(Home(club).originals))
    erase_athlete(settings_of(club), "bo", NIGHT)
    assert len(Archive(Home(club).originals)) < before
    assert holding(club, SECRET) == set()


def test_nothing_that_a_run_remembers_names_an_erased_person(club):
    erase_athlete(settings_of(club), "bo", NIGHT)
    assert [p.name for p in (club / ".steadymile").glob("*.json") if '"bo"' in p.read_text()] == []


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
