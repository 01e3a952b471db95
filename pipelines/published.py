"""What is published, and who is meant: the read side that commands, pages and the nightly run share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steadymile.models.athlete import Athlete
from steadymile.models.weekplan import WeekPlan
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home, known_as, word
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.database import open_published
from steadymile.warehouse.queries import Mine, Views
from steadymile.warehouse.store import load_recordings, load_weeks


def choose(home: Home, athlete_id: str | None) -> Athlete:
    """The athlete that a command is about; Trouble where several could be meant."""
    athletes = home.athletes()
    if athlete_id is None:
        if len(athletes) == 1:
            return next(iter(athletes.values()))
        raise Trouble("Several people run here.", f"Say --athlete with one of: {', '.join(sorted(athletes))}.", 2)
    return pick_athlete(athletes, athlete_id)


def of_several(home: Home, athlete: Athlete) -> str:
    """Whom it is about, where several people share the home; empty where nobody else could be meant."""
    return f"{athlete.name or athlete.athlete_id}, " if len(home.athletes()) > 1 else ""


@contextmanager
def opened_published(settings: Settings) -> Iterator[Any]:
    """The published warehouse, read-only; Trouble where there is none yet."""

    home = Home(settings.home)
    if not home.warehouse.exists():
        raise Trouble(f"{home.root} has no warehouse yet.", "Run steadymile nightly first (or steadymile demo).")
    con = open_published(home.warehouse)
    try:
        yield con
    finally:
        con.close()


def pick_athlete(athletes: Mapping[str, Athlete], who: str) -> Athlete:
    """The athlete of an id, else of a name, whole or first. Raises Trouble where nobody or several fit."""
    if who in athletes:
        return athletes[who]
    fits = sorted(known_as(athletes).get(word(who), ()))
    if len(fits) != 1:
        many = f"Several are called {who}: {', '.join(fits)}." if fits else f"Nobody here is called {who}."
        raise Trouble(many, f"Known: {', '.join(sorted(athletes))}.", exit_code=2)
    return athletes[fits[0]]


def published_weeks(settings: Settings, athlete_id: str) -> list[WeekPlan]:
    """The athlete's weeks, latest revisions, ascending."""

    with opened_published(settings) as con:
        return load_weeks(con, athlete_id)


@dataclass(frozen=True, slots=True)
class FoundActivity:
    """An activity named on the command line; `duplicate_of` counts in its place, None where it counts itself;
    `recorded` where there is a recording of it."""

    activity_id: str
    athlete_id: str
    title: str
    duplicate_of: str | None = None
    recorded: bool = True


def find_activity(settings: Settings, named: str, hidden: bool = False) -> FoundActivity:
    """An activity by its id or the start of it; `hidden` looks among forgotten ones too."""

    if not named.strip():
        lists = 'steadymile sql "SELECT activity_id, local_day, title FROM activities" lists them.'
        raise Trouble("An activity is named by its id, or the start of it.", lists, exit_code=2)
    with opened_published(settings) as con:
        alike = [
            FoundActivity(
                r.activity_id, athlete_id, f"{r.local_day} {r.title or r.sport}", r.duplicate_of, r.source == "recorded"
            )
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


def products(home: Path) -> dict[str, str]:
    """Where the products of a home lie, as words to show."""
    places = {
        "warehouse": home / "warehouse.duckdb",
        "page": home / "reports" / "index.html",
        "calendar": home / "calendar",
        "workouts": home / "workouts",
    }
    return {word: str(place) for word, place in places.items() if place.exists()}


PAGE_VIEWS = (
    "activities",
    "days",
    "weeks",
    "targets",
    "planned_sessions",
    "planned_sessions_history",
    "reasons",
    "health",
    "checkins",
    "agreement",
    "estimates",
    "learned",
    "files",
)


def page_tables(con: Any, athlete_id: str) -> Mine:
    """The contract views of one athlete, as the pages take them; read while the connection is open."""

    return Views(con, PAGE_VIEWS, (athlete_id,)).of(athlete_id)
