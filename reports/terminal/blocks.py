"""Shared pieces of the terminal's blocks: titles, indented text, plain tables that survive a pipe."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

STYLES = {"advance": "green", "hold": "cyan", "back_off": "yellow", "rebuild": "yellow", "stop": "red"}
"""The colour of each decision. Colour only repeats what the words say."""

NOT_MEDICAL = "Training advice from your own recordings, not medical advice."


def title(text: str, first: bool = False) -> Text:
    """A block's heading, with an empty line above it unless it is the first."""
    return Text.assemble("" if first else "\n", (text, "bold"))


def indented(content: RenderableType, style: str = "", below: int = 0) -> Padding:
    """Content two columns in, with empty lines below it."""
    return Padding(Text(content, style) if isinstance(content, str) else content, (0, 0, below, 2), expand=False)


def plain_table(*columns: str, right: tuple[int, ...] = ()) -> Table:
    """A table without a frame; columns named in `right` (by position) are right-aligned."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim")
    for position, name in enumerate(columns):
        table.add_column(name, justify="right" if position in right else "left")
    return table


LABEL_CELLS = 28
"""A label wider than this goes on in a second line, so that one long name leaves room for what everybody's says."""


def labelled(*pairs: tuple[str, str | Text]) -> Table:
    """Two columns without lines: a dim label and its text."""
    grid = Table.grid(padding=(0, 2))
    wide = min(LABEL_CELLS, max((cell_len(label) for label, _ in pairs), default=0))
    grid.add_column(style="dim", overflow="fold", min_width=wide, max_width=LABEL_CELLS)
    grid.add_column()
    for label, text in pairs:
        grid.add_row(label, text)
    return grid


def listed(lines: Iterable[str]) -> Table:
    """Sentences as a list whose second lines hang under the first."""
    grid = Table.grid(padding=(0, 1))
    for text in lines:
        grid.add_row("-", text)
    return grid
