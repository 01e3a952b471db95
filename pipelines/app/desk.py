"""What the pages read and write: the published warehouse, read again when it changes, and the commands' functions."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import polars as pl
from steadymile.models.athlete import Athlete
from steadymile.pipelines.app.reader import Reader
from steadymile.pipelines.commands.explain import SMALLEST, other_weeks
from steadymile.pipelines.commands.status import REFUSED
from steadymile.pipelines.errors import HomeError, Trouble
from steadymile.pipelines.facts import facts_hash, today_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome.notice import last_failure, stopped
from steadymile.pipelines.outcome.writing import write_whole
from steadymile.pipelines.published import pick_athlete
from steadymile.pipelines.settings import Settings
from steadymile.reports.view_model import Story, story
from steadymile.warehouse.errors import Busy, WarehouseError
from steadymile.warehouse.queries import query
from steadymile.warehouse.store import load_weeks

T = TypeVar("T")
LOG = logging.getLogger(__name__)

SAID_AT_MOST = 50
"""So many messages to show after a form are remembered."""

LOOKED_AT = "looked-at.json"
DETAILS = ("laps", "bouts", "splits")
HIDDEN = """
    SELECT a.activity_id, a.local_day AS day, coalesce(a.title, a.sport) AS title
    FROM base.activities a JOIN base.standing s ON s.activity_id = a.activity_id AND s.word = 'forgotten'
    WHERE a.athlete_id = ? ORDER BY a.started_at DESC
"""
SAMPLES = ("t_s", "speed_m_s", "heart_rate_bpm", "altitude_m", "latitude_deg", "longitude_deg")


@dataclass(slots=True)
class Desk:
    """One home behind the pages. `patience_s` is how long a write waits for the home's lock; `calendar` the address of
    the calendars without their ending, empty where none is served."""

    settings: Settings
    clock: Callable[[], datetime]
    patience_s: float = 20.0
    calendar: str = ""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    reader: Reader = field(init=False)
    _said: OrderedDict[str, list[str]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.reader = Reader(self.settings, self.patience_s)

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
        tables, today = self.tables(athlete.athlete_id), today_of(athlete, self.clock())
        if not tables:
            return story(athlete, tables, today, week=week)
        key = ("story", athlete.athlete_id, facts_hash(athlete), today.isoformat(), week or "")
        return self.reader.kept(key, lambda: story(athlete, tables, today, week=week))

    def tables(self, athlete_id: str) -> Mapping[str, pl.DataFrame]:
        """The views that pages are made of; empty before the first run."""
        return self.reader.views(athlete_id)

    def warm(self, most: int | None = None) -> None:
        """Read what the pages need before anybody asks for it, of all or of the first `most` by id. What a person can
        mend is said by the page that asks; a fault of ours is logged, and costs nobody else their pages."""
        for athlete_id in self._known()[:most]:
            try:
                told = self.story(athlete_id)
                if told.tables and told.target:
                    told.tables["days"]
                    self.why(athlete_id, str(told.target["week"]))
            except (Trouble, HomeError, WarehouseError):
                continue
            except Exception:
                LOG.exception("What the pages of %s need could not be read ahead", athlete_id)

    def _known(self) -> list[str]:
        """Who is here; nobody where athletes.toml and journal cannot say."""
        try:
            return sorted(self.home.athletes())
        except HomeError:
            return []

    def notices(self, slip: HomeError | None, whole: bool = True) -> list[str]:
        """Why the pages may be out of date: a run that failed, nights that stopped, a `slip` in athletes.toml. Not as a
        `whole` it is said that it is so, not why: for somebody who only reads."""
        said = []
        if failure := last_failure(self.home):
            why = " ".join(failure["faults"]) if whole else ""
            said.append(f"The last run failed, so this may be out of date. {why}".strip())
        elif stop := stopped(self.home, self.clock()):
            said.append(f"{stop}.")
        if slip and not any(slip.what in line for line in said):
            said.append(f"{slip.what} {slip.what_to_do} Until then, facts are as they were.")
        return said

    def refused(self) -> list[dict[str, Any]]:
        """Files that were refused or wait for their owner, newest first, with the reason."""
        if not self.home.warehouse.exists():
            return []
        return self.reader.asked(("refused",), lambda con: query(con, REFUSED).to_dicts())

    def hidden(self, athlete_id: str) -> list[dict[str, Any]]:
        """The activities that somebody has hidden everywhere, newest first."""
        if not self.home.warehouse.exists():
            return []

        def read(con: Any) -> list[dict[str, Any]]:
            return con.sql(HIDDEN, params=[athlete_id]).pl().to_dicts()

        return self.reader.asked(("hidden", athlete_id), read)

    def stated_own(self, activity_id: str) -> bool:
        """Whether somebody said that a recording counts by itself although it looks like a copy."""
        sql = "SELECT 1 FROM base.standing WHERE activity_id = ? AND word = 'kept'"
        return self.reader.asked(("own", activity_id), lambda con: bool(con.execute(sql, [activity_id]).fetchone()))

    def why(self, athlete_id: str, week: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The smallest changes that would have given more, and less, as `steadymile explain` gives them."""

        def read(con: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
            found = load_weeks(con, athlete_id, week=week)
            return other_weeks(found[0], SMALLEST) if found else ((), ())

        return self.reader.asked(("why", athlete_id, week), read)

    def details(self, activity_id: str) -> dict[str, list[dict[str, Any]]]:
        """Laps, bouts and splits of one activity."""
        return self._run(activity_id)[0]

    def samples(self, activity_id: str) -> pl.DataFrame:
        """Speed, heart rate, altitude and place over time of one activity."""
        return self._run(activity_id)[1]

    def _run(self, activity_id: str) -> tuple[dict[str, list[dict[str, Any]]], pl.DataFrame]:
        """Both, read together: opening the file takes as long as either."""

        def read(con: Any) -> tuple[dict[str, list[dict[str, Any]]], pl.DataFrame]:
            params = [activity_id]
            details = {
                name: con.sql(f"SELECT * FROM {name} WHERE activity_id = ? ORDER BY index", params=params)
                .pl()
                .to_dicts()
                for name in DETAILS
            }
            columns = ", ".join(SAMPLES)
            sql = f"SELECT {columns} FROM samples WHERE activity_id = ? ORDER BY t_s"
            return details, con.sql(sql, params=params).pl()

        return self.reader.asked(("run", activity_id), read)

    def write(self, work: Callable[[], T], patience_s: float | None = None) -> T:
        """Do something that changes the home, waiting for its lock. Raises Busy, which says who holds it."""
        until = time.monotonic() + (self.patience_s if patience_s is None else patience_s)
        while True:
            try:
                with self.reader.turn(max(until - time.monotonic(), 1.0)):
                    self.reader.close()
                    return work()
            except Busy:
                if time.monotonic() >= until:
                    raise
            time.sleep(0.25)

    def looked_at(self) -> dict[str, str]:
        """What a coach saw of each athlete when they left it so, by id."""
        try:
            found = json.loads((self.home.private / LOOKED_AT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}

    def look_at(self, athlete_id: str, news: str) -> None:
        """Remember that a coach saw this of an athlete."""
        known = {**self.looked_at(), athlete_id: news}
        self.home.private.mkdir(parents=True, exist_ok=True)
        write_whole(self.home.private / LOOKED_AT, json.dumps(known, sort_keys=True).encode())

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
