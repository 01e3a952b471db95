"""What a reader does with one file: load, hash, keep the original, read, measure. Readers share nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import numpy as np
from steadymile.ingest import clocks, dating
from steadymile.ingest.archives.containers import NO_LIMITS, Limits
from steadymile.ingest.formats import read
from steadymile.ingest.inbox import Candidate, Fresh, Scan, StillChanging, load, look_into
from steadymile.ingest.local_day import from_wall, settle
from steadymile.ingest.reading import Damaged, Reading, Unreadable
from steadymile.models.assessment.session_kind import kind_of
from steadymile.models.copies.signature import signature
from steadymile.models.measuring.measure import measure
from steadymile.models.members import top_of
from steadymile.models.recording import Activity, CheckIn, Wellness
from steadymile.models.stated.listed import LISTED
from steadymile.models.stated.undated import Totals
from steadymile.pipelines.reading.budget import NOTHING, Budget, cost_of
from steadymile.warehouse.archive import ORIGINAL_DAMAGED, REFUSED, Archive
from steadymile.warehouse.errors import WarehouseError
from steadymile.warehouse.tables.rows import NewRecording

REFUSED_BYTES = 16 * 1024 * 1024
"""Larger refused files are not kept."""


@dataclass(frozen=True, slots=True)
class Job:
    """One candidate, whose it is, that person's zone, and what its top-level file may still cost. Where it is refused,
    its bytes are kept if it is `named`: one of those that have a row of their own in any case. No session began after
    `latest`; `dates` are the starts that were stated of recordings whose clock was wrong, by sha-256."""

    candidate: Candidate
    athlete_id: str
    zone: str
    budget: Budget | None = None
    named: bool = True
    latest: datetime | None = None
    dates: Mapping[str, dating.Dating] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What became of one file. `settled` False: look again next time (it still grows, or waits for its owner). The
    status `changing` (it grew while it was read) is never stored; `code` says for programs what `reason` says.
    `undated` is what is known of a recording that waits for its day, `written` where its bytes lie until they are put
    in their place in the archive."""

    label: str
    top: str
    athlete_id: str | None
    status: str
    reason: str | None = None
    sha256: str | None = None
    bytes: int | None = None
    reader: str | None = None
    what: str | None = None
    code: str | None = None
    left_out: int = 0
    recordings: list[NewRecording] = field(default_factory=list)
    wellness: list[Wellness] = field(default_factory=list)
    checkins: list[CheckIn] = field(default_factory=list)
    sports: dict[int, tuple[str, str | None, str]] = field(default_factory=dict)
    settled: bool = True
    dated: dating.Dating | None = None
    undated: Totals | None = None
    spent: Budget = NOTHING
    judged_by: str | None = None
    written: Path | None = None

    @property
    def kept(self) -> bool:
        """Whether it was read, all of it or up to a break."""
        return self.status in ("ingested", "salvaged")


@dataclass(frozen=True, slots=True)
class Original:
    """One original of the archive: as which path it came in, whose it is, its content, and that person's zone.
    `sports` are what a list or their owner names its activities: index, sport, sub-sport, whose word it is."""

    path: str
    athlete_id: str
    sha256: str
    zone: str
    sports: tuple[tuple[int, str, str | None, str], ...] = ()
    dated: dating.Dating | None = None


def activity_id(athlete_id: str, sha256: str, index: int) -> str:
    """A stable id: the same person's same bytes give the same id on every machine and in every rebuild."""
    return hashlib.blake2b(f"{athlete_id}|{sha256}|{index}".encode(), digest_size=8).hexdigest()


def identity_of(athlete_id: str, sha256: str, activity: Activity, index: int) -> str:
    """The id of an activity. A session of a list keeps its own in every later export of the list."""
    if activity.source == LISTED:
        return activity_id(athlete_id, f"{activity.reader}:{activity.external_id}", 0)
    return activity_id(athlete_id, sha256, index)


