"""The page on the schema equals the schema, and units stand where names carry them."""

from __future__ import annotations

import re

import pytest
from steadymile.warehouse import schema_doc, store
from steadymile.warehouse.database import SQL, rows
from steadymile.warehouse.queries import VIEWS

from tests.warehouse.made_rows import recording, week_plan

VIEW_FILES = sorted((SQL / "views").glob("*.sql"))
UNIT_OF_SUFFIX = {
    "_s": "s",
    "_m": "m",
    "_m_s": "m/s",
    "_bpm": "bpm",
    "_spm": "1/min",
    "_w": "W",
    "_deg": "deg",
    "_pct": "%",
    "_kg": "kg",
    "_min": "min",
    "_s_per_km": "s/km",
    "_h": "h",
    "_c": "°C",
    "_at": "UTC",
}
"""What a name ends with says its unit; the longest ending counts."""


def test_the_page_equals_the_schema(con):
    assert schema_doc.DOCUMENT.read_text(encoding="utf-8") == schema_doc.markdown(con), (
        "the schema changed; run: make docs"
    )


def test_every_column_whose_name_carries_a_unit_has_that_unit(con):
    wrong = []
    for table, column, comment in rows(
        con, "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal"
    ):
        endings = [end for end in UNIT_OF_SUFFIX if column.endswith(end)]
        unit = schema_doc.UNIT.search(comment)
        if endings and (unit is None or unit[1] != UNIT_OF_SUFFIX[max(endings, key=len)]):
            wrong.append(f"{table}.{column}: {comment}")
    assert wrong == []


def test_every_view_writes_the_comments_of_its_columns_itself(con):
    # DuckDB lends a column the comment that it has in the view beneath, where it means something else
    text = "".join(path.read_text(encoding="utf-8") for path in VIEW_FILES).replace('"', "")
    written = set(re.findall(r"COMMENT ON COLUMN (\w+\.\w+) IS", text))
    there = {
        f"{view}.{column}"
        for view, column in rows(
            con, "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal"
        )
    }
    lent = {name for name in there if name.split(".")[0].endswith("_history")}  # the columns of the view beside it
    assert there - written - lent == set(), "write the COMMENT ON COLUMN of these in warehouse/sql/views"


def test_every_view_is_a_contract_with_its_order(con):
    there = {
        name
        for (name,) in rows(con, "SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal")
    }
    assert there ^ set(VIEWS) == set(), "name these in VIEWS of warehouse/queries.py"


def test_a_column_without_a_comment_is_refused(con):
    con.execute("COMMENT ON COLUMN files.path IS ''")
    with pytest.raises(ValueError, match="column path has no comment"):
        schema_doc.markdown(con)


def test_a_view_without_a_key_is_refused(con):
    con.execute("COMMENT ON VIEW files IS 'all files'")
    with pytest.raises(ValueError, match="the comment of view files does not end with its key"):
        schema_doc.markdown(con)


def test_the_key_of_each_view_is_among_its_columns(con):
    page = schema_doc.markdown(con)
    for section in page.split("\n## ")[2:]:
        key = re.search(r"Key: `([^`]+)`", section)
        assert key, section[:40]
        assert all(f"| `{column}` |" in section for column in key[1].split(", ")), section[:60]


@pytest.mark.parametrize("view", ["activities", "targets"])
def test_a_key_names_each_row_once(con, view):
    store.save_recordings(con, [recording("a1"), recording("a2")])
    store.save_week(con, week_plan())
    store.save_week(con, week_plan(revision=2))
    (comment,) = rows(con, "SELECT comment FROM duckdb_views() WHERE view_name = ? AND schema_name = 'main'", [view])[0]
    key = schema_doc.KEY.search(comment)
    assert key
    assert rows(con, f"SELECT 1 FROM {view} GROUP BY {key[1]} HAVING count(*) > 1") == []
