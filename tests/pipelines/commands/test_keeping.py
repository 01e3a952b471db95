"""Damage is found and mended, and a backup brings everything back."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.backup import backup_home, restore_home
from steadymile.pipelines.commands.log import log_checkin
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.commands.verify import verify_home
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import run
from steadymile.warehouse.archive import Archive

from tests.pipelines.conftest import AS_OF, NIGHT, settings_of
from tests.pipelines.test_nightly import ask, hashes


def verify(home: Path, **more):
    return verify_home(settings_of(home), NIGHT, silent, **more)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))


def an_original(home: Path) -> tuple[str, Path]:
    path, sha = ask(home, "SELECT path, sha256 FROM files WHERE status = 'ingested' ORDER BY path LIMIT 1")[0]
    return path, Archive(home / "archive" / "objects").path(sha)


def test_a_sound_home_has_no_damage(home):
    assert verify(home).damaged == []


def test_a_changed_original_is_named_and_mended_from_the_inbox(home):
    path, original = an_original(home)
    flip(original)
    assert [line.split(":")[0] for line in verify(home).damaged] == [path]
    mended = verify(home, repair=True)
    assert (mended.damaged, len(mended.mended)) == ([], 1)
    assert verify(home).damaged == []


def test_a_missing_original_is_mended_from_a_backup(home, tmp_path):
    backup_home(settings_of(home), tmp_path / "copy", NIGHT, silent)
    path, original = an_original(home)
    original.unlink()
    (home / "inbox" / path).unlink()
    assert verify(home, repair=True).damaged != []
    assert verify(home, repair=True, backup=tmp_path / "copy").damaged == []


def test_a_changed_line_of_the_journal_is_named(home):
    journal = Home(home).journal
    journal.write_bytes(journal.read_bytes().replace(b'"kind":"file"', b'"kind":"fine"', 1))
    assert any("does not follow line" in line for line in verify(home).damaged)


@pytest.mark.parametrize("damage", [b'"kind":"fine"', b'"kind":"fi\xffe"'], ids=["changed", "unreadable"])
def test_a_damaged_line_of_the_journal_is_taken_from_a_backup_and_what_came_later_stays(home, tmp_path, damage):
    backup_home(settings_of(home), tmp_path / "copy", NIGHT, silent)
    log_checkin(settings_of(home), None, ["pain=1"], AS_OF, None, NIGHT)
    journal = Home(home).journal
    sound = journal.read_bytes()
    journal.write_bytes(sound.replace(b'"kind":"file"', damage, 1))
    assert verify(home, repair=True).damaged != []
    before = hashes(home)
    assert verify(home, repair=True, backup=tmp_path / "copy").damaged == []
    assert journal.read_bytes()[: len(sound)] == sound
    assert hashes(home)["files"] == before["files"]


def test_a_backup_with_a_damaged_line_in_the_journal_still_copies_originals_and_keeps_its_own_journal(home, tmp_path):
    (home / "inbox").mkdir(exist_ok=True)
    backup_home(settings_of(home), tmp_path / "copy", NIGHT, silent)
    there = Home(tmp_path / "copy")
    kept = there.journal.read_bytes()
    shutil.rmtree(there.originals)
    Home(home).journal.write_bytes(Home(home).journal.read_bytes().replace(b'"kind":"file"', b'"kind":"fine"', 1))
    _, damaged = backup_home(settings_of(home), tmp_path / "copy", NIGHT, silent)
    assert damaged[0].startswith("journal: line")
    assert len(Archive(there.originals)) == len(Archive(Home(home).originals))
    assert there.journal.read_bytes() == kept


def test_a_rebuild_without_an_original_says_so_and_a_repair_brings_back_what_it_held(home):
    before = hashes(home)
    path, original = an_original(home)
    original.unlink()
    _, missing = rebuild_home(settings_of(home), NIGHT, silent)
    assert [lost.path for lost in missing] == [path]
    assert hashes(home)["activities"] != before["activities"]
    assert verify(home, repair=True).damaged == []
    assert hashes(home)["activities"] == before["activities"]


def test_a_damaged_warehouse_is_made_anew(home):
    before = hashes(home)
    data = Home(home).warehouse.read_bytes()
    Home(home).warehouse.write_bytes(data[: len(data) // 2])
    assert verify(home).damaged != []
    assert verify(home, repair=True).damaged == []
    assert hashes(home) == before


def test_dropping_a_known_file_again_mends_its_damaged_original(home):
    path, original = an_original(home)
    flip(original)
    again = home / "inbox" / f"again-{Path(path).name}"
    shutil.copyfile(home / "inbox" / path, again)
    run(settings_of(home), NIGHT, as_of=AS_OF)
    assert verify(home).damaged == []


def test_every_original_is_read_by_the_nights_in_turn(home):
    _, original = an_original(home)
    flip(original)
    said = []
    for night in range(1, 20):
        later = timedelta(days=night)
        said += run(settings_of(home), NIGHT + later, as_of=AS_OF + later).warnings
        if said:
            break
    assert original.name[:12] in said[0]


def test_a_backup_copies_only_what_is_new(home, tmp_path):
    def said() -> str:
        return backup_home(settings_of(home), tmp_path / "copy", NIGHT, silent)[0][0]

    assert not said().startswith("0 new")
    assert said().startswith("0 new originals")


def test_a_backup_of_yesterday_is_restored_elsewhere_and_runs_on(home, tmp_path):
    before = hashes(home)
    backup_home(settings_of(home), tmp_path / "copy", NIGHT, silent)
    log_checkin(settings_of(home), None, ["pain=8"], AS_OF, None, NIGHT)
    run(settings_of(home), NIGHT, as_of=AS_OF)
    other = tmp_path / "other"
    restore_home(settings_of(other), tmp_path / "copy", NIGHT + timedelta(days=1), silent)
    assert hashes(other) == before
    shutil.copytree(home / "inbox", other / "inbox", dirs_exist_ok=True)
    result = run(settings_of(other), NIGHT + timedelta(days=1), as_of=AS_OF)
    assert (result.counts, result.problems, result.failed) == ({}, [], {})
    assert hashes(other) == before


def test_restoring_an_older_backup_keeps_the_newer_journal(home, tmp_path):
    backup_home(settings_of(home), tmp_path / "copy", NIGHT, silent)
    log_checkin(settings_of(home), None, ["pain=8"], AS_OF, None, NIGHT)
    lines, _ = restore_home(settings_of(home), tmp_path / "copy", NIGHT, silent)
    assert "The journal here is newer than the backup's and stays." in lines
    run(settings_of(home), NIGHT, as_of=AS_OF)
    assert ask(home, "SELECT action FROM targets ORDER BY week DESC LIMIT 1") == [("stop",)]


def test_a_damaged_backup_is_refused(home, tmp_path):
    backup_home(settings_of(home), tmp_path / "copy", NIGHT, silent)
    flip(tmp_path / "copy" / "archive" / "journal.jsonl")
    with pytest.raises(Trouble, match="journal is damaged"):
        restore_home(settings_of(tmp_path / "other"), tmp_path / "copy", NIGHT, silent)


@pytest.fixture
def refusing(home):
    (home / "inbox" / "broken.fit").write_bytes(b"nothing that a watch would write")
    run(settings_of(home), NIGHT, as_of=AS_OF)
    return home


def refused(home: Path) -> Path:
    archive = Archive(Home(home).refused)
    return archive.path(next(iter(archive)))


def test_a_changed_refused_original_is_named_and_mended_from_the_inbox(refusing):
    flip(refused(refusing))
    assert [line.split(":")[0] for line in verify(refusing).damaged] == ["broken.fit"]
    assert verify(refusing, repair=True).damaged == []
    assert verify(refusing).damaged == []


def test_a_backup_brings_refused_originals_back(refusing, tmp_path):
    backup_home(settings_of(refusing), tmp_path / "copy", NIGHT, silent)
    restore_home(settings_of(tmp_path / "new"), tmp_path / "copy", NIGHT, silent)
    assert refused(tmp_path / "new").read_bytes() == refused(refusing).read_bytes()


def test_a_changed_refused_original_is_named_by_a_backup(refusing, tmp_path):
    flip(refused(refusing))
    _, damaged = backup_home(settings_of(refusing), tmp_path / "copy", NIGHT, silent)
    assert len(damaged) == 1
