"""A night that failed is reported where people look: on every page, in every calendar and by `status`. The next run
that succeeds writes them anew. It needs no database: nothing of a run may be needed for saying that it failed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from steadymile.pipelines.home import Home

OPEN, CLOSE = "<!-- run failed -->", "<!-- end -->"
_BANNER = re.compile(f"{OPEN}.*?{CLOSE}", re.S)
_EVENT = re.compile(r"BEGIN:VEVENT\r?\nUID:run-failed@.*?END:VEVENT\r?\n", re.S)


def failed(home: Home, now: datetime, faults: Sequence[str]) -> None:
    """Report it: `faults` in plain words. What cannot be written is left as it is."""
    with suppress(OSError):
        (home.private / "failed.json").write_text(json.dumps({"at": now.isoformat(), "faults": list(faults)}))
        (home.private / "pages.json").unlink(missing_ok=True)  # all of them are written anew by the next good run
    said = f"The run of {now:%d %B %Y, %H:%M} UTC failed, so this may be out of date. {' '.join(faults)}"
    for page in sorted(home.reports.glob("*.html")):
        with suppress(OSError, UnicodeDecodeError):
            text = _BANNER.sub("", page.read_text(encoding="utf-8"))
            style = "padding:1rem;margin:0;background:#8b1a1a;color:#fff;font:1rem/1.5 system-ui,sans-serif"
            banner = f'{OPEN}<p role="alert" style="{style}">{escape(said)} Run: steadymile nightly</p>{CLOSE}'
            body = re.search(r"<body[^>]*>", text)
            at = body.end() if body else 0
            _replace(page, (text[:at] + banner + text[at:]).encode())
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
                "SUMMARY:steadymile: last night's run failed",
                "DESCRIPTION:This plan may be out of date. Run: steadymile nightly",
                "END:VEVENT",
            ]
            event = "\r\n".join(lines) + "\r\n"
            _replace(file, text.replace("END:VCALENDAR", event + "END:VCALENDAR").encode())


def mended(home: Home) -> None:
    """The last run succeeded."""
    (home.private / "failed.json").unlink(missing_ok=True)


def forget(home: Home, athlete_id: str) -> None:
    """Leave out one athlete's faults from what is reported of the last failure."""
    if found := last_failure(home):
        faults = [fault for fault in found.get("faults", ()) if not fault.startswith(f"{athlete_id}: ")]
        if faults:
            _replace(home.private / "failed.json", json.dumps({**found, "faults": faults}).encode())
        else:
            mended(home)


def last_failure(home: Home) -> dict[str, Any] | None:
    """When the last run failed, and why; None where it succeeded."""
    try:
        found = json.loads((home.private / "failed.json").read_text())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _replace(path: Path, content: bytes) -> None:
    new = path.with_name(path.name + ".new")
    new.write_bytes(content)
    new.replace(path)
