"""Questions to the warehouse and to the published weeks. Nothing here changes anything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from steadymile.models.athlete import Athlete
from steadymile.models.policy.parameters import V2
from steadymile.models.weekplan import WeekPlan
from steadymile.pipelines.commands.people import choose
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.settings import Settings

if TYPE_CHECKING:
    import polars as pl
    from rich.console import RenderableType
    from steadymile.pipelines.run import Run


@contextmanager
def opened_published(settings: Settings) -> Iterator[Any]:
    """The published warehouse, read-only; Trouble where there is none yet."""
    from steadymile.warehouse.database import open_published

    home = Home(settings.home)
    if not home.warehouse.exists():
        raise Trouble(f"{home.root} has no warehouse yet.", "Run steadymile nightly first (or steadymile demo).")
    con = open_published(home.warehouse)
    try:
        yield con
    finally:
        con.close()


def pick_athlete(athletes: Mapping[str, Athlete], athlete_id: str) -> Athlete:
    """One athlete by id."""
    if athlete_id not in athletes:
        raise Trouble(f"Nobody here is called {athlete_id}.", f"Known: {', '.join(sorted(athletes))}.", exit_code=2)
    return athletes[athlete_id]


def published_weeks(settings: Settings, athlete_id: str) -> list[WeekPlan]:
    """The athlete's weeks, latest revisions, ascending."""
    from steadymile.warehouse.store import load_weeks

    with opened_published(settings) as con:
        return load_weeks(con, athlete_id)


@contextmanager
def aside(settings: Settings, now: datetime, as_of: date | None) -> Iterator[Run]:
    """A run on a copy of the published warehouse that knows what was said since; it holds nobody up, saves nothing."""
    from steadymile.pipelines.run import Run, State, journal_facts
    from steadymile.pipelines.steps import apply_journal
    from steadymile.warehouse.archive import Archive
    from steadymile.warehouse.database import open_work
    from steadymile.warehouse.journal import Journal
    from steadymile.warehouse.publish import changed

    home = Home(settings.home)
    athletes = home.athletes()
    with opened_published(settings), TemporaryDirectory(prefix="steadymile-") as folder:
        copy = Path(folder) / home.work.name
        shutil.copyfile(home.warehouse, copy)
        con = open_work(copy)
        try:
            state = State.load(home.private / "state.json")
            if state.changed != changed(con):
                state = State()
            archive, journal = Archive(home.archive / "objects"), Journal(home.journal)
            run = Run(home, settings, con, journal, archive, athletes, now, as_of, state, rebuilding=True)
            journal_facts(run)
            apply_journal(run)
            yield run
        finally:
            con.close()


def preview_plan(
    settings: Settings, athlete_id: str | None, now: datetime, as_of: date | None
) -> list[tuple[Athlete, WeekPlan]]:
    """The plan as it would be published now, or as of a day; nothing is saved."""
    from steadymile.models.week.plan import plan
    from steadymile.pipelines.steps import history_of, measure_athlete

    with aside(settings, now, as_of) as run:
        chosen = [choose(run.home, athlete_id)] if athlete_id else list(run.athletes.values())
        found = []
        for athlete in chosen:
            day = run.day_of(athlete)
            found.append((athlete, plan(history_of(run, athlete, measure_athlete(run, athlete), day), day)))
    return found


@dataclass(frozen=True, slots=True)
class FoundActivity:
    """An activity named on the command line."""

    activity_id: str
    athlete_id: str
    title: str


