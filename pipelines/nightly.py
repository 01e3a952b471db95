"""The nightly run: ingest, measure, plan, publish, report. Run it as often as you like."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from steadymile.models.session import Body
from steadymile.models.weekplan import WeekPlan
from steadymile.pipelines import steps as line
from steadymile.pipelines.cli.progress import Progress, silent
from steadymile.pipelines.outputs import write_reports
from steadymile.pipelines.published import products
from steadymile.pipelines.restore import restore
from steadymile.pipelines.run import Run, open_run
from steadymile.pipelines.settings import Settings
from steadymile.pipelines.versions import libraries
from steadymile.warehouse.queries import Views
from steadymile.warehouse.store import save_run_log
from steadymile.warehouse.tables.rows import RunRow

ALL = ("ingest", "measure", "plan", "report")


@dataclass(slots=True)
class NightlyResult:
    """What one run did, small enough to keep and to print."""

    home: Path
    counts: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    salvaged: list[tuple[str, str]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    earlier_refused: int = 0
    activities_new: int = 0
    weeks: list[WeekPlan] = field(default_factory=list)
    as_of: dict[str, date] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    published: bool = False
    seconds: float = 0.0
    durations_s: dict[str, float] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    lost: list[tuple[str, str]] = field(default_factory=list)
    views: dict[str, Views] = field(default_factory=dict)

    @property
    def needs_you(self) -> bool:
        """Whether something new in this run needs its owner."""
        return bool(self.refused)

    def as_json(self) -> dict[str, Any]:
        """Plain values for machines."""
        return {
            "home": str(self.home),
            "files": self.counts,
            "refused": [{"path": path, "reason": reason} for path, reason in self.refused],
            "salvaged": [{"path": path, "reason": reason} for path, reason in self.salvaged],
            "waiting": self.waiting,
            "activities_new": self.activities_new,
            "published": self.published,
            "weeks": [
                {
                    "athlete_id": w.athlete_id,
                    "week": w.week,
                    "as_of": w.as_of.isoformat(),
                    "action": w.action.word,
                    "level": w.level,
                    "status": w.status,
                    "revision": w.revision,
                    "headline": w.headline,
                }
                for w in self.weeks
            ],
            "seconds": self.seconds,
            "durations_s": self.durations_s,
            "needs_you": self.needs_you,
            "failed": self.failed,
        }


def run(
    settings: Settings,
    now: datetime,
    as_of: date | None = None,
    steps: Collection[str] = ALL,
    progress: Progress = silent,
) -> NightlyResult:
    """The whole line, directly. `now` aware; `as_of` plans as if that day were today. Raises Trouble and HomeError
    for what a person must mend; a file that cannot be read never raises."""
    return through(settings, now, as_of, steps, progress, DIRECT)


Stage = Callable[..., Any]
DIRECT: Mapping[str, Stage] = {"ingest": line.ingest, "measure": line.measure, "plan": line.plan}


def through(
    settings: Settings,
    now: datetime,
    as_of: date | None,
    steps: Collection[str],
    progress: Progress,
    stages: Mapping[str, Stage],
) -> NightlyResult:
    """The line with the given stages: the plain functions, or the same functions as Prefect tasks."""

    started = time.perf_counter()
    result = NightlyResult(settings.home)
    restore(settings, now, progress)
    with open_run(settings, now, as_of, progress) as opened:
        ingested = stages["ingest"](opened) if "ingest" in steps else line.Ingested()
        bodies = stages["measure"](opened) if "measure" in steps else {}
        planned = stages["plan"](opened, bodies) if "plan" in steps else line.Planned()
        result.counts = ingested.counts
        result.refused = [(o.label, o.reason or "") for o in ingested.refused]
        result.salvaged = [(o.label, o.reason or "") for o in ingested.salvaged]
        result.waiting = ingested.waiting
        result.activities_new = ingested.activities_new
        result.weeks = planned.published
        result.bodies = bodies
        result.failed = opened.failed
        result.lost = opened.lost
        result.as_of = {i: opened.day_of(a) for i, a in opened.athletes.items()}
        log_run(opened, result, started)
        result.earlier_refused = earlier_refused(opened, result.counts.get("quarantined", 0))
    result.published = opened.published
    result.durations_s |= opened.durations_s
    if "report" in steps and (bodies or not (settings.home / "reports" / "index.html").exists()):
        clock = time.perf_counter()
        write_reports(
            settings,
            None,
            as_of,
            png=False,
            units=None,
            now=now,
            people=sorted(bodies),
            bodies=bodies,
            views=result.views,
        )
        result.durations_s["report"] = round(time.perf_counter() - clock, 4)
    result.written = products(settings.home)
    result.seconds = round(time.perf_counter() - started, 3)
    return result


def log_run(opened: Run, result: NightlyResult, started: float) -> None:
    """One row in runs_log for a run that did something."""

    result.durations_s = dict(opened.durations_s)
    if not (result.counts or result.bodies):
        return
    save_run_log(
        opened.con,
        RunRow(
            run_id=uuid.uuid4().hex,
            command="nightly",
            started_at=opened.now,
            finished_at=datetime.now(opened.now.tzinfo),
            files_new=sum(result.counts.values()),
            files_refused=len(result.refused),
            activities_new=result.activities_new,
            counts=result.counts,
            durations_s=result.durations_s,
            versions=libraries(),
            note=f"not measured again: {', '.join(path for path, _ in result.lost)}" if result.lost else None,
        ),
    )


def earlier_refused(opened: Run, new: int) -> int:
    """How many refused files of earlier runs still stand."""
    rows = opened.con.execute("SELECT count(*) FROM files WHERE status = 'quarantined'").fetchall()
    return max(0, int(rows[0][0]) - new)
