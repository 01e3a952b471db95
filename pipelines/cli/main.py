"""The command line: `steadymile`. Each command is one function that documents itself, calls one step and prints."""

from __future__ import annotations

import gc
import io
import sys
from typing import Annotated

import typer
from steadymile.pipelines.cli.guard import USAGE, say_trouble
from steadymile.pipelines.cli.options import HomeOption, chosen
from steadymile.pipelines.cli.table import CommandTable
from steadymile.pipelines.home import keep_private
from steadymile.pipelines.versions import package, policy

app = typer.Typer(
    name="steadymile",
    cls=CommandTable,
    help="Turns the files on your watch into next week's training, and says why. Start with: steadymile demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def say_version(asked: bool) -> None:
    """Print the versions of steadymile and of its policy."""
    if asked:
        typer.echo(f"steadymile {package()}, policy {policy()}")
        raise typer.Exit


@app.callback()
def before(
    home: HomeOption = None,
    version: Annotated[
        bool, typer.Option("--version", callback=say_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that may stand before the command."""
    chosen["home"] = home


def main() -> None:
    """Entry point of the console script."""
    keep_private()
    gc.set_threshold(100_000, 20, 20)  # a short process makes few cycles: looking for them costs a tenth of its time
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows ? for it, and the run goes on
    try:
        code = app(args=sys.argv[1:] or ["--help"], standalone_mode=False)
    except Exception as error:  # wrong usage, in the words of typer's parser
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        context = getattr(error, "ctx", None)
        said = message().replace("Value error, ", "").replace("the formats '%Y-%m-%d'", "YYYY-MM-DD")
        say_trouble(said, f"{context.command_path if context else 'steadymile'} --help shows how it is used.")
        code = USAGE
    sys.exit(code)


if __name__ == "__main__":
    main()
