"""The inbox: what is new in it, cheaply; what waits, what is refused; and the bytes of one candidate.

Nothing here writes, moves or deletes. What was handled is told by path, size and modification time alone, so that a
scan of thousands of known files costs a few milliseconds; whether the content is new is for the caller's sha-256.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from steadymile.ingest.archives.containers import Archive, Limits, is_zip, open_zip, too_big, unwrap
from steadymile.ingest.formats import too_large_for_us
from steadymile.ingest.reading import Damaged, Unreadable
from steadymile.models.members import SEPARATOR

_COPYING = (
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".filepart",
    ".opdownload",
    ".tmp",
    ".!qb",
    ".syncthing.tmp",
)
_ICLOUD = re.compile(r"\.(.+)\.icloud", re.S)
"""What macOS leaves in place of a file that it moved to iCloud."""
_LITTER = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r", "__macosx", "@eadir", "$recycle.bin"})


class StillChanging(Unreadable):
    """The file changed or vanished while it was read: not a fault, it is looked at again in the next run."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to read: `relative` to the inbox, with `member` inside it where it is a zip.

    `bytes` and `mtime_ns` are of the file on disk, so they are what `known` compares with; `member_bytes` is the
    member's declared size.
    """

    path: Path
    relative: str
    member: str | None
    bytes: int
    mtime_ns: int
    member_bytes: int | None = None

    @property
    def label(self) -> str:
        """The name of its row in `files`: `export.zip!/a.fit` for a member."""
        return self.relative if self.member is None else f"{self.relative}{SEPARATOR}{self.member}"


@dataclass(frozen=True, slots=True)
class Refused:
    """A path that is not read, and why. `relative`, `bytes`, `mtime_ns` are of the file on disk, where it has them.
    `status` is quarantined, or salvaged for a damaged zip of which some members are candidates, or ignored for what is
    too large to be read but known to hold nothing for us."""

    path: str
    reason: str
    relative: str = ""
    bytes: int | None = None
    mtime_ns: int | None = None
    status: str = "quarantined"
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Fresh:
    """A file on the disk that was not handled yet, not opened so far."""

    path: Path
    relative: str
    bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What a look into the inbox gives, each list in the order of paths. `seen` counts the files that were known."""

    candidates: list[Candidate] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    seen: int = 0


@dataclass(slots=True)
class _Look:
    root: str
    known: Mapping[str, tuple[int, int]]
    limits: Limits
    now: float
    settle_s: float
    candidates: list[Candidate] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    fresh: list[Fresh] = field(default_factory=list)
    seen: int = 0


