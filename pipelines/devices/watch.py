"""New recordings from a mounted watch into the inbox, and the coming workouts onto it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from steadymile.ingest.watch import copy_new
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.facts import today_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome.writing import read_object, write_whole
from steadymile.pipelines.outputs import WORKOUTS, of_the_past, workouts_of
from steadymile.pipelines.published import choose
from steadymile.pipelines.settings import Settings


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, in lines; `complete` False where something on the watch could not be copied."""

    lines: list[str]
    complete: bool


def sync_watch(settings: Settings, source: Path, athlete_id: str | None) -> SyncReport:
    """Copy new files from a mounted watch or any folder into the inbox, and name every file that could not be."""
    home = Home(settings.home)
    home.make()
    athletes = home.athletes()
    folder = choose(home, athlete_id).athlete_id if len(athletes) > 1 or athlete_id else None
    if not source.is_dir():
        raise Trouble(f"{source} is not a folder.", "Mount the watch, then name its folder.", exit_code=2)
    synced = copy_new(source, home.inbox, folder)
    lines = [f"{c.source.name} -> {c.target.relative_to(home.root)}" for c in synced.copied]
    lines += [f"Not copied: {path}: {why}" for path, why in synced.failed]
    done = f"{len(synced)} new files copied; the watch was not touched."
    if not synced.failed:
        return SyncReport([*lines, f"{done} Next: steadymile nightly"], complete=True)
    missing = "1 file or folder" if len(synced.failed) == 1 else f"{len(synced.failed)} files or folders"
    lines.append(
        f"{done} {missing} could not be copied. Mend what is named above (disk space, permissions, the cable), "
        "then run watch-sync again: it copies only what is missing."
    )
    return SyncReport(lines, complete=False)


RECEIVES = (("garmin", "newfiles"), ("primary", "garmin", "newfiles"), ("internal storage", "garmin", "newfiles"),
            ("newfiles",), ("garmin", "workouts"), ("workouts",), ("internal storage", "workouts"))  # fmt: skip
"""Folders below a mount that take workouts, in lower case; the first that is there gets them."""


def send_workouts(settings: Settings, mount: Path, athlete_id: str | None, now: datetime) -> list[str]:
    """Copy the coming workouts to a watch, and remove from it those that an earlier call put there and that are not of
    the coming days. Nothing else on the watch is changed. Returns what to say.

    Own files are known by the record of what was sent: name and content both. What the watch itself renamed while it
    took it in stays there.
    """
    home = Home(settings.home)
    athlete = choose(home, athlete_id)
    folder = workouts_of(home, athlete.athlete_id, alone=len(home.athletes()) == 1)
    today = today_of(athlete, now)
    files = {path.name: path.read_bytes() for path in sorted(folder.glob(WORKOUTS)) if not of_the_past(path, today)}
    if not mount.is_dir():
        raise Trouble(f"{mount} is not a folder.", "Mount the watch, then name its folder.", exit_code=2)
    target = receiving(mount)
    if target is None:
        raise Trouble(
            f"{mount} has no folder that takes workouts (GARMIN/NEWFILES, WORKOUTS).",
            f"Name the folder itself, or import the files in {folder} with the maker's app.",
            exit_code=2,
        )
    record = home.private / "sent" / f"{athlete.athlete_id}.json"
    sent = read_object(record)
    removed = [path for path in own_files(mount, target, sent) if path.name not in files]
    try:
        for path in removed:
            path.unlink()
        for name, data in files.items():
            write_whole(target / name, data)
    except OSError as error:
        raise Trouble(
            f"The watch could not be written ({error.strerror or error}).",
            "Look at its free space, or whether it is mounted read-only; then run watch-send again.",
        ) from None
    sent |= {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    write_whole(record, json.dumps(sent, sort_keys=True).encode())
    lines = [f"{name} -> {target}" for name in files]
    lines += [f"{path.name} of an earlier week removed." for path in removed]
    if not files:
        return [*lines, "No run with steps is planned for the coming days, so no workout was copied."]
    there = "1 workout is" if len(files) == 1 else f"{len(files)} workouts are"
    return [*lines, f"{there} on the watch. Eject it; most watches take them in when unplugged."]


def receiving(mount: Path) -> Path | None:
    """The folder for workouts at or below a mount, whatever the case of its name; None where there is none."""
    if mount.name.lower() in ("newfiles", "workouts"):
        return mount
    for names in RECEIVES:
        place: Path | None = mount
        for name in names:
            place = next((p for p in children(place) if p.name.lower() == name and p.is_dir()), None) if place else None
        if place is not None:
            return place
    return None


def children(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where it cannot be looked at."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def own_files(mount: Path, target: Path, sent: dict[str, str]) -> Iterator[Path]:
    """Files on the watch that were sent before: same name, same content."""
    beside = [p for p in children(target.parent) if p.name.lower() in ("newfiles", "workouts") and p.is_dir()]
    for folder in dict.fromkeys([target, *(beside if target != mount else [])]):
        for path in children(folder):
            ours = path.name in sent and path.is_file() and not path.is_symlink()
            if ours and hashlib.sha256(path.read_bytes()).hexdigest() == sent[path.name]:
                yield path
