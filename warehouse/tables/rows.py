"""What goes into the warehouse and comes back, one small record each. Times UTC, unknown is None."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from steadymile.models.measured import Signature
from steadymile.models.metrics.catalogue import Measured
from steadymile.models.recording import Activity


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
class NewRecording:
    """One activity on its way in. `activity_id` is unique over all athletes.

    `index` which activity of the file; `kind` run, walk, hike, other or unknown; `timezone_source` place, file,
    athlete or utc; `signature` what identity matching needs.
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
    signature: Signature | None = None


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
    """One run of the pipeline, for `runs_log`. `durations_s` by step, `versions` by name, `counts` files by status."""

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
