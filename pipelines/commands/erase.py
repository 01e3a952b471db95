"""Deleting what is kept about one person, for good."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.engine.history import forget_words
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home, drop_athlete
from steadymile.pipelines.nightly import pages_forgotten
from steadymile.pipelines.outcome import notice, unchanged
from steadymile.pipelines.outputs import outputs_of, shared_outputs, write_reports
from steadymile.pipelines.restore import restore
from steadymile.pipelines.run import Run, open_run, sweep
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.archive import Archive
from steadymile.warehouse.database import sweep_names
from steadymile.warehouse.journal import Journal
from steadymile.warehouse.store import erase_athlete as erase_rows


def erase_athlete(settings: Settings, athlete_id: str, now: datetime) -> list[str]:
    """Remove a person: rows, originals that nobody else holds, journal entries, facts, outputs. Never inbox files, and
    nothing that is not theirs. One that was cut short is finished by the next."""

    home = Home(settings.home)
    named = athlete_id in home.stated_athletes()
    journaled = any(True for _ in Journal(home.journal).read(athlete_id=athlete_id))
    if not named and not journaled and not outputs_of(home, athlete_id):
        raise Trouble(f"Nobody here is called {athlete_id}.", "steadymile athlete show lists who is.", exit_code=2)
    restore(settings, now, silent)  # which originals are theirs, the work database says
    with open_run(settings, now) as opened:
        sweep_home(home)
        orphans = erase_rows(opened.con, athlete_id)
        for sha256 in orphans:
            for folder in (home.originals, home.refused):
                Archive(folder).remove(sha256)
        entries = opened.journal.erase(athlete_id)
        for copy in sorted(home.archive.glob("journal-*.jsonl")):  # restore kept them beside the one in force
            Journal(copy).erase(athlete_id)
        forget(opened, athlete_id)
        if named:
            drop_athlete(home, athlete_id)  # while no other run can read their facts into the journal again
        others = [i for i in opened.athletes if i != athlete_id]
    pages_forgotten(home, athlete_id)
    notice.forget(home, athlete_id)
    notice.forget_lines(home, athlete_id)
    (home.private / unchanged.RECORD).unlink(missing_ok=True)
    history = forget_words(home)
    remove_outputs(home, athlete_id)
    if others:
        write_reports(settings, None, None, png=False, units=None, now=now)
    said = ["Whatever Prefect's history in this home said in words is gone, of everybody."] if history else []
    if settings.prefect_api_url:
        said.append("A Prefect server of your own keeps logs and artifacts of runs: delete those there.")
    return [
        f"{athlete_id} is erased: {len(orphans)} originals and {entries} journal entries are gone.",
        *said,
        f"Files under {home.inbox} were not touched; delete them yourself, or the next nightly reads them again.",
    ]


def sweep_home(home: Home) -> None:
    """Remove all that killed runs left half written."""
    sweep((home.archive, home.private, home.reports, home.calendar, home.workouts))
    for path in (*home.root.glob(".*.part"), home.root / "athletes.toml.part", *home.root.glob("athletes.toml*.new")):
        path.unlink(missing_ok=True)
    sweep_names(home.root, older_than_s=0.0)


def forget(opened: Run, athlete_id: str) -> None:
    """Take a person out of what a run remembers."""
    state = opened.state
    for remembered in (state.fingerprints, state.as_of, state.judged, state.passed):
        remembered.pop(athlete_id, None)
    state.owed = [i for i in state.owed if i != athlete_id]
    state.journal = (0, "")
    opened.compacts = True


def remove_outputs(home: Home, athlete_id: str) -> None:
    """Remove one athlete's pages, calendars and workouts, by the names that they are written under. What is about
    everybody goes too, and is written anew for the others; a folder in which nothing is left goes as well."""
    paths = [*outputs_of(home, athlete_id), *shared_outputs(home)]
    for path in paths:
        path.unlink(missing_ok=True)
    for folder in {path.parent for path in paths if path.parent.parent != home.root}:
        with suppress(OSError):  # somebody's own lie in it
            folder.rmdir()
    with suppress(OSError):  # something else lies in it, or it is not there
        (home.workouts / athlete_id).rmdir()
