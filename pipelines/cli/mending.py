"""Keeping what was recorded and putting it right: rebuild, recompute, erase, verify, backup, restore."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from steadymile.pipelines.cli.guard import DONE, NEEDS_YOU, printing, say
from steadymile.pipelines.cli.options import (
    AsOfOption,
    HomeOption,
    day,
    home_for,
    settings_for,
)
from steadymile.pipelines.cli.progress import bar
from steadymile.pipelines.cli.table import Commands
from steadymile.pipelines.commands.backup import backup_home, restore_home
from steadymile.pipelines.commands.erase import erase_athlete
from steadymile.pipelines.commands.rebuild import rebuild_home, recompute_home
from steadymile.pipelines.commands.verify import verify_home
from steadymile.pipelines.run import Lost
from steadymile.warehouse.archive import ORIGINAL_DAMAGED

commands = Commands()


@commands.command()
def rebuild(home: HomeOption = None) -> int:
    """Rebuild the warehouse from the archived originals and the journal."""

    with bar("Reading originals") as progress:
        lines, missing = rebuild_home(home_for(home), now=datetime.now(UTC), progress=progress)
    return ended(lines, missing)


def ended(lines: Sequence[str], missing: Sequence[Lost]) -> int:
    """Print what was done and what is missing, with the next step; the exit code."""
    gone = [lost for lost in missing if lost.code == ORIGINAL_DAMAGED]
    unread = [lost for lost in missing if lost.code != ORIGINAL_DAMAGED]
    with printing():
        for line in [*lines, *(f"MISSING: {lost.line()}" for lost in gone), *(f"UNREAD: {u.line()}" for u in unread)]:
            say(line)
        if gone:
            say("What is missing comes back with: steadymile verify --repair (--from DIR takes it from a backup).")
        if unread:
            say("Files that could not be read are kept, and read again as soon as a reader or a limit changes.")
    return NEEDS_YOU if missing else DONE


@commands.command()
def recompute(
    home: HomeOption = None,
    as_of: AsOfOption = None,
    samples: Annotated[
        bool, typer.Option("--samples", help="Measure every recording again, not only what changed.")
    ] = False,
) -> int:
    """Compute loads, days and the provisional plan again after a change of facts or definitions."""

    with bar("Measuring") as progress:
        lines, missing = recompute_home(
            home_for(home), everything=samples, now=datetime.now(UTC), progress=progress, as_of=day(as_of)
        )
    return ended(lines, missing)


@commands.command()
def erase(
    athlete: Annotated[str, typer.Argument(metavar="ID", help="Whose archive, journal entries and outputs to delete.")],
    home: HomeOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> int:
    """Delete one athlete's originals, journal entries and outputs for good. Never touches inbox files."""

    if not yes and not typer.confirm(f"Delete everything that steadymile keeps about {athlete}? This cannot be undone"):
        say("Nothing was deleted.")
        return DONE
    for line in erase_athlete(home_for(home), athlete, datetime.now(UTC)):
        say(line)
    return DONE


@commands.command()
def verify(
    home: HomeOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="Repair what the inbox or a backup still has.")] = False,
    backup: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="A backup folder to repair from.")
    ] = None,
) -> int:
    """Read and hash every original, check the journal's chain and every row of the warehouse."""
    with bar("Reading originals") as progress:
        verdict = verify_home(
            home_for(home), datetime.now(UTC), progress, repair=repair or backup is not None, backup=backup
        )
    with printing():
        for line in verdict.lines():
            say(line)
        if verdict.damaged and not repair:
            say("steadymile verify --repair mends what the inbox still has; --from DIR takes it from a backup.")
    return NEEDS_YOU if verdict.damaged else DONE


@commands.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Where to; a folder on another disk.")], home: HomeOption = None
) -> int:
    """Copy originals, journal and facts into a folder; only what is new, each original verified."""
    with bar("Copying originals") as progress:
        lines, damaged = backup_home(home_for(home), folder.expanduser().resolve(), datetime.now(UTC), progress)
    with printing():
        for line in [*lines, *(f"DAMAGED: {problem}" for problem in damaged)]:
            say(line)
    return NEEDS_YOU if damaged else DONE


@commands.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="The folder that `steadymile backup` wrote.")], home: HomeOption = None
) -> int:
    """Bring a backup back into the home and rebuild the warehouse from it; the newest journal wins."""
    with bar("Copying originals") as progress:
        found = restore_home(settings_for(home), folder.expanduser().resolve(), datetime.now(UTC), progress)
    return ended(*found)
