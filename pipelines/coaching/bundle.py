"""One zip for each athlete: page, calendar, workouts, to be sent by whatever means a coach has."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.facts import today_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome.writing import write_whole
from steadymile.pipelines.outputs import of_the_past, outputs_of, shared_outputs
from steadymile.pipelines.settings import Settings
from steadymile.reports import formats

A_DATE = (2000, 1, 1, 0, 0, 0)
"""The date of every member: equal content gives equal bytes."""


READ_ME = "READ-ME.txt"
KINDS = (
    (".html", "Your plan and why it is so. Open it in a browser; it needs no network."),
    (
        ".ics",
        "Your sessions for a calendar: open or import it. Import the next one too: it updates what changed.",
    ),
    (".png", "Pictures of how your training goes."),
    ("print/", "The week on one sheet, to print."),
    ("workouts/", "For a Garmin watch: connect it and copy these files into its folder GARMIN/NEWFILES."),
    ("audio/", "Runs to listen to: they say when to walk and when to run."),
)
"""What each part of a zip is for, by its folder, else by its ending."""
LAST = (
    "Report how each session felt, and any pain or illness, to whoever sent you this; where a page names a command of "
    "steadymile, tell them instead. With chest pain, fainting, strong pain or fever do not run, and ask a doctor."
)


def read_me(names: Sequence[str]) -> bytes:
    """What to do with the files of these names, for somebody who has never seen steadymile."""
    first: dict[str, str] = {}
    for name in names:
        folder, inside, _ = name.partition("/")
        part = f"{folder}/" if inside else Path(name).suffix
        first.setdefault(part, part if inside else name)
    lines = [f"{first[part]}: {what}" for part, what in KINDS if part in first]
    return "\r\n".join(["Your training, made with steadymile.", "", *lines, "", LAST, ""]).encode()


def bundles(settings: Settings, folder: Path, now: datetime) -> list[str]:
    """Write ID.zip for each athlete with what the last night wrote for them, and for nobody else; workouts and sounds
    of weeks that are over stay out. Returns what to say."""
    home = Home(settings.home)
    athletes = home.athletes()
    alone = len(athletes) == 1
    lines: list[str] = []
    for athlete_id in sorted(athletes):
        paths = outputs_of(home, athlete_id)
        paths = [p for p in paths if home.private not in p.parents]
        paths += [p for p in shared_outputs(home) if p.name != "coach.html"] if alone else []
        today = today_of(athletes[athlete_id], now)
        current = [path for path in paths if not of_the_past(path, today)]
        if len(current) < len(paths):
            over = (
                f"{athlete_id}: {formats.count(len(paths) - len(current), 'workout')} of a week that is over left out."
            )
            lines.append(f"{over} `steadymile nightly` plans the new week.")
        paths = current
        if paths:
            write_whole(folder / f"{athlete_id}.zip", packed(paths))
            lines.append(f"{folder / athlete_id}.zip: {len(paths)} files")
    if not lines:
        raise Trouble("There are no pages yet.", "Run: steadymile nightly")
    return lines


def packed(paths: list[Path]) -> bytes:
    """The files as a zip: what to do with them first, workouts and cues in folders, the rest beside them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        folders = {".fit": "workouts/", ".wav": "audio/"}
        named = {
            ("print/" if path.parent.name == "print" else folders.get(path.suffix, "")) + path.name: path
            for path in sorted(paths)
        }
        contents = {READ_ME: read_me(list(named))} | {name: path.read_bytes() for name, path in named.items()}
        for name, content in contents.items():
            out.writestr(zipfile.ZipInfo(name, A_DATE), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()
