"""A session that a list names with its totals: what every list has in common."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl
from steadymile.ingest.reading import Reading
from steadymile.models.recording import SAMPLES, Activity, Stored
from steadymile.models.stated.listed import LISTED

NO_SAMPLES = pl.DataFrame(schema=SAMPLES)
LONGEST_S, FARTHEST_M = 7 * 86_400.0, 1_000_000.0
"""Totals beyond these are of no session."""
NAMED = 3


@dataclass(slots=True)
class Listing:
    """The sessions of one list as they are read, and the entries that could not be taken."""

    source: str
    sessions: list[Activity] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(
        self,
        at: datetime | None,
        sport: tuple[str, str | None],
        stored: Stored,
        title: str | None,
        number: str | None,
        rpe: float | None = None,
        feel: float | None = None,
        utc_offset_s: int | None = None,
    ) -> None:
        """Take one entry; without a start, or without a length, it is counted as missed by its title."""
        lasts = stored.elapsed_s or stored.timer_s or stored.moving_s
        if at is None or lasts is None:
            self.missed.append(title or sport[0])
            return
        self.sessions.append(
            Activity(
                started_at=at,
                sport=sport[0],
                sub_sport=sport[1],
                samples=NO_SAMPLES,
                reader=self.source,
                index=len(self.sessions),
                title=title,
                stored=stored,
                rpe=rpe,
                feel=feel,
                source=LISTED,
                external_id=number or at.isoformat(),
                utc_offset_s=utc_offset_s,
                utc_offset_source=None if utc_offset_s is None else f"{self.source}_offset",
            )
        )

    def note(self) -> tuple[str, ...]:
        """What could not be taken: how many, and which first."""
        if not self.missed:
            return ()
        return (f"{len(self.missed):,} entries have no start or no length and were not taken: {_first(self.missed)}",)

    def reading(self, what: str, notes: Sequence[str] = (), wall_clock: bool = False) -> Reading:
        """What a file that is a list and nothing else gives; `notes` stand before what could not be taken."""
        return Reading(
            what=what,
            reader=self.source,
            activities=tuple(self.sessions),
            ignored=None if self.sessions else "The list holds no session with a start and a length",
            notes=(*notes, *self.note()),
            left_out=len(self.missed),
            wall_clock=wall_clock,
        )


def _first(names: Sequence[str]) -> str:
    more = "" if len(names) <= NAMED else f" and {len(names) - NAMED:,} more"
    return ", ".join(names[:NAMED]) + more


def json_number(row: Mapping[str, Any], name: str) -> float | None:
    """A finite number of a JSON object that a float holds; None where it is missing or anything else, true and false
    included."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        return None  # NaN too: it compares with nothing
    return float(value)


def json_object(text: str) -> Mapping[str, Any]:
    """The object that a text is in JSON; an empty one where it is anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


HEART_BPM = (25.0, 250.0)
HIGHEST_M, MOST_KCAL = 30_000.0, 1e5
BOUNDS: Mapping[str, tuple[float, float]] = {
    "distance_m": (0.0, FARTHEST_M), "elapsed_s": (0.0, LONGEST_S), "timer_s": (0.0, LONGEST_S),
    "moving_s": (0.0, LONGEST_S), "elevation_gain_m": (0.0, HIGHEST_M), "elevation_loss_m": (0.0, HIGHEST_M),
    "heart_rate_mean_bpm": HEART_BPM, "heart_rate_max_bpm": HEART_BPM, "calories_kcal": (0.0, MOST_KCAL),
}  # fmt: skip
"""Between which a stated total can be one: above the first, up to the second."""


def stated(**totals: float | None) -> Stored:
    """What is stated of a session in itself; totals that can be none are left out."""
    return Stored(**{name: within(value, BOUNDS[name][1], BOUNDS[name][0]) for name, value in totals.items()})


def one_line(text: object) -> str | None:
    """A title as people give one, on one line and not longer than any is; None for what is no text, or empty."""
    return " ".join(text.split())[:200] or None if isinstance(text, str) else None


def within(value: float | None, most: float, least: float = 0.0) -> float | None:
    """A total that can be one: finite, above `least` and not above `most`; else None."""
    return value if value is not None and math.isfinite(value) and least < value <= most else None
