"""A fresh work file, and a way to make a step fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from steadymile.warehouse.database import open_work


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_work(tmp_path / "work.duckdb")
    yield connection
    connection.close()


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`fails(module, name)`: the named function raises when it is called."""

    def arrange(module: Any, name: str) -> None:
        def broken(*_: Any, **__: Any) -> None:
            raise OSError("no space left on device")

        monkeypatch.setattr(module, name, broken)

    return arrange
