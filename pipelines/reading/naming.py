"""What lists, facts and a person's own history say of recordings: which session a list names, its sport, its kind, and
its local day where neither place nor file decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from steadymile.ingest.local_day import fixed_name, known_zone
from steadymile.models.assessment.session_kind import kinds_by_copies, kinds_by_history
from steadymile.models.athlete import Athlete
from steadymile.models.copies.duplicates import Match
from steadymile.models.measured import Recording
from steadymile.models.sport import is_indoors
from steadymile.models.stated.diary import READER as DIARY
from steadymile.models.stated.diary import diary_matches
from steadymile.models.stated.listed import LISTED, listed_matches, named_sports
from steadymile.models.stated.logged import SOURCE as LOGGED
from steadymile.pipelines.facts import zone_of
from steadymile.pipelines.reading.dates import dates
from steadymile.pipelines.reading.remeasure import read_again
from steadymile.pipelines.reading.worker import Original
from steadymile.pipelines.run import Lost, Run
from steadymile.warehouse.store import (
    MatchRow,
    first_seen,
    load_recordings,
    load_standing,
    load_stated_sports,
    save_kinds,
    save_recordings,
)
from steadymile.warehouse.tables.rows import Placed

LIST, OWNER = "list", "owner"
"""Whose word it is what sport a recording was, where it is not the file's."""


def named_copies(recordings: Iterable[Recording], matches: Iterable[Match | MatchRow]) -> list[Recording]:
    """The recordings, each copy with the one that counts for it, as they are read once these matches are saved."""
    counts = {match.activity_id: match.duplicate_of for match in matches}
    return [
        r if r.duplicate_of == counts.get(r.activity_id) else replace(r, duplicate_of=counts.get(r.activity_id))
        for r in recordings
    ]


def match_listed(run: Run, athlete_id: str, recordings: Sequence[Recording], found: Sequence[Match]) -> list[Match]:
    """The listed sessions that were recorded too. `found` are the copies among the recordings. What its owner forgot
    does not come back by a list."""
    listed = [r for r in recordings if r.source == LISTED]
    if not listed:
        return []
    kept, forgotten = load_standing(run.con, athlete_id)
    if forgotten:
        recordings = [r for r in load_recordings(run.con, athlete_id, forgotten=True) if r.source != LOGGED]
    recorded = named_copies([r for r in recordings if r.source != LISTED], found)
    gone = [r for r in recordings if r.source == LISTED and r.activity_id in forgotten]
    dated = [r for r in listed if r.reader != DIARY]
    matches = listed_matches([*recorded, *gone], dated, kept)
    by_day = [r for r in listed if r.reader == DIARY]
    if by_day:
        others = [*recorded, *named_copies(dated, matches)]
        matches += diary_matches(others, by_day, first_seen(run.con, athlete_id), kept)
    return matches


def name_sports(run: Run, athlete: Athlete, recordings: Sequence[Recording], matches: Sequence[Any]) -> int:
    """Measure recordings anew, from their originals, as the sport that their owner or else a list names; and as the
    file's own again where the owner took the word back. Returns how many."""
    listed = {r.activity_id: r for r in recordings if r.source == LISTED}
    stated = load_stated_sports(run.con, athlete.athlete_id)
    recorded = {r.activity_id: r for r in recordings if r.source not in (LISTED, LOGGED)}
    if not listed and not stated and all(r.sport_source != OWNER for r in recorded.values()):
        return 0
    copies = {match.activity_id: match.duplicate_of for match in matches}
    by_owner = of_every_copy(stated, recorded, copies)
    found = named_copies(recorded.values(), matches)
    by_list = named_sports(found, listed, matches) if listed else {}
    wanted: dict[str, tuple[str, str | None, str] | None] = {}
    for i, r in recorded.items():
        if i in by_owner:
            if r.sport != by_owner[i]:
                wanted[i] = (by_owner[i], r.sub_sport if is_indoors(r.sport, r.sub_sport) else None, OWNER)
        elif i in by_list:
            wanted[i] = (*by_list[i], LIST)
        elif r.sport_source == OWNER:
            wanted[i] = None
    originals: dict[tuple[str, str], list[Any]] = {}
    for i, name in wanted.items():
        sports = originals.setdefault((recorded[i].path, recorded[i].sha256), [])
        sports += [(recorded[i].index, *name)] if name else []
    zone = zone_of(athlete, run.now.date())
    done, begun = 0, dates(run).get(athlete.athlete_id, {}) if originals else {}
    for (path, sha256), sports in originals.items():
        original = Original(path, athlete.athlete_id, sha256, zone, tuple(sports), begun.get(sha256))
        (outcome,) = next(read_again(run, [original]))
        if not outcome.kept:
            run.lost.append(Lost(path, outcome.reason or "", outcome.code))
        done += save_recordings(run.con, [r for r in outcome.recordings if r.activity_id in wanted])
    return done


