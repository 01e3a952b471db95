"""Writing what people look at: pages, coach page, calendars, workouts. Each file appears whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
from steadymile.models.athlete import Athlete
from steadymile.models.session import Body
from steadymile.pipelines.devices.sounds import AUDIO, audio_of, remove_old_audio, written_audio
from steadymile.pipelines.facts import today_of, zone_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome.writing import write_whole
from steadymile.pipelines.published import PAGE_VIEWS, opened_published, pick_athlete
from steadymile.pipelines.settings import Settings
from steadymile.reports import formats
from steadymile.reports.calendar import ics
from steadymile.reports.charts.png import NoPictures, charts
from steadymile.reports.coaching import CoachRow, row, unreadable
from steadymile.reports.pages import athlete as athlete_page
from steadymile.reports.pages import coach as coach_page
from steadymile.reports.pages import index, sheet
from steadymile.reports.view_model import heart_rate_seen, story
from steadymile.reports.workouts.week import to_be_run, workouts
from steadymile.warehouse.errors import WarehouseError
from steadymile.warehouse.queries import Mine, Views

CHARTS = ("longest-run", "load", "share", "comfort")
"""The PNG charts of an athlete, by name."""


EVERYBODY = "reports/coach.html"
"""Under this the fault of the pages about everybody is said; nobody's id is like it."""
TOGETHER = 50
"""So many people's views are read at once for their pages: a query for fifty takes little longer than for one."""

WORKOUTS = "[0-9]" * 4 + "-W[0-9][0-9]-[1-7]-*.fit"
"""How the files of workouts are named."""


def outputs_of(home: Home, athlete_id: str) -> list[Path]:
    """What this module wrote for one athlete under their own name; nothing else in these folders is theirs."""
    paths = [
        home.reports / f"{athlete_id}.html",
        *(chart_of(home, athlete_id, name) for name in CHARTS),
        *(folder / f"{athlete_id}.ics" for folder in (home.calendar, home.published_calendar)),
        *sorted((home.workouts / athlete_id).glob(WORKOUTS)),
        *sorted(audio_of(home, athlete_id, alone=False).glob(AUDIO)),
        written_workouts(home, athlete_id),
        written_audio(home, athlete_id),
        sheet_of(home, athlete_id),
    ]
    return [path for path in paths if path.exists()]


def shared_outputs(home: Home) -> list[Path]:
    """What it wrote about everybody, or about whoever was alone."""
    pages = (home.reports / "index.html", home.reports / "coach.html")
    alone = (*home.workouts.glob(WORKOUTS), *audio_of(home, "", alone=True).glob(AUDIO))
    return [path for path in (*pages, *sorted(alone)) if path.exists()]


def write_person(
    home: Home,
    athlete: Athlete,
    tables: Mapping[str, pl.DataFrame],
    as_of: date,
    now: datetime,
    body: Body | None,
    *,
    alone: bool,
    png: bool,
    units: str | None,
) -> list[Path]:
    """One athlete's page, calendar and workouts; with `png` the charts too. `alone`: the page is index.html. One that
    cannot be written costs none of the others; the first fault is raised when they are."""

    athlete_id, planned = athlete.athlete_id, to_be_run(tables)

    def page() -> list[Path]:
        place = home.reports / ("index.html" if alone else f"{athlete_id}.html")
        return [write_whole(place, athlete_page.render(athlete, tables, as_of, units, body).encode())]

    def paper() -> list[Path]:
        week = sheet.render(story(athlete, tables, as_of, units))
        return [write_whole(sheet_of(home, athlete_id), week.encode())]

    def watch() -> list[Path]:
        files = workouts(planned, as_of, sensor=heart_rate_seen(tables, as_of))
        there = files or workouts_of(home, athlete_id, alone).is_dir()
        return write_workouts(home, athlete_id, files, alone) if there else []

    def pictures() -> list[Path]:
        there = png or any(chart_of(home, athlete_id, name).exists() for name in CHARTS)
        return write_charts(home, athlete, tables, as_of, units, wanted=png) if there else []

    written: list[Path] = []
    faults: list[Exception] = []
    calendar = partial(write_calendar, home, athlete, tables, now, units)
    phone: Callable[[], None] = partial(remove_old_audio, home, athlete_id, planned, as_of, alone)
    for product in (page, paper, calendar, watch, phone, pictures):
        try:
            written += product() or []
        except Exception as error:
            faults.append(error)
    if faults:
        raise faults[0]
    return written


