"""What a case is: files, the facts of the person they belong to, a question, and the answer that is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from steadymile.pipelines.nightly import NightlyResult


@dataclass(frozen=True, slots=True)
class Near:
    """A number within `within` of `value`, in the value's own unit."""

    value: float
    within: float

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int | float) and abs(other - self.value) <= self.within

    def __hash__(self) -> int:
        return hash((self.value, self.within))

    def __str__(self) -> str:
        return f"{self.value:g} ± {self.within:g}"


@dataclass(frozen=True, slots=True)
class Night:
    """A home after one nightly run with a case's files: its result and its published warehouse."""

    home: Path
    result: NightlyResult

    def sql(self, question: str) -> list[dict[str, Any]]:
        """Rows of the published warehouse as dictionaries."""
        with duckdb.connect(str(self.home / "warehouse.duckdb"), read_only=True) as con:
            found = con.execute(question)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row)) for row in found.fetchall()]

    def one(self, question: str) -> dict[str, Any]:
        """The first row, empty where there is none."""
        return next(iter(self.sql(question)), {})


COUNTED = "FROM activities WHERE preferred ORDER BY started_at"
"""The sessions that count."""


@dataclass(frozen=True, slots=True)
class Case:
    """`files` of the cases folder (or of the corpus) dropped together into one inbox, and what must come of them.

    `ask` is SQL whose first row is compared with `right`, or a function of the night that gives a dictionary. Only the
    keys of `right` are compared; a value may be `Near`.
    """

    files: tuple[str, ...]
    right: Mapping[str, Any]
    ask: str | Callable[[Night], Mapping[str, Any]] = f"SELECT * {COUNTED}"
    facts: Mapping[str, Any] = field(default_factory=lambda: {"timezone": "Europe/Berlin"})
    now: datetime = datetime(2026, 11, 29, 12, tzinfo=UTC)
    note: str = ""

    def found(self, night: Night) -> dict[str, Any]:
        """The answers to compare with `right`."""
        answer = night.one(self.ask) if isinstance(self.ask, str) else self.ask(night)
        return {name: answer.get(name) for name in self.right}