def of_every_copy(stated: Mapping[str, str], recorded: Collection[str], copies: Mapping[str, str]) -> dict[str, str]:
    """The sports that were stated, by activity id, for every copy of a session: copies that are done differently would
    count as two. Of several words about one session that about the recording itself holds for it."""
    of_session = {copies.get(i, i): sport for i, sport in stated.items()}
    found = {i: of_session[copies.get(i, i)] for i in recorded if copies.get(i, i) in of_session}
    return found | {i: sport for i, sport in stated.items() if i in recorded}


def settle_kinds(run: Run, athlete_id: str, recordings: Sequence[Recording]) -> int:
    """What the sessions without any evidence count as, by the person's known runs, and walks that were recorded as runs
    too. Returns how many changed."""
    kinds = kinds_by_history([r for r in recordings if r.preferred]) | kinds_by_copies(recordings)
    return save_kinds(run.con, athlete_id, kinds)


OPEN_TO_FACTS = ("athlete", "utc")
"""How a zone was decided where the athlete's own zone decides anew; a place is never overruled."""


def placed(athlete: Athlete, recordings: Sequence[Recording]) -> list[Placed]:
    """Where and when each recording counts by the zone the athlete states for its day; those that a stated zone says
    nothing about, or that stand there already, are left out. No file is read.

    A file's own offset decides its day whatever the athlete says; only its zone's name may become the athlete's, as
    when the file is read.
    """
    found = []
    for recording in recordings:
        named = athlete.facts(recording.started_at.date()).timezone
        home = known_zone(named) if named else None
        if named is None or home is None:
            continue  # the machine's zone, which travels, moves nothing
        start = recording.started_at
        if recording.timezone_source in OPEN_TO_FACTS:
            found.append(Placed(recording.activity_id, start.astimezone(home).date(), named, "athlete"))
        elif recording.timezone_source == "file":
            offset = offset_of(recording)
            if offset == timedelta(0) and home.utcoffset(start.astimezone(home)) != offset:
                # as when the file is read: makers that do not know the local time write UTC twice
                found.append(Placed(recording.activity_id, start.astimezone(home).date(), named, "athlete"))
            elif offset is not None:
                zone = named if home.utcoffset(start.astimezone(home)) == offset else fixed_name(offset)
                found.append(Placed(recording.activity_id, (start + offset).date(), zone, "file"))
    now = {(r.activity_id, r.local_day, r.timezone, r.timezone_source) for r in recordings}
    return [p for p in found if (p.activity_id, p.local_day, p.timezone, p.timezone_source) not in now]


def offset_of(recording: Recording) -> timedelta | None:
    """The offset that a recording's file gave, from the zone it was named by: `UTC+05:30` or an IANA name."""
    name, start = recording.timezone, recording.started_at
    zone = known_zone(name)
    if zone is not None:
        return zone.utcoffset(start.astimezone(zone))
    if not name.startswith("UTC"):
        return None
    hours, _, minutes = name[4:].partition(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return -offset if name[3] == "-" else offset
