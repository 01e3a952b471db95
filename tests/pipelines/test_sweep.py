"""What a killed run left half written goes with the next run, and nothing else does."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from steadymile.pipelines.home import Home
from steadymile.pipelines.reading import intake
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


class Readers:
    """Readers of which so many ended over their work."""

    def __init__(self, deaths: int) -> None:
        self.deaths = deaths

    def close(self) -> None:
        """Nothing is running."""


@pytest.mark.parametrize(("deaths", "fault"), [(0, None), (1, None), (0, OSError(28, "No space left on device"))])
def test_half_an_original_goes_where_a_reader_died_over_it_or_reading_failed(tmp_path, monkeypatch, deaths, fault):
    run = SimpleNamespace(readers=Readers(deaths), home=Home(tmp_path))
    half = run.home.originals / "ab" / ".abcdef-x.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")

    def read_inbox(run: object) -> str:
        if fault is not None:
            raise fault
        return "what was read"

    monkeypatch.setattr(intake, "read_inbox", read_inbox)
    with suppress(OSError):
        assert intake.ingest(run) == "what was read"
    assert half.exists() is (deaths == 0 and fault is None)
