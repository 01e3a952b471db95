"""When a recording took place whose own clock cannot say it: by the file's name, another stamp, or its owner's word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from steadymile.ingest.clocks import FIRST_WATCH
from steadymile.models.recording import Activity

FIT_READERS = frozenset({"columnar", "fitparse", "fit"})
FIRST_FIT = datetime(2009, 1, 1, tzinfo=UTC)
"""No watch recorded FIT files before it."""
SOON = timedelta(days=28)
"""Within which a watch's recording is copied (design value)."""
NEW_YEAR = timedelta(hours=1)
"""So long after a year's beginning a clock may be one that began anew with an empty battery: where no place was
recorded and the file's name states a day more than 400 days later, that is true (design value)."""
ROLLOVER, SAME_DAY, JUST_RECORDED = timedelta(weeks=1024), timedelta(hours=36), timedelta(days=400)
"""Satellites count 1,024 weeks and begin again; receivers that do not know it show a day 19.6 years ago. What would be
of the last 400 days by that may be either, so its owner is asked (design value)."""


@dataclass(frozen=True, slots=True)
class Dating:
    """When a recording began, by another word than its clock's. `source`: `owner`, `week counter`, `file stamp`,
    `file name`, `list`, `recordings beside it`; the note says how certain it is."""

    started_at: datetime
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the clock of a recording cannot be right, in words; `by_weeks` where it may be all the same, for only the
    satellites' weeks speak against it."""

    said: str
    by_weeks: bool = False


def wrong(activities: Sequence[Activity], latest: datetime) -> Doubt | None:
    """Why the clock of a recording cannot be right, None where it can: before the first watches, in the future, or
    likely where the satellites' weeks began again."""
    for activity in activities:
        says = f"it says {activity.started_at:%Y-%m-%d %H:%M} UTC"
        if latest - JUST_RECORDED <= activity.started_at + ROLLOVER <= latest:
            why = "as receivers are that do not know that satellites count weeks anew"
            return Doubt(f"Its clock may be 1,024 weeks behind, {why}: {says}", by_weeks=True)
        if activity.started_at.timestamp() < FIRST_WATCH:
            return Doubt(f"Its clock was never set: {says}")
        if activity.started_at > latest:
            return Doubt(f"Its clock is ahead: {says}, which is still to come")
    return None


def counted_anew(activities: Sequence[Activity], path: str, zone: str, latest: datetime) -> Dating | None:
    """The start of a recording whose receiver counts the satellites' weeks from the beginning again: 1,024 weeks later,
    where the file's name or another of its stamps says so too, or where no such watch existed at that time."""
    if not activities:
        return None
    first = min(activity.started_at for activity in activities)
    then = first + ROLLOVER
    if then > latest or first.timestamp() < FIRST_WATCH:
        return None
    others = [activity.stamp for activity in activities if activity.stamp is not None]
    others += [day for day in (named_day(path, zone),) if day is not None]
    agree = any(abs(other - then) <= SAME_DAY for other in others)
    if not agree and not (first < FIRST_FIT and all(_by_a_watch(activity, latest - then) for activity in activities)):
        return None
    said = f"it was 1,024 weeks behind, and its start {then:%Y-%m-%d %H:%M} UTC is true if nothing else was wrong"
    return Dating(then, "week counter", said)


def _by_a_watch(activity: Activity, ago: timedelta) -> bool:
    """Whether a FIT file is a watch's own: it bears a serial number, or came as soon as those of watches do. Others may
    be recordings of that time which a program has converted since."""
    return activity.reader in FIT_READERS and (activity.device.serial is not None or ago <= SOON)


def by_its_file(
    recorded: Sequence[Activity], path: str, zone: str, latest: datetime, doubt: Doubt | None
) -> Dating | None:
    """The start that the file itself knows besides its clock, None where it knows none."""
    anew = counted_anew(recorded, path, zone, latest)
    if anew is None and doubt is None and _began_with_the_year(recorded):
        day, stated_then = named_day(path, zone), named(path, zone, latest)
        return stated_then if day and day - recorded[0].started_at > JUST_RECORDED else None
    if anew is not None or doubt is None or doubt.by_weeks:  # such a watch names its files by that clock
        return anew
    return named(path, zone, latest) or stamped(recorded, latest)


