"""The steps of the line as plain functions: read, call, write. The flows are thin over them.

ingest: inbox -> files, activities, wellness, check-ins; measure: activities -> loads, days; plan: history -> week.
"""

from __future__ import annotations

import hashlib
import math
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from steadymile.ingest.inbox import athlete_of, scan
from steadymile.models.assessment.answers import attach
from steadymile.models.assessment.assess import assess
from steadymile.models.assessment.assess_checkpoint import past_from
from steadymile.models.assessment.estimates import estimates
from steadymile.models.athlete import Athlete
from steadymile.models.duplicates import duplicates
from steadymile.models.learning.beliefs import beliefs
from steadymile.models.metrics.found import CATALOGUE
from steadymile.models.policy.matching import completed, match, monday_of, tests
from steadymile.models.recording import CheckIn
from steadymile.models.session import Body, History
from steadymile.models.week.easing import tonight
from steadymile.models.weekplan import WeekPlan
from steadymile.pipelines import versions
from steadymile.pipelines.convert import day_of_reading, identity_recording, recorded, recording_facts, week_payload
from steadymile.pipelines.home import zone_of
from steadymile.pipelines.overrides import overrides, with_override
from steadymile.pipelines.reading.naming import LISTED, match_listed, name_sports, settle_kinds
from steadymile.pipelines.reading.place import placed
from steadymile.pipelines.reading.pool import spread
from steadymile.pipelines.reading.remeasure import renew
from steadymile.pipelines.reading.worker import Job, Outcome, process
from steadymile.pipelines.run import Run, journal_facts
from steadymile.warehouse.database import rows, transaction
from steadymile.warehouse.journal import Entry
from steadymile.warehouse.queries import sessions
from steadymile.warehouse.store import (
    known_contents,
    known_files,
    last_file_day,
    load_days,
    load_past,
    load_recordings,
    load_session_checkins,
    load_standing,
    load_weeks,
    save_answers,
    save_body,
    save_cards,
    save_checkins,
    save_days,
    save_estimates,
    save_files,
    save_learned,
    save_matches,
    save_past,
    save_person_metrics,
    save_places,
    save_recordings,
    save_seen,
    save_standing,
    save_weeks,
    save_wellness,
)
from steadymile.warehouse.tables.rows import FileRow, MatchRow


@dataclass(slots=True)
class Ingested:
    """What came in: every new file's outcome (without its samples), what waits, and how many were already known."""

    outcomes: list[Outcome] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    activities_new: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """New files by status."""
        found: dict[str, int] = {}
        for outcome in self.outcomes:
            found[outcome.status] = found.get(outcome.status, 0) + 1
        return found

    @property
    def refused(self) -> list[Outcome]:
        """New files that need their owner: not readable, a zip that is not whole, waiting for an athlete, or with
        answers that make no sense."""
        return [
            o
            for o in self.outcomes
            if o.status == "quarantined"
            or (o.status == "salvaged" and (o.what or "").startswith(("check-ins", "zip")))
            or (not o.settled and o.reason is not None)
        ]

    @property
    def salvaged(self) -> list[Outcome]:
        """New recordings that break off, of which what stands before was kept."""
        refused = {id(o) for o in self.refused}
        return [o for o in self.outcomes if o.status == "salvaged" and id(o) not in refused]


# ingest


def ingest(run: Run) -> Ingested:
    """Read everything new in the inbox and in the journal. One bad file costs nothing else."""

    with run.timed("scan"):
        journal_facts(run)
        apply_journal(run)
        limits = run.settings.limits()
        found = settled_scan(run, limits)
    result = Ingested(waiting=list(found.waiting))
    if not found.candidates and not found.refused:
        return result
    with run.timed("ingest"):
        contents = known_contents(run.con)
        jobs, homeless = sort_by_owner(run, found.candidates)
        refused = [refused_outcome(r) for r in found.refused]
        members = Counter([c.relative for c in found.candidates] + [o.top for o in refused])
        met: list[Any] = [*found.refused, *found.candidates]
        marks = {f.relative: (f.bytes, f.mtime_ns) for f in met if f.bytes is not None}
        told = standing(run)
        keep_batch(run, homeless + refused, contents, told, members, marks, result)
        done = len(homeless) + len(refused)
        known = frozenset((athlete, sha) for athlete, sha in contents if athlete)
        for batch in outcomes_of(run, jobs, known, limits):
            keep_batch(run, batch, contents, told, members, marks, result)
            done += len(batch)
            run.progress(done, len(found.candidates), "Reading watch files")
    return result


