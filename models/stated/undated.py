"""When a recording took place whose clock cannot say it: by a list's totals, or by the recordings named beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from steadymile.models.measured import Recording
from steadymile.models.sport import is_run, is_unknown, is_walk, tidy

SAME_DISTANCE, SAME_DISTANCE_M = 0.01, 20.0
SAME_LENGTH, SAME_LENGTH_S = 0.015, 10.0
"""Distance and length of a session and of its entry in a list agree within the larger of a share and a step of
rounding (design values)."""
BESIDE = 2
"""So many recordings on each side must follow each other in time as in name, before names say anything."""
ONE_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Totals:
    """What is known of a session without its clock: each of its lengths in seconds, its distance in metres, its sport.
    `started_at` where a list names it."""

    lengths_s: tuple[float, ...]
    distance_m: float | None
    sport: str
    started_at: datetime | None = None


def totals(recording: Recording) -> Totals:
    """What a kept recording, or a session of a list, says of itself without its clock."""
    stored, measured = recording.stored, recording.metrics
    lengths = {stored.elapsed_s, stored.timer_s, stored.moving_s}
    lengths |= {measured.get(name) for name in ("elapsed_s", "timer_s", "moving_s")}
    distance_m = stored.distance_m or measured.get("distance_m")
    return Totals(tuple(sorted(s for s in lengths if s)), distance_m, recording.sport, recording.started_at)


@dataclass(frozen=True, slots=True)
class Named:
    """A recording by its name, with when it began and ended."""

    name: str
    started_at: datetime
    ended_at: datetime


def listed_as(recording: Totals, entries: Sequence[Totals]) -> Totals | None:
    """The one entry of a list that has the recording's distance and one of its lengths; None where several have, or
    none. `entries` are those of which no other recording is known."""
    fit = [entry for entry in entries if _fits(recording, entry)]
    return fit[0] if len(fit) == 1 else None


def _fits(recording: Totals, entry: Totals) -> bool:
    if not recording.distance_m or not entry.distance_m or entry.started_at is None:
        return False
    return alike(recording, entry)


def alike(recording: Totals, entry: Totals) -> bool:
    """Whether one of the lengths, the distance as far as both state one, and the sport agree."""
    if not same_way(recording, entry):
        return False
    if recording.distance_m and entry.distance_m:
        off_m = abs(recording.distance_m - entry.distance_m)
        if off_m > max(SAME_DISTANCE_M, SAME_DISTANCE * entry.distance_m):
            return False
    return any(abs(a - b) <= max(SAME_LENGTH_S, SAME_LENGTH * b) for a in recording.lengths_s for b in entry.lengths_s)


def same_way(recording: Totals, entry: Totals) -> bool:
    """Whether the sports agree, a run and a walk being one way, or one of them is not known."""
    return _way(recording.sport) == _way(entry.sport) or any(is_unknown(t.sport) for t in (recording, entry))


def _way(sport: str) -> str:
    """How it is done: on foot, or the sport itself."""
    return "foot" if is_run(sport) or is_walk(sport) else tidy(sport)


def between(name: str, others: Sequence[Named]) -> tuple[Named, Named] | None:
    """The recordings just before and just after one in a numbered series; None where the names form none.

    `others` are the dated recordings of the same folder. They form a series with it where their names differ in
    numbers alone, and where the two before it and the two after it, by number, follow each other in time.
    """
    shape = _shape(name)
    mates = sorted((o for o in others if _shape(o.name) == shape and o.name != name), key=lambda o: _order(o.name))
    at = sum(_order(o.name) < _order(name) for o in mates)
    around = mates[max(at - BESIDE, 0) : at + BESIDE]
    if at < BESIDE or len(mates) - at < BESIDE:
        return None
    in_turn = all(a.ended_at <= b.started_at for a, b in pairwise(around))
    return (mates[at - 1], mates[at]) if in_turn else None


def middle(before: Named, after: Named, length_s: float) -> tuple[datetime, timedelta] | None:
    """(start, how far it may be off) of a recording of this length between two others, where it has a day's room at
    most; else None."""
    room = after.started_at - before.ended_at - timedelta(seconds=length_s)
    if not timedelta() <= room <= ONE_DAY:
        return None
    return before.ended_at + room / 2, room / 2


def _shape(name: str) -> str:
    return re.sub(r"\d+", "0", name)


def _order(name: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", name)]