def process(job: Job, known: frozenset[tuple[str, str]], archive: Path, limits: Limits) -> Outcome:
    """Load, read and measure one candidate and keep its original; never raises for a bad file. A `known` (athlete,
    sha256) is not read again, but its original is kept again where the archive's is damaged. `archive` is the folder of
    the originals; what is refused is kept beside them, within a bound. Both are written aside: the run settles many at
    a time."""
    candidate = job.candidate
    outcome = Outcome(candidate.label, candidate.relative, job.athlete_id, "quarantined")
    damage: Damaged | None = None
    try:
        data = load(candidate, limits)
    except Damaged as part:
        data, damage = part.saved, part
    except StillChanging:
        outcome.status, outcome.settled = "changing", False
        return outcome
    except Unreadable as refusal:
        outcome.reason, outcome.code = refusal.reason, refusal.code
        return outcome
    except OSError as error:
        outcome.reason = f"It could not be opened: {error.strerror or error}. Check its permissions."
        outcome.code, outcome.settled = "not_opened", False
        return outcome
    except MemoryError:
        raise
    except Exception as error:  # one file must never cost another file anything
        unforeseen(outcome, error)
        return outcome
    outcome.sha256, outcome.bytes = hashlib.sha256(data).hexdigest(), len(data)
    outcome.spent = replace(NOTHING, bytes_out=float(len(data)))
    if (job.athlete_id, outcome.sha256) in known:
        outcome.status = "duplicate"
        outcome.written = Archive(archive).write_aside(data)
        return outcome
    outcome.dated = job.dates.get(outcome.sha256)
    digest_file(outcome, data, job.zone, limits, job.budget, job.latest)
    if damage is not None and outcome.status not in ("ignored", "waiting"):
        outcome.status = "salvaged" if outcome.kept else outcome.status
        outcome.reason, outcome.code = damage.reason, damage.code
    if outcome.kept:
        outcome.written = Archive(archive).write_aside(data)
        Archive(archive.with_name(REFUSED)).remove(outcome.sha256)  # an earlier reader could not read it
    elif job.named and outcome.status in ("quarantined", "waiting") and len(data) <= REFUSED_BYTES:
        outcome.written = Archive(archive.with_name(REFUSED)).write_aside(data)
    return outcome


def reread(original: Original, archive: Path) -> Outcome:
    """Read and measure an original of the archive again. What was accepted once stays accepted, whatever the limits are
    now; one that is gone or damaged has its reason."""
    path, sha256 = original.path, original.sha256
    outcome = Outcome(path, top_of(path), original.athlete_id, "quarantined", sha256=sha256)
    outcome.sports = {index: (sport, sub_sport, source) for index, sport, sub_sport, source in original.sports}
    try:
        data = Archive(archive).get(sha256)
    except (WarehouseError, OSError) as error:
        outcome.reason, outcome.code = str(error), ORIGINAL_DAMAGED
        return outcome
    outcome.bytes, outcome.dated = len(data), original.dated
    digest_file(outcome, data, original.zone, NO_LIMITS)
    return outcome


def look(fresh: Fresh, limits: Limits) -> Scan:
    """What a file of the inbox that is new holds: itself, or the members of a zip."""
    return look_into(fresh, limits)


def digest_file(
    outcome: Outcome,
    data: bytes,
    zone: str,
    limits: Limits,
    budget: Budget | None = None,
    latest: datetime | None = None,
) -> None:
    """Read and measure one file's bytes into its outcome, unless that would cost more than its budget. Its clock is
    judged where `latest` says what is to come; what was accepted once is not judged again."""
    try:
        reading = read(data, outcome.label, limits)
        outcome.spent = cost_of(reading.activities, data)
        if budget is not None and (lacking := budget.less(outcome.spent).lacking()):
            raise over_budget(lacking)
        fill(outcome, reading, zone, latest)
    except Unreadable as refusal:
        outcome.status, outcome.reason, outcome.code = "quarantined", refusal.reason, refusal.code
    except MemoryError:
        outcome.recordings.clear()
        raise
    except Exception as error:  # one file must never cost another file anything
        unforeseen(outcome, error)


def over_budget(lacking: str) -> Unreadable:
    """The refusal of what would cost more than its top-level file may."""
    return Unreadable(
        f"The file unfolds to more {lacking} than a file of its size holds",
        "If it is real, unpack it yourself and drop the files in",
        code="over_budget",
    )


def unforeseen(outcome: Outcome, error: Exception) -> None:
    """Refuse a file over which our own code failed."""
    outcome.status, outcome.code = "quarantined", "reader_failed"
    outcome.reason = (
        f"Reading it failed in a way nobody foresaw ({type(error).__name__}: {str(error)[:120]}). "
        "Please report it with what `steadymile doctor` says."
    )
    outcome.recordings.clear()


