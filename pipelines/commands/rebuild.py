"""Making it anew: the warehouse from originals and journal, the numbers from what was measured."""

from __future__ import annotations

from datetime import date, datetime

from steadymile.pipelines.cli.progress import Progress
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import run
from steadymile.pipelines.outputs import write_reports
from steadymile.pipelines.restore import replay_files, work_anew
from steadymile.pipelines.run import Lost, open_run
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.store import save_past


def rebuild_home(settings: Settings, now: datetime, progress: Progress) -> tuple[list[str], list[Lost]]:
    """A new work database from archive and journal, published in place of the old one; returns what to say, and what
    is missing: each original that could not be read."""
    home = Home(settings.home)
    if not home.journal.exists():
        raise Trouble(f"{home.root} has no journal, so there is nothing to rebuild from.", "Check --home.", 2)
    lost = work_anew(settings, now, progress)
    write_reports(settings, None, None, png=False, units=None, now=now)
    return ["The warehouse was rebuilt from the archive and the journal."], lost


def recompute_home(
    settings: Settings, *, everything: bool, now: datetime, progress: Progress, as_of: date | None = None
) -> tuple[list[str], list[Lost]]:
    """Loads, days and the provisional plan again; with `everything`, also every recording from its original. Returns
    what to say, and each original that could not be read."""

    with open_run(settings, now, progress=progress, publishes=False) as opened:
        lost: list[Lost] = []
        if everything:
            opened.rebuilding = True
            lost = replay_files(opened)
            opened.rebuilding = False
        opened.state.fingerprints.clear()
        for athlete_id in opened.athletes:
            save_past(opened.con, athlete_id, "", None)
    result = run(settings, now, as_of=as_of, progress=progress)
    lines = [f"Measured again in {result.seconds:.1f} s; {len(result.weeks)} weeks changed."]
    return lines, list({gone.path: gone for gone in [*lost, *result.lost]}.values())