def readable_text(name: str) -> str:
    """A path as text that every database takes: bytes that are no UTF-8 become backslash escapes."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return name


def scan(
    inbox: Path,
    known: Mapping[str, tuple[int, int]],
    limits: Limits,
    now: float,
    settle_s: float = 2.0,
    looks: Callable[[Sequence[Fresh]], Iterable[Scan]] | None = None,
) -> Scan:
    """Look through the inbox. `known` maps relative paths to (bytes, mtime_ns) that were handled, `now` in seconds.

    A file changed less than `settle_s` ago waits, as do names that browsers and sync tools give to unfinished files.
    `looks` opens what is new (in another process, say), else it is opened here; nothing else is opened.
    """
    look = _Look(os.path.realpath(inbox), known, limits, now, settle_s)
    _folder(str(inbox), "", look, 0)
    for part in looks(look.fresh) if looks and look.fresh else (look_into(fresh, limits) for fresh in look.fresh):
        look.candidates += part.candidates
        look.refused += part.refused
    look.candidates.sort(key=lambda c: (c.relative, c.member or ""))
    look.refused.sort(key=lambda r: r.path)
    return Scan(look.candidates, sorted(look.waiting), look.refused, look.seen)


def _folder(place: str, prefix: str, look: _Look, depth: int) -> None:
    if depth > 64:
        look.refused.append(Refused(prefix.rstrip("/"), "The folder lies more than 64 folders deep. Move it up"))
        return
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                _entry(entry, prefix, look, depth)
    except FileNotFoundError:
        return
    except OSError as error:
        reason = f"The folder cannot be opened ({error.strerror}). Check its permissions"
        look.refused.append(Refused(readable_text(prefix.rstrip("/")) or ".", reason))


def _entry(entry: os.DirEntry[str], prefix: str, look: _Look, depth: int) -> None:
    name = entry.name
    if placeholder := _ICLOUD.fullmatch(name):
        reason = "It lies in iCloud and not on this computer yet. Open its folder in the Finder and download it"
        look.refused.append(Refused(readable_text(prefix + placeholder.group(1)), reason))
        return
    if name[0] == "." or name.lower() in _LITTER:
        return
    relative = readable_text(prefix + name)
    try:
        if entry.is_symlink():
            _link(entry, relative, look)
        elif entry.is_dir(follow_symlinks=False):
            _folder(entry.path, f"{prefix}{name}/", look, depth + 1)
        else:
            _file(entry.path, relative, entry.stat(follow_symlinks=False), look)
    except FileNotFoundError:
        return
    except OSError as error:
        look.refused.append(
            Refused(relative, f"The file cannot be looked at ({error.strerror}). Check its permissions")
        )


def _link(entry: os.DirEntry[str], relative: str, look: _Look) -> None:
    """A link to a file inside the inbox is that file; every other link is refused, for it shows foreign files."""
    target = os.path.realpath(entry.path)
    if not os.path.exists(target):
        look.refused.append(Refused(relative, "It is a link to nothing. Remove it or put the file itself here"))
    elif os.path.commonpath([target, look.root]) != look.root:
        reason = "It is a link out of the inbox, which is not followed. Put the file itself here"
        look.refused.append(Refused(relative, reason))
    elif os.path.isfile(target):
        _file(entry.path, relative, os.stat(target), look)


def _file(path: str, relative: str, facts: os.stat_result, look: _Look) -> None:
    mtime_ns = changed_ns(facts)
    if look.known.get(relative) == (facts.st_size, mtime_ns):
        look.seen += 1
        return
    if not stat.S_ISREG(facts.st_mode):
        reason = "It is not a regular file (a pipe, socket or device). Put a file here"
        look.refused.append(Refused(relative, reason, relative, facts.st_size, mtime_ns))
    elif abs(look.now - mtime_ns / 1e9) < look.settle_s or relative.lower().endswith((*_COPYING, "~")):
        look.waiting.append(relative)
    else:
        look.fresh.append(Fresh(Path(path), relative, facts.st_size, mtime_ns))


def changed_ns(facts: os.stat_result) -> int:
    """When a file was changed [ns since 1970], as far as 64 bits reach (the years 1677 to 2262): disks hold others too,
    and every number of a file must fit into a database."""
    return min(max(facts.st_mtime_ns, -(1 << 63)), (1 << 63) - 1)


def look_into(fresh: Fresh, limits: Limits) -> Scan:
    """Open one file: the candidate that it is, or those that a zip holds. Whatever goes wrong is this file's alone."""
    look = _Look("", {}, limits, 0.0, 0.0)
    try:
        _candidates(fresh.path, fresh.relative, fresh.bytes, fresh.mtime_ns, look)
    except MemoryError:
        raise
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"[:160]
        reason = f"The file cannot be opened ({fault}). Download or copy it again"
        look.candidates.clear()
        look.refused.append(
            Refused(fresh.relative, reason, fresh.relative, fresh.bytes, fresh.mtime_ns, code="not_opened")
        )
    return Scan(look.candidates, [], look.refused)


def _candidates(path: Path, relative: str, size: int, mtime_ns: int, look: _Look) -> None:

    def refuse(label: str, reason: str, status: str = "quarantined") -> None:
        look.refused.append(Refused(label, reason, relative, size, mtime_ns, status))

    def too_large(label: str, reason: str, head: bytes) -> None:
        useless = too_large_for_us(head)
        refuse(label, useless or reason, "ignored" if useless else "quarantined")

    try:
        with path.open("rb") as file:
            head = file.read(8192)
    except FileNotFoundError:
        return
    except OSError as error:
        # without size and time, so that it is tried again: mending permissions changes neither
        reason = f"The file cannot be opened ({error.strerror}). Check its permissions"
        look.refused.append(Refused(relative, reason, relative))
        return
    if not is_zip(head):
        if size > look.limits.max_file_bytes:
            too_large(relative, too_big(size, look.limits).reason, head)
        else:
            look.candidates.append(Candidate(path, relative, None, size, mtime_ns))
        return
    try:
        archive = open_zip(path, look.limits)
    except Unreadable as error:
        refuse(relative, error.reason)
        return
    try:
        if archive.office:
            look.candidates.append(Candidate(path, relative, None, size, mtime_ns))
            return
        if archive.damage:
            refuse(relative, archive.damage.reason, "salvaged")
        elif not archive.entries:
            refuse(relative, "The zip is empty. Nothing to do")
        for member in archive.members():
            label = f"{relative}{SEPARATOR}{member.name}"
            if member.refused is not None and member.bytes > look.limits.max_file_bytes:
                too_large(label, member.refused, archive.head(member.name))
            elif member.refused is not None:
                refuse(label, member.refused, "salvaged" if member.salvaged else "quarantined")
            elif not litter(member.name):
                look.candidates.append(Candidate(path, relative, member.name, size, mtime_ns, member.bytes))
    finally:
        archive.close()