def on_its_day(outcome: Outcome, reading: Reading, zone: str, latest: datetime | None) -> Reading | None:
    """The reading with its sessions on the day they took place; None where nobody knows it, and the file waits."""
    recorded = [activity for activity in reading.activities if activity.source != LISTED]
    wrong = dating.wrong(recorded, latest) if latest else None
    if latest and outcome.dated is None:
        outcome.dated = dating.by_its_file(recorded, outcome.label, zone, latest, wrong)
    if outcome.dated is None or not recorded:
        if wrong is None:
            return reading
        outcome.status, outcome.code, outcome.settled = "waiting", clocks.CODE, False
        outcome.reason = dating.why_it_waits(wrong, recorded, outcome.label, zone)
        outcome.undated = totals_of(recorded[0], wrong.by_weeks) if len(recorded) == 1 else None
        return None
    dated = dating.dated(reading.activities, outcome.dated)
    as_it_is = dated[0].started_at == reading.activities[0].started_at
    note = f"its clock was {'doubted' if as_it_is else 'wrong'}; {outcome.dated.note}"
    return replace(reading, activities=dated, notes=(*reading.notes, note), code=reading.code or clocks.CODE)


def totals_of(activity: Activity, may_be_right: bool) -> Totals:
    """What is known of a session without its clock, and by it where it may be right."""
    metrics, stored = measure(activity).metrics, activity.stored
    lengths = {metrics[name].value for name in ("elapsed_s", "timer_s", "moving_s")}
    lengths |= {stored.elapsed_s, stored.timer_s, stored.moving_s}
    start = activity.started_at if may_be_right else None
    return Totals(tuple(sorted(s for s in lengths if s)), metrics["distance_m"].value, activity.sport, start)


def fill(outcome: Outcome, reading: Reading, zone: str, latest: datetime | None = None) -> None:
    """Measure what a reading holds and settle where and when it was."""
    outcome.reader, outcome.what = reading.reader, reading.what
    if reading.ignored is not None:
        outcome.status, outcome.reason, outcome.code = reading.status or "ignored", reading.ignored, reading.code
        return
    placed = on_its_day(outcome, from_wall(reading, zone), zone, latest)
    if placed is None:
        return
    reading = placed
    for index, activity in enumerate(reading.activities):
        if index in outcome.sports:
            sport, sub_sport, source = outcome.sports[index]
            activity = replace(activity, sport=sport, sub_sport=sub_sport, sport_source=source)
        outcome.recordings.append(record(outcome, activity, index, zone))
    outcome.left_out = reading.left_out + sum(activity.left_out for activity in reading.activities)
    outcome.wellness = list(reading.wellness)
    outcome.checkins = list(reading.checkins)
    if reading.salvaged is not None:
        outcome.status, outcome.reason, outcome.code = "salvaged", reading.salvage, reading.code
    else:
        outcome.status, outcome.reason, outcome.code = "ingested", " ".join(reading.notes) or None, reading.code


def record(outcome: Outcome, activity: Activity, index: int, zone: str) -> NewRecording:
    """One activity measured and placed."""
    assert outcome.athlete_id is not None  # only jobs with an owner get here
    assert outcome.sha256 is not None
    measured = measure(activity)
    where = settle(activity, zone)
    samples = measured.samples
    kind = kind_of(
        activity.sport,
        samples["t_s"].to_numpy(),
        samples["speed_m_s"].to_numpy(),
        {name: value.value for name, value in measured.metrics.items()},
        ridden=measured.counts.get("VEHICLE", 0) / max(samples.height, 1),
        felt=any(np.nanmax(samples[name].to_numpy(), initial=0.0) > 0.0 for name in ("heart_rate_bpm", "cadence_spm")),
    )
    return NewRecording(
        activity_id=identity_of(outcome.athlete_id, outcome.sha256, activity, index),
        athlete_id=outcome.athlete_id,
        sha256=outcome.sha256,
        path=outcome.label,
        activity=activity,
        measured=measured,
        local_day=where.local_day,
        timezone=where.timezone,
        timezone_source=where.source,
        index=index,
        kind=kind,
        signature=signature(samples),
    )
