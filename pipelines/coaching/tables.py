"""Tables as spreadsheets and forms write them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from steadymile.ingest.checkins.files import text_of
from steadymile.ingest.checkins.months import plain
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
    first = next(iter(text.splitlines()), "")
    try:
        lines = [r for r in csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count)) if any(r)]
    except csv.Error as error:
        raise Trouble(f"{path} is no table ({error}).", "Save it as CSV.", 2) from None
    if len(lines) < 2:
        raise Trouble(f"{path} has no rows.", "Its first row names the columns, each further row is a person.", 2)
    header = [cell.strip() for cell in lines[0]]
    return [{name: row[i].strip() for i, name in enumerate(header) if name and i < len(row)} for row in lines[1:]]


def word(text: str) -> str:
    """A header or name for comparing: lower case, no accents, words joined by underscores."""
    return re.sub(r"\W+", "_", plain(text)).strip("_")
