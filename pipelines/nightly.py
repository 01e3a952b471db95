"""The nightly run: ingest, measure, plan, publish, report. Run it as often as you like."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from steadymile.ingest.clocks import CODE
from steadymile.models.session import Body
from steadymile.models.weekplan import WeekPlan
from steadymile.pipelines import steps as line
from steadymile.pipelines.cli.progress import Progress, silent
from steadymile.pipelines.errors import Trouble, plain
from steadymile.pipelines.home import Home
from steadymile.pipelines.journaled import apply_words
from steadymile.pipelines.outcome import notice, stops
from steadymile.pipelines.outcome.log import Log, logged
from steadymile.pipelines.outcome.writing import keep_private, read_object, write_whole
from steadymile.pipelines.outputs import EVERYBODY, missing_outputs, write_reports
from steadymile.pipelines.published import products
from steadymile.pipelines.reading import intake
from steadymile.pipelines.reading.child import Child
from steadymile.pipelines.reading.forked import spare_reader
from steadymile.pipelines.reading.keep import Again, Ingested
from steadymile.pipelines.restore import discard_work, restore
from steadymile.pipelines.run import Lost, Run, State, open_run
from steadymile.pipelines.settings import Settings
from steadymile.pipelines.versions import libraries
from steadymile.warehouse.database import is_damage, rows
from steadymile.warehouse.errors import Busy
from steadymile.warehouse.journal import Journal
from steadymile.warehouse.publish import publish
from steadymile.warehouse.queries import Mine
from steadymile.warehouse.store import save_run_log
from steadymile.warehouse.tables.rows import RunRow

ALL = ("ingest", "measure", "plan", "report")


@dataclass(slots=True)
class NightlyResult:
    """What one run did, small enough to keep and to print; `unread` where the inbox could not be read."""

    home: Path
    run_id: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    salvaged: list[tuple[str, str]] = field(default_factory=list)
    clocks: list[tuple[str, str]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    earlier_refused: int = 0
    unread: bool = False
    activities_new: int = 0
    checkins_new: int = 0
    again: Again = field(default_factory=Again)
    weeks: list[WeekPlan] = field(default_factory=list)
    as_of: dict[str, date] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    published: bool = False
    seconds: float = 0.0
    durations_s: dict[str, float] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    views: dict[str, Mine] = field(default_factory=dict)

    @property
    def needs_you(self) -> bool:
        """Whether something new in this run needs its owner."""
        return bool(self.refused or self.warnings or self.asks or self.elsewhere)

    def as_json(self) -> dict[str, Any]:
        """Plain values for machines."""
        return {
            "home": str(self.home),
            "run_id": self.run_id,
            "files": self.counts,
            "refused": [{"path": path, "reason": reason} for path, reason in self.refused],
            "salvaged": [{"path": path, "reason": reason} for path, reason in self.salvaged],
            "clocks": [{"path": path, "code": CODE, "reason": reason} for path, reason in self.clocks],
            "waiting": self.waiting,
            "activities_new": self.activities_new,
            "checkins_new": self.checkins_new,
            "read_again": asdict(self.again),
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
            "problems": self.problems,
            "warnings": self.warnings,
            "asks": self.asks,
            "elsewhere": self.elsewhere,
        }


def run(
    settings: Settings,
    now: datetime,
    as_of: date | None = None,
    steps: Collection[str] = ALL,
    progress: Progress = silent,
) -> NightlyResult:
    """The whole pipeline, directly. `now` aware; `as_of` plans as if that day were today. Raises Trouble and HomeError
    for what a person must mend; a file that cannot be read never raises."""
    return through(settings, now, as_of, steps, progress, DIRECT)


Stage = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Written:
    """What was read for the pages, and each athlete's fault whose page could not be written."""

    views: dict[str, Mine]
    faults: dict[str, str]


def report(
    settings: Settings, as_of: date | None, now: datetime, people: Sequence[str], bodies: Mapping[str, Body]
) -> Written:
    """Write the pages, calendars and workouts of these people from the published warehouse."""
    written = Written({}, {})
    write_reports(
        settings, None, as_of, png=False, units=None, now=now, people=people, bodies=bodies,
        views=written.views, faults=written.faults,
    )  # fmt: skip
    return written


DIRECT: Mapping[str, Stage] = {
    "ingest": intake.ingest, "measure": line.measure, "plan": line.plan, "publish": publish, "report": report,
}  # fmt: skip