def find_activity(settings: Settings, named: str, hidden: bool = False) -> FoundActivity:
    """An activity by its id or the start of it; `hidden` looks among forgotten ones too."""
    from steadymile.warehouse.store import load_recordings

    with opened_published(settings) as con:
        alike = [
            FoundActivity(r.activity_id, athlete_id, f"{r.local_day} {r.title or r.sport}")
            for athlete_id in Home(settings.home).athletes()
            for r in load_recordings(con, athlete_id, forgotten=hidden)
            if r.activity_id.startswith(named)
        ]
    if not alike:
        raise Trouble(
            f"There is no activity {named}.",
            'steadymile sql "SELECT activity_id, local_day, title FROM activities" lists them.',
            exit_code=2,
        )
    if len(alike) > 1:
        raise Trouble(f"{named} could be {len(alike)} activities.", "Give more of the id.", exit_code=2)
    return alike[0]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a week is as it is."""

    athlete: Athlete
    week: str
    as_of: date
    tables: Mapping[str, pl.DataFrame]
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()

    def renderable(self) -> RenderableType:
        """For people."""
        from steadymile.reports.terminal.explanation import explain
        from steadymile.reports.view_model import story

        return explain(story(self.athlete, self.tables, self.as_of, week=self.week), self.more, self.less)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        import polars as pl

        weekly = {n: t for n, t in self.tables.items() if "week" in t.columns}
        mine = {n: t.filter(pl.col("week") == self.week).to_dicts() for n, t in weekly.items()}
        changes = {"it_would_have_been_more": self.more, "it_would_have_been_less": self.less}
        return {"athlete_id": self.athlete.athlete_id, "week": self.week, **mine, **changes}


SMALLEST = 3
"""How many of the smallest changes that would have given more, and less, are named unless all are asked for."""


def explanation(
    settings: Settings, athlete_id: str | None, week: str | None, as_of: date | None, everything: bool = False
) -> Explanation:
    """The explanation of a published week: the named one, else the one that the page of that day tells of. With the
    smallest changes that would have made it another, or, with `everything`, one for each thing that was looked at."""
    import polars as pl
    from steadymile.pipelines.nightly import page_tables
    from steadymile.reports.view_model import chosen_target
    from steadymile.warehouse.store import load_weeks

    athlete = choose(Home(settings.home), athlete_id)
    with opened_published(settings) as con:
        tables = dict(page_tables(con, athlete.athlete_id))
        published = load_weeks(con, athlete.athlete_id)
    targets = tables["targets"]
    rows = [r for r in targets.sort("week").to_dicts() if as_of is None or r["as_of"] <= as_of]
    if week is None and rows:
        told = chosen_target({"targets": pl.DataFrame(rows, schema=targets.schema)}, max(r["as_of"] for r in rows))
        week = str((told or rows[-1])["week"])
    if week is not None:
        rows = [r for r in rows if r["week"] == week]
    if not rows:
        known = ", ".join(targets["week"].tail(5).to_list()) or "none yet"
        raise Trouble(f"There is no published week {week or ''}".strip() + ".", f"The latest: {known}.", exit_code=2)
    more, less = other_weeks(next(w for w in published if w.week == rows[-1]["week"]), None if everything else SMALLEST)
    return Explanation(athlete, rows[-1]["week"], rows[-1]["as_of"], tables, more, less)


def other_weeks(published: WeekPlan, most: int | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The smallest changes that would have given more, and less, in sentences. Under a stop there are none: nothing
    may read like a promise of running."""
    from steadymile.models.explain.counterfactual import counterfactuals
    from steadymile.models.weekplan import Action

    if published.action == Action.STOP:
        return (), ()
    found = counterfactuals(published)
    more, less = ([c.sentence for c in found if c.better is better] for better in (True, False))
    return tuple(more[:most]), tuple(less[:most])


@dataclass(frozen=True, slots=True)
class Replayed:
    """A week decided again from its stored inputs, beside what was published."""

    published: WeekPlan
    again: WeekPlan
    differences: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether it came out the same."""
        return not self.differences

    def lines(self) -> list[str]:
        """For people."""
        from steadymile.reports import formats

        week = self.published
        if self.identical:
            what = f"{week.action.word}, level {week.level}, {week.run_min:g} min of running"
            decided = f"revision {week.revision}, decided on {formats.day(week.as_of, year=True)}"
            return [
                f"{week.week} ({decided}) comes out identical: {what}.",
                f"Policy {week.policy_version}, inputs {week.inputs_hash[:12]}.",
            ]
        found = [f"{week.week} does not come out as published:", *(f"  {d}" for d in self.differences)]
        if week.policy_version != V2.version:
            found.append(
                f"It was published by policy {week.policy_version}; this is policy {V2.version}, whose rules differ. "
                "What was published stands."
            )
        return found

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "week": self.published.week,
            "identical": self.identical,
            "differences": list(self.differences),
            "inputs_hash": self.published.inputs_hash,
            "policy_version": self.published.policy_version,
            "replayed_with": V2.version,
        }


def replay_week(settings: Settings, athlete_id: str | None, week: str) -> Replayed:
    """Decide a published week again from the inputs stored with it."""
    from steadymile.models.week.plan import replay
    from steadymile.pipelines.convert import week_payload

    athlete = choose(Home(settings.home), athlete_id)
    weeks = {w.week: w for w in published_weeks(settings, athlete.athlete_id)}
    if week not in weeks:
        known = ", ".join(sorted(weeks)[-5:]) or "none yet"
        raise Trouble(f"There is no published week {week}.", f"The latest: {known}.", exit_code=2)
    published = weeks[week]
    again = replay(published)
    before, after = week_payload(published), week_payload(again)
    names = [name for name in before if before[name] != after[name]]
    return Replayed(published, again, tuple(f"{n}: {before[n]!r} then, {after[n]!r} now"[:400] for n in names))


def run_sql(settings: Settings, sql: str) -> pl.DataFrame:
    """The reader's own SQL on the published warehouse."""
    from steadymile.warehouse.errors import WarehouseError
    from steadymile.warehouse.queries import query

    if not sql.strip():
        raise Trouble("Nothing was asked.", 'Ask like: steadymile sql "SELECT * FROM weeks"', exit_code=2)
    with opened_published(settings) as con:
        try:
            return query(con, sql)
        except WarehouseError as error:
            said = error.why.splitlines()[0].rstrip(".")
            raise Trouble(f"{said}.", f"{error.what_to_do}.", exit_code=2) from None


