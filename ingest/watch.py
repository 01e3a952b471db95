"""New files of a mounted watch, or of any folder, into the inbox. The watch is only read."""

from __future__ import annotations

import filecmp
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (
    ".fit", ".gpx", ".tcx", ".fit.gz", ".gpx.gz", ".tcx.gz", ".zip", ".kml", ".kmz", ".hrm", ".pwx",
)  # fmt: skip

LAYOUTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("garmin", tuple(
        f"{storage}garmin/{kind}"
        for storage in ("", "primary/", "internal storage/")
        for kind in ("activity", "activities", "monitor", "sleep", "hrvstatus", "hrv", "metrics")
    )),
    ("coros", ("coros/activity", "coros/activities", "coros/fit", "coros/sport", "coros")),
    ("suunto", ("suunto/activities", "suunto/workouts", "suunto/fit", "suunto")),
    ("polar", ("polar/training", "polar/export", "polar/u", "polar")),
    ("wahoo", ("exports", "elemnt/exports", "usb storage/exports", "internal storage/exports", "wahoo/exports")),
)  # fmt: skip
"""Where makers keep recordings below the mount, lower-case; the first of a nested pair is looked at alone."""

DEPTH_AT_MOST = 12


Failed = tuple[Path, str]
"""What could not be read or copied, and why."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One recording on the watch: `relative` is where it goes below the inbox folder."""

    source: Path
    relative: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Copied:
    """A file that is new in the inbox, and where it came from."""

    source: Path
    target: Path


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did: files new in the inbox, how many were there already, what could not be read and why.

    Walking through it gives the new files.
    """

    copied: tuple[Copied, ...] = ()
    already: int = 0
    failed: tuple[Failed, ...] = ()

    def __iter__(self) -> Iterator[Copied]:
        return iter(self.copied)

    def __len__(self) -> int:
        return len(self.copied)


def plan_copies(mount: Path, failed: list[Failed] | None = None) -> list[Copy]:
    """Every recording below a mount, by the makers' folders where there are any, else anywhere in the folder. What
    cannot be looked at is added to `failed`.

    Raises FileNotFoundError or NotADirectoryError when the mount is no folder.
    """
    if not mount.is_dir():
        raise NotADirectoryError(mount) if mount.exists() else FileNotFoundError(mount)
    failed = [] if failed is None else failed
    copies: list[Copy] = []
    for maker, folders in LAYOUTS:
        taken: list[str] = []
        for name in folders:
            for folder in _folders(mount, name.split("/"), failed):
                place = folder.relative_to(mount).as_posix()
                if any(other.startswith(place + "/") or other == place for other in taken):
                    continue
                taken.append(place)
                copies += _recordings(folder, Path("watch") / maker / safe_name(folder.name), failed)
    return copies or _recordings(mount, Path("watch") / safe_name(mount.name or "folder"), failed)


def _folders(place: Path, names: list[str], failed: list[Failed]) -> Iterator[Path]:
    """Folders by name below a place whatever their case."""
    if not names:
        yield place
        return
    for entry in _listed(place, failed):
        if entry.name.lower() == names[0] and entry.is_dir(follow_symlinks=False):
            yield from _folders(Path(entry.path), names[1:], failed)


def _listed(folder: Path, failed: list[Failed]) -> list[os.DirEntry[str]]:
    """What lies in a folder, by name; a folder that cannot be opened is one that could not be copied."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        found = (folder, f"the folder cannot be opened ({error.strerror or error})")
        if found not in failed:
            failed.append(found)
        return []


def _recordings(folder: Path, target: Path, failed: list[Failed], depth: int = 0) -> list[Copy]:
    found: list[Copy] = []
    for entry in _listed(folder, failed):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        path = Path(entry.path)
        try:
            if entry.is_dir(follow_symlinks=False):
                if depth < DEPTH_AT_MOST:
                    found += _recordings(path, target / safe_name(entry.name), failed, depth + 1)
                else:
                    failed.append((path, f"it lies more than {DEPTH_AT_MOST} folders deep"))
            elif entry.name.lower().endswith(SUFFIXES) and entry.is_file(follow_symlinks=False):
                found.append(Copy(path, (target / safe_name(entry.name)).as_posix(), entry.stat().st_size))
        except OSError as error:
            failed.append((path, f"it cannot be looked at ({error.strerror or error})"))
    return found


def safe_name(name: str) -> str:
    """A file name that every system takes: letters, digits, dot, dash, underscore, blank; never hidden or empty."""
    plain = re.sub(r"[^\w.\- ]", "_", name).strip(" .") or "_"
    stem, dot, suffix = plain.partition(".")
    return (stem[:120] + dot + suffix[:40]).strip(" .")


def copy_new(mount: Path, inbox: Path, athlete_folder: str | None = None) -> Synced:
    """Copy what the inbox does not hold yet. Equal name, size and content anywhere in the inbox is there already.

    Each file appears under its final name only when it is whole. The copy keeps the time of the original.
    """
    base = inbox / athlete_folder if athlete_folder else inbox
    present = _present(inbox)
    copied: list[Copied] = []
    failed: list[Failed] = []
    already = 0
    for copy in plan_copies(mount, failed):
        target = base / copy.relative
        try:
            held = present.get((target.name, copy.bytes), [])
            if any(filecmp.cmp(copy.source, other, shallow=False) for other in held):
                already += 1
                continue
            target = _free(target)
            _copy(copy, target)
        except OSError as error:
            failed.append((copy.source, f"{error.strerror or error}"))
            continue
        copied.append(Copied(copy.source, target))
        present.setdefault((Path(copy.relative).name, copy.bytes), []).append(target)
    return Synced(tuple(copied), already, tuple(failed))


def _present(inbox: Path) -> dict[tuple[str, int], list[Path]]:
    """Files of the inbox by the name they came with and their size; a number added on a clash is not part of it."""
    found: dict[tuple[str, int], list[Path]] = {}
    for folder, _, names in os.walk(inbox):
        for name in names:
            path = Path(folder) / name
            with suppress(OSError):
                found.setdefault((re.sub(r"~\d+(?=\.|$)", "", name, count=1), path.stat().st_size), []).append(path)
    return found


def _free(target: Path) -> Path:
    """The target, or a numbered name beside it when another file has that name."""
    stem, dot, suffix = target.name.partition(".")
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{stem}~{number}{dot}{suffix}")
    return target


def _copy(copy: Copy, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.part")
    try:
        with copy.source.open("rb") as source, unfinished.open("wb") as sink:
            shutil.copyfileobj(source, sink, 1024 * 1024)
            sink.flush()
            os.fsync(sink.fileno())
        facts = copy.source.stat()
        os.utime(unfinished, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
