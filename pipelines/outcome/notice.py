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
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome import log
from steadymile.pipelines.outcome.writing import read_object, write_whole
from steadymile.pipelines.settings import Settings
from steadymile.reports.pages import failed as failed_page
from steadymile.warehouse.archive import make_way
from steadymile.warehouse.journal import named

HOOK_S = 60
"""So long the owner's command may take [s]."""

HEALTH_FIRST = "With pain, illness or a warning sign do not run."
"""What a plan has to say that may not know yet what was reported."""

OPEN, CLOSE = "<!-- run failed -->", "<!-- end -->"
_BANNER = re.compile(f"{OPEN}.*?{CLOSE}", re.S)
_EVENT = re.compile(r"BEGIN:VEVENT\r?\nUID:run-failed@.*?END:VEVENT\r?\n", re.S)


EVERYBODYS = ("index", "coach")
"""Pages that show everybody, or whoever is alone."""


def failed(home: Home, now: datetime, problems: Sequence[str], of: Mapping[str, str] = MappingProxyType({})) -> None:
    """Report it: in plain words the `problems` that concern everybody, and those `of` single athletes. An athlete's own
    page and calendar show nobody else's. What cannot be written is left as it is; that a run failed is known on a full
    disk too, by the file's name."""
    record = home.private / "failed.json"
    with suppress(OSError):
        (home.private / "pages.json").unlink(missing_ok=True)  # all of them are written anew by the next good run
    try:
        _record(home, now.isoformat(), problems, of)
    except OSError:
        with suppress(OSError):
            record.touch()
    for page in sorted(home.reports.rglob("*.html")):
        faults = lines_of(problems, of) if page.stem in EVERYBODYS else _concerning(page.stem, problems, of)
        with suppress(OSError, UnicodeDecodeError):
            before = page.read_text(encoding="utf-8")
            text = _BANNER.sub("", before)
            if faults:
                begun = f"The run of {now:%d %B %Y, %H:%M} UTC failed, so this may be out of date."
                said = f"{begun} {HEALTH_FIRST} {' '.join(faults)}"
                body = re.search("<body[^>]*>", text)
                at = body.end() if body else 0
                text = f"{text[:at]}{OPEN}{failed_page.banner(said)}{CLOSE}{text[at:]}"
            if text != before:
                write_whole(page, text.encode())
    for file in sorted(home.calendar.glob("*.ics")):
        with suppress(OSError, UnicodeDecodeError):
            before = file.read_bytes().decode()
            text = _EVENT.sub("", before)
            if _concerning(file.stem, problems, of):
                text = text.replace("END:VCALENDAR", f"{_event(file.stem, now)}END:VCALENDAR")
            if text != before:
                write_whole(file, text.encode())


def _event(calendar: str, now: datetime) -> str:
    """The day's event of a calendar, saying that the run failed."""
    day = now.date()
    lines = [
        "BEGIN:VEVENT",
        f"UID:run-failed@{calendar}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        "TRANSP:TRANSPARENT",
        "SUMMARY:steadymile: last night's run failed",
        f"DESCRIPTION:{HEALTH_FIRST}",
        "  Run: steadymile nightly",  # a folded line: its first blank is no part of the text
        "END:VEVENT",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def lines_of(problems: Sequence[str], of: Mapping[str, str]) -> list[str]:
    """All faults of a run, those of single athletes with their ids."""
    return [*problems, *(f"{athlete_id}: {fault}" for athlete_id, fault in of.items())]


def _concerning(athlete_id: str, problems: Sequence[str], of: Mapping[str, str]) -> list[str]:
    return [*problems, *([of[athlete_id]] if athlete_id in of else [])]


def _record(home: Home, at: str, problems: Sequence[str], of: Mapping[str, str]) -> None:
    found = {"at": at, "problems": list(problems), "of": dict(of)}
    write_whole(home.private / "failed.json", json.dumps(found).encode())


def mended(home: Home) -> None:
    """The last failure no longer stands."""
    record = home.private / "failed.json"
    make_way(record)
    record.unlink(missing_ok=True)


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
    found = last_failure(home)
    if found and athlete_id in found["of"]:
        of = {i: fault for i, fault in found["of"].items() if i != athlete_id}
        if found["problems"] or of:
            _record(home, found["at"], found["problems"], of)
        else:
            mended(home)


def last_failure(home: Home) -> dict[str, Any] | None:
    """When the last run failed, and why, as far as could be written down; None where it succeeded. `faults` are all of
    them in words, `problems` those of everybody, `of` those of single athletes."""
    record = home.private / "failed.json"
    if not record.exists():
        return None
    found = read_object(record)
    problems, of, at = found.get("problems"), found.get("of"), found.get("at")
    said = [str(problem) for problem in problems] if isinstance(problems, list) else []
    theirs = {i: str(fault) for i, fault in of.items()} if isinstance(of, dict) else {}
    when = at if isinstance(at, str) else "an unknown time"
    return {"faults": lines_of(said, theirs), "at": when, "problems": said, "of": theirs}
