"""Values of track points by field: where they stand in the file, and numbers and times out of them when asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from steadymile.ingest.xml.bytes import Span, where
from steadymile.ingest.xml.decimals import decimals, number
from steadymile.ingest.xml.times import Times, parse_times, times_in

SHORT = 8
"""Columns whose longest value has so many bytes (heart rate, cadence) are not read together with long ones."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """Regular points: `count` of them, and the spans of their fields in `text`, -1 where a point lacks the field."""

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
        """One field as float64, NaN where it is absent or not a number. All fields are read with the first."""
        if not self.parsed:
            self._read()
        if name not in self.parsed:
            return np.full(self.count, np.nan)
        return self.parsed[name]

    def _read(self) -> None:
        lifted = self.lifted
        for name in {*lifted.spans, *(name for values in self.added for name in values)} - {"time"}:
            self.parsed[name] = np.full(self.count, np.nan)
            if self.added:
                self.parsed[name][lifted.count :] = [number(values.get(name, b"")) for values in self.added]
        rows = {name: where(start >= 0) for name, (start, _) in lifted.spans.items() if name != "time"}
        spans = {name: (lifted.spans[name][0][at], lifted.spans[name][1][at]) for name, at in rows.items()}
        long = {name for name, (start, stop) in spans.items() if (stop - start).max(initial=0) > SHORT}
        for group in ([name for name in spans if name in long], [name for name in spans if name not in long]):
            for name, values in zip(group, decimals(lifted.text, [spans[name] for name in group])):
                self.parsed[name][rows[name]] = values

    def times(self) -> Times:
        """The field `time` of every point."""
        absent = np.full(self.lifted.count, -1)
        lifted = times_in(self.lifted.text, *self.lifted.spans.get("time", (absent, absent)))
        if not self.added:
            return lifted
        return lifted.followed_by(parse_times([values.get("time") for values in self.added]))
