"""The public functions: read a file, measure it, open a home, decide a week. docs/guides/python.md shows each one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from steadymile.ingest.formats import read
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.models.measuring.measure import measure
from steadymile.models.metrics.catalogue import Measured
from steadymile.models.policy.decide import decide
from steadymile.models.weekplan import WeekPlan
from steadymile.pipelines.commands.explain import Explanation, explanation, preview_plan
from steadymile.pipelines.home import Home
from steadymile.pipelines.published import choose, opened_published, published_weeks
from steadymile.pipelines.settings import Settings, settings
from steadymile.warehouse.queries import VIEWS, query, view

__all__ = ["Measured", "OpenHome", "Unreadable", "decide", "measure", "open_home", "read_file"]


def read_file(source: str | Path | bytes, name: str | None = None) -> Reading:
    """What one file holds: activities, wellness readings, check-ins. `source` is a path or the bytes themselves.

    Raises Unreadable, with the reason and the next step, where nothing can be read.
    """
    if isinstance(source, bytes):
        return read(source, name or "file")
    path = Path(source)
    return read(path.read_bytes(), name or path.name)


@dataclass(frozen=True, slots=True)
class OpenHome:
    """A home folder to ask questions of. Everything here reads the published warehouse and changes nothing.

    `athlete` is needed only where several people share the home.
    """

    settings: Settings
    athlete: str | None = None

    @property
    def athlete_id(self) -> str:
        """Whose numbers these are. Raises Trouble where several people share the home and none is named."""
        return choose(Home(self.settings.home), self.athlete).athlete_id

    def view(self, name: str, since: date | None = None) -> pl.DataFrame:
        """One contract view (docs/reference/schema.md) as a frame, from a local day on if `since` is given."""
        if name not in VIEWS:
            raise KeyError(f"there is no view {name}; views: {', '.join(VIEWS)}")
        with opened_published(self.settings) as con:
            return view(con, name, self.athlete_id, since)

    def sql(self, text: str) -> pl.DataFrame:
        """Read-only SQL on the published warehouse, everybody's rows, with the macros `pace`, `hms` and `miles`."""
        with opened_published(self.settings) as con:
            return query(con, text)

    def sessions(self, since: date | None = None) -> pl.DataFrame:
        """The sessions that count: one row each, of a run recorded twice only the better copy."""
        return self.view("activities", since).filter(pl.col("preferred"))

    def weeks(self) -> list[WeekPlan]:
        """Every published week in its latest revision, ascending."""
        return published_weeks(self.settings, self.athlete_id)

    def plan(self, as_of: date | None = None) -> WeekPlan:
        """Next week's plan as it would stand now, or as of a day. Nothing is published."""
        return preview_plan(self.settings, self.athlete_id, datetime.now(UTC), as_of)[0][1]

    def explain(self, week: str | None = None) -> Explanation:
        """Why a published week is as it is: the named one, like 2026-W48, else the latest."""
        return explanation(self.settings, self.athlete_id, week, None)


def open_home(folder: str | Path | None = None, athlete: str | None = None) -> OpenHome:
    """A home folder: the named one, else STEADYMILE_HOME, else ~/steadymile."""
    return OpenHome(settings(None if folder is None else Path(folder).expanduser()), athlete)
