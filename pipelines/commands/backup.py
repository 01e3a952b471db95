"""A home's truth, copied and brought back: originals, journal and facts. Everything else is derived from them."""

from __future__ import annotations

import shutil
import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from steadymile.pipelines.cli.progress import Progress
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome.writing import beside
from steadymile.pipelines.run import Lost
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.archive import ORIGINAL_DAMAGED, REFUSED_TOTAL_BYTES, Archive, sync
from steadymile.warehouse.errors import WarehouseError
from steadymile.warehouse.journal import Journal
from steadymile.warehouse.lock import HomeLock


def backup_home(settings: Settings, to: Path, now: datetime, progress: Progress) -> tuple[list[str], list[str]]:
    """Copy what is not in the backup yet, each original read and hashed on the way; returns what to say, and what is
    damaged. The journal of a backup never becomes shorter: one that is not the beginning of this home's is kept, and
    one that is damaged here takes no sound one's place."""
    home = Home(settings.home)
    if not home.journal.exists():
        raise Trouble(f"{home.root} has no journal, so there is nothing to back up.", "Check --home.", 2)
    if home.root == to or home.root in to.parents:
        raise Trouble(f"{to} lies inside the home.", "Name a folder on another disk.", exit_code=2)
    with HomeLock(home.lock, since=now):
        (to / "archive").mkdir(parents=True, exist_ok=True)
        there = Home(to)
        copied, damaged = copy_objects(home.originals, there.originals, progress)
        damaged += copy_refused(home, there, progress)
        with Journal(home.journal).held():  # no line of it half written
            problems = Journal(home.journal).verify()
            if not problems:
                copy_journal(home.journal, there.journal, now)
        if home.athletes_file.is_file():
            copy_file(home.athletes_file, to / "athletes.toml")
    damaged += [f"journal: {problem}" for problem in problems]
    total, journal = len(Archive(there.originals)), "without the journal" if problems else "with the journal"
    return [f"{copied} new originals copied and verified; the backup in {to} holds {total}, {journal}."], damaged


def restore_home(settings: Settings, source: Path, now: datetime, progress: Progress) -> tuple[list[str], list[Lost]]:
    """Bring a backup back into this home, new or not, and make the warehouse from it; returns what to say, and what is
    missing. Where both have a journal, the one that goes on from the other wins; where each has entries that the other
    lacks, the newer one does, and the other is kept beside it."""
    kept = Home(source).journal
    if not kept.exists():
        raise Trouble(f"{source} holds no backup.", "Name the folder that `steadymile backup` wrote to.", exit_code=2)
    if problems := Journal(kept).verify():
        raise Trouble(f"The backup's journal is damaged ({problems[0]}).", "Take an older backup.")
    home = Home(settings.home)
    new = () if home.archive.exists() or home.inbox.is_symlink() else (home.inbox,)
    for folder in (*new, home.archive, home.private):
        folder.mkdir(parents=True, exist_ok=True)
    lines = []
    with HomeLock(home.lock, since=now):
        copied, damaged = copy_objects(Home(source).originals, home.originals, progress)
        damaged += copy_refused(Home(source), home, progress)
        lines.append(f"{copied} originals restored.")
        with nullcontext() if sys.platform == "win32" else Journal(home.journal).held():  # it replaces no open file
            if newer(kept, home.journal):
                copy_journal(kept, home.journal, now)
                lines.append("The journal is the backup's.")
            elif home.journal.read_bytes() != kept.read_bytes():
                lines.append("The journal here is newer than the backup's and stays.")
        if not home.athletes_file.exists() and (source / "athletes.toml").exists():
            copy_file(source / "athletes.toml", home.athletes_file)
        for left in home.private.glob(f"{home.work.name}*"):
            left.unlink()
    rebuilt, missing = rebuild_home(settings, now, progress)
    return lines + rebuilt, list(dict.fromkeys([*(Lost("", said, ORIGINAL_DAMAGED) for said in damaged), *missing]))


def copy_objects(source: Path, target: Path, progress: Progress) -> tuple[int, list[str]]:
    """Copy the originals that are not there whole, verified; how many, and a sentence for each that is damaged."""
    here, there = Archive(source), Archive(target)
    copied, damaged, names = 0, [], list(here)
    for done, name in enumerate(names, 1):
        if not same_size(here.path(name), there.path(name)):
            try:
                there.put(here.get(name))
                copied += 1
            except WarehouseError as error:
                damaged.append(str(error))
        progress(done, len(names), "Copying originals")
    return copied, damaged


def copy_refused(source: Home, target: Home, progress: Progress) -> list[str]:
    """Copy refused originals too, within their bound; a sentence for each that is damaged."""
    _, damaged = copy_objects(source.refused, target.refused, progress)
    Archive(target.refused).keep_within(REFUSED_TOTAL_BYTES)
    return damaged


def same_size(one: Path, other: Path) -> bool:
    """Whether both are there and of one size: both were written whole, under the hash of what is inside."""
    return other.exists() and one.stat().st_size == other.stat().st_size


def newer(one: Path, other: Path) -> bool:
    """Whether a journal goes on from another (missing, or its beginning), or was written to later."""
    if not other.exists():
        return True
    mine, theirs = one.read_bytes(), other.read_bytes()
    if mine.startswith(theirs):
        return len(mine) > len(theirs)
    if theirs.startswith(mine):
        return False
    last = [max((e.at for e in Journal(path).read()), default=None) for path in (one, other)]
    return last[1] is None or (last[0] is not None and last[0] > last[1])


def copy_journal(source: Path, target: Path, now: datetime) -> None:
    """Put a journal in another's place; one that is not its beginning is kept beside it."""
    if target.exists() and not source.read_bytes().startswith(target.read_bytes()):
        copy_file(target, target.with_name(f"journal-{now:%Y%m%dT%H%M%S}.jsonl"))
    copy_file(source, target)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file so that it appears whole or not at all."""
    with beside(target) as aside:
        shutil.copyfile(source, aside)
        sync(aside)