def export_view(settings: Settings, view: str, to: Path, athlete_id: str | None) -> str:
    """Write a contract view to a file by its ending."""
    from steadymile.warehouse.queries import VIEWS
    from steadymile.warehouse.queries import view as read_view

    if not to.absolute().parent.is_dir():
        raise Trouble(f"There is no folder {to.parent}.", "Make it, or name another one.", exit_code=2)
    if view not in VIEWS:
        raise Trouble(f"There is no view {view}.", f"Views: {', '.join(VIEWS)}.", exit_code=2)
    if athlete_id is not None:
        choose(Home(settings.home), athlete_id)
    with opened_published(settings) as con:
        frame = read_view(con, view, athlete_id)
    kind = to.suffix.lower()
    if kind == ".csv":
        write_flat_csv(frame, to)
    elif kind == ".parquet":
        frame.write_parquet(to)
    elif kind == ".json":
        frame.write_json(to)
    else:
        raise Trouble(f"{to.name} is of no known kind.", "End it in .csv, .parquet or .json.", exit_code=2)
    return f"{frame.height} rows of {view} written to {to}."


def write_flat_csv(frame: pl.DataFrame, to: Path) -> None:
    """CSV knows no lists: they become JSON text."""
    import json

    import polars as pl

    nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
    texts = [
        pl.Series(
            name, [json.dumps(v, default=str) if v is not None else None for v in frame[name].to_list()], pl.String
        )
        for name in nested
    ]
    frame.with_columns(texts).write_csv(to)


@dataclass(frozen=True, slots=True)
class Status:
    """What is there, and what waits. `data` for machines, `view` for people."""

    data: dict[str, Any]
    view: Any

    def renderable(self) -> RenderableType:
        """For people."""
        from steadymile.reports.terminal.status import status

        return status(self.view)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return self.data


REFUSED = """
    SELECT path, reason FROM files
    WHERE status = 'quarantined' OR (status = 'salvaged' AND what = 'zip')
        OR reason LIKE '%this file waits%' OR reason LIKE '%in nobody''s folder%'
    ORDER BY first_seen_at DESC, path
"""


def status_of(settings: Settings, athlete_id: str | None) -> Status:
    """Counts, the last run, refused files with their reasons, each athlete's decision."""
    from steadymile.pipelines.cli.terminal import at_home
    from steadymile.pipelines.nightly import page_tables, products
    from steadymile.reports.terminal.night import Refused
    from steadymile.reports.terminal.status import StatusView
    from steadymile.reports.view_model import story
    from steadymile.warehouse.queries import query

    home = Home(settings.home)
    athletes = home.athletes()
    people = [choose(home, athlete_id)] if athlete_id else list(athletes.values())
    with opened_published(settings) as con:
        files = dict(query(con, "SELECT status, count(*) FROM files GROUP BY status ORDER BY status").iter_rows())
        refused = query(con, REFUSED).to_dicts()
        runs = query(con, "SELECT * FROM runs_log ORDER BY started_at DESC LIMIT 1").to_dicts()
        counts = query(con, "SELECT athlete_id, count(*) FILTER (preferred) FROM activities GROUP BY athlete_id")
        activities = dict(counts.iter_rows())
        stories = []
        for athlete in people:
            tables = dict(page_tables(con, athlete.athlete_id))
            newest = tables["targets"]["as_of"].max()
            if isinstance(newest, date):
                stories.append(story(athlete, tables, newest))
    last = runs[0] if runs else None
    shown = [p.athlete_id for p in people]
    data = {
        "home": str(home.root),
        "files": files,
        "activities": {i: n for i, n in activities.items() if i in shown},
        "refused": refused,
        "last_run": last,
        "targets": [s.target for s in stories],
    }
    view = StatusView(
        home=str(home.root),
        people=tuple(stories),
        files=files,
        activities=sum(n for i, n in activities.items() if i in shown),
        refused=[Refused(r["path"], r["reason"]) for r in refused],
        last_run=last["started_at"] if last else None,
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
        from steadymile.reports.pages.coach import glance

        return glance(self.rows)

    def as_json(self) -> list[dict[str, Any]]:
        """For machines."""
        from dataclasses import asdict

        return [asdict(row) for row in self.rows]


def coach_view(settings: Settings, as_of: date | None, now: datetime) -> CoachView:
    """The coach's rows; writes the page too."""
    from steadymile.pipelines.nightly import page_tables
    from steadymile.pipelines.outputs import coach_rows, write_coach

    home = Home(settings.home)
    athletes = list(home.athletes().values())
    with opened_published(settings) as con:
        views = {a.athlete_id: page_tables(con, a.athlete_id) for a in athletes}
        write_coach(home, views, athletes, as_of, now)
        return CoachView(coach_rows(views, athletes, as_of, now), as_of or now.date())
