"""What is kept of a file beside its recordings: its row, its line in the journal, and what it says of a body."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from steadymile.ingest.inbox import readable_text
from steadymile.models.physiology.confirmation import UNCOUNTED, eases, says
from steadymile.pipelines.convert import day_of_reading
from steadymile.pipelines.facts import today_of, zone_of
from steadymile.pipelines.journaled import sighting
from steadymile.pipelines.reading.dates import UNTIMELY, in_time
from steadymile.pipelines.reading.worker import Outcome
from steadymile.pipelines.run import Run
from steadymile.warehouse.journal import Entry
from steadymile.warehouse.store import FileRow, save_checkins, save_wellness


def row_of(run: Run, outcome: Outcome) -> FileRow:
    """An outcome as its row, with text that every database takes."""
    return FileRow(
        path=readable_text(outcome.label),
        status=outcome.status,
        first_seen_at=run.now,
        athlete_id=outcome.athlete_id,
        sha256=outcome.sha256,
        bytes=outcome.bytes,
        reason=plain(outcome.reason),
        reader=outcome.reader,
        what=plain(outcome.what),
        activities=len(outcome.recordings),
        code=outcome.code,
        judged_by=outcome.judged_by,
        left_out=outcome.left_out or None,
        held=True if outcome.checkins else False if outcome.kept and not outcome.recordings else None,
    )


def contents_of(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    """Whose contents these are, of those that were read: (athlete, sha256)."""
    return [(o.athlete_id, o.sha256) for o in outcomes if o.kept and o.athlete_id and o.sha256]


def say_uncounted(outcome: Outcome) -> None:
    """Add to an outcome's reason what its file reports and only the person can make count."""
    if words := uncounted(outcome):
        outcome.code = outcome.code or "unconfirmed"
        outcome.reason = " ".join([*([outcome.reason] if outcome.reason else []), *(f"It {w}" for w in words)])


def uncounted(outcome: Outcome) -> list[str]:
    """What a file reports that does not count until the person confirms it, with the last day of each."""
    newest: dict[str, date] = {}
    for checkin in outcome.checkins:
        for name, value in checkin.values.items():
            if name in UNCOUNTED and eases(name, value):
                newest[name] = max(checkin.day, newest.get(name, checkin.day))
    return [says(name, day.isoformat()) for name, day in sorted(newest.items())]


def plain(text: str | None) -> str | None:
    """Text without halves of characters, which no file can hold."""
    return None if text is None else text.encode("utf-8", "replace").decode()


def sight(run: Run, found: list[FileRow]) -> list[tuple[FileRow, Entry]]:
    """Journal these sightings; each row with its entry. One that an unfinished run journaled already is the same
    sighting still: its row takes the time that a rebuild will find."""
    entries = [Entry("file", run.now, file_payload(row), row.athlete_id) for row in found]
    keys = [sighting(e.payload, e.athlete_id) for e in entries]
    noted = iter(run.note(*(e for key, e in zip(keys, entries) if key not in run.sighted)))
    settled = [run.sighted.get(key) or next(noted) for key in keys]
    return [(replace(row, first_seen_at=entry.at), entry) for row, entry in zip(found, settled)]


def file_payload(row: FileRow) -> dict[str, Any]:
    """A file sighting as the journal keeps it."""
    left_out = ("first_seen_at", "athlete_id")
    return {name: value for name, value in asdict(row).items() if value is not None and name not in left_out}


def keep_readings(run: Run, outcome: Outcome, entry: Entry, *, anew: bool = False) -> int:
    """Save a file's wellness readings and check-ins, by the sighting that the journal has of it; `anew`: in the place
    of those that an earlier reading gave. Returns how many of the two changed. Whether a sighting says that its answers
    are held or that there were none: those that it gives now are."""
    assert outcome.athlete_id is not None or not (outcome.wellness or outcome.checkins)
    if outcome.athlete_id is None or outcome.sha256 is None:
        return 0
    changed, athlete = 0, run.athletes[outcome.athlete_id]
    if outcome.wellness or anew:
        zone = zone_of(athlete, run.now.date())
        readings = [(day_of_reading(w, zone), w) for w in outcome.wellness]
        changed += bool(save_wellness(run.con, outcome.athlete_id, outcome.sha256, entry.seq, readings))
    if outcome.checkins or anew:
        held = entry.payload.get("held") is not None
        checkins = in_time(outcome.checkins, today_of(athlete, entry.at))
        if checkins != outcome.checkins and not anew:
            run.asks.append(UNTIMELY.format(outcome.label, today_of(athlete, entry.at)))
        changed += bool(save_checkins(run.con, outcome.athlete_id, outcome.sha256, entry.seq, checkins, held=held))
    return changed


def first_sightings(entries: Iterable[Entry]) -> dict[tuple[str | None, str, str | None], Entry]:
    """The sighting with which each content was first read under each path, by athlete, path and sha256. When it came in
    decides among words about one day, however often it is read again."""
    found: dict[tuple[str | None, str, str | None], Entry] = {}
    for e in entries:
        if e.kind == "file" and e.payload["status"] in ("ingested", "salvaged"):
            found.setdefault((e.athlete_id, e.payload["path"], e.payload.get("sha256")), e)
    return found
