"""Opening: migrations, words about every column, transactions, and what a reader may not do."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import pytest
from steadymile.warehouse import database
from steadymile.warehouse.database import is_damage, open_published, open_work, rows, schema_version, transaction
from steadymile.warehouse.errors import Broken, Busy, WarehouseError
from steadymile.warehouse.publish import publish
from steadymile.warehouse.queries import VIEWS
from steadymile.warehouse.store import save_recordings

from tests.warehouse.made_rows import recording


def test_a_new_file_has_every_contract_view(con):
    found = {
        name
        for (name,) in rows(con, "SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal")
    }
    assert found == set(VIEWS)


def test_every_table_view_column_and_macro_says_what_it_is(con):
    silent = rows(
        con,
        """SELECT table_name, column_name FROM duckdb_columns()
        WHERE schema_name IN ('main', 'base') AND NOT internal AND coalesce(comment, '') = ''
        UNION ALL SELECT view_name, NULL FROM duckdb_views()
        WHERE schema_name IN ('main', 'base') AND NOT internal AND coalesce(comment, '') = ''
        UNION ALL SELECT table_name, NULL FROM duckdb_tables()
        WHERE schema_name IN ('main', 'base') AND coalesce(comment, '') = ''
        UNION ALL SELECT function_name, NULL FROM duckdb_functions()
        WHERE schema_name = 'main' AND function_type = 'macro' AND NOT internal AND coalesce(comment, '') = ''""",
    )
    assert silent == []


def test_opening_again_changes_nothing(tmp_path):
    open_work(tmp_path / "w.duckdb").close()
    con = open_work(tmp_path / "w.duckdb")
    assert database.changes(con) == 1
    assert schema_version(con) == database.migrations()[-1][0]


def test_migrations_are_numbered_without_a_gap():
    assert [number for number, _ in database.migrations()] == list(range(1, len(database.migrations()) + 1))


def test_an_older_file_is_migrated_and_keeps_its_rows(tmp_path, monkeypatch):
    con = open_work(tmp_path / "w.duckdb")
    save_recordings(con, [recording()])
    con.close()
    later = len(database.migrations()) + 1
    sql = "CREATE TABLE base.later (x INTEGER); COMMENT ON TABLE base.later IS 'later'"
    newer = (*database.migrations(), (later, sql))
    monkeypatch.setattr(database, "migrations", lambda: newer)
    con = open_work(tmp_path / "w.duckdb")
    assert schema_version(con) == later
    assert rows(con, "SELECT count(*) FROM activities") == [(1,)]
    assert rows(con, "SELECT count(*) FROM base.later") == [(0,)]


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    open_work(tmp_path / "w.duckdb").close()
    newest = len(database.migrations())
    broken = (*database.migrations(), (newest + 1, "CREATE TABLE base.x (i INTEGER)"), (newest + 2, "nonsense"))
    with monkeypatch.context() as patch:
        patch.setattr(database, "migrations", lambda: broken)
        with pytest.raises(duckdb.ParserException):
            open_work(tmp_path / "w.duckdb")
    con = open_work(tmp_path / "w.duckdb")
    assert schema_version(con) == newest


def test_a_file_of_a_newer_steadymile_is_refused(tmp_path):
    path = tmp_path / "w.duckdb"
    con = open_work(path)
    database.set_state(con, "schema_version", "99")
    con.close()
    with pytest.raises(WarehouseError) as caught:
        open_work(path)
    assert str(caught.value) == (
        f"{path} was written by a newer steadymile (schema 99, this one knows {database.migrations()[-1][0]}). "
        "Update steadymile, or point it at another home"
    )


def test_a_file_that_is_no_database_is_refused_with_the_next_step(tmp_path):
    (tmp_path / "w.duckdb").write_bytes(b"this is no database" * 1000)
    with pytest.raises(WarehouseError, match="run: steadymile rebuild"):
        open_work(tmp_path / "w.duckdb")


def test_changed_definitions_of_views_are_taken_up(tmp_path, monkeypatch):
    open_work(tmp_path / "w.duckdb").close()
    more = (*database.definitions(), "CREATE OR REPLACE MACRO twice(x) AS 2 * x; COMMENT ON MACRO twice IS 'twice'")
    monkeypatch.setattr(database, "definitions", lambda: more)
    con = open_work(tmp_path / "w.duckdb")
    assert rows(con, "SELECT twice(4)") == [(8,)]
    assert database.changes(con) == 2


def test_times_are_utc(con):
    assert rows(con, "SELECT current_setting('TimeZone')") == [("UTC",)]


def test_a_transaction_that_fails_leaves_nothing(con):
    def interrupted() -> None:
        with transaction(con):
            save_recordings(con, [recording()])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert rows(con, "SELECT count(*) FROM activities") == [(0,)]


def test_an_inner_transaction_joins_the_outer_one(con):
    with transaction(con):
        with transaction(con):
            database.bump(con)
        database.bump(con)
    assert database.changes(con) == 3


def test_a_reader_of_the_published_file_cannot_write_or_reach_out(tmp_path):
    open_work(tmp_path / "w.duckdb").close()
    publish(tmp_path / "w.duckdb", tmp_path / "p.duckdb")
    con = open_published(tmp_path / "p.duckdb")
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        con.execute("CREATE TABLE x (i INTEGER)")
    with pytest.raises(duckdb.PermissionException):
        con.execute(f"SELECT * FROM read_text('{__file__}')")
    with pytest.raises(duckdb.PermissionException):
        con.execute(f"COPY (SELECT 1) TO '{tmp_path}/out.csv'")
    with pytest.raises(duckdb.InvalidInputException, match="configuration has been locked"):
        con.execute("SET enable_external_access = true")


def test_no_warehouse_yet_names_the_next_step(tmp_path):
    with pytest.raises(WarehouseError, match="Run: steadymile nightly"):
        open_published(tmp_path / "warehouse.duckdb")


def test_a_work_file_open_elsewhere_is_busy(tmp_path):
    open_work(tmp_path / "w.duckdb").close()
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path / "w.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Busy, match=r"^Another program has w\.duckdb open"):
            open_work(tmp_path / "w.duckdb")
        holder.kill()


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("pace(450)", "7:30 /km"),
        ("pace(449.6)", "7:30 /km"),
        ("pace(NULL)", None),
        ("hms(3725)", "1:02:05"),
        ("hms(59.6)", "1:00"),
        ("hms(3599.7)", "1:00:00"),
        ("hms(-62)", "-1:02"),
        ("hms(0)", "0:00"),
        ("hms(NULL)", None),
        ("miles(1609.344)", 1.0),
        ("miles(NULL)", None),
    ],
)
def test_macros_for_people(con, call, shown):
    assert rows(con, f"SELECT {call}") == [(shown,)]


def test_a_macro_around_a_window_function_is_right(con):
    assert rows(con, "SELECT hms(sum(x) OVER ()) FROM (VALUES (50), (70)) t(x)") == [("2:00",), ("2:00",)]


def test_a_folder_that_is_called_lock_holds_no_lock(tmp_path):
    place = tmp_path / "lock" / "work.duckdb"
    place.mkdir(parents=True)
    with pytest.raises(Broken):
        open_work(place)


class InANotebook:
    """A connection in a notebook without ipywidgets: it refuses every word about a progress bar."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def execute(self, sql: str, *rest: object):
        if "progress_bar" in sql:
            raise duckdb.InvalidInputException("Could not change the progress bar setting: 'ipywidgets' is missing")
        return self.con.execute(sql, *rest)

    def __getattr__(self, name: str):
        return getattr(self.con, name)


def test_a_notebook_that_can_draw_no_progress_bar_opens_a_warehouse_all_the_same(tmp_path, monkeypatch):
    open_work(tmp_path / "w.duckdb").close()
    publish(tmp_path / "w.duckdb", tmp_path / "warehouse.duckdb")
    connect = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *a, **k: InANotebook(connect(*a, **k)))
    assert rows(open_published(tmp_path / "warehouse.duckdb"), "SELECT 1") == [(1,)]


def test_words_of_damage_that_a_value_quotes_are_no_damage():
    with pytest.raises(duckdb.ConversionException) as found:
        duckdb.sql("SELECT CAST('Corrupt database file: checksum' AS INTEGER)").fetchall()
    assert not is_damage(found.value)
    assert is_damage(duckdb.IOException("Corrupt database file: computed checksum 1 does not match stored checksum 2"))
