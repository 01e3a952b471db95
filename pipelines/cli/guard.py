"""What every command shares: exit codes, and trouble in plain words."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from steadymile.pipelines.errors import HomeError, Trouble, plain
from steadymile.reports.terminal.screen import Place, shown

DONE = 0
NEEDS_YOU = 1
USAGE = 2
FAILED = 3

place = Place()
"""The home and the person that the command at work was asked about."""


def run_guarded(work: Callable[[], int | None]) -> int:
    """Run a command's work; turn what people can mend into plain words, exit code 3 for failure."""

    try:
        return work() or DONE
    except (HomeError, Trouble) as error:
        say_trouble(getattr(error, "what", str(error)), getattr(error, "what_to_do", None))
        return getattr(error, "exit_code", USAGE if isinstance(error, HomeError) else FAILED)
    except BrokenPipeError:
        leave_unread()
        return DONE
    except (KeyboardInterrupt, typer.Abort):
        say_trouble("Stopped.", "Nothing is half done: run it again whenever you like.")
        return FAILED
    except Exception as error:
        if os.environ.get("STEADYMILE_DEBUG"):
            raise
        say_trouble(*plain(error))
        return FAILED


def leave_unread() -> None:
    """Nobody reads any more: what is still printed goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def printing() -> Iterator[None]:
    """Print for whoever reads, to the end or not (`| head`): the exit code is that of the work all the same."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        leave_unread()


def say_trouble(what: str, what_to_do: str | None) -> None:
    """Say what is wrong and what to do, on the error stream."""
    say(what, err=True)
    if what_to_do:
        say(what_to_do, err=True)


def say(line: object, err: bool = False) -> None:
    """Print one line, without anything that a terminal would obey; its commands lead to the place asked about."""
    typer.echo(shown(place.led(str(line))), err=err)
