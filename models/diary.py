"""Sessions that a person keeps by the day in a table of their own: which of them were also recorded, and which stand in
a later version of the table.

A diary gives the day and rounded totals. It is dropped in again as it grows, so that of each day its newest version
holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from steadymile.models.duplicates import Match
from steadymile.models.logged import SIZE, SIZE_S
from steadymile.models.measured import Recording
from steadymile.models.undated import same_way, totals

READER = "diary"
"""The reader of such tables."""
RULE, NEWER = "listed", "listed anew"
SAME_WAY, SAME_WAY_M = 0.1, 200.0
"""Distances that people write down agree with the recording within a tenth and 200 m (design values)."""


def diary_matches(
    others: Sequence[Recording], entries: Sequence[Recording], came: Mapping[str, datetime], keep: Collection[str] = ()
) -> list[Match]:
    """Entries that stand in a later version, or of which `others` (recordings, lists) hold the session. `came` is when
    each content was first seen, by SHA-256;
    of two that came together the one that goes further holds. A recording stands for one entry of a day."""
    found: list[Match] = []
    by_day: dict[date, list[Recording]] = {}
    for other in others:
        by_day.setdefault(other.local_day, []).append(other)
    last: dict[str, date] = {}
    for entry in entries:
        last[entry.sha256] = max(entry.local_day, last.get(entry.sha256, entry.local_day))
    for day, mine in _days(entries, keep):
        newest = max(mine, key=lambda e: (came[e.sha256], last[e.sha256], e.sha256)).sha256
        standing = [e for e in mine if e.sha256 == newest]
        for old in (e for e in mine if e.sha256 != newest):
            best = min(standing, key=lambda e: (abs(_length_s(e) - _length_s(old)), e.index))
            found.append(Match(old.activity_id, best.activity_id, NEWER, f"a later version of the table holds {day}"))
        taken: set[str] = set()
        for entry in standing:
            same = _recorded(entry, by_day.get(day, ()), taken)
            if same is not None:
                taken.add(same)
                detail = f"listed for {day}, the day, sport and size of the recording"
                found.append(Match(entry.activity_id, same, RULE, detail))
    counts = {match.activity_id: match.duplicate_of for match in found if match.rule == RULE}
    return [Match(m.activity_id, counts.get(m.duplicate_of, m.duplicate_of), m.rule, m.detail) for m in found]


def _days(entries: Sequence[Recording], keep: Collection[str]) -> Iterator[tuple[date, list[Recording]]]:
    days: dict[date, list[Recording]] = {}
    for entry in entries:
        if entry.activity_id not in keep:
            days.setdefault(entry.local_day, []).append(entry)
    for day, mine in sorted(days.items()):
        yield day, sorted(mine, key=lambda e: (e.index, e.activity_id))


def _recorded(entry: Recording, others: Sequence[Recording], taken: Collection[str]) -> str | None:
    """The session that counts for an entry: of its day, sport and size, the nearest in length; None where none is."""
    fitting = [o for o in others if (o.duplicate_of or o.activity_id) not in taken and _alike(o, entry)]
    if not fitting:
        return None
    best = min(fitting, key=lambda o: (abs(_length_s(o) - _length_s(entry)), o.started_at, o.activity_id))
    return best.duplicate_of or best.activity_id


def _alike(other: Recording, entry: Recording) -> bool:
    known, stated = totals(other), totals(entry)
    if not same_way(known, stated):
        return False
    if known.distance_m and stated.distance_m:
        off_m = abs(known.distance_m - stated.distance_m)
        if off_m > max(SAME_WAY_M, SAME_WAY * max(known.distance_m, stated.distance_m)):
            return False
    return any(b / SIZE - SIZE_S <= a <= b * SIZE + SIZE_S for a in known.lengths_s for b in stated.lengths_s)


def _length_s(recording: Recording) -> float:
    return max(totals(recording).lengths_s, default=0.0)
