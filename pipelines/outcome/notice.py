"""How a night ended is reported where people look: on every page, in every calendar, by `status`, in the home's log
and to the command that its owner named. The next run that succeeds writes pages anew. It needs no database: nothing of
a run may be needed for saying that it failed."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome import log
from steadymile.pipelines.outcome.writing import read_object, write_whole
from steadymile.pipelines.settings import Settings
from steadymile.reports.pages import failed as failed_page
from steadymile.warehouse.journal import named

HOOK_S = 60
"""So long the owner's command may take [s]."""

OPEN, CLOSE = "<!-- run failed -->", "<!-- end -->"
_BANNER = re.compile(f"{OPEN}.*?{CLOSE}", re.S)
_EVENT = re.compile(r"BEGIN:VEVENT\r?\nUID:run-failed@.*?END:VEVENT\r?\n", re.S)


def failed(home: Home, now: datetime, faults: Sequence[str]) -> None:
    """Report it: `faults` in plain words. What cannot be written is left as it is; that a run failed is known on a full
    disk too, by the file's name."""
    record = home.private / "failed.json"
    with suppress(OSError):
        (home.private / "pages.json").unlink(missing_ok=True)  # all of them are written anew by the next good run
    try:
        write_whole(record, json.dumps({"at": now.isoformat(), "faults": list(faults)}).encode())
    except OSError:
        with suppress(OSError):
            record.touch()
    said = f"The run of {now:%d %B %Y, %H:%M} UTC failed, so this may be out of date. {' '.join(faults)}"
    for page in sorted(home.reports.rglob("*.html")):
        with suppress(OSError, UnicodeDecodeError):
            text = _BANNER.sub("", page.read_text(encoding="utf-8"))
            body = re.search("<body[^>]*>", text)
            at = body.end() if body else 0
            banner = f"{OPEN}{failed_page.banner(said)}{CLOSE}"
            write_whole(page, (text[:at] + banner + text[at:]).encode())
    for file in sorted(home.calendar.glob("*.ics")):
        with suppress(OSError, UnicodeDecodeError):
            text = _EVENT.sub("", file.read_bytes().decode())
            day, stamp = now.date(), now.strftime("%Y%m%dT%H%M%SZ")
            lines = [
                "BEGIN:VEVENT",
                f"UID:run-failed@{file.stem}",
                f"DTSTAMP:{stamp}",
                f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
                f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
                "TRANSP:TRANSPARENT",
                "SUMMARY:steadymile: last night's run failed",
                "DESCRIPTION:This plan may be out of date. Run: steadymile nightly",
                "END:VEVENT",
            ]
            event = "\r\n".join(lines) + "\r\n"
            write_whole(file, text.replace("END:VCALENDAR", event + "END:VCALENDAR").encode())


def mended(home: Home) -> None:
    """The last failure no longer stands."""
    (home.private / "failed.json").unlink(missing_ok=True)


def succeeded(home: Home, now: datetime) -> None:
    """A whole night ended well."""
    mended(home)
    log.succeeded(home.private, now)


def last_good(home: Home) -> datetime | None:
    """When the last night that ended well began; None where there was none yet."""
    with suppress(ValueError, KeyError, TypeError):
        return datetime.fromisoformat(read_object(home.private / "good.json")["at"])
    return None


def stopped(home: Home, now: datetime) -> str | None:
    """What to say where no night has ended well for more than two days; None where one has."""
    good = last_good(home)
    if good is None or now - good <= timedelta(days=2):
        return None
    return f"The nights have stopped: the last one that ended well was on {good:%d %B %Y, %H:%M} UTC"


def call_owner(settings: Settings, faults: Sequence[str]) -> str | None:
    """Run the owner's command for a night that failed, or that ended well: a message, a heartbeat. The faults come on
    its standard input. Returns what went wrong with it; that never fails a night."""
    command = settings.on_failure if faults else settings.on_success
    if not command:
        return None
    told = {"STEADYMILE_OUTCOME": "failed" if faults else "done", "STEADYMILE_HOME": str(settings.home)}
    try:
        ended = subprocess.run(
            shlex.split(command, posix=sys.platform != "win32"),
            input="\n".join(faults).encode("utf-8", "replace"),
            env={**os.environ, **told},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=HOOK_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"The command {command!r} was ended after {HOOK_S} s"
    except (OSError, ValueError, IndexError) as error:
        return f"The command {command!r} cannot be run ({error})"
    return f"The command {command!r} ended with exit code {ended.returncode}" if ended.returncode else None


def forget_lines(home: Home, athlete_id: str) -> None:
    """Take one athlete's lines out of the logs, and the reasons of others that name them."""
    for path in sorted((home.private / "log").glob("runs.jsonl*")):
        with suppress(OSError):
            lines = [
                without(line, athlete_id)
                for line in path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
            ]
            write_whole(path, "".join(lines).encode())


def without(line: str, athlete_id: str) -> str:
    """A line of the log without one athlete: empty where it is theirs, or cannot be read."""
    try:
        facts = json.loads(line)
    except ValueError:
        return ""
    if athlete_id in (facts.get("athlete"), str(facts.get("path", "")).split("/")[0]):
        return ""
    if re.search(named(athlete_id), str(facts.get("why", ""))):
        del facts["why"]
    return json.dumps(facts) + "\n"


def forget(home: Home, athlete_id: str) -> None:
    """Leave out one athlete's faults from what is reported of the last failure."""
    if (found := last_failure(home)) and found["faults"]:
        faults = [fault for fault in found["faults"] if not fault.startswith(f"{athlete_id}: ")]
        if faults:
            write_whole(home.private / "failed.json", json.dumps({**found, "faults": faults}).encode())
        else:
            mended(home)


def last_failure(home: Home) -> dict[str, Any] | None:
    """When the last run failed, and why, as far as could be written down; None where it succeeded."""
    record = home.private / "failed.json"
    if not record.exists():
        return None
    return {"at": "an unknown time", "faults": [], **read_object(record)}
