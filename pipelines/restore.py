"""A work database made anew from the archive and the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from steadymile.pipelines import steps as line
from steadymile.pipelines.cli.progress import Progress
from steadymile.pipelines.facts import zone_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.journaled import A_DAY, apply_journal, journal_facts
from steadymile.pipelines.outcome.writing import read_object, write_whole
from steadymile.pipelines.overrides import overrides, set_by_hand
from steadymile.pipelines.reading import definitions
from steadymile.pipelines.reading.child import OF_THE_MACHINE
from steadymile.pipelines.reading.dates import Dates, dates, done_by_then
from steadymile.pipelines.reading.intake import judged_by
from steadymile.pipelines.reading.remeasure import read_again
from steadymile.pipelines.reading.sightings import contents_of, first_sightings, keep_readings
from steadymile.pipelines.reading.worker import Original, Outcome
from steadymile.pipelines.run import Lost, Run, State, open_run, size_and_time
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.archive import ORIGINAL_DAMAGED, Archive, make_way
from steadymile.warehouse.database import open_work, transaction
from steadymile.warehouse.errors import Damaged
from steadymile.warehouse.journal import Entry, Journal
from steadymile.warehouse.lock import HomeLock
from steadymile.warehouse.store import load_weeks, note_read, save_files, save_recordings
from steadymile.warehouse.tables.rows import FileRow

MISSING = "missing.json"
"""The private file that names what the last rebuild could not read, by their sha-256: originals that were not there
whole, and those, `unread`, that were, `by` which readers and limits, after so many `tries`. While the same readers
would refuse them again they are no reason for another rebuild."""
OF_A_READER = (*OF_THE_MACHINE, "reader_crashed", "too_much_time", "too_much_memory")
TRIES = 2


def restore(settings: Settings, now: datetime, progress: Progress) -> bool:
    """A rebuild where the work database is gone and the journal knows of files or weeks: a night that began without
    them would publish less than is known. Also where originals are back that the last rebuild lacked. Returns whether
    there was one."""

    home = Home(settings.home)
    make_way(home.work)
    if home.work.exists() and not sound(home):
        for left in home.private.glob(f"{home.work.name}*"):
            left.unlink()
    gone = not home.work.exists() and any(True for _ in Journal(home.journal).read(kinds=("file", "week")))
    if gone or back_again(home, readers_of(settings)):
        work_anew(settings, now, progress)
        return True
    return False


def readers_of(settings: Settings) -> str:
    """The readers and limits that a verdict on an original depends on."""
    return f"{judged_by(settings.limits())} {settings.reader_mb}"


def back_again(home: Home, readers: str) -> bool:
    """Whether something that the last rebuild could not read may be read now; of a file that names nothing, whatever:
    an original is whole again, or readers and limits are others than those which refused it, or the machine was to
    blame."""
    record = home.private / MISSING
    if not record.exists():
        return False
    found = read_object(record)
    missing, unread = names_in(found, "sha256"), names_in(found, "unread")
    if unread and (found.get("by") != readers or found.get("tries") in range(TRIES)):
        return True
    return not (missing or unread) or len(Archive(home.originals).verify(missing)) < len(missing)


def names_in(found: Mapping[str, Any], name: str) -> list[str]:
    """A list of names in a private record; empty where there is none that makes sense."""
    names = found.get(name)
    return [each for each in names if isinstance(each, str)] if isinstance(names, list) else []


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


def work_anew(settings: Settings, now: datetime, progress: Progress) -> list[Lost]:
    """A new work database from archive and journal. Returns the files whose original could not be read, and why."""
    home = Home(settings.home)
    home.make()
    as_of = last_days(home, now)
    with open_run(settings, now, progress=progress, rebuilding=True) as opened:
        unread: dict[str, Lost] = {}
        lost = replay_files(opened, unread)
        replay_rest(opened, as_of)
    note_unread(home, unread, readers_of(settings))
    return lost


def note_unread(home: Home, unread: Mapping[str, Lost], readers: str) -> None:
    """Write down what a rebuild could not read and what that depended on, for `back_again`."""
    record = home.private / MISSING
    missing = sorted(sha256 for sha256, lost in unread.items() if lost.code == ORIGINAL_DAMAGED)
    others = {sha256: lost for sha256, lost in unread.items() if lost.code != ORIGINAL_DAMAGED}
    if not unread:
        make_way(record)
        record.unlink(missing_ok=True)
        return
    before = read_object(record)
    tried = TRIES - 1 if before.get("by") == readers else 0
    blameless = any(lost.code in OF_THE_MACHINE for lost in others.values())
    tries = min(TRIES, tried + 1) if blameless else TRIES
    found = {"sha256": missing, "unread": sorted(others), "by": readers, "tries": tries}
    write_whole(record, json.dumps(found).encode())


def last_days(home: Home, now: datetime) -> dict[str, str]:
    """The day that each athlete's numbers were last computed for, from the journal; not by a clock far ahead."""

    notes = Journal(home.journal).read(kinds=("note",))
    return {
        e.athlete_id: e.payload["as_of"] for e in notes if e.athlete_id and "as_of" in e.payload and e.at <= now + A_DAY
    }


def replay_files(run: Run, unread: dict[str, Lost] | None = None) -> list[Lost]:
    """Every file sighting again, in order, its original read from the archive. Returns what could not be read, also in
    `unread` by its sha-256. Where one content was seen several times under one path, the last verdict counts, from when
    it was first read. One over which a reader ended is read once more, alone, when all others are done."""
    journal_facts(run)
    entries, stated = list(run.journal.read(kinds=("file",))), dates(run)
    verdict = {(e.athlete_id, e.payload["path"], e.payload.get("sha256")): e for e in entries}
    kept = {
        entry.seq: replace(entry, payload=verdict[key].payload)
        for key, entry in first_sightings(entries).items()
        if entry.athlete_id in run.athletes and verdict[key].payload["status"] in ("ingested", "salvaged")
    }
    lost: list[tuple[Entry, Outcome]] = []
    later: list[tuple[Entry, Outcome]] = []

    def replay(part: Sequence[Entry], read: Sequence[Entry]) -> list[tuple[Entry, Outcome]]:
        originals = [original_of(run, entry, stated) for entry in read]
        found = list(zip(read, [outcome for batch in read_again(run, originals) for outcome in batch]))
        keep_sightings(run, part, found)
        return [(entry, outcome) for entry, outcome in found if not outcome.kept]

    for start in range(0, len(entries), run.settings.batch_files):
        part = entries[start : start + run.settings.batch_files]
        for entry, outcome in replay(part, [kept[entry.seq] for entry in part if entry.seq in kept]):
            (later if outcome.code in OF_A_READER else lost).append((entry, outcome))
        run.progress(min(start + len(part), len(entries)), len(entries), "Reading originals")
    for entry, _ in later:
        lost += replay([entry], [entry])
    named = [(str(outcome.sha256 or e.payload["sha256"]), outcome) for e, outcome in lost]
    found = [(sha256, Lost(o.label, o.reason or "", o.code)) for sha256, o in named]
    if unread is not None:
        unread.update(found)
    return [gone for _, gone in found]


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
        note_read(run.con, contents_of([outcome for _, outcome in outcomes]), definitions.read_by())


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
