"""Running the pipeline: nightly, ingest, demo."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from steadymile.pipelines.cli.guard import DONE, FAILED, NEEDS_YOU, printing, say_trouble
from steadymile.pipelines.cli.options import (
    AsOfOption,
    HomeOption,
    JsonOption,
    asked_about,
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
from steadymile.pipelines.engine.access import check_api_url
from steadymile.pipelines.facts import same_day
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import NightlyResult, nothing_owed, run
from steadymile.pipelines.outcome import unchanged
from steadymile.reports.formats import sentence
from steadymile.reports.terminal.night import came_in, summary

commands = Commands()


@commands.command()
def demo(
    home: Annotated[
        Path | None, typer.Option("--home", metavar="DIR", help="A folder for it (else steadymile-demo, here).")
    ] = None,
    weeks: Annotated[
        int, typer.Option(metavar="N", min=4, max=52, help="How many weeks the simulated beginner trains.")
    ] = 16,
    seed: Annotated[int, typer.Option(metavar="N", help="Another seed gives another beginner.")] = 7,
) -> int:
    """Simulate a beginner's months of watch files, run each week through the whole pipeline, show next week."""
    from steadymile.pipelines.commands.demo import run_demo  # what simulates a runner is of no use to a night

    given = home or chosen["home"]
    with bar("A simulated beginner trains") as progress:
        asked_about(folder := given or Path("steadymile-demo"), None)
        place = settings_for(folder)
        result = run_demo(place, weeks=weeks, seed=seed, progress=progress, now=datetime.now(UTC))
    with printing():
        show_nightly(result)
    ended = ending(result)
    return DONE if ended == NEEDS_YOU else ended  # a demo holds a broken file on purpose


@commands.command()
def nightly(
    home: HomeOption = None,
    as_of: AsOfOption = None,
    prefect: Annotated[bool, typer.Option("--prefect", help="Run as a Prefect flow.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Read what is new, measure, plan the week, publish the warehouse, write the pages."""

    settings = home_for(home)
    met = "" if prefect or settings.prefect_api_url else unchanged.given(settings.home)
    with bar("Reading", quiet=as_json) as progress:
        if prefect or settings.prefect_api_url:
            check_api_url(settings.prefect_api_url or "http://127.0.0.1/api")
            from steadymile.pipelines.engine.flows import run_nightly  # Prefect takes seconds to import

            result = run_nightly(settings, day(as_of))
        else:
            result = run(settings, now=datetime.now(UTC), as_of=day(as_of), progress=progress)
    with printing():
        if as_json:
            emit(result.as_json())
        else:
            show_nightly(result)
    if met and leaves_nothing(result):
        remember(result, met, as_json)
    return ending(result)


CERTAIN = {"ingested", "salvaged", "duplicate", "ignored"}
"""What became of files that no later night looks at again while they stay as they are."""


def leaves_nothing(result: NightlyResult) -> bool:
    """Whether the next night has nothing to do where nothing changes until then."""
    left = (result.refused, result.waiting, result.failed, result.lost)
    said = (result.problems, result.warnings, result.asks, result.elsewhere, result.notes)
    return not any((*left, *said)) and set(result.counts) <= CERTAIN


def remember(result: NightlyResult, met: str, as_json: bool) -> None:
    """Write down what this night depended on, and what the next one prints where all of that is the same. `met` is what
    was there before it: a file that came meanwhile has not been read."""
    words, now = sys.argv[1:], datetime.now(UTC)
    if unchanged.home_of(words) != result.home or not (found := unchanged.facts(result.home, words)):
        return
    if met != unchanged.given(result.home) or not nothing_owed(result.home):
        return
    again = NightlyResult(
        result.home, views=result.views, as_of=result.as_of, written=result.written,
        earlier_refused=result.earlier_refused,
    )  # fmt: skip
    screen = console()
    with screen.capture() as captured:
        for view in () if as_json else nightly_view(again):
            screen.print(summary(view))
    during = same_day(Home(result.home).athletes().values(), now)
    unchanged.remember(result.home, found, during, captured.get(), again.as_json() if as_json else None)


@commands.command()
def ingest(home: HomeOption = None, as_json: JsonOption = False) -> int:
    """Only read what is new in the inbox and publish it; no plan."""

    with bar("Reading", quiet=as_json) as progress:
        result = run(home_for(home), now=datetime.now(UTC), steps=("ingest", "measure"), progress=progress)
    with printing():
        if as_json:
            emit(result.as_json())
        else:
            console().print(came_in(files_view(result)))
    return ending(result)


def ending(result: NightlyResult) -> int:
    """The exit code of a run; a fault in someone's numbers is reported on the error stream."""
    for athlete_id, fault in result.failed.items():
        say_trouble(
            f"The numbers or pages of {athlete_id} could not be made: {fault}.",
            "What was published of them before stands. Please report this; everyone else's are up to date.",
        )
    for warning in result.warnings:
        say_trouble(warning, "steadymile verify shows what is damaged; --repair mends what it can.")
    for asked in result.asks:
        say_trouble(asked, "Whatever makes the plan more careful counts already.")
    for apart in result.elsewhere:
        say_trouble(apart, "Everyone has a folder of their own in the inbox: inbox/anna, inbox/ben.")
    for note in result.notes:
        say_trouble(sentence(note), "Correct STEADYMILE_ON_FAILURE or STEADYMILE_ON_SUCCESS, or leave it out.")
    for problem in result.problems:
        say_trouble(problem, "What was published before stands, and what was said since is applied.")
    return FAILED if result.failed or result.problems else NEEDS_YOU if result.needs_you else DONE


def show_nightly(result: NightlyResult) -> None:

    screen = console()
    for view in nightly_view(result):
        screen.print(summary(view))
