"""A measured recording, as every stage after the reading of files takes it: identity, answers, kinds, assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import numpy as np
from steadymile.models.metrics.catalogue import Digest
from steadymile.models.recording import Device, Stored

ANSWERS = ("rpe", "talk_test", "feel", "surface", "pack_kg", "boots_g")
"""What a person answers about a session."""

_answers = attrgetter(*ANSWERS)


def nothing() -> np.ndarray:
    """A column of which nothing is known."""
    return np.empty(0)


@dataclass(frozen=True, slots=True)
class Signature:
    """A recording every 30 s from its start: place, distance so far, heart rate. NaN where unknown, empty where nothing
    of a kind is known."""

    latitude_deg: np.ndarray = field(default_factory=nothing)
    longitude_deg: np.ndarray = field(default_factory=nothing)
    distance_m: np.ndarray = field(default_factory=nothing)
    heart_rate_bpm: np.ndarray = field(default_factory=nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recording without its samples; None is unknown. `metrics` are its file metrics, None where a reason stands
    instead.

    `kind` run, walk, hike, other or unknown. `rpe` and `feel` are the watch's own until `answered` puts in what the
    person said; `stored` the device's totals. `identity` is the maker's own name of it, equal in every export.
    `source` is listed where only an export's list names it and logged where only the person does, `sport_source` list
    or owner where that says what sport it was. `duplicate_of` names the recording that counts for this one.
    `fingerprint` changes with anything that its file says, None where nobody keeps one.
    """

    activity_id: str
    started_at: datetime
    ended_at: datetime
    local_day: date
    sport: str = "unknown"
    sub_sport: str | None = None
    kind: str = "unknown"
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    digest: Digest = field(default_factory=Digest)
    rpe: float | None = None
    talk_test: str | None = None
    feel: float | None = None
    surface: str | None = None
    pack_kg: float | None = None
    boots_g: float | None = None
    athlete_id: str = ""
    sha256: str = ""
    path: str = ""
    index: int = 0
    timezone: str = "UTC"
    timezone_source: str = "utc"
    reader: str = ""
    title: str | None = None
    workout: str | None = None
    device: Device = field(default_factory=Device)
    stored: Stored = field(default_factory=Stored)
    identity: str | None = None
    external_id: str | None = None
    n_samples: int = 0
    has_heart_rate: bool = False
    has_position: bool = False
    has_altitude: bool = False
    has_cadence: bool = False
    signature: Signature = field(default_factory=Signature, compare=False)
    duplicate_of: str | None = None
    notes: tuple[str, ...] = ()
    source: str | None = None
    sport_source: str | None = None
    fingerprint: int | None = None

    @property
    def preferred(self) -> bool:
        """Whether this copy counts."""
        return self.duplicate_of is None

    @property
    def distance_m(self) -> float | None:
        """Metres covered."""
        return self.metrics.get("distance_m")

    @property
    def moving_s(self) -> float | None:
        """Seconds in motion."""
        return self.metrics.get("moving_s")

    def answered(self, answers: Mapping[str, Any]) -> Recording:
        """The recording with the answers given for it, and no others."""
        said: tuple[Any, ...] = tuple(answers.get(name) for name in ANSWERS)
        return self if _answers(self) == said else replace(self, **dict(zip(ANSWERS, said)))
