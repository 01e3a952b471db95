"""Watch-sync: what is on a mounted watch comes into the inbox, and the watch stays as it was."""

from __future__ import annotations

import os

import pytest
from steadymile.ingest.archives.containers import Limits
from steadymile.ingest.inbox import scan
from steadymile.ingest.watch import copy_new, plan_copies, safe_name

LAYOUTS = {
    "garmin": ["GARMIN/ACTIVITY/A1.FIT", "GARMIN/MONITOR/M1.FIT", "GARMIN/SLEEP/S1.FIT", "GARMIN/HRVStatus/H1.FIT"],
    "coros": ["COROS/Activity/20260301.fit"],
    "suunto": ["Suunto/Activities/move.fit"],
    "polar": ["POLAR/training/session.tcx"],
    "wahoo": ["exports/2026-03-01-ELEMNT.fit"],
}
ELSEWHERE = [
    "GARMIN/DEVICE.FIT",
    "GARMIN/SETTINGS/SETTINGS.FIT",
    "GARMIN/NEWFILES/W.FIT",
    "README.TXT",
    ".Trashes/x.fit",
]


@pytest.fixture
def mount(tmp_path):
    place = tmp_path / "mount"
    place.mkdir()
    return place


@pytest.fixture
def inbox(tmp_path):
    place = tmp_path / "inbox"
    place.mkdir()
    return place


def put(base, *names):
    for name in names:
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


@pytest.mark.parametrize("maker", LAYOUTS)
def test_the_recordings_of_a_maker_are_found_where_it_keeps_them(mount, maker):
    put(mount, *LAYOUTS[maker])
    plan = plan_copies(mount)
    assert sorted(c.source.relative_to(mount).as_posix() for c in plan) == sorted(LAYOUTS[maker])
    assert all(c.relative.startswith(f"watch/{maker}/") for c in plan)


def test_settings_and_workouts_of_the_watch_are_left_alone(mount):
    put(mount, *LAYOUTS["garmin"], *ELSEWHERE)
    assert len(plan_copies(mount)) == 4


def test_a_plain_folder_is_searched_at_any_depth(mount):
    put(mount, "a.fit", "x/y/b.gpx", "x/c.tcx.gz", "x/export.zip", "x/picture.jpg")
    names = {c.source.name for c in plan_copies(mount)}
    assert names == {"a.fit", "b.gpx", "c.tcx.gz", "export.zip"}


def test_a_place_that_is_no_folder_says_so(mount):
    with pytest.raises(FileNotFoundError):
        plan_copies(mount / "none")
    put(mount, "a.fit")
    with pytest.raises(NotADirectoryError):
        plan_copies(mount / "a.fit")


def test_new_files_are_copied_whole_and_a_second_time_not_at_all(mount, inbox):
    put(mount, *LAYOUTS["garmin"])
    first = copy_new(mount, inbox)
    assert (len(first.copied), first.already, first.failed) == (4, 0, ())
    assert (inbox / "watch/garmin/ACTIVITY/A1.FIT").read_bytes() == b"GARMIN/ACTIVITY/A1.FIT"
    again = copy_new(mount, inbox)
    assert (again.copied, again.already) == ((), 4)


def test_a_file_that_was_moved_within_the_inbox_is_not_copied_again(mount, inbox):
    put(mount, "GARMIN/ACTIVITY/A1.FIT")
    copy_new(mount, inbox)
    (inbox / "2026").mkdir()
    (inbox / "watch/garmin/ACTIVITY/A1.FIT").rename(inbox / "2026" / "A1.FIT")
    assert copy_new(mount, inbox).already == 1


def test_another_file_of_the_same_name_and_size_is_copied_beside_it_once(mount, inbox):
    put(mount, "GARMIN/ACTIVITY/A1.FIT")
    put(inbox, "watch/garmin/ACTIVITY/A1.FIT")
    (inbox / "watch/garmin/ACTIVITY/A1.FIT").write_bytes(b"garmin/activity/a1.fit")
    assert [c.target.name for c in copy_new(mount, inbox)] == ["A1~2.FIT"]
    assert len(copy_new(mount, inbox)) == 0