def through(
    settings: Settings,
    now: datetime,
    as_of: date | None,
    steps: Collection[str],
    progress: Progress,
    stages: Mapping[str, Stage],
) -> NightlyResult:
    """The pipeline with the given stages: the plain functions, or the same functions as Prefect tasks."""

    home = Home(settings.home)
    with spare_reader(settings) as reader, logged(home.private) as log:
        try:
            try:
                result = night(settings, now, as_of, steps, progress, stages, log, reader)
            except Exception as error:
                if not is_damage(error):
                    raise
                log.say("damaged", logging.WARNING, why=" ".join(plain(error)))
                discard_work(home, now)  # it is derived: the night begins again by making it anew
                result = night(settings, now, as_of, steps, progress, stages, log, None)
        except (Trouble, Busy) as error:
            log.say("refused", logging.WARNING, why=str(error))
            raise
        except Exception as error:  # facts that cannot be read (HomeError) end every night: that has to be seen
            said = " ".join(plain(error))
            log.say("end", logging.ERROR, outcome="failed", why=said)
            notice.failed(home, now, [said])
            withheld(settings, now, log)
            notice.call_owner(settings, [said])
            raise
        faults = notice.lines_of(result.problems, result.failed)
        if faults:
            notice.failed(home, now, result.problems, result.failed)
            withheld(settings, now, log, result.failed)
        elif "report" in steps:
            notice.succeeded(home, now)
        if faults or "report" in steps:
            result.notes = [said for said in [notice.call_owner(settings, faults)] if said]
        log.say(
            "end",
            logging.ERROR if faults else logging.INFO,
            outcome="failed" if faults else "done",
            why=" ".join([*faults, *result.notes]) or None,
            files=result.counts,
            activities_new=result.activities_new,
            weeks=len(result.weeks),
            published=result.published,
            seconds=result.seconds,
        )
    return result


def withheld(settings: Settings, now: datetime, log: Log, failed: Collection[str] = ()) -> None:
    """Take back what a stop forbids that this run could not publish, or not write for those `failed`; a fault in that
    is logged and hides no other."""
    try:
        for athlete_id in stops.withhold(settings, now, failed):
            log.say("withheld", logging.WARNING, athlete=athlete_id)
    except Exception as error:
        log.say("problem", logging.ERROR, why=" ".join(plain(error)))


def night(
    settings: Settings,
    now: datetime,
    as_of: date | None,
    steps: Collection[str],
    progress: Progress,
    stages: Mapping[str, Stage],
    log: Log,
    reader: Child | None,
) -> NightlyResult:
    """One run. What was said and decided is applied first; then each stage is tried, whatever became of the one before:
    a stop counts on the night on which nothing can be read."""
    started = time.perf_counter()
    result = NightlyResult(settings.home, run_id=log.run)
    keep_private()
    restore(settings, now, progress)
    with open_run(settings, now, as_of, progress, publisher=stages["publish"], reader=reader) as opened:
        opened.log = log
        log.say("begin", steps=sorted(steps), as_of=as_of)
        apply_words(opened)
        pages = owed_pages(opened) if "report" in steps else []
        opened.owe(*pages)
        ingested, bodies, planned = Ingested(), {}, line.Planned()
        result.unread = "ingest" in steps
        if "ingest" in steps:
            with opened.tried("The inbox could not be read"):
                ingested = stages["ingest"](opened)
                result.unread = False
        if "measure" in steps:
            with opened.tried("Nothing could be measured"):
                bodies = stages["measure"](opened)
        if "plan" in steps:
            with opened.tried("Nothing could be planned"):
                planned = stages["plan"](opened, bodies)
        if bodies:
            with opened.tried("Originals could not be looked at"):
                scrub(opened)
        _keep_what_came(result, opened, ingested, planned, bodies)
        log_run(opened, result, started)
        result.earlier_refused = earlier_refused(opened, result.counts.get("quarantined", 0))
    result.published = opened.published
    result.durations_s |= opened.durations_s
    due = owed_pages(opened)
    if "report" in steps and (due or not (settings.home / "reports" / "index.html").exists()):
        clock = time.perf_counter()
        _write_pages(result, opened, due, stages["report"])
        result.durations_s["report"] = round(time.perf_counter() - clock, 4)
    result.written = products(settings.home)
    result.seconds = round(time.perf_counter() - started, 3)
    return result


def _keep_what_came(
    result: NightlyResult, opened: Run, ingested: Ingested, planned: line.Planned, bodies: dict[str, Body]
) -> None:
    """What became of the run's files, weeks and people."""
    result.counts = ingested.counts
    result.refused = [(o.label, o.reason or "") for o in ingested.refused]
    result.salvaged = [(o.label, o.reason or "") for o in ingested.salvaged]
    result.clocks = [(o.label, o.reason or "") for o in ingested.clocks]
    result.waiting, result.again = ingested.waiting, ingested.again
    result.activities_new, result.checkins_new = ingested.activities_new, opened.heard
    result.weeks = planned.published
    result.bodies = bodies
    result.failed = opened.failed
    result.lost = opened.lost
    result.problems, result.warnings, result.asks = opened.problems, opened.warnings, opened.asks
    result.elsewhere = opened.elsewhere
    result.as_of = {i: opened.day_of(a) for i, a in opened.athletes.items()}


