"""Shapes of one house turned into shapes of another, and of both into JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from steadymile.ingest.formats import rank_of
from steadymile.models.assessment.answers import SESSION_FIELDS, Recorded
from steadymile.models.assessment.assess import RecordingFacts
from steadymile.models.duplicates import Recording as IdentityRecording
from steadymile.models.duplicates import Signature, nothing
from steadymile.models.recording import Wellness
from steadymile.models.weekplan import Action, PlannedSession, Reason, Step, WeekPlan
from steadymile.warehouse.tables.rows import Remembered


def week_payload(week: WeekPlan) -> dict[str, Any]:
    """A week's plan as JSON values, complete: `week_from` gives it back."""
    payload = asdict(week)
    payload["action"] = week.action.word
    payload["as_of"] = week.as_of.isoformat()
    for session in payload["planned"]:
        session["day"] = session["day"].isoformat()
    return payload


def week_from(payload: Mapping[str, Any]) -> WeekPlan:
    """The inverse of week_payload."""
    values = dict(payload)
    values["action"] = Action[str(values["action"]).upper()]
    values["as_of"] = date.fromisoformat(values["as_of"])
    values["planned"] = tuple(
        PlannedSession(
            **{
                **session,
                "day": date.fromisoformat(session["day"]),
                "steps": tuple(Step(**step) for step in session["steps"]),
            }
        )
        for session in values["planned"]
    )
    values["reasons"] = tuple(
        Reason(**{**reason, "activity_ids": tuple(reason["activity_ids"])}) for reason in values["reasons"]
    )
    return WeekPlan(**values)


def pack_signature(signature: Signature) -> bytes:
    """A signature as bytes: four rows of float64, NaN for unknown."""
    rows = [signature.latitude_deg, signature.longitude_deg, signature.distance_m, signature.heart_rate_bpm]
    table = np.full((4, max(row.size for row in rows)), np.nan)
    for place, row in enumerate(rows):
        table[place, : row.size] = row
    return table.tobytes()


def unpack_signature(packed: bytes | None) -> Signature:
    """The inverse of pack_signature; an empty one where there is none."""
    if not packed:
        return Signature()
    table = np.frombuffer(packed).reshape(4, -1)
    return Signature(*(row if np.isfinite(row).any() else nothing() for row in table))


def identity_recording(recording: Remembered) -> IdentityRecording:
    """A remembered recording as identity matching takes it."""
    return IdentityRecording(
        activity_id=recording.activity_id,
        started_at=recording.started_at,
        ended_at=recording.ended_at,
        sport=recording.sport,
        distance_m=recording.metrics.get("distance_m"),
        identity=recording.identity,
        n_samples=recording.n_samples,
        has_hr=recording.has_heart_rate,
        has_gps=recording.has_position,
        has_altitude=recording.has_altitude,
        has_cadence=recording.has_cadence,
        format_rank=rank_of(recording.reader),
        moving_s=recording.metrics.get("moving_s"),
        signature=unpack_signature(recording.signature),
    )


def recording_facts(recording: Remembered, answers: Mapping[str, Any]) -> RecordingFacts:
    """A remembered recording with its answers as the person stage takes it."""
    return RecordingFacts(
        activity_id=recording.activity_id,
        started_at=recording.started_at,
        local_day=recording.local_day,
        sport=recording.sport,
        kind=recording.kind,
        metrics=recording.metrics,
        digest=recording.digest,
        sub_sport=recording.sub_sport,
        heart_rate_mean_bpm=recording.stored.heart_rate_mean_bpm,
        heart_rate_max_bpm=recording.stored.heart_rate_max_bpm,
        fingerprint=recording.fingerprint,
        **{name: answers.get(name) for name in SESSION_FIELDS},
    )


def recorded(recording: Remembered) -> Recorded:
    """A remembered recording as the matching of answers takes it."""
    return Recorded(
        recording.activity_id,
        recording.started_at,
        recording.ended_at,
        recording.local_day,
        recording.kind,
        recording.rpe,
        recording.feel,
    )


def day_of_reading(reading: Wellness, zone: str) -> date:
    """The local day of a wellness reading: stated by the file, else by its offset, else by the athlete's zone."""
    if reading.day is not None:
        return reading.day
    if reading.at is None:
        raise ValueError(f"a {reading.quantity} reading with neither time nor day")
    if reading.utc_offset_s is not None:
        return (reading.at.astimezone(UTC) + timedelta(seconds=reading.utc_offset_s)).date()
    return reading.at.astimezone(ZoneInfo(zone)).date()