def _began_with_the_year(recorded: Sequence[Activity]) -> bool:
    """Whether the clock says the first hour of a year, as one that begins anew does when its battery was empty. One
    that has places has the satellites' time too: that run was in the new year, whenever its file was named."""
    first = min(recorded, key=lambda activity: activity.started_at, default=None)
    if first is None or first.samples["latitude_deg"].count():
        return False
    return first.started_at - datetime(first.started_at.year, 1, 1, tzinfo=UTC) <= NEW_YEAR


def why_it_waits(doubt: Doubt, recorded: Sequence[Activity], path: str, zone: str) -> str:
    """What is said of a recording whose day nobody knows, with the next step."""
    name = path.rsplit("/", 1)[-1]
    if not doubt.by_weeks:
        how = f"Give its start: steadymile date {name!r} 2026-11-25T18:00"
        return f"{doubt.said}, so nobody knows its day, and it waits. {how}"
    start = min(activity.started_at for activity in recorded)
    then = (start + ROLLOVER).astimezone(ZoneInfo(zone))
    return (
        f"{doubt.said}, so it waits for you. Give its start: steadymile date {name!r} {then:%Y-%m-%dT%H:%M}, or "
        f"{start:%Y-%m-%dT%H:%MZ} if that was it"
    )


_NAMED = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
    r"(?:[T _.-]+|(?=\d{4}))([01]\d|2[0-3])[-_.:h]?([0-5]\d)(?:[-_.:m]?([0-5]\d))?"
)


def named(path: str, zone: str, latest: datetime) -> Dating | None:
    """The start that a file's name states, as watches and apps name their files, in local time; None where there is
    none that can be."""
    found = _NAMED.search(path.rsplit("/", 1)[-1])
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups())
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=ZoneInfo(zone))
    except ValueError:
        return None
    if local.timestamp() < FIRST_WATCH or local > latest:
        return None
    said = f"{local:%Y-%m-%d %H:%M}"
    return Dating(local.astimezone(UTC), "file name", f"its start {said} is that of the file's name, true to minutes")


_NAMED_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?:(?!\d)|(?=\d{4}))")


def named_day(path: str, zone: str) -> datetime | None:
    """Noon of the local day that a file's name states, with or without a time; None where it states none."""
    found = _NAMED_DAY.search(path.rsplit("/", 1)[-1])
    if found is None:
        return None
    try:
        year, month, day = map(int, found.groups())
        return datetime(year, month, day, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        return None


def stamped(activities: Sequence[Activity], latest: datetime) -> Dating | None:
    """The start by another time stamp of the file, such as when it was created; None where none can be."""
    for activity in activities:
        if activity.stamp is not None and activity.stamp.timestamp() >= FIRST_WATCH and activity.stamp <= latest:
            said = f"{activity.stamp:%Y-%m-%d %H:%M} UTC"
            return Dating(activity.stamp, "file stamp", f"its start {said} is another time stamp of the file, true to "
                          "within a day where the file was not made anew later")  # fmt: skip
    return None


def dated(activities: Sequence[Activity], dating: Dating) -> tuple[Activity, ...]:
    """The activities of one file with the first of them beginning when the dating says, the others as much later."""
    first = min(activity.started_at for activity in activities)
    return tuple(shifted(activity, dating.started_at - first, dating.note) for activity in activities)


def shifted(activity: Activity, by: timedelta, note: str | None = None) -> Activity:
    """An activity at another time, all else equal. A local clock that was as wrong says nothing of the zone."""
    samples, laps = activity.samples, activity.laps
    return replace(
        activity,
        started_at=activity.started_at + by,
        samples=samples.with_columns(pl.col("time") + by) if samples.height else samples,
        laps=laps.with_columns(pl.col("started_at") + by) if laps.height else laps,
        notes=activity.notes if note is None else (*activity.notes, note),
    )


def stated(text: str, zone: str) -> datetime:
    """A time that a person states, in local time where it names no offset. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
