"""A progress bar for long work; silent when piped or when there is little to do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

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
    with ExitStack() as shown:
        rich: RichProgress | None = None

        def update(done: int, total: int, what: str) -> None:
            nonlocal rich
            if total < SHOW_FROM:
                return
            if rich is None:
                columns = (
                    TextColumn("{task.description}", markup=False),
                    BarColumn(),
                    MofNCompleteColumn(),
                    TimeRemainingColumn(),
                )
                rich = shown.enter_context(RichProgress(*columns, console=Screen(stderr=True), transient=True))
                rich.add_task(title)
            rich.update(rich.task_ids[0], completed=done, total=total, description=what or title)

        yield update
