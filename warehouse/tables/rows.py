"""What goes into the warehouse and comes back, one small record each. Times UTC, unknown is None."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from steadymile.models.metrics.catalogue import Digest, Measured
from steadymile.models.recording import Activity, Device, Stored


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file ever seen under one path: `inbox` relative path, or `export.zip!/a.fit` for a member.

    `bytes` and `sha256` of the decompressed content (None where it could not be read); `status` ingested, duplicate,
    salvaged, quarantined, ignored or waiting; `reason` one plain line wherever status is not ingested, `code` the same
    for programs; `reader` who read it, `what` it is in plain words; `activities` how many came from it; `judged_by` the
    readers and limits by which that was decided; `held` whether its check-ins may begin a stop and never end one (None:
    it has none, or came in when all counted alike). The first `first_seen_at` saved is kept.
    """

    path: str
    status: str
    first_seen_at: datetime
    athlete_id: str | None = None
    sha256: str | None = None
    bytes: int | None = None
    reason: str | None = None
    reader: str | None = None
    what: str | None = None
    activities: int = 0
    code: str | None = None
    left_out: int | None = None
    judged_by: str | None = None
    held: bool | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """One activity on its way in. `activity_id` is unique over all athletes.

    `index` which activity of the file; `kind` run, walk, hike, other or unknown; `timezone_source` place, file,
    athlete or utc; `signature` what identity matching needs, opaque here.
    """

    activity_id: str
    athlete_id: str
    sha256: str
    path: str
    activity: Activity
    measured: Measured
    local_day: date
    timezone: str
    timezone_source: str
    index: int = 0
    kind: str = "unknown"
    signature: bytes | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """A stored activity without its samples: what the person stage and identity need. `metrics` file metrics only,
    None where there is a reason instead; `source` listed where only an export's list names it, `sport_source` list
    where that says what sport it was; `fingerprint` changes with anything that its file says."""

    activity_id: str
    athlete_id: str
    sha256: str
    path: str
    index: int
    started_at: datetime
    ended_at: datetime
    local_day: date
    timezone: str
    timezone_source: str
    sport: str
    sub_sport: str | None
    kind: str
    reader: str
    title: str | None
    workout: str | None
    device: Device
    stored: Stored
    rpe: float | None
    feel: float | None
    identity: str | None
    external_id: str | None
    n_samples: int
    has_heart_rate: bool
    has_position: bool
    has_altitude: bool
    has_cadence: bool
    metrics: Mapping[str, float | None]
    digest: Digest
    signature: bytes | None
    duplicate_of: str | None
    notes: tuple[str, ...] = ()
    source: str | None = None
    sport_source: str | None = None
    fingerprint: int | None = None

    @property
    def preferred(self) -> bool:
        """Whether this copy counts."""
        return self.duplicate_of is None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where and when an activity counts: its local day, time zone, and how that was decided."""

    activity_id: str
    local_day: date
    timezone: str
    timezone_source: str


@dataclass(frozen=True, slots=True)
class MatchRow:
    """`activity_id` is the same run as the preferred `duplicate_of`, by which rule, with the detail in plain words."""

    activity_id: str
    duplicate_of: str
    rule: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of the line, for `runs_log`. `durations_s` by step, `versions` by name, `counts` files by status."""

    run_id: str
    command: str
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str = "done"
    files_new: int = 0
    files_refused: int = 0
    activities_new: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    durations_s: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    published: bool = False
    note: str | None = None


Answers = Mapping[str, Any]
"""Session answers once matched to an activity: keys rpe, talk_test, feel, surface, pack_kg, boots_g, title."""
