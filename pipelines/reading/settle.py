"""Verdicts on files are not for ever: what is looked at once more, which complaints no longer hold, and what files that
were read once hold by today's readers."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from steadymile.ingest.formats import signs_recordings
from steadymile.ingest.inbox import Candidate, Scan
from steadymile.ingest.reading import DAMAGED
from steadymile.models.members import top_of
from steadymile.models.physiology.confirmation import eases
from steadymile.models.stated.logged import SOURCE as LOGGED
from steadymile.pipelines.facts import today_of, zone_of
from steadymile.pipelines.journaled import Standing, words_follow
from steadymile.pipelines.reading import definitions
from steadymile.pipelines.reading.child import OF_THE_MACHINE
from steadymile.pipelines.reading.dates import dates, done_by_then, in_time
from steadymile.pipelines.reading.keep import Again, Ingested, not_storable
from steadymile.pipelines.reading.naming import LIST, OWNER
from steadymile.pipelines.reading.remeasure import read_again
from steadymile.pipelines.reading.sightings import (
    first_sightings,
    keep_readings,
    row_of,
    say_uncounted,
    sight,
    uncounted,
)
from steadymile.pipelines.reading.worker import Original, Outcome
from steadymile.pipelines.run import Lost, Run
from steadymile.warehouse.database import NOT_THE_ROWS, rows, transaction
from steadymile.warehouse.journal import Entry
from steadymile.warehouse.store import (
    complaints,
    kept_paths,
    known_files,
    note_read,
    read_otherwise,
    remove_recordings,
    replaced_paths,
    save_files,
    save_recordings,
)
from steadymile.warehouse.tables.rows import FileRow, NewRecording

SETTLED = "Settled: what was turned down here is gone, or something that can be read took its place."


def still_unread(run: Run, candidates: Sequence[Candidate], stale: set[str]) -> list[Candidate]:
    """The candidates without the members of an archive that is only looked at once more, and that were read."""
    if not stale or not candidates:
        return list(candidates)
    marks, kept = known_files(run.con), kept_paths(run.con)

    def again(c: Candidate) -> bool:
        return c.relative in stale and marks.get(c.relative) == (c.bytes, c.mtime_ns) and c.label in kept

    return [c for c in candidates if not again(c)]


def settle_complaints(run: Run, found: Scan, result: Ingested) -> None:
    """Complaints that no longer hold: a path that now holds what can be read, a folder or link that is whole again.
    Their rows stay, as ignored with the code `settled`, and are journaled like every verdict."""
    standing = complaints(run.con)
    if not standing:
        return
    known, replaced = known_files(run.con), replaced_paths(run.con)
    changing = {top_of(label) for label in result.waiting}
    looked_at = {c.relative for c in found.candidates} - changing

    def holds(row: FileRow) -> bool:
        top = top_of(row.path)
        if (row.path, row.sha256) in result.complained or top in changing:
            return True
        if top in looked_at:
            return False
        if top in known or row.bytes is not None or row.sha256 is not None:
            return replaced.get(row.path, row.first_seen_at) <= row.first_seen_at
        return False  # what cannot be looked at is found at every scan, and was not found at this one

    gone = [replace(row, status="ignored", code="settled", reason=SETTLED) for row in standing if not holds(row)]
    if gone:
        save_files(run.con, [row for row, _ in sight(run, gone)])


A_NIGHT = 200
"""So many recordings that other readers read are read again in one night, the newest first. Tables, lists and the few
formats beside them are read again all at once: what people said of themselves must not wait."""


def read_anew(run: Run) -> Again:
    """Read again what other readers than today's read, and keep what it holds now where that differs: an update of
    steadymile reaches what came in before it, as a rebuild would. What was accepted once stays accepted, and stays as
    it was where it cannot be read now; words, dates, sports and deletions of its owner stand."""
    pending = [row for row in read_otherwise(run.con, definitions.read_by()) if row.athlete_id in run.athletes]
    if not pending:
        run.state.unread_anew = 0
        return Again()
    found = first_sightings(run.journal.read(kinds=("file",)))
    first = {(r.path, r.sha256): entry for r in pending if (entry := found.get((r.athlete_id, r.path, r.sha256)))}
    tables = [row for row in pending if not signs_recordings(row.reader)]
    tables.sort(key=lambda r: first[r.path, r.sha256].seq if (r.path, r.sha256) in first else 0, reverse=True)
    begun = latest_starts(run)
    recorded = [row for row in pending if signs_recordings(row.reader)]
    recorded.sort(key=lambda row: (begun.get(str(row.sha256), ""), row.path), reverse=True)
    chosen = tables + recorded[:A_NIGHT]
    done = again_of(run, chosen, first)
    left = len(pending) - len(chosen)
    run.state.unread_anew = left
    run.say("read again", logging.INFO, files=len(chosen), differ=done, left=left)
    return Again(len(chosen), done, left)


def latest_starts(run: Run) -> dict[str, str]:
    """When the last session of each content began, as text that sorts."""
    return dict(rows(run.con, "SELECT sha256, CAST(max(started_at) AS VARCHAR) FROM base.activities GROUP BY sha256"))


def again_of(run: Run, chosen: Sequence[FileRow], first: Mapping[tuple[str, str | None], Entry]) -> int:
    """Read these files again from their originals, in order. Returns how many hold something else than they did."""
    stated, named = dates(run), named_sports(run)
    originals = [
        Original(
            row.path,
            str(row.athlete_id),
            str(row.sha256),
            zone_of(run.athletes[str(row.athlete_id)], run.now.date()),
            tuple(named.get((str(row.athlete_id), str(row.sha256)), ())),
            stated.get(str(row.athlete_id), {}).get(str(row.sha256)),
        )
        for row in chosen
    ]
    done, differ = 0, 0
    for batch in read_again(run, originals):
        pairs = list(zip(chosen[done : done + len(batch)], batch))
        try:
            with transaction(run.con):
                differ += sum(keep_noted(run, *pair, first) for pair in pairs)
        except NOT_THE_ROWS:
            raise
        except Exception:  # one of them cannot be stored: it costs the others nothing, and tonight's inbox neither
            differ += sum(keep_alone(run, *pair, first) for pair in pairs)
        done += len(batch)
        run.progress(done, len(chosen), "Reading again")
    return differ


First = Mapping[tuple[str, str | None], Entry]
"""When each file was first seen, by its path and content."""


def keep_noted(run: Run, row: FileRow, outcome: Outcome, first: First) -> bool:
    """Keep what a file holds now, and that today's readers read it. Whether that differs."""
    lost, asks = len(run.lost), len(run.asks)
    try:
        differs = keep_anew(run, row, outcome, first.get((row.path, row.sha256)))
        if outcome.code not in OF_THE_MACHINE:
            note_read(run.con, [(str(row.athlete_id), str(row.sha256))], definitions.read_by())
    except Exception:
        del run.lost[lost:], run.asks[asks:]
        raise
    return differs


