"""What Prefect's database says in words can be taken out of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from steadymile.pipelines.engine import history
from steadymile.pipelines.engine.history import forget_words
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home

TABLES = """
    CREATE TABLE log (message TEXT);
    CREATE TABLE artifact (key TEXT, data TEXT);
    CREATE TABLE flow_run (name TEXT, state_name TEXT);
    CREATE TABLE flow_run_state (name TEXT, message TEXT, data TEXT);
    INSERT INTO log VALUES ('bo/zebrafinch.fit was refused');
    INSERT INTO artifact VALUES ('week-1', 'zebrafinch walks');
    INSERT INTO flow_run VALUES ('mellow-otter', 'Failed');
    INSERT INTO flow_run_state VALUES ('Failed', 'zebrafinch: ValueError', '{}');
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    folder = Home(tmp_path).private / "prefect"
    folder.mkdir(parents=True)
    with sqlite3.connect(folder / "prefect.db") as con:
        con.executescript(TABLES)
    return folder / "prefect.db"


def test_no_byte_of_what_runs_said_is_left_in_the_database_of_prefect(tmp_path, database):
    assert forget_words(Home(tmp_path))
    assert b"zebrafinch" not in database.read_bytes()


def test_runs_keep_their_names_and_outcomes(tmp_path, database):
    forget_words(Home(tmp_path))
    with sqlite3.connect(database) as con:
        assert con.execute("SELECT * FROM flow_run").fetchall() == [("mellow-otter", "Failed")]
        assert con.execute("SELECT * FROM flow_run_state").fetchall() == [("Failed", None, None)]


def test_a_home_without_prefect_has_nothing_to_forget(tmp_path):
    assert not forget_words(Home(tmp_path))


def test_a_database_that_is_busy_is_said_with_the_next_step(tmp_path, database, monkeypatch):
    monkeypatch.setattr(history, "PATIENCE_S", 0.0)
    with sqlite3.connect(database) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Trouble, match="locked") as trouble:
            forget_words(Home(tmp_path))
    assert "Stop steadymile serve" in trouble.value.what_to_do
