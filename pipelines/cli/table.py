"""The command table: which module holds which command. A module is imported when one of its commands is called. Each
command is one function that documents itself, calls one step and prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from importlib import import_module
from typing import Annotated, Any

import typer
from steadymile.pipelines.cli.guard import USAGE, run_guarded, say_trouble
from steadymile.pipelines.cli.options import HomeOption, about, chosen
from steadymile.pipelines.versions import package, policy
from typer.core import TyperGroup
from typer.main import get_command_from_info

WHERE = {
    "nightly": ("demo", "nightly", "ingest"),
    "planning": ("plan", "explain", "replay", "override"),
    "saying": (
        "init",
        "log",
        "unlog",
        "athlete",
        "watch-sync",
        "date",
        "watch-send",
        "audio",
        "sport",
        "keep",
        "unkeep",
        "forget",
        "unforget",
    ),
    "opening": ("open", "mcp"),
    "looking": ("status", "coach", "doctor", "sql", "export", "report"),
    "mending": ("rebuild", "recompute", "erase", "verify", "backup", "restore"),
    "studying": ("lab",),
    "serving": ("serve", "deploy"),
}
"""Modules beside this one, and the commands that each holds; tests compare it with the modules."""

PANELS = {
    **dict.fromkeys(
        ("init", "demo", "nightly", "open", "log", "explain", "status", "watch-sync", "watch-send", "audio"),
        "Every day",
    ),
    **dict.fromkeys(("ingest", "plan", "doctor", "report", "export", "sql", "mcp", "replay"), "A closer look"),
    **dict.fromkeys(("athlete", "coach", "override", "erase"), "People"),
    **dict.fromkeys(("backup", "restore", "date", "sport", "unlog"), "Putting right"),
    **dict.fromkeys(("keep", "unkeep", "forget", "unforget", "recompute", "rebuild", "verify"), "Putting right"),
}
"""Under which heading of the help a command stands."""


class Commands:
    """The commands of one module, by the name that people type."""

    def __init__(self) -> None:
        self.app = typer.Typer()

    def command(self, name: str | None = None) -> Callable[[Callable[..., int | None]], Callable[..., None]]:
        """Register a command whose return value is its exit code; known trouble is one line what, one line what to
        do."""

        def register(function: Callable[..., int | None]) -> Callable[..., None]:
            @wraps(function)
            def guarded(*args: Any, **kwargs: Any) -> None:
                with about(kwargs.get("home"), kwargs.get("athlete")):
                    raise typer.Exit(run_guarded(lambda: function(*args, **kwargs)))

            called = name or function.__name__
            self.app.command(called, rich_help_panel=PANELS.get(called, "Further"))(guarded)
            return guarded

        return register


def commands_of(module: str) -> dict[str, Any]:
    """The commands of one module beside this one, by name."""
    held: Commands = import_module(f"{__package__}.{module}").commands
    found = {
        str(info.name): get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode=None)
        for info in held.app.registered_commands
    }
    for command in found.values():
        for param in command.params:
            name_plainly(param)
    return found


def name_plainly(param: Any) -> None:
    """Show a parameter in the help by what is meant, not by its type in Python: `--port PORT`, not `--port <int
    range>`; what must be given without the braces that somebody might type."""
    given = not getattr(param, "is_flag", False)
    if given and param.metavar is None:
        param.metavar = str(param.name).upper()
    low, high = getattr(param, "min", None), getattr(param, "max", None)
    if low is not None:
        param._get_number_range_help_str = lambda: f"{low} to {high}" if high is not None else f"{low} or more"
    if param.param_type_name == "argument":
        param.display_type_rich = lambda ctx: None  # its name stands before it
        if param.required:
            param._usage_display_name = lambda: f"{param.metavar}{'' if param.nargs == 1 else '...'}"
    elif not given:
        param.display_type_rich = lambda ctx: None


class CommandTable(TyperGroup):
    """The group of all commands, each looked up in the table when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every command, in the order of the table."""
        return [name for names in WHERE.values() for name in names]

    def get_params(self, ctx: Any) -> Any:
        """Its own options, named as those of the commands."""
        found = super().get_params(ctx)
        for param in found:
            name_plainly(param)
        return found

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, its module imported; None where there is none."""
        for module, names in WHERE.items():
            if cmd_name in names:
                return commands_of(module)[cmd_name]
        return None


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
    context: typer.Context,
    home: HomeOption = None,
    version: Annotated[
        bool, typer.Option("--version", callback=say_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that may stand before the command."""
    chosen["home"] = home
    context.call_on_close(lambda: chosen.update(home=None))


def called(words: Sequence[str]) -> int:
    """Run the command that these words of a command line ask for; its exit code."""
    try:
        return int(app(args=list(words) or ["--help"], standalone_mode=False) or 0)
    except Exception as error:  # wrong usage, in the words of typer's parser
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        context = getattr(error, "ctx", None)
        said = message().replace("Value error, ", "")
        say_trouble(said, f"{context.command_path if context else 'steadymile'} --help shows how it is used.")
        return USAGE
