"""What happened, in order, for ever: one JSON line an entry, appended, never changed.

Together with the archive of originals it is the truth: the warehouse can be rebuilt from the two at any time. Each
line carries a hash of the line before it (`chain`), so that a changed, missing or added line is found; journals of
before that have lines without, which are read as they are.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from steadymile.warehouse.archive import sync
from steadymile.warehouse.lock import locked

KINDS = (
    "file",
    "checkin",
    "unlog",
    "facts",
    "keep",
    "unkeep",
    "forget",
    "unforget",
    "override",
    "week",
    "note",
    "date",
    "sport",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `at` UTC; `seq` is given by the journal, ascending from 1, 0 before it is appended.

    `payload` holds what JSON holds. `athlete_id` None: about no one, or not yet known.
    """

    kind: str
    at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
    athlete_id: str | None = None
    seq: int = 0


class Journal:
    """The append-only journal at `path` (made with the first entry). `damaged` names the lines that reading passed
    over, because they cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.damaged: list[str] = []

    def append(self, entries: Iterable[Entry]) -> list[Entry]:
        """Append entries durably (one fsync for all) and return them with their seq. A torn last line, left by a kill
        in mid-write and never acknowledged, is cut off first; where the disk is full nothing of them stays. Raises
        ValueError for an unknown kind."""
        entries = list(entries)
        for entry in entries:
            if entry.kind not in KINDS:
                raise ValueError(f"unknown journal kind {entry.kind!r}; known: {', '.join(KINDS)}")
        if not entries:
            return []
        with self.held() as file:
            last, before = _mend(file)
            numbered = [Entry(e.kind, e.at, e.payload, e.athlete_id, last + 1 + i) for i, e in enumerate(entries)]
            new, end = _chained(numbered, before), file.seek(0, os.SEEK_END)
            try:
                file.write(new)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                with suppress(OSError):
                    os.ftruncate(file.fileno(), end)
                raise
        return numbered

    @contextmanager
    def held(self) -> Iterator[IO[bytes]]:
        """The journal's file, which nobody else appends to or replaces meanwhile; made where there is none."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            with self.path.open("ab+") as file, locked(file):
                if _lies_at(file, self.path):  # else somebody put another journal in its place while we waited
                    yield file
                    return

    def read(
        self, kinds: Collection[str] | None = None, athlete_id: str | None = None, start: int = 0
    ) -> Iterator[Entry]:
        """Entries in order, of the given kinds and athlete (None: all), from a byte on (a size that the journal once
        had). A torn last line is passed over; so is any other line that cannot be read, named in `damaged`: one lost
        line must not cost the lines after it."""
        for number, text, last in _lines(self.path, start):
            if kinds is not None and (head := _HEAD.match(text)) and head[1].decode() not in kinds:
                continue  # a week is long: not read where nobody asks for it
            entry = _parse(text)
            if entry is None:
                if last:
                    return
                if start:
                    number += _line_number(self.path, start)
                said = f"line {number} cannot be read"
                if said not in self.damaged:
                    self.damaged.append(said)
                continue
            if (kinds is None or entry.kind in kinds) and (athlete_id is None or entry.athlete_id == athlete_id):
                yield entry

    def size(self) -> int:
        """How many bytes its whole lines have; 0 where there is none yet."""
        return self.mark()[0]

    def mark(self) -> tuple[int, str]:
        """Where its whole lines end, and the hash of the last of them: by which `since` knows the place again."""
        if not self.path.exists():
            return 0, _hash(b"")
        with self.path.open("rb") as file:
            end, lines = _tail(file)
        return end, _hash(lines[-1] if lines else b"")

    def since(self, mark: tuple[int, str]) -> int:
        """The byte from which the journal is new to somebody who read it up to a mark; 0 where it is another journal
        than it was then (restored, erased from)."""
        start, head = mark
        if not start or not self.path.exists() or self.path.stat().st_size < start:
            return 0
        with self.path.open("rb") as file:
            end, lines = _tail(file, start)
        return start if end == start and _hash(lines[-1] if lines else b"") == head else 0

    def verify(self) -> list[str]:
        """One sentence a problem: unreadable lines, numbers that do not ascend, lines that do not follow the one before
        them."""
        return _problems(_lines(self.path))

    def mended_by(self, other: Path) -> bytes | None:
        """This journal made whole by a sound copy of an earlier day: that copy, and the lines here after its last one,
        which the chain proves to follow. None where they do not, or an entry of this journal would be lost."""
        kept = [text for _, text, _ in _lines(other)]
        mine = [text for _, text, torn in _lines(self.path) if not torn]
        if not kept or kept[-1] not in mine:
            return None
        whole = kept + mine[len(mine) - mine[::-1].index(kept[-1]) :]
        lost = {e.seq for e in map(_parse, mine) if e} - {e.seq for e in map(_parse, whole) if e}
        sound = not lost and not _problems((number, text, False) for number, text in enumerate(whole, 1))
        return b"".join(whole) if sound else None

    def erase(self, athlete_id: str) -> int:
        """Remove one athlete's entries for good (`erase`), also of files that waited in their folder; the others keep
        their numbers, and what is said meanwhile is kept. Returns how many went."""
        aside = self.path.with_suffix(".part")
        aside.unlink(missing_ok=True)  # what a killed run left holds the erased lines
        if not self.path.exists():
            return 0
        with self.held():
            entries = list(self.read())
            kept = [e for e in entries if e.athlete_id != athlete_id and not _waited(e, athlete_id)]
            if len(kept) < len(entries):
                aside.write_bytes(_chained(kept, b""))
                sync(aside)
                if sys.platform != "win32":
                    os.replace(aside, self.path)
        if aside.exists():  # Windows replaces no open file
            os.replace(aside, self.path)
        sync(self.path.parent)
        return len(entries) - len(kept)