def settled_scan(run: Run, limits: Any) -> Any:
    """The inbox, looked at once more when something was dropped a moment ago: it is read now, not tomorrow."""

    def look(now: float) -> Any:
        return scan(run.home.inbox, known_files(run.con), limits, now, run.settings.settle_s)

    def changed_at(name: str) -> float:
        try:
            return (run.home.inbox / name).stat().st_mtime
        except OSError:
            return -math.inf

    began, settle_s = time.time(), run.settings.settle_s
    found = look(began)
    fresh = [at for name in found.waiting if abs(began - (at := changed_at(name))) < settle_s]
    if not fresh:
        return found
    time.sleep(max(0.0, max(fresh) + settle_s - time.time()))
    return look(time.time())


def refused_outcome(refused: Any) -> Outcome:
    """A path that was refused before it was opened; settled when the same file need not be looked at again."""
    top = refused.relative or refused.path
    settled = refused.bytes is not None
    what = "zip" if refused.status == "salvaged" else None
    return Outcome(
        refused.path,
        top,
        None,
        refused.status,
        refused.reason,
        bytes=refused.bytes,
        what=what,
        code=refused.code,
        settled=settled,
    )


Told = set[tuple[str, str | None, str, str | None]]


def standing(run: Run) -> Told:
    """Path, sha-256, status and reason of files that bring nothing, so that nothing is reported twice."""

    nothing = "status NOT IN ('ingested', 'salvaged') OR what = 'zip'"
    return set(rows(run.con, f"SELECT path, sha256, status, reason FROM files WHERE {nothing}"))


def sort_by_owner(run: Run, candidates: Sequence[Any]) -> tuple[list[Job], list[Outcome]]:
    """Jobs for files whose person is known; an outcome that waits, with its reason, for the others."""

    ids = sorted(run.athletes)
    zones = {i: zone_of(a, run.now.date()) for i, a in run.athletes.items()}
    jobs, homeless = [], []
    for candidate in candidates:
        owner = athlete_of(unicodedata.normalize("NFC", candidate.relative), ids)  # some disks take letters apart
        if owner is not None:
            jobs.append(Job(candidate, owner, zones[owner]))
            continue
        folder = candidate.relative.split("/")[0] if "/" in candidate.relative else None
        reason = (
            f"Nobody here is called {folder}: this file waits. `steadymile athlete add {folder}` adds them."
            if folder
            else "Several people run here and this file is in nobody's folder. Move it into inbox/<id>/."
        )
        homeless.append(
            Outcome(candidate.label, candidate.relative, None, "waiting", reason, code="no_owner", settled=False)
        )
    return jobs, homeless


