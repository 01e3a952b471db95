"""Prefect on this machine: serve, deploy."""

from __future__ import annotations

from typing import Annotated

import typer
from steadymile.pipelines.cli.guard import DONE, say
from steadymile.pipelines.cli.options import (
    HomeOption,
    home_for,
)
from steadymile.pipelines.cli.table import Commands
from steadymile.pipelines.engine.deploy import deploy_home
from steadymile.pipelines.engine.serve import serve_forever

commands = Commands()


@commands.command()
def serve(
    home: HomeOption = None,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Where the Prefect UI listens, on this machine only.")
    ] = 4200,
    at: Annotated[str, typer.Option(metavar="HH:MM", help="When, every day, HH:MM in your zone.")] = "02:30",
    interval: Annotated[
        int | None, typer.Option(metavar="SECONDS", min=1, help="Every N seconds instead, to try it out.")
    ] = None,
) -> int:
    """Start a Prefect server, its UI and the nightly schedule; Ctrl-C stops all of it."""

    serve_forever(home_for(home), port=port, at=at, interval_s=interval, say=say)
    return DONE


@commands.command()
def deploy(
    home: HomeOption = None,
    at: Annotated[
        str, typer.Option(metavar="HH:MM", help="When the nightly flow runs, every day, HH:MM in your zone.")
    ] = "02:30",
) -> int:
    """Register this home's flows on your own Prefect server, the nightly one with its schedule."""
    for line in deploy_home(home_for(home), at):
        say(line)
    return DONE
