"""What a worker does with a few files: load, hash, keep the original, read, measure. Workers share nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from steadymile.ingest.archives.containers import NO_LIMITS, Limits
from steadymile.ingest.formats import read
from steadymile.ingest.inbox import Candidate, StillChanging, load
from steadymile.ingest.local_day import settle
from steadymile.ingest.reading import Damaged, Reading, Unreadable
from steadymile.models.assessment.session_kind import kind_of
from steadymile.models.duplicates import signature
from steadymile.models.metrics.measure import measure
from steadymile.models.recording import Activity, CheckIn, Wellness
from steadymile.pipelines.convert import pack_signature
from steadymile.warehouse.archive import Archive
from steadymile.warehouse.errors import WarehouseError
from steadymile.warehouse.tables.rows import Recording


@dataclass(frozen=True, slots=True)
class Job:
    """One candidate, whose it is, and that person's zone."""

    candidate: Candidate
    athlete_id: str
    zone: str


@dataclass(slots=True)
class Outcome:
    """What became of one file. `settled` False: look again next time (it still grows, or waits for its owner). The
    status `changing` (it grew while it was read) is never stored; `code` says for programs what `reason` says."""

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
    recordings: list[Recording] = field(default_factory=list)
    wellness: list[Wellness] = field(default_factory=list)
    checkins: list[CheckIn] = field(default_factory=list)
    sports: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    settled: bool = True

    @property
    def kept(self) -> bool:
        """Whether it was read, all of it or up to a break."""
        return self.status in ("ingested", "salvaged")


@dataclass(frozen=True, slots=True)
class Original:
    """One original of the archive: as which path it came in, whose it is, its content, and that person's zone.
    `sports` are what a list names its activities: index, sport, sub-sport."""

    path: str
    athlete_id: str
    sha256: str
    zone: str
    sports: tuple[tuple[int, str, str | None], ...] = ()


def activity_id(athlete_id: str, sha256: str, index: int) -> str:
    """A stable id: the same person's same bytes give the same id on every machine and in every rebuild."""
    return hashlib.blake2b(f"{athlete_id}|{sha256}|{index}".encode(), digest_size=8).hexdigest()


def identity_of(athlete_id: str, sha256: str, activity: Activity, index: int) -> str:
    """The id of an activity. A session of a list keeps its own in every later export of the list."""
    if activity.source == "listed":
        return activity_id(athlete_id, f"{activity.reader}:{activity.external_id}", 0)
    return activity_id(athlete_id, sha256, index)


def process(jobs: Sequence[Job], known: frozenset[tuple[str, str]], objects: Path, limits: Limits) -> list[Outcome]:
    """Do these jobs; never raises for a bad file. `known` (athlete, sha256) are not read again."""

    outcomes, originals = [], []
    for job in jobs:
        candidate = job.candidate
        outcome = Outcome(candidate.label, candidate.relative, job.athlete_id, "quarantined")
        outcomes.append(outcome)
        damage: Damaged | None = None
        try:
            data = load(candidate, limits)
        except Damaged as part:
            data, damage = part.saved, part
        except StillChanging:
            outcome.status, outcome.settled = "changing", False
            continue
        except Unreadable as refusal:
            outcome.reason, outcome.code = refusal.reason, refusal.code
            continue
        except OSError as error:
            outcome.reason = f"It could not be opened: {error.strerror or error}. Check its permissions."
            outcome.settled = False
            continue
        outcome.sha256 = hashlib.sha256(data).hexdigest()
        outcome.bytes = len(data)
        if (job.athlete_id, outcome.sha256) in known:
            outcome.status = "duplicate"
            continue
        digest_file(outcome, data, job.zone, limits)
        if damage is not None and outcome.status not in ("ignored", "waiting"):
            outcome.status, outcome.reason = "salvaged" if outcome.kept else outcome.status, damage.reason
            outcome.code = damage.code
        if outcome.kept:
            originals.append(data)
    Archive(objects).put_many(originals)
    return outcomes


def reread(originals: Sequence[Original], objects: Path) -> list[Outcome]:
    """Read and measure originals of the archive again. What was accepted once stays accepted, whatever the limits are
    now; one that is gone or damaged has its reason."""

    archive, outcomes = Archive(objects), []
    for original in originals:
        outcome = Outcome(original.path, original.path.split("!/")[0], original.athlete_id, "quarantined")
        outcome.sha256 = original.sha256
        outcome.sports = {index: (sport, sub_sport) for index, sport, sub_sport in original.sports}
        outcomes.append(outcome)
        try:
            data = archive.get(original.sha256)
        except (WarehouseError, OSError) as error:
            outcome.reason = str(error)
            continue
        outcome.bytes = len(data)
        digest_file(outcome, data, original.zone, NO_LIMITS)
    return outcomes


def digest_file(outcome: Outcome, data: bytes, zone: str, limits: Limits) -> None:
    """Read and measure one file's bytes into its outcome."""

    try:
        reading = read(data, outcome.label, limits)
        fill(outcome, reading, zone)
    except Unreadable as refusal:
        outcome.status, outcome.reason, outcome.code = "quarantined", refusal.reason, refusal.code
    except MemoryError:
        outcome.status, outcome.reason = "quarantined", "It needs more memory than there is. Split it, or leave it out."
    except Exception as error:  # one file must never cost another file anything
        outcome.status = "quarantined"
        outcome.reason = (
            f"Reading it failed in a way nobody foresaw ({type(error).__name__}: {str(error)[:120]}). "
            "Please report it with what `steadymile doctor` says."
        )
        outcome.recordings.clear()


def fill(outcome: Outcome, reading: Reading, zone: str) -> None:
    """Measure what a reading holds and settle where and when it was."""
    outcome.reader, outcome.what = reading.reader, reading.what
    if reading.ignored is not None:
        outcome.status, outcome.reason, outcome.code = reading.status or "ignored", reading.ignored, reading.code
        return
    for index, activity in enumerate(reading.activities):
        if index in outcome.sports:
            sport, sub_sport = outcome.sports[index]
            activity = replace(activity, sport=sport, sub_sport=sub_sport, sport_source="list")
        outcome.recordings.append(record(outcome, activity, index, zone))
    outcome.wellness = list(reading.wellness)
    outcome.checkins = list(reading.checkins)
    if reading.salvaged is not None:
        outcome.status, outcome.reason, outcome.code = "salvaged", reading.salvage, reading.code
    else:
        outcome.status = "ingested"
        outcome.reason = " ".join(reading.notes) or None


def record(outcome: Outcome, activity: Activity, index: int, zone: str) -> Recording:
    """One activity measured and placed."""

    assert outcome.athlete_id is not None  # only jobs with an owner get here
    assert outcome.sha256 is not None
    measured = measure(activity)
    where = settle(activity, zone)
    samples = measured.samples
    kind = kind_of(
        activity.sport,
        samples["t_s"].to_numpy(),
        samples["speed_m_s"].fill_null(float("nan")).to_numpy(),
        {name: value.value for name, value in measured.metrics.items()},
        felt=any((samples[name] > 0).any() for name in ("heart_rate_bpm", "cadence_spm")),
    )
    return Recording(
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
        signature=pack_signature(signature(samples)),
    )
