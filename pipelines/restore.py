"""A work database made anew from the archive and the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from steadymile.pipelines import steps as line
from steadymile.pipelines.cli.progress import Progress
from steadymile.pipelines.convert import week_from
from steadymile.pipelines.home import (
    Home,
    athlete_from_payload,
    blank_document,
    set_facts,
    write_toml,
    zone_of,
)
from steadymile.pipelines.reading.worker import Original, Outcome, reread
from steadymile.pipelines.run import Run, open_run
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.database import transaction
from steadymile.warehouse.journal import Journal
from steadymile.warehouse.store import save_files, save_recordings, save_weeks
from steadymile.warehouse.tables.rows import FileRow


def restore(settings: Settings, now: datetime, progress: Progress) -> None:
    """A rebuild where the work database is gone and the journal knows of files or weeks: a night that began without
    them would publish less than is known."""

    home = Home(settings.home)
    if not home.work.exists() and any(True for _ in Journal(home.journal).read(kinds=("file", "week"))):
        work_anew(settings, now, progress)


def work_anew(settings: Settings, now: datetime, progress: Progress) -> list[tuple[str, str]]:
    """A new work database from archive and journal. Returns the files whose original could not be read, and why."""
    home = Home(settings.home)
    restore_athletes(home)
    as_of = last_days(home)
    with open_run(settings, now, progress=progress, rebuilding=True) as opened:
        lost = replay_files(opened)
        replay_rest(opened, as_of)
    return lost


def restore_athletes(home: Home) -> None:
    """athletes.toml from the journal, where the file is gone."""
    if home.athletes_file.exists():
        return

    people = {e.athlete_id: e.payload for e in Journal(home.journal).read(kinds=("facts",)) if e.athlete_id}
    write_toml(home.athletes_file, "")
    for athlete_id, payload in people.items():
        athlete_from_payload(athlete_id, payload)
        named = {name: payload[name] for name in ("name", "units") if payload.get(name)}
        set_facts(home, athlete_id, {**payload["base"], **named}, None, create=True)
        for day, facts in payload["dated"].items():
            set_facts(home, athlete_id, facts, date.fromisoformat(day))
    if not people:
        write_toml(home.athletes_file, blank_document("me").as_string())


def last_days(home: Home) -> dict[str, str]:
    """The day that each athlete's numbers were last computed for, from the journal."""

    notes = Journal(home.journal).read(kinds=("note",))
    return {e.athlete_id: e.payload["as_of"] for e in notes if e.athlete_id and "as_of" in e.payload}


def replay_files(run: Run) -> list[tuple[str, str]]:
    """Every file sighting again, in order, its original read from the archive. Returns what could not be."""

    entries = list(run.journal.read(kinds=("file",)))
    sightings: list[tuple[Any, Outcome | None]] = []
    lost = []
    line.journal_facts(run)
    for done, entry in enumerate(entries):
        outcome = None
        payload = entry.payload
        owner = run.athletes.get(entry.athlete_id or "")
        if payload["status"] in ("ingested", "salvaged") and owner is not None:
            zone = zone_of(owner, run.now.date())
            (outcome,) = reread(
                [Original(payload["path"], owner.athlete_id, payload["sha256"], zone)], run.archive.root
            )
            if not outcome.kept:
                lost.append((outcome.label, outcome.reason or ""))
        sightings.append((entry, outcome))
        if len(sightings) >= run.settings.batch_files or done == len(entries) - 1:
            keep_sightings(run, sightings, FileRow, save_files)
            sightings = []
        run.progress(done + 1, len(entries), "Reading originals")
    return lost


def keep_sightings(run: Run, sightings: Sequence[tuple[Any, Outcome | None]], row: Any, save_files: Any) -> None:
    """Save a batch of replayed sightings with what their originals hold."""

    with transaction(run.con):
        for entry, _ in sightings:
            save_files(run.con, [row(first_seen_at=entry.at, athlete_id=entry.athlete_id, **entry.payload)])
        save_recordings(run.con, [r for _, outcome in sightings if outcome for r in outcome.recordings])
        for entry, outcome in sightings:
            if outcome:
                line.keep_readings(run, outcome, entry.seq)


def replay_rest(run: Run, as_of: dict[str, str]) -> None:
    """Check-ins, decisions and published weeks again; then every athlete measured and planned for their last day."""

    line.apply_entries(run, list(run.journal.read()))
    weeks = [week_from(e.payload) for e in run.journal.read(kinds=("week",)) if e.athlete_id in run.athletes]
    save_weeks(run.con, weeks)
    everyone = run.athletes
    for athlete_id, athlete in sorted(everyone.items()):
        if athlete_id in as_of:
            run.athletes = {athlete_id: athlete}
            run.as_of = date.fromisoformat(as_of[athlete_id])
            run.dirty.add(athlete_id)
            line.plan(run, line.measure(run))
    run.athletes, run.as_of = everyone, None
