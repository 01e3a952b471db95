"""Studies: lab."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from steadymile.pipelines.cli.guard import DONE, say
from steadymile.pipelines.cli.table import Commands
from steadymile.studies.lab import study

commands = Commands()


@commands.command()
def lab(
    athletes: Annotated[int, typer.Option(metavar="N", min=10, help="Virtual athletes.")] = 600,
    weeks: Annotated[int, typer.Option(metavar="N", min=4, help="Weeks.")] = 26,
    seed: Annotated[int, typer.Option(metavar="N", help="Reporting seeds start here.")] = 10_000,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="A folder for tables and plots.")] = None,
) -> int:
    """Compare training policies in closed loop on virtual athletes. The evidence is simulated, not human."""

    for line in study(athletes=athletes, weeks=weeks, seed=seed, out=out):
        say(line)
    return DONE
