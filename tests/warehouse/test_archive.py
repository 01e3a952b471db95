"""Originals are kept whole or not at all, and checked when read."""

from __future__ import annotations

import gzip
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.warehouse import archive as module
from steadymile.warehouse.archive import Archive, make_way, settle
from steadymile.warehouse.errors import Damaged

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_an_original_is_named_by_the_sha256_of_its_bytes(tmp_path):
    archive = Archive(tmp_path)
    assert archive.put(b"abc") == ABC
    assert (tmp_path / "ba" / f"{ABC}.gz").is_file()


@given(st.binary(max_size=2000))
def test_what_is_put_comes_back(tmp_path_factory, data):
    archive = Archive(tmp_path_factory.mktemp("archive"))
    assert archive.get(archive.put(data)) == data


def test_putting_twice_writes_once(tmp_path):
    archive = Archive(tmp_path)
    path = archive.path(archive.put(b"abc"))
    before = path.stat().st_mtime_ns, path.stat().st_ino
    archive.put(b"abc")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_equal_originals_give_equal_objects_wherever_they_are_written(tmp_path):
    one, two = Archive(tmp_path / "1"), Archive(tmp_path / "2")
    assert one.path(one.put(b"abc")).read_bytes() == two.path(two.put(b"abc")).read_bytes()


def test_a_changed_object_is_refused_with_the_next_step(tmp_path):
    archive = Archive(tmp_path)
    path = archive.path(archive.put(b"abc"))
    path.write_bytes(gzip.compress(b"abd"))
    with pytest.raises(Damaged) as caught:
        archive.get(ABC)
    found = hashlib.sha256(b"abd").hexdigest()[:12]
    assert str(caught.value) == (
        f"The archived original ba7816bf8f01 holds other bytes (sha-256 {found}): {path}. "
        "Drop the original file into the inbox again, or restore the archive folder from a backup"
    )


@pytest.mark.parametrize("left", [0, 1, 9, 20])
def test_a_truncated_object_is_refused(tmp_path, left):
    archive = Archive(tmp_path)
    path = archive.path(archive.put(b"abc" * 100))
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(Damaged, match=r"cannot be decompressed|holds other bytes"):
        archive.get(path.name.removesuffix(".gz"))


def test_a_missing_object_is_named(tmp_path):
    with pytest.raises(Damaged, match="The archive has no object ba7816bf8f01"):
        Archive(tmp_path).get(ABC)


def test_putting_the_bytes_again_heals_a_damaged_object(tmp_path):
    archive = Archive(tmp_path)
    archive.path(archive.put(b"abc")).write_bytes(b"")
    archive.put(b"abc")
    assert archive.get(ABC) == b"abc"


def test_verify_names_only_what_is_damaged(tmp_path):
    archive = Archive(tmp_path)
    archive.put_many([b"abc", b"def"])
    archive.path(ABC).write_bytes(b"x")
    assert [problem[:45] for problem in archive.verify()] == ["The archived original ba7816bf8f01 cannot be "]


def test_all_objects_are_listed_in_order(tmp_path):
    archive = Archive(tmp_path)
    names = archive.put_many([b"abc", b"def", b""])
    assert list(archive) == sorted(names)
    assert len(archive) == 3


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, fails):
    archive = Archive(tmp_path)
    fails(module.os, "replace")
    with pytest.raises(OSError, match="no space left"):
        archive.put_many([b"abc", b"def"])
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_disk_that_fills_while_an_original_is_written_keeps_no_part_of_it(tmp_path, fails):
    fails(module.gzip, "compress")
    with pytest.raises(OSError, match="no space left"):
        Archive(tmp_path).put(b"abc")
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_many_writers_of_one_original_do_no_harm(tmp_path):
    archive = Archive(tmp_path)
    data = [bytes([n % 3]) * 5000 for n in range(60)]
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(archive.put, data))
    assert len(set(names)) == 3
    assert archive.verify() == []
    assert not list(tmp_path.rglob("*.part"))


