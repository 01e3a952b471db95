"""One zip for each athlete: page, calendar, workouts, to be sent by whatever means a coach has."""

from __future__ import annotations

import io
import zipfile
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
    """The files as a zip: workouts and cues in folders, the rest beside them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        folders = {".fit": "workouts/", ".wav": "audio/"}
        for path in sorted(paths):
            folder = "print/" if path.parent.name == "print" else folders.get(path.suffix, "")
            name = f"{folder}{path.name}"
            out.writestr(zipfile.ZipInfo(name, A_DATE), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return held.getvalue()
