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
    with RichProgress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Screen(stderr=True),
        transient=True,
    ) as rich:
        task = rich.add_task(title, total=None, visible=False)

        def update(done: int, total: int, what: str) -> None:
            if total >= SHOW_FROM:
                rich.update(task, completed=done, total=total, description=what or title, visible=True)

        yield update
