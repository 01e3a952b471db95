"""The tools that an assistant may call: the plan, why it is so, sessions, and SQL. Nothing here changes anything."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.models.weekplan import Action
from steadymile.pipelines.commands.explain import explanation
from steadymile.pipelines.errors import HomeError, Trouble
from steadymile.pipelines.facts import today_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome.stops import stopped
from steadymile.pipelines.published import choose, opened_published, page_tables
from steadymile.pipelines.settings import Settings
from steadymile.pipelines.versions import package
from steadymile.reports import reported
from steadymile.reports.terminal.screen import as_text
from steadymile.reports.view_model import chosen_target, story
from steadymile.warehouse.bounded import ask
from steadymile.warehouse.database import rows
from steadymile.warehouse.errors import WarehouseError
from steadymile.warehouse.queries import VIEWS

INSTRUCTIONS = (
    "Training data and plan of a runner, read-only, from this machine. Loads, distances and times are SI (seconds, "
    "metres). NULL means unknown, never zero. It is training advice, not medical advice: with pain above "
    f"{IN_FORCE.pain_stop:g} of 10, chest pain, fainting or breathlessness say that the person should not run and "
    "should see a doctor, and never advise more than the plan."
)
SECONDS, ROWS = 5.0, 200
"""So long a question may take, and so many rows it is answered with."""
STOPPED_SINCE = (
    "A warning sign or strong pain was reported since this week was decided: no running, and no session of it is to be "
    "run. The next nightly run stops the plan."
)
PLACES = "samples"
"""The table that holds positions."""
READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
SESSION = (
    "activity_id, local_day, kind, sport, title, source, moving_s, running_s, walking_s, distance_m, longest_run_s, "
    "elevation_gain_m, heart_rate_mean_bpm, load, load_source, rpe, talk_test, comfort, quality"
)


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    return json.loads(json.dumps(value, default=str))


def server_for(settings: Settings, *, positions: bool = False) -> MCPServer:
    """The server of one home; with `positions` SQL may read samples, places included."""
    server = MCPServer("steadymile", instructions=INSTRUCTIONS, version=package(), log_level="ERROR")

    @server.tool(annotations=READS)
    def plan(athlete: str | None = None) -> dict[str, Any]:
        """The week in force: its decision and headline, the session of each day, and what was reported lately (pain,
        illness, warning signs, notes). `athlete` only where several people share the home."""
        return told(lambda: week_of(settings, athlete))

    @server.tool(annotations=READS)
    def explain(week: str | None = None, athlete: str | None = None) -> str:
        """Why a week (like 2026-W48; the current one if left out) is as it is: what decided, evidence, what would
        change it."""
        return told(lambda: as_text(explanation(settings, athlete, week, None).renderable()))

    @server.tool(annotations=READS)
    def sessions(
        since: str | None = None, until: str | None = None, athlete: str | None = None
    ) -> list[dict[str, Any]]:
        """Sessions that count, newest first, 200 at most: all, or those from one local day (2026-11-01) to another."""
        return told(lambda: sessions_of(settings, athlete, since, until))

    @server.tool(annotations=READS)
    def schema() -> dict[str, dict[str, str]]:
        """The views that SQL may ask, each with its columns and what they mean."""
        return told(lambda: schema_of(settings, positions))

    @server.tool(annotations=READS)
    def sql(query: str) -> dict[str, Any]:
        """Ask the warehouse one SELECT in DuckDB's SQL; `schema` names the views. 5 seconds and 200 rows at most;
        samples, which hold positions, only where the owner allows it."""
        return told(lambda: answer(settings, query, positions))

    return server


def told(what: Any) -> Any:
    """What a tool found; trouble becomes the tool's error, what it is and what to do."""
    try:
        return what()
    except Trouble as trouble:
        raise ToolError(f"{trouble} {trouble.what_to_do}") from None
    except HomeError as trouble:
        raise ToolError(str(trouble)) from None
    except WarehouseError as trouble:
        said = (part.rstrip() for part in (trouble.why, trouble.what_to_do))
        raise ToolError(" ".join(part if part[-1:] in ".!?" else f"{part}." for part in said)) from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise ToolError("The answer holds values that JSON cannot. Cast them: column::VARCHAR.") from None


def week_of(settings: Settings, athlete_id: str | None) -> dict[str, Any]:
    """The week in force of one athlete, with its sessions."""
    athlete = choose(Home(settings.home), athlete_id)
    today = today_of(athlete, datetime.now(UTC))
    with opened_published(settings) as con:
        tables = page_tables(con, athlete.athlete_id)
        target = chosen_target(tables, today)
        if target is None:
            raise Trouble("Nothing is planned yet.", "Run: steadymile nightly")
        planned = tables["planned_sessions"].filter(pl.col("week") == target["week"]).sort("day")
        said = reported.sentences(story(athlete, tables, today))
    if target.get("action") != Action.STOP.word and stopped(settings, athlete.athlete_id):
        said = (STOPPED_SINCE, *said)
    names = ("week", "action", "level", "status", "headline", "run_min", "longest_bout_min", "sessions")
    columns = ("day", "kind", "title", "minutes", "steps", "expected_distance_m", "instruction")
    days = planned.select([c for c in columns if c in planned.columns]).to_dicts()
    return plain({"today": today, **{name: target.get(name) for name in names}, "days": days, "reported": said})


def sessions_of(
    settings: Settings, athlete_id: str | None, since: str | None, until: str | None
) -> list[dict[str, Any]]:
    """The preferred sessions of one athlete between two days."""
    athlete = choose(Home(settings.home), athlete_id)
    try:
        first = date.fromisoformat(since) if since else date.min
        last = date.fromisoformat(until) if until else date.max
    except ValueError:
        raise Trouble("A day could not be read.", "Write it like 2026-11-01.") from None
    with opened_published(settings) as con:
        found = con.sql(
            f"SELECT {SESSION} FROM activities WHERE athlete_id = ? AND preferred AND local_day BETWEEN ? AND ? "
            f"ORDER BY started_at DESC LIMIT {ROWS}",
            params=[athlete.athlete_id, first, last],
        ).pl()
    return plain(found.to_dicts())


def schema_of(settings: Settings, positions: bool) -> dict[str, dict[str, str]]:
    """Views, columns and comments."""
    found: dict[str, dict[str, str]] = {}
    with opened_published(settings) as con:
        asked = "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'main'"
        for view, column, comment in rows(con, f"{asked} ORDER BY table_name, column_index"):
            if view in VIEWS and (positions or view != PLACES):
                found.setdefault(view, {})[column] = comment or ""
    return found


def answer(settings: Settings, query: str, positions: bool) -> dict[str, Any]:
    """Rows of a question; `cut` where there were more than are given."""
    hidden = () if positions else (PLACES,)
    with opened_published(settings) as con:
        found = ask(con, query, seconds=SECONDS, most=ROWS + 1, hidden=hidden)
    return plain({"rows": found.head(ROWS).to_dicts(), "cut": found.height > ROWS})
