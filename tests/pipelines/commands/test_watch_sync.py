"""The command names what it could not copy, and does not claim to be done."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from steadymile.ingest import watch
from steadymile.pipelines.cli.table import app
from typer.testing import CliRunner

FILES = 11


@pytest.fixture
def mounted(tmp_path: Path) -> Path:
    folder = tmp_path / "watch" / "GARMIN" / "ACTIVITY"
    folder.mkdir(parents=True)
    for n in range(FILES):
        (folder / f"{n:02d}.fit").write_bytes(bytes([n]) * 50)
    return tmp_path / "watch"


def sync(tmp_path: Path, mounted: Path):
    return CliRunner().invoke(app, ["--home", str(tmp_path / "home"), "watch-sync", str(mounted)])


def fill_the_disk_after(monkeypatch, room: int) -> None:
    copied, whole = [], watch._copy

    def copy(one, target):
        if len(copied) >= room:
            raise OSError(errno.ENOSPC, "No space left on device")
        copied.append(one)
        whole(one, target)

    monkeypatch.setattr(watch, "_copy", copy)


def test_a_disk_that_fills_up_names_every_file_that_was_not_copied_and_needs_you(tmp_path, mounted, monkeypatch):
    fill_the_disk_after(monkeypatch, 6)
    result = sync(tmp_path, mounted)
    unnamed = [f"{n:02d}.fit" for n in range(6, FILES) if f"Not copied: {mounted}/GARMIN/ACTIVITY/{n:02d}.fit" not in
               result.output.replace("\n", "")]  # fmt: skip
    assert (result.exit_code, unnamed) == (1, [])


def test_the_next_sync_copies_what_was_missing_and_is_done(tmp_path, mounted, monkeypatch):
    with monkeypatch.context() as full:
        fill_the_disk_after(full, 6)
        sync(tmp_path, mounted)
    result = sync(tmp_path, mounted)
    assert result.exit_code == 0
    assert "5 new files copied" in result.output
    assert len(list((tmp_path / "home" / "inbox").rglob("*.fit"))) == FILES


def test_recordings_of_other_programs_are_copied_too(tmp_path, mounted):
    (mounted / "GARMIN" / "ACTIVITY" / "track.kmz").write_bytes(b"PK")
    (mounted / "GARMIN" / "ACTIVITY" / "readme.txt").write_bytes(b"no")
    assert f"{FILES + 1} new files copied" in sync(tmp_path, mounted).output
