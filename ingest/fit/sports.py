"""Sport words: what kind of session a FIT file says it was, in steadymile's words."""

from __future__ import annotations

import numpy as np
from steadymile.ingest.fit.protocol.columns import Part, Table
from steadymile.ingest.sports import sport_of

ON_FOOT = frozenset({"running", "walking", "hiking", "mountaineering", "snowshoeing", "transition"})
"""Sports whose FIT cadence counts strides of one leg, so that steps a minute are twice of it."""

_INDOOR_MACHINES = {"treadmill": "running", "indoor_running": "running", "indoor_walking": "walking"}


def cadence_factor(sport: str) -> float:
    """Steps for each counted stride: 2 on foot, 1 for turns of a crank or strokes."""
    return 2.0 if sport in ON_FOOT else 1.0


def sport_words(part: Part, row: int | None) -> tuple[str, str | None, str | None]:
    """Sport, sub-sport and a note, from the session's row, else from the file's sport message or its laps."""
    places: list[tuple[Table | None, str, str, int]] = []
    if row is not None:
        places.append((part.table(18), "sport", "sub_sport", row))
    else:
        places += [(part.table(12), "sport", "sub_sport", 0), (part.table(19), "sport", "sub_sport", 0)]
    for table, sport_field, sub_field, at in places:
        if table is None:
            continue
        number = table.numbers(sport_field)[at]
        if np.isnan(number):
            continue
        sport = table.texts(sport_field)[at]
        sub = table.texts(sub_field)[at]
        note = None if sport else f"sport number {int(number)} has no name yet"
        return *_plain(sport, sub), note
    return "unknown", None, None


def _plain(sport: str | None, sub: str | None) -> tuple[str, str | None]:
    sub = None if sub in ("generic", "all") else sub
    if sport in ("training", "fitness_equipment", "generic", None) and sub in _INDOOR_MACHINES:
        return _INDOOR_MACHINES[sub], sub
    if sport in ("training", "fitness_equipment", "generic", None) and sub is not None:
        named, _ = sport_of(sub)  # an elliptical is no treadmill
        if named != "unknown":
            return named, None if named == sub else sub
    if sport in (None, "generic", "all"):
        return "unknown", sub
    return sport, sub
