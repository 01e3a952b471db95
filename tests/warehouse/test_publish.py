"""The published file appears whole, never blocks and is never blocked, and a kill at any instant does no harm."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import duckdb
import pytest
from steadymile.warehouse import publish as module
from steadymile.warehouse import store
from steadymile.warehouse.database import open_published, open_work, rows
from steadymile.warehouse.errors import Busy
from steadymile.warehouse.publish import publish

from tests.warehouse.made_rows import recording, week_plan

INSERT = "INSERT INTO base.athletes VALUES ('reader', NULL, 'km', '{}')"


@pytest.fixture
def work(tmp_path):
    path = tmp_path / ".private" / "work.duckdb"
    save(path, "a1")
    return path


@pytest.fixture
def target(tmp_path):
    return tmp_path / "warehouse.duckdb"


def save(path, activity_id, **more):
    con = open_work(path)
    store.save_recordings(con, [recording(activity_id, **more)])
    con.close()


def ids(con):
    return [i for (i,) in rows(con, "SELECT activity_id FROM activities ORDER BY 1")]


def published(target):
    con = open_published(target)
    found = ids(con)
    con.close()
    return found


def test_what_was_saved_is_published(work, target):
    assert not publish(work, target).skipped
    assert published(target) == ["a1"]
    assert sorted(p.name for p in target.parent.iterdir()) == [".private", "warehouse.duckdb"]


def test_nothing_new_is_not_published_again(work, target):
    publish(work, target)
    before = target.stat()
    save(work, "a1")
    assert publish(work, target).skipped
    assert target.stat().st_mtime_ns == before.st_mtime_ns


def test_a_changed_row_is_published(work, target):
    publish(work, target)
    save(work, "a1", heart_rate=150.0)
    assert not publish(work, target).skipped


def test_a_file_that_a_person_removed_is_published_again(work, target):
    publish(work, target)
    target.unlink()
    assert not publish(work, target).skipped
    assert published(target) == ["a1"]


def test_an_open_reader_keeps_the_old_rows_and_a_new_one_sees_the_new(work, target):
    publish(work, target)
    reader = open_published(target)
    assert ids(reader) == ["a1"]
    save(work, "a2", day=1)
    publish(work, target)
    assert ids(reader) == ["a1"]
    reader.close()
    assert published(target) == ["a1", "a2"]


def test_a_readers_edits_are_not_kept(work, target):
    publish(work, target)
    reader = duckdb.connect(str(target))
    reader.execute(INSERT)
    reader.close()
    assert not publish(work, target).skipped
    con = open_published(target)
    assert store.load_athletes(con) == []
    con.close()


def test_a_wal_left_by_a_reader_is_removed_and_never_replayed(work, target):
    publish(work, target)
    script = f"import duckdb, os; c = duckdb.connect({str(target)!r}); c.execute({INSERT!r}); os._exit(9)"
    subprocess.run([sys.executable, "-c", script], check=False)
    wal = target.with_name(target.name + ".wal")
    assert wal.exists()
    con = open_published(target)
    assert store.load_athletes(con) == []
    con.close()
    assert not publish(work, target).skipped
    assert not wal.exists()
    assert published(target) == ["a1"]


def test_edits_made_by_a_reader_of_the_old_file_after_publishing_do_not_reach_the_new(work, target):
    publish(work, target)
    script = (
        f"import duckdb, os, sys; c = duckdb.connect({str(target)!r}); print('open', flush=True); sys.stdin.readline();"
        f"c.execute({INSERT!r}); print('edited', flush=True); sys.stdin.readline(); os._exit(9)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        save(work, "a2", day=1)
        publish(work, target)
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "edited\n"
        reader.stdin.write("\n")
    assert published(target) == ["a1", "a2"]
    assert not publish(work, target).skipped
    assert not target.with_name(target.name + ".wal").exists()
    assert rows(duckdb.connect(str(target), read_only=True), "SELECT count(*) FROM activities") == [(2,)]


def test_a_rebuilt_file_is_published_though_it_changed_as_often_as_the_one_before(work, target):
    publish(work, target)
    work.unlink()
    save(work, "b1")
    assert not publish(work, target).skipped
    assert published(target) == ["b1"]


def test_reading_without_editing_publishes_nothing(work, target):
    publish(work, target)
    reader = duckdb.connect(str(target))
    reader.execute("SELECT count(*) FROM activities").fetchall()
    reader.close()
    assert publish(work, target).skipped


def test_a_copy_that_fails_leaves_the_published_file_and_no_litter(work, target, fails):
    publish(work, target)
    save(work, "a2", day=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "sync", lambda _: (_ for _ in ()).throw(OSError("no space left on device")))
        with pytest.raises(OSError, match="no space left"):
            publish(work, target)
    assert published(target) == ["a1"]
    assert [p for p in target.parent.iterdir() if p.name.endswith(".part")] == []
    publish(work, target)
    assert published(target) == ["a1", "a2"]


def test_a_half_written_copy_of_a_killed_run_is_swept_away(work, target):
    left = target.with_name(f".{target.name}.123.part")
    left.write_bytes(b"half")
    publish(work, target)
    assert not left.exists()


def test_where_an_open_file_cannot_be_replaced_the_message_says_what_to_close(work, target, monkeypatch):
    def refuse(*_):
        raise PermissionError("in use")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(Busy) as caught:
        publish(work, target)
    assert str(caught.value) == (
        f"{target} cannot be replaced while another program has it open. Close that program and run: steadymile nightly"
    )


def test_the_published_file_has_the_older_storage_version(work, target):
    publish(work, target)
    # Bytes 12 to 20 of a DuckDB file are its storage version; 64 is the newest that DuckDB 1.1 reads.
    assert int.from_bytes(target.read_bytes()[12:20], "little") <= 64


def test_views_work_when_the_file_is_attached_under_another_name(work, target):
    publish(work, target)
    con = duckdb.connect()
    con.execute(f"ATTACH '{target}' AS mine (READ_ONLY)")
    assert rows(con, "SELECT activity_id FROM mine.activities") == [("a1",)]
    assert rows(con, "SELECT count(*) FROM mine.weeks") == [(1,)]
    con.close()


CHILD = """
import sys
from pathlib import Path
from tests.warehouse.made_rows import recording, week_plan
from steadymile.warehouse import store
from steadymile.warehouse.database import open_work, transaction
from steadymile.warehouse.lock import HomeLock
from steadymile.warehouse.publish import publish

