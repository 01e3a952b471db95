"""Options that several commands share, and what they turn into."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from steadymile.pipelines.cli.guard import USAGE
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import check_home
from steadymile.pipelines.settings import Settings, settings
from steadymile.reports.terminal.screen import Screen, escaped

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


def settings_for(home: Path | None) -> Settings:
    """The settings of this call; `--home` may stand before or after the command."""

    return settings(home or chosen["home"])


def home_for(home: Path | None) -> Settings:
    """The same for a home that must be there already. Raises HomeError where it is not."""

    found = settings_for(home)
    check_home(found.home)
    return found


def console() -> Screen:
    """Where people read. Plain when piped."""

    return Screen()


def emit(value: Any) -> None:
    """JSON on standard output."""
    typer.echo(escaped(json.dumps(value, default=str, ensure_ascii=False, indent=2)))


def day(value: datetime | None) -> date | None:
    """The day of an option; Trouble for one that no recording can be of."""

    if value is not None and not 1990 <= value.year <= 2100:
        raise Trouble(f"{value.date()} is out of reach.", "Give a day from 1990 to 2100.", exit_code=USAGE)
    return value.date() if value else None
