"""Fixtures that every part of the tests may use."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from steadymile.warehouse import database

ROOT = Path(__file__).resolve().parent.parent


def find_corpus() -> Path | None:
    """The folder of real watch files: STEADYMILE_CORPUS, else ../shared/corpus beside the project, else None."""
    named = os.environ.get("STEADYMILE_CORPUS")
    for place in (Path(named) if named else None, ROOT.parent / "shared" / "corpus"):
        if place is not None and (place / "INVENTORY.csv").is_file():
            return place
    return None


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The corpus of real files, or a skip that says how to name one."""
    place = find_corpus()
    if place is None:
        pytest.skip("no corpus of real watch files: set STEADYMILE_CORPUS to a folder with INVENTORY.csv")
    return place


# A busy machine is no fault of the code: examples have no deadline, and slow generation is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def empty_work_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A work file without rows, as every new home gets it."""
    place = tmp_path_factory.mktemp("empty") / "work.duckdb"
    database.open_work(place).close()
    return place


@pytest.fixture(scope="module", autouse=True)
def copied_work_files(request: pytest.FixtureRequest, empty_work_file: Path) -> Iterator[None]:
    """New work files are copies of one, each with a birth of its own: making the tables takes longer than most tests.
    The warehouse's own tests make theirs the long way."""
    if "warehouse" in request.path.relative_to(ROOT / "tests").parts:
        yield
        return
    opened = database._connect

    def connect(path: Path, config: Any, *, read_only: bool = False) -> Any:
        fresh = not read_only and not path.exists()
        if fresh:
            shutil.copyfile(empty_work_file, path)
        con = opened(path, config, read_only=read_only)
        if fresh:
            database.set_state(con, "birth", uuid.uuid4().hex)
        return con

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_connect", connect)
        yield


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """No test changes what the next one finds in the process: its folder, or a setting that steadymile reads."""
    before = os.getcwd(), _settings()
    yield
    assert (os.getcwd(), _settings()) == before, "a test left this behind: use monkeypatch"


def _settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(("STEADYMILE", "TZ", "LC_", "LANG"))}
