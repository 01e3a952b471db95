"""Starts of recordings whose clock was wrong, by their owner's word, the file, a list or the recordings beside it.

Each is kept in the journal with its source, so that a rebuild takes the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from steadymile.ingest.checkins.values import NO_FLAG, UNCLEAR
from steadymile.ingest.clocks import FIRST_WATCH
from steadymile.ingest.dating import Dating
from steadymile.models.recording import UNDATED, CheckIn
from steadymile.models.stated.diary import READER as DIARY
from steadymile.models.stated.listed import LISTED
from steadymile.models.stated.logged import SOURCE as LOGGED
from steadymile.models.stated.undated import Named, Totals, between, listed_as, middle, totals
from steadymile.pipelines.run import Run
from steadymile.warehouse.journal import Entry
from steadymile.warehouse.store import first_seen, load_recordings
from steadymile.warehouse.tables.rows import NewRecording

AHEAD = timedelta(hours=26)
"""Local time written as UTC may lie so far ahead; a clock that is further ahead is wrong."""

SAME_TIMES = timedelta(days=180)
"""Whoever has recordings of a year recorded in that year."""

Dates = dict[str, dict[str, Dating]]


def latest(run: Run) -> datetime:
    """The latest start that a session can have."""
    return run.now + AHEAD


def dates(run: Run) -> Dates:
    """Every stated start by athlete and sha-256; a later word wins."""
    found: Dates = {}
    for entry in run.journal.read(kinds=("date",)):
        found.setdefault(entry.athlete_id or "", {})[entry.payload["sha256"]] = dating_of(entry.payload)
    return found


def dating_of(payload: Any) -> Dating:
    """A start from its journal entry."""
    return Dating(datetime.fromisoformat(payload["started_at"]), payload["source"], payload["note"])


def payload_of(path: str, sha256: str, dating: Dating) -> dict[str, Any]:
    """A start as the journal keeps it."""
    return {
        "path": path,
        "sha256": sha256,
        "started_at": dating.started_at.isoformat(),
        "source": dating.source,
        "note": dating.note,
    }


def note_dates(run: Run, outcomes: Iterable[Any]) -> None:
    """Journal the starts that were taken from file names, so that a rebuild takes the same."""
    new = [o for o in outcomes if o.dated is not None and o.dated.source != "owner" and o.kept and o.sha256]
    if not new or run.rebuilding:
        return
    known = dates(run)
    run.note(
        *(
            Entry("date", run.now, payload_of(o.label, o.sha256, o.dated), o.athlete_id)
            for o in new
            if o.sha256 not in known.get(o.athlete_id or "", {})
        )
    )


def found_dates(run: Run, undated: Iterable[Any]) -> dict[str, Dating]:
    """Starts, by label, of outcomes that wait for their day, as lists and the recordings beside them state them. Where
    these give no day but a span of days, the outcome's reason names it."""
    found: dict[str, Dating] = {}
    by_athlete: dict[str, list[Any]] = {}
    for outcome in undated:
        by_athlete.setdefault(outcome.athlete_id, []).append(outcome)
    for athlete_id, waiting in by_athlete.items():
        sessions = [r for r in load_recordings(run.con, athlete_id) if r.source != LOGGED]
        recorded = [r for r in sessions if r.source != LISTED]
        entries = _unrecorded([r for r in sessions if r.source == LISTED], recorded, latest(run))
        for outcome in waiting:
            dating = _by_list(outcome.undated, entries) or _by_neighbours(outcome, recorded)
            if dating := dating or _as_it_says(outcome.undated, recorded):
                found[outcome.label] = dating
    contents = {outcome.label: outcome.sha256 for outcomes in by_athlete.values() for outcome in outcomes}
    return _once(found, contents)


def _once(found: dict[str, Dating], contents: dict[str, Any]) -> dict[str, Dating]:
    """Without starts that two recordings were given: one entry of a list is one session."""
    claims: dict[datetime, set[Any]] = {}
    for label, dating in found.items():
        claims.setdefault(dating.started_at, set()).add(contents[label])
    return {label: dating for label, dating in found.items() if len(claims[dating.started_at]) == 1}


