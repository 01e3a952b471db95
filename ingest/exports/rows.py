"""The rows of a table, whatever divides its cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from steadymile.ingest.checkins.text import text_of
from steadymile.ingest.reading import Unreadable

MOST_ROWS = 200_000

Row = Sequence[str]


def rows_of(text: str, most: int) -> Iterator[Row]:
    """The rows of a table that hold anything, at most so many, cut at what divides its first line. Raises csv.Error."""
    line = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=line.count))
    for count, row in enumerate(row for row in reader if any(cell.strip() for cell in row)):
        if count >= most:
            return
        yield row


def table_of(text: str, again: str = "Export it again", what: str = "list") -> list[Row]:
    """All rows of a table. Raises Unreadable, with `again` as the next step, for what is none or is too long."""
    try:
        rows = list(rows_of(text, MOST_ROWS + 1))
    except csv.Error as error:
        raise Unreadable(f"The {what} cannot be read ({error})", again) from None
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"The {what} holds more than {MOST_ROWS:,} rows", "Split it into several files")
    return rows


def named(rows: Sequence[Row]) -> Iterator[Mapping[str, str]]:
    """Each row under the first one by its columns' names, lower-case; an empty text where a row is too short."""
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    return ({name: row[i] if i < len(row) else "" for i, name in enumerate(header)} for row in rows[1:])


def names_of(data: bytes) -> frozenset[str]:
    """The names of the first line's columns, lower-case."""
    line = text_of(data[:20_000]).split("\n", 1)[0]
    return frozenset(cell.strip().strip('"').lower() for cell in line.split(max(",;\t", key=line.count)))
