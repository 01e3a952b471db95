"""The inbox: what is new, what waits, what is refused, whose it is, and the bytes of one candidate."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest
from steadymile.ingest.archives.containers import Limits
from steadymile.ingest.inbox import StillChanging, athlete_of, load, release, scan
from steadymile.ingest.reading import Unreadable

LIMITS = Limits()
LATER = 4_000_000_000.0


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    yield folder
    release()


def put(inbox: Path, name: str, data: bytes = b"data") -> Path:
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def look(inbox, known=None, now=LATER):
    return scan(inbox, known or {}, LIMITS, now)


def known_of(scanned):
    return {c.relative: (c.bytes, c.mtime_ns) for c in scanned.candidates}


def test_every_file_at_any_depth_is_a_candidate_in_the_order_of_paths(inbox):
    for name in ("b.fit", "a/2024/x.gpx", "a/y.tcx"):
        put(inbox, name)
    assert [c.label for c in look(inbox).candidates] == ["a/2024/x.gpx", "a/y.tcx", "b.fit"]


def test_a_known_file_is_not_a_candidate_again(inbox):
    put(inbox, "a.fit")
    again = look(inbox, known_of(look(inbox)))
    assert (again.candidates, again.seen) == ([], 1)


@pytest.mark.parametrize("time_s", [-(1 << 31), 15_032_385_535])
def test_a_time_of_change_that_no_database_holds_is_known_again_all_the_same(inbox, time_s):
    path = put(inbox, "a.fit")
    os.utime(path, (time_s, time_s))
    known = known_of(look(inbox))
    assert -(1 << 63) <= known["a.fit"][1] < 1 << 63
    assert load(look(inbox).candidates[0], LIMITS) == b"data"
    assert look(inbox, known).seen == 1


def test_a_known_file_that_changed_is_a_candidate_again(inbox):
    path = put(inbox, "a.fit")
    known = known_of(look(inbox))
    path.write_bytes(b"longer than before")
    assert [c.relative for c in look(inbox, known).candidates] == ["a.fit"]


def test_a_file_changed_a_moment_ago_waits(inbox):
    path = put(inbox, "a.fit")
    scanned = look(inbox, now=path.stat().st_mtime + 1.0)
    assert (scanned.candidates, scanned.waiting) == ([], ["a.fit"])
    assert look(inbox, now=path.stat().st_mtime + 3.0).waiting == []


def test_a_file_from_the_future_does_not_wait_for_it(inbox):
    path = put(inbox, "a.fit")
    assert len(look(inbox, now=path.stat().st_mtime - 86_400).candidates) == 1


@pytest.mark.parametrize("name", ["a.fit.part", "a.fit.crdownload", "a.zip.download", "a.fit~"])
def test_unfinished_downloads_wait(inbox, name):
    put(inbox, name)
    assert look(inbox).waiting == [name]


@pytest.mark.parametrize("name", [".DS_Store", "._a.fit", "Thumbs.db", ".git/a.fit", "__MACOSX/a.fit", "desktop.ini"])
def test_what_systems_leave_behind_is_not_mentioned(inbox, name):
    put(inbox, name)
    scanned = look(inbox)
    assert (scanned.candidates, scanned.waiting, scanned.refused) == ([], [], [])


def test_a_link_out_of_the_inbox_is_refused_and_not_followed(inbox, tmp_path):
    outside = tmp_path / "outside"
    put(outside, "secret.fit")
    (inbox / "link").symlink_to(outside)
    (inbox / "file.fit").symlink_to(outside / "secret.fit")
    scanned = look(inbox)
    assert scanned.candidates == []
    assert [r.path for r in scanned.refused] == ["file.fit", "link"]
    assert all("out of the inbox" in r.reason for r in scanned.refused)


def test_a_link_in_a_circle_ends(inbox):
    put(inbox, "a/x.fit")
    (inbox / "a" / "again").symlink_to(inbox / "a")
    assert [c.label for c in look(inbox).candidates] == ["a/x.fit"]


def test_a_link_to_nothing_is_refused(inbox):
    (inbox / "gone.fit").symlink_to(inbox / "nowhere")
    assert "link to nothing" in look(inbox).refused[0].reason


def test_a_pipe_is_refused_and_not_waited_for(inbox):
    os.mkfifo(inbox / "pipe.fit")
    assert "not a regular file" in look(inbox).refused[0].reason


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_refused_with_the_next_step(inbox):
    put(inbox, "a.fit").chmod(0)
    assert "permissions" in look(inbox).refused[0].reason


def test_a_folder_that_cannot_be_opened_costs_only_itself(inbox, monkeypatch):
    put(inbox, "shut/a.fit")
    put(inbox, "b.fit")
    real = os.scandir

    def scandir(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    scanned = look(inbox)
    assert [c.label for c in scanned.candidates] == ["b.fit"]
    assert scanned.refused[0].path == "shut"
    assert "Permission denied" in scanned.refused[0].reason


@pytest.mark.parametrize("name", ["läufe/晨跑 🏃.fit", 'it\'s a "run".fit', "new\nline.fit", "-rf.fit", "a!b.fit"])
def test_weird_names_are_fine(inbox, name):
    put(inbox, name)
    (candidate,) = look(inbox).candidates
    assert candidate.relative == name
    assert load(candidate, LIMITS) == b"data"


def test_a_name_that_is_no_text_becomes_one_and_is_still_read(inbox):
    with open(os.path.join(os.fsencode(inbox), b"l\xe4ufe.fit"), "wb") as file:
        file.write(b"data")
    (candidate,) = look(inbox).candidates
    candidate.relative.encode("utf-8")
    assert load(candidate, LIMITS) == b"data"


def archive(path: Path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in files:
            out.writestr(name, data)
    return path


def test_each_member_of_a_zip_is_a_candidate_of_its_own(inbox):
    archive(inbox / "inner.zip", [("c.fit", b"C")])
    inner = (inbox / "inner.zip").read_bytes()
    (inbox / "inner.zip").unlink()
    archive(inbox / "a.zip", [("x.fit", b"X"), ("b.zip", inner), (".DS_Store", b""), ("__MACOSX/._x.fit", b"")])
    found = look(inbox).candidates
    assert [c.label for c in found] == ["a.zip!/b.zip!/c.fit", "a.zip!/x.fit"]
    assert [load(c, LIMITS) for c in found] == [b"C", b"X"]


def test_a_known_zip_is_not_opened_again(inbox):
    archive(inbox / "a.zip", [("x.fit", b"X")])
    assert look(inbox, known_of(look(inbox))).candidates == []


def test_a_damaged_zip_is_a_refused_row_and_costs_nothing_else(inbox):
    put(inbox, "bad.zip", b"PK\x03\x04 not a zip")
    put(inbox, "good.fit")
    scanned = look(inbox)
    assert [c.label for c in scanned.candidates] == ["good.fit"]
    assert scanned.refused[0].relative == "bad.zip"


def test_a_bad_member_of_a_zip_is_a_refused_row_and_the_others_come_in(inbox):
    archive(inbox / "a.zip", [("../evil.fit", b"X"), ("x.fit", b"X")])
    scanned = look(inbox)
    assert [c.label for c in scanned.candidates] == ["a.zip!/x.fit"]
    assert [r.path for r in scanned.refused] == ["a.zip!/../evil.fit"]


def test_a_gzip_is_loaded_unfolded_whatever_its_name(inbox):
    put(inbox, "a.fit", gzip.compress(b"content"))
    assert load(look(inbox).candidates[0], LIMITS) == b"content"


def test_a_file_beyond_the_limit_is_refused_without_reading_it(inbox):
    put(inbox, "a.gpx", b"x" * 2_000)
    scanned = scan(inbox, {}, Limits(max_file_bytes=1_000), LATER)
    assert "limit" in scanned.refused[0].reason


def test_a_file_that_vanishes_is_looked_at_again_later(inbox):
    path = put(inbox, "a.fit")
    (candidate,) = look(inbox).candidates
    path.unlink()
    with pytest.raises(StillChanging, match="vanished"):
        load(candidate, LIMITS)


def test_a_file_that_grows_is_looked_at_again_later(inbox):
    path = put(inbox, "a.fit")
    (candidate,) = look(inbox).candidates
    path.write_bytes(b"more and more")
    with pytest.raises(StillChanging, match="changed"):
        load(candidate, LIMITS)


def test_a_waiting_file_is_a_refusal_that_says_when():
    assert issubclass(StillChanging, Unreadable)


def test_an_inbox_that_does_not_exist_is_empty(tmp_path):
    assert look(tmp_path / "none").candidates == []


def test_three_thousand_known_files_are_seen_and_not_read_again(inbox):
    for i in range(3_000):
        folder = inbox / str(i % 30)
        folder.mkdir(exist_ok=True)
        (folder / f"{i}.fit").touch()
    again = look(inbox, known_of(look(inbox)))
    assert (again.seen, again.candidates) == (3_000, [])


def test_nothing_in_the_inbox_is_changed_by_a_look_and_a_load(inbox):
    put(inbox, "a.fit")
    archive(inbox / "b.zip", [("x.fit", b"X")])
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in sorted(inbox.rglob("*"))}
    for candidate in look(inbox).candidates:
        load(candidate, LIMITS)
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in sorted(inbox.rglob("*"))} == before


@pytest.mark.parametrize(
    ("relative", "ids", "who"),
    [
        ("2024/a.fit", ["anna"], "anna"),
        ("a.fit", ["anna"], "anna"),
        ("anna/a.fit", ["anna", "ben"], "anna"),
        ("anna/2024/a.fit", ["anna", "ben"], "anna"),
        ("2024/anna/a.fit", ["anna", "ben"], None),
        ("a.fit", ["anna", "ben"], None),
        ("anna", ["anna", "ben"], None),
        ("a.fit", [], None),
    ],
)
def test_a_file_belongs_to_the_one_person_or_to_whom_its_first_folder_names(relative, ids, who):
    assert athlete_of(relative, ids) == who


def test_a_file_that_lies_in_icloud_is_told_by_its_own_name_with_the_next_step(inbox):
    put(inbox, "2026/.run.fit.icloud", b"bplist00")
    (refused,) = look(inbox).refused
    assert (refused.path, refused.bytes) == ("2026/run.fit", None)
    assert refused.reason.startswith("It lies in iCloud and not on this computer yet.")


APPLE = (
    b"<?xml version='1.0'?>\n<!DOCTYPE HealthData [\n" + b"<!ELEMENT a (b)>\n" * 900 + b"]>\n<HealthData/>" + b" " * 900
)


def test_apples_list_of_everything_is_passed_over_however_large_it_is(inbox):
    put(inbox, "export.xml", APPLE)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export.xml", APPLE)
    put(inbox, "export.zip", out.getvalue())
    found = scan(inbox, {}, Limits(max_file_bytes=1_000), LATER)
    assert [(r.path, r.status) for r in found.refused] == [
        ("export.xml", "ignored"),
        ("export.zip!/apple_health_export/export.xml", "ignored"),
    ]
