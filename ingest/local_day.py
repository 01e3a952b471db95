"""Where and when a session took place on the local clock: its zone, its day, and how that was decided."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
from steadymile.ingest.dating import shifted
from steadymile.ingest.reading import Reading
from steadymile.models.recording import Activity
from steadymile.models.sport import is_virtual

Source = Literal["place", "file", "athlete", "utc"]

ROUND_S = 900
CLOCK_TOLERANCE_S = 120
ODD_OFFSETS_MIN = frozenset({-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825})
"""Offsets in use that are no whole hours, with their summer times; a file that states another is mistaken."""
PLACES_ASKED = 9


@dataclass(frozen=True, slots=True)
class LocalDay:
    """The day a session counts for. `timezone` is an IANA name, or a fixed one like `UTC+05:30`.

    `source`: the GPS place, the file's own local time, the athlete's zone, or UTC when nothing is known.
    """

    local_day: date
    timezone: str
    source: Source
    started_local: datetime


def place_zones(latitude_deg: float, longitude_deg: float) -> tuple[str, ...]:
    """IANA zones in use at a place, empty where it is no place. Some regions keep two clocks."""
    if not (math.isfinite(latitude_deg) and math.isfinite(longitude_deg)):
        return ()
    if abs(latitude_deg) > 90 or abs(longitude_deg) > 180 or latitude_deg == longitude_deg == 0:
        return ()
    from tzfpy import get_tzs

    return tuple(name for name in get_tzs(longitude_deg, latitude_deg) if name and known_zone(name) is not None)


def place_zone(latitude_deg: float, longitude_deg: float) -> str | None:
    """The IANA zone of a place (offline polygons of tzf, borders true to about a kilometre); None where it is none."""
    zones = place_zones(latitude_deg, longitude_deg)
    return zones[0] if zones else None


@lru_cache(maxsize=512)
def known_zone(name: str) -> ZoneInfo | None:
    """The rules of an IANA zone, None for a name that is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def settle(activity: Activity, athlete_zone: str | None) -> LocalDay:
    """The local day of a session: place first, then the file's offset, then the athlete's zone, then UTC.

    The places of a virtual course are not asked. A place on the open sea is asked last before UTC, for on foot it is a
    false position more often than a ship. An offset of zero decides nothing against the athlete's zone: makers that do
    not know the local time write UTC twice.
    """
    home = athlete_zone if athlete_zone and known_zone(athlete_zone) else None
    start = activity.started_at
    place = None if is_virtual(activity.sub_sport, activity.device.name) else _place(activity, home)
    if place is not None and not place.startswith("Etc/"):
        return _day(start, place, ZoneInfo(place), "place")
    offset = file_offset(activity.utc_offset_s)
    if home and offset is not None and ZoneInfo(home).utcoffset(start.astimezone(ZoneInfo(home))) == offset:
        return _day(start, home, ZoneInfo(home), "file")
    if offset is not None and (offset or not home):
        return _day(start, fixed_name(offset), timezone(offset), "file")
    if home:
        return _day(start, home, ZoneInfo(home), "athlete")
    if place is not None:
        return _day(start, place, ZoneInfo(place), "place")
    return _day(start, "UTC", UTC, "utc")


def from_wall(reading: Reading, athlete_zone: str | None) -> Reading:
    """A reading whose times are those of the clock on the wall, in UTC: by the place of each session, else by the
    athlete's zone. Where neither is known they stay as they are, which keeps the day."""
    if not reading.wall_clock:
        return reading

    def utc(wall: datetime, zone: str | None) -> datetime:
        rules = known_zone(zone) if zone else None
        return wall if rules is None else wall.replace(tzinfo=rules).astimezone(UTC)

    activities = []
    for activity in reading.activities:
        begun = utc(activity.started_at, _place(activity, athlete_zone) or athlete_zone)
        activities.append(shifted(activity, begun - activity.started_at))
    checkins = [c if c.at is None else replace(c, at=utc(c.at, athlete_zone)) for c in reading.checkins]
    return replace(reading, activities=tuple(activities), checkins=tuple(checkins), wall_clock=False)


def _day(start: datetime, name: str, zone: tzinfo, source: Source) -> LocalDay:
    local = start.astimezone(zone)
    return LocalDay(local.date(), name, source, local)


def _place(activity: Activity, home: str | None) -> str | None:
    """The zone that most of a few places along the way agree on, so that one false position decides nothing."""
    samples = activity.samples
    if not samples.height:
        return None
    latitude = samples["latitude_deg"].to_numpy()
    longitude = samples["longitude_deg"].to_numpy()
    valid = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    if not len(valid):
        return None
    asked = valid[np.linspace(0, len(valid) - 1, min(PLACES_ASKED, len(valid))).astype(int)]
    votes: Counter[str] = Counter()
    for at in asked:
        zones = place_zones(float(latitude[at]), float(longitude[at]))
        if zones:
            votes[home if home in zones else zones[0]] += 1
    return votes.most_common(1)[0][0] if votes else None


def file_offset(offset_s: int | None) -> timedelta | None:
    """A stated offset rounded to the quarter hour; None where no clock on earth is set so, or it is off its quarter.

    A watch may state its local time some seconds late; minutes off mean that it is another clock than the zone's.
    """
    if offset_s is None:
        return None
    rounded = round(offset_s / ROUND_S) * ROUND_S
    if abs(offset_s - rounded) > CLOCK_TOLERANCE_S or not -12 * 3600 <= rounded <= 14 * 3600:
        return None
    if rounded % 3600 and rounded // 60 not in ODD_OFFSETS_MIN:
        return None
    return timedelta(seconds=rounded)


def fixed_name(offset: timedelta) -> str:
    """A fixed zone as people read it: `UTC+05:30`, `UTC-03:00`, `UTC`."""
    minutes = round(offset.total_seconds() / 60)
    if minutes == 0:
        return "UTC"
    sign = "+" if minutes > 0 else "-"
    return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
