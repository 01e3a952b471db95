"""The published warehouse behind the pages: what was read is kept until the file is another one."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from threading import RLock, Timer
from typing import Any, TypeVar

import polars as pl
from steadymile.pipelines.home import Home
from steadymile.pipelines.published import PAGE_VIEWS, opened_published
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.errors import Busy
from steadymile.warehouse.queries import Views

T = TypeVar("T")
Stamp = tuple[int, int, int]

FIRST = ("targets", "activities", "reasons", "planned_sessions", "weeks", "health", "checkins")
"""The views that every page needs, read together, so that they are of one moment."""

PER_RUN = 8
"""So many runs' samples and tables are kept."""

OPEN_S = 60.0
"""So long after a question the file stays open for the next one: opening takes longer than most answers. Where an open
file cannot be replaced it is closed at once."""
STAYS_OPEN = os.name == "posix"


class Reader:
    """One thread at a time reads: DuckDB shares one instance a path within a process, so that a second reader could
    hold on to the file that a run has just replaced. `patience_s` is how long a reader waits for its turn."""

    def __init__(self, settings: Settings, patience_s: float) -> None:
        self._settings = settings
        self._home = Home(settings.home)
        self._patience_s = max(patience_s, 1.0)
        self._one = RLock()
        self._stamp: Stamp | None = None
        self._kept: dict[tuple[str, ...], Any] = {}
        self._held: ExitStack | None = None
        self._con: Any = None
        self._closing: Timer | None = None

    def stamp(self) -> Stamp | None:
        """Which file is published: it is replaced whole, never changed in place. None before the first run."""
        try:
            facts = self._home.warehouse.stat()
        except OSError:
            return None
        return facts.st_ino, facts.st_mtime_ns, facts.st_size

    def asked(self, key: tuple[str, ...], read: Callable[[Any], T]) -> T:
        """What `read` finds on a connection to the published file; kept until another file is published."""

        return self.kept(key, lambda: read(self._connection()))

    def _connection(self) -> Any:
        """The file as it is now, opened where it is not; the caller holds the turn."""
        self._keep_open()
        if self._con is None:
            with ExitStack() as stack:
                self._con = stack.enter_context(opened_published(self._settings))
                self._held = stack.pop_all()
                atexit.register(self.close)
        return self._con

    def _keep_open(self, again: bool = True) -> None:
        """Put off the closing of the file; without `again` call it off."""
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        if again and STAYS_OPEN:
            self._closing = Timer(OPEN_S, self.close)
            self._closing.daemon = True
            self._closing.start()

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
        with self._one:
            self._keep_open(again=False)
            held, self._held, self._con = self._held, None, None
            if held is not None:
                atexit.unregister(self.close)
                held.close()

    def kept(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """What `make` makes of the published file as it is now; kept until another file is published."""
        stamp = self.stamp()
        if stamp == self._stamp and key in self._kept:
            return self._kept[key]
        with self.turn():
            if (stamp := self.stamp()) != self._stamp:
                self._kept, self._stamp = {}, stamp
                self.close()
            if key in self._kept:
                return self._kept[key]
            self._forget_old_runs(key)
            try:
                found = make()
            finally:
                if not STAYS_OPEN:
                    self.close()
            if self._stamp == stamp:  # else another file came meanwhile, and this is of both
                self._kept[key] = found
            return found

    def _forget_old_runs(self, key: tuple[str, ...]) -> None:
        if key[0] == "run":
            runs = [k for k in self._kept if k[0] == "run"]
            for old in runs[: max(0, len(runs) - PER_RUN + 1)]:
                del self._kept[old]

    def views(self, athlete_id: str) -> Mapping[str, pl.DataFrame]:
        """The views that pages are made of, read when they are asked for; empty before the first run."""
        return LazyViews(self, athlete_id) if self._home.warehouse.exists() else {}

    @contextmanager
    def turn(self, patience_s: float | None = None) -> Iterator[None]:
        """The only one of this app at the file. Raises Busy where that takes too long."""
        if not self._one.acquire(timeout=self._patience_s if patience_s is None else patience_s):
            raise Busy("A run is at work on this home", "Wait a moment, then load the page again")
        try:
            yield
        finally:
            self._one.release()


class LazyViews(Mapping[str, pl.DataFrame]):
    """The contract views of one athlete as the file holds them now; read once for everybody, for that takes as long."""

    def __init__(self, reader: Reader, athlete_id: str) -> None:
        self._reader = reader
        self._athlete_id = athlete_id

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in PAGE_VIEWS:
            raise KeyError(name)
        names = FIRST if name in FIRST else tuple(n for n in PAGE_VIEWS if n not in FIRST)

        def read(con: Any) -> Views:
            shared = Views(con, names)
            for each in names:  # now, while the connection is ours
                shared.part(each, self._athlete_id)
            return shared

        return self._reader.asked(("views", names[0]), read).part(name, self._athlete_id)

    def __iter__(self) -> Iterator[str]:
        return iter(PAGE_VIEWS)

    def __len__(self) -> int:
        return len(PAGE_VIEWS)
