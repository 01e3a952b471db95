"""What the person stage came to the last time, so that a night judges only what follows it.

Going through ten years of sessions again gives what it gave before, as long as nothing that they were judged by has
changed. Each session has a key of all that; from the first key that differs on, everything is judged anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from steadymile.models.physiology.session_load import Load


class Judged(NamedTuple):
    """What the daily rows need of a session: its local day, kind, seconds run, metres and load, None unknown."""

    day: date
    kind: str
    running_s: float | None
    distance_m: float | None
    load: Load | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What was known of VT1 after the first `sessions` sessions, forgotten up to `since`, and how long each of the
    lists of what was learnt was then: they only ever grow."""

    sessions: int
    since: date
    vt1: tuple[float, ...]
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """The sessions gone through, in order: `keys` of what each was judged by, what it came to, and what all of them
    taught, with marks from which one can go on. `first` is the day of the first."""

    first: date
    keys: tuple[str, ...]
    judged: tuple[Judged, ...]
    learnt: Mapping[str, Sequence[Any]]
    marks: tuple[Mark, ...] = field(default=())

    def last_mark(self, first: date, keys: Sequence[str]) -> Mark | None:
        """The furthest mark up to which sessions with these keys are those of the past."""
        if first != self.first:
            return None
        same = next(
            (i for i, (old, new) in enumerate(zip(self.keys, keys)) if old != new), min(len(self.keys), len(keys))
        )
        return max((mark for mark in self.marks if mark.sessions <= same), key=lambda mark: mark.sessions, default=None)

    def plain(self) -> dict[str, Any]:
        """As values that JSON holds; `past_from` gives it back exactly."""
        return {
            "first": self.first.isoformat(),
            "keys": list(self.keys),
            "judged": [
                [j.day.toordinal(), j.kind, j.running_s, j.distance_m]
                + ([] if j.load is None else [j.load.value, j.load.relative_sd, j.load.source])
                for j in self.judged
            ],
            "learnt": {
                name: [
                    [v.toordinal() if isinstance(v, date) else v for v in x] if isinstance(x, tuple) else x for x in xs
                ]
                for name, xs in self.learnt.items()
            },
            "marks": [[m.sessions, m.since.toordinal(), list(m.vt1), list(m.lengths)] for m in self.marks],
        }


def past_from(plain: Mapping[str, Any]) -> Past:
    """The inverse of `Past.plain`. Pairs and triples of what was learnt begin with their day."""
    day = date.fromordinal
    return Past(
        first=date.fromisoformat(plain["first"]),
        keys=tuple(plain["keys"]),
        judged=tuple(
            Judged(day(n), kind, running_s, distance_m, Load(*known) if known else None)
            for n, kind, running_s, distance_m, *known in plain["judged"]
        ),
        learnt={
            name: [(day(x[0]), *x[1:]) if isinstance(x, list) else x for x in xs]
            for name, xs in plain["learnt"].items()
        },
        marks=tuple(Mark(n, day(since), tuple(vt1), tuple(lengths)) for n, since, vt1, lengths in plain["marks"]),
    )


def key_of(told: object) -> str:
    """A short name of everything that a session is judged by."""
    return hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()


def as_array(values: Sequence[float]) -> np.ndarray:
    """Numbers of a mark as the array that they were."""
    return np.array(values, dtype=np.float64)