def keep_alone(run: Run, row: FileRow, outcome: Outcome, first: First) -> bool:
    """The same of one file by itself. One that cannot be stored stays as it was, and is named once."""
    try:
        with transaction(run.con):
            return keep_noted(run, row, outcome, first)
    except NOT_THE_ROWS:
        raise
    except Exception as error:
        run.lost.append(Lost(row.path, not_storable(error), "not_storable"))
        note_read(run.con, [(str(row.athlete_id), str(row.sha256))], definitions.read_by())
        return False


def named_sports(run: Run) -> dict[tuple[str, str], list[tuple[int, str, str | None, str]]]:
    """What a list or their owner names recordings, by (athlete, sha256): index, sport, sub-sport, whose word it is."""
    found: dict[tuple[str, str], list[tuple[int, str, str | None, str]]] = {}
    named = """SELECT athlete_id, sha256, "index", sport, sub_sport, sport_source FROM base.activities
        WHERE sport_source IN (?, ?) ORDER BY ALL"""
    for athlete_id, sha256, *sport in rows(run.con, named, [LIST, OWNER]):
        found.setdefault((athlete_id, sha256), []).append((sport[0], sport[1], sport[2], sport[3]))
    return found


def keep_anew(run: Run, row: FileRow, outcome: Outcome, entry: Entry | None) -> bool:
    """Save what a file holds by today's readers, in the place of what it held. Whether that differs."""
    if not outcome.kept or entry is None:
        if outcome.code not in OF_THE_MACHINE and entry is not None:
            run.lost.append(Lost(row.path, outcome.reason or "", outcome.code))
        return False
    say_uncounted(outcome)
    new = row_of(run, outcome)
    if row.code == DAMAGED:  # of its archive, which is not looked at here
        new = replace(new, status=row.status, code=row.code, reason=row.reason)
    new = replace(
        new, held=held_anew(run, row, outcome, entry), first_seen_at=row.first_seen_at, judged_by=row.judged_by
    )
    words = uncounted(outcome)
    said, begun = Standing.of(run.con, str(row.athlete_id)), starts_in(run, row)
    changed = save_recordings(run.con, kinds_as_they_were(run, done_by_then(run.con, superseded(run, outcome))))
    changed += remove_vanished(run, outcome)
    words_follow(run, str(row.athlete_id), said, begun, starts_in(run, row))
    sighted = replace(entry, payload={**entry.payload, "held": new.held})
    changed += keep_readings(run, outcome, sighted, anew=True)
    if told(new) != told(row):
        save_files(run.con, [saved for saved, _ in sight(run, [new])])
        changed += 1
    if changed:
        run.owe(str(row.athlete_id))
        run.asks += [f"{row.path} {said}" for said in words]
        if outcome.checkins:
            run.spoken.add(str(row.athlete_id))
    return bool(changed)


