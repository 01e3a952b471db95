"""What came out of files, saved and journaled. A file whose content cannot be saved costs no other of its batch."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from steadymile.ingest.checkins.files import READERS as ANSWERS
from steadymile.ingest.clocks import CODE
from steadymile.ingest.inbox import readable_text
from steadymile.models.stated.listed import LISTED
from steadymile.pipelines.reading import definitions
from steadymile.pipelines.reading.dates import done_by_then, note_dates
from steadymile.pipelines.reading.sightings import contents_of, keep_readings, row_of, say_uncounted, sight, uncounted
from steadymile.pipelines.reading.worker import Outcome
from steadymile.pipelines.run import Run
from steadymile.warehouse.archive import REFUSED_TOTAL_BYTES, Archive
from steadymile.warehouse.database import NOT_THE_ROWS, rows, transaction
from steadymile.warehouse.journal import Entry
from steadymile.warehouse.store import (
    ZIP,
    ZIP_IN_PART,
    FileRow,
    judged_again,
    known_contents,
    note_read,
    save_files,
    save_recordings,
    save_seen,
)

NAMED = 1_000
"""So many members of one zip that bring nothing have a row each; the others share one, for journal and warehouse."""

Standing = set[tuple[str, str | None, str, str | None]]


def not_storable(error: Exception) -> str:
    """What to say of a file whose content the database does not take."""
    fault = f"{type(error).__name__}: {error}".splitlines()[0].encode("utf-8", "replace").decode()[:120]
    return f"What it holds cannot be stored ({fault}). Please report it; nothing else is affected."


def needs_owner(o: Outcome) -> bool:
    """Whether a new file needs its owner: not readable, a zip that is not whole, waiting, or with wrong answers."""
    in_part = o.status == "salvaged" and (o.what == ZIP or o.reader in ANSWERS)
    return in_part or o.status == "quarantined" or (not o.settled and o.reason is not None)


@dataclass(frozen=True, slots=True)
class Again:
    """Files that were read again because the readers changed, how many of them hold something else now, and how many
    are left for the next nights."""

    files: int = 0
    differ: int = 0
    left: int = 0


@dataclass(slots=True)
class Ingested:
    """What came in: every new file's outcome (without its samples), what waits, and what was read again."""

    outcomes: list[Outcome] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    complained: set[tuple[str, str | None]] = field(default_factory=set)
    activities_new: int = 0
    again: Again = field(default_factory=Again)

    @property
    def counts(self) -> dict[str, int]:
        """New files by status."""
        return dict(Counter(outcome.status for outcome in self.outcomes))

    @property
    def refused(self) -> list[Outcome]:
        """New files that need their owner."""
        return [o for o in self.outcomes if needs_owner(o)]

    @property
    def clocks(self) -> list[Outcome]:
        """New recordings whose clock was wrong and could be put right."""
        return [o for o in self.outcomes if o.kept and o.code == CODE]

    @property
    def salvaged(self) -> list[Outcome]:
        """New recordings that break off, of which what stands before was kept."""
        return [o for o in self.outcomes if o.status == "salvaged" and not needs_owner(o)]


