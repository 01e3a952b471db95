"""A shard is a home; what the shards publish becomes one file, whoever ran them."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import duckdb
import numpy as np
import pytest
from steadymile.models.weekplan import Step
from steadymile.pipelines.engine.shards import main, run_shards
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.settings import Settings
from steadymile.studies.synthetic.runner import MadeRunner, to_fit
from steadymile.warehouse.database import open_published
from steadymile.warehouse.parts import collect_parts
from steadymile.warehouse.queries import EXEMPT, VIEWS

from tests.pipelines.conftest import AS_OF, fill


@pytest.fixture
def homes(tmp_path):
    made = []
    for number, athlete_id in enumerate(("ana", "ben")):
        home = tmp_path / athlete_id
        fill(home / "inbox", weeks=2, seed=number)
        (home / "athletes.toml").write_text(f"[{athlete_id}]\n", encoding="utf-8")
        made.append(home)
    return made


def rows(con, name):
    return con.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall()


def merged_equals_shards(target, homes):
    merged = duckdb.connect(str(target), read_only=True)
    merged.execute("SET TimeZone = 'UTC'")
    for name in sorted(set(VIEWS) - EXEMPT - {"metric_cards"}):
        expected = []
        for home in homes:
            con = open_published(home / "warehouse.duckdb")
            expected += rows(con, name)
            con.close()
        assert sorted(map(repr, expected)) == sorted(map(repr, rows(merged, name))), name
    merged.close()


def test_the_merged_file_holds_the_rows_of_every_shard(tmp_path, homes):
    target = tmp_path / "all.duckdb"
    lines = run_shards(Settings(tmp_path, workers=1), homes, tmp_path / "store", target, AS_OF)
    assert lines == [f"2 of 2 shards are in {target}."]
    merged_equals_shards(target, homes)


def test_the_merged_tables_say_what_their_columns_mean(tmp_path, homes):
    target = tmp_path / "all.duckdb"
    run_shards(Settings(tmp_path, workers=1), homes[:1], tmp_path / "store", target, AS_OF)
    con = duckdb.connect(str(target), read_only=True)
    silent = con.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal")
    assert silent.fetchall() == []
    con.close()


def test_a_second_night_with_nothing_new_writes_no_new_part_but_the_log_of_runs(tmp_path, homes):
    store = tmp_path / "store"
    for _ in range(2):
        run_shards(Settings(tmp_path, workers=1), homes, store, tmp_path / "all.duckdb", AS_OF)
    assert {len(list((store / name).iterdir())) for name in VIEWS if name not in EXEMPT} <= {1, 2}


def parts_of(store):
    return {path.name: path.stat().st_mtime_ns for path in (store / "samples").glob("*.parquet")}


def a_run_of(day):
    runner = MadeRunner(np.random.default_rng(1))
    return to_fit(runner.run_session(day, datetime(day.year, day.month, day.day, 7, tzinfo=UTC), [Step(1, 300, 60)]))


def test_a_month_that_did_not_change_is_not_written_again(tmp_path, homes):
    store, home, chosen = tmp_path / "store", homes[0], Settings(tmp_path, workers=1, settle_s=0.0)
    run_shards(chosen, [home], store, tmp_path / "all.duckdb", AS_OF)
    before = parts_of(store)
    assert len(before) == 1
    (home / "inbox" / "late.fit").write_bytes(a_run_of(date(2026, 5, 20)))
    run_shards(chosen, [home], store, tmp_path / "all.duckdb", AS_OF)
    after = parts_of(store)
    assert len(after) == 2
    assert before.items() <= after.items()
    merged_equals_shards(tmp_path / "all.duckdb", [home])


def test_parts_that_no_list_names_are_collected_after_a_day(tmp_path, homes):
    store = tmp_path / "store"
    run_shards(Settings(tmp_path, workers=1), homes[:1], store, tmp_path / "all.duckdb", AS_OF)
    named, folder = set(parts_of(store)), store / "samples"
    old, new, half = (folder / name for name in ("a.parquet", "b.parquet", ".c.part"))
    for path in (old, new, half):
        path.write_bytes(b"")
    for path in (old, half, *(folder / name for name in named)):
        os.utime(path, (0, 0))
    unreadable = store / "shards" / "x.json"
    unreadable.write_text("{")
    assert collect_parts(store, time.time()) == 0
    unreadable.unlink()
    assert collect_parts(store, time.time()) == 2
    assert {path.name for path in folder.iterdir()} == {*named, new.name}


def test_a_shard_that_fails_costs_the_others_nothing(tmp_path, homes):
    (homes[0] / "athletes.toml").write_text("[ana\n", encoding="utf-8")
    target = tmp_path / "all.duckdb"
    lines = run_shards(Settings(tmp_path, workers=1), homes, tmp_path / "store", target, AS_OF)
    assert "athletes.toml is not valid TOML" in lines[0]
    assert lines[-1] == f"1 of 2 shards are in {target}."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "A store, a target and at least one home are needed."),
        (("store", "all.duckdb", "gone"), "There is no home"),
    ],
)
def test_wrong_usage_is_told_and_makes_nothing(tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_one_athlete_in_two_shards_is_refused(tmp_path, homes):
    shutil.copytree(homes[0], tmp_path / "copy")
    twice, store = [homes[0], tmp_path / "copy"], tmp_path / "store"
    with pytest.raises(Trouble, match="ana is in"):
        run_shards(Settings(tmp_path, workers=1), twice, store, tmp_path / "all.duckdb", AS_OF)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_workers_give_the_same_rows(tmp_path, homes):
    pytest.importorskip("distributed", reason="the dask extra is not installed")
    target = tmp_path / "all.duckdb"
    chosen = replace(Settings(tmp_path, workers=2), runner="dask")
    assert run_shards(chosen, homes, tmp_path / "store", target, AS_OF) == [f"2 of 2 shards are in {target}."]
    merged_equals_shards(target, homes)
