"""A work database made anew from the archive and the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from steadymile.pipelines import steps as line
from steadymile.pipelines.cli.progress import Progress
from steadymile.pipelines.facts import zone_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.journaled import A_DAY, apply_journal, journal_facts
from steadymile.pipelines.outcome.writing import read_object, write_whole
from steadymile.pipelines.overrides import overrides, set_by_hand
from steadymile.pipelines.reading.dates import Dates, dates, done_by_then
from steadymile.pipelines.reading.keep import keep_readings
from steadymile.pipelines.reading.remeasure import read_again
from steadymile.pipelines.reading.worker import Original, Outcome
from steadymile.pipelines.run import Run, State, open_run, size_and_time
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.archive import ORIGINAL_DAMAGED, Archive
from steadymile.warehouse.database import open_work, transaction
from steadymile.warehouse.errors import Damaged
from steadymile.warehouse.journal import Entry, Journal
from steadymile.warehouse.lock import HomeLock
from steadymile.warehouse.store import load_weeks, save_files, save_recordings
from steadymile.warehouse.tables.rows import FileRow

MISSING = "missing.json"
"""The private file that names the originals which were not there whole at the last rebuild, by their sha-256. One that
is there, and that no reader reads any more, is no reason for another rebuild."""


def restore(settings: Settings, now: datetime, progress: Progress) -> bool:
    """A rebuild where the work database is gone and the journal knows of files or weeks: a night that began without
    them would publish less than is known. Also where originals are back that the last rebuild lacked. Returns whether
    there was one."""

    home = Home(settings.home)
    if home.work.exists() and not sound(home):
        for left in home.private.glob(f"{home.work.name}*"):
            left.unlink()
    gone = not home.work.exists() and any(True for _ in Journal(home.journal).read(kinds=("file", "week")))
    if gone or back_again(home):
        work_anew(settings, now, progress)
        return True
    return False


def back_again(home: Home) -> bool:
    """Whether something is whole again that the last rebuild could not read; of a file that names nothing, whatever."""
    record = home.private / MISSING
    if not record.exists():
        return False
    missing = read_object(record).get("sha256", [])
    return not missing or len(Archive(home.originals).verify(missing)) < len(missing)


def discard_work(home: Home, now: datetime) -> None:
    """Remove a work database that turned out to be damaged; raises Busy where another run has the home."""
    with HomeLock(home.lock, since=now):
        for left in home.private.glob(f"{home.work.name}*"):
            left.unlink()


def sound(home: Home) -> bool:
    """Whether the work database is whole; not tried where it is as the last run left it. It is derived: a damaged one
    is made anew without being asked. One that is busy, of a newer release or out of reach raises instead, and stays."""
    if State.load(home.private / "state.json").work == size_and_time(home.work):
        return True
    try:
        open_work(home.work).close()
    except Damaged:
        return False
    return True


def work_anew(settings: Settings, now: datetime, progress: Progress) -> list[tuple[str, str]]:
    """A new work database from archive and journal. Returns the files whose original could not be read, and why."""
    home = Home(settings.home)
    home.make()
    as_of = last_days(home, now)
    with open_run(settings, now, progress=progress, rebuilding=True) as opened:
        missing: set[str] = set()
        lost = replay_files(opened, missing)
        replay_rest(opened, as_of)
    record = home.private / MISSING
    if missing:
        write_whole(record, json.dumps({"sha256": sorted(missing)}).encode())
    else:
        record.unlink(missing_ok=True)
    return lost


def last_days(home: Home, now: datetime) -> dict[str, str]:
    """The day that each athlete's numbers were last computed for, from the journal; not by a clock far ahead."""

    notes = Journal(home.journal).read(kinds=("note",))
    return {
        e.athlete_id: e.payload["as_of"] for e in notes if e.athlete_id and "as_of" in e.payload and e.at <= now + A_DAY
    }


def replay_files(run: Run, missing: set[str] | None = None) -> list[tuple[str, str]]:
    """Every file sighting again, in order, its original read from the archive. Returns what could not be read; what is
    not there whole is added to `missing`, by its sha-256. Where one content was seen several times under one path, the
    last verdict counts."""
    journal_facts(run)
    entries, stated = list(run.journal.read(kinds=("file",))), dates(run)
    verdict = {(e.athlete_id, e.payload["path"], e.payload.get("sha256")): e.seq for e in entries}
    lost = []
    for start in range(0, len(entries), run.settings.batch_files):
        part = entries[start : start + run.settings.batch_files]
        read = [
            entry
            for entry in part
            if entry.payload["status"] in ("ingested", "salvaged")
            and entry.athlete_id in run.athletes
            and verdict[entry.athlete_id, entry.payload["path"], entry.payload.get("sha256")] == entry.seq
        ]
        originals = [original_of(run, entry, stated) for entry in read]
        outcomes = [outcome for found in read_again(run, originals) for outcome in found]
        lost += [(o.label, o.reason or "") for o in outcomes if not o.kept]
        if missing is not None:
            missing |= {str(outcome.sha256) for outcome in outcomes if outcome.code == ORIGINAL_DAMAGED}
        keep_sightings(run, part, list(zip(read, outcomes)))
        run.progress(min(start + len(part), len(entries)), len(entries), "Reading originals")
    return lost


def original_of(run: Run, entry: Entry, stated: Dates) -> Original:
    """The original that a sighting is of."""
    assert entry.athlete_id is not None
    zone = zone_of(run.athletes[entry.athlete_id], run.now.date())
    sha256 = entry.payload["sha256"]
    return Original(
        entry.payload["path"], entry.athlete_id, sha256, zone, dated=stated.get(entry.athlete_id, {}).get(sha256)
    )


def keep_sightings(run: Run, entries: Sequence[Entry], outcomes: Sequence[tuple[Entry, Outcome]]) -> None:
    """Save a batch of replayed sightings with what their originals hold."""
    with transaction(run.con):
        for entry in entries:
            save_files(run.con, [FileRow(first_seen_at=entry.at, athlete_id=entry.athlete_id, **entry.payload)])
        save_recordings(run.con, done_by_then(run.con, [r for _, outcome in outcomes for r in outcome.recordings]))
        for entry, outcome in outcomes:
            keep_readings(run, outcome, entry)


def replay_rest(run: Run, as_of: dict[str, str]) -> None:
    """Check-ins, decisions and published weeks again; then every athlete measured and planned for their last day."""

    apply_journal(run)
    everyone = run.athletes
    for athlete_id, athlete in sorted(everyone.items()):
        if athlete_id in as_of:
            run.athletes = {athlete_id: athlete}
            run.as_of = date.fromisoformat(as_of[athlete_id])
            run.owe(athlete_id)
            line.plan(run, line.measure(run))
    run.athletes, run.as_of = everyone, None
    run.owe(*(i for i, said in overrides(run).items() if i in everyone and unapplied(run, i, said, as_of.get(i))))


def unapplied(run: Run, athlete_id: str, said: Mapping[str, Mapping[str, Any]], day: str | None) -> bool:
    """Whether an override is still to be applied to a published week: the next night does so, and journals it."""
    stored = load_weeks(run.con, athlete_id, revisions=True)
    return day is not None and bool(set_by_hand(stored, said, date.fromisoformat(day)))
