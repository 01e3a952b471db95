"""The published warehouse behind the pages: what was read is kept until the file is another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import RLock
from typing import Any, TypeVar

import polars as pl
from steadymile.pipelines.home import Home
from steadymile.pipelines.published import PAGE_VIEWS, opened_published
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.errors import Busy
from steadymile.warehouse.queries import view

T = TypeVar("T")
Stamp = tuple[int, int, int]

FIRST = ("targets", "activities", "reasons", "planned_sessions", "weeks", "health", "checkins")
"""The views that every page needs, read together, so that they are of one moment."""

PER_RUN = 8
"""So many runs' samples and tables are kept."""


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

    def stamp(self) -> Stamp | None:
        """Which file is published: it is replaced whole, never changed in place. None before the first run."""
        try:
            facts = self._home.warehouse.stat()
        except OSError:
            return None
        return facts.st_ino, facts.st_mtime_ns, facts.st_size

    def asked(self, key: tuple[str, ...], read: Callable[[Any], T]) -> T:
        """What `read` finds on a connection to the published file; kept until another file is published."""

        def opened() -> T:
            with opened_published(self._settings) as con:
                return read(con)

        return self.kept(key, opened)

    def kept(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """What `make` makes of the published file as it is now; kept until another file is published."""
        stamp = self.stamp()
        if stamp == self._stamp and key in self._kept:
            return self._kept[key]
        with self.turn():
            if (stamp := self.stamp()) != self._stamp:
                self._kept, self._stamp = {}, stamp
            if key not in self._kept:
                self._forget_old_runs(key)
                self._kept[key] = make()
            return self._kept[key]

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
    """The contract views of one athlete as the file holds them now."""

    def __init__(self, reader: Reader, athlete_id: str) -> None:
        self._reader = reader
        self._athlete_id = athlete_id

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in PAGE_VIEWS:
            raise KeyError(name)
        names = FIRST if name in FIRST else tuple(n for n in PAGE_VIEWS if n not in FIRST)
        athlete_id = self._athlete_id

        def read(con: Any) -> dict[str, pl.DataFrame]:
            return {n: view(con, n, athlete_id) for n in names}

        return self._reader.asked(("views", athlete_id, names[0]), read)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PAGE_VIEWS)

    def __len__(self) -> int:
        return len(PAGE_VIEWS)
