"""Looking without changing: status, coach, doctor, sql, export, report."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from steadymile.pipelines.cli.guard import DONE, NEEDS_YOU, USAGE, printing, say, say_trouble
from steadymile.pipelines.cli.options import (
    AsOfOption,
    AthleteOption,
    HomeOption,
    JsonOption,
    UnitsOption,
    console,
    day,
    emit,
    settings_for,
)
from steadymile.pipelines.cli.table import Commands
from steadymile.pipelines.coaching.bundle import bundles
from steadymile.pipelines.coaching.forms import take_answers
from steadymile.pipelines.coaching.roster import add_roster
from steadymile.pipelines.commands.doctor import examine
from steadymile.pipelines.commands.query import asked, export_all, export_view, flat, run_sql
from steadymile.pipelines.commands.status import coach_view, status_of
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.outcome.notice import HEALTH_FIRST
from steadymile.pipelines.outputs import write_reports
from steadymile.pipelines.settings import Settings
from steadymile.reports.charts.png import NoPictures
from steadymile.reports.terminal.night import fitted
from steadymile.reports.terminal.screen import Screen, shown

commands = Commands()


@commands.command()
def status(home: HomeOption = None, athlete: AthleteOption = None, as_json: JsonOption = False) -> int:
    """Show what is in the warehouse, when it last ran, and what waits for you."""

    found = status_of(settings_for(home), athlete, datetime.now(UTC))
    if as_json:
        emit(found.as_json())
    else:
        console().print(found.renderable())
    for who, said in found.data["unpublished_stops"].items():
        say_trouble(f"{who}: the week above does not follow yet what was reported. {said}", "Run: steadymile nightly")
    if failure := found.data["last_failure"]:
        failed = f"The run of {failure['at']} failed. {HEALTH_FIRST}"
        say_trouble(f"{failed} {' '.join(failure['faults'])}", "Run: steadymile nightly")
    if stopped := found.data["nights_stopped"]:
        say_trouble(f"{stopped}.", "Run: steadymile nightly; docs/guides/nightly.md shows how to let it run by itself.")
    return DONE


@commands.command()
def coach(
    home: HomeOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    roster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A CSV of people (id, name, facts): add who is new.")
    ] = None,
    form: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A form's CSV of answers: each into its person's inbox.")
    ] = None,
    zips: Annotated[
        Path | None, typer.Option("--zip", metavar="FOLDER", help="A folder: one zip an athlete, to send on.")
    ] = None,
) -> int:
    """Show all athletes at a glance: who needs attention, who is silent, who is ready. Writes reports/coach.html."""

    settings, now = settings_for(home), datetime.now(UTC)
    asked: list[tuple[Path | None, Callable[[Settings, Path], list[str]]]] = [
        (roster, add_roster), (form, take_answers), (zips, partial(bundles, now=now)),
    ]  # fmt: skip
    if any(path is not None for path, _ in asked):
        for path, does in asked:
            for line in does(settings, path) if path is not None else ():
                say(line)
        return DONE
    found = coach_view(settings, day(as_of), now)
    if as_json:
        emit(found.as_json())
    else:
        console().print(found.renderable())
    return DONE


@commands.command()
def doctor(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Files to look at.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Describe a file: what it is, what is in it, what is wrong and what was saved. Changes nothing."""

    settings_for(home)  # taken like everywhere, though a file is looked at without any home

    reports = [examine(path) for path in files]
    with printing():
        if as_json:
            emit([report.as_json() for report in reports])
        else:
            screen = console()
            for report in reports:
                screen.print(report.renderable())
    return DONE if all(report.healthy for report in reports) else NEEDS_YOU


@commands.command()
def sql(
    query: Annotated[
        str | None, typer.Argument(help='Like "SELECT local_day, distance_m FROM activities"; - reads it from stdin.')
    ] = None,
    file: Annotated[
        Path | None, typer.Option("-f", "--file", metavar="FILE", help="A file with the question; - is stdin.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> int:
    """Query the published warehouse, which is opened read-only."""

    piped = sys.stdin.read if "-" in (query, str(file)) or not sys.stdin.isatty() else None
    found = run_sql(settings_for(home), asked(query, file, piped))
    if as_json:
        emit(found.to_dicts())
    elif csv or not sys.stdout.isatty():
        print_csv(found, "," if csv else "\t")
    else:
        screen = Screen()  # a value is shown as it is
        screen.print(fitted(found, screen.width))
    return DONE


def print_csv(found: pl.DataFrame, separator: str) -> None:
    """Rows as text: as they are into a pipe, without anything that a terminal would obey onto one."""
    text = flat(found).write_csv(separator=separator)
    sys.stdout.write(shown(text) if sys.stdout.isatty() else text)


@commands.command()
def export(
    view: Annotated[str | None, typer.Argument(help="A view, like activities.")] = None,
    to: Annotated[Path | None, typer.Argument(metavar="FILE", help="A file ending in .csv, .parquet or .json.")] = None,
    everything: Annotated[
        Path | None,
        typer.Option("--all", metavar="FOLDER", help="A folder: every view as Parquet, with schema.json beside them."),
    ] = None,
    home: HomeOption = None,
    athlete: AthleteOption = None,
) -> int:
    """Write one view to a CSV, Parquet or JSON file, or all of them. Positions leave only in `samples`."""

    if everything is not None and view is None:
        say(export_all(settings_for(home), everything, athlete))
    elif everything is None and view is not None and to is not None:
        say(export_view(settings_for(home), view, to, athlete))
    elif everything is not None:
        raise Trouble(
            f"--all writes every view: it takes a folder alone, not {view} as well.",
            f"For all: steadymile export --all {everything}. For one: steadymile export {view} {view}.csv",
            USAGE,
        )
    else:
        raise Trouble(
            "Name a view and a file, or --all and a folder.", "Like: steadymile export activities runs.csv", USAGE
        )
    return DONE


@commands.command()
def report(
    home: HomeOption = None,
    athlete: AthleteOption = None,
    as_of: AsOfOption = None,
    png: Annotated[bool, typer.Option("--png/--no-png", help="Also PNG charts, for chat or mail.")] = True,
    units: UnitsOption = None,
) -> int:
    """Write the pages, calendar and workouts again, with PNG charts."""

    if units not in (None, "km", "miles"):
        raise Trouble(f"{units} is not a unit known here.", "Use --units km or --units miles.", exit_code=USAGE)

    try:
        for path in write_reports(settings_for(home), athlete, day(as_of), png=png, units=units, now=datetime.now(UTC)):
            say(path)
    except NoPictures as missing:
        say_trouble(str(missing), None)
        return NEEDS_YOU
    return DONE
