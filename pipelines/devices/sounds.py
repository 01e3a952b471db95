"""The runs to listen to that `steadymile audio` wrote: where they are, what they were made of, which are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

import polars as pl
from steadymile.models.weekplan import Step
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome.writing import read_object
from steadymile.reports.sentences import running_word
from steadymile.reports.view_model import Row
from steadymile.reports.workouts.week import coming, file_name

AUDIO = "[0-9]" * 4 + "-W[0-9][0-9]-[1-7]-*.wav"
"""How they are named."""


def audio_of(home: Home, athlete_id: str, alone: bool) -> Path:
    """The folder of one athlete's runs to listen to."""
    return home.audio if alone else home.audio / athlete_id


def written_audio(home: Home, athlete_id: str) -> Path:
    """What each sound of one athlete was made of, by its name."""
    return home.private / "audio" / f"{athlete_id}.json"


def made_of(row: Row, steps: Sequence[Step]) -> str:
    """What the sound of a run says, as a hash."""
    return sha256(repr((running_word(row), steps)).encode()).hexdigest()


def remove_old_audio(home: Home, athlete_id: str, planned: pl.DataFrame, as_of: date, alone: bool) -> None:
    """Remove the sounds of runs that are over or are planned otherwise now: nobody is to be led through a run that the
    plan took back."""
    paths = list(audio_of(home, athlete_id, alone).glob(AUDIO))
    if not paths:
        return
    now = {file_name(row, "wav"): made_of(row, steps) for row, steps in coming(planned, as_of)}
    known = read_object(written_audio(home, athlete_id))
    for path in paths:
        if path.name not in now or now[path.name] != known.get(path.name, now[path.name]):
            path.unlink()