def _problems(lines: Iterable[tuple[int, bytes, bool]]) -> list[str]:
    """One sentence for each."""
    problems, last, before = [], 0, b""
    for number, text, torn in lines:
        entry = _parse(text)
        if entry is None:
            problems.append(f"line {number} {'is torn off' if torn else 'cannot be read'}")
        elif entry.seq <= last:
            problems.append(f"line {number}: number {entry.seq} does not follow {last}")
        elif (chain := _CHAIN.search(text)) and chain[1].decode() != _hash(before):
            problems.append(f"line {number} does not follow line {number - 1}: one of them was changed, or one is gone")
        last = max(last, entry.seq if entry else 0)
        before = text
    return problems


def _lies_at(file: IO[bytes], path: Path) -> bool:
    """Whether an open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def named(athlete_id: str) -> str:
    """A regular expression that finds an id where it stands for itself or begins a path, not inside a longer word."""
    return rf"(^|[^\w-]){re.escape(athlete_id)}($|[^\w-])"


def _waited(entry: Entry, athlete_id: str) -> bool:
    """Whether it is of a file in that athlete's folder when nobody had that id."""
    return entry.athlete_id is None and str(entry.payload.get("path", "")).startswith(f"{athlete_id}/")


_HEAD = re.compile(rb'\{"seq":\d+,"at":"[^"]*","kind":"(\w+)"')
"""How a line begins, as `_line` writes it."""
_CHAIN = re.compile(rb',"chain":"([0-9a-f]{16})"\}\n$')
"""How a chained line ends, as `_line` writes it."""


def _hash(line: bytes) -> str:
    return hashlib.blake2b(line, digest_size=8).hexdigest()


def _chained(entries: Iterable[Entry], before: bytes) -> bytes:
    """Entries as lines, each with the hash of the line before it; `before` stands in front of the first."""
    lines = []
    for entry in entries:
        before = _line(entry, _hash(before))
        lines.append(before)
    return b"".join(lines)


def _line(entry: Entry, chain: str) -> bytes:
    record = {
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "kind": entry.kind,
        "athlete_id": entry.athlete_id,
        "payload": entry.payload,
        "chain": chain,
    }
    return json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _parse(text: bytes) -> Entry | None:
    try:
        record = json.loads(text)
        at = datetime.fromisoformat(record["at"])
        return Entry(record["kind"], at, record["payload"], record["athlete_id"], record["seq"])
    except (ValueError, KeyError, TypeError):
        return None


def _lines(path: Path, start: int = 0) -> Iterator[tuple[int, bytes, bool]]:
    """(number, text, whether it is the last and unfinished) of each line from a byte on."""
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(start)
        for number, text in enumerate(file, 1):
            yield number, text, not text.endswith(b"\n")


def _line_number(path: Path, start: int) -> int:
    """How many lines end before a byte."""
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(min(1 << 20, start - file.tell())), b""))


def _tail(file: IO[bytes], size: int | None = None) -> tuple[int, list[bytes]]:
    """Where the whole lines of a file (of its first `size` bytes) end, and the last of them, oldest first."""
    size = file.seek(0, os.SEEK_END) if size is None else size
    span = 1 << 16
    while True:
        start = max(0, size - span)
        file.seek(start)
        tail = file.read(size - start)
        whole = tail[: tail.rfind(b"\n") + 1]
        first = 0 if start == 0 else whole.find(b"\n") + 1
        lines = whole[first:].splitlines(keepends=True)
        if lines or start == 0:
            return start + len(whole), lines
        span *= 4


def _mend(file: IO[bytes]) -> tuple[int, bytes]:
    """Cut off a torn last line; returns the last number in use and the last line. `file` is open for reading and
    appending."""
    end, lines = _tail(file)
    if end < file.seek(0, os.SEEK_END):
        file.truncate(end)
        file.seek(0, os.SEEK_END)
    if not lines:
        return 0, b""
    for text in reversed(lines):
        if (entry := _parse(text)) is not None:
            return entry.seq, lines[-1]
    file.seek(0)
    return max((entry.seq for text in file if (entry := _parse(text))), default=0), lines[-1]
