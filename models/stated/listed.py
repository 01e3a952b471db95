"""Sessions that an export lists: which of them were also recorded, and what the list says of those recordings' sport.

A list (of Strava, Garmin, Apple) names every session with its sport and totals, recorded or not. What was recorded
counts by its recording, and what the list alone knows counts by its totals.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from steadymile.models.copies.duplicates import Match
from steadymile.models.measured import Recording
from steadymile.models.sport import is_run, is_unknown, is_walk, tidy
from steadymile.models.stated.undated import alike, totals

SAME_START_S = 120.0
OVERLAP = 0.5
"""Share of the shorter session that two sessions of one person have in common when they are one (design values)."""
ON_THE_WALL = frozenset({"garmin_list", "intervals", "runkeeper"})
"""Readers of lists that write the time of the clock on the wall and no zone: abroad it is not the home's."""
FARTHEST_ZONE, ZONE_STEP_S, SAME_SECOND_S = timedelta(hours=14), 900.0, 2.0
"""Zones differ by quarters of an hour, and a list states the start to the second."""
LISTED = RULE = "listed"
"""The source of sessions that only a list names, and the rule by which a recording counts for one."""


def listed_matches(
    recorded: Sequence[Recording], listed: Sequence[Recording], keep: Collection[str] = ()
) -> list[Match]:
    """Listed sessions that were also recorded, or stand in another list, with the session that counts for them.

    Nobody is in two places: half of the shorter in common is the same session, as is the same start. A recording
    always supersedes a list; of two lists the entry that was begun first, then by id. What a list writes in the local
    time of another country is the session that began at that time of its own day.
    """
    found: list[Match] = []
    alone: list[Recording] = []
    begun = sorted(recorded, key=lambda s: (s.started_at, s.activity_id))
    starts = [s.started_at for s in begun]
    first = 0
    longest = max(((s.ended_at - s.started_at).total_seconds() for s in begun), default=0.0)
    for entry in sorted(listed, key=lambda s: (s.started_at, s.activity_id)):
        if entry.activity_id in keep:
            continue
        while first < len(begun) and _seconds(begun[first], entry) > longest + SAME_START_S:
            first += 1
        near = []
        for other in begun[first:]:
            if other.started_at > entry.ended_at and abs(_seconds(entry, other)) > SAME_START_S:
                break
            near.append(other)
        same = _same(entry, near) or _same(entry, alone[-5:])
        if same is None and entry.reader in ON_THE_WALL:
            low, high = entry.started_at - FARTHEST_ZONE, entry.started_at + FARTHEST_ZONE
            same = _abroad(entry, begun[bisect_left(starts, low) : bisect_right(starts, high)])
        if same is None:
            alone.append(entry)
            continue
        counts = same.duplicate_of or same.activity_id
        detail = f"listed from {entry.started_at:%Y-%m-%d %H:%M} UTC, the same session"
        found.append(Match(entry.activity_id, counts, RULE, detail))
    return found


def _seconds(a: Recording, b: Recording) -> float:
    """Seconds from the start of one to that of the other."""
    return (b.started_at - a.started_at).total_seconds()


def _same(entry: Recording, others: Sequence[Recording]) -> Recording | None:
    """The session that is the entry's own: the one with most in common, else the one with the same start."""
    best, most = None, 0.0
    for other in others:
        overlap = (min(entry.ended_at, other.ended_at) - max(entry.started_at, other.started_at)).total_seconds()
        shorter = min((s.ended_at - s.started_at).total_seconds() for s in (entry, other))
        near = abs(_seconds(entry, other)) <= SAME_START_S
        if (near or (shorter > 0 and overlap >= OVERLAP * shorter)) and overlap + near > most:
            best, most = other, overlap + near
    return best


def _abroad(entry: Recording, others: Sequence[Recording]) -> Recording | None:
    """The recorded session that is the entry's own in another zone: some quarters of an hour off to the second, and
    alike in length, distance and sport; None where several are."""
    stated = totals(entry)
    found = [
        other
        for other in others
        if abs((_seconds(entry, other) + ZONE_STEP_S / 2) % ZONE_STEP_S - ZONE_STEP_S / 2) <= SAME_SECOND_S
        and alike(totals(other), stated)
    ]
    ids = {other.duplicate_of or other.activity_id for other in found}
    return found[0] if len(ids) == 1 else None


def named_sports(
    recorded: Sequence[Recording], listed: Mapping[str, Recording], matches: Sequence[Match]
) -> dict[str, tuple[str, str | None]]:
    """The sports that lists name for recordings whose own file names none, or one that is done otherwise.

    `listed` by activity id. The owner's list is the later word: what was recorded as a run and stands there as a ride
    was one. Words for the same (a trail run, a run) change nothing.
    """
    said: dict[str, Recording] = {}
    for match in matches:
        entry = listed.get(match.activity_id)
        if entry is not None and not is_unknown(entry.sport):
            said.setdefault(match.duplicate_of, entry)
    wanted: dict[str, tuple[str, str | None]] = {}
    for span in recorded:
        entry = said.get(span.duplicate_of or span.activity_id)
        if entry is not None and (is_unknown(span.sport) or _way(entry.sport) != _way(span.sport)):
            wanted[span.activity_id] = (entry.sport, entry.sub_sport)
    return wanted


def with_hearts(recordings: Sequence[Recording]) -> list[Recording]:
    """The recordings, those without any heart rate with the mean that a list states of them: routes and tracks of a
    phone come without the heart rate that the watch felt, and the list beside them has it. Of several lists the highest
    mean counts, as in the view of the activities."""
    felt: dict[str, float] = {}
    for r in recordings:
        mean = r.stored.heart_rate_mean_bpm
        if r.source == LISTED and r.duplicate_of and mean is not None:
            felt[r.duplicate_of] = max(mean, felt.get(r.duplicate_of, mean))
    return [_felt(r, felt.get(r.activity_id)) for r in recordings]


def _felt(recording: Recording, mean_bpm: float | None) -> Recording:
    """Also its fingerprint is another then: what was concluded from it before is concluded anew."""
    if mean_bpm is None or recording.metrics.get("heart_rate_mean_bpm") is not None:
        return recording
    mark = None if recording.fingerprint is None else hash((recording.fingerprint, mean_bpm))
    return replace(recording, stored=replace(recording.stored, heart_rate_mean_bpm=mean_bpm), fingerprint=mark)


def _way(sport: str) -> str:
    """How it is done: run, walked, or the sport itself."""
    return "run" if is_run(sport) else "walk" if is_walk(sport) else tidy(sport)
