"""One run of the pipeline: its home, its open work database, its journal, its day; and what it keeps between runs."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from steadymile.models.athlete import Athlete
from steadymile.pipelines.cli.progress import Progress, silent
from steadymile.pipelines.errors import plain
from steadymile.pipelines.facts import facts_hash, today_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome.log import Log
from steadymile.pipelines.outcome.writing import write_whole
from steadymile.pipelines.reading.child import Child
from steadymile.pipelines.reading.definitions import definitions
from steadymile.pipelines.reading.readers import Readers
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.archive import Archive
from steadymile.warehouse.compact import compact
from steadymile.warehouse.database import changes, is_damage, open_work, stamp
from steadymile.warehouse.journal import Entry, Journal
from steadymile.warehouse.lock import HomeLock
from steadymile.warehouse.publish import Published, publish

REBUILT = "work.rebuilt.duckdb"
"""The work database of a rebuild, until it takes the old one's place."""


class Lost(NamedTuple):
    """An original of which nothing could be read now: as which path it came in, why, and the code of that."""

    path: str
    why: str
    code: str | None = None

    def line(self) -> str:
        """In one line."""
        return f"{self.path}: {self.why}" if self.path else self.why


@dataclass(slots=True)
class State:
    """What the last run left: the work database's change counter, size and time, the place up to which the journal was
    applied, each athlete's fingerprint and a hash of the metric cards. And what is owed: `owed` names the athletes whom
    something new concerns and who were not judged since, `judged` names each one's last judgement: pages written from
    another are owed. `ahead` is when the first of the weeks was journaled that were passed over since they are to come
    by the clock; `unread_anew` how many files are still to be read by today's readers. A counter that does not fit
    makes everything be looked at again, which is safe."""

    changed: int = -1
    work: tuple[int, int] = (0, 0)
    journal: tuple[int, str] = (0, "")
    owed: list[str] = field(default_factory=list)
    judged: dict[str, str] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    as_of: dict[str, str] = field(default_factory=dict)
    cards: str = ""
    scrubbed: str = ""
    passed: dict[str, str] = field(default_factory=dict)
    ahead: str = ""
    unread_anew: int = 0

    @classmethod
    def load(cls, path: Path) -> State:
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            found = cls(**{**raw, "journal": tuple(raw["journal"]), "work": tuple(raw["work"])})
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return cls()
        blank = asdict(cls())
        return found if all(type(value) is type(blank[name]) for name, value in asdict(found).items()) else cls()

    @classmethod
    def of(cls, path: Path, counter: int) -> State:
        """What the last run left, where the work database's change counter is the one that it left."""
        found = cls.load(path)
        return found if found.changed == counter else cls()

    def save(self, path: Path) -> None:
        """Keep it for the next run."""
        write_whole(path, json.dumps(asdict(self)).encode())


@dataclass(slots=True)
class Run:
    """An open run. `con` is the work database; `readers` read files; `sighted` the files
    that the journal names since it was last read: those of a run that came to no end; `compacts`: what was deleted
    shall leave no byte; `lost` the recordings that should have been measured again and could not, each with the reason;
    `remembered` whether the journal stands in for athletes.toml;
    `problems` what went wrong with the run itself and `warnings` what its owner should see to, one sentence each;
    `asks` what a file reports and only the person can confirm, `spoken` of whom files reported something in this run;
    `elsewhere` recordings that cannot both be of one person, `arrived` the ids of activities that came in; `heard` how
    many check-ins were said since the last run.
    """

    home: Home
    settings: Settings
    con: Any
    journal: Journal
    archive: Archive
    athletes: Mapping[str, Athlete]
    now: datetime
    as_of: date | None
    state: State
    progress: Progress = silent
    durations_s: dict[str, float] = field(default_factory=dict)
    rebuilding: bool = False
    remembered: bool = False
    published: bool = False
    compacts: bool = False
    failed: dict[str, str] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    arrived: set[str] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)
    heard: int = 0
    sighted: dict[tuple[Any, ...], Entry] = field(default_factory=dict)
    log: Log | None = None
    readers: Readers = field(init=False)

    def __post_init__(self) -> None:
        self.readers = Readers(self.settings)

    def say(self, event: str, level: int = logging.INFO, **facts: Any) -> None:
        """A line in the home's log, where this run has one."""
        if self.log is not None:
            self.log.say(event, level, **facts)

    def owe(self, *athlete_ids: str) -> None:
        """Something new concerns these athletes: they are judged anew, in this run or in the next that can."""
        self.state.owed = sorted({*self.state.owed, *athlete_ids})

    @contextmanager
    def isolated(self, athlete_id: str) -> Iterator[None]:
        """A fault in one athlete's numbers is kept in `failed` and costs nobody else theirs. Raises what a damaged work
        database raises, which is everybody's."""
        try:
            yield
        except Exception as error:
            if is_damage(error) or os.environ.get("STEADYMILE_DEBUG"):
                raise
            self.failed[athlete_id] = fault(error)
            self.say("failed", logging.ERROR, athlete=athlete_id, why=self.failed[athlete_id])

    @contextmanager
    def tried(self, what: str) -> Iterator[None]:
        """A stage that fails is kept in `problems`, and the stages after it are tried all the same. Raises what a
        damaged work database raises, with which no stage can do."""
        try:
            yield
        except Exception as error:
            if is_damage(error) or os.environ.get("STEADYMILE_DEBUG"):
                raise
            self.problems.append(f"{what}. {' '.join(plain(error))}")
            self.say("problem", logging.ERROR, why=self.problems[-1])

    def day_of(self, athlete: Athlete) -> date:
        """The day this run plans from: `--as-of`, else today where the athlete lives."""
        return self.as_of or today_of(athlete, self.now)

    def note(self, *entries: Entry) -> list[Entry]:
        """Append to the journal, except while it is being replayed."""
        return [] if self.rebuilding else self.journal.append(entries)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Add a step's wall time to `durations_s`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - start
            self.durations_s[step] = round(self.durations_s.get(step, 0.0) + took, 4)
            self.say("step", step=step, seconds=round(took, 4))

    def fingerprint(self, athlete: Athlete) -> str:
        """Everything but files and check-ins that an athlete's numbers depend on."""

        parts = [self.day_of(athlete).isoformat(), facts_hash(athlete), definitions()]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def size_and_time(path: Path) -> tuple[int, int]:
    """By which a file is known as the one that was left."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def fault(error: Exception) -> str:
    """A fault of ours in one line: what, and where."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({place.name} in {Path(place.filename).name})"


