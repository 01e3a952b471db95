"""The published file is its owner's: every DuckDB from 1.1 to the newest opens it and answers by every view."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from steadymile.warehouse import store
from steadymile.warehouse.database import definitions, open_work
from steadymile.warehouse.publish import publish

from tests.warehouse.made_rows import recording

KNOWN = Path(__file__).parent.parent / "data" / "duckdb-1.1-functions.txt"
"""Every function of DuckDB 1.1.0, as its own duckdb_functions() names them."""
WORDS = """and as by case cast coalesce desc else end filter from in into is join key not null on or order over
partition select set then union values view when where with within qualify limit having using varchar decimal struct
row_number rank dense_rank lag lead first_value last_value ntile"""
"""What may stand before a bracket without being in that list: words of SQL, and the functions of windows."""
OLDEST = "duckdb==1.1.0"
ASK = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
views = con.execute("SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal").fetchall()
for schema, view in views:
    con.execute(f'SELECT * FROM {schema}.{view}').fetchall()
print(con.execute("SELECT pace(300.0), hms(61.0), miles(1609.344)").fetchall(), len(views))
"""


def called(sql: str) -> set[str]:
    """Names before a bracket, comments and texts left out."""
    bare = re.sub(r"'(?:[^']|'')*'", "''", re.sub(r"--[^\n]*", "", sql))
    return {name.lower() for name in re.findall(r"([A-Za-z_][A-Za-z_0-9]*)\s*\(", bare)}


def test_views_and_macros_call_no_function_younger_than_duckdb_1_1():
    known = set(KNOWN.read_text(encoding="utf-8").split()) | set(WORDS.split())
    macros = definitions()[0]
    own = {name.lower() for name in re.findall(r"MACRO\s+(\w+)\s*\(", macros)}
    assert [found for sql in definitions() if (found := called(sql) - known - own)] == []


def test_a_function_that_came_later_is_found():
    assert "if" not in KNOWN.read_text(encoding="utf-8").split()
    assert called("SELECT if(a, 1, NULL) -- count(x)\n FROM t WHERE b = 'max(c)'") == {"if"}


@pytest.mark.slow
@pytest.mark.parametrize("release", [OLDEST, "duckdb"])
def test_another_release_answers_by_every_view(release, tmp_path):
    work, target = tmp_path / "work.duckdb", tmp_path / "warehouse.duckdb"
    con = open_work(work)
    store.save_recordings(con, [recording("a1")])
    con.close()
    publish(work, target)
    place = tmp_path / "other"
    venv.create(place, with_pip=True)
    python = str(place / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    fetched = subprocess.run(
        [python, "-m", "pip", "install", "-q", "--only-binary", ":all:", release, "pytz"],
        capture_output=True,
        timeout=300,
    )
    if fetched.returncode:
        pytest.skip(f"{release} could not be installed here: {fetched.stderr.decode()[-120:]}")
    asked = subprocess.run([python, "-c", ASK, str(target)], capture_output=True, text=True, timeout=120)
    assert (asked.returncode, asked.stdout[:27]) == (0, "[('5:00 /km', '1:01', 1.0)]"), asked.stderr[-400:]
