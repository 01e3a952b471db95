"""Keeping what was recorded: verify, backup, restore."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from steadymile.pipelines.cli.guard import DONE, NEEDS_YOU, say
from steadymile.pipelines.cli.options import HomeOption, settings_for
from steadymile.pipelines.cli.progress import bar
from steadymile.pipelines.cli.table import Commands
from steadymile.pipelines.commands.backup import backup_home, restore_home
from steadymile.pipelines.commands.verify import verify_home

commands = Commands()


@commands.command()
def verify(
    home: HomeOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="Repair what the inbox or a backup still has.")] = False,
    backup: Annotated[Path | None, typer.Option("--from", help="A backup folder to repair from.")] = None,
) -> int:
    """Read and hash every original, check the journal's chain and every row of the warehouse."""
    with bar("Reading originals") as progress:
        verdict = verify_home(
            settings_for(home), datetime.now(UTC), progress, repair=repair or backup is not None, backup=backup
        )
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
        lines, damaged = backup_home(settings_for(home), folder.expanduser().resolve(), datetime.now(UTC), progress)
    for line in [*lines, *(f"DAMAGED: {problem}" for problem in damaged)]:
        say(line)
    return NEEDS_YOU if damaged else DONE


@commands.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="The folder that `steadymile backup` wrote.")], home: HomeOption = None
) -> int:
    """Bring a backup back into the home and rebuild the warehouse from it; the newest journal wins."""
    with bar("Copying originals") as progress:
        for line in restore_home(settings_for(home), folder.expanduser().resolve(), datetime.now(UTC), progress):
            say(line)
    return DONE