def sweep(folders: Iterable[Path], older_than_s: float = 0.0) -> None:
    """Remove what killed runs left half written in these folders: it may hold anybody's bytes. The home's lock makes us
    the only one at work, but for pages and facts, which are written without it: there an age can be asked for."""
    for path in [path for folder in folders for kind in ("*.part", "*.new") for path in folder.rglob(kind)]:
        with suppress(OSError):
            if path.is_file() and time.time() - path.stat().st_mtime >= older_than_s:
                path.unlink()


@contextmanager
def open_run(
    settings: Settings,
    now: datetime,
    as_of: date | None = None,
    progress: Progress = silent,
    *,
    rebuilding: bool = False,
    publishes: bool = True,
    publisher: Callable[..., Published] = publish,
    reader: Child | None = None,
) -> Iterator[Run]:
    """Open a home for one run under its lock; make it where it is missing. When all went well the state is saved and
    the warehouse published, still under the lock: nobody may write the work database while it is copied. A rebuild
    begins with an empty work database, which takes the old one's place when it is whole. `reader` is one that was made
    before; it ends with the run."""

    home = Home(settings.home)
    home.make()
    with HomeLock(home.lock, since=now) as lock:
        athletes, fault = home.known_athletes()  # under the lock: an erase that ends now must not find its person back
        _sweep_home(home, lock.interrupted)
        work = home.private / REBUILT if rebuilding else home.work
        con = open_work(work)
        state_file = home.private / "state.json"
        state = State() if rebuilding else State.of(state_file, changes(con))
        run = Run(
            home,
            settings,
            con,
            Journal(home.journal),
            Archive(home.originals),
            athletes,
            now,
            as_of,
            state,
            progress,
            rebuilding=rebuilding,
        )
        run.readers.adopt(reader)
        if fault:
            run.remembered = True
            run.problems.append(f"{fault} Until then, facts are as they were.")
        try:
            yield run
            state.changed, contents = changes(con), stamp(con)
        finally:
            run.readers.close()
            con.close()
        _keep(run, work, state_file)
        if publishes:
            with run.timed("publish"):
                run.published = not publisher(home.work, home.warehouse, contents=contents).skipped


def _sweep_home(home: Home, interrupted: bool) -> None:
    """Remove what a killed run left: half-written files, where one was `interrupted` or failed, and a database that was
    being rebuilt."""
    if interrupted or (home.private / "failed.json").exists():
        sweep([home.archive])
        sweep([home.private], older_than_s=60.0)
    for left_by_a_kill in home.private.glob(f"{REBUILT}*"):
        left_by_a_kill.unlink()


def _keep(run: Run, work: Path, state_file: Path) -> None:
    """Put a rebuilt database in the old one's place, and save the state that belongs to it."""
    home = run.home
    if run.compacts:
        compact(home.work)
    if run.rebuilding:
        state_file.unlink(missing_ok=True)  # it tells of the old one
        home.work.with_suffix(".duckdb.wal").unlink(missing_ok=True)
        work.replace(home.work)
    run.state.work = size_and_time(home.work)
    run.state.save(state_file)
