"""What brings about a rebuild of the work database, and what never does."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from steadymile.pipelines import restore
from steadymile.pipelines.cli.mending import ended
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.verify import mend_journal
from steadymile.pipelines.home import Home
from steadymile.pipelines.reading.worker import Original, Outcome
from steadymile.pipelines.run import Lost
from steadymile.warehouse.archive import ORIGINAL_DAMAGED, Archive
from steadymile.warehouse.journal import Entry, Journal

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
ABSENT = "ab" * 32
READERS = "these readers and limits"


def home_with(folder, *entries: Entry) -> Home:
    home = Home(folder)
    home.private.mkdir(parents=True)
    Journal(home.journal).append(entries)
    return home


def sighting(sha256: str) -> Entry:
    return Entry("file", NOW, {"path": f"{sha256[:4]}.fit", "sha256": sha256, "status": "ingested"}, "ann")


def test_lines_that_a_backup_gave_back_are_applied_while_an_original_stays_missing(tmp_path):
    said = Entry("checkin", NOW, {"day": "2026-03-02", "values": {"red_flag": "chest_pain"}}, "ann")
    home = home_with(tmp_path / "home", said, sighting(ABSENT))
    there = Home(tmp_path / "copy").journal
    there.parent.mkdir(parents=True)
    there.write_bytes(home.journal.read_bytes())
    (home.private / restore.MISSING).write_text(json.dumps({"sha256": [ABSENT]}))
    assert not restore.back_again(home, READERS)
    home.journal.write_bytes(home.journal.read_bytes().replace(b"chest_pain", b"chest_p\xffin"))
    assert mend_journal(home, tmp_path / "copy", NOW)
    assert restore.back_again(home, READERS)


def replayed(tmp_path, monkeypatch, *codes):
    """What a rebuild of one original comes to, of which the readers say this, one after the other; and the calls."""
    home = home_with(tmp_path / "home")
    sha256 = Archive(home.originals).put(b"no reader knows this any more")
    journal = Journal(home.journal)
    journal.append([sighting(sha256)])
    said = list(codes)

    def outcomes(run, originals):
        for o in originals:
            code = said.pop(0)
            status = "quarantined" if code else "ingested"
            yield [Outcome(o.path, o.path, o.athlete_id, status, "why", code=code)]

    for name in ("journal_facts", "keep_sightings"):
        monkeypatch.setattr(restore, name, lambda *of: None)
    monkeypatch.setattr(restore, "dates", lambda run: {})
    monkeypatch.setattr(restore, "read_again", outcomes)
    monkeypatch.setattr(
        restore, "original_of", lambda run, e, stated: Original(e.payload["path"], "ann", e.payload["sha256"], "UTC")
    )
    run = SimpleNamespace(
        journal=journal, settings=SimpleNamespace(batch_files=8), athletes={"ann": None}, progress=silent
    )
    unread: dict[str, Lost] = {}
    lost = restore.replay_files(run, unread)
    assert list(unread) == [sha256] * len(lost)
    assert said == []
    restore.note_unread(home, unread, READERS)
    return home


@pytest.mark.parametrize(
    ("codes", "again", "with_others"),
    [
        (["no_activity"], False, True),
        (["too_much_memory", "too_much_memory"], False, True),
        (["reader_starved", "reader_starved"], True, True),
        ([ORIGINAL_DAMAGED], True, True),
        (["reader_killed", None], False, False),
    ],
    ids=["unread", "memory", "machine", "whole again", "read"],
)
def test_a_verdict_stands_while_what_it_depended_on_does(tmp_path, monkeypatch, codes, again, with_others):
    home = replayed(tmp_path, monkeypatch, *codes)
    assert restore.back_again(home, READERS) is again
    assert restore.back_again(home, "others") is with_others


def test_a_machine_that_starves_its_readers_brings_one_more_rebuild_and_no_third(tmp_path):
    home = home_with(tmp_path / "home")
    starved = {ABSENT: Lost("a.fit", "why", "reader_starved")}
    restore.note_unread(home, starved, READERS)
    assert restore.back_again(home, READERS)
    restore.note_unread(home, starved, READERS)
    assert not restore.back_again(home, READERS)


def test_what_was_read_after_all_is_no_longer_noted(tmp_path):
    home = home_with(tmp_path / "home")
    restore.note_unread(home, {ABSENT: Lost("a.fit", "why", "reader_crashed")}, READERS)
    restore.note_unread(home, {}, READERS)
    assert not (home.private / restore.MISSING).exists()


def test_an_original_that_is_whole_and_unread_is_not_said_to_come_back_with_a_repair(capsys):
    assert ended([], [Lost("a.fit", "no reader takes it", "no_activity")]) == 1
    said = capsys.readouterr().out
    assert "UNREAD: a.fit: no reader takes it" in said
    assert "--repair" not in said


def test_an_original_that_is_gone_comes_back_with_a_repair(capsys):
    assert ended([], [Lost("a.fit", "gone", ORIGINAL_DAMAGED)]) == 1
    said = capsys.readouterr().out
    assert "MISSING: a.fit: gone" in said
    assert "--repair" in said
    assert "kept whole" not in said
