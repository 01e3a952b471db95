"""Values of track points by field: where they stand in the file, and numbers and times out of them when asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ingest.xml_decimals import decimals, number
from ingest.xml_times import Times, parse_times, times_in

Span = tuple[np.ndarray, np.ndarray]
"""Per point the first byte of a value and the byte after its last; both -1 where a point lacks the value."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """Regular points: `count` of them, and the spans of their fields in `text`."""

    text: bytes = b""
    count: int = 0
    spans: dict[str, Span] = field(default_factory=dict)


@dataclass(slots=True)
class Columns:
    """The points of a document: the lifted ones first, then those that were added one by one."""

    lifted: Lifted = field(default_factory=Lifted)
    added: list[dict[str, bytes]] = field(default_factory=list)
    parsed: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many points there are."""
        return self.lifted.count + len(self.added)

    def add(self, values: dict[str, bytes]) -> int:
        """Append a point, the bytes of its values by field, and return its number."""
        self.added.append(values)
        return self.count - 1

    def has(self, name: str) -> bool:
        """True where at least one shape of point carries the field."""
        return name in self.lifted.spans or any(name in values for values in self.added)

    def numbers(self, name: str) -> np.ndarray:
        """One field as float64, NaN where it is absent or not a number."""
        if name not in self.parsed:
            own = [number(values.get(name, b"")) for values in self.added]
            lifted = self._lifted(name)
            self.parsed[name] = np.concatenate([lifted, own]) if own else lifted
        return self.parsed[name]

    def _lifted(self, name: str) -> np.ndarray:
        if name not in self.lifted.spans:
            return np.full(self.lifted.count, np.nan)
        start, stop = self.lifted.spans[name]
        rows = np.flatnonzero(start >= 0)
        if len(rows) == len(start):
            return decimals(self.lifted.text, start, stop)
        found = np.full(len(start), np.nan)
        found[rows] = decimals(self.lifted.text, start[rows], stop[rows])
        return found

    def times(self) -> Times:
        """The field `time` of every point."""
        absent = np.full(self.lifted.count, -1)
        lifted = times_in(self.lifted.text, *self.lifted.spans.get("time", (absent, absent)))
        if not self.added:
            return lifted
        return lifted.followed_by(parse_times([values.get("time") for values in self.added]))
