"""Verdicts on files are not for ever: what is looked at once more, and which complaints no longer hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from steadymile.ingest.inbox import Candidate, Scan
from steadymile.models.members import top_of
from steadymile.pipelines.reading.keep import Ingested, sight
from steadymile.pipelines.run import Run
from steadymile.warehouse.store import complaints, kept_paths, known_files, replaced_paths, save_files
from steadymile.warehouse.tables.rows import FileRow

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
