"""docs/reference/schema.md, written from the comments in the database: `python -m steadymile.warehouse.schema_doc`."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import duckdb
from steadymile.warehouse.database import open_work, rows
from steadymile.warehouse.queries import VIEWS

UNIT = re.compile(r"\s*\[([^\]]+)\]$")
KEY = re.compile(r"\s*Key: ([^.]+)\.$")
DOCUMENT = Path(__file__).parent.parent / "docs" / "reference" / "schema.md"

HEAD = """# The warehouse

`warehouse.duckdb` in the home folder is yours: open it with any DuckDB (1.1 or newer) whenever you like, or ask
`steadymile sql "SELECT ..."`. It is published anew by each nightly run that found something new; changes you make to it
are not kept.

The views below are contracts: columns may be added, never renamed, and their type, unit and key stay. Times are UTC,
days are local to where you were, weeks are ISO weeks. Unknown is NULL, never 0. `[au]` is the unit of training load.
Tables in the schema `base` lie behind the views and may change.

This page is written from the comments in the database; every one of them is there too:
`SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'activities'`.
"""


def markdown(con: duckdb.DuckDBPyConnection) -> str:
    """The whole page."""
    return "\n".join([HEAD, _macros(con), *(_view(con, name) for name in VIEWS)]).rstrip() + "\n"


def _macros(con: duckdb.DuckDBPyConnection) -> str:
    found = rows(
        con,
        """SELECT DISTINCT function_name, parameters[1], comment FROM duckdb_functions()
        WHERE schema_name = 'main' AND function_type = 'macro' AND NOT internal ORDER BY 1""",
    )
    lines = [f"| `{name}({parameter})` | {comment} |" for name, parameter, comment in found]
    return "\n".join(["## Macros", "", "| macro | meaning |", "|---|---|", *lines, ""])


def _view(con: duckdb.DuckDBPyConnection, name: str) -> str:
    (comment,) = rows(con, "SELECT comment FROM duckdb_views() WHERE schema_name = 'main' AND view_name = ?", [name])[0]
    key = KEY.search(comment)
    if not key:
        raise ValueError(f"the comment of view {name} does not end with its key: {comment}")
    columns = rows(
        con,
        """SELECT column_name, data_type, comment FROM duckdb_columns()
        WHERE schema_name = 'main' AND table_name = ? ORDER BY column_index""",
        [name],
    )
    lines = [_column(*column) for column in columns]
    head = [f"## {name}", "", f"{KEY.sub('', comment)} Key: `{key[1]}`.", ""]
    return "\n".join([*head, "| column | type | unit | meaning |", "|---|---|---|---|", *lines, ""])


def _column(name: str, kind: str, comment: str | None) -> str:
    if not comment:
        raise ValueError(f"column {name} has no comment")
    unit = UNIT.search(comment)
    shown = kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
    return f"| `{name}` | {shown} | {unit[1] if unit else ''} | {UNIT.sub('', comment)} |"


def current() -> str:
    """The page of the schema as it is now, from a fresh database."""
    with tempfile.TemporaryDirectory() as folder:
        con = open_work(Path(folder) / "work.duckdb")
        try:
            return markdown(con)
        finally:
            con.close()


if __name__ == "__main__":
    DOCUMENT.write_text(current(), encoding="utf-8")
