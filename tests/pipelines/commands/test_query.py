"""Questions to the warehouse: rows come out whole whatever is in them, and nothing else happens."""

from __future__ import annotations

import csv
import io
import json

import polars as pl
import pytest
from steadymile.pipelines.commands.log import journal_decision
from steadymile.pipelines.commands.query import export_all, export_view, flat, run_sql
from steadymile.pipelines.errors import Trouble
from steadymile.warehouse.queries import VIEWS

from tests.pipelines.conftest import NIGHT, settings_of
from tests.pipelines.test_commands import status


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def cells(home, sql: str) -> list[str]:
    return rows_of(flat(run_sql(settings_of(home), sql)).write_csv())[1]


def test_lists_and_structures_become_json_text(home):
    assert [json.loads(cell) for cell in cells(home, "SELECT [1, 2] AS a, {'b': ['x']} AS c")] == [[1, 2], {"b": ["x"]}]


def test_a_list_that_is_unknown_is_empty(home):
    assert cells(home, "SELECT CAST(NULL AS INTEGER[]) AS a, 1 AS b") == ["", "1"]


@pytest.mark.parametrize("form", [("--csv",), ()])
def test_every_view_can_be_asked_for_as_text(home, form):
    code, said = status(home, "sql", "SELECT * FROM choices", *form)
    assert (code, "allowed" in said) == (0, True)


def test_asking_and_exporting_write_the_same(home, tmp_path):
    export_view(settings_of(home), "choices", tmp_path / "choices.csv", None)
    asked = flat(run_sql(settings_of(home), "SELECT * FROM choices ORDER BY as_of, athlete_id, week")).write_csv()
    assert sorted(rows_of(asked)) == sorted(rows_of((tmp_path / "choices.csv").read_text()))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_guarded(home, text):
    assert cells(home, f"SELECT '{text}' AS title") == [f"'{text}"]


def test_numbers_and_other_text_are_not_guarded(home):
    assert cells(home, "SELECT -2.5 AS a, 'a=b' AS b, 'run -2' AS c, DATE '2026-06-01' AS d") == [
        "-2.5",
        "a=b",
        "run -2",
        "2026-06-01",
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{warehouse}'",
        "COPY (SELECT 1) TO '{warehouse}' (USE_TMP_FILE false)",
        "SELECT 1; COPY (SELECT 1) TO '{warehouse}' (USE_TMP_FILE false)",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{warehouse}' (USE_TMP_FILE false)",
        "/* x */ EXPLAIN ANALYZE /* ( */ COPY (SELECT 1) TO '{warehouse}' (USE_TMP_FILE false)",
        "EXPLAIN (ANALYZE) COPY (SELECT 1) TO '{warehouse}' (USE_TMP_FILE false)",
        "COPY (PIVOT activities ON sport) TO '{warehouse}' (USE_TMP_FILE false)",
        "PREPARE x AS COPY (SELECT 1) TO '{warehouse}' (USE_TMP_FILE false)",
        "EXPORT DATABASE '{warehouse}'",
        "ATTACH '{warehouse}' AS y",
        "SET threads = 1",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CHECKPOINT",
    ],
)
def test_only_questions_are_answered(home, sql):
    warehouse = home / "warehouse.duckdb"
    before = warehouse.read_bytes()
    with pytest.raises(Trouble, match="Only questions"):
        run_sql(settings_of(home), sql.format(warehouse=warehouse))
    assert warehouse.read_bytes() == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "-- how many\nFROM activities SELECT count(*)",
        "WITH x AS (SELECT 1 AS a) FROM x",
        "DESCRIBE activities",
        "SHOW TABLES",
        "SUMMARIZE activities",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
        "PIVOT activities ON sport USING count(*)",
        "VALUES (1)",
        "SELECT 1; SELECT 2;",
    ],
)
def test_every_kind_of_question_is_answered(home, sql):
    assert run_sql(settings_of(home), sql).height >= 1


@pytest.mark.parametrize("kind", ["forget", "keep"])
@pytest.mark.parametrize("named", ["", " "])
def test_an_activity_without_a_name_gets_a_plain_answer(home, kind, named):
    with pytest.raises(Trouble, match="named by its id"):
        journal_decision(settings_of(home), kind, named, NIGHT)


@pytest.mark.parametrize("title", ["[/bold] run", "[red]hill", "\x1b]0;owned\x07"])
def test_a_title_with_commands_in_it_breaks_no_command(home, title):
    code, said = status(home, "sql", f"SELECT '{title}' AS title", "--json")
    assert (code, json.loads(said)) == (0, [{"title": title}])


def test_all_views_leave_as_parquet_with_a_schema(home, tmp_path):
    said = export_all(settings_of(home), tmp_path / "out", None)
    schema = json.loads((tmp_path / "out" / "schema.json").read_text())["views"]
    assert said.startswith(f"{len(VIEWS)} views written")
    assert set(schema) == set(VIEWS)
    assert schema["activities"]["columns"]["distance_m"] == {"type": "DOUBLE", "meaning": "distance covered [m]"}
    for name, view in schema.items():
        frame = pl.read_parquet(tmp_path / "out" / view["file"])
        assert (frame.height, frame.columns) == (view["rows"], list(view["columns"])), name
    assert not list((tmp_path / "out").glob("*.part"))


def test_all_views_go_to_a_folder_and_never_to_a_file(home, tmp_path):
    there = tmp_path / "runs.csv"
    there.write_text("mine")
    with pytest.raises(Trouble, match="is a file, and --all needs a folder"):
        export_all(settings_of(home), there, None)
    code, said = status(home, "export", "activities", "--all", str(tmp_path / "out"))
    assert (code, "it takes a folder alone, not activities as well" in said.replace("\n", " ")) == (2, True)
    assert there.read_text() == "mine"


def test_doctor_takes_a_home_like_every_command(home, tmp_path):
    (tmp_path / "a.txt").write_text("shopping list")
    code, said = status(home, "doctor", "--home", str(home), str(tmp_path / "a.txt"))
    assert (code, "No such option" in said) == (0, False)


def test_an_export_that_cannot_be_finished_leaves_the_old_file_and_no_half_one(home, tmp_path, monkeypatch):
    old = tmp_path / "a.csv"
    old.write_text("before")

    def full(self, to):
        to.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_csv", full)
    with pytest.raises(OSError, match="No space"):
        export_view(settings_of(home), "targets", old, None)
    assert [(path.name, path.read_text()) for path in tmp_path.glob("a.*")] == [("a.csv", "before")]


def test_what_the_database_says_of_a_wrong_name_ends_as_a_sentence(home):
    with pytest.raises(Trouble) as found:
        run_sql(settings_of(home), "SELECT foo FROM weeks")
    assert str(found.value).splitlines()[0] == 'Binder Error: Referenced column "foo" not found in FROM clause.'