def test_a_removed_original_is_gone(tmp_path):
    archive = Archive(tmp_path)
    archive.put(b"abc")
    assert archive.remove(ABC)
    assert not archive.has(ABC)
    assert not archive.remove(ABC)


def test_what_was_kept_longest_leaves_when_the_bound_is_reached(tmp_path):
    archive = Archive(tmp_path)
    names = [archive.put(os.urandom(1000)) for _ in range(4)]
    for age, name in enumerate(names):
        os.utime(archive.path(name), (1000 + age, 1000 + age))
    size = archive.path(names[0]).stat().st_size
    assert archive.keep_within(2 * size + size // 2) == 2
    assert set(archive) == set(names[2:])


def test_nothing_leaves_below_the_bound(tmp_path):
    archive = Archive(tmp_path)
    name = archive.put(b"abc")
    assert archive.keep_within(1000) == 0
    assert archive.get(name) == b"abc"


def test_what_is_written_aside_is_in_its_place_once_it_is_settled(tmp_path):
    archive = Archive(tmp_path)
    aside = archive.write_aside(b"abc")
    assert aside is not None
    assert not archive.has(ABC)
    settle([(ABC, aside)])
    assert archive.get(ABC) == b"abc"
    assert archive.write_aside(b"abc") is None


def test_nothing_lies_aside_where_settling_fails(tmp_path, monkeypatch):
    archive = Archive(tmp_path)
    aside = archive.write_aside(b"abc")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        settle([(ABC, aside)])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def full(handle: int) -> None:
    raise OSError(28, "No space left on device")


def test_nothing_gets_its_name_before_all_of_its_batch_are_durable(tmp_path, monkeypatch):
    archive, synced = Archive(tmp_path), []
    written = [(hashlib.sha256(data).hexdigest(), archive.write_aside(data)) for data in (b"abc", b"def")]
    monkeypatch.setattr("steadymile.warehouse.archive.sync", lambda path: synced.append((path, len(archive))))
    settle(written)
    assert [count for path, count in synced if path.suffix == ".part"] == [0, 0]
    assert {path for path, count in synced if count == 2} == {aside.parent for _, aside in written}


def test_an_original_that_the_disk_does_not_give_is_named_and_the_others_are_read(tmp_path):
    archive = Archive(tmp_path)
    bad, good = archive.put_many([b"one", b"two"])
    archive.path(bad).unlink()
    archive.path(bad).mkdir()
    assert [bad[:12] in problem for problem in archive.verify([bad, good])] == [True]


def test_a_folder_where_a_file_belongs_is_put_aside_with_all_it_holds(tmp_path):
    (tmp_path / "good.json").mkdir()
    (tmp_path / "good.json" / "mine.txt").write_text("mine")
    make_way(tmp_path / "good.json")
    (aside,) = tmp_path.iterdir()
    assert aside.name.startswith("good.json.aside-")
    assert (aside / "mine.txt").read_text() == "mine"


def test_a_file_where_a_folder_belongs_is_put_aside(tmp_path):
    (tmp_path / "reports").write_text("mine")
    make_way(tmp_path / "reports", folder=True)
    (aside,) = tmp_path.iterdir()
    assert aside.read_text() == "mine"


@pytest.mark.parametrize(("name", "folder"), [("file", False), ("folder", True), ("nothing", False), ("nothing", True)])
def test_what_belongs_there_stays(tmp_path, name, folder):
    (tmp_path / "file").write_text("ours")
    (tmp_path / "folder").mkdir()
    make_way(tmp_path / name, folder=folder)
    assert {path.name for path in tmp_path.iterdir()} == {"file", "folder"}


def test_a_link_is_its_owners_and_stays(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "calendar.ics").symlink_to(tmp_path / "elsewhere")
    make_way(tmp_path / "calendar.ics")
    assert (tmp_path / "calendar.ics").is_symlink()
