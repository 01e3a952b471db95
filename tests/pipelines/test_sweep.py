"""What a killed run left half written goes with the next run, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from steadymile.pipelines.home import Home
from steadymile.pipelines.run import open_run, sweep

from tests.pipelines.conftest import NIGHT, settings_of


@pytest.mark.parametrize("killed", [True, False])
def test_half_an_original_goes_with_the_run_after_a_killed_one(tmp_path: Path, killed: bool):
    home = Home(tmp_path)
    home.make()
    half = home.originals / "ab" / ".abcdef-x.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    home.lock.write_text('{"pid": 1}' if killed else "")
    with open_run(settings_of(tmp_path), NIGHT, publishes=False):
        assert half.exists() is not killed


def test_what_may_be_written_at_this_moment_stays(tmp_path: Path):
    young = tmp_path / "pages.json.new"
    young.write_text("{}")
    sweep([tmp_path], older_than_s=60.0)
    assert young.exists()


def test_whole_files_stay(tmp_path: Path):
    for name in ("pages.json", "a.part.gz", "new"):
        (tmp_path / name).write_text("whole")
    sweep([tmp_path])
    assert len(list(tmp_path.iterdir())) == 3
