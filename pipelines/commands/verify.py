"""Whether everything that was kept is still what was kept, and mending from the inbox or from a backup."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from steadymile.ingest.archives.containers import Limits
from steadymile.ingest.inbox import load, one_file
from steadymile.models.members import SEPARATOR, top_of
from steadymile.pipelines.cli.progress import Progress
from steadymile.pipelines.commands.backup import copy_file
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome.writing import write_whole
from steadymile.pipelines.restore import MISSING, restore, work_anew
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.archive import Archive
from steadymile.warehouse.database import open_published, rows
from steadymile.warehouse.errors import WarehouseError
from steadymile.warehouse.journal import Journal
from steadymile.warehouse.lock import HomeLock
from steadymile.warehouse.publish import check

COUNTER_EXAMPLES = {
    "activities without their file": (
        "SELECT a.activity_id FROM activities a WHERE a.source <> 'logged' AND NOT EXISTS "
        "(SELECT 1 FROM base.activities b JOIN files f ON f.sha256 = b.sha256 WHERE b.activity_id = a.activity_id)"
    ),
    "copies of activities that are not there": (
        "SELECT activity_id FROM base.matches WHERE duplicate_of NOT IN (SELECT activity_id FROM base.activities)"
    ),
    "samples of activities that are not there": (
        "SELECT DISTINCT activity_no FROM base.samples "
        "WHERE activity_no NOT IN (SELECT activity_no FROM base.activities)"
    ),
    "days that stand twice": "SELECT day FROM days GROUP BY athlete_id, day HAVING count(*) > 1",
    "planned sessions of no week": (
        "SELECT week FROM base.planned_sessions p WHERE NOT EXISTS "
        "(SELECT 1 FROM base.targets t WHERE (t.athlete_id, t.week, t.revision) = (p.athlete_id, p.week, p.revision))"
    ),
}
"""Queries that find nothing in a sound warehouse."""


@dataclass(slots=True)
class Verdict:
    """What was checked, what is damaged, and what was mended; one line each."""

    checked: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """For people."""
        found = [*self.checked, *(f"mended: {line}" for line in self.mended)]
        return [*found, *(f"DAMAGED: {line}" for line in self.damaged)]


def verify_home(
    settings: Settings, now: datetime, progress: Progress, *, repair: bool = False, backup: Path | None = None
) -> Verdict:
    """Read and hash every original that the journal names, check the journal's chain and every row of the warehouse.
    With `repair`, a damaged original is taken from the inbox or the backup, damaged lines of the journal from the
    backup, and the warehouse is made anew where it is damaged, or lacks what was mended."""
    home, verdict = Home(settings.home), Verdict()
    journal = Journal(home.journal)
    problems = journal.verify()
    if problems and repair and backup is not None and mend_journal(home, backup, now):
        verdict.mended.append("the journal, by the backup's; what it was lies beside it")
        problems = journal.verify()
    verdict.damaged += [f"journal: {problem}" for problem in problems]
    verdict.checked.append(f"{sum(1 for _ in journal.read())} journal entries")
    originals, refused = kept_originals(journal), refused_originals(home, journal)
    check_originals(home, home.originals, originals, verdict, progress, backup if repair else None, repair)
    check_originals(home, home.refused, refused, verdict, progress, backup if repair else None, repair)
    verdict.checked.append(f"{len(originals)} originals" + (f", {len(refused)} refused ones" if refused else ""))
    if repair and restore(settings, now, progress):
        verdict.mended.append("the warehouse has what was missing again")
    if warehouse_damage(home):
        if repair and not verdict.damaged:
            work_anew(settings, now, progress)
            verdict.mended.append("the warehouse was made anew from originals and journal")
        verdict.damaged += warehouse_damage(home)
    verdict.checked.append("every row of the warehouse")
    return verdict


def mend_journal(home: Home, backup: Path, now: datetime) -> bool:
    """Make a damaged journal whole by a backup's, which must hold every line that it lost; whether that was possible.
    The damaged one is kept beside it. What the lost lines said is applied by the rebuild that follows."""
    there = Home(backup).journal
    with HomeLock(home.lock, since=now), nullcontext() if sys.platform == "win32" else Journal(home.journal).held():
        whole = Journal(home.journal).mended_by(there) if there.exists() else None
        if whole is None:
            return False
        copy_file(home.journal, home.journal.with_name(f"journal-{now:%Y%m%dT%H%M%S}.jsonl"))
        write_whole(home.private / MISSING, b"{}")  # first: a kill in between costs a rebuild, not what the lines said
        write_whole(home.journal, whole)
    return True


def kept_originals(journal: Journal) -> dict[str, str]:
    """sha-256 -> path of every original that was accepted."""
    kept = ("ingested", "salvaged")
    entries = journal.read(kinds=("file",))
    return {e.payload["sha256"]: e.payload["path"] for e in entries if e.payload["status"] in kept and e.athlete_id}


def refused_originals(home: Home, journal: Journal) -> dict[str, str]:
    """sha-256 -> path of every refused original that is kept; one that left is no damage."""
    entries = journal.read(kinds=("file",))
    paths = {e.payload["sha256"]: e.payload["path"] for e in entries if e.payload.get("sha256")}
    return {sha256: paths.get(sha256, f"refused original {sha256[:12]}") for sha256 in Archive(home.refused)}


def check_originals(
    home: Home,
    folder: Path,
    originals: dict[str, str],
    verdict: Verdict,
    progress: Progress,
    backup: Path | None,
    repair: bool,
) -> None:
    """Read and hash every original of a folder of the archive; mend what is damaged where that is asked for."""
    archive = Archive(folder)
    for done, (sha256, path) in enumerate(sorted(originals.items()), 1):
        problem = next(iter(archive.verify([sha256])), None)
        if problem is not None:
            whole = next(
                (data for data in sources(home, folder.name, sha256, path, backup) if is_it(data, sha256)), None
            )
            if repair and whole is not None:
                archive.put(whole)
                verdict.mended.append(f"{path} ({sha256[:12]})")
            else:
                verdict.damaged.append(f"{path}: {problem}")
        progress(done, len(originals), "Reading originals")


def sources(home: Home, kind: str, sha256: str, path: str, backup: Path | None) -> Iterator[bytes]:
    """Where an original may be had again: a backup, and the inbox as it was called there."""
    if backup is not None:
        with suppress(WarehouseError, OSError):
            yield Archive(backup / "archive" / kind).get(sha256)
    top = home.inbox / top_of(path)
    if not top.is_file():
        return
    for candidate in one_file(top, Limits()).candidates:
        if candidate.member is None or path.endswith(SEPARATOR + candidate.member):
            try:
                yield load(candidate, Limits())
            except Exception:  # whatever is wrong with it, it is no source
                continue


def is_it(data: bytes, sha256: str) -> bool:
    """Whether these bytes are that original."""
    return hashlib.sha256(data).hexdigest() == sha256


def warehouse_damage(home: Home) -> list[str]:
    """What is wrong with the published warehouse; empty where it is sound, or not published yet."""
    if not home.warehouse.exists():
        return []
    try:
        check(home.warehouse, samples=True)
        con = open_published(home.warehouse)
        try:
            found = {what: rows(con, query) for what, query in COUNTER_EXAMPLES.items()}
        finally:
            con.close()
    except WarehouseError as error:
        return [str(error)]
    return [f"warehouse: {len(bad)} {what}, the first {bad[0][0]}" for what, bad in found.items() if bad]
