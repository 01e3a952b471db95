"""A progress bar for long work; silent when piped or when there is little to do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress
from steadymile.reports.terminal.screen import Screen

Progress = Callable[[int, int, str], None]
"""Called with (done, total, what)."""

SHOW_FROM = 8


def silent(done: int, total: int, what: str) -> None:
    """A progress that shows nothing."""


@contextmanager
def bar(title: str, quiet: bool = False) -> Iterator[Progress]:
    """A bar on a terminal once there are more than a few things to do; nothing otherwise."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    shown: dict[str, object] = {}

    def update(done: int, total: int, what: str) -> None:
        if total < SHOW_FROM:
            return
        if "bar" not in shown:
            rich = RichProgress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Screen(stderr=True),
                transient=True,
            )
            rich.start()
            shown["bar"], shown["task"] = rich, rich.add_task(title, total=total)
        shown["bar"].update(shown["task"], completed=done, total=total, description=what or title)  # type: ignore[attr-defined]

    try:
        yield update
    finally:
        if "bar" in shown:
            shown["bar"].stop()  # type: ignore[attr-defined]
