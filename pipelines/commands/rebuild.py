"""Making it anew: the warehouse from originals and journal, the numbers from the samples, or nothing of a person."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from steadymile.pipelines import steps as line
from steadymile.pipelines.cli.progress import Progress
from steadymile.pipelines.convert import week_from
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home, athlete_from_payload, blank_document, drop_athlete, write_toml, zone_of
from steadymile.pipelines.nightly import run, write_reports
from steadymile.pipelines.run import Run, open_run
from steadymile.pipelines.settings import Settings
from steadymile.pipelines.worker import Original, Outcome, reread


def rebuild_home(settings: Settings, now: datetime, progress: Progress) -> list[str]:
    """A new work database from archive and journal, published in place of the old one; returns what to tell."""
    home = Home(settings.home)
    if not home.journal.exists():
        raise Trouble(f"{home.root} has no journal, so there is nothing to rebuild from.", "Check --home.", 2)
    lost = work_anew(settings, now, progress)
    write_reports(settings, None, None, png=False, units=None, now=now)
    lines = ["The warehouse was rebuilt from the archive and the journal."]
    return lines + [f"  {path}: {why}" for path, why in lost]


def restore(settings: Settings, now: datetime, progress: Progress) -> None:
    """A rebuild where the work database is gone and the journal knows of files or weeks: a night that began without
    them would publish less than is known."""
    from steadymile.warehouse.journal import Journal

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
    from steadymile.pipelines.home import set_facts
    from steadymile.warehouse.journal import Journal

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
    from steadymile.warehouse.journal import Journal

    notes = Journal(home.journal).read(kinds=("note",))
    return {e.athlete_id: e.payload["as_of"] for e in notes if e.athlete_id and "as_of" in e.payload}


def replay_files(run: Run) -> list[tuple[str, str]]:
    """Every file sighting again, in order, its original read from the archive. Returns what could not be."""
    from steadymile.warehouse.store import save_files
    from steadymile.warehouse.tables.rows import FileRow

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
    from steadymile.warehouse.database import transaction
    from steadymile.warehouse.store import save_recordings

    with transaction(run.con):
        for entry, _ in sightings:
            save_files(run.con, [row(first_seen_at=entry.at, athlete_id=entry.athlete_id, **entry.payload)])
        save_recordings(run.con, [r for _, outcome in sightings if outcome for r in outcome.recordings])
        for entry, outcome in sightings:
            if outcome:
                line.keep_readings(run, outcome, entry.seq)


def replay_rest(run: Run, as_of: dict[str, str]) -> None:
    """Check-ins, decisions and published weeks again; then every athlete measured and planned for their last day."""
    from steadymile.warehouse.store import save_weeks

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


def recompute_home(
    settings: Settings, *, everything: bool, now: datetime, progress: Progress, as_of: date | None = None
) -> list[str]:
    """Loads, days and the provisional plan again; with `everything`, also every recording from its original."""
    from steadymile.warehouse.store import save_past

    with open_run(settings, now, progress=progress, publishes=False) as opened:
        lost = []
        if everything:
            opened.rebuilding = True
            lost = replay_files(opened)
            opened.rebuilding = False
        opened.state.fingerprints.clear()
        for athlete_id in opened.athletes:
            save_past(opened.con, athlete_id, "", None)
    result = run(settings, now, as_of=as_of, progress=progress)
    lines = [f"Measured again in {result.seconds:.1f} s; {len(result.weeks)} weeks changed."]
    return lines + [f"  {path}: {why}" for path, why in dict([*lost, *result.lost]).items()]


def erase_athlete(settings: Settings, athlete_id: str, now: datetime) -> list[str]:
    """Remove a person: rows, originals that nobody else holds, journal entries, facts, outputs. Never inbox files."""
    from steadymile.warehouse.journal import Journal
    from steadymile.warehouse.store import erase_athlete as erase_rows

    home = Home(settings.home)
    named = athlete_id in home.athletes()
    if not named and not any(True for _ in Journal(home.journal).read(athlete_id=athlete_id)):
        raise Trouble(f"Nobody here is called {athlete_id}.", "steadymile athlete show lists who is.", exit_code=2)
    with open_run(settings, now) as opened:
        orphans = erase_rows(opened.con, athlete_id)
        for sha256 in orphans:
            opened.archive.remove(sha256)
        entries = opened.journal.erase(athlete_id)
        opened.state.fingerprints.pop(athlete_id, None)
        opened.state.as_of.pop(athlete_id, None)
        opened.state.journal_bytes = 0
        opened.compacts = True
    others = [i for i in opened.athletes if i != athlete_id]
    for folder in (home.reports, home.calendar, home.workouts):
        remove_outputs(folder, athlete_id, alone=not others)
    if named:
        drop_athlete(home, athlete_id)
    if others:
        write_reports(settings, None, None, png=False, units=None, now=now)
    return [
        f"{athlete_id} is erased: {len(orphans)} originals and {entries} journal entries are gone.",
        f"Files under {home.inbox} were not touched; delete them yourself, or the next nightly reads them again.",
    ]


def remove_outputs(folder: Path, athlete_id: str, alone: bool) -> None:
    """Remove one athlete's pages, calendars and workouts; everything where they were alone."""
    for place in sorted(folder.glob("*")):
        if alone or place.stem == athlete_id or place.name.startswith(f"{athlete_id}-") or place.name == "coach.html":
            shutil.rmtree(place) if place.is_dir() else place.unlink()