@dataclass(slots=True)
class Keeper:
    """Keeps the outcomes of one run. `contents` knows which bytes came in under which path, `standing` what is recorded
    of files that bring nothing, `members` how much of each top-level file is still to come, `marks` its size and time;
    `named` how many members of it have a row although they bring nothing, `more` those without one by status,
    `put_aside` the bytes of refused originals since they were bounded."""

    run: Run
    members: Counter[str]
    marks: Mapping[str, tuple[int, int]]
    result: Ingested = field(default_factory=Ingested)
    named: Counter[str] = field(default_factory=Counter)
    put_aside: int = 0
    more: dict[tuple[str, str | None], Counter[str]] = field(default_factory=dict)
    contents: dict[tuple[str | None, str], str] = field(init=False)
    standing: Standing = field(init=False)

    def __post_init__(self) -> None:
        self.contents = known_contents(self.run.con)
        nothing = f"status NOT IN ('ingested', 'salvaged') OR {ZIP_IN_PART}"
        self.standing = set(rows(self.run.con, f"SELECT path, sha256, status, reason FROM files WHERE {nothing}"))

    def keep(self, outcomes: list[Outcome]) -> None:
        """Journal and save these, and forget their samples."""
        self.result.waiting += [o.label for o in outcomes if o.status == "changing"]
        read = [o for o in outcomes if o.status != "changing"]
        if not read:
            return
        refused = (o for o in read if o.status == "quarantined" or (o.status == "salvaged" and o.what == ZIP))
        self.result.complained |= {(readable_text(o.label), o.sha256) for o in refused}
        self.put_aside += sum(o.bytes or 0 for o in read if o.sha256 and o.status in ("quarantined", "waiting"))
        if self.put_aside > REFUSED_TOTAL_BYTES // 4:
            self.bound_refused()
        new = [o for o in read if not self._known(o)]
        found = {id(o) for o in new}
        again = [o for o in read if id(o) not in found]
        new = [o for o in new if self._has_row(o)]
        note_dates(self.run, new)
        for outcome in new:
            say_uncounted(outcome)
        entries, seen = sight(self.run, [row_of(self.run, o) for o in new]), self._done(read)
        try:
            with transaction(self.run.con):
                save_files(self.run.con, [row for row, _ in entries])
                save_recordings(self.run.con, done_by_then(self.run.con, [r for o in new for r in o.recordings]))
                for outcome, (_, entry) in zip(new, entries):
                    keep_readings(self.run, outcome, entry)
                note_read(self.run.con, contents_of(new), definitions.read_by())
                for judged in {o.judged_by for o in again if o.judged_by is not None}:
                    looked_at = [(readable_text(o.label), o.sha256) for o in again if o.judged_by == judged]
                    judged_again(self.run.con, looked_at, judged)
                save_seen(self.run.con, seen)
        except NOT_THE_ROWS:
            raise
        except Exception:
            for outcome, (row, entry) in zip(new, entries):
                self._one(outcome, row, entry)
            save_seen(self.run.con, seen)
        for outcome in new:
            bad = outcome.status == "quarantined"
            self.run.say(
                "file",
                logging.WARNING if bad else logging.INFO,
                athlete=outcome.athlete_id,
                path=readable_text(outcome.label),
                status=outcome.status,
                code=outcome.code,
                bytes=outcome.bytes,
                activities=len(outcome.recordings),
            )
            if outcome.checkins and outcome.athlete_id:
                self.run.spoken.add(outcome.athlete_id)
                self.run.asks += [f"{readable_text(outcome.label)} {words}" for words in uncounted(outcome)]
            self.run.arrived |= {r.activity_id for r in outcome.recordings}
            self.result.activities_new += sum(r.activity.source != LISTED for r in outcome.recordings)
            undated = outcome.status == "waiting" and outcome.code == CODE
            if outcome.athlete_id and (outcome.recordings or outcome.wellness or outcome.checkins or undated):
                self.run.owe(outcome.athlete_id)
            outcome.recordings, outcome.wellness, outcome.checkins = [], [], []
            self.result.outcomes.append(outcome)

    def bound_refused(self) -> None:
        """Let refused originals go beyond their bound. It looks at all of them, so not after every batch."""
        if self.put_aside:
            Archive(self.run.home.refused).keep_within(REFUSED_TOTAL_BYTES)
        self.put_aside = 0

    def finish(self, judged: str) -> None:
        """One row for the members of each zip that have none of their own."""
        self.bound_refused()
        rest = []
        for (top, athlete_id), counts in sorted(self.more.items(), key=lambda item: item[0][0]):
            status = "quarantined" if counts["quarantined"] else "ignored"
            words = ", ".join(f"{n:,} {name}" for name, n in sorted(counts.items()))
            reason = f"{counts.total():,} more files in this zip bring nothing and have no rows of their own ({words})."
            rest.append(Outcome(top, top, athlete_id, status, reason, what=ZIP, code="many_members"))
            rest[-1].judged_by = judged
        self.more.clear()
        self.keep(rest)

    def _has_row(self, outcome: Outcome) -> bool:
        """Whether a new outcome gets a row; if not, it is counted for `finish`."""
        if outcome.kept or outcome.label == outcome.top:
            return True
        self.named[outcome.top] += 1
        if self.named[outcome.top] <= NAMED:
            return True
        self.more.setdefault((outcome.top, outcome.athlete_id), Counter())[outcome.status] += 1
        return False

    def _known(self, outcome: Outcome) -> bool:
        """Whether it says nothing new: looked at once more because its time of change is new, or the warehouse is."""
        key = (outcome.athlete_id, outcome.sha256 or "")
        known = outcome.status == "duplicate" and self.contents.get(key) == outcome.label
        counts = not known and outcome.sha256 and outcome.status in ("ingested", "salvaged", "duplicate")
        if counts and self.contents.setdefault(key, outcome.label) != outcome.label:
            outcome.status = "duplicate"
            outcome.reason, outcome.code = f"The same bytes came in before as {self.contents[key]}.", "same_bytes"
            outcome.recordings, outcome.wellness, outcome.checkins = [], [], []
        return known or (outcome.label, outcome.sha256, outcome.status, outcome.reason) in self.standing

    def _done(self, read: list[Outcome]) -> dict[str, tuple[int, int]]:
        """Top-level files of which nothing is to come any more, with size and time."""
        done = {}
        for outcome in read:
            if outcome.settled:
                self.members[outcome.top] -= 1
                if self.members[outcome.top] <= 0 and outcome.top in self.marks:
                    done[outcome.top] = self.marks[outcome.top]
        return done

    def _one(self, outcome: Outcome, row: FileRow, entry: Entry) -> None:
        """Save one file by itself; where it cannot be saved, refuse it, and journal that after its sighting."""
        try:
            with transaction(self.run.con):
                save_files(self.run.con, [row])
                save_recordings(self.run.con, done_by_then(self.run.con, outcome.recordings))
                keep_readings(self.run, outcome, entry)
                note_read(self.run.con, contents_of([outcome]), definitions.read_by())
        except NOT_THE_ROWS:
            raise
        except Exception as error:
            outcome.recordings, outcome.wellness, outcome.checkins = [], [], []
            outcome.status, outcome.code = "quarantined", "not_storable"
            outcome.reason = not_storable(error)
            if outcome.sha256 and self.contents.get((outcome.athlete_id, outcome.sha256)) == outcome.label:
                del self.contents[outcome.athlete_id, outcome.sha256]
            self.result.complained.add((readable_text(outcome.label), outcome.sha256))
            for refused, _ in sight(self.run, [row_of(self.run, outcome)]):
                save_files(self.run.con, [refused])
