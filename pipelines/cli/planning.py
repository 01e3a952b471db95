"""The plan and its reasons: plan, explain, replay, override."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from steadymile.pipelines.cli.guard import DONE, FAILED, say
from steadymile.pipelines.cli.options import (
    AsOfOption,
    AthleteOption,
    HomeOption,
    JsonOption,
    console,
    day,
    emit,
    home_for,
    settings_for,
)
from steadymile.pipelines.cli.table import Commands
from steadymile.pipelines.cli.terminal import plan_blocks
from steadymile.pipelines.commands.explain import explanation, preview_plan, replay_week
from steadymile.pipelines.commands.override import override_week
from steadymile.pipelines.convert import week_payload
from steadymile.pipelines.settings import at_home

commands = Commands()


@commands.command()
def plan(
    home: HomeOption = None, athlete: AthleteOption = None, as_of: AsOfOption = None, as_json: JsonOption = False
) -> int:
    """Show next week's plan as it would stand now, or as of a day. Publishes nothing."""

    settings = settings_for(home)
    weeks = preview_plan(settings, athlete, datetime.now(UTC), day(as_of))
    if as_json:
        emit([week_payload(week) for _, week in weeks])
    else:
        screen = console()
        for block in plan_blocks(weeks, at_home(settings.home)):
            screen.print(block)
    return DONE


@commands.command()
def explain(
    week: Annotated[str | None, typer.Argument(help="ISO week like 2026-W48; the latest if left out.")] = None,
    home: HomeOption = None,
    athlete: AthleteOption = None,
    as_of: AsOfOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every change that would have led to another week, not only the smallest.")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Explain the week: what decided it, its evidence, what came near, and which smallest changes give another."""

    found = explanation(settings_for(home), athlete, week, day(as_of), everything)
    if as_json:
        emit(found.as_json())
    else:
        console().print(found.renderable())
    return DONE


@commands.command()
def replay(
    week: Annotated[str, typer.Argument(help="ISO week like 2026-W48.")],
    home: HomeOption = None,
    athlete: AthleteOption = None,
    as_json: JsonOption = False,
) -> int:
    """Decide a published week again from what was known then; it must come out identical."""

    outcome = replay_week(settings_for(home), athlete, week)
    if as_json:
        emit(outcome.as_json())
    else:
        for line in outcome.lines():
            say(line)
    return DONE if outcome.identical else FAILED


@commands.command()
def override(
    week: Annotated[str, typer.Argument(help="ISO week like 2026-W48.")],
    pairs: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE", help="level=J3, sessions=2, share=0.8 or run_min=20")
    ],
    who: Annotated[str, typer.Option(help="Who decides.")],
    why: Annotated[str, typer.Option(help="Why; it is shown beside the policy's choice.")],
    home: HomeOption = None,
    athlete: AthleteOption = None,
) -> int:
    """Set a week's targets by hand: lower at will, higher only up to the caps, never past a stop."""

    for line in override_week(home_for(home), athlete, week, pairs, who, why, datetime.now(UTC)):
        say(line)
    return DONE
