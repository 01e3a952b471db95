"""Fixtures that every part of the tests may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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
