"""Assistants may ask, within bounds, and change nothing: asked through the client of the SDK."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from steadymile.pipelines.commands.log import log_checkin
from steadymile.pipelines.nightly import run
from steadymile.warehouse.bounded import ask
from steadymile.warehouse.database import open_published
from steadymile.warehouse.errors import WarehouseError

from tests.pipelines.conftest import settings_of

mcp = pytest.importorskip("mcp", reason="the extra `mcp` is not installed")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    home = tmp_path_factory.mktemp("asked")
    now = datetime.now(UTC)
    log_checkin(settings_of(home), None, ["run_min=12", "rpe=4"], now.date(), None, now)
    run(settings_of(home), now)
    return home


def call(home, tool, positions=False, **arguments):
    """What a tool answers: its value, or the text of its error."""
    from steadymile.pipelines.mcp.server import server_for

    async def asked():
        async with mcp.Client(server_for(settings_of(home), positions=positions)) as client:
            return await client.call_tool(tool, arguments)

    result = asyncio.run(asked())
    if result.is_error:
        return result.content[0].text
    found = result.structured_content
    return found["result"] if set(found) == {"result"} else found


def test_every_tool_says_that_it_only_reads(place):
    from steadymile.pipelines.mcp.server import server_for

    async def listed():
        async with mcp.Client(server_for(settings_of(place))) as client:
            return (await client.list_tools()).tools

    tools = asyncio.run(listed())
    assert {tool.name for tool in tools} == {"plan", "explain", "sessions", "schema", "sql"}
    assert all(tool.annotations.read_only_hint for tool in tools)


def test_plan_explanation_and_sessions_are_those_of_the_warehouse(place):
    week = call(place, "plan")
    assert week["headline"]
    planned = f"SELECT day, kind FROM planned_sessions WHERE week = '{week['week']}'"
    there = sorted((str(row["day"]), row["kind"]) for row in call(place, "sql", query=planned)["rows"])
    assert there
    assert sorted((day["day"], day["kind"]) for day in week["days"]) == there
    assert "what would" in call(place, "explain").lower()
    ((session),) = call(place, "sessions", since="2020-01-01")
    assert (session["source"], session["running_s"], session["longest_run_s"]) == ("logged", 720.0, None)
    assert call(place, "sessions") == [session]
    assert "could not be read" in call(place, "sessions", since="yesterday")
    assert "?. " not in (said := call(place, "sql", query="SELECT * FROM nothere"))
    assert ".. " not in said


def test_sql_is_answered_and_a_long_answer_is_cut(place):
    assert call(place, "sql", query="SELECT kind, rpe FROM activities") == {
        "rows": [{"kind": "run", "rpe": 4.0}],
        "cut": False,
    }
    many = call(place, "sql", query="SELECT * FROM range(5000)")
    assert (len(many["rows"]), many["cut"]) == (200, True)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "SELECT * FROM 'https://example.org/x.parquet'",
        "INSTALL httpfs",
        "ATTACH '/tmp/x.duckdb'",
        "SET enable_external_access = true",
        "DELETE FROM base.activities",
        "SELECT 1; SELECT 2",
    ],
)
def test_files_network_settings_and_changes_are_refused(place, query):
    assert isinstance(call(place, "sql", query=query), str)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT latitude_deg AS a FROM samples",
        "WITH s AS (SELECT * FROM base.samples) SELECT count(*) FROM s",
        "SELECT * FROM query('SELECT * FROM samples')",
        "SELECT * FROM query_table('samples')",
        'SELECT * FROM base."samples"',
    ],
)
def test_places_are_given_out_only_where_they_are_allowed(place, query):
    assert "samples is not given out here" in call(place, "sql", query=query)
    assert "rows" in call(place, "sql", positions=True, query=query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT signature FROM base.activities",
        "SELECT * FROM query('SELECT signature FROM base.activities')",
        "WITH a AS (FROM base.activities) SELECT a.signature FROM a",
        "SELECT digest FROM warehouse.base.activities",
        "SELECT stats FROM pragma_storage_info('base.samples')",
        "SUMMARIZE base.activities",
        "EXPLAIN ANALYZE SELECT signature FROM base.activities",
    ],
)
def test_what_lies_beneath_the_views_holds_places_and_is_not_given_out(place, query):
    assert isinstance(call(place, "sql", query=query), str)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT pace(450) AS a, hms(3725) AS b, miles(1609.344) AS c",
        "SELECT week, steps FROM planned_sessions",
        "FROM activities SELECT local_day, load ORDER BY 1 LIMIT 1",
        "WITH a AS (SELECT * FROM days) SELECT count(*) AS n FROM a, weeks",
        "DESCRIBE activities",
        "SUMMARIZE SELECT load FROM activities",
    ],
)
def test_views_are_asked_in_any_words_that_read(place, query):
    assert "rows" in call(place, "sql", query=query)


@pytest.mark.parametrize("links", [True, False])
def test_the_warehouse_file_itself_is_not_given_out_as_bytes(place, links, monkeypatch):
    def refused(*_):
        raise OSError("no links here")

    if not links:
        monkeypatch.setattr(os, "link", refused)
    files = [f"'{place / 'warehouse.duckdb'}'", "(SELECT path FROM duckdb_databases() WHERE NOT internal)"]
    for file in files:
        assert isinstance(call(place, "sql", query=f"SELECT size FROM read_blob({file})"), str)
        assert isinstance(call(place, "sql", query=f"SELECT size FROM read_text({file})"), str)
    assert call(place, "sql", query="SELECT count(*) AS n FROM activities")["rows"] == [{"n": 1}]


def test_a_value_that_json_cannot_hold_is_answered_with_what_to_do(place):
    assert call(place, "sql", query="SELECT INTERVAL 2 DAY AS a")["rows"] == [{"a": "2 days"}]
    assert "Cast them" in call(place, "sql", query="SELECT [DATE 'infinity'] AS a")


def test_two_questions_are_answered_at_a_time(place):
    with closing(open_published(place / "warehouse.duckdb")) as first:
        assert call(place, "sql", query="SELECT count(*) AS n FROM activities")["rows"] == [{"n": 1}]
        assert first.sql("SELECT count(*) FROM activities").fetchall() == [(1,)]


def test_what_takes_too_long_is_interrupted(place):
    endless = "SELECT count(*) FROM range(10000000) a, range(10000000) b"
    con, began = open_published(place / "warehouse.duckdb"), time.monotonic()
    with pytest.raises(WarehouseError, match="longer than"):
        ask(con, endless, seconds=0.3, most=10)
    assert time.monotonic() - began < 20
    assert ask(con, "SELECT 1 AS one", seconds=5, most=10).rows() == [(1,)]
    con.close()


def test_the_command_speaks_on_stdio_and_nothing_else_is_printed(place):
    server = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "steadymile.pipelines.cli.main", "--home", str(place), "mcp"]
    )

    async def asked():
        async with mcp.Client(server) as client:
            return await client.call_tool("sql", {"query": "SELECT max(local_day) AS day FROM activities"})

    found = json.loads(asyncio.run(asked()).content[0].text)
    assert date.fromisoformat(found["rows"][0]["day"]) <= datetime.now(UTC).date()


@pytest.mark.parametrize("days_ago", [0, 1])
def test_an_assistant_hears_of_a_warning_sign_before_the_night_that_stops_the_plan(place, tmp_path, days_ago):
    home = tmp_path / "home"
    shutil.copytree(place, home)
    assert call(home, "plan")["reported"] == []
    now = datetime.now(UTC)
    log_checkin(settings_of(home), None, ["red_flag=chest_pain"], now.date() - timedelta(days=days_ago), None, now)
    assert call(home, "plan")["reported"][0].startswith("A warning sign or strong pain was reported")
