"""Running the pipeline: nightly, ingest, demo."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from steadymile.pipelines.cli.guard import DONE, FAILED, NEEDS_YOU, say_trouble
from steadymile.pipelines.cli.options import (
    AsOfOption,
    HomeOption,
    JsonOption,
    chosen,
    console,
    day,
    emit,
    home_for,
    settings_for,
)
from steadymile.pipelines.cli.progress import bar
from steadymile.pipelines.cli.table import Commands
from steadymile.pipelines.cli.terminal import files_view, nightly_view
from steadymile.pipelines.commands.demo import run_demo
from steadymile.pipelines.engine.access import check_api_url
from steadymile.pipelines.nightly import NightlyResult, run
from steadymile.reports.formats import sentence
from steadymile.reports.terminal.night import came_in, summary

commands = Commands()


@commands.command()
def demo(
    home: HomeOption = None,
    weeks: Annotated[int, typer.Option(min=4, max=52, help="How many weeks the simulated beginner trains.")] = 16,
    seed: Annotated[int, typer.Option(help="Another seed gives another beginner.")] = 7,
) -> int:
    """Simulate a beginner's months of watch files, run each week through the whole pipeline, show next week."""

    given = home or chosen["home"]
    with bar("A simulated beginner trains") as progress:
        place = settings_for(given or Path("steadymile-demo"))
        result = run_demo(place, weeks=weeks, seed=seed, progress=progress, now=datetime.now(UTC))
    show_nightly(result)
    return DONE


@commands.command()
def nightly(
    home: HomeOption = None,
    as_of: AsOfOption = None,
    prefect: Annotated[bool, typer.Option("--prefect", help="Run as a Prefect flow.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Read what is new, measure, plan the week, publish the warehouse, write the pages."""

    settings = home_for(home)
    with bar("Reading", quiet=as_json) as progress:
        if prefect or settings.prefect_api_url:
            check_api_url(settings.prefect_api_url or "http://127.0.0.1/api")
            from steadymile.pipelines.engine.flows import run_nightly  # Prefect takes seconds to import

            result = run_nightly(settings, day(as_of))
        else:
            result = run(settings, now=datetime.now(UTC), as_of=day(as_of), progress=progress)
    if as_json:
        emit(result.as_json())
    else:
        show_nightly(result)
    return ending(result)


@commands.command()
def ingest(home: HomeOption = None, as_json: JsonOption = False) -> int:
    """Only read what is new in the inbox and publish it; no plan."""

    with bar("Reading", quiet=as_json) as progress:
        result = run(home_for(home), now=datetime.now(UTC), steps=("ingest", "measure"), progress=progress)
    if as_json:
        emit(result.as_json())
    else:
        console().print(came_in(files_view(result)))
    return ending(result)


def ending(result: NightlyResult) -> int:
    """The exit code of a run; a fault in someone's numbers is reported on the error stream."""
    for athlete_id, fault in result.failed.items():
        say_trouble(
            f"The numbers of {athlete_id} could not be computed: {fault}.",
            "What was published of them before stands. Please report this; everyone else's are up to date.",
        )
    for warning in result.warnings:
        say_trouble(warning, "steadymile verify shows what is damaged; --repair mends what it can.")
    for asked in result.asks:
        say_trouble(asked, "Whatever makes the plan more careful counts already.")
    for note in result.notes:
        say_trouble(sentence(note), "Correct STEADYMILE_ON_FAILURE or STEADYMILE_ON_SUCCESS, or leave it out.")
    for problem in result.problems:
        say_trouble(problem, "What was published before stands, and what was said since is applied.")
    return FAILED if result.failed or result.problems else NEEDS_YOU if result.needs_you else DONE


def show_nightly(result: NightlyResult) -> None:

    screen = console()
    for view in nightly_view(result):
        screen.print(summary(view))
