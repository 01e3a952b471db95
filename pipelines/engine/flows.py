"""The Prefect flows: the same steps, seen by Prefect. Thin: one task a step, never a task a file."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task, unmapped
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Failed
from steadymile.pipelines import steps as line
from steadymile.pipelines.engine.access import home_key
from steadymile.pipelines.engine.shards import (
    merge,
    night_of,
)
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import check_home
from steadymile.pipelines.nightly import ALL, NightlyResult, report, through
from steadymile.pipelines.outcome.notice import lines_of
from steadymile.pipelines.published import opened_published
from steadymile.pipelines.reading import intake
from steadymile.pipelines.settings import Settings, settings
from steadymile.studies.lab import study as run_study
from steadymile.warehouse.publish import publish
from steadymile.warehouse.queries import query

# Retried because the inbox may lie on a drive that is away for a moment; what was read before is not read again.
as_task: Any = partial(task, cache_policy=NO_CACHE)  # NO_CACHE's stubs do not fit task's
ingest_task = as_task(intake.ingest, name="ingest", retries=2, retry_delay_seconds=[5, 30])
measure_task = as_task(line.measure, name="measure")
plan_task = as_task(line.plan, name="plan")
shard_task = as_task(
    lambda home, store, as_of: night_of(Path(home), Path(store), parse_day(as_of)), name="shard", retries=1
)
publish_task = as_task(publish, name="publish")
report_task = as_task(report, name="report")
STAGES: dict[str, Any] = {
    "ingest": ingest_task, "measure": measure_task, "plan": plan_task, "publish": publish_task, "report": report_task,
}  # fmt: skip


NEWEST_WEEKS = """
    SELECT athlete_id, week, action, status, headline FROM targets
    QUALIFY row_number() OVER (PARTITION BY athlete_id ORDER BY week DESC) = 1 ORDER BY athlete_id
"""
REFUSED = """
    SELECT path AS file, reason FROM files WHERE status = 'quarantined' ORDER BY first_seen_at DESC, path LIMIT 200
"""


def run_flow(chosen: Settings, as_of: date | None, steps: tuple[str, ...]) -> NightlyResult:
    """Run the pipeline with Prefect tasks as its stages, say in the run's log what it did, and leave artifacts."""
    check_home(chosen.home)
    result = through(chosen, datetime.now(UTC), as_of, steps, lambda *_: None, STAGES)
    logger = get_run_logger()
    files = ", ".join(f"{n} {status}" for status, n in result.counts.items()) or "no new files"
    logger.info(
        "%s; %d new activities; %d weeks decided; %s; %.1f s",
        files, result.activities_new, len(result.weeks), "published" if result.published else "nothing to publish",
        result.seconds,
    )  # fmt: skip
    for said in (*result.asks, *result.elsewhere, *result.warnings, *result.notes):
        logger.warning(said)
    leave_artifacts(result)
    return result


def leave_artifacts(result: NightlyResult) -> None:
    """Each athlete's week in words and the refused files as a table, seen in Prefect's UI, under keys of this home and
    athlete. No locations, no file contents."""
    weeks, refused = in_force(result)
    home = home_key(result.home)
    for athlete_id, week in weeks.items():
        key = f"week-{home}-{hashlib.sha256(athlete_id.encode()).hexdigest()[:8]}"
        create_markdown_artifact(week, key=key, description=f"The newest week of {athlete_id}")
    if refused:
        create_table_artifact(refused, key=f"refused-files-{home}", description="Files that need their owner")


