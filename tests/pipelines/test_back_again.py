"""What brings about a rebuild of the work database, and what never does."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from steadymile.pipelines import restore
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.verify import mend_journal
from steadymile.pipelines.home import Home
from steadymile.pipelines.reading.worker import Original, Outcome
from steadymile.warehouse.archive import ORIGINAL_DAMAGED, Archive
from steadymile.warehouse.journal import Entry, Journal

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
ABSENT = "ab" * 32


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
    assert not restore.back_again(home)
    home.journal.write_bytes(home.journal.read_bytes().replace(b"chest_pain", b"chest_p\xffin"))
    assert mend_journal(home, tmp_path / "copy", NOW)
    assert restore.back_again(home)


@pytest.mark.parametrize(
    ("code", "noted"),
    [(ORIGINAL_DAMAGED, 1), ("no_activity", 0), ("out_of_memory", 0)],
    ids=["gone", "unread", "memory"],
)
def test_only_an_original_that_is_not_there_whole_waits_to_come_back(tmp_path, monkeypatch, code, noted):
    home = home_with(tmp_path / "home")
    sha256 = Archive(home.originals).put(b"no reader knows this any more")
    journal = Journal(home.journal)
    journal.append([sighting(sha256)])

    def outcomes(run, originals):
        yield [Outcome(o.path, o.path, o.athlete_id, "quarantined", "why", sha256, code=code) for o in originals]

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
    missing: set[str] = set()
    assert len(restore.replay_files(run, missing)) == 1
    assert len(missing) == noted
