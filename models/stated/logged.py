"""Runs and walks that a person reported in minutes, without a watch: which sessions they are, and which of them a
recording holds already.

Of one day each field counts by its last report: minutes reported again replace what was reported before. Rows of one
file are sessions of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from steadymile.models.copies.duplicates import Match
from steadymile.models.measured import Recording
from steadymile.models.recording import CheckIn

SOURCE, RULE, STATED = "logged", "logged", "stated"
MINUTES = ("run_min", "walk_min")
SIZE, SIZE_S = 1.25, 120.0
"""A recording is as long as what was reported within a quarter and two minutes (design values: people round)."""
NEAR = timedelta(hours=2)
"""A report with a time of day is of no recording that lies further from it."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One session as reported. `place` is the check-in's position in what was given, `number` which session of its
    kind and day it is, from 0; an unreported share is None, and no walking that was reported as none is 0."""

    place: int
    day: date
    kind: str
    number: int
    run_s: float | None
    walk_s: float | None
    at: datetime | None = None
    names: str | None = None

    @property
    def total_s(self) -> float:
        """Running and walking together, seconds."""
        return (self.run_s or 0.0) + (self.walk_s or 0.0)


def logged_sessions(checkins: Sequence[tuple[str, CheckIn]]) -> list[Logged]:
    """The sessions that check-ins report, in order of their days. Each check-in comes with its origin (file or
    journal entry), in the order in which they arrived. Zero minutes are no session."""
    last: dict[tuple[date, str], str] = {}
    for origin, checkin in checkins:
        for name in MINUTES:
            if name in checkin.values:
                last[checkin.day, name] = origin
    found: list[Logged] = []
    counted: Counter[tuple[date, str]] = Counter()
    for place, (origin, checkin) in enumerate(checkins):
        seconds = {
            name: 60.0 * float(checkin.values[name])
            for name in MINUTES
            if name in checkin.values and last[checkin.day, name] == origin
        }
        run_s, walk_s = seconds.get("run_min"), seconds.get("walk_min")
        if not (run_s or walk_s):
            continue
        kind = "run" if run_s else "walk"
        number = counted[checkin.day, kind]
        counted[checkin.day, kind] += 1
        walked_s = walk_s if run_s else walk_s or None
        found.append(Logged(place, checkin.day, kind, number, run_s or None, walked_s, checkin.at, checkin.activity_id))
    return sorted(found, key=lambda session: (session.day, session.place))


def logged_matches(
    logged: Mapping[str, Logged], recorded: Sequence[Recording], kept: Collection[str] = ()
) -> list[Match]:
    """Reported sessions (by activity id) of which there is a recording, with the recording that counts for them.

    It is of the same day and kind and as long, or is named by the report. A recording stands for one reported session;
    what its owner keeps stands by itself.
    """
    free = {candidate.activity_id: candidate for candidate in recorded}
    by_day: dict[date, list[Recording]] = {}
    for candidate in recorded:
        by_day.setdefault(candidate.local_day, []).append(candidate)
    found: list[Match] = []
    for activity_id, session in logged.items():
        if activity_id in kept:
            continue
        own = free.get(session.names or "")
        there = [own] if own else [c for c in by_day.get(session.day, ()) if c.activity_id in free]
        fitting = [c for c in there if own or _same(session, c)]
        if not fitting:
            continue
        best = min(fitting, key=lambda c: (abs(_length(c) - session.total_s), c.started_at, c.activity_id))
        del free[best.activity_id]
        detail = f"{session.total_s / 60:g} min reported for {session.day}, the day and size of the recording"
        found.append(Match(activity_id, best.activity_id, RULE, detail))
    return found


def _same(session: Logged, candidate: Recording) -> bool:
    """Whether kind, size and, where it is known, time of day agree."""
    if (candidate.kind == "run") != (session.kind == "run") or candidate.kind not in ("run", "walk", "hike"):
        return False
    if session.at is not None and not candidate.started_at - NEAR <= session.at <= candidate.ended_at + NEAR:
        return False
    metrics = candidate.metrics
    own = "running_s" if not session.walk_s else "walking_s" if session.run_s is None else ""
    known = [s for s in map(metrics.get, (own, "moving_s", "elapsed_s", "timer_s")) if s]
    if not known:
        return False
    return min(known) / SIZE - SIZE_S <= session.total_s <= max(known) * SIZE + SIZE_S


def _length(candidate: Recording) -> float:
    return next((s for s in map(candidate.metrics.get, ("moving_s", "elapsed_s", "running_s", "timer_s")) if s), 0.0)
