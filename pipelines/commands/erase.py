"""Deleting what is kept about one person, for good."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import (
    Home,
    drop_athlete,
)
from steadymile.pipelines.outputs import write_reports
from steadymile.pipelines.run import open_run
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.journal import Journal
from steadymile.warehouse.store import erase_athlete as erase_rows


def erase_athlete(settings: Settings, athlete_id: str, now: datetime) -> list[str]:
    """Remove a person: rows, originals that nobody else holds, journal entries, facts, outputs. Never inbox files."""

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
        opened.state.journal = (0, "")
        opened.compacts = True
    others = [i for i in opened.athletes if i != athlete_id]
    for folder in (home.reports, home.calendar, home.published_calendar, home.workouts):
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