def _write_pages(result: NightlyResult, opened: Run, due: Sequence[str], report: Stage) -> None:
    """The pages of the people who are due. A page that fails costs nobody else theirs."""
    written = report(opened.settings, opened.as_of, opened.now, due, result.bodies)
    result.views, faults = written.views, written.faults
    pages_written(opened.home, {i: opened.state.judged[i] for i in due if i not in faults})
    if everybody := faults.pop(EVERYBODY, None):
        result.problems.append(f"The pages about everybody could not be written: {everybody}.")
    result.failed = {**result.failed, **{i: f"page: {fault}" for i, fault in faults.items()}}


def log_run(opened: Run, result: NightlyResult, started: float) -> None:
    """One row in runs_log for a run that did something: it ended as long after `now` as it took, also where `now` is a
    simulated day. `started` is the reading of the performance counter at its begin."""

    result.durations_s = dict(opened.durations_s)
    if not (result.counts or result.bodies or result.problems):
        return
    notes = [f"not measured again: {', '.join(gone.path for gone in result.lost)}"] if result.lost else []
    notes += notice.lines_of(result.problems, result.failed)
    save_run_log(
        opened.con,
        RunRow(
            run_id=result.run_id,
            command="nightly",
            started_at=opened.now,
            finished_at=opened.now + timedelta(seconds=time.perf_counter() - started),
            files_new=sum(result.counts.values()),
            files_refused=len(result.refused),
            activities_new=result.activities_new,
            counts=result.counts,
            durations_s=result.durations_s,
            versions=libraries(),
            outcome="failed" if result.problems or result.failed else "done",
            note=" ".join(notes) or None,
        ),
    )


SCRUBBED = 4
"""So many originals are read and hashed on a night that did something; `steadymile verify` reads all."""


def scrub(opened: Run) -> None:
    """Read and hash the next few originals, in the order of their names; a damaged one is a warning."""
    wanted = "SELECT DISTINCT sha256 FROM files WHERE status IN ('ingested', 'salvaged') AND sha256 > ?"
    found = rows(opened.con, f"{wanted} ORDER BY sha256 LIMIT {SCRUBBED}", [opened.state.scrubbed])
    names = [name for (name,) in found]
    opened.warnings += opened.archive.verify(names)
    opened.state.scrubbed = names[-1] if len(names) == SCRUBBED else ""


def owed_pages(opened: Run) -> list[str]:
    """Athletes whose page, calendar and workouts were not written since they were judged, or are gone."""
    written, judged = read_object(opened.home.private / "pages.json"), opened.state.judged
    if notice.last_failure(opened.home) is not None:
        return [i for i in sorted(opened.athletes) if i in judged]
    gone = missing_outputs(opened.home, sorted(opened.athletes))
    return [i for i in sorted(opened.athletes) if i in judged and (written.get(i) != judged[i] or i in gone)]


WRITTEN_BY_RUNS = {"file", "week", "note", "facts"}
"""What a run journals itself: the next one reads it and finds it done."""


def nothing_owed(root: Path) -> bool:
    """Whether the last run left nothing to do: nobody to judge, no page to write, no word in the journal to apply."""
    home = Home(root)
    state, journal = State.load(home.private / "state.json"), Journal(home.journal)
    written = read_object(home.private / "pages.json")
    new = {entry.kind for entry in journal.read(start=journal.since(state.journal))}
    return (
        not state.owed
        and not state.unread_anew
        and written == state.judged
        and new <= WRITTEN_BY_RUNS
        and not journal.damaged
    )


def pages_forgotten(home: Home, athlete_id: str) -> None:
    """Forget from which judgement one athlete's pages were written."""
    record = home.private / "pages.json"
    if athlete_id in (before := read_object(record)):
        write_whole(record, json.dumps({i: judged for i, judged in before.items() if i != athlete_id}).encode())


def pages_written(home: Home, judged: Mapping[str, str]) -> None:
    """Remember from which judgement each athlete's pages were written."""
    record = home.private / "pages.json"
    write_whole(record, json.dumps({**read_object(record), **judged}).encode())


def earlier_refused(opened: Run, new: int) -> int:
    """How many refused files of earlier runs still stand."""
    found = rows(opened.con, "SELECT count(*) FROM files WHERE status = 'quarantined'")
    return max(0, int(found[0][0]) - new)
