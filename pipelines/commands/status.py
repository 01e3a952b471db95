"""What is there, and what waits; the coach's glance at everybody."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from rich.console import RenderableType
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome.notice import last_failure, last_good, stopped
from steadymile.pipelines.outcome.stops import unpublished_stops
from steadymile.pipelines.outputs import coach_rows, write_coach
from steadymile.pipelines.published import PAGE_VIEWS, choose, opened_published, products
from steadymile.pipelines.settings import Settings, at_home
from steadymile.reports.reported import waiting
from steadymile.reports.terminal.coach import glance
from steadymile.reports.terminal.night import Refused
from steadymile.reports.terminal.status import StatusView, status
from steadymile.reports.view_model import story
from steadymile.warehouse.queries import Views, query
from steadymile.warehouse.store import ZIP_IN_PART


@dataclass(frozen=True, slots=True)
class Status:
    """What is there, and what waits. `data` for machines, `view` for people."""

    data: dict[str, Any]
    view: Any

    def renderable(self) -> RenderableType:
        """For people."""

        return status(self.view)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return self.data


REFUSED = f"""
    SELECT path, reason, status, code FROM files
    WHERE status IN ('quarantined', 'waiting') OR {ZIP_IN_PART}
    ORDER BY first_seen_at DESC, path
"""


LEFT_OUT = """
    SELECT coalesce(sum(left_out), 0)::BIGINT AS rows, count(*) AS files FROM files
    WHERE left_out > 0 AND status IN ('ingested', 'salvaged')
"""
"""Rows and points that could not be taken of files that were read; `files.reason` says which and why."""


def status_of(settings: Settings, athlete_id: str | None, now: datetime | None = None) -> Status:
    """Counts, the last run, refused files with their reasons, each athlete's decision. `now`: say also whether the
    nights have stopped."""

    home = Home(settings.home)
    athletes = home.athletes()
    people = [choose(home, athlete_id)] if athlete_id else list(athletes.values())
    with opened_published(settings) as con:
        files = dict(query(con, "SELECT status, count(*) FROM files GROUP BY status ORDER BY status").iter_rows())
        refused = query(con, REFUSED).to_dicts()
        left_out = query(con, LEFT_OUT).to_dicts()[0]
        runs = query(con, "SELECT * FROM runs_log ORDER BY started_at DESC LIMIT 1").to_dicts()
        counts = query(con, "SELECT athlete_id, count(*) FILTER (preferred) FROM activities GROUP BY athlete_id")
        activities = dict(counts.iter_rows())
        stories = []
        shared = Views(con, PAGE_VIEWS)
        for athlete in people:
            tables = dict(shared.of(athlete.athlete_id))
            newest = tables["targets"]["as_of"].max()
            if isinstance(newest, date):
                stories.append(story(athlete, tables, newest))
    last = runs[0] if runs else None
    shown = [p.athlete_id for p in people]
    data = {
        "home": str(home.root),
        "files": files,
        "activities": {i: n for i, n in activities.items() if i in shown},
        "refused": [{"path": r["path"], "reason": r["reason"]} for r in refused],
        "left_out": left_out,
        "last_run": last,
        "last_failure": last_failure(home),
        "last_good_night": last_good(home),
        "unpublished_stops": {p: said for p, said in unpublished_stops(settings).items() if p in shown},
        "nights_stopped": stopped(home, now) if now else None,
        "unconfirmed": {s.athlete.athlete_id: [text for _, text in waiting(s)] for s in stories},
        "targets": [s.target for s in stories],
    }
    view = StatusView(
        home=str(home.root),
        people=tuple(stories),
        files=files,
        activities=sum(n for i, n in activities.items() if i in shown),
        refused=[Refused(r["path"], r["reason"], waits=r["status"] == "waiting") for r in refused],
        left_out=(left_out["rows"], left_out["files"]),
        last_run=last["started_at"] if last else None,
        last_good=last_good(home),
        places=products(home.root),
        at=at_home(home.root),
    )
    return Status(data, view)


@dataclass(frozen=True, slots=True)
class CoachView:
    """All athletes at a glance."""

    rows: list[Any]
    as_of: date

    def renderable(self) -> RenderableType:
        """For people."""

        return glance(self.rows)

    def as_json(self) -> list[dict[str, Any]]:
        """For machines."""

        return [asdict(row) for row in self.rows]


def coach_view(settings: Settings, as_of: date | None, now: datetime) -> CoachView:
    """The coach's rows; writes the page too."""

    home = Home(settings.home)
    athletes = list(home.athletes().values())
    with opened_published(settings) as con:
        shared, day = Views(con, PAGE_VIEWS), as_of or now.date()
        rows = coach_rows({a.athlete_id: shared.of(a.athlete_id) for a in athletes}, athletes, as_of, now)
        write_coach(home, rows, day)
        return CoachView(rows, day)