def test_files_of_an_athlete_go_into_the_athletes_folder(mount, inbox):
    put(mount, "GARMIN/ACTIVITY/A1.FIT")
    (copied,) = copy_new(mount, inbox, "anna")
    assert copied.target == inbox / "anna/watch/garmin/ACTIVITY/A1.FIT"


def test_the_watch_is_as_it_was(mount, inbox):
    put(mount, *LAYOUTS["garmin"], *ELSEWHERE)

    def state():
        return {p: (p.stat().st_mtime_ns, p.read_bytes() if p.is_file() else None) for p in sorted(mount.rglob("*"))}

    before = state()
    copy_new(mount, inbox)
    assert state() == before


def test_a_copy_keeps_the_time_of_the_original_and_is_seen_by_the_next_look(mount, inbox):
    put(mount, "GARMIN/ACTIVITY/A1.FIT")
    os.utime(mount / "GARMIN/ACTIVITY/A1.FIT", (1_700_000_000, 1_700_000_000))
    copy_new(mount, inbox)
    (candidate,) = scan(inbox, {}, Limits(), now=1_700_000_010.0).candidates
    assert candidate.mtime_ns == 1_700_000_000 * 10**9


def test_links_on_a_watch_are_not_followed(mount, inbox, tmp_path):
    put(tmp_path / "outside", "secret.fit")
    (mount / "GARMIN").mkdir()
    (mount / "GARMIN/ACTIVITY").symlink_to(tmp_path / "outside")
    (mount / "a.fit").symlink_to(tmp_path / "outside/secret.fit")
    assert plan_copies(mount) == []


def test_a_file_that_cannot_be_read_costs_only_itself(mount, inbox, monkeypatch):
    put(mount, "GARMIN/ACTIVITY/A1.FIT", "GARMIN/ACTIVITY/A2.FIT")
    import shutil

    real = shutil.copyfileobj

    def copy(source, sink, length):
        if source.name.endswith("A1.FIT"):
            raise OSError(5, "Input/output error")
        real(source, sink, length)

    monkeypatch.setattr(shutil, "copyfileobj", copy)
    synced = copy_new(mount, inbox)
    assert [c.source.name for c in synced] == ["A2.FIT"]
    assert "Input/output error" in synced.failed[0][1]
    assert [p.name for p in inbox.rglob("*") if p.is_file()] == ["A2.FIT"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [("a:b?.fit", "a_b_.fit"), ("..", "_"), (".hidden.fit", "hidden.fit"), ("run 1.fit", "run 1.fit"), ("", "_")],
)
def test_names_become_such_that_every_system_takes_them(name, safe):
    assert safe_name(name) == safe


def test_every_file_that_a_full_disk_stopped_is_named(mount, inbox, monkeypatch):
    for name in ("a.fit", "b.fit", "c.fit"):
        (mount / name).write_bytes(name.encode())
    monkeypatch.setattr("steadymile.ingest.watch._copy", _full)
    synced = copy_new(mount, inbox)
    assert [(path.name, "No space left" in why) for path, why in synced.failed] == [
        ("a.fit", True),
        ("b.fit", True),
        ("c.fit", True),
    ]


def _full(copy, target):
    raise OSError(28, "No space left on device")


def test_a_folder_of_the_watch_that_cannot_be_opened_is_named(mount, inbox, monkeypatch):
    (mount / "GARMIN" / "ACTIVITY").mkdir(parents=True)
    scandir = os.scandir

    def refuses(place):
        if str(place).endswith("ACTIVITY"):
            raise PermissionError(13, "Permission denied")
        return scandir(place)

    monkeypatch.setattr(os, "scandir", refuses)
    synced = copy_new(mount, inbox)
    assert [(path.name, why) for path, why in synced.failed] == [
        ("ACTIVITY", "the folder cannot be opened (Permission denied)")
    ]
