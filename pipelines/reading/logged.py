"""Sessions that check-ins report, kept beside recordings: made anew from what stands, so that a corrected or withdrawn
report changes or removes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from steadymile.ingest.exports.listed import NO_SAMPLES
from steadymile.models.athlete import Athlete
from steadymile.models.copies.duplicates import Match
from steadymile.models.measured import Recording
from steadymile.models.measuring.measure import measure
from steadymile.models.metrics.catalogue import Measured, Value, missing
from steadymile.models.recording import Activity, CheckIn
from steadymile.models.stated.logged import SOURCE, STATED, Logged, logged_matches, logged_sessions
from steadymile.pipelines.facts import zone_of
from steadymile.pipelines.reading.worker import activity_id
from steadymile.warehouse.store import remove_recordings, save_recordings
from steadymile.warehouse.tables.rows import NewRecording

NOON = time(12)
"""Where a report gives no time of day, its session stands at noon."""
NO_BREAKS = "it was logged in minutes: how long you ran without a break is not known"
NOT_STATED = "it was logged in minutes, and these were not stated"
SPORTS = {"run": "running", "walk": "walking"}


@dataclass(frozen=True, slots=True)
class Reported:
    """The reported sessions of one athlete by activity id, and what was said, in order of arrival."""

    sessions: Mapping[str, Logged]
    checkins: Sequence[CheckIn]

    def said(self, matches: Sequence[Any]) -> list[CheckIn]:
        """The check-ins, those that report a session naming it, or the recording that counts for it."""
        counts = {match.activity_id: match.duplicate_of for match in matches}
        named = list(self.checkins)
        for own, session in self.sessions.items():
            named[session.place] = replace(named[session.place], activity_id=counts.get(own, own))
        return named


def keep_reported(
    con: Any, athlete: Athlete, said: Sequence[tuple[str, CheckIn]], known: Sequence[Recording], measured_so: bool
) -> Reported:
    """Save the sessions that the check-ins of an athlete report, and remove those that nothing reports any more.
    `said` in order of arrival, each with its origin; `known` the recordings that are stored, `measured_so` by the very
    code that would measure them now: those that stand there already are not saved again."""
    sessions = {session_id(athlete, session): session for session in logged_sessions(said)}
    stored = {r.activity_id: r for r in known if r.source == SOURCE}
    remove_recordings(con, athlete.athlete_id, [i for i in stored if i not in sessions])
    rows = [recording(athlete, own, said[session.place][0], session) for own, session in sessions.items()]
    save_recordings(con, [r for r in rows if not (measured_so and stands(r, stored.get(r.activity_id)))])
    return Reported(sessions, [checkin for _, checkin in said])


def stands(reported: NewRecording, stored: Recording | None) -> bool:
    """Whether a reported session is stored just so."""
    if stored is None:
        return False
    days = (reported.local_day, reported.timezone, reported.timezone_source, reported.kind, reported.sha256)
    times = (reported.activity.started_at, reported.activity.ended_at, reported.activity.sport)
    return (
        days == (stored.local_day, stored.timezone, stored.timezone_source, stored.kind, stored.sha256)
        and times == (stored.started_at, stored.ended_at, stored.sport)
        and {name: value.value for name, value in reported.measured.metrics.items()} == stored.metrics
    )


def session_id(athlete: Athlete, session: Logged) -> str:
    """The id of a reported session: the same however often its minutes are corrected."""
    return activity_id(athlete.athlete_id, f"{SOURCE}:{session.day}:{session.kind}", session.number)


def recording(athlete: Athlete, own: str, origin: str, session: Logged) -> NewRecording:
    """A reported session as a recording without samples."""
    zone = zone_of(athlete, session.day)
    start = session.at or datetime.combine(session.day, NOON, ZoneInfo(zone)).astimezone(UTC)
    return NewRecording(
        activity_id=own,
        athlete_id=athlete.athlete_id,
        sha256="" if origin.startswith("journal:") else origin,
        path="",
        activity=activity(session.kind, session.total_s, start),
        measured=measured(session.kind, session.run_s, session.walk_s),
        local_day=session.day,
        timezone=zone,
        timezone_source="athlete",
        kind=session.kind,
    )


def activity(kind: str, total_s: float, start: datetime) -> Activity:
    """What was reported, as an activity that took so long."""
    timer = ((0.0, total_s),)
    return Activity(start, SPORTS[kind], NO_SAMPLES, reader=SOURCE, timer=timer, source=SOURCE)


@lru_cache(maxsize=1024)
def measured(kind: str, run_s: float | None, walk_s: float | None) -> Measured:
    """Its metrics: the minutes as stated, everything else unknown with its reason. A run of which somebody says that
    there was no walking in it was run in one."""
    total_s = (run_s or 0.0) + (walk_s or 0.0)
    found = measure(activity(kind, total_s, datetime(2000, 1, 1, tzinfo=UTC)))
    stated = {
        "running_s": Value(run_s or 0.0, source=STATED),
        "walking_s": missing(NOT_STATED) if walk_s is None else Value(walk_s, source=STATED),
        "moving_s": Value(total_s, source=STATED),
        "timer_s": missing("it was logged in minutes, without a timer"),
        "elapsed_s": missing("it was logged in minutes: breaks are not known"),
        "longest_run_s": Value(run_s, source=STATED) if run_s and walk_s == 0.0 else missing(NO_BREAKS),
        "longest_run_m": missing(NO_BREAKS),
    }
    return replace(found, metrics={**found.metrics, **stated})


def match_reported(
    sessions: Mapping[str, Logged], recordings: Sequence[Recording], found: Sequence[Match], kept: Any
) -> list[Match]:
    """The reported sessions that a recording, or an export's list, holds too. `found`: copies among those."""
    copies = {match.activity_id for match in found}
    candidates = [r for r in recordings if r.source != SOURCE and r.activity_id not in copies]
    return logged_matches(sessions, candidates, kept)


def until(said: Sequence[tuple[str, CheckIn]], day: date) -> list[tuple[str, CheckIn]]:
    """What was said of days up to one."""
    return [(origin, checkin) for origin, checkin in said if checkin.day <= day]
