"""Rows are written where they differ, and only there."""

import duckdb
import polars as pl
import pytest
from steadymile.warehouse.tables.replace import FEW, MANY, replace

KEY = ["athlete_id", "day"]


@pytest.fixture
def con(monkeypatch):
    monkeypatch.setattr("steadymile.warehouse.tables.replace._schemas", {})
    con = duckdb.connect()
    con.execute("CREATE SCHEMA base")
    con.execute("CREATE TABLE base.state (name VARCHAR, value VARCHAR)")
    con.execute(
        "CREATE TABLE base.t (athlete_id VARCHAR, day INTEGER, x DOUBLE, many DOUBLE[], steps STRUCT(a INTEGER)[])"
    )
    yield con
    con.close()


def table(count, athlete_id="a", **changed):
    columns = {
        "athlete_id": [athlete_id] * count,
        "day": range(count),
        "x": [float("nan") if n == 1 else None if n == 2 else n / 3 for n in range(count)],
        "many": [[n / 7, None] for n in range(count)],
        "steps": [[{"a": n}] for n in range(count)],
    }
    return pl.DataFrame(columns | changed)


def saved(con, new, athlete_id="a"):
    return replace(con, "t", new, KEY, pl.DataFrame({"athlete_id": [athlete_id]}))


def counted(con):
    return con.execute("SELECT value FROM base.state").fetchall()


SIZES = [3, FEW, FEW + 1, MANY + 1]


@pytest.mark.parametrize("count", SIZES)
def test_equal_rows_in_any_order_are_no_change(con, count):
    assert saved(con, table(count)) == count
    before = counted(con)
    assert saved(con, table(count).reverse()) == 0
    assert counted(con) == before


@pytest.mark.parametrize("count", SIZES)
def test_rows_of_one_key_in_another_order_are_no_change(con, count):
    twice = pl.concat([table(count), table(count, x=[0.25] * count)])
    assert saved(con, twice) == count
    before = counted(con)
    assert saved(con, twice.reverse()) == 0
    assert counted(con) == before


@pytest.mark.parametrize("count", SIZES)
@pytest.mark.parametrize(
    "changed",
    [{"x": lambda n: 0.5}, {"many": lambda n: [n / 7, 1.0]}, {"steps": lambda n: [{"a": n}, {"a": n}]}],
    ids=["a number", "a number in a list", "a structure in a list"],
)
def test_one_row_that_differs_is_one_change(con, count, changed):
    saved(con, table(count))
    ((name, value),) = changed.items()
    new = table(count).to_dicts()
    new[0][name] = value(0)
    new = pl.DataFrame(new, schema=table(count).schema)
    assert saved(con, new) == 1
    assert con.sql("SELECT * FROM base.t ORDER BY day").pl().equals(new)


@pytest.mark.parametrize("count", SIZES)
def test_nobody_elses_rows_are_touched(con, count):
    saved(con, table(5, "b"), "b")
    saved(con, table(count))
    assert saved(con, table(0)) == count
    assert con.sql("SELECT * FROM base.t ORDER BY day").pl().equals(table(5, "b").cast({"day": pl.Int32}))
