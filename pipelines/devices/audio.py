"""`steadymile audio`: a WAV file for each coming run, which says when to walk and when to run."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from steadymile.models.weekplan import Step
from steadymile.pipelines.devices.sounds import AUDIO, audio_of, made_of, written_audio
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.facts import today_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome.writing import write_whole
from steadymile.pipelines.published import choose, opened_published, page_tables
from steadymile.pipelines.settings import Settings
from steadymile.reports import formats
from steadymile.reports.audio.cues import cues
from steadymile.reports.audio.track import Sound, sound_of, track
from steadymile.reports.sentences import running_word
from steadymile.reports.view_model import Row
from steadymile.reports.workouts.week import coming, file_name, to_be_run

SPEAKERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("espeak-ng", ("-s", "150", "-w", "{file}", "{words}")),
    ("say", ("-o", "{file}", "--file-format=WAVE", "--data-format=LEI16@22050", "{words}")),
)
"""Programs that speak into a file, the first that is here is taken; `say` is part of macOS."""

SPEAKS_FOR_S = 20.0
"""So long one sentence may take a program."""


def write_audio(settings: Settings, athlete_id: str | None, folder: Path | None, now: datetime) -> list[str]:
    """Write the runs of an athlete's next planned week as WAV files, and remove those of other weeks. Returns what
    to say. Raises Trouble before the first plan."""
    home = Home(settings.home)
    athlete = choose(home, athlete_id)
    alone = len(home.athletes()) == 1
    place = folder or audio_of(home, athlete.athlete_id, alone)
    with opened_published(settings) as con:
        planned = to_be_run(page_tables(con, athlete.athlete_id))
    voice = Voice()
    runs = list(coming(planned, today_of(athlete, now)))
    this_week = [(row, steps) for row, steps in runs if row["week"] == runs[0][0]["week"]]
    wanted = {file_name(row, "wav"): cued(row, steps, voice) for row, steps in this_week}
    for old in place.glob(AUDIO):
        if old.name not in wanted:
            old.unlink()
    if not wanted:
        return ["No run with steps is planned for the coming days, so there is nothing to count out."]
    try:
        lines = [str(write_whole(place / name, data)) for name, data in wanted.items()]
        if folder is None:  # the nights remove what is planned otherwise by then
            made = {file_name(row, "wav"): made_of(row, steps) for row, steps in this_week}
            write_whole(written_audio(home, athlete.athlete_id), json.dumps(made, sort_keys=True).encode())
    except OSError as error:
        raise Trouble(f"{place} could not be written ({error.strerror or error}).", "Name another folder.") from None
    size = sum(map(len, wanted.values())) / 1e6
    return [*lines, f"{formats.count(len(lines), 'file')}, {size:.0f} MB. {voice.described} Copy them to your phone."]


def cued(row: Row, steps: Sequence[Step], voice: Voice) -> bytes:
    """One session as a WAV file."""
    found = cues(steps, running_word(row))
    return track(found, voice.of(cue.words for cue in found))


class Voice:
    """A program that speaks, where there is one; it is asked once for each sentence. After a fault only signs sound."""

    def __init__(self) -> None:
        self.program = next((name for name, _ in SPEAKERS if shutil.which(name)), None)
        self.known: dict[str, Sound] = {}

    @property
    def described(self) -> str:
        """How the cues sound."""
        if self.program:
            return "The cues are spoken."
        return "Rising tones say run, falling tones walk; where espeak-ng is installed the cues are spoken as well."

    def of(self, sentences: Iterable[str]) -> dict[str, Sound]:
        """The sound of each sentence; empty where nothing speaks here."""
        for words in sentences:
            if self.program and words not in self.known:
                try:
                    self.known[words] = spoken_by(self.program, words)
                except (OSError, ValueError, subprocess.SubprocessError):
                    self.program, self.known = None, {}
        return self.known


def spoken_by(program: str, words: str) -> Sound:
    """A sentence as the program speaks it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "words.wav"
        options = [option.format(file=file, words=words) for option in dict(SPEAKERS)[program]]
        subprocess.run(
            [shutil.which(program) or program, *options], check=True, timeout=SPEAKS_FOR_S, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return sound_of(file.read_bytes())
