"""The command line: `steadymile`. Each command is one function that says what it does, calls one step and prints."""

from __future__ import annotations

import gc
import io
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from steadymile.pipelines.nightly import NightlyResult
    from steadymile.pipelines.settings import Settings

DONE, NEEDS_YOU, USAGE, FAILED = 0, 1, 2, 3

app = typer.Typer(
    name="steadymile",
    help="Turns the files on your watch into next week's training, and says why. Start with: steadymile demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="The home folder (else STEADYMILE_HOME, else ~/steadymile).")
]
AthleteOption = Annotated[str | None, typer.Option("--athlete", help="Whose; needed only where there are several.")]
AsOfOption = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="As if that day were today: only facts up to it count."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
UnitsOption = Annotated[str | None, typer.Option("--units", help="km or miles (else what athletes.toml says).")]

chosen: dict[str, Path | None] = {"home": None}

PANELS = {
    **dict.fromkeys(("init", "demo", "nightly", "log", "explain", "status", "watch-sync"), "Every day"),
    **dict.fromkeys(("ingest", "plan", "doctor", "report", "export", "sql", "replay"), "A closer look"),
    **dict.fromkeys(("athlete", "coach", "override", "erase"), "People"),
    **dict.fromkeys(("keep", "unkeep", "forget", "unforget", "recompute", "rebuild"), "Putting right"),
}
"""Under which heading of the help a command stands."""


def say_version(asked: bool) -> None:
    """Which steadymile and which policy this is."""
    if asked:
        from steadymile.models.policy.parameters import V2
        from steadymile.pipelines.versions import package

        typer.echo(f"steadymile {package()}, policy {V2.version}")
        raise typer.Exit


@app.callback()
def before(
    home: HomeOption = None,
    version: Annotated[
        bool, typer.Option("--version", callback=say_version, is_eager=True, help="Which version this is.")
    ] = False,
) -> None:
    """Options that may stand before the command."""
    chosen["home"] = home


def settings_for(home: Path | None) -> Settings:
    """The settings of this call; `--home` may stand before or after the command."""
    from steadymile.pipelines.settings import settings

    return settings(home or chosen["home"])


