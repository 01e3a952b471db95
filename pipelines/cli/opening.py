"""The local app: open."""

from __future__ import annotations

from typing import Annotated

import typer
from steadymile.pipelines.app.serve import open_app
from steadymile.pipelines.cli.guard import DONE, say
from steadymile.pipelines.cli.options import HomeOption, settings_for
from steadymile.pipelines.cli.table import Commands

commands = Commands()


@commands.command("open")
def open_home(
    home: HomeOption = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Where it listens; else a free port.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in your browser.")] = True,
) -> int:
    """Your plan, history and check-ins in the browser, on this machine only; Ctrl-C closes it."""

    open_app(settings_for(home), port, browser, say)
    return DONE
