"""A home with eight made weeks, run once through the whole line; each test gets its own copy."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from steadymile.pipelines.nightly import run
from steadymile.pipelines.settings import Settings
from steadymile.studies.synthetic.runner import season

START = date(2026, 5, 4)
AS_OF = date(2026, 6, 28)
NIGHT = datetime(2026, 6, 28, 20, 0, tzinfo=UTC)


def settings_of(home: Path) -> Settings:
    return Settings(home, workers=1, settle_s=0.0)


def fill(inbox: Path, weeks: int = 8, seed: int = 3) -> None:
    for file in season(np.random.default_rng(seed), START, weeks=weeks):
        place = inbox / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.data)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home") / "runner"
    fill(home / "inbox")
    run(settings_of(home), NIGHT, as_of=AS_OF)
    return home


@pytest.fixture
def home(finished: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "runner"
    shutil.copytree(finished, copy)
    return copy