def starts_in(run: Run, row: FileRow) -> dict[str, datetime]:
    """When each session of a content begins, by activity id."""
    mine = "SELECT activity_id, started_at FROM base.activities WHERE athlete_id = ? AND sha256 = ?"
    return dict(rows(run.con, mine, [row.athlete_id, row.sha256]))


def told(row: FileRow) -> tuple[object, ...]:
    """What a file's row says beside its sentence, which an update may put otherwise."""
    return (row.status, row.code, row.activities, row.left_out, row.held)


def held_anew(run: Run, row: FileRow, outcome: Outcome, entry: Entry) -> bool | None:
    """Whether the answers of a file that is read again may end nothing. Those of a file that came in before files were
    held count on as they did, unless it says something of that kind that it did not say before."""
    if row.held or not outcome.checkins:
        return row.held
    said = "SELECT day, quantity FROM base.health_events WHERE athlete_id = ? AND origin = ? AND stated"
    before = {(day, name) for day, name in rows(run.con, said, [row.athlete_id, row.sha256])}
    now = in_time(outcome.checkins, today_of(run.athletes[str(row.athlete_id)], entry.at))
    easing = {(c.day, name) for c in now for name, value in c.values.items() if eases(name, value)}
    return True if not before or easing - before else row.held


def superseded(run: Run, outcome: Outcome) -> list[NewRecording]:
    """Its recordings without the sessions that a later list holds too: they are that one's."""
    known = known_of(run, [r.activity_id for r in outcome.recordings])
    return [r for r in outcome.recordings if known.get(r.activity_id, (r.sha256,))[0] == r.sha256]


def kinds_as_they_were(run: Run, recordings: Sequence[NewRecording]) -> list[NewRecording]:
    """With the kind by which history settled a recording that shows none by itself; it is settled anew in any case."""
    known = known_of(run, [r.activity_id for r in recordings])
    return [
        replace(r, kind=known[r.activity_id][1]) if r.kind == "unknown" and r.activity_id in known else r
        for r in recordings
    ]


def known_of(run: Run, activity_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Of which content each activity is, and its kind."""
    found = "SELECT activity_id, sha256, kind FROM base.activities WHERE activity_id IN (SELECT unnest(?))"
    return {activity_id: (sha256, kind) for activity_id, sha256, kind in rows(run.con, found, [list(activity_ids)])}


def remove_vanished(run: Run, outcome: Outcome) -> int:
    """Remove the activities that a file gave and gives no more."""
    mine = "SELECT activity_id FROM base.activities WHERE athlete_id = ? AND sha256 = ? AND source IS DISTINCT FROM ?"
    stand = {r.activity_id for r in done_by_then(run.con, outcome.recordings)}
    before = {i for (i,) in rows(run.con, mine, [outcome.athlete_id, outcome.sha256, LOGGED])}
    return remove_recordings(run.con, str(outcome.athlete_id), sorted(before - stand))
