"""Local days follow the athlete's stated time zone: where neither place nor file decided, a changed fact moves them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from steadymile.ingest.local_day import fixed_name, known_zone
from steadymile.models.athlete import Athlete
from steadymile.models.measured import Recording
from steadymile.warehouse.tables.rows import Placed

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