def chart_of(home: Home, athlete_id: str, name: str) -> Path:
    """One chart of an athlete as a picture."""
    return home.reports / f"{athlete_id}-{name}.png"


def write_charts(
    home: Home, athlete: Athlete, tables: Mapping[str, pl.DataFrame], as_of: date, units: str | None, *, wanted: bool
) -> list[Path]:
    """The charts as pictures. Those that somebody once asked for stay of today, without being `wanted` again."""
    try:
        drawn = charts(athlete, tables, as_of, units)
    except NoPictures:
        if wanted:
            raise
        return []
    return [write_whole(chart_of(home, athlete.athlete_id, name), data) for name, data in drawn.items()]


def write_calendar(
    home: Home, athlete: Athlete, tables: Mapping[str, pl.DataFrame], now: datetime, units: str | None
) -> list[Path]:
    """One athlete's calendar; nothing where nothing was ever planned. A copy of it in `.steadymile` remembers what
    other calendars were given, should the file itself be deleted."""
    kept, public = (folder / f"{athlete.athlete_id}.ics" for folder in (home.published_calendar, home.calendar))
    last = next((path.read_bytes() for path in (kept, public) if path.exists()), b"")
    planned, history = tables["planned_sessions"], tables.get("planned_sessions_history")
    if not last and not planned.height:
        return []
    zone = ZoneInfo(zone_of(athlete, now.date()))
    facts = athlete.facts(now.astimezone(zone).date())
    calendar = ics(
        athlete,
        planned,
        now.astimezone(zone),
        units=units,
        history=history,
        targets=tables["targets"],
        before=last,
        home_id=home.identity(),
        start=time.fromisoformat(facts.run_at) if facts.run_at else None,
        remind_min=facts.remind_min,
        sensor=heart_rate_seen(tables, now.astimezone(zone).date()),
    )
    write_whole(kept, calendar)
    return [write_whole(public, calendar)]


def missing_outputs(home: Home, athletes: Sequence[str]) -> set[str]:
    """Whose page or calendar was deleted since it was written, so that it comes back the same day."""
    alone = len(athletes) == 1
    return {
        i
        for i in athletes
        if not (home.reports / ("index.html" if alone else f"{i}.html")).exists()
        or not sheet_of(home, i).exists()
        or ((home.published_calendar / f"{i}.ics").exists() and not (home.calendar / f"{i}.ics").exists())
        or any(not (workouts_of(home, i, alone) / name).exists() for name in names_of(written_workouts(home, i)))
    }


def workouts_of(home: Home, athlete_id: str, alone: bool) -> Path:
    """The folder of one athlete's workouts."""
    return home.workouts if alone else home.workouts / athlete_id


def sheet_of(home: Home, athlete_id: str) -> Path:
    """One athlete's week on one sheet, to print."""
    return home.reports / "print" / f"{athlete_id}.html"


def written_workouts(home: Home, athlete_id: str) -> Path:
    """The list of one athlete's workouts as they were last written, by which a deleted one is missed."""
    return home.private / "workouts" / f"{athlete_id}.txt"


def names_of(record: Path) -> list[str]:
    """The names in such a list; none where nothing was written yet."""
    return record.read_text(encoding="utf-8").split("\n") if record.exists() and record.stat().st_size else []


def write_workouts(home: Home, athlete_id: str, files: Mapping[str, bytes], alone: bool) -> list[Path]:
    """The coming workouts; those of earlier weeks are removed, so that the folder is what to copy to the watch."""
    folder = workouts_of(home, athlete_id, alone)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(WORKOUTS):
        if old.name not in files:
            old.unlink()
    for old in workouts_of(home, athlete_id, not alone).glob(WORKOUTS):  # from before somebody else came or went
        old.unlink()
    written = [write_whole(folder / name, data) for name, data in files.items()]
    write_whole(written_workouts(home, athlete_id), "\n".join(files).encode())
    return written


