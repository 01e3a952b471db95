"""Shapes of one house turned into shapes of another, and of both into JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from steadymile.models.recording import Wellness
from steadymile.models.weekplan import Action, PlannedSession, Reason, Step, WeekPlan


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


def day_of_reading(reading: Wellness, zone: str) -> date:
    """The local day of a wellness reading: stated by the file, else by its offset, else by the athlete's zone."""
    if reading.day is not None:
        return reading.day
    if reading.at is None:
        raise ValueError(f"a {reading.quantity} reading with neither time nor day")
    if reading.utc_offset_s is not None:
        return (reading.at.astimezone(UTC) + timedelta(seconds=reading.utc_offset_s)).date()
    return reading.at.astimezone(ZoneInfo(zone)).date()
