"""`steadymile date FILE TIME`: the start of a recording whose clock cannot say it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from steadymile.ingest.clocks import FIRST_WATCH
from steadymile.ingest.dating import Dating, stated
from steadymile.ingest.inbox import load, one_file
from steadymile.ingest.reading import Unreadable
from steadymile.models.members import SEPARATOR
from steadymile.pipelines.commands.log import append
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.facts import zone_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import NightlyResult, run
from steadymile.pipelines.published import opened_published
from steadymile.pipelines.reading.dates import AHEAD, payload_of
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.journal import Entry


def date_recording(settings: Settings, file: str, time: str, now: datetime) -> tuple[list[str], NightlyResult]:
    """Journal the start of a file's first session, then read and plan with it. Returns what to report, and the run."""
    home = Home(settings.home)
    path, sha256, athlete_id = find_file(settings, file)
    athlete = home.athletes().get(athlete_id)
    if athlete is None:
        raise Trouble(f"{path} waits for an athlete.", f"`steadymile athlete add {athlete_id}` adds them.", 2)
    zone = zone_of(athlete, now.date())
    try:
        start = stated(time, zone)
    except ValueError:
        raise Trouble(f"{time!r} is not a time.", "Write it like 2026-11-25T18:00, in local time.", 2) from None
    if start.timestamp() < FIRST_WATCH or start > now + AHEAD:
        raise Trouble(f"{time} cannot be the start of a session.", "Give a time from the year 2000 until now.", 2)
    result = dated(settings, path, sha256, athlete_id, Dating(start, "owner", f"its start was given as {time}"), now)
    there = zone_there(settings, path)
    if there is not None and (meant := stated(time, there)) != start:  # a clock on the wall where the run was
        zone, dating = there, Dating(meant, "owner", f"its start was given as {time}")
        result = dated(settings, path, sha256, athlete_id, dating, now)
    return [f"{path} began on {time} ({zone}). It counts on that day, and stays so in a rebuild."], result


def dated(settings: Settings, path: str, sha256: str, athlete_id: str, dating: Dating, now: datetime) -> NightlyResult:
    """Journal a start, then read and plan with it."""
    append(Home(settings.home), Entry("date", now, payload_of(path, sha256, dating), athlete_id))
    return run(settings, now, steps=("ingest", "measure", "plan", "report"))


def zone_there(settings: Settings, path: str) -> str | None:
    """The time zone in which a file's first session lies, once it is read; None where there is none."""
    zone = "SELECT timezone FROM activities WHERE path = ? AND timezone IS NOT NULL ORDER BY started_at LIMIT 1"
    with opened_published(settings) as con:
        found = con.execute(zone, [path]).fetchone()
    return found[0] if found else None


def find_file(settings: Settings, named: str) -> tuple[str, str, str]:
    """(path, sha-256, athlete) of one file that steadymile has seen: by its path in the inbox, its name, or a file on
    the disk with the same content."""
    wanted = digest(Path(named), settings)
    with opened_published(settings) as con:
        seen = con.execute(
            "SELECT path, sha256, athlete_id FROM files WHERE sha256 IS NOT NULL AND athlete_id IS NOT NULL"
        ).fetchall()
    for fits in (
        lambda row: row[1] == wanted,
        lambda row: row[0] == named,
        lambda row: row[0].endswith(("/" + named, SEPARATOR + named)),
    ):
        found = {(row[1], row[2]): row for row in seen if fits(row)}
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            names = ", ".join(sorted(row[0] for row in found.values())[:5])
            raise Trouble(f"{named} may be {names}.", "Give the whole path as `steadymile status` shows it.", 2)
    raise Trouble(f"No file is known as {named}.", "Drop it into the inbox and run `steadymile nightly` first.", 2)


def digest(path: Path, settings: Settings) -> str | None:
    """The sha-256 of a file's content on the disk, unpacked; None where there is none such."""
    if not path.is_file():
        return None
    limits = settings.limits()
    try:
        candidates = one_file(path, limits).candidates
        return hashlib.sha256(load(candidates[0], limits)).hexdigest() if len(candidates) == 1 else None
    except (Unreadable, OSError):
        return None
