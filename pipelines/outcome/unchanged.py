"""A night of which nothing that it depends on changed since the last one ends as that one did, in a tenth of a second.

The last good night writes down what it depended on, as one hash, and what the next would print if it found all of that
as it is. The next looks at the same things, before any library is loaded: files by size, times and name, the command,
the settings, the code, the day. Where anything differs, or cannot be looked at, the whole night runs."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from steadymile.pipelines.outcome.log import logged, succeeded
from steadymile.pipelines.outcome.writing import write_whole
from steadymile.warehouse.errors import Busy
from steadymile.warehouse.lock import HomeLock

RECORD = "unchanged.json"
"""The record's name in a home's private folder."""
TOOK = "(0.0 s)"
"""What stands in the recorded text where a run says how long it took."""
ENVIRONMENT = ("STEADYMILE_", "PREFECT_", "LC_", "PYTHON")
ALSO = ("TZ", "LANG", "TERM", "COLORTERM", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "HOME")
"""Variables, by their beginning or name, that may change what a night does or prints."""
BEGAN_WITH = [f"{n}={v}" for n, v in sorted(os.environ.items()) if n in ALSO or n.startswith(ENVIRONMENT)]
"""They as the process began: a run sets some itself."""
HOOKS = ("STEADYMILE_ON_SUCCESS", "STEADYMILE_DEBUG")
"""With one of these, every night is a whole one."""
FILES = (
    "warehouse.duckdb",
    "warehouse.duckdb.wal",
    "archive",
    "archive/journal.jsonl",
    ".steadymile/work.duckdb",
    ".steadymile/work.duckdb.wal",
    ".steadymile/state.json",
    ".steadymile/pages.json",
    ".steadymile/failed.json",
    ".steadymile/warehouse.duckdb.published.json",
)
FOLDERS = ("reports", "calendar", "workouts", ".steadymile/calendar")
CODE = ("ingest", "models", "warehouse", "reports", "pipelines")


class Unclear(Exception):
    """Something that the whole night has to look at."""


def code() -> str:
    """The hash of steadymile's own files, by size and time; empty where they cannot be looked at."""
    try:
        return digest(_code())
    except (OSError, Unclear):
        return ""


def home_of(words: Sequence[str]) -> Path | None:
    """The home of a plain `nightly`; None where the words ask for something else."""
    place, others, rest = os.environ.get("STEADYMILE_HOME"), [], iter(words)
    for word in rest:
        if word == "--home":
            place = next(rest, None)
        elif word.startswith("--home="):
            place = word.removeprefix("--home=")
        else:
            others.append(word)
    if others[:1] != ["nightly"] or any(os.environ.get(name) for name in HOOKS):
        return None
    with suppress(OSError, RuntimeError, ValueError):
        return Path(place or Path.home() / "steadymile").expanduser().resolve()
    return None


def given(home: Path) -> str:
    """The hash of what people put there: inbox and athletes.toml; empty where a whole night has to look at them."""
    try:
        return digest(_given(home))
    except (OSError, Unclear):
        return ""


def facts(home: Path, words: Sequence[str]) -> str:
    """The hash of everything that a night with these words depends on, but the clock; empty where it cannot be had."""
    try:
        return digest(_facts(home, words))
    except (OSError, Unclear):
        return ""


def remember(
    home: Path, found: str, during: tuple[datetime, datetime], text: str, fields: Mapping[str, Any] | None
) -> None:
    """Write down what a night depended on (its `facts`) that left nothing open; `during` from when until when a next
    night has the same day; `text` what it would print, or `fields`, where JSON was asked for."""
    record = home / ".steadymile" / RECORD
    said = {"facts": found, "during": [each.timestamp() for each in during], "text": text, "fields": fields}
    with suppress(OSError):
        write_whole(record, json.dumps(said).encode())


def repeated(words: Sequence[str], now: datetime | None = None) -> str | None:
    """What the night prints where nothing changed since the last; None where the whole night has to run. Its line in
    the log and the time of the last good night are written as ever."""
    began, now = time.perf_counter(), now or datetime.now(UTC)
    home = home_of(words)
    if home is None:
        return None
    private = home / ".steadymile"
    try:
        said = json.loads((private / RECORD).read_text(encoding="utf-8"))
        begins, ends = said["during"]
        if not begins <= now.timestamp() < ends or (private / "lock").stat().st_size:
            return None  # another day; or another run is at work, or was killed and left something to sweep
        with HomeLock(private / "lock", since=now):
            if not said["facts"] or digest(_facts(home, words)) != said["facts"]:
                return None
            with logged(private) as log:
                seconds = round(time.perf_counter() - began, 3)
                log.say("begin", unchanged=True)
                log.say("end", outcome="done", unchanged=True, published=False, seconds=seconds)
                succeeded(private, now)
                if said["fields"]:
                    found = {**said["fields"], "run_id": log.run, "seconds": seconds}
                    return json.dumps(found, ensure_ascii=True, indent=2) + "\n"
        return str(said["text"]).replace(TOOK, f"({seconds:.1f} s)", 1)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, Unclear, Busy):
        return None


def digest(lines: Iterator[str]) -> str:
    """One hash of many lines."""
    found = hashlib.blake2b(digest_size=16)
    for line in lines:
        found.update(line.encode("utf-8", "surrogateescape") + b"\0")
    return found.hexdigest()


def _given(home: Path) -> Iterator[str]:
    yield from tree(home / "inbox")
    yield _mark("athletes.toml", home / "athletes.toml")


def _facts(home: Path, words: Sequence[str]) -> Iterator[str]:
    yield from (str(home), os.getcwd(), sys.version, sys.executable, *words)
    yield from BEGAN_WITH
    yield from (_screen(stream) for stream in (sys.stdin, sys.stdout, sys.stderr))
    yield os.path.realpath("/etc/localtime")
    yield from _given(home)
    for name in FILES:
        yield _mark(name, home / name)
    for name in FOLDERS:
        yield from tree(home / name)
    yield from _code()


def _code() -> Iterator[str]:
    houses = Path(__file__).resolve().parents[2]
    for name in CODE:
        yield from tree(houses / name, skip="__pycache__")


def _screen(stream: Any) -> str:
    """What a console makes of a stream: whether a terminal is there, its size, its letters."""
    try:
        size = os.get_terminal_size(stream.fileno()) if stream.isatty() else None
    except (OSError, ValueError, AttributeError):
        size = None
    return f"{size} {getattr(stream, 'encoding', None)}"


def _mark(name: str, path: Path) -> str:
    """By which a file is known as the same, or that there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return f"{name} -"
    return _line(name, found)


def _line(name: str, found: os.stat_result) -> str:
    if stat.S_ISDIR(found.st_mode):
        return f"{name} {found.st_mode}"
    return f"{name} {found.st_mode} {found.st_size} {found.st_mtime_ns}"


def tree(folder: Path, skip: str = "") -> Iterator[str]:
    """A line for everything below a folder but what is named to skip, in the order of names. Raises Unclear at links
    and at what is no file."""
    open_folders = [str(folder)]
    while open_folders:
        place = open_folders.pop()
        with os.scandir(place) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            if entry.name == skip:
                continue
            facts = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(facts.st_mode):
                open_folders.append(entry.path)
            elif not stat.S_ISREG(facts.st_mode):
                raise Unclear(entry.path)
            yield _line(entry.path, facts)