def one_file(path: Path, limits: Limits) -> Scan:
    """What a scan would find in one file, or in every member of one zip, wherever it lies."""
    facts = path.stat()
    return look_into(Fresh(path, path.name, facts.st_size, changed_ns(facts)), limits)


def litter(name: str) -> bool:
    """True for what systems leave beside files: hidden files, resource forks, thumbnails."""
    parts = name.replace(SEPARATOR, "/").split("/")
    return any(part.startswith(".") or part.lower() in _LITTER for part in parts)


class _OpenZip:
    """The zip opened last, kept open: members of one export are loaded one after the other."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.key: tuple[object, ...] | None = None
        self.archive: Archive | None = None

    def read(self, candidate: Candidate, limits: Limits) -> bytes:
        key = (candidate.path, candidate.bytes, candidate.mtime_ns, limits, os.getpid())
        with self.lock:
            if self.key != key or self.archive is None:
                self.close()
                self.archive, self.key = open_zip(candidate.path, limits), key
            return self.archive.read(candidate.member or "")

    def close(self) -> None:
        if self.archive is not None:
            self.archive.close()
        self.archive = self.key = None


_open_zip = _OpenZip()


def load(candidate: Candidate, limits: Limits) -> bytes:
    """The candidate's content with gzip taken off. Raises Unreadable, Damaged with what could be saved of a member of
    a zip, StillChanging where waiting is the answer."""
    _unchanged(candidate)
    try:
        data = _read(candidate, limits) if candidate.member is None else _open_zip.read(candidate, limits)
    except Damaged as damage:
        raise Damaged(damage.why, damage.what_to_do, unwrap(damage.saved, limits)) from None
    _unchanged(candidate)
    return unwrap(data, limits)


def release() -> None:
    """Close the zip that `load` keeps open, at the end of a run."""
    with _open_zip.lock:
        _open_zip.close()


def _read(candidate: Candidate, limits: Limits) -> bytes:
    try:
        with candidate.path.open("rb") as file:
            data = file.read(limits.max_file_bytes + 1)
    except FileNotFoundError:
        raise _changing("vanished") from None
    except OSError as error:
        raise Unreadable(f"The file cannot be read ({error.strerror})", "Check its permissions and the disk") from None
    if len(data) > limits.max_file_bytes:
        raise too_big(None, limits)
    return data


def _unchanged(candidate: Candidate) -> None:
    try:
        facts = candidate.path.stat()
    except FileNotFoundError:
        raise _changing("vanished") from None
    except OSError as error:
        raise Unreadable(f"The file cannot be looked at ({error.strerror})", "Check its permissions") from None
    if (facts.st_size, changed_ns(facts)) != (candidate.bytes, candidate.mtime_ns):
        raise _changing("changed")
    if not stat.S_ISREG(facts.st_mode):
        raise Unreadable("It is no longer a regular file", "Put the file itself in the inbox")


def _changing(what: str) -> StillChanging:
    return StillChanging(f"The file {what} while it was read", "It is looked at again in the next run")


def athlete_of(relative: str, athlete_ids: Sequence[str]) -> str | None:
    """Whose file it is: the one person of the home, else the id that the first folder names, else None."""
    if len(athlete_ids) == 1:
        return athlete_ids[0]
    first, slash, _ = relative.partition("/")
    return first if slash and first in athlete_ids else None
