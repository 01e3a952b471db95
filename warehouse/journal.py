"""What happened, in order, for ever: one JSON line an entry, appended, never changed.

Together with the archive of originals it is the truth: the warehouse can be rebuilt from the two at any time.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from steadymile.warehouse.errors import Damaged
from steadymile.warehouse.lock import locked

KINDS = ("file", "checkin", "facts", "keep", "unkeep", "forget", "unforget", "override", "week", "note")


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
    """The append-only journal at `path` (made with the first entry)."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    def append(self, entries: Iterable[Entry]) -> list[Entry]:
        """Append entries durably (one fsync for all) and return them with their seq. A torn last line, left by a kill
        in mid-write and never acknowledged, is cut off first. Raises ValueError for an unknown kind."""
        entries = list(entries)
        for entry in entries:
            if entry.kind not in KINDS:
                raise ValueError(f"unknown journal kind {entry.kind!r}; known: {', '.join(KINDS)}")
        if not entries:
            return []
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab+") as file, locked(file):
            last = _mend(file, self.path)
            numbered = [Entry(e.kind, e.at, e.payload, e.athlete_id, last + 1 + i) for i, e in enumerate(entries)]
            file.write(b"".join(_line(e) for e in numbered))
            file.flush()
            os.fsync(file.fileno())
        return numbered

    def read(
        self, kinds: Collection[str] | None = None, athlete_id: str | None = None, start: int = 0
    ) -> Iterator[Entry]:
        """Entries in order, of the given kinds and athlete (None: all), from a byte on (a size that the journal once
        had). A torn last line is passed over; any other line that cannot be read raises Damaged with its number."""
        for number, text, last in _lines(self.path, start):
            if kinds is not None and (head := _HEAD.match(text)) and head[1].decode() not in kinds:
                continue  # a week is long: not read where nobody asks for it
            entry = _parse(text)
            if entry is None:
                if last:
                    return
                raise Damaged(
                    f"Line {number} of the journal {self.path}{f' after byte {start}' if start else ''} cannot be read",
                    "Restore the journal from a backup, or remove that one line and rebuild",
                )
            if (kinds is None or entry.kind in kinds) and (athlete_id is None or entry.athlete_id == athlete_id):
                yield entry

    def size(self) -> int:
        """Its size in bytes; 0 where there is none yet."""
        return self.path.stat().st_size if self.path.exists() else 0

    def verify(self) -> list[str]:
        """One sentence a problem: unreadable lines and numbers that do not ascend."""
        problems, before = [], 0
        for number, text, _ in _lines(self.path):
            entry = _parse(text)
            if entry is None:
                problems.append(f"line {number} cannot be read")
            elif entry.seq <= before:
                problems.append(f"line {number}: number {entry.seq} does not follow {before}")
            else:
                before = entry.seq
        return problems

    def erase(self, athlete_id: str) -> int:
        """Remove one athlete's entries for good (`erase`), also of files that waited in their folder; the others keep
        their numbers. Returns how many went."""
        kept = [e for e in self.read() if e.athlete_id != athlete_id and not _waited(e, athlete_id)]
        gone = sum(1 for _ in self.read()) - len(kept)
        if gone:
            aside = self.path.with_suffix(".part")
            with aside.open("wb") as file:
                file.write(b"".join(_line(e) for e in kept))
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, self.path)
        return gone


def _waited(entry: Entry, athlete_id: str) -> bool:
    """Whether it is of a file in that athlete's folder when nobody had that id."""
    return entry.athlete_id is None and str(entry.payload.get("path", "")).startswith(f"{athlete_id}/")


_HEAD = re.compile(rb'\{"seq":\d+,"at":"[^"]*","kind":"(\w+)"')
"""How a line begins, as `_line` writes it."""


def _line(entry: Entry) -> bytes:
    record = {
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "kind": entry.kind,
        "athlete_id": entry.athlete_id,
        "payload": entry.payload,
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


def _mend(file: Any, path: Path) -> int:
    """Cut off a torn last line and return the last number in use; `file` is open for reading and appending."""
    size = file.seek(0, os.SEEK_END)
    span = 1 << 16
    while True:
        start = max(0, size - span)
        file.seek(start)
        tail = file.read(size - start)
        whole = tail[: tail.rfind(b"\n") + 1]
        first = 0 if start == 0 else whole.find(b"\n") + 1
        lines = whole[first:].splitlines()
        if lines or start == 0:
            break
        span *= 4
    end = start + len(whole)
    if end < size:
        file.truncate(end)
        file.seek(0, os.SEEK_END)
    if not lines:
        return 0
    last = _parse(lines[-1])
    if last is None:
        raise Damaged(
            f"The last line of the journal {path} cannot be read",
            "Restore the journal from a backup, or remove that one line and rebuild",
        )
    return last.seq
