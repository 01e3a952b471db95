"""One zip for each athlete: page, calendar, workouts, to be sent by whatever means a coach has."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.outputs import outputs_of, shared_outputs, write_whole
from steadymile.pipelines.settings import Settings

A_DATE = (2000, 1, 1, 0, 0, 0)
"""The date of every member: equal content gives equal bytes."""


def bundles(settings: Settings, folder: Path) -> list[str]:
    """Write ID.zip for each athlete with what the last night wrote for them, and for nobody else. Returns what to
    say."""
    home = Home(settings.home)
    athletes = home.athletes()
    alone = len(athletes) == 1
    lines = []
    for athlete_id in sorted(athletes):
        paths = outputs_of(home, athlete_id)
        paths = [p for p in paths if home.private not in p.parents]
        paths += [p for p in shared_outputs(home) if p.name != "coach.html"] if alone else []
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
