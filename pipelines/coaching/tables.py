"""Tables as spreadsheets and forms write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from steadymile.ingest.checkins.text import text_of
from steadymile.pipelines.errors import Trouble

MOST_BYTES = 8 * 1024 * 1024


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by header, in whatever encoding and with whatever separator it was saved. Trouble where it
    is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Trouble(f"{path} is larger than {MOST_BYTES // 1024**2} MB.", "Name a table of people.", 2)
        text = text_of(path.read_bytes())
    except OSError as error:
        raise Trouble(f"{path} cannot be read ({error.strerror or error}).", "Name a CSV file.", 2) from None
    try:
        lines = max((_lines(text, mark) for mark in ",;\t"), key=_fit)
    except csv.Error as error:
        raise Trouble(f"{path} is not a table ({error}).", "Save it as CSV.", 2) from None
    if len(lines) < 2:
        raise Trouble(f"{path} has no rows.", "Its first row names the columns, each further row is a person.", 2)
    header = [cell.strip() for cell in lines[0]]
    return [_cells(header, row) for row in lines[1:]]


def _lines(text: str, mark: str) -> list[list[str]]:
    """The rows that are not empty, with this separator; a first line that only names it (`sep=;`) is none."""
    found = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark) if any(row)]
    return found[1:] if found and found[0][0].startswith("sep=") else found


def _fit(lines: list[list[str]]) -> tuple[int, int]:
    """How well rows fit their header: a separator within the questions or answers fits worse."""
    columns = len(lines[0]) if lines else 0
    return (sum(len(row) == columns for row in lines) if columns > 1 else 0), columns


def _cells(header: list[str], row: list[str]) -> dict[str, str]:
    """A row by header; of columns of one name the first that says something."""
    found: dict[str, str] = {}
    for name, cell in zip(header, row):
        if name and not found.get(name):
            found[name] = cell.strip()
    return found
