"""Starts of recordings whose clock was wrong: as their owner or their file's name states them, kept in the journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from steadymile.ingest.clocks import Dating
from steadymile.pipelines.run import Run
from steadymile.warehouse.journal import Entry

AHEAD = timedelta(hours=26)
"""Local time written as UTC may lie so far ahead; a clock that is further ahead is wrong."""

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
