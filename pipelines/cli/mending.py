"""Putting right: rebuild, recompute, erase."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from steadymile.pipelines.cli.guard import DONE, say
from steadymile.pipelines.cli.options import (
    AsOfOption,
    HomeOption,
    day,
    settings_for,
)
from steadymile.pipelines.cli.progress import bar
from steadymile.pipelines.cli.table import Commands
from steadymile.pipelines.commands.erase import erase_athlete
from steadymile.pipelines.commands.rebuild import rebuild_home, recompute_home

commands = Commands()


@commands.command()
def rebuild(home: HomeOption = None) -> int:
    """Rebuild the warehouse from the archived originals and the journal."""

    with bar("Reading originals") as progress:
        for line in rebuild_home(settings_for(home), now=datetime.now(UTC), progress=progress):
            say(line)
    return DONE


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
        for line in recompute_home(
            settings_for(home), everything=samples, now=datetime.now(UTC), progress=progress, as_of=day(as_of)
        ):
            say(line)
    return DONE


@commands.command()
def erase(
    athlete: Annotated[str, typer.Argument(help="Whose archive, journal entries and outputs to delete.")],
    home: HomeOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> int:
    """Delete one athlete's originals, journal entries and outputs for good. Never touches inbox files."""

    if not yes and not typer.confirm(f"Delete everything that steadymile keeps about {athlete}? This cannot be undone"):
        say("Nothing was deleted.")
        return DONE
    for line in erase_athlete(settings_for(home), athlete, datetime.now(UTC)):
        say(line)
    return DONE
