"""What the pages read and write: the published warehouse, read again when it changes, and the commands' functions."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any, TypeVar

import polars as pl
from steadymile.models.athlete import Athlete
from steadymile.pipelines.commands.explain import Explanation, explanation
from steadymile.pipelines.commands.status import REFUSED
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home, today_of
from steadymile.pipelines.published import opened_published, page_tables, pick_athlete
from steadymile.pipelines.settings import Settings
from steadymile.reports.view_model import Story, story
from steadymile.warehouse.errors import Busy
from steadymile.warehouse.queries import query

T = TypeVar("T")
Stamp = tuple[int, int, int]

SAID_AT_MOST = 50
"""So many messages to show after a form are remembered."""

DETAILS = ("laps", "bouts", "splits")


@dataclass(slots=True)
class Desk:
    """One home behind the pages. Frames are kept until the published file is another one.

    One thread at a time opens the published file or runs the pipeline: DuckDB shares one instance a path within a
    process, so that a reader could otherwise hold on to the file that a run has just replaced. `patience_s` is how long
    a write waits for the home's lock.
    """

    settings: Settings
    clock: Callable[[], datetime]
    patience_s: float = 20.0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    _one: RLock = field(default_factory=RLock)
    _stamp: Stamp | None = None
    _kept: dict[tuple[str, ...], Any] = field(default_factory=dict)
    _said: OrderedDict[str, list[str]] = field(default_factory=OrderedDict)

    @property
    def home(self) -> Home:
        """The home's paths."""
        return Home(self.settings.home)

    def athlete(self, athlete_id: str | None) -> Athlete:
        """The named athlete, else the first by id. Raises Trouble for an unknown one."""
        athletes = self.home.athletes()
        return pick_athlete(athletes, athlete_id) if athlete_id else athletes[min(athletes)]

    def story(self, athlete_id: str | None, week: str | None = None) -> Story:
        """What there is to say about an athlete today, as on their page."""
        athlete = self.athlete(athlete_id)
        return story(athlete, self.tables(athlete.athlete_id), today_of(athlete, self.clock()), week=week)

    def tables(self, athlete_id: str) -> dict[str, pl.DataFrame]:
        """The views that pages are made of; empty before the first run."""
        if not self.home.warehouse.exists():
            return {}

        def read() -> dict[str, pl.DataFrame]:
            with opened_published(self.settings) as con:
                return dict(page_tables(con, athlete_id))

        return self.kept(("tables", athlete_id), read)

    def refused(self) -> list[dict[str, Any]]:
        """Files that were refused or wait for their owner, newest first, with the reason."""
        if not self.home.warehouse.exists():
            return []

        def read() -> list[dict[str, Any]]:
            with opened_published(self.settings) as con:
                return query(con, REFUSED).to_dicts()

        return self.kept(("refused",), read)

    def why(self, athlete_id: str, week: str) -> Explanation:
        """The explanation of a published week, as `steadymile explain` gives it."""
        return self.kept(("why", athlete_id, week), lambda: explanation(self.settings, athlete_id, week, None))

    def details(self, activity_id: str) -> dict[str, list[dict[str, Any]]]:
        """Laps, bouts and splits of one activity."""
        with self.alone(), opened_published(self.settings) as con:
            return {
                name: con.sql(f"SELECT * FROM {name} WHERE activity_id = ? ORDER BY index", params=[activity_id])
                .pl()
                .to_dicts()
                for name in DETAILS
            }

    def samples(self, activity_id: str) -> pl.DataFrame:
        """Speed, heart rate and altitude over time of one activity; no positions."""
        with self.alone(), opened_published(self.settings) as con:
            return con.sql(
                "SELECT t_s, speed_m_s, heart_rate_bpm, altitude_m FROM samples WHERE activity_id = ? ORDER BY t_s",
                params=[activity_id],
            ).pl()

    def kept(self, key: tuple[str, ...], read: Callable[[], T]) -> T:
        """A value of the published file as it is now; read again where the file changed."""
        stamp = self.stamp()
        if stamp == self._stamp and key in self._kept:
            return self._kept[key]
        with self.alone():
            if (stamp := self.stamp()) != self._stamp:
                self._kept, self._stamp = {}, stamp
            if key not in self._kept:
                self._kept[key] = read()
            return self._kept[key]

    def stamp(self) -> Stamp | None:
        """Which file is published: it is replaced whole, never changed in place."""
        try:
            facts = self.home.warehouse.stat()
        except OSError:
            return None
        return facts.st_ino, facts.st_mtime_ns, facts.st_size

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The only one of this app at the file. Raises Trouble where that takes too long."""
        if not self._one.acquire(timeout=max(self.patience_s, 1.0)):
            raise Trouble("A run is at work on this home.", "Wait a moment, then load the page again.")
        try:
            yield
        finally:
            self._one.release()

    def write(self, work: Callable[[], T]) -> T:
        """Do something that changes the home, waiting for its lock. Raises Busy, which says who holds it."""
        until = time.monotonic() + self.patience_s
        while True:
            try:
                with self.alone():
                    return work()
            except Busy:
                if time.monotonic() >= until:
                    raise
            time.sleep(0.25)

    def say(self, lines: list[str]) -> str:
        """Remember what to show on the next page; returns the key to ask for it."""
        key = secrets.token_urlsafe(8)
        self._said[key] = lines
        while len(self._said) > SAID_AT_MOST:
            self._said.popitem(last=False)
        return key

    def said(self, key: str | None) -> list[str]:
        """What was to be shown."""
        return self._said.get(key or "", [])