def outcomes_of(run: Run, jobs: list[Job], known: frozenset[tuple[str, str]], limits: Any) -> Iterator[list[Outcome]]:
    """Outcomes in the order of the jobs, a batch at a time; many files are read by several processes."""
    size, objects = run.settings.batch_files, run.archive.root
    if len(jobs) < run.settings.pool_from_files or run.settings.workers < 2:
        for start in range(0, len(jobs), size):
            yield process(jobs[start : start + size], known, objects, limits)
        return

    chunk = max(4, min(16, len(jobs) // (run.settings.workers * 4)))
    chunks = [jobs[start : start + chunk] for start in range(0, len(jobs), chunk)]
    results = spread(run.settings, process, [(c, known, objects, limits) for c in chunks], one_by_one, lost)
    while batch := list(islice(results, max(1, size // chunk))):
        yield [outcome for part in batch for outcome in part]


def one_by_one(call: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """A call of `process` with several jobs as calls with one each."""
    jobs, *rest = call
    return [([job], *rest) for job in jobs]


def lost(call: tuple[Any, ...]) -> list[Outcome]:
    """What is said of a file whose reading killed its process twice."""
    reason = "Reading it ended the reading process, most likely for want of memory. Look at it with steadymile doctor."
    return [
        Outcome(j.candidate.label, j.candidate.relative, j.athlete_id, "quarantined", reason, bytes=j.candidate.bytes)
        for j in call[0]
    ]


def keep_batch(
    run: Run,
    batch: list[Outcome],
    contents: dict[tuple[str | None, str], str],
    told: Told,
    members: Counter[str],
    marks: dict[str, tuple[int, int]],
    result: Ingested,
) -> None:
    """Save one batch in one transaction, journal it, and forget its samples. `contents` learns what came in. What is
    looked at once more (its time of change is new, or the warehouse was rebuilt) and says nothing new stays as it is.
    """

    result.waiting += [o.label for o in batch if o.status == "changing"]
    batch = [o for o in batch if o.status != "changing"]
    if not batch:
        return
    settled = [o for o in batch if o.settled]
    again = []
    for outcome in batch:
        key = (outcome.athlete_id, outcome.sha256 or "")
        if outcome.status == "duplicate" and contents.get(key) == outcome.label:
            again.append(outcome)
        elif outcome.sha256 and outcome.status in ("ingested", "salvaged", "duplicate"):
            if key in contents and contents[key] != outcome.label:
                outcome.status = "duplicate"
                outcome.reason = f"The same bytes came in before as {contents[key]}."
                outcome.recordings, outcome.wellness, outcome.checkins = [], [], []
            else:
                contents[key] = outcome.label
        if (outcome.label, outcome.sha256, outcome.status, outcome.reason) in told:
            again.append(outcome)
    batch = [o for o in batch if not any(o is known for known in again)]
    rows = [
        FileRow(
            path=o.label,
            status=o.status,
            first_seen_at=run.now,
            athlete_id=o.athlete_id,
            sha256=o.sha256,
            bytes=o.bytes,
            reason=o.reason,
            reader=o.reader,
            what=o.what,
            activities=len(o.recordings),
            code=o.code,
        )
        for o in batch
    ]
    entries = sight(run, rows)
    seen = {}
    for outcome in settled:
        members[outcome.top] -= 1
        if members[outcome.top] <= 0 and outcome.top in marks:
            seen[outcome.top] = marks[outcome.top]
    with transaction(run.con):
        save_files(run.con, rows)
        save_recordings(run.con, [r for o in batch for r in o.recordings])
        for outcome, entry in zip(batch, entries, strict=False):
            keep_readings(run, outcome, entry.seq)
        save_seen(run.con, seen)
    for outcome in batch:
        result.activities_new += sum(r.activity.source != LISTED for r in outcome.recordings)
        if outcome.athlete_id and (outcome.recordings or outcome.wellness or outcome.checkins):
            run.dirty.add(outcome.athlete_id)
        outcome.recordings, outcome.wellness, outcome.checkins = [], [], []
        result.outcomes.append(outcome)


def sight(run: Run, rows: list[Any]) -> list[Any]:
    """Journal these sightings and return their entries. One that an unfinished run journaled already is the same
    sighting still: its row takes the time that a rebuild will find."""

    entries = [Entry("file", run.now, file_payload(row), row.athlete_id) for row in rows]
    keys = [sighting(e.payload, e.athlete_id) for e in entries]
    noted = iter(run.note(*(e for key, e in zip(keys, entries) if key not in run.sighted)))
    found = [run.sighted.get(key) or next(noted) for key in keys]
    rows[:] = [replace(row, first_seen_at=entry.at) for row, entry in zip(rows, found)]
    return found


def file_payload(row: Any) -> dict[str, Any]:
    """A file sighting as the journal keeps it."""
    names = ("path", "status", "sha256", "bytes", "reason", "reader", "what", "activities", "code")
    return {name: getattr(row, name) for name in names if getattr(row, name) is not None}


def keep_readings(run: Run, outcome: Outcome, order: int) -> None:
    """Save a file's wellness readings and check-ins."""

    assert outcome.athlete_id is not None or not (outcome.wellness or outcome.checkins)
    if outcome.athlete_id is None or outcome.sha256 is None:
        return
    if outcome.wellness:
        zone = zone_of(run.athletes[outcome.athlete_id], run.now.date())
        readings = [(day_of_reading(w, zone), w) for w in outcome.wellness]
        save_wellness(run.con, outcome.athlete_id, outcome.sha256, order, readings)
    if outcome.checkins:
        save_checkins(run.con, outcome.athlete_id, outcome.sha256, order, outcome.checkins)


def apply_journal(run: Run) -> None:
    """Apply what was said and decided since the last run: check-ins by command, keep, forget and their reverses."""
    size = run.journal.size()
    known = run.state.journal_bytes if run.state.journal_bytes <= size else 0
    entries = list(run.journal.read(start=known))
    apply_entries(run, entries)
    run.sighted = {sighting(e.payload, e.athlete_id): e for e in entries if e.kind == "file"}
    run.state.journal_bytes = size


def sighting(payload: Mapping[str, Any], athlete_id: str | None) -> tuple[Any, ...]:
    """What makes two journal entries of a file the same sighting."""
    return (athlete_id, *(payload.get(name) for name in ("path", "status", "sha256", "reason")))


def apply_entries(run: Run, entries: Sequence[Any]) -> None:
    """Apply journal entries in order; repeating it changes nothing."""

    standing: dict[str, tuple[set[str], set[str]]] = {}
    for entry in entries:
        athlete_id = entry.athlete_id
        if athlete_id not in run.athletes:
            continue
        if entry.kind == "checkin":
            save_checkins(run.con, athlete_id, f"journal:{entry.seq}", entry.seq, [checkin_of(entry.payload)])
            run.dirty.add(athlete_id)
        elif entry.kind in ("keep", "unkeep", "forget", "unforget"):
            if athlete_id not in standing:
                kept, forgotten = load_standing(run.con, athlete_id)
                standing[athlete_id] = (set(kept), set(forgotten))
            place = standing[athlete_id][0 if entry.kind.endswith("keep") else 1]
            (place.discard if entry.kind.startswith("un") else place.add)(entry.payload["activity_id"])
        elif entry.kind == "override":
            run.dirty.add(athlete_id)
    for athlete_id, (kept_now, forgotten_now) in standing.items():
        if save_standing(run.con, athlete_id, kept=sorted(kept_now), forgotten=sorted(forgotten_now)):
            run.dirty.add(athlete_id)


def checkin_of(payload: Any) -> CheckIn:
    """A check-in from its journal entry."""

    at = payload.get("at")
    return CheckIn(
        day=date.fromisoformat(payload["day"]),
        values=payload["values"],
        source=payload.get("source", "log"),
        at=datetime.fromisoformat(at) if at else None,
        activity_id=payload.get("activity_id"),
    )


# measure


def stale(run: Run) -> list[Athlete]:
    """Athletes whose numbers something new concerns: files, words, facts, definitions, or the date."""
    return [
        athlete
        for athlete_id, athlete in sorted(run.athletes.items())
        if athlete_id in run.dirty or run.state.fingerprints.get(athlete_id) != run.fingerprint(athlete)
    ]


def measure(run: Run) -> dict[str, Body]:
    """The person stage for every stale athlete: duplicates, answers, loads, days. Returns what is believed of each."""

    people = stale(run)
    bodies = {}
    with run.timed("measure"):
        if people:
            renew(run, people)

            cards = [CATALOGUE[name] for name in sorted(CATALOGUE)]
            said = hashlib.sha256(repr(cards).encode()).hexdigest()[:16]
            if said != run.state.cards:
                save_cards(run.con, cards)
                run.state.cards = said
        for done, athlete in enumerate(people):
            with run.isolated(athlete.athlete_id):
                bodies[athlete.athlete_id] = measure_athlete(run, athlete)
            run.progress(done + 1, len(people), "Measuring")
    return bodies


def measure_athlete(run: Run, athlete: Athlete) -> Body:
    """One athlete's person stage, saved."""

    athlete_id, as_of = athlete.athlete_id, run.day_of(athlete)
    with transaction(run.con):
        recordings = load_recordings(run.con, athlete_id)
        if save_places(run.con, athlete_id, placed(athlete, recordings)):
            recordings = load_recordings(run.con, athlete_id)
        matches = match_copies(run, athlete_id, recordings)
        if save_matches(run.con, athlete_id, matches):
            recordings = load_recordings(run.con, athlete_id)
        if name_sports(run, athlete, recordings, matches):
            recordings = load_recordings(run.con, athlete_id)
            save_matches(run.con, athlete_id, match_copies(run, athlete_id, recordings))
            recordings = load_recordings(run.con, athlete_id)
        if settle_kinds(run, athlete_id, recordings):
            recordings = load_recordings(run.con, athlete_id)
        counted = [r for r in recordings if r.preferred and r.local_day <= as_of]
        said = [c for c in load_session_checkins(run.con, athlete_id) if c.day <= as_of]
        answers = attach([recorded(r) for r in counted], said)
        save_answers(run.con, athlete_id, answers)
        weeks = load_weeks(run.con, athlete_id)
        matched = match(sessions(run.con, athlete_id, as_of, planned_since(weeks)), weeks)
        facts = [recording_facts(r, answers.get(r.activity_id, {})) for r in counted]
        days, done = load_days(run.con, athlete_id, until=as_of), completed(matched)
        past = load_past(run.con, athlete_id, versions.code())
        assessment = assess(athlete, facts, days, as_of, done, past_from(past) if past else None)
        save_person_metrics(run.con, athlete_id, assessment.metrics, assessment.kept)
        save_past(run.con, athlete_id, versions.code(), assessment.past.plain() if assessment.past else None)
        save_days(run.con, athlete_id, assessment.days)
        save_body(run.con, athlete_id, assessment.held)
        save_estimates(run.con, athlete_id, as_of, estimates(facts, assessment.body, as_of, tests(matched)))
    return assessment.body


def planned_since(weeks: Sequence[WeekPlan]) -> date:
    """The day from which sessions may fulfil something planned: no earlier one can, and a week more than is needed for
    a session that began before midnight."""

    return min((monday_of(week.week) for week in weeks), default=date.max) - timedelta(days=7)


def match_copies(run: Run, athlete_id: str, recordings: Sequence[Any]) -> list[Any]:
    """Which recordings are copies of which, by the rules of identity and what the athlete said."""

    kept, _ = load_standing(run.con, athlete_id)
    found = duplicates([identity_recording(r) for r in recordings if r.source != LISTED], keep=kept)
    found += match_listed(run, athlete_id, recordings, found)
    return [MatchRow(m.activity_id, m.duplicate_of, m.rule, m.detail) for m in found]


# plan


@dataclass(slots=True)
class Planned:
    """What the plan step did: the weeks that changed, and each athlete's week in force."""

    published: list[WeekPlan] = field(default_factory=list)


def history_of(run: Run, athlete: Athlete, body: Body, as_of: date) -> History:
    """Everything that a plan of that day may depend on."""

    athlete_id = athlete.athlete_id
    newest = last_file_day(run.con, athlete_id)
    return History(
        athlete=athlete,
        sessions=sessions(run.con, athlete_id, until=as_of),
        days=load_days(run.con, athlete_id, until=as_of),
        weeks=tuple(w for w in load_weeks(run.con, athlete_id) if w.as_of <= as_of),
        body=body,
        last_file_day=min(newest, as_of) if newest else None,
    )


def plan(run: Run, bodies: dict[str, Body]) -> Planned:
    """Decide the week of every measured athlete: ease what is published where it must be, then plan what comes."""
    planned = Planned()
    with run.timed("plan"):
        said = overrides(run) if bodies else {}
        for athlete_id, body in bodies.items():
            with run.isolated(athlete_id):
                planned.published += plan_athlete(run, run.athletes[athlete_id], body, said.get(athlete_id, {}))
    return planned


def plan_athlete(run: Run, athlete: Athlete, body: Body, said: Mapping[str, Mapping[str, Any]]) -> list[WeekPlan]:
    """One athlete's weeks, saved and journaled; empty where nothing changed. `said`: overrides by week."""

    as_of = run.day_of(athlete)
    weeks = decide_weeks(history_of(run, athlete, body, as_of), as_of, said)
    changed = bool(weeks) and bool(save_weeks(run.con, weeks))
    if changed:
        journal_weeks(run, weeks)
    settle_day(run, athlete, as_of)
    learn(run, athlete, body, as_of)
    return weeks if changed else []


def learn(run: Run, athlete: Athlete, body: Body, as_of: date) -> None:
    """What is believed about the athlete, saved: from recorded facts and published weeks alone, after the plan."""
    found, choices = beliefs(history_of(run, athlete, body, as_of), as_of)
    save_learned(run.con, athlete.athlete_id, as_of, found, choices)


def settle_day(run: Run, athlete: Athlete, as_of: date) -> None:
    """Remember for which day the athlete was computed; the journal too, so that a rebuild stops at the same day."""

    if run.state.as_of.get(athlete.athlete_id) != as_of.isoformat():
        run.note(Entry("note", run.now, {"as_of": as_of.isoformat()}, athlete.athlete_id))
    run.state.fingerprints[athlete.athlete_id] = run.fingerprint(athlete)
    run.state.as_of[athlete.athlete_id] = as_of.isoformat()


def decide_weeks(history: History, as_of: date, said: Mapping[str, Mapping[str, Any]]) -> list[WeekPlan]:
    """The weeks that this day publishes or revises, in order. Where the week under way begins with this very plan, the
    coming one is looked at too, as it would be if the day were planned a second time: that changes nothing."""

    def decided(history: History) -> list[WeekPlan]:
        return [with_override(week, said.get(week.week)) for week in tonight(history, as_of)]

    weeks = decided(history)
    if any(week.status == "frozen" and week.revision == 1 for week in weeks):
        weeks += decided(replace(history, weeks=(*history.weeks, *weeks)))
    return weeks


def journal_weeks(run: Run, weeks: Sequence[WeekPlan]) -> None:
    """Frozen weeks and their revisions go to the journal; provisional ones can be planned again at any time."""

    run.note(*(Entry("week", run.now, week_payload(w), w.athlete_id) for w in weeks if w.status == "frozen"))