def of_the_past(path: Path, today: date) -> bool:
    """Whether a workout or sound is of a week that is over, as its name says."""
    named = fnmatch(path.name, WORKOUTS) or fnmatch(path.name, AUDIO)
    return named and path.name[: len("2026-W01")] < formats.week_of(today)


def write_index(home: Home, athletes: Sequence[Athlete]) -> list[Path]:
    """With several athletes: a plain index of their pages."""
    return [write_whole(home.reports / "index.html", index.render(athletes).encode())]


def coach_rows(
    views: Mapping[str, Mapping[str, pl.DataFrame]],
    athletes: Sequence[Athlete],
    as_of: date | None,
    now: datetime,
    broken: dict[str, Exception] | None = None,
) -> list[CoachRow]:
    """One row an athlete for the coach page, from their contract views by id. Somebody of whom none can be made stands
    first, with a row that says so; why is put into `broken`. Raises WarehouseError where the file cannot be read."""
    found = []
    for athlete in athletes:
        try:
            day = as_of or today_of(athlete, now)
            found.append(row(athlete, views[athlete.athlete_id], day, page=f"{athlete.athlete_id}.html"))
        except WarehouseError:
            raise  # of the file, not of one person: a moment later it may be there
        except Exception as error:
            if broken is not None:
                broken.setdefault(athlete.athlete_id, error)
            found.append(unreadable(athlete))
    return found


def write_coach(home: Home, rows: Sequence[CoachRow], day: date) -> Path:
    """The coach page: who needs a word first."""
    return write_whole(home.reports / "coach.html", coach_page.render(rows, day).encode())


def write_reports(
    settings: Settings,
    athlete_id: str | None,
    as_of: date | None,
    *,
    png: bool,
    units: str | None,
    now: datetime,
    people: Sequence[str] | None = None,
    bodies: Mapping[str, Body] | None = None,
    views: dict[str, Mine] | None = None,
    faults: dict[str, str] | None = None,
) -> list[Path]:
    """Write pages, calendars and workouts from the published warehouse. Returns what was written; `views` gathers what
    was read for it. One page that cannot be written costs nobody else theirs: with `faults` each fault is said there,
    by the athlete's id or EVERYBODY; else the last fault is raised when the others are written."""
    broken: dict[str, Exception] = {}
    home = Home(settings.home)
    athletes = home.athletes()
    chosen: list[Athlete]
    if athlete_id is not None:
        chosen = [pick_athlete(athletes, athlete_id)]
    else:
        chosen = [athletes[i] for i in (people if people is not None else sorted(athletes)) if i in athletes]
    written: list[Path] = []
    views = {} if views is None else views
    with opened_published(settings) as con:
        for n, athlete in enumerate(chosen):
            if n % TOGETHER == 0:
                together = Views(con, PAGE_VIEWS, [a.athlete_id for a in chosen[n : n + TOGETHER]])
            day = as_of or today_of(athlete, now)
            body = (bodies or {}).get(athlete.athlete_id)
            alone = len(athletes) == 1
            try:
                tables = views[athlete.athlete_id] = together.of(athlete.athlete_id)
                written += write_person(home, athlete, tables, day, now, body, alone=alone, png=png, units=units)
            except Exception as error:
                broken[athlete.athlete_id] = error
        if len(athletes) > 1:
            shared = Views(con, PAGE_VIEWS)
            everybody = {i: views[i] if i in views else shared.of(i) for i in athletes}
            try:
                written += write_index(home, list(athletes.values()))
                rows = coach_rows(everybody, list(athletes.values()), as_of, now, broken)
                written.append(write_coach(home, rows, as_of or now.date()))
            except Exception as error:
                broken[EVERYBODY] = error
    if faults is not None:
        faults |= {i: f"{type(error).__name__}: {error}" for i, error in broken.items()}
    elif broken:
        raise next(reversed(broken.values()))
    return written
