"""What people say and decide: init, log, unlog, athlete, watch-sync, watch-send, audio, sport, keep,
forget."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from steadymile.pipelines.cli.guard import DONE, NEEDS_YOU, say
from steadymile.pipelines.cli.options import (
    ActivityArgument,
    AthleteOption,
    HomeOption,
    JsonOption,
    day,
    emit,
    home_for,
    said_day,
    settings_for,
)
from steadymile.pipelines.cli.table import Commands
from steadymile.pipelines.commands.date import date_recording
from steadymile.pipelines.commands.init import init_home
from steadymile.pipelines.commands.log import SPORTS, journal_decision, log_checkin, state_sport, unlog_checkin
from steadymile.pipelines.commands.people import athlete_command
from steadymile.pipelines.devices.audio import write_audio
from steadymile.pipelines.devices.watch import send_workouts, sync_watch

commands = Commands()


@commands.command()
def init(
    home: HomeOption = None,
    birth_year: Annotated[
        str | None, typer.Option(metavar="YEAR", help="Year of birth; sharpens the heart-rate estimates.")
    ] = None,
    sex: Annotated[
        str | None,
        typer.Option(metavar="female|male", help="female or male; effort is worked out a little differently."),
    ] = None,
    experience: Annotated[str | None, typer.Option(metavar="HOW", help="never, walker, active or runner.")] = None,
    timezone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Your home time zone, like Europe/Berlin.")
    ] = None,
    goal: Annotated[str | None, typer.Option(metavar="GOAL", help="walk, mile, 5k, 10k or half.")] = None,
    screening: Annotated[
        str | None, typer.Option(metavar="yes|no", help="yes or no, see the question when you run init.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
) -> int:
    """Create the home folder and ask the few facts that matter; you may skip any."""

    given = {
        "birth_year": birth_year,
        "sex": sex,
        "experience": experience,
        "timezone": timezone,
        "goal": goal,
        "screening": screening,
    }
    ask = not yes and sys.stdin.isatty()
    facts = {k: v for k, v in given.items() if v}
    for line in init_home(settings_for(home), facts, ask=ask, prompt=typer.prompt, now=datetime.now(UTC)):
        say(line)
    return DONE


@commands.command()
def log(
    pairs: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME=VALUE", help="Like rpe=4 talk=yes pain=1; `steadymile log help` lists them."),
    ] = None,
    home: HomeOption = None,
    athlete: AthleteOption = None,
    on: Annotated[
        date | None,
        typer.Option("--day", parser=said_day, metavar="DAY", help="Like 2026-11-30 or yesterday; today if left out."),
    ] = None,
    activity: Annotated[
        str | None, typer.Option(metavar="ID", help="One activity's id, when the day has several.")
    ] = None,
) -> int:
    """Report how it went: effort, talk test, pain, illness, sleep, strength, surface, pack."""

    for line in log_checkin(home_for(home), athlete, pairs or [], day(on), activity, datetime.now(UTC)):
        say(line)
    return DONE


@commands.command()
def unlog(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="ANSWER", help="What to take back, like pain rpe; left out: the last check-in."),
    ] = None,
    home: HomeOption = None,
    athlete: AthleteOption = None,
    on: Annotated[
        date | None, typer.Option("--day", parser=said_day, metavar="DAY", help="Which day; the last one if left out.")
    ] = None,
) -> int:
    """Take back what was said with `log`. The journal keeps both, and the plan counts it no longer."""

    for line in unlog_checkin(home_for(home), athlete, names or [], day(on), datetime.now(UTC)):
        say(line)
    return DONE


@commands.command()
def athlete(
    action: Annotated[str, typer.Argument(help="show, add, set, pause, resume or rename.")] = "show",
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID] [NAME=VALUE]", help="An id, then facts like weight_kg=77; after pause a day."),
    ] = None,
    home: HomeOption = None,
    since: Annotated[
        date | None, typer.Option("--from", parser=said_day, metavar="DAY", help="From which day on it is true.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Show, add or change people and their dated facts (athletes.toml); pause or rename one on a coach's list."""

    found = athlete_command(settings_for(home), action, words or [], day(since))
    if as_json:
        emit(found.data)
    else:
        for line in found.lines:
            say(line)
    return DONE


@commands.command("watch-sync")
def watch_sync(
    source: Annotated[Path, typer.Argument(metavar="FOLDER", help="The mounted watch, or any folder.")],
    home: HomeOption = None,
    athlete: AthleteOption = None,
) -> int:
    """Copy new files from a mounted watch (or any folder) into the inbox. Never touches the watch."""
    synced = sync_watch(settings_for(home), source, athlete)
    for line in synced.lines:
        say(line)
    return DONE if synced.complete else NEEDS_YOU


@commands.command("date")
def date_command(
    file: Annotated[str, typer.Argument(help="The recording, by its name or path.")],
    time: Annotated[str, typer.Argument(help="When it began, in local time, like 2026-11-25T18:00.")],
    home: HomeOption = None,
) -> int:
    """Set the start of a recording whose clock was wrong. The journal keeps it, so a rebuild knows it."""
    lines, result = date_recording(home_for(home), file, time, datetime.now(UTC))
    for line in lines:
        say(line)
    return NEEDS_YOU if result.needs_you else DONE


@commands.command("watch-send")
def watch_send(
    target: Annotated[Path, typer.Argument(metavar="FOLDER", help="The mounted watch, or its folder for workouts.")],
    home: HomeOption = None,
    athlete: AthleteOption = None,
) -> int:
    """Copy the coming workouts to a mounted watch; those that were put there for earlier weeks are removed."""
    for line in send_workouts(settings_for(home), target, athlete, datetime.now(UTC)):
        say(line)
    return DONE


@commands.command()
def audio(
    folder: Annotated[Path | None, typer.Argument(help="Where to; audio/ in the home folder if left out.")] = None,
    home: HomeOption = None,
    athlete: AthleteOption = None,
) -> int:
    """Write each run of the week as a WAV file that says when to walk and when to run, for who has no watch."""
    for line in write_audio(settings_for(home), athlete, folder, datetime.now(UTC)):
        say(line)
    return DONE


@commands.command()
def sport(
    activity: ActivityArgument,
    word: Annotated[str, typer.Argument(metavar="SPORT", help=f"{', '.join(SPORTS)}; or file, which takes it back.")],
    home: HomeOption = None,
) -> int:
    """Say what an activity was where its file is wrong. The journal keeps it, so a rebuild knows it."""
    for line in state_sport(settings_for(home), activity, word, datetime.now(UTC)):
        say(line)
    return DONE


@commands.command()
def keep(activity: ActivityArgument, home: HomeOption = None) -> int:
    """Count this activity by itself for good, although it looks like a copy of a run, or a part of one.

    Of a recording and its trimmed export one counts. To choose the other: keep its id, and forget the first.
    """
    return decide_about(home, "keep", activity)


@commands.command()
def unkeep(activity: ActivityArgument, home: HomeOption = None) -> int:
    """Undo `keep`."""
    return decide_about(home, "unkeep", activity)


@commands.command()
def forget(activity: ActivityArgument, home: HomeOption = None) -> int:
    """Hide an activity everywhere. The original stays in the archive; `unforget` brings it back."""
    return decide_about(home, "forget", activity)


@commands.command()
def unforget(activity: ActivityArgument, home: HomeOption = None) -> int:
    """Bring a forgotten activity back."""
    return decide_about(home, "unforget", activity)


def decide_about(home: Path | None, kind: str, activity: str) -> int:

    for line in journal_decision(home_for(home), kind, activity, datetime.now(UTC)):
        say(line)
    return DONE