work, target, first = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
for n in range(first, first + 1000):
    with HomeLock(work.with_name("lock")):
        con = open_work(work)
        with transaction(con):
            store.save_recordings(con, [recording(f"a{n:05d}", day=n, seconds=2000)])
            store.save_week(con, week_plan(run_min=float(n)))
        con.close()
        publish(work, target)
"""


def whole(path, **options):
    """The number of activities, after checking that the file is one moment of the child's work and not a mixture."""
    con = open_published(path) if options.get("published") else open_work(path)
    (count,) = rows(con, "SELECT count(*) FROM activities")[0]
    samples = rows(con, "SELECT count(*) FROM samples WHERE activity_id IN (SELECT activity_id FROM activities)")[0][0]
    planned = rows(con, "SELECT run_min FROM targets")
    con.close()
    assert samples == 2000 * count
    assert planned == ([(float(count - 1),)] if count else [])
    return count


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_at_any_instant_leaves_the_published_file_whole_and_the_next_run_works(tmp_path, seed):
    work, target = tmp_path / "p" / "work.duckdb", tmp_path / "warehouse.duckdb"
    rng = random.Random(seed)
    con = open_work(work)
    store.save_recordings(con, [recording("a00000", seconds=2000)])
    store.save_week(con, week_plan(run_min=0.0))
    con.close()
    publish(work, target)
    for _ in range(2):
        before = whole(target, published=True)
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(work), str(target), str(whole(work))], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            time.sleep(rng.uniform(0.0, 0.6))
            child.kill()
        assert whole(target, published=True) >= before
    assert publish(work, target).target == target
    assert whole(target, published=True) == whole(work)
    assert [p for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def test_names_that_killed_readers_left_go_with_the_next_publication_and_those_in_use_stay(work, target):
    left, in_use = target.parent / ".read-left", target.parent / ".read-now"
    for folder in (left, in_use):
        folder.mkdir()
        (folder / target.name).write_bytes(b"an old file")
    os.utime(left, (0, 0))
    publish(work, target)
    assert (left.exists(), in_use.exists()) == (False, True)