def _unrecorded(listed: list[Any], recorded: list[Any], at_most: datetime) -> list[Totals]:
    """The sessions of lists in whose time nothing was recorded, and whose own time can be."""
    return [
        totals(r)
        for r in listed
        if r.reader != DIARY  # it knows the day alone
        and r.started_at.timestamp() >= FIRST_WATCH
        and r.started_at <= at_most
        and not any(o.started_at < r.ended_at and r.started_at < o.ended_at for o in recorded)
    ]


def _by_list(known: Totals, entries: list[Totals]) -> Dating | None:
    entry = listed_as(known, entries)
    if entry is None or entry.started_at is None:
        return None
    said = f"{entry.started_at:%Y-%m-%d %H:%M} UTC"
    note = f"its start {said} is that of the only listed session with its distance and length"
    return Dating(entry.started_at, "list", note)


def _as_it_says(known: Totals, recorded: list[Any]) -> Dating | None:
    """The start that a recording itself states and that another clock may have made: right where others are of that
    time."""
    start = known.started_at
    if start is None or not any(abs(r.started_at - start) <= SAME_TIMES for r in recorded):
        return None
    said = f"its start {start:%Y-%m-%d %H:%M} UTC is its own, since other recordings are of that year"
    return Dating(start, "recordings beside it", said)


def _by_neighbours(outcome: Any, recorded: list[Any]) -> Dating | None:
    folder, _, name = outcome.label.rpartition("/")
    mates = [
        Named(r.path.rpartition("/")[2], r.started_at, r.ended_at)
        for r in recorded
        if r.path.rpartition("/")[0] == folder
    ]
    beside = between(name, mates)
    if beside is None:
        return None
    before, after = beside
    found = middle(before, after, max(outcome.undated.lengths_s, default=0.0))
    if found is None:
        days = f"{before.ended_at:%Y-%m-%d} ({before.name}) and {after.started_at:%Y-%m-%d} ({after.name})"
        outcome.reason = f"{outcome.reason} By the numbers in the names it lies between {days}."
        return None
    start, off = found
    note = (
        f"its start {start:%Y-%m-%d %H:%M} UTC is the middle between {before.name} and {after.name}, true to within "
        f"{off.total_seconds() / 3600:.0f} h"
    )
    return Dating(start, "recordings beside it", note)


UNTIMELY = (
    "{0} reports a warning sign on a day that cannot be read or is still to come, so it counts on {1}, when the file "
    "came in. Answer: steadymile log red_flag=WORD --day {1}, or red_flag=no if it was none"
)


def in_time(checkins: Sequence[CheckIn], came_in: date) -> list[CheckIn]:
    """Check-ins with the warning signs among them counting no later than the day after the file came in: one of a
    mistyped year would stop nothing for a year."""
    found = [replace(c, day=came_in) if c.day == UNDATED else c for c in checkins]
    return found + [
        CheckIn(came_in, {"red_flag": UNCLEAR}, c.source)
        for c in found
        if c.day > came_in + timedelta(days=1) and c.values.get("red_flag") not in (None, NO_FLAG)
    ]


def done_by_then(con: Any, recordings: Sequence[NewRecording]) -> list[NewRecording]:
    """Without rows of lists whose day is after the list came in: a plan, and no session once the day is past. The row
    of the list in `files` must be saved."""
    people = {r.athlete_id for r in recordings if r.activity.source == LISTED}
    came = {athlete_id: first_seen(con, athlete_id) for athlete_id in people}
    return [
        r
        for r in recordings
        if r.athlete_id not in came
        or r.activity.source != LISTED
        or r.sha256 not in came[r.athlete_id]
        or r.local_day <= (came[r.athlete_id][r.sha256] + AHEAD).date()
    ]
