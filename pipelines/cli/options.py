"""Options that several commands share, and what they turn into."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from steadymile.ingest.checkins.days import parse_day
from steadymile.pipelines.cli.guard import USAGE, place
from steadymile.pipelines.errors import HomeError, Trouble
from steadymile.pipelines.home import Home, check_home
from steadymile.pipelines.settings import Settings, at_home, settings
from steadymile.reports.terminal.screen import Screen, escaped

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="The home folder (else STEADYMILE_HOME, else ~/steadymile)."),
]


AthleteOption = Annotated[
    str | None, typer.Option("--athlete", metavar="ID", help="Which person; needed only where there are several.")
]


ActivityArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="An activity's id, or the start of it. "
        '`steadymile sql "SELECT activity_id, local_day, title FROM activities"` lists them.',
    ),
]


def said_day(text: str) -> date:
    """A day as people write it: 2026-11-30, 30.11.2026, 30 Nov 2026, today or yesterday (of this machine's clock)."""
    with suppress(ValueError):  # of another age too: what reads the day says within which it may lie
        return date.fromisoformat(text.strip())
    ago = {"today": 0, "yesterday": 1}.get(text.strip().lower())
    found = parse_day(text, None)
    if ago is not None:
        found = datetime.now(UTC).astimezone().date() - timedelta(days=ago)
    if found is None:
        raise typer.BadParameter(f"{text!r} is not a day. Write it like 2026-11-30, or today, or yesterday.")
    return found


AsOfOption = Annotated[
    date | None,
    typer.Option(
        "--as-of", parser=said_day, metavar="DAY", help="As if that day were today: only facts up to it count."
    ),
]


JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


UnitsOption = Annotated[
    str | None, typer.Option("--units", metavar="km|miles", help="km or miles (else what athletes.toml says).")
]


chosen: dict[str, Path | None] = {"home": None}
"""The home named before the command, as long as the command runs."""


def settings_for(home: Path | None) -> Settings:
    """The settings of this call; `--home` may stand before or after the command."""

    return settings(home or chosen["home"])


def home_for(home: Path | None) -> Settings:
    """The same for a home that must be there already. Raises HomeError where it is not."""

    found = settings_for(home)
    check_home(found.home)
    return found


def console() -> Screen:
    """Where people read: the commands there lead to the home and the person that were asked about. Plain when piped."""

    return Screen(place)


@contextmanager
def about(home: Path | None, athlete: str | None) -> Iterator[None]:
    """A command at work on this home and person; afterwards sentences lead where they led before."""
    before = place.home, place.athlete
    asked_about(home, athlete)
    try:
        yield
    finally:
        place.home, place.athlete = before


def asked_about(home: Path | None, athlete: str | None) -> None:
    """Let the commands that are named in sentences lead to this home and person; nothing is added to what leads there
    by itself."""
    place.home = place.athlete = ""
    with suppress(Trouble, HomeError, OSError):  # the command itself names what is wrong
        found = settings_for(home).home
        place.home = at_home(found)
        place.athlete = athlete if athlete and len(Home(found).athletes()) > 1 else ""


def emit(value: Any) -> None:
    """JSON on standard output."""
    typer.echo(escaped(json.dumps(value, default=str, ensure_ascii=False, indent=2)))


def day(value: date | None) -> date | None:
    """The day of an option; Trouble for one that no recording can be of."""

    if value is not None and not 1990 <= value.year <= 2100:
        raise Trouble(f"{value} is out of range.", "Give a day from 1990 to 2100.", exit_code=USAGE)
    return value
