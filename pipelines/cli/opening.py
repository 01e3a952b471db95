"""Doors for others on this machine: the local app, and the server for assistants: open, mcp."""

from __future__ import annotations

from typing import Annotated

import typer
from steadymile.pipelines.app.serve import open_app
from steadymile.pipelines.cli.guard import DONE, say
from steadymile.pipelines.cli.options import HomeOption, settings_for
from steadymile.pipelines.cli.table import Commands
from steadymile.pipelines.errors import Trouble

commands = Commands()


@commands.command("open")
def open_home(
    home: HomeOption = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Where it listens (8642, or a free one).")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in your browser.")] = True,
    lan: Annotated[bool, typer.Option("--lan", help="Let your phone in: prints a link and a QR code.")] = False,
    share: Annotated[bool, typer.Option("--share", help="Print a link that only reads, without places.")] = False,
    new_links: Annotated[bool, typer.Option("--new-links", help="End all links there were; print new ones.")] = False,
) -> int:
    """Your plan, history and check-ins in the browser, on this machine only unless you let others in; Ctrl-C closes
    it."""

    open_app(settings_for(home), port, browser, say, lan=lan, share=share, new_links=new_links)
    return DONE


@commands.command()
def mcp(
    home: HomeOption = None,
    positions: Annotated[
        bool, typer.Option("--positions", help="Let SQL read samples, places included; else they stay here.")
    ] = False,
) -> int:
    """Answer an assistant on this machine (MCP on stdio): plan, explain, sessions, SQL. Read-only."""

    try:
        from steadymile.pipelines.mcp.server import server_for
    except ModuleNotFoundError as missing:
        if missing.name != "mcp":
            raise
        raise Trouble("The package mcp is missing.", "Install it: pip install 'steadymile[mcp]'") from None
    server_for(settings_for(home), positions=positions).run("stdio")
    return DONE
