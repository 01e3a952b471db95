"""Sessions that a person keeps by the day in a table of their own: which of them were also recorded, and which stand in
a later version of the table.

A diary gives the day and rounded totals. It is dropped in again as it grows, so that its newest version holds; two that
have little in common are two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from steadymile.models.copies.duplicates import Match
from steadymile.models.measured import Recording
from steadymile.models.stated.logged import SIZE, SIZE_S
from steadymile.models.stated.undated import same_way, totals

READER = "diary"
"""The reader of such tables."""
RULE, NEWER = "listed", "listed anew"
SAME_WAY, SAME_WAY_M = 0.1, 200.0
"""Distances that people write down agree with the recording within a tenth and 200 m (design values)."""


def diary_matches(
    others: Sequence[Recording], entries: Sequence[Recording], came: Mapping[str, datetime], keep: Collection[str] = ()
) -> list[Match]:
    """Entries that stand in a later version, or of which `others` (recordings, lists) hold the session. `came` is when
    each content was first seen, by SHA-256; of two that came together the one that goes further is the later. A
    recording stands for one entry of a day."""
    tables: dict[str, list[Recording]] = {}
    for entry in sorted(entries, key=lambda e: (e.local_day, e.index, e.activity_id)):
        if entry.activity_id not in keep:
            tables.setdefault(entry.sha256, []).append(entry)
    order = sorted(tables, key=lambda sha256: (came[sha256], tables[sha256][-1].local_day, sha256))
    found: list[Match] = []
    by_day: dict[date, list[Recording]] = {}
    for other in others:
        by_day.setdefault(other.local_day, []).append(other)
    taken: set[str] = set()
    for place, sha256 in enumerate(order):
        newer = next((tables[later] for later in order[place + 1 :] if _version(tables[sha256], tables[later])), None)
        for entry in tables[sha256]:
            if newer is not None:
                best = min(newer, key=lambda e: (abs((e.local_day - entry.local_day).days), abs(_gap_s(e, entry))))
                found.append(Match(entry.activity_id, best.activity_id, NEWER, "a later version of the table holds"))
            elif same := _recorded(entry, by_day.get(entry.local_day, ()), taken):
                taken.add(same)
                detail = f"listed for {entry.local_day}, the day, sport and size of the recording"
                found.append(Match(entry.activity_id, same, RULE, detail))
        if newer is None:
            for entry in tables[sha256]:
                by_day.setdefault(entry.local_day, []).append(entry)
    counts = {match.activity_id: match.duplicate_of for match in found}
    return [Match(m.activity_id, _last(m.duplicate_of, counts), m.rule, m.detail) for m in found]


def _version(old: Sequence[Recording], new: Sequence[Recording]) -> bool:
    """Whether one table is another's later version: at least half of its entries stand in it."""
    days: dict[date, list[Recording]] = {}
    for entry in new:
        days.setdefault(entry.local_day, []).append(entry)
    kept = sum(any(_alike(other, entry) for other in days.get(entry.local_day, ())) for entry in old)
    return 2 * kept >= len(old)


def _last(activity_id: str, counts: Mapping[str, str]) -> str:
    """The session that counts at the end of a chain."""
    seen = set()
    while activity_id in counts and activity_id not in seen:
        seen.add(activity_id)
        activity_id = counts[activity_id]
    return activity_id


def _gap_s(a: Recording, b: Recording) -> float:
    return _length_s(a) - _length_s(b)


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