def console() -> Console:
    """Where people read. Plain when piped."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def emit(value: Any) -> None:
    """JSON on standard output."""
    typer.echo(json.dumps(value, default=str, ensure_ascii=False, indent=2))


def day(value: datetime | None) -> date | None:
    """The day of an option; Trouble for one that no recording can be of."""
    from steadymile.pipelines.errors import Trouble

    if value is not None and not 1990 <= value.year <= 2100:
        raise Trouble(f"{value.date()} is out of reach.", "Give a day from 1990 to 2100.", exit_code=USAGE)
    return value.date() if value else None


def command(name: str | None = None) -> Callable[[Callable[..., int | None]], Callable[..., None]]:
    """Register a command whose return value is its exit code; known trouble is one line what, one line what to do."""

    def register(function: Callable[..., int | None]) -> Callable[..., None]:
        @wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> None:
            raise typer.Exit(run_guarded(lambda: function(*args, **kwargs)))

        called = name or function.__name__
        app.command(name, rich_help_panel=PANELS.get(called, "Further"))(guarded)
        return guarded

    return register


def run_guarded(work: Callable[[], int | None]) -> int:
    """Run a command's work; turn what people can mend into plain words, exit code 3 for failure."""
    from steadymile.ingest.reading import Unreadable
    from steadymile.pipelines.errors import Trouble
    from steadymile.pipelines.home import HomeError

    try:
        return work() or DONE
    except (HomeError, Trouble, Unreadable) as error:
        say_trouble(getattr(error, "what", str(error)), getattr(error, "what_to_do", None))
        return getattr(error, "exit_code", USAGE if isinstance(error, HomeError) else FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (KeyboardInterrupt, typer.Abort):
        say_trouble("Stopped.", "Nothing is half done: run it again whenever you like.")
        return FAILED
    except Exception as error:
        if os.environ.get("STEADYMILE_DEBUG"):
            raise
        from steadymile.pipelines.errors import plain

        say_trouble(*plain(error))
        return FAILED


def say_trouble(what: str, what_to_do: str | None) -> None:
    typer.echo(what, err=True)
    if what_to_do:
        typer.echo(what_to_do, err=True)


@command()
def init(
    home: HomeOption = None,
    birth_year: Annotated[str | None, typer.Option(help="Year of birth; sharpens the heart-rate estimates.")] = None,
    sex: Annotated[str | None, typer.Option(help="female or male; the load formula has two sets of constants.")] = None,
    experience: Annotated[str | None, typer.Option(help="never, walker, active or runner.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Your home time zone, like Europe/Berlin.")] = None,
    goal: Annotated[str | None, typer.Option(help="walk, mile, 5k, 10k or half.")] = None,
    screening: Annotated[str | None, typer.Option(help="yes or no, see the question when you run init.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
) -> int:
    """Make the home folder and ask the few facts that matter; each may be skipped."""
    from steadymile.pipelines.commands.people import init_home

    given = {
        "birth_year": birth_year,
        "sex": sex,
        "experience": experience,
        "timezone": timezone,
        "goal": goal,
        "screening": screening,
    }
    ask = not yes and sys.stdin.isatty()
    for line in init_home(settings_for(home), {k: v for k, v in given.items() if v}, ask=ask, prompt=typer.prompt):
        typer.echo(line)
    return DONE


@command()
def demo(
    home: HomeOption = None,
    weeks: Annotated[int, typer.Option(min=4, max=52, help="How many weeks the made beginner trains.")] = 16,
    seed: Annotated[int, typer.Option(help="Another seed, another beginner.")] = 7,
) -> int:
    """Make a beginner's months of watch files, run every week through the whole line, show next week."""
    from steadymile.pipelines.cli.progress import bar
    from steadymile.pipelines.commands.demo import run_demo

    given = home or chosen["home"]
    with bar("A made beginner trains") as progress:
        result = run_demo(settings_for(given or Path("steadymile-demo")), weeks=weeks, seed=seed, progress=progress)
    show_nightly(result)
    return DONE


@command()
def nightly(
    home: HomeOption = None,
    as_of: AsOfOption = None,
    prefect: Annotated[bool, typer.Option("--prefect", help="Run as a Prefect flow.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Read what is new, measure, plan the week, publish the warehouse, write the pages."""
    from steadymile.pipelines.cli.progress import bar
    from steadymile.pipelines.nightly import run

    settings = settings_for(home)
    with bar("Reading", quiet=as_json) as progress:
        if prefect or settings.prefect_api_url:
            from steadymile.pipelines.settings import quiet_prefect

            quiet_prefect()
            from steadymile.pipelines.engine.flows import run_nightly

            result = run_nightly(settings, day(as_of))
        else:
            result = run(settings, now=datetime.now(UTC), as_of=day(as_of), progress=progress)
    if as_json:
        emit(result.as_json())
    else:
        show_nightly(result)
    return ending(result)


def ending(result: NightlyResult) -> int:
    """The exit code of a run; a fault in someone's numbers is told on the error stream."""
    for athlete_id, fault in result.failed.items():
        say_trouble(
            f"The numbers of {athlete_id} could not be computed: {fault}.",
            "What was published of them before stands. Please report this; everyone else's are up to date.",
        )
    return FAILED if result.failed else NEEDS_YOU if result.needs_you else DONE


def show_nightly(result: NightlyResult) -> None:
    from steadymile.pipelines.cli.terminal import nightly_view
    from steadymile.reports.terminal.night import summary

    screen = console()
    for view in nightly_view(result):
        screen.print(summary(view))


@command()
def ingest(home: HomeOption = None, as_json: JsonOption = False) -> int:
    """Only read what is new in the inbox and publish it; no plan."""
    from steadymile.pipelines.cli.progress import bar
    from steadymile.pipelines.nightly import run

    with bar("Reading", quiet=as_json) as progress:
        result = run(settings_for(home), now=datetime.now(UTC), steps=("ingest", "measure"), progress=progress)
    if as_json:
        emit(result.as_json())
    else:
        from steadymile.pipelines.cli.terminal import files_view
        from steadymile.reports.terminal.night import came_in

        console().print(came_in(files_view(result)))
    return ending(result)


@command()
def plan(
    home: HomeOption = None, athlete: AthleteOption = None, as_of: AsOfOption = None, as_json: JsonOption = False
) -> int:
    """Show next week's plan as it would stand now, or as of a day. Publishes nothing."""
    from steadymile.pipelines.cli.terminal import at_home, plan_blocks
    from steadymile.pipelines.commands.query import preview_plan
    from steadymile.pipelines.convert import week_payload

    settings = settings_for(home)
    weeks = preview_plan(settings, athlete, datetime.now(UTC), day(as_of))
    if as_json:
        emit([week_payload(week) for _, week in weeks])
    else:
        screen = console()
        for block in plan_blocks(weeks, at_home(settings.home)):
            screen.print(block)
    return DONE


@command()
def explain(
    week: Annotated[str | None, typer.Argument(help="ISO week like 2026-W48; the latest if left out.")] = None,
    home: HomeOption = None,
    athlete: AthleteOption = None,
    as_of: AsOfOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every change that would have made it another week, not only the smallest.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Why the week is as it is: what decided, its evidence, what nearly did, the smallest changes that would have."""
    from steadymile.pipelines.commands.query import explanation

    found = explanation(settings_for(home), athlete, week, day(as_of), everything)
    if as_json:
        emit(found.as_json())
    else:
        console().print(found.renderable())
    return DONE


@command()
def replay(
    week: Annotated[str, typer.Argument(help="ISO week like 2026-W48.")],
    home: HomeOption = None,
    athlete: AthleteOption = None,
    as_json: JsonOption = False,
) -> int:
    """Decide a published week again from what was known then; it must come out identical."""
    from steadymile.pipelines.commands.query import replay_week

    outcome = replay_week(settings_for(home), athlete, week)
    if as_json:
        emit(outcome.as_json())
    else:
        for line in outcome.lines():
            typer.echo(line)
    return DONE if outcome.identical else FAILED


@command()
def log(
    pairs: Annotated[
        list[str] | None,
        typer.Argument(help="name=value, like rpe=4 talk=yes pain=1; `steadymile log help` lists them."),
    ] = None,
    home: HomeOption = None,
    athlete: AthleteOption = None,
    on: Annotated[
        datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="Which day; today if left out.")
    ] = None,
    activity: Annotated[str | None, typer.Option(help="One activity's id, when the day has several.")] = None,
) -> int:
    """Say how it went: effort, talk test, pain, illness, sleep, strength, surface, pack."""
    from steadymile.pipelines.commands.people import log_checkin

    for line in log_checkin(settings_for(home), athlete, pairs or [], day(on), activity, datetime.now(UTC)):
        typer.echo(line)
    return DONE


@command()
def status(home: HomeOption = None, athlete: AthleteOption = None, as_json: JsonOption = False) -> int:
    """What is in the warehouse, when it last ran, and what waits for you."""
    from steadymile.pipelines.commands.query import status_of

    found = status_of(settings_for(home), athlete)
    if as_json:
        emit(found.as_json())
    else:
        console().print(found.renderable())
    return DONE


@command()
def doctor(files: Annotated[list[Path], typer.Argument(help="Files to look at.")], as_json: JsonOption = False) -> int:
    """Say in plain words what a file is, what is in it, what is wrong and what was saved. Changes nothing."""
    from steadymile.pipelines.commands.doctor import examine

    reports = [examine(path) for path in files]
    if as_json:
        emit([report.as_json() for report in reports])
    else:
        screen = console()
        for report in reports:
            screen.print(report.renderable())
    return DONE if all(report.healthy for report in reports) else NEEDS_YOU


@command("watch-sync")
def watch_sync(
    source: Annotated[Path, typer.Argument(help="The mounted watch, or any folder.")],
    home: HomeOption = None,
    athlete: AthleteOption = None,
) -> int:
    """Copy new files from a mounted watch (or any folder) into the inbox. Never touches the watch."""
    from steadymile.pipelines.commands.people import sync_watch

    for line in sync_watch(settings_for(home), source, athlete):
        typer.echo(line)
    return DONE


@command()
def report(
    home: HomeOption = None,
    athlete: AthleteOption = None,
    as_of: AsOfOption = None,
    png: Annotated[bool, typer.Option("--png/--no-png", help="Also PNG charts, for chat or mail.")] = True,
    units: UnitsOption = None,
) -> int:
    """Write the pages, calendar and workouts again, with PNG charts."""
    from steadymile.pipelines.errors import Trouble
    from steadymile.pipelines.nightly import write_reports
    from steadymile.reports.charts.png import NoPictures

    if units not in (None, "km", "miles"):
        raise Trouble(f"{units} is no unit of distance here.", "Use --units km or --units miles.", exit_code=USAGE)

    try:
        for path in write_reports(settings_for(home), athlete, day(as_of), png=png, units=units, now=datetime.now(UTC)):
            typer.echo(path)
    except NoPictures as missing:
        say_trouble(str(missing), None)
        return NEEDS_YOU
    return DONE


@command()
def export(
    view: Annotated[str, typer.Argument(help="A view, like activities.")],
    to: Annotated[Path, typer.Argument(help="A file ending in .csv, .parquet or .json.")],
    home: HomeOption = None,
    athlete: AthleteOption = None,
) -> int:
    """Write one view to a CSV, Parquet or JSON file. Positions leave the warehouse only in `samples`."""
    from steadymile.pipelines.commands.query import export_view

    typer.echo(export_view(settings_for(home), view, to, athlete))
    return DONE


@command()
def sql(
    query: Annotated[str, typer.Argument(help='Like "SELECT local_day, distance_m FROM activities".')],
    home: HomeOption = None,
    as_json: JsonOption = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> int:
    """Ask the published warehouse anything; it is opened read-only."""
    from steadymile.pipelines.commands.query import run_sql

    found = run_sql(settings_for(home), query)
    if as_json:
        emit(found.to_dicts())
    elif csv or not sys.stdout.isatty():
        typer.echo(found.write_csv() if csv else found.write_csv(separator="\t"), nl=False)
    else:
        from steadymile.reports.terminal.night import table

        console().print(table(found))
    return DONE


@command()
def rebuild(home: HomeOption = None) -> int:
    """Make the warehouse anew from the archived originals and the journal."""
    from steadymile.pipelines.cli.progress import bar
    from steadymile.pipelines.commands.rebuild import rebuild_home

    with bar("Reading originals") as progress:
        for line in rebuild_home(settings_for(home), now=datetime.now(UTC), progress=progress):
            typer.echo(line)
    return DONE


@command()
def recompute(
    home: HomeOption = None,
    as_of: AsOfOption = None,
    samples: Annotated[
        bool, typer.Option("--samples", help="Measure every recording again, not only what changed.")
    ] = False,
) -> int:
    """Compute loads, days and the provisional plan again after a change of facts or definitions."""
    from steadymile.pipelines.cli.progress import bar
    from steadymile.pipelines.commands.rebuild import recompute_home

    with bar("Measuring") as progress:
        for line in recompute_home(
            settings_for(home), everything=samples, now=datetime.now(UTC), progress=progress, as_of=day(as_of)
        ):
            typer.echo(line)
    return DONE


@command()
def athlete(
    action: Annotated[str, typer.Argument(help="show, add or set.")] = "show",
    words: Annotated[list[str] | None, typer.Argument(help="An id, then facts like weight_kg=77.")] = None,
    home: HomeOption = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="From which day it holds.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Show, add or change the dated facts of athletes.toml."""
    from steadymile.pipelines.commands.people import athlete_command

    found = athlete_command(settings_for(home), action, words or [], day(since))
    if as_json:
        emit(found.data)
    else:
        for line in found.lines:
            typer.echo(line)
    return DONE


@command()
def coach(home: HomeOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> int:
    """All athletes at a glance: who needs a word, who is silent, who is ready. Writes reports/coach.html."""
    from steadymile.pipelines.commands.query import coach_view

    found = coach_view(settings_for(home), day(as_of), datetime.now(UTC))
    if as_json:
        emit(found.as_json())
    else:
        console().print(found.renderable())
    return DONE


@command()
def keep(activity: Annotated[str, typer.Argument(help="An activity's id.")], home: HomeOption = None) -> int:
    """Count this activity by itself for good, although it looks like another copy of a run."""
    return decide_about(home, "keep", activity)


@command()
def unkeep(activity: Annotated[str, typer.Argument(help="An activity's id.")], home: HomeOption = None) -> int:
    """Take `keep` back."""
    return decide_about(home, "unkeep", activity)


@command()
def forget(activity: Annotated[str, typer.Argument(help="An activity's id.")], home: HomeOption = None) -> int:
    """Hide an activity everywhere. The original stays in the archive; `unforget` brings it back."""
    return decide_about(home, "forget", activity)


@command()
def unforget(activity: Annotated[str, typer.Argument(help="An activity's id.")], home: HomeOption = None) -> int:
    """Bring a forgotten activity back."""
    return decide_about(home, "unforget", activity)


def decide_about(home: Path | None, kind: str, activity: str) -> int:
    from steadymile.pipelines.commands.people import journal_decision

    for line in journal_decision(settings_for(home), kind, activity, datetime.now(UTC)):
        typer.echo(line)
    return DONE


@command()
def override(
    week: Annotated[str, typer.Argument(help="ISO week like 2026-W48.")],
    pairs: Annotated[list[str], typer.Argument(help="level=J3, sessions=2, share=0.8 or run_min=20")],
    who: Annotated[str, typer.Option(help="Who decides.")],
    why: Annotated[str, typer.Option(help="Why; it is shown beside the model's choice.")],
    home: HomeOption = None,
    athlete: AthleteOption = None,
) -> int:
    """Set a week's targets by hand: lower at will, higher only up to the caps, never past a stop."""
    from steadymile.pipelines.commands.people import override_week

    for line in override_week(settings_for(home), athlete, week, pairs, who, why, datetime.now(UTC)):
        typer.echo(line)
    return DONE


@command()
def erase(
    athlete: Annotated[str, typer.Argument(help="Whose archive, journal entries and outputs to delete.")],
    home: HomeOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> int:
    """Delete one athlete's archive, journal and outputs for ever. Never touches inbox files."""
    from steadymile.pipelines.commands.rebuild import erase_athlete

    if not yes and not typer.confirm(f"Delete everything that steadymile keeps about {athlete}? This cannot be undone"):
        typer.echo("Nothing was deleted.")
        return DONE
    for line in erase_athlete(settings_for(home), athlete, datetime.now(UTC)):
        typer.echo(line)
    return DONE


@command()
def lab(
    athletes: Annotated[int, typer.Option(min=10, help="Virtual athletes.")] = 600,
    weeks: Annotated[int, typer.Option(min=4, help="Weeks.")] = 26,
    seed: Annotated[int, typer.Option(help="Reporting seeds start here.")] = 10_000,
    out: Annotated[Path | None, typer.Option(help="A folder for tables and plots.")] = None,
) -> int:
    """Run policies in closed loop on virtual athletes and compare them. Simulated, not human, evidence."""
    from steadymile.studies.lab import study

    for line in study(athletes=athletes, weeks=weeks, seed=seed, out=out):
        typer.echo(line)
    return DONE


@command()
def serve(
    home: HomeOption = None,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Where the Prefect UI listens, on this machine only.")
    ] = 4200,
    at: Annotated[str, typer.Option(help="When, every day, HH:MM in your zone.")] = "02:30",
    interval: Annotated[int | None, typer.Option(min=1, help="Every N seconds instead, to try it out.")] = None,
) -> int:
    """Prefect server, UI and nightly schedule in one command; Ctrl-C stops all of it."""
    from steadymile.pipelines.engine.serve import serve_forever

    serve_forever(settings_for(home), port=port, at=at, interval_s=interval, say=typer.echo)
    return DONE


def main() -> None:
    """Entry point of the console script."""
    gc.set_threshold(100_000, 20, 20)  # a short process makes few cycles: looking for them costs a tenth of its time
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows ? for it, and the run goes on
    try:
        code = app(args=sys.argv[1:] or ["--help"], standalone_mode=False)
    except Exception as error:  # wrong usage, in the words of typer's parser
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        context = getattr(error, "ctx", None)
        said = message().replace("Value error, ", "").replace("the formats '%Y-%m-%d'", "YYYY-MM-DD")
        say_trouble(said, f"{context.command_path if context else 'steadymile'} --help shows how it is used.")
        code = USAGE
    sys.exit(code)


if __name__ == "__main__":
    main()