def in_force(result: NightlyResult) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Each athlete's newest week as markdown, and the files that still cannot be read, newest first, as the published
    warehouse has them."""

    with opened_published(settings(result.home)) as con:
        weeks = query(con, NEWEST_WEEKS).iter_rows(named=True)
        words = "**{athlete_id} {week}** ({action}, {status}): {headline}"
        return {week["athlete_id"]: words.format(**week) for week in weeks}, query(con, REFUSED).to_dicts()


def own(home: str | None) -> Settings:
    """The settings of this process's home. Raises Trouble for any other: who can start a run must not thereby read or
    write a folder of their choice."""
    chosen = settings()
    if home is not None and Path(home).expanduser().resolve() != chosen.home.resolve():
        raise Trouble(
            "A run works on the home of its own process and on no other.", "Set STEADYMILE_HOME there.", exit_code=2
        )
    return chosen


def bounded(as_of: str | None) -> date | None:
    """A day, like 2026-06-28, that a run may take for today. Raises Trouble for one to come: what is journalled stays.

    It is text, since Prefect cannot read the annotation of a date where it loads a flow by its path.
    """
    try:
        day = parse_day(as_of)
    except ValueError:
        raise Trouble(f"{as_of} is not a day.", "Write it like 2026-06-28.", exit_code=2) from None
    if day is not None and not date(1990, 1, 1) <= day <= datetime.now(UTC).date() + timedelta(days=1):
        raise Trouble(f"{day} is out of range.", "Give a day from 1990 to today.", exit_code=2)
    return day


def ended(result: NightlyResult) -> Any:
    """What a run gives back: its counts, or a failed state that names what failed: stages, and athletes whose numbers
    could not be computed."""
    faults = lines_of(result.problems, result.failed)
    if faults:
        return Failed(message="; ".join(faults))
    return result.as_json()


@flow(name="nightly")
def nightly(home: str | None = None, as_of: str | None = None) -> Any:
    """Everything: ingest, measure, plan, publish, report. `home` and `as_of` as on the command line."""
    return ended(run_flow(own(home), bounded(as_of), ALL))


@flow(name="ingest")
def ingest(home: str | None = None) -> Any:
    """Only read what is new and publish it."""
    return ended(run_flow(own(home), None, ("ingest",)))


@flow(name="measure")
def measure(home: str | None = None, as_of: str | None = None) -> Any:
    """Only the person stage: loads, days."""
    return ended(run_flow(own(home), bounded(as_of), ("measure",)))


@flow(name="plan")
def plan(home: str | None = None, as_of: str | None = None) -> Any:
    """Measure and decide, without reading the inbox."""
    return ended(run_flow(own(home), bounded(as_of), ("measure", "plan", "report")))


@flow(name="shards")
def shards(homes: list[str], store: str, target: str, as_of: str | None = None) -> list[str]:
    """The night of many homes, one task a home, and one merged file; on Dask where STEADYMILE_RUNNER says so."""

    nights = shard_task.map(homes, unmapped(store), unmapped(as_of))
    return merge([night.result() for night in nights], Path(store), Path(target))


def run_shards_flow(homes: list[str], store: str, target: str, as_of: str | None = None) -> list[str]:
    """The shards flow with the task runner of the settings."""
    chosen = settings()
    if chosen.runner != "dask":
        return shards(homes, store, target, as_of)
    from prefect_dask import DaskTaskRunner

    local = {"n_workers": chosen.workers, "threads_per_worker": 1}
    runner: Any = DaskTaskRunner(address=chosen.scheduler) if chosen.scheduler else DaskTaskRunner(cluster_kwargs=local)
    return shards.with_options(task_runner=runner)(homes, store, target, as_of)


@flow(name="study")
def study(athletes: int = 600, weeks: int = 26, seed: int = 10_000, out: str | None = None) -> list[str]:
    """The closed-loop study on virtual athletes. `out` names a folder below the home's `reports/studies`."""
    if not (10 <= athletes <= 20_000 and 4 <= weeks <= 260):
        raise Trouble(f"{athletes} athletes over {weeks} weeks are out of range.", "Ask 10 to 20,000, 4 to 260.", 2)
    return list(run_study(athletes=athletes, weeks=weeks, seed=seed, out=study_folder(out) if out else None))


def study_folder(name: str) -> Path:
    """Where a study of that name is written. Raises Trouble for a name that leads elsewhere: who can start a run must
    not thereby write where they choose."""
    if not re.fullmatch(r"[\w-][\w.-]{0,80}", name):
        raise Trouble(f"{name[:80]!r} cannot name a folder.", "Use letters, digits, dots and dashes.", exit_code=2)
    return own(None).home / "reports" / "studies" / name


def parse_day(text: str | None) -> date | None:
    """A date from ISO text, None from nothing."""
    return date.fromisoformat(text) if text else None


LAST: dict[str, NightlyResult] = {}


@flow(name="nightly", validate_parameters=False, persist_result=False)
def nightly_here(home: str, as_of: str | None) -> Any:
    """The nightly flow run from the command line, which wants the result itself and not its JSON."""
    LAST["result"] = run_flow(settings(Path(home)), parse_day(as_of), ALL)
    return ended(LAST["result"])


def run_nightly(chosen: Settings, as_of: date | None) -> NightlyResult:
    """Run the nightly flow in this process and give back its result; the run's state says whether something failed, as
    the exit code does. Raises what kept it from a result."""
    state: Any = nightly_here(str(chosen.home), as_of.isoformat() if as_of else None, return_state=True)
    if "result" not in LAST:
        state.result(raise_on_failure=True)
    return LAST.pop("result")
